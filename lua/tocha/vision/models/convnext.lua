-- ConvNeXt: Liu et al., "A ConvNet for the 2020s" (2022). Pictures are at least 32 x 32.

local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

-- Over the channels of (B, C, H, W).
local LayerNorm2d <const> = nn.LayerNorm:extend "LayerNorm2d"

function LayerNorm2d:forward(x)
  return nn.LayerNorm.forward(self, x:permute(1, 3, 4, 2)):permute(1, 4, 2, 3)
end

local function norm2d(width) return LayerNorm2d(width, { eps = 1e-6 }) end

-- Depthwise 7 x 7, then two linear layers on each place; what it adds starts near zero.
local CNBlock <const> = nn.Module:extend "CNBlock"

function CNBlock:new(width, layer_scale, drop)
  self.layer_scale = nn.Parameter(tocha.full({ width, 1, 1 }, layer_scale))
  self.block = nn.Sequential(
    nn.Conv2d(width, width, 7, { padding = 3, groups = width }),
    nn.Permute(1, 3, 4, 2),
    nn.LayerNorm(width, { eps = 1e-6 }),
    nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width),
    nn.Permute(1, 4, 2, 3))
  self.stochastic_depth = nn.StochasticDepth(drop, "row")
end

-- x is (B, width, H, W), so is the result
function CNBlock:forward(x) return x + self.stochastic_depth(self.layer_scale * self.block(x)) end

-- ---- the network --------------------------------------------------------------------------------

local ConvNeXt <const> = nn.Module:extend "ConvNeXt"

-- The stages, a halving convolution between two of them.
local function add_stages(features, o)
  local before <const>, last <const> = { 0 }, math.max(1, blocks.total(o.depths) - 1)
  for k, count in ipairs(o.depths) do
    local stage <const>, width <const> = nn.Sequential(), o.widths[k]
    for j = 0, count - 1 do
      local drop <const> = o.stochastic_depth_prob * (before[k] + j) / last
      stage:add(CNBlock(width, o.layer_scale, drop))
    end
    features:add(stage)
    before[k + 1] = before[k] + count
    if o.widths[k + 1] then
      features:add(nn.Sequential(norm2d(width), nn.Conv2d(width, o.widths[k + 1], 2, 2)))
    end
  end
end

local ARGS <const> = "widths, depths, num_classes = 1000, stochastic_depth_prob = 0.0, "
  .. "layer_scale = 1e-6"

--- models.ConvNeXt(widths, depths, {num_classes = 1000, stochastic_depth_prob = 0, layer_scale =
--- 1e-6}): channels and blocks of each stage.
function ConvNeXt:new(...)
  local o <const> = {}
  signature.read(ARGS, "ConvNeXt", o, ...)
  local first <const>, last <const> = o.widths[1], o.widths[#o.widths]
  self.features = nn.Sequential(nn.Sequential(nn.Conv2d(3, first, 4, 4), norm2d(first)))
  add_stages(self.features, o)
  self.avgpool = nn.AdaptiveAvgPool2d(1)
  self.classifier = nn.Sequential(norm2d(last), nn.Flatten(), nn.Linear(last, o.num_classes))
  local function start(weight) nn.init.trunc_normal_(weight, 0, 0.02) end
  blocks.start_weights(self, nn.Conv2d, start)
  blocks.start_weights(self, nn.Linear, start)
end

-- x is (B, 3, H, W), the result (B, num_classes)
function ConvNeXt:forward(x) return self.classifier(self.avgpool(self.features(x))) end

local DEEP <const> = { 3, 3, 27, 3 }

return blocks.define({}, ConvNeXt, {
  convnext_tiny = { widths = { 96, 192, 384, 768 }, depths = { 3, 3, 9, 3 },
    stochastic_depth_prob = 0.1 },
  convnext_small = { widths = { 96, 192, 384, 768 }, depths = DEEP, stochastic_depth_prob = 0.4 },
  convnext_base = { widths = { 128, 256, 512, 1024 }, depths = DEEP, stochastic_depth_prob = 0.5 },
  convnext_large = { widths = { 192, 384, 768, 1536 }, depths = DEEP,
    stochastic_depth_prob = 0.5 },
})
