// Products of few rows with the rows of a matrix: C = alpha A B^T + beta D, both by rows, as dot
// products, for which nothing is packed. Part of a template, after panel.h.

// Rows of A and of B that a tile takes: an accumulator for each pair.
#if defined(__AVX512F__)
enum { NAME(DOT_COLUMNS) = 4 };
#else
enum { NAME(DOT_COLUMNS) = 2 };
#endif
enum { NAME(DOT_ROWS) = 4 };

typedef struct NAME(dots) {
  const T *a, *b;
  int64_t lda, ldb, m, n, k;
  T alpha, beta;
  const T *d;
  T *c;
  int64_t drow, dcol, crow, ccol;  // strides of D and C
} NAME(dots);

// The sums of the elements of each of LANES vectors.
static inline __attribute__((always_inline)) NAME(panel_vec) NAME(sums_of)(NAME(panel_vec) *x) {
  NAME(transpose_square)(x);
  for (int half = NAME(PANEL_LANES) / 2; half > 0; half /= 2)
    for (int j = 0; j < half; j++) x[j] += x[j + half];
  return x[0];
}

static inline
    __attribute__((always_inline)) void NAME(dot_step)(NAME(panel_vec) *sum, const int rows,
                                                       const T *const *a, const T *const *b,
                                                       int64_t p, int64_t width) {
  const bool whole = width >= NAME(PANEL_LANES);
  NAME(panel_vec) y[NAME(DOT_COLUMNS)];
  for (int c = 0; c < NAME(DOT_COLUMNS); c++)
    y[c] = whole ? *(const NAME(panel_vec) *)(b[c] + p) : NAME(load_some)(b[c] + p, width);
  for (int r = 0; r < rows; r++) {
    const NAME(panel_vec) x =
        whole ? *(const NAME(panel_vec) *)(a[r] + p) : NAME(load_some)(a[r] + p, width);
    for (int c = 0; c < NAME(DOT_COLUMNS); c++) sum[r * NAME(DOT_COLUMNS) + c] += x * y[c];
  }
}

// Rows [i, i + rows) of A with rows from j of B; where B has no more, its last row again, unused.
static inline
    __attribute__((always_inline)) void NAME(dot_sums)(NAME(panel_vec) *sum, const NAME(dots) *q,
                                                       const int rows, int64_t i, int64_t j) {
  enum { LANES = NAME(PANEL_LANES), COLUMNS = NAME(DOT_COLUMNS) };
  const T *a[NAME(DOT_ROWS)], *b[COLUMNS];
  for (int r = 0; r < rows; r++) a[r] = q->a + (i + r) * q->lda;
  for (int c = 0; c < COLUMNS; c++) b[c] = q->b + TC_MIN(j + c, q->n - 1) * q->ldb;
  int64_t p = 0;
  for (; p + LANES <= q->k; p += LANES) NAME(dot_step)(sum, rows, a, b, p, LANES);
  if (p < q->k) NAME(dot_step)(sum, rows, a, b, p, q->k - p);
}

static inline
    __attribute__((always_inline)) void NAME(dot_tile)(const NAME(dots) *q, const int rows,
                                                       int64_t i, int64_t j) {
  enum { LANES = NAME(PANEL_LANES), COLUMNS = NAME(DOT_COLUMNS), ALL = NAME(DOT_ROWS) *COLUMNS };
  NAME(panel_vec) sum[ALL > LANES ? ALL : LANES];
  for (int s = 0; s < (int)(sizeof sum / sizeof *sum); s++) sum[s] = (NAME(panel_vec)){0};
  NAME(dot_sums)(sum, q, rows, i, j);
  T value[sizeof sum / sizeof *sum];
  for (int s = 0; s < rows * COLUMNS; s += LANES)
    *(NAME(panel_vec) *)(value + s) = NAME(sums_of)(sum + s);
  for (int r = 0; r < rows; r++)
    for (int64_t c = 0; c < TC_MIN(COLUMNS, q->n - j); c++) {
      T x = q->alpha * value[r * COLUMNS + c];
      if (q->beta != 0) x += q->beta * q->d[(i + r) * q->drow + (j + c) * q->dcol];
      q->c[(i + r) * q->crow + (j + c) * q->ccol] = x;
    }
}

// A single row: the sums over the lanes, which cost as much as a short row, are made for a whole vector.
static void NAME(dots_of_row)(const NAME(dots) *q, int64_t from, int64_t to) {
  enum { LANES = NAME(PANEL_LANES) };
  for (int64_t j = from; j < to; j += LANES) {
    NAME(panel_vec) sum[LANES];
    for (int s = 0; s < LANES; s += NAME(DOT_COLUMNS)) {
      NAME(panel_vec) some[NAME(DOT_COLUMNS)] = {{0}};  // of its own, and so in registers
      NAME(dot_sums)(some, q, 1, 0, j + s);
      memcpy(sum + s, some, sizeof some);
    }
    const NAME(panel_vec) x = NAME(sums_of)(sum);
    for (int64_t c = 0; c < TC_MIN(LANES, to - j); c++) {
      T *y = q->c + (j + c) * q->ccol;
      *y = q->beta == 0 ? q->alpha * x[c] : q->alpha * x[c] + q->beta * q->d[(j + c) * q->dcol];
    }
  }
}

// All rows of A with rows [from, to) of B, which are in the first cache meanwhile.
static void NAME(dots_between)(const NAME(dots) *q, int64_t from, int64_t to) {
  if (q->m == 1) {
    NAME(dots_of_row)(q, from, to);
    return;
  }
  for (int64_t j = from; j < to; j += NAME(DOT_COLUMNS)) {
    int64_t i = 0;
    for (; i + 4 <= q->m; i += 4) NAME(dot_tile)(q, 4, i, j);
    switch (q->m - i) {
      case 3: NAME(dot_tile)(q, 3, i, j); break;
      case 2: NAME(dot_tile)(q, 2, i, j); break;
      case 1: NAME(dot_tile)(q, 1, i, j); break;
      default: break;
    }
  }
}

// Rows of B are shared out in steps that divide into tiles. A small product stays clear of OpenMP,
// whose region costs more than it.
static void NAME(multiply_dots)(const NAME(dots) *q) {
  enum { STEP = 16 };
  const int64_t steps = (q->n + STEP - 1) / STEP, bytes = q->n * q->k;
  const int64_t parts = bytes * TC_MAX(1, q->m / 4) <= TC_GRAIN ? 1 : TC_MIN(steps, tc_threads());
  if (parts == 1) NAME(dots_between)(q, 0, q->n);
  else TC_PARALLEL_FOR(w, parts, TC_GRAIN)
  NAME(dots_between)(q, steps * w / parts * STEP, TC_MIN(q->n, steps * (w + 1) / parts * STEP));
}
