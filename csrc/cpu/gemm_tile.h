// Products of any strides by panels of columns: for tiny ones, where a call of OpenBLAS costs more than
// the work, and for integers. Part of a template.
//
// A panel is WIDTH columns of B side by side, padded with zeros, so that the inner loop is one vector.

enum { NAME(WIDTH) = 64 / sizeof(T), NAME(PANEL) = 128 };  // PANEL: the longest k on the stack
typedef T NAME(vec) __attribute__((vector_size(64)));
typedef T NAME(loose) __attribute__((vector_size(64), aligned(sizeof(T)), may_alias));

// op(X)[i][j] is x[i * row + j * col].
typedef struct NAME(operand) {
  const T *x;
  int64_t row, col;
} NAME(operand);

typedef struct NAME(product) {
  NAME(operand) a, b;
  int64_t m, n, k;
  T alpha, beta, *c;
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

static inline void NAME(write_some)(T *c, const T *row, T alpha, T beta, int64_t w) {
  if (beta == 0)
    for (int64_t j = 0; j < w; j++) c[j] = alpha * row[j];
  else
    for (int64_t j = 0; j < w; j++) c[j] = alpha * row[j] + beta * c[j];
}

// The usual widths are constants to the compiler.
static inline void NAME(write_row)(T *c, const NAME(vec) *sum, T alpha, T beta, int64_t w) {
  const T *row = (const T *)sum;
  if (w == NAME(WIDTH)) NAME(write_some)(c, row, alpha, beta, NAME(WIDTH));
  else if (w == NAME(WIDTH) / 2) NAME(write_some)(c, row, alpha, beta, NAME(WIDTH) / 2);
  else NAME(write_some)(c, row, alpha, beta, w);
}

// Four rows together hide the latency of the multiplications.
static inline void NAME(panel_rows)(const NAME(product) *q, const NAME(vec) *panel, T *c,
                                    int64_t w) {
  const int64_t row = q->a.row, col = q->a.col;
  int64_t i = 0;
  for (; i + 4 <= q->m; i += 4, c += 4 * q->ldc) {
    const T *a = q->a.x + i * row;
    NAME(vec) s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (int64_t p = 0; p < q->k; p++, a += col) {
      const NAME(vec) b = panel[p];
      s0 += a[0] * b;
      s1 += a[row] * b;
      s2 += a[2 * row] * b;
      s3 += a[3 * row] * b;
    }
    NAME(write_row)(c, &s0, q->alpha, q->beta, w);
    NAME(write_row)(c + q->ldc, &s1, q->alpha, q->beta, w);
    NAME(write_row)(c + 2 * q->ldc, &s2, q->alpha, q->beta, w);
    NAME(write_row)(c + 3 * q->ldc, &s3, q->alpha, q->beta, w);
  }
  for (; i < q->m; i++, c += q->ldc) {
    NAME(vec) s = {0};
    for (int64_t p = 0; p < q->k; p++) s += q->a.x[i * row + p * col] * panel[p];
    NAME(write_row)(c, &s, q->alpha, q->beta, w);
  }
}

static void NAME(one_panel)(const NAME(product) *q, NAME(vec) *panel, int64_t j) {
  const int64_t w = TC_MIN(NAME(WIDTH), q->n - j);
  NAME(operand) b = q->b;
  b.x += j * b.col;
  NAME(pack_panel)(panel, b, q->k, w);
  NAME(panel_rows)(q, panel, q->c + j, w);
}

static inline void NAME(tiny)(const NAME(product) *q) {
  NAME(vec) panel[NAME(PANEL)];
  for (int64_t j = 0; j < q->n; j += NAME(WIDTH)) NAME(one_panel)(q, panel, j);
}
