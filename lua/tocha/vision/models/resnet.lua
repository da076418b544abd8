-- Residual networks (He et al., "Deep Residual Learning for Image Recognition", 2016), ResNeXt (Xie
-- et al., 2017) and wide ones (Zagoruyko and Komodakis, 2016), with torchvision's structure and
-- names: its weights load by name.
--
-- Of the bottleneck, as torchvision has it, the 3 x 3 convolution carries the stride ("v1.5"); with
-- stride_in_1x1 the first 1 x 1 does, as in the paper.

local nn = require "tocha.nn"
local norm_relu = require "tocha.nn.norm_relu".norm_relu
local signature = require "tocha.signature"

local resnet <const> = {}

local function conv3x3(cin, cout, stride, groups)
  return nn.Conv2d(cin, cout, 3, { stride = stride, padding = 1, groups = groups, bias = false })
end

local function conv1x1(cin, cout, stride)
  return nn.Conv2d(cin, cout, 1, { stride = stride, bias = false })
end

-- ---- blocks -------------------------------------------------------------------------------------

-- How many channels leave a block of `planes`.
local EXPANSION <const> = { basic = 1, bottleneck = 4 }

local BasicBlock <const> = nn.Module:extend "BasicBlock"

function BasicBlock:new(cin, planes, stride, downsample)
  self.conv1 = conv3x3(cin, planes, stride)
  self.bn1 = nn.BatchNorm2d(planes)
  self.relu = nn.ReLU { inplace = true }
  self.conv2 = conv3x3(planes, planes, 1)
  self.bn2 = nn.BatchNorm2d(planes)
  self.downsample = downsample
end

-- x is (B, cin, H, W), the result (B, planes, H / stride, W / stride)
function BasicBlock:forward(x)
  local y = norm_relu(self.bn1, self.relu, self.conv1(x))
  y = self.conv2(y)
  return norm_relu(self.bn2, self.relu, y, self.downsample and self.downsample(x) or x)
end

local Bottleneck <const> = nn.Module:extend "Bottleneck"

function Bottleneck:new(cin, planes, stride, downsample, o)
  local width <const> = planes * o.width_per_group // 64 * o.groups
  local first <const> = o.stride_in_1x1
  self.conv1 = conv1x1(cin, width, first and stride or 1)
  self.bn1 = nn.BatchNorm2d(width)
  self.conv2 = conv3x3(width, width, first and 1 or stride, o.groups)
  self.bn2 = nn.BatchNorm2d(width)
  self.conv3 = conv1x1(width, 4 * planes, 1)
  self.bn3 = nn.BatchNorm2d(4 * planes)
  self.relu = nn.ReLU { inplace = true }
  self.downsample = downsample
end

-- x is (B, cin, H, W), the result (B, 4 planes, H / stride, W / stride)
function Bottleneck:forward(x)
  local y = norm_relu(self.bn1, self.relu, self.conv1(x))
  y = self.conv3(norm_relu(self.bn2, self.relu, self.conv2(y)))
  return norm_relu(self.bn3, self.relu, y, self.downsample and self.downsample(x) or x)
end

local BLOCKS <const> = { basic = BasicBlock, bottleneck = Bottleneck }

-- ---- the network --------------------------------------------------------------------------------

local ARGS <const> = "block, layers, num_classes = 1000, zero_init_residual = false, groups = 1, "
  .. "width_per_group = 64, stride_in_1x1 = false"

local ResNet <const> = nn.Module:extend "ResNet"
resnet.ResNet = ResNet

local function stage(self, cin, planes, count, stride)
  local cout <const> = planes * EXPANSION[self.block]
  local blocks <const> = nn.Sequential()
  for k = 1, count do
    local first <const> = k == 1
    local downsample <const> = first and (stride ~= 1 or cin ~= cout)
      and nn.Sequential(conv1x1(cin, cout, stride), nn.BatchNorm2d(cout)) or nil
    blocks:add(BLOCKS[self.block](first and cin or cout, planes, first and stride or 1, downsample,
      self))
  end
  return blocks, cout
end

--- models.ResNet(block, layers, {num_classes = 1000, zero_init_residual = false, groups = 1,
--- width_per_group = 64, stride_in_1x1 = false}): `block` is "basic" or "bottleneck", `layers` how
--- many of each of the four stages. zero_init_residual: each block begins as the identity (Goyal et
--- al., 2017).
function ResNet:new(...)
  signature.read(ARGS, "ResNet", self, ...)
  self.conv1 = nn.Conv2d(3, 64, 7, { stride = 2, padding = 3, bias = false })
  self.bn1 = nn.BatchNorm2d(64)
  self.relu = nn.ReLU { inplace = true }
  self.maxpool = nn.MaxPool2d(3, { stride = 2, padding = 1 })
  local width = 64
  for k, count in ipairs(self.layers) do
    self["layer" .. k], width = stage(self, width, 32 << k, count, k == 1 and 1 or 2)
  end
  self.avgpool = nn.AdaptiveAvgPool2d(1)
  self.fc = nn.Linear(width, self.num_classes)
  self:initialise()
end

-- He et al., "Delving Deep into Rectifiers" (2015).
function ResNet:initialise()
  for _, m in self:named_modules() do
    if m:is(nn.Conv2d) then
      nn.init.kaiming_normal_(m.weight, { mode = "fan_out", nonlinearity = "relu" })
    elseif self.zero_init_residual and m:is(Bottleneck) then
      nn.init.zeros_(m.bn3.weight)
    elseif self.zero_init_residual and m:is(BasicBlock) then
      nn.init.zeros_(m.bn2.weight)
    end
  end
end

-- x is (B, 3, H, W), the result (B, num_classes)
function ResNet:forward(x)
  x = self.maxpool(norm_relu(self.bn1, self.relu, self.conv1(x)))
  for k = 1, #self.layers do x = self["layer" .. k](x) end
  return self.fc(self.avgpool(x):flatten(2))
end

-- ---- by name ------------------------------------------------------------------------------------

-- block, layers, groups, width of a group
local KINDS <const> = {
  resnet18 = { "basic", { 2, 2, 2, 2 } },
  resnet34 = { "basic", { 3, 4, 6, 3 } },
  resnet50 = { "bottleneck", { 3, 4, 6, 3 } },
  resnet101 = { "bottleneck", { 3, 4, 23, 3 } },
  resnet152 = { "bottleneck", { 3, 8, 36, 3 } },
  resnext50_32x4d = { "bottleneck", { 3, 4, 6, 3 }, 32, 4 },
  resnext101_32x8d = { "bottleneck", { 3, 4, 23, 3 }, 32, 8 },
  resnext101_64x4d = { "bottleneck", { 3, 4, 23, 3 }, 64, 4 },
  wide_resnet50_2 = { "bottleneck", { 3, 4, 6, 3 }, 1, 128 },
  wide_resnet101_2 = { "bottleneck", { 3, 4, 23, 3 }, 1, 128 },
}

for name, kind in pairs(KINDS) do
  resnet[name] = function(options)
    local all <const> = { groups = kind[3], width_per_group = kind[4] }
    for key, value in pairs(options or {}) do all[key] = value end
    return ResNet(kind[1], kind[2], all)
  end
end

return resnet
