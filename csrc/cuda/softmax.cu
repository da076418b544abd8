// softmax, log_softmax and logsumexp along the middle of (outer, n, inner), and their gradients.
// The largest value is subtracted first, so that nothing overflows.
//
// Rows of up to ROW_MOST values are read once and stay in registers. Longer ones, and columns, are
// reduced to their sums and read again.
#include "rows.h"
#include "softmax.h"
#include "twice.h"

// ---- rows in registers -----------------------------------------------------------------------

template <class T, bool LOG>
__global__ void __launch_bounds__(ROW_BLOCK, 1)
    softmax_rows(T *y, const T *x, const __grid_constant__ row_shape s) {
  typedef acc_t<T> A;
  const int64_t row = row_index(s);
  const row_share<T> r(s, row);
  A v[ROW_KEEP], most = -(A)INFINITY, sum = 0;
  r.load(v, x + row * s.n, -(A)INFINITY);
  for (int k = 0; k < ROW_KEEP; k++) most = v[k] > most ? v[k] : most;
  most = group_reduce(most, -(A)INFINITY, tc_larger(), s.width);
  for (int k = 0; k < ROW_KEEP; k++) {
    const A e = exp(v[k] - most);
    v[k] = LOG ? v[k] - most : e;
    sum += e;
  }
  sum = row_sum(sum, s.width);
  const A scale = LOG ? log(sum) : 1 / sum;
  for (int k = 0; k < ROW_KEEP; k++) v[k] = LOG ? v[k] - scale : v[k] * scale;
  r.store(y + row * s.n, v);
}

// What the gradient of one element adds to the sum of its line, and what it is.
template <class A, bool LOG> __device__ inline A softmax_term(A g, A y) { return LOG ? g : g * y; }
template <class A, bool LOG> __device__ inline A softmax_slope(A g, A y, A sum) {
  return LOG ? g - exp(y) * sum : y * (g - sum);
}

template <class T, bool LOG>
__global__ void __launch_bounds__(ROW_BLOCK, 1)
    softmax_rows_backward(T *gx, const T *g, const T *y, const __grid_constant__ row_shape s) {
  typedef acc_t<T> A;
  const int64_t row = row_index(s);
  const row_share<T> r(s, row);
  A up[ROW_KEEP], v[ROW_KEEP], sum = 0;
  r.load(up, g + row * s.n, 0);
  r.load(v, y + row * s.n, 0);
  for (int k = 0; k < ROW_KEEP; k++) sum += softmax_term<A, LOG>(up[k], v[k]);
  sum = row_sum(sum, s.width);
  for (int k = 0; k < ROW_KEEP; k++) v[k] = softmax_slope<A, LOG>(up[k], v[k], sum);
  r.store(gx + row * s.n, v);
}

// ---- lines that are read twice ---------------------------------------------------------------

template <class T> struct exponentials_of {
  typedef T in;
  typedef tc_exponentials<acc_t<T>> acc;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  __device__ acc none() const { return tc_no_exponentials<acc_t<T>>(); }
  __device__ void take(acc &a, const T *v, int64_t, int64_t) const {
    tc_take_exponential(a, (acc_t<T>)wide(*v));
  }
  __device__ acc join(acc a, acc b) const { return tc_join_exponentials(a, b); }
};

// Of each line the largest value, and 1 / sum or log(sum).
template <class T, bool LOG> struct softmax_sums : exponentials_of<T> {
  typedef typename exponentials_of<T>::acc acc;
  acc *line_of;
  __device__ void put(acc a, int64_t line) const {
    const acc_t<T> sum = tc_finite_sum(a);
    line_of[line] = {a.most, LOG ? log(sum) : 1 / sum};
  }
};

template <class T_, bool LOG> struct softmax_values {
  typedef T_ T;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  T *y;
  typedef tc_exponentials<acc_t<T>> own;
  const own *line_of;
  twice_lines lines;
  __device__ own line(const spread_place &p) const { return lines.of_row(line_of, p); }
  __device__ acc_t<T> value(const T *v, const own &row, const spread_place &p) const {
    const own e = lines.of(line_of, row, p);
    const acc_t<T> off = (acc_t<T>)wide(*v) - e.most;
    return LOG ? off - e.sum : exp(off) * e.sum;
  }
};

template <class T, bool LOG> static tc_status forward_lines(tc_args *a) {
  const int64_t outer = a->i[0], n = a->i[1], inner = a->i[2];
  typedef tc_exponentials<acc_t<T>> line;
  scratch lines((size_t)(outer * inner) * sizeof(line));
  if (!lines.ok()) return lines.status();
  softmax_sums<T, LOG> sums;
  sums.x[0] = tc_ptr<T>(a->t[1]);
  sums.line_of = lines.as<line>();
  const softmax_values<T, LOG> values = {
      {sums.x[0]}, tc_ptr<T>(a->t[0]), sums.line_of, twice_lines_of(inner)};
  return tc_twice(sums, values, outer, n, inner);
}

template <class T, bool LOG> struct slope_sums {
  typedef T in;
  typedef acc_t<T> acc;
  enum { INPUTS = 2 };
  const T *x[INPUTS];
  acc *sum;
  __device__ acc none() const { return 0; }
  __device__ void take(acc &a, const T *v, int64_t, int64_t) const {
    a += softmax_term<acc, LOG>(wide(v[0]), wide(v[1]));
  }
  __device__ acc join(acc a, acc b) const { return a + b; }
  __device__ void put(acc a, int64_t line) const { sum[line] = a; }
};

template <class T_, bool LOG> struct slope_values {
  typedef T_ T;
  enum { INPUTS = 2 };
  const T *x[INPUTS];
  T *y;
  typedef acc_t<T> own;
  const own *sum;
  twice_lines lines;
  __device__ own line(const spread_place &p) const { return lines.of_row(sum, p); }
  __device__ acc_t<T> value(const T *v, const own &row, const spread_place &p) const {
    return softmax_slope<own, LOG>(wide(v[0]), wide(v[1]), lines.of(sum, row, p));
  }
};

template <class T, bool LOG> static tc_status backward_lines(tc_args *a) {
  const int64_t outer = a->i[0], n = a->i[1], inner = a->i[2];
  const T *g = tc_ptr<T>(a->t[1]), *y = tc_ptr<T>(a->t[2]);
  scratch lines((size_t)(outer * inner) * sizeof(acc_t<T>));
  if (!lines.ok()) return lines.status();
  acc_t<T> *sum = lines.as<acc_t<T>>();
  const slope_sums<T, LOG> sums = {{g, y}, sum};
  const slope_values<T, LOG> values = {{g, y}, tc_ptr<T>(a->t[0]), sum, twice_lines_of(inner)};
  return tc_twice(sums, values, outer, n, inner);
}

// ---- kernels ---------------------------------------------------------------------------------

static bool in_registers(const tc_args *a) { return a->i[2] == 1 && row_fits(a->i[1]); }

template <class T, bool LOG> static tc_status forward(tc_args *a) {
  T *y = tc_ptr<T>(a->t[0]);
  const T *x = tc_ptr<T>(a->t[1]);
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  if (!in_registers(a)) return forward_lines<T, LOG>(a);
  const row_shape s = row_shape_of<T>(a->i[0], a->i[1], tc_is_aligned(x) && tc_is_aligned(y));
  TC_LAUNCH((softmax_rows<T, LOG>), s.grid, s.block, 0, y, x, s);
  return tc_launched();
}

template <class T, bool LOG> static tc_status backward(tc_args *a) {
  T *gx = tc_ptr<T>(a->t[0]);
  const T *g = tc_ptr<T>(a->t[1]), *y = tc_ptr<T>(a->t[2]);
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  if (!in_registers(a)) return backward_lines<T, LOG>(a);
  const bool aligned = tc_is_aligned(g) && tc_is_aligned(y) && tc_is_aligned(gx);
  const row_shape s = row_shape_of<T>(a->i[0], a->i[1], aligned);
  TC_LAUNCH((softmax_rows_backward<T, LOG>), s.grid, s.block, 0, gx, g, y, s);
  return tc_launched();
}

template <class T> static tc_status softmax(tc_args *a) { return forward<T, false>(a); }
template <class T> static tc_status log_softmax(tc_args *a) { return forward<T, true>(a); }
template <class T> static tc_status softmax_backward(tc_args *a) { return backward<T, false>(a); }
template <class T> static tc_status log_softmax_backward(tc_args *a) {
  return backward<T, true>(a);
}
TC_CUDA_FLOATS(softmax)
TC_CUDA_FLOATS(log_softmax)
TC_CUDA_FLOATS(softmax_backward)
TC_CUDA_FLOATS(log_softmax_backward)

// An infinite largest value decides alone, if there is no NaN.
template <class T> struct logsumexp_of : exponentials_of<T> {
  typedef typename exponentials_of<T>::acc acc;
  T *y;
  __device__ void put(acc a, int64_t line) const {
    const bool alone = isinf(a.most) && a.sum == a.sum;
    y[line] = narrow<T>(alone ? a.most : a.most + log(a.sum));
  }
};

template <class T> static tc_status logsumexp(tc_args *a) {
  logsumexp_of<T> op;
  op.x[0] = tc_ptr<T>(a->t[1]);
  op.y = tc_ptr<T>(a->t[0]);
  return tc_reduce(op, a->i[0], a->i[1], a->i[2]);
}
TC_CUDA_FLOATS(logsumexp)
