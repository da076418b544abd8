-- The primitives of a display list drawn with dots, glyphs and pixels of character cells
-- (cells.lua).
--
-- Where there are no colours, strokes of different colours get different dashes and markers of
-- different colours different glyphs, in the order in which they come.

local registry = require "tocha.op"
local color = require "tocha.plot.color"

local ops <const> = registry.ops
local brush <const> = {}

local GLYPHS <const> = { "o", "x", "+", "*", "#", "@", "%", "&" }
local DASHES <const> = { nil, { 4, 2 }, { 1, 2 }, { 6, 2, 1, 2 } }

--- brush.pens(mono): what stands for a colour, by the colour.
function brush.pens(mono)
  local known <const>, n = {}, 0
  local pens <const> = { mono = mono }
  function pens.of(c)
    local key <const> = color.hex(c)
    if not known[key] then
      n = n + 1
      known[key] = {
        number = n, glyph = GLYPHS[(n - 1) % #GLYPHS + 1], dash = DASHES[(n - 1) % 4 + 1],
      }
    end
    return known[key]
  end
  return pens
end

-- ---- strokes ------------------------------------------------------------------------------------

local DOTS <const> = 0.6  -- dots to a point of a dash

local function in_dots(dash)
  local list <const> = {}
  for k, v in ipairs(dash) do list[k] = math.max(1, math.floor(v * DOTS + 0.5)) end
  return list
end

-- A function of the length drawn so far, in dots: is this one shown?
local function shown_by(dash)
  if not dash then return function() return true end end
  local period = 0
  for _, n in ipairs(dash) do period = period + n end
  return function(k)
    local left = k % period
    for j, n in ipairs(dash) do
      if left < n then return j % 2 == 1 end
      left = left - n
    end
  end
end

-- Dots of a segment, the first left out where the path goes on; returns the length drawn.
local function segment(cells, x0, y0, x1, y1, ink, shown, drawn)
  local long <const> = math.max(math.abs(x1 - x0), math.abs(y1 - y0))
  local steps <const> = math.max(1, math.ceil(long))
  for k = drawn == 0 and 0 or 1, steps do
    local t <const> = k / steps
    if shown(math.floor(drawn + t * long)) then
      cells:dot(math.floor(x0 + t * (x1 - x0)), math.floor(y0 + t * (y1 - y0)), ink)
    end
  end
  return drawn + long
end

local function stroke(cells, points, closed, ink, dash)
  local shown <const>, drawn = shown_by(dash), 0
  for k = 1, #points - 3, 2 do
    local x0 <const>, y0 <const>, x1 <const>, y1 <const> = table.unpack(points, k, k + 3)
    drawn = segment(cells, x0, y0, x1, y1, ink, shown, drawn)
  end
  if closed and #points >= 4 then
    segment(cells, points[#points - 1], points[#points], points[1], points[2], ink, shown, drawn)
  end
end

-- ---- areas --------------------------------------------------------------------------------------

local FAINT <const> = 0.4  -- less opaque areas are drawn as scattered dots

local function fill_dot(cells, x, y, c)
  if c[4] >= FAINT then cells:dot(x, y, c, true)
  elseif (x + 2 * y) % 4 == 0 then cells:dot(x, y, c) end
end

-- Where a horizontal line crosses the sides of the polygons, sorted.
local function crossings(paths, y)
  local xs <const> = {}
  for _, points in ipairs(paths) do
    local n <const> = #points
    for k = 1, n, 2 do
      local j <const> = k == 1 and n - 1 or k - 2
      local x0 <const>, y0 <const>, x1 <const>, y1 <const> = points[j], points[j + 1], points[k],
        points[k + 1]
      if (y0 <= y) ~= (y1 <= y) then xs[#xs + 1] = x0 + (y - y0) / (y1 - y0) * (x1 - x0) end
    end
  end
  table.sort(xs)
  return xs
end

local function fill(cells, paths, c)
  local top, bottom = math.huge, -math.huge
  for _, points in ipairs(paths) do
    for k = 2, #points, 2 do top, bottom = math.min(top, points[k]), math.max(bottom, points[k]) end
  end
  for y = math.floor(top), math.min(4 * cells.rows, math.ceil(bottom)) - 1 do
    local xs <const> = crossings(paths, y + 0.5)
    for k = 1, #xs - 1, 2 do
      for x = math.ceil(xs[k] - 0.5), math.ceil(xs[k + 1] - 0.5) - 1 do fill_dot(cells, x, y, c) end
    end
  end
end

local function visible(c) return c ~= nil and c[4] > 0 end

function brush.path(cells, item, pens)
  if visible(item.fill) then fill(cells, item.paths, item.fill) end
  if not visible(item.stroke) then return end
  local dash <const> = item.dash and in_dots(item.dash)
    or pens.mono and pens.of(item.stroke).dash or nil
  for _, points in ipairs(item.paths) do stroke(cells, points, item.closed, item.stroke, dash) end
end

-- Bars: whole dots; the edges of bars would only fill the gaps between them.
function brush.rect(cells, item)
  if not visible(item.fill) then return end
  local x0 <const>, x1 <const> = math.ceil(item.x - 0.5), math.ceil(item.x + item.w - 0.5) - 1
  local y0 <const>, y1 <const> = math.ceil(item.y - 0.5), math.ceil(item.y + item.h - 0.5) - 1
  for y = y0, y1 do
    for x = x0, x1 do fill_dot(cells, x, y, item.fill) end
  end
end

-- ---- points, words ------------------------------------------------------------------------------

local BLOCK <const> = 4  -- markers of this size in points and more take four dots

function brush.markers(cells, item, pens)
  local one <const> = type(item.colors[1]) == "number" and item.colors
  for k = 1, #item.xs do
    local x <const>, y <const>, c <const> = item.xs[k], item.ys[k], one or item.colors[k]
    local col <const>, row <const> = math.floor(x), math.floor(y)
    if pens.mono then
      cells:text(col // 2, row // 4, pens.of(c).glyph)
    else
      cells:dot(col, row, c)
      if item.size >= BLOCK then
        local dx <const>, dy <const> = x % 1 < 0.5 and -1 or 1, y % 1 < 0.5 and -1 or 1
        cells:dot(col + dx, row, c)
        cells:dot(col, row + dy, c)
        cells:dot(col + dx, row + dy, c)
      end
    end
  end
end

local BEFORE <const> = { center = 0.5, right = 1 }

function brush.text(cells, item, pens)
  local n <const> = utf8.len(item.text) or #item.text
  local col <const> = math.floor(item.x / 2 - (BEFORE[item.halign] or 0) * n + 0.5)
  local row <const> = (item.y // 4 | 0) + (item.valign == "top" and 1 or 0)
  if pens.mono and cells.top[row * cells.cols + col] then  -- shades run up to the letters otherwise
    return cells:text(col - 1, row, " " .. item.text .. " ")
  end
  cells:text(col, row, item.text, item.color)
end

-- ---- images -------------------------------------------------------------------------------------

-- No more pixels than there are half cells to show them: the mean of those that share one.
local function reduced(pixels, nx, ny)
  local h <const>, w <const> = pixels:size(1), pixels:size(2)
  if h <= ny and w <= nx then return pixels:totable() end
  local planes <const> = pixels:permute(3, 1, 2):float():unsqueeze(1)
  local pooled <const> = ops.adaptive_avg_pool2d(planes, { math.min(h, ny), math.min(w, nx) })
  return pooled:squeeze(1):permute(2, 3, 1):totable()
end

local clip_box  -- of the clip that holds

function brush.clip(_, item) clip_box = item end
function brush.unclip() clip_box = nil end

-- The half cells, two dots wide and high, whose middle is in the image.
function brush.image(cells, item)
  local c <const> = clip_box or item
  local x0 <const>, x1 <const> = math.max(item.x, c.x), math.min(item.x + item.w, c.x + c.w)
  local y0 <const>, y1 <const> = math.max(item.y, c.y), math.min(item.y + item.h, c.y + c.h)
  if item.w <= 0 or item.h <= 0 then return end
  local rows <const> = reduced(item.pixels, math.max(1, item.w // 2 | 0),
    math.max(1, item.h // 2 | 0))
  for half = math.ceil(y0 / 2 - 0.5), math.ceil(y1 / 2 - 0.5) - 1 do
    local i <const> = math.floor((2 * half + 1 - item.y) / item.h * #rows) + 1
    local row <const> = rows[math.max(1, math.min(#rows, i))]
    for col = math.ceil(x0 / 2 - 0.5), math.ceil(x1 / 2 - 0.5) - 1 do
      local j <const> = math.floor((2 * col + 1 - item.x) / item.w * #row) + 1
      local pixel <const> = row[math.max(1, math.min(#row, j))]
      if pixel[4] > 127 then cells:pixel(col, half, pixel) end
    end
  end
end

return brush
