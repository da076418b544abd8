// The extreme value along the middle of (outer, n, inner), and where it first stands (from 1).
// NaN is the largest and the smallest of all, as in PyTorch.
#ifndef T
#include "cpu.h"
enum { ARG_TILE = 64, ARG_STRIPES = 32 };
#define TC_TEMPLATE "arg_reduce.c"
#include "numbers.h"
TC_NUMBER_KERNEL(max_dim)
TC_NUMBER_KERNEL(min_dim)
#else

#define NAN_IS_NEW(v, best) (((v) != (v)) & ((best) == (best)))

// The first place that has the best value m: a NaN is only there when m is one.
#define HIT(v, m) (((v) == (m)) | ((v) != (v)))
static int64_t NAME(first_hit)(const T *x, int64_t n, T m) {
  int64_t i = 0;
  for (; i + ARG_TILE <= n; i += ARG_TILE) {
    int hit = 0;
    for (int l = 0; l < ARG_TILE; l++) hit |= HIT(x[i + l], m);
    if (hit) break;
  }
  while (!HIT(x[i], m)) i++;
  return i;
}

// Vectors find the best of a row; the first place that has it is then searched for.
#define ARG_ROW(name, BEST)                                                                        \
  static int64_t name(const T *x, int64_t n) {                                                     \
    T best[ARG_STRIPES];                                                                           \
    int64_t i = 0;                                                                                 \
    for (int l = 0; l < ARG_STRIPES; l++) best[l] = x[0];                                          \
    for (; i + ARG_STRIPES <= n; i += ARG_STRIPES)                                                 \
      for (int l = 0; l < ARG_STRIPES; l++) best[l] = BEST(best[l], x[i + l]);                     \
    for (; i < n; i++) best[0] = BEST(best[0], x[i]);                                              \
    for (int half = ARG_STRIPES / 2; half > 0; half /= 2)                                          \
      for (int l = 0; l < half; l++) best[l] = BEST(best[l], best[l + half]);                      \
    return NAME(first_hit)(x, n, best[0]);                                                         \
  }

// w <= ARG_TILE columns at once.
#define ARG_COLUMNS(name, BETTER)                                                                  \
  static void name(T *y, int64_t *index, const T *x, int64_t n, int64_t inner, int64_t w) {        \
    T best[ARG_TILE];                                                                              \
    int64_t at[ARG_TILE];                                                                          \
    for (int64_t j = 0; j < w; j++) best[j] = x[j], at[j] = 1;                                     \
    for (int64_t i = 1; i < n; i++) {                                                              \
      const T *row = x + i * inner;                                                                \
      for (int64_t j = 0; j < w; j++) {                                                            \
        const bool better = BETTER(row[j], best[j]) | NAN_IS_NEW(row[j], best[j]);                 \
        best[j] = better ? row[j] : best[j];                                                       \
        at[j] = better ? i + 1 : at[j];                                                            \
      }                                                                                            \
    }                                                                                              \
    for (int64_t j = 0; j < w; j++) y[j] = best[j], index[j] = at[j];                              \
  }

#define ARG_KERNEL(kernel, row, columns)                                                           \
  static tc_status kernel(tc_args *a) {                                                            \
    T *y = (T *)tc_data(a->t[0]);                                                                  \
    int64_t *index = (int64_t *)tc_data(a->t[1]);                                                  \
    const T *x = (const T *)tc_data(a->t[2]);                                                      \
    const int64_t outer = a->i[0], n = a->i[1], inner = a->i[2];                                   \
    const int64_t tiles = (inner + ARG_TILE - 1) / ARG_TILE;                                       \
    TC_PARALLEL_FOR(k, outer *tiles, n *TC_MIN(inner, ARG_TILE)) {                                 \
      const int64_t o = k / tiles, j = k % tiles * ARG_TILE;                                       \
      if (inner == 1) {                                                                            \
        index[o] = row(x + o * n, n) + 1;                                                          \
        y[o] = x[o * n + index[o] - 1];                                                            \
      } else {                                                                                     \
        columns(y + o * inner + j, index + o * inner + j, x + o * n * inner + j, n, inner,         \
                TC_MIN(ARG_TILE, inner - j));                                                      \
      }                                                                                            \
    }                                                                                              \
    return TC_OK;                                                                                  \
  }

#define LARGER(a, b) ((a) > (b))
#define SMALLER(a, b) ((a) < (b))
#define LARGEST(a, b) ((LARGER(a, b) | ((a) != (a))) ? (a) : (b))
#define SMALLEST(a, b) ((SMALLER(a, b) | ((a) != (a))) ? (a) : (b))
ARG_ROW(NAME(max_row), LARGEST)
ARG_ROW(NAME(min_row), SMALLEST)
ARG_COLUMNS(NAME(max_columns), LARGER)
ARG_COLUMNS(NAME(min_columns), SMALLER)
ARG_KERNEL(NAME(max_dim), NAME(max_row), NAME(max_columns))
ARG_KERNEL(NAME(min_dim), NAME(min_row), NAME(min_columns))
#undef NAN_IS_NEW
#undef ARG_ROW
#undef ARG_COLUMNS
#undef ARG_KERNEL
#undef HIT
#undef LARGEST
#undef SMALLEST
#undef LARGER
#undef SMALLER
#endif
