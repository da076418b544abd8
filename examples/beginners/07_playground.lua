-- The TensorFlow Playground's four data sets: which features and which network make which set easy?
--
--     bin/tocha examples/beginners/07_playground.lua [--noise 0..50] [--out FOLDER]
--
-- Expect a table of accuracies and losses on points that training has not seen: circle needs x1^2
-- and x2^2 or hidden layers, xor x1*x2 or hidden layers, gauss nothing, and the spiral all seven
-- features and two hidden layers (99.6 %; with x1 and x2 alone 77.2 %). Pictures: 07-sets.svg,
-- 07-features.svg, 07-regions.svg. It takes a few seconds.

local tocha = require "tocha"
local data, nn, plot = tocha.data, tocha.nn, tocha.plot

local options = { out = ".", noise = "0" }
for k = 1, #arg, 2 do options[arg[k]:sub(3)] = arg[k + 1] end
local NOISE <const> = assert(tonumber(options.noise), "--noise wants a number") / 100
local EPOCHS <const> = os.getenv "TOCHA_SMOKE" and 2 or 100
local N <const> = 500
local function save(fig, name) fig:save(options.out .. "/" .. name) end

-- ---- four sets of points ------------------------------------------------------------------------

local function uniform(low, high, ...) return tocha.rand(...) * (high - low) + low end

-- Noise: a point is labelled by where it seems to be.
local function seen(x) return x + uniform(-5, 5, #x, 2) * NOISE end

-- Each gives points (500, 2) in a square from -6 to 6, and their labels (500): 1 or -1.
local SETS <const> = {
  { name = "circle", make = function()
    local r = tocha.cat { uniform(0, 2.5, N // 2), uniform(3.5, 5, N // 2) }
    local angle = uniform(0, 2 * math.pi, N)
    local x = tocha.stack({ r * angle:sin(), r * angle:cos() }, 2)
    return x, seen(x):norm(2, 2):lt(2.5):float() * 2 - 1
  end },
  { name = "xor", make = function()
    local x = uniform(-5, 5, N, 2)
    x = x + 0.3 * x:sign()                                -- a gap along the axes
    return x, seen(x):prod(2):ge(0):float() * 2 - 1
  end },
  { name = "gauss", make = function()
    local label = tocha.cat { tocha.ones(N // 2), -tocha.ones(N // 2) }
    return 2 * label:view(N, 1) + tocha.randn(N, 2) * (0.5 + 7 * NOISE) ^ 0.5, label
  end },
  { name = "spiral", make = function()
    local part = tocha.arange(0, N // 2 - 1) / (N // 2)   -- 0 in the middle, 1 at the end
    local turn = 1.75 * 2 * math.pi * part
    local arm = tocha.stack({ 5 * part * turn:sin(), 5 * part * turn:cos() }, 2)
    local x = tocha.cat { arm, -arm } + uniform(-1, 1, N, 2) * NOISE
    return x, tocha.cat { tocha.ones(N // 2), -tocha.ones(N // 2) }
  end },
}

-- ---- seven features -----------------------------------------------------------------------------

local FEATURES <const> = {
  x1 = function(x1) return x1 end, x2 = function(_, x2) return x2 end,
  ["x1^2"] = function(x1) return x1 * x1 end, ["x2^2"] = function(_, x2) return x2 * x2 end,
  ["x1*x2"] = function(x1, x2) return x1 * x2 end,
  ["sin x1"] = function(x1) return x1:sin() end, ["sin x2"] = function(_, x2) return x2:sin() end,
}
local ALL <const> = { "x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2" }

-- Points (..., 2) to features (..., number of names).
local function features(x, names)
  local columns = {}
  for k, name in ipairs(names) do columns[k] = FEATURES[name](x:select(-1, 1), x:select(-1, 2)) end
  return tocha.stack(columns, -1)
end

local PLAN <const> = {
  { title = "x1, x2", inputs = { "x1", "x2" }, hidden = {} },
  { title = "x1^2, x2^2", inputs = { "x1^2", "x2^2" }, hidden = {} },
  { title = "x1*x2", inputs = { "x1*x2" }, hidden = {} },
  { title = "x1, x2; 4-2", inputs = { "x1", "x2" }, hidden = { 4, 2 } },
  { title = "x1, x2; 8-8", inputs = { "x1", "x2" }, hidden = { 8, 8 } },
  { title = "all 7; 8-8", inputs = ALL, hidden = { 8, 8 } },
}

-- The layers of a plan; the answer lies between -1 and 1.
local function new_net(plan)
  local net, width = nn.Sequential(), #plan.inputs
  for _, neurons in ipairs(plan.hidden) do
    net:add(nn.Linear(width, neurons)):add(nn.Tanh())
    width = neurons
  end
  return net:add(nn.Linear(width, 1)):add(nn.Tanh())
end

-- ---- training, the table and the pictures -------------------------------------------------------

local COLORS <const> = { "#f59322", "#e8eaeb", "#0877bd" }   -- the playground's: -1, 0, 1
local side = tocha.linspace(-6, 6, 61)
local plane = tocha.stack(tocha.meshgrid({ side, side }, "xy"), 3)    -- (61, 61, 2)
local LEVELS <const> = { -0.8, -0.4, 0, 0.4, 0.8 }

-- Numbers over the plane, (61, 61, 1), as bands of colour from -1 to 1.
local function bands(ax, z)
  ax:contourf(side, side, z:squeeze(3):clamp(-1, 1), { levels = LEVELS, cmap = COLORS })
end

local function dots(ax, x, y, how)
  for class = 1, 2 do
    local of = x:index_select(1, y:flatten():eq(2 * class - 3):nonzero():flatten())
    ax:scatter(of:select(2, 1), of:select(2, 2), { s = how.s, color = how[class] })
  end
end

local BARE <const> = { xticks = {}, yticks = {}, xlim = { -6, 6 }, ylim = { -6, 6 }, grid = false }
local views, view = plot.subplots(1, 7, { width = 900, height = 165 })
for k, name in ipairs(ALL) do
  bands(view[k]:set(BARE):set_title(name), features(plane, { name }) / (name:find "sin" and 1 or 6))
end
save(views, "07-features.svg")

local fig, panes = plot.subplots(1, 4, { width = 900, height = 245, xlim = { -6, 6 },
  ylim = { -6, 6 }, xticks = { -5, 0, 5 }, yticks = { -5, 0, 5 } })
local maps, cells = plot.subplots(4, 6, { width = 720, height = 490 })
io.write "test        "
for _, plan in ipairs(PLAN) do io.write(("%15s"):format(plan.title)) end
for row, set in ipairs(SETS) do
  io.write(("\n%-12s"):format(set.name))
  tocha.manual_seed(1)
  local x, y = set.make()
  local x_train, x_test, y_train, y_test = data.train_test_split(x, y:view(N, 1),
    { test_size = 0.5, seed = 1 })
  panes[row]:set_title(set.name)
  dots(panes[row], x_train, y_train, { COLORS[1], COLORS[3], s = 12 })
  for col, plan in ipairs(PLAN) do
    local net, ax = new_net(plan), cells[row][col]
    net:compile { optimizer = { "adam", lr = 0.01 }, loss = "mse" }
    net:fit { x = features(x_train, plan.inputs), y = y_train, epochs = EPOCHS, batch_size = 10,
      verbose = 0 }                                      -- the loop of exercise 3, ready made
    local function says(points) return net(features(points, plan.inputs)):detach() end
    local answer = says(x_test)
    local right = 100 * answer:sign():eq(y_test):float():mean():item()
    io.write(("%8.1f %% %.3f"):format(right, (answer - y_test):pow(2):mean():item() / 2))
    bands(ax:set(BARE), says(plane))
    dots(ax, x_test:narrow(1, 1, 50), y_test:narrow(1, 1, 50), { "#7a3d00", "#002a45", s = 5 })
    ax:text(5.6, -5.5, ("%.0f %%"):format(right), { ha = "right", fontweight = "bold",
      halo = "white" })
    if row == 1 then ax:set_title(plan.title) end
    if col == 1 then ax:set_ylabel(set.name) end
  end
end
print()
save(fig, "07-sets.svg")
save(maps, "07-regions.svg")
