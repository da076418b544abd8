-- What goes with curves: errorbar, and lines across the axes, axhline and axvline.

local core = require "tocha.core"
local Artist = require "tocha.plot.artists.artist"
local clip = require "tocha.plot.clip"
local color = require "tocha.plot.color"
local values = require "tocha.plot.values"
local line_methods = require "tocha.plot.artists.line"

local methods <const> = {}

-- ---- error bars ---------------------------------------------------------------------------------

local ErrorBars <const> = Artist:extend "ErrorBars"

function ErrorBars:bounds(view)
  local ys <const> = {}
  for k, y in ipairs(self.ys) do
    ys[2 * k - 1], ys[2 * k] = y - self.errors[k], y + self.errors[k]
  end
  return Artist.ranges(view, self.xs, ys)
end

function ErrorBars:draw(view, list)
  local paths <const>, cap <const> = {}, self.cap
  local function add(...)
    for _, piece in ipairs(clip.polyline({ ... }, view.box)) do paths[#paths + 1] = piece end
  end
  for k, y in ipairs(self.ys) do
    local x <const> = view.fx(self.xs[k])
    local low <const>, high <const> = view.fy(y - self.errors[k]), view.fy(y + self.errors[k])
    if x - x == 0 and low - low == 0 and high - high == 0 then
      add(x, low, x, high)
      if cap > 0 then
        add(x - cap, low, x + cap, low)
        add(x - cap, high, x + cap, high)
      end
    end
  end
  if #paths > 0 then list:path { paths = paths, stroke = self.color, width = 1.2 } end
end

--- axes:errorbar(x, y, yerr, {capsize = 3, ...}): plot, with a bar of y - yerr .. y + yerr at each
--- point. `yerr` is a number or one each.
function methods.errorbar(axes, x, y, yerr, options)
  options = Artist.check("errorbar", options, Artist.LINE .. " capsize")
  local xs <const>, ys <const> = Artist.points("errorbar", x, y)
  local errors <const> = type(yerr) == "number" and values.spread(yerr, #ys)
    or values.list(yerr, "errorbar", 3)
  if #errors ~= #ys then
    core.fail("errorbar", 3, "has %d values, y has %d", #errors, #ys)
  end
  local style <const> = { color = options.color or axes:next_color() }
  for name, value in pairs(options) do
    if name ~= "capsize" then style[name] = value end
  end
  local bars <const> = ErrorBars()
  bars.xs, bars.ys, bars.errors, bars.cap = xs, ys, errors, options.capsize or 3
  bars.color, bars.zorder = Artist.color_of(axes, style, "errorbar"), options.zorder or 2
  axes:add(bars)
  line_methods.plot(axes, xs, ys, style)
  return axes
end

-- ---- lines across the axes ----------------------------------------------------------------------

local Across <const> = Artist:extend "Across"

function Across:bounds()
  if self.horizontal then return nil, nil, self.at, self.at end
  return self.at, self.at
end

function Across:draw(view, list)
  local box <const> = view.box
  local points
  if self.horizontal then
    local y <const> = view.fy(self.at)
    if y - y ~= 0 then return end
    points = { box.x, y, box.x + box.w, y }
  else
    local x <const> = view.fx(self.at)
    if x - x ~= 0 then return end
    points = { x, box.y, x, box.y + box.h }
  end
  local paths <const> = clip.polyline(points, box)
  if #paths == 0 then return end
  list:path { paths = paths, stroke = self.color, width = self.width, dash = self.dash }
end

local function across(axes, who, at, horizontal, options)
  options = Artist.check(who, options, "linestyle linewidth ls lw")
  if type(at) ~= "number" then core.fail(who, 1, "expected a number, got %s", type(at)) end
  local rule <const> = Across()
  rule.at, rule.horizontal, rule.label, rule.zorder = at, horizontal, options.label, 1.5
  rule.color = color.parse(options.color or "0.35", options.alpha, who)
  rule.width = options.linewidth or options.lw or 1.2
  rule.dash = Artist.dash_of(options.linestyle or options.ls, rule.width, who)
  rule.handle = { kind = "line", color = rule.color, width = rule.width, dash = rule.dash }
  axes:add(rule)
end

--- axes:axhline(y, {color =, linestyle =, linewidth =, label =}): a line across at this height.
function methods.axhline(axes, y, options)
  across(axes, "axhline", y or 0, true, options)
  return axes
end

--- axes:axvline(x, options): a line from top to bottom.
function methods.axvline(axes, x, options)
  across(axes, "axvline", x or 0, false, options)
  return axes
end

return methods
