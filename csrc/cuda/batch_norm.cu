// batch_norm: x is (N, C, S), statistics are over N and S. Rows of S are reduced first, then the
// states of the N rows of each channel; with S = 1 the channels are columns.
//
// What follows in a network, a sum and a ReLU, is part of the same pass, forward and backward.
#include "norm.h"

// Of C channels: (N, C, S) as lines of N S values. An operation's line is n C + c.
template <class Op> struct channel_states : Op {
  typename Op::acc *states;
  __device__ void put(typename Op::acc a, int64_t line) const { states[line] = a; }
};

template <class Op> static tc_status over_channel(const Op &op, int64_t N, int64_t C, int64_t S) {
  typedef typename Op::acc A;
  if (S == 1) return tc_reduce(op, 1, N, C);
  if (N == 1) return tc_reduce(op, C, S, 1);
  if (C == 0) return TC_OK;
  scratch space((size_t)(N * C) * sizeof(A));
  if (!space.ok()) return space.status();
  channel_states<Op> rows = {op, space.as<A>()};
  TC_TRY(tc_reduce(rows, N * C, S, 1));
  reduce_states(op, rows.states, 1, N, C);
  return tc_launched();
}

// ---- forward ---------------------------------------------------------------------------------

enum batch_ending { BN_NOTHING, BN_RELU, BN_ADD_RELU };

template <class T_, int ENDING = BN_NOTHING> struct batch_values {
  typedef T_ T;
  typedef norm_affine<acc_t<T>> own;
  enum { INPUTS = ENDING == BN_ADD_RELU ? 2 : 1 };
  const T *x[INPUTS];  // x, residual
  T *y;
  const own *channels;
  __device__ own line(const spread_place &p) const { return channels[p.i]; }
  __device__ acc_t<T> value(const T *v, const own &a, const spread_place &) const {
    acc_t<T> y = ((acc_t<T>)wide(v[0]) - a.mean) * a.scale + a.shift;
    if constexpr (ENDING == BN_ADD_RELU) y += wide(v[1]);
    return ENDING != BN_NOTHING && y < 0 ? 0 : y;  // NaN passes
  }
};

// What a channel's values go through; `c` of weight, bias.
template <class T> struct batch_affine {
  typedef acc_t<T> A;
  tc_vector<T> w, b;
  A eps;
  norm_affine<A> *channels;
  __device__ void set(int64_t c, A mean, A var) const {
    const A rstd = 1 / sqrt(var + eps);
    channels[c] = {mean, w ? rstd * w[c] : rstd, b ? b[c] : 0};
  }
};

template <class T> struct batch_statistics : norm_moments<T> {
  batch_affine<T> affine;
  tc_vector<T> mean, var;
  __device__ void put(typename norm_moments<T>::acc a, int64_t c) const {
    const acc_t<T> v = a.m2 / a.n;
    mean.put(c, a.mean);
    var.put(c, v);
    affine.set(c, a.mean, v);
  }
};

// Means and variances, and what the channels of x go through.
template <class T> static tc_status train_channels(tc_args *a, norm_affine<acc_t<T>> *channels) {
  batch_statistics<T> op;
  op.x[0] = tc_ptr<T>(a->t[3]);
  op.centred = true;
  op.affine = {tc_vector_of<T>(a->t[4]), tc_vector_of<T>(a->t[5]), (acc_t<T>)a->f[0], channels};
  op.mean = tc_vector_of<T>(a->t[1]);
  op.var = tc_vector_of<T>(a->t[2]);
  return over_channel(op, a->i[0], a->i[1], a->i[2]);
}

template <class T, int ENDING> static tc_status train(tc_args *a) {
  typedef batch_values<T, ENDING> values;
  const int64_t N = a->i[0], C = a->i[1], S = a->i[2];
  scratch space((size_t)C * sizeof(typename values::own));
  if (!space.ok()) return space.status();
  values f = {{tc_ptr<T>(a->t[3])}, tc_ptr<T>(a->t[0]), space.as<typename values::own>()};
  if constexpr (ENDING == BN_ADD_RELU) f.x[1] = tc_ptr<T>(a->t[6]);
  TC_TRY(train_channels<T>(a, space.as<typename values::own>()));
  return tc_spread(f, N, C, S);
}

// batch_norm_train(y, mean, var, x, weight, bias, N, C, S, eps)
template <class T> static tc_status batch_norm_train(tc_args *a) { return train<T, BN_NOTHING>(a); }

// batch_norm_relu_train(y, mean, var, x, weight, bias, residual, N, C, S, eps)
template <class T> static tc_status batch_norm_relu_train(tc_args *a) {
  return a->t[6] ? train<T, BN_ADD_RELU>(a) : train<T, BN_RELU>(a);
}

template <class T>
__global__ void set_channels(const batch_affine<T> affine, const tc_vector<T> mean,
                             const tc_vector<T> var, int64_t C) {
  const int64_t c = (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
  if (c < C) affine.set(c, mean[c], var[c]);
}

// batch_norm_eval(y, x, weight, bias, mean, var, N, C, S, eps)
template <class T> static tc_status batch_norm_eval(tc_args *a) {
  typedef norm_affine<acc_t<T>> affine;
  const int64_t N = a->i[0], C = a->i[1], S = a->i[2];
  if (tc_numel(a->t[1]) == 0) return TC_OK;
  scratch space((size_t)C * sizeof(affine));
  if (!space.ok()) return space.status();
  const batch_affine<T> set = {tc_vector_of<T>(a->t[2]), tc_vector_of<T>(a->t[3]),
                               (acc_t<T>)a->f[0], space.as<affine>()};
  TC_LAUNCH_FLAT(set_channels<T>, (unsigned)tc_ceil(C, 128), 128, set, tc_vector_of<T>(a->t[4]),
                 tc_vector_of<T>(a->t[5]), C);
  const batch_values<T> values = {{tc_ptr<T>(a->t[1])}, tc_ptr<T>(a->t[0]), set.channels};
  return tc_spread(values, N, C, S);
}

// running += momentum (new factor - running)
template <class T_> struct running_values {
  typedef T_ T;
  typedef acc_t<T> A;
  typedef spread_nothing own;
  enum { INPUTS = 2 };
  const T *x[INPUTS];
  T *y;
  A momentum, factor;
  __device__ own line(const spread_place &) const { return {}; }
  __device__ A value(const T *v, const own &, const spread_place &) const {
    const A running = wide(v[0]);
    return running + momentum * (wide(v[1]) * factor - running);
  }
};

// batch_norm_update(running_mean, running_var, mean, var, momentum, correction n / (n - 1))
template <class T> static tc_status batch_norm_update(tc_args *a) {
  for (int k = 0; k < 2; k++) {
    T *running = tc_ptr<T>(a->t[k]);
    const running_values<T> values = {{running, tc_ptr<T>(a->t[2 + k])},
                                      running,
                                      (acc_t<T>)a->f[0],
                                      k == 0 ? 1 : (acc_t<T>)a->f[1]};
    TC_TRY(tc_spread(values, 1, 1, tc_numel(a->t[k])));
  }
  return TC_OK;
}
TC_CUDA_FLOATS(batch_norm_train)
TC_CUDA_FLOATS(batch_norm_relu_train)
TC_CUDA_FLOATS(batch_norm_eval)
TC_CUDA_FLOATS(batch_norm_update)

// ---- backward --------------------------------------------------------------------------------

// What arrives at the normalisation of the gradient of y = relu(batch_norm(x) + residual).
template <class T> __device__ inline acc_t<T> passed(T g, T y) {
  return wide(y) <= 0 ? 0 : (acc_t<T>)wide(g);
}

// Inputs are g and x, and y where a ReLU follows.
template <class T, bool RELU> struct batch_slopes : norm_sums<T, RELU ? 3 : 2> {
  typedef acc_t<T> A;
  typedef norm_pair<A> acc;
  tc_vector<T> w, mean, var, gw, gb;
  norm_slope<A> *channels;
  int64_t C;
  A eps, moved;  // 1 / (N S) where the statistics move with x, otherwise 0
  __device__ void take(acc &a, const T *v, int64_t, int64_t line) const {
    acc_t<T> g = wide(v[0]);
    if constexpr (RELU) g = passed(v[0], v[2]);
    this->add(a, g, wide(v[1]) - mean[line % C]);
  }
  __device__ void put(acc a, int64_t c) const {
    const A rstd = 1 / sqrt(var[c] + eps), by = w ? rstd * w[c] : rstd;
    channels[c] = {mean[c], by, -by * rstd * rstd * a.dot * moved, -by * a.sum * moved};
    if (gw) gw.put(c, a.dot * rstd);
    if (gb) gb.put(c, a.sum);
  }
};

template <class T_> struct batch_gradient {
  typedef T_ T;
  typedef norm_slope<acc_t<T>> own;
  enum { INPUTS = 2 };
  const T *x[INPUTS];
  T *y;
  const own *channels;
  __device__ own line(const spread_place &p) const { return channels[p.i]; }
  __device__ acc_t<T> value(const T *v, const own &l, const spread_place &) const {
    return l.at(wide(v[0]), wide(v[1]));
  }
};

// Of the same inputs; the second result is the gradient of the residual.
template <class T_> struct batch_relu_gradient {
  typedef T_ T;
  typedef norm_slope<acc_t<T>> own;
  enum { INPUTS = 3 };
  const T *x[INPUTS];
  T *y;
  const own *channels;
  T *second;
  __device__ own line(const spread_place &p) const { return channels[p.i]; }
  __device__ acc_t<T> value(const T *v, const own &l, const spread_place &) const {
    return l.at(passed(v[0], v[2]), wide(v[1]));
  }
  __device__ acc_t<T> second_value(const T *v) const { return passed(v[0], v[2]); }
};

// From slots: gweight, gbias, g, and x, weight, mean, var.
template <class T, bool RELU>
static batch_slopes<T, RELU> batch_slopes_of(const tc_args *a, tc_tensor *const *gw,
                                             tc_tensor *const *x) {
  batch_slopes<T, RELU> op;
  op.x[0] = tc_ptr<T>(gw[2]), op.x[1] = tc_ptr<T>(x[0]);
  op.w = tc_vector_of<T>(x[1]);
  op.mean = tc_vector_of<T>(x[2]), op.var = tc_vector_of<T>(x[3]);
  op.gw = tc_vector_of<T>(gw[0]), op.gb = tc_vector_of<T>(gw[1]);
  op.C = a->i[1];
  op.eps = (acc_t<T>)a->f[0];
  op.moved = (acc_t<T>)(1 / (double)(a->i[0] * a->i[2]));
  return op;
}

// batch_norm_backward(gx, gweight, gbias, g, x, weight, mean, var, N, C, S, training, eps)
template <class T> static tc_status batch_norm_backward(tc_args *a) {
  typedef norm_slope<acc_t<T>> slope;
  const int64_t N = a->i[0], C = a->i[1], S = a->i[2];
  scratch space((size_t)C * sizeof(slope));
  if (!space.ok()) return space.status();
  auto op = batch_slopes_of<T, false>(a, a->t + 1, a->t + 4);
  op.channels = space.as<slope>();
  if (!a->i[3]) op.moved = 0;
  TC_TRY(over_channel(op, N, C, S));
  const batch_gradient<T> values = {{op.x[0], op.x[1]}, tc_ptr<T>(a->t[0]), op.channels};
  return tc_spread(values, N, C, S);
}

// batch_norm_relu_backward(gx, gresidual, gweight, gbias, g, y, x, weight, mean, var, N, C, S, eps): an
// empty gresidual is not wanted.
template <class T> static tc_status batch_norm_relu_backward(tc_args *a) {
  typedef norm_slope<acc_t<T>> slope;
  const int64_t N = a->i[0], C = a->i[1], S = a->i[2];
  scratch space((size_t)C * sizeof(slope));
  if (!space.ok()) return space.status();
  auto op = batch_slopes_of<T, true>(a, a->t + 2, a->t + 6);
  op.x[2] = tc_ptr<T>(a->t[5]);
  op.channels = space.as<slope>();
  TC_TRY(over_channel(op, N, C, S));
  T *residual = tc_numel(a->t[1]) > 0 ? tc_ptr<T>(a->t[1]) : nullptr;
  const batch_relu_gradient<T> values = {
      {op.x[0], op.x[1], op.x[2]}, tc_ptr<T>(a->t[0]), op.channels, residual};
  return tc_spread(values, N, C, S);
}
TC_CUDA_FLOATS(batch_norm_backward)
TC_CUDA_FLOATS(batch_norm_relu_backward)
