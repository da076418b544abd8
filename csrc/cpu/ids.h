// Indices that come from outside, and the shape of a tensor around one dimension.
#ifndef TOCHA_CPU_IDS_H
#define TOCHA_CPU_IDS_H

#include "cpu.h"
#include "lines.h"

// Where index `id` stands, from 0: 1 is the first, -1 the last. Only after tc_check_ids.
static inline int64_t tc_id(int64_t id, int64_t size) { return id < 0 ? id + size : id - 1; }

static inline tc_status tc_id_error(int64_t id, int64_t size, int64_t dim) {
  if (id == 0)
    return tc_fail(TC_BAD_VALUE, "index 0 in dimension %lld of size %lld: indices count from 1",
                   (long long)dim + 1, (long long)size);
  return tc_fail(TC_BAD_VALUE, "index %lld is out of range for dimension %lld of size %lld",
                 (long long)id, (long long)dim + 1, (long long)size);
}

// Every index names a place in a dimension of `size`.
static inline tc_status tc_check_ids(const tc_tensor *ids, int64_t size, int64_t dim) {
  const int64_t *id = (const int64_t *)tc_data(ids), n = tc_numel(ids);
  int64_t bad = 0;
  TC_PRAGMA(omp simd reduction(| : bad))
  for (int64_t i = 0; i < n; i++) bad |= (id[i] == 0) | (id[i] > size) | (id[i] < -size);
  if (!bad) return TC_OK;
  int64_t i = 0;
  while (id[i] != 0 && id[i] <= size && id[i] >= -size) i++;
  return tc_id_error(id[i], size, dim);
}

// How gather and scatter walk: the index row by row, beside it a tensor `x` that is addressed by the
// row's place in the other dimensions, and by the index along `dim`.
typedef struct tc_walk {
  const tc_tensor *index, *x;
  int64_t dim, size;  // of x along dim
  int64_t rows, length;
  int64_t step;  // in x along dim
  int64_t col;   // in x from one column of a row to the next
} tc_walk;

static inline tc_walk tc_walk_of(const tc_tensor *index, const tc_tensor *x, int64_t dim) {
  tc_walk w = {.index = index, .x = x, .dim = dim, .size = 1, .rows = 1, .length = 1, .step = 1};
  if (index->ndim == 0) return w;
  const int last = index->ndim - 1;
  w.size = x->size[dim];
  w.length = index->size[last];
  for (int d = 0; d < last; d++) w.rows *= index->size[d];
  w.step = tc_lines_of(x, dim).inner;
  w.col = dim == last ? 0 : 1;
  return w;
}

// Where row `row` starts in x.
static inline int64_t tc_walk_base(const tc_walk *w, int64_t row) {
  int64_t base = 0, stride = 1;
  for (int d = w->index->ndim - 1; d >= 0; d--) {
    if (d < w->index->ndim - 1) {
      const int64_t at = row % w->index->size[d];
      row /= w->index->size[d];
      if (d != w->dim) base += at * stride;
    }
    stride *= w->x->size[d];
  }
  return base;
}

// Calls DO(type) with the unsigned type of the tensor's item size.
#define TC_BY_SIZE(tensor, DO)                                                                     \
  switch (tc_itemsize((tc_dtype)(tensor)->dtype)) {                                                \
    case 1: DO(uint8_t); break;                                                                    \
    case 2: DO(uint16_t); break;                                                                   \
    case 4: DO(uint32_t); break;                                                                   \
    default: DO(uint64_t); break;                                                                  \
  }

#endif
