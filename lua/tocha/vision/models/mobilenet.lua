-- MobileNets: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018), and
-- Howard et al., "Searching for MobileNetV3" (2019). Pictures of any size.

local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local conv_norm <const>, divisible <const> = blocks.conv_norm, blocks.divisible

-- ---- V2 -----------------------------------------------------------------------------------------

-- Wide inside, thin between: expanded 1 x 1, depthwise 3 x 3, projected without an activation.
local InvertedResidual <const> = nn.Module:extend "InvertedResidual"

function InvertedResidual:new(cin, cout, stride, expansion)
  local width <const> = cin * expansion
  self.use_res_connect = stride == 1 and cin == cout
  self.conv = nn.Sequential()
  if expansion ~= 1 then self.conv:add(conv_norm(cin, width, 1, { activation = nn.ReLU6 })) end
  self.conv:add(conv_norm(width, width, 3,
    { stride = stride, groups = width, activation = nn.ReLU6 }))
  self.conv:add(nn.Conv2d(width, cout, 1, { bias = false }))
  self.conv:add(nn.BatchNorm2d(cout))
end

-- x is (B, cin, H, W), the result (B, cout, H / stride, W / stride)
function InvertedResidual:forward(x)
  local y <const> = self.conv(x)
  return self.use_res_connect and x + y or y
end

-- Table 2 of the paper: expansion, channels, blocks, stride of the first.
local V2_STAGES <const> = {
  { 1, 16, 1, 1 }, { 6, 24, 2, 2 }, { 6, 32, 3, 2 }, { 6, 64, 4, 2 }, { 6, 96, 3, 1 },
  { 6, 160, 3, 2 }, { 6, 320, 1, 1 },
}

local MobileNetV2 <const> = nn.Module:extend "MobileNetV2"

local function v2_features(width_mult, divisor)
  local cin = divisible(32 * width_mult, divisor)
  local features <const> = nn.Sequential(
    conv_norm(3, cin, 3, { stride = 2, activation = nn.ReLU6 }))
  for _, stage in ipairs(V2_STAGES) do
    local expansion <const>, channels <const>, count <const>, stride <const> = table.unpack(stage)
    local cout <const> = divisible(channels * width_mult, divisor)
    for k = 1, count do
      features:add(InvertedResidual(cin, cout, k == 1 and stride or 1, expansion))
      cin = cout
    end
  end
  local last <const> = divisible(1280 * math.max(1.0, width_mult), divisor)
  return features:add(conv_norm(cin, last, 1, { activation = nn.ReLU6 })), last
end

--- models.MobileNetV2(num_classes = 1000, {width_mult = 1, round_nearest = 8, dropout = 0.2})
function MobileNetV2:new(...)
  local o <const> = {}
  signature.read("num_classes = 1000, width_mult = 1.0, round_nearest = 8, dropout = 0.2",
    "MobileNetV2", o, ...)
  local features <const>, last <const> = v2_features(o.width_mult, o.round_nearest)
  self.features = features
  self.classifier = nn.Sequential(nn.Dropout(o.dropout), nn.Linear(last, o.num_classes))
  blocks.start_small(self)
end

-- x is (B, 3, H, W), the result (B, num_classes)
function MobileNetV2:forward(x)
  return self.classifier(self.features(x):adaptive_avg_pool2d(1):flatten(2))
end

-- ---- V3 -----------------------------------------------------------------------------------------

local function norm(channels) return nn.BatchNorm2d(channels, { eps = 0.001, momentum = 0.01 }) end

-- The same with squeeze and excitation in some, and hard swish where it is deep.
local Bneck <const> = nn.Module:extend "Bneck"

function Bneck:new(row)
  local cin <const>, cout <const>, width <const> = row.cin, row.cout, row.expanded
  local activation <const> = row.hard and nn.Hardswish or nn.ReLU
  self.use_res_connect = row.stride == 1 and cin == cout
  self.block = nn.Sequential()
  if width ~= cin then
    self.block:add(conv_norm(cin, width, 1, { norm = norm, activation = activation }))
  end
  self.block:add(conv_norm(width, width, row.kernel, { stride = row.dilation > 1 and 1
    or row.stride, dilation = row.dilation, groups = width, norm = norm, activation = activation }))
  if row.squeeze then
    self.block:add(blocks.SqueezeExcitation(width, divisible(width // 4), nn.ReLU(),
      nn.Hardsigmoid()))
  end
  self.block:add(conv_norm(width, cout, 1, { norm = norm }))
end

-- x is (B, cin, H, W), the result (B, cout, H / stride, W / stride)
function Bneck:forward(x)
  local y <const> = self.block(x)
  return self.use_res_connect and x + y or y
end

-- Tables 1 and 2 of the paper: kernel, expanded channels, channels, squeeze, hard swish, stride.
-- The rows from `tail` on are those that reduced_tail halves and dilated dilates.
local LARGE <const> = {
  { 3, 16, 16, false, false, 1 }, { 3, 64, 24, false, false, 2 }, { 3, 72, 24, false, false, 1 },
  { 5, 72, 40, true, false, 2 }, { 5, 120, 40, true, false, 1 }, { 5, 120, 40, true, false, 1 },
  { 3, 240, 80, false, true, 2 }, { 3, 200, 80, false, true, 1 }, { 3, 184, 80, false, true, 1 },
  { 3, 184, 80, false, true, 1 }, { 3, 480, 112, true, true, 1 }, { 3, 672, 112, true, true, 1 },
  { 5, 672, 160, true, true, 2 }, { 5, 960, 160, true, true, 1 }, { 5, 960, 160, true, true, 1 },
  tail = 13, last = 1280,
}
local SMALL <const> = {
  { 3, 16, 16, true, false, 2 }, { 3, 72, 24, false, false, 2 }, { 3, 88, 24, false, false, 1 },
  { 5, 96, 40, true, true, 2 }, { 5, 240, 40, true, true, 1 }, { 5, 240, 40, true, true, 1 },
  { 5, 120, 48, true, true, 1 }, { 5, 144, 48, true, true, 1 },
  { 5, 288, 96, true, true, 2 }, { 5, 576, 96, true, true, 1 }, { 5, 576, 96, true, true, 1 },
  tail = 9, last = 1024,
}
local SETTINGS <const> = { large = LARGE, small = SMALL }

-- Row k with names, its widths scaled; `cin` channels enter it.
local function v3_row(setting, k, cin, o)
  local kernel <const>, expanded, cout, squeeze <const>, hard <const>, stride <const> =
    table.unpack(setting[k])
  if o.reduced_tail and k >= setting.tail then
    cout = cout // 2
    if k > setting.tail then expanded = expanded // 2 end
  end
  return {
    cin = cin, kernel = kernel, expanded = divisible(expanded * o.width_mult),
    cout = divisible(cout * o.width_mult), squeeze = squeeze, hard = hard, stride = stride,
    dilation = o.dilated and k >= setting.tail and 2 or 1,
  }
end

local function v3_features(setting, o)
  local cin = divisible(16 * o.width_mult)
  local hard <const> = { norm = norm, activation = nn.Hardswish }
  local features <const> = nn.Sequential(conv_norm(3, cin, 3, blocks.with(hard, { stride = 2 })))
  for k = 1, #setting do
    local row <const> = v3_row(setting, k, cin, o)
    features:add(Bneck(row))
    cin = row.cout
  end
  return features:add(conv_norm(cin, 6 * cin, 1, hard)), 6 * cin
end

local V3_ARGS <const> = "size, num_classes = 1000, width_mult = 1.0, reduced_tail = false, "
  .. "dilated = false, dropout = 0.2"

local MobileNetV3 <const> = nn.Module:extend "MobileNetV3"

--- models.MobileNetV3(size, {num_classes = 1000, width_mult = 1, reduced_tail = false, dilated =
--- false, dropout = 0.2}): `size` is "large" or "small". dilated: the last stage keeps the size of
--- its maps, for segmentation.
function MobileNetV3:new(...)
  local o <const> = {}
  signature.read(V3_ARGS, "MobileNetV3", o, ...)
  local setting <const> = blocks.expect("MobileNetV3", "size", o.size, SETTINGS)
  local last <const> = divisible((o.reduced_tail and setting.last // 2 or setting.last)
    * o.width_mult)
  local features <const>, width <const> = v3_features(setting, o)
  self.features = features
  self.avgpool = nn.AdaptiveAvgPool2d(1)
  self.classifier = nn.Sequential(
    nn.Linear(width, last), nn.Hardswish { inplace = true },
    nn.Dropout { p = o.dropout, inplace = true }, nn.Linear(last, o.num_classes))
  blocks.start_small(self)
end

-- x is (B, 3, H, W), the result (B, num_classes)
function MobileNetV3:forward(x)
  return self.classifier(self.avgpool(self.features(x)):flatten(2))
end

local family <const> = blocks.define({}, MobileNetV2, { mobilenet_v2 = {} })
return blocks.define(family, MobileNetV3,
  { mobilenet_v3_large = { size = "large" }, mobilenet_v3_small = { size = "small" } })
