-- One neuron: its weights, its bias, and the curve that bends its output.
--
--     bin/tocha examples/beginners/01_neuron.lua [--out FOLDER]
--
-- Expect one neuron's outputs, the five activation curves drawn in the terminal, and 3 pictures:
-- 01-activations.svg, 01-weights.svg, 01-plane.svg. It takes less than a second.

local tocha = require "tocha"
local plot = tocha.plot

local out = "."
for k = 1, #arg, 2 do
  if arg[k] == "--out" then out = arg[k + 1] end
end
local function save(fig, name)
  fig:save(out .. "/" .. name)
  print("wrote " .. out .. "/" .. name)
end

-- ---- a neuron -----------------------------------------------------------------------------------

-- output = activation(w1*x1 + w2*x2 + ... + bias)
local function neuron(x, w, bias, activation)
  return activation((w * x):sum() + bias)
end

local x = tocha.tensor { 1.0, 2.0, 3.0 }
local w = tocha.tensor { 0.5, -1.0, 0.25 }
print("inputs  1, 2, 3; weights 0.5, -1, 0.25; bias 0.1")
print("the sum is", ((w * x):sum() + 0.1):item())

-- The five curves of the slide.
local ACTIVATIONS <const> = {
  { "linear", function(v) return v end },
  { "sigmoid", tocha.sigmoid },
  { "tanh", tocha.tanh },
  { "relu", tocha.relu },
  { "elu", tocha.elu },
}
for _, each in ipairs(ACTIVATIONS) do
  print(("%-8s gives %7.4f"):format(each[1], neuron(x, w, 0.1, each[2]):item()))
end

-- ---- the curves ---------------------------------------------------------------------------------

local v = tocha.linspace(-4, 4, 161)
local fig = plot.figure { title = "Five activations", xlabel = "weighted sum + bias",
  ylabel = "output", ylim = { -1.5, 2.5 } }
for _, each in ipairs(ACTIVATIONS) do fig:plot(v, each[2](v), { label = each[1] }) end
fig:show()
save(fig, "01-activations.svg")

-- ---- what the weight and the bias do ------------------------------------------------------------

local both, axes = plot.subplots(1, 2, { width = 760, height = 320, ylim = { -0.05, 1.05 },
  xlabel = "x", legend = "lower right" })
axes[1]:set_title "the weight makes it steep"
for _, weight in ipairs { 0.5, 1, 3, -1 } do
  axes[1]:plot(v, (weight * v):sigmoid(), { label = ("w = %g"):format(weight) })
end
axes[2]:set_title "the bias moves it"
for _, bias in ipairs { -2, 0, 2 } do
  axes[2]:plot(v, (2 * v + bias):sigmoid(), { label = ("w = 2, b = %g"):format(bias) })
end
save(both, "01-weights.svg")

-- ---- two inputs: a line parts the plane ---------------------------------------------------------

-- The neuron's output at each point of a square, a row for each x2.
local function plane(w1, w2, bias)
  local side = tocha.linspace(-3, 3, 61)
  local x1, x2 = side:view(1, -1), side:view(-1, 1)     -- (1, 61) and (61, 1)
  return (w1 * x1 + w2 * x2 + bias):sigmoid()           -- (61, 61)
end

local three, maps = plot.subplots(1, 3, { width = 900, height = 310, xlabel = "x1", ylabel = "x2" })
for k, p in ipairs { { 2, 0, 0 }, { 1, 2, 0 }, { 1, 2, 3 } } do
  maps[k]:imshow(plane(p[1], p[2], p[3]), { extent = { -3, 3, -3, 3 }, origin = "lower",
    cmap = "coolwarm", vmin = 0, vmax = 1 })
  maps[k]:set_title(("w1 = %g, w2 = %g, b = %g"):format(p[1], p[2], p[3]))
end
save(three, "01-plane.svg")
print "One neuron answers on which side of a line a point lies. Change the numbers and run again."
