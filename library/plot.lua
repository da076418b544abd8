---@meta tocha.plot
-- Written by `make annotations`; do not edit.

---tocha.plot: plots by matplotlib's names, as PNG, as SVG and in the terminal.
---
---    local fig = plot.figure { title = "training", xlabel = "epoch", yscale = "log" }
---    fig:plot(loss, { label = "loss" }):plot(val_loss, { label = "validation", linestyle = "--" })
---    fig:show()                -- in the terminal
---    fig:save "loss.svg"       -- or .png
---
---A figure is data: axes with artists. Layout makes a display list of it (display.lua), which
---svg.lua, raster.lua and terminal.lua draw. Interactive windows are not here.
---@class tocha.plot
---@field color tocha.plot.color
---@field colormap tocha.plot.colormap
local plot = {}

---plot.animate(n, function(k) return figure end, {path = "race.gif", fps = 10, hold = 1, scale =
---1}): an animation of n figures of one size, which repeats; the last stands `hold` seconds
---longer. A path that ends in ".gif" needs giflib and libcairo, ".svg" nothing. Colours of a GIF
---frame are exact up to 255, then the nearest.
---@return any ...
function plot.animate(n, figure_of, options) end

---axes:annotate(text, {xy = {x, y}, xytext = {x, y}, arrow = true, ...}): words about a point,
---with an arrow to it where they stand elsewhere (`xytext`). Other options as text has.
---@return any ...
function plot.annotate(...) end

---axes:arrow(x, y, dx, dy, {color =, linewidth = 1.2, head_length = 7}): an arrow from (x, y) to
---(x + dx, y + dy) in the data; its head is measured in points.
---@return any ...
function plot.arrow(...) end

---axes:axhline(y, {color =, linestyle =, linewidth =, label =}): a line across at this height.
---@return any ...
function plot.axhline(...) end

---axes:axhspan(y1, y2, {color =, alpha = 0.15, label =}): a band across at these heights.
---@return any ...
function plot.axhspan(...) end

---axes:axvline(x, options): a line from top to bottom.
---@return any ...
function plot.axvline(...) end

---axes:axvspan(x1, x2, options): a band from top to bottom.
---@return any ...
function plot.axvspan(...) end

---axes:bar(x, height, {width = 0.8, bottom = 0, color =, edgecolor =, label =, alpha =}): upright
---bars. `x` are numbers or names; `color` may be a list; `bottom` stacks bars on others.
---@return any ...
function plot.bar(...) end

---axes:barh(y, width, {height = 0.8, left = 0, ...}): lying bars.
---@return any ...
function plot.barh(...) end

---axes:confusion(matrix, classes, {normalize = false, cmap = "Blues", fmt =, colorbar = true}): a
---confusion matrix; row i is the true class, column j the prediction. `classes` are their names.
---With `normalize` each row is divided by its sum.
---@return any ...
function plot.confusion(...) end

---axes:contour(x, y, z, {levels = 8, cmap = "viridis", colors =, linewidth = 1.2, labels =
---false}): lines of equal height of a surface. z is (rows, columns), x its columns' coordinates
---and y its rows' (lists, or matrices as from meshgrid with "xy"); x and y may be left out.
---`levels` is about how many, or a list of heights; `labels` writes the height on each.
---@return any ...
function plot.contour(...) end

---axes:contourf(x, y, z, {levels = 8, cmap = "viridis", colors =, alpha =, colorbar = false}): the
---surface in bands of one colour each: below the first level, between levels, above the last.
---Decision regions of a classifier: contourf(x, y, p, {levels = {0.5}, colors = {"C1", "C2"}}).
---@return any ...
function plot.contourf(...) end

---axes:errorbar(x, y, yerr, {capsize = 3, ...}): plot, with a bar of y - yerr .. y + yerr at each
---point. `yerr` is a number or one each.
---@return any ...
function plot.errorbar(...) end

---plot.figure{title =, xlabel =, ylabel =, width = 640, height = 420, xlim = {low, high}, ylim =,
---xscale = "log", yscale =, legend =, grid =, facecolor = "white"}: a figure with one plot. Sizes
---are in points; a PNG has as many pixels, times its `scale`.
---@return any ...
function plot.figure(options) end

---axes:fill_between(x, y1, y2 = 0, {color =, alpha = 0.25, label =}): the area between two curves;
---y1 and y2 are lists or numbers.
---@return any ...
function plot.fill_between(...) end

---plot.grid(images, {nrow = 8, padding =, labels =, colors =, cmap = "gray", vmin =, vmax =,
---scale_each = false, title =, width = 640}): a figure of pictures, (N, C, H, W) or (N, H, W) or a
---list. One channel goes through the colour map, from the least number of all to the greatest
---(with `scale_each` of each picture); three are colours, uint8 or 0..1. `nrow` is the number in a
---row, as in torchvision; `labels` (a list or tensor) stand above the pictures, in `colors`.
---@return any ...
function plot.grid(images, options) end

---axes:heatmap(matrix, {annot = false, fmt = "%.2f", cmap =, vmin =, vmax =, xticklabels =,
---yticklabels =, colorbar = true, aspect = "equal"}): a matrix as colours, with `annot` also as
---numbers (the name and options are seaborn's).
---@return any ...
function plot.heatmap(...) end

---plot.hist(...)
---plot.plot(y), plot.scatter(x, y), plot.hist(x), plot.imshow(x), ...: every method of a figure
---that draws, as a function that makes a figure and shows it in the terminal. The options may hold
---the figure's as well: plot.plot(loss, {title = "loss", yscale = "log"}).
---@return any ...
function plot.hist(...) end

---plot.history(history, {metrics =, yscale =, width =, height =, suptitle =}): a figure of a
---training's history: of what `fit` returns, or of a table of lists by name. `loss` and `val_loss`
---share a plot, as do other pairs; `metrics` (a list of names) chooses.
---@return any ...
function plot.history(history, options) end

---plot.imshow(...)
---plot.plot(y), plot.scatter(x, y), plot.hist(x), plot.imshow(x), ...: every method of a figure
---that draws, as a function that makes a figure and shows it in the terminal. The options may hold
---the figure's as well: plot.plot(loss, {title = "loss", yscale = "log"}).
---@return any ...
function plot.imshow(...) end

---plot.plot(y), plot.scatter(x, y), plot.hist(x), plot.imshow(x), ...: every method of a figure
---that draws, as a function that makes a figure and shows it in the terminal. The options may hold
---the figure's as well: plot.plot(loss, {title = "loss", yscale = "log"}).
---@return any ...
function plot.plot(...) end

---plot.scatter(...)
---plot.plot(y), plot.scatter(x, y), plot.hist(x), plot.imshow(x), ...: every method of a figure
---that draws, as a function that makes a figure and shows it in the terminal. The options may hold
---the figure's as well: plot.plot(loss, {title = "loss", yscale = "log"}).
---@return any ...
function plot.scatter(...) end

---axes:step(x, y, options): a line that keeps each value until the next x.
---@return any ...
function plot.step(...) end

---plot.subplots(rows = 1, cols = 1, options): a figure of several plots, and its axes: one, a list
---where there is one row or column, else axes[row][col]. figure.axes is always the list.
---`suptitle` stands above all; other options as in plot.figure, for every plot.
---@return any ...
function plot.subplots(rows, cols, options) end

---axes:text(x, y, text, {fontsize = 11, color =, ha = "left", va = "baseline", rotation = 0,
---fontweight = "bold", halo = color}): words at a point of the data.
---@return any ...
function plot.text(...) end

return plot
