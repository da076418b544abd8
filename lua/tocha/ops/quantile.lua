-- Quantiles: the value that a share q of the elements stays below. NaN as PyTorch has it: a slice
-- that holds one has no quantile; nanquantile leaves them out.

local core = require "tocha.core"
local registry = require "tocha.op"
local op, S, ops = registry.op, registry.samples, registry.ops

-- How the fraction between two ranks becomes the weight of the upper one.
local WEIGHTS <const> = {
  linear = function(rank, low) return rank - low end,
  lower = function(rank) return ops.zeros_like(rank) end,
  higher = function(rank, low) return ops.ceil(rank) - low end,
  midpoint = function(rank, low) return (ops.ceil(rank) - low) * 0.5 end,
  nearest = function(rank, low) return ops.round(rank) - low end,
}

local function weight_by(name, interpolation)
  return WEIGHTS[interpolation] or core.fail(name, 5, 'expected "linear", "lower", "higher", '
    .. '"midpoint" or "nearest", got "%s"', interpolation)
end

-- The shares as a tensor (Q), each between 0 and 1.
local function shares(name, q, x)
  if not core.is_tensor(q) then q = ops.full({}, q, { dtype = x.dtype, device = x.device }) end
  if q.ndim > 1 then
    core.fail(name, 2, "expected a number or a 1-d tensor, got %d dimensions", q.ndim)
  end
  local known <const> = q:detach()
  if not (known:ge(0) & known:le(1)):all():item() then
    core.fail(name, 2, "expected shares between 0 and 1")
  end
  return q:reshape { -1 }:to(x.dtype)
end

-- The values of sorted rows (..., n) at ranks (..., Q), which count from 0.
local function at(sorted, ranks)
  return ops.gather(sorted, -1, ranks:detach():clamp(0):long() + 1)
end

-- Quantiles of rows: (..., n) and (Q) to (..., Q), among the elements of each that are not NaN.
local function of_rows(rows, list, weight_of)
  local sorted <const> = ops.sort(rows, -1)
  local known <const> = rows:detach():isnan():logical_not():sum(-1, true):to(rows.dtype)
  local rank <const> = list * (known - 1)
  local low <const> = rank:floor()
  return ops.lerp(at(sorted, low), at(sorted, rank:ceil()), weight_of(rank, low))
end

local function without_unknown(y, rows)
  local unknown <const> = rows:detach():isnan():any(-1, true)
  return ops.masked_fill(y, unknown, 0 / 0)
end

-- (..., Q) as the caller wants it: the shares first, or no dimension where there was a number.
local function arrange(y, x, q, dim, keepdim)
  local is_list <const> = core.is_tensor(q) and q.ndim == 1
  y = is_list and ops.movedim(y, { -1 }, { 1 }) or y:select(-1, 1)
  if not keepdim then return y end
  if dim then return y:unsqueeze(is_list and dim + 1 or dim) end
  local sizes <const> = is_list and { q:numel() } or {}
  for _ = 1, x.ndim do sizes[#sizes + 1] = 1 end
  return y:reshape(sizes)
end

local function quantile(name, x, q, dim, keepdim, interpolation)
  if x:numel() == 0 then core.fail(name, 1, "expected elements, got an empty tensor") end
  local rows <const> = dim and x.ndim > 0 and ops.movedim(x, { dim }, { -1 }) or x:reshape { -1 }
  local y = of_rows(rows, shares(name, q, x), weight_by(name, interpolation))
  if name == "quantile" then y = without_unknown(y, rows) end
  return arrange(y, x, q, dim, keepdim)
end

local ARGUMENTS <const> = "input: tensor, q: operand, dim: dim?, keepdim: bool = false, "
  .. 'interpolation: string = "linear"'

local SHARES <const> = S.value { 0.13, 0.55, 0.9 }

op "quantile" {
  doc = "The value that a share `q` (a number, or a 1-d tensor, whose dimension then comes first) "
    .. "of the elements along `dim` (nil: all) stays below, between two elements by "
    .. "`interpolation`: linear, lower, higher, midpoint or nearest.",
  args = ARGUMENTS,
  ref = function(...) return quantile("quantile", ...) end,
  sample = { { { 3, 4 }, 0.3 }, { { 3, 4 }, SHARES, 2 }, { { 4, 3 }, 0.6, 1, true, "nearest" },
    { { 5 }, SHARES, 1, true, "midpoint" }, { { 2, 5 }, 0.3, 2, false, "lower" },
    { { 2, 5 }, 0.3, 2, false, "higher" } },
}

op "nanquantile" {
  doc = "The same among the elements that are not NaN.",
  args = ARGUMENTS,
  ref = function(...) return quantile("nanquantile", ...) end,
  sample = { { { 3, 4 }, 0.3 }, { { 3, 4 }, SHARES, 2 } },
}
