// The shape of a tensor around one dimension; for kernels of the CPU and launchers of CUDA.
#ifndef TOCHA_LINES_H
#define TOCHA_LINES_H

#include "../tocha.h"

// A contiguous tensor as (outer, n, inner) around a dimension.
typedef struct tc_lines {
  int64_t outer, n, inner;
} tc_lines;

static inline tc_lines tc_lines_of(const tc_tensor *t, int64_t dim) {
  tc_lines l = {1, 1, 1};
  for (int d = 0; d < t->ndim; d++) {
    if (d < dim) l.outer *= t->size[d];
    else if (d > dim) l.inner *= t->size[d];
    else l.n = t->size[d];
  }
  return l;
}

#endif
