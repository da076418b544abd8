// foreach_norm(norms, list, p): the vector norm of each tensor of a list. `norms` is float64.
//
// The list's addresses travel as an argument of the launch, NORM_LIST tensors at a time. A block
// takes a chunk of one tensor, and a second launch joins the chunks of each: two launches for most
// networks.
#include "numbers.h"
#include "reduce.h"

enum { NORM_LIST = 128, NORM_CHUNK = 32768, NORM_BLOCK = 256 };

struct norm_list {
  const void *data[NORM_LIST];
  int64_t n[NORM_LIST];
  int first[NORM_LIST + 1];  // chunk of each tensor; the last is how many there are
  uint8_t dtype[NORM_LIST];
  int count;
};

// The tensor of a chunk.
__device__ inline int norm_tensor(const norm_list &list, int chunk) {
  int low = 0, high = list.count;  // first[low] <= chunk < first[high]
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    if (list.first[middle] <= chunk) low = middle;
    else high = middle;
  }
  return low;
}

// A thread's part of a chunk: some hundred terms, so that their own type is exact enough.
template <class T>
__device__ inline double norm_span(const T *x, int64_t n, const tc_norm<double> &norm) {
  typedef acc_t<T> A;
  const tc_norm<A> own = {norm.kind, (A)norm.p};
  A a = own.none();
#pragma unroll 4
  for (int64_t i = threadIdx.x; i < n; i += NORM_BLOCK) a = own.join(a, own.term(wide(x[i])));
  return a;
}

struct norm_joins {
  const tc_norm<double> &norm;
  __device__ double operator()(double a, double b) const { return norm.join(a, b); }
};

static __global__ void __launch_bounds__(NORM_BLOCK, 1)
    norm_chunks(const __grid_constant__ norm_list list, const tc_norm<double> norm, double *part) {
  const int k = norm_tensor(list, (int)blockIdx.x);
  const int64_t from = (int64_t)((int)blockIdx.x - list.first[k]) * NORM_CHUNK;
  const int64_t n = list.n[k] - from < NORM_CHUNK ? list.n[k] - from : (int64_t)NORM_CHUNK;
  double a;
  switch (list.dtype[k]) {
    case TC_float64: a = norm_span((const double *)list.data[k] + from, n, norm); break;
    case TC_float16: a = norm_span((const half *)list.data[k] + from, n, norm); break;
    case TC_bfloat16: a = norm_span((const bfloat16 *)list.data[k] + from, n, norm); break;
    default: a = norm_span((const float *)list.data[k] + from, n, norm);
  }
  a = block_reduce(a, norm.none(), norm_joins{norm});
  if (threadIdx.x == 0) part[blockIdx.x] = a;
}

// A warp for each tensor.
static __global__ void norm_totals(const __grid_constant__ norm_list list,
                                   const tc_norm<double> norm, const double *part, double *out) {
  const int k = (int)blockIdx.x;
  double a = norm.none();
  for (int c = list.first[k] + (int)threadIdx.x; c < list.first[k + 1]; c += 32)
    a = norm.join(a, part[c]);
  a = warp_reduce(a, norm_joins{norm});
  if (threadIdx.x == 0) out[k] = norm.root(a);
}

static norm_list norm_list_of(tc_tensor **t, int64_t count) {
  norm_list list = {};
  for (int k = 0; k < count; k++) {
    list.data[k] = tc_data(t[k]);
    list.n[k] = tc_numel(t[k]);
    list.dtype[k] = t[k]->dtype;
    list.first[k + 1] = list.first[k] + (int)tc_ceil(list.n[k], NORM_CHUNK);
  }
  list.count = (int)count;
  return list;
}

static tc_status norms(tc_tensor **t, int64_t count, const tc_norm<double> &norm, double *out) {
  const norm_list list = norm_list_of(t, count);
  const int chunks = list.first[count];
  scratch part((size_t)chunks * sizeof(double) + 1);
  if (!part.ok()) return part.status();
  if (chunks > 0)
    TC_LAUNCH(norm_chunks, (unsigned)chunks, NORM_BLOCK, 0, list, norm, part.as<double>());
  TC_LAUNCH(norm_totals, (unsigned)count, 32, 0, list, norm, part.as<double>(), out);
  return tc_launched();
}

extern "C" tc_status cuda_foreach_norm(tc_args *a) {
  const tc_norm<double> norm = tc_norm_of<double>(a->f[0]);
  double *out = tc_ptr<double>(a->t[0]);
  for (int64_t k = 0; k < a->count; k += NORM_LIST) {
    const int64_t count = a->count - k < NORM_LIST ? a->count - k : (int64_t)NORM_LIST;
    TC_TRY(norms(a->many[0] + k, count, norm, out + k));
  }
  return TC_OK;
}
