// Indices that come from outside, on the device: what cpu/ids.h is to the CPU. One that is out of range
// raises the device's alarm, and what it names is left out.
#ifndef TOCHA_CUDA_IDS_H
#define TOCHA_CUDA_IDS_H

#include "../cpu/lines.h"
#include "divide.h"
#include "flat.h"

// Where index `id` stands, from 0: 1 is the first, -1 the last. -1 for what is none.
static __device__ inline int64_t tc_place(int64_t id, int64_t size, int *alarm) {
  const int64_t at = id < 0 ? id + size : id - 1;
  if ((uint64_t)at < (uint64_t)size && id != 0) return at;
  *alarm = 1;
  return -1;
}

// How gather and scatter walk: element i of the index stands beside an element of x that i's
// coordinates, other than that along `dim`, and the index name. Dimensions of the index that follow one
// another in x are one.
struct tc_walk {
  int64_t count, size, step;  // elements of the index; x along dim
  int ndim;
  divider extent[TC_MAX_DIMS];
  int64_t stride[TC_MAX_DIMS];  // in x; 0 along dim
  int *alarm;
};

static inline void tc_walk_add(tc_walk *w, int64_t size, int64_t stride) {
  const int last = w->ndim - 1;
  if (size == 1) return;
  if (last >= 0 && w->stride[last] == stride * size) {
    w->extent[last] = divider(w->extent[last].by * size);
    w->stride[last] = stride;
    return;
  }
  w->extent[w->ndim] = divider(size);
  w->stride[w->ndim++] = stride;
}

static inline tc_walk tc_walk_of(const tc_tensor *index, const tc_tensor *x, int64_t dim) {
  tc_walk w;
  w.count = tc_numel(index);
  w.size = index->ndim ? x->size[dim] : 1;
  w.step = index->ndim ? x->stride[dim] : 1;
  w.ndim = 0;
  w.alarm = tc_alarm();
  for (int d = 0; d < index->ndim; d++)
    tc_walk_add(&w, index->size[d], d == dim ? 0 : x->stride[d]);
  return w;
}

// Where element i of the index finds the first element of its line in x.
static __device__ inline int64_t tc_walk_base(const tc_walk &w, int64_t i) {
  int64_t base = 0;
  for (int d = w.ndim - 1; d >= 0; d--) {
    const int64_t before = w.extent[d].over(i);
    base += (i - before * w.extent[d].by) * w.stride[d];
    i = before;
  }
  return base;
}

#endif
