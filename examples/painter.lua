-- Paints a picture from memory: a network learns the colour at each place, (x, y) -> (r, g, b).
--
--     bin/tocha examples/painter.lua [cat.png] [--data FOLDER] [--epochs 400] [--out DIR]
--
-- Breadth against depth: five networks with more and more to remember with learn one picture of 100
-- pixels a side, a batch of 64 places at a time. Prints the error of each; painter.png shows the
-- paintings beside the picture, painter.svg how the errors fell. Without one it takes
-- images/chelsea.png (a cat, from scikit-image) of FOLDER, and without that a drawing of its own.
-- Expect 0.007 from one layer of 48 neurons, whose folds run right across the picture, 0.005 from
-- two of 24, and 0.0025 from four and from seven, which have corners: an eye is an eye. A few
-- seconds.

local tocha = require "tocha"
local nn, optim, plot, vision = tocha.nn, tocha.optim, tocha.plot, tocha.vision
local F = nn.functional
local progress = require "tocha.progress"

local here = arg[0]:match "^.*/" or ""
local options, given = tocha.arguments "data = nil, epochs = 400, out = '.', picture = nil"
options.picture = options.picture or given[1]
options.data = options.data or os.getenv "TOCHA_DATA" or here .. "../../shared/data"
local smoke = os.getenv "TOCHA_SMOKE"
local SIDE <const>, BATCH <const> = smoke and 20 or 100, 64
local EPOCHS <const> = smoke and 1 or options.epochs
tocha.manual_seed(1)

-- ---- the picture --------------------------------------------------------------------------------

-- Rings in front of a slope: what to paint where there is no photo. (3, SIDE, SIDE) from 0 to 1.
local function drawing()
  local line = tocha.linspace(-1, 1, SIDE)
  local y, x = table.unpack(tocha.meshgrid({ line, line }, "ij"))
  local r = (x * x + y * y):sqrt()
  return tocha.stack { (r * 9):sin() * 0.5 + 0.5, x * 0.5 + 0.5, (r:lt(0.7)):float() }
end

-- The square in the middle of a photo, made small.
local function read(path)
  local photo = vision.io.read(path, { mode = "rgb" }):float() / 255        -- (3, H, W)
  local side = math.min(photo:size(2), photo:size(3))
  local top, left = (photo:size(2) - side) // 2, (photo:size(3) - side) // 2
  local square = photo:narrow(2, top + 1, side):narrow(3, left + 1, side)
  return F.interpolate(square:unsqueeze(1), { size = { SIDE, SIDE }, mode = "bilinear",
    antialias = true })[1]:clamp(0, 1)
end

local path = options.picture or options.data .. "/images/chelsea.png"
local picture
if options.picture or io.open(path) then picture = read(path)
else
  print("No photo at " .. path .. ": painting a drawing; say --picture FILE")
  picture = drawing()
end

-- Every place and its colour: (SIDE * SIDE, 2), from -1 to 1, and (SIDE * SIDE, 3).
local line = tocha.linspace(-1, 1, SIDE)
local rows, columns = table.unpack(tocha.meshgrid({ line, line }, "ij"))
local places = tocha.stack({ columns:flatten(), rows:flatten() }, 2)
local colors = picture:flatten(2, 3):t():contiguous()

-- ---- the networks -------------------------------------------------------------------------------

local PLAN <const> = {
  { layers = 1, width = 12 }, { layers = 1, width = 48 }, { layers = 2, width = 24 },
  { layers = 4, width = 24 }, { layers = 7, width = 24 },
}

local function new_net(plan)
  local net, inputs = nn.Sequential(), 2
  for _ = 1, plan.layers do
    net:add(nn.Linear(inputs, plan.width)):add(nn.ReLU())
    inputs = plan.width
  end
  return net:add(nn.Linear(inputs, 3))
end

-- One pass over all places in a new order; the mean squared error on the way.
local function paint_once(step)
  local total, order = 0, tocha.randperm(#places)
  local batches = #places // BATCH
  for k = 1, batches do
    local ids = order:narrow(1, (k - 1) * BATCH + 1, BATCH)
    total = total + step(places:index_select(1, ids), colors:index_select(1, ids)):item()
  end
  return total / batches
end

local function new_step(net, optimizer)
  return tocha.graph(function(x, y)         -- recorded once, run again without Lua
    optimizer:zero_grad()
    local loss = F.mse_loss(net(x), y)
    loss:backward()
    optimizer:step()
    return loss
  end)
end

local function learn(net, name)
  local optimizer = optim.Adam(net:parameters(), { lr = 0.01 })
  local schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
  local step, errors = new_step(net, optimizer), {}
  local bar <close> = progress.bar(EPOCHS, name)
  for epoch = 1, EPOCHS do
    errors[epoch] = paint_once(step)
    schedule:step()
    bar:step()
  end
  return errors
end

local function painting(net)
  local _ <close> = tocha.no_grad()
  return net(places):t():reshape(3, SIDE, SIDE):clamp(0, 1)
end

-- ---- the exhibition -----------------------------------------------------------------------------

local pictures, labels = { picture }, { "the picture" }
local curves = plot.figure { title = "breadth against depth", xlabel = "epoch",
  ylabel = "mean squared error", yscale = "log", legend = true, width = 560, height = 340 }
print "layers x neurons   parameters    error   seconds"
for k, plan in ipairs(PLAN) do
  local net = new_net(plan)
  local name, clock = ("%d x %d"):format(plan.layers, plan.width), tocha.clock()
  local errors = learn(net, name)
  pictures[k + 1], labels[k + 1] = painting(net), name
  print(("%-17s %11d %8.4f %9.1f"):format(name, net:num_parameters(),
    F.mse_loss(pictures[k + 1], picture):item(), tocha.clock() - clock))
  curves:plot(errors, { label = name })
end
plot.grid(pictures, { nrow = 3, labels = labels, vmin = 0, vmax = 1, width = 480 })
  :save(options.out .. "/painter.png")
curves:save(options.out .. "/painter.svg")
print(("wrote %s/painter.png and painter.svg"):format(options.out))
