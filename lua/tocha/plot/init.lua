-- tocha.plot: plots by matplotlib's names, as PNG, as SVG and in the terminal.
--
--     local fig = plot.figure { title = "training", xlabel = "epoch", yscale = "log" }
--     fig:plot(loss, { label = "loss" }):plot(val_loss, { label = "validation", linestyle = "--" })
--     fig:show()                -- in the terminal
--     fig:save "loss.svg"       -- or .png
--
-- A figure is data: axes with artists. Layout makes a display list of it (display.lua), which
-- svg.lua, raster.lua and terminal.lua draw. Interactive windows are not here.

local core = require "tocha.core"
local lazy = require "tocha.lazy"
local Axes = require "tocha.plot.axes"
local Figure = require "tocha.plot.figure"

local plot <const> = {}

--- plot.figure{title =, xlabel =, ylabel =, width = 640, height = 420, xlim = {low, high}, ylim =,
--- xscale = "log", yscale =, legend =, grid =, facecolor = "white"}: a figure with one plot. Sizes
--- are in points; a PNG has as many pixels, times its `scale`.
function plot.figure(options) return Figure(1, 1, options or {}) end

local function check_count(n, k)
  if math.type(n) ~= "integer" or n < 1 or n > 100 then
    core.fail("subplots", k, "expected a number from 1 to 100, got %s", tostring(n))
  end
  return n
end

-- As matplotlib squeezes: one, a list, or rows of lists.
local function shape_axes(list, rows, cols)
  if #list == 1 then return list[1] end
  if rows == 1 or cols == 1 then return list end
  local grid <const> = {}
  for r = 1, rows do grid[r] = table.move(list, (r - 1) * cols + 1, r * cols, 1, {}) end
  return grid
end

--- plot.subplots(rows = 1, cols = 1, options): a figure of several plots, and its axes: one, a list
--- where there is one row or column, else axes[row][col]. figure.axes is always the list.
--- `suptitle` stands above all; other options as in plot.figure, for every plot.
function plot.subplots(rows, cols, options)
  rows, cols = check_count(rows or 1, 1), check_count(cols or 1, 2)
  local figure <const> = Figure(rows, cols, options or {})
  return figure, shape_axes(figure.axes, rows, cols)
end

-- ---- one line -----------------------------------------------------------------------------------

-- A trailing table of options: those of the axes, and the rest, which are the artist's.
local function part_options(args)
  local last <const> = args[args.n]
  local of_axes <const>, of_artist <const> = {}, {}
  if type(last) ~= "table" or core.is_tensor(last) or type(next(last)) ~= "string" then
    return of_axes
  end
  for name, value in pairs(last) do
    local mine <const> = Axes.options[name] and name ~= "aspect"
    if mine then of_axes[name] = value else of_artist[name] = value end
  end
  args[args.n] = of_artist
  return of_axes
end

--- plot.plot(y), plot.scatter(x, y), plot.hist(x), plot.imshow(x), ...: every method of a figure
--- that draws, as a function that makes a figure and shows it in the terminal. The options may hold
--- the figure's as well: plot.plot(loss, {title = "loss", yscale = "log"}).
for _, name in ipairs(Axes.artist_names) do
  plot[name] = function(...)
    local args <const> = table.pack(...)
    local figure <const> = plot.figure(part_options(args))
    figure[name](figure, table.unpack(args, 1, args.n))
    figure:show()
  end
end

-- ---- what loads on first use --------------------------------------------------------------------

local LAZY <const> = {
  grid = "tocha.plot.grid", history = "tocha.plot.history", animate = "tocha.plot.animate",
  colormap = "tocha.plot.colormap", color = "tocha.plot.color",
}

return lazy(plot, LAZY)
