// Orthogonal factorisations, in batches, by LAPACK: QR, SVD, symmetric eigenvalues; and least squares.
#ifndef T
#include "lapack.h"

static const char not_finite[] = "the input has NaN or infinity";
static const char no_convergence[] = "the algorithm did not converge; LAPACK says ";

#define TC_TEMPLATE "lapack_orthogonal.c"
#include "floats.h"
LAPACK_KERNEL(qr)
LAPACK_KERNEL(svd)
LAPACK_KERNEL(svdvals)
LAPACK_KERNEL(eigh)
LAPACK_KERNEL(eigvalsh)
LAPACK_KERNEL(lstsq)
#else
#include "lapack.h"

static bool NAME(is_finite)(const tc_tensor *t) {
  const T *x = (const T *)tc_data(t);
  const int64_t n = tc_numel(t);
  T zero = 0;
  for (int64_t i = 0; i < n; i++) zero += x[i] * 0;
  return zero == 0;
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
#endif
