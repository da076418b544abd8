// The mathematics of formulas in type T: EXP(x), SEL(c, a, b), K(0.5) ...
//
// Include it again for every T; the macros follow. Set T first, and for an integer T either
// TC_T_FLOAT 0 (pointwise loops, which have an `int *bad` for divisions by zero) or TC_IS_INT 1.
// float has its own vectorisable functions (math_f32.h); double and the rest of float use libm.
#ifndef TOCHA_CPU_MATH_H
#define TOCHA_CPU_MATH_H

#include <stdbool.h>

#ifndef __cplusplus
#include "math_f32.h"
#include "math_normal.h"
#endif
#include "math_special.h"

// What the compiler has as one instruction, or turns into selects: the same for both types. NaN is a
// select of its own: as part of one condition it becomes a branch where two of these are nested.
#define TC_MATH_BOTH(T, suffix, f)                                                                 \
  TC_INLINE T tc_max_##suffix(T a, T b) {                                                          \
    const T most = a > b ? a : b;                                                                  \
    return a != a ? a : most;                                                                      \
  }                                                                                                \
  TC_INLINE T tc_min_##suffix(T a, T b) {                                                          \
    const T least = a < b ? a : b;                                                                 \
    return a != a ? a : least;                                                                     \
  }                                                                                                \
  TC_INLINE T tc_sign_##suffix(T a) { return (T)((a > 0) - (a < 0)); }                             \
  TC_INLINE T tc_remainder_##suffix(T a, T b) {                                                    \
    const T m = f(a, b);                                                                           \
    return m != 0 && (m < 0) != (b < 0) ? m + b : m;                                               \
  }
TC_MATH_BOTH(float, f32, fmodf)
TC_MATH_BOTH(double, f64, fmod)

// The quotient that goes with the remainder; rounding may leave it next to an integer.
TC_INLINE double tc_floor_divide(double a, double b) {
  if (b == 0) return a / b;
  const double m = fmod(a, b), q = (a - m) / b - (m != 0 && (m < 0) != (b < 0));
  if (q == 0) return copysign(0, a / b);
  return q - floor(q) > 0.5 ? floor(q) + 1 : floor(q);
}

#endif

#undef K
#undef SEL
#undef GT
#undef LT
#undef GE
#undef LE
#undef EQ
#undef NE
#undef AND
#undef OR
#undef XOR
#undef NOT
#define K(c) ((T)(c))
#define SEL(c, a, b) ((c) ? (a) : (b))
#define GT(a, b) ((a) > (b))
#define LT(a, b) ((a) < (b))
#define GE(a, b) ((a) >= (b))
#define LE(a, b) ((a) <= (b))
#define EQ(a, b) ((a) == (b))
#define NE(a, b) ((a) != (b))
#define AND(a, b) ((int)((a) != 0) & (int)((b) != 0))
#define OR(a, b) ((int)((a) != 0) | (int)((b) != 0))
#define XOR(a, b) ((int)((a) != 0) ^ (int)((b) != 0))
#define NOT(a) ((a) == 0)

#undef EXP
#undef EXP2
#undef EXPM1
#undef LOG
#undef LOG2
#undef LOG10
#undef LOG1P
#undef SQRT
#undef RSQRT
#undef SIN
#undef COS
#undef TAN
#undef ASIN
#undef ACOS
#undef ATAN
#undef SINH
#undef COSH
#undef TANH
#undef ASINH
#undef ACOSH
#undef ATANH
#undef SIGMOID
#undef ERF
#undef ERFC
#undef ERFINV
#undef NORMCDF
#undef NORMPDF
#undef LGAMMA
#undef DIGAMMA
#undef POLYGAMMA
#undef ABS
#undef SIGN
#undef FLOOR
#undef CEIL
#undef ROUND
#undef TRUNC
#undef MAX
#undef MIN
#undef POW
#undef ATAN2
#undef HYPOT
#undef COPYSIGN
#undef FMOD
#undef REM
#undef FLOORDIV
#undef TRUNCDIV
#undef ISNAN
#undef ISINF
#undef ISFINITE
#undef SIGNBIT
#undef BAND
#undef BOR
#undef BXOR
#undef BNOT
#undef SHL
#undef SHR

#if (defined(TC_T_FLOAT) && !TC_T_FLOAT) || (defined(TC_IS_INT) && TC_IS_INT)

// Comparisons are with 0 from above: T may be unsigned.
#define ABS(a) ((a) > 0 ? (a) : (T) - (a))
#define SIGN(a) (T)((a) > 0 ? 1 : (a) == 0 ? 0 : -1)
#define FLOOR(a) (a)
#define CEIL(a) (a)
#define ROUND(a) (a)
#define TRUNC(a) (a)
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define POW(a, b) (T) tc_power_int((a), (b))
#define FMOD(a, b) (T) tc_fmod_int((a), (b), bad)
#define REM(a, b) (T) tc_remainder_int((a), (b), bad)
#define FLOORDIV(a, b) (T) tc_floor_divide_int((a), (b), bad)
#define TRUNCDIV(a, b) (T) tc_quotient((a), (b), bad)
#define ISNAN(a) ((void)(a), 0)
#define ISINF(a) ((void)(a), 0)
#define ISFINITE(a) ((void)(a), 1)
#define SIGNBIT(a) (!((a) > 0) & ((a) != 0))
#define BAND(a, b) (T)((a) & (b))
#define BOR(a, b) (T)((a) | (b))
#define BXOR(a, b) (T)((a) ^ (b))
#if defined(TC_T_BOOL) && TC_T_BOOL
#define BNOT(a) (!(a))
#else
#define BNOT(a) (T)(~(a))
#endif
#define SHL(a, b) (T) tc_shift_left((a), (b), 8 * (int)sizeof(T))
#define SHR(a, b) (T) tc_shift_right((a), (b), 8 * (int)sizeof(T) - ((T)-1 > 0 ? 0 : 1))

#else

#define ISNAN(a) ((a) != (a))
#define ISINF(a) (ABS(a) == (T)INFINITY)
#define ISFINITE(a) (ABS(a) < (T)INFINITY)
#define SIGNBIT(a) (signbit(a) != 0)
#define LGAMMA(a) ((T)tc_lgamma(a))
#define DIGAMMA(a) ((T)tc_digamma(a))
#define POLYGAMMA(n, a) ((T)tc_polygamma(n, a))
#define ERFINV(a) ((T)tc_erfinv(a))
#define FLOORDIV(a, b) ((T)tc_floor_divide((a), (b)))
#define TRUNCDIV(a, b) TRUNC((a) / (b))

#if TC_IS_F32

#define EXP(a) tc_exp_f32(a)
#define EXP2(a) tc_exp2_f32(a)
#define EXPM1(a) tc_expm1_f32(a)
#define LOG(a) tc_log_f32(a)
#define LOG2(a) tc_log2_f32(a)
#define LOG10(a) tc_log10_f32(a)
#define LOG1P(a) tc_log1p_f32(a)
#define SQRT(a) sqrtf(a)
#define RSQRT(a) (1 / sqrtf(a))
#define SIN(a) tc_sin_f32(a)
#define COS(a) tc_cos_f32(a)
#define TAN(a) tc_tan_f32(a)
#define ASIN(a) asinf(a)
#define ACOS(a) acosf(a)
#define ATAN(a) atanf(a)
#define SINH(a) sinhf(a)
#define COSH(a) coshf(a)
#define TANH(a) tc_tanh_f32(a)
#define ASINH(a) asinhf(a)
#define ACOSH(a) acoshf(a)
#define ATANH(a) atanhf(a)
#define SIGMOID(a) tc_sigmoid_f32(a)
#define ERF(a) tc_erf_f32(a)
#define ERFC(a) erfcf(a)
#define NORMCDF(a) tc_normcdf_f32(a)
#define NORMPDF(a) tc_normpdf_f32(a)
#define ABS(a) fabsf(a)
#define SIGN(a) tc_sign_f32(a)
#define FLOOR(a) floorf(a)
#define CEIL(a) ceilf(a)
#define ROUND(a) rintf(a)
#define TRUNC(a) truncf(a)
#define MAX(a, b) tc_max_f32((a), (b))
#define MIN(a, b) tc_min_f32((a), (b))
#define POW(a, b) tc_pow_f32((a), (b))
#define ATAN2(a, b) atan2f((a), (b))
#define HYPOT(a, b) tc_hypot_f32((a), (b))
#define COPYSIGN(a, b) tc_with_sign((a), (b))
#define FMOD(a, b) fmodf((a), (b))
#define REM(a, b) tc_remainder_f32((a), (b))

#else

#define EXP(a) exp(a)
#define EXP2(a) exp2(a)
#define EXPM1(a) expm1(a)
#define LOG(a) log(a)
#define LOG2(a) log2(a)
#define LOG10(a) log10(a)
#define LOG1P(a) log1p(a)
#define SQRT(a) sqrt(a)
#define RSQRT(a) (1 / sqrt(a))
#define SIN(a) sin(a)
#define COS(a) cos(a)
#define TAN(a) tan(a)
#define ASIN(a) asin(a)
#define ACOS(a) acos(a)
#define ATAN(a) atan(a)
#define SINH(a) sinh(a)
#define COSH(a) cosh(a)
#define TANH(a) tanh(a)
#define ASINH(a) asinh(a)
#define ACOSH(a) acosh(a)
#define ATANH(a) atanh(a)
#define SIGMOID(a) (1 / (1 + exp(-(a))))
#define ERF(a) erf(a)
#define ERFC(a) erfc(a)
#define NORMCDF(a) tc_normcdf(a)
#define NORMPDF(a) tc_normpdf(a)
#define ABS(a) fabs(a)
#define SIGN(a) tc_sign_f64(a)
#define FLOOR(a) floor(a)
#define CEIL(a) ceil(a)
#define ROUND(a) rint(a)
#define TRUNC(a) trunc(a)
#define MAX(a, b) tc_max_f64((a), (b))
#define MIN(a, b) tc_min_f64((a), (b))
#define POW(a, b) pow((a), (b))
#define ATAN2(a, b) atan2((a), (b))
#define HYPOT(a, b) hypot((a), (b))
#define COPYSIGN(a, b) copysign((a), (b))
#define FMOD(a, b) fmod((a), (b))
#define REM(a, b) tc_remainder_f64((a), (b))

#endif
#endif
