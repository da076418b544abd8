-- The colour bar beside a plot: what its colours mean.

local Display = require "tocha.plot.display"
local color = require "tocha.plot.color"
local colormap = require "tocha.plot.colormap"
local scale = require "tocha.plot.scale"
local tensor = require "tocha.tensor"

local colorbar <const> = {}

local GAP <const>, WIDE <const>, TICK <const>, PAD <const>, SMALL <const> = 12, 13, 3, 3, 11
local STEPS <const> = 256
local INK <const>, LINE <const> = color.parse "0.15", color.parse "0.4"

local function ticks_of(plan)
  local m <const> = plan.axes.mappable
  if m.levels then return m.levels, scale.labels(m.levels) end
  return scale.linear.ticks(m.low, m.high, math.max(2, plan.box.h // 36))
end

--- colorbar.width(plan): the room it takes.
function colorbar.width(plan)
  local _, labels <const> = ticks_of(plan)
  local w = 0
  for _, text in ipairs(labels) do w = math.max(w, Display.text_width(text, SMALL)) end
  return GAP + WIDE + TICK + PAD + w
end

-- The colour of a band between levels, or of the map.
local function color_at(m, v, span)
  if not m.levels then return colormap.color(m.cmap, (v - m.low) / span) end
  local band = 1
  for _, level in ipairs(m.levels) do band = band + (v >= level and 1 or 0) end
  return m.cmap[band]
end

-- The colours from the top to the bottom, (STEPS, 1, 4) uint8.
local function gradient(m)
  local span <const> = m.high > m.low and m.high - m.low or 1
  local rows <const> = {}
  for k = 1, STEPS do
    local v <const> = m.low + (1 - (k - 0.5) / STEPS) * span
    local r <const>, g <const>, b <const> = color.bytes(color_at(m, v, span))
    rows[k] = { { r, g, b, 255 } }
  end
  return tensor.from(rows, { dtype = "uint8" })
end

--- colorbar.draw(plan, list): to the right of the box.
function colorbar.draw(plan, list)
  local m <const>, box <const> = plan.axes.mappable, plan.box
  local x <const> = box.x + box.w + GAP
  list:image { x = x, y = box.y, w = WIDE, h = box.h, pixels = gradient(m), role = "colorbar" }
  list:rect { x = x, y = box.y, w = WIDE, h = box.h, stroke = LINE, width = 0.8 }
  local places <const>, labels <const> = ticks_of(plan)
  local span <const> = m.high > m.low and m.high - m.low or 1
  for k, v in ipairs(places) do
    local y <const> = box.y + box.h * (1 - (v - m.low) / span)
    if y >= box.y - 0.5 and y <= box.y + box.h + 0.5 then
      list:line(x + WIDE, y, x + WIDE + TICK, y, { stroke = LINE, width = 0.8 })
      list:text {
        x = x + WIDE + TICK + PAD, y = y, text = labels[k], size = SMALL, color = INK,
        halign = "left", valign = "middle", role = "tick",
      }
    end
  end
end

return colorbar
