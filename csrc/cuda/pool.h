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

#endif
