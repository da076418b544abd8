// What softmax and cross_entropy share, included inside a template: the sum of exp(x - largest) of
// columns of (n, inner), a tile of them at once, and of rows.
#include "math.h"
#include "rows.h"

#ifndef TOCHA_CPU_SOFTMAX_H
#define TOCHA_CPU_SOFTMAX_H
enum { SOFTMAX_TILE = 64, SOFTMAX_BLOCK = 1024 };

// The positions of (outer, inner), done a tile at once: neighbours in `inner`, or rows where it is 1.
typedef struct softmax_tiles {
  int64_t line, width, per_line,
      count;  // positions of a line and a tile, tiles of a line and in all
} softmax_tiles;

static inline softmax_tiles softmax_tiles_of(int64_t outer, int64_t n, int64_t inner) {
  softmax_tiles t = {.line = inner, .width = SOFTMAX_TILE};
  if (inner == 1) {
    t.line = outer;
    t.width = n >= SOFTMAX_BLOCK / 2 ? 1 : TC_MIN(SOFTMAX_TILE, SOFTMAX_BLOCK / TC_MAX(n, 1));
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

// The same for `rows` whole rows of x; the exponentials go to e unless it is NULL. Exponentials of
// several short rows are one loop, so that none is computed alone and no row waits for another.
static inline void NAME(row_sums)(T *m, double *sum, T *e, const T *x, int64_t n, int64_t rows) {
  T few[SOFTMAX_BLOCK];
  if (rows == 1) {
    const T most = *m = NAME(row_max)(x, n);
    *sum = 0;
    if (e) TC_SUM(*sum, i, n, e[i] = EXP(x[i] - most))
    else TC_SUM(*sum, i, n, EXP(x[i] - most))
    return;
  }
  if (!e) e = few;
  for (int64_t r = 0; r < rows; r++) {
    const T most = m[r] = NAME(row_max)(x + r * n, n);
    for (int64_t i = r * n; i < r * n + n; i++) e[i] = x[i] - most;
  }
  for (int64_t i = 0; i < rows * n; i++) e[i] = EXP(e[i]);
  for (int64_t r = 0; r < rows; r++) {
    sum[r] = 0;
    TC_SUM(sum[r], i, n, e[r * n + i])
  }
}
