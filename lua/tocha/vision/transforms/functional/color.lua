-- Colours and tones. Formulas are torchvision's: bytes are computed with in float32 and cut off,
-- not rounded, when they come back (hue and gamma, which work in 0..1, map 1 to 255 by 255.999).

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local picture = require "tocha.vision.transforms.picture"
local values = require "tocha.vision.transforms.functional.values"

local ops <const> = registry.ops
local color <const> = {}

local function channel(x, c) return x:narrow(x.ndim - 2, c, 1) end

local function as_float(x) return x:is_floating_point() and x or x:to "float32" end

-- Within 0 and white, in the dtype of the picture.
local function settled(y, x) return y:clamp(0, picture.white(x)):to(x.dtype) end

local function check_factor(who, name, value, least, most)
  if type(value) ~= "number" or not (value >= least and value <= (most or math.huge)) then
    core.fail(who, name, "expected a number %s, got %s",
      most and ("from %g to %g"):format(least, most) or "of at least " .. least,
      signature.text(value))
  end
end

-- ---- grey ---------------------------------------------------------------------------------------

-- ITU-R 601's luma of three channels, as floats.
local function luma(x)
  local y <const> = as_float(x)
  return channel(y, 1) * 0.2989 + channel(y, 2) * 0.587 + channel(y, 3) * 0.114
end

-- The luma that bytes can hold.
local function whole_luma(x)
  local y <const> = luma(x)
  return x:is_floating_point() and y or y:floor_()
end

local function repeated(x)
  local shape <const> = x.shape
  shape[x.ndim - 2] = 3
  return x:expand(shape)
end

--- functional.rgb_to_grayscale(x, {num_output_channels = 1}), also to_grayscale: brightness by
--- ITU-R 601, as one channel or the same in three.
function color.rgb_to_grayscale(...)
  local o <const> = picture.arguments("rgb_to_grayscale", "num_output_channels = 1", ...)
  if o.num_output_channels ~= 1 and o.num_output_channels ~= 3 then
    core.fail("rgb_to_grayscale", "num_output_channels", "expected 1 or 3, got %s",
      signature.text(o.num_output_channels))
  end
  local channels <const> = picture.check_colors("rgb_to_grayscale", o.x)
  local y <const> = channels == 1 and o.x or luma(o.x):to(o.x.dtype)
  return o.num_output_channels == 3 and repeated(y) or y
end
color.to_grayscale = color.rgb_to_grayscale

--- functional.grayscale_to_rgb(x): one channel three times; colours stay.
function color.grayscale_to_rgb(x)
  picture.check("grayscale_to_rgb", x)
  return x:size(-3) >= 3 and x or repeated(channel(x, 1))
end

-- ---- brightness, contrast, saturation -----------------------------------------------------------

local function blend(x, other, ratio)
  return settled(as_float(x) * ratio + other * (1 - ratio), x)
end

local function adjusting(name, ...)
  local who <const>, factor <const> = "adjust_" .. name, name .. "_factor"
  local o <const> = picture.arguments(who, factor, ...)
  check_factor(who, factor, o[factor], 0)
  return o.x, o[factor], picture.check_colors(who, o.x)
end

--- functional.adjust_brightness(x, brightness_factor): 0 is black, 1 the picture, 2 twice as
--- bright.
function color.adjust_brightness(...)
  local x <const>, factor <const> = adjusting("brightness", ...)
  return settled(as_float(x) * factor, x)
end

--- functional.adjust_contrast(x, contrast_factor): 0 is an even grey, 1 the picture.
function color.adjust_contrast(...)
  local x <const>, factor <const>, channels <const> = adjusting("contrast", ...)
  local grey <const> = channels == 3 and whole_luma(x) or as_float(x)
  return blend(x, grey:mean({ -3, -2, -1 }, { keepdim = true }), factor)
end

--- functional.adjust_saturation(x, saturation_factor): 0 is grey, 1 the picture.
function color.adjust_saturation(...)
  local x <const>, factor <const>, channels <const> = adjusting("saturation", ...)
  if channels == 1 then return x end
  return blend(x, whole_luma(x), factor)
end

--- functional.adjust_sharpness(x, sharpness_factor): 0 is smoothed, 1 the picture, 2 sharper. The
--- outermost pixels stay.
function color.adjust_sharpness(...)
  local x <const>, factor <const>, channels <const> = adjusting("sharpness", ...)
  local height <const>, width <const> = picture.size(x)
  if height <= 2 or width <= 2 or x:numel() == 0 then return x end
  local y <const> = as_float(x):clone()
  local weight <const> = ops.full({ channels, 1, 3, 3 }, 1 / 13,
    { dtype = y.dtype, device = y.device })
  weight:narrow(3, 2, 1):narrow(4, 2, 1):fill_(5 / 13)
  local smooth = ops.conv2d(y, weight, { groups = channels })
  if not x:is_floating_point() then smooth = smooth:round() end
  local inner <const> = y:narrow(y.ndim - 1, 2, height - 2):narrow(y.ndim, 2, width - 2)
  inner:copy_(inner + (smooth - inner) * (1 - factor))
  return settled(y, x)
end

-- ---- hue, gamma ---------------------------------------------------------------------------------

-- Hue, saturation and value, each (..., 1, H, W), of three channels in 0..1.
local function to_hsv(x)
  local r <const>, g <const>, b <const> = channel(x, 1), channel(x, 2), channel(x, 3)
  local high <const> = x:amax(-3, { keepdim = true })
  local range <const> = high - x:amin(-3, { keepdim = true })
  local grey <const> = range:eq(0)
  local divisor <const> = ops.where(grey, 1.0, range)
  local rc <const>, gc <const>, bc <const> =
    (high - r) / divisor, (high - g) / divisor, (high - b) / divisor
  local of_red <const>, of_green <const> = high:eq(r), high:eq(g)
  local h <const> = ops.where(of_red, bc - gc, ops.where(of_green, rc + 2 - bc, gc + 4 - rc))
  return (h / 6 + 1):fmod(1), range / ops.where(grey, 1.0, high), high
end

-- A channel of the colour: value less what saturation takes at this distance (in sixths) from it.
local function from_hsv(h, s, v)
  local function at(shift)
    local k <const> = (h * 6 + shift):remainder(6)
    return v - v * s * ops.minimum(k, 4 - k):clamp(0, 1)
  end
  return ops.cat({ at(5), at(3), at(1) }, h.ndim - 2)
end

--- functional.adjust_hue(x, hue_factor): colours turned around the circle: -0.5 and 0.5 make
--- complementary ones, 0 is the picture.
function color.adjust_hue(...)
  local o <const> = picture.arguments("adjust_hue", "hue_factor", ...)
  check_factor("adjust_hue", "hue_factor", o.hue_factor, -0.5, 0.5)
  if picture.check_colors("adjust_hue", o.x) == 1 or o.x:numel() == 0 then return o.x end
  local h <const>, s <const>, v <const> = to_hsv(values.scaled(o.x, "float32"))
  return values.scaled(from_hsv((h + o.hue_factor):remainder(1), s, v), o.x.dtype)
end

--- functional.adjust_gamma(x, gamma, {gain = 1}): gain * x ^ gamma for values in 0..1: above 1 the
--- shadows become darker.
function color.adjust_gamma(...)
  local o <const> = picture.arguments("adjust_gamma", "gamma, gain = 1", ...)
  check_factor("adjust_gamma", "gamma", o.gamma, 0)
  check_factor("adjust_gamma", "gain", o.gain, -math.huge)
  picture.check_values("adjust_gamma", o.x)
  local float <const> = o.x:is_floating_point() and o.x.dtype or "float32"
  local y = values.scaled(o.x, float):pow(o.gamma)
  if o.gain ~= 1 then y = (y * o.gain):clamp(0, 1) end
  return values.scaled(y, o.x.dtype)
end

-- ---- tones --------------------------------------------------------------------------------------

--- functional.posterize(x, bits): only the `bits` highest bits of each value, 0 to 8.
function color.posterize(...)
  local o <const> = picture.arguments("posterize", "bits", ...)
  if math.type(o.bits) ~= "integer" or o.bits < 0 or o.bits > 8 then
    core.fail("posterize", "bits", "expected an integer from 0 to 8, got %s",
      signature.text(o.bits))
  end
  local x <const>, levels <const> = picture.check_values("posterize", o.x), 1 << o.bits
  if x:is_floating_point() then
    return (x * levels):floor():clamp(0, levels - 1) * (1 / levels)
  end
  return x & (0xFF & ~(0xFF >> o.bits))
end

--- functional.invert(x): the negative, white less each value.
function color.invert(x)
  picture.check_values("invert", picture.check("invert", x))
  return x:is_floating_point() and 1 - x or ops.bitwise_not(x)
end

--- functional.solarize(x, threshold): the negative of all values from the threshold (0 to 255, or
--- to 1.0) on.
function color.solarize(...)
  local o <const> = picture.arguments("solarize", "threshold", ...)
  picture.check_values("solarize", o.x)
  check_factor("solarize", "threshold", o.threshold, -math.huge, picture.white(o.x))
  return ops.where(o.x:ge(o.threshold), color.invert(o.x), o.x)
end

--- functional.autocontrast(x): each channel spread over all values, darkest to black, brightest to
--- white.
function color.autocontrast(x)
  picture.check_colors("autocontrast", picture.check("autocontrast", x))
  if x:numel() == 0 then return x end
  local y <const> = as_float(x)
  local planes <const> = y:flatten(-2)
  local low <const> = planes:amin(-1, { keepdim = true }):unsqueeze(-1)
  local range <const> = planes:amax(-1, { keepdim = true }):unsqueeze(-1) - low
  local even <const> = range:eq(0)
  local scale <const> = ops.where(even, 1.0, range * (1 / picture.white(x)))
  return settled((y - ops.where(even, 0.0, low)) / scale, x)
end

-- What each of 256 values becomes in a plane of that histogram, by Pillow's rule; nil where there
-- is nothing to spread.
local function equalizing(histogram, pixels)
  local sums <const> = histogram:cumsum(1)
  local brightest <const> = sums:argmax(1):item()
  local step <const> = (pixels - histogram[brightest]:item()) // 255
  if step == 0 then return nil end
  local before <const> = ops.constant_pad_nd(sums:narrow(1, 1, 255), { 1, 0 }, -(step // 2))
  return ((before + step // 2) // step):clamp(0, 255):to "uint8"
end

local function equalize_plane(plane)
  local ids <const> = plane:to "int64" + 1
  local map <const> = equalizing(ops.bincount(ids, { minlength = 256 }), ids:numel())
  return map and ops.index_select(map, 1, ids) or plane
end

--- functional.equalize(x): tones changed so that each channel has about equally many pixels of
--- each value.
function color.equalize(x)
  picture.check_values("equalize", picture.check("equalize", x))
  if x:numel() == 0 then return x end
  local height <const>, width <const> = picture.size(x)
  local planes <const> = values.scaled(x, "uint8"):reshape { -1, height * width }
  local equal <const> = {}
  for k = 1, planes:size(1) do equal[k] = equalize_plane(planes[k]) end
  return values.scaled(ops.stack(equal):reshape(x.shape), x.dtype)
end

return color
