-- Quantising, and products of quantised numbers.

local op = require "tocha.onnx.registry".op
local quantised = require "tocha.onnx.quantised"
local registry = require "tocha.op"
local types = require "tocha.onnx.types"

local ops <const> = registry.ops

-- ---- one way and the other ----------------------------------------------------------------------

local function result_type(a, zero)
  if zero then return types.of(zero) end
  return a.output_dtype ~= 0 and op.dtype(a.output_dtype) or types.named "uint8"
end

-- Divisions are in the precision of the scale unless the node says another.
local function divided(a, x, scale)
  if a.precision ~= 0 then
    local dtype <const> = op.dtype(a.precision).dtype
    return x:to(dtype) / scale:to(dtype)
  end
  return x:is_floating_point() and x / scale or x:to(scale.dtype) / scale
end

op "QuantizeLinear" {
  since = 10, inputs = "x, y_scale, y_zero_point?", types = "own",
  attributes = { axis = 1, saturate = 1, output_dtype = 0, block_size = 0, precision = 0 },
  doc = "x / scale + zero point, rounded to a narrow type: with one scale, one along an axis, or "
    .. "one for each block.",
  run = function(a, x, scale, zero)
    local type_ <const> = result_type(a, zero)
    local y = divided(a, x, quantised.spread(scale, x, a.axis, a.block_size))
    if zero and type_.integer then
      y = ops.round(y):to "float64" + quantised.spread(zero, x, a.axis, a.block_size):to "float64"
    end
    return quantised.saturated(y, type_, a.saturate == 1)
  end,
}

op "DequantizeLinear" {
  since = 10, inputs = "x, x_scale, x_zero_point?", types = "own",
  attributes = { axis = 1, block_size = 0, output_dtype = 0 },
  doc = "(x - zero point) scale.",
  run = function(a, x, scale, zero)
    local y = x:to "float32"
    if zero then y = y - quantised.spread(zero, x, a.axis, a.block_size):to "float32" end
    y = y * quantised.spread(scale, x, a.axis, a.block_size):to "float32"
    return y:to(a.output_dtype ~= 0 and op.dtype(a.output_dtype).dtype or scale.dtype)
  end,
}

op "DynamicQuantizeLinear" {
  since = 11, inputs = "x", types = "own",
  doc = "x as uint8, with the scale and the zero point that its range asks for, 0 included.",
  run = function(_, x)
    local high <const>, low <const> = ops.clamp(ops.amax(x), 0), ops.clamp(ops.amin(x), nil, 0)
    local span <const> = high - low
    local scale <const> = ops.masked_fill(span, span:eq(0), 1) / 255
    local zero <const> = ops.round(ops.clamp(-low / scale, 0, 255))
    return ops.clamp(ops.round(x / scale) + zero, 0, 255):to "uint8", scale, zero:to "uint8"
  end,
}

-- ---- products -----------------------------------------------------------------------------------

-- One zero point for each row of a, or each column of b, or what broadcasts anyway.
local function by_row(t) return t and t.ndim == 1 and t:numel() > 1 and t:unsqueeze(-1) or t end

local function centred(x, zero)
  local y <const> = x:to "float64"
  if not zero then return y end
  return y - (zero:numel() == 1 and zero:reshape {} or zero):to "float64"
end

local function integer_product(a, a_zero, b, b_zero)
  return ops.matmul(centred(a, by_row(a_zero)), centred(b, b_zero))
end

op "MatMulInteger" {
  since = 10, inputs = "A, B, a_zero_point?, b_zero_point?",
  doc = "Matrix product of 8-bit integers less their zero points, as int32.",
  run = function(_, a, b, a_zero, b_zero)
    return integer_product(a, a_zero, b, b_zero):to "int32"
  end,
}

op "QLinearMatMul" {
  since = 10, types = "own",
  inputs = "a, a_scale, a_zero_point, b, b_scale, b_zero_point, y_scale, y_zero_point",
  doc = "Matrix product of quantised numbers, quantised again.",
  run = function(_, a, a_scale, a_zero, b, b_scale, b_zero, y_scale, y_zero)
    return quantised.rescaled(integer_product(a, a_zero, b, b_zero), by_row(a_scale), b_scale,
      y_scale, y_zero)
  end,
}
