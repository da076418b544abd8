-- SqueezeNet: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and
-- < 0.5MB model size" (2016); 1.1 is its authors' second release, with 2.4 times less computation.
-- Pictures are at least 17 x 17 (1.0: 21 x 21).

local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local function relu() return nn.ReLU { inplace = true } end
local function pool() return nn.MaxPool2d(3, { stride = 2, ceil_mode = true }) end

-- A squeeze to few channels, then 1 x 1 and 3 x 3 side by side.
local Fire <const> = nn.Module:extend "Fire"

function Fire:new(cin, squeezed, expanded)
  self.squeeze = nn.Conv2d(cin, squeezed, 1)
  self.squeeze_activation = relu()
  self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
  self.expand1x1_activation = relu()
  self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, { padding = 1 })
  self.expand3x3_activation = relu()
end

-- x is (B, cin, H, W), the result (B, 2 expanded, H, W)
function Fire:forward(x)
  x = self.squeeze_activation(self.squeeze(x))
  return tocha.cat({
    self.expand1x1_activation(self.expand1x1(x)), self.expand3x3_activation(self.expand3x3(x)),
  }, 2)
end

-- ---- the network --------------------------------------------------------------------------------

local FEATURES <const> = {
  ["1_0"] = function()
    return nn.Sequential(
      nn.Conv2d(3, 96, 7, { stride = 2 }), relu(), pool(),
      Fire(96, 16, 64), Fire(128, 16, 64), Fire(128, 32, 128), pool(),
      Fire(256, 32, 128), Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), pool(),
      Fire(512, 64, 256))
  end,
  ["1_1"] = function()
    return nn.Sequential(
      nn.Conv2d(3, 64, 3, { stride = 2 }), relu(), pool(),
      Fire(64, 16, 64), Fire(128, 16, 64), pool(),
      Fire(128, 32, 128), Fire(256, 32, 128), pool(),
      Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256))
  end,
}

local SqueezeNet <const> = nn.Module:extend "SqueezeNet"

--- models.SqueezeNet(version = "1_0", {num_classes = 1000, dropout = 0.5}): "1_0" or "1_1".
function SqueezeNet:new(...)
  local o <const> = {}
  signature.read("version = '1_0', num_classes = 1000, dropout = 0.5", "SqueezeNet", o, ...)
  blocks.expect("SqueezeNet", "version", o.version, FEATURES)
  self.features = FEATURES[o.version]()
  local last <const> = nn.Conv2d(512, o.num_classes, 1)
  self.classifier = nn.Sequential(nn.Dropout(o.dropout), last, relu(), nn.AdaptiveAvgPool2d(1))
  blocks.start_weights(self, nn.Conv2d, nn.init.kaiming_uniform_)
  nn.init.normal_(last.weight, 0, 0.01)
end

-- x is (B, 3, H, W), the result (B, num_classes)
function SqueezeNet:forward(x) return self.classifier(self.features(x)):flatten(2) end

return blocks.define({}, SqueezeNet,
  { squeezenet1_0 = { version = "1_0" }, squeezenet1_1 = { version = "1_1" } })
