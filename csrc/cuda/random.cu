// Random fills: uniform, normal, bernoulli, integers, multinomial, Poisson. Permutations are in
// permutation.cu.
//
// The words and the formulas are the CPU's (cpu/random.c, draws.h, cpu/math_f32.h), so that the numbers
// are, bit for bit. Where a CPU rounds a product and a sum once (any with FMA), so do these kernels.
// Exceptions: normal numbers of float64 and Poisson counts go through CUDA's logarithms and cosines,
// whose last bit may differ; multinomial sums its weights in another order.
#include "../cpu/math_f32.h"
#include "../draws.h"
#include "divide.h"
#include "scan.h"

// A thread takes one block of the generator: four numbers of 32 bits, or two of 64.
template <class A> struct words_of {
  enum { EACH = 4 };
};
template <> struct words_of<double> {
  enum { EACH = 2 };
};
template <> struct words_of<int64_t> {
  enum { EACH = 2 };
};

struct draw_job {
  int64_t n;
  uint64_t seed, offset;
};

static draw_job draw_of(const tc_args *a) {
  return {tc_numel(a->t[0]), (uint64_t)a->i[0], (uint64_t)a->i[1]};
}

static __device__ inline float unit(float, const uint32_t *w, int i, int bits) {
  return tc_unit_f32(w[i], bits);
}
static __device__ inline double unit(double, const uint32_t *w, int i, int) {
  return tc_unit53(tc_word64(w, i));
}
static __device__ inline float positive(float, const uint32_t *w, int i) {
  return tc_positive_f32(w[i]);
}
static __device__ inline double positive(double, const uint32_t *w, int i) {
  return tc_positive53(tc_word64(w, i));
}

// Fills y with what `f(words, first, z)` makes of a block's words: numbers z[0 .. EACH - 1] of A for the
// elements from `first` on.
template <class T, class A, class F>
static __global__ void draw_kernel(T *y, const draw_job d, const F f) {
  enum { EACH = words_of<A>::EACH };
  const int64_t b = flat_index(), first = b * EACH;
  if (first >= d.n) return;
  uint32_t w[4];
  A z[EACH];
  pack<T, EACH> all;
  tc_philox_stream(d.seed, d.offset + (uint64_t)b, 0, w);
  f(w, first, z);
#pragma unroll
  for (int k = 0; k < EACH; k++) all.at[k] = narrow<T>(z[k]);
  if (first + EACH <= d.n && (uintptr_t)y % sizeof all == 0) {
    *(pack<T, EACH> *)(y + first) = all;
    return;
  }
#pragma unroll
  for (int k = 0; k < EACH; k++)
    if (first + k < d.n) y[first + k] = all.at[k];
}

template <class T, class A, class F> static tc_status draw(tc_args *a, const F &f) {
  const draw_job d = draw_of(a);
  if (d.n == 0) return TC_OK;
  TC_LAUNCH_FLAT((draw_kernel<T, A, F>), flat_grid(tc_ceil(d.n, words_of<A>::EACH)), FLAT_BLOCK,
                 tc_ptr<T>(a->t[0]), d, f);
  return tc_launched();
}

// ---- uniform and normal ------------------------------------------------------------------------

template <class A> struct uniform_of {
  A from, width;
  int bits;
  __device__ void operator()(const uint32_t *w, int64_t, A *z) const {
#pragma unroll
    for (int k = 0; k < words_of<A>::EACH; k++) z[k] = fma(unit(A(), w, k, bits), width, from);
  }
};

// uniform(y, seed, offset, bits, from, to)
template <class T> static tc_status uniform(tc_args *a) {
  typedef acc_t<T> A;
  return draw<T, A>(a, uniform_of<A>{(A)a->f[0], (A)(a->f[1] - a->f[0]), (int)a->i[2]});
}
TC_CUDA_FLOATS(uniform)

static __device__ inline float log_of(float x) { return tc_log_f32(x); }
static __device__ inline float sin_of(float x) { return tc_sin_f32(x); }
static __device__ inline float cos_of(float x) { return tc_cos_f32(x); }
static __device__ inline double log_of(double x) { return log(x); }
static __device__ inline double sin_of(double x) { return sin(x); }
static __device__ inline double cos_of(double x) { return cos(x); }

// Two uniforms give two normals (Box and Muller).
template <class A> struct normal_of {
  A mean, std;
  __device__ void operator()(const uint32_t *w, int64_t, A *z) const {
#pragma unroll
    for (int k = 0; k < words_of<A>::EACH; k += 2) {
      const A r = std * sqrt(-2 * log_of(positive(A(), w, k)));
      const A angle = (A)6.283185307179586 * unit(A(), w, k + 1, 24);
      z[k] = fma(r, cos_of(angle), mean);
      z[k + 1] = fma(r, sin_of(angle), mean);
    }
  }
};

// normal(y, seed, offset, mean, std)
template <class T> static tc_status normal(tc_args *a) {
  typedef acc_t<T> A;
  return draw<T, A>(a, normal_of<A>{(A)a->f[0], (A)a->f[1]});
}
TC_CUDA_FLOATS(normal)

// ---- bernoulli, integers -----------------------------------------------------------------------

template <class T> struct bernoulli_of {
  typedef acc_t<T> A;
  const T *p;
  A same;
  int64_t n;
  int *alarm;
  __device__ void operator()(const uint32_t *w, int64_t first, A *z) const {
#pragma unroll
    for (int k = 0; k < words_of<A>::EACH; k++) {
      const A q = p && first + k < n ? (A)wide(p[first + k]) : same;
      if (!(q >= 0 && q <= 1)) *alarm = 1;
      z[k] = unit(A(), w, k, 24) < q ? 1 : 0;
    }
  }
};

// bernoulli(y, p or nil, seed, offset, p): 1 with the probability p, else 0.
template <class T> static tc_status bernoulli(tc_args *a) {
  typedef acc_t<T> A;
  const A same = (A)a->f[0];
  if (!a->t[1] && !(same >= 0 && same <= 1))
    return tc_fail(TC_BAD_VALUE, "expected probabilities between 0 and 1");
  return draw<T, A>(a,
                    bernoulli_of<T>{tc_ptr<const T>(a->t[1]), same, tc_numel(a->t[0]), tc_alarm()});
}
TC_CUDA_FLOATS(bernoulli)

struct integers_of {
  uint64_t low, range;
  __device__ void operator()(const uint32_t *w, int64_t, int64_t *z) const {
    for (int k = 0; k < 2; k++) z[k] = (int64_t)(low + tc_below(tc_word64(w, k), range));
  }
};

// randint(y, seed, offset, low, range)
extern "C" tc_status cuda_randint(tc_args *a) {
  return draw<int64_t, int64_t>(a, integers_of{(uint64_t)a->i[2], (uint64_t)a->i[3]});
}

// ---- draws by weight ---------------------------------------------------------------------------

// Running sums of a row of weights, a block a row.
template <class T>
static __global__ void running_sum_kernel(double *sums, const T *weights, int64_t n, int *alarm) {
  const T *weight = weights + (int64_t)blockIdx.x * n;
  double *sum = sums + (int64_t)blockIdx.x * n, carry = 0;
  for (int64_t tile = 0; tile < n; tile += blockDim.x) {
    const int64_t i = tile + threadIdx.x;
    const double v = i < n ? (double)wide(weight[i]) : 0;
    double total;
    if (!(v >= 0 && v < HUGE_VAL)) *alarm = 1;
    const double before = carry + block_scan(v, &total);
    if (i < n) sum[i] = before + v;
    carry += total;
  }
  if (threadIdx.x == 0 && !(carry > 0)) *alarm = 1;
}

template <class T>
static __global__ void pick_kernel(int64_t *y, const double *sums, const T *weights,
                                   const draw_job d, int64_t n, const divider samples) {
  const int64_t i = flat_index();
  if (i >= d.n) return;
  const int64_t row = samples.over(i);
  const double *sum = sums + row * n;
  uint32_t w[4];
  tc_philox_stream(d.seed, d.offset + (uint64_t)i / 2, 0, w);
  int64_t at = tc_find(sum, n, tc_unit53(tc_word64(w, i % 2)) * sum[n - 1]);
  while (at > 0 && wide(weights[row * n + at]) == 0) at--;  // rounding may lead to a weight of zero
  y[i] = at + 1;
}

// multinomial(y, weights, seed, offset): y is (rows, samples), weights (rows, n); with replacement.
template <class T> static tc_status multinomial(tc_args *a) {
  const draw_job d = draw_of(a);
  const T *weights = tc_ptr<const T>(a->t[1]);
  const int64_t rows = a->t[1]->size[0], n = a->t[1]->size[1];
  if (rows == 0) return TC_OK;
  if (n == 0)
    return tc_fail(TC_BAD_VALUE, "expected finite weights, none negative, and not all zero");
  scratch sums((size_t)(rows * n) * sizeof(double));
  if (!sums.ok()) return sums.status();
  TC_LAUNCH(running_sum_kernel<T>, (unsigned)rows, n > 256 ? 1024 : 256, 0, sums.as<double>(),
            weights, n, tc_alarm());
  if (d.n > 0)
    TC_LAUNCH_FLAT(pick_kernel<T>, flat_grid(d.n), FLAT_BLOCK, tc_ptr<int64_t>(a->t[0]),
                   sums.as<const double>(), weights, d, n, divider(a->t[0]->size[1]));
  return tc_launched();
}
TC_CUDA_FLOATS(multinomial)

// ---- Poisson -----------------------------------------------------------------------------------

template <class T>
static __global__ void poisson_kernel(T *y, const T *rates, const draw_job d, int *alarm) {
  const int64_t i = flat_index();
  if (i >= d.n) return;
  const double rate = (double)wide(rates[i]);
  if (rate >= 0 && rate < HUGE_VAL)
    y[i] = narrow<T>((acc_t<T>)tc_poisson(d.seed, d.offset + (uint64_t)i, rate));
  else *alarm = 1;
}

// poisson(y, rates, seed, offset)
template <class T> static tc_status poisson(tc_args *a) {
  const draw_job d = draw_of(a);
  if (d.n == 0) return TC_OK;
  TC_LAUNCH_FLAT(poisson_kernel<T>, flat_grid(d.n), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<const T>(a->t[1]), d, tc_alarm());
  return tc_launched();
}
TC_CUDA_FLOATS(poisson)
