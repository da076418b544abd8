-- Sampling an image at the points of a grid, and grids from affine matrices.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local wide <const> = require "tocha.reduction".wide
local window = require "tocha.window"

local text <const> = rule.text

-- Coordinates in [-1, 1] to places in the input, from 0.
local function places(grid, size, align)
  if align then return (grid + 1) * ((size - 1) / 2) end
  return ((grid + 1) * size - 1) * 0.5
end

-- Mirrored at the borders: back and forth between low and high.
local function reflected(at, low, high)
  local span <const> = high - low
  if span <= 0 then return at * 0 end
  local away = ops.abs(at - low)
  local rest = ops.fmod(away, span)
  local odd = ops.fmod(ops.floor(away / span), 2):ne(0)
  return ops.where(odd, high - rest, rest + low)
end

local function bounded(at, size, mode, align)
  if mode == "zeros" then return at end
  if mode == "reflection" then
    at = align and reflected(at, 0, size - 1) or reflected(at, -0.5, size - 0.5)
  end
  return ops.nan_to_num(ops.clamp(at, 0, size - 1))
end

-- A place that is NaN lies nowhere: outside for "zeros", else (as `bounded` has it) at 0.
-- The values at whole places (a list a dimension, each (N, points)): (N, C, points), zero outside.
local function fetch(x, at)
  local flat, index, inside = ops.flatten(x, 3), 0, nil
  for d, place in ipairs(at) do
    local size <const> = x:size(d + 2)
    local ok = ops.logical_and(place:ge(0), place:le(size - 1))
    inside = inside and ops.logical_and(inside, ok) or ok
    index = ops.nan_to_num(ops.clamp(place, 0, size - 1)):to("int64") + index * size
  end
  index = (index + 1):unsqueeze(2):expand { x:size(1), x:size(2), at[1]:size(2) }
  return ops.gather(flat, 3, index) * inside:to(x.dtype):unsqueeze(2)
end

local CUBIC <const> = -0.75

-- Weights of the places around a point that lies `rest` behind the first but `behind` of them.
local FILTERS <const> = {
  bilinear = { behind = 0, weights = function(rest) return { 1 - rest, rest } end },
  bicubic = { behind = 1, weights = function(rest)
    return { window.cubic_far(rest + 1, CUBIC), window.cubic_near(rest, CUBIC),
      window.cubic_near(1 - rest, CUBIC), window.cubic_far(2 - rest, CUBIC) }
  end },
}

-- The weighted sum over the places around each point; `inside(place, d)` brings one back that lies
-- outside.
local function blend(x, at, filter, inside)
  local n <const>, first <const>, weights <const> = #at, {}, {}
  for d, place in ipairs(at) do
    local low <const> = ops.floor(place:detach())
    first[d], weights[d] = low - filter.behind, filter.weights(place - low)
  end
  local sum, taps <const> = 0, rule.list(#weights[1], n)
  window.each_tap(taps, function(_, tap)
    local weight, whole = nil, {}
    for d = 1, n do
      local w <const> = weights[d][tap[d] + 1]
      weight, whole[d] = weight and weight * w or w, inside(first[d] + tap[d], d)
    end
    sum = fetch(x, whole) * weight:unsqueeze(2) + sum
  end)
  return sum
end

local function check_grid(x, grid, mode, padding_mode)
  local n <const> = x.ndim - 2
  if n ~= 2 and n ~= 3 then
    core.fail("grid_sample", 1, "expected (N, C, H, W) or (N, C, D, H, W), got %s", text(x.shape))
  end
  if grid.ndim ~= x.ndim or grid:size(-1) ~= n or grid:size(1) ~= x:size(1) then
    core.fail("grid_sample", 2, "expected (%d, ..., %d) with %d dimensions, got %s", x:size(1), n,
      x.ndim,
      text(grid.shape))
  end
  if mode ~= "nearest" and not FILTERS[mode] then
    core.fail("grid_sample", 3, "expected bilinear, bicubic or nearest, got '%s'", mode)
  end
  if padding_mode ~= "zeros" and padding_mode ~= "border" and padding_mode ~= "reflection" then
    core.fail("grid_sample", 4, "expected zeros, border or reflection, got '%s'", padding_mode)
  end
  return n
end

op "grid_sample" {
  doc = "(N, C, ...) sampled at the points of `grid` (N, ..., 2 or 3), x first, in [-1, 1]. Modes: "
    .. "bilinear, bicubic, nearest.",
  args = 'input: float, grid: float, mode: string = "bilinear", padding_mode: string = "zeros", '
    .. "align_corners: bool = false",
  ref = function(x, grid, mode, padding_mode, align)
    local n <const>, dtype <const> = check_grid(x, grid, mode, padding_mode), core.joint(x, grid)
    x, grid = x:to(wide(x.dtype)), grid:to(wide(grid.dtype))
    local size <const>, at <const> = { x:size(1), x:size(2) }, {}
    local function inside(place, d) return bounded(place, x:size(d + 2), padding_mode, align) end
    for d = 1, n do
      size[d + 2] = grid:size(d + 1)
      local points = grid:select(-1, n + 1 - d):reshape { x:size(1), -1 }
      at[d] = places(points, x:size(d + 2), align)
      -- a cubic's places are brought back one by one
      if mode ~= "bicubic" then at[d] = inside(at[d], d) end
      if mode == "nearest" then at[d] = ops.round(at[d]) end
    end
    local function as_it_is(place) return place end
    local y <const> = mode == "nearest" and fetch(x, at)
      or blend(x, at, FILTERS[mode], mode == "bicubic" and inside or as_it_is)
    return y:reshape(size):to(dtype)
  end,
  sample = {
    { { 2, 2, 3, 4 }, S.unit { 2, 2, 3, 2 } },
    { { 1, 1, 3, 3 }, S.unit { 1, 2, 2, 2 }, "bilinear", "border", true },
    { { 1, 2, 2, 3, 2 }, S.unit { 1, 1, 2, 2, 3 }, "bilinear", "reflection" },
    { { 1, 2, 4, 5 }, S.unit { 1, 2, 3, 2 }, "bicubic", "border" },
  },
}

-- Coordinates of the points of one dimension, in [-1, 1].
local function axis(size, align, theta)
  local span <const> = align and 1 or (size - 1) / size
  if size == 1 then return ops.zeros({ 1 }, { dtype = theta.dtype, device = theta.device }) end
  return ops.linspace(-span, span, size, { dtype = theta.dtype, device = theta.device })
end

op "affine_grid" {
  doc = "The grid (N, ..., 2 or 3) for grid_sample that maps by the affine matrices `theta` "
    .. "(N, 2, 3) or (N, 3, 4).",
  args = "theta: float, size: ints, align_corners: bool = false",
  ref = function(theta, size, align)
    local n <const> = type(size) == "table" and #size - 2 or 0
    if (n ~= 2 and n ~= 3) or theta.ndim ~= 3 or theta:size(2) ~= n or theta:size(3) ~= n + 1
      or theta:size(1) ~= size[1] then
      core.fail("affine_grid", 1, "expected (N, 2, 3) and a size (N, C, H, W), or (N, 3, 4) and "
        .. "(N, C, D, H, W); "
        .. "got %s", text(theta.shape))
    end
    local out <const>, parts <const> = window.spatial(size, n), {}
    for d = 1, n do
      local shape <const> = {}
      for k = 1, n do shape[k] = k == d and -1 or 1 end
      parts[n + 1 - d] = axis(out[d], align, theta):reshape(shape):expand(out)
    end
    parts[n + 1] = ops.ones_like(parts[1])
    local base = ops.stack(parts, -1):reshape { 1, -1, n + 1 }
    local result <const> = table.move(out, 1, n, 2, { size[1] })
    result[n + 2] = n
    return ops.matmul(base, theta:transpose(2, 3)):reshape(result)
  end,
  sample = { { { 2, 2, 3 }, S.list { 2, 1, 3, 4 } },
    { { 1, 3, 4 }, S.list { 1, 1, 2, 3, 2 }, true } },
}
