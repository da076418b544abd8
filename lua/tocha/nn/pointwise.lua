-- Layers that are one operation: activations, softmaxes, dropout, resizing, padding. A line each.

local core = require "tocha.core"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local Module = require "tocha.nn.module"

local ops <const> = registry.ops
local classes <const> = {}

-- A class whose forward is op(x, its arguments in order); with `inplace` the operation's f_ where
-- asked.
local function layer(name, op, args)
  local class <const> = Module:extend(name, args or "")
  local names <const> = {}
  for _, each in ipairs(signature.parse(class.args).names) do
    if each ~= "inplace" then names[#names + 1] = each end
  end
  class.op = op
  local first <const>, second <const>, third <const> = names[1], names[2], names[3]
  function class:forward(x)
    local f <const> = self.inplace and registry.methods[op .. "_"] or ops[op]
    if not first then return f(x) end
    if not second then return f(x, self[first]) end
    if not third then return f(x, self[first], self[second]) end
    return f(x, self[first], self[second], self[third])
  end
  classes[name] = class
  return class
end

-- ---- activations --------------------------------------------------------------------------------

local ACTIVATIONS <const> = {
  ReLU = { "relu", "inplace = false" },
  ReLU6 = { "relu6", "inplace = false" },
  LeakyReLU = { "leaky_relu", "negative_slope = 0.01, inplace = false" },
  ELU = { "elu", "alpha = 1.0, inplace = false" },
  SELU = { "selu", "inplace = false" },
  CELU = { "celu", "alpha = 1.0, inplace = false" },
  GELU = { "gelu", "approximate = 'none'" },
  SiLU = { "silu", "inplace = false" },
  Mish = { "mish", "inplace = false" },
  Softplus = { "softplus", "beta = 1.0, threshold = 20.0" },
  Softsign = { "softsign" },
  Hardtanh = { "hardtanh", "min_val = -1.0, max_val = 1.0, inplace = false" },
  Hardsigmoid = { "hardsigmoid", "inplace = false" },
  Hardswish = { "hardswish", "inplace = false" },
  LogSigmoid = { "logsigmoid" },
  Sigmoid = { "sigmoid" },
  Tanh = { "tanh" },
  Tanhshrink = { "tanhshrink" },
  Softshrink = { "softshrink", "lambd = 0.5" },
  Hardshrink = { "hardshrink", "lambd = 0.5" },
  Threshold = { "threshold", "threshold, value, inplace = false" },
  -- `dim` is the last one unless given (PyTorch's rule of old is deprecated there)
  Softmax = { "softmax", "dim = -1" },
  LogSoftmax = { "log_softmax", "dim = -1" },
  Softmin = { "softmin", "dim = -1" },
  GLU = { "glu", "dim = -1" },
  PixelShuffle = { "pixel_shuffle", "upscale_factor" },
  PixelUnshuffle = { "pixel_unshuffle", "downscale_factor" },
  ChannelShuffle = { "channel_shuffle", "groups" },
}
for name, row in pairs(ACTIVATIONS) do layer(name, row[1], row[2]) end

--- nn.Softmax2d(): over the channels of (N, C, H, W) or (C, H, W).
local Softmax2d <const> = Module:extend("Softmax2d", "")
function Softmax2d:forward(x) return ops.softmax(x, -3) end  -- luacheck: ignore
classes.Softmax2d = Softmax2d

--- nn.PReLU(num_parameters = 1, init = 0.25): a slope that is learned, one or one a channel.
local PReLU <const> = Module:extend("PReLU",
  "num_parameters = 1, init = 0.25, device = nil, dtype = nil")
PReLU.owns = { device = true, dtype = true }
function PReLU:shapes() return { { "weight", { self.num_parameters } } } end
function PReLU:reset_parameters() self.weight:detach():fill_(self.init) end
function PReLU:forward(x) return ops.prelu(x, self.weight) end
classes.PReLU = PReLU

-- ---- dropout ------------------------------------------------------------------------------------

local DROPOUTS <const> = {
  Dropout = "dropout", Dropout1d = "dropout1d", Dropout2d = "dropout2d", Dropout3d = "dropout3d",
  AlphaDropout = "alpha_dropout", FeatureAlphaDropout = "feature_alpha_dropout",
}
for name, op in pairs(DROPOUTS) do
  local class <const> = Module:extend(name, "p = 0.5, inplace = false")
  class.op = op
  function class:build()
    if type(self.p) ~= "number" or not (self.p >= 0 and self.p <= 1) then
      core.fail(name, 1, "expected a probability in 0 .. 1, got %s", tostring(self.p))
    end
  end
  function class:forward(x)
    if not self.is_training or self.p == 0 then return x end
    local y <const> = ops[op](x, self.p, true)
    return self.inplace and x:copy_(y) or y
  end
  classes[name] = class
end

-- ---- resizing -----------------------------------------------------------------------------------

--- nn.Upsample(size, scale_factor, mode = "nearest", align_corners, recompute_scale_factor)
local Upsample <const> = Module:extend("Upsample",
  "size = nil, scale_factor = nil, mode = 'nearest', align_corners = nil, "
  .. "recompute_scale_factor = nil")
function Upsample:forward(x)
  return ops.interpolate(x, self.size, self.scale_factor, self.mode, self.align_corners,
    self.recompute_scale_factor)
end
classes.Upsample = Upsample

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
