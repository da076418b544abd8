// Factorisations and solvers by LAPACK, for batches of row-major matrices: Cholesky, LU (determinant,
// inverse, solution), QR, SVD, symmetric eigenvalues, least squares; and triangular solutions by BLAS.
//
// A failure (a singular matrix, no convergence) names the matrix of the batch, counting from 1.
#ifndef T
#include "lapack.h"

// What one call works on: every job is a matrix of the batch.
typedef struct tc_lapack {
  const tc_args *a;
  blasint m, n, k, r;  // rows, columns, min(m, n), right-hand sides
  blasint lwork, liwork;
  char job, uplo;
  bool flags[3];
  double rcond;
  size_t work_at, ints_at, extra_at;  // where in a job's scratch, in bytes
  blasint *info;
} tc_lapack;

static tc_status lapack_failed(const tc_lapack *q, int64_t jobs, const char *before,
                               const char *after) {
  for (int64_t j = 0; j < jobs; j++) {
    if (q->info[j] == 0) continue;
    char where[48] = "";
    if (jobs > 1) snprintf(where, sizeof where, "matrix %lld of the batch: ", (long long)j + 1);
    if (!after) return tc_fail(TC_BAD_VALUE, "%s%s", where, before);
    return tc_fail(TC_BAD_VALUE, "%s%s%lld%s", where, before, (long long)q->info[j], after);
  }
  return TC_OK;
}

// Runs `job` on every matrix. `before` and `after` stand around LAPACK's number in the error.
static tc_status each_matrix(tc_lapack *q, job_function job, int64_t jobs, size_t scratch,
                             const char *before, const char *after) {
  if (jobs == 0) return TC_OK;
  const size_t bytes = (size_t)jobs * sizeof(blasint);
  q->info = tc_alloc(bytes);
  if (!q->info)
    return tc_fail(TC_NO_MEMORY, "not enough memory for a batch of %lld matrices", (long long)jobs);
  memset(q->info, 0, bytes);
  TC_CPU(tell_openblas)();
  const int64_t cost = (int64_t)q->m * q->n * TC_MAX(q->k, 1);
  tc_status status = each_job(job, q, jobs, cost, scratch);
  if (status == TC_OK) status = lapack_failed(q, jobs, before, after);
  tc_free(q->info, bytes);
  return status;
}

static size_t padded(size_t bytes) { return (bytes + 63) / 64 * 64; }

// The last two sizes of a tensor, and how many matrices there are.
static int64_t matrices_of(tc_lapack *q, const tc_args *a, const tc_tensor *t) {
  const int64_t m = t->size[t->ndim - 2], n = t->size[t->ndim - 1];
  q->a = a;
  q->m = (blasint)m, q->n = (blasint)n, q->k = (blasint)TC_MIN(m, n);
  int64_t count = 1;
  for (int d = 0; d + 2 < t->ndim; d++) count *= t->size[d];
  return count;
}

static blasint at_least_one(blasint n) { return n < 1 ? 1 : n; }

static const char not_finite[] = "the input has NaN or infinity";
static const char no_convergence[] = "the algorithm did not converge; LAPACK says ";
static const char singular[] = "the matrix is singular: the diagonal element ";
static const char singular_after[] = " of its factor U is zero";

// A public kernel, in a build whose BLAS brings LAPACK along.
#define LAPACK_KERNEL(name)                                                                        \
  tc_status TC_CPU(name)(tc_args * a);                                                             \
  tc_status TC_CPU(name)(tc_args * a) {                                                            \
    if (!dpotrf_)                                                                                  \
      return tc_fail(TC_NO_KERNEL, "this BLAS has no LAPACK: install OpenBLAS built with it");     \
    return a->dtype == TC_float64 ? name##_f64(a) : name##_f32(a);                                 \
  }

#define TC_TEMPLATE "lapack.c"
#include "floats.h"
LAPACK_KERNEL(cholesky)
LAPACK_KERNEL(determinant)
LAPACK_KERNEL(inv)
LAPACK_KERNEL(solve)
LAPACK_KERNEL(qr)
LAPACK_KERNEL(svd)
LAPACK_KERNEL(svdvals)
LAPACK_KERNEL(eigh)
LAPACK_KERNEL(eigvalsh)
LAPACK_KERNEL(lstsq)
TC_FLOAT_KERNEL(solve_triangular)
#else
#undef LA
#undef TRSM
#if TC_IS_F32
#define LA(name) s##name##_
#define TRSM cblas_strsm
#else
#define LA(name) d##name##_
#define TRSM cblas_dtrsm
#endif

// The j-th matrix of `size` elements of a tensor.
static inline T *NAME(matrix)(const tc_lapack *q, int slot, int64_t j, int64_t size) {
  return (T *)tc_data(q->a->t[slot]) + j * size;
}

static void NAME(transpose)(T *restrict to, const T *restrict from, int64_t rows, int64_t cols,
                            int64_t ld_to, int64_t ld_from) {
  for (int64_t j = 0; j < cols; j++)
    for (int64_t i = 0; i < rows; i++) to[j * ld_to + i] = from[i * ld_from + j];
}

static bool NAME(is_finite)(const tc_tensor *t) {
  const T *x = (const T *)tc_data(t);
  const int64_t n = tc_numel(t);
  T zero = 0;
  for (int64_t i = 0; i < n; i++) zero += x[i] * 0;
  return zero == 0;
}

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

// ---- QR --------------------------------------------------------------------------------------

// Scratch: the matrix by columns (m rows, r = the most columns it ever has), tau, work.
static tc_status NAME(qr_job)(const void *context, int64_t j, void *scratch) {
  const tc_lapack *q = context;
  const int64_t m = q->m, n = q->n;
  const blasint ld = at_least_one(q->m), cols = (blasint)q->a->t[0]->size[q->a->t[0]->ndim - 1];
  T *x = scratch, *tau = (T *)((char *)scratch + q->extra_at);
  T *work = (T *)((char *)scratch + q->work_at), *r = NAME(matrix)(q, 1, j, cols * n);
  NAME(transpose)(x, NAME(matrix)(q, 2, j, m * n), m, n, m, n);
  LA(geqrf)(&q->m, &q->n, x, &ld, tau, work, &q->lwork, &q->info[j]);
  for (int64_t i = 0; i < cols; i++)
    for (int64_t k = 0; k < n; k++) r[i * n + k] = i <= k ? x[k * m + i] : 0;
  LA(orgqr)(&q->m, &cols, &q->k, x, &ld, tau, work, &q->lwork, &q->info[j]);
  NAME(transpose)(NAME(matrix)(q, 0, j, m * cols), x, cols, m, cols, m);
  return TC_OK;
}

// qr(q, r, x); q is (m, min(m, n)) or (m, m)
static tc_status NAME(qr)(tc_args *a) {
  tc_lapack q = {0};
  const int64_t jobs = matrices_of(&q, a, a->t[2]);
  const blasint most = TC_MAX(q.n, TC_MAX(q.m, 1));
  q.lwork = 64 * most;
  q.extra_at = padded((size_t)q.m * (size_t)most * sizeof(T));
  q.work_at = q.extra_at + padded((size_t)most * sizeof(T));
  return each_matrix(&q, NAME(qr_job), jobs, q.work_at + (size_t)q.lwork * sizeof(T),
                     "LAPACK's QR says ", "");
}

// ---- SVD -------------------------------------------------------------------------------------

static void NAME(identity)(T *y, int64_t n) {
  for (int64_t i = 0; i < n * n; i++) y[i] = i % (n + 1) == 0;
}

// By columns x is its transpose V S U': what LAPACK calls U' there lies as U here, and V' likewise.
static tc_status NAME(svd_job)(const void *context, int64_t j, void *scratch) {
  const tc_lapack *q = context;
  const int64_t m = q->m, n = q->n, k = q->k;
  const bool vectors = q->job != 'N';
  const blasint ku = q->job == 'A' ? q->m : q->k, kv = q->job == 'A' ? q->n : q->k;
  T *u = vectors ? NAME(matrix)(q, 0, j, m * ku) : NULL;
  T *vh = vectors ? NAME(matrix)(q, 2, j, kv * n) : NULL;
  if (k == 0) {
    if (q->job == 'A') NAME(identity)(u, m), NAME(identity)(vh, n);
    return TC_OK;
  }
  const blasint ldu = q->n, ldvt = at_least_one(ku);
  memcpy(scratch, NAME(matrix)(q, vectors ? 3 : 1, j, m * n), (size_t)(m * n) * sizeof(T));
  LA(gesdd)
  (&q->job, &q->n, &q->m, scratch, &q->n, NAME(matrix)(q, vectors ? 1 : 0, j, k), vh, &ldu, u,
   &ldvt, (T *)((char *)scratch + q->work_at), &q->lwork,
   (blasint *)(void *)((char *)scratch + q->ints_at), &q->info[j], 1);
  return TC_OK;
}

static tc_status NAME(run_svd)(tc_args *a, const tc_tensor *x, char job) {
  tc_lapack q = {.job = job, .lwork = -1};
  const int64_t jobs = matrices_of(&q, a, x);
  if (!NAME(is_finite)(x)) return tc_fail(TC_BAD_VALUE, "%s", not_finite);
  const blasint ld = at_least_one(q.n), ldvt = at_least_one(job == 'A' ? q.m : q.k);
  T best = 1;
  blasint info = 0, none = 0;
  if (q.k > 0) LA(gesdd)
  (&job, &q.n, &q.m, &best, &ld, &best, &best, &ld, &best, &ldvt, &best, &q.lwork, &none, &info, 1);
  q.lwork = (blasint)best + 64;
  q.work_at = padded((size_t)q.m * (size_t)q.n * sizeof(T));
  q.ints_at = q.work_at + padded((size_t)q.lwork * sizeof(T));
  return each_matrix(&q, NAME(svd_job), jobs,
                     q.ints_at + 8 * (size_t)at_least_one(q.k) * sizeof(blasint), no_convergence,
                     "");
}

// svd(u, s, vh, x): full where u or vh is
static tc_status NAME(svd)(tc_args *a) {
  const tc_tensor *u = a->t[0], *vh = a->t[2], *x = a->t[3];
  const int64_t m = x->size[x->ndim - 2], n = x->size[x->ndim - 1], k = TC_MIN(m, n);
  const bool full = u->size[u->ndim - 1] > k || vh->size[vh->ndim - 2] > k;
  return NAME(run_svd)(a, x, full ? 'A' : 'S');
}

static tc_status NAME(svdvals)(tc_args *a) { return NAME(run_svd)(a, a->t[1], 'N'); }

// ---- symmetric eigenvalues -------------------------------------------------------------------

static tc_status NAME(eigh_job)(const void *context, int64_t j, void *scratch) {
  const tc_lapack *q = context;
  const int64_t n = q->n, size = n * n;
  const blasint ld = at_least_one(q->n);
  const bool vectors = q->job == 'V';
  T *v = vectors ? NAME(matrix)(q, 1, j, size) : scratch;
  memcpy(v, NAME(matrix)(q, vectors ? 2 : 1, j, size), (size_t)size * sizeof(T));
  LA(syevd)
  (&q->job, &q->uplo, &q->n, v, &ld, NAME(matrix)(q, 0, j, n), (T *)((char *)scratch + q->work_at),
   &q->lwork, (blasint *)(void *)((char *)scratch + q->ints_at), &q->liwork, &q->info[j], 1, 1);
  if (!vectors) return TC_OK;
  for (int64_t i = 0; i < n; i++)
    for (int64_t k = i + 1; k < n; k++) {
      const T x = v[i * n + k];
      v[i * n + k] = v[k * n + i];
      v[k * n + i] = x;
    }
  return TC_OK;
}

static tc_status NAME(run_eigh)(tc_args *a, const tc_tensor *x, char job) {
  tc_lapack q = {.job = job, .uplo = a->i[0] ? 'L' : 'U', .lwork = -1, .liwork = -1};
  const int64_t jobs = matrices_of(&q, a, x);
  if (!NAME(is_finite)(x)) return tc_fail(TC_BAD_VALUE, "%s", not_finite);
  const blasint ld = at_least_one(q.n);
  T best = 1, none = 0;
  blasint ints = 1, info = 0;
  LA(syevd)(&job, &q.uplo, &q.n, &none, &ld, &none, &best, &q.lwork, &ints, &q.liwork, &info, 1, 1);
  q.lwork = (blasint)best + 64, q.liwork = ints;
  q.work_at = padded((size_t)q.n * (size_t)q.n * sizeof(T));
  q.ints_at = q.work_at + padded((size_t)q.lwork * sizeof(T));
  return each_matrix(&q, NAME(eigh_job), jobs, q.ints_at + (size_t)ints * sizeof(blasint),
                     no_convergence, "");
}

// eigh(values, vectors, x, upper), eigvalsh(values, x, upper)
static tc_status NAME(eigh)(tc_args *a) { return NAME(run_eigh)(a, a->t[2], 'V'); }
static tc_status NAME(eigvalsh)(tc_args *a) { return NAME(run_eigh)(a, a->t[1], 'N'); }

// ---- least squares ---------------------------------------------------------------------------

// Scratch: the matrix by columns; b by columns, max(m, n) rows; the columns' order; work.
static tc_status NAME(lstsq_job)(const void *context, int64_t j, void *scratch) {
  const tc_lapack *q = context;
  const int64_t m = q->m, n = q->n, r = q->r, most = TC_MAX(TC_MAX(m, n), 1);
  const blasint ld = at_least_one(q->m), ldb = (blasint)most;
  const T rcond = (T)q->rcond;
  T *x = scratch, *b = (T *)((char *)scratch + q->extra_at);
  blasint *order = (blasint *)(void *)((char *)scratch + q->ints_at), rank = 0;
  memset(order, 0, (size_t)at_least_one(q->n) * sizeof *order);
  NAME(transpose)(x, NAME(matrix)(q, 2, j, m * n), m, n, m, n);
  NAME(transpose)(b, NAME(matrix)(q, 3, j, m * r), m, r, most, r);
  LA(gelsy)
  (&q->m, &q->n, &q->r, x, &ld, b, &ldb, order, &rcond, &rank, (T *)((char *)scratch + q->work_at),
   &q->lwork, &q->info[j]);
  NAME(transpose)(NAME(matrix)(q, 0, j, n * r), b, r, n, r, most);
  ((int64_t *)tc_data(q->a->t[1]))[j] = rank;
  return TC_OK;
}

// lstsq(x, rank, a, b, rcond)
static tc_status NAME(lstsq)(tc_args *a) {
  tc_lapack q = {.rcond = a->f[0]};
  const int64_t jobs = matrices_of(&q, a, a->t[2]);
  if (!NAME(is_finite)(a->t[2])) return tc_fail(TC_BAD_VALUE, "%s", not_finite);
  q.r = (blasint)a->t[3]->size[a->t[3]->ndim - 1];
  const size_t most = (size_t)TC_MAX(q.m, at_least_one(q.n));
  q.lwork = q.k + 64 * (blasint)(most + 1) + 64 * at_least_one(q.r);
  q.extra_at = padded((size_t)q.m * (size_t)q.n * sizeof(T));
  q.ints_at = q.extra_at + padded(most * (size_t)q.r * sizeof(T));
  q.work_at = q.ints_at + padded((size_t)at_least_one(q.n) * sizeof(blasint));
  return each_matrix(&q, NAME(lstsq_job), jobs, q.work_at + (size_t)q.lwork * sizeof(T),
                     "LAPACK's least squares says ", "");
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
