// Sums of table rows by index, and their gradients: embedding_bag, embedding_backward.
#ifndef T
#include "ids.h"
// Bag b holds ids offsets[b] .. offsets[b + 1] - 1 (from 1); the last one ends with the ids.
static tc_status check_bags(const tc_tensor *offsets, int64_t count) {
  const int64_t *at = tc_data(offsets), bags = tc_numel(offsets);
  for (int64_t b = 0; b < bags; b++) {
    const int64_t before = b ? at[b - 1] : 1;
    if (at[b] < before || at[b] > count + 1 || (b == 0 && at[b] != 1))
      return tc_fail(TC_BAD_VALUE,
                     "offset %lld of bag %lld: offsets start at 1, never decrease, and stay within "
                     "the %lld ids",
                     (long long)at[b], (long long)b + 1, (long long)count);
  }
  return TC_OK;
}

#define TC_TEMPLATE "embedding.c"
#include "floats.h"
TC_FLOAT_KERNEL(embedding_bag)
TC_FLOAT_KERNEL(embedding_bag_max)
TC_FLOAT_KERNEL(embedding_backward)
#else
#include "add_rows.h"

// embedding_bag(y, weight, ids, offsets, scale or nil, padding): y[b] = sum of scale * weight[id] over
// the bag; `padding` (from 1, or 0) is an id that does not count.
static tc_status NAME(embedding_bag)(tc_args *a) {
  const tc_tensor *weight = a->t[1];
  const int64_t size = weight->size[0], width = weight->size[1];
  const int64_t *id = tc_data(a->t[2]), count = tc_numel(a->t[2]);
  const int64_t *start = tc_data(a->t[3]), bags = tc_numel(a->t[3]), padding = a->i[0] - 1;
  const T *scale = a->t[4] ? (const T *)tc_data(a->t[4]) : NULL;
  T *all = (T *)tc_data(a->t[0]);
  const T *table = (const T *)tc_data(weight);
  TC_TRY(tc_check_ids(a->t[2], size, 0));
  TC_TRY(check_bags(a->t[3], count));
  TC_PARALLEL_FOR(b, bags, (count / TC_MAX(bags, 1) + 1) * width) {
    const int64_t end = b + 1 < bags ? start[b + 1] : count + 1;
    T *y = all + b * width;
    memset(y, 0, (size_t)width * sizeof(T));
    for (int64_t k = start[b] - 1; k < end - 1; k++) {
      const int64_t at = tc_id(id[k], size);
      if (at == padding) continue;
      const T *row = table + at * width, f = scale ? scale[k] : 1;
      TC_PRAGMA(omp simd)
      for (int64_t j = 0; j < width; j++) y[j] += f * row[j];
    }
  }
  return TC_OK;
}

// embedding_bag_max(y, which, weight, ids, offsets, padding): the largest of each column over the bag, and
// the id it came from (0 where the bag is empty, and y is 0).
static tc_status NAME(embedding_bag_max)(tc_args *a) {
  const tc_tensor *weight = a->t[2];
  const int64_t size = weight->size[0], width = weight->size[1];
  const int64_t *id = tc_data(a->t[3]), count = tc_numel(a->t[3]);
  const int64_t *start = tc_data(a->t[4]), bags = tc_numel(a->t[4]), padding = a->i[0] - 1;
  T *all = (T *)tc_data(a->t[0]);
  int64_t *all_which = tc_data(a->t[1]);
  const T *table = (const T *)tc_data(weight);
  TC_TRY(tc_check_ids(a->t[3], size, 0));
  TC_TRY(check_bags(a->t[4], count));
  TC_PARALLEL_FOR(b, bags, (count / TC_MAX(bags, 1) + 1) * width) {
    const int64_t end = b + 1 < bags ? start[b + 1] : count + 1;
    T *y = all + b * width;
    int64_t *which = all_which + b * width;
    memset(y, 0, (size_t)width * sizeof(T));
    memset(which, 0, (size_t)width * sizeof *which);
    for (int64_t k = start[b] - 1; k < end - 1; k++) {
      const int64_t at = tc_id(id[k], size);
      if (at == padding) continue;
      const T *row = table + at * width;
      for (int64_t j = 0; j < width; j++)
        if (which[j] == 0 || row[j] > y[j] || (row[j] != row[j] && y[j] == y[j]))
          y[j] = row[j], which[j] = at + 1;
    }
  }
  return TC_OK;
}

// embedding_backward(y, g, ids, rows or nil, scale or nil, padding): y[id] += scale * g[row].
static tc_status NAME(embedding_backward)(tc_args *a) {
  const tc_tensor *y = a->t[0], *g = a->t[1];
  const NAME(add_rows) r = {.y = (T *)tc_data(y),
                            .x = (const T *)tc_data(g),
                            .id = tc_data(a->t[2]),
                            .of = a->t[3] ? tc_data(a->t[3]) : NULL,
                            .scale = a->t[4] ? (const T *)tc_data(a->t[4]) : NULL,
                            .alpha = 1,
                            .size = y->size[0],
                            .rows = g->size[0],
                            .width = y->size[1],
                            .count = tc_numel(a->t[2]),
                            .skip = a->i[0] - 1};
  TC_TRY(tc_check_ids(a->t[2], r.size, 0));
  if (a->t[3]) TC_TRY(tc_check_ids(a->t[3], g->size[0], 0));
  memset(r.y, 0, (size_t)tc_numel(y) * sizeof(T));
  NAME(add_all_rows)(&r);
  return TC_OK;
}
#endif
