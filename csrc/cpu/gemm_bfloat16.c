// Matrix products of bfloat16, summed in float32, where the processor multiplies pairs of them
// (AVX512_BF16): gemm_add of gemm.h, without float32 in memory.
//
// As by panels (panel.h), but for pairs: what panels and tiles hold are elements 2 p and 2 p + 1 of a
// row of op(A) or a column of op(B), side by side in 32 bits; a last one alone is paired with zero.
// Rows of A are read where they lie. k is not cut: results are rounded once, when they are complete.
#include "gemm.h"

#if defined(__AVX512F__)
#define T float
#define NAME(x) x##_f32
#define TC_IS_F32 1
#include "panel.h"

#define BF16 __attribute__((target("avx512bf16,avx512bw,avx512vl,avx512dq")))

typedef uint16_t half;
enum {
  LANES = 16,
  WIDE = 2 * LANES,
  BLOCK = 1 << 18
};  // BLOCK: elements that stay in the second cache

typedef struct half_matrix {
  const half *x;  // element (i, j) is x[i * row + j * col]
  int64_t row, col;
} half_matrix;

typedef struct half_product {
  half_matrix a, b;
  int64_t m, n, k;
  float alpha, beta;
  const half *d;
  int64_t ldd;
  half *c;
  int64_t ldc;
} half_product;

static inline int64_t pairs_of(int64_t k) { return (k + 1) / 2; }

// ---- packing ---------------------------------------------------------------------------------

// Up to 16 elements of a row and of the next one, paired.
BF16 static inline __m512i pair_rows(const half *x, const half *next, int64_t width) {
  const __mmask16 m = (__mmask16)(width >= LANES ? 0xFFFFU : (1U << width) - 1);
  const __m512i low = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(m, x));
  if (!next) return low;
  const __m512i high = _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(m, next));
  return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

// Pair p of `count` lines that lie side by side, such as the rows of a transposed A; `to` has room for
// `room` of them.
BF16 static void pack_lines(uint32_t *to, const half *x, int64_t step, int64_t k, int64_t count,
                            int64_t room) {
  for (int64_t p = 0; p < k; p += 2, to += room)
    for (int64_t j = 0; j < room; j += LANES) {
      const half *at = x + p * step + j;
      const __m512i pairs = j < count ? pair_rows(at, p + 1 < k ? at + step : NULL, count - j)
                                      : _mm512_setzero_si512();
      const int64_t width = room - j;
      _mm512_mask_storeu_epi32(to + j, (__mmask16)(width >= LANES ? 0xFFFFU : (1U << width) - 1),
                               pairs);
    }
}

// The same of lines of any strides.
static void pack_any(uint32_t *to, half_matrix m, int64_t k, int64_t count, int64_t room) {
  for (int64_t p = 0; p < k; p += 2, to += room)
    for (int64_t j = 0; j < room; j++) {
      const half *at = m.x + p * m.row + j * m.col;
      const uint32_t low = j < count ? at[0] : 0, high = j < count && p + 1 < k ? at[m.row] : 0;
      to[j] = low | high << 16;
    }
}

// A panel of B: k rows of up to WIDE columns. Pairs of columns that are contiguous in k are 32-bit
// elements, which are transposed as such.
static void pack_half_panel(uint32_t *to, half_matrix b, int64_t k, int64_t width) {
  if (b.col == 1) pack_lines(to, b.x, b.row, k, width, WIDE);
  else if (b.row == 1 && b.col % 2 == 0) {
    pack_panel_of_f32((float *)to, (const float *)(const void *)b.x, 1, b.col / 2, k / 2, width);
    const half_matrix last = {b.x + k - 1, b.row, b.col};
    if (k % 2 != 0) pack_any(to + k / 2 * WIDE, last, 1, width, WIDE);
  } else pack_any(to, b, k, width, WIDE);
}

// ---- tiles -----------------------------------------------------------------------------------

typedef struct half_tile {
  const char *a;  // pair p of row r is at r * row + p * step, in bytes
  int64_t row, step;
  const uint32_t *b;  // a panel
} half_tile;

BF16 static inline __m512 widened(const half *x, __mmask16 m) {
  return (__m512)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(m, x)), 16);
}

BF16 static inline void store_halves(const half_product *q, int64_t i, int64_t j, __m512 low,
                                     __m512 high) {
  const int64_t width = TC_MIN(q->n - j, WIDE);
  const __mmask32 m = (__mmask32)(0xFFFFFFFFU >> (WIDE - width));
  const __m512 alpha = _mm512_set1_ps(q->alpha), beta = _mm512_set1_ps(q->beta);
  low = _mm512_mul_ps(low, alpha), high = _mm512_mul_ps(high, alpha);
  if (q->beta != 0) {
    const half *d = q->d + i * q->ldd + j;
    low = _mm512_fmadd_ps(beta, widened(d, (__mmask16)m), low);
    high = _mm512_fmadd_ps(beta, widened(d + LANES, (__mmask16)(m >> LANES)), high);
  }
  _mm512_mask_storeu_epi16(q->c + i * q->ldc + j, m, (__m512i)_mm512_cvtne2ps_pbh(high, low));
}

BF16 static inline __attribute__((always_inline)) void half_rows(const half_product *q,
                                                                 const half_tile *t, const int rows,
                                                                 int64_t i, int64_t j) {
  __m512 low[PANEL_ROWS], high[PANEL_ROWS];
  const char *a = t->a;
  const uint32_t *b = t->b;
  for (int r = 0; r < rows; r++) low[r] = high[r] = _mm512_setzero_ps();
  for (int64_t p = pairs_of(q->k); p > 0; p--, a += t->step, b += WIDE) {
    const __m512bh b0 = (__m512bh)_mm512_loadu_si512(b);
    const __m512bh b1 = (__m512bh)_mm512_loadu_si512(b + LANES);
    for (int r = 0; r < rows; r++) {
      int32_t pair;
      memcpy(&pair, a + r * t->row, sizeof pair);
      const __m512bh x = (__m512bh)_mm512_set1_epi32(pair);
      low[r] = _mm512_dpbf16_ps(low[r], x, b0);
      high[r] = _mm512_dpbf16_ps(high[r], x, b1);
    }
  }
  for (int r = 0; r < rows; r++) store_halves(q, i + r, j, low[r], high[r]);
}

BF16 static void half_heights(const half_product *q, const half_tile *t, int64_t rows, int64_t i,
                              int64_t j) {
  switch (rows) {
    case 8: half_rows(q, t, 8, i, j); break;
    case 7: half_rows(q, t, 7, i, j); break;
    case 6: half_rows(q, t, 6, i, j); break;
    case 5: half_rows(q, t, 5, i, j); break;
    case 4: half_rows(q, t, 4, i, j); break;
    case 3: half_rows(q, t, 3, i, j); break;
    case 2: half_rows(q, t, 2, i, j); break;
    default: half_rows(q, t, 1, i, j); break;
  }
}

// ---- blocks and pieces -----------------------------------------------------------------------

// A is packed unless pairs lie where they are.
static bool packs_a(const half_product *q) { return q->a.col != 1 || q->k % 2 != 0; }

// Rows and columns of a block, whose k elements each stay in the second cache.
static int64_t block_rows(const half_product *q) {
  const int64_t fit = BLOCK / TC_MAX(q->k, 1) / PANEL_ROWS * PANEL_ROWS;
  return TC_MIN(TC_MAX(fit, PANEL_ROWS), panel_tiles(q->m) * PANEL_ROWS);
}

static int64_t block_columns(const half_product *q) {
  const int64_t fit = 2 * BLOCK / TC_MAX(q->k, 1) / WIDE * WIDE;
  return TC_MIN(TC_MAX(fit, WIDE), (q->n + WIDE - 1) / WIDE * WIDE);
}

static void pack_tiles(uint32_t *to, const half_product *q, int64_t from, int64_t rows) {
  const int64_t size = pairs_of(q->k) * PANEL_ROWS;
  for (int64_t t = 0; t < panel_tiles(rows); t++) {
    const int64_t i = t * PANEL_ROWS, count = TC_MIN(PANEL_ROWS, rows - i);
    const half_matrix lines = {q->a.x + (from + i) * q->a.row, q->a.col, q->a.row};
    if (q->a.row == 1) pack_lines(to + t * size, lines.x, lines.row, q->k, count, PANEL_ROWS);
    else pack_any(to + t * size, lines, q->k, count, PANEL_ROWS);
  }
}

// Rows [from, from + rows) with the columns of a panel.
static void half_pass(const half_product *q, const uint32_t *tiles, const uint32_t *panel,
                      int64_t from, int64_t rows, int64_t j) {
  for (int64_t i = 0; i < rows; i += PANEL_ROWS) {
    half_tile t = {.b = panel, .row = sizeof(uint32_t), .step = PANEL_ROWS * sizeof(uint32_t)};
    t.a = (const char *)(tiles + i * pairs_of(q->k));
    if (!packs_a(q)) {
      t.a = (const char *)(q->a.x + (from + i) * q->a.row);
      t.row = q->a.row * (int64_t)sizeof(half), t.step = sizeof(uint32_t);
    }
    half_heights(q, &t, TC_MIN(PANEL_ROWS, rows - i), from + i, j);
  }
}

static void half_piece(const half_product *q, uint32_t *scratch) {
  const int64_t rows = block_rows(q), columns = block_columns(q), pairs = pairs_of(q->k);
  uint32_t *panels = scratch + (packs_a(q) ? rows * pairs : 0);
  for (int64_t from = 0; from < q->n; from += columns) {
    const int64_t to = TC_MIN(q->n, from + columns);
    for (int64_t j = from; j < to; j += WIDE) {
      const half_matrix b = {q->b.x + j * q->b.col, q->b.row, q->b.col};
      pack_half_panel(panels + (j - from) * pairs, b, q->k, TC_MIN(WIDE, to - j));
    }
    for (int64_t i = 0; i < q->m; i += rows) {
      const int64_t count = TC_MIN(rows, q->m - i);
      if (packs_a(q)) pack_tiles(scratch, q, i, count);
      for (int64_t j = from; j < to; j += WIDE)
        half_pass(q, scratch, panels + (j - from) * pairs, i, count, j);
    }
  }
}

static half_product half_piece_of(half_product q, gemm_grid g, int64_t w) {
  const int64_t tiles = panel_tiles(q.m), panels = (q.n + WIDE - 1) / WIDE;
  const gemm_range r = gemm_range_of(tiles, PANEL_ROWS, q.m, w / g.cols, g.rows);
  const gemm_range s = gemm_range_of(panels, WIDE, q.n, w % g.cols, g.cols);
  q.a.x += r.from * q.a.row, q.b.x += s.from * q.b.col;
  q.c += r.from * q.ldc + s.from, q.d += r.from * q.ldd + s.from;
  q.m = r.to - r.from, q.n = s.to - s.from;
  return q;
}

static tc_status half_multiply(const half_product *q) {
  enum { LEAST = 1 << 19 };  // multiplications for which one thread more is worth its region
  const double work = (double)q->m * (double)q->n * (double)q->k;
  const int64_t workers = (int64_t)TC_MIN((double)tc_threads(), TC_MAX(1.0, work / LEAST));
  const gemm_grid g = gemm_grid_of(panel_tiles(q->m), (q->n + WIDE - 1) / WIDE, 1, workers);
  const int64_t size = (block_rows(q) + block_columns(q)) * TC_MAX(pairs_of(q->k), 1);
  const size_t bytes = (size_t)size * sizeof(uint32_t) * (size_t)(g.rows * g.cols);
  uint32_t *scratch = tc_alloc(bytes);
  if (!scratch)
    return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of packed matrices", bytes);
  TC_PARALLEL_FOR(w, g.rows * g.cols, TC_GRAIN) {
    const half_product piece = half_piece_of(*q, g, w);
    half_piece(&piece, scratch + w * size);
  }
  tc_free(scratch, bytes);
  return TC_OK;
}
#endif

tc_status TC_CPU(gemm_add_bf16)(bool ta, bool tb, int64_t m, int64_t n, int64_t k, float alpha,
                                const uint16_t *a, int64_t lda, const uint16_t *b, int64_t ldb,
                                float beta, const uint16_t *d, int64_t ldd, uint16_t *c,
                                int64_t ldc) {
#if defined(__AVX512F__)
  if (m == 0 || n == 0) return TC_OK;
  half_product q = {.m = m, .n = n, .k = k, .alpha = alpha, .beta = beta, .c = c, .ldc = ldc};
  q.a = (half_matrix){a, ta ? 1 : lda, ta ? lda : 1};
  q.b = (half_matrix){b, tb ? 1 : ldb, tb ? ldb : 1};
  q.d = beta == 0 ? c : d, q.ldd = beta == 0 ? ldc : ldd;
  return half_multiply(&q);
#else
  (void)ta, (void)tb, (void)m, (void)n, (void)k, (void)alpha, (void)a, (void)lda, (void)b,
      (void)ldb;
  (void)beta, (void)d, (void)ldd, (void)c, (void)ldc;
  return tc_fail(TC_NO_KERNEL, "this processor does not multiply bfloat16");
#endif
}
