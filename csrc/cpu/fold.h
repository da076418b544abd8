// One reduction over the middle of a contiguous (outer, n, inner), for one step and one type.
//
// The includer defines FOLD (name), FIRST (start value), MAP(v) (of an element; may use `p`) and
// STEP(a, b) (associative), besides T, TOTAL (what blocks are combined in), OUT (result type) and NAME;
// it gets NAME(FOLD)(y, x, outer, n, inner, p). The four names are undefined at the end.
//
// Sums stay accurate because only a block is summed in T; blocks are combined in TOTAL. The partition
// depends on the shape alone, so a result does not depend on the number of threads.
#ifndef TOCHA_CPU_FOLD_H
#define TOCHA_CPU_FOLD_H
#include "cpu.h"

enum {
  FOLD_LANES = 64,
  FOLD_TILE = 1024,
  FOLD_BLOCK = 32,
  FOLD_SHORT = 4096,
  FOLD_STRIPES = 32,
  FOLD_AHEAD = 2048
};

// A narrow inner would leave vectors empty: `lanes` rows of n are then read side by side as one wide
// row, and the lanes are combined at the end.
typedef struct fold_plan {
  int64_t outer, n, inner;
  int64_t lanes, width, rows;     // width = lanes * inner, rows = n / lanes
  int64_t tiles;                  // of FOLD_TILE columns, over width
  int64_t segments, per_segment;  // of rows, where there is too little else to share among threads
} fold_plan;

static inline fold_plan fold_make_plan(int64_t outer, int64_t n, int64_t inner) {
  fold_plan f = {.outer = outer, .n = n, .inner = inner};
  f.lanes = inner < FOLD_LANES && n * inner >= 4 * FOLD_LANES ? FOLD_LANES / inner : 1;
  f.width = f.lanes * inner;
  f.rows = n / f.lanes;
  f.tiles = (f.width + FOLD_TILE - 1) / FOLD_TILE;
  f.per_segment = TC_MAX(8 * FOLD_BLOCK, 65536 / TC_MIN(f.width, FOLD_TILE));
  f.segments = outer * f.tiles >= 64 ? 1 : (f.rows + f.per_segment - 1) / f.per_segment;
  if (f.segments <= 1) {
    f.segments = 1;
    f.per_segment = f.rows;
  }
  return f;
}
#define FOLD_EXPAND(x) NAME(x)
#endif

#define FOLD_(part) FOLD_EXPAND(TC_CAT(FOLD, part))

// Asks for a row some time before it is read: from memory, the hardware alone asks too late.
static inline void FOLD_(fetch)(const T *row, int64_t w) {
  for (int64_t j = 0; j < w; j += 64 / (int64_t)sizeof(T)) __builtin_prefetch(row + j);
}

// acc[j] = column j over `rows` rows, `stride` apart; four rows a turn, which pairs the additions.
static void FOLD_(block)(T *restrict acc, const T *restrict x, int64_t rows, int64_t stride,
                         int64_t w, T p) {
  (void)p;
  const int64_t ahead = FOLD_AHEAD / w * stride;
  int64_t r = 0;
  for (int64_t j = 0; j < w; j++) acc[j] = FIRST;
  for (; r + 4 <= rows; r += 4, x += 4 * stride) {
    const T *b = x + stride, *c = b + stride, *d = c + stride;
    for (int k = 0; k < 4; k++) FOLD_(fetch)(x + ahead + k * stride, w);
    for (int64_t j = 0; j < w; j++) {
      const T ab = (T)STEP(MAP(x[j]), MAP(b[j])), cd = (T)STEP(MAP(c[j]), MAP(d[j]));
      const T abcd = (T)STEP(ab, cd);
      acc[j] = (T)STEP(acc[j], abcd);
    }
  }
  for (; r < rows; r++, x += stride)
    for (int64_t j = 0; j < w; j++) acc[j] = (T)STEP(acc[j], MAP(x[j]));
}

static void FOLD_(tile)(TOTAL *total, const T *x, int64_t rows, int64_t stride, int64_t w, T p) {
  T acc[FOLD_TILE];
  for (int64_t j = 0; j < w; j++) total[j] = FIRST;
  for (int64_t r = 0; r < rows; r += FOLD_BLOCK) {
    FOLD_(block)(acc, x + r * stride, TC_MIN(FOLD_BLOCK, rows - r), stride, w, p);
    for (int64_t j = 0; j < w; j++) total[j] = STEP(total[j], (TOTAL)acc[j]);
  }
}

// Combines the lanes, adds the rows that filled no wide row, and writes w results.
static void FOLD_(finish)(OUT *y, TOTAL *total, const T *tail, const fold_plan *f, int64_t w, T p) {
  (void)p;
  const int64_t columns = f->lanes > 1 ? f->inner : w;
  for (int64_t l = 1; l < f->lanes; l++)
    for (int64_t j = 0; j < columns; j++) total[j] = STEP(total[j], total[l * columns + j]);
  for (int64_t r = f->rows * f->lanes; r < f->n; r++, tail += columns)
    for (int64_t j = 0; j < columns; j++) total[j] = STEP(total[j], (TOTAL)MAP(tail[j]));
  for (int64_t j = 0; j < columns; j++) y[j] = (OUT)total[j];
}

// A contiguous row too short for all that.
static OUT FOLD_(row)(const T *x, int64_t n, T p) {
  (void)p;
  T acc[FOLD_STRIPES];
  TOTAL total[FOLD_STRIPES];
  int64_t i = 0;
  if (n < FOLD_STRIPES) {
    total[0] = FIRST;
    for (; i < n; i++) total[0] = STEP(total[0], (TOTAL)MAP(x[i]));
    return (OUT)total[0];
  }
  for (int l = 0; l < FOLD_STRIPES; l++) total[l] = FIRST;
  while (i + FOLD_STRIPES <= n) {
    const int64_t end = TC_MIN(n, i + FOLD_BLOCK * FOLD_STRIPES);
    for (int l = 0; l < FOLD_STRIPES; l++) acc[l] = FIRST;
    for (; i + FOLD_STRIPES <= end; i += FOLD_STRIPES)
      for (int l = 0; l < FOLD_STRIPES; l++) acc[l] = (T)STEP(acc[l], MAP(x[i + l]));
    for (int l = 0; l < FOLD_STRIPES; l++) total[l] = STEP(total[l], (TOTAL)acc[l]);
  }
  for (; i < n; i++) total[0] = STEP(total[0], (TOTAL)MAP(x[i]));
  for (int half = FOLD_STRIPES / 2; half > 0; half /= 2)
    for (int l = 0; l < half; l++) total[l] = STEP(total[l], total[l + half]);
  return (OUT)total[0];
}

// Item k of outer x tiles x segments: its columns and rows, into `total`.
static int64_t FOLD_(item)(TOTAL *total, const T *x, const fold_plan *f, int64_t k, T p) {
  const int64_t s = k % f->segments, t = k / f->segments % f->tiles, o = k / f->segments / f->tiles;
  const int64_t w = TC_MIN(FOLD_TILE, f->width - t * FOLD_TILE), r = s * f->per_segment;
  const T *start = x + o * f->n * f->inner + r * f->width + t * FOLD_TILE;
  FOLD_(tile)(total, start, TC_MIN(f->per_segment, f->rows - r), f->width, w, p);
  return w;
}

// Where tile `ot` of outer x tiles writes, and where the rows left over start.
static void FOLD_(store)(OUT *y, const T *x, TOTAL *total, const fold_plan *f, int64_t ot, T p) {
  const int64_t t = ot % f->tiles, o = ot / f->tiles;
  const T *tail = x + (o * f->n + f->rows * f->lanes) * f->inner;
  FOLD_(finish)
  (y + o * f->inner + t * FOLD_TILE, total, tail, f, TC_MIN(FOLD_TILE, f->width - t * FOLD_TILE),
   p);
}

static void FOLD_(one)(OUT *y, const T *x, const fold_plan *f, int64_t k, T p) {
  TOTAL total[FOLD_TILE];
  FOLD_(item)(total, x, f, k, p);
  FOLD_(store)(y, x, total, f, k, p);
}

static void FOLD_(whole)(OUT *y, const T *x, const fold_plan *f, T p) {
  const int64_t items = f->outer * f->tiles;
  TC_CALL_FOR(k, items, f->n * TC_MIN(f->inner, FOLD_TILE), FOLD_(one)(y, x, f, k, p))
}

static tc_status FOLD_(segmented)(OUT *y, const T *x, const fold_plan *f, T p) {
  const int64_t tiles = f->outer * f->tiles, items = tiles * f->segments;
  const int64_t w = TC_MIN(FOLD_TILE, f->width);
  const size_t bytes = (size_t)(items * w) * sizeof(TOTAL);
  TOTAL *part = tc_alloc(bytes);
  if (!part)
    return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of partial results", bytes);
  TC_PARALLEL_FOR(k, items, f->per_segment * w) FOLD_(item)(part + k * w, x, f, k, p);
  for (int64_t ot = 0; ot < tiles; ot++) {
    TOTAL *total = part + ot * f->segments * w;
    for (int64_t s = 1; s < f->segments; s++)
      for (int64_t j = 0; j < w; j++) total[j] = STEP(total[j], total[s * w + j]);
    FOLD_(store)(y, x, total, f, ot, p);
  }
  tc_free(part, bytes);
  return TC_OK;
}

static tc_status FOLD_EXPAND(FOLD)(OUT *y, const T *x, int64_t outer, int64_t n, int64_t inner,
                                   T p) {
  if (outer == 0 || inner == 0) return TC_OK;
  if (inner == 1 && n <= FOLD_SHORT) {
    TC_CALL_FOR(o, outer, n, y[o] = FOLD_(row)(x + o * n, n, p))
    return TC_OK;
  }
  const fold_plan f = fold_make_plan(outer, n, inner);
  if (f.segments > 1) return FOLD_(segmented)(y, x, &f, p);
  FOLD_(whole)(y, x, &f, p);
  return TC_OK;
}

#undef FOLD_
#undef FOLD
#undef FIRST
#undef MAP
#undef STEP
