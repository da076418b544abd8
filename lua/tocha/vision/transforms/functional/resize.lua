-- Resizing. Bytes on the CPU go through a kernel of their own, in Pillow's integers; floats and
-- other devices through ops.resample, which has gradients.

local core = require "tocha.core"
local registry = require "tocha.op"
local filter = require "tocha.filter"
local picture = require "tocha.vision.transforms.picture"
local crop = require "tocha.vision.transforms.functional.crop"

local ops <const> = registry.ops
local resize <const> = {}

local PLAIN <const> = { nearest = true, ["nearest-exact"] = true }

--- What interpolation is called, in resizing.
resize.MODES = "nearest, nearest-exact, box, bilinear, hamming, bicubic, lanczos"

function resize.check_mode(who, mode, antialias)
  if not PLAIN[mode] and not filter.find(mode) then
    core.fail(who, "interpolation", "there is no '%s' (%s)", tostring(mode), resize.MODES)
  end
  local needs <const> = mode == "box" or mode == "hamming" or mode == "lanczos"
  if needs and not antialias then
    core.fail(who, "antialias", "%s is a filter, it cannot be without", mode)
  end
end

-- ---- sizes --------------------------------------------------------------------------------------

local function check_max(who, size, max_size)
  if max_size == nil then return end
  if math.type(max_size) ~= "integer" or max_size < 1 then
    core.fail(who, "max_size", "expected an integer above 0, got %s", tostring(max_size))
  end
  if type(size) == "table" and #size > 1 then
    core.fail(who, "max_size", "is for a size that is one integer, the shorter side's")
  end
  if size and max_size <= size then
    core.fail(who, "max_size", "%d must be above the shorter side's size, %d", max_size, size)
  end
end

-- The sides by the shorter one's size, or where there is none by the longer one's.
local function sides(short, long, size, max_size)
  if not size then return math.max(1, max_size * short // long), max_size end
  local other <const> = size * long // short
  if max_size and other > max_size then
    return math.max(1, max_size * size // other), max_size
  end
  return size, other
end

--- resize.output(who, height, width, size, max_size): the height and width that a picture gets.
function resize.output(who, height, width, size, max_size)
  if type(size) == "table" and #size == 1 then size = size[1] end
  check_max(who, size, max_size)
  if size == nil and max_size == nil then core.fail(who, "size", "give a size or max_size") end
  if size ~= nil then
    local pair <const> = picture.pair(who, "size", size)
    if type(size) == "table" then return pair[1], pair[2] end
  end
  if height < 1 or width < 1 then
    core.fail(who, 1, "a picture of %d x %d has nothing to resize", height, width)
  end
  if width <= height then
    local w <const>, h <const> = sides(width, height, size, max_size)
    return h, w
  end
  return sides(height, width, size, max_size)
end

-- ---- ways ---------------------------------------------------------------------------------------

-- `box` is { top, left (from 1), height, width }, of which the picture is made.
local function bytes(x, box, height, width, kind)
  local y <const> = core.empty(picture.sized(x, height, width), "uint8", x)
  local from_zero <const> = { box[1] - 1, box[2] - 1, box[3], box[4] }
  core.kernel.picture_resize(y, x, from_zero, kind.id, kind.support)
  return y
end

local function filtered(x, height, width, mode)
  local sizes <const> = { [x.ndim] = width, [x.ndim - 1] = height }
  return picture.in_floats(x, function(y)
    for d = x.ndim, x.ndim - 1, -1 do
      local inputs <const>, outputs <const> = y:size(d), sizes[d]
      if inputs ~= outputs then
        local index <const>, weight <const> =
          filter.table(mode, inputs, outputs, inputs / outputs, y)
        y = ops.resample(y, index, weight, d)
      end
    end
    return y
  end)
end

-- Integers go through floats that hold them all.
local function interpolated(x, height, width, mode)
  local wide <const> = x:is_floating_point() and x
    or x:to(x.dtype == "uint8" and "float32" or "float64")
  local y = ops.interpolate(picture.as_batch(wide), { size = { height, width }, mode = mode,
    align_corners = filter.find(mode) and false or nil })
  if not PLAIN[mode] and not x:is_floating_point() then y = y:round():clamp(0, 255) end
  return y:to(x.dtype):reshape(picture.sized(x, height, width))
end

--- resize.part(who, x, box, size, mode, antialias): the box { top, left, height, width } of x,
--- resized.
function resize.part(who, x, box, height, width, mode, antialias)
  resize.check_mode(who, mode, antialias)
  local whole <const> = box[3] == x:size(-2) and box[4] == x:size(-1)
  local kind <const> = antialias and filter.find(mode)
  if kind then picture.check_values(who, x) end
  if kind and x.dtype == "uint8" and x.device == "cpu" then
    return bytes(x, box, height, width, kind)
  end
  local part <const> = whole and x or crop.crop(x, table.unpack(box))
  if kind then return filtered(part, height, width, mode) end
  return interpolated(part, height, width, mode)
end

-- ---- what users call ----------------------------------------------------------------------------

--- functional.resize(x, size, {interpolation = "bilinear", max_size = nil, antialias = true}): the
--- picture, or batch, of another size: {height, width}, or an integer, to which the shorter side
--- is brought (the longer one at most to max_size). Modes: nearest (PyTorch's), nearest-exact
--- (Pillow's nearest), and the filters box, bilinear, hamming, bicubic, lanczos, which see all
--- pixels where a picture becomes smaller. Bytes become Pillow's. `antialias = false` is for
--- bilinear and bicubic, and means four and sixteen neighbours.
function resize.resize(...)
  local o <const> = picture.arguments("resize",
    "size = nil, interpolation = 'bilinear', max_size = nil, antialias = true", ...)
  local height <const>, width <const> = picture.size(o.x)
  local h <const>, w <const> = resize.output("resize", height, width, o.size, o.max_size)
  resize.check_mode("resize", o.interpolation, o.antialias)
  if h == height and w == width then return o.x end
  return resize.part("resize", o.x, { 1, 1, height, width }, h, w, o.interpolation, o.antialias)
end

--- functional.resized_crop(x, top, left, height, width, size, {interpolation = "bilinear",
--- antialias = true}): a part of the picture, from row `top` and column `left` (from 1) on,
--- resized; for bytes in one pass.
function resize.resized_crop(...)
  local o <const> = picture.arguments("resized_crop",
    "top, left, height, width, size, interpolation = 'bilinear', antialias = true", ...)
  local box <const> = { o.top, o.left, o.height, o.width }
  local size <const> = picture.pair("resized_crop", "size", o.size)
  local x = o.x
  if not crop.is_inside(x, box) then
    x, box[1], box[2] = crop.crop(x, table.unpack(box)), 1, 1
  end
  return resize.part("resized_crop", x, box, size[1], size[2], o.interpolation, o.antialias)
end

return resize
