-- What the specs of plots share.

local layout = require "tocha.plot.layout"

local function items_of(fig, kind, filter)
  local found = {}
  for _, item in ipairs((layout.draw(fig, 1))) do
    if item.kind == kind and (not filter or filter(item)) then found[#found + 1] = item end
  end
  return found
end

local function plain(item) return item.role == nil end

-- Labels of ticks -> their places on the page.
local function ticks_of(fig)
  local x, y = {}, {}
  for _, item in ipairs(items_of(fig, "text", function(t) return t.role == "tick" end)) do
    if item.valign == "top" then x[item.text] = item.x else y[item.text] = item.y end
  end
  return x, y
end

local function near(expected, got, tolerance)
  local off <const> = math.abs(expected - got)
  if off ~= off or off > (tolerance or 1e-6) then
    error(("expected %s, got %s"):format(expected, got), 2)
  end
end

-- The function from data to the page that two ticks tell; `f` is the scale.
local function line_through(ticks, a, b, f)
  f = f or tonumber
  local pa, pb = ticks[a], ticks[b]
  return function(v) return pa + (f(v) - f(a)) / (f(b) - f(a)) * (pb - pa) end
end

return { items_of = items_of, plain = plain, ticks_of = ticks_of, near = near,
  line_through = line_through }
