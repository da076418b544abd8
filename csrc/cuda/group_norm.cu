// group_norm and its gradient: x is (N, C, S), each of G groups of D channels is normalised by its
// own mean and variance. Groups are rows of D S values, channels of a sample rows of S.
#include "norm.h"

struct group_shape {
  int64_t N, C, S, G, D;
};

static group_shape group_shape_of(const tc_args *a) {
  return {a->i[0], a->i[1], a->i[2], a->i[3], a->i[1] / a->i[3]};
}

template <class T_> struct group_values {
  typedef T_ T;
  typedef acc_t<T> A;
  typedef norm_affine<A> own;
  enum { INPUTS = 1 };
  const T *x[INPUTS];
  T *y;
  tc_vector<T> w, b;
  const norm_line<A> *lines;
  group_shape s;
  __device__ own line(const spread_place &p) const {
    const norm_line<A> l = lines[p.o * s.G + p.i / s.D];
    return {l.mean, w ? l.rstd * w[p.i] : l.rstd, b ? b[p.i] : 0};
  }
  __device__ A value(const T *v, const own &a, const spread_place &) const {
    return ((A)wide(*v) - a.mean) * a.scale + a.shift;
  }
};

// group_norm(y, x, weight, bias, N, C, S, G, eps)
template <class T> static tc_status group_norm(tc_args *a) {
  const group_shape s = group_shape_of(a);
  typedef norm_line<acc_t<T>> line;
  const T *x = tc_ptr<T>(a->t[1]);
  if (tc_numel(a->t[1]) == 0) return TC_OK;
  scratch space((size_t)(s.N * s.G) * sizeof(line));
  if (!space.ok()) return space.status();
  line *lines = space.as<line>();
  TC_TRY(tc_reduce(norm_statistics_of<T>(x, true, a->f[0], lines), s.N * s.G, s.D * s.S, 1));
  const group_values<T> values = {
      {x}, tc_ptr<T>(a->t[0]), tc_vector_of<T>(a->t[2]), tc_vector_of<T>(a->t[3]), lines, s};
  return tc_spread(values, s.N, s.C, s.S);
}

// ---- the gradient ----------------------------------------------------------------------------

// By sample and channel: the sums of g (x - mean) and of g.
template <class T> struct channel_sums : norm_sums<T> {
  typedef norm_pair<acc_t<T>> acc;
  const norm_line<acc_t<T>> *lines;
  acc *sums;
  int64_t D;
  __device__ void take(acc &a, const T *v, int64_t, int64_t line) const {
    this->add(a, wide(v[0]), wide(v[1]) - lines[line / D].mean);
  }
  __device__ void put(acc a, int64_t line) const { sums[line] = a; }
};

// Reductions of those sums.
template <class A> struct over_channels {
  typedef norm_pair<A> in, acc;
  enum { INPUTS = 1 };
  const in *x[INPUTS];
  const norm_line<A> *lines;
  group_shape s;
  __device__ acc none() const { return {0, 0}; }
  __device__ acc join(acc a, acc b) const { return {a.dot + b.dot, a.sum + b.sum}; }
  __device__ static void add(acc &a, const in &v, A by_dot, A by_sum) {
    a.dot += v.dot * by_dot;
    a.sum += v.sum * by_sum;
  }
};

// Over the channels of a group, weighted: gx = g scale + (x - mean) slope + shift, but for the
// weights.
template <class T> struct group_slopes : over_channels<acc_t<T>> {
  typedef acc_t<T> A;
  typedef norm_pair<A> acc;
  tc_vector<T> w;
  norm_slope<A> *slopes;
  __device__ void take(acc &a, const acc *v, int64_t d, int64_t line) const {
    const A by = w ? w[line % this->s.G * this->s.D + d] : 1;
    this->add(a, *v, by, by);
  }
  __device__ void put(acc a, int64_t line) const {
    const norm_line<A> l = this->lines[line];
    const A n = (A)(this->s.D * this->s.S);
    slopes[line] = {l.mean, l.rstd, -a.dot / n * l.rstd * l.rstd * l.rstd, -a.sum / n * l.rstd};
  }
};

// Over the samples, by channel.
template <class T> struct group_weights : over_channels<acc_t<T>> {
  typedef acc_t<T> A;
  typedef norm_pair<A> acc;
  tc_vector<T> gw, gb;
  __device__ void take(acc &a, const acc *v, int64_t n, int64_t c) const {
    this->add(a, *v, this->lines[n * this->s.G + c / this->s.D].rstd, 1);
  }
  __device__ void put(acc a, int64_t c) const {
    if (gw) gw.put(c, a.dot);
    if (gb) gb.put(c, a.sum);
  }
};

template <class T_> struct group_gradient {
  typedef T_ T;
  typedef acc_t<T> A;
  typedef norm_slope<A> own;
  enum { INPUTS = 2 };
  const T *x[INPUTS];
  T *y;
  tc_vector<T> w;
  const own *slopes;
  group_shape s;
  __device__ own line(const spread_place &p) const {
    own l = slopes[p.o * s.G + p.i / s.D];
    if (w) l.scale *= w[p.i];
    return l;
  }
  __device__ A value(const T *v, const own &l, const spread_place &) const {
    return l.at(wide(v[0]), wide(v[1]));
  }
};

template <class A> struct group_space {
  norm_slope<A> *slopes;
  norm_line<A> *lines;
  norm_pair<A> *sums;
};

template <class T>
static tc_status gradient(tc_args *a, const group_shape &s, const group_space<acc_t<T>> &m) {
  const T *g = tc_ptr<T>(a->t[3]), *x = tc_ptr<T>(a->t[4]);
  const tc_vector<T> w = tc_vector_of<T>(a->t[5]), gw = tc_vector_of<T>(a->t[1]),
                     gb = tc_vector_of<T>(a->t[2]);
  TC_TRY(tc_reduce(norm_statistics_of<T>(x, true, a->f[0], m.lines), s.N * s.G, s.D * s.S, 1));
  TC_TRY(tc_reduce(channel_sums<T>{{{g, x}}, m.lines, m.sums, s.D}, s.N * s.C, s.S, 1));
  const over_channels<acc_t<T>> sums = {{m.sums}, m.lines, s};
  TC_TRY(tc_reduce(group_slopes<T>{sums, w, m.slopes}, s.N * s.G, s.D, 1));
  if (gw || gb) TC_TRY(tc_reduce(group_weights<T>{sums, gw, gb}, 1, s.N, s.C));
  const group_gradient<T> values = {{g, x}, tc_ptr<T>(a->t[0]), w, m.slopes, s};
  return tc_spread(values, s.N, s.C, s.S);
}

// group_norm_backward(gx, gweight, gbias, g, x, weight, N, C, S, G, eps)
template <class T> static tc_status group_norm_backward(tc_args *a) {
  typedef acc_t<T> A;
  const group_shape s = group_shape_of(a);
  const size_t groups = (size_t)(s.N * s.G), channels = (size_t)(s.N * s.C);
  scratch space(groups * (sizeof(norm_slope<A>) + sizeof(norm_line<A>)) +
                channels * sizeof(norm_pair<A>));
  if (!space.ok()) return space.status();
  group_space<A> m;
  m.slopes = space.as<norm_slope<A>>();
  m.lines = (norm_line<A> *)(m.slopes + groups);
  m.sums = (norm_pair<A> *)(m.lines + groups);
  return gradient<T>(a, s, m);
}
TC_CUDA_FLOATS(group_norm)
TC_CUDA_FLOATS(group_norm_backward)
