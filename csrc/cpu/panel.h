// Products with a packed operand, after Goto and van de Geijn (2008): C = alpha A B + beta C, where B
// lies in panels of two vectors' width, so that a tile of C is summed in registers from memory that
// is read in order. Part of a template.
//
// An element's sum runs over k in order, whichever tile it lies in: results do not depend on how rows
// and whole panels are shared out.
#ifndef TOCHA_PANEL_H
#define TOCHA_PANEL_H

#include "cpu.h"

// Vectors of the target's own width; what a tile holds fills the registers.
#if defined(__AVX512F__)
enum { PANEL_BYTES = 64, PANEL_ROWS = 8 };
#elif defined(__AVX2__)
enum { PANEL_BYTES = 32, PANEL_ROWS = 6 };
#else
enum { PANEL_BYTES = 16, PANEL_ROWS = 6 };
#endif

// Tiles of nearly equal height; the first row of tile t of m rows.
static inline int64_t panel_tiles(int64_t m) { return (m + PANEL_ROWS - 1) / PANEL_ROWS; }
static inline int64_t panel_row(int64_t m, int64_t t) { return m * t / panel_tiles(m); }
#endif

typedef T NAME(panel_vec) __attribute__((vector_size(PANEL_BYTES), aligned(sizeof(T)), may_alias));
enum { NAME(PANEL_LANES) = PANEL_BYTES / sizeof(T), NAME(PANEL_WIDE) = 2 * NAME(PANEL_LANES) };

// ---- packing ---------------------------------------------------------------------------------

// Elements that n columns take, the last panel filled up, for k rows.
static inline int64_t NAME(panels_size)(int64_t k, int64_t n) {
  return (n + NAME(PANEL_WIDE) - 1) / NAME(PANEL_WIDE) *NAME(PANEL_WIDE) *k;
}

// One panel: element (p, j) of B is b[p * row + j * col].
static void NAME(pack_panel_of)(T *to, const T *b, int64_t row, int64_t col, int64_t k,
                                int64_t width) {
  const int64_t wide = NAME(PANEL_WIDE);
  if (width < wide) memset(to, 0, (size_t)(k * wide) * sizeof(T));
  if (col == 1)
    for (int64_t p = 0; p < k; p++) memcpy(to + p * wide, b + p * row, (size_t)width * sizeof(T));
  else
    for (int64_t j = 0; j < width; j++)
      for (int64_t p = 0; p < k; p++) to[p * wide + j] = b[p * row + j * col];
}

static void NAME(pack_panels)(T *to, const T *b, int64_t row, int64_t col, int64_t k, int64_t n) {
  for (int64_t j = 0; j < n; j += NAME(PANEL_WIDE))
    NAME(pack_panel_of)(to + j * k, b + j * col, row, col, k, TC_MIN(NAME(PANEL_WIDE), n - j));
}

// ---- tiles -----------------------------------------------------------------------------------

typedef struct NAME(panel_product) {
  const T *a;  // rows `lda` apart; or tiles, if packed
  int64_t lda;
  bool packed;
  const T *b;  // panels
  int64_t m, n, k;
  T alpha, beta, *c;
  int64_t ldc;
} NAME(panel_product);

static inline void NAME(panel_store)(T *c, const NAME(panel_vec) *sum, int vecs, int64_t width,
                                     T alpha, T beta) {
  if (width == vecs * NAME(PANEL_LANES)) {
    NAME(panel_vec) *to = (NAME(panel_vec) *)c;
    for (int v = 0; v < vecs; v++)
      if (beta == 0) to[v] = alpha * sum[v];
      else to[v] = alpha * sum[v] + beta * to[v];
    return;
  }
  const T *from = (const T *)sum;
  for (int64_t j = 0; j < width; j++)
    c[j] = beta == 0 ? alpha * from[j] : alpha * from[j] + beta * c[j];
}

// `rows`, `vecs` and `packed` are constants after inlining.
static inline
    __attribute__((always_inline)) void NAME(panel_tile)(const NAME(panel_product) *q,
                                                         const int rows, const int vecs,
                                                         const bool packed, const T *a, const T *b,
                                                         T *c, int64_t width) {
  const int64_t row = packed ? 1 : q->lda, col = packed ? PANEL_ROWS : 1, k = q->k;
  NAME(panel_vec) sum[PANEL_ROWS][2];
  for (int i = 0; i < rows; i++) sum[i][0] = sum[i][1] = (NAME(panel_vec)){0};
  for (int64_t p = 0; p < k; p++) {
    const NAME(panel_vec) *right = (const NAME(panel_vec) *)(b + p * NAME(PANEL_WIDE));
    for (int i = 0; i < rows; i++)
      for (int v = 0; v < vecs; v++) sum[i][v] += a[i * row + p * col] * right[v];
  }
  for (int i = 0; i < rows; i++)
    NAME(panel_store)(c + i * q->ldc, sum[i], vecs, width, q->alpha, q->beta);
}

static inline
    __attribute__((always_inline)) void NAME(panel_widths)(const NAME(panel_product) *q,
                                                           const int rows, const T *a, const T *b,
                                                           T *c, int64_t width) {
  const bool half = width <= NAME(PANEL_LANES);
  if (q->packed && half) NAME(panel_tile)(q, rows, 1, true, a, b, c, width);
  else if (q->packed) NAME(panel_tile)(q, rows, 2, true, a, b, c, width);
  else if (half) NAME(panel_tile)(q, rows, 1, false, a, b, c, width);
  else NAME(panel_tile)(q, rows, 2, false, a, b, c, width);
}

static void NAME(panel_heights)(const NAME(panel_product) *q, int64_t rows, const T *a, const T *b,
                                T *c, int64_t width) {
  switch (rows) {
#if defined(__AVX512F__)
    case 8: NAME(panel_widths)(q, 8, a, b, c, width); break;
    case 7: NAME(panel_widths)(q, 7, a, b, c, width); break;
#endif
    case 6: NAME(panel_widths)(q, 6, a, b, c, width); break;
    case 5: NAME(panel_widths)(q, 5, a, b, c, width); break;
    case 4: NAME(panel_widths)(q, 4, a, b, c, width); break;
    case 3: NAME(panel_widths)(q, 3, a, b, c, width); break;
    case 2: NAME(panel_widths)(q, 2, a, b, c, width); break;
    default: NAME(panel_widths)(q, 1, a, b, c, width); break;
  }
}

// A panel stays in the first cache while all rows pass it.
static void NAME(panel_multiply)(const NAME(panel_product) *q) {
  const int64_t tiles = panel_tiles(q->m);
  for (int64_t j = 0; j < q->n; j += NAME(PANEL_WIDE))
    for (int64_t t = 0; t < tiles; t++) {
      const int64_t from = panel_row(q->m, t);
      NAME(panel_heights)(q, panel_row(q->m, t + 1) - from,
                          q->packed ? q->a + t * q->k * PANEL_ROWS : q->a + from * q->lda,
                          q->b + j * q->k, q->c + from * q->ldc + j,
                          TC_MIN(NAME(PANEL_WIDE), q->n - j));
    }
}
