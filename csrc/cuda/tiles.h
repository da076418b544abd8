// Products of tiles in shared memory, for kernels that multiply matrices without tensor cores.
//
// A block of 16 x 16 threads makes (16 M) x (16 N) results, walking along the sums DEPTH terms at a time. A
// thread makes M x N of them, each 16 apart, so that shared memory is read without conflicts: a warp reads
// 16 neighbours of the right tile, and two values of the left one, which are broadcast. Rows have one
// element more than they need, so that they can be written across too.
//
// The order of a sum is that of its terms, whatever the grid. All threads of the block call these.
#ifndef TOCHA_CUDA_TILES_H
#define TOCHA_CUDA_TILES_H

#include "cuda.h"

enum { SIDE = 16, TILE_THREADS = SIDE * SIDE, DEPTH = 16 };

static __device__ inline int tile_thread() { return (int)(threadIdx.y * SIDE + threadIdx.x); }

// part[d][r] = from[r row + d deep], zeros from (rows, depth) on. Neighbouring threads go along the dimension
// that lies densely.
template <int ROWS, class T, class A>
__device__ void fetch(A (*part)[ROWS + 1], const T *from, int64_t row, int64_t deep, int64_t rows,
                      int64_t depth) {
  const bool along_depth = deep == 1 || row != 1;
  for (int i = tile_thread(); i < ROWS * DEPTH; i += TILE_THREADS) {
    const int r = along_depth ? i / DEPTH : i % ROWS, d = along_depth ? i % DEPTH : i / ROWS;
    part[d][r] = r < rows && d < depth ? (A)wide(from[r * row + d * deep]) : (A)0;
  }
}

// f(i, j, row, column) for each result of the thread: its number, and its place in the tile. The loops are
// unrolled, so that results stay in registers.
template <int M, int N, class F> __device__ inline void each_result(F f) {
#ifndef TC_EMULATE
#pragma unroll
#endif
  for (int i = 0; i < M; i++) {
#ifndef TC_EMULATE
#pragma unroll
#endif
    for (int j = 0; j < N; j++) f(i, j, (int)threadIdx.y + i * SIDE, (int)threadIdx.x + j * SIDE);
  }
}

// sum[i][j] += left[d][row] right[d][column] over DEPTH terms.
template <int M, int N, class A>
__device__ void multiply(A sum[M][N], const A (*left)[M * SIDE + 1],
                         const A (*right)[N * SIDE + 1]) {
  for (int d = 0; d < DEPTH; d++) {
    A a[M], b[N];
    for (int i = 0; i < M; i++) a[i] = left[d][threadIdx.y + i * SIDE];
    for (int j = 0; j < N; j++) b[j] = right[d][threadIdx.x + j * SIDE];
    each_result<M, N>([&](int i, int j, int, int) { sum[i][j] += a[i] * b[j]; });
  }
}

// sum += the product over the terms [begin, end): load_left(k, part) and load_right(k, part) fill parts with
// DEPTH terms from k on. While some warps multiply, others fetch what comes next.
template <int M, int N, class A, class L, class R>
__device__ void multiply_along(A (&sum)[M][N], int64_t begin, int64_t end, L load_left,
                               R load_right) {
  TC_SHARED(A, left, [2][DEPTH][M * SIDE + 1]);
  TC_SHARED(A, right, [2][DEPTH][N * SIDE + 1]);
  int now = 0;
  load_left(begin, left[now]);
  load_right(begin, right[now]);
  for (int64_t k = begin; k < end; k += DEPTH, now ^= 1) {
    __syncthreads();  // these parts are there, and the others are no longer read
    if (k + DEPTH < end) {
      load_left(k + DEPTH, left[now ^ 1]);
      load_right(k + DEPTH, right[now ^ 1]);
    }
    multiply<M, N>(sum, left[now], right[now]);
  }
  __syncthreads();  // for the next product of the block
}

#endif
