-- Values and their dtypes: bytes to floats and back, normalising, noise, blur.

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local picture = require "tocha.vision.transforms.picture"

local ops <const> = registry.ops
local values <const> = {}

-- ---- dtypes -------------------------------------------------------------------------------------

-- 1.0 becomes 255, and 0.0 to 1.0 fall evenly on the bytes.
local TO_BYTES <const> = 255 + 1 - 1e-3

--- values.scaled(x, dtype): between bytes 0..255 and floats 0..1.
function values.scaled(x, dtype)
  if x.dtype == dtype then return x end
  local bytes <const> = x.dtype == "uint8"
  if dtype == "uint8" then return (x * TO_BYTES):clamp(0, 255):to "uint8" end
  return bytes and x:to(dtype):mul_(1 / 255) or x:to(dtype)
end

--- functional.to_dtype(x, dtype = "float32", {scale = false}): the picture in another dtype. With
--- `scale`, bytes 0..255 become floats 0..1, and the other way round.
function values.to_dtype(...)
  local o <const> = picture.arguments("to_dtype", "dtype = 'float32', scale = false", ...)
  local kind <const> = registry.kind_of(o.dtype)
  if not kind then
    core.fail("to_dtype", "dtype", "there is no dtype %s", signature.text(o.dtype))
  end
  if not o.scale then return o.x:to(o.dtype) end
  if kind ~= "float" and o.dtype ~= "uint8" then
    core.fail("to_dtype", "dtype", "with scale it is uint8 or a floating dtype, got %s", o.dtype)
  end
  return values.scaled(picture.check_values("to_dtype", o.x), o.dtype)
end

-- ---- normalising --------------------------------------------------------------------------------

--- values.statistics(who, mean, std): the two lists, checked.
function values.statistics(who, mean, std)
  mean = picture.numbers(who, "mean", mean, 1, math.maxinteger)
  std = picture.numbers(who, "std", std, 1, math.maxinteger)
  if #mean ~= #std and #mean ~= 1 and #std ~= 1 then
    core.fail(who, "std", "expected as many as `mean` has (%d), got %d", #mean, #std)
  end
  for _, v in ipairs(std) do
    if v == 0 then core.fail(who, "std", "a deviation of 0 cannot be divided by") end
  end
  return mean, std
end

-- One number a channel, in the picture's dtype.
local function per_channel(who, name, list, x, dtype)
  local channels <const>, all <const> = x:size(-3), {}
  if #list ~= 1 and #list ~= channels then
    core.fail(who, name, "has %d numbers, the picture %s has %d channels", #list,
      registry.rule.text(x.shape), channels)
  end
  for c = 1, channels do all[c] = list[#list == 1 and 1 or c] end
  return core.from_table(all, dtype):to(x.device)
end

--- functional.normalize(x, mean, std): (x - mean) / std in each channel, of floats.
function values.normalize(...)
  local o <const> = picture.arguments("normalize", "mean, std", ...)
  local mean <const>, std <const> = values.statistics("normalize", o.mean, o.std)
  if not o.x:is_floating_point() then
    core.fail("normalize", 1, "expected floats, got %s (to_dtype with scale makes them)", o.x.dtype)
  end
  local m <const> = per_channel("normalize", "mean", mean, o.x, o.x.dtype)
  local s <const> = per_channel("normalize", "std", std, o.x, o.x.dtype)
  return (o.x - m:reshape { -1, 1, 1 }) / s:reshape { -1, 1, 1 }
end

--- values.normalized_bytes(x, mean, std): what to_dtype with scale and then normalize make of
--- bytes on the CPU, in one pass.
function values.normalized_bytes(x, mean, std)
  local m <const> = per_channel("normalize", "mean", mean, x, "float32")
  local s <const> = per_channel("normalize", "std", std, x, "float32")
  local batch <const> = picture.as_batch(x)
  local y <const> = core.empty(batch.shape, "float32", x)
  core.kernel.picture_normalize(y, batch, m, s, 1 / 255)
  return y:reshape(x.shape)
end

-- ---- blur, noise --------------------------------------------------------------------------------

local function check_kernel(who, kernel_size)
  local pair <const> = picture.pair(who, "kernel_size", kernel_size)
  if pair[1] % 2 == 0 or pair[2] % 2 == 0 then
    core.fail(who, "kernel_size", "expected odd integers, got %s", signature.text(kernel_size))
  end
  return pair
end

--- values.sigmas(who, sigma, kernel_size): two deviations, of columns and of rows.
function values.sigmas(who, sigma, kernel_size)
  if sigma == nil then
    return { kernel_size[1] * 0.15 + 0.35, kernel_size[2] * 0.15 + 0.35 }
  end
  local list <const> = picture.numbers(who, "sigma", sigma, 1, 2)
  local pair <const> = { list[1], list[2] or list[1] }
  if pair[1] <= 0 or pair[2] <= 0 then
    core.fail(who, "sigma", "expected numbers above 0, got %s", signature.text(sigma))
  end
  return pair
end

-- The bell curve at `size` places, sum 1, for each channel: (C, 1, size).
local function bell(size, sigma, x)
  local reach <const> = (size - 1) / (2 * math.sqrt(2))
  local at <const> = ops.linspace(-reach, reach, size, { dtype = x.dtype, device = x.device })
  return ops.softmax(-(at / sigma):pow(2), 1):expand(x:size(2), 1, size)
end

-- Along the rows, then along the columns; borders are mirrored.
local function blurred(x, size, sigma)
  local channels <const> = x:size(2)
  local wide <const> = ops.pad(x, { size[1] // 2, size[1] // 2, size[2] // 2, size[2] // 2 },
    "reflect")
  local across <const> = bell(size[1], sigma[1], x):unsqueeze(3)
  local down <const> = bell(size[2], sigma[2], x):unsqueeze(4)
  local y <const> = ops.conv2d(wide, across, { groups = channels })
  return ops.conv2d(y, down, { groups = channels })
end

--- functional.gaussian_blur(x, kernel_size, {sigma = nil}): smoothed by a Gaussian of odd size, an
--- integer or {width, height}, and deviation `sigma`, a number or {width, height}; 0.15 of the size
--- and 0.35 unless told otherwise.
function values.gaussian_blur(...)
  local o <const> = picture.arguments("gaussian_blur", "kernel_size, sigma = nil", ...)
  local size <const> = check_kernel("gaussian_blur", o.kernel_size)
  local sigma <const> = values.sigmas("gaussian_blur", o.sigma, size)
  picture.check_values("gaussian_blur", o.x)
  if o.x:numel() == 0 then return o.x end
  return picture.in_floats(o.x, function(x)
    return blurred(picture.as_batch(x), size, sigma):reshape(x.shape)
  end)
end
values.check_kernel = check_kernel

--- functional.gaussian_noise(x, {mean = 0, sigma = 0.1, clip = true}): normal noise added, in units
--- of white; `clip` keeps values between black and white (bytes always are).
function values.gaussian_noise(...)
  local o <const> = picture.arguments("gaussian_noise", "mean = 0, sigma = 0.1, clip = true", ...)
  local mean <const> = picture.numbers("gaussian_noise", "mean", o.mean, 1)[1]
  local sigma <const> = picture.numbers("gaussian_noise", "sigma", o.sigma, 1)[1]
  if sigma < 0 then core.fail("gaussian_noise", "sigma", "must not be below 0, got %g", sigma) end
  local white <const> = picture.white(picture.check_values("gaussian_noise", o.x))
  local x <const> = o.x
  local wide <const> = x:is_floating_point() and x or x:to "float32"
  local y <const> = wide + ops.randn_like(wide) * (sigma * white) + mean * white
  return (o.clip or x.dtype == "uint8") and y:clamp(0, white):to(x.dtype) or y
end

return values
