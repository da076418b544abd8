-- A page of character cells, for terminals. A cell holds 2 x 4 dots (braille, or blocks where a
-- filled area is), or a glyph, over two pixels, one above the other (the half block "▀").
--
-- Dots are counted from 0: dot (x, y) is in the cell at column x // 2, row y // 4. Characters that
-- take two cells (Chinese, emoji) are not told apart.

local Object = require "tocha.class"
local color = require "tocha.plot.color"

local Cells <const> = Object:extend "Cells"

function Cells:new(cols, rows)
  self.cols, self.rows = cols, rows
  self.dots, self.ink, self.solid = {}, {}, {}
  self.glyph, self.glyph_ink = {}, {}
  self.top, self.bottom = {}, {}
end

-- ---- drawing ------------------------------------------------------------------------------------

local BITS <const> = {  -- by row, then column, as Unicode numbers the dots of U+2800
  { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 },
}

--- cells:dot(x, y, ink, solid): sets a dot; outside the page nothing happens.
function Cells:dot(x, y, ink, solid)
  local col <const>, row <const> = x // 2, y // 4
  if col < 0 or row < 0 or col >= self.cols or row >= self.rows then return end
  local k <const> = row * self.cols + col
  self.dots[k] = (self.dots[k] or 0) | BITS[y % 4 + 1][x % 2 + 1]
  self.ink[k] = ink
  self.solid[k] = solid and (self.dots[k] == BITS[y % 4 + 1][x % 2 + 1] or self.solid[k]) or nil
end

--- cells:pixel(col, half, c): the upper or lower half of a cell; half counts half rows from 0.
function Cells:pixel(col, half, c)
  local row <const> = half // 2
  if col < 0 or row < 0 or col >= self.cols or row >= self.rows then return end
  local side <const> = half % 2 == 0 and self.top or self.bottom
  side[row * self.cols + col] = c
end

--- cells:text(col, row, text, ink): glyphs from this cell on; what is outside is left out.
function Cells:text(col, row, text, ink)
  if row < 0 or row >= self.rows then return end
  for glyph in text:gmatch(utf8.charpattern) do
    if col >= 0 and col < self.cols then
      local k <const> = row * self.cols + col
      self.glyph[k], self.glyph_ink[k] = glyph, ink
    end
    col = col + 1
  end
end

-- ---- glyphs -------------------------------------------------------------------------------------

local BLOCKS <const> = {  -- filled areas: whole rows from below, halves
  [0xff] = "█", [0xc0] = "▂", [0xe4] = "▄", [0xf6] = "▆", [0x1b] = "▀", [0x47] = "▌", [0xb8] = "▐",
}

local function braille(self, k)
  local bits <const> = self.dots[k]
  return self.solid[k] and BLOCKS[bits] or utf8.char(0x2800 + bits)
end

-- Without Unicode: by the rows and columns that have dots.
local function ascii(self, k)
  local bits <const> = self.dots[k]
  if self.solid[k] then return bits & 0x1b == 0 and "." or "#" end
  local left <const>, right <const> = bits & 0x47, bits & 0xb8
  local upper <const>, lower <const> = bits & 0x1b, bits & 0xe4
  if upper ~= 0 and lower ~= 0 then
    if left == 0 or right == 0 then return "|" end
    if left & 0x03 == 0 and right & 0xa0 == 0 then return "/" end
    if left & 0x44 == 0 and right & 0x18 == 0 then return "\\" end
    return "*"
  end
  if upper ~= 0 then return bits & 0x12 ~= 0 and "-" or "'" end
  return bits & 0xc0 ~= 0 and "_" or "-"
end

local PLAIN <const> = {
  ["│"] = "|", ["┤"] = "+", ["─"] = "-", ["┬"] = "+", ["└"] = "+", ["−"] = "-", ["█"] = "#",
  ["╌"] = "-", ["·"] = ".", ["•"] = "o", ["×"] = "x", ["▒"] = "#",
}
local RAISED <const> = {
  ["⁰"] = "0", ["¹"] = "1", ["²"] = "2", ["³"] = "3", ["⁴"] = "4", ["⁵"] = "5", ["⁶"] = "6",
  ["⁷"] = "7", ["⁸"] = "8", ["⁹"] = "9", ["⁻"] = "-",
}

-- The power of "10⁻²", as "-2", or nil.
local function power_of(text)
  local digits <const> = {}
  for glyph in (text:match "^10(.+)$" or ""):gmatch(utf8.charpattern) do
    if not RAISED[glyph] then return nil end
    digits[#digits + 1] = RAISED[glyph]
  end
  return #digits > 0 and table.concat(digits) or nil
end

--- Cells.plain(text): its ASCII form, 1e-2 for 10⁻²; what has none is "?".
function Cells.plain(text)
  local power <const> = power_of(text)
  if power then return "1e" .. power end
  return (text:gsub("[\xc2-\xfd][\x80-\xbf]*", function(glyph)
    return PLAIN[glyph] or RAISED[glyph] or "?"
  end))
end

-- ---- colours ------------------------------------------------------------------------------------

local CUBE <const> = { [0] = 0, 95, 135, 175, 215, 255 }

local function nearest_step(v)
  local best, least = 0, math.huge
  for k = 0, 5 do
    if math.abs(CUBE[k] - v) < least then best, least = k, math.abs(CUBE[k] - v) end
  end
  return best
end

local function distance(r, g, b, c)
  return (r - c[1]) ^ 2 + (g - c[2]) ^ 2 + (b - c[3]) ^ 2
end

-- The nearest of the 256 colours: the cube of 216, or 24 greys.
local function index256(c)
  local r <const>, g <const>, b <const> = nearest_step(c[1]), nearest_step(c[2]), nearest_step(c[3])
  local grey <const> = math.max(0, math.min(23, ((c[1] + c[2] + c[3]) / 3 - 8 + 5) // 10)) | 0
  local level <const> = 8 + 10 * grey
  if distance(level, level, level, c) < distance(CUBE[r], CUBE[g], CUBE[b], c) then
    return 232 + grey
  end
  return 16 + 36 * r + 6 * g + b
end

local function code(c, colors, kind)
  if not c then return kind == 38 and "39" or "49" end
  if colors == 256 then return ("%d;5;%d"):format(kind, index256(c)) end
  return ("%d;2;%d;%d;%d"):format(kind, color.bytes(c))
end

-- Black and near it is the terminal's own colour, which can be seen on its background.
local function visible(c)
  if c and c[1] < 70 and c[2] < 70 and c[3] < 70 then return nil end
  return c
end

-- ---- text ---------------------------------------------------------------------------------------

local SHADES <const> = { " ", "░", "▒", "▓", "█" }
local RAMP <const> = { " ", ".", ":", "-", "=", "+", "*", "#", "%", "@" }

local function luminance(c) return (0.2126 * c[1] + 0.7152 * c[2] + 0.0722 * c[3]) / 255 end

local function middle(a, b)
  if not (a and b) then return a or b end
  return color.mix(a, b, 0.5)
end

local function shade(self, k, options)
  local ramp <const> = options.ascii and RAMP or SHADES
  local light <const> = luminance(middle(self.top[k], self.bottom[k]))
  return ramp[math.min(#ramp, math.floor(light * #ramp) + 1)]
end

-- Glyph, ink and ground of a cell.
local function appearance(self, k, options)
  local top <const>, bottom <const> = self.top[k], self.bottom[k]
  local ground <const> = options.colors > 0 and middle(top, bottom) or nil
  local glyph <const> = self.glyph[k]
  if glyph then
    local ink <const> = ground and color.parse(color.is_dark(ground) and "white" or "black")
    return options.ascii and Cells.plain(glyph) or glyph, ink or visible(self.glyph_ink[k]), ground
  end
  if self.dots[k] then
    local draw <const> = options.ascii and ascii or braille
    return draw(self, k), ground and self.ink[k] or visible(self.ink[k]), ground
  end
  if not (top or bottom) then return " " end
  if options.colors == 0 then return shade(self, k, options) end
  if options.ascii then return " ", nil, ground end
  if not top then return "▄", bottom end
  return "▀", top, bottom
end

local function line(self, row, options)
  local parts <const>, fg, bg = {}, "39", "49"
  local kept = 0  -- what stands behind it is blank
  for col = 0, self.cols - 1 do
    local k <const> = row * self.cols + col
    local glyph <const>, ink <const>, ground <const> = appearance(self, k, options)
    if options.colors > 0 then
      local f <const> = glyph == " " and fg or code(ink, options.colors, 38)
      local g <const> = code(ground, options.colors, 48)
      if f ~= fg or g ~= bg then
        local codes <const> = f ~= fg and g ~= bg and f .. ";" .. g or f ~= fg and f or g
        parts[#parts + 1] = "\27[" .. codes .. "m"
        fg, bg = f, g
      end
    end
    parts[#parts + 1] = glyph
    if glyph ~= " " or ground then kept = #parts end
  end
  local text <const> = table.concat(parts, "", 1, kept)
  return text:find "\27" and text .. "\27[0m" or text
end

--- cells:render{colors = 0 | 256 | 2^24, ascii = false}: the lines, without the last line end.
function Cells:render(options)
  local lines <const> = {}
  for row = 0, self.rows - 1 do lines[row + 1] = line(self, row, options) end
  return table.concat(lines, "\n")
end

return Cells
