-- The legend of a plot: a sample and the label of each artist that has one.

local core = require "tocha.core"
local Display = require "tocha.plot.display"
local clip = require "tocha.plot.clip"
local color = require "tocha.plot.color"

local legend <const> = {}

local SIZE <const>, PAD <const>, SAMPLE <const>, GAP <const> = 11, 7, 22, 7
local LINE <const>, AWAY <const> = 17, 8  -- height of an entry; distance from the frame

-- Shares of the free room before it, across and down.
local PLACES <const> = {
  ["upper right"] = { 1, 0 }, ["upper left"] = { 0, 0 }, ["lower left"] = { 0, 1 },
  ["lower right"] = { 1, 1 }, ["upper center"] = { 0.5, 0 }, ["lower center"] = { 0.5, 1 },
  ["center left"] = { 0, 0.5 }, ["center right"] = { 1, 0.5 }, center = { 0.5, 0.5 },
}
local ORDER <const> = { "upper right", "upper left", "lower left", "lower right", "center right",
  "center left", "upper center", "lower center" }

--- legend.entries(axes): the artists with a label, in the order in which they were added.
function legend.entries(axes)
  local list <const> = {}
  if axes.props.legend == false then return list end
  for _, artist in ipairs(axes.artists) do
    if artist.label and artist.handle then list[#list + 1] = artist end
  end
  return list
end

--- legend.size(axes): width and height.
function legend.size(axes)
  local entries <const>, wide = legend.entries(axes), 0
  for _, artist in ipairs(entries) do
    wide = math.max(wide, Display.text_width(tostring(artist.label), SIZE))
  end
  return PAD + SAMPLE + GAP + wide + PAD, #entries * LINE + PAD
end

-- ---- the place ----------------------------------------------------------------------------------

local function count_points(points, box)
  local n = 0
  for k = 1, #points, 2 do
    if clip.has(box, points[k], points[k + 1]) then n = n + 1 end
  end
  return n
end

-- Points on the way count too, so that a long straight line is noticed.
local function count_path(points, box)
  local n = count_points(points, box)
  for k = 1, #points - 3, 2 do
    local x0 <const>, y0 <const>, x1 <const>, y1 <const> = table.unpack(points, k, k + 3)
    local steps <const> = math.min(200, (math.abs(x1 - x0) + math.abs(y1 - y0)) // 5)
    for j = 1, steps do
      local t <const> = j / (steps + 1)
      if clip.has(box, x0 + t * (x1 - x0), y0 + t * (y1 - y0)) then n = n + 1 end
    end
  end
  return n
end

local function overlap(item, box)
  local x0 <const>, x1 <const> = math.max(item.x, box.x), math.min(item.x + item.w, box.x + box.w)
  local y0 <const>, y1 <const> = math.max(item.y, box.y), math.min(item.y + item.h, box.y + box.h)
  return x1 > x0 and y1 > y0 and (x1 - x0) * (y1 - y0) / 25 or 0
end

local COUNT <const> = {
  path = function(item, box)
    local n = 0
    for _, points in ipairs(item.paths) do n = n + count_path(points, box) end
    return n
  end,
  markers = function(item, box)
    local n = 0
    for k = 1, #item.xs do
      if clip.has(box, item.xs[k], item.ys[k]) then n = n + 2 end
    end
    return n
  end,
  rect = overlap,
  text = function(item, box) return clip.has(box, item.x, item.y) and 20 or 0 end,
}

-- How much of the items first..last of the list lies in the box.
local function covered(list, first, last, box)
  local n = 0
  for k = first, last do
    local count <const> = COUNT[list[k].kind]
    if count then n = n + count(list[k], box) end
  end
  return n
end

local function box_at(place, outer, w, h)
  return {
    x = outer.x + AWAY + place[1] * (outer.w - 2 * AWAY - w),
    y = outer.y + AWAY + place[2] * (outer.h - 2 * AWAY - h), w = w, h = h,
  }
end

-- The place that covers least; of equals the first.
local function best(list, first, last, outer, w, h)
  local found, least = nil, math.huge
  for _, name in ipairs(ORDER) do
    local box <const> = box_at(PLACES[name], outer, w, h)
    local n <const> = covered(list, first, last, box)
    if n < least then found, least = box, n end
    if n == 0 then break end
  end
  return found
end

local function place_of(plan, list, first, last, w, h)
  local wish <const>, box <const> = plan.axes.props.legend or "best", plan.box
  if wish == "outside" then
    return { x = box.x + box.w + plan.margins.right - w, y = box.y, w = w, h = h }
  end
  if wish == "best" or wish == true then return best(list, first, last, box, w, h) end
  if not PLACES[wish] then
    core.fail("legend", 1, "unknown place '%s' (there are: best, outside, %s)", tostring(wish),
      table.concat(ORDER, ", "))
  end
  return box_at(PLACES[wish], box, w, h)
end

-- ---- drawing ------------------------------------------------------------------------------------

local function draw_sample(handle, list, x, y)
  if handle.kind == "patch" then
    return list:rect { x = x + 3, y = y - 5, w = SAMPLE - 6, h = 10, fill = handle.color }
  end
  if handle.kind == "line" then
    list:line(x, y, x + SAMPLE, y,
      { stroke = handle.color, width = handle.width, dash = handle.dash })
  end
  if not handle.marker then return end
  list:markers {
    shape = handle.marker, size = handle.size or 6, xs = { x + SAMPLE / 2 }, ys = { y },
    colors = handle.color,
  }
end

--- legend.draw(plan, list, first, last): where it covers least of the items first..last of the
--- list.
function legend.draw(plan, list, first, last)
  local entries <const> = legend.entries(plan.axes)
  if #entries == 0 then return end
  local w <const>, h <const> = legend.size(plan.axes)
  local box <const> = place_of(plan, list, first, last, w, h)
  list:rect {
    x = box.x, y = box.y, w = w, h = h, fill = color.parse("white", 0.85),
    stroke = color.parse "0.8", width = 0.8, role = "legend",
  }
  for k, artist in ipairs(entries) do
    local y <const> = box.y + PAD / 2 + (k - 0.5) * LINE
    draw_sample(artist.handle, list, box.x + PAD, y)
    list:text {
      x = box.x + PAD + SAMPLE + GAP, y = y, text = artist.label, size = SIZE, halign = "left",
      valign = "middle", color = color.parse "0.15", role = "legend",
    }
  end
end

return legend
