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
                                  int64_t ldc);                                                    \
  tc_status TC_CPU(gemm_add_##suffix)(bool ta, bool tb, int64_t m, int64_t n, int64_t k, T alpha,  \
                                      const T *a, int64_t lda, const T *b, int64_t ldb, T beta,    \
                                      const T *d, int64_t ldd, T *c, int64_t ldc);
TC_GEMM(f32, float)
TC_GEMM(f64, double)
TC_GEMM(i64, int64_t)
#undef TC_GEMM

// In a template: the product of its type.
#define TC_GEMM_OF(name) TC_CPU(name)
#define GEMM TC_GEMM_OF(NAME(gemm))
#define GEMM_ADD TC_GEMM_OF(NAME(gemm_add))

// Tells OpenBLAS, once on each of our threads, to work on that thread alone. Before any call of it.
void TC_CPU(tell_openblas)(void);

#endif
