-- A photo in the manner of a painting: Gatys, Ecker and Bethge, "Image style transfer using
-- convolutional neural networks" (2016).
--
--     bin/tocha examples/style_transfer.lua [photo.jpg [painting.jpg]]
--         [--model tiny_darknet|vgg19] [--weights FILE] [--size 256] [--steps 200]
--         [--strength 1] [--data FOLDER] [--out DIR]
--
-- The pixels are what is learned. Two things pull at them: deep layers shall see the same as in the
-- photo, and at every depth the filters shall fire together (their Gram matrix) as they do in the
-- painting. L-BFGS finds them. With Tiny Darknet, whose weights are FOLDER/models/darknettiny, a
-- quick sketch; the paper's network is VGG-19, whose weights from torchvision (550 MB) you give.
-- Without a photo it takes images/astronaut.png of FOLDER, without a painting a stained-glass
-- window that it draws. Expect the loss to fall to a few thousandths of what it was. Picture:
-- style_transfer.png. A quarter of a minute with Tiny Darknet.

local tocha = require "tocha"
local optim, plot, vision = tocha.optim, tocha.plot, tocha.vision
local progress = require "tocha.progress"
local F = tocha.nn.functional

local here = arg[0]:match "^.*/" or ""
local options, photos = tocha.arguments("content = nil, data = nil, model = 'tiny_darknet', "
  .. "out = '.', size = 256, steps = 200, strength = 1.0, style = nil, weights = nil")
options.content, options.style = options.content or photos[1], options.style or photos[2]
options.data = options.data or os.getenv "TOCHA_DATA" or here .. "../../shared/data"
if os.getenv "TOCHA_SMOKE" then options.size, options.steps = 64, 3 end
local SIZE <const>, STEPS <const> = options.size, options.steps
tocha.manual_seed(1)

-- Which layers (numbers from 1) see the content, which the style; how strongly style pulls.
local PLANS <const> = {
  tiny_darknet = { weights = options.data .. "/models/darknettiny", content = { [9] = true },
    style = { [1] = true, [3] = true, [6] = true, [8] = true, [11] = true, [13] = true },
    layers = function(net) return net end, weight = 3e5 },
  -- conv4_2; conv1_1, conv2_1, conv3_1, conv4_1, conv5_1, each after its rectifier
  vgg19 = { content = { [23] = true },
    style = { [2] = true, [7] = true, [12] = true, [21] = true, [30] = true },
    layers = function(net) return net.features end, weight = 1e4,
    mean = { 0.485, 0.456, 0.406 }, std = { 0.229, 0.224, 0.225 } },
}
local plan = assert(PLANS[options.model], "--model: tiny_darknet or vgg19")
local weights = options.weights or plan.weights

-- ---- pictures, (1, 3, H, W) from 0 to 1 ---------------------------------------------------------

local function read(path)
  local x = vision.io.read(path, { mode = "rgb" }):float():div_(255):unsqueeze(1)
  local scale = SIZE / math.max(x:size(3), x:size(4))
  return F.interpolate(x, { size = { math.floor(x:size(3) * scale), math.floor(x:size(4) * scale) },
    mode = "bilinear", antialias = true }):clamp(0, 1)
end

-- Panes of one colour around random points, leaded where the two nearest are as near.
local function stained_glass()
  local panes, side = 90, SIZE
  local points, colors = tocha.rand(panes, 2), tocha.rand(panes, 3) ^ 2
  local line = tocha.linspace(0, 1, side)
  local y, x = table.unpack(tocha.meshgrid({ line, line }, "ij"))
  local places = tocha.stack({ y:flatten(), x:flatten() }, 2)
  local near, ids = tocha.cdist(places, points):topk(2, 2, false)
  local lead = (near:select(2, 2) - near:select(2, 1)):gt(0.012):float():unsqueeze(2)
  local glow = colors:index_select(1, ids:select(2, 1)) * lead + 0.03
  return glow:t():reshape(1, 3, side, side):clamp(0, 1)
end

local content = options.content or options.data .. "/images/astronaut.png"
if not weights or not io.open(content) then
  print("Needs a photo and --weights (of VGG-19 a file of torchvision's); got "
    .. tostring(options.content) .. " and " .. tostring(options.weights))
  return
end
local photo = read(content)
local painting = options.style and read(options.style) or stained_glass()

-- ---- what layers see ----------------------------------------------------------------------------

local net = vision.models[options.model] { weights = weights }:eval():requires_grad_(false)
local layers = plan.layers(net)
local last = 1
for _, set in ipairs { plan.content, plan.style } do
  for place in pairs(set) do last = math.max(last, place) end
end

local function normalised(x)
  if not plan.mean then return x end
  return (x - tocha.tensor(plan.mean):view(1, 3, 1, 1)) / tocha.tensor(plan.std):view(1, 3, 1, 1)
end

-- How often filters fire together, (C, C): what is where no longer matters.
local function gram(y)
  local rows = y:flatten(3)[1]                                      -- (C, H x W)
  return rows:matmul(rows:t()) / rows:numel()
end

-- What the chosen layers see, and their Gram matrices, by the number of the layer.
local function look(x)
  local seen, styles = {}, {}
  x = normalised(x)
  for place = 1, last do
    x = layers[place](x)
    if plan.content[place] then seen[place] = x end
    if plan.style[place] then styles[place] = gram(x) end
  end
  return seen, styles
end

local wanted = look(photo)
local wanted_styles = select(2, look(painting))

-- ---- the picture --------------------------------------------------------------------------------

local STRENGTH <const> = options.strength * plan.weight

local function loss_of(x)
  local seen, styles = look(x)
  local loss = 0
  for place, y in pairs(wanted) do loss = loss + F.mse_loss(seen[place], y) end
  for place, y in pairs(wanted_styles) do
    loss = loss + STRENGTH / last * F.mse_loss(styles[place], y)
  end
  return loss
end

local picture = photo:clone():requires_grad_(true)
local optimizer = optim.LBFGS({ picture }, { max_iter = 1, history_size = 20,
  line_search_fn = "strong_wolfe" })

local function closure()
  optimizer:zero_grad()
  local loss = loss_of(picture)
  loss:backward()
  return loss
end

local first, loss
do
  local bar <close> = progress.bar(STEPS, "painting")
  for _ = 1, STEPS do
    loss = optimizer:step(closure):item()
    first = first or loss
    bar:step(("loss %.4g"):format(loss))
  end
end
print(("loss %.4g -> %.4g"):format(first, loss))
local result = picture:detach():clamp(0, 1)
plot.grid({ photo[1], painting[1], result[1] }, { nrow = 3,
  labels = { "content", "style", "both" }, width = 820 }):save(options.out .. "/style_transfer.png")
print(("wrote %s/style_transfer.png"):format(options.out))
