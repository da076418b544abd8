-- Residual networks for CIFAR's 32 x 32 pictures: He et al., "Deep Residual Learning for Image
-- Recognition" (2016), section 4.2, depths 20 to 110 with shortcuts that have no parameters (option
-- A); and the pre-activation of He et al., "Identity Mappings in Deep Residual Networks" (2016).
-- Names are those of the well-known weights of akamaster/pytorch_resnet_cifar10.

local nn = require "tocha.nn"
local core = require "tocha.core"
local norm_relu = require "tocha.nn.norm_relu".norm_relu
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local function conv3x3(cin, cout, stride)
  return nn.Conv2d(cin, cout, 3, { stride = stride, padding = 1, bias = false })
end

-- Option A: every second place, channels of zeros before and after.
local function shortcut(x, cout, stride)
  local extra <const> = cout - x:size(2)
  if stride > 1 then x = x:avg_pool2d(1, stride) end  -- means of one: each second place
  return extra > 0 and nn.functional.pad(x, { 0, 0, 0, 0, extra // 2, extra // 2 }) or x
end

local BasicBlock <const> = nn.Module:extend "BasicBlock"

function BasicBlock:new(cin, cout, stride)
  self.stride, self.cout = stride, cout
  self.conv1 = conv3x3(cin, cout, stride)
  self.bn1 = nn.BatchNorm2d(cout)
  self.conv2 = conv3x3(cout, cout, 1)
  self.bn2 = nn.BatchNorm2d(cout)
end

-- x is (B, cin, H, W), the result (B, cout, H / stride, W / stride)
function BasicBlock:forward(x)
  local y <const> = self.conv2(norm_relu(self.bn1, false, self.conv1(x)))
  return norm_relu(self.bn2, false, y, shortcut(x, self.cout, self.stride))
end

-- Normalised and cut off before each convolution: the shortcut is the identity all the way.
local PreActBlock <const> = nn.Module:extend "PreActBlock"

function PreActBlock:new(cin, cout, stride)
  self.stride, self.cout = stride, cout
  self.bn1 = nn.BatchNorm2d(cin)
  self.conv1 = conv3x3(cin, cout, stride)
  self.bn2 = nn.BatchNorm2d(cout)
  self.conv2 = conv3x3(cout, cout, 1)
end

function PreActBlock:forward(x)
  local y <const> = self.conv1(norm_relu(self.bn1, false, x))
  return self.conv2(norm_relu(self.bn2, false, y)) + shortcut(x, self.cout, self.stride)
end

-- ---- the network --------------------------------------------------------------------------------

local function stage(Block, cin, cout, count, stride)
  local layers <const> = nn.Sequential(Block(cin, cout, stride))
  for _ = 2, count do layers:add(Block(cout, cout, 1)) end
  return layers
end

local CifarResNet <const> = nn.Module:extend "CifarResNet"

--- models.CifarResNet(depth, {num_classes = 10, pre_activation = false}): depth is 6 n + 2.
function CifarResNet:new(...)
  local o <const> = {}
  signature.read("depth, num_classes = 10, pre_activation = false", "CifarResNet", o, ...)
  local n <const> = (o.depth - 2) // 6
  if n < 1 or 6 * n + 2 ~= o.depth then
    core.fail("CifarResNet", 1, "'depth': expected 6 n + 2, got %s", tostring(o.depth))
  end
  local Block <const> = o.pre_activation and PreActBlock or BasicBlock
  self.pre_activation = o.pre_activation
  self.conv1 = conv3x3(3, 16, 1)
  self.bn1 = nn.BatchNorm2d(o.pre_activation and 64 or 16)
  self.layer1 = stage(Block, 16, 16, n, 1)
  self.layer2 = stage(Block, 16, 32, n, 2)
  self.layer3 = stage(Block, 32, 64, n, 2)
  self.linear = nn.Linear(64, o.num_classes)
  blocks.each(self, nn.Conv2d, function(m) nn.init.kaiming_normal_(m.weight) end)
  nn.init.kaiming_normal_(self.linear.weight)
end

-- x is (B, 3, H, W), the result (B, num_classes); of pre-activation the norm comes last
function CifarResNet:forward(x)
  x = self.conv1(x)
  if not self.pre_activation then x = norm_relu(self.bn1, false, x) end
  x = self.layer3(self.layer2(self.layer1(x)))
  if self.pre_activation then x = norm_relu(self.bn1, false, x) end
  return self.linear(x:mean { 3, 4 })
end

local kinds <const> = {}
for _, depth in ipairs { 20, 32, 44, 56, 110 } do
  kinds["resnet" .. depth] = { depth = depth }
  kinds["preact_resnet" .. depth] = { depth = depth, pre_activation = true }
end

return blocks.define({}, CifarResNet, kinds)
