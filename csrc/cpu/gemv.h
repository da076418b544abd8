// A matrix given by columns times a vector: y = alpha A x + beta d, as a sum of the columns. (By rows it is
// gemm_dots.h.) Part of a template.
//
// Blocks are fixed, so that the number of threads changes no bit.

enum { NAME(COLUMNS) = 256 };

// Element p of column j of A (k, n) is a[p * lda + j]; `incx`, `incd` and `incy` are strides.
typedef struct NAME(matvec) {
  const T *a, *x;
  int64_t n, k, lda, incx, incd, incy;
  T alpha, beta;
  const T *d;
  T *y;
} NAME(matvec);

static inline void NAME(add_columns)(const NAME(matvec) *q, T *restrict sum, const T *restrict a,
                                     int64_t w) {
  const int64_t lda = q->lda, incx = q->incx;
  const T *x = q->x;
  int64_t p = 0;
  for (; p + 4 <= q->k; p += 4, a += 4 * lda, x += 4 * incx) {
    const T x0 = x[0], x1 = x[incx], x2 = x[2 * incx], x3 = x[3 * incx];
    for (int64_t j = 0; j < w; j++)
      sum[j] += x0 * a[j] + x1 * a[lda + j] + x2 * a[2 * lda + j] + x3 * a[3 * lda + j];
  }
  for (; p < q->k; p++, a += lda, x += incx)
    for (int64_t j = 0; j < w; j++) sum[j] += x[0] * a[j];
}

static void NAME(columns_block)(const NAME(matvec) *q, int64_t from, int64_t end) {
  T sum[NAME(COLUMNS)] = {0};
  NAME(add_columns)(q, sum, q->a + from, end - from);
  for (int64_t j = from; j < end; j++) {
    T y = q->alpha * sum[j - from];
    if (q->beta != 0) y += q->beta * q->d[j * q->incd];
    q->y[j * q->incy] = y;
  }
}

// A small one stays clear of OpenMP, whose region costs more than it.
static void NAME(gemv)(const NAME(matvec) *q) {
  const int64_t blocks = (q->n + NAME(COLUMNS) - 1) / NAME(COLUMNS);
  if (q->n * q->k <= TC_GRAIN)
    for (int64_t p = 0; p < blocks; p++)
      NAME(columns_block)(q, p * NAME(COLUMNS), TC_MIN(q->n, (p + 1) * NAME(COLUMNS)));
  else TC_PARALLEL_FOR(p, blocks, TC_GRAIN)
  NAME(columns_block)(q, p * NAME(COLUMNS), TC_MIN(q->n, (p + 1) * NAME(COLUMNS)));
}
