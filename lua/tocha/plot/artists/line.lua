-- Lines: plot and step.

local core = require "tocha.core"
local Artist = require "tocha.plot.artists.artist"
local clip = require "tocha.plot.clip"
local color = require "tocha.plot.color"
local decimate = require "tocha.plot.decimate"
local values = require "tocha.plot.values"

local methods <const> = {}

-- ---- the artist ---------------------------------------------------------------------------------

local Line <const> = Artist:extend "Line"

function Line:new(axes, xs, ys, options, who)
  self.xs, self.ys, self.label, self.zorder = xs, ys, options.label, options.zorder or 2
  self.color = Artist.color_of(axes, options, who)
  self.width = options.linewidth or options.lw or 1.8
  self.dash, self.drawn = Artist.dash_of(options.linestyle or options.ls, self.width, who)
  self.marker, self.size = options.marker, options.markersize or 6
  self.handle = {
    kind = self.drawn and "line" or "marker", color = self.color, width = self.width,
    dash = self.dash, marker = self.marker, size = self.size,
  }
end

function Line:bounds(view) return Artist.ranges(view, self.xs, self.ys) end

-- Runs of points that the scales can show, as flat lists in points of the page; also all of them.
local function runs_of(self, view)
  local fx <const>, fy <const>, xs <const>, ys <const> = view.fx, view.fy, self.xs, self.ys
  local runs <const>, run = {}, nil
  for k = 1, #xs do
    local x <const>, y <const> = fx(xs[k]), fy(ys[k])
    if x - x == 0 and y - y == 0 then
      if not run then
        run = {}
        runs[#runs + 1] = run
      end
      run[#run + 1], run[#run + 2] = x, y
    else
      run = nil
    end
  end
  return runs
end

function Line:draw_line(view, list, runs)
  local paths <const> = {}
  for _, run in ipairs(runs) do
    local thin <const> = decimate.line(run, view)
    for _, piece in ipairs(clip.polyline(thin, view.box)) do paths[#paths + 1] = piece end
  end
  if #paths == 0 then return end
  list:path { paths = paths, stroke = self.color, width = self.width, dash = self.dash }
end

-- Where markers stand: in the box, at every point or, without a marker, where a lone point would
-- not be seen.
function Line:marks(view, runs)
  local xs <const>, ys <const> = {}, {}
  for _, run in ipairs(runs) do
    if self.marker or #run == 2 and self.drawn then
      for k = 1, #run, 2 do
        local x <const>, y <const> = run[k], run[k + 1]
        if clip.has(view.box, x, y) then xs[#xs + 1], ys[#ys + 1] = x, y end
      end
    end
  end
  return decimate.points(xs, ys, view)
end

function Line:draw(view, list)
  local runs <const> = runs_of(self, view)
  if self.drawn then self:draw_line(view, list, runs) end
  local xs <const>, ys <const> = self:marks(view, runs)
  if #xs == 0 then return end
  list:markers {
    shape = self.marker or "o", size = self.marker and self.size or self.width * 2,
    xs = xs, ys = ys, colors = self.color,
  }
end

-- ---- plot ---------------------------------------------------------------------------------------

local MARKERS <const> = "[%.,ov^<>sDd+xX*ph|_]"

-- matplotlib's "ro--": a colour's letter, a marker, a line style, in any order.
local function read_format(text, who)
  local options <const>, rest = {}, text
  for _, style in ipairs { "--", "-.", "-", ":" } do
    local first <const>, last <const> = rest:find(style, 1, true)
    if first then
      options.linestyle = style
      rest = rest:sub(1, first - 1) .. rest:sub(last + 1)
      break
    end
  end
  options.color = rest:match "^C%d+" or rest:match "[bgrcmykw]"
  if options.color then rest = rest:gsub(options.color, "", 1) end
  options.marker = rest:match("^" .. MARKERS .. "$")
  if rest ~= "" and not options.marker then
    if not color.is(text) then core.fail(who, nil, "\"%s\" is no format such as \"r--\"", text) end
    return { color = text }
  end
  if options.marker and not options.linestyle then options.linestyle = "none" end
  return options
end

local function with_format(format, options, who)
  local merged <const> = read_format(format, who)
  for name, value in pairs(options or {}) do merged[name] = value end
  return merged
end

local function is_options(value)
  if type(value) ~= "table" or core.is_tensor(value) then return false end
  return type(next(value)) == "string" or next(value) == nil
end

-- (y), (y, format), (y, options), (x, y), (x, y, format), each with options behind.
local function read_plot(x, y, format, options)
  if type(y) == "string" then return nil, x, y, format end
  if y == nil or is_options(y) then return nil, x, nil, y end
  if type(format) == "string" then return x, y, format, options end
  return x, y, nil, format
end

-- The columns of a matrix are lines of their own.
local function columns_of(y)
  if not core.is_tensor(y) or y.ndim < 2 then return { y } end
  local m <const>, list <const> = values.matrix(y, "plot", 2), {}
  for k = 1, m:size(2) do list[k] = m:select(2, k) end
  return list
end

local function stairs(xs, ys)
  local x <const>, y <const> = {}, {}
  for k = 1, #xs do
    if k > 1 then x[#x + 1], y[#y + 1] = xs[k], ys[k - 1] end
    x[#x + 1], y[#y + 1] = xs[k], ys[k]
  end
  return x, y
end

local function option_of_column(options, k)
  if type(options.label) ~= "table" then return options end
  local own <const> = {}
  for name, value in pairs(options) do own[name] = value end
  own.label = options.label[k]
  return own
end

--- axes:plot(x, y, {label =, color =, linestyle = "--", linewidth = 1.8, marker = "o", markersize =
--- 6, alpha =}): a line through the points; x may be left out (1, 2, 3, ...), a format such as
--- "r--" or "o" may stand behind y, NaN leaves a gap. The columns of a matrix y are lines of their
--- own (`label` then may be a list). Points may number millions: what cannot be seen is left out.
function methods.plot(axes, ...)
  local x <const>, y <const>, format, options = read_plot(...)
  options = Artist.check("plot", options, Artist.LINE)
  if format then options = with_format(format, options, "plot") end
  for k, column in ipairs(columns_of(y)) do
    local given <const> = values.list(column, "plot", 2)
    local xs, ys, categories = Artist.points("plot", x or values.count(#given), given)
    axes:set_categories("x", categories)
    if options.drawstyle == "steps-post" then xs, ys = stairs(xs, ys) end
    axes:add(Line(axes, xs, ys, option_of_column(options, k), "plot"))
  end
  return axes
end

--- axes:step(x, y, options): a line that keeps each value until the next x.
function methods.step(axes, x, y, options)
  options = Artist.check("step", options, Artist.LINE)
  local xs <const>, ys <const> = stairs(Artist.points("step", x, y))
  axes:add(Line(axes, xs, ys, options, "step"))
  return axes
end

return methods
