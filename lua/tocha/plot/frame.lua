-- What stands around a plot in a picture: grid, frame, ticks with their labels, titles, colour bar.
-- A plan is { axes, found (limits), box, margins, xticks, yticks }.

local Display = require "tocha.plot.display"
local color = require "tocha.plot.color"
local colorbar = require "tocha.plot.colorbar"
local legend = require "tocha.plot.legend"
local ticks = require "tocha.plot.ticks"

local frame <const> = {}

local TICK <const>, PAD <const> = 4, 4         -- length of a tick; distance of its label
local SMALL <const>, LABEL <const>, TITLE <const> = 11, 12, 14
local TURNED <const> = 40                      -- degrees, where labels along x are too long
local INK <const>, LINE <const>, GRID <const> = color.parse "0.15", color.parse "0.4",
  color.parse "0.9"

-- ---- measuring ----------------------------------------------------------------------------------

local function widest(labels)
  local w = 0
  for _, text in ipairs(labels) do w = math.max(w, Display.text_width(text, SMALL)) end
  return w
end

local function measure_bottom(plan)
  local labels <const> = plan.xticks.labels
  local wide <const> = widest(labels)
  plan.turned = plan.xticks.fixed and #labels > 1 and wide > plan.box.w / #labels * 0.95
  local tall <const> = #labels == 0 and 0
    or plan.turned and wide * math.sin(math.rad(TURNED)) + SMALL or SMALL
  local title <const> = plan.axes.props.xlabel
  return TICK + PAD + tall + (title and PAD + 2 + Display.text_height(title, LABEL) or 0)
end

local function measure_left(plan)
  local title <const> = plan.axes.props.ylabel
  plan.label_width = widest(plan.yticks.labels)
  local room <const> = title and PAD + 4 + Display.text_height(title, LABEL) or 0
  return TICK + PAD + plan.label_width + room
end

-- The last label along x may stand out to the right by half its width.
local function overhang(plan)
  local labels <const> = plan.xticks.labels
  return plan.turned and 0 or #labels > 0 and Display.text_width(labels[#labels], SMALL) / 2 or 0
end

--- frame.measure(plan): finds the ticks for the box, and the margins that all around it needs.
function frame.measure(plan)
  local axes <const>, props <const> = plan.axes, plan.axes.props
  ticks.find(plan, SMALL)
  local m <const> = { top = 4, left = 2, bottom = 2, right = 4 }
  if props.title then m.top = Display.text_height(props.title, TITLE) + 10 end
  if not props.off then
    m.bottom, m.left = measure_bottom(plan), measure_left(plan)
    m.right = math.max(m.right, overhang(plan))
    m.top = math.max(m.top, SMALL / 2)
  end
  if axes.mappable and axes.mappable.shown then m.right = m.right + colorbar.width(plan) end
  if props.legend == "outside" then m.right = m.right + legend.size(axes) + 10 end
  plan.margins = m
end

-- ---- behind the data ----------------------------------------------------------------------------

local function grid_shown(axes)
  if axes.props.grid ~= nil then return axes.props.grid end
  return not axes.has_image
end

local function inside(p, first, length) return p >= first - 0.5 and p <= first + length + 0.5 end

local function each_tick(places, f, first, length, draw)
  for k, v in ipairs(places) do
    local p <const> = f(v)
    if inside(p, first, length) then draw(p, k) end
  end
end

--- frame.background(plan, view, list): the area's colour and the grid.
function frame.background(plan, view, list)
  local box <const>, props <const> = plan.box, plan.axes.props
  if props.facecolor then
    list:rect { x = box.x, y = box.y, w = box.w, h = box.h, fill = props.facecolor }
  end
  if props.off or not grid_shown(plan.axes) then return end
  local paths <const> = {}
  each_tick(plan.xticks.values, view.fx, box.x, box.w, function(p)
    paths[#paths + 1] = { p, box.y, p, box.y + box.h }
  end)
  each_tick(plan.yticks.values, view.fy, box.y, box.h, function(p)
    paths[#paths + 1] = { box.x, p, box.x + box.w, p }
  end)
  if #paths > 0 then list:path { paths = paths, stroke = GRID, width = 0.8, role = "grid" } end
end

-- ---- before the data ----------------------------------------------------------------------------

local function draw_spines(plan, list)
  local b <const> = plan.box
  if plan.axes.has_image then
    list:rect { x = b.x, y = b.y, w = b.w, h = b.h, stroke = LINE, width = 0.9, role = "frame" }
  else
    list:path {
      paths = { { b.x, b.y, b.x, b.y + b.h, b.x + b.w, b.y + b.h } }, stroke = LINE, width = 0.9,
      role = "frame",
    }
  end
end

local function x_label(plan, list, p, text)
  list:text {
    x = p, y = plan.box.y + plan.box.h + TICK + PAD, text = text, size = SMALL, color = INK,
    halign = plan.turned and "right" or "center", valign = "top",
    angle = plan.turned and TURNED or 0, role = "tick",
  }
end

local function draw_ticks(plan, view, list)
  local box <const>, paths <const> = plan.box, {}
  local bottom <const> = box.y + box.h
  local function below(length)
    return function(p, k)
      paths[#paths + 1] = { p, bottom, p, bottom + length }
      if length == TICK then x_label(plan, list, p, plan.xticks.labels[k]) end
    end
  end
  local function beside(length)
    return function(p, k)
      paths[#paths + 1] = { box.x - length, p, box.x, p }
      if length ~= TICK then return end
      list:text {
        x = box.x - TICK - PAD, y = p, text = plan.yticks.labels[k], size = SMALL, color = INK,
        halign = "right", valign = "middle", role = "tick",
      }
    end
  end
  each_tick(plan.xticks.values, view.fx, box.x, box.w, below(TICK))
  each_tick(plan.xticks.minor, view.fx, box.x, box.w, below(TICK / 2))
  each_tick(plan.yticks.values, view.fy, box.y, box.h, beside(TICK))
  each_tick(plan.yticks.minor, view.fy, box.y, box.h, beside(TICK / 2))
  if #paths > 0 then list:path { paths = paths, stroke = LINE, width = 0.9, role = "ticks" } end
end

local function draw_titles(plan, list)
  local box <const>, props <const>, m <const> = plan.box, plan.axes.props, plan.margins
  if props.title then
    list:text {
      x = box.x + box.w / 2, y = box.y - 8, text = props.title, size = TITLE, color = INK,
      halign = "center", valign = "baseline", role = "title",
    }
  end
  if props.off then return end
  if props.xlabel then
    list:text {
      x = box.x + box.w / 2, y = box.y + box.h + m.bottom - 1, text = props.xlabel, size = LABEL,
      color = INK, halign = "center", valign = "bottom", role = "xlabel",
    }
  end
  if props.ylabel then
    list:text {
      x = box.x - TICK - PAD - plan.label_width - PAD - 3, y = box.y + box.h / 2,
      text = props.ylabel, size = LABEL, color = INK, halign = "center", valign = "baseline",
      angle = 90, role = "ylabel",
    }
  end
end

--- frame.foreground(plan, view, list): all that stands before the data and around it.
function frame.foreground(plan, view, list)
  if not plan.axes.props.off then
    draw_spines(plan, list)
    draw_ticks(plan, view, list)
  end
  draw_titles(plan, list)
  if plan.axes.mappable and plan.axes.mappable.shown then colorbar.draw(plan, list) end
end

return frame
