-- From a figure to a display list, for pictures: the page is divided among the axes, margins are as
-- wide as what stands in them, and each axes draws itself into its box. In points.
--
-- Axes of one column have their boxes at the same places, as have those of one row. Ticks depend on
-- the box and the box on the width of the ticks' labels, so both are worked out twice.

local Display = require "tocha.plot.display"
local color = require "tocha.plot.color"
local frame = require "tocha.plot.frame"
local legend = require "tocha.plot.legend"
local view = require "tocha.plot.view"

local layout <const> = {}

local EDGE <const> = 10     -- around the page
local GAP <const> = 18      -- between axes
local HEADING <const> = 16  -- size of the figure's own title

-- ---- dividing the page --------------------------------------------------------------------------

-- The greatest margins of each column and row.
local function margins_of(plans, figure)
  local left <const>, right <const>, top <const>, bottom <const> = {}, {}, {}, {}
  for c = 1, figure.cols do left[c], right[c] = 0, 0 end
  for r = 1, figure.rows do top[r], bottom[r] = 0, 0 end
  for _, plan in ipairs(plans) do
    local r <const>, c <const>, m <const> = plan.row, plan.col, plan.margins
    left[c], right[c] = math.max(left[c], m.left), math.max(right[c], m.right)
    top[r], bottom[r] = math.max(top[r], m.top), math.max(bottom[r], m.bottom)
  end
  return left, right, top, bottom
end

-- The places of n boxes along a side: each with its margins, all equally long.
local function divide(start, length, before, after, n)
  local free = length - GAP * (n - 1)
  for k = 1, n do free = free - before[k] - after[k] end
  local size <const>, places <const>, at = math.max(20, free / n), {}, start
  for k = 1, n do
    places[k] = at + before[k]
    at = at + before[k] + size + after[k] + GAP
  end
  return places, size
end

-- Equal units in x and y: the box shrinks to the shape of the data, around its middle.
local function with_aspect(plan, box)
  if plan.axes.props.aspect ~= "equal" then return box end
  local ratio <const> = view.aspect(plan.found)
  if not (ratio > 0 and ratio < math.huge) then return box end
  local w <const>, h <const> = math.min(box.w, box.h * ratio), math.min(box.h, box.w / ratio)
  return { x = box.x + (box.w - w) / 2, y = box.y + (box.h - h) / 2, w = w, h = h }
end

local function place_boxes(plans, figure, page)
  local left <const>, right <const>, top <const>, bottom <const> = margins_of(plans, figure)
  local xs <const>, w <const> = divide(page.x, page.w, left, right, figure.cols)
  local ys <const>, h <const> = divide(page.y, page.h, top, bottom, figure.rows)
  for _, plan in ipairs(plans) do
    plan.box = with_aspect(plan, { x = xs[plan.col], y = ys[plan.row], w = w, h = h })
  end
end

local function plans_of(figure)
  local plans <const> = {}
  for k, axes in ipairs(figure.axes) do
    plans[k] = {
      axes = axes, found = view.limits(axes), col = (k - 1) % figure.cols + 1,
      row = (k - 1) // figure.cols + 1,
    }
  end
  return plans
end

-- ---- drawing ------------------------------------------------------------------------------------

local function draw_axes(plan, list, resolution)
  local seen <const> = view.new(plan.found, plan.box, resolution)
  frame.background(plan, seen, list)
  local first <const> = #list + 1
  for _, artist in ipairs(plan.axes:drawing_order()) do artist:draw(seen, list) end
  local last <const> = #list
  frame.foreground(plan, seen, list)
  legend.draw(plan, list, first, last)
end

local function draw_heading(figure, list, page)
  local title <const> = figure.heading
  if not title then return end
  list:text {
    x = list.width / 2, y = page.y, text = title, size = HEADING, halign = "center",
    valign = "top", color = color.parse "0.1",
  }
  local height <const> = Display.text_height(title, HEADING) + 10
  page.y, page.h = page.y + height, page.h - height
end

--- layout(figure, resolution): the display list. `resolution` is the number of pixels to a point.
function layout.draw(figure, resolution)
  local list <const> = Display(figure.width, figure.height)
  if figure.facecolor[4] > 0 then
    list:rect { x = 0, y = 0, w = figure.width, h = figure.height, fill = figure.facecolor }
  end
  local page <const> = { x = EDGE, y = EDGE, w = list.width - 2 * EDGE, h = list.height - 2 * EDGE }
  draw_heading(figure, list, page)
  local plans <const> = plans_of(figure)
  for _, plan in ipairs(plans) do
    plan.margins, plan.box = { left = 50, right = 10, top = 20, bottom = 40 }, nil
  end
  for _ = 1, 2 do
    place_boxes(plans, figure, page)
    for _, plan in ipairs(plans) do frame.measure(plan) end
  end
  place_boxes(plans, figure, page)
  for _, plan in ipairs(plans) do draw_axes(plan, list, resolution) end
  return list, plans
end

return layout
