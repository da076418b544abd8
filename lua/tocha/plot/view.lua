-- A view of axes in a box of the page: limits of the data, and the map from data to points.

local core = require "tocha.core"
local scale = require "tocha.plot.scale"

local view <const> = {}

local MARGIN <const> = 0.05  -- of the range of the data, at each side

-- ---- limits -------------------------------------------------------------------------------------

-- Numbers beyond are not shown: their differences would overflow, or vanish.
local LARGEST <const>, SMALLEST <const> = 1e300, 1e-300

local function clamped(v, positive)
  return math.min(LARGEST, math.max(positive and SMALLEST or -LARGEST, v))
end

-- Both axes' range of all artists, and the values at which there is no margin.
local function data_range(axes, partial)
  local x <const> = { low = math.huge, high = -math.huge, sticky = {}, axis = partial.xscale }
  local y <const> = { low = math.huge, high = -math.huge, sticky = {}, axis = partial.yscale }
  local function include(range, ...)
    local positive <const> = range.axis.positive
    for k = 1, 2 do
      local v <const> = select(k, ...)
      if v and v - v == 0 and (v > 0 or not positive) then
        range.low = math.min(range.low, clamped(v, positive))
        range.high = math.max(range.high, clamped(v, positive))
      end
    end
  end
  local function stick(range, low, high)
    if low and low == low then range.sticky[low], range.sticky[high] = true, true end
  end
  for _, artist in ipairs(axes.artists) do
    local x0 <const>, x1 <const>, y0 <const>, y1 <const> = artist:bounds(partial)
    include(x, x0, x1)
    include(y, y0, y1)
    local sticky <const> = artist.sticky or {}
    if sticky.all then stick(x, x0, x1) stick(y, y0, y1) end
    stick(x, sticky.x, sticky.x)
    stick(y, sticky.y, sticky.y)
  end
  return x, y
end

local function widen_point(v, positive)
  if positive then return clamped(v / 3, true), clamped(v * 3, true) end
  local half <const> = math.abs(v) < SMALLEST and 1 or math.abs(v) * 0.1
  return v - half, v + half
end

-- The range with its margins, in the scale's own coordinate.
local function with_margin(range, axis)
  local positive <const> = axis.positive
  if range.low > range.high then return positive and 1 or 0, positive and 10 or 1 end
  if range.high - range.low < SMALLEST then return widen_point(range.low, positive) end
  local low <const>, high <const> = axis.forward(range.low), axis.forward(range.high)
  local pad <const> = MARGIN * (high - low)
  return range.sticky[range.low] and range.low or clamped(axis.inverse(low - pad), positive),
    range.sticky[range.high] and range.high or clamped(axis.inverse(high + pad), positive)
end

local function limits(range, axis, given, reversed)
  local low, high = with_margin(range, axis)
  if reversed then low, high = high, low end
  low, high = given and given[1] or low, given and given[2] or high
  if math.abs(low - high) < SMALLEST then low, high = widen_point(low, axis.positive) end
  return { low, high }
end

local function check_positive(lim, axis, name)
  if axis.positive and not (lim[1] > 0 and lim[2] > 0) then
    core.fail("set_" .. name, nil, "a logarithmic axis has limits above 0, got %g and %g", lim[1],
      lim[2])
  end
end

--- view.limits(axes): { xlim, ylim, xscale, yscale } from its options and its data.
function view.limits(axes)
  local props <const> = axes.props
  local found <const> = { xscale = scale[props.xscale], yscale = scale[props.yscale] }
  local x <const>, y <const> = data_range(axes, found)
  found.xlim = limits(x, found.xscale, props.xlim, axes.reversed.x)
  found.ylim = limits(y, found.yscale, props.ylim, axes.reversed.y)
  check_positive(found.xlim, found.xscale, "xlim")
  check_positive(found.ylim, found.yscale, "ylim")
  return found
end

local function extent(axis, lim) return math.abs(axis.forward(lim[2]) - axis.forward(lim[1])) end

--- view.aspect(found): width to height of the data, in units of the scales.
function view.aspect(found)
  return extent(found.xscale, found.xlim) / extent(found.yscale, found.ylim)
end

-- ---- the map ------------------------------------------------------------------------------------

-- lim[1] comes to a, lim[2] to b; and back.
local function axis_map(axis, lim, a, b)
  local c <const> = axis.forward(lim[1])
  local k <const>, forward <const> = (b - a) / (axis.forward(lim[2]) - c), axis.forward
  local inverse <const> = function(p) return axis.inverse(c + (p - a) / k) end
  if axis == scale.linear then return function(v) return a + (v - c) * k end, inverse end
  return function(v) return a + (forward(v) - c) * k end, inverse
end

--- view.new(found, box, resolution): the view of these limits in a box { x, y, w, h }; `resolution`
--- is the number of pixels that a point of the page has.
function view.new(found, box, resolution)
  local made <const> = {
    xscale = found.xscale, yscale = found.yscale, xlim = found.xlim, ylim = found.ylim,
    box = box, resolution = resolution,
  }
  made.fx, made.ix = axis_map(found.xscale, found.xlim, box.x, box.x + box.w)
  made.fy, made.iy = axis_map(found.yscale, found.ylim, box.y + box.h, box.y)
  return made
end

return view
