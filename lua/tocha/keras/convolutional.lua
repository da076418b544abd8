-- keras.layers: convolutions, their transposes, depthwise and separable ones. Shapes are (N, ...,
-- C), kernels (sizes..., inputs, outputs); padding is "valid" or "same", for Conv1D also "causal".

local ops = require "tocha.op".ops
local core = require "tocha.core"
local rule = require "tocha.rule"
local nn_conv = require "tocha.nn.conv"
local signature = require "tocha.signature"
local Module = require "tocha.nn.module"
local layer = require "tocha.keras.layer"
local weights = require "tocha.keras.weights"

local GEOMETRY <const> = "kernel_size, strides = 1, padding = 'valid', data_format = nil, "

local each <const> = rule.list  -- one a dimension, from one or a list

local PADDINGS <const> = { valid = true, same = true }

-- Zeros before the first step only, so that no output sees what comes after it.
local function causal_pads(self)
  return { (each(self.kernel_size, 1)[1] - 1) * each(self.dilation, 1)[1], 0 }
end

-- Positive integers, one or one a dimension.
local function check_sizes(self, name, value)
  local n <const> = getmetatable(self).n
  local list <const> = each(value, n)
  local ok = #list == n
  for _, size in ipairs(list) do ok = ok and math.type(size) == "integer" and size > 0 end
  if ok then return end
  local hint <const> = type(value) == "string"
    and (" (give options by name: {activation = %q})"):format(value) or ""
  core.fail(getmetatable(self).__name, name, "expected a positive integer or a list of %d, got "
    .. "%s%s", n, signature.text(value), hint)
end

-- What nn's convolutions read, from Keras's arguments.
local function set_geometry(self, args)
  local class <const> = getmetatable(self)
  local causal <const> = class.n == 1 and args.padding == "causal"
  if not (PADDINGS[args.padding] or causal) then
    core.fail(class.__name, nil, "padding is 'valid' or 'same'%s, not '%s'",
      class.n == 1 and " or 'causal'" or "", tostring(args.padding))
  end
  for _, name in ipairs { "kernel_size", "strides", "dilation_rate" } do
    check_sizes(self, name, args[name])
  end
  self.stride, self.dilation = args.strides, args.dilation_rate
  if causal then self.padding = causal_pads(self) end
  self.padding_mode, args.bias = "zeros", args.use_bias
  self:set_activation(args.activation)
end

-- ---- Conv1D, Conv2D, Conv3D ---------------------------------------------------------------------

local KERNEL_BIAS <const> = { { "kernel", "weight", layer.KERNEL }, { "bias", "bias" } }

local function define_conv(n)
  local base <const> = nn_conv[("Conv%dd"):format(n)]
  local class <const> = layer.define(("Conv%dD"):format(n), base,
    "filters, " .. GEOMETRY .. "dilation_rate = 1, groups = 1, " .. layer.KERNEL_OPTIONS,
    KERNEL_BIAS)
  class.n = n

  function class:setup(args)
    self.out_channels = args.filters
    set_geometry(self, args)
  end

  function class:forward(x)
    return self:finish(base.forward(self, self:inside(x)))
  end
end

-- ---- Conv2DTranspose and its kin ----------------------------------------------------------------

-- Pads (before and after each dimension) and output padding that give Keras's sizes: under "same"
-- the input's times the stride; else, at least as much, all that the kernel reaches.
local function transposed_pads(self, n)
  local pads <const>, output <const>, args <const> = {}, {}, self._args
  for d = 1, n do
    local stride <const> = each(self.stride, n)[d]
    local reach <const> = (each(self.kernel_size, n)[d] - 1) * each(self.dilation, n)[d] + 1
    local over <const> = args.padding == "same" and math.max(reach - stride, 0) or 0
    local before, after = over // 2, over - over // 2
    output[d] = math.max(stride - reach, 0)
    if args.output_padding ~= nil then
      before = args.padding == "same" and reach // 2 or 0
      after, output[d] = before, each(args.output_padding, n)[d]
    end
    pads[2 * d - 1], pads[2 * d] = before, after
  end
  return pads, output
end

local function define_transpose(n)
  local base <const> = nn_conv[("ConvTranspose%dd"):format(n)]
  local class <const> = layer.define(("Conv%dDTranspose"):format(n), base, "filters, " .. GEOMETRY
    .. "output_padding = nil, dilation_rate = 1, " .. layer.KERNEL_OPTIONS, KERNEL_BIAS)
  class.n = n

  function class:setup(args)
    self.out_channels, self.groups = args.filters, 1
    set_geometry(self, args)
    self.padding, self.output_padding = transposed_pads(self, n)
  end

  function class:forward(x)
    return self:finish(base.forward(self, self:inside(x)))
  end
end

-- ---- depthwise and separable --------------------------------------------------------------------

local function sizes_with(list, kernel_size, n)
  return table.move(each(kernel_size, n), 1, n, #list + 1, list)
end

local function channels_of(n)
  return { field = "_channels", of_input = function(_, x) return x:size(-n - 1) end }
end

local function depthwise(self, x, weight, bias, n)
  return ops[("conv%dd"):format(n)](x, weight, bias, self.stride, self.padding, self.dilation,
    self._channels)
end

local DEPTHWISE <const> = layer.options("depthwise", "glorot_uniform")

local function define_depthwise(n)
  local class <const> = layer.define(("DepthwiseConv%dD"):format(n), Module,
    "kernel_size, strides = 1, padding = 'valid', depth_multiplier = 1, data_format = nil, "
    .. "dilation_rate = 1, activation = nil, use_bias = true, " .. DEPTHWISE .. ", "
    .. layer.options("bias", "zeros") .. ", activity_regularizer = nil",
    { { "depthwise", "weight", weights.DEPTHWISE }, { "bias", "bias" } })
  class.n, class.setup, class.lazy = n, set_geometry, channels_of(n)

  function class.lazy.of_weight(self, shape) return shape[1] // self.depth_multiplier end

  function class:shapes(args)
    local outputs <const> = self._channels * self.depth_multiplier
    return { { "weight", sizes_with({ outputs, 1 }, self.kernel_size, n) },
      args.use_bias and { "bias", { outputs } } }
  end

  function class:forward(x)
    x = self:inside(x)
    if not self._channels then self:infer(x) end
    return self:finish(depthwise(self, x, self.weight, self.bias, n))
  end
end

local function define_separable(n)
  local class <const> = layer.define(("SeparableConv%dD"):format(n), Module, "filters, " .. GEOMETRY
    .. "dilation_rate = 1, depth_multiplier = 1, activation = nil, use_bias = true, " .. DEPTHWISE
    .. ", " .. layer.options("pointwise", "glorot_uniform") .. ", "
    .. layer.options("bias", "zeros") .. ", activity_regularizer = nil",
    { { "depthwise", "depthwise", weights.DEPTHWISE }, { "pointwise", "pointwise", layer.KERNEL },
      { "bias", "bias" } })
  class.n, class.setup, class.lazy = n, set_geometry, channels_of(n)
  class.lazy.key = "depthwise"

  function class.lazy.of_weight(self, shape) return shape[1] // self.depth_multiplier end

  function class:shapes(args)
    local middle <const> = self._channels * self.depth_multiplier
    return { { "depthwise", sizes_with({ middle, 1 }, self.kernel_size, n) },
      { "pointwise", sizes_with({ self.filters, middle }, 1, n) },
      args.use_bias and { "bias", { self.filters } } }
  end

  function class:forward(x)
    x = self:inside(x)
    if not self._channels then self:infer(x) end
    local middle <const> = depthwise(self, x, self.depthwise, nil, n)
    return self:finish(ops[("conv%dd"):format(n)](middle, self.pointwise, self.bias))
  end
end

for n = 1, 3 do
  define_conv(n)
  define_transpose(n)
end
for n = 1, 2 do
  define_depthwise(n)
  define_separable(n)
end
