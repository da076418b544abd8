-- The words of csrc/pointwise.def in C: each as the end of a #define.

return {
  K = "(c) ((float)(c))", SEL = "(c, a, b) ((c) ? (a) : (b))", GT = "(a, b) ((a) > (b))",
  LT = "(a, b) ((a) < (b))", GE = "(a, b) ((a) >= (b))", LE = "(a, b) ((a) <= (b))",
  EQ = "(a, b) ((a) == (b))", NE = "(a, b) ((a) != (b))",
  AND = "(a, b) (((a) != 0) && ((b) != 0))", OR = "(a, b) (((a) != 0) || ((b) != 0))",
  NOT = "(a) ((a) == 0)", ISNAN = "(a) ((a) != (a))", ISINF = "(a) (fabsf(a) == INFINITY)",
  ISFINITE = "(a) (fabsf(a) < INFINITY)", ABS = "(a) fabsf(a)",
  SIGN = "(a) ((a) > 0 ? 1.0f : (a) < 0 ? -1.0f : 0.0f)",
  MAX = "(a, b) ((a) > (b) || (a) != (a) ? (a) : (b))",
  MIN = "(a, b) ((a) < (b) || (a) != (a) ? (a) : (b))",
  EXP = "(a) expf(a)", EXP2 = "(a) exp2f(a)", EXPM1 = "(a) expm1f(a)", LOG = "(a) logf(a)",
  LOG2 = "(a) log2f(a)", LOG10 = "(a) log10f(a)", LOG1P = "(a) log1pf(a)", SQRT = "(a) sqrtf(a)",
  RSQRT = "(a) (1.0f / sqrtf(a))", SIN = "(a) sinf(a)", COS = "(a) cosf(a)", TAN = "(a) tanf(a)",
  ASIN = "(a) asinf(a)", ACOS = "(a) acosf(a)", ATAN = "(a) atanf(a)", SINH = "(a) sinhf(a)",
  COSH = "(a) coshf(a)", TANH = "(a) tanhf(a)", SIGMOID = "(a) (1.0f / (1.0f + expf(-(a))))",
  ERF = "(a) erff(a)", ERFC = "(a) erfcf(a)", FLOOR = "(a) floorf(a)", CEIL = "(a) ceilf(a)",
  ROUND = "(a) rintf(a)", TRUNC = "(a) truncf(a)", POW = "(a, b) powf(a, b)",
  ATAN2 = "(a, b) atan2f(a, b)", HYPOT = "(a, b) hypotf(a, b)",
  NORMCDF = "(a) (0.5f * erfcf(-0.70710678f * (a)))",
  NORMPDF = "(a) (0.39894228f * expf(-0.5f * (a) * (a)))",
}
