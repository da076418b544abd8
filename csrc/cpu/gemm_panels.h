// Products by panels (panel.h): pieces of C for the threads, each block by block. Part of a template,
// after gemm_tile.h and panel.h.
//
// A panel of B stays in the first cache while a block of A, which stays in the second, passes it.
enum { NAME(PACKED_K) = 1536 / sizeof(T), NAME(PACKED_N) = 4096 / sizeof(T), NAME(PACKED_M) = 192 };

// B is read where it lies when too few rows would use it packed, or when all of it stays in the second
// cache; but rows a page apart would fall into the same sets of the caches.
static bool NAME(in_place)(const NAME(product) *q) {
  enum { FEW = 64, SMALL = 1 << 18, PAGE = 4096 };
  const int64_t bytes = q->n * q->k * (int64_t)sizeof(T);
  const bool collides = q->k > FEW && q->b.row * (int64_t)sizeof(T) % PAGE == 0;
  return q->b.col == 1 && !collides && (q->m <= FEW || bytes <= SMALL);
}

// Elements of scratch that a piece needs; the last panel is packed in any case.
static int64_t NAME(scratch_size)(const NAME(product) *q, bool in_place) {
  return NAME(panels_size)(TC_MIN(q->k, NAME(PACKED_K)),
                           in_place ? 1 : TC_MIN(q->n, NAME(PACKED_N)));
}

typedef struct NAME(block) {
  NAME(panel_product) of;
  const T *b;  // the block of B where it lies
  int64_t row, col;
  bool in_place;
  T *panels;
} NAME(block);

static bool NAME(is_packed)(const NAME(block) *z, int64_t j) {
  return !z->in_place || z->of.n - j < NAME(PANEL_WIDE);
}

static T *NAME(panel_at)(const NAME(block) *z, int64_t j) {
  return z->in_place ? z->panels : z->panels + j * z->of.k;
}

static void NAME(pack_block)(const NAME(block) *z) {
  for (int64_t j = 0; j < z->of.n; j += NAME(PANEL_WIDE))
    if (NAME(is_packed)(z, j))
      NAME(pack_panel_of)(NAME(panel_at)(z, j), z->b + j * z->col, z->row, z->col, z->of.k,
                          TC_MIN(NAME(PANEL_WIDE), z->of.n - j));
}

static void NAME(multiply_block)(const NAME(block) *z) {
  for (int64_t j = 0; j < z->of.n; j += NAME(PANEL_WIDE))
    if (NAME(is_packed)(z, j)) NAME(panel_pass)(&z->of, NAME(panel_at)(z, j), NAME(PANEL_WIDE), j);
    else NAME(panel_pass)(&z->of, z->b + j, z->row, j);
}

// Columns [j, j + z->of.n) and steps [p, p + z->of.k) of the product: all rows.
static void NAME(block_rows)(const NAME(product) *q, NAME(block) *z, int64_t p, int64_t j) {
  NAME(panel_product) *r = &z->of;
  z->b = q->b.x + p * q->b.row + j * q->b.col;
  NAME(pack_block)(z);
  r->beta = p == 0 ? q->beta : 1;
  r->ldd = p == 0 ? q->ldd : q->ldc;
  for (int64_t i = 0; i < q->m; i += r->m) {
    r->m = TC_MIN(NAME(PACKED_M), q->m - i);
    r->a = q->a.x + i * q->a.row + p * q->a.col;
    r->c = q->c + i * q->ldc + j;
    r->d = p == 0 ? q->d + i * q->ldd + j : r->c;
    NAME(multiply_block)(z);
  }
}

static void NAME(piece_by_panels)(const NAME(product) *q, bool in_place, T *scratch) {
  NAME(block) z = {.row = q->b.row, .col = q->b.col, .in_place = in_place, .panels = scratch};
  z.of.row = q->a.row, z.of.col = q->a.col, z.of.alpha = q->alpha, z.of.ldc = q->ldc;
  const int64_t blocks = (q->k + NAME(PACKED_K) - 1) / NAME(PACKED_K);
  for (int64_t j = 0; j < q->n; j += NAME(PACKED_N)) {
    z.of.n = TC_MIN(NAME(PACKED_N), q->n - j);
    for (int64_t s = 0; s < blocks; s++) {
      const int64_t p = q->k * s / blocks;
      z.of.k = q->k * (s + 1) / blocks - p;
      NAME(block_rows)(q, &z, p, j);
    }
  }
}

// Piece `w` of a grid: whole tiles of whole panels.
static NAME(product) NAME(piece_of)(const NAME(product) *q, gemm_grid g, int64_t w) {
  const int64_t panels = (q->n + NAME(PANEL_WIDE) - 1) / NAME(PANEL_WIDE);
  const gemm_range r = gemm_range_of(panel_tiles(q->m), PANEL_ROWS, q->m, w / g.cols, g.rows);
  const gemm_range s = gemm_range_of(panels, NAME(PANEL_WIDE), q->n, w % g.cols, g.cols);
  return NAME(columns_of)(NAME(rows_of)(*q, r.from, r.to), s.from, s.to);
}

static tc_status NAME(blocked)(const NAME(product) *q) {
  const bool in_place = NAME(in_place)(q);
  enum { LEAST = 1 << 18 };  // multiplications for which one thread more is worth its region
  const double work = (double)q->m * (double)q->n * (double)q->k;
  const int64_t workers = (int64_t)TC_MIN((double)tc_threads(), TC_MAX(1.0, work / LEAST));
  const double packing = in_place ? 0 : q->b.col == 1 ? 0.25 : 1;  // copied or transposed
  const gemm_grid g = gemm_grid_of(panel_tiles(q->m), NAME(panels_size)(1, q->n) / NAME(PANEL_WIDE),
                                   packing, workers);
  const int64_t pieces = g.rows * g.cols;
  const size_t bytes = ((size_t)NAME(scratch_size)(q, in_place) * sizeof(T) + 63) / 64 * 64;
  char *scratch = tc_alloc(bytes * (size_t)pieces);
  if (!scratch)
    return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes of packed matrices",
                   bytes * (size_t)pieces);
  if (pieces == 1) NAME(piece_by_panels)(q, in_place, (T *)scratch);
  else TC_PARALLEL_FOR(w, pieces, TC_GRAIN) {
      const NAME(product) piece = NAME(piece_of)(q, g, w);
      NAME(piece_by_panels)(&piece, in_place, (T *)(scratch + bytes * (size_t)w));
    }
  tc_free(scratch, bytes * (size_t)pieces);
  return TC_OK;
}
