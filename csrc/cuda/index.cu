// Selection that moves elements without looking at them, so for any dtype: index_select, index_copy,
// gather, joining, flip, triangles, and the arithmetic of indices over several dimensions.
//
// A thread moves a unit of up to 16 bytes of the result, so that writes are whole lines; reads are, as
// far as the slices are wide.
#include "ids.h"
#include "units.h"

// ---- whole slices along a dimension ------------------------------------------------------------

// Slices of `width` units; m of them for each n of the other side.
struct slices {
  int64_t units, n;
  divider width, m;
  const int64_t *id;
  int *alarm;
};

// Which slice a unit belongs to, counted over all; `unit` becomes its place in it.
static __device__ inline int64_t slice_of(const slices &s, int64_t *unit, int64_t *k) {
  *k = s.width.split(unit);
  return s.m.split(k);
}

template <class U> static slices slices_of(const tc_tensor *x, const tc_tensor *id, int64_t dim) {
  const tc_lines l = tc_lines_of(x, dim);
  const int64_t m = tc_numel(id);
  const int64_t width = l.inner * (int64_t)tc_itemsize((tc_dtype)x->dtype) / (int64_t)sizeof(U);
  return {l.outer * m * width,       l.n,       divider(width), divider(m),
          tc_ptr<const int64_t>(id), tc_alarm()};
}

static uint64_t slice_bits(const tc_tensor *x, int64_t dim) {
  return (uint64_t)tc_lines_of(x, dim).inner * tc_itemsize((tc_dtype)x->dtype);
}

template <class U> static __global__ void select_kernel(U *y, const U *x, const slices s) {
  int64_t i = flat_index(), k;
  if (i >= s.units) return;
  const int64_t to = i, outer = slice_of(s, &i, &k), at = tc_place(s.id[k], s.n, s.alarm);
  if (at >= 0) y[to] = x[(outer * s.n + at) * s.width.by + i];
}

// index_select(y, x, dim, index)
extern "C" tc_status cuda_index_select(tc_args *a) {
  const tc_tensor *y = a->t[0], *x = a->t[1], *id = a->t[2];
  const int64_t dim = a->i[0];
  if (tc_numel(y) == 0) return TC_OK;
  by_unit(unit_bits(y) | unit_bits(x) | slice_bits(x, dim), [&](auto unit) {
    typedef decltype(unit) U;
    const slices s = slices_of<U>(x, id, dim);
    TC_LAUNCH_FLAT(select_kernel<U>, flat_grid(s.units), FLAT_BLOCK, tc_ptr<U>(y),
                   tc_ptr<const U>(x), s);
  });
  return tc_launched();
}

// Of equal indices, the last: winner[place] = 1 + its number. Integer maxima have no order.
static __global__ void win_kernel(unsigned *winner, const int64_t *id, int64_t m, int64_t n,
                                  int *alarm) {
  const int64_t k = flat_index();
  if (k >= m) return;
  const int64_t at = tc_place(id[k], n, alarm);
  if (at >= 0) atomicMax(&winner[at], (unsigned)k + 1);
}

template <class U>
static __global__ void copy_slices_kernel(U *y, const U *from, const unsigned *winner,
                                          const slices s) {
  int64_t i = flat_index(), k;
  if (i >= s.units) return;
  const int64_t of = i, outer = slice_of(s, &i, &k), at = tc_place(s.id[k], s.n, s.alarm);
  if (at >= 0 && winner[at] == (unsigned)k + 1) y[(outer * s.n + at) * s.width.by + i] = from[of];
}

// index_copy(y, dim, index, source): slices of y become those of source; the last of equals wins.
extern "C" tc_status cuda_index_copy(tc_args *a) {
  const tc_tensor *y = a->t[0], *id = a->t[1], *from = a->t[2];
  const int64_t dim = a->i[0], m = tc_numel(id), n = tc_lines_of(y, dim).n;
  if (tc_numel(from) == 0) return TC_OK;
  if (m >= UINT32_MAX) return tc_fail(TC_BAD_SHAPE, "%lld indices are too many", (long long)m);
  scratch winner((size_t)n * sizeof(unsigned));
  if (!winner.ok()) return winner.status();
  fill(winner.as<unsigned>(), n, 0U);
  TC_LAUNCH_FLAT(win_kernel, flat_grid(m), FLAT_BLOCK, winner.as<unsigned>(),
                 tc_ptr<const int64_t>(id), m, n, tc_alarm());
  by_unit(unit_bits(y) | unit_bits(from) | slice_bits(y, dim), [&](auto unit) {
    typedef decltype(unit) U;
    const slices s = slices_of<U>(y, id, dim);
    TC_LAUNCH_FLAT(copy_slices_kernel<U>, flat_grid(s.units), FLAT_BLOCK, tc_ptr<U>(y),
                   tc_ptr<const U>(from), winner.as<const unsigned>(), s);
  });
  return tc_launched();
}

// ---- element by element along a dimension ------------------------------------------------------

template <class U>
static __global__ void gather_kernel(U *y, const U *x, const int64_t *id, const tc_walk w) {
  const int64_t i = flat_index();
  if (i >= w.count) return;
  const int64_t at = tc_place(id[i], w.size, w.alarm);
  if (at >= 0) y[i] = x[tc_walk_base(w, i) + at * w.step];
}

// gather(y, x, dim, index)
extern "C" tc_status cuda_gather(tc_args *a) {
  const tc_walk w = tc_walk_of(a->t[2], a->t[1], a->i[0]);
  if (w.count == 0) return TC_OK;
  by_item(a->t[1], [&](auto item) {
    typedef decltype(item) U;
    TC_LAUNCH_FLAT(gather_kernel<U>, flat_grid(w.count), FLAT_BLOCK, tc_ptr<U>(a->t[0]),
                   tc_ptr<const U>(a->t[1]), tc_ptr<const int64_t>(a->t[2]), w);
  });
  return tc_launched();
}

static __global__ void fold_kernel(int64_t *y, const int64_t *id, int64_t n, int64_t size,
                                   int *alarm) {
  const int64_t i = flat_index();
  if (i >= n) return;
  const int64_t at = tc_place(id[i], size, alarm);
  if (at >= 0) y[i] = (y[i] - 1) * size + at + 1;
}

// index_fold(y, index, size, dim): y = (y - 1) * size + the place of index, counted from 1: the index of
// several dimensions as one.
extern "C" tc_status cuda_index_fold(tc_args *a) {
  const int64_t n = tc_numel(a->t[0]);
  if (n == 0) return TC_OK;
  TC_LAUNCH_FLAT(fold_kernel, flat_grid(n), FLAT_BLOCK, tc_ptr<int64_t>(a->t[0]),
                 tc_ptr<const int64_t>(a->t[1]), n, a->i[0], tc_alarm());
  return tc_launched();
}

// ---- joining -----------------------------------------------------------------------------------

enum { JOIN_MOST = 12 };

// Rows of the parts side by side: part k ends before unit end[k] of what a row gets.
struct join_job {
  int64_t units, row;  // what is moved; a row of the result
  divider width;       // what a row gets
  int count;
  const void *from[JOIN_MOST];
  int64_t end[JOIN_MOST];
};

template <class U> static __global__ void join_kernel(U *y, const join_job j) {
  int64_t i = flat_index();
  if (i >= j.units) return;
  const int64_t outer = j.width.split(&i);
  int64_t begin = 0, end = j.end[0];
  const U *from = (const U *)j.from[0];
#pragma unroll
  for (int k = 1; k < JOIN_MOST; k++)  // parts that are not there end where the last one does
    if (i >= end) begin = end, end = j.end[k], from = (const U *)j.from[k];
  y[outer * j.row + i] = from[outer * (end - begin) + i - begin];
}

// Bytes that a row gets, with those of part k as end[k] units; all that decides the unit goes to *bits.
static int64_t join_parts(const tc_args *a, join_job *j, uint64_t *bits) {
  int64_t width = 0;
  for (j->count = 0; j->count < JOIN_MOST && a->t[j->count + 1]; j->count++) {
    const tc_tensor *t = a->t[j->count + 1];
    const int64_t item = (int64_t)tc_itemsize((tc_dtype)t->dtype);
    width += tc_numel(t) / a->i[0] * item;
    j->from[j->count] = tc_numel(t) ? tc_data(t) : NULL;
    j->end[j->count] = width;
    *bits |= (uint64_t)(uintptr_t)j->from[j->count] | (uint64_t)width;
  }
  for (int k = j->count; k < JOIN_MOST; k++) j->from[k] = NULL, j->end[k] = width;
  return width;
}

// join(y, outer, start, up to 12 tensors): y as `outer` rows gets the rows of each tensor side by side,
// from element `start` of a row on.
extern "C" tc_status cuda_join(tc_args *a) {
  const tc_tensor *y = a->t[0];
  const int64_t outer = a->i[0], item = (int64_t)tc_itemsize((tc_dtype)y->dtype);
  const int64_t row = outer ? tc_numel(y) / outer * item : 0, start = a->i[1] * item;
  join_job j;
  if (row == 0) return TC_OK;
  uint64_t bits = unit_bits(y) | (uint64_t)row | (uint64_t)start;
  const int64_t width = join_parts(a, &j, &bits);
  if (start + width > row) return tc_fail(TC_INTERNAL, "the parts do not fit a row of the result");
  if (width == 0) return TC_OK;
  by_unit(bits, [&](auto unit) {
    typedef decltype(unit) U;
    const int64_t size = (int64_t)sizeof(U);
    j.units = outer * width / size, j.row = row / size, j.width = divider(width / size);
    for (int k = 0; k < JOIN_MOST; k++) j.end[k] /= size;
    TC_LAUNCH_FLAT(join_kernel<U>, flat_grid(j.units), FLAT_BLOCK, tc_ptr<U>(y) + start / size, j);
  });
  return tc_launched();
}

// ---- flip --------------------------------------------------------------------------------------

// Neighbouring dimensions that are both flipped, or both not, are one.
struct flip_job {
  int64_t n;
  int ndim;
  divider size[TC_MAX_DIMS];
  bool flipped[TC_MAX_DIMS];
};

template <class U> static __global__ void flip_kernel(U *y, const U *x, const flip_job f) {
  const int64_t to = flat_index();
  if (to >= f.n) return;
  int64_t rest = to, from = 0, step = 1;
  for (int d = f.ndim - 1; d >= 0; d--) {
    const int64_t before = f.size[d].over(rest), at = rest - before * f.size[d].by;
    from += (f.flipped[d] ? f.size[d].by - 1 - at : at) * step;
    step *= f.size[d].by;
    rest = before;
  }
  y[to] = x[from];
}

static flip_job flip_of(const tc_tensor *x, const int64_t *dims, int count) {
  bool flipped[TC_MAX_DIMS] = {false};
  flip_job f;
  f.n = tc_numel(x), f.ndim = 0;
  for (int k = 0; k < count; k++) flipped[dims[k] - 1] = true;
  for (int d = 0; d < x->ndim; d++) {
    const bool joins = f.ndim > 0 && f.flipped[f.ndim - 1] == flipped[d];
    if (!joins) f.flipped[f.ndim] = flipped[d], f.size[f.ndim++] = divider(1);
    f.size[f.ndim - 1] = divider(f.size[f.ndim - 1].by * x->size[d]);
  }
  return f;
}

// flip(y, x, dims from 1). Where the last dimension stays as it is, its rows are moved in larger units.
extern "C" tc_status cuda_flip(tc_args *a) {
  const tc_tensor *y = a->t[0], *x = a->t[1];
  flip_job f = flip_of(x, a->list[0], a->len[0]);
  const int64_t item = (int64_t)tc_itemsize((tc_dtype)x->dtype);
  if (f.n == 0) return TC_OK;
  const int last = f.ndim - 1;
  const bool rows = last >= 0 && !f.flipped[last];
  const uint64_t bits = (uint64_t)(rows ? f.size[last].by * item : item);
  by_unit(bits | unit_bits(y) | unit_bits(x), [&](auto unit) {
    typedef decltype(unit) U;
    const int64_t each = (int64_t)sizeof(U) / item;
    f.n /= each;
    if (rows) f.size[last] = divider(f.size[last].by / each);
    TC_LAUNCH_FLAT(flip_kernel<U>, flat_grid(f.n), FLAT_BLOCK, tc_ptr<U>(y), tc_ptr<const U>(x), f);
  });
  return tc_launched();
}

// ---- triangles ---------------------------------------------------------------------------------

struct tri_job {
  int64_t n, diagonal;
  divider rows, columns;
  bool upper;
};

template <class U> static __global__ void tri_kernel(U *y, const U *x, const tri_job t) {
  const int64_t i = flat_index();
  if (i >= t.n) return;
  int64_t column = i, row = t.columns.split(&column);
  t.rows.split(&row);
  const int64_t off = column - row;
  y[i] = (t.upper ? off >= t.diagonal : off <= t.diagonal) ? x[i] : (U)0;
}

// tri(y, x, diagonal, upper): a triangle of each matrix of x, zeros elsewhere.
extern "C" tc_status cuda_tri(tc_args *a) {
  const tc_tensor *x = a->t[1];
  const tri_job t = {tc_numel(x), a->i[0], divider(x->size[x->ndim - 2]),
                     divider(x->size[x->ndim - 1]), a->i[1] != 0};
  if (t.n == 0) return TC_OK;
  by_item(x, [&](auto item) {
    typedef decltype(item) U;
    TC_LAUNCH_FLAT(tri_kernel<U>, flat_grid(t.n), FLAT_BLOCK, tc_ptr<U>(a->t[0]),
                   tc_ptr<const U>(x), t);
  });
  return tc_launched();
}
