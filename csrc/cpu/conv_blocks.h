// Moving blocks of a convolution between tensors and scratch. Part of a template.

#include "im2col.h"

// Elements of scratch for the slabs and columns of `channels` channels.
static int64_t NAME(columns_scratch)(const conv *v, const tiling *t, int64_t channels) {
  const slab s = slab_largest(&v->w, t, v->images);
  const int64_t images = t->axis < 0 ? t->step : 1;
  return channels * (images * s.plane + v->w.taps * block_columns(v, t)) + 2 * TC_SLACK;
}

// The slabs of channels [first, first + channels) of a block's images.
static void NAME(slabs_of)(const conv *v, const block *b, const slab *s, int64_t first,
                           int64_t channels, const T *x, T *to) {
  x += (b->image * v->channels + first) * v->w.in_plane;
  for (int64_t i = 0; i < b->images; i++)
    NAME(fill_slab)(&v->w, s, x + i * v->channels * v->w.in_plane, channels,
                    to + i * channels * s->plane);
}

// The outputs of a group as (group_outputs, images * pixels), copied where they do not lie so.
static const T *NAME(outputs_of)(const conv *v, const block *b, int64_t group, const T *y,
                                 T *scratch, int64_t *ld) {
  const int64_t plane = v->w.out_plane;
  y += (b->image * v->outputs + group * v->group_outputs) * plane + b->offset;
  *ld = plane;
  if (b->images == 1) return y;
  *ld = b->images * plane;
  for (int64_t o = 0; o < v->group_outputs; o++)
    for (int64_t i = 0; i < b->images; i++)
      memcpy(scratch + (o * b->images + i) * plane, y + (i * v->outputs + o) * plane,
             (size_t)plane * sizeof(T));
  return scratch;
}

static void NAME(fill_rows)(T *to, int64_t rows, int64_t n, int64_t ld, const T *value) {
  for (int64_t r = 0; r < rows; r++)
    for (int64_t i = 0; i < n; i++) to[r * ld + i] = value ? value[r] : 0;
}
