-- ONNX nodes of elementwise operations: name -> f(g, call, arguments...), which gives the names of
-- the results (export_graph.lua).

local core = require "tocha.core"

local forms <const> = {}
local INF <const> = math.huge

-- ---- dtypes -------------------------------------------------------------------------------------

local function dtype_of(c) return c.results[1].dtype end

-- What two operands are compared in.
local function joint(a, b)
  if type(b) == "number" then
    if a.dtype == "bool" then return math.type(b) == "integer" and "int64" or "float32" end
    local whole <const> = math.type(b) == "integer" or core.dtypes()[a.dtype] == "float"
    return whole and a.dtype or "float32"
  end
  if type(a) == "number" then return joint(b, a) end
  return core.joint(core.empty({ 1 }, a.dtype), core.empty({ 1 }, b.dtype))
end

local function ones(g, c) return g:number(1, dtype_of(c)) end

-- ---- one node each ------------------------------------------------------------------------------

local UNARY <const> = {
  abs = "Abs", neg = "Neg", sign = "Sign", reciprocal = "Reciprocal", sqrt = "Sqrt", exp = "Exp",
  log = "Log", sin = "Sin", cos = "Cos", tan = "Tan", asin = "Asin", acos = "Acos", atan = "Atan",
  sinh = "Sinh", cosh = "Cosh", tanh = "Tanh", asinh = "Asinh", acosh = "Acosh", atanh = "Atanh",
  erf = "Erf", floor = "Floor", ceil = "Ceil", round = "Round", sigmoid = "Sigmoid", relu = "Relu",
  softsign = "Softsign", selu = "Selu", hardswish = "HardSwish", mish = "Mish",
}

for name, op_type in pairs(UNARY) do
  forms[name] = function(g, c, x) return g:node(op_type, { g:operand(x, dtype_of(c)) }) end
end

-- operation -> node, and its attributes from the arguments
local WITH_NUMBERS <const> = {
  leaky_relu = { "LeakyRelu", function(slope) return { alpha = slope + 0.0 } end },
  elu = { "Elu", function(alpha) return { alpha = alpha + 0.0 } end },
  celu = { "Celu", function(alpha) return { alpha = alpha + 0.0 } end },
  hardsigmoid = { "HardSigmoid", function() return { alpha = 1 / 6, beta = 0.5 } end },
  softshrink = { "Shrink", function(l) return { bias = l + 0.0, lambd = l + 0.0 } end },
  hardshrink = { "Shrink", function(l) return { bias = 0.0, lambd = l + 0.0 } end },
}

for name, row in pairs(WITH_NUMBERS) do
  forms[name] = function(g, c, x, ...)
    return g:node(row[1], { g:operand(x, dtype_of(c)) }, row[2](...))
  end
end

local BINARY <const> = {
  mul = "Mul", true_divide = "Div", pow = "Pow", maximum = "Max", minimum = "Min",
  bitwise_and = "BitwiseAnd", bitwise_or = "BitwiseOr", bitwise_xor = "BitwiseXor",
}

for name, op_type in pairs(BINARY) do
  forms[name] = function(g, c, a, b)
    local dtype <const> = dtype_of(c)
    return g:node(op_type, { g:operand(a, dtype), g:operand(b, dtype) })
  end
end

local COMPARE <const> = { eq = "Equal", lt = "Less", le = "LessOrEqual", gt = "Greater",
  ge = "GreaterOrEqual" }

for name, op_type in pairs(COMPARE) do
  forms[name] = function(g, _, a, b)
    local dtype <const> = joint(a, b)
    return g:node(op_type, { g:operand(a, dtype), g:operand(b, dtype) })
  end
end

function forms.ne(g, c, a, b) return g:node("Not", { forms.eq(g, c, a, b) }) end

local LOGICAL <const> = { logical_and = "And", logical_or = "Or", logical_xor = "Xor" }

for name, op_type in pairs(LOGICAL) do
  forms[name] = function(g, _, a, b)
    return g:node(op_type, { g:operand(a, "bool"), g:operand(b, "bool") })
  end
end

function forms.logical_not(g, _, x) return g:node("Not", { g:operand(x, "bool") }) end

function forms.bitwise_not(g, _, x)
  return g:node(x.dtype == "bool" and "Not" or "BitwiseNot", { x })
end

-- ---- sums and quotients -------------------------------------------------------------------------

local function scaled(g, x, alpha, dtype)
  local name <const> = g:operand(x, dtype)
  return alpha == 1 and name or g:node("Mul", { name, g:number(alpha, dtype) })
end

function forms.add(g, c, a, b, alpha)
  return g:node("Add", { g:operand(a, dtype_of(c)), scaled(g, b, alpha, dtype_of(c)) })
end

function forms.sub(g, c, a, b, alpha)
  return g:node("Sub", { g:operand(a, dtype_of(c)), scaled(g, b, alpha, dtype_of(c)) })
end

function forms.rsub(g, c, a, b, alpha) return forms.sub(g, c, b, a, alpha) end

local function product(g, c, a, b)
  return g:node("Mul", { g:operand(a, dtype_of(c)), g:operand(b, dtype_of(c)) })
end

function forms.addcmul(g, c, x, a, b, value)
  local p <const> = g:node("Mul", { product(g, c, a, b), g:number(value, dtype_of(c)) })
  return g:node("Add", { g:operand(x, dtype_of(c)), p })
end

function forms.addcdiv(g, c, x, a, b, value)
  local q <const> = g:node("Div", { g:operand(a, dtype_of(c)), g:operand(b, dtype_of(c)) })
  return g:node("Add", { g:operand(x, dtype_of(c)),
    g:node("Mul", { q, g:number(value, dtype_of(c)) }) })
end

function forms.lerp(g, c, a, b, weight)
  local dtype <const> = dtype_of(c)
  local from <const> = g:operand(a, dtype)
  local way <const> = g:node("Sub", { g:operand(b, dtype), from })
  return g:node("Add", { from, g:node("Mul", { way, g:operand(weight, dtype) }) })
end

local function quotient(g, c, a, b)
  return g:node("Div", { g:operand(a, dtype_of(c)), g:operand(b, dtype_of(c)) })
end

local function is_float(c) return core.dtypes()[dtype_of(c)] == "float" end

local function truncated(g, name)
  return g:node("Mul", { g:node("Sign", { name }), g:node("Floor", { g:node("Abs", { name }) }) })
end

function forms.trunc(g, _, x) return truncated(g, g:of(x)) end
function forms.frac(g, _, x) return g:node("Sub", { x, truncated(g, g:of(x)) }) end

-- Div truncates integers.
function forms.trunc_divide(g, c, a, b)
  local q <const> = quotient(g, c, a, b)
  return is_float(c) and truncated(g, q) or q
end

function forms.remainder(g, c, a, b)
  local dtype <const> = dtype_of(c)
  local x <const>, y <const> = g:operand(a, dtype), g:operand(b, dtype)
  if not is_float(c) then return g:node("Mod", { x, y }) end
  local whole <const> = g:node("Floor", { g:node("Div", { x, y }) })
  return g:node("Sub", { x, g:node("Mul", { y, whole }) })
end

function forms.floor_divide(g, c, a, b)
  if is_float(c) then return g:node("Floor", { quotient(g, c, a, b) }) end
  local dtype <const> = dtype_of(c)
  local rest <const> = forms.remainder(g, c, a, b)
  return g:node("Div", { g:node("Sub", { g:operand(a, dtype), rest }), g:operand(b, dtype) })
end

function forms.fmod(g, c, a, b)
  return g:node("Mod", { g:operand(a, dtype_of(c)), g:operand(b, dtype_of(c)) }, { fmod = 1 })
end

-- ---- powers and logarithms ----------------------------------------------------------------------

function forms.square(g, c, x) return product(g, c, x, x) end

function forms.rsqrt(g, c, x)
  return g:node("Reciprocal", { g:node("Sqrt", { g:operand(x, dtype_of(c)) }) })
end

function forms.exp2(g, c, x)
  return g:node("Pow", { g:number(2, dtype_of(c)), g:operand(x, dtype_of(c)) })
end

function forms.expm1(g, c, x) return g:node("Sub", { forms.exp(g, c, x), ones(g, c) }) end

function forms.log1p(g, c, x)
  return g:node("Log", { g:node("Add", { g:operand(x, dtype_of(c)), ones(g, c) }) })
end

for name, base in pairs { log2 = 2, log10 = 10 } do
  forms[name] = function(g, c, x)
    return g:node("Mul", { forms.log(g, c, x), g:number(1 / math.log(base), dtype_of(c)) })
  end
end

function forms.erfc(g, c, x) return g:node("Sub", { ones(g, c), forms.erf(g, c, x) }) end

for name, factor in pairs { deg2rad = math.pi / 180, rad2deg = 180 / math.pi } do
  forms[name] = function(g, c, x) return product(g, c, x, factor) end
end

function forms.hypot(g, c, a, b)
  return g:node("Sqrt", { g:node("Add", { product(g, c, a, a), product(g, c, b, b) }) })
end

function forms.logaddexp(g, c, a, b)
  local dtype <const> = dtype_of(c)
  local x <const>, y <const> = g:operand(a, dtype), g:operand(b, dtype)
  local apart <const> = g:node("Neg", { g:node("Abs", { g:node("Sub", { x, y }) }) })
  local rest <const> = g:node("Log", { g:node("Add", { g:node("Exp", { apart }), ones(g, c) }) })
  return g:node("Add", { g:node("Max", { x, y }), rest })
end

function forms.logit(g, c, x, eps)
  local dtype <const> = dtype_of(c)
  local p = g:operand(x, dtype)
  if eps >= 0 then p = g:node("Clip", { p, g:number(eps, dtype), g:number(1 - eps, dtype) }) end
  return g:node("Log", { g:node("Div", { p, g:node("Sub", { ones(g, c), p }) }) })
end

-- ---- limits and choices -------------------------------------------------------------------------

local function clipped(g, c, x, low, high)
  local dtype <const> = dtype_of(c)
  return g:node("Clip", { g:operand(x, dtype), low > -INF and g:number(low, dtype) or "",
    high < INF and g:number(high, dtype) or nil })
end

local function limited(g, c, x, limit, op_type)
  return g:node(op_type, { g:operand(x, dtype_of(c)), g:operand(limit, dtype_of(c)) })
end

function forms.clamp_low(g, c, x, low)
  return type(low) == "number" and clipped(g, c, x, low, INF) or limited(g, c, x, low, "Max")
end

function forms.clamp_high(g, c, x, high)
  return type(high) == "number" and clipped(g, c, x, -INF, high) or limited(g, c, x, high, "Min")
end

function forms.clamp_both(g, c, x, low, high)
  if type(low) == "number" and type(high) == "number" then return clipped(g, c, x, low, high) end
  local above <const> = limited(g, c, x, low, "Max")
  return g:node("Min", { above, g:operand(high, dtype_of(c)) })
end

forms.hardtanh = forms.clamp_both
function forms.relu6(g, c, x) return clipped(g, c, x, 0, 6) end

function forms.where(g, c, condition, a, b)
  local dtype <const> = dtype_of(c)
  return g:node("Where", { g:operand(condition, "bool"), g:operand(a, dtype),
    g:operand(b, dtype) })
end

function forms.threshold(g, c, x, threshold, value)
  local dtype <const> = dtype_of(c)
  local above <const> = g:node("Greater", { x, g:number(threshold, dtype) })
  return g:node("Where", { above, x, g:number(value, dtype) })
end

function forms.isnan(g, _, x) return g:node("IsNaN", { x }) end
function forms.isinf(g, _, x) return g:node("IsInf", { x }) end
function forms.isposinf(g, _, x) return g:node("IsInf", { x }, { detect_negative = 0 }) end
function forms.isneginf(g, _, x) return g:node("IsInf", { x }, { detect_positive = 0 }) end

function forms.isfinite(g, _, x)
  return g:node("Not", { g:node("Or", { g:node("IsNaN", { x }), g:node("IsInf", { x }) }) })
end

function forms.replace_nonfinite(g, c, x, nan, high, low)
  local dtype <const> = dtype_of(c)
  local y = g:node("Where", { g:node("IsNaN", { x }), g:number(nan, dtype), x })
  y = g:node("Where", { forms.isposinf(g, c, x), g:number(high, dtype), y })
  return g:node("Where", { forms.isneginf(g, c, x), g:number(low, dtype), y })
end

-- ---- activations --------------------------------------------------------------------------------

function forms.silu(g, _, x)
  return g:node("Mul", { x, g:node("Sigmoid", { x }) })
end

-- gelu has a node of its own from version 20 on.
function forms.gelu_erf(g, c, x)
  if g.opset >= 20 then return g:node("Gelu", { x }) end
  local dtype <const> = dtype_of(c)
  local inner <const> = g:node("Erf", { g:node("Mul", { x, g:number(math.sqrt(0.5), dtype) }) })
  local half <const> = g:node("Mul", { x, g:number(0.5, dtype) })
  return g:node("Mul", { half, g:node("Add", { inner, ones(g, c) }) })
end

function forms.gelu_tanh(g, c, x)
  if g.opset >= 20 then return g:node("Gelu", { x }, { approximate = "tanh" }) end
  local dtype <const> = dtype_of(c)
  local cube <const> = g:node("Mul", { g:node("Pow", { x, g:number(3, dtype) }),
    g:number(0.044715, dtype) })
  local inner <const> = g:node("Tanh", { g:node("Mul", { g:node("Add", { x, cube }),
    g:number(math.sqrt(2 / math.pi), dtype) }) })
  local half <const> = g:node("Mul", { x, g:number(0.5, dtype) })
  return g:node("Mul", { half, g:node("Add", { inner, ones(g, c) }) })
end

-- Beyond its threshold softplus is linear, as far as floats can tell.
function forms.softplus(g, c, x, beta)
  if beta == 1 then return g:node("Softplus", { x }) end
  local b <const> = g:number(beta, dtype_of(c))
  return g:node("Div", { g:node("Softplus", { g:node("Mul", { x, b }) }), b })
end

function forms.logsigmoid(g, _, x)
  return g:node("Neg", { g:node("Softplus", { g:node("Neg", { x }) }) })
end

function forms.tanhshrink(g, _, x) return g:node("Sub", { x, g:node("Tanh", { x }) }) end

-- copy_(x, y): y in the place, the dtype and the shape of x.
function forms.copy(g, c, _, y)
  return g:node("Expand", { g:operand(y, dtype_of(c)), g:sizes(c.results[1].sizes) })
end

return forms
