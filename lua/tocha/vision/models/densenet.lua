-- DenseNet: Huang et al., "Densely Connected Convolutional Networks" (2017), the form BC: with
-- bottlenecks, and half the channels between the blocks. Pictures are at least 29 x 29.

local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local dropout <const> = nn.functional.dropout

local function relu() return nn.ReLU { inplace = true } end

local DenseLayer <const> = nn.Module:extend "DenseLayer"

function DenseLayer:new(cin, o)
  local width <const> = o.bn_size * o.growth_rate
  self.norm1 = nn.BatchNorm2d(cin)
  self.relu1 = relu()
  self.conv1 = nn.Conv2d(cin, width, 1, { bias = false })
  self.norm2 = nn.BatchNorm2d(width)
  self.relu2 = relu()
  self.conv2 = nn.Conv2d(width, o.growth_rate, 3, { padding = 1, bias = false })
  self.drop_rate = o.drop_rate
end

-- x is what all layers before it have found, (B, cin, H, W); it adds growth_rate channels.
function DenseLayer:forward(x)
  local y = self.conv1(self.relu1(self.norm1(x)))
  y = self.conv2(self.relu2(self.norm2(y)))
  return tocha.cat({ x, dropout(y, self.drop_rate, self.is_training) }, 2)
end

local function dense_block(cin, count, o)
  local block <const> = nn.Sequential()
  for k = 1, count do
    block:add(DenseLayer(cin + (k - 1) * o.growth_rate, o), "denselayer" .. k)
  end
  return block
end

-- Half the channels, half the size.
local function transition(cin)
  return nn.Sequential {
    { "norm", nn.BatchNorm2d(cin) }, { "relu", relu() },
    { "conv", nn.Conv2d(cin, cin // 2, 1, { bias = false }) }, { "pool", nn.AvgPool2d(2, 2) },
  }
end

-- ---- the network --------------------------------------------------------------------------------

local ARGS <const> = "growth_rate = 32, block_config = {6, 12, 24, 16}, num_init_features = 64, "
  .. "bn_size = 4, drop_rate = 0.0, num_classes = 1000"

local DenseNet <const> = nn.Module:extend "DenseNet"

local function stem(width)
  return nn.Sequential {
    { "conv0", nn.Conv2d(3, width, 7, { stride = 2, padding = 3, bias = false }) },
    { "norm0", nn.BatchNorm2d(width) }, { "relu0", relu() },
    { "pool0", nn.MaxPool2d(3, { stride = 2, padding = 1 }) },
  }
end

--- models.DenseNet(growth_rate = 32, {block_config = {6, 12, 24, 16}, num_init_features = 64,
--- bn_size = 4, drop_rate = 0, num_classes = 1000}): each layer adds growth_rate channels ("k" of
--- the paper), through a bottleneck of bn_size times as many.
function DenseNet:new(...)
  local o <const> = {}
  signature.read(ARGS, "DenseNet", o, ...)
  self.features = stem(o.num_init_features)
  local width = o.num_init_features
  for k, count in ipairs(o.block_config) do
    self.features:add(dense_block(width, count, o), "denseblock" .. k)
    width = width + count * o.growth_rate
    if k < #o.block_config then
      self.features:add(transition(width), "transition" .. k)
      width = width // 2
    end
  end
  self.features:add(nn.BatchNorm2d(width), "norm5")
  self.classifier = nn.Linear(width, o.num_classes)
  blocks.start_weights(self, nn.Conv2d, nn.init.kaiming_normal_)
  nn.init.zeros_(self.classifier.bias)
  blocks.rename_on_load(self, "(denselayer%d+%.%a+)%.([12]%.)", "%1%2")  -- published: norm.1
end

-- x is (B, 3, H, W), the result (B, num_classes)
function DenseNet:forward(x)
  x = self.features(x):relu():adaptive_avg_pool2d(1)
  return self.classifier(x:flatten(2))
end

return blocks.define({}, DenseNet, {
  densenet121 = {},
  densenet161 = { growth_rate = 48, block_config = { 6, 12, 36, 24 }, num_init_features = 96 },
  densenet169 = { block_config = { 6, 12, 32, 32 } },
  densenet201 = { block_config = { 6, 12, 48, 32 } },
})
