-- Words and arrows: text, annotate, arrow.

local core = require "tocha.core"
local Artist = require "tocha.plot.artists.artist"
local clip = require "tocha.plot.clip"
local color = require "tocha.plot.color"

local methods <const> = {}

-- ---- text ---------------------------------------------------------------------------------------

local Text <const> = Artist:extend "Text"

function Text:draw(view, list)
  local x <const>, y <const> = view.fx(self.x), view.fy(self.y)
  if not (x - x == 0 and y - y == 0) or not clip.has(view.box, x, y) then return end
  list:text {
    x = x, y = y, text = self.text, size = self.size, halign = self.halign, valign = self.valign,
    color = self.color, angle = self.angle, bold = self.bold, halo = self.halo,
  }
end

local ALIGN <const> = "fontsize ha va halign valign rotation fontweight weight halo"

local function new_text(x, y, text, options, who)
  local made <const> = Text()
  if type(x) ~= "number" or type(y) ~= "number" then
    core.fail(who, nil, "expected numbers as a place, got %s and %s", type(x), type(y))
  end
  made.x, made.y, made.text, made.size = x, y, tostring(text), options.fontsize or 11
  made.halign = options.ha or options.halign or "left"
  made.valign = options.va or options.valign or "baseline"
  made.color = color.parse(options.color or "0.1", options.alpha, who)
  made.angle, made.zorder = options.rotation or 0, options.zorder or 4
  made.bold = (options.fontweight or options.weight) == "bold"
  made.halo = options.halo and color.parse(options.halo, nil, who) or nil
  return made
end

--- axes:text(x, y, text, {fontsize = 11, color =, ha = "left", va = "baseline", rotation = 0,
--- fontweight = "bold", halo = color}): words at a point of the data.
function methods.text(axes, x, y, text, options)
  options = Artist.check("text", options, ALIGN)
  axes:add(new_text(x, y, text, options, "text"))
  return axes
end

-- ---- arrows -------------------------------------------------------------------------------------

local Arrow <const> = Artist:extend "Arrow"

function Arrow:bounds()
  if not self.counts then return nil end
  return math.min(self.x0, self.x1), math.max(self.x0, self.x1), math.min(self.y0, self.y1),
    math.max(self.y0, self.y1)
end

local HEAD <const>, SLOPE <const> = 7, 0.42  -- length in points, half width to length

function Arrow:draw(view, list)
  local x0, y0 = view.fx(self.x0), view.fy(self.y0)
  local x1 <const>, y1 <const> = view.fx(self.x1), view.fy(self.y1)
  local dx <const>, dy <const> = x1 - x0, y1 - y0
  local length <const> = math.sqrt(dx * dx + dy * dy)
  if not (length > 0 and length < math.huge) or not clip.has(view.box, x1, y1) then return end
  local ux <const>, uy <const> = dx / length, dy / length
  local head <const> = math.min(self.head, length)
  x0, y0 = x0 + ux * self.gap, y0 + uy * self.gap
  local bx <const>, by <const> = x1 - ux * head, y1 - uy * head
  local shaft <const> = clip.polyline({ x0, y0, bx, by }, view.box)
  if #shaft > 0 and length > head + self.gap then
    list:path { paths = shaft, stroke = self.color, width = self.width }
  end
  local side <const> = head * SLOPE
  list:path {
    closed = true, fill = self.color,
    paths = { { x1, y1, bx - uy * side, by + ux * side, bx + uy * side, by - ux * side } },
  }
end

local function new_arrow(x0, y0, x1, y1, options, who)
  local made <const> = Arrow()
  made.x0, made.y0, made.x1, made.y1, made.gap = x0, y0, x1, y1, 0
  made.width, made.head = options.linewidth or 1.2, options.head_length or HEAD
  made.color = color.parse(options.color or "0.2", options.alpha, who)
  made.zorder, made.counts = options.zorder or 3, true
  return made
end

--- axes:arrow(x, y, dx, dy, {color =, linewidth = 1.2, head_length = 7}): an arrow from (x, y) to
--- (x + dx, y + dy) in the data; its head is measured in points.
function methods.arrow(axes, x, y, dx, dy, options)
  options = Artist.check("arrow", options, "linewidth head_length")
  axes:add(new_arrow(x, y, x + dx, y + dy, options, "arrow"))
  return axes
end

--- axes:annotate(text, {xy = {x, y}, xytext = {x, y}, arrow = true, ...}): words about a point,
--- with an arrow to it where they stand elsewhere (`xytext`). Other options as text has.
function methods.annotate(axes, text, options)
  options = Artist.check("annotate", options, "xy xytext arrow arrowprops linewidth " .. ALIGN)
  local at <const>, from <const> = options.xy, options.xytext or options.xy
  if type(at) ~= "table" or type(from) ~= "table" then
    core.fail("annotate", 2, "expected {xy = {x, y}}")
  end
  local words <const> = new_text(from[1], from[2], text, options, "annotate")
  if options.xytext and options.arrow ~= false then
    words.halign = options.ha or options.halign or "center"
    words.valign = options.va or options.valign or "middle"
    local arrow <const> = new_arrow(from[1], from[2], at[1], at[2],
      { color = options.color, linewidth = options.linewidth }, "annotate")
    arrow.gap, arrow.counts = words.size * 0.9, false
    axes:add(arrow)
  end
  axes:add(words)
  return axes
end

return methods
