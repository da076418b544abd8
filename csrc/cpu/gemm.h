// Matrix products for kernels: C = alpha op(A) op(B) + beta C, row-major, op the transpose or nothing.
//
// gemm_add: C = alpha op(A) op(B) + beta D, rows of D `ldd` apart: 0 for a bias, one row for all.
// Threads are ours, OpenBLAS works on one; inside a parallel region a product stays on its thread.
// Results do not depend on the number of threads. beta == 0 overwrites C, whatever it held.
#ifndef TOCHA_GEMM_H
#define TOCHA_GEMM_H

#include "cpu.h"

#define TC_GEMM(suffix, T)                                                                         \
  tc_status TC_CPU(gemm_##suffix)(bool ta, bool tb, int64_t m, int64_t n, int64_t k, T alpha,      \
                                  const T *a, int64_t lda, const T *b, int64_t ldb, T beta, T *c,  \
                                  int64_t ldc);
TC_GEMM(f32, float)
TC_GEMM(f64, double)
TC_GEMM(i64, int64_t)
#undef TC_GEMM
#define TC_GEMM_ADD(suffix, T, ACC)                                                                \
  tc_status TC_CPU(gemm_add_##suffix)(bool ta, bool tb, int64_t m, int64_t n, int64_t k,           \
                                      ACC alpha, const T *a, int64_t lda, const T *b, int64_t ldb, \
                                      ACC beta, const T *d, int64_t ldd, T *c, int64_t ldc);
TC_GEMM_ADD(f32, float, float)
TC_GEMM_ADD(f64, double, double)
TC_GEMM_ADD(i64, int64_t, int64_t)
TC_GEMM_ADD(bf16, uint16_t, float)  // where tc_cpu.multiplies_bfloat16
#undef TC_GEMM_ADD

// In a template: the product of its type.
#define TC_GEMM_OF(name) TC_CPU(name)
#define GEMM TC_GEMM_OF(NAME(gemm))
#define GEMM_ADD TC_GEMM_OF(NAME(gemm_add))

// ---- pieces for the threads ------------------------------------------------------------------

// C is cut into rows x cols pieces.
typedef struct gemm_grid {
  int64_t rows, cols;
} gemm_grid;

// For `workers`: the grid whose largest piece takes least, when a tile costs one and packing a panel
// as much as `packing` tiles.
static inline gemm_grid gemm_grid_of(int64_t tiles, int64_t panels, double packing,
                                     int64_t workers) {
  gemm_grid best = {1, 1};
  double least = INFINITY;
  for (int64_t rows = 1; rows <= workers; rows++) {
    if (workers % rows != 0) continue;
    const gemm_grid g = {TC_MIN(rows, tiles), TC_MIN(workers / rows, panels)};
    const int64_t down = (tiles + g.rows - 1) / g.rows, across = (panels + g.cols - 1) / g.cols;
    const double cost = (double)across * ((double)down + packing);
    if (cost < least) least = cost, best = g;
  }
  return best;
}

typedef struct gemm_range {
  int64_t from, to;
} gemm_range;

// Part `k` of `parts` of a side of `size` elements, cut at multiples of `step`, of which it has `steps`.
static inline gemm_range gemm_range_of(int64_t steps, int64_t step, int64_t size, int64_t k,
                                       int64_t parts) {
  return (gemm_range){TC_MIN(size, steps * k / parts * step),
                      TC_MIN(size, steps * (k + 1) / parts * step)};
}

// Tells OpenBLAS, once on each of our threads, to work on that thread alone. Before any call of it.
void TC_CPU(tell_openblas)(void);

#endif
