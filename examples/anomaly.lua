-- The good, the bad and the ugly: an autoencoder that has only seen digits tells what is none.
--
--     bin/tocha examples/anomaly.lua [my.png ...] [--data FOLDER] [--epochs 20] [--out DIR]
--
-- The network squeezes a digit of 784 pixels through 32 numbers and draws it again. What it has not
-- learned to draw it draws badly, and the error says so: no examples of the unusual are needed.
-- Good are the test digits with the smallest error, bad those with the largest (whoever wrote them
-- was in a hurry), ugly are patches of a photograph, noise, and your own pictures, PNGs of any
-- size, white on black. Needs MNIST in FOLDER/mnist, and for the patches images/camera.png.
--
-- Expect all the noise and about 80 % of the patches over the limit that 99 of 100 test digits stay
-- under (a patch of sky is as easy to draw as paper), and an area under the curve of 0.93 (at 1 any
-- patch has a larger error than any digit). Pictures: anomaly.png, each above its drawing, and
-- anomaly.svg, the errors. About ten seconds.

local tocha = require "tocha"
local data, nn, plot, vision = tocha.data, tocha.nn, tocha.plot, tocha.vision
local F = nn.functional

local here = arg[0]:match "^.*/" or ""
local options, mine = tocha.arguments "data = nil, epochs = 20, out = '.'"
options.data = options.data or os.getenv "TOCHA_DATA" or here .. "../../shared/data"
local smoke = os.getenv "TOCHA_SMOKE"
local EPOCHS <const> = smoke and 1 or options.epochs
local SHOWN <const>, PATCHES <const> = 8, 500
tocha.manual_seed(1)

local found, training, test = pcall(data.mnist, { root = options.data .. "/mnist" })
if not found then
  print(training)   -- says which files to put where; then say --data FOLDER
  return
end
local x, digits = training.tensors[1], test.tensors[1]      -- (60000 and 10000, 1, 28, 28), 0 to 1
if smoke then x, digits = x:narrow(1, 1, 256), digits:narrow(1, 1, 100) end

-- ---- the autoencoder ----------------------------------------------------------------------------

local net = nn.Sequential(
  nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 32),      -- the code
  nn.ReLU(), nn.Linear(32, 256), nn.ReLU(), nn.Linear(256, 784), nn.Sigmoid(),
  nn.Unflatten(2, { 1, 28, 28 }))
net:compile { optimizer = { "adam", lr = 0.001 }, loss = "mse" }
net:fit { x = x, y = x, batch_size = 128, epochs = EPOCHS }
net:eval()

-- The error of each picture, (N), and what was drawn, (N, 1, 28, 28).
local function judge(pictures)
  local _ <close> = tocha.no_grad()
  local drawn = net(pictures)
  return (drawn - pictures):square():mean({ 2, 3, 4 }), drawn
end

-- ---- the good and the bad -----------------------------------------------------------------------

local errors = judge(digits)
local order = errors:argsort()
local limit = errors:quantile(0.99):item()
print(("digits: mean error %.4f; 99 of 100 are under %.4f"):format(errors:mean():item(), limit))

local function pick(ids) return digits:index_select(1, ids) end

-- ---- the ugly -----------------------------------------------------------------------------------

-- Square patches of a photograph, (PATCHES, 1, 28, 28); nil without the photograph.
local function patches(path)
  if not io.open(path) then return nil end
  local photo = vision.io.read(path, { mode = "gray" }):float() / 255
  local list = {}
  for k = 1, PATCHES do
    local top = tocha.randint(1, photo:size(2) - 27, {}):item()
    local left = tocha.randint(1, photo:size(3) - 27, {}):item()
    list[k] = photo:narrow(2, top, 28):narrow(3, left, 28)
  end
  return tocha.stack(list)
end

local function noise() return tocha.rand(PATCHES, 1, 28, 28) end

local function read(path)
  local picture = vision.io.read(path, { mode = "gray" }):float() / 255
  return F.interpolate(picture:unsqueeze(1), { size = { 28, 28 }, mode = "bilinear",
    antialias = true })
end

-- How often is a random ugly picture's error above a random digit's? The area under the ROC curve.
local function area(ugly) return ugly:unsqueeze(2):gt(errors):float():mean():item() end

local function report(name, pictures)
  local ugly = judge(pictures)
  print(("%-28s mean error %.4f, %5.1f %% over the limit, area under the curve %.4f"):format(name,
    ugly:mean():item(), 100 * ugly:gt(limit):float():mean():item(), area(ugly)))
  return ugly
end

local ugly = patches(options.data .. "/images/camera.png")
if not ugly then
  print "no images/camera.png: only noise is ugly"
  ugly = noise()
end
report("noise:", noise())
local ugly_errors = report("the ugly (above):", ugly)
for _, path in ipairs(mine) do report(path .. ":", read(path)) end

-- ---- pictures -----------------------------------------------------------------------------------

local ROWS <const> = {
  { "good", pick(order:narrow(1, 1, SHOWN)) },
  { "bad", pick(order:narrow(1, #digits - SHOWN + 1, SHOWN)) },
  { "ugly", ugly:narrow(1, 1, SHOWN) },
}
local shown = {}
for _, row in ipairs(ROWS) do
  local _, drawn = judge(row[2])
  shown[#shown + 1], shown[#shown + 2] = row[2], drawn
end
plot.grid(tocha.cat(shown), { nrow = SHOWN, vmin = 0, vmax = 1, width = 480 })
  :save(options.out .. "/anomaly.png")

local fig = plot.figure { title = "errors", xlabel = "mean squared error", ylabel = "pictures",
  legend = true, width = 560, height = 320 }
fig:hist(errors, { bins = 60, label = "digits" })
fig:hist(ugly_errors, { bins = 60, label = "the ugly" })
fig:save(options.out .. "/anomaly.svg")
print(("wrote %s/anomaly.png and anomaly.svg"):format(options.out))
