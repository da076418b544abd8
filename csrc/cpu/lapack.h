// The routines of LAPACK that are used, by their Fortran names, and how a batch of row-major matrices
// goes through one. LAPACK stores matrices by columns: a row-major one is there its own transpose.
//
// A failure (a singular matrix, no convergence) names the matrix of the batch, counting from 1.
#ifndef TOCHA_LAPACK_H
#define TOCHA_LAPACK_H

#include <cblas.h>
#include <stdio.h>

#include "gemm.h"
#include "jobs.h"

// Fortran passes the lengths of strings at the end. Weak: a BLAS without LAPACK leaves them NULL.
#define TC_LAPACK_ROUTINES(p, T)                                                                   \
  __attribute__((weak)) void p##potrf_(const char *uplo, const blasint *n, T *a,                   \
                                       const blasint *lda, blasint *info, size_t);                 \
  __attribute__((weak)) void p##getrf_(const blasint *m, const blasint *n, T *a,                   \
                                       const blasint *lda, blasint *pivots, blasint *info);        \
  __attribute__((weak)) void p##getri_(const blasint *n, T *a, const blasint *lda,                 \
                                       const blasint *pivots, T *work, const blasint *lwork,       \
                                       blasint *info);                                             \
  __attribute__((weak)) void p##getrs_(const char *trans, const blasint *n, const blasint *nrhs,   \
                                       const T *a, const blasint *lda, const blasint *pivots,      \
                                       T *b, const blasint *ldb, blasint *info, size_t);           \
  __attribute__((weak)) void p##geqrf_(const blasint *m, const blasint *n, T *a,                   \
                                       const blasint *lda, T *tau, T *work, const blasint *lwork,  \
                                       blasint *info);                                             \
  __attribute__((weak)) void p##orgqr_(const blasint *m, const blasint *n, const blasint *k, T *a, \
                                       const blasint *lda, const T *tau, T *work,                  \
                                       const blasint *lwork, blasint *info);                       \
  __attribute__((weak)) void p##gesdd_(const char *jobz, const blasint *m, const blasint *n, T *a, \
                                       const blasint *lda, T *s, T *u, const blasint *ldu, T *vt,  \
                                       const blasint *ldvt, T *work, const blasint *lwork,         \
                                       blasint *iwork, blasint *info, size_t);                     \
  __attribute__((weak)) void p##syevd_(const char *jobz, const char *uplo, const blasint *n, T *a, \
                                       const blasint *lda, T *w, T *work, const blasint *lwork,    \
                                       blasint *iwork, const blasint *liwork, blasint *info,       \
                                       size_t, size_t);                                            \
  __attribute__((weak)) void p##gelsy_(const blasint *m, const blasint *n, const blasint *nrhs,    \
                                       T *a, const blasint *lda, T *b, const blasint *ldb,         \
                                       blasint *jpvt, const T *rcond, blasint *rank, T *work,      \
                                       const blasint *lwork, blasint *info);
TC_LAPACK_ROUTINES(s, float)
TC_LAPACK_ROUTINES(d, double)
#undef TC_LAPACK_ROUTINES

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

static inline tc_status lapack_failed(const tc_lapack *q, int64_t jobs, const char *before,
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
static inline tc_status each_matrix(tc_lapack *q, job_function job, int64_t jobs, size_t scratch,
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

static inline size_t padded(size_t bytes) { return (bytes + 63) / 64 * 64; }

// The last two sizes of a tensor, and how many matrices there are.
static inline int64_t matrices_of(tc_lapack *q, const tc_args *a, const tc_tensor *t) {
  const int64_t m = t->size[t->ndim - 2], n = t->size[t->ndim - 1];
  q->a = a;
  q->m = (blasint)m, q->n = (blasint)n, q->k = (blasint)TC_MIN(m, n);
  int64_t count = 1;
  for (int d = 0; d + 2 < t->ndim; d++) count *= t->size[d];
  return count;
}

static inline blasint at_least_one(blasint n) { return n < 1 ? 1 : n; }

// A public kernel, in a build whose BLAS brings LAPACK along.
#define LAPACK_KERNEL(name)                                                                        \
  tc_status TC_CPU(name)(tc_args * a);                                                             \
  tc_status TC_CPU(name)(tc_args * a) {                                                            \
    if (!dpotrf_)                                                                                  \
      return tc_fail(TC_NO_KERNEL, "this BLAS has no LAPACK: install OpenBLAS built with it");     \
    return a->dtype == TC_float64 ? name##_f64(a) : name##_f32(a);                                 \
  }
#endif

#ifdef T  // inside a template
#undef LA
#if TC_IS_F32
#define LA(name) s##name##_
#else
#define LA(name) d##name##_
#endif

// The j-th matrix of `size` elements of a tensor.
static inline T *NAME(matrix)(const tc_lapack *q, int slot, int64_t j, int64_t size) {
  return (T *)tc_data(q->a->t[slot]) + j * size;
}

static inline void NAME(transpose)(T *restrict to, const T *restrict from, int64_t rows,
                                   int64_t cols, int64_t ld_to, int64_t ld_from) {
  for (int64_t j = 0; j < cols; j++)
    for (int64_t i = 0; i < rows; i++) to[j * ld_to + i] = from[i * ld_from + j];
}
#endif
