// Sums of all that stand before: over a warp, a block, and, in three launches, over a tensor. The order
// is fixed, so the same sums come out each time.
#ifndef TOCHA_CUDA_SCAN_H
#define TOCHA_CUDA_SCAN_H

#include "flat.h"

// The sum of this lane's value and those of the lanes before it.
template <class A> static __device__ inline A warp_scan(A x) {
  const int lane = threadIdx.x % 32;
  for (int step = 1; step < 32; step *= 2) {
    const A other = __shfl_up_sync(~0u, x, step);
    if (lane >= step) x = other + x;
  }
  return x;
}

// The sum of the values of the threads before this one, and of all in *total. All threads of a block of
// whole warps call it.
template <class A> static __device__ inline A block_scan(A x, A *total) {
  TC_SHARED(A, part, [32]);
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, warps = blockDim.x / 32;
  const A upto = warp_scan(x);
  __syncthreads();  // what the scan before this one left may still be read
  if (lane == 31) part[warp] = upto;
  __syncthreads();
  if (warp == 0) {
    const A sums = warp_scan(lane < warps ? part[lane] : (A)0);
    __syncwarp();
    part[lane] = sums;
  }
  __syncthreads();
  *total = part[warps - 1];
  return upto - x + (warp > 0 ? part[warp - 1] : (A)0);
}

// ---- what passes, in order ---------------------------------------------------------------------

// A flag is a struct with `n` and `bool operator()(int64_t i) const`; an emitter has
// `void operator()(int64_t i, bool flag, int64_t before) const`, where `before` counts the flags before i.
enum { RANK_BLOCK = 256, RANK_EACH = 8, RANK_TILE = RANK_BLOCK * RANK_EACH };

template <class F> static __global__ void count_kernel(int64_t *counts, const F flag) {
  const int64_t first = (int64_t)blockIdx.x * RANK_TILE + threadIdx.x;
  int count = 0;
  for (int k = 0; k < RANK_EACH; k++) {
    const int64_t i = first + k * RANK_BLOCK;
    count += i < flag.n && flag(i);
  }
  count = block_sum(count);
  if (threadIdx.x == 0) counts[blockIdx.x] = count;
}

enum { SCAN_BLOCK = 1024, SCAN_EACH = 8 };

// Row blockIdx.x of `n` counts becomes the sums before each. One block walks a row.
template <class A> static __global__ void scan_kernel(A *rows, int64_t n) {
  A *row = rows + (int64_t)blockIdx.x * n, carry = 0;
  for (int64_t tile = 0; tile < n; tile += SCAN_BLOCK * SCAN_EACH) {
    const int64_t first = tile + (int64_t)threadIdx.x * SCAN_EACH;
    A value[SCAN_EACH], sum = 0, total;
#pragma unroll
    for (int k = 0; k < SCAN_EACH; k++) {
      value[k] = first + k < n ? row[first + k] : (A)0;
      sum += value[k];
    }
    A before = carry + block_scan(sum, &total);
#pragma unroll
    for (int k = 0; k < SCAN_EACH; k++) {
      if (first + k < n) row[first + k] = before;
      before += value[k];
    }
    carry += total;
  }
}

template <class A> static inline void scan_rows(A *rows, int64_t count, int64_t n) {
  TC_LAUNCH(scan_kernel<A>, (unsigned)count, n > SCAN_BLOCK ? SCAN_BLOCK : 256, 0, rows, n);
}

// A tile is eight chunks of a thread an element; of each chunk's warps the flags are counted, and the
// sums of these counts are what an element adds to those of the warp before it.
template <class F, class E>
static __global__ void emit_kernel(const int64_t *before, const F flag, const E emit) {
  enum { WARPS = RANK_BLOCK / 32 };
  TC_SHARED(int, counts, [RANK_EACH * WARPS]);
  const int64_t first = (int64_t)blockIdx.x * RANK_TILE + threadIdx.x;
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  unsigned votes[RANK_EACH];
#pragma unroll
  for (int k = 0; k < RANK_EACH; k++) {
    const int64_t i = first + k * RANK_BLOCK;
    votes[k] = __ballot_sync(~0u, i < flag.n && flag(i));
    if (lane == 0) counts[k * WARPS + warp] = __popc(votes[k]);
  }
  __syncthreads();
  int total;
  const int sum = block_scan(threadIdx.x < RANK_EACH * WARPS ? counts[threadIdx.x] : 0, &total);
  if (threadIdx.x < RANK_EACH * WARPS) counts[threadIdx.x] = sum;
  __syncthreads();
#pragma unroll
  for (int k = 0; k < RANK_EACH; k++) {
    const int64_t i = first + k * RANK_BLOCK;
    const int rank = counts[k * WARPS + warp] + __popc(votes[k] & ((1u << lane) - 1));
    if (i < flag.n) emit(i, votes[k] >> lane & 1, before[blockIdx.x] + rank);
  }
}

template <class F, class E> static inline tc_status emit_ranked(const F &flag, const E &emit) {
  const int64_t tiles = tc_ceil(flag.n, RANK_TILE);
  if (tiles == 0) return TC_OK;
  scratch counts((size_t)tiles * sizeof(int64_t));
  if (!counts.ok()) return counts.status();
  TC_LAUNCH(count_kernel<F>, (unsigned)tiles, RANK_BLOCK, 0, counts.as<int64_t>(), flag);
  scan_rows(counts.as<int64_t>(), 1, tiles);
  TC_LAUNCH((emit_kernel<F, E>), (unsigned)tiles, RANK_BLOCK, 0, counts.as<const int64_t>(), flag,
            emit);
  return tc_launched();
}

#endif
