// What the recurrent layers of CUDA share: a batch that walks through time, a launch a step.
//
// Sequences lie step after step, longest first: a step has the first `count` of them, never more than
// the step before it in time. Where the steps end stands in the device's memory and is read there, so
// a walk never waits for the device and can be captured; the launches of a step are for the whole
// batch, and rows that the step does not have do nothing.
//
// A step is a product of states with a weight and, in the same launch, what a cell makes of the sums:
// all gates of a unit of a sequence are sums of one thread.
#ifndef TOCHA_CUDA_RNN_H
#define TOCHA_CUDA_RNN_H

#include "cuda.h"
#include "geometry.h"

struct rnn_walk {
  const int64_t *ends;  // of each step, its last row counted from 1; NULL: `batch` rows a step
  int64_t steps, batch, rows;
  bool reverse;
};

struct rnn_step {
  int64_t first, count;  // rows
};

// Step s of the walk, which begins at the last one in time when it is reversed; before the first and
// after the last there are no rows. Ends that make no sense (check_ends) stay within the rows.
static __device__ inline rnn_step rnn_step_at(const rnn_walk &w, int64_t s) {
  if (s < 0 || s >= w.steps) return {0, 0};
  const int64_t t = w.reverse ? w.steps - 1 - s : s;
  if (!w.ends) return {t * w.batch, w.batch};
  const int64_t first = t > 0 ? max((int64_t)0, min(w.ends[t - 1], w.rows)) : 0;
  const int64_t end = min(w.ends[t], w.rows);
  return {first, max((int64_t)0, min(end - first, w.batch))};
}

static __global__ void check_ends(const rnn_walk w, int *alarm) {
  const int64_t t = flat_index();
  if (t >= w.steps) return;
  const int64_t first = t > 0 ? w.ends[t - 1] : 0, count = w.ends[t] - first;
  const int64_t most = t > 1 ? first - w.ends[t - 2] : t == 1 ? w.ends[0] : w.batch;
  const bool begins = t > 0 || count == w.batch, ends = t + 1 < w.steps || w.ends[t] == w.rows;
  if (count < 1 || count > most || !begins || !ends) *alarm = 1;
}

static inline rnn_walk rnn_walk_of(const tc_tensor *ends, int64_t rows, int64_t batch,
                                   bool reverse) {
  rnn_walk w = {tc_ptr<const int64_t>(ends), 0, batch, rows, reverse};
  w.steps = ends ? tc_numel(ends) : batch > 0 ? rows / batch : 0;
  if (ends && w.steps > 0)
    TC_LAUNCH_FLAT(check_ends, flat_grid(w.steps), FLAT_BLOCK, w, tc_alarm());
  return w;
}

// The state of sequence b before step s: a row of what the steps gave, or the initial one.
template <class T>
static __device__ inline const T *rnn_before(const rnn_walk &w, int64_t s, int64_t b,
                                             const T *given, const T *initial, int64_t width) {
  const rnn_step before = rnn_step_at(w, s - 1);
  return b < before.count ? given + (before.first + b) * width : initial + b * width;
}

// An output that nobody wants is given without elements.
template <class T> static inline T *rnn_wanted(const tc_tensor *t) {
  return tc_numel(t) > 0 ? tc_ptr<T>(t) : nullptr;
}

template <class A> static __device__ inline A sigmoid(A x) { return 1 / (1 + exp(-x)); }

// ---- a step ------------------------------------------------------------------------------------

// sums[k] of unit u = sum over i of source[i] * weight of (unit u of block k, i).
template <class T> struct rnn_weight {
  const T *weight;  // (blocks * units, in), or (in, units) where there is one block
  int64_t in, units;
};

enum { RNN_BLOCK = 256, RNN_UNITS = 16, RNN_ROWS = RNN_BLOCK / RNN_UNITS };

// A tile is 16 units times 16 * EACH sequences. As in tile.h, sides lie by depth and are read in
// packs: the blocks of a unit, and EACH sequences. What limits a step is how often it waits for memory,
// so a tile is as deep as two of them have room.
template <class A, int BLOCKS, int EACH> struct rnn_tile {
  enum { DEPTH = (EACH == 1 ? 256 : 128) / sizeof(A) };
  typedef pack<A, BLOCKS == 1 ? 1 : 4> unit;
  typedef pack<A, EACH> sequences;
  unit weight[DEPTH][RNN_UNITS + 1];
  sequences source[DEPTH][RNN_ROWS + 1];
};

// The weight as (units, in) is read along the depth, as (in, units) along the units.
template <class T, bool BY_UNIT, int BLOCKS, int EACH>
static __device__ inline void load_weight(const rnn_weight<T> &w, int64_t unit0, int64_t k0,
                                          rnn_tile<acc_t<T>, BLOCKS, EACH> &tile) {
  const int fast = (int)threadIdx.x % 16, slow = (int)threadIdx.x / 16;
  const int unit = BY_UNIT ? fast : slow;
  const int64_t u = unit0 + unit;
#pragma unroll
  for (int lane = BY_UNIT ? slow : fast; lane < tile.DEPTH; lane += 16) {
    const int64_t k = k0 + lane;
    for (int b = 0; b < BLOCKS; b++) {
      const int64_t at = BY_UNIT ? k * w.units + u : (b * w.units + u) * w.in + k;
      tile.weight[lane][unit].at[b] = u < w.units && k < w.in ? wide(w.weight[at]) : acc_t<T>(0);
    }
  }
}

template <class T, int BLOCKS, int EACH>
static __device__ inline void load_source(const T *const (&source)[EACH], int64_t in, int64_t k0,
                                          rnn_tile<acc_t<T>, BLOCKS, EACH> &tile) {
  const int row = (int)threadIdx.x / RNN_UNITS;
#pragma unroll
  for (int lane = (int)threadIdx.x % 16; lane < tile.DEPTH; lane += 16)
#pragma unroll
    for (int e = 0; e < EACH; e++)
      tile.source[lane][row].at[e] =
          source[e] && k0 + lane < in ? wide(source[e][k0 + lane]) : acc_t<T>(0);
}

template <class A, int BLOCKS, int EACH>
static __device__ inline void multiply(const rnn_tile<A, BLOCKS, EACH> &tile,
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
  const auto load = [&](int64_t k, tile_type &to) {
    load_weight<T, Cell::BY_UNIT>(w, unit0, k, to);
    load_source(source, w.in, k, to);
  };
  int now = 0;
  load(0, tile[now]);
  for (int64_t k = 0; k < w.in; k += tile_type::DEPTH, now ^= 1) {
    __syncthreads();  // this tile is there, and the other one is no longer read
    if (k + tile_type::DEPTH < w.in) load(k + tile_type::DEPTH, tile[now ^ 1]);
    multiply(tile[now], sums);
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

template <class T, class Cell>
static void launch_step(const rnn_weight<T> &w, const Cell &cell, int64_t batch) {
  const int64_t tiles = tc_ceil(w.units, RNN_UNITS);
  const int64_t one = step_cost(tiles, batch, 1), two = step_cost(tiles, batch, 2),
                four = step_cost(tiles, batch, 4);
  if (w.units == 0 || batch == 0) return;
  if (one <= two && one <= four) launch_tiles<1>(w, cell, batch);
  else if (two <= four) launch_tiles<2>(w, cell, batch);
  else launch_tiles<4>(w, cell, batch);
}

// ---- before and after the steps ----------------------------------------------------------------

// The step in time that has this row.
static __device__ inline int64_t rnn_time_of(const rnn_walk &w, int64_t row) {
  if (!w.ends) return row / w.batch;
  int64_t lo = 0, hi = w.steps - 1;
  while (lo < hi) {
    const int64_t middle = (lo + hi) / 2;
    if (row < w.ends[middle]) hi = middle;
    else lo = middle + 1;
  }
  return lo;
}

// The last step in time that has sequence b.
static __device__ inline int64_t rnn_last_of(const rnn_walk &w, int64_t b) {
  int64_t lo = 0, hi = w.steps - 1;
  while (w.ends && lo < hi) {
    const int64_t middle = (lo + hi + 1) / 2;
    if (w.ends[middle] - w.ends[middle - 1] > b) lo = middle;
    else hi = middle - 1;
  }
  return hi;
}

// The state that the walk ends with, of what the steps gave.
template <class T>
static __global__ void last_kernel(T *state, const T *given, const rnn_walk w, int64_t width) {
  const int64_t i = flat_index();
  if (i >= w.batch * width) return;
  const int64_t b = i / width, t = w.reverse ? 0 : rnn_last_of(w, b);
  const rnn_step step = rnn_step_at(w, w.reverse ? w.steps - 1 - t : t);
  if (b < step.count) state[i] = given[(step.first + b) * width + i % width];
}

template <class T>
static void set_last(T *state, const T *given, const rnn_walk &w, int64_t width) {
  if (w.steps > 0 && w.batch * width > 0)
    TC_LAUNCH_FLAT(last_kernel<T>, flat_grid(w.batch * width), FLAT_BLOCK, state, given, w, width);
}

// What came before each row, for the gradient of the weight that it was multiplied with.
template <class T>
static __global__ void before_kernel(T *before, const T *given, const T *initial, const rnn_walk w,
                                     int64_t width) {
  const int64_t i = flat_index();
  if (i >= w.rows * width) return;
  const int64_t row = i / width, t = rnn_time_of(w, row), s = w.reverse ? w.steps - 1 - t : t;
  const rnn_step step = rnn_step_at(w, s);
  before[i] = rnn_before(w, s, row - step.first, given, initial, width)[i % width];
}

// Nothing where `before` is NULL.
template <class T>
static void set_before(T *before, const T *given, const T *initial, const rnn_walk &w,
                       int64_t width) {
  if (before && w.rows * width > 0)
    TC_LAUNCH_FLAT(before_kernel<T>, flat_grid(w.rows * width), FLAT_BLOCK, before, given, initial,
                   w, width);
}

#endif
