// Products with a packed operand, after Goto and van de Geijn (2008): C = alpha A B + beta D, where B
// lies in panels of two vectors' width, so that a tile of C is summed in registers from memory that
// is read in order. A is read where it lies: a tile's rows are few enough for the first cache, and the
// processor broadcasts an element at no cost. Part of a template.
//
// An element's sum runs over k in order, whichever tile it lies in: results do not depend on how rows
// and columns are shared out.
#include "vectors.h"

#ifndef TOCHA_PANEL_H
#define TOCHA_PANEL_H
// Rows of a tile: what it holds fills the registers.
enum { PANEL_ROWS = PANEL_BYTES == 64 ? 8 : 6 };

// Tiles of nearly equal height; the first row of tile t of m rows.
static inline int64_t panel_tiles(int64_t m) { return (m + PANEL_ROWS - 1) / PANEL_ROWS; }
static inline int64_t panel_row(int64_t m, int64_t t) { return m * t / panel_tiles(m); }
#endif

#include "panel_pack.h"

// ---- tiles -----------------------------------------------------------------------------------

typedef struct NAME(panel_product) {
  const T *a;  // element (i, p) of A is a[i * row + p * col]
  int64_t row, col;
  const T *b;  // panels
  int64_t m, n, k;
  T alpha, beta;
  const T *d;  // rows `ldd` apart: C itself, or one row for all (0); not read when beta is 0
  int64_t ldd;
  T *c;
  int64_t ldc;
} NAME(panel_product);

static inline void NAME(panel_store)(T *c, const T *d, const NAME(panel_vec) *sum, int vecs,
                                     int64_t width, T alpha, T beta) {
  for (int v = 0; v < vecs; v++, width -= NAME(PANEL_LANES)) {
    const bool whole = width >= NAME(PANEL_LANES);
    const int64_t at = v * NAME(PANEL_LANES);
    NAME(panel_vec) x = alpha * sum[v];
    if (beta != 0)
      x += beta * (whole ? *(const NAME(panel_vec) *)(d + at) : NAME(load_some)(d + at, width));
    if (whole) *(NAME(panel_vec) *)(c + at) = x;
    else NAME(store_some)(c + at, x, width);
  }
}

// The tile whose corner is (i, j). Rows of `b` are `step` apart. `rows` and `vecs` are constants after
// inlining.
static inline
    __attribute__((always_inline)) void NAME(panel_tile)(const NAME(panel_product) *q,
                                                         const int rows, const int vecs, int64_t i,
                                                         const T *b, int64_t step, int64_t j) {
  const int64_t row = q->row, col = q->col;
  const T *a = q->a + i * row;
  NAME(panel_vec) sum[PANEL_ROWS][2];
  for (int r = 0; r < rows; r++) sum[r][0] = sum[r][1] = (NAME(panel_vec)){0};
  for (int64_t p = q->k; p > 0; p--, a += col, b += step) {
    const NAME(panel_vec) *right = (const NAME(panel_vec) *)b;
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < vecs; v++) sum[r][v] += a[r * row] * right[v];
  }
  for (int r = 0; r < rows; r++)
    NAME(panel_store)(q->c + (i + r) * q->ldc + j, q->d + (i + r) * q->ldd + j, sum[r], vecs,
                      q->n - j, q->alpha, q->beta);
}

static inline
    __attribute__((always_inline)) void NAME(panel_widths)(const NAME(panel_product) *q,
                                                           const int rows, int64_t i, const T *b,
                                                           int64_t step, int64_t j) {
  if (q->n - j <= NAME(PANEL_LANES)) NAME(panel_tile)(q, rows, 1, i, b, step, j);
  else NAME(panel_tile)(q, rows, 2, i, b, step, j);
}

static inline void NAME(panel_heights)(const NAME(panel_product) *q, int64_t rows, int64_t i,
                                       const T *b, int64_t step, int64_t j) {
  switch (rows) {
#if defined(__AVX512F__)
    case 8: NAME(panel_widths)(q, 8, i, b, step, j); break;
    case 7: NAME(panel_widths)(q, 7, i, b, step, j); break;
#endif
    case 6: NAME(panel_widths)(q, 6, i, b, step, j); break;
    case 5: NAME(panel_widths)(q, 5, i, b, step, j); break;
    case 4: NAME(panel_widths)(q, 4, i, b, step, j); break;
    case 3: NAME(panel_widths)(q, 3, i, b, step, j); break;
    case 2: NAME(panel_widths)(q, 2, i, b, step, j); break;
    default: NAME(panel_widths)(q, 1, i, b, step, j); break;
  }
}

// All rows times one panel, which holds the columns from j and stays in the first cache meanwhile.
// Its rows are `step` apart: the panel's width, or those of a matrix that is not packed.
static inline void NAME(panel_pass)(const NAME(panel_product) *q, const T *b, int64_t step,
                                    int64_t j) {
  const int64_t tiles = panel_tiles(q->m);
  for (int64_t t = 0; t < tiles; t++) {
    const int64_t from = panel_row(q->m, t);
    NAME(panel_heights)(q, panel_row(q->m, t + 1) - from, from, b, step, j);
  }
}

static inline void NAME(panel_multiply)(const NAME(panel_product) *q) {
  for (int64_t j = 0; j < q->n; j += NAME(PANEL_WIDE))
    NAME(panel_pass)(q, q->b + j * q->k, NAME(PANEL_WIDE), j);
}
