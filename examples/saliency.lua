-- Where does a network look? Gradients, Grad-CAM and the filters of the first layer.
--
--     bin/tocha examples/saliency.lua [photo.jpg] [--class K] [--weights FOLDER] [--data FOLDER]
--                                     [--out DIR]
--
-- Tiny Darknet, a classifier of ImageNet's thousand classes, reads the photo. Three pictures of why
-- it says what it says:
--
-- - the gradient of the class's logit by the pixels (Simonyan et al., 2013), and its mean over
--   noisy copies, which is smoother (SmoothGrad: Smilkov et al., 2017);
-- - Grad-CAM (Selvaraju et al., 2017): the last maps of 7 x 7, weighted by their mean gradients;
-- - the first layer's filters, 3 x 3 pixels in colour: edges and blobs.
--
-- Without a photo it takes images/chelsea.png of FOLDER; the weights are FOLDER/models/darknettiny.
-- Expect an Egyptian Mau, a breed of cat, and the warmth of Grad-CAM on its face. Pictures:
-- saliency.png, filters.png. A second.

local tocha = require "tocha"
local plot, vision = tocha.plot, tocha.vision
local F = tocha.nn.functional

local here = arg[0]:match "^.*/" or ""
local options, photos = tocha.arguments "class = 0, data = nil, out = '.', weights = nil"
options.data = options.data or os.getenv "TOCHA_DATA" or here .. "../../shared/data"
local NOISY <const> = os.getenv "TOCHA_SMOKE" and 2 or 25
tocha.manual_seed(1)

local weights = options.weights or options.data .. "/models/darknettiny"
local photo = photos[1] or options.data .. "/images/chelsea.png"
if not io.open(weights .. "/model.json") or not io.open(photo) then
  print("Needs a photo and the weights of Tiny Darknet (--weights): " .. weights)
  return
end

local net = vision.models.tiny_darknet { weights = weights }:eval():requires_grad_(false)
local x = net.preprocess(vision.io.read(photo, { mode = "rgb" })):unsqueeze(1)   -- (1, 3, 224, 224)

-- ---- what it sees -------------------------------------------------------------------------------

local probabilities, ids = net(x):softmax(2):topk(5)
for place = 1, 5 do
  print(("%5.1f %%  %s"):format(100 * probabilities[1][place]:item(),
    net.classes[ids[1][place]:item()]))
end
local class = options.class > 0 and options.class or ids[1][1]:item()
print("why " .. net.classes[class] .. "?")

-- ---- gradients ----------------------------------------------------------------------------------

-- The greatest gradient of the three colours at each pixel, (224, 224).
local function gradient(input)
  input = input:detach():requires_grad_(true)
  net(input)[1][class]:backward()
  return input.grad[1]:abs():amax(1)
end

local function smooth_gradient()
  local sum = 0
  for _ = 1, NOISY do sum = sum + gradient(x + 0.1 * tocha.randn_like(x)) end
  return sum / NOISY
end

-- ---- Grad-CAM -----------------------------------------------------------------------------------

-- Each map of the last layer before the classes counts by the mean of its gradient. (224, 224)
local function grad_cam()
  local maps
  local last = net[#net - 3]
  local hook = last:register_forward_hook(function(_, _, y)
    maps = y:detach():requires_grad_(true)
    return maps
  end)
  net(x)[1][class]:backward()
  hook:remove()
  local cam = (maps.grad:mean({ 3, 4 }, true) * maps:detach()):sum(2, true):relu()
  return F.interpolate(cam, { size = { 224, 224 }, mode = "bicubic" })[1][1]:clamp(0)
end

-- ---- the pictures -------------------------------------------------------------------------------

local function stretched(map) return (map / map:quantile(0.995):clamp(1e-12)):clamp(0, 1) end

local fig, panels = plot.subplots(1, 4, { width = 900, height = 260 })
local SHOWN <const> = {
  { "photo", x[1] }, { "gradient", stretched(gradient(x)) },
  { "smooth gradient", stretched(smooth_gradient()) },
  { "Grad-CAM", vision.draw.heat_map(x[1], grad_cam(), { cmap = "turbo", alpha = 0.5 }) },
}
for place, row in ipairs(SHOWN) do
  panels[place]:imshow(row[2], { cmap = "inferno" })
  panels[place]:set { title = row[1], axis = "off" }
end
fig:save(options.out .. "/saliency.png")

-- Filters as colours: grey is 0.
local filters = net[1].conv.weight                                  -- (16, 3, 3, 3)
local most = filters:abs():amax({ 2, 3, 4 }, true)
plot.grid(filters / most / 2 + 0.5, { nrow = 8, width = 480 }):save(options.out .. "/filters.png")
print(("wrote %s/saliency.png and filters.png"):format(options.out))
