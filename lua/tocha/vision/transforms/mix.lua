-- MixUp and CutMix: batches in which each picture is a mixture of two, with labels to match.
--
--     local mix = transforms.CutMix { num_classes = 10 }
--     x, y = mix(x, y)                        -- y (N, 10), which cross_entropy takes
--
-- A picture is mixed with the one before it in the batch, so batches are to be shuffled.

local core = require "tocha.core"
local registry = require "tocha.op"
local draw = require "tocha.vision.transforms.draw"
local picture = require "tocha.vision.transforms.picture"
local Transform = require "tocha.vision.transforms.transform".Transform

local ops <const>, text <const> = registry.ops, registry.rule.text

-- ---- labels -------------------------------------------------------------------------------------

local Mix <const> = Transform:extend("Mix", "alpha = 1.0, num_classes = nil, seed = nil")

function Mix:build(who)
  if type(self.alpha) ~= "number" or not (self.alpha > 0 and self.alpha < math.huge) then
    core.fail(who, "alpha", "expected a number above 0, got %s", tostring(self.alpha))
  end
  if self.num_classes ~= nil
    and (math.type(self.num_classes) ~= "integer" or self.num_classes < 1) then
    core.fail(who, "num_classes", "expected an integer above 0, got %s",
      tostring(self.num_classes))
  end
end

local function check_batch(who, x, labels)
  if not core.is_tensor(x) or x.ndim ~= 4 then
    core.fail(who, 1, "expected a batch of pictures (N, C, H, W), got %s",
      core.is_tensor(x) and text(x.shape) or type(x))
  end
  picture.check_values(who, x)
  if not core.is_tensor(labels) or (labels.ndim ~= 1 and labels.ndim ~= 2)
    or labels:size(1) ~= x:size(1) then
    core.fail(who, 2, "expected labels (%d) or probabilities (%d, classes), got %s", x:size(1),
      x:size(1), core.is_tensor(labels) and text(labels.shape) or type(labels))
  end
end

-- Probabilities (N, classes) of labels, which count from 1.
local function probabilities(self, who, labels)
  if labels.ndim == 1 then
    if not self.num_classes then
      core.fail(who, "num_classes", "is needed where labels are numbers of classes")
    end
    if labels:is_floating_point() then
      core.fail(who, 2, "expected integers, classes from 1, got %s", labels.dtype)
    end
    return ops.one_hot(labels:to "int64", self.num_classes):to "float32"
  end
  if self.num_classes and labels:size(2) ~= self.num_classes then
    core.fail(who, 2, "expected %d classes, got %s", self.num_classes, text(labels.shape))
  end
  return labels:is_floating_point() and labels or labels:to "float32"
end

local function mixed(x, share) return ops.lerp(ops.roll(x, 1, 1), x, share) end

-- What a class does: pictures(x, params), and the share of labels that stay, share(params).
function Mix:run(x, labels, ...)
  local who <const> = getmetatable(self).__name
  check_batch(who, x, labels)
  local soft <const> = probabilities(self, who, labels)
  local params <const> = self:make_params(x)
  return self:transform(x, params), mixed(soft, params.share), ...
end

-- ---- the two ------------------------------------------------------------------------------------

--- transforms.MixUp{alpha = 1, num_classes = nil, seed = nil}: mix(x, labels): pictures blended,
--- in a share drawn from Beta(alpha, alpha); labels (N) become (N, num_classes), and probabilities
--- (N, classes) stay such (Zhang et al., "mixup", 2018).
local MixUp <const> = Mix:extend "MixUp"

function MixUp:make_params() return { share = draw.beta(self.alpha) } end

function MixUp:transform(x, params)
  if x:is_floating_point() then return mixed(x, params.share) end
  return mixed(x:to "float32", params.share):to(x.dtype)
end

--- transforms.CutMix{alpha = 1, num_classes = nil, seed = nil}: mix(x, labels): a box of each
--- picture is taken from another, and labels in proportion to the areas (Yun et al., 2019).
local CutMix <const> = Mix:extend "CutMix"

local function span(at, half, size)
  return math.max(at - half, 0), math.min(at + half, size)
end

-- The box from row top + 1 to bottom, and so on; its area would be 1 - Beta but for the borders.
function CutMix:make_params(x)
  local height <const>, width <const> = picture.size(x)
  local half <const> = 0.5 * math.sqrt(1 - draw.beta(self.alpha))
  local left <const>, right <const> =
    span(draw.integer(0, width - 1), math.floor(half * width), width)
  local top <const>, bottom <const> =
    span(draw.integer(0, height - 1), math.floor(half * height), height)
  return { left = left, right = right, top = top, bottom = bottom,
    share = 1 - (right - left) * (bottom - top) / (width * height) }
end

function CutMix:transform(x, b)
  local y <const> = x:clone()
  if b.bottom > b.top and b.right > b.left then
    local box <const> = { {}, {}, { b.top + 1, b.bottom }, { b.left + 1, b.right } }
    y[box] = ops.roll(x, 1, 1)[box]
  end
  return y
end

return { MixUp = MixUp, CutMix = CutMix }
