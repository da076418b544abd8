// What goes to indexed places: scatter (assignment), scatter_reduce, index_add; and what a mask picks:
// masked_select, masked_scatter, nonzero.
//
// Where an index repeats, results are those of the CPU, whose order is that of the elements.
#include "scan.h"
#include "segments.h"
#include "units.h"

// ---- assignment --------------------------------------------------------------------------------

// Of the elements that go to one place, the last: winner[place] = 1 + its number.
static __global__ void win_place_kernel(unsigned *winner, const int64_t *id, const tc_walk w) {
  const int64_t i = flat_index();
  if (i >= w.count) return;
  const int64_t at = tc_place(id[i], w.size, w.alarm);
  if (at >= 0) atomicMax(&winner[tc_walk_base(w, i) + at * w.step], (unsigned)i + 1);
}

template <class U>
static __global__ void scatter_kernel(U *y, const U *from, const int64_t *id,
                                      const unsigned *winner, const tc_walk w) {
  const int64_t i = flat_index();
  if (i >= w.count) return;
  const int64_t at = tc_place(id[i], w.size, w.alarm), to = tc_walk_base(w, i) + at * w.step;
  if (at >= 0 && (!winner || winner[to] == (unsigned)i + 1)) y[to] = from[i];
}

static tc_status scatter_by(const tc_args *a, const tc_walk &w, const unsigned *winner) {
  by_item(a->t[0], [&](auto item) {
    typedef decltype(item) U;
    TC_LAUNCH_FLAT(scatter_kernel<U>, flat_grid(w.count), FLAT_BLOCK, tc_ptr<U>(a->t[0]),
                   tc_ptr<const U>(a->t[2]), tc_ptr<const int64_t>(a->t[1]), winner, w);
  });
  return tc_launched();
}

// Does the index have one element for each line of y? Then none meets another.
static bool is_alone(const tc_tensor *index, int64_t dim) {
  return index->ndim == 0 || index->size[dim] == 1;
}

// scatter(y, dim, index, source): source has the index's shape; the last of equals wins.
extern "C" tc_status cuda_scatter(tc_args *a) {
  const tc_walk w = tc_walk_of(a->t[1], a->t[0], a->i[0]);
  const int64_t places = tc_numel(a->t[0]);
  if (w.count == 0) return TC_OK;
  if (is_alone(a->t[1], a->i[0])) return scatter_by(a, w, NULL);
  if (w.count >= UINT32_MAX)
    return tc_fail(TC_BAD_SHAPE, "%lld indices are too many", (long long)w.count);
  scratch winner((size_t)places * sizeof(unsigned));
  if (!winner.ok()) return winner.status();
  fill(winner.as<unsigned>(), places, 0U);
  TC_LAUNCH_FLAT(win_place_kernel, flat_grid(w.count), FLAT_BLOCK, winner.as<unsigned>(),
                 tc_ptr<const int64_t>(a->t[1]), w);
  return scatter_by(a, w, winner.as<const unsigned>());
}

// ---- values that are joined --------------------------------------------------------------------

// keys[i]: where element i goes in y, or `none`.
static __global__ void place_elements_kernel(uint64_t *keys, const int64_t *id, const tc_walk w,
                                             int64_t none) {
  const int64_t i = flat_index();
  if (i >= w.count) return;
  const int64_t at = tc_place(id[i], w.size, w.alarm);
  keys[i] = (uint64_t)(at < 0 ? none : tc_walk_base(w, i) + at * w.step);
}

template <class T> static tc_status join_by_mode(const segments<T, uint64_t> &s, int64_t mode) {
  switch (mode) {
    case JOIN_SUM: return join_segments<JOIN_SUM>(s);
    case JOIN_PROD: return join_segments<JOIN_PROD>(s);
    case JOIN_MAX: return join_segments<JOIN_MAX>(s);
    default: return join_segments<JOIN_MIN>(s);
  }
}

// scatter_reduce(y, dim, index, source, mode, include_self)
template <class T> static tc_status scatter_reduce(tc_args *a) {
  const tc_walk w = tc_walk_of(a->t[1], a->t[0], a->i[0]);
  const int64_t places = tc_numel(a->t[0]);
  if (w.count == 0) return TC_OK;
  line_sorter<uint64_t> sorter(1, w.count);
  if (!sorter.ok()) return sorter.status();
  TC_LAUNCH_FLAT(place_elements_kernel, flat_grid(w.count), FLAT_BLOCK, sorter.keys(),
                 tc_ptr<const int64_t>(a->t[1]), w, places);
  sorter.sort(bits_of((uint64_t)places));
  segments<T, uint64_t> s = {};
  s.y = tc_ptr<T>(a->t[0]), s.x = tc_ptr<const T>(a->t[2]);
  s.place = sorter.sorted(), s.at = sorter.places();
  s.alpha = 1;
  s.count = w.count, s.size = places, s.rows = w.count, s.columns = 1;
  s.inner = divider(1);
  s.fresh = a->i[2] == 0;
  return join_by_mode(s, a->i[1]);
}
TC_CUDA_NUMBERS(scatter_reduce)

// index_add(y, dim, index, source, alpha)
template <class T> static tc_status index_add(tc_args *a) {
  const tc_lines l = tc_lines_of(a->t[0], a->i[0]);
  const int64_t m = tc_numel(a->t[1]);
  line_sorter<uint32_t> sorter(1, m);
  TC_TRY(sort_places(sorter, a->t[1], l.n, -1, true));
  segments<T, uint32_t> s = rows_onto<T>(a->t[0], a->t[2], l, sorter, m);
  s.alpha = (acc_t<T>)a->f[0];
  return join_segments<JOIN_SUM>(s);
}
TC_CUDA_NUMBERS(index_add)

// ---- masks -------------------------------------------------------------------------------------

struct mask_flag {
  const bool *mask;
  int64_t n;
  __device__ bool operator()(int64_t i) const { return mask[i]; }
};

static mask_flag mask_of(const tc_tensor *mask) {
  return {tc_ptr<const bool>(mask), tc_numel(mask)};
}

template <class U> struct selected {
  U *y;
  const U *x;
  __device__ void operator()(int64_t i, bool flag, int64_t before) const {
    if (flag) y[before] = x[i];
  }
};

// masked_select(y, x, mask): y has as many elements as mask has true ones.
extern "C" tc_status cuda_masked_select(tc_args *a) {
  tc_status status = TC_OK;
  by_item(a->t[1], [&](auto item) {
    typedef decltype(item) U;
    status =
        emit_ranked(mask_of(a->t[2]), selected<U>{tc_ptr<U>(a->t[0]), tc_ptr<const U>(a->t[1])});
  });
  return status;
}

template <class U> struct put_in {
  U *y;
  const U *source;
  int64_t have;
  int *alarm;
  __device__ void operator()(int64_t i, bool flag, int64_t before) const {
    if (!flag) return;
    if (before < have) y[i] = source[before];
    else *alarm = 1;
  }
};

// masked_scatter(y, mask, source): true places get the elements of source, in order.
extern "C" tc_status cuda_masked_scatter(tc_args *a) {
  tc_status status = TC_OK;
  by_item(a->t[0], [&](auto item) {
    typedef decltype(item) U;
    status = emit_ranked(mask_of(a->t[1]), put_in<U>{tc_ptr<U>(a->t[0]), tc_ptr<const U>(a->t[2]),
                                                     tc_numel(a->t[2]), tc_alarm()});
  });
  return status;
}

struct coordinates {
  int64_t *y;
  int ndim;
  divider size[TC_MAX_DIMS];
  __device__ void operator()(int64_t i, bool flag, int64_t before) const {
    if (!flag) return;
    for (int d = ndim - 1; d >= 0; d--) {
      int64_t at = i;
      i = size[d].split(&at);
      y[before * ndim + d] = at + 1;
    }
  }
};

// nonzero(y, mask): the places of true elements, a row each, from 1. y has room for all.
extern "C" tc_status cuda_nonzero(tc_args *a) {
  const tc_tensor *mask = a->t[1];
  coordinates c;
  c.y = tc_ptr<int64_t>(a->t[0]), c.ndim = mask->ndim;
  for (int d = 0; d < TC_MAX_DIMS; d++) c.size[d] = divider(d < c.ndim ? mask->size[d] : 1);
  return emit_ranked(mask_of(mask), c);
}
