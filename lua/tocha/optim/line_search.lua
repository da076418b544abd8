-- A line search for the strong Wolfe conditions: how far to go along a direction.
--
-- Nocedal and Wright, "Numerical Optimization" (2006), algorithms 3.5 and 3.6, with the steps and
-- safeguards of Schmidt's minFunc, as PyTorch's LBFGS has it. A point is { t = step length, f =
-- value, g = gradient, slope = its product with the direction }.

local line_search <const> = {}

local abs <const>, max <const>, min <const> = math.abs, math.max, math.min

-- Where the cubic through two points with these values and slopes is least, within low..high; the
-- middle, where there is no such place or a value is infinite.
local function cubic_minimum(a, b, low, high)
  if not low then low, high = min(a.t, b.t), max(a.t, b.t) end
  local d1 <const> = a.slope + b.slope - 3 * (a.f - b.f) / (a.t - b.t)
  local square <const> = d1 ^ 2 - a.slope * b.slope
  if not (square >= 0) then return (low + high) / 2 end  -- luacheck: ignore 581
  local d2 <const> = square ^ 0.5
  if b.t < a.t then a, b = b, a end
  local t <const> = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
  return t == t and min(max(t, low), high) or (low + high) / 2
end

-- Enough descent at that point? Flat enough?
local function descends(search, start, here)
  return here.f <= start.f + search.c1 * here.t * start.slope
end
local function is_flat(search, start, here)
  return abs(here.slope) <= -search.c2 * start.slope
end

-- Steps grow until two points bracket what is sought, or one is it. Returns both points, or one
-- alone, and the number of further evaluations.
local function bracket(search, start, t)
  local before, here, n = start, search.at(t), 0
  while n < search.max_ls do
    if not descends(search, start, here) or n > 1 and here.f >= before.f then
      return before, here, n
    end
    if is_flat(search, start, here) then return here, nil, n end
    if here.slope >= 0 then return before, here, n end
    local further <const> = cubic_minimum(before, here, here.t + 0.01 * (here.t - before.t),
      here.t * 10)
    before, here, n = here, search.at(further), n + 1
  end
  return start, here, n
end

-- A trial step inside the bracket, not near its ends twice in a row. Returns the step, and whether
-- it is near one.
local function trial(a, b, was_near)
  local left <const>, right <const>, t <const> = min(a.t, b.t), max(a.t, b.t), cubic_minimum(a, b)
  local margin <const> = 0.1 * (right - left)
  if min(right - t, t - left) >= margin then return t, false end
  if not (was_near or t >= right or t <= left) then return t, true end
  return abs(t - right) < abs(t - left) and right - margin or left + margin, false
end

-- The end with the lower value, which is a number.
local function lower(ends)
  local a <const>, b <const> = ends[1].f, ends[2].f
  return (a <= b or b ~= b) and 1 or 2
end

-- The bracket shrinks until its better point will do. Returns that point and the evaluations so
-- far.
local function zoom(search, start, ends, n)
  local near, low = false, lower(ends)
  while n < search.max_ls do
    if abs(ends[2].t - ends[1].t) * search.size < search.tolerance_change then break end
    local t
    t, near = trial(ends[1], ends[2], near)
    local here <const> = search.at(t)
    n = n + 1
    if not descends(search, start, here) or here.f >= ends[low].f then
      ends[3 - low] = here
      low = lower(ends)
    else
      local done <const> = is_flat(search, start, here)
      if not done and here.slope * (ends[3 - low].t - ends[low].t) >= 0 then
        ends[3 - low] = ends[low]
      end
      ends[low] = here
      if done then break end
    end
  end
  return ends[low], n
end

--- line_search.strong_wolfe(search, start, t): the point that was found and the number of
--- evaluations. start = { t = 0, f, g, slope } is where it begins, t the first trial step; search =
--- { at = function(t) -> point, size = the largest element of the direction, c1 = of sufficient
--- decrease, c2 = of curvature, max_ls = evaluations after the first, tolerance_change = smallest
--- bracket }.
function line_search.strong_wolfe(search, start, t)
  local a <const>, b <const>, n = bracket(search, start, t)
  if not b then return a, n + 1 end
  local found
  found, n = zoom(search, start, { a, b }, n)
  return found, n + 1
end

return line_search
