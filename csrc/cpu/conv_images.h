// Convolution with images as the lanes of vectors: what a batch of small maps needs, whose rows fill
// no vector. Part of a template, after conv_direct.h and lanes.h.
//
// A job turns a vector's worth of images into pixels of LANES images, sums by the tiles of
// conv_direct.h, in which a segment is now one pixel, and turns the sums back. Rows of taps beyond
// the border are left out; along a row, zeros are multiplied.

typedef struct NAME(by_images) {
  NAME(direct) d;  // the weight is packed
  slab s;          // of a whole image
} NAME(by_images);

// A job's scratch. Vectors are LANES images: the padded slabs, a plane, a tile's sums.
typedef struct NAME(lanes_of_images) {
  VEC *slabs, *plane, *sums;
  NAME(segment) *list;
  int64_t *offset, *span;
} NAME(lanes_of_images);

static size_t NAME(images_scratch)(const NAME(by_images) *a, NAME(lanes_of_images) *k, void *at) {
  const conv *v = a->d.v;
  const window *w = &v->w;
  const int64_t slabs = v->group_channels * a->s.plane + LANES, out = w->out_plane;
  const int64_t spans = v->group_channels * w->kernel[0];
  if (k) {
    k->slabs = at, k->plane = k->slabs + slabs, k->sums = k->plane + w->in_plane;
    k->list = (NAME(segment) *)(k->sums + TILE * out);
    k->offset = (int64_t *)(k->list + out), k->span = k->offset + v->depth;
  }
  return (size_t)(slabs + w->in_plane + TILE * out) * sizeof(VEC) +
         (size_t)out * sizeof(NAME(segment)) + (size_t)(v->depth + spans) * sizeof(int64_t);
}

// The slabs of a group's channels.
static void NAME(images_into_lanes)(const NAME(by_images) *a, const block *b, int64_t group,
                                    const NAME(lanes_of_images) *k) {
  const conv *v = a->d.v;
  const window *w = &v->w;
  const slab *s = &a->s;
  const T *x = a->d.x + (b->image * v->channels + group * v->group_channels) * w->in_plane;
  const int64_t image = v->channels * w->in_plane;
  const int64_t from = TC_MAX(0, s->begin[2]), n = TC_MIN(w->in[2], s->begin[2] + s->width) - from;
  VEC *to = k->slabs;
  memset(to, 0, (size_t)(v->group_channels * s->plane) * sizeof *to);
  for (int64_t c = 0; c < v->group_channels; c++, x += w->in_plane) {
    NAME(to_lanes)(x, image, b->images, w->in_plane, k->plane);
    for (int64_t z = 0; z < s->size[0]; z++)
      for (int64_t y = 0; y < s->size[1]; y++, to += s->width)
        if (NAME(row_inside)(w, s, z, y)) {
          const int64_t row = (s->begin[0] + z) * w->in[1] + s->begin[1] + y;
          memcpy(to + from - s->begin[2], k->plane + row * w->in[2] + from, (size_t)n * sizeof *to);
        }
  }
}

// Sums of one tile of outputs, run by run of rows of output over which the same taps lie inside.
static void NAME(sum_images)(const conv *v, const NAME(lanes_of_images) *k, const T *weight,
                             int64_t width) {
  const window *w = &v->w;
  const int64_t rows = w->out[0] * w->out[1];
  for (int64_t row = 0, end; row < rows; row = end) {
    const tap_rows r = tap_rows_at(w, row);
    for (end = row + 1; end < rows; end++) {
      const tap_rows next = tap_rows_at(w, end);
      if (memcmp(&r, &next, sizeof r) != 0) break;
    }
    NAME(sums) sums = {.x = (const T *)k->slabs, .offset = k->offset, .span = k->span};
    sums.length = (r.y1 - r.y0) * w->kernel[2];
    sums.y = (T *)k->sums, sums.plane = w->out_plane * LANES;
    for (int64_t c = 0; c < v->group_channels; c++)
      for (int64_t z = r.z0; z < r.z1; z++)
        k->span[sums.spans++] = ((c * w->kernel[0] + z) * w->kernel[1] + r.y0) * w->kernel[2];
    NAME(tile_any)(width, &sums, weight, k->list + row * w->out[2], (end - row) * w->out[2]);
  }
}

// A job is (vector of images, group).
static tc_status NAME(images_job)(const void *context, int64_t job, void *scratch) {
  const NAME(by_images) *a = context;
  const conv *v = a->d.v;
  const int64_t group = job % v->groups, first = group * v->group_outputs, out = v->w.out_plane;
  const block b = block_at(&v->w, a->d.t, v->images, job / v->groups);
  NAME(lanes_of_images) k;
  NAME(images_scratch)(a, &k, scratch);
  NAME(images_into_lanes)(a, &b, group, &k);
  NAME(tap_offsets)(v, &a->s, v->group_channels, k.offset);
  for (int64_t i = 0; i < v->depth; i++) k.offset[i] *= LANES;
  for (int64_t i = 0; i < out; i++) {
    const int64_t row = i / v->w.out[2], z = row / v->w.out[1], y = row % v->w.out[1];
    const int64_t from = row_offset(&v->w, &a->s, z, y) + i % v->w.out[2];
    k.list[i] = (NAME(segment)){from * LANES, i * LANES, LANES};
  }
  for (int64_t o = 0, width; o < v->group_outputs; o += width) {
    width = NAME(tile_width)(v->group_outputs - o);
    NAME(sum_images)(v, &k, a->d.weight + (first + o) * v->depth, width);
    for (int64_t j = 0; j < width; j++)
      NAME(from_lanes)(k.sums + j * out, out, b.images,
                       a->d.y + (b.image * v->outputs + first + o + j) * out, v->outputs * out);
    NAME(end_planes)(&a->d, &b, first + o, width);
  }
  return TC_OK;
}

// What a factor of all outputs costs by images, to what it costs by vectors along the rows, is at
// most 3 to 4: then rows leave lanes empty, or many taps lie beyond the border.
static bool NAME(rows_are_short)(const window *w) {
  const int64_t rows = w->out[0] * w->out[1], taps = w->kernel[0] * w->kernel[1];
  int64_t inside = 0;
  for (int64_t row = 0; row < rows; row++) {
    const tap_rows r = tap_rows_at(w, row);
    inside += (r.z1 - r.z0) * (r.y1 - r.y0);
  }
  return 4 * inside * w->out[2] <= 3 * rows * taps * ((w->out[2] + LANES - 1) / LANES * LANES);
}

// Worth the turning: short rows of maps that stay in the second cache as vectors of images; few
// outputs, since with many of them the patches of convolve_panels are packed for all at once.
static bool NAME(images_pay)(const conv *v) {
  enum { VECTORS = (1 << 19) / PANEL_BYTES, OUTPUTS = 32 };
  const window *w = &v->w;
  const block whole = {0, 1, {0, 0, 0}, {w->out[0], w->out[1], w->out[2]}, 0, w->out_plane};
  if (v->images < LANES || w->taps == 1 || v->group_outputs > OUTPUTS || !conv_steps_by_one(v))
    return false;
  return v->group_channels * slab_of(w, &whole).plane <= VECTORS &&
         w->out_plane <= VECTORS / TILE && NAME(rows_are_short)(w);
}

// ---- the whole, by images or by rows ---------------------------------------------------------

static tc_status NAME(convolve_direct)(const conv *v, const NAME(layout) *l, const T *x,
                                       const T *weight, const NAME(ending) *end, T *y) {
  const size_t bytes = (size_t)(v->outputs * v->depth) * sizeof(T);
  const bool images = NAME(images_pay)(v);
  T *tiles = tc_alloc(bytes + 64);
  if (!tiles)
    return tc_fail(TC_NO_MEMORY, "not enough memory for packed weights (%zu bytes)", bytes);
  NAME(pack)(v, l, weight, tiles);
  const tiling lanes = {-1, LANES, 1, (v->images + LANES - 1) / LANES};
  const tiling t = images ? lanes : NAME(direct_tiling)(v, v->group_channels);
  const NAME(by_images) a = {{v, &t, x, tiles, *end, y}, slab_largest(&v->w, &lanes, v->images)};
  const int64_t cost = block_columns(v, &t) * v->depth * v->group_outputs / 8 + 1;
  const tc_status status = images ? each_job(NAME(images_job), &a, t.count * v->groups, cost,
                                             NAME(images_scratch)(&a, NULL, NULL))
                                  : each_job(NAME(direct_job), &a.d, t.count * v->groups, cost,
                                             NAME(direct_scratch)(v, &t, v->group_channels));
  tc_free(tiles, bytes + 64);
  return status;
}
