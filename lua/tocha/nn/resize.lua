-- Layers that make images larger: by interpolation, and by a border of padding.

local registry = require "tocha.op"
local Module = require "tocha.nn.module"

local ops <const> = registry.ops
local classes <const> = {}

-- ---- interpolation ------------------------------------------------------------------------------

--- nn.Upsample(size, scale_factor, mode = "nearest", align_corners, recompute_scale_factor): to a
--- size, or by a factor. Modes: nearest, nearest-exact, linear, bilinear, bicubic, trilinear, area.
local Upsample <const> = Module:extend("Upsample",
  "size = nil, scale_factor = nil, mode = 'nearest', align_corners = nil, "
  .. "recompute_scale_factor = nil")
function Upsample:forward(x)
  return ops.interpolate(x, self.size, self.scale_factor, self.mode, self.align_corners,
    self.recompute_scale_factor)
end
classes.Upsample = Upsample

-- nn.UpsamplingNearest2d(size, scale_factor), nn.UpsamplingBilinear2d(size, scale_factor); the
-- second one aligns corners.
local FIXED <const> = { Nearest = { "nearest" }, Bilinear = { "bilinear", true } }
for kind, how in pairs(FIXED) do
  local name <const> = "Upsampling" .. kind .. "2d"
  local class <const> = Module:extend(name, "size = nil, scale_factor = nil")
  function class:forward(x)
    return ops.interpolate(x, self.size, self.scale_factor, how[1], how[2])
  end
  classes[name] = class
end

-- ---- padding ------------------------------------------------------------------------------------

-- (before, after) of the last dimension first, as ops.pad has it.
local function pads(padding, n)
  if type(padding) == "table" then return padding end
  local list <const> = {}
  for k = 1, 2 * n do list[k] = padding end
  return list
end

local PADS <const> = {
  ReflectionPad = "reflect", ReplicationPad = "replicate", CircularPad = "circular",
  ZeroPad = "constant", ConstantPad = "constant",
}
for family, mode in pairs(PADS) do
  for n = 1, 3 do
    local name <const> = ("%s%dd"):format(family, n)
    local args <const> = family == "ConstantPad" and "padding, value" or "padding"
    local class <const> = Module:extend(name, args)
    function class:forward(x)
      if mode == "constant" then return ops.pad(x, pads(self.padding, n), mode, self.value or 0) end
      return ops.pad(x, pads(self.padding, n), mode)
    end
    classes[name] = class
  end
end

return classes
