// Values that fall onto the same place, joined there in their order: index_add, scatter_reduce, gradients
// of embeddings, weighted counts. No atomics: the same result every time.
//
// The places are sorted with the numbers of the values beside them, so that equal places follow one
// another; a thread walks a stretch of them for one column. A place whose values all lie in the stretch
// is done there, from what it held on. One that goes on beyond leaves partial results, two a stretch,
// which a second launch joins in order.
#ifndef TOCHA_CUDA_SEGMENTS_H
#define TOCHA_CUDA_SEGMENTS_H

#include "ids.h"
#include "numbers.h"
#include "order.h"

// ---- how values are joined ---------------------------------------------------------------------

enum { JOIN_SUM, JOIN_PROD, JOIN_MAX, JOIN_MIN };

template <class A, int MODE> static __device__ inline A join_none() {
  if constexpr (MODE == JOIN_SUM) return 0;
  if constexpr (MODE == JOIN_PROD) return 1;
  if constexpr (MODE == JOIN_MAX) return tc_lowest<A>();
  else return tc_highest<A>();
}

template <class A, int MODE> static __device__ inline A join_values(A a, A v) {
  if constexpr (MODE == JOIN_SUM) return a + v;
  if constexpr (MODE == JOIN_PROD) return a * v;
  if constexpr (MODE == JOIN_MAX) return v > a || v != v ? v : a;
  else return v < a || v != v ? v : a;
}

// ---- the job -----------------------------------------------------------------------------------

// y is (outer, size, inner), x (outer, rows, inner): a column is a pair of outer and inner. Value e, in
// the order of places, is number at[e] of `count`; it lies in row of[at[e]] of x, or in row at[e].
template <class T, class K> struct segments {
  T *y;
  const T *x;
  const K *place;
  const uint32_t *at;
  const int64_t *of;  // from 1; NULL: each its own
  const T *scale;     // by number; or NULL
  acc_t<T> alpha;
  int64_t count, size, rows, columns, stretch, stretches;  // places from `size` on are none
  divider inner, across;                                   // by inner; by columns
  acc_t<T> *part;                                          // (stretches, head and tail, columns)
  bool fresh;                                              // what y held before does not count
  int *alarm;
};

template <class T, class K>
static __device__ inline T *target(const segments<T, K> &s, K place, int64_t column) {
  int64_t c = column;
  const int64_t outer = s.inner.split(&c);
  return s.y + (outer * s.size + (int64_t)place) * s.inner.by + c;
}

template <class T, class K>
static __device__ inline acc_t<T> value_of(const segments<T, K> &s, int64_t e, int64_t column) {
  typedef acc_t<T> A;
  int64_t c = column;
  const int64_t outer = s.inner.split(&c), number = s.at[e];
  const int64_t row = s.of ? max(tc_place(s.of[number], s.rows, s.alarm), (int64_t)0) : number;
  const A v = wide(s.x[(outer * s.rows + row) * s.inner.by + c]);
  return (s.scale ? s.alpha * (A)wide(s.scale[number]) : s.alpha) * v;
}

// ---- the walk ----------------------------------------------------------------------------------

template <class T, class K, int MODE>
static __global__ void walk_segments_kernel(const segments<T, K> s) {
  typedef acc_t<T> A;
  int64_t column = flat_index();
  const int64_t stretch = s.across.split(&column);
  if (stretch >= s.stretches) return;
  const int64_t first = stretch * s.stretch, end = min(first + s.stretch, s.count);
  A *part = s.part + stretch * 2 * s.columns + column;
  for (int64_t e = first; e < end;) {
    const K place = s.place[e];
    if ((int64_t)place >= s.size) return;
    const bool begun = e > 0 && s.place[e - 1] == place;
    T *y = target(s, place, column);
    A sum = begun || s.fresh ? join_none<A, MODE>() : (A)wide(*y);
    for (; e < end && s.place[e] == place; e++)
      sum = join_values<A, MODE>(sum, value_of(s, e, column));
    const bool goes_on = e == end && end < s.count && s.place[end] == place;
    if (begun) part[0] = sum;
    else if (goes_on) part[s.columns] = sum;
    else *y = narrow<T>(sum);
  }
}

// A thread of the stretch in which a place begins that goes on joins what the stretches have of it.
template <class T, class K, int MODE>
static __global__ void join_segments_kernel(const segments<T, K> s) {
  typedef acc_t<T> A;
  int64_t column = flat_index();
  const int64_t stretch = s.across.split(&column), first = stretch * s.stretch;
  if (stretch + 1 >= s.stretches) return;
  int64_t end = first + s.stretch;
  const K place = s.place[end];
  const bool begun = first > 0 && s.place[first - 1] == place;
  if ((int64_t)place >= s.size || begun || s.place[end - 1] != place) return;
  const A *part = s.part + stretch * 2 * s.columns + column;
  A sum = part[s.columns];
  for (; end < s.count && s.place[end] == place; end += s.stretch) {
    part += 2 * s.columns;
    sum = join_values<A, MODE>(sum, part[0]);
  }
  *target(s, place, column) = narrow<T>(sum);
}

// Stretches as long as a full device allows: about 2^18 threads, 32 values each at least.
static inline int64_t stretch_of(int64_t count, int64_t columns) {
  const int64_t each = tc_ceil(count, tc_ceil((int64_t)1 << 18, columns));
  return each < 32 ? 32 : each;
}

// Joins what `s` describes: all but the parts and the stretches is filled in.
template <int MODE, class T, class K> static tc_status join_segments(segments<T, K> s) {
  if (s.count == 0 || s.columns == 0 || s.size == 0) return TC_OK;
  s.stretch = stretch_of(s.count, s.columns);
  s.stretches = tc_ceil(s.count, s.stretch);
  s.across = divider(s.columns);
  scratch parts((size_t)(s.stretches > 1 ? s.stretches * 2 * s.columns : 0) * sizeof(acc_t<T>));
  if (!parts.ok()) return parts.status();
  s.part = parts.as<acc_t<T>>();
  const unsigned grid = flat_grid(s.stretches * s.columns);
  TC_LAUNCH_FLAT((walk_segments_kernel<T, K, MODE>), grid, FLAT_BLOCK, s);
  if (s.stretches > 1) TC_LAUNCH_FLAT((join_segments_kernel<T, K, MODE>), grid, FLAT_BLOCK, s);
  return tc_launched();
}

// ---- places ------------------------------------------------------------------------------------

// The place of each id, or `size` for one that is left out: `skip` (from 0), or out of range.
static __global__ void place_kernel(uint32_t *places, const int64_t *id, int64_t count,
                                    int64_t size, int64_t skip, bool wraps, int *alarm) {
  const int64_t k = flat_index();
  if (k >= count) return;
  const int64_t at = tc_place(wraps || id[k] > 0 ? id[k] : 0, size, alarm);
  places[k] = (uint32_t)(at < 0 || at == skip ? size : at);
}

// Ids of places 0 .. size - 1, in order; negative ones count from the end where they may (`wraps`).
static inline tc_status sort_places(line_sorter<uint32_t> &sorter, const tc_tensor *ids,
                                    int64_t size, int64_t skip, bool wraps) {
  const int64_t count = tc_numel(ids);
  if (size >= UINT32_MAX)
    return tc_fail(TC_BAD_SHAPE, "a dimension of %lld is too large", (long long)size);
  if (!sorter.ok()) return sorter.status();
  if (count == 0) return TC_OK;
  TC_LAUNCH_FLAT(place_kernel, flat_grid(count), FLAT_BLOCK, sorter.keys(),
                 tc_ptr<const int64_t>(ids), count, size, skip, wraps, tc_alarm());
  sorter.sort(bits_of((uint64_t)size));
  return TC_OK;
}

// Rows of x, `count` of them in order, added into the rows of y (lines around a dimension) that the
// sorter's places name.
template <class T>
static segments<T, uint32_t> rows_onto(const tc_tensor *y, const tc_tensor *x, const tc_lines &l,
                                       const line_sorter<uint32_t> &sorter, int64_t count) {
  segments<T, uint32_t> s;
  s.y = tc_ptr<T>(y), s.x = tc_ptr<const T>(x);
  s.place = sorter.sorted(), s.at = sorter.places();
  s.of = NULL, s.scale = NULL, s.part = NULL;
  s.alpha = 1;
  s.count = count, s.size = l.n, s.rows = count, s.columns = l.outer * l.inner;
  s.inner = divider(l.inner);
  s.fresh = false;
  s.alarm = tc_alarm();
  return s;
}

#endif
