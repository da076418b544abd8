// What the convolution kernels of CUDA share: the geometry of one convolution for the device.
#ifndef TOCHA_CUDA_CONV_H
#define TOCHA_CUDA_CONV_H

#include "dnn.h"
#include "geometry.h"
#include "tiles.h"

// Tiles of 64 x 64 results; a part is one side of DEPTH terms.
enum { EACH = 4, TILE = EACH * SIDE };
template <class T> using conv_part = acc_t<T>[TILE + 1];

// From here on, groups with so few results leave most of a tile empty.
enum { THIN = 8 };

// How far apart an image's channels and its pixels are.
struct steps {
  int64_t channel, pixel;
};

static inline steps steps_of(bool channels_last, int64_t channels, int64_t plane) {
  return channels_last ? steps{1, channels} : steps{plane, 1};
}

struct conv {
  geometry g;
  int64_t images, channels, outputs, groups;
  int group_channels, group_outputs;
  int depth;  // of the product behind one output: group_channels * taps
  bool channels_last;
  steps x, y, weight;  // of the weight: a channel's filter, its taps
};

// x is (N, C, ...) or (C, ...); weight (O, C / groups, ...); y like x with O channels. Lists: stride,
// pairs of padding, dilation. The groups are integer 0.
static inline tc_status conv_of(const tc_args *a, const tc_tensor *x, const tc_tensor *weight,
                                const tc_tensor *y, conv *v) {
  const int n = a->len[0], first = x->ndim - n;
  const window w = window_of(n, x->size + first, y->size + first, weight->size + 2, a->list[0],
                             a->list[1], a->list[2]);
  TC_TRY(geometry_of(&w, &v->g));
  v->images = first > 1 ? x->size[0] : 1;
  v->channels = x->size[first - 1], v->outputs = y->size[first - 1];
  v->groups = a->i[0];
  const int64_t depth = v->channels / v->groups * w.taps;
  if (depth >> 31 || v->outputs >> 31)
    return tc_fail(TC_BAD_SHAPE, "a convolution over more than 2^31 elements at once");
  v->group_channels = (int)(v->channels / v->groups);
  v->group_outputs = (int)(v->outputs / v->groups);
  v->depth = (int)depth;
  v->channels_last = a->channels_last;
  v->x = steps_of(v->channels_last, v->channels, v->g.in_plane);
  v->y = steps_of(v->channels_last, v->outputs, v->g.out_plane);
  v->weight = steps_of(v->channels_last, v->group_channels, v->g.taps);
  return TC_OK;
}

// cuDNN's kernel where it takes the call, else the own one.
#define TC_CUDNN_OR_OWN(name)                                                                      \
  extern "C" tc_status cuda_##name(tc_args *a) {                                                   \
    bool done = false;                                                                             \
    TC_TRY(tc_dnn_##name(a, &done));                                                               \
    return done ? TC_OK : cuda_own_##name(a);                                                      \
  }

// Where a window's tap reads, by the place of the result: forward in the input; BACK, from an element
// of the input, in the output. -1: nowhere.
template <bool BACK> static __device__ inline int read_place(const geometry &g, spot to, spot tap) {
  if constexpr (BACK) {
    const spot o = {output_over(g, 0, to.z, tap.z), output_over(g, 1, to.y, tap.y),
                    output_over(g, 2, to.x, tap.x)};
    return o.z < 0 || o.y < 0 || o.x < 0 ? -1 : place(g.out, o);
  } else {
    const spot from = tap_at(g, start_of(g, to), tap);
    return inside(g.in, from) ? place(g.in, from) : -1;
  }
}

#endif
