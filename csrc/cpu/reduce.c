// Reductions that step through values: sum, mean, prod, amax, amin, nansum, vector norms; of bools: any,
// all, count. x is a contiguous (outer, n, inner), y is (outer, inner). NaN propagates as in PyTorch.
#ifndef T
#include "cpu.h"

#define NAN_MAX(a, b) ((((a) > (b)) | ((a) != (a))) ? (a) : (b))
#define NAN_MIN(a, b) ((((a) < (b)) | ((a) != (a))) ? (a) : (b))

#define TC_TEMPLATE "reduce.c"
#include "numbers.h"

TC_NUMBER_KERNEL(sum)
TC_FLOAT_KERNEL(mean)
TC_FLOAT_KERNEL(nansum)
TC_NUMBER_KERNEL(prod)
TC_NUMBER_KERNEL(amax)
TC_NUMBER_KERNEL(amin)
TC_FLOAT_KERNEL(norm)

// Bools are added as bytes: a block of 32 rows cannot overflow one.
#define T uint8_t
#define TOTAL int64_t
#define NAME(x) x##_u8
#define OUT int64_t
#define FOLD fold_count
#define FIRST 0
#define MAP(v) (v)
#define STEP(a, b) ((a) + (b))
#include "fold.h"
#undef OUT
#define OUT uint8_t
#define FOLD fold_any
#define FIRST 0
#define MAP(v) (v)
#define STEP(a, b) ((a) | (b))
#include "fold.h"
#define FOLD fold_all
#define FIRST 1
#define MAP(v) (v)
#define STEP(a, b) ((a) & (b))
#include "fold.h"
#undef T
#undef TOTAL
#undef NAME
#undef OUT

#define BOOL_KERNEL(name, result)                                                                  \
  TC_PLAIN_KERNEL(name) {                                                                          \
    return fold_##name##_u8((result *)tc_data(a->t[0]), (const uint8_t *)tc_data(a->t[1]),         \
                            a->i[0], a->i[1], a->i[2], 0);                                         \
  }
BOOL_KERNEL(any, uint8_t)
BOOL_KERNEL(all, uint8_t)
BOOL_KERNEL(count, int64_t)

#else

#define OUT T
#if TC_IS_INT
#define TOTAL int64_t
#define LOWEST INT64_MIN
#define HIGHEST INT64_MAX
#else
#define TOTAL double
#define LOWEST (-(T)INFINITY)
#define HIGHEST ((T)INFINITY)
#endif

#define FOLD fold_sum
#define FIRST 0
#define MAP(v) (v)
#define STEP(a, b) ((a) + (b))
#include "fold.h"
#define FOLD fold_prod
#define FIRST 1
#define MAP(v) (v)
#define STEP(a, b) ((a) * (b))
#include "fold.h"
#define FOLD fold_max
#define FIRST LOWEST
#define MAP(v) (v)
#define STEP(a, b) NAN_MAX(a, b)
#include "fold.h"
#define FOLD fold_min
#define FIRST HIGHEST
#define MAP(v) (v)
#define STEP(a, b) NAN_MIN(a, b)
#include "fold.h"

#define FOLD_CALL(fold, p)                                                                         \
  NAME(fold)((T *)tc_data(a->t[0]), (const T *)tc_data(a->t[1]), a->i[0], a->i[1], a->i[2], p)

static tc_status NAME(sum)(tc_args *a) { return FOLD_CALL(fold_sum, 0); }
static tc_status NAME(prod)(tc_args *a) { return FOLD_CALL(fold_prod, 1); }
static tc_status NAME(amax)(tc_args *a) { return FOLD_CALL(fold_max, 0); }
static tc_status NAME(amin)(tc_args *a) { return FOLD_CALL(fold_min, 0); }

#if !TC_IS_INT
#define ABS(v) ((T)fabs((double)(v)))
#define FOLD fold_nansum
#define FIRST 0
#define MAP(v) ((v) != (v) ? 0 : (v))
#define STEP(a, b) ((a) + (b))
#include "fold.h"
#define FOLD fold_nonzero
#define FIRST 0
#define MAP(v) ((v) != 0 ? (T)1 : (T)0)
#define STEP(a, b) ((a) + (b))
#include "fold.h"
#define FOLD fold_abs
#define FIRST 0
#define MAP(v) ABS(v)
#define STEP(a, b) ((a) + (b))
#include "fold.h"
#define FOLD fold_square
#define FIRST 0
#define MAP(v) ((v) * (v))
#define STEP(a, b) ((a) + (b))
#include "fold.h"
#define FOLD fold_power
#define FIRST 0
#define MAP(v) ((T)pow(fabs(v), p))
#define STEP(a, b) ((a) + (b))
#include "fold.h"
#define FOLD fold_largest
#define FIRST 0
#define MAP(v) ABS(v)
#define STEP(a, b) NAN_MAX(a, b)
#include "fold.h"
#define FOLD fold_smallest
#define FIRST HIGHEST
#define MAP(v) ABS(v)
#define STEP(a, b) NAN_MIN(a, b)
#include "fold.h"
#undef ABS

static tc_status NAME(nansum)(tc_args *a) { return FOLD_CALL(fold_nansum, 0); }

static tc_status NAME(mean)(tc_args *a) {
  TC_TRY(FOLD_CALL(fold_sum, 0));
  T *y = (T *)tc_data(a->t[0]);
  const int64_t count = tc_numel(a->t[0]);
  for (int64_t i = 0; i < count; i++) y[i] /= (T)a->i[1];
  return TC_OK;
}

// (sum |x|^p)^(1/p); p = 0 counts, infinities take the extreme.
static tc_status NAME(norm)(tc_args *a) {
  const double p = a->f[0];
  if (p == 0) return FOLD_CALL(fold_nonzero, 0);
  if (p == 1) return FOLD_CALL(fold_abs, 0);
  if (isinf(p)) return p > 0 ? FOLD_CALL(fold_largest, 0) : FOLD_CALL(fold_smallest, 0);
  TC_TRY(p == 2 ? FOLD_CALL(fold_square, 0) : FOLD_CALL(fold_power, (T)p));
  T *y = (T *)tc_data(a->t[0]);
  const int64_t count = tc_numel(a->t[0]);
  for (int64_t i = 0; i < count; i++) y[i] = (T)(p == 2 ? sqrt(y[i]) : pow(y[i], 1 / p));
  return TC_OK;
}
#endif

#undef FOLD_CALL
#undef OUT
#undef TOTAL
#undef LOWEST
#undef HIGHEST
#endif
