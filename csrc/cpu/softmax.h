// What softmax and cross_entropy share, included inside a template: the sum of exp(x - largest) of
// columns of (n, inner), a tile of them at once.
#include "math.h"
#include "rows.h"

#ifndef TOCHA_CPU_SOFTMAX_H
#define TOCHA_CPU_SOFTMAX_H
enum { SOFTMAX_TILE = 64 };
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
