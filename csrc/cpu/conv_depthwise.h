// Gradients of depthwise convolutions (one input channel a group), summed directly. Part of a
// template, after conv_direct.h. A job is a group: over all images for the weight, so that sums have
// one order.

static T NAME(dot)(const T *a, const T *b, int64_t n) {
  VEC sum = (VEC){0};
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) sum += *(const VEC *)(a + i) * *(const VEC *)(b + i);
  T total = 0;
  for (; i < n; i++) total += a[i] * b[i];
  for (int64_t j = 0; j < LANES; j++) total += sum[j];
  return total;
}

static void NAME(dot_taps)(const conv *v, const block *b, const slab *s, const int64_t *offset,
                           const T *slabs, const T *g, T *to) {
  for (int64_t k = 0; k < v->depth; k++)
    for (int64_t r = 0; r < b->size[0] * b->size[1]; r++) {
      const T *from = slabs + row_offset(&v->w, s, r / b->size[1], r % b->size[1]) + offset[k];
      to[k] += NAME(dot)(from, g + r * b->size[2], b->size[2]);
    }
}

static tc_status NAME(depthwise_weight_job)(const void *context, int64_t group, void *scratch) {
  const NAME(direct) *d = context;  // y is the gradient of the weight, weight that of the output
  const conv *v = d->v;
  T *to = d->y + group * v->group_outputs * v->depth;
  memset(to, 0, (size_t)(v->group_outputs * v->depth) * sizeof(T));
  for (int64_t j = 0; j < d->t->count; j++) {
    const block b = block_at(&v->w, d->t, v->images, j);
    const slab s = slab_of(&v->w, &b);
    int64_t offset[32];
    NAME(tap_offsets)(v, &s, offset);
    NAME(slabs_of)(v, &b, &s, group, 1, d->x, scratch);
    for (int64_t i = 0; i < b.images; i++)
      for (int64_t o = 0; o < v->group_outputs; o++) {
        const int64_t output = (b.image + i) * v->outputs + group * v->group_outputs + o;
        NAME(dot_taps)(v, &b, &s, offset, (T *)scratch + i * s.plane,
                       d->weight + output * v->w.out_plane + b.offset, to + o * v->depth);
      }
  }
  return TC_OK;
}

static tc_status NAME(depthwise_weight_grad)(const conv *v, const T *x, const T *g, T *to) {
  const tiling t = tile(&v->w, v->images, 4096);
  const NAME(direct) d = {v, &t, x, g, NULL, to};
  const int64_t cost = v->images * v->w.out_plane * v->depth * v->group_outputs / 8;
  return each_job(NAME(depthwise_weight_job), &d, v->groups, cost + 1,
                  (size_t)NAME(slab_scratch)(v, &t) * sizeof(T));
}

// slabs += weight[o] * g[o], spread over the taps.
static void NAME(spread_taps)(const conv *v, const block *b, const slab *s, const int64_t *offset,
                              const T *g, const T *weight, T *slabs) {
  for (int64_t k = 0; k < v->depth; k++)
    for (int64_t r = 0; r < b->size[0] * b->size[1]; r++) {
      T *restrict to = slabs + row_offset(&v->w, s, r / b->size[1], r % b->size[1]) + offset[k];
      const T *restrict from = g + r * b->size[2];
      for (int64_t i = 0; i < b->size[2]; i++) to[i] += weight[k] * from[i];
    }
}

// A job is (image, group); x is the gradient of the output, y that of the input, already filled.
static tc_status NAME(depthwise_input_job)(const void *context, int64_t job, void *scratch) {
  const NAME(direct) *d = context;
  const conv *v = d->v;
  const int64_t image = job / v->groups, group = job % v->groups;
  for (int64_t j = 0; j < d->t->parts; j++) {
    block b = block_at(&v->w, d->t, v->images, d->t->axis < 0 ? image : image * d->t->parts + j);
    const slab s = slab_of(&v->w, &b);
    int64_t offset[32];
    NAME(tap_offsets)(v, &s, offset);
    memset(scratch, 0, (size_t)s.plane * sizeof(T));
    for (int64_t o = group * v->group_outputs; o < (group + 1) * v->group_outputs; o++)
      NAME(spread_taps)(v, &b, &s, offset, d->x + (image * v->outputs + o) * v->w.out_plane + b.offset,
                        d->weight + o * v->depth, scratch);
    NAME(drain_slab)(&v->w, &s, scratch, 1, d->y + job * v->w.in_plane);
  }
  return TC_OK;
}

static tc_status NAME(depthwise_input_grad)(const conv *v, const T *g, const T *weight, T *to) {
  tiling t = tile(&v->w, v->images, 16384);
  if (t.axis < 0) t.step = 1, t.count = v->images;
  const NAME(direct) d = {v, &t, g, weight, NULL, to};
  const int64_t cost = v->w.out_plane * v->depth * v->group_outputs / 8;
  return each_job(NAME(depthwise_input_job), &d, v->images * v->groups, cost + 1,
                  (size_t)NAME(slab_scratch)(v, &t) * sizeof(T));
}

#undef VEC
#undef LANES
#undef TILE
