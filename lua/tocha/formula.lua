-- The texts of csrc/pointwise.def as Lua functions: over numbers (reference values) or over tensors
-- (gradients that are differentiated again). The same names mean the same as in csrc/cpu/math.h.
--
--   formula.numbers "a * EXP(b)" { a = 2, b = 1 }
--   formula.tensors(ops) "g * COS(a)" { g = g, a = x }

local special = require "tocha.special"

local formula <const> = {}

--- Does a formula use this name?
function formula.mentions(text, name)
  return text:find("%f[%w_]" .. name .. "%f[^%w_]") ~= nil
end

local CHUNK <const> = [[
local given = ...
local a, b, c, g, y = given.a, given.b, given.c, given.g, given.y
local p, q, r = given.p, given.q, given.r
return ]]

local function compile(text, environment)
  return assert(load(CHUNK .. text, "=formula " .. text, "t", environment))
end

-- ---- numbers ------------------------------------------------------------------------------------

local inf <const> = math.huge
local SQRT_HALF <const>, NORMAL <const> = 0.5 ^ 0.5, (2 * math.pi) ^ -0.5
local floor <const>, ceil <const> = math.floor, math.ceil

-- A condition is a boolean; a number stands for one by being other than 0.
local function truth(x) return x ~= 0 and x ~= false end

-- math.floor gives integers where it can, and fails for none of the rest.
local function whole(f)
  return function(x)
    if math.type(x) == "integer" or x ~= x or x == inf or x == -inf then return x end
    local y <const> = f(x) + 0.0
    return y == 0 and x * 0.0 or y  -- keeps the sign of zero
  end
end

local FLOOR <const>, CEIL <const> = whole(floor), whole(ceil)

local function TRUNC(x)
  if x < 0 then return CEIL(x) end
  return FLOOR(x)
end

local function ROUND(x)
  if math.type(x) == "integer" or x ~= x or math.abs(x) >= 2.0 ^ 52 then return x end
  local y <const> = (math.abs(x) + 2.0 ^ 52) - 2.0 ^ 52
  return (x < 0 or 1 / x < 0) and -y or y
end

-- The sign bit, which zero and NaN have too.
local function negative(x)
  if math.type(x) == "integer" then return x < 0 end
  return string.pack(">d", x):byte() > 127
end

local function COPYSIGN(x, sign)
  return negative(x) == negative(sign) and x or -x
end

local function FMOD(x, y)
  if math.type(x) == "float" or math.type(y) == "float" then x = x + 0.0 end
  return math.fmod(x, y)
end

local function REM(x, y)
  local m <const> = FMOD(x, y)
  return m ~= 0 and (m < 0) ~= (y < 0) and m + y or m
end

local function FLOORDIV(x, y)
  if math.type(x) == "integer" and math.type(y) == "integer" then return x // y end
  if y == 0 then return x / y end
  local m <const> = FMOD(x, y)
  local quotient = (x - m) / y
  if m ~= 0 and (m < 0) ~= (y < 0) then quotient = quotient - 1 end
  if quotient == 0 then return COPYSIGN(0.0, x / y) end
  local whole_part <const> = FLOOR(quotient)
  return quotient - whole_part > 0.5 and whole_part + 1 or whole_part
end

local function TRUNCDIV(x, y)
  if math.type(x) == "integer" and math.type(y) == "integer" then return (x - FMOD(x, y)) // y end
  return TRUNC(x / y)
end

local function MAX(x, y) return (x > y or x ~= x) and x or y end
local function MIN(x, y) return (x < y or x ~= x) and x or y end

local function POW(x, n)
  if math.type(x) ~= "integer" or math.type(n) ~= "integer" then return x ^ n end
  if n < 0 then return x == 1 and 1 or x == -1 and (n % 2 == 0 and 1 or -1) or 0 end
  local y = 1
  for _ = 1, n do y = y * x end
  return y
end

-- As the C library has it on the axes and in the quadrants.
local function ATAN2(x, y) return math.atan(x, y) end

local function SIGN(x) return x > 0 and 1 or x < 0 and -1 or 0 end

-- 64 bits: narrower integers are the kernels' affair.
local function SHL(x, n) return n >= 0 and n < 64 and x << n or 0 end
local function SHR(x, n)
  if n < 0 or n > 62 then return x < 0 and -1 or 0 end
  return x // (1 << n)
end

local NUMBERS <const> = {
  INFINITY = inf, NAN = -(0 / 0),
  K = function(x) return x end,
  SEL = function(condition, x, y)
    if truth(condition) then return x end
    return y
  end,
  GT = function(x, y) return x > y end,
  LT = function(x, y) return x < y end,
  GE = function(x, y) return x >= y end,
  LE = function(x, y) return x <= y end,
  EQ = function(x, y) return x == y end,
  NE = function(x, y) return x ~= y end,
  AND = function(x, y) return truth(x) and truth(y) end,
  OR = function(x, y) return truth(x) or truth(y) end,
  XOR = function(x, y) return truth(x) ~= truth(y) end,
  NOT = function(x) return not truth(x) end,
  ISNAN = function(x) return x ~= x end,
  ISINF = function(x) return x == inf or x == -inf end,
  ISFINITE = function(x) return x == x and x ~= inf and x ~= -inf end,
  SIGNBIT = negative,
  EXP = math.exp, EXP2 = function(x) return 2.0 ^ x end, EXPM1 = special.expm1,
  LOG = math.log, LOG2 = function(x) return math.log(x, 2) end,
  LOG10 = function(x) return math.log(x, 10) end, LOG1P = special.log1p,
  SQRT = math.sqrt, RSQRT = function(x) return 1 / math.sqrt(x) end,
  SIN = math.sin, COS = math.cos, TAN = math.tan,
  ASIN = math.asin, ACOS = math.acos, ATAN = function(x) return math.atan(x) end,
  SINH = special.sinh, COSH = special.cosh, TANH = special.tanh,
  ASINH = special.asinh, ACOSH = special.acosh, ATANH = special.atanh,
  SIGMOID = function(x) return 1 / (1 + math.exp(-x)) end,
  ERF = special.erf, ERFC = special.erfc, ERFINV = special.erfinv,
  NORMCDF = function(x) return 0.5 * special.erfc(-SQRT_HALF * x) end,
  NORMPDF = function(x) return NORMAL * math.exp(-0.5 * x * x) end,
  LGAMMA = special.lgamma, DIGAMMA = special.digamma, POLYGAMMA = special.polygamma,
  ABS = math.abs, SIGN = SIGN, FLOOR = FLOOR, CEIL = CEIL, ROUND = ROUND, TRUNC = TRUNC,
  MAX = MAX, MIN = MIN, POW = POW, ATAN2 = ATAN2, HYPOT = special.hypot, COPYSIGN = COPYSIGN,
  FMOD = FMOD, REM = REM, FLOORDIV = FLOORDIV, TRUNCDIV = TRUNCDIV,
  BAND = function(x, y) return x & y end,
  BOR = function(x, y) return x | y end,
  BXOR = function(x, y) return x ~ y end,
  BNOT = function(x) return ~x end,
  SHL = SHL, SHR = SHR,
}

--- A function from a table of numbers { a =, b =, g =, y =, p =, ... } to one, or to a boolean.
function formula.numbers(text) return compile(text, NUMBERS) end

-- ---- tensors ------------------------------------------------------------------------------------

-- Names whose operation is not the name in lower case.
local OPERATION <const> = {
  GT = "gt", SEL = "where", AND = "logical_and", OR = "logical_or", XOR = "logical_xor",
  NOT = "logical_not", MAX = "maximum", MIN = "minimum", REM = "remainder",
  FLOORDIV = "floor_divide", TRUNCDIV = "trunc_divide", BAND = "bitwise_and", BOR = "bitwise_or",
  BXOR = "bitwise_xor", BNOT = "bitwise_not", SHL = "bitwise_left_shift",
  SHR = "bitwise_right_shift",
}

local function plain(x)
  if x == true then return 1 end
  return x or 0
end

-- Numbers among themselves stay numbers; a comparison of two is a boolean, which picks at once.
local function over(ops, name, is_tensor)
  local on_numbers <const>, operation <const> = NUMBERS[name], OPERATION[name] or name:lower()
  return function(x, y, z)
    if not (is_tensor(x) or is_tensor(y) or is_tensor(z)) then return on_numbers(x, y, z) end
    if name == "SEL" and not is_tensor(x) then return on_numbers(x, y, z) end
    if z ~= nil then return ops[operation](plain(x), plain(y), plain(z)) end
    if y ~= nil then return ops[operation](plain(x), plain(y)) end
    return ops[operation](x)
  end
end

local function tensor_environment(ops)
  local is_tensor <const> = require "tocha.core".is_tensor
  local environment <const> = {}
  for name, value in pairs(NUMBERS) do
    environment[name] = type(value) == "function" and over(ops, name, is_tensor) or value
  end
  environment.K = NUMBERS.K
  environment.NORMCDF = function(x) return 0.5 * ops.erfc(-SQRT_HALF * x) end
  environment.NORMPDF = function(x) return NORMAL * ops.exp(-0.5 * x * x) end
  environment.POLYGAMMA = function(n, x) return ops.polygamma(x, n) end
  return environment
end

local environments <const> = setmetatable({}, { __mode = "k" })

--- What turns a text into a function over tensors, by the operations in `ops`; numbers may stand
--- among them.
function formula.tensors(ops)
  environments[ops] = environments[ops] or tensor_environment(ops)
  local environment <const> = environments[ops]
  return function(text) return compile(text, environment) end
end

return formula
