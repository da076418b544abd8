-- Clipping to a box, so that no backend ever sees a far-away coordinate. Points are flat lists
-- {x1, y1, x2, y2, ...}; a box is { x, y, w, h }.

local clip <const> = {}

-- One edge of Liang and Barsky's test: the part t0..t1 of a segment that is inside; nil when none
-- is.
local function cut(p, q, t0, t1)
  if p == 0 then
    if q < 0 then return nil end
    return t0, t1
  end
  local r <const> = q / p
  if p < 0 then
    if r > t1 then return nil end
    return math.max(t0, r), t1
  end
  if r < t0 then return nil end
  return t0, math.min(t1, r)
end

-- The part of the segment inside, as t0, t1 in 0..1; nil when it is outside.
local function inside(x0, y0, x1, y1, box)
  local dx <const>, dy <const> = x1 - x0, y1 - y0
  local t0, t1 = cut(-dx, x0 - box.x, 0, 1)
  if t0 then t0, t1 = cut(dx, box.x + box.w - x0, t0, t1) end
  if t0 then t0, t1 = cut(-dy, y0 - box.y, t0, t1) end
  if t0 then t0, t1 = cut(dy, box.y + box.h - y0, t0, t1) end
  return t0, t1
end

--- clip.polyline(points, box): the list of pieces that are inside.
function clip.polyline(points, box)
  local pieces <const>, piece = {}, nil
  for k = 1, #points - 3, 2 do
    local x0 <const>, y0 <const>, x1 <const>, y1 <const> = table.unpack(points, k, k + 3)
    local t0 <const>, t1 <const> = inside(x0, y0, x1, y1, box)
    if t0 then
      if not piece or t0 > 0 then
        piece = { x0 + t0 * (x1 - x0), y0 + t0 * (y1 - y0) }
        pieces[#pieces + 1] = piece
      end
      piece[#piece + 1], piece[#piece + 2] = x0 + t1 * (x1 - x0), y0 + t1 * (y1 - y0)
    else
      piece = nil
    end
  end
  return pieces
end

-- Sutherland and Hodgman, one side: keeps where sign * (coordinate - limit) >= 0.
local function cut_side(points, axis, limit, sign)
  local result <const>, n <const> = {}, #points
  for k = 1, n, 2 do
    local j <const> = k == 1 and n - 1 or k - 2
    local a <const> = sign * (points[j + axis] - limit)
    local b <const> = sign * (points[k + axis] - limit)
    if a < 0 ~= (b < 0) then
      local t <const> = a / (a - b)
      result[#result + 1] = points[j] + t * (points[k] - points[j])
      result[#result + 1] = points[j + 1] + t * (points[k + 1] - points[j + 1])
    end
    if b >= 0 then result[#result + 1], result[#result + 2] = points[k], points[k + 1] end
  end
  return result
end

--- clip.polygon(points, box): the polygon's part inside; empty when there is none.
function clip.polygon(points, box)
  points = cut_side(points, 0, box.x, 1)
  points = cut_side(points, 0, box.x + box.w, -1)
  points = cut_side(points, 1, box.y, 1)
  return cut_side(points, 1, box.y + box.h, -1)
end

--- clip.rect(x0, y0, x1, y1, box): x, y, w, h of the part inside, or nil. Corners in any order; one
--- that is no number makes it nil.
function clip.rect(x0, y0, x1, y1, box)
  if x0 ~= x0 or x1 ~= x1 or y0 ~= y0 or y1 ~= y1 then return nil end
  local left <const> = math.max(box.x, math.min(x0, x1))
  local right <const> = math.min(box.x + box.w, math.max(x0, x1))
  local top <const> = math.max(box.y, math.min(y0, y1))
  local bottom <const> = math.min(box.y + box.h, math.max(y0, y1))
  if not (right >= left and bottom >= top) then return nil end
  return left, top, right - left, bottom - top
end

--- clip.has(box, x, y): is the point inside?
function clip.has(box, x, y)
  return x >= box.x and x <= box.x + box.w and y >= box.y and y <= box.y + box.h
end

return clip
