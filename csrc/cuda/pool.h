// What the pooling kernels share. Planes are (batch and channel) together, or, channels last, lie in each
// other; a thread makes an element
// of the result, forward and backward, so nothing is added by two.
#ifndef TOCHA_CUDA_POOL_H
#define TOCHA_CUDA_POOL_H

#include "geometry.h"

// Lists: kernel, stride, pairs of padding; `dilation` may be NULL.
static inline tc_status pool_of(const tc_args *a, const tc_tensor *x, const tc_tensor *y,
                                const int64_t *dilation, geometry *g) {
  static const int64_t ones[3] = {1, 1, 1};
  const int n = a->len[0], first = x->ndim - n;
  const window w = window_of(n, x->size + first, y->size + first, a->list[0], a->list[1],
                             a->list[2], dilation ? dilation : ones);
  return geometry_of(&w, g);
}

// How the planes of a call lie.
struct planes {
  bool last;
  divider channels;
};

static inline planes planes_of(const tc_args *a, const tc_tensor *x) {
  return {a->channels_last, divider(a->channels_last ? x->size[1] : 1)};
}

// Of an element of a tensor: its place in its plane, and what says where that plane is in another tensor
// of planes: it begins at image * (the other's elements an image) + channel * step.
struct in_plane {
  int64_t image, channel;
  int place;
};

static __device__ inline in_plane plane_at(const planes &p, const divider &plane, int64_t at) {
  if (!p.last) {
    const int64_t channel = plane.split(&at);
    return {0, channel, (int)at};
  }
  int64_t place = p.channels.split(&at);
  const int64_t image = plane.split(&place);
  return {image, at, (int)place};
}

// The plane in a tensor whose planes have `size` elements.
template <class T> struct plane_view {
  T *first;
  int64_t step;
  __device__ plane_view(T *x, const planes &p, const in_plane &at, int size)
      : first(x + (p.last ? at.image * size * p.channels.by + at.channel : at.channel * size)),
        step(p.last ? p.channels.by : 1) {}
  __device__ T &operator[](int64_t place) const { return first[place * step]; }
};

// f(o) for each output whose window reaches over element s of the input, in their order.
template <class F> static __device__ inline void each_window(const geometry &g, spot s, F f) {
  const span zs = windows_over(g, 0, s.z), ys = windows_over(g, 1, s.y),
             xs = windows_over(g, 2, s.x);
  for (int z = zs.first; z <= zs.last; z++)
    for (int y = ys.first; y <= ys.last; y++)
      for (int x = xs.first; x <= xs.last; x++) f(spot{z, y, x});
}

#endif
