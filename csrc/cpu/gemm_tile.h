// Products of any strides by panels of columns: for tiny ones, where a call of OpenBLAS costs more than
// the work, and for integers. Part of a template.
//
// A panel is WIDTH columns of B side by side, padded with zeros, so that the inner loop is one vector.

enum { NAME(WIDTH) = 64 / sizeof(T), NAME(PANEL) = 128 };  // PANEL: the longest k on the stack
typedef T NAME(vec) __attribute__((vector_size(64)));

// op(X)[i][j] is x[i * row + j * col].
typedef struct NAME(operand) {
  const T *x;
  int64_t row, col;
} NAME(operand);

typedef struct NAME(product) {
  NAME(operand) a, b;
  int64_t m, n, k;
  T alpha, beta;
  const T *d;  // rows `ldd` apart; not read when beta is 0
  int64_t ldd;
  T *c;
  int64_t ldc;
} NAME(product);

static inline void NAME(pack_panel)(NAME(vec) *panel, NAME(operand) b, int64_t k, int64_t w) {
  T *to = (T *)panel;
  if (w < NAME(WIDTH)) memset(to, 0, (size_t)k * sizeof *panel);
  if (b.col == 1)
    for (int64_t p = 0; p < k; p++)
      for (int64_t j = 0; j < w; j++) to[p * NAME(WIDTH) + j] = b.x[p * b.row + j];
  else
    for (int64_t j = 0; j < w; j++)
      for (int64_t p = 0; p < k; p++) to[p * NAME(WIDTH) + j] = b.x[p * b.row + j * b.col];
}

static inline void NAME(write_some)(const NAME(product) *q, int64_t i, int64_t j, const T *row,
                                    int64_t w) {
  T *c = q->c + i * q->ldc + j;
  const T *d = q->d + i * q->ldd + j;
  if (q->beta == 0)
    for (int64_t l = 0; l < w; l++) c[l] = q->alpha * row[l];
  else
    for (int64_t l = 0; l < w; l++) c[l] = q->alpha * row[l] + q->beta * d[l];
}

// Row i of C from column j. The usual widths are constants to the compiler.
static inline void NAME(write_row)(const NAME(product) *q, int64_t i, int64_t j,
                                   const NAME(vec) *sum, int64_t w) {
  const T *row = (const T *)sum;
  if (w == NAME(WIDTH)) NAME(write_some)(q, i, j, row, NAME(WIDTH));
  else if (w == NAME(WIDTH) / 2) NAME(write_some)(q, i, j, row, NAME(WIDTH) / 2);
  else NAME(write_some)(q, i, j, row, w);
}

// Four rows together hide the latency of the multiplications.
static inline void NAME(panel_rows)(const NAME(product) *q, const NAME(vec) *panel, int64_t j,
                                    int64_t w) {
  const int64_t row = q->a.row, col = q->a.col;
  int64_t i = 0;
  for (; i + 4 <= q->m; i += 4) {
    const T *a = q->a.x + i * row;
    NAME(vec) s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (int64_t p = 0; p < q->k; p++, a += col) {
      const NAME(vec) b = panel[p];
      s0 += a[0] * b;
      s1 += a[row] * b;
      s2 += a[2 * row] * b;
      s3 += a[3 * row] * b;
    }
    NAME(write_row)(q, i, j, &s0, w);
    NAME(write_row)(q, i + 1, j, &s1, w);
    NAME(write_row)(q, i + 2, j, &s2, w);
    NAME(write_row)(q, i + 3, j, &s3, w);
  }
  for (; i < q->m; i++) {
    NAME(vec) s = {0};
    for (int64_t p = 0; p < q->k; p++) s += q->a.x[i * row + p * col] * panel[p];
    NAME(write_row)(q, i, j, &s, w);
  }
}

static void NAME(one_panel)(const NAME(product) *q, NAME(vec) *panel, int64_t j) {
  const int64_t w = TC_MIN(NAME(WIDTH), q->n - j);
  NAME(operand) b = q->b;
  b.x += j * b.col;
  NAME(pack_panel)(panel, b, q->k, w);
  NAME(panel_rows)(q, panel, j, w);
}

// A row, short, and one of C: a panel would be used once, so the columns of B are read where they lie.
static inline void NAME(one_row)(const NAME(product) *q) {
  for (int64_t j = 0; j < q->n; j++) {
    const T *b = q->b.x + j * q->b.col;
    T sum = 0;
    for (int64_t p = 0; p < q->k; p++) sum += q->a.x[p * q->a.col] * b[p * q->b.row];
    NAME(write_some)(q, 0, j, &sum, 1);
  }
}

static inline void NAME(tiny)(const NAME(product) *q) {
  NAME(vec) panel[NAME(PANEL)];
  for (int64_t j = 0; j < q->n; j += NAME(WIDTH)) NAME(one_panel)(q, panel, j);
}
