-- Areas: fill_between, axhspan, axvspan.

local Artist = require "tocha.plot.artists.artist"
local clip = require "tocha.plot.clip"
local color = require "tocha.plot.color"
local values = require "tocha.plot.values"

local methods <const> = {}

-- ---- between two curves -------------------------------------------------------------------------

local Area <const> = Artist:extend "Area"

function Area:bounds(view)
  local ys <const> = table.move(self.low, 1, #self.low, #self.high + 1,
    table.move(self.high, 1, #self.high, 1, {}))
  return Artist.ranges(view, self.xs, ys)
end

-- Forth along the upper curve and back along the lower one.
local function outline(upper, lower)
  local points <const> = table.move(upper, 1, #upper, 1, {})
  for k = #lower - 1, 1, -2 do
    points[#points + 1], points[#points + 2] = lower[k], lower[k + 1]
  end
  return points
end

-- Runs without gaps, each as one polygon.
local function polygons(self, view)
  local found <const>, upper, lower = {}, {}, {}
  for k = 1, #self.xs + 1 do
    local x <const> = self.xs[k] and view.fx(self.xs[k]) or 0 / 0
    local a <const> = self.xs[k] and view.fy(self.high[k]) or 0
    local b <const> = self.xs[k] and view.fy(self.low[k]) or 0
    if x - x == 0 and a - a == 0 and b - b == 0 then
      upper[#upper + 1], upper[#upper + 2] = x, a
      lower[#lower + 1], lower[#lower + 2] = x, b
    elseif #upper > 0 then
      found[#found + 1] = outline(upper, lower)
      upper, lower = {}, {}
    end
  end
  return found
end

function Area:draw(view, list)
  local paths <const> = {}
  for _, points in ipairs(polygons(self, view)) do
    local inside <const> = clip.polygon(points, view.box)
    if #inside >= 6 then paths[#paths + 1] = inside end
  end
  if #paths > 0 then list:path { paths = paths, closed = true, fill = self.color } end
end

--- axes:fill_between(x, y1, y2 = 0, {color =, alpha = 0.25, label =}): the area between two curves;
--- y1 and y2 are lists or numbers.
function methods.fill_between(axes, x, y1, y2, options)
  options = Artist.check("fill_between", options, "")
  local xs <const>, area <const> = values.list(x, "fill_between", 1), Area()
  local function curve(y)
    return values.spread(type(y) == "number" and y or values.list(y, "fill_between", 2), #xs)
  end
  area.xs = xs
  local _
  _, area.high = Artist.points("fill_between", xs, curve(y1))
  _, area.low = Artist.points("fill_between", xs, curve(y2 or 0))
  area.color = Artist.color_of(axes, { color = options.color, alpha = options.alpha or 0.25 },
    "fill_between")
  area.label, area.zorder = options.label, options.zorder or 1
  area.handle = { kind = "patch", color = area.color }
  axes:add(area)
  return axes
end

-- ---- bands across -------------------------------------------------------------------------------

local Band <const> = Artist:extend "Band"

function Band:draw(view, list)
  local box <const> = view.box
  local x0, x1, y0, y1 = box.x, box.x + box.w, box.y, box.y + box.h
  if self.upright then x0, x1 = view.fx(self.from), view.fx(self.to)
  else y0, y1 = view.fy(self.from), view.fy(self.to) end
  local x <const>, y <const>, w <const>, h <const> = clip.rect(x0, y0, x1, y1, box)
  if x then list:rect { x = x, y = y, w = w, h = h, fill = self.color } end
end

function Band:bounds()
  if self.upright then return self.from, self.to end
  return nil, nil, self.from, self.to
end

local function band(axes, who, from, to, upright, options)
  options = Artist.check(who, options, "")
  local made <const> = Band()
  made.from, made.to, made.upright = from, to, upright
  made.color = color.parse(options.color or "C1", options.alpha or 0.15, who)
  made.label, made.zorder = options.label, options.zorder or 0.5
  made.handle = { kind = "patch", color = made.color }
  axes:add(made)
end

--- axes:axhspan(y1, y2, {color =, alpha = 0.15, label =}): a band across at these heights.
function methods.axhspan(axes, y1, y2, options)
  band(axes, "axhspan", y1, y2, false, options)
  return axes
end

--- axes:axvspan(x1, x2, options): a band from top to bottom.
function methods.axvspan(axes, x1, x2, options)
  band(axes, "axvspan", x1, x2, true, options)
  return axes
end

return methods
