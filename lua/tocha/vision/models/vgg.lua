-- VGG: Simonyan and Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition"
-- (2015), the configurations A, B, D and E of their table 1; those with _bn normalise after each
-- convolution. Pictures are at least 32 x 32.

local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

-- Stages of 3 x 3 convolutions, `counts` of each; every one ends with a maximum over 2 x 2.
local WIDTHS <const> = { 64, 128, 256, 512, 512 }

local function relu() return nn.ReLU { inplace = true } end

local function convolutions(counts, batch_norm)
  local layers <const>, cin = nn.Sequential(), 3
  for stage, cout in ipairs(WIDTHS) do
    for _ = 1, counts[stage] do
      layers:add(nn.Conv2d(cin, cout, 3, { padding = 1 }))
      if batch_norm then layers:add(nn.BatchNorm2d(cout)) end
      layers:add(relu())
      cin = cout
    end
    layers:add(nn.MaxPool2d(2, 2))
  end
  return layers
end

local VGG <const> = nn.Module:extend "VGG"

--- models.VGG(counts, {batch_norm = false, num_classes = 1000, dropout = 0.5}): `counts` says how
--- many convolutions each of the five stages has.
function VGG:new(...)
  local o <const> = {}
  signature.read("counts, batch_norm = false, num_classes = 1000, dropout = 0.5", "VGG", o, ...)
  self.features = convolutions(o.counts, o.batch_norm)
  self.avgpool = nn.AdaptiveAvgPool2d(7)
  self.classifier = nn.Sequential(
    nn.Linear(512 * 7 * 7, 4096), relu(), nn.Dropout(o.dropout),
    nn.Linear(4096, 4096), relu(), nn.Dropout(o.dropout),
    nn.Linear(4096, o.num_classes))
  blocks.start_small(self)
end

-- x is (B, 3, H, W), the result (B, num_classes)
function VGG:forward(x) return self.classifier(self.avgpool(self.features(x)):flatten(2)) end

-- ---- by name ------------------------------------------------------------------------------------

local COUNTS <const> = {
  vgg11 = { 1, 1, 2, 2, 2 }, vgg13 = { 2, 2, 2, 2, 2 },
  vgg16 = { 2, 2, 3, 3, 3 }, vgg19 = { 2, 2, 4, 4, 4 },
}

local kinds <const> = {}
for name, counts in pairs(COUNTS) do
  kinds[name] = { counts = counts }
  kinds[name .. "_bn"] = { counts = counts, batch_norm = true }
end

return blocks.define({}, VGG, kinds)
