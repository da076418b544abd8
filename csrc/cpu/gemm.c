#include "gemm.h"

#include <cblas.h>
#include <omp.h>

void openblas_set_num_threads(int);

// OpenBLAS is told one thread, once: the products are cut into pieces here.
static void tell_openblas(void) {
  static bool told;
  if (told) return;
  openblas_set_num_threads(1);
  told = true;
}

enum { PIECE = 64 };
#define DEFINE(suffix, T, call)                                                                    \
  tc_status TC_CPU(gemm_##suffix)(bool ta, bool tb, int64_t m, int64_t n, int64_t k, T alpha,      \
                                  const T *a, int64_t lda, const T *b, int64_t ldb, T beta, T *c,  \
                                  int64_t ldc) {                                                   \
    if (m == 0 || n == 0) return TC_OK;                                                            \
    tell_openblas();                                                                               \
    const bool rows = m >= n;                                                                      \
    const int64_t side = rows ? m : n;                                                             \
    const int64_t pieces = m * n * k < 200000 ? 1 : tc_threads();                                  \
    const int64_t step = ((side + pieces - 1) / pieces + PIECE - 1) / PIECE * PIECE;               \
    const int64_t count = (side + step - 1) / step;                                                \
    TC_PRAGMA(omp parallel for num_threads(tc_threads()) if (count > 1))                           \
    for (int64_t p = 0; p < count; p++) {                                                          \
      const int64_t first = p * step, size = TC_MIN(step, side - first);                           \
      const T *ap = rows ? a + first * (ta ? 1 : lda) : a;                                         \
      const T *bp = rows ? b : b + first * (tb ? ldb : 1);                                         \
      T *cp = rows ? c + first * ldc : c + first;                                                  \
      call(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,          \
           (blasint)(rows ? size : m), (blasint)(rows ? n : size), (blasint)k, alpha, ap,          \
           (blasint)TC_MAX(1, lda), bp, (blasint)TC_MAX(1, ldb), beta, cp,                         \
           (blasint)TC_MAX(1, ldc));                                                               \
    }                                                                                              \
    return TC_OK;                                                                                  \
  }

DEFINE(f32, float, cblas_sgemm)
DEFINE(f64, double, cblas_dgemm)
