-- Losses, gradient descent on a surface, and the places where it can end.
--
--     bin/tocha examples/beginners/04_descent.lua [--out FOLDER]
--
-- Expect the losses of a few answers, good and bad, then the path of gradient descent on a surface
-- of two weights: three starts that end in three places. Pictures: 04-losses.svg,
-- 04-descent.svg, 04-minima.svg. It takes about a second.

local tocha = require "tocha"
local nn, optim, plot = tocha.nn, tocha.optim, tocha.plot

local out = "."
for k = 1, #arg, 2 do
  if arg[k] == "--out" then out = arg[k + 1] end
end
local function save(fig, name)
  fig:save(out .. "/" .. name)
  print("wrote " .. out .. "/" .. name)
end

-- ---- losses: how wrong is an answer? ------------------------------------------------------------

-- For numbers: the mean of the squared differences.
local wanted = tocha.tensor { 20.0, 10.0 }
print("temperatures were 20 and 10")
for _, said in ipairs { { 20.0, 10.0 }, { 21.0, 9.0 }, { 25.0, 10.0 } } do
  print(("  said %g and %g: mean squared error %g"):format(said[1], said[2],
    nn.functional.mse_loss(tocha.tensor(said), wanted):item()))
end

-- For classes: minus the logarithm of the probability given to the right one.
print("the picture is a cat (class 1); the network gives scores to cat, dog, cow")
for _, scores in ipairs { { 4.0, 1.0, 1.0 }, { 1.0, 1.0, 1.0 }, { 1.0, 4.0, 1.0 } } do
  local row = tocha.tensor { scores }
  local loss = nn.functional.cross_entropy(row, tocha.tensor { 1 }):item()
  print(("  cat has probability %.2f: cross-entropy %.2f"):format(
    row:softmax(2)[1][1]:item(), loss))
end

local p = tocha.linspace(0.01, 1, 100)
local losses = plot.figure { title = "What an answer costs", width = 480, height = 320,
  xlabel = "probability given to the right class", ylabel = "loss" }
losses:plot(p, -p:log(), { label = "cross-entropy" })
losses:plot(p, (1 - p):pow(2), { label = "squared error" })
save(losses, "04-losses.svg")

-- ---- a surface to walk down ---------------------------------------------------------------------

-- The loss over two weights: two bowls of different depth, a ridge with a saddle between them.
local function surface(a, b)
  return (a * a - 1):pow(2) + 0.35 * a + b * b
end

-- Gradient descent: look which way is down, take a small step, again. Returns the places visited.
local function descend(a0, b0, rate, steps)
  local w = tocha.tensor({ a0, b0 }, { requires_grad = true })
  local optimizer = optim.SGD({ w }, { lr = rate })
  local path = { a = { a0 }, b = { b0 } }
  for _ = 1, steps do
    optimizer:zero_grad()
    local loss = surface(w[1], w[2])
    loss:backward()          -- w.grad is now the slope in both directions
    optimizer:step()         -- w = w - rate * w.grad
    table.insert(path.a, w[1]:item())
    table.insert(path.b, w[2]:item())
  end
  path.loss = surface(w[1], w[2]):item()
  return path
end

local side_a, side_b = tocha.linspace(-1.8, 1.8, 90), tocha.linspace(-1.5, 1.5, 75)
local heights = surface(side_a:view(1, -1), side_b:view(-1, 1))        -- (75, 90)

local fig = plot.figure { title = "Three starts, two valleys, one ridge", width = 560, height = 470,
  xlabel = "weight 1", ylabel = "weight 2", legend = "lower right" }
fig:contourf(side_a, side_b, heights, { levels = 24 })
local STARTS <const> = {
  { -0.4, 1.3, "ends in the deep valley", "white" },
  { 0.6, 1.3, "ends in the shallow valley", "orange" },
  { 0.0881858, -1.3, "stops on the saddle", "red" },
}
for _, start in ipairs(STARTS) do
  local path = descend(start[1], start[2], 0.05, 60)
  print(("from (%g, %g) to (%.3f, %.3f), loss %.3f: %s"):format(start[1], start[2],
    path.a[#path.a], path.b[#path.b], path.loss, start[3]))
  fig:plot(path.a, path.b, { marker = "o", markersize = 3, label = start[3],
    color = start[4] })
end
save(fig, "04-descent.svg")

-- ---- kinds of places where the slope is zero ----------------------------------------------------

local x = tocha.linspace(-2, 2, 201)
local four, axes = plot.subplots(1, 4, { width = 900, height = 240, xlabel = "weight",
  ylabel = "loss" })
local PLACES <const> = {
  { "one global minimum", x * x, { { 0, 0 } } },
  { "a local minimum too", (x * x - 1):pow(2) + 0.35 * x, { { -1.04, -0.357 }, { 0.955, 0.342 } } },
  { "a saddle: neither", x:pow(3), { { 0, 0 } } },
  { "a plateau: no slope", 1 - (-(x * x) * 6):exp(), { { -1.6, 1 }, { 1.6, 1 } } },
}
for k, place in ipairs(PLACES) do
  axes[k]:set_title(place[1])
  axes[k]:plot(x, place[2])
  for _, at in ipairs(place[3]) do axes[k]:scatter({ at[1] }, { at[2] }, { color = "red" }) end
end
save(four, "04-minima.svg")
