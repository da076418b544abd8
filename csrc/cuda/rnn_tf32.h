// A step of a recurrent layer of CUDA on tensor cores: rnn_step.h's kernel where products of float32
// may be rounded to TensorFloat-32. Sums are in float32.
//
// A block of four warps makes 32 sequences times 16 units; a warp 16 sequences times 8 units, of which a
// lane has all blocks of gates of four (mma.h), so that the cell is the thread's own again.
#ifndef TOCHA_CUDA_RNN_TF32_H
#define TOCHA_CUDA_RNN_TF32_H

#include "dnn.h"
#include "mma.h"
#include "rnn_step.h"

enum { TF32_BLOCK = 128, TF32_ROWS = 32, TF32_UNITS = 16 };

// Rows of the left and the right side, along the depth. Four elements to spare let a warp read its
// registers from 32 banks.
template <int BLOCKS> struct tf32_tile {
  enum { DEPTH = BLOCKS == 1 ? 64 : 32, WEIGHTS = BLOCKS * TF32_UNITS };
  float source[TF32_ROWS][DEPTH + 4];
  float weight[WEIGHTS][DEPTH + 4];
};

// A thread's part of the next tile, on its way from memory.
template <class Cell> struct tf32_cargo {
  typedef tf32_tile<Cell::BLOCKS> tile_type;
  enum {
    DEPTH = tile_type::DEPTH,
    SOURCES = TF32_ROWS * DEPTH / TF32_BLOCK,
    WEIGHTS = tile_type::WEIGHTS * DEPTH / TF32_BLOCK
  };
  float source[SOURCES], weight[WEIGHTS];

  // Neighbours read neighbours: along the depth, or along the units.
  static __device__ int row(int i) { return ((int)threadIdx.x + i * TF32_BLOCK) / DEPTH; }
  static __device__ int deep(int i) { return ((int)threadIdx.x + i * TF32_BLOCK) % DEPTH; }
  static __device__ int weight_row(int i) {
    return Cell::BY_UNIT ? ((int)threadIdx.x + i * TF32_BLOCK) % TF32_UNITS : row(i);
  }
  static __device__ int weight_deep(int i) {
    return Cell::BY_UNIT ? ((int)threadIdx.x + i * TF32_BLOCK) / TF32_UNITS : deep(i);
  }

  __device__ void fetch(const rnn_weight<float> &w, int64_t unit0, const float *const *rows,
                        int64_t k0) {
#pragma unroll
    for (int i = 0; i < SOURCES; i++) {
      const float *from = rows[row(i)];
      source[i] = from && k0 + deep(i) < w.in ? from[k0 + deep(i)] : 0;
    }
#pragma unroll
    for (int i = 0; i < WEIGHTS; i++) {
      const int block = weight_row(i) / TF32_UNITS;
      const int64_t u = unit0 + weight_row(i) % TF32_UNITS, k = k0 + weight_deep(i);
      const int64_t at = Cell::BY_UNIT ? k * w.units + u : (block * w.units + u) * w.in + k;
      weight[i] = u < w.units && k < w.in ? w.weight[at] : 0;
    }
  }

  __device__ void stow(tile_type &tile) const {
#pragma unroll
    for (int i = 0; i < SOURCES; i++) tile.source[row(i)][deep(i)] = mma_round(source[i]);
#pragma unroll
    for (int i = 0; i < WEIGHTS; i++)
      tile.weight[weight_row(i)][weight_deep(i)] = mma_round(weight[i]);
  }
};

// Where in the tile this warp's products begin.
static __device__ inline int tf32_first_row() { return (int)threadIdx.x / 32 % 2 * 16; }
static __device__ inline int tf32_first_unit() { return (int)threadIdx.x / 64 * 8; }

template <int BLOCKS>
static __device__ inline void multiply_tf32(const tf32_tile<BLOCKS> &tile,
                                            float (&sums)[BLOCKS][4]) {
#pragma unroll
  for (int k = 0; k < tile.DEPTH; k += 8) {
    float left[4], right[2];
    for (int i = 0; i < 4; i++)
      left[i] = tile.source[tf32_first_row() + mma_left_row(i)][k + mma_left_depth(i)];
#pragma unroll
    for (int b = 0; b < BLOCKS; b++) {
      const int row = b * TF32_UNITS + tf32_first_unit() + mma_right_column();
      for (int i = 0; i < 2; i++) right[i] = tile.weight[row][k + mma_right_depth(i)];
      mma(sums[b], left, right);
    }
  }
}

// Blocks: (units, sequences).
template <class Cell>
static __global__ void __launch_bounds__(TF32_BLOCK, 3)
    tf32_step_kernel(const rnn_weight<float> w, const __grid_constant__ Cell cell, int64_t batch) {
  enum { BLOCKS = Cell::BLOCKS };
  typedef tf32_tile<BLOCKS> tile_type;
  TC_SHARED(tile_type, tile, [2]);
  TC_SHARED(const float *, rows, [TF32_ROWS]);
  const int64_t unit0 = (int64_t)blockIdx.x * TF32_UNITS, b0 = (int64_t)blockIdx.y * TF32_ROWS;
  if (threadIdx.x < TF32_ROWS)
    rows[threadIdx.x] = b0 + threadIdx.x < batch ? cell.source(b0 + threadIdx.x) : nullptr;
  __syncthreads();
  float sums[BLOCKS][4] = {};
  tf32_cargo<Cell> cargo;
  int now = 0;
  cargo.fetch(w, unit0, rows, 0);
  for (int64_t k = 0; k < w.in; k += tile_type::DEPTH, now ^= 1) {
    cargo.stow(tile[now]);
    __syncthreads();  // this tile is there, and the other one is no longer read
    cargo.fetch(w, unit0, rows, k + tile_type::DEPTH);
    multiply_tf32(tile[now], sums);
  }
  for (int i = 0; i < 4; i++) {
    const int64_t b = b0 + tf32_first_row() + mma_sum_row(i);
    const int64_t u = unit0 + tf32_first_unit() + mma_sum_column(i);
    float own[BLOCKS];
    for (int block = 0; block < BLOCKS; block++) own[block] = sums[block][i];
    if (b < batch && u < w.units) cell.apply(b, u, own);
  }
}

template <class Cell>
static void launch_tf32(const rnn_weight<float> &w, const Cell &cell, int64_t batch) {
  const dim3 grid((unsigned)tc_ceil(w.units, TF32_UNITS), (unsigned)tc_ceil(batch, TF32_ROWS));
  TC_LAUNCH(tf32_step_kernel<Cell>, grid, TF32_BLOCK, 0, w, cell, batch);
}

// ---- either ------------------------------------------------------------------------------------

template <class T, class Cell>
static void launch_step(const rnn_weight<T> &w, const Cell &cell, int64_t batch) {
  if (w.units == 0 || batch == 0) return;
  if constexpr (sizeof(T) == sizeof(float)) {
    if (tc_tf32()) return launch_tf32(w, cell, batch);
  }
  launch_full(w, cell, batch);
}

#endif
