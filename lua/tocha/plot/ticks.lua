-- The ticks of a plan's two axes: as many as fit, or those that the user set.

local Display = require "tocha.plot.display"

local ticks <const> = {}

local APART_X <const>, APART_Y <const> = 72, 44  -- points between two ticks, about

local function sorted(lim) return math.min(lim[1], lim[2]), math.max(lim[1], lim[2]) end

local function within(set, lim)
  local low <const>, high <const> = sorted(lim)
  local kept <const> = { values = {}, labels = {}, minor = {}, fixed = true }
  for k, v in ipairs(set.values) do
    if v >= low and v <= high then
      kept.values[#kept.values + 1], kept.labels[#kept.labels + 1] = v, set.labels[k]
    end
  end
  return kept
end

local function automatic(scale, lim, most, integer)
  local low <const>, high <const> = sorted(lim)
  local list <const>, labels <const>, minor <const> = scale.ticks(low, high, most, integer)
  return { values = list, labels = labels, minor = minor }
end

local function total_width(labels, size)
  local sum = 0
  for _, text in ipairs(labels) do sum = sum + Display.text_width(text, size) + size end
  return sum
end

--- ticks.along(plan, "x", most, integer): { values, labels, minor }
function ticks.along(plan, axis, most)
  local found <const>, set <const> = plan.found, plan.axes.props[axis .. "ticks"]
  if set then return within(set, found[axis .. "lim"]) end
  return automatic(found[axis .. "scale"], found[axis .. "lim"], most, plan.axes.integer[axis])
end

--- ticks.find(plan, size): plan.xticks and plan.yticks for its box; labels of that size do not
--- overlap.
function ticks.find(plan, size)
  local most = math.max(2, plan.box.w // APART_X)
  repeat
    plan.xticks = ticks.along(plan, "x", most)
    most = most - 1
  until most < 1 or plan.xticks.fixed or total_width(plan.xticks.labels, size) <= plan.box.w
  plan.yticks = ticks.along(plan, "y", math.max(2, plan.box.h // APART_Y))
end

return ticks
