// Matrix products: which way a product goes by its shape.
//
// Tiny ones: own loops (gemm_tile.h). A row times a matrix given by columns: sums of rows (gemv.h).
// Few rows times a matrix given by rows: dot products (gemm_dots.h). Others: panels (gemm_panels.h);
// where vectors are short, OpenBLAS (gemm_blas.h). Integers: own loops.
//
// What an element is summed of, and in which order, is a matter of the way and of k alone: pieces of
// C may be cut as the threads need it.
#ifndef T
#include "gemm.h"

#include <cblas.h>
#include <limits.h>
#include <omp.h>

void openblas_set_num_threads(int);

// OpenBLAS is told once, for all threads. Its OpenMP build asks OpenMP as well, at every call, whose
// number belongs to the calling thread (and to the task: what is set inside a region is forgotten).
void TC_CPU(tell_openblas)(void) {
  static atomic_bool told;
  if (!omp_in_parallel() && omp_get_max_threads() != 1) {
    tc_threads();  // reads OpenMP's own number before it is changed here
    omp_set_num_threads(1);
  }
  if (atomic_load_explicit(&told, memory_order_acquire)) return;
  TC_PRAGMA(omp critical(tocha_openblas)) {
    if (!told) openblas_set_num_threads(1);
    atomic_store(&told, true);
  }
}

#define TC_TEMPLATE "gemm.c"
#include "numbers.h"
#else
#include "gemm_tile.h"

// C = beta D
static void NAME(fill)(const NAME(product) *q) {
  for (int64_t i = 0; i < q->m; i++)
    for (int64_t j = 0; j < q->n; j++)
      q->c[i * q->ldc + j] = q->beta == 0 ? 0 : q->beta * q->d[i * q->ldd + j];
}

#if TC_IS_INT
static tc_status NAME(large)(const NAME(product) *q) {
  const size_t bytes = (size_t)q->k * sizeof(NAME(vec));
  const int64_t panels = (q->n + NAME(WIDTH) - 1) / NAME(WIDTH);
  const int64_t workers = TC_MIN(tc_threads(), panels);
  char *scratch = tc_alloc(bytes * (size_t)workers);
  if (!scratch) return tc_fail(TC_NO_MEMORY, "not enough memory for a product of integers");
  TC_PARALLEL_FOR(w, workers, q->m * q->n * q->k / workers)
  for (int64_t j = w; j < panels; j += workers)
    NAME(one_panel)(q, (NAME(vec) *)(scratch + bytes * (size_t)w), j * NAME(WIDTH));
  tc_free(scratch, bytes * (size_t)workers);
  return TC_OK;
}
#else
// Rows or columns [from, to) of C.
static NAME(product) NAME(rows_of)(NAME(product) q, int64_t from, int64_t to) {
  q.a.x += from * q.a.row, q.c += from * q.ldc, q.d += from * q.ldd, q.m = to - from;
  return q;
}

static NAME(product) NAME(columns_of)(NAME(product) q, int64_t from, int64_t to) {
  q.b.x += from * q.b.col, q.c += from, q.d += from, q.n = to - from;
  return q;
}

#include "panel.h"

#include "gemm_dots.h"
#include "gemv.h"

// `blocked`: where vectors are short OpenBLAS has the better kernels.
#if PANEL_BYTES < 32
#include "gemm_blas.h"
#else
#include "gemm_panels.h"
#endif

// Both operands by rows of k, of one of them few: with more of them packing is made up for.
static bool NAME(is_dots)(const NAME(product) *q) {
  enum { MOST = 32, SHARE = 16 };
  return q->a.col == 1 && q->b.row == 1 && TC_MIN(q->m, q->n) <= TC_MIN(MOST, 1 + q->k / SHARE);
}

static void NAME(as_dots)(const NAME(product) *q) {
  NAME(dots) r = {.k = q->k, .alpha = q->alpha, .beta = q->beta, .d = q->d, .c = q->c};
  if (q->m <= q->n) {
    r.a = q->a.x, r.lda = q->a.row, r.m = q->m, r.b = q->b.x, r.ldb = q->b.col, r.n = q->n;
    r.drow = q->ldd, r.dcol = 1, r.crow = q->ldc, r.ccol = 1;
  } else {
    r.a = q->b.x, r.lda = q->b.col, r.m = q->n, r.b = q->a.x, r.ldb = q->a.row, r.n = q->m;
    r.drow = 1, r.dcol = q->ldd, r.crow = 1, r.ccol = q->ldc;
  }
  NAME(multiply_dots)(&r);
}

// A row times columns, or the other way round.
static bool NAME(is_gemv)(const NAME(product) *q) {
  return (q->m == 1 && q->b.col == 1) || (q->n == 1 && q->a.row == 1);
}

static void NAME(as_gemv)(const NAME(product) *q) {
  NAME(matvec) v = {.k = q->k, .alpha = q->alpha, .beta = q->beta, .d = q->d, .y = q->c};
  if (q->m == 1 && q->b.col == 1) {
    v.a = q->b.x, v.lda = q->b.row, v.n = q->n, v.x = q->a.x, v.incx = q->a.col;
    v.incd = v.incy = 1;
  } else {
    v.a = q->a.x, v.lda = q->a.col, v.n = q->m, v.x = q->b.x, v.incx = q->b.row;
    v.incd = q->ldd, v.incy = q->ldc;
  }
  NAME(gemv)(&v);
}

static tc_status NAME(large)(const NAME(product) *q) {
  if (NAME(is_gemv)(q)) NAME(as_gemv)(q);
  else if (NAME(is_dots)(q)) NAME(as_dots)(q);
  else return NAME(blocked)(q);
  return TC_OK;
}
#endif

tc_status GEMM_ADD(bool ta, bool tb, int64_t m, int64_t n, int64_t k, T alpha, const T *a,
                   int64_t lda, const T *b, int64_t ldb, T beta, const T *d, int64_t ldd, T *c,
                   int64_t ldc) {
  // Multiplications that cost less than a choice among the other ways; a vector, or less.
  enum { TINY = 2048, SHORT = 16 };
  if (m == 0 || n == 0) return TC_OK;
  NAME(product) q = {.m = m, .n = n, .k = k, .alpha = alpha, .beta = beta, .c = c, .ldc = ldc};
  q.a = (NAME(operand)){a, ta ? 1 : lda, ta ? lda : 1};
  q.b = (NAME(operand)){b, tb ? 1 : ldb, tb ? ldb : 1};
  q.d = beta == 0 ? c : d, q.ldd = beta == 0 ? ldc : ldd;
  if (k == 0) NAME(fill)(&q);
  else if (m == 1 && k <= SHORT && n <= SHORT && q.b.col != 1) NAME(one_row)(&q);
  else if (n > 1 && k <= NAME(PANEL) &&m * n * k <= TINY) NAME(tiny)(&q);
  else return NAME(large)(&q);
  return TC_OK;
}

tc_status GEMM(bool ta, bool tb, int64_t m, int64_t n, int64_t k, T alpha, const T *a, int64_t lda,
               const T *b, int64_t ldb, T beta, T *c, int64_t ldc) {
  return GEMM_ADD(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, c, ldc);
}
#endif
