// The lines of optim.def on CUDA: one pass over many parameters, their gradients and their states.
//
// Launches take up to TENSORS tensors at once, their addresses among the kernel's arguments; a block
// takes CHUNK elements of one of them, so that small and large parameters fill the card alike.
#include "../optim.h"
#include "cuda.h"

#define TC_T_FLOAT 1
#define TC_IS_F32 0
#include "math.h"

enum { TENSORS = 40, CHUNK = 4096, BLOCK = 256 };

struct group {
  void *at[TC_MAX_MANY][TENSORS];
  int64_t n[TENSORS];
  int first[TENSORS + 1];  // the block that each tensor begins with, and their number
  int count;
};

struct numbers {
  double f[TC_MAX_NUMBERS];
  const double *first;  // where the device has the first of them, or NULL
};

// ---- the kernel ------------------------------------------------------------------------------

static __device__ int tensor_of(const group &g, int block) {
  int low = 0, high = g.count;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    if (g.first[middle] <= block) low = middle;
    else high = middle;
  }
  return low;
}

// The lists are p, g (which is only read) and the states.
template <class F, class T, int LISTS>
__device__ void update_one(T *const *at, int64_t i, const numbers &f) {
  T v[TC_MAX_MANY];
#pragma unroll
  for (int j = 0; j < LISTS; j++) v[j] = at[j][i];
  F::template run<T>(f.f, v[0], v[1], v[2], v[3], v[4]);
#pragma unroll
  for (int j = 0; j < LISTS; j++)
    if (j != 1) at[j][i] = v[j];
}

// 16 bytes of each list at a time, where all of them are aligned.
template <class F, class T, int LISTS>
__device__ void update_pack(T *const *at, int64_t i, const numbers &f) {
  constexpr int N = 16 / sizeof(T);
  pack<T, N> v[TC_MAX_MANY];
#pragma unroll
  for (int j = 0; j < LISTS; j++) v[j] = *(const pack<T, N> *)(at[j] + i);
#pragma unroll
  for (int e = 0; e < N; e++)
    F::template run<T>(f.f, v[0].at[e], v[1].at[e], v[2].at[e], v[3].at[e], v[4].at[e]);
#pragma unroll
  for (int j = 0; j < LISTS; j++)
    if (j != 1) *(pack<T, N> *)(at[j] + i) = v[j];
}

template <class F, class T, int LISTS>
__global__ void __launch_bounds__(BLOCK)
    update(const __grid_constant__ group g, const __grid_constant__ numbers given) {
  constexpr int N = 16 / sizeof(T);
  const int k = tensor_of(g, blockIdx.x);
  const int64_t from = (int64_t)(blockIdx.x - g.first[k]) * CHUNK;
  const int64_t to = from + CHUNK < g.n[k] ? from + CHUNK : g.n[k];
  numbers f = given;
  if (given.first) f.f[0] = *given.first;
  T *at[TC_MAX_MANY];
  bool aligned = true;
#pragma unroll
  for (int j = 0; j < LISTS; j++) {
    at[j] = (T *)g.at[j][k];
    aligned = aligned && (uintptr_t)at[j] % 16 == 0;
  }
  int64_t i = from + threadIdx.x * (aligned ? N : 1);
  if (aligned)
    for (; i + N <= to; i += BLOCK * N) update_pack<F, T, LISTS>(at, i, f);
  const int64_t step = aligned ? 1 : BLOCK;  // what is left of the last pack, or all
  for (; i < to; i += step) update_one<F, T, LISTS>(at, i, f);
}

// ---- launches --------------------------------------------------------------------------------

template <class F, class T, int LISTS> static void flush(group *g, const numbers &f) {
  const unsigned blocks = (unsigned)g->first[g->count];
  TC_LAUNCH_FLAT((update<F, T, LISTS>), blocks, BLOCK, *g, f);
  g->count = 0;
}

static bool add(group *g, const tc_args *a, int64_t k, int lists) {
  const int64_t n = tc_numel(a->many[0][k]);
  if (n == 0) return false;
  for (int j = 0; j < lists; j++) g->at[j][g->count] = tc_data(a->many[j][k]);
  g->n[g->count] = n;
  g->first[g->count + 1] = g->first[g->count] + (int)tc_ceil(n, CHUNK);
  return ++g->count == TENSORS;
}

template <class F, class T, int LISTS>
static void update_all(const tc_args *a, const numbers &f, tc_dtype dtype) {
  group g;
  g.count = g.first[0] = 0;
  for (int64_t k = 0; k < a->count; k++)
    if (a->many[0][k]->dtype == dtype && add(&g, a, k, LISTS)) flush<F, T, LISTS>(&g, f);
  if (g.count) flush<F, T, LISTS>(&g, f);
}

template <class F, int LISTS>
static tc_status update_lists(const tc_args *a, const double *first = nullptr) {
  numbers f;
  f.first = first;
  for (int k = 0; k < TC_MAX_NUMBERS; k++) f.f[k] = a->f[k];
  update_all<F, float, LISTS>(a, f, TC_float32);
  update_all<F, double, LISTS>(a, f, TC_float64);
  return tc_launched();
}

// ---- the formulas ----------------------------------------------------------------------------

#define NUMBER(x) const T x = (T)*number++;
#define STEP(name, lists, a, b, c, numbers, ...)                                                   \
  struct name##_formula {                                                                          \
    template <class T>                                                                             \
    static __device__ inline void run(const double *number, T &p, T g, T &a, T &b, T &c) {         \
      (void)number, (void)p, (void)g, (void)a, (void)b, (void)c;                                   \
      TC_EACH(NUMBER, TC_BARE numbers)                                                             \
      __VA_ARGS__;                                                                                 \
    }                                                                                              \
  };                                                                                               \
  extern "C" tc_status cuda_##name(tc_args *t) { return update_lists<name##_formula, lists>(t); }
#define MAP(name, numbers, ...) STEP(name, 1, s0, s1, s2, numbers, __VA_ARGS__)
#define UPDATE0(name, numbers, ...) STEP(name, 2, s0, s1, s2, numbers, __VA_ARGS__)
#define UPDATE1(name, a, numbers, ...) STEP(name, 3, a, s1, s2, numbers, __VA_ARGS__)
#define UPDATE2(name, a, b, numbers, ...) STEP(name, 4, a, b, s2, numbers, __VA_ARGS__)
#define UPDATE3(name, a, b, c, numbers, ...) STEP(name, 5, a, b, c, numbers, __VA_ARGS__)
#include "../optim.def"

extern "C" tc_status cuda_foreach_scale(tc_args *a) {
  if (a->dtype != TC_float64)
    return tc_fail(TC_BAD_DTYPE, "expected the factor in float64, got %s",
                   tc_dtype_table[a->dtype].name);
  return update_lists<foreach_mul_formula, 1>(a, tc_ptr<double>(a->t[0]));
}
