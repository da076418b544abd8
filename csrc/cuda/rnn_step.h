// One step of a recurrent layer of CUDA: the product of states with a weight, and what a cell makes of
// the sums, in one launch. All gates of a unit of a sequence are sums of one thread.
#ifndef TOCHA_CUDA_RNN_STEP_H
#define TOCHA_CUDA_RNN_STEP_H

#include "cuda.h"

// sums[k] of unit u = sum over i of source[i] * weight of (unit u of block k, i).
template <class T> struct rnn_weight {
  const T *weight;  // (blocks * units, in), or (in, units) where there is one block
  int64_t in, units;
};

enum { RNN_BLOCK = 256, RNN_UNITS = 16, RNN_ROWS = RNN_BLOCK / RNN_UNITS };

// A tile is 16 units times 16 * EACH sequences. Sides lie by depth and are read in packs: the blocks of
// a unit, and EACH sequences; a warp's reads of them do not conflict. What limits a step is how often
// it waits for memory, so a tile is as deep as two of them have room.
template <class A, int BLOCKS, int EACH> struct rnn_tile {
  enum { DEPTH = (EACH == 1 ? 256 : 128) / sizeof(A) };
  typedef pack<A, BLOCKS == 1 ? 1 : 4> unit;
  typedef pack<A, EACH> sequences;
  unit weight[DEPTH][RNN_UNITS + 1];
  sequences source[DEPTH][RNN_ROWS + 1];
};

// A thread's part of the next tile, on its way from memory while the present one is multiplied: 16 lanes
// apart along the depth, one unit and EACH sequences.
template <class T, class Cell, int EACH> struct rnn_cargo {
  enum { BLOCKS = Cell::BLOCKS };
  typedef rnn_tile<acc_t<T>, BLOCKS, EACH> tile_type;
  enum { LANES = tile_type::DEPTH / 16 };
  T weight[LANES][BLOCKS], source[LANES][EACH];

  // The weight as (units, in) is read along the depth, as (in, units) along the units.
  static __device__ int fast() { return (int)threadIdx.x % 16; }
  static __device__ int slow() { return (int)threadIdx.x / 16; }
  static __device__ int unit() { return Cell::BY_UNIT ? fast() : slow(); }
  static __device__ int lane() { return Cell::BY_UNIT ? slow() : fast(); }

  __device__ void fetch(const rnn_weight<T> &w, int64_t unit0, const T *const (&rows)[EACH],
                        int64_t k0) {
    const int64_t u = unit0 + unit();
#pragma unroll
    for (int l = 0; l < LANES; l++) {
      const int64_t k = k0 + lane() + 16 * l, deep = k0 + fast() + 16 * l;
#pragma unroll
      for (int b = 0; b < BLOCKS; b++) {
        const int64_t at = Cell::BY_UNIT ? k * w.units + u : (b * w.units + u) * w.in + k;
        weight[l][b] = u < w.units && k < w.in ? w.weight[at] : narrow<T>(0.0f);
      }
#pragma unroll
      for (int e = 0; e < EACH; e++)
        source[l][e] = rows[e] && deep < w.in ? rows[e][deep] : narrow<T>(0.0f);
    }
  }

  __device__ void stow(tile_type &tile) const {
#pragma unroll
    for (int l = 0; l < LANES; l++) {
      for (int b = 0; b < BLOCKS; b++)
        tile.weight[lane() + 16 * l][unit()].at[b] = wide(weight[l][b]);
      for (int e = 0; e < EACH; e++)
        tile.source[fast() + 16 * l][slow()].at[e] = wide(source[l][e]);
    }
  }
};

template <class A, int BLOCKS, int EACH>
static __device__ inline void multiply_tile(const rnn_tile<A, BLOCKS, EACH> &tile,
                                            A (&sums)[EACH][BLOCKS]) {
  const int unit = (int)threadIdx.x % RNN_UNITS, row = (int)threadIdx.x / RNN_UNITS;
#pragma unroll
  for (int k = 0; k < tile.DEPTH; k++) {
    const auto w = tile.weight[k][unit];
    const auto x = tile.source[k][row];
#pragma unroll
    for (int e = 0; e < EACH; e++)
#pragma unroll
      for (int b = 0; b < BLOCKS; b++) sums[e][b] += x.at[e] * w.at[b];
  }
}

// Cell: BLOCKS, BY_UNIT; source(b): the row that sequence b's sums are of, NULL where it has none;
// apply(b, u, sums). Blocks: (units, sequences).
template <class T, class Cell, int EACH>
static __global__ void __launch_bounds__(RNN_BLOCK, 2)
    step_kernel(const rnn_weight<T> w, const __grid_constant__ Cell cell, int64_t batch) {
  enum { BLOCKS = Cell::BLOCKS };
  typedef acc_t<T> A;
  typedef rnn_tile<A, BLOCKS, EACH> tile_type;
  TC_SHARED(tile_type, tile, [2]);
  const int64_t unit0 = (int64_t)blockIdx.x * RNN_UNITS;
  const int64_t b0 = ((int64_t)blockIdx.y * RNN_ROWS + threadIdx.x / 16) * EACH;
  const T *source[EACH];
  A sums[EACH][BLOCKS] = {};
  for (int e = 0; e < EACH; e++) source[e] = b0 + e < batch ? cell.source(b0 + e) : nullptr;
  rnn_cargo<T, Cell, EACH> cargo;
  int now = 0;
  cargo.fetch(w, unit0, source, 0);
  for (int64_t k = 0; k < w.in; k += tile_type::DEPTH, now ^= 1) {
    cargo.stow(tile[now]);
    __syncthreads();  // this tile is there, and the other one is no longer read
    cargo.fetch(w, unit0, source, k + tile_type::DEPTH);
    multiply_tile(tile[now], sums);
  }
  const int64_t unit = unit0 + threadIdx.x % RNN_UNITS;
  for (int e = 0; e < EACH; e++)
    if (unit < w.units && b0 + e < batch) cell.apply(b0 + e, unit, sums[e]);
}

// About how long a step takes: waves of blocks over 132 multiprocessors, times what a block does. For
// each depth its warps read shared memory three times and multiply EACH times (with four blocks of
// gates), at the same rate.
static inline int64_t step_cost(int64_t tiles, int64_t batch, int each) {
  return tc_ceil(tiles * tc_ceil(batch, RNN_ROWS * each), 132) * (each > 3 ? each : 3);
}

template <int EACH, class T, class Cell>
static void launch_tiles(const rnn_weight<T> &w, const Cell &cell, int64_t batch) {
  const dim3 grid((unsigned)tc_ceil(w.units, RNN_UNITS), (unsigned)tc_ceil(batch, RNN_ROWS * EACH));
  TC_LAUNCH((step_kernel<T, Cell, EACH>), grid, RNN_BLOCK, 0, w, cell, batch);
}

// In T's full precision.
template <class T, class Cell>
static void launch_full(const rnn_weight<T> &w, const Cell &cell, int64_t batch) {
  const int64_t tiles = tc_ceil(w.units, RNN_UNITS);
  const int64_t one = step_cost(tiles, batch, 1), two = step_cost(tiles, batch, 2),
                four = step_cost(tiles, batch, 4);
  if (one <= two && one <= four) launch_tiles<1>(w, cell, batch);
  else if (two <= four) launch_tiles<2>(w, cell, batch);
  else launch_tiles<4>(w, cell, batch);
}

#endif
