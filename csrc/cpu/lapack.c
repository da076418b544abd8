// Factorisations of square matrices and solutions by them, in batches, by LAPACK: Cholesky, LU
// (determinant, inverse, solution); and triangular solutions by BLAS.
#ifndef T
#include "lapack.h"

static const char singular[] = "the matrix is singular: the diagonal element ";
static const char singular_after[] = " of its factor U is zero";

#define TC_TEMPLATE "lapack.c"
#include "floats.h"
LAPACK_KERNEL(cholesky)
LAPACK_KERNEL(determinant)
LAPACK_KERNEL(inv)
LAPACK_KERNEL(solve)
TC_FLOAT_KERNEL(solve_triangular)
#else
#include "lapack.h"

#undef TRSM
#if TC_IS_F32
#define TRSM cblas_strsm
#else
#define TRSM cblas_dtrsm
#endif

// ---- Cholesky --------------------------------------------------------------------------------

static tc_status NAME(cholesky_job)(const void *context, int64_t j, void *scratch) {
  (void)scratch;
  const tc_lapack *q = context;
  const int64_t n = q->n, size = n * n;
  const blasint ld = at_least_one(q->n);
  T *y = NAME(matrix)(q, 0, j, size);
  memcpy(y, NAME(matrix)(q, 1, j, size), (size_t)size * sizeof(T));
  LA(potrf)(&q->uplo, &q->n, y, &ld, &q->info[j], 1);
  for (int64_t i = 0; i < n; i++)
    for (int64_t k = i + 1; k < n; k++) y[q->uplo == 'U' ? i * n + k : k * n + i] = 0;
  return TC_OK;
}

// cholesky(y, x, upper); by columns, the lower triangle is the upper one
static tc_status NAME(cholesky)(tc_args *a) {
  tc_lapack q = {.uplo = a->i[0] ? 'L' : 'U'};
  const int64_t jobs = matrices_of(&q, a, a->t[1]);
  return each_matrix(&q, NAME(cholesky_job), jobs, 0,
                     "the input is not positive-definite: the leading minor of order ",
                     " is not positive-definite");
}

// ---- LU --------------------------------------------------------------------------------------

// Scratch of the jobs that factorise: the pivots, then `matrices` matrices, then `work` numbers.
static size_t NAME(lu_scratch)(tc_lapack *q, size_t matrices, size_t work) {
  const size_t n = (size_t)at_least_one(q->n);
  q->extra_at = padded(n * sizeof(blasint));
  q->work_at = q->extra_at + padded(matrices * n * n * sizeof(T));
  return q->work_at + padded(work * sizeof(T));
}

static tc_status NAME(determinant_job)(const void *context, int64_t j, void *scratch) {
  const tc_lapack *q = context;
  const int64_t size = (int64_t)q->n * q->n;
  const blasint ld = at_least_one(q->n);
  blasint *pivots = scratch, info = 0;
  T *lu = (T *)((char *)scratch + q->extra_at), det = 1, sign = 1, logarithm = 0;
  memcpy(lu, NAME(matrix)(q, 3, j, size), (size_t)size * sizeof(T));
  LA(getrf)(&q->n, &q->n, lu, &ld, pivots, &info);  // a zero on the diagonal is an answer here
  for (int64_t i = 0; i < q->n; i++) {
    const T d = pivots[i] == i + 1 ? lu[i * q->n + i] : -lu[i * q->n + i];
    det *= d;
    sign *= d > 0 ? 1 : d < 0 ? -1 : d;
    logarithm += (T)log(fabs((double)d));
  }
  *NAME(matrix)(q, 0, j, 1) = det;
  *NAME(matrix)(q, 1, j, 1) = sign;
  *NAME(matrix)(q, 2, j, 1) = logarithm;
  return TC_OK;
}

// determinant(det, sign, logarithm of its size, x)
static tc_status NAME(determinant)(tc_args *a) {
  tc_lapack q = {0};
  const int64_t jobs = matrices_of(&q, a, a->t[3]);
  return each_matrix(&q, NAME(determinant_job), jobs, NAME(lu_scratch)(&q, 1, 0), "", NULL);
}

// The inverse of the transpose is the transpose of the inverse: no change of layout.
static tc_status NAME(inv_job)(const void *context, int64_t j, void *scratch) {
  const tc_lapack *q = context;
  const int64_t size = (int64_t)q->n * q->n;
  const blasint ld = at_least_one(q->n);
  blasint *pivots = scratch;
  T *y = NAME(matrix)(q, 0, j, size);
  memcpy(y, NAME(matrix)(q, 1, j, size), (size_t)size * sizeof(T));
  LA(getrf)(&q->n, &q->n, y, &ld, pivots, &q->info[j]);
  if (q->info[j] == 0)
    LA(getri)(&q->n, y, &ld, pivots, (T *)((char *)scratch + q->work_at), &q->lwork, &q->info[j]);
  return TC_OK;
}

static tc_status NAME(inv)(tc_args *a) {
  tc_lapack q = {0};
  const int64_t jobs = matrices_of(&q, a, a->t[1]);
  q.lwork = 64 * at_least_one(q.n);
  return each_matrix(&q, NAME(inv_job), jobs, NAME(lu_scratch)(&q, 0, (size_t)q.lwork), singular,
                     singular_after);
}

static tc_status NAME(solve_job)(const void *context, int64_t j, void *scratch) {
  const tc_lapack *q = context;
  const int64_t size = (int64_t)q->n * q->n, many = (int64_t)q->n * q->r;
  const blasint ld = at_least_one(q->n);
  blasint *pivots = scratch;
  T *lu = (T *)((char *)scratch + q->extra_at), *x = (T *)((char *)scratch + q->work_at);
  memcpy(lu, NAME(matrix)(q, 1, j, size), (size_t)size * sizeof(T));
  LA(getrf)(&q->n, &q->n, lu, &ld, pivots, &q->info[j]);
  if (q->info[j] != 0) return TC_OK;
  NAME(transpose)(x, NAME(matrix)(q, 2, j, many), q->n, q->r, q->n, q->r);
  LA(getrs)("T", &q->n, &q->r, lu, &ld, pivots, x, &ld, &q->info[j], 1);
  NAME(transpose)(NAME(matrix)(q, 0, j, many), x, q->r, q->n, q->r, q->n);
  return TC_OK;
}

// solve(x, a, b): a x = b, with b (n, r)
static tc_status NAME(solve)(tc_args *a) {
  tc_lapack q = {0};
  const int64_t jobs = matrices_of(&q, a, a->t[1]);
  q.r = (blasint)a->t[2]->size[a->t[2]->ndim - 1];
  return each_matrix(&q, NAME(solve_job), jobs, NAME(lu_scratch)(&q, 1, (size_t)q.n * (size_t)q.r),
                     singular, singular_after);
}

// ---- triangular ------------------------------------------------------------------------------

static tc_status NAME(triangular_job)(const void *context, int64_t j, void *scratch) {
  (void)scratch;
  const tc_lapack *q = context;
  const int64_t n = q->a->t[1]->size[q->a->t[1]->ndim - 1], many = (int64_t)q->m * q->n;
  T *x = NAME(matrix)(q, 0, j, many);
  memcpy(x, NAME(matrix)(q, 2, j, many), (size_t)many * sizeof(T));
  if (many == 0) return TC_OK;
  TRSM(CblasRowMajor, q->flags[1] ? CblasLeft : CblasRight, q->flags[0] ? CblasUpper : CblasLower,
       CblasNoTrans, q->flags[2] ? CblasUnit : CblasNonUnit, q->m, q->n, 1,
       NAME(matrix)(q, 1, j, n * n), (blasint)n, x, q->n);
  return TC_OK;
}

// solve_triangular(x, a, b, upper, left, unit diagonal)
static tc_status NAME(solve_triangular)(tc_args *a) {
  tc_lapack q = {.flags = {a->i[0], a->i[1], a->i[2]}};
  const int64_t jobs = matrices_of(&q, a, a->t[2]);
  return each_matrix(&q, NAME(triangular_job), jobs, 0, "", NULL);
}
#endif
