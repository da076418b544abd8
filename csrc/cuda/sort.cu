// sort, topk, kthvalue along a dimension, and searchsorted. All are stable, as on the CPU.
#include "ids.h"
#include "order.h"
#include "scan.h"

template <class T>
static __global__ void key_kernel(key_t_of<T> *keys, const T *x, const tc_line_shape s,
                                  key_t_of<T> flip) {
  const int64_t i = flat_index();
  if (i >= s.count) return;
  const tc_line_spot spot = line_spot(s, i);
  keys[spot.line * s.n + spot.at] = tc_key(x[i]) ^ flip;
}

// Fills in the keys of x, (outer, n, inner), and sorts them. A descending order turns the keys over, so
// that equal values keep their order both ways.
template <class T>
static void sort_lines(line_sorter<key_t_of<T>> &sorter, const tc_tensor *x, const tc_lines &l,
                       bool descending) {
  typedef key_t_of<T> K;
  const tc_line_shape s(l.outer, l.n, l.inner, l.n);
  if (s.count == 0) return;
  TC_LAUNCH_FLAT(key_kernel<T>, flat_grid(s.count), FLAT_BLOCK, sorter.keys(), tc_ptr<const T>(x),
                 s, (K)(descending ? ~(K)0 : 0));
  sorter.sort();
}

// Element (o, at, c) of the results is what place number at + skip of its line names; with `through`,
// that is a number of the places there.
template <class T>
static __global__ void put_kernel(T *y, int64_t *at, const T *x, const uint32_t *places,
                                  const uint32_t *through, const tc_line_shape s, int64_t width,
                                  int64_t skip) {
  const int64_t i = flat_index();
  if (i >= s.count) return;
  const tc_line_spot spot = line_spot(s, i);
  int64_t place = places[spot.line * width + spot.at + skip];
  if (through) place = through[spot.line * width + place];
  y[i] = x[spot.first + place * s.inner.by];
  at[i] = place + 1;
}

// m of the `width` places that each line has, from number `skip` on.
template <class T>
static tc_status put(const tc_args *a, const tc_lines &l, const uint32_t *places,
                     const uint32_t *through, int64_t width, int64_t m, int64_t skip) {
  const tc_line_shape s(l.outer, m, l.inner, l.n);
  if (s.count == 0) return TC_OK;
  TC_LAUNCH_FLAT(put_kernel<T>, flat_grid(s.count), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<int64_t>(a->t[1]), tc_ptr<const T>(a->t[2]), places, through, s, width,
                 skip);
  return tc_launched();
}

// sort(values, places, x, dim, descending)
template <class T> static tc_status sort(tc_args *a) {
  const tc_lines l = tc_lines_of(a->t[2], a->i[0]);
  line_sorter<key_t_of<T>> sorter(l.outer * l.inner, l.n);
  if (!sorter.ok()) return sorter.status();
  sort_lines<T>(sorter, a->t[2], l, a->i[1] != 0);
  return put<T>(a, l, sorter.places(), NULL, l.n, l.n, 0);
}
TC_CUDA_NUMBERS(sort)

// ---- the smallest k --------------------------------------------------------------------------

enum { SELECT_BLOCK = 1024 };

// A line's keys, the values turned over where the largest are wanted.
template <class T> struct key_line {
  const T *x;
  int64_t n, step;
  key_t_of<T> flip;
  __device__ key_t_of<T> operator()(int64_t i) const { return tc_key(x[i * step]) ^ flip; }
};

// The k-th smallest key, found byte by byte from the top; *k becomes how many of its equals are among
// the k smallest.
template <class T> static __device__ key_t_of<T> kth_key(const key_line<T> &line, unsigned *k) {
  typedef key_t_of<T> K;
  TC_SHARED(unsigned, count, [256]);
  TC_SHARED(unsigned, chosen, [2]);  // the byte, and how many of the k have it
  K prefix = 0, mask = 0;
  for (int shift = (int)sizeof(K) * 8 - 8; shift >= 0; shift -= 8) {
    if (threadIdx.x < 256) count[threadIdx.x] = 0;
    __syncthreads();
    for (int64_t i = threadIdx.x; i < line.n; i += SELECT_BLOCK) {
      const K key = line(i);
      if ((key & mask) == prefix) atomicAdd(&count[key >> shift & 255], 1u);
    }
    __syncthreads();
    const unsigned mine = threadIdx.x < 256 ? count[threadIdx.x] : 0;
    unsigned total;
    const unsigned before = block_scan(mine, &total);
    if (before < *k && *k <= before + mine) chosen[0] = threadIdx.x, chosen[1] = *k - before;
    __syncthreads();
    prefix = (K)(prefix | (K)((K)chosen[0] << shift));
    mask = (K)(mask | (K)((K)255 << shift));
    *k = chosen[1];
  }
  return prefix;
}

// Keys and places of a line's k smallest, in the order of their places. A block a line.
template <class T>
static __global__ void select_kernel(key_t_of<T> *keys, uint32_t *places, const T *x,
                                     const tc_line_shape s, unsigned k, key_t_of<T> flip) {
  typedef key_t_of<T> K;
  const int64_t first = (int64_t)blockIdx.x * k;
  const key_line<T> line = {x + line_spot(s, blockIdx.x).first, s.n, s.inner.by, flip};
  unsigned equals = k;
  const K kth = kth_key(line, &equals);
  uint64_t carry = 0, total;  // smaller ones in the low half, equals in the high one
  for (int64_t tile = 0; tile < s.n; tile += SELECT_BLOCK) {
    const int64_t i = tile + threadIdx.x;
    const K key = i < s.n ? line(i) : kth;
    const bool below = i < s.n && key < kth, tie = i < s.n && key == kth;
    const uint64_t before = carry + block_scan((uint64_t)below | (uint64_t)tie << 32, &total);
    const unsigned ties = (unsigned)(before >> 32), to = (unsigned)before + min(ties, equals);
    if (below || (tie && ties < equals)) keys[first + to] = key, places[first + to] = (uint32_t)i;
    carry += total;
  }
}

// Each line's k smallest keys go to the sorter and their places beside.
template <class T>
static void select_lines(const line_sorter<key_t_of<T>> &sorter, uint32_t *places,
                         const tc_tensor *x, const tc_lines &l, int64_t k, bool descending) {
  typedef key_t_of<T> K;
  const tc_line_shape s(l.outer, 1, l.inner, l.n);
  TC_LAUNCH(select_kernel<T>, (unsigned)s.count, SELECT_BLOCK, 0, sorter.keys(), places,
            tc_ptr<const T>(x), s, (unsigned)k, (K)(descending ? ~(K)0 : 0));
}

// Sorting all is less work for short lines, and for a few very long ones, which a block each would walk.
static bool sorts_all(int64_t lines, int64_t n) {
  enum { SHORT_LINE = 1024, LONG_LINE = 1 << 17, FEW_LINES = 64 };
  return n <= SHORT_LINE || (n > LONG_LINE && lines < FEW_LINES);
}

enum { FEW = 16 };  // so many are in order, wanted so or not, as on the CPU

// topk(values, places, x, dim, k, largest, sorted, only the k-th)
template <class T> static tc_status topk(tc_args *a) {
  const tc_lines l = tc_lines_of(a->t[2], a->i[0]);
  const int64_t k = a->i[1], lines = l.outer * l.inner;
  const bool descending = a->i[2] != 0, only = a->i[4] != 0;
  const bool in_order = a->i[3] != 0 || only || k <= FEW, all = in_order && sorts_all(lines, l.n);
  if (lines * k == 0) return TC_OK;
  TC_TRY(line_fits(l.n));
  line_sorter<key_t_of<T>> sorter(lines, all ? l.n : k);
  if (!sorter.ok()) return sorter.status();
  const int64_t m = only ? 1 : k, skip = only ? k - 1 : 0;
  if (all) {
    sort_lines<T>(sorter, a->t[2], l, descending);
    return put<T>(a, l, sorter.places(), NULL, l.n, m, skip);
  }
  scratch places((size_t)(lines * k) * sizeof(uint32_t));
  if (!places.ok()) return places.status();
  select_lines<T>(sorter, places.as<uint32_t>(), a->t[2], l, k, descending);
  if (!in_order) return put<T>(a, l, places.as<const uint32_t>(), NULL, k, k, 0);
  sorter.sort();
  return put<T>(a, l, sorter.places(), places.as<const uint32_t>(), k, m, skip);
}
TC_CUDA_NUMBERS(topk)

// ---- searchsorted ------------------------------------------------------------------------------

struct search_job {
  int64_t count, n;
  divider each;  // values a line
  const int64_t *order;
  bool right;
  int *alarm;
};

// Where a value would be put into its line (from 1): before its equals, or after them (`right`).
template <class T>
static __global__ void search_kernel(int64_t *y, const T *lines, const T *values,
                                     const search_job s) {
  const int64_t i = flat_index();
  if (i >= s.count) return;
  const int64_t skip = s.each.over(i) * s.n;
  const key_t_of<T> key = tc_key(values[i]);
  int64_t low = 0, high = s.n;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const int64_t at = s.order ? tc_place(s.order[skip + middle], s.n, s.alarm) : middle;
    const key_t_of<T> other = tc_key(lines[skip + (at < 0 ? 0 : at)]);
    if (other < key || (s.right && other == key)) low = middle + 1;
    else high = middle;
  }
  y[i] = low + 1;
}

// searchsorted(y, lines, values, order or nil, right): one line for all values, or as many lines as
// rows of values.
template <class T> static tc_status searchsorted(tc_args *a) {
  const tc_tensor *lines = a->t[1], *values = a->t[2];
  const int64_t count = tc_numel(values);
  const bool each = lines->ndim > 1 && values->ndim > 0;
  const search_job s = {count,
                        lines->size[lines->ndim - 1],
                        divider(each ? values->size[values->ndim - 1] : count),
                        tc_ptr<const int64_t>(a->t[3]),
                        a->i[0] != 0,
                        tc_alarm()};
  if (count == 0) return TC_OK;
  TC_LAUNCH_FLAT(search_kernel<T>, flat_grid(count), FLAT_BLOCK, tc_ptr<int64_t>(a->t[0]),
                 tc_ptr<const T>(lines), tc_ptr<const T>(values), s);
  return tc_launched();
}
TC_CUDA_NUMBERS(searchsorted)

// ---- what a sorted line tells ------------------------------------------------------------------

// The first element of keys[0 .. n - 1], which are in order, that is not below `key`.
template <class K> static __device__ inline int64_t lower_bound(const K *keys, int64_t n, K key) {
  int64_t low = 0;
  while (low < n) {
    const int64_t middle = low + (n - low) / 2;
    if (keys[middle] < key) low = middle + 1;
    else n = middle;
  }
  return low;
}

// Which of a line's elements in order is meant: by a warp, each lane knows.
template <class T> struct median_of {
  bool skip_nan;
  // NaN wins where there is one, unless `skip_nan`; the lower of two middle values.
  __device__ int64_t operator()(const key_t_of<T> *keys, int64_t n) const {
    const key_t_of<T> nan = (key_t_of<T>)~(key_t_of<T>)0;
    const int64_t numbers = is_nan_key<T>(nan) ? lower_bound(keys, n, nan) : n;
    if (numbers < n && (!skip_nan || numbers == 0)) return numbers;
    return (numbers - 1) / 2;
  }
};

// The smallest of the most frequent values, at the last place where it stands. NaN equals nothing.
template <class T> struct mode_of {
  __device__ int64_t operator()(const key_t_of<T> *keys, int64_t n) const {
    uint64_t best = 0;  // the longest run, and among equals the one that ends first
    for (int64_t i = threadIdx.x % 32; i < n; i += 32) {
      const key_t_of<T> key = keys[i];
      const bool nan = is_nan_key<T>(key);
      if (i + 1 < n && keys[i + 1] == key && !nan) continue;
      const int64_t run = nan ? 1 : i + 1 - lower_bound(keys, i, key);
      best = max(best, (uint64_t)run << 32 | (UINT32_MAX - (uint32_t)i));
    }
    for (int step = 16; step > 0; step /= 2) best = max(best, __shfl_xor_sync(~0u, best, step));
    return UINT32_MAX - (uint32_t)best;
  }
};

// A warp a line.
template <class T, class F>
static __global__ void choose_kernel(T *y, int64_t *at, const T *x, const key_t_of<T> *keys,
                                     const uint32_t *places, const tc_line_shape s,
                                     const F choose) {
  const int64_t line = (int64_t)blockIdx.x * (FLAT_BLOCK / 32) + threadIdx.x / 32;
  if (line >= s.count) return;
  const tc_line_spot spot = line_spot(s, line);
  const int64_t place = places[line * s.n + choose(keys + line * s.n, s.n)];
  if (threadIdx.x % 32 > 0) return;
  y[line] = x[spot.first + place * s.inner.by];
  at[line] = place + 1;
}

template <class T, class F> static tc_status choose(tc_args *a, const F &f) {
  const tc_lines l = {a->i[0], a->i[1], a->i[2]};
  const tc_line_shape s(l.outer, 1, l.inner, l.n);
  if (s.count == 0) return TC_OK;
  line_sorter<key_t_of<T>> sorter(s.count, l.n);
  if (!sorter.ok()) return sorter.status();
  sort_lines<T>(sorter, a->t[2], l, false);
  TC_LAUNCH((choose_kernel<T, F>), (unsigned)tc_ceil(s.count, FLAT_BLOCK / 32), FLAT_BLOCK, 0,
            tc_ptr<T>(a->t[0]), tc_ptr<int64_t>(a->t[1]), tc_ptr<const T>(a->t[2]), sorter.sorted(),
            sorter.places(), s, f);
  return tc_launched();
}

// median(values, places, x, outer, n, inner, skip_nan); mode alike
template <class T> static tc_status median(tc_args *a) {
  return choose<T>(a, median_of<T>{a->i[3] != 0});
}
TC_CUDA_NUMBERS(median)
template <class T> static tc_status mode(tc_args *a) { return choose<T>(a, mode_of<T>{}); }
TC_CUDA_NUMBERS(mode)
