-- Convolutions and their transposes in one to three dimensions.
--
-- nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
-- padding_mode). With two numbers, nn.Conv2d(out_channels, kernel_size), the number of input
-- channels comes from the first input; everything else then goes into the options table:
-- nn.Conv2d(32, 3, {padding = 1}).

local core = require "tocha.core"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local window = require "tocha.window"
local Module = require "tocha.nn.module"
local init = require "tocha.nn.initialize"

local ops <const> = registry.ops

local function check_groups(self)
  local name <const> = getmetatable(self).__name
  if self.out_channels % self.groups ~= 0 or (self.in_channels or 0) % self.groups ~= 0 then
    core.fail(name, nil, "in_channels %s and out_channels %d must be divisible by groups %d",
      tostring(self.in_channels), self.out_channels, self.groups)
  end
end

-- Channels are third from last and so on: (N, C, ...) or (C, ...).
local function channels_of(n)
  return function(_, x) return x:size(-n - 1) end
end

local function with_sizes(list, sizes) return table.move(sizes, 1, #sizes, #list + 1, list) end

local MODES <const> = { zeros = true, reflect = true, replicate = true, circular = true }

local function check_padding(self, name, n)
  local padding <const> = self.padding
  if not MODES[self.padding_mode] then
    core.fail(name, "padding_mode", "expected 'zeros', 'reflect', 'replicate' or 'circular', got "
      .. "'%s'", tostring(self.padding_mode))
  end
  if type(padding) == "table" and #padding == 2 * n or padding == "same" or padding == "valid" then
    return
  end
  if type(padding) == "string" then
    core.fail(name, "padding", "expected integers, 'same' or 'valid', got '%s'", padding)
  end
  window.list(name, "padding", padding, n, 0)
end

local function check_arguments(self, n)
  local name <const> = getmetatable(self).__name
  for _, field in ipairs { "kernel_size", "stride", "dilation" } do
    window.list(name, field, self[field], n, 1)
  end
  check_padding(self, name, n)
end

local OWNS <const> = { bias = true, device = true, dtype = true }

-- Weight and bias uniform in +-1 / sqrt(fan-in), as PyTorch has it.
local function reset(self)
  check_groups(self)
  init.kaiming_uniform_(self.weight, math.sqrt(5))
  if not self.bias then return end
  local fan_in <const> = self.weight:numel() // math.max(self.weight:size(1), 1)
  local bound <const> = fan_in > 0 and 1 / math.sqrt(fan_in) or 0
  init.uniform_(self.bias, -bound, bound)
end

-- ---- convolution --------------------------------------------------------------------------------

-- Pads to be put before and after dimension d of x, which has `size` elements there.
local function pads_of(self, d, n, size)
  local padding <const> = self.padding
  if padding == "same" then
    return window.same_pads(size, rule.list(self.kernel_size, n)[d], rule.list(self.stride, n)[d],
      rule.list(self.dilation, n)[d])
  end
  if type(padding) == "table" and #padding == 2 * n then
    return padding[2 * d - 1], padding[2 * d]
  end
  local p <const> = padding == "valid" and 0 or rule.list(padding, n)[d]
  return p, p
end

-- What pads with something other than zeros does so first. Pads are listed from the last dimension
-- on.
local function padded(self, x, n)
  local pads <const> = {}
  for d = n, 1, -1 do
    local before, after = pads_of(self, d, n, x:size(d - n - 1))
    pads[#pads + 1], pads[#pads + 2] = before, after
  end
  return ops.pad(x, pads, self.padding_mode)
end

-- ---- classes ------------------------------------------------------------------------------------

-- A class over n spatial dimensions; `weight_channels` gives the first two sizes of the weight.
local function define(name, n, args, of_weight, weight_channels)
  local class <const> = Module:extend(name, "in_channels, out_channels, kernel_size, stride = 1, "
    .. "padding = 0, " .. args .. ', padding_mode = "zeros", device = nil, dtype = nil')
  class.owns, class.short, class.reset_parameters = OWNS, 2, reset
  class.lazy = { field = "in_channels", of_input = channels_of(n), of_weight = of_weight }

  function class:shapes(options)
    check_arguments(self, n)
    if class.check then class.check(self, name) end
    local sizes <const> = with_sizes(weight_channels(self), rule.list(self.kernel_size, n))
    return { { "weight", sizes }, options.bias and { "bias", { self.out_channels } } }
  end
  return class
end

local function conv_class(n)
  local op <const> = ("conv%dd"):format(n)
  local class <const> = define(("Conv%dd"):format(n), n, "dilation = 1, groups = 1, bias = true",
    function(self, shape) return shape[2] * self.groups end,
    function(self) return { self.out_channels, self.in_channels // self.groups } end)

  function class:forward(x)
    if not self.in_channels then self:infer(x) end
    local padding = self.padding
    if self.padding_mode ~= "zeros" then x, padding = padded(self, x, n), 0 end
    return ops[op](x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)
  end
  return class
end

-- ---- transposed ---------------------------------------------------------------------------------

-- The output padding that gives the wanted size.
local function output_padding(self, x, output_size, n)
  if not output_size then return self.output_padding end
  local result <const> = {}
  local extra <const> = #output_size - n  -- batch and channels may be given too
  for d = 1, n do
    local stride <const>, taps <const> = rule.list(self.stride, n)[d],
      rule.list(self.kernel_size, n)[d]
    local before <const>, after <const> = pads_of(self, d, n, 0)
    local reach <const> = rule.list(self.dilation, n)[d] * (taps - 1) + 1
    local least <const> = (x:size(d - n - 1) - 1) * stride - before - after + reach
    result[d] = output_size[d + extra] - least
    if result[d] < 0 or result[d] >= stride then
      core.fail(getmetatable(self).__name, nil,
        "output size %d in dimension %d: possible are %d to %d", output_size[d + extra], d, least,
        least + stride - 1)
    end
  end
  return result
end

local function check_transposed(self, name)
  if self.padding_mode ~= "zeros" then
    core.fail(name, nil, "padding_mode is 'zeros' here, not '%s'", tostring(self.padding_mode))
  end
  if type(self.padding) == "string" then
    core.fail(name, "padding", "expected integers, got '%s'", self.padding)
  end
end

local function transpose_class(n)
  local class <const> = define(("ConvTranspose%dd"):format(n), n,
    "output_padding = 0, groups = 1, bias = true, dilation = 1",
    function(_, shape) return shape[1] end,
    function(self) return { self.in_channels, self.out_channels // self.groups } end)
  class.check = check_transposed

  --- net(x, output_size): output_size is needed where a stride leaves several sizes possible.
  function class:forward(x, output_size)
    if not self.in_channels then self:infer(x) end
    return ops["conv_transpose" .. n .. "d"](x, self.weight, self.bias, self.stride, self.padding,
      output_padding(self, x, output_size, n), self.groups, self.dilation)
  end
  return class
end

local classes <const> = {}
for n = 1, 3 do
  classes["Conv" .. n .. "d"] = conv_class(n)
  classes["ConvTranspose" .. n .. "d"] = transpose_class(n)
end
return classes
