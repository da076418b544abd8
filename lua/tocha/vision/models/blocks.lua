-- What several networks are made of: convolution + normalisation + activation, squeeze and
-- excitation, rounded widths; and how a constructor gets its name.

local tocha = require "tocha"
local core = require "tocha.core"
local nn = require "tocha.nn"
local norm_relu = require "tocha.nn.norm_relu".norm_relu

local blocks <const> = {}

--- blocks.BasicConv2d(cin, cout, kernel_size, options of Conv2d): convolution, batch norm, relu, as
--- the Inception networks have it.
local BasicConv2d <const> = nn.Module:extend "BasicConv2d"
blocks.BasicConv2d = BasicConv2d

function BasicConv2d:new(cin, cout, kernel_size, options)
  self.conv = nn.Conv2d(cin, cout, kernel_size, blocks.with({ bias = false }, options))
  self.bn = nn.BatchNorm2d(cout, { eps = 0.001 })
end

function BasicConv2d:forward(x) return norm_relu(self.bn, false, self.conv(x)) end

--- blocks.conv_norm(cin, cout, kernel_size, {stride, groups, dilation, norm, activation}):
--- torchvision's Conv2dNormActivation, the size kept but for the stride. `norm` and `activation`
--- make a layer; no activation where it is left out.
function blocks.conv_norm(cin, cout, kernel_size, o)
  local dilation <const> = o.dilation or 1
  local layers <const> = nn.Sequential(
    nn.Conv2d(cin, cout, kernel_size, { stride = o.stride, groups = o.groups, dilation = dilation,
      padding = (kernel_size - 1) // 2 * dilation, bias = false }),
    (o.norm or nn.BatchNorm2d)(cout))
  if o.activation then layers:add(o.activation { inplace = true }) end
  return layers
end

--- blocks.SqueezeExcitation(channels, squeezed, activation, scale_activation): each channel times a
--- gate that sees the means of all (Hu et al., "Squeeze-and-Excitation Networks", 2018).
local SqueezeExcitation <const> = nn.Module:extend "SqueezeExcitation"
blocks.SqueezeExcitation = SqueezeExcitation

function SqueezeExcitation:new(channels, squeezed, activation, scale_activation)
  self.avgpool = nn.AdaptiveAvgPool2d(1)
  self.fc1 = nn.Conv2d(channels, squeezed, 1)
  self.fc2 = nn.Conv2d(squeezed, channels, 1)
  self.activation = activation
  self.scale_activation = scale_activation
end

-- x is (B, channels, H, W), so is the result; the gate is (B, channels, 1, 1)
function SqueezeExcitation:forward(x)
  local gate <const> = self.fc2(self.activation(self.fc1(self.avgpool(x))))
  return x * self.scale_activation(gate)
end

--- blocks.mlp(width, hidden, dropout): the two linear layers of a transformer's block.
function blocks.mlp(width, hidden, dropout)
  local layers <const> = nn.Sequential(
    nn.Linear(width, hidden), nn.GELU(), nn.Dropout(dropout),
    nn.Linear(hidden, width), nn.Dropout(dropout))
  blocks.each(layers, nn.Linear, function(m)
    nn.init.xavier_uniform_(m.weight)
    nn.init.normal_(m.bias, 0, 1e-6)
  end)
  return layers
end

--- blocks.total(counts): the sum of a list.
function blocks.total(counts)
  local sum = 0
  for _, count in ipairs(counts) do sum = sum + count end
  return sum
end

--- blocks.divisible(width, divisor = 8): the nearest multiple, at least one and not less than 90 %
--- of `width`.
function blocks.divisible(width, divisor)
  divisor = divisor or 8
  local rounded <const> = math.max(divisor, (width + divisor / 2) // divisor * divisor)
  return math.tointeger(rounded < 0.9 * width and rounded + divisor or rounded)
end

--- blocks.to_unit_range(x): from ImageNet's mean and deviation, channel by channel, to (v - 0.5) /
--- 0.5 of the picture's v in 0 to 1; x is (B, 3, H, W).
function blocks.to_unit_range(x)
  local function channels(list)
    return tocha.tensor(list, { dtype = x.dtype, device = x.device }):reshape { 3, 1, 1 }
  end
  return x * channels { 0.229 / 0.5, 0.224 / 0.5, 0.225 / 0.5 }
    + channels { (0.485 - 0.5) / 0.5, (0.456 - 0.5) / 0.5, (0.406 - 0.5) / 0.5 }
end

-- ---- starting values ----------------------------------------------------------------------------

--- blocks.each(net, Class, f): f(module) for all of this class.
function blocks.each(net, class, f)
  for _, m in net:named_modules() do
    if m:is(class) then f(m) end
  end
end

--- blocks.start_weights(net, Class, f): f(weight) for all of this class, their biases zero.
function blocks.start_weights(net, class, f)
  blocks.each(net, class, function(m)
    f(m.weight)
    if m.bias then nn.init.zeros_(m.bias) end
  end)
end

--- He et al., "Delving Deep into Rectifiers" (2015): what goes backwards keeps its spread.
function blocks.kaiming_fan_out(weight)
  nn.init.kaiming_normal_(weight, { mode = "fan_out", nonlinearity = "relu" })
end

--- blocks.normal(std): fills with normal numbers.
function blocks.normal(std)
  return function(weight) nn.init.normal_(weight, 0, std) end
end

--- As MobileNets and VGG start: convolutions by kaiming_fan_out, small linear layers.
function blocks.start_small(net)
  blocks.start_weights(net, nn.Conv2d, blocks.kaiming_fan_out)
  blocks.start_weights(net, nn.Linear, blocks.normal(0.01))
end

-- ---- loading ------------------------------------------------------------------------------------

--- blocks.rename_on_load(net, pattern, replacement): for names that older files write differently.
function blocks.rename_on_load(net, pattern, replacement)
  net:register_load_state_dict_pre_hook(function(_, dict)
    local old <const> = {}
    for name in pairs(dict) do
      if name:find(pattern) then old[#old + 1] = name end
    end
    for _, name in ipairs(old) do
      dict[name:gsub(pattern, replacement)], dict[name] = dict[name], nil
    end
  end)
end

-- ---- by name ------------------------------------------------------------------------------------

--- blocks.with(options, given): a new table of both; what is given counts.
function blocks.with(options, given)
  local all <const> = {}
  for key, value in pairs(options) do all[key] = value end
  for key, value in pairs(given or {}) do all[key] = value end
  return all
end

--- blocks.expect(who, argument, value, choices): choices[value], or an error that names them all.
function blocks.expect(who, argument, value, choices)
  if choices[value] ~= nil then return choices[value] end
  local names <const> = {}
  for name in pairs(choices) do names[#names + 1] = ("'%s'"):format(name) end
  table.sort(names)
  core.fail(who, argument, "expected %s, got '%s'", table.concat(names, " or "), tostring(value))
end

--- blocks.define(family, Class, kinds): family.NAME(options) is Class(kinds.NAME and options).
function blocks.define(family, class, kinds)
  family[class.__name] = class
  for name, options in pairs(kinds) do
    family[name] = function(given) return class(blocks.with(options, given)) end
  end
  return family
end

return blocks
