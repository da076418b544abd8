-- What a network would like to see: Mordvintsev, Olah and Tyka, "Inceptionism: going deeper into
-- neural networks" (2015).
--
--     bin/tocha examples/deep_dream.lua [clouds.jpg] [--layer 13] [--octaves 4]
--         [--steps 20] [--size 384] [--model tiny_darknet] [--weights FILE] [--data FOLDER]
--         [--out DIR]
--
-- The photo is changed so that a layer answers more strongly: up the gradient of the mean square
-- of its maps. First in the small, then in larger and larger copies (octaves), each with the
-- details of the photo that the smaller one had not; the picture is shifted at random before every
-- step, or the windows of the pooling would show. Without a photo it takes
-- images/chelsea.png of FOLDER; any network of vision.models that is a Sequential, or has one in
-- .features, can dream. Expect feathers and eyes in the fur, and the answer to grow several times.
-- Picture: deep_dream.png. A second.

local tocha = require "tocha"
local plot, vision = tocha.plot, tocha.vision
local progress = require "tocha.progress"
local F = tocha.nn.functional

local here = arg[0]:match "^.*/" or ""
local options, photos = tocha.arguments("data = nil, layer = 13, model = 'tiny_darknet', "
  .. "octaves = 4, out = '.', photo = nil, size = 384, steps = 20, weights = nil")
options.data = options.data or os.getenv "TOCHA_DATA" or here .. "../../shared/data"
if os.getenv "TOCHA_SMOKE" then options.size, options.steps = 96, 2 end
local LAYER <const>, OCTAVES <const>, STEPS <const> = options.layer, options.octaves, options.steps
local STRIDE <const>, SCALE <const>, SHIFT <const> = 0.015, 1.4, 16
tocha.manual_seed(1)

local weights = options.weights
  or options.model == "tiny_darknet" and options.data .. "/models/darknettiny"
local path = options.photo or photos[1] or options.data .. "/images/chelsea.png"
if not weights or not io.open(path) then
  print("Needs a photo (--photo, " .. path .. ") and the network's weights (--weights)")
  return
end

-- ---- the network, as far as the layer -----------------------------------------------------------

local net = vision.models[options.model] { weights = weights }:eval():requires_grad_(false)
local layers = net.features or net
assert(LAYER >= 1 and LAYER <= #layers, "--layer: from 1 to " .. #layers)

local function answer(x)
  for place = 1, LAYER do x = layers[place](x) end
  return x:square():mean()
end

-- ---- dreaming -----------------------------------------------------------------------------------

local function resized(x, height, width)
  return F.interpolate(x, { size = { height, width }, mode = "bilinear", antialias = true })
end

-- One step up the gradient; the picture is shifted there and back.
local function step(x)
  local shifts = tocha.randint(-SHIFT, SHIFT, { 2 }):tolist()
  local shifted = tocha.roll(x, shifts, { 3, 4 }):requires_grad_(true)
  local value = answer(shifted)
  value:backward()
  local g = shifted.grad
  local better = shifted:detach() + g * (STRIDE / g:abs():mean():clamp(1e-12))
  return tocha.roll(better:clamp(0, 1), { -shifts[1], -shifts[2] }, { 3, 4 }), value:item()
end

-- Sizes of the octaves, the smallest first.
local function sizes(height, width)
  local list = {}
  for k = OCTAVES - 1, 0, -1 do
    list[#list + 1] = { math.floor(height / SCALE ^ k), math.floor(width / SCALE ^ k) }
  end
  return list
end

-- x (1, 3, H, W); what the dream added is enlarged and laid over the next octave of the photo.
local function dream(photo, bar)
  local added, x
  for _, size in ipairs(sizes(photo:size(3), photo:size(4))) do
    local base = resized(photo, size[1], size[2])
    x = added and (base + resized(added, size[1], size[2])):clamp(0, 1) or base
    for _ = 1, STEPS do
      local value
      x, value = step(x)
      bar:step(("%d x %d, answer %.3g"):format(size[1], size[2], value))
    end
    added = x - base
  end
  return x
end

local photo = vision.io.read(path, { mode = "rgb" }):float():div_(255):unsqueeze(1)
local scale = options.size / math.max(photo:size(3), photo:size(4))
photo = resized(photo, math.floor(photo:size(3) * scale), math.floor(photo:size(4) * scale))
  :clamp(0, 1)
local dreamed
do
  local bar <close> = progress.bar(OCTAVES * STEPS, "dreaming")
  dreamed = dream(photo, bar)
end
local before, after = answer(photo):item(), answer(dreamed):item()
print(("layer %d: answer %.3g -> %.3g"):format(LAYER, before, after))
plot.grid({ photo[1], dreamed[1] }, { nrow = 2, width = 900 })
  :save(options.out .. "/deep_dream.png")
print(("wrote %s/deep_dream.png"):format(options.out))
