-- Bars: bar, barh, hist.

local core = require "tocha.core"
local Artist = require "tocha.plot.artists.artist"
local clip = require "tocha.plot.clip"
local color = require "tocha.plot.color"
local histogram = require "tocha.plot.histogram"
local values = require "tocha.plot.values"

local methods <const> = {}

-- ---- the artist ---------------------------------------------------------------------------------
-- Bar k spans first[k]..last[k] along its axis and from[k]..to[k] in height; `lying` ones lie.

local Bars <const> = Artist:extend "Bars"

-- Least and greatest of two lists together.
local function both(a, b, positive)
  local a0 <const>, a1 <const> = values.range(a, positive)
  local b0 <const>, b1 <const> = values.range(b, positive)
  if not (a0 and b0) then return a0 or b0, a1 or b1 end
  return math.min(a0, b0), math.max(a1, b1)
end

function Bars:bounds(view)
  local along, up = view.xscale, view.yscale
  if self.lying then along, up = up, along end
  local a0 <const>, a1 <const> = both(self.first, self.last, along.positive)
  local u0 <const>, u1 <const> = both(self.from, self.to, up.positive)
  if self.lying then return u0, u1, a0, a1 end
  return a0, a1, u0, u1
end

-- A foot at 0 has no place on a logarithmic scale: the bar then stands on the edge.
local function foot(p, edge) return p - p == 0 and p or edge end

local function corners(self, view, k)
  local fx <const>, fy <const>, box <const> = view.fx, view.fy, view.box
  if self.lying then
    return foot(fx(self.from[k]), box.x), fy(self.first[k]), fx(self.to[k]), fy(self.last[k])
  end
  return fx(self.first[k]), foot(fy(self.from[k]), box.y + box.h), fx(self.last[k]), fy(self.to[k])
end

function Bars:draw(view, list)
  for k = 1, #self.first do
    local x0 <const>, y0 <const>, x1 <const>, y1 <const> = corners(self, view, k)
    local x <const>, y <const>, w <const>, h <const> = clip.rect(x0, y0, x1, y1, view.box)
    if x and self.from[k] ~= self.to[k] then
      list:rect {
        x = x, y = y, w = w, h = h, fill = self.colors and self.colors[k] or self.color,
        stroke = self.edge, width = 0.8,
      }
    end
  end
end

local function is_color_list(value)
  return type(value) == "table" and type(value[1]) ~= "number" and not core.is_tensor(value)
end

local function new_bars(axes, spans, options, who, lying)
  local bars <const>, listed <const> = Bars(), is_color_list(options.color) and options.color
  bars.first, bars.last, bars.from, bars.to = spans.first, spans.last, spans.from, spans.to
  bars.lying, bars.label, bars.zorder = lying, options.label, options.zorder or 1
  bars.color = Artist.color_of(axes, { color = listed and listed[1] or options.color,
    alpha = options.alpha }, who)
  if listed then
    bars.colors = {}
    for k, each in ipairs(listed) do bars.colors[k] = color.parse(each, options.alpha, who) end
  end
  bars.edge = options.edgecolor and color.parse(options.edgecolor, options.alpha, who) or nil
  bars.handle = { kind = "patch", color = bars.color }
  bars.sticky = lying and { x = 0 } or { y = 0 }
  return axes:add(bars)
end

-- ---- bar, barh ----------------------------------------------------------------------------------

local function bars_at(axes, x, height, options, who, lying)
  options = Artist.check(who, options, "width height bottom left edgecolor")
  if height == nil then x, height = values.count(#values.list(x, who, 1)), x end
  local xs <const>, hs <const>, categories <const> = Artist.points(who, x, height)
  axes:set_categories(lying and "y" or "x", categories)
  local half <const> = (lying and options.height or options.width or 0.8) / 2
  local feet <const> = values.spread(options.bottom or options.left or 0, #xs)
  local spans <const> = { first = {}, last = {}, from = {}, to = {} }
  for k = 1, #xs do
    spans.first[k], spans.last[k] = xs[k] - half, xs[k] + half
    spans.from[k], spans.to[k] = feet[k], feet[k] + hs[k]
  end
  new_bars(axes, spans, options, who, lying)
end

--- axes:bar(x, height, {width = 0.8, bottom = 0, color =, edgecolor =, label =, alpha =}): upright
--- bars. `x` are numbers or names; `color` may be a list; `bottom` stacks bars on others.
function methods.bar(axes, x, height, options)
  bars_at(axes, x, height, options, "bar", false)
  return axes
end

--- axes:barh(y, width, {height = 0.8, left = 0, ...}): lying bars.
function methods.barh(axes, y, width, options)
  bars_at(axes, y, width, options, "barh", true)
  return axes
end

-- ---- hist ---------------------------------------------------------------------------------------

--- axes:hist(x, {bins = "auto", range = {low, high}, density = false, cumulative = false, color =,
--- alpha =, label =}): a histogram. `bins` is a number of them, a list of edges, or "auto" (the
--- larger number of Sturges' and Freedman and Diaconis' rules). With `density` the areas sum to
--- one.
function methods.hist(axes, x, options)
  options = Artist.check("hist", options, "bins range density cumulative edgecolor")
  local heights <const>, edges <const> = histogram(x, options, "hist")
  local spans <const> = { first = {}, last = {}, from = {}, to = heights }
  for k = 1, #heights do
    spans.first[k], spans.last[k], spans.from[k] = edges[k], edges[k + 1], 0
  end
  local style <const> = { color = options.color, alpha = options.alpha, label = options.label,
    edgecolor = options.edgecolor or #heights <= 100 and "white" or nil }
  new_bars(axes, spans, style, "hist", false)
  return axes
end

return methods
