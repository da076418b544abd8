-- Layers that are one operation: activations, softmaxes, shuffles, patches. A line each.

local registry = require "tocha.op"
local signature = require "tocha.signature"
local Module = require "tocha.nn.module"

local ops <const> = registry.ops
local classes <const> = {}

-- The values of the fields from the k-th name on.
local function fields(self, names, k)
  if k > #names then return end
  return self[names[k]], fields(self, names, k + 1)
end

-- A class whose forward is op(x, its arguments in order); with `inplace` the operation's f_ where
-- asked.
local function layer(name, op, args)
  local class <const> = Module:extend(name, args or "")
  local names <const>, choice = {}, false
  for _, each in ipairs(signature.parse(class.args).names) do
    if each == "inplace" then choice = true else names[#names + 1] = each end
  end
  class.op = op
  if not choice and #names == 0 then
    function class:forward(x) return ops[op](x) end  -- luacheck: ignore self
    classes[name] = class
    return class
  end
  local first <const>, second <const>, third <const> = names[1], names[2], names[3]
  function class:forward(x)
    local f <const> = self.inplace and registry.methods[op .. "_"] or ops[op]
    if not first then return f(x) end
    if not second then return f(x, self[first]) end
    if not third then return f(x, self[first], self[second]) end
    return f(x, fields(self, names, 1))
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
  -- one half of a dimension gates the other; `gate` is "first" or "last"
  GLU = { "glu", "dim = -1" },
  SwiGLU = { "swiglu", "dim = -1, gate = 'first'" },
  GEGLU = { "geglu", "dim = -1, gate = 'last'" },
  ReGLU = { "reglu", "dim = -1, gate = 'last'" },
  PixelShuffle = { "pixel_shuffle", "upscale_factor" },
  PixelUnshuffle = { "pixel_unshuffle", "downscale_factor" },
  ChannelShuffle = { "channel_shuffle", "groups" },
  -- PyTorch's F.unfold is im2col here: `unfold` is the view
  Unfold = { "im2col", "kernel_size, dilation = 1, padding = 0, stride = 1" },
  Fold = { "fold", "output_size, kernel_size, dilation = 1, padding = 0, stride = 1" },
}
for name, row in pairs(ACTIVATIONS) do layer(name, row[1], row[2]) end

--- nn.Softmax2d(): over the channels of (N, C, H, W) or (C, H, W).
local Softmax2d <const> = Module:extend("Softmax2d", "")
function Softmax2d:forward(x) return ops.softmax(x, -3) end  -- luacheck: ignore
classes.Softmax2d = Softmax2d

--- nn.PReLU(num_parameters = 1, init = 0.25): a slope that is learned, one or one a channel.
local PReLU <const> = Module:extend("PReLU",
  "num_parameters = 1, init = 0.25, device = nil, dtype = nil")
-- `num_parameters` is a method of every module.
PReLU.owns = { num_parameters = true, device = true, dtype = true }
function PReLU:shapes(args) return { { "weight", { args.num_parameters } } } end
function PReLU:reset_parameters() self.weight:detach():fill_(self.init) end
function PReLU:forward(x) return ops.prelu(x, self.weight) end
classes.PReLU = PReLU

return classes
