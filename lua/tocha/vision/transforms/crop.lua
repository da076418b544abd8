-- Resizing and crops as transforms.

local core = require "tocha.core"
local signature = require "tocha.signature"
local draw = require "tocha.vision.transforms.draw"
local picture = require "tocha.vision.transforms.picture"
local Transform = require "tocha.vision.transforms.transform".Transform
local crop = require "tocha.vision.transforms.functional.crop"
local resize = require "tocha.vision.transforms.functional.resize"

-- A class whose one argument is a size.
local function build_size(self, who) self.size = picture.pair(who, "size", self.size) end

-- ---- resizing -----------------------------------------------------------------------------------

--- transforms.Resize(size, {interpolation = "bilinear", max_size = nil, antialias = true}): the
--- picture of another size, {height, width}, or its shorter side an integer; as functional.resize.
local Resize <const> = Transform:extend("Resize",
  "size, interpolation = 'bilinear', max_size = nil, antialias = true")

function Resize:build(who)
  resize.output(who, 1, 1, self.size, self.max_size)
  resize.check_mode(who, self.interpolation, self.antialias)
end

function Resize:transform(x)
  return resize.resize(x, { size = self.size, interpolation = self.interpolation,
    max_size = self.max_size, antialias = self.antialias })
end

--- transforms.RandomShortestSize(min_size, {max_size = nil, interpolation = "bilinear", antialias =
--- true, seed = nil}): the shorter side to one of a list of sizes, the longer at most to max_size.
local RandomShortestSize <const> = Transform:extend("RandomShortestSize",
  "min_size, max_size = nil, interpolation = 'bilinear', antialias = true, seed = nil")

function RandomShortestSize:build(who)
  if type(self.min_size) ~= "table" then self.min_size = { self.min_size } end
  if #self.min_size == 0 then core.fail(who, "min_size", "expected sizes, got an empty list") end
  for _, size in ipairs(self.min_size) do picture.pair(who, "min_size", size) end
  resize.check_mode(who, self.interpolation, self.antialias)
end

function RandomShortestSize:make_params() return draw.choice(self.min_size) end

function RandomShortestSize:transform(x, shorter)
  local short <const>, long <const> = picture.size(x)
  local scale = shorter / math.min(short, long)
  if self.max_size then scale = math.min(scale, self.max_size / math.max(short, long)) end
  local size <const> = { math.max(1, short * scale // 1 | 0), math.max(1, long * scale // 1 | 0) }
  return resize.resize(x, size, { interpolation = self.interpolation, antialias = self.antialias })
end

--- transforms.RandomResize(min_size, max_size, {interpolation = "bilinear", antialias = true, seed
--- = nil}): the shorter side to an integer from min_size to max_size.
local RandomResize <const> = Transform:extend("RandomResize",
  "min_size, max_size, interpolation = 'bilinear', antialias = true, seed = nil")

function RandomResize:build(who)
  picture.pair(who, "min_size", self.min_size)
  picture.pair(who, "max_size", self.max_size)
  draw.check_range(who, "max_size", { self.min_size, self.max_size }, 1)
  resize.check_mode(who, self.interpolation, self.antialias)
end

function RandomResize:make_params() return draw.integer(self.min_size, self.max_size) end

function RandomResize:transform(x, size)
  return resize.resize(x, size, { interpolation = self.interpolation, antialias = self.antialias })
end

-- ---- crops --------------------------------------------------------------------------------------

--- transforms.CenterCrop(size): the middle, {height, width} or a square; padded with 0 where the
--- picture is smaller.
local CenterCrop <const> = Transform:extend("CenterCrop", "size")
CenterCrop.build = build_size

function CenterCrop:transform(x) return crop.center_crop(x, self.size) end

--- transforms.FiveCrop(size): the corners and the middle, a list of five pictures. The next
--- transform gets the list: transforms.Lambda(tocha.stack) makes a batch of it.
local FiveCrop <const> = Transform:extend("FiveCrop", "size")
FiveCrop.build = build_size

function FiveCrop:transform(x) return crop.five_crop(x, self.size) end

--- transforms.TenCrop(size, {vertical_flip = false}): the five crops, and those of the flipped
--- picture, a list of ten.
local TenCrop <const> = Transform:extend("TenCrop", "size, vertical_flip = false")
TenCrop.build = build_size

function TenCrop:transform(x)
  return crop.ten_crop(x, self.size, { vertical_flip = self.vertical_flip })
end

--- transforms.Pad(padding, {fill = 0, padding_mode = "constant"}): a border of so many pixels, an
--- integer, {horizontal, vertical} or {left, top, right, bottom}; as functional.pad.
local Pad <const> = Transform:extend("Pad", "padding, fill = 0, padding_mode = 'constant'")

function Pad:build(who)
  self.padding = crop.sides(who, self.padding)
  crop.check_pad_mode(who, self.padding_mode)
end

function Pad:transform(x)
  return crop.pad(x, self.padding, { fill = self.fill, padding_mode = self.padding_mode })
end

--- transforms.RandomCrop(size, {padding = nil, pad_if_needed = false, fill = 0, padding_mode =
--- "constant", seed = nil}): a part of this size from anywhere in the picture, to which `padding`
--- is added first. `pad_if_needed` pads a picture that is too small; else it is an error.
local RandomCrop <const> = Transform:extend("RandomCrop", "size, padding = nil, "
  .. "pad_if_needed = false, fill = 0, padding_mode = 'constant', seed = nil")

function RandomCrop:build(who)
  build_size(self, who)
  if self.padding ~= nil then self.padding = crop.sides(who, self.padding) end
  crop.check_pad_mode(who, self.padding_mode)
end

-- { left, top, right, bottom }, and the size with them.
local function padding_of(self, x)
  local height, width = picture.size(x)
  local sides <const> = { table.unpack(self.padding or { 0, 0, 0, 0 }) }
  height, width = height + sides[2] + sides[4], width + sides[1] + sides[3]
  if not self.pad_if_needed then return sides, height, width end
  local down <const>, across <const> =
    math.max(self.size[1] - height, 0), math.max(self.size[2] - width, 0)
  for k = 1, 4 do sides[k] = sides[k] + (k % 2 == 1 and across or down) end
  return sides, height + 2 * down, width + 2 * across
end

function RandomCrop:make_params(x)
  local padding <const>, height <const>, width <const> = padding_of(self, x)
  local h <const>, w <const> = self.size[1], self.size[2]
  if h > height or w > width then
    core.fail("RandomCrop", 1, "a crop of %d x %d is larger than the%s picture of %d x %d", h, w,
      self.padding and " padded" or "", height, width)
  end
  return { padding = padding, top = draw.integer(1, height - h + 1),
    left = draw.integer(1, width - w + 1) }
end

function RandomCrop:transform(x, params)
  local pads <const> = params.padding
  if pads[1] ~= 0 or pads[2] ~= 0 or pads[3] ~= 0 or pads[4] ~= 0 then
    x = crop.pad(x, pads, { fill = self.fill, padding_mode = self.padding_mode })
  end
  return crop.crop(x, params.top, params.left, self.size[1], self.size[2])
end

-- ---- a random part, resized ---------------------------------------------------------------------

local function rounded(v) return math.floor(v + 0.5) end

-- The largest middle part whose ratio of width to height is allowed.
local function middle_box(height, width, ratio)
  local w, h = width, height
  if width / height < ratio[1] then h = rounded(width / ratio[1])
  elseif width / height > ratio[2] then w = rounded(height * ratio[2]) end
  w, h = math.max(1, math.min(w, width)), math.max(1, math.min(h, height))
  return { top = (height - h) // 2 + 1, left = (width - w) // 2 + 1, height = h, width = w }
end

-- A box of random area and ratio of width to height, each side by `less` smaller than the picture's
-- or more; nil where ten trials gave none.
local function random_box(height, width, scale, ratio, less)
  for _ = 1, 10 do
    local area <const> = height * width * draw.uniform(scale[1], scale[2])
    local aspect <const> = math.exp(draw.uniform(math.log(ratio[1]), math.log(ratio[2])))
    local w <const> = rounded(math.sqrt(area * aspect))
    local h <const> = rounded(math.sqrt(area / aspect))
    if w >= 1 and w <= width - less and h >= 1 and h <= height - less then
      return { top = draw.integer(1, height - h + 1), left = draw.integer(1, width - w + 1),
        height = h, width = w }
    end
  end
end

--- transforms.RandomResizedCrop(size, {scale = {0.08, 1}, ratio = {3/4, 4/3}, interpolation =
--- "bilinear", antialias = true, seed = nil}): a random part, of `scale` of the area and with this
--- ratio of width to height, resized to `size` (Szegedy et al., "Going deeper with convolutions",
--- 2015).
local RandomResizedCrop <const> = Transform:extend("RandomResizedCrop", "size, scale = {0.08, 1.0},"
  .. " ratio = {3 / 4, 4 / 3}, interpolation = 'bilinear', antialias = true, seed = nil")

local function check_scale_and_ratio(self, who)
  draw.check_range(who, "scale", self.scale, 0, 1)
  if draw.check_range(who, "ratio", self.ratio, 0)[1] <= 0 or self.ratio[2] == math.huge then
    core.fail(who, "ratio", "expected finite numbers above 0, got %s", signature.text(self.ratio))
  end
end

function RandomResizedCrop:build(who)
  build_size(self, who)
  check_scale_and_ratio(self, who)
  resize.check_mode(who, self.interpolation, self.antialias)
end

function RandomResizedCrop:make_params(x)
  local height <const>, width <const> = picture.size(x)
  if height == 0 or width == 0 then
    core.fail("RandomResizedCrop", 1, "a picture of %d x %d has no part", height, width)
  end
  return random_box(height, width, self.scale, self.ratio, 0)
    or middle_box(height, width, self.ratio)
end

function RandomResizedCrop:transform(x, box)
  return resize.resized_crop(x, box.top, box.left, box.height, box.width, self.size,
    { interpolation = self.interpolation, antialias = self.antialias })
end

-- ---- erasing ------------------------------------------------------------------------------------

--- transforms.RandomErasing{p = 0.5, scale = {0.02, 0.33}, ratio = {0.3, 3.3}, value = 0, seed =
--- nil}: a random box of the picture filled with a number, one a channel, or "random" (normal)
--- numbers (Zhong et al., 2017).
local RandomErasing <const> = Transform:extend("RandomErasing",
  "p = 0.5, scale = {0.02, 0.33}, ratio = {0.3, 3.3}, value = 0, seed = nil")

function RandomErasing:build(who)
  check_scale_and_ratio(self, who)
  if self.value ~= "random" then
    picture.numbers(who, "value", self.value, 1, math.maxinteger)
  end
end

-- nil: nothing is erased. `ratio` is that of height to width.
function RandomErasing:make_params(x)
  local height <const>, width <const> = picture.size(x)
  local box <const> = random_box(height, width, self.scale,
    { 1 / self.ratio[2], 1 / self.ratio[1] }, 1)
  if not box then return nil end
  box.value = self.value
  if self.value == "random" then
    box.value = core.empty({ x:size(-3), box.height, box.width }, "float32"):normal_()
  end
  return box
end

function RandomErasing:transform(x, box)
  return box and crop.erase(x, box.top, box.left, box.height, box.width, box.value) or x
end

return {
  Resize = Resize, RandomShortestSize = RandomShortestSize, RandomResize = RandomResize,
  CenterCrop = CenterCrop, FiveCrop = FiveCrop, TenCrop = TenCrop, Pad = Pad,
  RandomCrop = RandomCrop, RandomResizedCrop = RandomResizedCrop, RandomErasing = RandomErasing,
}
