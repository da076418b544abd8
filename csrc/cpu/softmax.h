// What softmax and cross_entropy share, included inside a template: the sum of exp(x - largest) of
// columns of (n, inner), a tile of them at once, and of rows.
#include "math.h"
#include "rows.h"

#ifndef TOCHA_CPU_SOFTMAX_H
#define TOCHA_CPU_SOFTMAX_H
enum { SOFTMAX_TILE = 64, SOFTMAX_BLOCK = 2048, SOFTMAX_LANES = 16 };

// The positions of (outer, inner), done a tile at once: neighbours in `inner`, or rows where it is 1.
typedef struct softmax_tiles {
  int64_t line, width, per_line,
      count;  // positions of a line and a tile, tiles of a line and in all
} softmax_tiles;

static inline softmax_tiles softmax_tiles_of(int64_t outer, int64_t n, int64_t inner) {
  softmax_tiles t = {.line = inner, .width = SOFTMAX_TILE};
  if (inner == 1) {
    t.line = outer;
    t.width = n >= SOFTMAX_BLOCK / 4 ? 1 : TC_MIN(SOFTMAX_TILE, SOFTMAX_BLOCK / TC_MAX(n, 1));
  }
  t.per_line = (t.line + t.width - 1) / t.width;
  t.width = TC_MIN(t.width, TC_MAX(t.line, 1));
  t.count = inner == 1 ? t.per_line : outer * t.per_line;
  return t;
}

// The first position of tile k, and how many there are.
static inline int64_t softmax_tile(const softmax_tiles *t, int64_t k, int64_t *w) {
  const int64_t j = k % t->per_line * t->width;
  *w = TC_MIN(t->width, t->line - j);
  return k / t->per_line * t->line + j;
}
#endif

// m[j] is the largest of column j, sum[j] that of exp(x - m); the exponentials go to y unless it is
// NULL. `finite` takes 0 for an infinite largest value.
static inline void NAME(column_sums)(T *m, double *sum, T *y, const T *x, int64_t n, int64_t inner,
                                     int64_t w, bool finite) {
  for (int64_t j = 0; j < w; j++) m[j] = -(T)INFINITY, sum[j] = 0;
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < w; j++) m[j] = TC_MAX(x[i * inner + j], m[j]);
  for (int64_t j = 0; finite && j < w; j++) m[j] = isinf(m[j]) ? 0 : m[j];
  for (int64_t i = 0; i < n; i++) {
    T e[SOFTMAX_TILE];
    for (int64_t j = 0; j < w; j++) e[j] = EXP(x[i * inner + j] - m[j]);
    for (int64_t j = 0; j < w; j++) sum[j] += (double)e[j];
    if (y) memcpy(y + i * inner, e, (size_t)w * sizeof *e);
  }
}

// ---- short rows, several at once ----
// What is done for all of them is one loop: no exponential is computed alone, no row waits for
// another, and the lanes of each become one number together. x is (rows, n), n = whole + rest with
// `whole` a multiple of LANES.

// Of the lanes (rows, LANES) to y (rows): neighbours are combined, four times.
#define SOFTMAX_JOIN(name, STEP)                                                                   \
  static inline void NAME(name##_pairs)(T *restrict to, const T *restrict from, int64_t n) {       \
    for (int64_t k = 0; k < n; k++) to[k] = STEP(from[2 * k], from[2 * k + 1]);                    \
  }                                                                                                \
  static inline void NAME(name##_of_lanes)(T * y, T * lanes, int64_t rows) {                       \
    T half[SOFTMAX_TILE * SOFTMAX_LANES / 2];                                                      \
    NAME(name##_pairs)(half, lanes, rows * 8);                                                     \
    NAME(name##_pairs)(lanes, half, rows * 4);                                                     \
    NAME(name##_pairs)(half, lanes, rows * 2);                                                     \
    NAME(name##_pairs)(y, half, rows);                                                             \
  }
#define SOFTMAX_LARGER(a, b) ((a) > (b) ? (a) : (b))
#define SOFTMAX_SUM(a, b) ((a) + (b))
SOFTMAX_JOIN(largest, SOFTMAX_LARGER)
SOFTMAX_JOIN(sum, SOFTMAX_SUM)
#undef SOFTMAX_JOIN
#undef SOFTMAX_SUM

static inline void NAME(largest_lanes)(T *lanes, const T *x, int64_t n) {
  T lane[SOFTMAX_LANES];
  int64_t i = 0;
  TC_PRAGMA(omp simd)
  for (int l = 0; l < SOFTMAX_LANES; l++) lane[l] = -(T)INFINITY;
  for (; i + SOFTMAX_LANES <= n; i += SOFTMAX_LANES) TC_PRAGMA(omp simd)
  for (int l = 0; l < SOFTMAX_LANES; l++) lane[l] = SOFTMAX_LARGER(x[i + l], lane[l]);
  TC_PRAGMA(omp simd)
  for (int l = 0; l < SOFTMAX_LANES; l++) lanes[l] = lane[l];
  for (; i < n; i++, lanes++) *lanes = SOFTMAX_LARGER(x[i], *lanes);
}

// e = exp(x - most) of the whole vectors of a row, and their sum by lanes.
static inline void NAME(exp_lanes)(T *lanes, T *e, const T *x, T most, int64_t whole) {
  T lane[SOFTMAX_LANES];
  TC_PRAGMA(omp simd)
  for (int l = 0; l < SOFTMAX_LANES; l++) lane[l] = 0;
  for (int64_t i = 0; i < whole; i += SOFTMAX_LANES) TC_PRAGMA(omp simd)
  for (int l = 0; l < SOFTMAX_LANES; l++) {
    const T v = EXP(x[i + l] - most);
    e[i + l] = v;
    lane[l] += v;
  }
  TC_PRAGMA(omp simd)
  for (int l = 0; l < SOFTMAX_LANES; l++) lanes[l] = lane[l];
}

// The same of the rest of each row.
static inline void NAME(exp_rests)(T *lanes, T *e, const T *x, const T *m, int64_t n, int64_t rest,
                                   int64_t rows) {
  T v[SOFTMAX_TILE * SOFTMAX_LANES];
  x += n - rest;
  e += n - rest;
  for (int64_t r = 0; r < rows; r++)
    for (int64_t i = 0; i < rest; i++) v[r * rest + i] = x[r * n + i] - m[r];
  for (int64_t k = 0; k < rows * rest; k++) v[k] = EXP(v[k]);
  for (int64_t r = 0; r < rows; r++)
    for (int64_t i = 0; i < rest; i++) {
      e[r * n + i] = v[r * rest + i];
      lanes[r * SOFTMAX_LANES + i] += v[r * rest + i];
    }
}

static inline void NAME(few_row_sums)(T *m, double *sum, T *e, const T *x, int64_t n,
                                      int64_t rows) {
  T lanes[SOFTMAX_TILE * SOFTMAX_LANES], totals[SOFTMAX_TILE];
  const int64_t rest = n % SOFTMAX_LANES;
  for (int64_t r = 0; r < rows; r++) NAME(largest_lanes)(lanes + r * SOFTMAX_LANES, x + r * n, n);
  NAME(largest_of_lanes)(m, lanes, rows);
  for (int64_t r = 0; r < rows; r++)
    NAME(exp_lanes)(lanes + r * SOFTMAX_LANES, e + r * n, x + r * n, m[r], n - rest);
  NAME(exp_rests)(lanes, e, x, m, n, rest, rows);
  NAME(sum_of_lanes)(totals, lanes, rows);
  for (int64_t r = 0; r < rows; r++) sum[r] = (double)totals[r];
}
#undef SOFTMAX_LARGER

// As column_sums, of whole rows of x.
static inline void NAME(row_sums)(T *m, double *sum, T *e, const T *x, int64_t n, int64_t rows) {
  T few[SOFTMAX_BLOCK];
  if (rows > 1) {
    NAME(few_row_sums)(m, sum, e ? e : few, x, n, rows);
    return;
  }
  const T most = *m = NAME(row_max)(x, n);
  *sum = 0;
  if (e) TC_SUM(*sum, i, n, e[i] = EXP(x[i] - most))
  else TC_SUM(*sum, i, n, EXP(x[i] - most))
}
