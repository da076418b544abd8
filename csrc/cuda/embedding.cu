// Sums of table rows by index, and their gradients: embedding_bag, embedding_backward.
//
// A thread has a column of a bag: neighbours read neighbouring columns of each row.
#include "segments.h"

struct bags_job {
  int64_t count, bags, size, padding;  // padding: an id's place that does not count, or -1
  divider width;
  const int64_t *id, *offset;
  int *alarm;
};

struct bag_range {
  int64_t first, end;
};

// Bag b holds ids offsets[b] .. offsets[b + 1] - 1 (from 1); the last one ends with the ids. Offsets start
// at 1, never decrease and stay within the ids: a bag where that is not so is empty, and an alarm.
static __device__ inline bag_range bag_of(const bags_job &j, int64_t b) {
  const int64_t first = j.offset[b], end = b + 1 < j.bags ? j.offset[b + 1] : j.count + 1;
  if (first >= 1 && first <= end && end <= j.count + 1 && (b > 0 || first == 1))
    return {first - 1, end - 1};
  *j.alarm = 1;
  return {0, 0};
}

static bags_job bags_of(const tc_tensor *weight, const tc_tensor *id, const tc_tensor *offsets,
                        int64_t padding) {
  return {tc_numel(id),
          tc_numel(offsets),
          weight->size[0],
          padding - 1,
          divider(weight->size[1]),
          tc_ptr<const int64_t>(id),
          tc_ptr<const int64_t>(offsets),
          tc_alarm()};
}

template <class T>
static __global__ void bag_kernel(T *y, const T *table, const T *scale, const bags_job j) {
  typedef acc_t<T> A;
  const int64_t i = flat_index();
  int64_t column = i;
  const int64_t b = j.width.split(&column);
  if (b >= j.bags) return;
  const bag_range bag = bag_of(j, b);
  A sum = 0;
  for (int64_t k = bag.first; k < bag.end; k++) {
    const int64_t at = tc_place(j.id[k], j.size, j.alarm);
    if (at < 0 || at == j.padding) continue;
    sum += (scale ? (A)wide(scale[k]) : (A)1) * (A)wide(table[at * j.width.by + column]);
  }
  y[i] = narrow<T>(sum);
}

// embedding_bag(y, weight, ids, offsets, scale or nil, padding): y[b] = sum of scale * weight[id] over the
// bag; `padding` (from 1, or 0) is an id that does not count.
template <class T> static tc_status embedding_bag(tc_args *a) {
  const bags_job j = bags_of(a->t[1], a->t[2], a->t[3], a->i[0]);
  const int64_t n = tc_numel(a->t[0]);
  if (n == 0) return TC_OK;
  TC_LAUNCH_FLAT(bag_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<const T>(a->t[1]), tc_ptr<const T>(a->t[4]), j);
  return tc_launched();
}
TC_CUDA_FLOATS(embedding_bag)

template <class T>
static __global__ void bag_max_kernel(T *y, int64_t *which, const T *table, const bags_job j) {
  typedef acc_t<T> A;
  const int64_t i = flat_index();
  int64_t column = i, from = 0;
  const int64_t b = j.width.split(&column);
  if (b >= j.bags) return;
  const bag_range bag = bag_of(j, b);
  A most = 0;
  for (int64_t k = bag.first; k < bag.end; k++) {
    const int64_t at = tc_place(j.id[k], j.size, j.alarm);
    if (at < 0 || at == j.padding) continue;
    const A v = wide(table[at * j.width.by + column]);
    if (from == 0 || v > most || (v != v && most == most)) most = v, from = at + 1;
  }
  y[i] = narrow<T>(most);
  which[i] = from;
}

// embedding_bag_max(y, which, weight, ids, offsets, padding): the largest of each column over the bag, and
// the id it came from (0 where the bag is empty, and y is 0).
template <class T> static tc_status embedding_bag_max(tc_args *a) {
  const bags_job j = bags_of(a->t[2], a->t[3], a->t[4], a->i[0]);
  const int64_t n = tc_numel(a->t[0]);
  if (n == 0) return TC_OK;
  TC_LAUNCH_FLAT(bag_max_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<int64_t>(a->t[1]), tc_ptr<const T>(a->t[2]), j);
  return tc_launched();
}
TC_CUDA_FLOATS(embedding_bag_max)

// embedding_backward(y, g, ids, rows or nil, scale or nil, padding): y[id] += scale * g[row].
template <class T> static tc_status embedding_backward(tc_args *a) {
  const tc_tensor *y = a->t[0], *g = a->t[1];
  const int64_t count = tc_numel(a->t[2]);
  line_sorter<uint32_t> sorter(1, count);
  fill(tc_ptr<T>(y), tc_numel(y), narrow<T>((acc_t<T>)0));
  TC_TRY(sort_places(sorter, a->t[2], y->size[0], a->i[0] - 1, true));
  segments<T, uint32_t> s = rows_onto<T>(y, g, {1, y->size[0], y->size[1]}, sorter, count);
  s.of = tc_ptr<const int64_t>(a->t[3]), s.scale = tc_ptr<const T>(a->t[4]);
  s.rows = g->size[0];
  return join_segments<JOIN_SUM>(s);
}
TC_CUDA_FLOATS(embedding_backward)
