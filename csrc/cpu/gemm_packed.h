// Large products by packed panels, for vectors of which OpenBLAS does not make full use. Part of a
// template, after gemm_tile.h.
//
// Blocks of B and of A are packed so that a block of A stays in the second cache while panels of B
// pass through the first.
#include "panel.h"

enum { NAME(PACKED_K) = 256, NAME(PACKED_M) = 24 * PANEL_ROWS, NAME(PACKED_N) = 4096 / sizeof(T) };

// A tile is (k, PANEL_ROWS). Rows of A lie `row` apart, columns `col`; one of them is 1.
static void NAME(pack_tile)(T *to, const T *a, int64_t row, int64_t col, int64_t rows, int64_t k) {
  if (row == 1 && rows == PANEL_ROWS)
    for (int64_t p = 0; p < k; p++, to += PANEL_ROWS)
      memcpy(to, a + p * col, PANEL_ROWS * sizeof(T));
  else
    for (int64_t i = 0; i < rows; i++)
      for (int64_t p = 0; p < k; p++) to[p * PANEL_ROWS + i] = a[i * row + p * col];
}

static void NAME(pack_tiles)(T *to, const T *a, int64_t row, int64_t col, int64_t m, int64_t k) {
  for (int64_t t = 0; t < panel_tiles(m); t++, to += k * PANEL_ROWS) {
    const int64_t from = panel_row(m, t);
    NAME(pack_tile)(to, a + from * row, row, col, panel_row(m, t + 1) - from, k);
  }
}

// Rows are read where they lie when few panels would use them packed. (Rows a page apart would all
// fall into the same sets of the cache.)
static inline bool NAME(packs_rows)(const NAME(product) *q) {
  enum { FEW = 16 * PANEL_BYTES, PAGE = 4096 };
  return q->a.col != 1 || q->n * (int64_t)sizeof(T) > 2 * FEW ||
         q->a.row * (int64_t)sizeof(T) % PAGE == 0;
}

static inline int64_t NAME(tiles_size)(const NAME(product) *q) {
  if (!NAME(packs_rows)(q)) return 0;
  return panel_tiles(TC_MIN(q->m, NAME(PACKED_M))) * PANEL_ROWS * TC_MIN(q->k, NAME(PACKED_K));
}

// Elements of scratch that a product needs.
static inline int64_t NAME(packed_size)(const NAME(product) *q) {
  return NAME(tiles_size)(q) +
         NAME(panels_size)(TC_MIN(q->k, NAME(PACKED_K)), TC_MIN(q->n, NAME(PACKED_N)));
}

// All rows times the block of B at (p, j), which is packed.
static void NAME(packed_rows)(const NAME(product) *q, NAME(panel_product) *block, T *tiles,
                              int64_t p, int64_t j) {
  for (int64_t i = 0; i < q->m; i += NAME(PACKED_M)) {
    const T *rows = q->a.x + i * q->a.row + p * q->a.col;
    block->m = TC_MIN(NAME(PACKED_M), q->m - i);
    block->a = rows, block->c = q->c + i * q->ldc + j;
    if (block->packed) {
      NAME(pack_tiles)(tiles, rows, q->a.row, q->a.col, block->m, block->k);
      block->a = tiles;
    }
    NAME(panel_multiply)(block);
  }
}

// The product on this thread.
static void NAME(packed_product)(const NAME(product) *q, T *scratch) {
  T *panels = scratch + NAME(tiles_size)(q);
  NAME(panel_product) block = {.lda = q->a.row, .b = panels, .alpha = q->alpha, .ldc = q->ldc};
  block.packed = NAME(packs_rows)(q);
  for (int64_t j = 0; j < q->n; j += NAME(PACKED_N))
    for (int64_t p = 0; p < q->k; p += NAME(PACKED_K)) {
      block.n = TC_MIN(NAME(PACKED_N), q->n - j), block.k = TC_MIN(NAME(PACKED_K), q->k - p);
      block.beta = p == 0 ? q->beta : 1;
      NAME(pack_panels)(panels, q->b.x + p * q->b.row + j * q->b.col, q->b.row, q->b.col, block.k,
                        block.n);
      NAME(packed_rows)(q, &block, scratch, p, j);
    }
}

// Rows or columns [from, to) of C, with scratch for all of it.
static void NAME(packed_piece)(const NAME(product) *q, bool rows, int64_t from, int64_t to,
                               T *scratch) {
  NAME(product) piece = *q;
  *(rows ? &piece.m : &piece.n) = to - from;
  if (rows) piece.a.x += from * q->a.row;
  else piece.b.x += from * q->b.col;
  piece.c += rows ? from * q->ldc : from;
  NAME(packed_product)(&piece, scratch);
}
