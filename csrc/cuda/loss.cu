// mse_loss and its gradient. `reduction` is 0 (none), 1 (mean) or 2 (sum).
#include "reduce.h"
#include "spread.h"

enum { LOSS_NONE, LOSS_MEAN, LOSS_SUM };

template <class T> struct squares_of {
  typedef T in;
  typedef acc_t<T> acc;
  enum { INPUTS = 2 };
  const T *x[INPUTS];
  T *y;
  acc divisor;
  __device__ acc none() const { return 0; }
  __device__ void take(acc &a, const T *v, int64_t, int64_t) const {
    const acc off = (acc)wide(v[0]) - wide(v[1]);
    a += off * off;
  }
  __device__ acc join(acc a, acc b) const { return a + b; }
  __device__ void put(acc a, int64_t line) const { y[line] = narrow<T>(a / divisor); }
};

template <class T_> struct square_values {
  typedef T_ T;
  typedef spread_nothing own;
  enum { INPUTS = 2 };
  const T *x[INPUTS];
  T *y;
  __device__ own line(const spread_place &) const { return {}; }
  __device__ acc_t<T> value(const T *v, const own &, const spread_place &) const {
    const acc_t<T> off = (acc_t<T>)wide(v[0]) - wide(v[1]);
    return off * off;
  }
};

// mse_loss(y, x, target, reduction)
template <class T> static tc_status mse_loss(tc_args *a) {
  const T *x = tc_ptr<T>(a->t[1]), *target = tc_ptr<T>(a->t[2]);
  T *y = tc_ptr<T>(a->t[0]);
  const int64_t n = tc_numel(a->t[1]);
  if (a->i[0] == LOSS_NONE) return tc_spread(square_values<T>{{x, target}, y}, 1, 1, n);
  const acc_t<T> divisor = a->i[0] == LOSS_MEAN ? (acc_t<T>)n : 1;
  return tc_reduce(squares_of<T>{{x, target}, y, divisor}, 1, n, 1);
}

// One g for all, or one for each element: g stands `step` apart.
template <class T_> struct square_slopes {
  typedef T_ T;
  typedef spread_nothing own;
  enum { INPUTS = 2 };
  const T *x[INPUTS];
  T *y;
  const T *g;
  int step;
  acc_t<T> scale;
  __device__ own line(const spread_place &) const { return {}; }
  __device__ acc_t<T> value(const T *v, const own &, const spread_place &p) const {
    return scale * wide(g[p.j * step]) * ((acc_t<T>)wide(v[0]) - wide(v[1]));
  }
};

// mse_loss_backward(gx, g, x, target, reduction)
template <class T> static tc_status mse_loss_backward(tc_args *a) {
  const int64_t n = tc_numel(a->t[2]);
  const square_slopes<T> slopes = {{tc_ptr<T>(a->t[2]), tc_ptr<T>(a->t[3])},
                                   tc_ptr<T>(a->t[0]),
                                   tc_ptr<T>(a->t[1]),
                                   a->i[0] == LOSS_NONE,
                                   (acc_t<T>)(a->i[0] == LOSS_MEAN ? 2 / (double)n : 2)};
  return tc_spread(slopes, 1, 1, n);
}
TC_CUDA_FLOATS(mse_loss)
TC_CUDA_FLOATS(mse_loss_backward)
