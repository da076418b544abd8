// What the convolution kernels share: the geometry of one convolution, independent of the type.
#ifndef TOCHA_CONV_H
#define TOCHA_CONV_H

#include "gemm.h"
#include "jobs.h"
#include "window.h"

typedef struct conv {
  window w;
  int64_t images, channels, outputs, groups;
  int64_t group_channels, group_outputs;
  int64_t depth;  // of the product behind one output: group_channels * taps
} conv;

// x is (N, C, ...) or (C, ...); weight (O, C / groups, ...); y like x with O channels.
// Lists: stride, pairs of padding, dilation. The groups are integer 0.
static inline conv conv_of(const tc_args *a, const tc_tensor *x, const tc_tensor *weight,
                           const tc_tensor *y) {
  const int n = a->len[0], first = x->ndim - n;
  conv v = {.w = window_of(n, x->size + first, y->size + first, weight->size + 2, a->list[0],
                           a->list[1], a->list[2])};
  v.images = first > 1 ? x->size[0] : 1;
  v.channels = x->size[first - 1];
  v.outputs = y->size[first - 1];
  v.groups = a->i[0];
  v.group_channels = v.channels / v.groups;
  v.group_outputs = v.outputs / v.groups;
  v.depth = v.group_channels * v.w.taps;
  return v;
}

static inline bool conv_steps_by_one(const conv *v) {
  return v->w.stride[0] == 1 && v->w.stride[1] == 1 && v->w.stride[2] == 1;
}

// Columns that keep a block within the second cache, and the product wide enough to be fast.
static inline tiling conv_tiling(const conv *v, int64_t depth) {
  const int64_t elements = 96 * 1024;
  return tile(&v->w, v->images, TC_MIN(2048, TC_MAX(128, elements / TC_MAX(1, depth))));
}

static inline int64_t block_columns(const conv *v, const tiling *t) {
  const block b = block_at(&v->w, t, v->images, 0);
  return b.images * b.pixels;
}

// Rows of taps over a row of output that lie inside: [z0, z1) by [y0, y1).
typedef struct tap_rows {
  int64_t z0, z1, y0, y1;
} tap_rows;

static inline tap_rows tap_rows_at(const window *w, int64_t row) {
  tap_rows r;
  taps_inside(w, 0, row / w->out[1], &r.z0, &r.z1);
  taps_inside(w, 1, row % w->out[1], &r.y0, &r.y1);
  return r;
}

#endif
