-- Pictures of one size that are all in memory, with labels and transforms: what MNIST, CIFAR and
-- SVHN are once they are read.

local core = require "tocha.core"
local Dataset = require "tocha.data.dataset".Dataset

local Pictures <const> = Dataset:extend "Pictures"

--- vision.datasets.Pictures(images, labels, {classes, transform, target_transform}): example i is
--- transform(images[i]) and target_transform(label). Images are (N, C, H, W), labels (N) int64 from
--- 1. Fields: images, labels, classes, class_to_idx (name -> label).
function Pictures:new(images, labels, options)
  if not core.is_tensor(images) or not core.is_tensor(labels) then
    core.fail(getmetatable(self).__name, 1, "expected images (N, C, H, W) and labels (N)")
  end
  if images:size(1) ~= labels:size(1) then
    core.fail(getmetatable(self).__name, 2, "%d labels for %d images", labels:size(1),
      images:size(1))
  end
  options = options or {}
  self.images, self.labels = images, labels
  self.transform, self.target_transform = options.transform, options.target_transform
  self.classes, self.class_to_idx = options.classes or {}, {}
  for label, name in ipairs(self.classes) do self.class_to_idx[name] = label end
end

function Pictures:__len() return self.images:size(1) end

--- set:target(i): what stands for the label of example i before target_transform.
function Pictures:target(i) return self.labels[i]:item() end

function Pictures:get(i)
  if math.type(i) ~= "integer" or i < 1 or i > #self then
    core.fail(getmetatable(self).__name, nil, "there is no example %s among %d", tostring(i), #self)
  end
  local x, target = self.images[i], self:target(i)
  if self.transform then x = self.transform(x) end
  if self.target_transform then target = self.target_transform(target) end
  return x, target
end

--- set:take(ids): a batch; in one step where nothing is transformed.
function Pictures:take(ids)
  if self.transform or self.target_transform or self.target ~= Pictures.target then
    return Dataset.take(self, ids)
  end
  return self.images:index_select(1, ids), self.labels:index_select(1, ids)
end

return { Pictures = Pictures }
