// The gradient of the weight of 3 x 3 windows at stride 1 by Winograd's transforms: the adjoint of
// conv_winograd.h with respect to the filters. Part of a template, after conv_winograd.h.
//
// At each point the gradient is a product over the tiles, (outputs, tiles) x (tiles, channels), that
// goes back to the nine taps once at the end. A job sums one slice of the strips for a part of the
// outputs and channels; slices depend on the shape only, and are added in order.

typedef struct NAME(weight_points) {
  NAME(wino) w;
  const T *x, *g;
  T *y;                       // (slices, outputs, channels, taps)
  int64_t outputs, channels;  // what a job takes, and how many such cuts there are
  int64_t output_cuts, channel_cuts;
  int64_t slices, blocks, largest;  // blocks of strips of all slices; tiles of a block
} NAME(weight_points);

// A job's part, and its scratch.
typedef struct NAME(weight_task) {
  int64_t slice, output, outputs, channel, channels;
  NAME(points) in, out, sums;  // in: a panel of channels after the other; sums (outputs, channels)
  NAME(wv) *rest;
} NAME(weight_task);

// The tiles of a block at the points; their number.
static int64_t NAME(weight_block)(const NAME(weight_points) *d, const NAME(weight_task) *t,
                                  int64_t first, int64_t end) {
  const conv *v = d->w.v;
  const int64_t lanes = NAME(PANEL_LANES), wide = NAME(PANEL_WIDE);
  int64_t tiles = 0;
  for (int64_t i = first; i < end; i++) {
    const NAME(strip) s = NAME(strip_at)(&d->w, i);
    for (int64_t c = 0; c < t->channels; c += lanes) {
      const int64_t at = (c / wide * d->largest + tiles) * wide + c % wide;
      const T *x = d->x + (s.image * v->channels + t->channel + c) * v->w.in_plane;
      NAME(input_strip)(&d->w, &s, x, TC_MIN(lanes, t->channels - c),
                        (NAME(points)){t->in.x + at, t->in.plane, t->in.ld}, t->rest);
    }
    for (int64_t o = 0; o < t->outputs; o += lanes) {
      const T *g = d->g + (s.image * v->outputs + t->output + o) * v->w.out_plane;
      NAME(gradient_strip)(
          &d->w, &s, g, TC_MIN(lanes, t->outputs - o),
          (NAME(points)){t->out.x + tiles * t->out.ld + o, t->out.plane, t->out.ld}, t->rest);
    }
    tiles += s.tiles;
  }
  return tiles;
}

static void NAME(sum_points)(const NAME(weight_points) *d, const NAME(weight_task) *t,
                             int64_t tiles, bool more) {
  const int64_t wide = NAME(PANEL_WIDE);
  NAME(panel_product) q = {.row = 1, .col = t->out.ld, .m = t->outputs, .k = tiles};
  q.alpha = 1, q.beta = more, q.ldd = q.ldc = t->sums.ld;
  for (int64_t p = 0; p < WINO_POINTS; p++)
    for (int64_t c = 0; c < t->channels; c += wide) {
      q.a = t->out.x + p * t->out.plane;
      q.b = t->in.x + p * t->in.plane + c * d->largest;
      q.d = q.c = t->sums.x + p * t->sums.plane + c;
      q.n = TC_MIN(wide, NAME(whole_lanes)(t->channels - c));
      NAME(panel_multiply)(&q);
    }
}

// From the points to the taps, for one output and LANES channels at most.
static void NAME(weight_taps)(const T *sums, int64_t plane, int64_t channels, T *to) {
  NAME(wv) columns[3 * WINO_SPAN], taps[9];
  for (int64_t i = 0; i < WINO_SPAN; i++)
    NAME(wino_weight)((const NAME(wv) *)(sums + i * plane), WINO_SPAN * plane / NAME(PANEL_LANES),
                      columns + i, WINO_SPAN);
  for (int64_t i = 0; i < 3; i++) NAME(wino_weight)(columns + i * WINO_SPAN, 1, taps + 3 * i, 1);
  for (int64_t c = 0; c < channels; c++)
    for (int64_t k = 0; k < 9; k++) to[c * 9 + k] = ((const T *)&taps[k])[c];
}

static void NAME(store_weights)(const NAME(weight_points) *d, const NAME(weight_task) *t) {
  const conv *v = d->w.v;
  const int64_t lanes = NAME(PANEL_LANES);
  T *y = d->y + ((t->slice * v->outputs + t->output) * v->channels + t->channel) * 9;
  for (int64_t o = 0; o < t->outputs; o++, y += v->depth)
    for (int64_t c = 0; c < t->channels; c += lanes)
      NAME(weight_taps)(t->sums.x + o * t->sums.ld + c, t->sums.plane,
                        TC_MIN(lanes, t->channels - c), y + c * 9);
}

// Elements of scratch; where they lie, for a task.
static int64_t NAME(weight_scratch)(const NAME(weight_points) *d, NAME(weight_task) *t, T *x) {
  const int64_t in = NAME(points_plane)(d->largest, d->channels);
  const int64_t out = NAME(points_plane)(d->largest, d->outputs);
  const int64_t sums = NAME(points_plane)(d->outputs, d->channels);
  if (t) {
    t->in = (NAME(points)){x, in, NAME(PANEL_WIDE)};
    t->out = (NAME(points)){x + WINO_POINTS * in, out, d->outputs};
    t->sums = (NAME(points)){t->out.x + WINO_POINTS * out, sums, d->channels};
    t->rest = (NAME(wv) *)(t->sums.x + WINO_POINTS * sums);
  }
  return WINO_POINTS * (in + out + sums) + NAME(strip_vectors)(&d->w) * NAME(PANEL_LANES);
}

// A job is (slice, cut of the outputs, cut of the channels).
static tc_status NAME(weight_points_job)(const void *context, int64_t job, void *scratch) {
  const NAME(weight_points) *d = context;
  const conv *v = d->w.v;
  NAME(weight_task) t = {.slice = job / d->channel_cuts / d->output_cuts};
  t.output = job / d->channel_cuts % d->output_cuts * d->outputs;
  t.channel = job % d->channel_cuts * d->channels;
  t.outputs = TC_MIN(d->outputs, v->outputs - t.output);
  t.channels = TC_MIN(d->channels, v->channels - t.channel);
  NAME(weight_scratch)(d, &t, scratch);
  const int64_t first = d->blocks * t.slice / d->slices;
  const int64_t end = d->blocks * (t.slice + 1) / d->slices, strips = d->w.strips;
  for (int64_t b = first; b < end; b++) {
    const int64_t tiles =
        NAME(weight_block)(d, &t, strips * b / d->blocks, strips * (b + 1) / d->blocks);
    NAME(sum_points)(d, &t, tiles, b > first);
  }
  NAME(store_weights)(d, &t);
  return TC_OK;
}

// Parts of the outputs and channels whose sums stay near; slices long enough to pay for going back to
// the taps.
static NAME(weight_points) NAME(plan_weight_points)(const conv *v) {
  enum { SIDE = 128, TILES = 64, SLICES = 8, SLICE_TILES = 256 };
  const int64_t wide = NAME(PANEL_WIDE);
  NAME(weight_points) d = {.w = NAME(wino_of)(v)};
  d.output_cuts = (v->outputs + SIDE - 1) / SIDE, d.channel_cuts = (v->channels + SIDE - 1) / SIDE;
  d.outputs = NAME(whole_lanes)((v->outputs + d.output_cuts - 1) / d.output_cuts);
  d.channels = ((v->channels + d.channel_cuts - 1) / d.channel_cuts + wide - 1) / wide * wide;
  d.output_cuts = (v->outputs + d.outputs - 1) / d.outputs;
  d.channel_cuts = (v->channels + d.channels - 1) / d.channels;
  const int64_t strips = TC_MAX(1, TILES / d.w.tiles), tiles = v->images * d.w.across * d.w.down;
  d.blocks = (d.w.strips + strips - 1) / strips;
  d.largest = (d.w.strips + d.blocks - 1) / d.blocks * d.w.tiles;
  d.slices = TC_MIN(SLICES / (d.output_cuts * d.channel_cuts), tiles / SLICE_TILES);
  d.slices = TC_MAX(1, TC_MIN(d.slices, d.blocks));
  return d;
}

static tc_status NAME(weight_grad_points)(const conv *v, const T *x, const T *g, T *to) {
  NAME(weight_points) d = NAME(plan_weight_points)(v);
  d.x = x, d.g = g, d.y = to;
  const int64_t weights = v->outputs * v->depth;
  const size_t sums = d.slices > 1 ? (size_t)(d.slices * weights) * sizeof(T) : 0;
  if (sums > 0 && !(d.y = tc_alloc(sums)))
    return tc_fail(TC_NO_MEMORY, "not enough memory for sums");
  const int64_t jobs = d.slices * d.output_cuts * d.channel_cuts;
  const int64_t work = v->images * v->w.out_plane * weights / 32;
  const tc_status status = each_job(NAME(weight_points_job), &d, jobs, work / jobs + 1,
                                    (size_t)NAME(weight_scratch)(&d, NULL, NULL) * sizeof(T));
  if (sums == 0) return status;
  NAME(sum_slices)(d.y, d.slices, weights, to);
  tc_free(d.y, sums);
  return status;
}
