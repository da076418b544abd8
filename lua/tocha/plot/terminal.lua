-- A figure drawn with characters: curves in braille dots, images in half blocks, axes in lines and
-- letters. The page is measured in dots, two to a column and four to a row.

local Cells = require "tocha.plot.cells"
local Display = require "tocha.plot.display"
local brush = require "tocha.plot.brush"
local color = require "tocha.plot.color"
local colormap = require "tocha.plot.colormap"
local legend = require "tocha.plot.legend"
local ticks = require "tocha.plot.ticks"
local view = require "tocha.plot.view"

local terminal <const> = {}

local function length(text) return utf8.len(text) or #text end

local function longest(labels)
  local most = 0
  for _, text in ipairs(labels) do most = math.max(most, length(text)) end
  return most
end

local function shortened(text, room)
  if length(text) <= room then return text end
  return text:sub(1, (utf8.offset(text, math.max(1, room) + 1) or #text + 1) - 1)
end

-- ---- the legend: lines of text ------------------------------------------------------------------

local SAMPLES <const> = { "───", "╌╌╌", "···", "─·─" }

local function sample_of(artist, pens)
  local handle <const> = artist.handle
  if handle.kind == "patch" then return "██" end
  local pen <const> = pens.of(handle.color)
  if handle.kind == "marker" then return pens.mono and pen.glyph or "•" end
  if not pens.mono and not handle.dash then return SAMPLES[1] end
  if handle.dash then return handle.dash[1] < handle.dash[2] and SAMPLES[3] or SAMPLES[2] end
  return SAMPLES[(pen.number - 1) % #SAMPLES + 1]
end

-- Entries { sample, label, ink, at } by lines that are no longer than the room.
local function legend_lines(axes, room, pens)
  local lines <const>, at = {}, 0
  for _, artist in ipairs(legend.entries(axes)) do
    local entry <const> = {
      sample = sample_of(artist, pens), ink = artist.handle.color,
      label = shortened(tostring(artist.label), room - 4),
    }
    local wide <const> = length(entry.sample) + 1 + length(entry.label)
    if #lines == 0 or at + wide > room then
      lines[#lines + 1] = {}
      at = 0
    end
    entry.at, at = at, at + wide + 3
    table.insert(lines[#lines], entry)
    lines[#lines].wide = at - 3
  end
  return lines
end

local function draw_legend(plan, cells, row)
  for _, entries in ipairs(plan.legend) do
    local first <const> = plan.col0 + math.max(0, (plan.cols - entries.wide) // 2)
    for _, e in ipairs(entries) do
      cells:text(first + e.at, row, e.sample, e.ink)
      cells:text(first + e.at + length(e.sample) + 1, row, e.label)
    end
    row = row + 1
  end
end

-- ---- the place of the box -----------------------------------------------------------------------

-- About so many ticks; their labels in ASCII where nothing else can be shown.
local function ticks_along(plan, axis, most)
  local set <const> = ticks.along(plan, axis, most)
  for k, text in ipairs(plan.ascii and set.labels or {}) do set.labels[k] = Cells.plain(text) end
  return set
end

-- Ticks along x whose labels leave a blank between each other.
local function x_ticks(plan, cols)
  for most = math.max(2, cols // 8), 1, -1 do
    local set <const> = ticks_along(plan, "x", most)
    if most == 1 or set.fixed or #set.labels * (longest(set.labels) + 2) <= cols then return set end
  end
end

local function colorbar_labels(m) return { ("%.3g"):format(m.low), ("%.3g"):format(m.high) } end

local function colorbar_room(axes)
  if not (axes.mappable and axes.mappable.shown) then return 0 end
  return 4 + longest(colorbar_labels(axes.mappable))
end

-- Equal units: dots are square, so the box takes the shape of the data; whole cells.
local function with_aspect(plan, cols, rows)
  local found <const>, axes <const> = plan.found, plan.axes
  if axes.props.aspect ~= "equal" or axes.has_numbers then return cols, rows end
  local ratio <const> = view.aspect(found)
  if not (ratio > 0 and ratio < math.huge) then return cols, rows end
  return math.max(2, math.min(cols, math.floor(2 * rows * ratio + 0.5))),
    math.max(1, math.min(rows, math.floor(cols / ratio / 2 + 0.5)))
end

local EDGE <const> = 0.01  -- what lies on the right or lower edge belongs to the last dot

-- The rows above and below the box, the columns to its left; the box in cells and in dots.
local function place(plan)
  local props <const>, axes <const> = plan.axes.props, plan.axes
  local above <const> = (props.title and 1 or 0) + #plan.legend
    + (props.ylabel and not props.off and 1 or 0)
  local below <const> = props.off and 0 or props.xlabel and 3 or 2
  local rows <const> = math.max(2, plan.rows - above - below)
  plan.yticks = ticks_along(plan, "y", math.max(2, rows // 4))
  local left <const> = props.off and 0 or longest(plan.yticks.labels) + 1
  local cols <const> = math.max(4, plan.cols - left - 1 - colorbar_room(axes))
  local w <const>, h <const> = with_aspect(plan, cols, rows)
  plan.xticks = x_ticks(plan, w)
  plan.left, plan.top, plan.wide, plan.high = plan.col0 + left, plan.row0 + above, w, h
  plan.box = { x = 2 * plan.left, y = 4 * plan.top, w = 2 * w - EDGE, h = 4 * h - EDGE }
end

-- ---- around the box -----------------------------------------------------------------------------

local function draw_y_axis(plan, seen, cells)
  for row = 0, plan.high - 1 do cells:text(plan.left - 1, plan.top + row, "│") end
  for k, v in ipairs(plan.yticks.values) do
    local row <const> = math.min(plan.high - 1, (seen.fy(v) - plan.box.y) // 4 | 0)
    local text <const> = plan.yticks.labels[k]
    cells:text(plan.left - 1 - length(text), plan.top + row, text)
    cells:text(plan.left - 1, plan.top + row, "┤")
  end
end

-- A label that would touch the one before is left out; names are cut to their room.
local function draw_x_axis(plan, seen, cells)
  local row <const>, set <const> = plan.top + plan.high, plan.xticks
  cells:text(plan.left - 1, row, "└" .. ("─"):rep(plan.wide))
  local room <const> = set.fixed and #set.values > 0 and plan.wide // #set.values or plan.wide
  local free = -math.huge
  for k, v in ipairs(set.values) do
    local col <const> = math.min(plan.wide - 1, (seen.fx(v) - plan.box.x) // 2 | 0)
    local text <const> = shortened(set.labels[k], math.max(1, room - 1))
    local first <const> = math.max(0, col - length(text) // 2)
    if first > free then
      cells:text(plan.left + col, row, "┬")
      cells:text(plan.left + first, row + 1, text)
      free = first + length(text)
    end
  end
end

local function centred(cells, plan, row, text)
  text = shortened(text, plan.cols)
  cells:text(math.max(plan.col0, plan.left + (plan.wide - length(text)) // 2), row, text)
end

local function draw_around(plan, seen, cells)
  local props <const>, row = plan.axes.props, plan.row0
  if props.title then
    centred(cells, plan, row, (props.title:gsub("\n", " ")))
    row = row + 1
  end
  draw_legend(plan, cells, row)
  row = row + #plan.legend
  if props.off then return end
  if props.ylabel then cells:text(plan.col0, row, shortened(props.ylabel, plan.cols)) end
  draw_y_axis(plan, seen, cells)
  draw_x_axis(plan, seen, cells)
  if props.xlabel then centred(cells, plan, plan.top + plan.high + 2, props.xlabel) end
end

local function draw_colorbar(plan, cells)
  local m <const>, col <const> = plan.axes.mappable, plan.left + plan.wide + 1
  local halves <const> = 2 * plan.high
  for half = 0, halves - 1 do
    local t <const> = 1 - half / math.max(1, halves - 1)
    local c = m.levels and m.cmap[math.min(#m.cmap, math.floor(t * #m.cmap) + 1)]
      or colormap.color(m.cmap, t)
    for k = 0, 1 do cells:pixel(col + k, 2 * plan.top + half, c) end
  end
  local labels <const> = colorbar_labels(m)
  cells:text(col + 3, plan.top, labels[2])
  cells:text(col + 3, plan.top + plan.high - 1, labels[1])
end

-- ---- all ----------------------------------------------------------------------------------------

local function draw_axes(plan, cells, pens)
  place(plan)
  local seen <const> = view.new(plan.found, plan.box, 0.5)
  local list <const> = Display(2 * cells.cols, 4 * cells.rows)
  for _, artist in ipairs(plan.axes:drawing_order()) do artist:draw(seen, list) end
  for _, item in ipairs(list) do brush[item.kind](cells, item, pens) end
  draw_around(plan, seen, cells)
  if plan.axes.mappable and plan.axes.mappable.shown then draw_colorbar(plan, cells) end
end

local MARGIN <const> = 2  -- columns between plots

local function plan_of(figure, axes, k, width, height, heading)
  local c <const>, r <const> = (k - 1) % figure.cols, (k - 1) // figure.cols
  local cols <const> = (width - MARGIN * (figure.cols - 1)) // figure.cols
  local rows <const> = (height - heading - (figure.rows - 1)) // figure.rows
  return {
    axes = axes, found = view.limits(axes), cols = cols, rows = rows, col0 = c * (cols + MARGIN),
    row0 = heading + r * (rows + 1),
  }
end

--- terminal.draw(figure, {width, height, colors, ascii}): the text; width and height in characters.
function terminal.draw(figure, options)
  local width <const>, height <const> = options.width, options.height
  local cells <const>, pens <const> = Cells(width, height), brush.pens(options.colors == 0)
  local heading <const> = figure.heading and 2 or 0
  if figure.heading then
    local text <const> = shortened(figure.heading, width)
    cells:text((width - length(text)) // 2, 0, text, color.parse "black")
  end
  for k, axes in ipairs(figure.axes) do
    local plan <const> = plan_of(figure, axes, k, width, height, heading)
    plan.ascii = options.ascii
    plan.legend = legend_lines(axes, plan.cols, pens)
    draw_axes(plan, cells, pens)
  end
  return cells:render(options)
end

return terminal
