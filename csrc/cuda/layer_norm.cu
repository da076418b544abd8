// Normalisation of rows, x is (rows, n): layer_norm and rms_norm, and the gradient of both. Rows of
// up to ROW_MOST values stay in registers: one pass over memory. Longer ones are reduced, then read
// again.
//
// The gradients of weight and bias are sums over rows. A group of threads takes many rows, one
// after the other, and keeps its own sums; a second launch joins those of the groups.
#include "norm.h"
#include "rows.h"
#include "twice.h"

enum {
  NORM_BLOCKS = 264
};  // two for each of a card's processors: more would write more partial sums

template <class T> struct norm_job {
  T *y, *gx;
  const T *x, *g;
  tc_vector<T> w, b;
  acc_t<T> *part;  // of each group: n sums for the weight, n for the bias
  acc_t<T> eps;
  bool centred;
  row_shape s;
};

// ---- rows in registers -----------------------------------------------------------------------

template <class T>
__device__ inline norm_line<acc_t<T>> row_statistics(const norm_job<T> &j, const row_share<T> &r,
                                                     const acc_t<T> *v) {
  typedef acc_t<T> A;
  A sum = 0, m2 = 0;
  for (int k = 0; k < ROW_KEEP; k++) sum += v[k];
  const A mean = j.centred ? row_sum(sum, r.width) / j.s.n : 0;
  for (int k = 0; k < ROW_KEEP; k++) m2 += r.has(k) ? (v[k] - mean) * (v[k] - mean) : 0;
  return {mean, norm_rstd(row_sum(m2, r.width), (A)j.s.n, j.eps)};
}

// The weights of the row's values, or `none` where there are no weights.
template <class T>
__device__ inline void load_weights(const row_share<T> &r, acc_t<T> *v, const tc_vector<T> &w,
                                    acc_t<T> none) {
  if (w && w.whole) {
    r.load(v, (const acc_t<T> *)w.data, none);
    return;
  }
  if (w) {
    r.load(v, (const T *)w.data, none);
    return;
  }
  for (int k = 0; k < ROW_KEEP; k++) v[k] = none;
}

template <class T>
__global__ void __launch_bounds__(ROW_BLOCK, 1)
    layer_norm_rows(const __grid_constant__ norm_job<T> j) {
  typedef acc_t<T> A;
  const int64_t row = row_index(j.s);
  const row_share<T> r(j.s, row);
  A v[ROW_KEEP], w[ROW_KEEP], b[ROW_KEEP];
  r.load(v, j.x + row * j.s.n, 0);
  const norm_line<A> line = row_statistics(j, r, v);
  load_weights<T>(r, w, j.w, 1);
  load_weights<T>(r, b, j.b, 0);
  for (int k = 0; k < ROW_KEEP; k++) v[k] = (v[k] - line.mean) * line.rstd * w[k] + b[k];
  r.store(j.y + row * j.s.n, v);
}

// gx = rstd (wg - mean(wg) - xhat mean(wg xhat)), wg = w g: from the two sums of a row.
template <class A>
__device__ inline norm_slope<A> row_slope(norm_line<A> line, norm_pair<A> sums, A n, bool centred) {
  const A rstd = line.rstd, slope = -sums.dot / n * rstd * rstd * rstd;
  return {line.mean, rstd, slope, centred ? -sums.sum / n * rstd : 0};
}

// One row: v becomes the row of gx, g that of w g; gw and gb get what the row adds to them. The
// weights are loaded where they are needed, each row again: kept, they would take too many
// registers.
template <class T>
__device__ inline void row_gradient(const norm_job<T> &j, const row_share<T> &r, acc_t<T> *v,
                                    acc_t<T> *g, acc_t<T> *gw, acc_t<T> *gb) {
  typedef acc_t<T> A;
  const norm_line<A> line = row_statistics(j, r, v);
  norm_pair<A> sums = {0, 0};
  A w[ROW_KEEP];
  for (int k = 0; k < ROW_KEEP; k++) {
    gw[k] += g[k] * (v[k] - line.mean) * line.rstd;
    gb[k] += g[k];
  }
  load_weights<T>(r, w, j.w, 1);
  for (int k = 0; k < ROW_KEEP; k++) {
    g[k] *= w[k];
    norm_sums<T>::add(sums, g[k], v[k] - line.mean);
  }
  sums = {row_sum(sums.dot, r.width), row_sum(sums.sum, r.width)};
  const norm_slope<A> slope = row_slope(line, sums, (A)j.s.n, j.centred);
  for (int k = 0; k < ROW_KEEP; k++) v[k] = slope.at(g[k], v[k]);
}

template <class T>
__global__ void __launch_bounds__(ROW_BLOCK, 1)
    layer_norm_rows_backward(const __grid_constant__ norm_job<T> j) {
  typedef acc_t<T> A;
  const int64_t group = row_index(j.s), groups = (int64_t)gridDim.x * (blockDim.x / j.s.width);
  A gw[ROW_KEEP] = {0}, gb[ROW_KEEP] = {0};
#pragma unroll 1
  for (int64_t first = 0; first < j.s.rows; first += groups) {
    const int64_t row = first + group;
    const row_share<T> r(j.s, row);
    A v[ROW_KEEP], g[ROW_KEEP];
    r.load(g, j.g + row * j.s.n, 0);
    r.load(v, j.x + row * j.s.n, 0);
    row_gradient<T>(j, r, v, g, gw, gb);
    r.store(j.gx + row * j.s.n, v);
  }
  if (!j.part) return;
  const row_share<T> all(j.s, 0);
  A *part = j.part + group * 2 * j.s.n;
  for (int k = 0; k < ROW_KEEP; k++) {
    if (!all.has(k)) continue;
    part[all.place(k)] = gw[k];
    part[j.s.n + all.place(k)] = gb[k];
  }
}

// Sums of 2 n columns: the first n are the weight's gradient, the others the bias's.
template <class T> struct weight_sums {
  typedef acc_t<T> in, acc;
  enum { INPUTS = 1 };
  const in *x[INPUTS];
  tc_vector<T> gw, gb;
  int64_t n;
  __device__ acc none() const { return 0; }
  __device__ void take(acc &a, const in *v, int64_t, int64_t) const { a += *v; }
  __device__ acc join(acc a, acc b) const { return a + b; }
  __device__ void put(acc a, int64_t k) const {
    if (k < n && gw) gw.put(k, a);
    if (k >= n && gb) gb.put(k - n, a);
  }
};

template <class T>
static tc_status backward_in_registers(norm_job<T> j, tc_vector<T> gw, tc_vector<T> gb) {
  const int per_block = j.s.block / j.s.width;
  if (j.s.grid > NORM_BLOCKS) j.s.grid = NORM_BLOCKS;
  const int64_t groups = (int64_t)j.s.grid * per_block, n = j.s.n;
  const bool wanted = gw || gb;
  scratch part(wanted ? (size_t)(groups * 2 * n) * sizeof(acc_t<T>) : 1);
  if (!part.ok()) return part.status();
  j.part = wanted ? part.as<acc_t<T>>() : nullptr;
  TC_LAUNCH(layer_norm_rows_backward<T>, j.s.grid, j.s.block, 0, j);
  if (!wanted) return tc_launched();
  return tc_reduce(weight_sums<T>{{j.part}, gw, gb, n}, 1, groups, 2 * n);
}

// ---- long rows -------------------------------------------------------------------------------

template <class T_> struct affine_rows {
  typedef T_ T;
  typedef norm_line<acc_t<T>> own;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  T *y;
  tc_vector<T> w, b;
  const own *lines;
  __device__ own line(const spread_place &p) const { return lines[p.i]; }
  __device__ acc_t<T> value(const T *v, const own &l, const spread_place &p) const {
    const acc_t<T> unit = ((acc_t<T>)wide(*v) - l.mean) * l.rstd;
    return unit * (w ? w[p.j] : 1) + (b ? b[p.j] : 0);
  }
};

template <class T> static tc_status forward_long(const norm_job<T> &j, int64_t rows, int64_t n) {
  typedef norm_line<acc_t<T>> line;
  scratch lines((size_t)rows * sizeof(line));
  if (!lines.ok()) return lines.status();
  line *l = lines.as<line>();
  const norm_statistics<T> statistics = norm_statistics_of<T>(j.x, j.centred, j.eps, l);
  return tc_twice(statistics, affine_rows<T>{{j.x}, j.y, j.w, j.b, l}, rows, n, 1);
}

template <class T> struct slopes_of_rows : norm_sums<T> {
  typedef norm_pair<acc_t<T>> acc;
  tc_vector<T> w;
  const norm_line<acc_t<T>> *lines;
  norm_slope<acc_t<T>> *slopes;
  acc_t<T> n;
  bool centred;
  __device__ void take(acc &a, const T *v, int64_t i, int64_t line) const {
    const acc_t<T> g = (acc_t<T>)wide(v[0]) * (w ? w[i] : 1);
    this->add(a, g, wide(v[1]) - lines[line].mean);
  }
  __device__ void put(acc a, int64_t line) const {
    slopes[line] = row_slope(lines[line], a, n, centred);
  }
};

template <class T_> struct gradient_rows {
  typedef T_ T;
  typedef norm_slope<acc_t<T>> own;
  enum { INPUTS = 2 };
  const T *x[INPUTS];
  T *y;
  tc_vector<T> w;
  const own *slopes;
  __device__ own line(const spread_place &p) const { return slopes[p.i]; }
  __device__ acc_t<T> value(const T *v, const own &s, const spread_place &p) const {
    return s.at((acc_t<T>)wide(v[0]) * (w ? w[p.j] : 1), wide(v[1]));
  }
};

// Down the rows, a column of weights each.
template <class T> struct weight_columns : norm_sums<T> {
  typedef norm_pair<acc_t<T>> acc;
  const norm_line<acc_t<T>> *lines;
  tc_vector<T> gw, gb;
  __device__ void take(acc &a, const T *v, int64_t row, int64_t) const {
    const norm_line<acc_t<T>> l = lines[row];
    this->add(a, wide(v[0]), (wide(v[1]) - l.mean) * l.rstd);
  }
  __device__ void put(acc a, int64_t column) const {
    if (gw) gw.put(column, a.dot);
    if (gb) gb.put(column, a.sum);
  }
};

template <class T>
static tc_status backward_long(const norm_job<T> &j, int64_t rows, int64_t n, tc_vector<T> gw,
                               tc_vector<T> gb) {
  typedef norm_line<acc_t<T>> line;
  typedef norm_slope<acc_t<T>> slope;
  scratch space((size_t)rows * (sizeof(line) + sizeof(slope)));
  if (!space.ok()) return space.status();
  slope *slopes = space.as<slope>();
  line *lines = (line *)(slopes + rows);
  TC_TRY(tc_reduce(norm_statistics_of<T>(j.x, j.centred, j.eps, lines), rows, n, 1));
  const slopes_of_rows<T> sums = {{{j.g, j.x}}, j.w, lines, slopes, (acc_t<T>)n, j.centred};
  TC_TRY(tc_twice(sums, gradient_rows<T>{{j.g, j.x}, j.gx, j.w, slopes}, rows, n, 1));
  if (!gw && !gb) return TC_OK;
  return tc_reduce(weight_columns<T>{{{j.g, j.x}}, lines, gw, gb}, 1, rows, n);
}

// ---- kernels ---------------------------------------------------------------------------------

// A pack of parameters may be longer than one of T.
template <class T> static bool all_aligned(const norm_job<T> &j) {
  const void *packs[] = {j.x, j.y, j.g, j.gx}, *wide_packs[] = {j.w.data, j.b.data};
  bool aligned = true;
  for (const void *p : packs) aligned = aligned && tc_is_aligned(p);
  for (const void *p : wide_packs)
    aligned = aligned && (uintptr_t)p % (tc_pack_size<T>() * sizeof(acc_t<T>)) == 0;
  return aligned;
}

// layer_norm(y, x, weight, bias, rows, n, centred, eps); not centred: rms_norm
template <class T> static tc_status layer_norm(tc_args *a) {
  norm_job<T> j = {};
  const int64_t rows = a->i[0], n = a->i[1];
  j.y = tc_ptr<T>(a->t[0]);
  j.x = tc_ptr<T>(a->t[1]);
  j.w = tc_vector_of<T>(a->t[2]);
  j.b = tc_vector_of<T>(a->t[3]);
  j.centred = a->i[2] != 0;
  j.eps = (acc_t<T>)a->f[0];
  if (rows * n == 0) return TC_OK;
  if (!row_fits(n)) return forward_long(j, rows, n);
  j.s = row_shape_of<T>(rows, n, all_aligned(j));
  TC_LAUNCH(layer_norm_rows<T>, j.s.grid, j.s.block, 0, j);
  return tc_launched();
}

// layer_norm_backward(gx, gweight, gbias, g, x, weight, rows, n, centred, eps): an empty gweight or
// gbias is not wanted.
template <class T> static tc_status layer_norm_backward(tc_args *a) {
  norm_job<T> j = {};
  const int64_t rows = a->i[0], n = a->i[1];
  const tc_vector<T> gw = tc_vector_of<T>(a->t[1]), gb = tc_vector_of<T>(a->t[2]);
  j.gx = tc_ptr<T>(a->t[0]);
  j.g = tc_ptr<T>(a->t[3]);
  j.x = tc_ptr<T>(a->t[4]);
  j.w = tc_vector_of<T>(a->t[5]);
  j.centred = a->i[2] != 0;
  j.eps = (acc_t<T>)a->f[0];
  if (n == 0) return TC_OK;
  if (rows == 0) return tc_reduce(weight_sums<T>{{}, gw, gb, n}, 1, 0, 2 * n);
  if (!row_fits(n)) return backward_long(j, rows, n, gw, gb);
  j.s = row_shape_of<T>(rows, n, all_aligned(j));
  return backward_in_registers(j, gw, gb);
}
TC_CUDA_FLOATS(layer_norm)
TC_CUDA_FLOATS(layer_norm_backward)
