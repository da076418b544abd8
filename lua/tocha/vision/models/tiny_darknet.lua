-- Tiny Darknet: Redmon, "Darknet: open source neural networks in C" (2013-2016), tiny.cfg. A
-- classifier as good as AlexNet with a sixtieth of its weights: 1 x 1 convolutions squeeze what 3 x
-- 3 ones widen. Pictures are RGB from 0 to 1, not normalised, of 224 x 224.
--
-- Layers are named by their number in the .cfg, as tocha.io.darknet names weights. The weights in
-- TensorFlow.js's form (ml5) load too, in order; they take eps = 0.001. The classes are in
-- Darknet's order, which is not the sorted one.

local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"
local Convolutional <const> = require "tocha.vision.models.darknet".Convolutional

-- Sizes and numbers of filters of the convolutions; M halves the picture.
local PLAN <const> = {
  { 3, 16 }, "M", { 3, 32 }, "M", { 1, 16 }, { 3, 128 }, { 1, 16 }, { 3, 128 }, "M", { 1, 32 },
  { 3, 256 }, { 1, 32 }, { 3, 256 }, "M", { 1, 64 }, { 3, 512 }, { 1, 64 }, { 3, 512 }, { 1, 128 },
}

-- ---- the network --------------------------------------------------------------------------------

local TinyDarknet <const> = nn.Sequential:extend "TinyDarknet"

--- models.TinyDarknet({num_classes = 1000, eps = 1e-5}): (B, 3, H, W) to logits (B, num_classes).
function TinyDarknet:new(...)
  local o <const>, layers <const> = {}, {}
  signature.read("num_classes = 1000, eps = 1e-5", "TinyDarknet", o, ...)
  local channels = 3
  for k, step in ipairs(PLAN) do
    if step == "M" then layers[k] = nn.MaxPool2d(2, { stride = 2 })
    else
      layers[k] = Convolutional(channels, { size = step[1], pad = 1, filters = step[2],
        batch_normalize = 1, activation = "leaky" }, o.eps)
      channels = step[2]
    end
  end
  layers[#layers + 1] = Convolutional(channels, { size = 1, filters = o.num_classes,
    activation = "linear" })
  layers[#layers + 1] = nn.AdaptiveAvgPool2d(1)
  layers[#layers + 1] = nn.Flatten()
  nn.Sequential.new(self, table.unpack(layers))
end

return blocks.define({}, TinyDarknet, { tiny_darknet = {} })
