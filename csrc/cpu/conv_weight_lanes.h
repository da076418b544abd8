// The gradient of the weight with output channels as the lanes of vectors: each pixel of the input,
// read where it lies in the padded slab, times a vector of the output's gradient there. Part of a
// template, after lanes.h and conv_weight.h.
//
// A tile is a few factors (a channel's taps) by two vectors of outputs, in registers over all
// pixels of a block. A job's sums stay (outputs / LANES, factors, LANES) until its slice is done.

typedef struct NAME(lane_task) {
  const T *slabs;
  const int64_t *offset, *rows;  // of the factors; of the block's rows in the slabs
  int64_t factors, count, width, pixels;
  const NAME(panel_vec) *g;  // (outputs / LANES, pixels)
  NAME(panel_vec) *sums;     // (outputs / LANES, factors)
} NAME(lane_task);

// `factors` from `f` on by `vecs` vectors of outputs from the o-th on, both constants after inlining.
static inline
    __attribute__((always_inline)) void NAME(lane_tile)(const NAME(lane_task) *t, const int factors,
                                                        const int vecs, int64_t f, int64_t o) {
  const NAME(panel_vec) *g = t->g + o * t->pixels;
  const T *from[PANEL_ROWS];
  NAME(panel_vec) sum[PANEL_ROWS][2];
  for (int j = 0; j < factors; j++) {
    from[j] = t->slabs + t->offset[f + j];
    for (int v = 0; v < vecs; v++) sum[j][v] = t->sums[(o + v) * t->factors + f + j];
  }
  for (int64_t r = 0; r < t->count; r++)
    for (int64_t x = t->rows[r], end = x + t->width; x < end; x++, g++)
      for (int j = 0; j < factors; j++)
        for (int v = 0; v < vecs; v++) sum[j][v] += from[j][x] * g[v * t->pixels];
  for (int j = 0; j < factors; j++)
    for (int v = 0; v < vecs; v++) t->sums[(o + v) * t->factors + f + j] = sum[j][v];
}

static inline
    __attribute__((always_inline)) void NAME(lane_factors)(const NAME(lane_task) *t, const int vecs,
                                                           int64_t factors, int64_t f, int64_t o) {
  switch (factors) {
#if defined(__AVX512F__)
    case 8: NAME(lane_tile)(t, 8, vecs, f, o); break;
    case 7: NAME(lane_tile)(t, 7, vecs, f, o); break;
#endif
    case 6: NAME(lane_tile)(t, 6, vecs, f, o); break;
    case 5: NAME(lane_tile)(t, 5, vecs, f, o); break;
    case 4: NAME(lane_tile)(t, 4, vecs, f, o); break;
    case 3: NAME(lane_tile)(t, 3, vecs, f, o); break;
    case 2: NAME(lane_tile)(t, 2, vecs, f, o); break;
    default: NAME(lane_tile)(t, 1, vecs, f, o); break;
  }
}

// All factors by all outputs: the gradient of two vectors of outputs stays near meanwhile.
static void NAME(lane_sums)(const NAME(lane_task) *t, int64_t groups) {
  const int64_t tiles = panel_tiles(t->factors);
  for (int64_t o = 0; o < groups; o += 2)
    for (int64_t i = 0; i < tiles; i++) {
      const int64_t f = panel_row(t->factors, i), factors = panel_row(t->factors, i + 1) - f;
      if (groups - o == 1) NAME(lane_factors)(t, 1, factors, f, o);
      else NAME(lane_factors)(t, 2, factors, f, o);
    }
}

// ---- jobs ------------------------------------------------------------------------------------

static inline int64_t NAME(lane_groups)(const conv *v) {
  return (v->group_outputs + NAME(PANEL_LANES) - 1) / NAME(PANEL_LANES);
}

static int64_t NAME(most_rows)(const conv *v, const tiling *t) {
  const block b = block_at(&v->w, t, v->images, 0);
  return b.images * b.size[0] * b.size[1];
}

// Bytes for sums, the gradient, slabs, offsets and rows; where they lie, for a task.
static size_t NAME(lane_scratch)(const NAME(gradient) *a, NAME(lane_task) *t, NAME(panel_vec) *at) {
  const conv *v = a->d.v;
  const int64_t groups = NAME(lane_groups)(v), factors = a->channels * v->w.taps;
  const int64_t pixels = block_columns(v, a->d.t),
                slabs = NAME(slab_scratch)(v, a->d.t, a->channels);
  if (t) {
    t->sums = at, t->g = at + groups * factors;
    t->slabs = (const T *)(t->g + groups * pixels);
    t->offset = (const int64_t *)(t->slabs + slabs), t->rows = t->offset + factors;
  }
  return (size_t)(groups * (factors + pixels)) * sizeof *at + (size_t)slabs * sizeof(T) +
         (size_t)(factors + NAME(most_rows)(v, a->d.t)) * sizeof(int64_t);
}

// The gradient of a block's outputs, of group `group`, as vectors of outputs.
static void NAME(gradient_lanes)(const NAME(gradient) *a, const block *b, int64_t group,
                                 NAME(panel_vec) *to) {
  const conv *v = a->d.v;
  const int64_t lanes = NAME(PANEL_LANES);
  for (int64_t o = 0; o < v->group_outputs; o += lanes)
    for (int64_t i = 0; i < b->images; i++, to += b->pixels)
      NAME(to_lanes)(a->d.weight +
                         ((b->image + i) * v->outputs + group * v->group_outputs + o) *
                             v->w.out_plane +
                         b->offset,
                     v->w.out_plane, TC_MIN(lanes, v->group_outputs - o), b->pixels, to);
}

static void NAME(lane_block)(const NAME(gradient) *a, const block *b, int64_t group, int64_t first,
                             int64_t channels, NAME(lane_task) *t) {
  const conv *v = a->d.v;
  const slab s = slab_of(&v->w, b);
  int64_t *rows = (int64_t *)t->rows;
  t->count = b->images * b->size[0] * b->size[1], t->width = b->size[2];
  t->pixels = b->images * b->pixels;
  NAME(tap_offsets)(v, &s, channels, (int64_t *)t->offset);
  for (int64_t i = 0; i < b->images; i++)
    for (int64_t r = 0; r < b->size[0] * b->size[1]; r++)
      *rows++ = i * channels * s.plane + row_offset(&v->w, &s, r / b->size[1], r % b->size[1]);
  NAME(slabs_of)(v, b, &s, group * v->group_channels + first, channels, a->d.x, (T *)t->slabs);
  NAME(gradient_lanes)(a, b, group, (NAME(panel_vec) *)t->g);
  NAME(lane_sums)(t, NAME(lane_groups)(v));
}

// A job is (slice of the blocks, group, cut of the channels).
static tc_status NAME(lane_job)(const void *context, int64_t job, void *scratch) {
  const NAME(gradient) *a = context;
  const conv *v = a->d.v;
  const int64_t cut = job % a->cuts, group = job / a->cuts % v->groups;
  const int64_t slice = job / a->cuts / v->groups, first = cut * a->channels;
  const int64_t channels = TC_MIN(a->channels, v->group_channels - first), count = a->d.t->count;
  const int64_t m = v->group_outputs, lanes = NAME(PANEL_LANES);
  NAME(lane_task) t;
  NAME(lane_scratch)(a, &t, scratch);
  t.factors = channels * v->w.taps;
  memset(t.sums, 0, (size_t)(NAME(lane_groups)(v) * t.factors) * sizeof *t.sums);
  for (int64_t j = count * slice / a->slices; j < count * (slice + 1) / a->slices; j++) {
    const block b = block_at(&v->w, a->d.t, v->images, j);
    NAME(lane_block)(a, &b, group, first, channels, &t);
  }
  T *to = a->d.y + (slice * v->outputs + group * m) * v->depth + first * v->w.taps;
  for (int64_t o = 0; o < m; o += lanes)
    NAME(from_lanes)(t.sums + o / lanes * t.factors, t.factors, TC_MIN(lanes, m - o),
                     to + o * v->depth, v->depth);
  return TC_OK;
}

// ---- the whole -------------------------------------------------------------------------------

// Outputs as lanes where there are a few; else dot products over the pixels.
static tc_status NAME(weight_grad)(const conv *v, const T *x, const T *g, T *to) {
  enum { FEW = 8, PIXELS = 256 };
  const bool lanes = v->group_outputs >= FEW;
  NAME(gradient) a = {.d = {.v = v, .x = x, .weight = g, .y = to}};
  NAME(cut_weight)(v, &a);
  const tiling t = lanes ? tile(&v->w, v->images, PIXELS) : NAME(direct_tiling)(v, a.channels);
  a.d.t = &t;
  a.slices = TC_MIN(a.slices, t.count);
  const int64_t weights = v->outputs * v->depth, jobs = a.slices * v->groups * a.cuts;
  const size_t sums = a.slices > 1 ? (size_t)(a.slices * weights) * sizeof(T) : 0;
  if (sums > 0 && !(a.d.y = tc_alloc(sums)))
    return tc_fail(TC_NO_MEMORY, "not enough memory for sums");
  const int64_t cost = v->images * v->w.out_plane * weights / 8 / jobs + 1;
  const tc_status status =
      lanes ? each_job(NAME(lane_job), &a, jobs, cost, NAME(lane_scratch)(&a, NULL, NULL))
            : each_job(NAME(gradient_job), &a, jobs, cost, NAME(direct_scratch)(v, &t, a.channels));
  if (sums == 0) return status;
  NAME(sum_slices)(a.d.y, a.slices, weights, to);
  tc_free(a.d.y, sums);
  return status;
}
