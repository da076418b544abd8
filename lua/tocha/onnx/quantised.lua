-- Numbers held as integers, q = x / scale + zero point: what the quantised operators share.

local minifloat = require "tocha.onnx.minifloat"
local op = require "tocha.onnx.registry".op
local registry = require "tocha.op"
local types = require "tocha.onnx.types"

local ops <const> = registry.ops
local quantised <const> = {}

--- quantised.beside(t, n): a vector (C,) as (C, 1, ...) with n dimensions; one number as a scalar.
function quantised.beside(t, n)
  if t:numel() == 1 then return t:reshape {} end
  local shape <const> = { -1 }
  for d = 2, n do shape[d] = 1 end
  return t:reshape(shape)
end

--- quantised.centred(x, zero, n = nil): x less its zero point, as float64: sums of products of
--- bytes are exact there. A vector of zero points stands beside x's first of n dimensions.
function quantised.centred(x, zero, n)
  local y <const> = x:to "float64"
  if not zero then return y end
  return y - quantised.beside(zero:to "float64", n or 1)
end

-- The least and the largest value of an integer type of at most 32 bits.
local function range_of(type_)
  if type_.unsigned then return 0, (1 << type_.bits) - 1 end
  return -(1 << type_.bits - 1), (1 << type_.bits - 1) - 1
end

--- quantised.saturated(x, type, saturate = true): x rounded to the nearest value of `type`, ties to
--- even, and cut to its range.
function quantised.saturated(x, type_, saturate)
  if type_.small then
    return types.mark(minifloat.round(x, type_.small, saturate ~= false), type_)
  end
  if not type_.integer then return x:to(type_.dtype) end
  local low <const>, high <const> = range_of(type_)
  return types.mark(ops.clamp(ops.round(x), low, high):to(type_.dtype), type_)
end

--- quantised.rescaled(sums, x_scale, w_scale, y_scale, y_zero): sums of products of centred
--- numbers, quantised as y.
function quantised.rescaled(sums, x_scale, w_scale, y_scale, y_zero)
  local scale <const> = x_scale:to "float64" * w_scale:to "float64" / y_scale:to "float64"
  return quantised.saturated(sums * scale + y_zero:to "float64", types.of(y_zero))
end

--- quantised.spread(t, x, axis, block): a scale or zero point so that it stands beside x: one for
--- all, one for each element of `axis` (from 0), or one for each block of that many along it.
function quantised.spread(t, x, axis, block)
  if t:numel() == 1 then return t:reshape {} end
  local dim <const> = op.axis(axis, x.ndim)
  if block > 0 then
    local whole <const> = ops.repeat_interleave(t, block, dim)
    return whole:narrow(dim, 1, x:size(dim))
  end
  local shape <const> = {}
  for d = 1, x.ndim do shape[d] = d == dim and -1 or 1 end
  return t:reshape(shape)
end

return quantised
