// What the pooling kernels share. Planes are (batch and channel) together; a thread makes an element
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

// f(o) for each output whose window reaches over element s of the input, in their order.
template <class F> static __device__ inline void each_window(const geometry &g, spot s, F f) {
  const span zs = windows_over(g, 0, s.z), ys = windows_over(g, 1, s.y),
             xs = windows_over(g, 2, s.x);
  for (int z = zs.first; z <= zs.last; z++)
    for (int y = ys.first; y <= ys.last; y++)
      for (int x = xs.first; x <= xs.last; x++) f(spot{z, y, x});
}

#endif
