-- EfficientNet: Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural
-- Networks" (2019), b0 to b7, and "EfficientNetV2: Smaller Models and Faster Training" (2021).
-- Pictures of any size.

local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local conv_norm <const>, divisible <const> = blocks.conv_norm, blocks.divisible

-- ---- blocks -------------------------------------------------------------------------------------

-- Expanded 1 x 1, depthwise, squeezed and excited, projected.
local function mb_layers(row, width, norm)
  local active <const>, layers <const> = { norm = norm, activation = nn.SiLU }, nn.Sequential()
  if width ~= row.cin then layers:add(conv_norm(row.cin, width, 1, active)) end
  layers:add(conv_norm(width, width, row.kernel,
    blocks.with(active, { stride = row.stride, groups = width })))
  layers:add(blocks.SqueezeExcitation(width, math.max(1, row.cin // 4),
    nn.SiLU { inplace = true }, nn.Sigmoid()))
  return layers:add(conv_norm(width, row.cout, 1, { norm = norm }))
end

-- One full convolution in place of the expansion and the depthwise one.
local function fused_layers(row, width, norm)
  local active <const> = { norm = norm, activation = nn.SiLU, stride = row.stride }
  if width == row.cin then
    return nn.Sequential(conv_norm(row.cin, row.cout, row.kernel, active))
  end
  return nn.Sequential(conv_norm(row.cin, width, row.kernel, active),
    conv_norm(width, row.cout, 1, { norm = norm }))
end

local MBConv <const> = nn.Module:extend "MBConv"
local FusedMBConv <const> = MBConv:extend "FusedMBConv"
MBConv.layers, FusedMBConv.layers = mb_layers, fused_layers

function MBConv:new(row, drop, norm)
  self.use_res_connect = row.stride == 1 and row.cin == row.cout
  self.block = self.layers(row, divisible(row.cin * row.expansion), norm)
  self.stochastic_depth = nn.StochasticDepth(drop, "row")
end

-- x is (B, cin, H, W), the result (B, cout, H / stride, W / stride)
function MBConv:forward(x)
  local y <const> = self.block(x)
  return self.use_res_connect and self.stochastic_depth(y) + x or y
end

local BLOCKS <const> = { mb = MBConv, fused = FusedMBConv }

-- ---- the network --------------------------------------------------------------------------------

-- The rows of a stage, each with names; widths and depths are scaled.
local function stage_rows(stage, cin, o)
  local kind <const>, expansion <const>, kernel <const>, stride <const>, channels <const>,
    count <const> = table.unpack(stage)
  local rows <const>, cout <const> = {}, divisible(channels * o.width_mult)
  for k = 1, math.ceil(count * o.depth_mult) do
    rows[k] = { block = BLOCKS[kind], expansion = expansion, kernel = kernel, cout = cout,
      cin = k == 1 and cin or cout, stride = k == 1 and stride or 1 }
  end
  return rows, cout
end

-- The later a block, the more often it is left out.
local function add_stages(features, cin, o, norm)
  local stages <const>, total, before = {}, 0, 0
  for k, stage in ipairs(o.stages) do
    stages[k], cin = stage_rows(stage, cin, o)
    total = total + #stages[k]
  end
  for _, rows in ipairs(stages) do
    local layers <const> = nn.Sequential()
    for _, row in ipairs(rows) do
      layers:add(row.block(row, o.stochastic_depth_prob * before / total, norm))
      before = before + 1
    end
    features:add(layers)
  end
  return cin
end

local ARGS <const> = "stages, stem, num_classes = 1000, width_mult = 1.0, depth_mult = 1.0, "
  .. "last_channel = nil, dropout = 0.2, stochastic_depth_prob = 0.2, eps = 1e-5, momentum = 0.1"

local EfficientNet <const> = nn.Module:extend "EfficientNet"

--- models.EfficientNet(stages, stem, {num_classes = 1000, width_mult = 1, depth_mult = 1,
--- last_channel = 4 times those of the last stage, dropout = 0.2, stochastic_depth_prob = 0.2,
--- eps = 1e-5, momentum = 0.1}): of each stage { "mb" or "fused", expansion, kernel, stride,
--- channels, blocks }; `stem` channels leave the first convolution.
function EfficientNet:new(...)
  local o <const> = {}
  signature.read(ARGS, "EfficientNet", o, ...)
  local function norm(channels)
    return nn.BatchNorm2d(channels, { eps = o.eps, momentum = o.momentum })
  end
  local active <const> = { norm = norm, activation = nn.SiLU }
  local stem <const> = divisible(o.stem * o.width_mult)
  self.features = nn.Sequential(conv_norm(3, stem, 3, blocks.with(active, { stride = 2 })))
  local width <const> = add_stages(self.features, stem, o, norm)
  local last <const> = o.last_channel or 4 * width
  self.features:add(conv_norm(width, last, 1, active))
  self.avgpool = nn.AdaptiveAvgPool2d(1)
  self.classifier = nn.Sequential(nn.Dropout { p = o.dropout, inplace = true },
    nn.Linear(last, o.num_classes))
  self:initialise()
end

function EfficientNet:initialise()
  blocks.start_weights(self, nn.Conv2d, blocks.kaiming_fan_out)
  blocks.start_weights(self, nn.Linear, function(weight)
    local bound <const> = 1 / math.sqrt(weight:size(1))
    nn.init.uniform_(weight, -bound, bound)
  end)
end

-- x is (B, 3, H, W), the result (B, num_classes)
function EfficientNet:forward(x)
  return self.classifier(self.avgpool(self.features(x)):flatten(2))
end

-- ---- by name ------------------------------------------------------------------------------------

-- Table 1 of the first paper.
local B0 <const> = {
  { "mb", 1, 3, 1, 16, 1 }, { "mb", 6, 3, 2, 24, 2 }, { "mb", 6, 5, 2, 40, 2 },
  { "mb", 6, 3, 2, 80, 3 }, { "mb", 6, 5, 1, 112, 3 }, { "mb", 6, 5, 2, 192, 4 },
  { "mb", 6, 3, 1, 320, 1 },
}

-- Table 4 of the second.
local V2_S <const> = {
  { "fused", 1, 3, 1, 24, 2 }, { "fused", 4, 3, 2, 48, 4 }, { "fused", 4, 3, 2, 64, 4 },
  { "mb", 4, 3, 2, 128, 6 }, { "mb", 6, 3, 1, 160, 9 }, { "mb", 6, 3, 2, 256, 15 },
}
local V2_M <const> = {
  { "fused", 1, 3, 1, 24, 3 }, { "fused", 4, 3, 2, 48, 5 }, { "fused", 4, 3, 2, 80, 5 },
  { "mb", 4, 3, 2, 160, 7 }, { "mb", 6, 3, 1, 176, 14 }, { "mb", 6, 3, 2, 304, 18 },
  { "mb", 6, 3, 1, 512, 5 },
}
local V2_L <const> = {
  { "fused", 1, 3, 1, 32, 4 }, { "fused", 4, 3, 2, 64, 7 }, { "fused", 4, 3, 2, 96, 7 },
  { "mb", 4, 3, 2, 192, 10 }, { "mb", 6, 3, 1, 224, 19 }, { "mb", 6, 3, 2, 384, 25 },
  { "mb", 6, 3, 1, 640, 7 },
}

local function b(width_mult, depth_mult, dropout, more)
  return blocks.with({ stages = B0, stem = 32, width_mult = width_mult, depth_mult = depth_mult,
    dropout = dropout }, more)
end

local function v2(stages, stem, dropout)
  return { stages = stages, stem = stem, last_channel = 1280, dropout = dropout, eps = 1e-3 }
end

local SLOW <const> = { eps = 1e-3, momentum = 0.01 }

return blocks.define({}, EfficientNet, {
  efficientnet_b0 = b(1.0, 1.0, 0.2), efficientnet_b1 = b(1.0, 1.1, 0.2),
  efficientnet_b2 = b(1.1, 1.2, 0.3), efficientnet_b3 = b(1.2, 1.4, 0.3),
  efficientnet_b4 = b(1.4, 1.8, 0.4), efficientnet_b5 = b(1.6, 2.2, 0.4, SLOW),
  efficientnet_b6 = b(1.8, 2.6, 0.5, SLOW), efficientnet_b7 = b(2.0, 3.1, 0.5, SLOW),
  efficientnet_v2_s = v2(V2_S, 24, 0.2), efficientnet_v2_m = v2(V2_M, 24, 0.3),
  efficientnet_v2_l = v2(V2_L, 32, 0.4),
})
