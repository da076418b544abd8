-- The display list: what a figure is after layout, and all that a backend sees. Coordinates are in
-- points from the upper left corner; y grows downwards; colours are {r, g, b, a} (color.lua).
--
--   path    { paths = {{x1, y1, x2, y2, ...}, ...}, closed, stroke, fill, width, dash = {on, off} }
--   rect    { x, y, w, h, stroke, fill, width }
--   markers { shape, size, xs, ys, colors = one or a list, stroke }
--   text    { x, y, text, size, color, halign, valign, angle (degrees, to the left), bold, halo }
--   image   { x, y, w, h, pixels = (H, W, 4) uint8, smooth }
--   clip    { x, y, w, h } holds for what follows, until unclip
--
-- `role` on an item says what it is to a backend that draws it in its own way ("frame", "tick").

local Object = require "tocha.class"

local Display <const> = Object:extend "Display"

function Display:new(width, height)
  self.width, self.height = width, height
end

local function add(kind)
  return function(self, item)
    item.kind = kind
    self[#self + 1] = item
    return item
  end
end

Display.path, Display.rect, Display.markers = add "path", add "rect", add "markers"
Display.image, Display.clip = add "image", add "clip"

-- Labels come from outside: what is no UTF-8 or no printable character becomes "?".
local function clean(text)
  if not utf8.len(text) then text = text:gsub("[\x80-\xff]", "?") end
  return (text:gsub("[%z\1-\9\11-\31\127]", "?"))
end

local LINE <const> = 1.25  -- height of a line in sizes

local add_text <const> = add "text"
local ABOVE <const> = { top = 0, middle = 0.5 }  -- the part of further lines that goes above

local function with_place(item, text, x, y)
  local copy <const> = {}
  for name, value in pairs(item) do copy[name] = value end
  copy.text, copy.x, copy.y = text, x, y
  return copy
end

--- display:text(item): one item for each line of its text.
function Display:text(item)
  local lines <const> = {}
  for line in (clean(tostring(item.text)) .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
  local angle <const> = math.rad(item.angle or 0)
  for k, line in ipairs(lines) do
    local down <const> = k - 1 - (ABOVE[item.valign] or 1) * (#lines - 1)
    local d <const> = down * LINE * item.size
    local x <const>, y <const> = item.x + d * math.sin(angle), item.y + d * math.cos(angle)
    if line ~= "" then add_text(self, with_place(item, line, x, y)) end
  end
end

local BASELINE <const> = { top = 0.76, middle = 0.36, bottom = -0.22 }

--- Display.baseline(item): how far below its place a text's baseline is.
function Display.baseline(item) return (BASELINE[item.valign] or 0) * item.size end

function Display:unclip() self[#self + 1] = { kind = "unclip" } end

--- display:line(x0, y0, x1, y1, style): a path of one segment.
function Display:line(x0, y0, x1, y1, style)
  style.paths = { { x0, y0, x1, y1 } }
  return self:path(style)
end

-- ---- text ---------------------------------------------------------------------------------------

local NARROW <const>, WIDE <const> = "[ilj|!.,:;'`()%[%]{}ftrI /\\-]", "[mwMW@%%]"
local CAPITAL <const> = "[A-HJ-LN-VX-Z&+<>=~#]"

local RAISED <const> = {}
for _, code in utf8.codes "⁰¹²³⁴⁵⁶⁷⁸⁹⁻" do RAISED[utf8.char(code)] = true end

-- Of the usual sans serifs (DejaVu, Verdana, Helvetica), in parts of the size.
local function advance(char)
  if #char > 1 then return RAISED[char] and 0.44 or 0.75 end
  if char:find(NARROW) then return 0.37 end
  if char:find(WIDE) then return 0.95 end
  return char:find(CAPITAL) and 0.73 or 0.62
end

--- Display.text_width(text, size): about how wide it will be; the longest line counts.
function Display.text_width(text, size)
  local widest = 0
  for line in text:gmatch "[^\n]+" do
    local width = 0
    for char in line:gmatch(utf8.charpattern) do width = width + advance(char) end
    widest = math.max(widest, width)
  end
  return widest * size
end

--- Display.text_height(text, size)
function Display.text_height(text, size)
  return (select(2, text:gsub("\n", "\n")) * LINE + 1) * size
end

return Display
