// Channels last: the layout of pictures in which the channels of a pixel are neighbours.
//
// A tensor says that it lies so by its strides alone, also those of dimensions of one element, as in
// PyTorch: (N, C, 1, 1) can be of either kind. What has one value an example is of neither.
#include "tocha.h"

void tc_set_channels_last(tc_tensor *t) {
  int64_t step = t->size[1] > 0 ? t->size[1] : 1;
  t->stride[1] = 1;
  for (int d = t->ndim - 1; d >= 0; d--) {
    if (d == 1) continue;
    t->stride[d] = step;
    step *= t->size[d] > 0 ? t->size[d] : 1;
  }
}

static bool is_picture(const tc_tensor *t) { return t->ndim == 4 || t->ndim == 5; }

bool tc_is_channels_last(const tc_tensor *t) {
  if (!is_picture(t) || t->stride[1] != 1 || tc_numel(t) == t->size[0]) return false;
  tc_tensor like = *t;
  tc_set_channels_last(&like);
  for (int d = 0; d < t->ndim; d++)
    if (t->stride[d] != like.stride[d]) return false;
  return true;
}

bool tc_lies_channels_last(const tc_tensor *t) {
  if (!is_picture(t)) return false;
  const tc_tensor turned = tc_turned(t, t->ndim);
  return tc_is_contiguous(&turned);
}

tc_tensor tc_turned(const tc_tensor *t, int ndim) {
  tc_tensor y = *t;
  const int lead = ndim - t->ndim;
  y.ndim = (uint8_t)ndim;
  for (int d = 0; d < ndim; d++) {
    const int from = (d == 0 ? 0 : d == ndim - 1 ? 1 : d + 1) - lead;
    y.size[d] = from < 0 ? 1 : t->size[from];
    y.stride[d] = from < 0 ? 0 : t->stride[from];
  }
  return y;
}
