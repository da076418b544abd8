// Running results along the middle of (outer, n, inner): cumsum (forwards or backwards), cumprod,
// logcumsumexp; cummax and cummin with the places (from 1). State is kept in double, as in PyTorch.
#ifndef T
#include "cpu.h"
enum { SCAN_TILE = 64 };

// log(exp(a) + exp(b)) without overflow.
static inline double log_add(double a, double b) {
  const double m = a > b ? a : b, least = a > b ? b : a;
  if (a != a || b != b) return a + b;
  return isinf(m) ? m : m + log1p(exp(least - m));
}

#define TC_TEMPLATE "scan.c"
#include "numbers.h"
TC_NUMBER_KERNEL(cumsum)
TC_NUMBER_KERNEL(cumprod)
TC_FLOAT_KERNEL(logcumsumexp)
TC_FLOAT_KERNEL(logcumsumexp_backward)
TC_NUMBER_KERNEL(cummax)
TC_NUMBER_KERNEL(cummin)
#else

#if TC_IS_INT
#define STATE int64_t
#else
#define STATE double
#endif

// SCAN(name, FIRST, STEP): w columns from `from`, `step` apart.
#define SCAN(name, FIRST, STEP)                                                                    \
  static inline void name(T *y, const T *x, int64_t n, int64_t step, int64_t w) {                  \
    STATE state[SCAN_TILE], one = FIRST;                                                           \
    for (int64_t i = 0; w == 1 && i < n; i++, x += step, y += step) {                              \
      one = STEP(one, (STATE)*x);                                                                  \
      *y = (T)one;                                                                                 \
    }                                                                                              \
    if (w == 1) return;                                                                            \
    for (int64_t j = 0; j < w; j++) state[j] = FIRST;                                              \
    for (int64_t i = 0; i < n; i++, x += step, y += step)                                          \
      for (int64_t j = 0; j < w; j++) {                                                            \
        state[j] = STEP(state[j], (STATE)x[j]);                                                    \
        y[j] = (T)state[j];                                                                        \
      }                                                                                            \
  }
#define PLUS(a, b) ((a) + (b))
#define TIMES(a, b) ((a) * (b))
SCAN(NAME(scan_sum), 0, PLUS)
SCAN(NAME(scan_prod), 1, TIMES)
#if !TC_IS_INT
SCAN(NAME(scan_logsumexp), -INFINITY, log_add)
#endif

typedef void (*NAME(scan))(T *y, const T *x, int64_t n, int64_t step, int64_t w);

static inline tc_status NAME(run_scan)(tc_args *a, NAME(scan) scan, bool backwards) {
  T *y = (T *)tc_data(a->t[0]);
  const T *x = (const T *)tc_data(a->t[1]);
  const int64_t n = a->i[1], inner = a->i[2], tiles = (inner + SCAN_TILE - 1) / SCAN_TILE;
  if (n == 0) return TC_OK;
  TC_PARALLEL_FOR(k, a->i[0] * tiles, n * TC_MIN(inner, SCAN_TILE)) {
    const int64_t j = k % tiles * SCAN_TILE, o = k / tiles;
    const int64_t at = (o * n + (backwards ? n - 1 : 0)) * inner + j;
    scan(y + at, x + at, n, backwards ? -inner : inner, TC_MIN(SCAN_TILE, inner - j));
  }
  return TC_OK;
}

static tc_status NAME(cumsum)(tc_args *a) {
  return NAME(run_scan)(a, NAME(scan_sum), a->i[3] != 0);
}
static tc_status NAME(cumprod)(tc_args *a) { return NAME(run_scan)(a, NAME(scan_prod), false); }

// The latest of equal values is the one reported; NaN stays once it was met.
#define EXTREME(kernel, AT_LEAST)                                                                  \
  static tc_status kernel(tc_args *a) {                                                            \
    T *y = (T *)tc_data(a->t[0]);                                                                  \
    int64_t *index = (int64_t *)tc_data(a->t[1]);                                                  \
    const T *x = (const T *)tc_data(a->t[2]);                                                      \
    const int64_t n = a->i[1], inner = a->i[2];                                                    \
    TC_PARALLEL_FOR(k, a->i[0] * inner, n) {                                                       \
      int64_t at = k / inner * n * inner + k % inner, where = 1;                                   \
      T best = n > 0 ? x[at] : 0;                                                                  \
      for (int64_t i = 0; i < n; i++, at += inner) {                                               \
        if ((x[at] AT_LEAST best) | (x[at] != x[at])) best = x[at], where = i + 1;                 \
        y[at] = best;                                                                              \
        index[at] = where;                                                                         \
      }                                                                                            \
    }                                                                                              \
    return TC_OK;                                                                                  \
  }
EXTREME(NAME(cummax), >=)
EXTREME(NAME(cummin), <=)

#if !TC_IS_INT
static tc_status NAME(logcumsumexp)(tc_args *a) {
  return NAME(run_scan)(a, NAME(scan_logsumexp), false);
}

// gx[k] = exp(x[k] - y[k]) r[k], where r[k] = g[k] + exp(y[k] - y[k + 1]) r[k + 1]: y only grows, so
// no exponential overflows.
static tc_status NAME(logcumsumexp_backward)(tc_args *a) {
  T *gx = (T *)tc_data(a->t[0]);
  const T *g = (const T *)tc_data(a->t[1]), *x = (const T *)tc_data(a->t[2]),
          *y = (const T *)tc_data(a->t[3]);
  const int64_t n = a->i[1], inner = a->i[2];
  TC_PARALLEL_FOR(k, a->i[0] * inner, n * 8) {
    double r = 0, above = 0;
    int64_t at = (k / inner * n + n - 1) * inner + k % inner;
    for (int64_t i = n - 1; i >= 0; i--, at -= inner) {
      r = (double)g[at] + (i < n - 1 && !isinf(y[at]) ? exp((double)y[at] - above) * r : 0);
      above = y[at];
      gx[at] = isinf(y[at]) ? 0 : (T)(exp((double)x[at] - above) * r);
    }
  }
  return TC_OK;
}
#endif

#undef STATE
#undef SCAN
#undef PLUS
#undef TIMES
#undef EXTREME
#endif
