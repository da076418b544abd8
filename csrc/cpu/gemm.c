// Matrix products: which way a product goes by its shape, and how it is shared out over the threads.
//
// Tiny ones: own loops (gemm_tile.h). One row or column: own loops (gemv.h). Others: on vectors of 512
// bits packed panels (gemm_packed.h) where there are enough rows and columns, else OpenBLAS, on one
// thread a piece of C. Integers: own loops.
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

// Below TINY multiplications the own loop is quicker than a call. Below LEAST OpenBLAS takes other
// kernels, which round otherwise: no product of that size is a piece of a larger one.
// FEW_ROWS times a transposed matrix are quicker one by one.
enum { TINY = 2048, LEAST = 1024 * 1024, FEW_ROWS = 3 };

// Pieces of C begin at multiples of these, which its kernels' tiles divide: 16, 24, 48, 64 and 192 wide.
enum { ROW_STEP = 48, COLUMN_STEP_f32 = 64, COLUMN_STEP_f64 = 192 };

// As many pieces as there are processors, however many threads share them out: where OpenBLAS puts its
// tiles depends on the size of a piece, and an element at the edge of a tile is rounded otherwise.
static int64_t pieces_of(int64_t side, int64_t step, double work) {
  static atomic_int processors;
  if (work < 2.0 * LEAST) return 1;
  if (!atomic_load_explicit(&processors, memory_order_relaxed))
    atomic_store(&processors, omp_get_num_procs());
  int64_t pieces = TC_MIN(processors, side / step);
  // the smallest piece has floor(units / pieces) steps of side
  while (pieces > 1 && work * (double)(side / step / pieces * step) / (double)side < LEAST)
    pieces--;
  return TC_MAX(pieces, 1);
}

#define TC_TEMPLATE "gemm.c"
#include "numbers.h"
#else
#include "gemm_tile.h"

static void NAME(scale)(T *c, int64_t m, int64_t n, int64_t ldc, T beta) {
  for (int64_t i = 0; i < m; i++)
    for (int64_t j = 0; j < n; j++) c[i * ldc + j] = beta == 0 ? 0 : beta * c[i * ldc + j];
}

static NAME(product)
    NAME(as_product)(bool ta, bool tb, const T *a, int64_t lda, const T *b, int64_t ldb) {
  NAME(product) q = {.a = {a, ta ? 1 : lda, ta ? lda : 1}, .b = {b, tb ? 1 : ldb, tb ? ldb : 1}};
  return q;
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
#include "gemv.h"

#undef CBLAS_GEMM
#undef COLUMN_STEP
#if TC_IS_F32
#define CBLAS_GEMM cblas_sgemm
#define COLUMN_STEP COLUMN_STEP_f32
#else
#define CBLAS_GEMM cblas_dgemm
#define COLUMN_STEP COLUMN_STEP_f64
#endif

static void NAME(blas)(bool ta, bool tb, const NAME(product) *q, int64_t lda, int64_t ldb) {
  TC_CPU(tell_openblas)();
  CBLAS_GEMM(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
             (blasint)q->m, (blasint)q->n, (blasint)q->k, q->alpha, q->a.x, (blasint)lda, q->b.x,
             (blasint)ldb, q->beta, q->c, (blasint)q->ldc);
}

static void NAME(piece)(bool ta, bool tb, const NAME(product) *q, int64_t lda, int64_t ldb,
                        bool rows, int64_t from, int64_t to) {
  NAME(product) r = *q;
  *(rows ? &r.m : &r.n) = to - from;
  r.c += rows ? from * q->ldc : from;
  if (rows) r.a.x += from * q->a.row;
  else r.b.x += from * q->b.col;
  NAME(blas)(ta, tb, &r, lda, ldb);
}

static void NAME(in_pieces)(bool ta, bool tb, const NAME(product) *q, int64_t lda, int64_t ldb) {
  const double work = (double)q->m * (double)q->n * (double)q->k;
  const bool rows = q->m / ROW_STEP >= q->n / COLUMN_STEP;
  const int64_t side = rows ? q->m : q->n, step = rows ? ROW_STEP : COLUMN_STEP;
  const int64_t pieces = pieces_of(side, step, work), units = side / step;
  if (pieces == 1) {
    NAME(blas)(ta, tb, q, lda, ldb);
    return;
  }
  TC_PARALLEL_FOR(p, pieces, TC_GRAIN)
  NAME(piece)(ta, tb, q, lda, ldb, rows, units * p / pieces * step,
              p + 1 == pieces ? side : units * (p + 1) / pieces * step);
}

#if defined(__AVX512F__)
#include "gemm_packed.h"

// Where packing pays, as measured against OpenBLAS 0.3.21: enough rows for what is packed of B, the
// more of them the less of it stays in the second cache, and columns for what is packed of A.
static bool NAME(packs)(const NAME(product) *q) {
  enum { LEAST_WORK = 32 * 32 * 32, SHARE = 1 << 15 };
  const bool cheap = q->a.row == 1 || !NAME(packs_rows)(q);
  return q->m >= 24 + q->n * q->k / SHARE && q->n >= (cheap ? 16 : 64) &&
         q->m * q->n * q->k >= LEAST_WORK;
}

// Rows or whole panels of columns, as there are more of; each piece packs for itself.
static tc_status NAME(by_panels)(const NAME(product) *q) {
  const double work = (double)q->m * (double)q->n * (double)q->k;
  const bool rows = q->m >= q->n;
  const int64_t side = rows ? q->m : q->n, step = rows ? PANEL_ROWS : NAME(PANEL_WIDE);
  const int64_t pieces = pieces_of(side, step, work), units = (side + step - 1) / step;
  const size_t bytes = ((size_t)NAME(packed_size)(q) * sizeof(T) + 63) / 64 * 64;
  char *scratch = tc_alloc(bytes * (size_t)pieces);
  if (!scratch)
    return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of packed matrices",
                   bytes * (size_t)pieces);
  TC_PARALLEL_FOR(i, pieces, TC_GRAIN) {
    const int64_t from = units * i / pieces * step;
    NAME(packed_piece)(q, rows, from, TC_MIN(side, units * (i + 1) / pieces * step),
                       (T *)(scratch + bytes * (size_t)i));
  }
  tc_free(scratch, bytes * (size_t)pieces);
  return TC_OK;
}
#endif

static tc_status NAME(large)(const NAME(product) *q, bool ta, bool tb, int64_t lda, int64_t ldb) {
#if defined(__AVX512F__)
  if (NAME(packs)(q)) return NAME(by_panels)(q);
#endif
  NAME(matvec) v = {.k = q->k, .alpha = q->alpha, .beta = q->beta, .y = q->c};
  if (q->m == 1 || (q->m <= FEW_ROWS && tb && q->n * q->k > TC_GRAIN)) {
    v.a = q->b.x, v.n = q->n, v.lda = ldb, v.incy = 1;
    for (int64_t i = 0; i < q->m; i++) {
      v.x = q->a.x + i * q->a.row, v.y = q->c + i * q->ldc;
      TC_TRY(NAME(gemv)(tb, v, q->a.col));
    }
    return TC_OK;
  }
  if (q->n == 1) {
    v.a = q->a.x, v.x = q->b.x, v.n = q->m, v.lda = lda, v.incy = q->ldc;
    return NAME(gemv)(!ta, v, q->b.row);
  }
  if (TC_MAX(TC_MAX(TC_MAX(q->m, q->n), TC_MAX(q->k, lda)), TC_MAX(ldb, q->ldc)) > INT_MAX)
    return tc_fail(TC_BAD_SHAPE, "a product of %lld x %lld x %lld is beyond this BLAS",
                   (long long)q->m, (long long)q->k, (long long)q->n);
  NAME(in_pieces)(ta, tb, q, TC_MAX(1, lda), TC_MAX(1, ldb));
  return TC_OK;
}
#endif

tc_status GEMM(bool ta, bool tb, int64_t m, int64_t n, int64_t k, T alpha, const T *a, int64_t lda,
               const T *b, int64_t ldb, T beta, T *c, int64_t ldc) {
  if (m == 0 || n == 0) return TC_OK;
  if (k == 0) {
    NAME(scale)(c, m, n, ldc, beta);
    return TC_OK;
  }
  NAME(product) q = NAME(as_product)(ta, tb, a, lda, b, ldb);
  q.m = m, q.n = n, q.k = k, q.alpha = alpha, q.beta = beta, q.c = c, q.ldc = ldc;
  if (n > 1 && k <= NAME(PANEL) &&m * n * k <= TINY) {
    NAME(tiny)(&q);
    return TC_OK;
  }
#if TC_IS_INT
  return NAME(large)(&q);
#else
  return NAME(large)(&q, ta, tb, lda, ldb);
#endif
}
#endif
