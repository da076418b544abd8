-- A layer by hand: y = f(W x + b), then the same numbers from a layer of tocha.nn.
--
--     bin/tocha examples/beginners/02_layers.lua [--out FOLDER]
--
-- Expect three times the same four numbers, the parameters of a small network counted by hand and
-- by summary(), and one picture, 02-hidden.svg. It takes less than a second.

local tocha = require "tocha"
local nn, plot = tocha.nn, tocha.plot

local out = "."
for k = 1, #arg, 2 do
  if arg[k] == "--out" then out = arg[k + 1] end
end
tocha.manual_seed(1)

-- ---- one layer, three times ---------------------------------------------------------------------

-- Three inputs, four neurons: W has a row for each neuron, b a number for each.
local x = tocha.tensor { 1.0, 2.0, 3.0 }
local W = tocha.randn(4, 3)
local b = tocha.randn(4)

-- By hand, neuron by neuron ...
local by_hand = {}
for j = 1, 4 do by_hand[j] = (W[j] * x):sum() + b[j] end
print("by hand", tocha.stack(by_hand):tanh())

-- ... as one product of a matrix and a vector ...
print("matrix ", (W:mv(x) + b):tanh())

-- ... and by a layer that holds W and b as its parameters.
local layer = nn.Linear(3, 4)
tocha.no_grad(function()
  layer.weight:copy_(W)
  layer.bias:copy_(b)
end)
print("layer  ", layer(x):tanh():detach())

-- Many inputs at once: rows of a batch. The layer takes (batch, 3) and gives (batch, 4).
local batch = tocha.randn(5, 3)
print("a batch of 5 gives", table.concat(layer(batch).shape, " x "))

-- ---- counting parameters ------------------------------------------------------------------------

-- A layer of n inputs and m neurons has n*m weights and m biases.
local sizes = { 2, 8, 8, 1 }
local total = 0
for k = 1, #sizes - 1 do
  local weights, biases = sizes[k] * sizes[k + 1], sizes[k + 1]
  print(("layer %d: %2d x %d weights + %d biases = %3d"):format(k, sizes[k], sizes[k + 1], biases,
    weights + biases))
  total = total + weights + biases
end
print("together", total)

local net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
net:summary(2)

-- ---- what a hidden layer sees -------------------------------------------------------------------

-- Each of the eight hidden neurons parts the plane its own way; the next layer mixes them.
local side = tocha.linspace(-3, 3, 61)
local points = tocha.stack({ side:view(1, -1):expand(61, 61), side:view(-1, 1):expand(61, 61) }, 3)
local hidden = net[2](net[1](points)):detach()             -- (61, 61, 8)

local fig, axes = plot.subplots(2, 4, { width = 760, height = 400 })
for k = 1, 8 do
  local ax = axes[(k - 1) // 4 + 1][(k - 1) % 4 + 1]
  ax:imshow(hidden:select(3, k), { extent = { -3, 3, -3, 3 }, origin = "lower", vmin = -1,
    vmax = 1, cmap = "coolwarm" })
  ax:set_title("hidden neuron " .. k)
end
fig:save(out .. "/02-hidden.svg")
print("wrote " .. out .. "/02-hidden.svg")
