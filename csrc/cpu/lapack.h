// The routines of LAPACK that are used, by their Fortran names, and what its matrices need: LAPACK
// stores them by columns. A row-major matrix is there its own transpose.
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

#endif
