// A matrix times a vector: y = alpha A x + beta y, with A given by rows or by columns. OpenBLAS reaches
// a quarter of the memory's speed here. Part of a template.
//
// Blocks are fixed, so that the number of threads changes no bit.

enum { NAME(ROWS) = 16, NAME(COLUMNS) = 512 };

// The sum of a vector's elements, by halves.
static inline T NAME(lanes)(const NAME(vec) *v) {
  T lane[NAME(WIDTH)];
  memcpy(lane, v, sizeof lane);
  for (int half = NAME(WIDTH) / 2; half > 0; half /= 2)
    for (int l = 0; l < half; l++) lane[l] += lane[l + half];
  return lane[0];
}

static inline void NAME(dot4)(T out[4], const T *a, int64_t lda, const T *x, int64_t k) {
  NAME(vec) s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
  int64_t p = 0;
  for (; p + NAME(WIDTH) <= k; p += NAME(WIDTH)) {
    const NAME(vec) v = *(const NAME(loose) *)(x + p);
    s0 += v * *(const NAME(loose) *)(a + p);
    s1 += v * *(const NAME(loose) *)(a + lda + p);
    s2 += v * *(const NAME(loose) *)(a + 2 * lda + p);
    s3 += v * *(const NAME(loose) *)(a + 3 * lda + p);
  }
  out[0] = NAME(lanes)(&s0);
  out[1] = NAME(lanes)(&s1);
  out[2] = NAME(lanes)(&s2);
  out[3] = NAME(lanes)(&s3);
  for (; p < k; p++)
    for (int r = 0; r < 4; r++) out[r] += a[r * lda + p] * x[p];
}

static inline T NAME(dot1)(const T *a, const T *x, int64_t k) {
  NAME(vec) s0 = {0}, s1 = {0};
  int64_t p = 0;
  for (; p + 2 * NAME(WIDTH) <= k; p += 2 * NAME(WIDTH)) {
    s0 += *(const NAME(loose) *)(x + p) * *(const NAME(loose) *)(a + p);
    s1 += *(const NAME(loose) *)(x + p + NAME(WIDTH))**(const NAME(loose) *)(a + p + NAME(WIDTH));
  }
  s0 += s1;
  T sum = NAME(lanes)(&s0);
  for (; p < k; p++) sum += x[p] * a[p];
  return sum;
}

static inline void NAME(scale_add)(T *y, T value, T alpha, T beta) {
  *y = beta == 0 ? alpha * value : alpha * value + beta * *y;
}

typedef struct NAME(matvec) {
  const T *a, *x;
  int64_t n, k, lda, incy;
  T alpha, beta, *y;
} NAME(matvec);

// A is (n, k) by rows: a dot product an element of y.
static void NAME(rows_block)(const NAME(matvec) *q, int64_t i, int64_t end) {
  for (; i + 4 <= end; i += 4) {
    T out[4];
    NAME(dot4)(out, q->a + i * q->lda, q->lda, q->x, q->k);
    for (int r = 0; r < 4; r++)
      NAME(scale_add)(q->y + (i + r) * q->incy, out[r], q->alpha, q->beta);
  }
  for (; i < end; i++)
    NAME(scale_add)(q->y + i * q->incy, NAME(dot1)(q->a + i * q->lda, q->x, q->k), q->alpha,
                    q->beta);
}

static inline void NAME(add_columns)(T *restrict sum, const T *restrict a, int64_t lda, const T *x,
                                     int64_t k, int64_t w) {
  int64_t p = 0;
  for (; p + 4 <= k; p += 4, a += 4 * lda) {
    const T x0 = x[p], x1 = x[p + 1], x2 = x[p + 2], x3 = x[p + 3];
    for (int64_t j = 0; j < w; j++)
      sum[j] += x0 * a[j] + x1 * a[lda + j] + x2 * a[2 * lda + j] + x3 * a[3 * lda + j];
  }
  for (; p < k; p++, a += lda)
    for (int64_t j = 0; j < w; j++) sum[j] += x[p] * a[j];
}

// A is (k, n) by columns: y is a sum of rows.
static void NAME(columns_block)(const NAME(matvec) *q, int64_t from, int64_t end) {
  T sum[NAME(COLUMNS)] = {0};
  NAME(add_columns)(sum, q->a + from, q->lda, q->x, q->k, end - from);
  for (int64_t j = from; j < end; j++)
    NAME(scale_add)(q->y + j * q->incy, sum[j - from], q->alpha, q->beta);
}

// A small one stays clear of OpenMP, whose region costs more than it.
static void NAME(in_blocks)(const NAME(matvec) *q, int64_t size,
                            void (*block)(const NAME(matvec) *, int64_t, int64_t)) {
  const int64_t blocks = (q->n + size - 1) / size;
  if (q->n * q->k <= TC_GRAIN)
    for (int64_t p = 0; p < blocks; p++) block(q, p * size, TC_MIN(q->n, (p + 1) * size));
  else TC_PARALLEL_FOR(p, blocks, TC_GRAIN)
  block(q, p * size, TC_MIN(q->n, (p + 1) * size));
}

static tc_status NAME(gemv)(bool rows, NAME(matvec) q, int64_t incx) {
  T *packed = NULL;
  if (incx != 1) {
    packed = tc_alloc((size_t)q.k * sizeof(T));
    if (!packed)
      return tc_fail(TC_NO_MEMORY, "not enough memory for a vector of %lld elements",
                     (long long)q.k);
    for (int64_t p = 0; p < q.k; p++) packed[p] = q.x[p * incx];
    q.x = packed;
  }
  if (rows) NAME(in_blocks)(&q, NAME(ROWS), NAME(rows_block));
  else NAME(in_blocks)(&q, NAME(COLUMNS), NAME(columns_block));
  if (packed) tc_free(packed, (size_t)q.k * sizeof(T));
  return TC_OK;
}
