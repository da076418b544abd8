// The gradient of the weight, summed directly: for each output channel and factor a dot product
// over the pixels. Part of a template, after conv_direct.h.

typedef struct NAME(gradient) {
  NAME(direct) d;          // x the input, weight the gradient of the output, y that of the weight
  int64_t channels, cuts;  // channels a job takes, and how many such cuts a group has
  int64_t slices;          // parts of the batch that are summed apart
} NAME(gradient);

// The output's gradient for a block: (outputs, segments, LANES), zero where a row ends.
static void NAME(pack_gradient)(const conv *v, const NAME(work) *k, int64_t outputs, const T *g,
                                T *to) {
  memset(to, 0, (size_t)(outputs * k->segments) * sizeof(VEC));
  for (int64_t o = 0; o < outputs; o++, g += v->w.out_plane)
    for (int64_t i = 0; i < k->segments; i++, to += LANES)
      if (k->list[i].n == LANES) memcpy(to, g + k->list[i].to, sizeof(VEC));
      else memcpy(to, g + k->list[i].to, (size_t)k->list[i].n * sizeof(T));
}

typedef int64_t NAME(bits) __attribute__((vector_size(32)));

static inline __attribute__((always_inline)) T NAME(total)(const VEC *v) {
#if TC_IS_F32
  const VEC half = *v + __builtin_shufflevector(*v, *v, 4, 5, 6, 7, 0, 1, 2, 3);
  const VEC quarter = half + __builtin_shufflevector(half, half, 2, 3, 0, 1, 6, 7, 4, 5);
#else
  const VEC quarter = *v + __builtin_shufflevector(*v, *v, 2, 3, 0, 1);
#endif
  return quarter[0] + quarter[1];
}

// sums[j][t] += x . g for `outputs` rows of g and `taps` offsets, constants after inlining. What
// lies beyond a row's end is masked out: it may be infinite.
static inline
    __attribute__((always_inline)) void NAME(dot_tile)(const NAME(work) *k, const T *g,
                                                       const int64_t *offset, const int outputs,
                                                       const int taps, int64_t depth, T *to) {
  VEC sum[4][3];
  for (int j = 0; j < outputs; j++)
    for (int t = 0; t < taps; t++) sum[j][t] = (VEC){0};
  for (int64_t i = 0; i < k->full; i++)
    for (int t = 0; t < taps; t++) {
      const VEC x = *(const VEC *)(k->slabs + k->list[i].from + offset[t]);
      for (int j = 0; j < outputs; j++)
        sum[j][t] += x * *(const VEC *)(g + (j * k->segments + i) * LANES);
    }
  NAME(bits) keep = {0};
  if (k->full < k->segments) memset(&keep, 255, (size_t)k->list[k->full].n * sizeof(T));
  for (int64_t i = k->full; i < k->segments; i++)
    for (int t = 0; t < taps; t++) {
      const VEC x = *(const VEC *)(k->slabs + k->list[i].from + offset[t]);
      const VEC kept = (VEC)((NAME(bits))x & keep);
      for (int j = 0; j < outputs; j++)
        sum[j][t] += kept * *(const VEC *)(g + (j * k->segments + i) * LANES);
    }
  for (int j = 0; j < outputs; j++)
    for (int t = 0; t < taps; t++) to[j * depth + t] += NAME(total)(&sum[j][t]);
}

#define DOT_ROWS(outputs)                                                                          \
  static void NAME(dots_##outputs)(const NAME(work) *k, const T *g, int64_t taps, int64_t depth,   \
                                   T *to) {                                                        \
    int64_t t = 0;                                                                                 \
    for (; t + 3 <= taps; t += 3) NAME(dot_tile)(k, g, k->offset + t, outputs, 3, depth, to + t);  \
    for (; t < taps; t++) NAME(dot_tile)(k, g, k->offset + t, outputs, 1, depth, to + t);          \
  }
DOT_ROWS(1)
DOT_ROWS(4)
#undef DOT_ROWS

// One block's share: `to` is (group_outputs, taps), rows `depth` apart.
static void NAME(dot_block)(const conv *v, const NAME(work) *k, const T *g, int64_t taps, T *packed,
                            T *to) {
  for (int64_t o = 0; o < v->group_outputs;) {
    const int64_t outputs = v->group_outputs - o >= 4 ? 4 : 1;
    NAME(pack_gradient)(v, k, outputs, g + o * v->w.out_plane, packed);
    (outputs == 4 ? NAME(dots_4) : NAME(dots_1))(k, packed, taps, v->depth, to + o * v->depth);
    o += outputs;
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
  T *g = (T *)((char *)scratch + NAME(direct_scratch)(v, a->d.t, a->channels));
  for (int64_t o = 0; o < m; o++) memset(to + o * v->depth, 0, (size_t)taps * sizeof(T));
  for (int64_t j = count * slice / a->slices; j < count * (slice + 1) / a->slices; j++) {
    const block b = block_at(&v->w, a->d.t, v->images, j);
    const NAME(work) k =
        NAME(prepare)(&a->d, &b, group * v->group_channels + first, channels, scratch);
    NAME(dot_block)(v, &k,
                    a->d.weight + (b.image * v->outputs + group * m) * v->w.out_plane + b.offset,
                    taps, g, to);
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

// Bytes of scratch that a job needs.
static size_t NAME(gradient_scratch)(const NAME(gradient) *a) {
  const size_t packed = 4 * (size_t)NAME(most_segments)(a->d.v, a->d.t) * sizeof(VEC);
  return NAME(direct_scratch)(a->d.v, a->d.t, a->channels) + packed;
}
