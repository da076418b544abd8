-- AlexNet, in the form of Krizhevsky, "One weird trick for parallelizing convolutional neural
-- networks" (2014), which torchvision has: one tower, no local response normalisation. The first is
-- of Krizhevsky, Sutskever, and Hinton, "ImageNet Classification with Deep Convolutional Neural
-- Networks" (2012). Pictures are at least 63 x 63.

local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

local function relu() return nn.ReLU { inplace = true } end

local AlexNet <const> = nn.Module:extend "AlexNet"

--- models.AlexNet(num_classes = 1000, dropout = 0.5)
function AlexNet:new(...)
  local o <const> = {}
  signature.read("num_classes = 1000, dropout = 0.5", "AlexNet", o, ...)
  self.features = nn.Sequential(
    nn.Conv2d(3, 64, 11, { stride = 4, padding = 2 }), relu(), nn.MaxPool2d(3, 2),
    nn.Conv2d(64, 192, 5, { padding = 2 }), relu(), nn.MaxPool2d(3, 2),
    nn.Conv2d(192, 384, 3, { padding = 1 }), relu(),
    nn.Conv2d(384, 256, 3, { padding = 1 }), relu(),
    nn.Conv2d(256, 256, 3, { padding = 1 }), relu(), nn.MaxPool2d(3, 2))
  self.avgpool = nn.AdaptiveAvgPool2d(6)
  self.classifier = nn.Sequential(
    nn.Dropout(o.dropout), nn.Linear(256 * 6 * 6, 4096), relu(),
    nn.Dropout(o.dropout), nn.Linear(4096, 4096), relu(),
    nn.Linear(4096, o.num_classes))
end

-- x is (B, 3, H, W), the result (B, num_classes)
function AlexNet:forward(x) return self.classifier(self.avgpool(self.features(x)):flatten(2)) end

return blocks.define({}, AlexNet, { alexnet = {} })
