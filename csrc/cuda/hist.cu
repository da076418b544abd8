// Counting: bincount (of ids that count from 1) and histc (equal bins between two ends).
//
// Counts are integers, whose sums have no order. Up to BINS_SHARED of them are counted in a block's
// shared memory first.
#include "segments.h"

typedef unsigned long long counter;
enum { BINS_SHARED = 4096, COUNT_EACH = 16 };

// Adds to counts[bin_of(i)] for i < n; a bin of -1 counts nothing.
template <class F>
static __global__ void count_bins_kernel(counter *counts, int64_t n, int bins, const F bin_of) {
  TC_DYNAMIC(unsigned, mine);
  for (int b = threadIdx.x; b < bins; b += FLAT_BLOCK) mine[b] = 0;
  __syncthreads();
  const int64_t first = (int64_t)blockIdx.x * FLAT_BLOCK * COUNT_EACH + threadIdx.x;
  for (int k = 0; k < COUNT_EACH; k++) {
    const int64_t i = first + k * FLAT_BLOCK, bin = i < n ? bin_of(i) : -1;
    if (bin < 0) continue;
    if (bins > 0) atomicAdd(&mine[bin], 1u);
    else atomicAdd(&counts[bin], 1ULL);
  }
  __syncthreads();
  for (int b = threadIdx.x; b < bins; b += FLAT_BLOCK)
    if (mine[b]) atomicAdd(&counts[b], (counter)mine[b]);
}

template <class F>
static void count_bins(counter *counts, int64_t bins, int64_t n, const F &bin_of) {
  const int shared = bins <= BINS_SHARED ? (int)bins : 0;
  fill(counts, bins, (counter)0);
  if (n > 0 && bins > 0)
    TC_LAUNCH(count_bins_kernel<F>, (unsigned)tc_ceil(n, FLAT_BLOCK * COUNT_EACH), FLAT_BLOCK,
              (size_t)shared * sizeof(unsigned), counts, n, shared, bin_of);
}

// ---- ids ---------------------------------------------------------------------------------------

struct id_bin {
  const int64_t *id;
  int64_t bins;
  int *alarm;
  __device__ int64_t operator()(int64_t i) const {
    if (id[i] >= 1 && id[i] <= bins) return id[i] - 1;
    *alarm = 1;
    return -1;
  }
};

// bincount(y, ids)
extern "C" tc_status cuda_bincount(tc_args *a) {
  const int64_t bins = tc_numel(a->t[0]);
  count_bins(tc_ptr<counter>(a->t[0]), bins, tc_numel(a->t[1]),
             id_bin{tc_ptr<const int64_t>(a->t[1]), bins, tc_alarm()});
  return tc_launched();
}

// bincount_weighted(y, ids, weights)
template <class T> static tc_status bincount_weighted(tc_args *a) {
  const int64_t bins = tc_numel(a->t[0]), n = tc_numel(a->t[1]);
  line_sorter<uint32_t> sorter(1, n);
  fill(tc_ptr<T>(a->t[0]), bins, narrow<T>((acc_t<T>)0));
  TC_TRY(sort_places(sorter, a->t[1], bins, -1, false));
  return join_segments<JOIN_SUM>(rows_onto<T>(a->t[0], a->t[2], {1, bins, 1}, sorter, n));
}
TC_CUDA_FLOATS(bincount_weighted)

// ---- values ------------------------------------------------------------------------------------

// Values outside low..high and NaN are not counted; `high` itself falls into the last bin.
template <class T> struct value_bin {
  typedef acc_t<T> A;
  const T *x;
  A low, high;
  int64_t bins;
  __device__ int64_t operator()(int64_t i) const {
    const A v = wide(x[i]);
    if (!(v >= low && v <= high)) return -1;
    return min((int64_t)((v - low) * (A)bins / (high - low)), bins - 1);
  }
};

template <class T>
static __global__ void take_counts_kernel(T *y, const counter *counts, int64_t n) {
  const int64_t i = flat_index();
  if (i < n) y[i] = narrow<T>((acc_t<T>)counts[i]);
}

// histc(y, x, low, high)
template <class T> static tc_status histc(tc_args *a) {
  typedef acc_t<T> A;
  const int64_t bins = tc_numel(a->t[0]);
  if (bins == 0) return TC_OK;
  scratch counts((size_t)bins * sizeof(counter));
  if (!counts.ok()) return counts.status();
  count_bins(counts.as<counter>(), bins, tc_numel(a->t[1]),
             value_bin<T>{tc_ptr<const T>(a->t[1]), (A)a->f[0], (A)a->f[1], bins});
  TC_LAUNCH_FLAT(take_counts_kernel<T>, flat_grid(bins), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 counts.as<const counter>(), bins);
  return tc_launched();
}
TC_CUDA_FLOATS(histc)
