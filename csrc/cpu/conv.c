// Convolution in one to three dimensions: forward, gradient of the input, gradient of the weight.
//
// Forward is a product by panels (conv_panel.h) or, with few outputs, summed directly from padded
// slabs that fit the second cache, along rows (conv_direct.h) or, for a batch of small maps, with
// images as lanes (conv_images.h); the gradient of the weight is summed directly too
// (conv_weight_lanes.h, conv_weight.h). float32 windows of 3 x 3 at stride 1 go by Winograd's
// transforms (conv_winograd.h, conv_winograd_weight.h). At stride 1 the gradient of the input is
// itself a convolution, with the kernels mirrored; otherwise it is a product of matrices whose
// columns are added up.
#ifndef T
#include "conv.h"
#define TC_TEMPLATE "conv.c"
#include "floats.h"
TC_FLOAT_KERNEL(conv)
TC_FLOAT_KERNEL(conv_input_grad)
TC_FLOAT_KERNEL(conv_weight_grad)
#else
#include "panel.h"
#include "conv_blocks.h"
#include "conv_ending.h"
#include "conv_direct.h"
#include "lanes.h"
#include "conv_images.h"
#include "conv_panel.h"
#include "conv_depthwise.h"
#include "conv_weight.h"
#include "conv_weight_lanes.h"
#if TC_IS_F32
#include "winograd.h"
#include "conv_winograd.h"
#include "conv_winograd_weight.h"
#endif

// What the jobs of one call share.
typedef struct NAME(call) {
  const conv *v;
  const tiling *t;
  const T *weight, *y;
  T *out;
  int64_t channels, cuts;  // channels a job takes, and how many such cuts a group has
} NAME(call);

// ---- forward ---------------------------------------------------------------------------------

// Which algorithm: the one place that decides.
static tc_status NAME(convolve)(const conv *v, const NAME(layout) *l, const T *x, const T *weight,
                                const NAME(ending) *end, T *y) {
#if TC_IS_F32
  if (tc_winograd() && NAME(points_pay)(v)) return NAME(convolve_points)(v, l, x, weight, end, y);
#endif
  if (NAME(panels_pay)(v) && !NAME(images_pay)(v))
    return NAME(convolve_panels)(v, l, x, weight, end, y);
  return NAME(convolve_direct)(v, l, x, weight, end, y);
}

static tc_status NAME(conv)(tc_args *a) {
  const conv v = conv_of(a, a->t[1], a->t[2], a->t[0]);
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  const NAME(layout) plain = {v.depth, v.w.taps, v.group_outputs * v.depth, false};
  const NAME(ending) end = {a->t[3] ? tc_data(a->t[3]) : NULL, a->t[4] ? tc_data(a->t[4]) : NULL,
                            (T)a->f[0], (T)a->f[1]};
  return NAME(convolve)(&v, &plain, tc_data(a->t[1]), tc_data(a->t[2]), &end, tc_data(a->t[0]));
}

// ---- gradient of the input -------------------------------------------------------------------

// At stride 1 the gradient of the input is a convolution of the output's with mirrored kernels.
static conv NAME(mirrored)(const conv *v) {
  conv r = *v;
  for (int d = 0; d < 3; d++) {
    r.w.in[d] = v->w.out[d];
    r.w.out[d] = v->w.in[d];
    r.w.pad[d] = v->w.dilation[d] * (v->w.kernel[d] - 1) - v->w.pad[d];
  }
  r.w.in_plane = v->w.out_plane, r.w.out_plane = v->w.in_plane;
  r.channels = v->outputs, r.outputs = v->channels;
  r.group_channels = v->group_outputs, r.group_outputs = v->group_channels;
  r.depth = r.group_channels * r.w.taps;
  return r;
}

static tc_status NAME(convolve_mirrored)(const conv *v, const T *g, const T *weight, const T *bias,
                                         T *to) {
  const conv r = NAME(mirrored)(v);
  const NAME(layout) turned = {v->w.taps, v->depth, v->group_outputs * v->depth, true};
  const NAME(ending) end = {bias, NULL, -(T)INFINITY, (T)INFINITY};
  return NAME(convolve)(&r, &turned, g, weight, &end, to);
}

// The columns' gradient for one block, added to the input's.
static tc_status NAME(spread_block)(const NAME(call) *a, const block *b, int64_t group,
                                    int64_t first, int64_t channels, T *scratch) {
  const conv *v = a->v;
  const int64_t columns = b->images * b->pixels, m = v->group_outputs, taps = v->w.taps;
  const slab s = slab_of(&v->w, b);
  T *col = scratch + b->images * channels * s.plane + TC_SLACK;
  int64_t ld;
  const T *y = NAME(outputs_of)(v, b, group, a->y, col + channels * taps * columns, &ld);
  TC_TRY(GEMM(true, false, channels * taps, columns, m, 1,
              a->weight + group * m * v->depth + first * taps, v->depth, y, ld, 0, col, columns));
  memset(scratch, 0, (size_t)(b->images * channels * s.plane) * sizeof(T));
  NAME(scatter_columns)(&v->w, b, &s, col, channels, scratch);
  for (int64_t i = 0; i < b->images; i++) {
    const int64_t plane = (b->image + i) * v->channels + group * v->group_channels + first;
    NAME(drain_slab)(&v->w, &s, scratch + i * channels * s.plane, channels,
                     a->out + plane * v->w.in_plane);
  }
  return TC_OK;
}

// A job is (images that one block covers, group, cut of the channels): no two write the same plane.
static tc_status NAME(spread_job)(const void *context, int64_t job, void *scratch) {
  const NAME(call) *a = context;
  const int64_t cut = job % a->cuts, group = job / a->cuts % a->v->groups;
  const int64_t unit = job / a->cuts / a->v->groups, first = cut * a->channels;
  const int64_t channels = TC_MIN(a->channels, a->v->group_channels - first);
  for (int64_t part = 0; part < a->t->parts; part++) {
    const block b = block_at(&a->v->w, a->t, a->v->images, unit * a->t->parts + part);
    TC_TRY(NAME(spread_block)(a, &b, group, first, channels, scratch));
  }
  return TC_OK;
}

static tc_status NAME(spread)(const conv *v, const T *g, const T *weight, T *to) {
  NAME(call) a = {.v = v, .y = g, .weight = weight, .out = to};
  a.channels = TC_MIN(v->group_channels, TC_MAX(1, 256 / v->w.taps));
  a.cuts = (v->group_channels + a.channels - 1) / a.channels;
  const tiling t = conv_tiling(v, a.channels * v->w.taps);
  a.t = &t;
  const int64_t columns = block_columns(v, &t);
  const int64_t scratch =
      NAME(columns_scratch)(v, &t, a.channels) + v->group_outputs * columns + TC_SLACK;
  return each_job(NAME(spread_job), &a, t.count / t.parts * v->groups * a.cuts,
                  columns * a.channels * v->w.taps, (size_t)scratch * sizeof(T));
}

static tc_status NAME(conv_input_grad)(tc_args *a) {
  const conv v = conv_of(a, a->t[0], a->t[2], a->t[1]);
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  const T *g = tc_data(a->t[1]), *weight = tc_data(a->t[2]);
  const T *bias = a->t[3] ? tc_data(a->t[3]) : NULL;
  T *to = tc_data(a->t[0]);
  if (conv_steps_by_one(&v)) return NAME(convolve_mirrored)(&v, g, weight, bias, to);
  TC_PARALLEL_FOR(p, v.images * v.channels, v.w.in_plane)
  NAME(fill_rows)(to + p * v.w.in_plane, 1, v.w.in_plane, 0, bias ? bias + p % v.channels : NULL);
  if (v.w.out_plane == 0 || v.outputs == 0) return TC_OK;
  if (v.group_channels == 1 && v.depth <= 32) return NAME(depthwise_input_grad)(&v, g, weight, to);
  return NAME(spread)(&v, g, weight, to);
}

// ---- gradient of the weight ------------------------------------------------------------------

static tc_status NAME(conv_weight_grad)(tc_args *a) {
  const conv v = conv_of(a, a->t[1], a->t[0], a->t[2]);
  T *to = tc_data(a->t[0]);
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  if (tc_numel(a->t[2]) == 0) {
    memset(to, 0, (size_t)tc_numel(a->t[0]) * sizeof(T));
    return TC_OK;
  }
  const T *x = tc_data(a->t[1]), *g = tc_data(a->t[2]);
#if TC_IS_F32
  if (tc_winograd() && NAME(points_pay)(&v)) return NAME(weight_grad_points)(&v, x, g, to);
#endif
  return NAME(weight_grad)(&v, x, g, to);
}
#undef VEC
#undef LANES
#undef TILE
#undef MOST
#endif
