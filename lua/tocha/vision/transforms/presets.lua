-- What published networks want their pictures to go through.

local resize = require "tocha.vision.transforms.functional.resize"
local crop = require "tocha.vision.transforms.functional.crop"
local picture = require "tocha.vision.transforms.picture"
local values = require "tocha.vision.transforms.functional.values"
local Transform = require "tocha.vision.transforms.transform".Transform

-- Mean and deviation of ImageNet's channels, 0..1.
local STATISTICS <const> = ", mean = {0.485, 0.456, 0.406}, std = {0.229, 0.224, 0.225}, "
  .. "interpolation = 'bilinear', antialias = true"

-- Bytes or floats to normalised floats.
local function normalized(self, x)
  if x.dtype == "uint8" and x.device == "cpu" then
    return values.normalized_bytes(x, self.mean, self.std)
  end
  local float <const> = x:is_floating_point() and x.dtype or "float32"
  return values.normalize(values.scaled(x, float), self.mean, self.std)
end

local function resized(self, x)
  return resize.resize(x, self.resize_size,
    { interpolation = self.interpolation, antialias = self.antialias })
end

--- transforms.ImageClassification{crop_size = 224, resize_size = 256, mean =, std =, interpolation
--- = "bilinear", antialias = true}: the shorter side to resize_size, the middle crop_size x
--- crop_size, to floats, normalised (by ImageNet's statistics): what torchvision's weights want.
local ImageClassification <const> = Transform:extend("ImageClassification",
  "crop_size = 224, resize_size = 256" .. STATISTICS)

local function build(self, who)
  values.statistics(who, self.mean, self.std)
  resize.check_mode(who, self.interpolation, self.antialias)
end

function ImageClassification:build(who)
  picture.pair(who, "crop_size", self.crop_size)
  picture.pair(who, "resize_size", self.resize_size)
  build(self, who)
end

function ImageClassification:transform(x)
  picture.check_values("ImageClassification", x)
  return normalized(self, crop.center_crop(resized(self, x), self.crop_size))
end

--- transforms.SemanticSegmentation{resize_size = 520, mean =, std =, interpolation = "bilinear",
--- antialias = true}: the same without a crop; resize_size = false keeps the size.
local SemanticSegmentation <const> = Transform:extend("SemanticSegmentation",
  "resize_size = 520" .. STATISTICS)

function SemanticSegmentation:build(who)
  if self.resize_size then picture.pair(who, "resize_size", self.resize_size) end
  build(self, who)
end

function SemanticSegmentation:transform(x)
  picture.check_values("SemanticSegmentation", x)
  return normalized(self, self.resize_size and resized(self, x) or x)
end

return { ImageClassification = ImageClassification,
  SemanticSegmentation = SemanticSegmentation }
