// The gradient of the weight, summed directly: for each output channel and factor a dot product
// over the pixels. Part of a template, after conv_direct.h.

typedef struct NAME(gradient) {
  NAME(direct) d;          // x the input, weight the gradient of the output, y that of the weight
  int64_t channels, cuts;  // channels a job takes, and how many such cuts a group has
  int64_t slices;          // parts of the batch that are summed apart
} NAME(gradient);

// The lanes' sum, by halves.
static inline T NAME(total)(const VEC *v) {
  T lane[LANES];
  memcpy(lane, v, sizeof lane);
  for (int half = (int)LANES / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) lane[i] += lane[i + half];
  return lane[0];
}

// sums[j][t] += x . g for `outputs` rows of g, `plane` apart, and `taps` offsets, constants after
// inlining. What lies beyond a row's end is not read: it may be infinite.
static inline
    __attribute__((always_inline)) void NAME(dot_tile)(const NAME(work) *k, const T *g,
                                                       int64_t plane, const int64_t *offset,
                                                       const int outputs, const int taps,
                                                       int64_t depth, T *to) {
  VEC sum[TILE][9], x[9];
  for (int j = 0; j < outputs; j++)
    for (int t = 0; t < taps; t++) sum[j][t] = (VEC){0};
  for (const NAME(segment) *s = k->list; s < k->list + k->full; s++) {
    for (int t = 0; t < taps; t++) x[t] = *(const VEC *)(k->slabs + s->from + offset[t]);
    for (int j = 0; j < outputs; j++)
      for (int t = 0; t < taps; t++) sum[j][t] += x[t] * *(const VEC *)(g + j * plane + s->to);
  }
  for (const NAME(segment) *s = k->list + k->full; s < k->list + k->segments; s++) {
    for (int t = 0; t < taps; t++) x[t] = NAME(load_some)(k->slabs + s->from + offset[t], s->n);
    for (int j = 0; j < outputs; j++) {
      const VEC row = NAME(load_some)(g + j * plane + s->to, s->n);
      for (int t = 0; t < taps; t++) sum[j][t] += x[t] * row;
    }
  }
  for (int j = 0; j < outputs; j++)
    for (int t = 0; t < taps; t++) to[j * depth + t] += NAME(total)(&sum[j][t]);
}

// Nine taps of a single output fill the registers, else three.
static inline
    __attribute__((always_inline)) void NAME(dot_rows)(const NAME(work) *k, const T *g,
                                                       int64_t plane, const int outputs,
                                                       int64_t taps, int64_t depth, T *to) {
  const int64_t *at = k->offset;
  int64_t t = 0;
  for (; outputs == 1 && t + 9 <= taps; t += 9)
    NAME(dot_tile)(k, g, plane, at + t, outputs, 9, depth, to + t);
  for (; t + 3 <= taps; t += 3) NAME(dot_tile)(k, g, plane, at + t, outputs, 3, depth, to + t);
  for (; t < taps; t++) NAME(dot_tile)(k, g, plane, at + t, outputs, 1, depth, to + t);
}

// One block's share: `to` is (group_outputs, taps), rows `depth` apart.
static void NAME(dot_block)(const conv *v, const NAME(work) *k, const T *g, int64_t taps, T *to) {
  const int64_t plane = v->w.out_plane, depth = v->depth;
  for (int64_t o = 0, width; o < v->group_outputs; o += width) {
    width = NAME(tile_width)(v->group_outputs - o);
    const T *row = g + o * plane;
    T *at = to + o * depth;
    switch (width) {
#if TILE == 8
      case 8: NAME(dot_rows)(k, row, plane, 8, taps, depth, at); break;
      case 7: NAME(dot_rows)(k, row, plane, 7, taps, depth, at); break;
      case 6: NAME(dot_rows)(k, row, plane, 6, taps, depth, at); break;
      case 5: NAME(dot_rows)(k, row, plane, 5, taps, depth, at); break;
#endif
      case 4: NAME(dot_rows)(k, row, plane, 4, taps, depth, at); break;
      case 3: NAME(dot_rows)(k, row, plane, 3, taps, depth, at); break;
      case 2: NAME(dot_rows)(k, row, plane, 2, taps, depth, at); break;
      default: NAME(dot_rows)(k, row, plane, 1, taps, depth, at); break;
    }
  }
}

// A job is (slice of the blocks, group, cut of the channels).
static tc_status NAME(gradient_job)(const void *context, int64_t job, void *scratch) {
  const NAME(gradient) *a = context;
  const conv *v = a->d.v;
  const int64_t cut = job % a->cuts, group = job / a->cuts % v->groups;
  const int64_t slice = job / a->cuts / v->groups, first = cut * a->channels;
  const int64_t channels = TC_MIN(a->channels, v->group_channels - first), m = v->group_outputs;
  const int64_t count = a->d.t->count, taps = channels * v->w.taps;
  T *to = a->d.y + (slice * v->outputs + group * m) * v->depth + first * v->w.taps;
  for (int64_t o = 0; o < m; o++) memset(to + o * v->depth, 0, (size_t)taps * sizeof(T));
  for (int64_t j = count * slice / a->slices; j < count * (slice + 1) / a->slices; j++) {
    const block b = block_at(&v->w, a->d.t, v->images, j);
    const NAME(work) k =
        NAME(prepare)(&a->d, &b, group * v->group_channels + first, channels, scratch);
    NAME(dot_block)(v, &k,
                    a->d.weight + (b.image * v->outputs + group * m) * v->w.out_plane + b.offset,
                    taps, to);
  }
  return TC_OK;
}

static void NAME(sum_slices)(const T *from, int64_t slices, int64_t n, T *to) {
  TC_PARALLEL_FOR(i, n, slices) {
    T sum = from[i];
    for (int64_t s = 1; s < slices; s++) sum += from[s * n + i];
    to[i] = sum;
  }
}

// Enough jobs for a few cores: first by cutting the channels, then, where the weight is small, by
// summing slices of the batch apart. Both depend on the shape only.
static void NAME(cut_weight)(const conv *v, NAME(gradient) *a) {
  const int64_t enough = 8, weights = v->outputs * v->depth;
  a->channels = TC_MIN(v->group_channels, (144 + v->w.taps - 1) / v->w.taps);
  a->cuts = (v->group_channels + a->channels - 1) / a->channels;
  a->slices = 1;
  if (v->groups * a->cuts < enough && weights <= 1 << 18)
    a->slices = (enough + v->groups * a->cuts - 1) / (v->groups * a->cuts);
}
