-- GoogLeNet: Szegedy et al., "Going Deeper with Convolutions" (2015), twice. GoogLeNet is
-- torchvision's: batch norm after each convolution, and 3 x 3 convolutions where the paper has
-- 5 x 5; pictures are at least 15 x 15. GoogLeNetPaper is the paper's: 5 x 5, local response
-- normalisation, no batch norm; its auxiliary heads need pictures of 224 x 224. In training both
-- return three results: net(x) -> logits, those of aux2, of aux1.

local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

-- ---- in what the two differ ---------------------------------------------------------------------

local ConvReLU <const> = nn.Module:extend "ConvReLU"

function ConvReLU:new(cin, cout, kernel_size, options)
  self.conv = nn.Conv2d(cin, cout, kernel_size, options)
end

function ConvReLU:forward(x) return self.conv(x):relu() end

-- The convolution, the size of the largest one of a module, of the last maximum pooling, and how an
-- auxiliary head gets its 4 x 4.
local TORCHVISION <const> = {
  conv = blocks.BasicConv2d, largest = 3, pool4 = 2,
  aux_pool = function(x) return x:adaptive_avg_pool2d(4) end,
}
local PAPER <const> = {
  conv = ConvReLU, largest = 5, pool4 = 3,
  aux_pool = function(x) return x:avg_pool2d(5, 3) end,
}

-- ---- the module with four branches --------------------------------------------------------------

local Inception <const> = nn.Module:extend "Inception"

-- As in the paper's table 1: "#3x3 reduce" is how many channels the 1 x 1 before the 3 x 3 leaves.
function Inception:new(style, cin, c1x1, c3x3_reduce, c3x3, c5x5_reduce, c5x5, pool_proj)
  local conv <const>, largest <const> = style.conv, style.largest
  self.branch1 = conv(cin, c1x1, 1)
  self.branch2 = nn.Sequential(conv(cin, c3x3_reduce, 1),
    conv(c3x3_reduce, c3x3, 3, { padding = 1 }))
  self.branch3 = nn.Sequential(conv(cin, c5x5_reduce, 1),
    conv(c5x5_reduce, c5x5, largest, { padding = largest // 2 }))
  self.branch4 = nn.Sequential(
    nn.MaxPool2d(3, { stride = 1, padding = 1, ceil_mode = true }), conv(cin, pool_proj, 1))
end

-- x is (B, cin, H, W), the result (B, c1x1 + c3x3 + c5x5 + pool_proj, H, W)
function Inception:forward(x)
  return tocha.cat({ self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x) }, 2)
end

-- A classifier in the middle, for training alone.
local InceptionAux <const> = nn.Module:extend "InceptionAux"

function InceptionAux:new(style, cin, num_classes, dropout)
  self.pool = style.aux_pool
  self.conv = style.conv(cin, 128, 1)
  self.fc1 = nn.Linear(128 * 4 * 4, 1024)
  self.fc2 = nn.Linear(1024, num_classes)
  self.dropout = nn.Dropout(dropout)
end

-- x is (B, cin, H, W), the result (B, num_classes)
function InceptionAux:forward(x)
  x = self.conv(self.pool(x)):flatten(2)
  return self.fc2(self.dropout(self.fc1(x):relu()))
end

-- ---- the network --------------------------------------------------------------------------------

local function pool(size) return nn.MaxPool2d(size, { stride = 2, ceil_mode = true }) end

local ARGS <const> = "num_classes = 1000, aux_logits = true, transform_input = false, "
  .. "dropout = 0.2, dropout_aux = 0.7"

local GoogLeNet <const> = nn.Module:extend "GoogLeNet"

--- models.GoogLeNet(num_classes = 1000, {aux_logits = true, transform_input = false, dropout = 0.2,
--- dropout_aux = 0.7}). transform_input: takes pictures normalised by ImageNet's mean and
--- deviation, and makes of them the -1 to 1 that its published weights expect.
function GoogLeNet:new(...)
  local o <const> = {}
  signature.read(ARGS, "GoogLeNet", o, ...)
  self.transform_input = o.transform_input
  self:add_stem(TORCHVISION.conv)
  self:add_modules(TORCHVISION)
  self:add_heads(TORCHVISION, o)
  local function start(m) nn.init.trunc_normal_(m.weight, 0, 0.01) end
  blocks.each(self, nn.Conv2d, start)
  blocks.each(self, nn.Linear, start)
end

function GoogLeNet:add_stem(conv)
  self.conv1 = conv(3, 64, 7, { stride = 2, padding = 3 })
  self.maxpool1 = pool(3)
  self.conv2 = conv(64, 64, 1)
  self.conv3 = conv(64, 192, 3, { padding = 1 })
  self.maxpool2 = pool(3)
end

-- Table 1 of the paper.
function GoogLeNet:add_modules(style)
  self.inception3a = Inception(style, 192, 64, 96, 128, 16, 32, 32)
  self.inception3b = Inception(style, 256, 128, 128, 192, 32, 96, 64)
  self.maxpool3 = pool(3)
  self.inception4a = Inception(style, 480, 192, 96, 208, 16, 48, 64)
  self.inception4b = Inception(style, 512, 160, 112, 224, 24, 64, 64)
  self.inception4c = Inception(style, 512, 128, 128, 256, 24, 64, 64)
  self.inception4d = Inception(style, 512, 112, 144, 288, 32, 64, 64)
  self.inception4e = Inception(style, 528, 256, 160, 320, 32, 128, 128)
  self.maxpool4 = pool(style.pool4)
  self.inception5a = Inception(style, 832, 256, 160, 320, 32, 128, 128)
  self.inception5b = Inception(style, 832, 384, 192, 384, 48, 128, 128)
end

function GoogLeNet:add_heads(style, o)
  if o.aux_logits then
    self.aux1 = InceptionAux(style, 512, o.num_classes, o.dropout_aux)
    self.aux2 = InceptionAux(style, 528, o.num_classes, o.dropout_aux)
  end
  self.avgpool = nn.AdaptiveAvgPool2d(1)
  self.dropout = nn.Dropout(o.dropout)
  self.fc = nn.Linear(1024, o.num_classes)
end

-- x is (B, 3, H, W), the result (B, 192, H / 8, W / 8)
function GoogLeNet:stem(x)
  return self.maxpool2(self.conv3(self.conv2(self.maxpool1(self.conv1(x)))))
end

-- x is (B, 3, H, W), each result (B, num_classes)
function GoogLeNet:forward(x)
  if self.transform_input then x = blocks.to_unit_range(x) end
  x = self.maxpool3(self.inception3b(self.inception3a(self:stem(x))))
  local a <const> = self.inception4a(x)
  local d <const> = self.inception4d(self.inception4c(self.inception4b(a)))
  x = self.inception5b(self.inception5a(self.maxpool4(self.inception4e(d))))
  local logits <const> = self.fc(self.dropout(self.avgpool(x):flatten(2)))
  if not (self.is_training and self.aux1) then return logits end
  return logits, self.aux2(d), self.aux1(a)
end

-- ---- as the paper has it ------------------------------------------------------------------------

local PAPER_ARGS <const> = "num_classes = 1000, aux_logits = true, dropout = 0.4, dropout_aux = 0.7"

local GoogLeNetPaper <const> = GoogLeNet:extend "GoogLeNetPaper"

local function response_norm() return nn.LocalResponseNorm(5, { alpha = 1e-4, beta = 0.75 }) end

--- models.GoogLeNetPaper(num_classes = 1000, {aux_logits = true, dropout = 0.4, dropout_aux =
--- 0.7}). Starts as Caffe's copy of it does, of which the paper says nothing.
function GoogLeNetPaper:new(...)
  local o <const> = {}
  signature.read(PAPER_ARGS, "GoogLeNetPaper", o, ...)
  self:add_stem(PAPER.conv)
  self.norm1 = response_norm()
  self.norm2 = response_norm()
  self:add_modules(PAPER)
  self:add_heads(PAPER, o)
  local function start(m)
    nn.init.xavier_uniform_(m.weight)
    nn.init.constant_(m.bias, 0.2)
  end
  blocks.each(self, nn.Conv2d, start)
  blocks.each(self, nn.Linear, start)
  nn.init.zeros_(self.fc.bias)
end

function GoogLeNetPaper:stem(x)
  x = self.norm1(self.maxpool1(self.conv1(x)))
  return self.maxpool2(self.norm2(self.conv3(self.conv2(x))))
end

local family <const> = blocks.define({}, GoogLeNet, { googlenet = {} })
return blocks.define(family, GoogLeNetPaper, { googlenet_paper = {} })
