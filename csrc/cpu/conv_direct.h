// Convolution summed directly from the slab, without columns. Part of a template, after
// conv_blocks.h.
//
// The output of a block is cut into segments of one vector each; a tile is a few output channels
// by a few segments, held in registers over the whole sum. Whole vectors are read, so a read may
// run over the end of a slab (which has the slack), never of a tensor.

#define VEC NAME(panel_vec)
#define LANES ((int64_t)NAME(PANEL_LANES))

// The largest tile's output channels; MOST(width): the segments by which `width` of them fill the
// registers.
#if defined(__AVX512F__)
#define TILE 8
#define MOST(width) ((width) < 3 ? 8 : (width) < 5 ? 5 : (width) < 7 ? 4 : 3)
#else
#define TILE 4
#define MOST(width) ((width) == 1 ? 8 : (width) == 2 ? 5 : PANEL_BYTES == 32 ? 3 : 2)
#endif

// `n` elements of a row of output: where they are in the slabs, and where they go.
typedef struct NAME(segment) {
  int64_t from, to, n;
} NAME(segment);

typedef struct NAME(direct) {
  const conv *v;
  const tiling *t;
  const T *x, *weight;
  NAME(ending) end;
  T *y;
} NAME(direct);

// Where in the slabs of some channels each factor of an output is found.
static void NAME(tap_offsets)(const conv *v, const slab *s, int64_t channels, int64_t *offset) {
  const window *w = &v->w;
  for (int64_t c = 0; c < channels; c++)
    for (int64_t z = 0; z < w->kernel[0]; z++)
      for (int64_t y = 0; y < w->kernel[1]; y++)
        for (int64_t x = 0; x < w->kernel[2]; x++)
          *offset++ = c * s->plane + tap_offset(w, s, z, y, x);
}

// Those segments of a block that begin at [begin, end) of a row, for slabs of `channels`.
static NAME(segment) *NAME(add_segments)(const conv *v, const block *b, const slab *s,
                                         int64_t channels, int64_t begin, int64_t end,
                                         NAME(segment) *next) {
  for (int64_t i = 0; i < b->images; i++)
    for (int64_t r = 0; r < b->size[0] * b->size[1]; r++) {
      const int64_t row = row_offset(&v->w, s, r / b->size[1], r % b->size[1]);
      const int64_t to = i * v->outputs * v->w.out_plane + r * b->size[2];
      for (int64_t x = begin; x < end; x += LANES)
        *next++ = (NAME(segment)){i * channels * s->plane + row + x, to + x,
                                  TC_MIN(LANES, b->size[2] - x)};
    }
  return next;
}

// Full ones first, then the rests of the rows; gives the numbers of the full ones and of all.
static void NAME(list_segments)(const conv *v, const block *b, const slab *s, int64_t channels,
                                NAME(segment) *list, int64_t *full, int64_t *all) {
  const int64_t whole = b->size[2] / LANES * LANES;
  NAME(segment) *next = NAME(add_segments)(v, b, s, channels, 0, whole, list);
  *full = next - list;
  *all = NAME(add_segments)(v, b, s, channels, whole, b->size[2], next) - list;
}

static int64_t NAME(most_segments)(const conv *v, const tiling *t) {
  const block b = block_at(&v->w, t, v->images, 0);
  return b.images * b.size[0] * b.size[1] * ((b.size[2] + LANES - 1) / LANES);
}

// ---- packed weights --------------------------------------------------------------------------
// Output channels in tiles, each (depth, width): what a tile reads for one factor lies together.

// Of the next tile, when `left` channels are left: tiles of nearly equal width.
static inline int64_t NAME(tile_width)(int64_t left) {
  const int64_t tiles = (left + TILE - 1) / TILE;
  return (left + tiles - 1) / tiles;
}

// Strides of the weight by output channel and by input channel; taps in turn, or mirrored.
typedef struct NAME(layout) {
  int64_t output, channel, group;
  bool mirrored;
} NAME(layout);

static void NAME(pack_tile)(const conv *v, const NAME(layout) *l, const T *weight, int64_t width,
                            T *to) {
  const int64_t taps = v->w.taps;
  for (int64_t c = 0; c < v->group_channels; c++)
    for (int64_t k = 0; k < taps; k++, to += width) {
      const T *from = weight + c * l->channel + (l->mirrored ? taps - 1 - k : k);
      for (int64_t j = 0; j < width; j++) to[j] = from[j * l->output];
    }
}

static void NAME(pack)(const conv *v, const NAME(layout) *l, const T *weight, T *to) {
  const int64_t m = v->group_outputs;
  TC_PARALLEL_FOR(g, v->groups, m * v->depth)
  for (int64_t o = 0, width; o < m; o += width) {
    width = NAME(tile_width)(m - o);
    NAME(pack_tile)(v, l, weight + g * l->group + o * l->output, width,
                    to + (g * m + o) * v->depth);
  }
}

// ---- tiles -----------------------------------------------------------------------------------

// What tiles sum over, and where sums go. Factors are those of `spans` spans of equal length.
typedef struct NAME(sums) {
  const T *x;
  const int64_t *offset;  // of each factor in x
  const int64_t *span;    // the first factor of each span
  int64_t spans, length;
  T *y;
  int64_t plane;  // from one output channel to the next
} NAME(sums);

// `width` channels by `count` segments, both constants after inlining.
static inline
    __attribute__((always_inline)) void NAME(tile_sum)(const NAME(sums) *a, const T *weight,
                                                       const int width, const int count,
                                                       const NAME(segment) *s) {
  VEC sum[8][8];
  const T *from[8];
  for (int i = 0; i < count; i++) from[i] = a->x + s[i].from;
  for (int j = 0; j < width; j++)
    for (int i = 0; i < count; i++) sum[j][i] = (VEC){0};
  for (int64_t r = 0; r < a->spans; r++) {
    const int64_t *offset = a->offset + a->span[r], *end = offset + a->length;
    const T *w = weight + a->span[r] * width;
    for (; offset < end; offset++, w += width) {
      VEC factor[8];
      for (int i = 0; i < count; i++) factor[i] = *(const VEC *)(from[i] + *offset);
      for (int j = 0; j < width; j++)
        for (int i = 0; i < count; i++) sum[j][i] += factor[i] * w[j];
    }
  }
  for (int j = 0; j < width; j++)
    for (int i = 0; i < count; i++)
      if (s[i].n == LANES) *(VEC *)(a->y + j * a->plane + s[i].to) = sum[j][i];
      else NAME(store_some)(a->y + j * a->plane + s[i].to, sum[j][i], s[i].n);
}

// All segments of a block for the output channels of one tile.
static inline
    __attribute__((always_inline)) void NAME(tile_rows)(const NAME(sums) *a, const T *weight,
                                                        const int width, const NAME(segment) *s,
                                                        int64_t n) {
  const int most = MOST(width);
  int64_t i = 0;
  for (; i + most <= n; i += most) NAME(tile_sum)(a, weight, width, most, s + i);
  for (; i < n; i++) NAME(tile_sum)(a, weight, width, 1, s + i);
}

static void NAME(tile_any)(int64_t width, const NAME(sums) *a, const T *weight,
                           const NAME(segment) *s, int64_t n) {
  switch (width) {
#if TILE == 8
    case 8: NAME(tile_rows)(a, weight, 8, s, n); break;
    case 7: NAME(tile_rows)(a, weight, 7, s, n); break;
    case 6: NAME(tile_rows)(a, weight, 6, s, n); break;
    case 5: NAME(tile_rows)(a, weight, 5, s, n); break;
#endif
    case 4: NAME(tile_rows)(a, weight, 4, s, n); break;
    case 3: NAME(tile_rows)(a, weight, 3, s, n); break;
    case 2: NAME(tile_rows)(a, weight, 2, s, n); break;
    default: NAME(tile_rows)(a, weight, 1, s, n); break;
  }
}

// ---- jobs ------------------------------------------------------------------------------------

static int64_t NAME(slab_scratch)(const conv *v, const tiling *t, int64_t channels) {
  const int64_t images = t->axis < 0 ? t->step : 1;
  return (images * channels * slab_largest(&v->w, t, v->images).plane + TC_SLACK + 7) / 8 * 8;
}

// Bytes for offsets, segments and slabs.
static size_t NAME(direct_scratch)(const conv *v, const tiling *t, int64_t channels) {
  return (size_t)(channels * v->w.taps) * sizeof(int64_t) +
         (size_t)NAME(most_segments)(v, t) * sizeof(NAME(segment)) +
         (size_t)NAME(slab_scratch)(v, t, channels) * sizeof(T);
}

// What a job works on: the channels' slabs, where their factors and the outputs are.
typedef struct NAME(work) {
  int64_t *offset, full, segments;
  NAME(segment) *list;
  T *slabs;
} NAME(work);

static NAME(work) NAME(prepare)(const NAME(direct) *d, const block *b, int64_t first,
                                int64_t channels, void *scratch) {
  const conv *v = d->v;
  const slab s = slab_of(&v->w, b);
  NAME(work) k = {.offset = scratch};
  k.list = (NAME(segment) *)(k.offset + channels * v->w.taps);
  k.slabs = (T *)(k.list + NAME(most_segments)(v, d->t));
  NAME(tap_offsets)(v, &s, channels, k.offset);
  NAME(list_segments)(v, b, &s, channels, k.list, &k.full, &k.segments);
  NAME(slabs_of)(v, b, &s, first, channels, d->x, k.slabs);
  return k;
}

// What follows the sums, for some output channels of a block.
static void NAME(end_planes)(const NAME(direct) *d, const block *b, int64_t o, int64_t count) {
  const conv *v = d->v;
  if (!d->end.bias && NAME(ends_plainly)(&d->end)) return;
  for (int64_t i = 0; i < b->images; i++)
    for (int64_t j = o; j < o + count; j++) {
      const int64_t at = ((b->image + i) * v->outputs + j) * v->w.out_plane + b->offset;
      NAME(end_run)(&d->end, j, at, d->y + at, b->pixels, d->y + at);
    }
}

// A job is (block, group).
static tc_status NAME(direct_job)(const void *context, int64_t job, void *scratch) {
  const NAME(direct) *d = context;
  const conv *v = d->v;
  const int64_t group = job % v->groups, first = group * v->group_outputs;
  const block b = block_at(&v->w, d->t, v->images, job / v->groups);
  const NAME(work) k = NAME(prepare)(d, &b, group * v->group_channels, v->group_channels, scratch);
  const T *weight = d->weight + first * v->depth;
  static const int64_t all = 0;
  NAME(sums) sums = {k.slabs, k.offset, &all, 1, v->depth, NULL, v->w.out_plane};
  T *y = d->y + (b.image * v->outputs + first) * v->w.out_plane + b.offset;
  for (int64_t o = 0, width; o < v->group_outputs; o += width) {
    width = NAME(tile_width)(v->group_outputs - o);
    sums.y = y + o * v->w.out_plane;
    NAME(tile_any)(width, &sums, weight + o * v->depth, k.list, k.segments);
    NAME(end_planes)(d, &b, first + o, width);
  }
  return TC_OK;
}

// Blocks whose slabs stay in the second cache.
static tiling NAME(direct_tiling)(const conv *v, int64_t channels) {
  const int64_t reach = window_volume(v->w.stride) * channels;
  return tile(&v->w, v->images, TC_MIN(1024, TC_MAX(128, 65536 / TC_MAX(1, reach))));
}
