// Convolution in one to three dimensions: forward, gradient of the input, gradient of the weight.
//
// Each is a product of matrices over blocks of columns that fit the second cache; a 1 x 1 kernel
// needs no columns, and shallow convolutions are summed directly (conv_direct.h). At stride 1 the
// gradient of the input is itself a convolution, with the kernels mirrored. Not here: Winograd.
#ifndef T
#include "conv.h"
#define TC_TEMPLATE "conv.c"
#include "floats.h"
TC_FLOAT_KERNEL(conv)
TC_FLOAT_KERNEL(conv_input_grad)
TC_FLOAT_KERNEL(conv_weight_grad)
#else
#include "conv_blocks.h"
#include "conv_direct.h"
#include "conv_depthwise.h"
#if TC_IS_F32
#define GEMM TC_CPU(gemm_f32)
#else
#define GEMM TC_CPU(gemm_f64)
#endif

// What the jobs of one call share. Which of x, weight, y is written depends on the job.
typedef struct NAME(call) {
  const conv *v;
  const tiling *t;
  const T *x, *weight, *y, *bias;
  T *out;
  int64_t channels, cuts;  // channels a job takes, and how many such cuts a group has
  int64_t slices;          // parts of the batch that are summed apart
} NAME(call);

// ---- forward ---------------------------------------------------------------------------------

static tc_status NAME(conv)(tc_args *a) {
  const conv v = conv_of(a, a->t[1], a->t[2], a->t[0]);
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  const NAME(layout) plain = {v.depth, v.w.taps, v.group_outputs * v.depth, false};
  return NAME(convolve)(&v, &plain, tc_data(a->t[1]), tc_data(a->t[2]),
                        a->t[3] ? tc_data(a->t[3]) : NULL, tc_data(a->t[0]));
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
  return NAME(convolve)(&r, &turned, g, weight, bias, to);
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

static bool NAME(unit_stride)(const conv *v) {
  return v->w.stride[0] == 1 && v->w.stride[1] == 1 && v->w.stride[2] == 1;
}

static tc_status NAME(conv_input_grad)(tc_args *a) {
  const conv v = conv_of(a, a->t[0], a->t[2], a->t[1]);
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  const T *g = tc_data(a->t[1]), *weight = tc_data(a->t[2]);
  const T *bias = a->t[3] ? tc_data(a->t[3]) : NULL;
  T *to = tc_data(a->t[0]);
  if (NAME(unit_stride)(&v)) return NAME(convolve_mirrored)(&v, g, weight, bias, to);
  TC_PARALLEL_FOR(p, v.images * v.channels, v.w.in_plane)
    NAME(fill_rows)(to + p * v.w.in_plane, 1, v.w.in_plane, 0, bias ? bias + p % v.channels : NULL);
  if (v.w.out_plane == 0 || v.outputs == 0) return TC_OK;
  if (v.group_channels == 1 && v.depth <= 32) return NAME(depthwise_input_grad)(&v, g, weight, to);
  return NAME(spread)(&v, g, weight, to);
}

// ---- gradient of the weight ------------------------------------------------------------------

// A job is (slice of the blocks, group, cut of the channels).
static tc_status NAME(weight_job)(const void *context, int64_t job, void *scratch) {
  const NAME(call) *a = context;
  const conv *v = a->v;
  const int64_t cut = job % a->cuts, group = job / a->cuts % v->groups;
  const int64_t slice = job / a->cuts / v->groups, first = cut * a->channels;
  const int64_t channels = TC_MIN(a->channels, v->group_channels - first), m = v->group_outputs;
  T *to = a->out + slice * v->outputs * v->depth + group * m * v->depth + first * v->w.taps;
  T *outputs = (T *)scratch + NAME(columns_scratch)(v, a->t, a->channels);
  const int64_t begin = a->t->count * slice / a->slices, end = a->t->count * (slice + 1) / a->slices;
  for (int64_t j = begin; j < end; j++) {
    const block b = block_at(&v->w, a->t, v->images, j);
    int64_t ld, ldy;
    const T *y = NAME(outputs_of)(v, &b, group, a->y, outputs, &ldy);
    const T *col = NAME(columns_of)(v, &b, group * v->group_channels + first, channels, a->x,
                                    scratch, &ld);
    TC_TRY(GEMM(false, true, m, channels * v->w.taps, b.images * b.pixels, 1, y, ldy, col, ld,
                j > begin ? 1 : 0, to, v->depth));
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
static void NAME(cut_weight)(const conv *v, NAME(call) *a) {
  const int64_t enough = 8, weights = v->outputs * v->depth;
  a->channels = TC_MIN(v->group_channels, (144 + v->w.taps - 1) / v->w.taps);
  a->cuts = (v->group_channels + a->channels - 1) / a->channels;
  a->slices = 1;
  if (v->groups * a->cuts < enough && weights <= 1 << 18)
    a->slices = (enough + v->groups * a->cuts - 1) / (v->groups * a->cuts);
}

static tc_status NAME(weight_grad)(const conv *v, const T *x, const T *g, T *to) {
  NAME(call) a = {.v = v, .x = x, .y = g, .out = to};
  NAME(cut_weight)(v, &a);
  const tiling t = conv_tiling(v, TC_MAX(a.channels * v->w.taps, v->group_outputs));
  a.t = &t;
  a.slices = TC_MIN(a.slices, t.count);
  const int64_t columns = block_columns(v, &t), weights = v->outputs * v->depth;
  const size_t sums = a.slices > 1 ? (size_t)(a.slices * weights) * sizeof(T) : 0;
  if (sums > 0 && !(a.out = tc_alloc(sums))) return tc_fail(TC_NO_MEMORY, "no memory for sums");
  const int64_t scratch = NAME(columns_scratch)(v, &t, a.channels)
                        + (t.axis < 0 && t.step > 1 ? v->group_outputs * columns : 0);
  const tc_status status =
      each_job(NAME(weight_job), &a, a.slices * v->groups * a.cuts,
               t.count / a.slices * columns * a.channels * v->w.taps, (size_t)scratch * sizeof(T));
  if (sums > 0) {
    NAME(sum_slices)(a.out, a.slices, weights, to);
    tc_free(a.out, sums);
  }
  return status;
}

static tc_status NAME(conv_weight_grad)(tc_args *a) {
  const conv v = conv_of(a, a->t[1], a->t[0], a->t[2]);
  T *to = tc_data(a->t[0]);
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  if (tc_numel(a->t[2]) == 0) {
    memset(to, 0, (size_t)tc_numel(a->t[0]) * sizeof(T));
    return TC_OK;
  }
  const T *x = tc_data(a->t[1]), *g = tc_data(a->t[2]);
  if (v.group_channels == 1 && v.groups > 1 && v.depth <= 32)
    return NAME(depthwise_weight_grad)(&v, x, g, to);
  return NAME(weight_grad)(&v, x, g, to);
}
#undef GEMM
#endif
