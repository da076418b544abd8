// Convolution as a product of matrices whose columns are made as they are needed: weights
// (outputs, depth) times patches (depth, pixels), the patches packed into the panels of panel.h.
// Part of a template, after conv_direct.h and conv_ending.h.
//
// A job takes a span of columns and a part of a group's outputs. It goes through the depth in
// chunks of channels: pads their slab, packs the patches of the chunk, multiplies. Sums run over the
// depth in order, so an element does not depend on how columns and outputs are shared out.

#ifndef TOCHA_CONV_PANEL_H
#define TOCHA_CONV_PANEL_H

// About how deep a chunk is; tiles of outputs that stay in the second cache; panels of a span.
enum { CHUNK_DEPTH = 256, CHUNK_TILES = 24, SPAN_PANELS = 8 };

// Columns: `count` pixels of an image from `pixel` on, or whole images.
typedef struct span {
  int64_t image, images, pixel, count;
} span;

// Are patches single elements that all lie in the input?
static inline bool conv_is_plain(const window *w) {
  bool plain = w->taps == 1;
  for (int d = 0; d < 3; d++)
    plain = plain && w->pad[d] == 0 && (w->out[d] - 1) * w->stride[d] < w->in[d];
  return plain;
}

// Rows of outputs that a span touches, as a block.
static inline block rows_of_span(const conv *v, const span *s) {
  const int64_t row = v->w.out[2], plane = v->w.out[1] * row;
  block b = {s->image, s->images, {0, 0, 0}, {v->w.out[0], v->w.out[1], row}, 0, s->count};
  if (s->images > 1) return b;
  const int64_t last = s->pixel + s->count - 1;
  b.begin[0] = s->pixel / plane, b.size[0] = last / plane - b.begin[0] + 1;
  if (b.size[0] > 1) return b;
  b.begin[1] = s->pixel % plane / row, b.size[1] = last % plane / row - b.begin[1] + 1;
  return b;
}
#endif

typedef struct NAME(by_panels) {
  const conv *v;
  const T *x, *weight;  // weight: (groups, outputs, depth)
  NAME(ending) end;
  T *y;
  bool plain;                     // no kernel, no padding: patches are read from x itself
  int64_t images, spans, panels;  // of a span: whole images or 0; spans of all; most panels
  int64_t parts, channels;        // of a group's outputs; channels of a chunk
} NAME(by_panels);

// ---- weights ---------------------------------------------------------------------------------

// Mirrored weights do not lie as they are read: a copy (groups, outputs, depth).
static void NAME(turn_weights)(const conv *v, const NAME(layout) *l, const T *weight, T *to) {
  const int64_t taps = v->w.taps;
  TC_PARALLEL_FOR(i, v->groups * v->group_outputs, v->depth) {
    const T *from = weight + i / v->group_outputs * l->group + i % v->group_outputs * l->output;
    T *at = to + i * v->depth;
    for (int64_t c = 0; c < v->group_channels; c++, from += l->channel)
      for (int64_t k = 0; k < taps; k++) *at++ = from[taps - 1 - k];
  }
}

// ---- spans -----------------------------------------------------------------------------------

static inline int64_t NAME(panels_of)(int64_t columns) {
  return (columns + NAME(PANEL_WIDE) - 1) / NAME(PANEL_WIDE);
}

// As many small images as fill whole panels best.
static int64_t NAME(images_of_span)(int64_t plane, int64_t images, int64_t most) {
  int64_t best = 1;
  for (int64_t n = 2; n <= images && n * plane <= most; n++)
    if (NAME(panels_of)(n * plane) * best <= NAME(panels_of)(best * plane) * n) best = n;
  return best;
}

static span NAME(span_at)(const NAME(by_panels) *d, int64_t index) {
  const int64_t plane = d->v->w.out_plane;
  if (d->images) {
    const int64_t first = index * d->images, n = TC_MIN(d->images, d->v->images - first);
    return (span){first, n, 0, n * plane};
  }
  const int64_t each = d->spans / d->v->images, k = index % each, all = NAME(panels_of)(plane);
  const int64_t from = all * k / each * NAME(PANEL_WIDE);
  const int64_t to = TC_MIN(plane, all * (k + 1) / each * NAME(PANEL_WIDE));
  return (span){index / each, 1, from, to - from};
}

// ---- patches ---------------------------------------------------------------------------------

// A run of columns whose patches lie one element (or `step`) after the other.
typedef struct NAME(run) {
  int64_t from, column, n;
} NAME(run);

// What a job reads patches from: the slab of a chunk, or x.
typedef struct NAME(patches) {
  const T *base;
  int64_t *offset;  // of each factor of a column
  int64_t step, image;
  slab s;
  block b;
} NAME(patches);

static int64_t NAME(pixel_at)(const NAME(by_panels) *d, const NAME(patches) *p, int64_t pixel) {
  const window *w = &d->v->w;
  const int64_t x = pixel % w->out[2], y = pixel / w->out[2] % w->out[1];
  const int64_t z = pixel / w->out[2] / w->out[1];
  if (!d->plain) return row_offset(w, &p->s, z - p->b.begin[0], y - p->b.begin[1]) + x;
  return (z * w->stride[0] * w->in[1] + y * w->stride[1]) * w->in[2] + x * w->stride[2];
}

// The columns of a panel, up to `width` of them from `column` of the span on, as runs.
static int64_t NAME(list_runs)(const NAME(by_panels) *d, const span *s, const NAME(patches) *p,
                               int64_t column, int64_t width, NAME(run) *list) {
  const window *w = &d->v->w;
  const int64_t row = window_is_identity(w) ? w->out_plane : w->out[2];
  int64_t count = 0;
  for (int64_t j = 0; j < width; count++) {
    const int64_t pixel = s->pixel + column + j, at = pixel % w->out_plane;
    const int64_t n = TC_MIN(width - j, row - at % row);
    list[count] = (NAME(run)){pixel / w->out_plane * p->image + NAME(pixel_at)(d, p, at), j, n};
    j += n;
  }
  return count;
}

static inline void NAME(copy_vectors)(T *to, const T *from, int64_t n) {
  for (int64_t i = 0; i < n; i += NAME(PANEL_LANES))
    *(NAME(panel_vec) *)(to + i) = *(const NAME(panel_vec) *)(from + i);
}

// From a slab whole vectors are copied: what runs over is written afterwards, or is slack.
static void NAME(pack_runs)(const NAME(patches) *p, const NAME(run) *runs, int64_t count,
                            int64_t depth, bool slack, T *to) {
  const bool whole = count == 1 && runs->n == NAME(PANEL_WIDE) &&p->step == 1;
  for (int64_t k = 0; k < depth; k++, to += NAME(PANEL_WIDE)) {
    const T *from = p->base + p->offset[k];
    if (whole) {
      NAME(copy_vectors)(to, from + runs->from, NAME(PANEL_WIDE));
      continue;
    }
    for (const NAME(run) *r = runs; r < runs + count; r++)
      if (slack) NAME(copy_vectors)(to + r->column, from + r->from, r->n);
      else NAME(take_every)(to + r->column, from + r->from, r->n, p->step);
  }
}

// ---- jobs ------------------------------------------------------------------------------------

// A job's part of the outputs, and where its scratch lies.
typedef struct NAME(task) {
  span s;
  NAME(patches) p;
  int64_t group, tile, tiles;  // tiles of its outputs: from, how many
  T *slabs, *panels, *rest;    // rest: sums of columns that are not contiguous in y
} NAME(task);

// Is a panel one piece of y?
static inline bool NAME(in_place)(const conv *v, const span *s, int64_t column) {
  const int64_t at = (s->pixel + column) % v->w.out_plane;
  return at + NAME(PANEL_WIDE) <= v->w.out_plane && column + NAME(PANEL_WIDE) <= s->count;
}

static inline T *NAME(output_at)(const NAME(by_panels) *d, const span *s, int64_t o,
                                 int64_t column) {
  const int64_t plane = d->v->w.out_plane, pixel = s->pixel + column;
  return d->y + ((s->image + pixel / plane) * d->v->outputs + o) * plane + pixel % plane;
}

// Sums of `rows` outputs from `o` on become elements of y.
static void NAME(end_tile)(const NAME(by_panels) *d, const span *s, int64_t column, int64_t o,
                           int64_t rows, const T *c, int64_t ldc) {
  const int64_t plane = d->v->w.out_plane;
  const int64_t width = TC_MIN(NAME(PANEL_WIDE), s->count - column);
  for (int64_t j = 0; j < width;) {
    const int64_t n = TC_MIN(width - j, plane - (s->pixel + column + j) % plane);
    T *to = NAME(output_at)(d, s, o, column + j);
    for (int64_t r = 0; r < rows; r++, to += plane)
      NAME(end_run)(&d->end, o + r, to - d->y, c + r * ldc + j, n, to);
    j += n;
  }
}

// The weights of the next tile, on their way while this one is multiplied: few pixels give the
// processor too little time to fetch them by itself.
static inline void NAME(fetch_rows)(const T *rows, int64_t count, int64_t ld, int64_t depth) {
  enum { LINE = 64 / sizeof(T) };
  for (int64_t r = 0; r < count; r++)
    for (int64_t p = 0; p < depth; p += LINE) __builtin_prefetch(rows + r * ld + p, 0, 2);
}

// Tiles [from, to) of the outputs times one panel of a chunk of the depth.
static void NAME(multiply_panel)(const NAME(by_panels) *d, const NAME(task) *t, int64_t panel,
                                 int64_t at, int64_t depth, int64_t from, int64_t to) {
  const conv *v = d->v;
  const int64_t column = panel * NAME(PANEL_WIDE), outputs = v->group_outputs;
  const bool place = NAME(in_place)(v, &t->s, column);
  const bool plain = !d->end.bias && NAME(ends_plainly)(&d->end);
  NAME(panel_product)
  q = {.row = v->depth, .col = 1, .k = depth, .alpha = 1, .beta = at > 0};
  q.n = TC_MIN(NAME(PANEL_WIDE), t->s.count - column);
  q.ldd = q.ldc = place ? v->w.out_plane : NAME(PANEL_WIDE);
  const int64_t first = panel_row(outputs, t->tile);
  T *rest = t->rest + (d->images > 1 ? panel : 0) * t->tiles * PANEL_ROWS * NAME(PANEL_WIDE);
  for (int64_t i = from; i < to; i++) {
    const int64_t row = panel_row(outputs, i), rows = panel_row(outputs, i + 1) - row;
    const int64_t o = t->group * outputs + row;
    q.a = d->weight + o * v->depth + at;
    if (panel == 0 && i + 1 < to)
      NAME(fetch_rows)(q.a + rows * v->depth, PANEL_ROWS - 1, v->depth, depth);
    q.c = place ? NAME(output_at)(d, &t->s, o, column) : rest + (row - first) * q.ldc;
    q.d = q.c;
    NAME(panel_heights)(&q, rows, 0, t->panels + column * depth, NAME(PANEL_WIDE), 0);
    if (at + depth == v->depth && !(place && plain))
      NAME(end_tile)(d, &t->s, column, o, rows, q.c, q.ldc);
  }
}

// The panels of a chunk of `channels`.
static void NAME(pack_chunk)(const NAME(by_panels) *d, NAME(task) *t, int64_t first,
                             int64_t channels) {
  const conv *v = d->v;
  NAME(patches) *p = &t->p;
  const T *x =
      d->x + (t->s.image * v->channels + t->group * v->group_channels + first) * v->w.in_plane;
  p->base = d->plain ? x : t->slabs;
  for (int64_t i = 0; !d->plain && i < t->s.images; i++)
    NAME(fill_slab)(&v->w, &p->s, x + i * v->channels * v->w.in_plane, channels,
                    t->slabs + i * p->image);
  const int64_t depth = channels * v->w.taps;
  for (int64_t j = 0; j < t->s.count; j += NAME(PANEL_WIDE)) {
    NAME(run) runs[NAME(PANEL_WIDE)];
    const int64_t width = TC_MIN(NAME(PANEL_WIDE), t->s.count - j);
    const int64_t count = NAME(list_runs)(d, &t->s, p, j, width, runs);
    NAME(pack_runs)(p, runs, count, depth, !d->plain, t->panels + j * depth);
  }
}

static void NAME(find_patches)(const NAME(by_panels) *d, NAME(task) *t) {
  const conv *v = d->v;
  NAME(patches) *p = &t->p;
  p->b = rows_of_span(v, &t->s);
  p->s = slab_of(&v->w, &p->b);
  p->step = d->plain ? v->w.stride[2] : 1;
  p->image = d->plain ? v->channels * v->w.in_plane : d->channels * p->s.plane;
  if (d->plain)
    for (int64_t c = 0; c < d->channels; c++) p->offset[c] = c * v->w.in_plane;
  else NAME(tap_offsets)(v, &p->s, d->channels, p->offset);
}

static int64_t NAME(slabs_size)(const NAME(by_panels) *d) {
  if (d->plain) return 0;
  const window *w = &d->v->w;
  // a span within an image touches at most this many rows of outputs
  const int64_t rows = TC_MIN(w->out[1], d->panels * NAME(PANEL_WIDE) / w->out[2] + 2);
  const bool whole = d->images || w->out[0] > 1;
  const block b = {0, 1, {0, 0, 0}, {w->out[0], whole ? w->out[1] : rows, w->out[2]}, 0, 0};
  return TC_MAX(1, d->images) * d->channels * slab_of(w, &b).plane + TC_SLACK;
}

// Sizes in elements, in the order in which they lie.
static int64_t NAME(panels_scratch)(const NAME(by_panels) *d, NAME(task) *t, char *scratch) {
  const int64_t depth = d->channels * d->v->w.taps, line = 64 / (int64_t)sizeof(T);
  const int64_t most = (panel_tiles(d->v->group_outputs) + d->parts - 1) / d->parts + 1;
  const int64_t rest = most * PANEL_ROWS * NAME(PANEL_WIDE) *(d->images > 1 ? d->panels : 1);
  const int64_t panels = d->panels * NAME(PANEL_WIDE) *depth + 2 * NAME(PANEL_WIDE);
  const int64_t slabs = (NAME(slabs_size)(d) + line - 1) / line * line;
  if (t) {
    t->rest = (T *)scratch, t->panels = t->rest + rest, t->slabs = t->panels + panels;
    t->p.offset = (int64_t *)(t->slabs + slabs);
  }
  return (rest + panels + slabs) * (int64_t)sizeof(T) + depth * (int64_t)sizeof(int64_t);
}

// A job is (part of the outputs, group, span).
static tc_status NAME(panels_job)(const void *context, int64_t job, void *scratch) {
  const NAME(by_panels) *d = context;
  const conv *v = d->v;
  const int64_t tiles = panel_tiles(v->group_outputs), part = job / d->spans / v->groups;
  NAME(task) t = {.s = NAME(span_at)(d, job % d->spans), .group = job / d->spans % v->groups};
  NAME(panels_scratch)(d, &t, scratch);
  t.tile = tiles * part / d->parts, t.tiles = tiles * (part + 1) / d->parts - t.tile;
  NAME(find_patches)(d, &t);
  for (int64_t c = 0; c < v->group_channels; c += d->channels) {
    const int64_t channels = TC_MIN(d->channels, v->group_channels - c);
    NAME(pack_chunk)(d, &t, c, channels);
    for (int64_t i = 0; i < t.tiles; i += CHUNK_TILES)
      for (int64_t j = 0; j < NAME(panels_of)(t.s.count); j++)
        NAME(multiply_panel)(d, &t, j, c * v->w.taps, channels * v->w.taps, t.tile + i,
                             t.tile + TC_MIN(t.tiles, i + CHUNK_TILES));
  }
  return TC_OK;
}

// ---- the whole -------------------------------------------------------------------------------

// Are the outputs better shared out than the spans? Each part packs all patches for itself, which
// takes about as long as PACKING outputs; but few spans keep some threads waiting.
static bool NAME(cut_outputs)(const NAME(by_panels) *d, int64_t threads) {
  enum { PACKING = 16 };
  const int64_t jobs = d->spans * d->v->groups, outputs = d->v->group_outputs;
  const int64_t by_spans = (jobs + threads - 1) / threads * (outputs + PACKING);
  return jobs * ((outputs + threads - 1) / threads + PACKING) < by_spans;
}

// How the columns are cut into spans and the outputs into parts.
static NAME(by_panels) NAME(plan_panels)(const conv *v) {
  const int64_t plane = v->w.out_plane, threads = tc_threads();
  NAME(by_panels) d = {.v = v, .plain = conv_is_plain(&v->w), .panels = SPAN_PANELS, .parts = 1};
  d.channels = TC_MIN(v->group_channels, TC_MAX(1, CHUNK_DEPTH / v->w.taps));
  if (plane <= SPAN_PANELS * NAME(PANEL_WIDE)) {
    d.images = NAME(images_of_span)(plane, v->images, 4 * SPAN_PANELS * NAME(PANEL_WIDE));
    d.spans = (v->images + d.images - 1) / d.images;
    d.panels = NAME(panels_of)(d.images * plane);
  } else {
    const int64_t panels = NAME(panels_of)(plane), spans = (panels + SPAN_PANELS - 1) / SPAN_PANELS;
    d.spans = (spans + threads - 1) / threads * threads * v->images;
  }
  const int64_t tiles = panel_tiles(v->group_outputs);
  if (NAME(cut_outputs)(&d, threads)) d.parts = TC_MIN(threads, tiles);
  d.parts = TC_MIN(tiles, TC_MAX(d.parts, (v->group_outputs + 511) / 512));
  return d;
}

static tc_status NAME(convolve_panels)(const conv *v, const NAME(layout) *l, const T *x,
                                       const T *weight, const NAME(ending) *end, T *y) {
  const size_t bytes = l->mirrored ? (size_t)(v->outputs * v->depth) * sizeof(T) : 0;
  T *turned = bytes ? tc_alloc(bytes) : NULL;
  if (bytes && !turned)
    return tc_fail(TC_NO_MEMORY, "not enough memory for turned weights (%zu bytes)", bytes);
  if (turned) NAME(turn_weights)(v, l, weight, turned);
  NAME(by_panels) d = NAME(plan_panels)(v);
  d.x = x, d.weight = turned ? turned : weight, d.end = *end, d.y = y;
  const int64_t cost = d.panels * NAME(PANEL_WIDE) *v->depth * v->group_outputs / d.parts / 8;
  const tc_status status = each_job(NAME(panels_job), &d, d.parts * v->groups * d.spans, cost + 1,
                                    (size_t)NAME(panels_scratch)(&d, NULL, NULL));
  if (turned) tc_free(turned, bytes);
  return status;
}

// Worth the packing: enough outputs share a panel.
static bool NAME(panels_pay)(const conv *v) { return v->group_outputs >= 16 && v->depth > 0; }
