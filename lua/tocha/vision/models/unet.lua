-- U-Net: Ronneberger, Fischer, and Brox, "U-Net: Convolutional Networks for Biomedical Image
-- Segmentation" (2015). Convolutions do not pad: a picture of 572 x 572 gives a map of 388 x 388;
-- with `padding` they do, and a picture whose sides 16 divides keeps its size.

local tocha = require "tocha"
local nn = require "tocha.nn"
local signature = require "tocha.signature"
local blocks = require "tocha.vision.models.blocks"

-- Twice a 3 x 3 convolution and a relu.
local function double(cin, cout, padding)
  return nn.Sequential(
    nn.Conv2d(cin, cout, 3, { padding = padding }), nn.ReLU { inplace = true },
    nn.Conv2d(cout, cout, 3, { padding = padding }), nn.ReLU { inplace = true })
end

-- The middle of x, as large as `like`; both are (B, C, H, W).
local function crop(x, like)
  local H <const>, W <const> = like:size(3), like:size(4)
  return x:narrow(3, (x:size(3) - H) // 2 + 1, H):narrow(4, (x:size(4) - W) // 2 + 1, W)
end

local UNet <const> = nn.Module:extend "UNet"

local ARGS <const> = "in_channels = 1, num_classes = 2, width = 64, depth = 4, padding = false"

--- models.UNet(in_channels = 1, num_classes = 2, {width = 64, depth = 4, padding = false}): `width`
--- channels at full size, twice as many after each of the `depth` halvings.
function UNet:new(...)
  local o <const> = {}
  signature.read(ARGS, "UNet", o, ...)
  local pad <const>, width = o.padding and 1 or 0, o.width
  self.down = nn.ModuleList(double(o.in_channels, width, pad))
  self.pool = nn.MaxPool2d(2)
  self.up = nn.ModuleList()
  self.expand = nn.ModuleList()
  for _ = 1, o.depth do
    self.down:append(double(width, 2 * width, pad))
    width = 2 * width
  end
  for _ = 1, o.depth do
    self.up:append(nn.ConvTranspose2d(width, width // 2, 2, { stride = 2 }))
    self.expand:append(double(width, width // 2, pad))
    width = width // 2
  end
  self.output_layer = nn.Conv2d(width, o.num_classes, 1)
  self:initialise()
end

-- As the paper: a spread of sqrt(2 / inputs).
function UNet:initialise()
  blocks.start_weights(self, nn.Conv2d, function(weight)
    nn.init.kaiming_normal_(weight, { nonlinearity = "relu" })
  end)
end

-- x is (B, in_channels, H, W), the result (B, num_classes, H', W'): logits of each place
function UNet:forward(x)
  local seen <const> = {}
  for k, layer in ipairs(self.down) do
    x = layer(k == 1 and x or self.pool(x))
    seen[k] = x
  end
  for k, up in ipairs(self.up) do
    x = up(x)
    x = self.expand[k](tocha.cat({ crop(seen[#seen - k], x), x }, 2))
  end
  return self.output_layer(x)
end

return blocks.define({}, UNet, { unet = {} })
