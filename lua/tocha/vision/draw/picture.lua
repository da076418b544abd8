-- What the drawing functions share: which tensors are pictures, colours, layers over pictures.

local core = require "tocha.core"
local color = require "tocha.plot.color"
local registry = require "tocha.op"
local tensor = require "tocha.tensor"
local Display = require "tocha.plot.display"

local picture <const> = {}

--- picture.check(who, x): the picture with three channels, a new tensor.
function picture.check(who, x)
  if not core.is_tensor(x) then
    core.fail(who, 1, "expected a picture (C, H, W), got %s", type(x))
  end
  if x.dtype ~= "uint8" and not x:is_floating_point() then
    core.fail(who, 1, "expected uint8, or floats of 0 to 1, got %s", x.dtype)
  end
  local shape <const> = x.shape
  if x.ndim == 2 then x = x:unsqueeze(1) end
  if x.ndim ~= 3 or x:size(1) ~= 1 and x:size(1) ~= 3 or x:numel() == 0 then
    core.fail(who, 1, "expected one picture (C, H, W) of 1 or 3 channels, got %s",
      registry.rule.text(shape))
  end
  return x:detach():expand(3, x:size(2), x:size(3)):clone()
end

--- picture.bytes(x): uint8 of uint8 or of floats, which are cut to 0..1.
function picture.bytes(x)
  if x.dtype == "uint8" then return x end
  return (x:float():nan_to_num(0):clamp(0, 1) * 255):round():byte()
end

-- ---- colours ------------------------------------------------------------------------------------

--- picture.colors(who, colors, n): a list of n colours {r, g, b, a}: those given, the one given for
--- all, or the cycle of plots.
function picture.colors(who, colors, n)
  local list <const> = {}
  local one <const> = colors ~= nil and color.is(colors)
  if colors ~= nil and not one and (type(colors) ~= "table" or #colors < n) then
    core.fail(who, "colors", "expected a color or a list of at least %d, got %s", n,
      type(colors) == "table" and #colors or tostring(colors))
  end
  for k = 1, n do
    list[k] = color.parse(colors == nil and "C" .. k or one and colors or colors[k], nil, who)
  end
  return list
end

--- picture.ink(c, x): a colour as (3, 1, 1) of the picture's dtype and range.
function picture.ink(c, x)
  local r <const>, g <const>, b <const> = color.bytes(c)
  local unit <const> = x.dtype == "uint8" and 1 or 255
  local ink <const> = tensor.from({ r / unit, g / unit, b / unit }, { dtype = "float32" })
  return ink:to(x.dtype):to(x.device):reshape(3, 1, 1)
end

-- ---- layers -------------------------------------------------------------------------------------

--- picture.mix(x, y, opacity): y over x; opacity is a number or a tensor of 0 to 1. Bytes are
--- rounded.
function picture.mix(x, y, opacity)
  local mixed <const> = x:float() * (1 - opacity) + y:float() * opacity
  return (x.dtype == "uint8" and mixed:round() or mixed):to(x.dtype)
end

--- picture.over(x, layer): pixels (H, W, 4) uint8 over the picture, which keeps every pixel where
--- they are clear.
function picture.over(x, layer)
  local planes <const> = layer:to(x.device):permute(3, 1, 2)
  local unit <const> = x.dtype == "uint8" and 1 or 255
  return picture.mix(x, planes:narrow(1, 1, 3):float() / unit,
    planes:narrow(1, 4, 1):float() / 255)
end

--- picture.draw(who, x, fill): the picture with what fill(display) adds to a display list of its
--- size (tocha.plot.display); drawn by libcairo.
function picture.draw(who, x, fill)
  local list <const> = Display(x:size(3), x:size(2))
  fill(list)
  if #list == 0 then return x end
  return picture.over(x, require "tocha.plot.raster".pixels(list, 1, who))
end

-- ---- points -------------------------------------------------------------------------------------

--- picture.list(who, k, value): nested lists of a tensor, or a list as it is.
function picture.list(who, k, value)
  if core.is_tensor(value) then return value:detach():double():totable() end
  if type(value) == "table" then return value end
  core.fail(who, k, "expected a tensor or a list, got %s", type(value))
end

return picture
