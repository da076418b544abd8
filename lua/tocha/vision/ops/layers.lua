-- Layers that detectors and classifiers share, by torchvision.ops' names.

local core = require "tocha.core"
local tocha = require "tocha"
local nn = require "tocha.nn"
local blocks = require "tocha.vision.models.blocks"

local layers <const> = { StochasticDepth = nn.StochasticDepth,
  stochastic_depth = tocha.stochastic_depth }

-- nil is the default, false is none.
local function chosen(value, default)
  if value == nil then return default end
  return value or nil
end

--- ops.Conv2dNormActivation(in_channels, out_channels, kernel_size = 3, {stride = 1, groups = 1,
--- dilation = 1, norm_layer = nn.BatchNorm2d, activation_layer = nn.ReLU}): the size kept but for
--- the stride; false for a layer that shall not be there.
function layers.Conv2dNormActivation(cin, cout, kernel_size, options)
  if type(kernel_size) == "table" then kernel_size, options = nil, kernel_size end
  local o <const> = options or {}
  return blocks.conv_norm(cin, cout, kernel_size or 3, { stride = o.stride, groups = o.groups,
    dilation = o.dilation, norm = o.norm_layer == nil and nn.BatchNorm2d or o.norm_layer,
    activation = chosen(o.activation_layer, nn.ReLU) })
end

--- ops.SqueezeExcitation(input_channels, squeeze_channels, activation = nn.ReLU, scale_activation =
--- nn.Sigmoid): each of the (B, C, H, W) maps times a factor that two 1 x 1 convolutions make of
--- the means of all. Hu et al., "Squeeze-and-Excitation Networks" (2018).
function layers.SqueezeExcitation(channels, squeezed, activation, scale_activation)
  return blocks.SqueezeExcitation(channels, squeezed, (activation or nn.ReLU)(),
    (scale_activation or nn.Sigmoid)())
end

--- ops.MLP(in_channels, {widths...}, {norm_layer, activation_layer = nn.ReLU, bias = true, dropout
--- = 0}): linear layers with a norm and an activation between them, dropout after each.
function layers.MLP(cin, widths, options)
  local o <const> = options or {}
  local net <const> = nn.Sequential()
  for k, width in ipairs(widths) do
    net:add(nn.Linear(cin, width, { bias = o.bias }))
    if k < #widths then
      if o.norm_layer then net:add(o.norm_layer(width)) end
      net:add((o.activation_layer or nn.ReLU)())
    end
    net:add(nn.Dropout(o.dropout or 0))
    cin = width
  end
  return net
end

--- ops.Permute { dims... }: x:permute(dims), from 1.
local Permute <const> = nn.Module:extend "Permute"
layers.Permute = Permute

function Permute:new(dims) self.dims = dims end
function Permute:forward(x) return x:permute(table.unpack(self.dims)) end

-- ---- frozen batch norm --------------------------------------------------------------------------

--- ops.FrozenBatchNorm2d(num_features, eps = 1e-5): batch norm whose statistics, factors and terms
--- are fixed: buffers, which no training changes.
local FrozenBatchNorm2d <const> = nn.Module:extend("FrozenBatchNorm2d", "num_features, eps = 1e-5")
layers.FrozenBatchNorm2d = FrozenBatchNorm2d

function FrozenBatchNorm2d:build(o)
  local n <const> = o.num_features
  self:register_buffer("weight", tocha.ones(n))
  self:register_buffer("bias", tocha.zeros(n))
  self:register_buffer("running_mean", tocha.zeros(n))
  self:register_buffer("running_var", tocha.ones(n))
end

function FrozenBatchNorm2d:forward(x)
  return nn.functional.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias,
    false, 0, self.eps)
end

-- ---- DropBlock ----------------------------------------------------------------------------------

-- Zeros in blocks of block_size^d of each map, (B, C, ...); d is 2 or 3.
local function drop_block(name, d, x, p, block_size, training, eps)
  if type(p) ~= "number" or p < 0 or p > 1 then
    core.fail(name, 2, "expected a probability in 0 .. 1, got %s", tostring(p))
  end
  if not core.is_tensor(x) or x.ndim ~= d + 2 then
    core.fail(name, 1, "expected a tensor of %d dimensions", d + 2)
  end
  if not training or p == 0 then return x end
  local sizes <const>, centres, all = x.shape, 1, 1
  for k = 3, d + 2 do
    block_size = math.min(block_size, sizes[k])
  end
  for k = 3, d + 2 do
    all, sizes[k] = all * sizes[k], sizes[k] - block_size + 1
    centres = centres * sizes[k]
  end
  local gamma <const> = p * all / (block_size ^ d * centres)
  local noise = tocha.rand(sizes, { dtype = x.dtype, device = x.device }):lt(gamma):to(x.dtype)
  local before <const>, pads <const> = block_size // 2, {}
  for k = 1, 2 * d, 2 do pads[k], pads[k + 1] = before, block_size - 1 - before end
  noise = nn.functional.pad(noise, pads)
  noise = 1 - nn.functional["max_pool" .. d .. "d"](nn.functional.pad(noise, pads), block_size, 1)
  local scale <const> = noise:numel() / (noise:sum() + (eps or 1e-6))
  return x * noise * scale
end

--- ops.drop_block2d(input, p, block_size, training = true, eps = 1e-6): zeros in squares of (B, C,
--- H, W) maps, about a share p of all, the rest scaled up. Ghiasi et al., "DropBlock" (2018).

--- ops.drop_block3d(input, p, block_size, training = true, eps = 1e-6): zeros in cubes of (B, C, D,
--- H, W) maps, about a share p of all, the rest scaled up.

--- ops.DropBlock2d(p, block_size, eps = 1e-6): drop_block2d as a layer; it drops in training.

--- ops.DropBlock3d(p, block_size, eps = 1e-6): drop_block3d as a layer; it drops in training.

for d = 2, 3 do
  local name <const> = ("drop_block%dd"):format(d)
  layers[name] = function(x, p, block_size, training, eps)
    return drop_block(name, d, x, p, block_size, training ~= false, eps)
  end
  local class <const> = nn.Module:extend(("DropBlock%dd"):format(d), "p, block_size, eps = 1e-6")
  layers[class.__name] = class
  function class:forward(x)
    return drop_block(name, d, x, self.p, self.block_size, self.is_training, self.eps)
  end
end

-- ---- pyramids of features -----------------------------------------------------------------------

--- ops.FeaturePyramidNetwork({channels...}, out_channels, {norm_layer, last_pool = false}): maps of
--- all levels, the finest first, become as many of out_channels, each with what the coarser ones
--- know; last_pool adds one of half the size. Lin et al. (2017).
local FeaturePyramidNetwork <const> = nn.Module:extend "FeaturePyramidNetwork"
layers.FeaturePyramidNetwork = FeaturePyramidNetwork

function FeaturePyramidNetwork:new(channels, out_channels, options)
  local norm <const> = (options or {}).norm_layer
  self.last_pool = (options or {}).last_pool or false
  local function block(cin, kernel_size)
    local layer <const> = nn.Sequential(nn.Conv2d(cin, out_channels, kernel_size,
      { padding = kernel_size // 2, bias = not norm }))
    nn.init.kaiming_uniform_(layer[1].weight, { a = 1 })
    if layer[1].bias then nn.init.zeros_(layer[1].bias) end
    if norm then layer:add(norm(out_channels)) end
    return layer
  end
  self.inner_blocks, self.layer_blocks = nn.ModuleList(), nn.ModuleList()
  for _, cin in ipairs(channels) do
    self.inner_blocks:append(block(cin, 1))
    self.layer_blocks:append(block(out_channels, 3))
  end
end

-- maps: a list of (B, channels, H, W), so is the result
function FeaturePyramidNetwork:forward(maps)
  local results <const>, inner = {}, nil
  for k = #maps, 1, -1 do
    local here <const> = self.inner_blocks[k](maps[k])
    inner = inner and here + nn.functional.interpolate(inner,
      { size = { here:size(3), here:size(4) }, mode = "nearest" }) or here
    results[k] = self.layer_blocks[k](inner)
  end
  if self.last_pool then
    results[#maps + 1] = nn.functional.max_pool2d(results[#maps], 1, 2)
  end
  return results
end

return layers
