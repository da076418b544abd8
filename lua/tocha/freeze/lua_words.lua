-- The words of csrc/pointwise.def in Lua: each as the parameters and the body of a local function.

return {
  SEL = "(c, a, b) if c then return a end return b", GT = "(a, b) return a > b",
  LT = "(a, b) return a < b", GE = "(a, b) return a >= b", LE = "(a, b) return a <= b",
  EQ = "(a, b) return a == b", NE = "(a, b) return a ~= b", AND = "(a, b) return a and b",
  OR = "(a, b) return a or b", NOT = "(a) return not a", ISNAN = "(a) return a ~= a",
  ISINF = "(a) return a == huge or a == -huge", K = "(a) return a",
  ISFINITE = "(a) return a == a and a ~= huge and a ~= -huge",
  ABS = "(a) if a < 0 then return -a end return a",
  SIGN = "(a) if a > 0 then return 1 elseif a < 0 then return -1 end return 0",
  MAX = "(a, b) if a > b or a ~= a then return a end return b",
  MIN = "(a, b) if a < b or a ~= a then return a end return b",
  EXP = "(a) return exp(a)", EXP2 = "(a) return 2 ^ a", SQRT = "(a) return sqrt(a)",
  EXPM1 = "(a) if a < 1e-4 and a > -1e-4 then return a + a * a / 2 end return exp(a) - 1",
  LOG = "(a) return log(a)", LOG2 = "(a) return log(a) / log(2)",
  LOG10 = "(a) return log(a) / log(10)",
  LOG1P = "(a) if a < 1e-4 and a > -1e-4 then return a - a * a / 2 end return log(1 + a)",
  RSQRT = "(a) return 1 / sqrt(a)", SIN = "(a) return math.sin(a)", COS = "(a) return math.cos(a)",
  TAN = "(a) return math.tan(a)", ATAN = "(a) return math.atan(a)",
  TANH = "(a) if a > 20 then return 1 elseif a < -20 then return -1 end local e = exp(2 * a) "
    .. "return (e - 1) / (e + 1)",
  SIGMOID = "(a) return 1 / (1 + exp(-a))", FLOOR = "(a) return floor(a)",
  CEIL = "(a) return -floor(-a)", POW = "(a, b) return a ^ b",
  TRUNC = "(a) if a < 0 then return -floor(-a) end return floor(a)",
  HYPOT = "(a, b) return sqrt(a * a + b * b)",
  -- a series near 0, a continued fraction beyond: Abramowitz and Stegun, 7.1.6 and 7.1.14
  ERFC = [[(a)
  local z = a < 0 and -a or a
  if a ~= a or z > 10 then return a ~= a and a or a < 0 and 2 or 0 end
  if z < 2 then
    local sum, term, n = z, z, 0
    repeat
      n = n + 1
      term = term * 2 * z * z / (2 * n + 1)
      sum = sum + term
    until term < 1e-17 * sum or z == 0
    local erf = 1.1283791670955126 * exp(-z * z) * sum
    return a < 0 and 1 + erf or 1 - erf
  end
  local f = z
  for n = 60, 1, -1 do f = z + n / 2 / f end
  local tail = 0.5641895835477563 * exp(-z * z) / f
  return a < 0 and 2 - tail or tail]],
  ERF = "(a) return 1 - ERFC(a)", NORMCDF = "(a) return 0.5 * ERFC(-0.70710678118654752 * a)",
  NORMPDF = "(a) return 0.3989422804014327 * exp(-0.5 * a * a)",
}
