// cross_entropy and nll_loss with class ids: x is (outer, C, inner), the ids are (outer, inner) and
// count from 1. `mode` is 0 (none), 1 (mean, over the weights of what counts) or 2 (sum). An id
// equal to `ignore` contributes nothing; one out of range raises the alarm and contributes nothing.
//
// Nothing is divided on the host: sums and the mean's divisor stay in the device's memory. A gradient may
// take the place of x: a row is in registers, or known from its sums, before any of it is written.
#include "rows.h"
#include "softmax.h"
#include "twice.h"
#include "vector.h"

enum { MODE_NONE, MODE_MEAN, MODE_SUM };

// A call; positions are (outer, inner).
template <class T> struct ce_call {
  typedef acc_t<T> A;
  const T *x;
  tc_vector<T> weight;
  const int64_t *target;
  int64_t outer, C, inner, positions, mode, ignore;
  A smoothing;
  int *alarm;
  A *class_total;   // the sum of all weights, where there are weights and smoothing
  A *weight_total;  // the mean's divisor

  __device__ bool counts(int64_t p) const {
    const int64_t id = target[p];
    if (id == ignore) return false;
    const bool inside = id >= 1 && id <= C;
    if (!inside) *alarm = 1;
    return inside;
  }
  __device__ A weight_of(int64_t c) const { return weight ? weight[c] : 1; }
  __device__ A weight_at(int64_t p) const { return counts(p) ? weight_of(target[p] - 1) : 0; }
  __device__ A own(int64_t p) const {  // the value of position p's class
    return wide(x[(p / inner * C + target[p] - 1) * inner + p % inner]);
  }
  __device__ A all() const { return class_total ? *class_total : (A)C; }
  // What the gradient of position p is multiplied by; g is one number unless the mode is none.
  __device__ A up(const tc_vector<T> &g, int64_t p) const {
    if (mode == MODE_NONE) return g[p];
    return mode == MODE_MEAN ? g[0] / *weight_total : g[0];
  }
};

// Tensors from x on: (x, target, weight) or, where there is no x, (target, weight).
template <class T>
static ce_call<T> ce_call_of(const tc_args *a, const tc_tensor *x, const tc_tensor *target,
                             const tc_tensor *weight) {
  ce_call<T> s = {};
  s.x = tc_ptr<T>(x);
  s.weight = tc_vector_of<T>(weight);
  s.target = tc_ptr<int64_t>(target);
  s.outer = a->i[0];
  s.C = a->i[1];
  s.inner = a->i[2];
  s.positions = s.outer * s.inner;
  s.mode = a->i[3];
  s.ignore = a->i[4];
  s.smoothing = (acc_t<T>)a->f[0];
  s.alarm = tc_alarm();
  return s;
}

// ---- sums of weights -------------------------------------------------------------------------

template <class S> struct class_weights {
  typedef S in;
  typedef acc_t<S> acc;
  enum { INPUTS = 1 };
  const S *x[INPUTS];
  acc *total;
  __device__ acc none() const { return 0; }
  __device__ void take(acc &a, const S *v, int64_t, int64_t) const { a += wide(*v); }
  __device__ acc join(acc a, acc b) const { return a + b; }
  __device__ void put(acc a, int64_t) const { *total = a; }
};

template <class T> struct position_weights {
  typedef int64_t in;
  typedef acc_t<T> acc;
  enum { INPUTS = 1 };
  const int64_t *x[INPUTS];
  ce_call<T> call;
  __device__ acc none() const { return 0; }
  __device__ void take(acc &a, const in *, int64_t p, int64_t) const { a += call.weight_at(p); }
  __device__ acc join(acc a, acc b) const { return a + b; }
  __device__ void put(acc a, int64_t) const { *call.weight_total = a; }
};

template <class T>
static tc_status sum_classes(const tc_vector<T> &weight, acc_t<T> *total, int64_t C) {
  typedef acc_t<T> A;
  if (weight.whole) return tc_reduce(class_weights<A>{{(const A *)weight.data}, total}, 1, C, 1);
  return tc_reduce(class_weights<T>{{(const T *)weight.data}, total}, 1, C, 1);
}

// Both sums, where they are needed; `two` is room for them.
template <class T> static tc_status sum_weights(ce_call<T> *s, acc_t<T> *two, bool divides) {
  if (s->weight && s->smoothing != 0) {
    s->class_total = two;
    TC_TRY(sum_classes(s->weight, two, s->C));
  }
  if (!divides || s->mode != MODE_MEAN) return TC_OK;
  s->weight_total = two + 1;
  return tc_reduce(position_weights<T>{{s->target}, *s}, 1, s->positions, 1);
}

// ---- losses of positions ---------------------------------------------------------------------

template <class A> struct ce_state {
  tc_exponentials<A> e;
  A others;  // with smoothing: the sum of all x, weighted
};

// By position, to `loss` (for a sum) or to y.
template <class T> struct ce_losses {
  typedef T in;
  typedef acc_t<T> A;
  typedef ce_state<A> acc;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  ce_call<T> call;
  A *loss;
  tc_vector<T> y;
  __device__ acc none() const { return {tc_no_exponentials<A>(), 0}; }
  __device__ void take(acc &a, const T *v, int64_t c, int64_t) const {
    tc_take_exponential(a.e, (A)wide(*v));
    if (call.smoothing != 0) a.others += (A)wide(*v) * call.weight_of(c);
  }
  __device__ acc join(acc a, acc b) const {
    return {tc_join_exponentials(a.e, b.e), a.others + b.others};
  }
  __device__ A loss_at(acc a, int64_t p) const {
    if (!call.counts(p)) return 0;
    const A lse = a.e.most + log(tc_finite_sum(a.e));
    const A hard = (lse - call.own(p)) * call.weight_at(p), soft = call.smoothing;
    if (soft == 0) return hard;
    return (1 - soft) * hard + soft / (A)call.C * (lse * call.all() - a.others);
  }
  __device__ void put(acc a, int64_t p) const {
    if (loss) loss[p] = loss_at(a, p);
    else y.put(p, loss_at(a, p));
  }
};

template <class A> struct ce_sum { A loss, weight; };

// The sum of losses over that of weights.
template <class T> struct ce_mean {
  typedef acc_t<T> in;
  typedef ce_sum<in> acc;
  enum { INPUTS = 1 };
  const in *x[INPUTS];
  ce_call<T> call;
  tc_vector<T> y;
  __device__ acc none() const { return {0, 0}; }
  __device__ void take(acc &a, const in *loss, int64_t p, int64_t) const {
    a.loss += *loss;
    a.weight += call.weight_at(p);
  }
  __device__ acc join(acc a, acc b) const { return {a.loss + b.loss, a.weight + b.weight}; }
  __device__ void put(acc a, int64_t) const {
    y.put(0, call.mode == MODE_MEAN ? a.loss / a.weight : a.loss);
  }
};

// cross_entropy(y, x, target, weight, outer, C, inner, mode, ignore, smoothing)
template <class T> static tc_status cross_entropy(tc_args *a) {
  typedef acc_t<T> A;
  ce_call<T> s = ce_call_of<T>(a, a->t[1], a->t[2], a->t[3]);
  scratch space((size_t)(s.positions + 2) * sizeof(A));
  if (!space.ok()) return space.status();
  A *loss = s.mode == MODE_NONE ? nullptr : space.as<A>() + 2;
  TC_TRY(sum_weights(&s, space.as<A>(), false));
  TC_TRY(tc_reduce(ce_losses<T>{{s.x}, s, loss, tc_vector_of<T>(a->t[0])}, s.outer, s.C, s.inner));
  if (!loss) return TC_OK;
  return tc_reduce(ce_mean<T>{{loss}, s, tc_vector_of<T>(a->t[0])}, 1, s.positions, 1);
}
TC_CUDA_FLOATS(cross_entropy)

// ---- the gradient of cross_entropy -----------------------------------------------------------

// What turns a position's x into its gradient: exp(x - most) k - even w - [own class] hard.
template <class A> struct ce_factors { A most, k, even, hard; };

template <class T>
__device__ inline ce_factors<acc_t<T>> ce_factors_of(const ce_call<T> &s, const tc_vector<T> &g,
                                                     int64_t p, tc_exponentials<acc_t<T>> e) {
  typedef acc_t<T> A;
  const A by = s.counts(p) ? s.up(g, p) : 0;
  const A hard = (1 - s.smoothing) * by * s.weight_at(p), even = s.smoothing / (A)s.C * by;
  return {e.most, (hard + even * s.all()) / tc_finite_sum(e), even, hard};
}

template <class T>
__device__ inline acc_t<T> ce_slope(const ce_call<T> &s, ce_factors<acc_t<T>> f, acc_t<T> x,
                                    int64_t p, int64_t c) {
  const acc_t<T> even = s.weight ? f.even * s.weight[c] : f.even;
  return f.k * exp(x - f.most) - even - (s.target[p] == c + 1 ? f.hard : 0);
}

template <class T>
__global__ void __launch_bounds__(ROW_BLOCK, 1)
    ce_rows_backward(T *gx, const tc_vector<T> g, const ce_call<T> call,
                     const __grid_constant__ row_shape s) {
  typedef acc_t<T> A;
  const int64_t row = row_index(s), p = row < s.rows ? row : 0;
  const row_share<T> r(s, row);
  A v[ROW_KEEP];
  tc_exponentials<A> e = tc_no_exponentials<A>();
  r.load(v, call.x + row * s.n, -(A)INFINITY);
  for (int k = 0; k < ROW_KEEP; k++) e.most = v[k] > e.most ? v[k] : e.most;
  e.most = group_reduce(e.most, -(A)INFINITY, tc_larger(), s.width);
  for (int k = 0; k < ROW_KEEP; k++) e.sum += exp(v[k] - e.most);
  e.sum = row_sum(e.sum, s.width);
  const ce_factors<A> f = ce_factors_of(call, g, p, e);
  for (int k = 0; k < ROW_KEEP; k++)
    if (r.has(k)) v[k] = ce_slope(call, f, v[k], p, r.place(k));
  r.store(gx + row * s.n, v);
}

// The same in two passes.
template <class T> struct ce_sums {
  typedef T in;
  typedef tc_exponentials<acc_t<T>> acc;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  ce_call<T> call;
  tc_vector<T> g;
  ce_factors<acc_t<T>> *factors;
  __device__ acc none() const { return tc_no_exponentials<acc_t<T>>(); }
  __device__ void take(acc &a, const T *v, int64_t, int64_t) const {
    tc_take_exponential(a, (acc_t<T>)wide(*v));
  }
  __device__ acc join(acc a, acc b) const { return tc_join_exponentials(a, b); }
  __device__ void put(acc a, int64_t p) const { factors[p] = ce_factors_of(call, g, p, a); }
};

template <class T_> struct ce_slopes {
  typedef T_ T;
  typedef ce_factors<acc_t<T>> own;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  T *y;
  ce_call<T> call;
  const own *factors;
  twice_lines lines;
  __device__ own line(const spread_place &p) const { return lines.of_row(factors, p); }
  __device__ acc_t<T> value(const T *v, const own &row, const spread_place &p) const {
    const own f = lines.of(factors, row, p);
    return ce_slope(call, f, wide(*v), lines.line(p), lines.place(p));
  }
};

template <class T>
static tc_status ce_lines_backward(const ce_call<T> &s, T *gx, const tc_vector<T> &g) {
  typedef ce_factors<acc_t<T>> factors;
  scratch space((size_t)s.positions * sizeof(factors));
  if (!space.ok()) return space.status();
  factors *f = space.as<factors>();
  const ce_sums<T> sums = {{s.x}, s, g, f};
  const ce_slopes<T> slopes = {{s.x}, gx, s, f, twice_lines_of(s.inner)};
  return tc_twice(sums, slopes, s.outer, s.C, s.inner);
}

template <class T> static tc_status ce_backward(ce_call<T> s, T *gx, const tc_vector<T> &g) {
  if (s.positions * s.C == 0) return TC_OK;
  scratch two(2 * sizeof(acc_t<T>));
  if (!two.ok()) return two.status();
  TC_TRY(sum_weights(&s, two.as<acc_t<T>>(), true));
  if (s.inner != 1 || !row_fits(s.C)) return ce_lines_backward(s, gx, g);
  const row_shape r = row_shape_of<T>(s.outer, s.C, tc_is_aligned(s.x) && tc_is_aligned(gx));
  TC_LAUNCH(ce_rows_backward<T>, r.grid, r.block, 0, gx, g, s, r);
  return tc_launched();
}

// cross_entropy_backward(gx, g, x, target, weight, outer, C, inner, mode, ignore, smoothing)
template <class T> static tc_status cross_entropy_backward(tc_args *a) {
  return ce_backward(ce_call_of<T>(a, a->t[2], a->t[3], a->t[4]), tc_ptr<T>(a->t[0]),
                     tc_vector_of<T>(a->t[1]));
}

// cross_entropy_backward_in_place(x, g, target, weight, outer, C, inner, mode, ignore, smoothing)
template <class T> static tc_status cross_entropy_backward_in_place(tc_args *a) {
  return ce_backward(ce_call_of<T>(a, a->t[0], a->t[2], a->t[3]), tc_ptr<T>(a->t[0]),
                     tc_vector_of<T>(a->t[1]));
}
TC_CUDA_FLOATS(cross_entropy_backward)
TC_CUDA_FLOATS(cross_entropy_backward_in_place)

// ---- nll_loss: x are log-probabilities -------------------------------------------------------

// Of all positions, or of one that is a line of its own.
template <class T> struct nll_losses {
  typedef int64_t in;
  typedef acc_t<T> A;
  typedef ce_sum<A> acc;
  enum { INPUTS = 1 };
  const int64_t *x[INPUTS];
  ce_call<T> call;
  tc_vector<T> y;
  __device__ acc none() const { return {0, 0}; }
  __device__ acc join(acc a, acc b) const { return {a.loss + b.loss, a.weight + b.weight}; }
  __device__ void take(acc &a, const in *, int64_t i, int64_t line) const {
    const int64_t p = i + line;  // one of them is 0
    if (!call.counts(p)) return;
    const A weight = call.weight_at(p);
    a.loss -= weight * call.own(p);
    a.weight += weight;
  }
  __device__ void put(acc a, int64_t line) const {
    y.put(line, call.mode == MODE_MEAN ? a.loss / a.weight : a.loss);
  }
};

// nll_loss(y, x, target, weight, outer, C, inner, mode, ignore, 0)
template <class T> static tc_status nll_loss(tc_args *a) {
  const ce_call<T> s = ce_call_of<T>(a, a->t[1], a->t[2], a->t[3]);
  const nll_losses<T> losses = {{s.target}, s, tc_vector_of<T>(a->t[0])};
  if (s.mode == MODE_NONE) return tc_reduce(losses, s.positions, 1, 1);
  return tc_reduce(losses, 1, s.positions, 1);
}

template <class T_> struct nll_slopes {
  typedef T_ T;
  typedef spread_nothing own;
  enum { INPUTS = 0 };
  const T *x[1];
  T *y;
  ce_call<T> call;
  tc_vector<T> g;
  __device__ own line(const spread_place &) const { return {}; }
  __device__ acc_t<T> value(const T *, const own &, const spread_place &at) const {
    const int64_t p = at.o * call.inner + at.j;
    if (!call.counts(p) || call.target[p] != at.i + 1) return 0;
    return -call.weight_at(p) * call.up(g, p);
  }
};

// nll_loss_backward(gx, g, target, weight, outer, C, inner, mode, ignore, 0)
template <class T> static tc_status nll_loss_backward(tc_args *a) {
  ce_call<T> s = ce_call_of<T>(a, nullptr, a->t[2], a->t[3]);
  scratch two(2 * sizeof(acc_t<T>));
  if (!two.ok()) return two.status();
  TC_TRY(sum_weights(&s, two.as<acc_t<T>>(), true));
  const nll_slopes<T> slopes = {{}, tc_ptr<T>(a->t[0]), s, tc_vector_of<T>(a->t[1])};
  return tc_spread(slopes, s.outer, s.C, s.inner);
}
TC_CUDA_FLOATS(nll_loss)
TC_CUDA_FLOATS(nll_loss_backward)
