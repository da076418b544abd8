-- Optimisers race down four surfaces that everyone knows (after pictures by Alec Radford).
--
--     bin/tocha examples/beginners/05_race.lua [--out FOLDER]
--
-- Expect a table of the height that each optimiser came to in 120 steps (SGD creeps along the long
-- valley and stays at the saddle; those that scale their steps do not), and an animated picture:
-- 05-race.gif, or 05-race.svg where giflib is missing. It takes ten seconds, mostly for drawing.

local tocha = require "tocha"
local optim, plot = tocha.optim, tocha.plot

local out = "."
for k = 1, #arg, 2 do
  if arg[k] == "--out" then out = arg[k + 1] end
end
local smoke = os.getenv "TOCHA_SMOKE"
local STEPS <const> = 120
local FRAMES <const> = smoke and 2 or 40

-- ---- the surfaces -------------------------------------------------------------------------------

-- Each: the height over (x, y), the start, what to draw, and the lowest height there is.
local SURFACES <const> = {
  { name = "long valley", start = { -1.7, 0.9 }, x = { -2, 2 }, y = { -1.2, 1.2 }, lowest = 0,
    f = function(x, y) return 0.05 * x * x + 4 * y * y end },
  { name = "Beale", start = { 1, 1.5 }, x = { -0.5, 4 }, y = { -1.5, 2 }, lowest = 0,
    f = function(x, y)
      return (1.5 - x + x * y):pow(2) + (2.25 - x + x * y * y):pow(2)
        + (2.625 - x + x * y * y * y):pow(2)
    end },
  { name = "saddle point", start = { -1.2, 0.001 }, x = { -1.5, 1.5 }, y = { -1.5, 1.5 },
    f = function(x, y) return x * x - y * y end },
  { name = "Rosenbrock", start = { -1.2, 1 }, x = { -2, 2 }, y = { -1, 3 }, lowest = 0,
    f = function(x, y) return (1 - x):pow(2) + 100 * (y - x * x):pow(2) end },
}

-- One rate for each optimiser and surface would be fairer still; these are the best of a few tried
-- that stay stable on all four.
local RACERS <const> = {
  { "SGD", optim.SGD, { lr = 1e-3 } },
  { "momentum", optim.SGD, { lr = 1e-3, momentum = 0.9 } },
  { "Nesterov", optim.SGD, { lr = 1e-3, momentum = 0.9, nesterov = true } },
  { "Adagrad", optim.Adagrad, { lr = 0.3 } },
  { "Adadelta", optim.Adadelta, { lr = 10 } },
  { "RMSprop", optim.RMSprop, { lr = 0.02 } },
  { "Adam", optim.Adam, { lr = 0.1 } },
}

local COLORS <const> = { "red", "#32cd32", "magenta", "#ffd700", "cyan", "orange", "blue" }

-- ---- the race -----------------------------------------------------------------------------------

-- Where an optimiser is after each step: lists of x and y, and the last height.
local function run(surface, racer)
  local p = tocha.tensor(surface.start, { requires_grad = true, dtype = "float64" })
  local optimizer = racer[2]({ p }, racer[3])
  local path = { x = { p[1]:item() }, y = { p[2]:item() } }
  for step = 1, STEPS do
    optimizer:zero_grad()
    surface.f(p[1], p[2]):backward()
    optimizer:step()
    path.x[step + 1], path.y[step + 1] = p[1]:item(), p[2]:item()
  end
  path.height = surface.f(p[1], p[2]):item()
  return path
end

io.write(("%-12s"):format "height after")
for _, surface in ipairs(SURFACES) do io.write(("%14s"):format(surface.name)) end
print()
local paths = {}
for r, racer in ipairs(RACERS) do
  paths[r] = {}
  io.write(("%-12s"):format(racer[1]))
  for s, surface in ipairs(SURFACES) do
    paths[r][s] = run(surface, racer)
    io.write(("%14.4g"):format(paths[r][s].height))
  end
  print()
end

-- ---- the picture --------------------------------------------------------------------------------

-- The heights as an image; logarithms, so that valleys show beside cliffs.
local function backdrop(surface)
  local x = tocha.linspace(surface.x[1], surface.x[2], 96)
  local y = tocha.linspace(surface.y[1], surface.y[2], 96)
  local z = surface.f(x:view(1, -1), y:view(-1, 1))
  return surface.lowest and (z - surface.lowest + 0.02):log() or z
end
for _, surface in ipairs(SURFACES) do surface.image = backdrop(surface) end

local function first(list, n) return table.move(list, 1, n, 1, {}) end

-- All four surfaces after so many steps.
local function frame(n)
  local fig, axes = plot.subplots(2, 2, { width = 640, height = 560 })
  for s, surface in ipairs(SURFACES) do
    local ax = axes[(s - 1) // 2 + 1][(s - 1) % 2 + 1]
    ax:imshow(surface.image, { origin = "lower", cmap = "gray", interpolation = "bilinear",
      extent = { surface.x[1], surface.x[2], surface.y[1], surface.y[2] }, aspect = "auto" })
    for r, racer in ipairs(RACERS) do
      local path = paths[r][s]
      ax:plot(first(path.x, n), first(path.y, n), { linewidth = 1.6, label = racer[1],
        color = COLORS[r] })
      ax:scatter({ path.x[n] }, { path.y[n] }, { s = 16, color = COLORS[r] })
    end
    ax:set { title = surface.name, xlim = surface.x, ylim = surface.y,
      legend = s == 3 and "lower right" or false }
  end
  return fig
end

local name = pcall(require, "tocha.gif") and "05-race.gif" or "05-race.svg"
plot.animate(FRAMES, function(k) return frame(1 + k * STEPS // FRAMES) end,
  { path = out .. "/" .. name, fps = 8 })
print("wrote " .. out .. "/" .. name)
