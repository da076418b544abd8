// The mathematics of formulas on CUDA, for the T of the includer: the macros of cpu/math.h, whose
// double forms are C++'s overloads here, so that they serve float as well.
#include "../cpu/math.h"

#if !((defined(TC_T_FLOAT) && !TC_T_FLOAT) || (defined(TC_IS_INT) && TC_IS_INT))
#ifndef TOCHA_CUDA_MATH_H
#define TOCHA_CUDA_MATH_H

TC_INLINE float tc_max(float a, float b) { return tc_max_f32(a, b); }
TC_INLINE double tc_max(double a, double b) { return tc_max_f64(a, b); }
TC_INLINE float tc_min(float a, float b) { return tc_min_f32(a, b); }
TC_INLINE double tc_min(double a, double b) { return tc_min_f64(a, b); }
TC_INLINE float tc_remainder(float a, float b) { return tc_remainder_f32(a, b); }
TC_INLINE double tc_remainder(double a, double b) { return tc_remainder_f64(a, b); }
TC_INLINE float tc_normcdf(float x) { return normcdff(x); }
TC_INLINE float tc_normpdf(float x) { return 0.3989422804f * expf(-0.5f * x * x); }

#endif

#undef MAX
#undef MIN
#undef SIGN
#undef REM
#undef POW
#undef ATAN2
#undef HYPOT
#undef COPYSIGN
#undef FMOD
#define MAX(a, b) tc_max((T)(a), (T)(b))
#define MIN(a, b) tc_min((T)(a), (T)(b))
#define SIGN(a) (T)(((a) > 0) - ((a) < 0))
#define REM(a, b) tc_remainder((T)(a), (T)(b))
#define POW(a, b) pow((T)(a), (T)(b))
#define ATAN2(a, b) atan2((T)(a), (T)(b))
#define HYPOT(a, b) hypot((T)(a), (T)(b))
#define COPYSIGN(a, b) copysign((T)(a), (T)(b))
#define FMOD(a, b) fmod((T)(a), (T)(b))
#endif
