-- Clouds of points: scatter.

local core = require "tocha.core"
local Artist = require "tocha.plot.artists.artist"
local clip = require "tocha.plot.clip"
local color = require "tocha.plot.color"
local colormap = require "tocha.plot.colormap"
local decimate = require "tocha.plot.decimate"
local values = require "tocha.plot.values"

local methods <const> = {}

local Points <const> = Artist:extend "Points"

function Points:bounds(view) return Artist.ranges(view, self.xs, self.ys) end

-- The points that the scales can show and that lie in the box, with what goes with each.
local function visible(self, view)
  local xs <const>, ys <const>, with <const> = {}, {}, self.colors[1] and {} or nil
  for k = 1, #self.xs do
    local x <const>, y <const> = view.fx(self.xs[k]), view.fy(self.ys[k])
    if x - x == 0 and y - y == 0 and clip.has(view.box, x, y) then
      xs[#xs + 1], ys[#ys + 1] = x, y
      if with then with[#xs] = self.colors[k] end
    end
  end
  return decimate.points(xs, ys, view, with)
end

function Points:draw(view, list)
  local xs <const>, ys <const>, colors <const> = visible(self, view)
  if #xs == 0 then return end
  list:markers {
    shape = self.shape, size = self.size, xs = xs, ys = ys, colors = colors or self.color,
    stroke = self.edge,
  }
end

-- ---- colours of values and classes --------------------------------------------------------------

local CLASSES <const> = 10  -- as many whole numbers are classes; more, or others, are values

local function classes_of(list)
  local seen <const>, classes <const> = {}, {}
  for _, v in ipairs(list) do
    if v ~= math.floor(v) then return nil end
    if not seen[v] then
      seen[v] = true
      classes[#classes + 1] = v
      if #classes > CLASSES then return nil end
    end
  end
  table.sort(classes)
  return classes
end

local function class_colors(classes, options)
  local colors <const>, map <const> = {}, options.cmap
    and colormap.discrete(options.cmap, #classes)
  for k, class in ipairs(classes) do
    local c <const> = map and map[k] or "C" .. k
    colors[class] = type(c) == "string" and color.parse(c, options.alpha) or c
  end
  return colors
end

-- A class of points: an artist of its own, so that the legend names it.
local function add_classes(axes, make, xs, ys, list, classes, options)
  local colors <const> = class_colors(classes, options)
  for k, class in ipairs(classes) do
    local x <const>, y <const> = {}, {}
    for j, v in ipairs(list) do
      if v == class then x[#x + 1], y[#y + 1] = xs[j], ys[j] end
    end
    local points <const> = make(x, y, colors[class])
    local label <const> = options.label
    points.label = type(label) == "table" and label[k] or nil
    axes:add(points)
  end
end

local function value_colors(list, options)
  local low, high = values.range(list)
  low, high = options.vmin or low or 0, options.vmax or high or 1
  local span <const>, colors <const> = high > low and high - low or 1, {}
  for k, v in ipairs(list) do
    local c <const> = colormap.color(options.cmap or "viridis", (v - low) / span)
    colors[k] = options.alpha and { c[1], c[2], c[3], c[4] * options.alpha } or c
  end
  return colors, low, high
end

-- ---- scatter ------------------------------------------------------------------------------------

-- c is one colour, a list of colours, or numbers: classes or values.
local function is_one_color(c)
  return type(c) == "string" or type(c) == "table" and not core.is_tensor(c)
    and (#c == 3 or #c == 4) and type(c[1]) == "number" and color.is(c)
end

local function listed_colors(c, options)
  local colors <const> = {}
  for k, each in ipairs(c) do colors[k] = color.parse(each, options.alpha, "scatter") end
  return colors
end

local function maker(options)
  return function(xs, ys, fill)
    local points <const> = Points()
    points.xs, points.ys, points.color, points.colors = xs, ys, fill, {}
    points.shape, points.size = options.marker or "o", math.sqrt(options.s or 30)
    points.zorder, points.label = options.zorder or 1.8, options.label
    local edge <const> = options.edgecolor or points.size >= 5 and "white" or "none"
    points.edge = edge ~= "none" and color.parse(edge, options.alpha, "scatter") or nil
    points.handle = { kind = "marker", color = fill, marker = points.shape, size = 6 }
    return points
  end
end

local function add_colored(axes, make, xs, ys, options)
  local c <const> = options.c
  if type(c) == "table" and not core.is_tensor(c) and type(c[1]) ~= "number" then
    local points <const> = make(xs, ys, color.parse("0.4"))
    points.colors = listed_colors(c, options)
    return axes:add(points), #c
  end
  local list <const> = values.list(c, "scatter", "c")
  if #list ~= #xs then return nil, #list end
  local classes <const> = options.vmin == nil and options.vmax == nil and classes_of(list)
  if classes then return add_classes(axes, make, xs, ys, list, classes, options), #list end
  local points <const> = make(xs, ys, color.parse("0.4"))
  local low, high
  points.colors, low, high = value_colors(list, options)
  axes:set_mappable(options.cmap or "viridis", low, high, options.colorbar)
  return axes:add(points), #list
end

--- axes:scatter(x, y, {c =, s = 30, marker = "o", cmap =, vmin =, vmax =, alpha =, edgecolor =,
--- label =, colorbar =}): points. `c` is a colour, a list of colours, or numbers: up to ten whole
--- numbers are classes, each of its own colour (`label` then may be a list of their names), others
--- values, shown by the colour map `cmap`. `s` is the area in square points, as matplotlib's.
function methods.scatter(axes, x, y, options)
  options = Artist.check("scatter", options,
    "c s marker cmap vmin vmax edgecolor colorbar")
  local xs <const>, ys <const>, categories <const> = Artist.points("scatter", x, y)
  axes:set_categories("x", categories)
  local make <const>, c <const> = maker(options), options.c
  if c == nil or is_one_color(c) then
    local fill <const> = Artist.color_of(axes, { color = options.color or c,
      alpha = options.alpha }, "scatter")
    axes:add(make(xs, ys, fill))
    return axes
  end
  local _, n <const> = add_colored(axes, make, xs, ys, options)
  if n ~= #xs then core.fail("scatter", "c", "has %d values, x has %d", n, #xs) end
  return axes
end

return methods
