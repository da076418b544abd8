-- Pictures in folders, one a class, read when they are asked for.

local core = require "tocha.core"
local images = require "tocha.vision.io"
local signature = require "tocha.signature"
local FolderDataset = require "tocha.data.folder".FolderDataset

local ARGS <const> = "root, transform = nil, target_transform = nil, loader = nil, "
  .. "extensions = nil, classes = nil, allow_empty = false"
local EXTENSIONS <const> = { "jpg", "jpeg", "jpe", "png", "ppm", "pgm", "bmp", "gif", "webp" }

local ImageFolder <const> = FolderDataset:extend "ImageFolder"

--- ImageFolder.load_rgb(path): the picture in three channels, as torchvision's loader has it.
function ImageFolder.load_rgb(path) return images.read(path, { mode = "rgb" }) end

local function check_empty(self, root, extensions)
  local counts <const>, empty <const> = {}, {}
  for _, sample in ipairs(self.samples) do counts[sample[2]] = true end
  for label, name in ipairs(self.classes) do
    if not counts[label] then empty[#empty + 1] = name end
  end
  if #empty == 0 then return end
  core.fail("ImageFolder", 1, "%s: no pictures (%s) in the folders of %s; {allow_empty = true} "
    .. "lets them be", root, table.concat(extensions, ", "), table.concat(empty, ", "))
end

--- vision.datasets.ImageFolder(root, {transform, target_transform, loader, extensions, classes,
--- allow_empty = false}): example i is transform(loader(path)) and the class, from 1: the place of
--- its folder among the sorted ones. A class folder may hold folders; hidden files and those of
--- other `extensions` are left out. The loader reads (3, H, W) uint8 unless another is given, such
--- as
---
---     loader = function(path) return vision.io.read(path, { mode = "rgb", at_least = 256 }) end
---
--- Fields: classes, class_to_idx (name -> label), samples (a list of { path, label }), targets (the
--- labels, a list).
function ImageFolder:new(...)
  local o <const> = {}
  signature.read(ARGS, "ImageFolder", o, ...)
  local extensions <const> = o.extensions or EXTENSIONS
  FolderDataset.new(self, o.root, { load = o.loader or ImageFolder.load_rgb,
    extensions = extensions, classes = o.classes, transform = o.transform })
  if not o.allow_empty then check_empty(self, o.root, extensions) end
  self:index(o.target_transform)
end

-- What follows from classes and samples.
function ImageFolder:index(target_transform)
  self.target_transform, self.class_to_idx, self.targets = target_transform, {}, {}
  for label, name in ipairs(self.classes) do self.class_to_idx[name] = label end
  for i, sample in ipairs(self.samples) do self.targets[i] = sample[2] end
end

function ImageFolder:get(i)
  local x <const>, label <const> = FolderDataset.get(self, i)
  if not self.target_transform then return x, label end
  return x, self.target_transform(label)
end

return { ImageFolder = ImageFolder }
