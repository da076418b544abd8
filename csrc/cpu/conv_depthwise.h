// The gradient of the input of a depthwise convolution (one input channel a group) whose stride
// is not one: spread over the taps directly. Part of a template, after conv_direct.h.

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
    NAME(tap_offsets)(v, &s, 1, offset);
    memset(scratch, 0, (size_t)s.plane * sizeof(T));
    for (int64_t o = group * v->group_outputs; o < (group + 1) * v->group_outputs; o++)
      NAME(spread_taps)(v, &b, &s, offset,
                        d->x + (image * v->outputs + o) * v->w.out_plane + b.offset,
                        d->weight + o * v->depth, scratch);
    NAME(drain_slab)(&v->w, &s, scratch, 1, d->y + job * v->w.in_plane);
  }
  return TC_OK;
}

static tc_status NAME(depthwise_input_grad)(const conv *v, const T *g, const T *weight, T *to) {
  tiling t = tile(&v->w, v->images, 16384);
  if (t.axis < 0) t.step = 1, t.count = v->images;
  const NAME(direct) d = {.v = v, .t = &t, .x = g, .weight = weight, .y = to};
  const int64_t cost = v->w.out_plane * v->depth * v->group_outputs / 8;
  return each_job(NAME(depthwise_input_job), &d, v->images * v->groups, cost + 1,
                  (size_t)NAME(slab_scratch)(v, &t, 1) * sizeof(T));
}
