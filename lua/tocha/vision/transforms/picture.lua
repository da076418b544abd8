-- What all transforms ask of a picture: a tensor (C, H, W), or a batch (N, C, H, W), whose values
-- are bytes 0..255 or floating, 0..1.

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"

local text <const> = registry.rule.text
local picture <const> = {}

--- picture.check(who, x): an error unless x is a picture or a batch of pictures.
function picture.check(who, x)
  if not core.is_tensor(x) then
    core.fail(who, 1, "expected a picture, a tensor (C, H, W) or (N, C, H, W); got %s", type(x))
  end
  if x.ndim ~= 3 and x.ndim ~= 4 then
    core.fail(who, 1, "expected a picture (C, H, W) or a batch (N, C, H, W), got %s", text(x.shape))
  end
  return x
end

--- picture.arguments(who, args, x, ...): the values of `args` (signature.lua) as a table, with the
--- picture checked as x.
function picture.arguments(who, args, ...)
  local o <const> = {}
  signature.read("x, " .. args, who, o, ...)
  picture.check(who, o.x)
  return o
end

--- picture.check_values(who, x): bytes or floating?
function picture.check_values(who, x)
  if x.dtype ~= "uint8" and not x:is_floating_point() then
    core.fail(who, 1, "expected a picture of uint8 or floats, got %s", x.dtype)
  end
  return x
end

--- picture.check_colors(who, x): one channel or three; returns how many.
function picture.check_colors(who, x)
  local channels <const> = picture.check_values(who, x):size(-3)
  if channels ~= 1 and channels ~= 3 then
    core.fail(who, 1, "expected 1 or 3 channels, got %d (the picture is %s)", channels,
      text(x.shape))
  end
  return channels
end

--- picture.size(x): height, width.
function picture.size(x) return x:size(-2), x:size(-1) end

--- picture.white(x): the largest value: 255 for bytes, 1.0 for floats.
function picture.white(x) return x:is_floating_point() and 1.0 or 255 end

--- picture.sized(x, height, width): the shape of x with another height and width.
function picture.sized(x, height, width)
  local shape <const> = x.shape
  shape[x.ndim - 1], shape[x.ndim] = height, width
  return shape
end

--- picture.as_batch(x): x as (N, C, H, W).
function picture.as_batch(x) return x.ndim == 4 and x or x:unsqueeze(1) end

--- picture.in_floats(x, f): f(x), where bytes are computed with as float32 and come back rounded.
function picture.in_floats(x, f)
  if x:is_floating_point() then return f(x) end
  return f(x:to "float32"):round_():clamp_(0, 255):to(x.dtype)
end

--- picture.pair(who, name, value): { height, width } from an integer (a square) or a list of two.
function picture.pair(who, name, value)
  if math.type(value) == "integer" then value = { value, value } end
  if type(value) == "table" and #value == 1 then value = { value[1], value[1] } end
  local ok <const> = type(value) == "table" and #value == 2 and math.type(value[1]) == "integer"
    and math.type(value[2]) == "integer" and value[1] > 0 and value[2] > 0
  if not ok then
    core.fail(who, name, "expected a size or {height, width}, integers above 0, got %s",
      signature.text(value))
  end
  return value
end

--- picture.numbers(who, name, value, least, most): a list of `least` to `most` numbers (or of
--- exactly `least`); one number stands for a list of it.
function picture.numbers(who, name, value, least, most)
  local list <const> = type(value) == "number" and { value } or value
  local n <const> = type(list) == "table" and #list or -1
  local ok = n >= least and n <= (most or least)
  for k = 1, ok and n or 0 do ok = ok and type(list[k]) == "number" and list[k] == list[k] end
  if not ok then
    local count <const> = most and ("%d to %d"):format(least, most) or tostring(least)
    core.fail(who, name, "expected %s numbers, got %s", count, signature.text(value))
  end
  return list
end

--- picture.fill(who, x, fill): one number a channel of x, from a number, such a list, or nil (0).
function picture.fill(who, x, fill)
  local list <const>, channels <const> = {}, x:size(-3)
  local given <const> = picture.numbers(who, "fill", fill or 0, 1, math.max(channels, 1))
  if #given ~= 1 and #given ~= channels then
    core.fail(who, "fill", "expected a number or one for each of %d channels, got %s", channels,
      signature.text(fill))
  end
  for c = 1, channels do list[c] = given[#given == 1 and 1 or c] end
  return list
end

return picture
