-- Element by element: arithmetic, comparison, logic, bits, functions, activations.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local op = require "tocha.onnx.registry".op
local types = require "tocha.onnx.types"
local integer = require "tocha.onnx.integer"

-- ---- broadcasting before version 7 --------------------------------------------------------------

-- B's dimensions stand at `axis` of A, or at its end.
local function old_broadcast(a, x, y)
  if a.opset >= 7 or not a.axis or y.ndim == 0 then return y end
  local shape <const> = y.shape
  for _ = op.axis(a.axis, x.ndim) + y.ndim, x.ndim do shape[#shape + 1] = 1 end
  return y:reshape(shape)
end

local OLD <const> = { axis = op.int, broadcast = 0, consumed_inputs = op.ints }

local function binary(since, name, doc, f, more)
  local decl <const> = { since = since, inputs = "A, B", doc = doc, attributes = OLD,
    run = function(a, x, y) return f(x, old_broadcast(a, x, y)) end }
  for key, value in pairs(more or {}) do decl[key] = value end
  op(name)(decl)
end

-- ---- arithmetic ---------------------------------------------------------------------------------

local is_uint64 <const>, comparing <const> = integer.is_uint64, integer.comparing

binary(1, "Add", "A + B", ops.add)
binary(1, "Sub", "A - B", ops.sub)
binary(1, "Mul", "A * B", ops.mul)

binary(1, "Div", "A / B; integers towards zero", function(x, y)
  if is_uint64(x) then return (integer.divide(x, y)) end
  return x:is_floating_point() and ops.div(x, y) or ops.div(x, y, "trunc")
end)

-- The sign of B, of a zero too.
local function modulo(x, y)
  local rest <const> = ops.remainder(x, y)
  if not x:is_floating_point() then return rest end
  return ops.where(rest:eq(0), ops.copysign(ops.zeros_like(rest), y), rest)
end

op "Mod" {
  since = 10, inputs = "A, B", attributes = { fmod = 0 },
  doc = "Remainder: with the sign of B, or (fmod) of A",
  run = function(a, x, y)
    if is_uint64(x) then return select(2, integer.divide(x, y)) end
    return a.fmod ~= 0 and ops.fmod(x, y) or modulo(x, y)
  end,
}

local function power(x, y)
  if x:is_floating_point() or not y:is_floating_point() then
    return ops.pow(x, y:to(x.dtype)):to(x.dtype)
  end
  return ops.pow(x:to "float64", y:to "float64"):to(x.dtype)
end

binary(1, "Pow", "A ^ B, of the type of A", power)
op "BitShift" {
  since = 11, inputs = "X, Y", attributes = { direction = op.need.string },
  doc = "Integers shifted LEFT or RIGHT",
  run = function(a, x, y)
    if a.direction == "LEFT" then return integer.left(x, y) end
    if a.direction == "RIGHT" then return integer.right(x, y) end
    op.fail("direction is LEFT or RIGHT, not '%s'", a.direction)
  end,
}

-- ---- comparison, logic, bits --------------------------------------------------------------------

for _, row in ipairs {
  { 1, "Equal", "A == B", ops.eq }, { 1, "Greater", "A > B", ops.gt },
  { 1, "Less", "A < B", ops.lt },
  { 12, "GreaterOrEqual", "A >= B", ops.ge }, { 12, "LessOrEqual", "A <= B", ops.le },
} do
  binary(row[1], row[2], row[3], comparing(row[4]), { types = "none" })
end

for _, row in ipairs {
  { 1, "And", "A and B", ops.logical_and }, { 1, "Or", "A or B", ops.logical_or },
  { 1, "Xor", "A or B, not both", ops.logical_xor },
  { 18, "BitwiseAnd", "A & B", ops.bitwise_and }, { 18, "BitwiseOr", "A | B", ops.bitwise_or },
  { 18, "BitwiseXor", "A ~ B", ops.bitwise_xor },
} do
  binary(row[1], row[2], row[3], row[4])
end

-- ---- functions of one tensor --------------------------------------------------------------------

local function absolute(x)
  return types.of(x).unsigned and ops.alias(x) or ops.abs(x)
end

local function isinf(a, x)
  local up <const>, down <const> = a.detect_positive ~= 0, a.detect_negative ~= 0
  if up and down then return x:isinf() end
  if up then return x:isposinf() end
  return down and x:isneginf() or ops.zeros_like(x, { dtype = "bool" })
end

for _, row in ipairs {
  { 1, "Abs", "|X|", absolute }, { 1, "Neg", "-X", ops.neg }, { 1, "Ceil", "Rounded up", ops.ceil },
  { 1, "Floor", "Rounded down", ops.floor },
  { 11, "Round", "Rounded to the nearest integer, halves to even", ops.round },
  { 9, "Sign", "-1, 0 or 1", ops.sign }, { 1, "Reciprocal", "1 / X", ops.reciprocal },
  { 1, "Sqrt", "Square root", ops.sqrt }, { 1, "Exp", "e ^ X", ops.exp },
  { 1, "Log", "Natural logarithm", ops.log },
  { 9, "Erf", "Error function", integer.floating(ops.erf) },
  { 7, "Sin", "Sine", ops.sin }, { 7, "Cos", "Cosine", ops.cos }, { 7, "Tan", "Tangent", ops.tan },
  { 7, "Asin", "Inverse sine", ops.asin }, { 7, "Acos", "Inverse cosine", ops.acos },
  { 7, "Atan", "Inverse tangent", ops.atan }, { 9, "Sinh", "Hyperbolic sine", ops.sinh },
  { 9, "Cosh", "Hyperbolic cosine", ops.cosh }, { 1, "Tanh", "Hyperbolic tangent", ops.tanh },
  { 9, "Asinh", "Inverse hyperbolic sine", ops.asinh },
  { 9, "Acosh", "Inverse hyperbolic cosine", ops.acosh },
  { 9, "Atanh", "Inverse hyperbolic tangent", ops.atanh },
  { 1, "Not", "not X", ops.logical_not }, { 18, "BitwiseNot", "~X", ops.bitwise_not },
  { 1, "Identity", "X itself", function(x) return core.is_tensor(x) and ops.alias(x) or x end },
  { 9, "IsNaN", "Is it NaN?", ops.isnan, "none" },
  { 1, "Relu", "max(X, 0)", ops.relu }, { 1, "Sigmoid", "1 / (1 + e^-X)", ops.sigmoid },
  { 1, "Softplus", "log(1 + e^X)", function(x) return ops.logaddexp(x, ops.zeros_like(x)) end },
  { 1, "Softsign", "X / (1 + |X|)", ops.softsign },
  { 14, "HardSwish", "X hardsigmoid(X)", ops.hardswish },
  { 18, "Mish", "X tanh(softplus(X))", ops.mish },
} do
  op(row[2]) { since = row[1], inputs = "X", doc = row[3], types = row[5],
    attributes = { consumed_inputs = op.ints }, run = function(_, x) return row[4](x) end }
end

op "IsInf" {
  since = 10, inputs = "X", attributes = { detect_negative = 1, detect_positive = 1 },
  doc = "Is it infinite (of these signs)?", types = "none", run = isinf,
}

op "Atan2" { since = 28, inputs = "Y, X", doc = "Angle of the point (X, Y)",
  run = function(_, y, x) return ops.atan2(y, x) end }

-- ---- activations with numbers -------------------------------------------------------------------

local ACTIVATIONS <const> = {
  { 1, "LeakyRelu", { alpha = 0.01 }, "X, or alpha X below 0",
    function(a, x) return ops.where(x:lt(0), x * a.alpha, x) end },
  { 1, "Elu", { alpha = 1.0 }, "X, or alpha (e^X - 1) below 0",
    function(a, x) return x:elu(a.alpha) end },
  { 12, "Celu", { alpha = 1.0 }, "max(X, 0) + min(0, alpha (e^(X / alpha) - 1))",
    function(a, x) return x:celu(a.alpha) end },
  { 1, "HardSigmoid", { alpha = 0.2, beta = 0.5 }, "alpha X + beta, within 0 and 1",
    function(a, x) return (x * a.alpha + a.beta):clamp(0, 1) end },
  { 10, "ThresholdedRelu", { alpha = 1.0 }, "X above alpha, else 0",
    function(a, x) return ops.threshold(x, a.alpha, 0) end },
  { 24, "Swish", { alpha = 1.0 }, "X sigmoid(alpha X)",
    function(a, x) return x * ops.sigmoid(x * a.alpha) end },
  { 20, "Gelu", { approximate = "none" }, "Gaussian error linear unit, exact or by tanh",
    function(a, x) return x:gelu(a.approximate) end },
}

for _, row in ipairs(ACTIVATIONS) do
  row[3].consumed_inputs = op.ints
  op(row[2]) { since = row[1], inputs = "X", attributes = row[3], doc = row[4], run = row[5] }
end

-- The constants of the first version had fewer digits.
op "Selu" {
  since = 1, inputs = "X", doc = "gamma X, or gamma alpha (e^X - 1) below 0",
  attributes = { alpha = op.float, gamma = op.float, consumed_inputs = op.ints },
  run = function(a, x)
    local alpha <const> = a.alpha or a.opset < 6 and 1.6732 or 1.67326319217681884765625
    local gamma <const> = a.gamma or a.opset < 6 and 1.0507 or 1.05070102214813232421875
    return gamma * ops.where(x:gt(0), x, alpha * ops.expm1(x:clamp_max(0)))
  end,
}

op "Shrink" {
  since = 9, inputs = "input", attributes = { bias = 0.0, lambd = 0.5 },
  doc = "x + bias below -lambd, x - bias above lambd, else 0",
  run = function(a, x)
    local zero <const> = ops.zeros_like(x)
    local above <const> = ops.where(x:gt(a.lambd), (x - a.bias):to(x.dtype), zero)
    return ops.where(x:lt(-a.lambd), (x + a.bias):to(x.dtype), above)
  end,
}

-- Before version 7 a vector of slopes belongs to the channels.
op "PRelu" {
  since = 1, inputs = "X, slope", doc = "X, or slope X below 0",
  attributes = { consumed_inputs = op.ints },
  run = function(a, x, slope)
    if a.opset < 7 and slope.ndim == 1 and slope:numel() > 1 then
      local shape <const> = { slope:numel() }
      for d = 2, x.ndim - 1 do shape[d] = 1 end
      slope = slope:reshape(shape)
    end
    return ops.where(x:lt(0), x * slope, x)
  end,
}

op "SwiGLU" {
  since = 28, inputs = "A, B", attributes = { alpha = 1.0 }, doc = "A sigmoid(alpha A) B",
  run = function(a, x, y) return x * ops.sigmoid(x * a.alpha) * y end,
}

-- ---- limits, choices, many tensors --------------------------------------------------------------

local higher <const> = comparing(ops.maximum, true)
local lower <const> = comparing(ops.minimum, true)

-- Bounds of attributes are numbers, those of inputs tensors without dimensions.
local function bound(f, x, limit)
  if limit == nil then return x end
  if not core.is_tensor(limit) then return f(x, limit) end
  return f(x, limit)
end

op "Clip" {
  since = 1, inputs = "input, min?, max?", doc = "Elements between min and max",
  attributes = { min = op.float, max = op.float, consumed_inputs = op.ints },
  run = function(a, x, low, high)
    low, high = low or a.min, high or a.max
    if not core.is_tensor(low) and not core.is_tensor(high) then
      return (low or high) and x:clamp(low, high) or ops.alias(x)
    end
    return bound(lower, bound(higher, x, low), high)
  end,
}

op "Where" {
  since = 9, inputs = "condition, X, Y", doc = "X where the condition holds, else Y",
  run = function(_, condition, x, y) return ops.where(condition, x, y) end,
}

local function fold(f)
  return function(_, x, ...)
    local result = ops.alias(x)
    for k = 1, select("#", ...) do result = f(result, (select(k, ...))) end
    return result
  end
end

for _, row in ipairs {
  { "Max", "The largest of each place", fold(higher) },
  { "Min", "The smallest of each place", fold(lower) },
  { "Sum", "The sum of each place", fold(ops.add) },
  { "Mean", "The mean of each place", function(a, ...)
    return fold(ops.add)(a, ...) / select("#", ...)
  end },
} do
  op(row[1]) { since = 1, inputs = "data_0...", doc = row[2], run = row[3],
    attributes = { consumed_inputs = op.ints } }
end
