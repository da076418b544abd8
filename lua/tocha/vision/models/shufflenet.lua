-- ShuffleNet v2: Ma et al., "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture
-- Design" (2018). Pictures of any size.

local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local function relu() return nn.ReLU { inplace = true } end

local function conv1x1(cin, cout) return nn.Conv2d(cin, cout, 1, { bias = false }) end

local function depthwise(channels, stride)
  return nn.Conv2d(channels, channels, 3,
    { stride = stride, padding = 1, groups = channels, bias = false })
end

-- One half of the channels passes as it is, or, where the size halves, all go both ways.
local InvertedResidual <const> = nn.Module:extend "InvertedResidual"

function InvertedResidual:new(cin, cout, stride)
  local half <const> = cout // 2
  self.stride = stride
  self.branch1 = stride == 1 and nn.Sequential() or nn.Sequential(
    depthwise(cin, stride), nn.BatchNorm2d(cin),
    conv1x1(cin, half), nn.BatchNorm2d(half), relu())
  self.branch2 = nn.Sequential(
    conv1x1(stride == 1 and half or cin, half), nn.BatchNorm2d(half), relu(),
    depthwise(half, stride), nn.BatchNorm2d(half),
    conv1x1(half, half), nn.BatchNorm2d(half), relu())
end

-- x is (B, cin, H, W), the result (B, cout, H / stride, W / stride)
function InvertedResidual:forward(x)
  local left, right = x, x
  if self.stride == 1 then left, right = table.unpack(x:chunk(2, 2)) end
  return tocha.cat({ self.branch1(left), self.branch2(right) }, 2):channel_shuffle(2)
end

-- ---- the network --------------------------------------------------------------------------------

local function stage(cin, cout, count)
  local layers <const> = nn.Sequential(InvertedResidual(cin, cout, 2))
  for _ = 2, count do layers:add(InvertedResidual(cout, cout, 1)) end
  return layers
end

local ShuffleNetV2 <const> = nn.Module:extend "ShuffleNetV2"

--- models.ShuffleNetV2(widths, {repeats = {4, 8, 4}, num_classes = 1000}): `widths` are the
--- channels after the first convolution, the three stages and the last convolution.
function ShuffleNetV2:new(...)
  local o <const> = {}
  signature.read("widths, repeats = {4, 8, 4}, num_classes = 1000", "ShuffleNetV2", o, ...)
  local w <const> = o.widths
  self.conv1 = nn.Sequential(nn.Conv2d(3, w[1], 3, { stride = 2, padding = 1, bias = false }),
    nn.BatchNorm2d(w[1]), relu())
  self.maxpool = nn.MaxPool2d(3, { stride = 2, padding = 1 })
  for k, count in ipairs(o.repeats) do self["stage" .. k + 1] = stage(w[k], w[k + 1], count) end
  self.conv5 = nn.Sequential(conv1x1(w[4], w[5]), nn.BatchNorm2d(w[5]), relu())
  self.fc = nn.Linear(w[5], o.num_classes)
end

-- x is (B, 3, H, W), the result (B, num_classes)
function ShuffleNetV2:forward(x)
  x = self.maxpool(self.conv1(x))
  x = self.conv5(self.stage4(self.stage3(self.stage2(x))))
  return self.fc(x:mean { 3, 4 })
end

return blocks.define({}, ShuffleNetV2, {
  shufflenet_v2_x0_5 = { widths = { 24, 48, 96, 192, 1024 } },
  shufflenet_v2_x1_0 = { widths = { 24, 116, 232, 464, 1024 } },
  shufflenet_v2_x1_5 = { widths = { 24, 176, 352, 704, 1024 } },
  shufflenet_v2_x2_0 = { widths = { 24, 244, 488, 976, 2048 } },
})
