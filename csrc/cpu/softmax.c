// softmax, log_softmax and logsumexp along the middle of (outer, n, inner), and their gradients.
// The largest value is subtracted first, so that nothing overflows; sums are kept in double.
#ifndef T
#include "cpu.h"
#define TC_TEMPLATE "softmax.c"
#include "floats.h"
TC_FLOAT_KERNEL(softmax)
TC_FLOAT_KERNEL(log_softmax)
TC_FLOAT_KERNEL(logsumexp)
TC_FLOAT_KERNEL(softmax_backward)
TC_FLOAT_KERNEL(log_softmax_backward)
#else
#include "softmax.h"

static inline void NAME(softmax_rows)(T *y, const T *x, int64_t n, int64_t rows) {
  T m[SOFTMAX_TILE];
  double sum[SOFTMAX_TILE];
  NAME(row_sums)(m, sum, y, x, n, rows);
  for (int64_t r = 0; r < rows; r++, y += n) {
    const T scale = (T)(1 / sum[r]);
    for (int64_t i = 0; i < n; i++) y[i] *= scale;
  }
}

static inline void NAME(log_softmax_rows)(T *y, const T *x, int64_t n, int64_t rows) {
  T m[SOFTMAX_TILE];
  double sum[SOFTMAX_TILE];
  NAME(row_sums)(m, sum, NULL, x, n, rows);
  for (int64_t r = 0; r < rows; r++, y += n, x += n) {
    const T most = m[r], shift = (T)log(sum[r]);
    for (int64_t i = 0; i < n; i++) y[i] = x[i] - most - shift;
  }
}

// An infinite largest value decides alone.
static inline void NAME(logsumexp_rows)(T *y, const T *x, int64_t n, int64_t rows) {
  for (int64_t r = 0; r < rows; r++, x += n) {
    const T most = NAME(row_max)(x, n), m = isinf(most) ? 0 : most;
    double sum = 0;
    TC_SUM(sum, i, n, EXP(x[i] - m))
    y[r] = (T)(m + log(sum));
  }
}

static inline void NAME(softmax_columns)(T *y, const T *x, int64_t n, int64_t inner, int64_t w) {
  T m[SOFTMAX_TILE];
  double sum[SOFTMAX_TILE];
  NAME(column_sums)(m, sum, y, x, n, inner, w, false);
  for (int64_t j = 0; j < w; j++) m[j] = (T)(1 / sum[j]);
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < w; j++) y[i * inner + j] *= m[j];
}

static inline void NAME(log_softmax_columns)(T *y, const T *x, int64_t n, int64_t inner,
                                             int64_t w) {
  T m[SOFTMAX_TILE], shift[SOFTMAX_TILE];
  double sum[SOFTMAX_TILE];
  NAME(column_sums)(m, sum, NULL, x, n, inner, w, false);
  for (int64_t j = 0; j < w; j++) shift[j] = (T)log(sum[j]);
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < w; j++) y[i * inner + j] = x[i * inner + j] - m[j] - shift[j];
}

static inline void NAME(logsumexp_columns)(T *y, const T *x, int64_t n, int64_t inner, int64_t w) {
  T m[SOFTMAX_TILE];
  double sum[SOFTMAX_TILE];
  NAME(column_sums)(m, sum, NULL, x, n, inner, w, true);
  for (int64_t j = 0; j < w; j++) y[j] = (T)((double)m[j] + log(sum[j]));
}

// SWEEP(name, length of y along the dimension)
#define SWEEP(name, n_out)                                                                         \
  static tc_status NAME(name)(tc_args * a) {                                                       \
    T *y = (T *)tc_data(a->t[0]);                                                                  \
    const T *x = (const T *)tc_data(a->t[1]);                                                      \
    const int64_t outer = a->i[0], n = a->i[1], inner = a->i[2], m = (n_out);                      \
    const softmax_tiles t = softmax_tiles_of(outer, n, inner);                                     \
    TC_PARALLEL_FOR(k, t.count, 8 * n * t.width) {                                                 \
      int64_t w;                                                                                   \
      const int64_t p = softmax_tile(&t, k, &w), o = p / inner, j = p % inner;                     \
      if (inner == 1) NAME(name##_rows)(y + o * m, x + o * n, n, w);                               \
      else NAME(name##_columns)(y + o * m * inner + j, x + o * n * inner + j, n, inner, w);        \
    }                                                                                              \
    return TC_OK;                                                                                  \
  }
SWEEP(softmax, n)
SWEEP(log_softmax, n)
SWEEP(logsumexp, 1)
#undef SWEEP

// gx = GRAD(g, y, sum of TERM(g, y) along the dimension)
#define GRADIENT(name)                                                                             \
  static tc_status NAME(name)(tc_args * a) {                                                       \
    T *gx = (T *)tc_data(a->t[0]);                                                                 \
    const T *g = (const T *)tc_data(a->t[1]), *y = (const T *)tc_data(a->t[2]);                    \
    const int64_t n = a->i[1], inner = a->i[2];                                                    \
    TC_PARALLEL_FOR(o, a->i[0], 4 * n * inner) {                                                   \
      const int64_t at = o * n * inner;                                                            \
      if (inner == 1) NAME(name##_row)(gx + at, g + at, y + at, n);                                \
      else NAME(name##_columns)(gx + at, g + at, y + at, n, inner);                                \
    }                                                                                              \
    return TC_OK;                                                                                  \
  }
#define GRADIENT_ROW(name, TERM, GRAD)                                                             \
  static inline void NAME(name##_row)(T * gx, const T *g, const T *y, int64_t n) {                 \
    double total = 0;                                                                              \
    TC_SUM(total, i, n, TERM(g[i], y[i]))                                                          \
    const T sum = (T)total;                                                                        \
    for (int64_t i = 0; i < n; i++) gx[i] = GRAD(g[i], y[i], sum);                                 \
  }
#define GRADIENT_COLUMNS(name, TERM, GRAD)                                                         \
  static inline void NAME(name##_columns)(T * gx, const T *g, const T *y, int64_t n,               \
                                          int64_t inner) {                                         \
    for (int64_t from = 0; from < inner; from += SOFTMAX_TILE) {                                   \
      const int64_t to = TC_MIN(inner, from + SOFTMAX_TILE);                                       \
      double sum[SOFTMAX_TILE] = {0};                                                              \
      for (int64_t i = 0; i < n; i++)                                                              \
        for (int64_t j = from; j < to; j++)                                                        \
          sum[j - from] += (double)TERM(g[i * inner + j], y[i * inner + j]);                       \
      for (int64_t i = 0; i < n; i++)                                                              \
        for (int64_t j = from, at = i * inner + from; j < to; j++, at++)                           \
          gx[at] = GRAD(g[at], y[at], (T)sum[j - from]);                                           \
    }                                                                                              \
  }
#define SOFTMAX_TERM(g, y) ((g) * (y))
#define SOFTMAX_GRAD(g, y, sum) ((y) * ((g) - (sum)))
#define LOG_TERM(g, y) (g)
#define LOG_GRAD(g, y, sum) ((g)-EXP(y) * (sum))
GRADIENT_ROW(softmax_backward, SOFTMAX_TERM, SOFTMAX_GRAD)
GRADIENT_COLUMNS(softmax_backward, SOFTMAX_TERM, SOFTMAX_GRAD)
GRADIENT(softmax_backward)
GRADIENT_ROW(log_softmax_backward, LOG_TERM, LOG_GRAD)
GRADIENT_COLUMNS(log_softmax_backward, LOG_TERM, LOG_GRAD)
GRADIENT(log_softmax_backward)
#undef GRADIENT
#undef GRADIENT_ROW
#undef GRADIENT_COLUMNS
#undef SOFTMAX_TERM
#undef SOFTMAX_GRAD
#undef LOG_TERM
#undef LOG_GRAD
#endif
