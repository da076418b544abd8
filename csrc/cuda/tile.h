// The product of two matrices, a tile of 64 x 64 a block of 256 threads: what own kernels that are
// products load and end in their own ways (conv.cu).
//
// Threads stand 16 x 16 and sum 4 x 4 each. In a step of 16 along the depth a thread reads two packs
// of four from shared memory for 16 products: a warp's reads are 2 rows (broadcast) and 16 columns
// of packs, without conflicts. Rows of shared memory have four elements to spare, so that a loader
// that runs along the depth writes into 8 banks, not one.
#ifndef TOCHA_CUDA_TILE_H
#define TOCHA_CUDA_TILE_H

#include "cuda.h"

enum { TILE = 64, TILE_DEPTH = 16, TILE_EACH = 4, TILE_BLOCK = 256, TILE_ROW = TILE + 4 };

// By depth: at[k] is a column of the left matrix, or a row of the right one.
template <class A> struct alignas(4 * sizeof(A)) tile_side { A at[TILE_DEPTH][TILE_ROW]; };

template <class A> struct tile_sums {
  A at[TILE_EACH][TILE_EACH] = {};
};

// Where in the tile this thread's sums begin.
static __device__ inline int tile_row() { return (int)threadIdx.x / 16 * TILE_EACH; }
static __device__ inline int tile_column() { return (int)threadIdx.x % 16 * TILE_EACH; }

template <class A>
static __device__ inline void tile_multiply(const tile_side<A> &left, const tile_side<A> &right,
                                            tile_sums<A> &sums) {
  const int row = tile_row(), column = tile_column();
#pragma unroll
  for (int k = 0; k < TILE_DEPTH; k++) {
    const auto l = *reinterpret_cast<const pack<A, TILE_EACH> *>(&left.at[k][row]);
    const auto r = *reinterpret_cast<const pack<A, TILE_EACH> *>(&right.at[k][column]);
#pragma unroll
    for (int i = 0; i < TILE_EACH; i++)
#pragma unroll
      for (int j = 0; j < TILE_EACH; j++) sums.at[i][j] += l.at[i] * r.at[j];
  }
}

// load_left(k0, left) and load_right(k0, right) fill the sides for depths k0 to k0 + 15, with zeros
// outside of the matrices. While some warps multiply one pair of sides others load the next.
template <class A, class L, class R>
static __device__ inline tile_sums<A> tile_product(int64_t begin, int64_t end, L load_left,
                                                   R load_right) {
  TC_SHARED(tile_side<A>, left, [2]);
  TC_SHARED(tile_side<A>, right, [2]);
  tile_sums<A> sums;
  int now = 0;
  load_left(begin, left[now]);
  load_right(begin, right[now]);
  for (int64_t k = begin; k < end; k += TILE_DEPTH, now ^= 1) {
    __syncthreads();  // this pair is there, and the other one is no longer read
    if (k + TILE_DEPTH < end) {
      load_left(k + TILE_DEPTH, left[now ^ 1]);
      load_right(k + TILE_DEPTH, right[now ^ 1]);
    }
    tile_multiply(left[now], right[now], sums);
  }
  return sums;
}

#endif
