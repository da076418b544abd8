-- Filters: on a photo by hand, learned by a network, and how far they see.
--
--     bin/tocha examples/beginners/12_filters.lua [--data FOLDER] [--out FOLDER]
--
-- Needs images/chelsea.png (a cat, from scikit-image) and MNIST in FOLDER; parts whose data are
-- absent say so and are left out. Expect two 3 x 3 convolutions to see 5 x 5 pixels with 18,496
-- parameters, one 5 x 5 with 25,632. Pictures: 12-receptive.svg, 12-photo.png, 12-filters.png,
-- 12-maps.png. It takes half a minute.

local tocha = require "tocha"
local nn, plot, vision = tocha.nn, tocha.plot, tocha.vision

local here = arg[0]:match "^.*/" or ""
local options = { data = os.getenv "TOCHA_DATA" or here .. "../../../shared/data", out = "." }
for k = 1, #arg, 2 do options[arg[k]:sub(3)] = arg[k + 1] end
local smoke = os.getenv "TOCHA_SMOKE"
local function save(fig, name)
  fig:save(options.out .. "/" .. name)
  print("wrote " .. options.out .. "/" .. name)
end
tocha.manual_seed(1)

-- ---- receptive fields: how far does it see? -----------------------------------------------------

local function conv(size, from, to)
  return nn.Conv2d(from, to, size, { padding = size // 2 })
end

-- Which pixels move the number in the middle of the output? Those with a gradient that is not zero.
local function field(net, side)
  local x = tocha.rand(1, 1, side, side)
  x:requires_grad_(true)
  local y = net(x)
  y[{ 1, {}, y:size(3) // 2 + 1, y:size(4) // 2 + 1 }]:sum():backward()
  local reached = x.grad[1][1]:abs()                          -- (side, side)
  return reached, reached:gt(0):any(1):long():sum():item()
end

-- All weights alike, so that the gradient counts the ways from a pixel to the output.
local function even(net)
  for _, p in net:named_parameters() do p:detach():fill_(p.ndim > 1 and 1 or 0) end
  return net
end

local STACKS <const> = {
  { "one 3 x 3", { 3 } }, { "two 3 x 3", { 3, 3 } }, { "one 5 x 5", { 5 } },
  { "three 3 x 3", { 3, 3, 3 } }, { "one 7 x 7", { 7 } },
}
local fields, panels = plot.subplots(1, #STACKS, { width = 900, height = 225 })
print "stack         sees    parameters, 32 channels in and out"
for k, stack in ipairs(STACKS) do
  local thin, wide = nn.Sequential(), nn.Sequential()
  for _, size in ipairs(stack[2]) do
    thin:add(conv(size, 1, 1))
    wide:add(conv(size, 32, 32))
  end
  local reached, sees = field(even(thin), 11)
  print(("%-12s  %d x %d  %9d"):format(stack[1], sees, sees,
    wide:summary(32, 11, 11, { print = false }).total))
  panels[k]:imshow(reached, { cmap = "magma" })
  panels[k]:set { title = ("%s sees %d x %d"):format(stack[1], sees, sees), axis = "off" }
end
save(fields, "12-receptive.svg")

-- ---- a filter played with -----------------------------------------------------------------------

-- Nine numbers laid over every pixel and its neighbours: multiply, add up, that is the new pixel.
local FILTERS <const> = {
  { "as it is", { 0, 0, 0, 0, 1, 0, 0, 0, 0 } },
  { "blur", { 1 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 9, 1 / 9 } },
  { "sharpen", { 0, -1, 0, -1, 5, -1, 0, -1, 0 } },
  { "edges", { -1, -1, -1, -1, 8, -1, -1, -1, -1 } },
  { "upright edges", { -1, 0, 1, -2, 0, 2, -1, 0, 1 } },
  { "lying edges", { -1, -2, -1, 0, 0, 0, 1, 2, 1 } },
  { "emboss", { -2, -1, 0, -1, 1, 1, 0, 1, 2 } },
  { "the course's", { 1, 1, 1, 1, 0.7, -1, -1, -1, -1 } },
}

local function play_with_photo(path)
  local photo = vision.io.read(path, { mode = "gray" }):float() / 255       -- (1, 300, 451)
  photo = photo[{ {}, { 41, 232 }, { 121, 312 } }]:unsqueeze(1)             -- the cat's face
  photo = tocha.avg_pool2d(photo, 2)                                        -- (1, 1, 96, 96)
  local pictures, names = {}, {}
  for k, filter in ipairs(FILTERS) do
    local weight = tocha.tensor(filter[2]):float():view(1, 1, 3, 3)
    local edge = tocha.pad(photo, { 1, 1, 1, 1 }, "replicate")    -- beyond the border: the border
    pictures[k] = tocha.conv2d(edge, weight)[1]:clamp(0, 1)
    names[k] = filter[1]
  end
  save(plot.grid(pictures, { nrow = 4, labels = names, vmin = 0, vmax = 1, width = 439 }),
    "12-photo.png")
end

local photo = options.data .. "/images/chelsea.png"
if io.open(photo) then play_with_photo(photo)
else print("No photo: put a PNG there and say --data FOLDER: " .. photo) end

-- ---- filters that a network found by itself -----------------------------------------------------

local found, training, test = pcall(tocha.data.mnist, { root = options.data .. "/mnist" })
if not found then
  print(training)   -- says which files to put where
  return
end
local x, y = training.tensors[1], training.tensors[2]             -- (60000, 1, 28, 28), (60000)
if smoke then x, y = x:narrow(1, 1, 200), y:narrow(1, 1, 200) end

local net = nn.Sequential(
  nn.Conv2d(1, 16, 5, { padding = 2 }), nn.ReLU(), nn.MaxPool2d(2),
  nn.Conv2d(16, 32, 3, { padding = 1 }), nn.ReLU(), nn.MaxPool2d(2),
  nn.Flatten(), nn.Linear(32 * 7 * 7, 10))
net:compile { optimizer = { "adam", lr = 0.002 }, loss = "cross_entropy", metrics = { "accuracy" } }
net:fit { x = x, y = y, batch_size = 64, epochs = 1 }
local _, accuracy = net:evaluate { x = test.tensors[1]:narrow(1, 1, smoke and 200 or 10000),
  y = test.tensors[2]:narrow(1, 1, smoke and 200 or 10000) }
print(("right on %.4f of the test images"):format(accuracy))

-- The filters of the first layer: red adds, blue takes away.
local filters = net[1].weight:detach()                            -- (16, 1, 5, 5)
local most = filters:abs():max():item()
save(plot.grid(filters, { nrow = 8, cmap = "coolwarm", vmin = -most, vmax = most,
  width = 420 }), "12-filters.png")

-- One digit through the layers: a map for each filter, bright where the filter finds its pattern.
net:eval()
local digit = test.tensors[1]:narrow(1, 1, 1)                     -- a 7
local first = tocha.no_grad(function() return net[2](net[1](digit)) end)     -- (1, 16, 28, 28)
save(plot.grid(tocha.cat({ digit / digit:max() * first:max(), first }, 2)[1],
  { nrow = 6, cmap = "magma", width = 420 }), "12-maps.png")

-- What a number after the second pooling depends on.
local _, sees = field(nn.Sequential(net[1], net[2], net[3], net[4], net[5], net[6]), 28)
print(("a number after the second pooling sees %d x %d pixels"):format(sees, sees))
