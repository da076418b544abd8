-- Inception-v3: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision" (2016),
-- with torchvision's structure and names. Pictures are 299 x 299, at least 75 x 75 (in training
-- with the auxiliary classifier 299). In training it returns two results: net(x) -> logits, the
-- auxiliary ones.

local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local conv <const> = blocks.BasicConv2d

-- Convolutions whose result has the size of the input.
local function square(cin, cout, size) return conv(cin, cout, size, { padding = size // 2 }) end
local function row(cin, cout, size)
  return conv(cin, cout, { 1, size }, { padding = { 0, size // 2 } })
end
local function column(cin, cout, size)
  return conv(cin, cout, { size, 1 }, { padding = { size // 2, 0 } })
end

local function halving(cin, cout) return conv(cin, cout, 3, { stride = 2 }) end

local function mean3x3(x) return x:avg_pool2d(3, 1, 1) end
local function max3x3(x) return x:max_pool2d(3, 2) end

-- ---- 35 x 35 ------------------------------------------------------------------------------------

-- The paper's figure 5: a 5 x 5 is two 3 x 3.
local InceptionA <const> = nn.Module:extend "InceptionA"

function InceptionA:new(cin, pool_features)
  self.branch1x1 = conv(cin, 64, 1)
  self.branch5x5_1 = conv(cin, 48, 1)
  self.branch5x5_2 = square(48, 64, 5)
  self.branch3x3dbl_1 = conv(cin, 64, 1)
  self.branch3x3dbl_2 = square(64, 96, 3)
  self.branch3x3dbl_3 = square(96, 96, 3)
  self.branch_pool = conv(cin, pool_features, 1)
end

-- x is (B, cin, H, W), the result (B, 224 + pool_features, H, W)
function InceptionA:forward(x)
  return tocha.cat({
    self.branch1x1(x),
    self.branch5x5_2(self.branch5x5_1(x)),
    self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x))),
    self.branch_pool(mean3x3(x)),
  }, 2)
end

-- To half the size.
local InceptionB <const> = nn.Module:extend "InceptionB"

function InceptionB:new(cin)
  self.branch3x3 = halving(cin, 384)
  self.branch3x3dbl_1 = conv(cin, 64, 1)
  self.branch3x3dbl_2 = square(64, 96, 3)
  self.branch3x3dbl_3 = halving(96, 96)
end

-- x is (B, cin, H, W), the result (B, 480 + cin, (H - 1) / 2, (W - 1) / 2)
function InceptionB:forward(x)
  return tocha.cat({
    self.branch3x3(x),
    self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x))),
    max3x3(x),
  }, 2)
end

-- ---- 17 x 17 ------------------------------------------------------------------------------------

-- Figure 6: a 7 x 7 is a 1 x 7 and a 7 x 1.
local InceptionC <const> = nn.Module:extend "InceptionC"

function InceptionC:new(cin, c7)
  self.branch1x1 = conv(cin, 192, 1)
  self.branch7x7_1 = conv(cin, c7, 1)
  self.branch7x7_2 = row(c7, c7, 7)
  self.branch7x7_3 = column(c7, 192, 7)
  self.branch7x7dbl_1 = conv(cin, c7, 1)
  self.branch7x7dbl_2 = column(c7, c7, 7)
  self.branch7x7dbl_3 = row(c7, c7, 7)
  self.branch7x7dbl_4 = column(c7, c7, 7)
  self.branch7x7dbl_5 = row(c7, 192, 7)
  self.branch_pool = conv(cin, 192, 1)
end

-- x is (B, cin, H, W), the result (B, 768, H, W)
function InceptionC:forward(x)
  local double <const> = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(x)))
  return tocha.cat({
    self.branch1x1(x),
    self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x))),
    self.branch7x7dbl_5(self.branch7x7dbl_4(double)),
    self.branch_pool(mean3x3(x)),
  }, 2)
end

-- To half the size.
local InceptionD <const> = nn.Module:extend "InceptionD"

function InceptionD:new(cin)
  self.branch3x3_1 = conv(cin, 192, 1)
  self.branch3x3_2 = halving(192, 320)
  self.branch7x7x3_1 = conv(cin, 192, 1)
  self.branch7x7x3_2 = row(192, 192, 7)
  self.branch7x7x3_3 = column(192, 192, 7)
  self.branch7x7x3_4 = halving(192, 192)
end

-- x is (B, cin, H, W), the result (B, 512 + cin, (H - 1) / 2, (W - 1) / 2)
function InceptionD:forward(x)
  local seven <const> = self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(x)))
  return tocha.cat({
    self.branch3x3_2(self.branch3x3_1(x)), self.branch7x7x3_4(seven), max3x3(x),
  }, 2)
end

-- ---- 8 x 8 --------------------------------------------------------------------------------------

-- Figure 7: the 1 x 3 and the 3 x 1 stand side by side, for more features.
local InceptionE <const> = nn.Module:extend "InceptionE"

function InceptionE:new(cin)
  self.branch1x1 = conv(cin, 320, 1)
  self.branch3x3_1 = conv(cin, 384, 1)
  self.branch3x3_2a = row(384, 384, 3)
  self.branch3x3_2b = column(384, 384, 3)
  self.branch3x3dbl_1 = conv(cin, 448, 1)
  self.branch3x3dbl_2 = square(448, 384, 3)
  self.branch3x3dbl_3a = row(384, 384, 3)
  self.branch3x3dbl_3b = column(384, 384, 3)
  self.branch_pool = conv(cin, 192, 1)
end

-- x is (B, cin, H, W), the result (B, 2048, H, W)
function InceptionE:forward(x)
  local single <const> = self.branch3x3_1(x)
  local double <const> = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
  return tocha.cat({
    self.branch1x1(x),
    self.branch3x3_2a(single), self.branch3x3_2b(single),
    self.branch3x3dbl_3a(double), self.branch3x3dbl_3b(double),
    self.branch_pool(mean3x3(x)),
  }, 2)
end

-- ---- the network --------------------------------------------------------------------------------

-- A classifier in the middle, for training alone.
local InceptionAux <const> = nn.Module:extend "InceptionAux"

function InceptionAux:new(cin, num_classes)
  self.conv0 = conv(cin, 128, 1)
  self.conv1 = conv(128, 768, 5)
  self.fc = nn.Linear(768, num_classes)
end

-- x is (B, cin, 17, 17), the result (B, num_classes)
function InceptionAux:forward(x)
  x = self.conv1(self.conv0(x:avg_pool2d(5, 3)))
  return self.fc(x:adaptive_avg_pool2d(1):flatten(2))
end

local ARGS <const> = "num_classes = 1000, aux_logits = true, transform_input = false, dropout = 0.5"

local Inception3 <const> = nn.Module:extend "Inception3"

--- models.Inception3(num_classes = 1000, {aux_logits = true, transform_input = false, dropout =
--- 0.5}). transform_input: as of GoogLeNet.
function Inception3:new(...)
  local o <const> = {}
  signature.read(ARGS, "Inception3", o, ...)
  self.transform_input = o.transform_input
  self.Conv2d_1a_3x3 = halving(3, 32)
  self.Conv2d_2a_3x3 = conv(32, 32, 3)
  self.Conv2d_2b_3x3 = square(32, 64, 3)
  self.maxpool1 = nn.MaxPool2d(3, 2)
  self.Conv2d_3b_1x1 = conv(64, 80, 1)
  self.Conv2d_4a_3x3 = conv(80, 192, 3)
  self.maxpool2 = nn.MaxPool2d(3, 2)
  self.Mixed_5b = InceptionA(192, 32)
  self.Mixed_5c = InceptionA(256, 64)
  self.Mixed_5d = InceptionA(288, 64)
  self.Mixed_6a = InceptionB(288)
  self.Mixed_6b = InceptionC(768, 128)
  self.Mixed_6c = InceptionC(768, 160)
  self.Mixed_6d = InceptionC(768, 160)
  self.Mixed_6e = InceptionC(768, 192)
  if o.aux_logits then self.AuxLogits = InceptionAux(768, o.num_classes) end
  self.Mixed_7a = InceptionD(768)
  self.Mixed_7b = InceptionE(1280)
  self.Mixed_7c = InceptionE(2048)
  self.avgpool = nn.AdaptiveAvgPool2d(1)
  self.dropout = nn.Dropout(o.dropout)
  self.fc = nn.Linear(2048, o.num_classes)
  self:initialise()
end

function Inception3:initialise()
  local aux <const> = self.AuxLogits
  local std <const> = aux and { [aux.conv1.conv] = 0.01, [aux.fc] = 0.001 } or {}
  local function start(m) nn.init.trunc_normal_(m.weight, 0, std[m] or 0.1) end
  blocks.each(self, nn.Conv2d, start)
  blocks.each(self, nn.Linear, start)
end

-- From (B, 3, 299, 299) to (B, 192, 35, 35).
local function stem(self, x)
  x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x)))
  return self.maxpool2(self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(self.maxpool1(x))))
end

-- x is (B, 3, H, W), each result (B, num_classes)
function Inception3:forward(x)
  if self.transform_input then x = blocks.to_unit_range(x) end
  x = self.Mixed_6a(self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(stem(self, x)))))
  local middle <const> = self.Mixed_6e(self.Mixed_6d(self.Mixed_6c(self.Mixed_6b(x))))
  x = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(middle)))
  local logits <const> = self.fc(self.dropout(self.avgpool(x):flatten(2)))
  if not (self.is_training and self.AuxLogits) then return logits end
  return logits, self.AuxLogits(middle)
end

return blocks.define({}, Inception3, { inception_v3 = {} })
