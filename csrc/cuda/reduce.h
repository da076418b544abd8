// Reductions along the middle of (outer, n, inner), for any operation, and any number of results.
//
// An operation is a struct that is copied to the device:
//   typedef ... in, acc;   what is read; the state of a sum, a plain struct of whole words
//   enum { INPUTS = 1 };   const in *x[INPUTS];
//   acc none() const                                    the state of no values
//   void take(acc &a, const in *v, int64_t i, int64_t line) const   value i of a line, of each input
//   acc join(acc a, acc b) const                        associative and commutative
//   void put(acc a, int64_t line) const                 the result of line o * inner + j
//
// The order of joins is a matter of the shape alone: the same result each time. Where there are few
// lines and they are long, blocks share a line and a second launch joins their states.
#ifndef TOCHA_CUDA_REDUCE_H
#define TOCHA_CUDA_REDUCE_H

#include "cuda.h"

enum { REDUCE_BLOCK = 256, REDUCE_BLOCKS = 512, REDUCE_PER_THREAD = 16 };

struct reduce_shape {
  int64_t outer, n, inner;
  int64_t parts, chunk;  // a line is cut into parts of `chunk` values
  bool packed;           // inner is 1, and rows are long enough to look for where packs lie
};

// Elements of T that one access of 16 bytes moves.
template <class T> __host__ __device__ constexpr int tc_pack_size() {
  return sizeof(T) <= 8 && 16 % sizeof(T) == 0 ? 16 / (int)sizeof(T) : 1;
}

static inline bool tc_is_aligned(const void *p) { return (uintptr_t)p % 16 == 0; }

template <class Op> struct tc_joins {
  const Op &op;
  typedef typename Op::acc A;
  __device__ A operator()(A a, A b) const { return op.join(a, b); }
};

// ---- what a thread takes ---------------------------------------------------------------------

template <class Op>
__device__ inline void reduce_take(const Op &op, typename Op::acc &a, int64_t at, int64_t i,
                                   int64_t line) {
  typename Op::in v[Op::INPUTS];
#pragma unroll
  for (int k = 0; k < Op::INPUTS; k++) v[k] = op.x[k][at];
  op.take(a, v, i, line);
}

template <class Op>
__device__ inline void reduce_take_pack(const Op &op, typename Op::acc &a, int64_t at, int64_t i,
                                        int64_t line) {
  typedef typename Op::in T;
  constexpr int V = tc_pack_size<T>();
  pack<T, V> p[Op::INPUTS];
#pragma unroll
  for (int k = 0; k < Op::INPUTS; k++) p[k] = *(const pack<T, V> *)(op.x[k] + at);
#pragma unroll
  for (int e = 0; e < V; e++) {
    T v[Op::INPUTS];
#pragma unroll
    for (int k = 0; k < Op::INPUTS; k++) v[k] = p[k].at[e];
    op.take(a, v, i + e, line);
  }
}

// Values from..to-1 of a row, as far as they are this lane's.
template <class Op>
__device__ inline typename Op::acc reduce_span(const Op &op, const reduce_shape &s, int64_t line,
                                               int64_t from, int lane, int width) {
  constexpr int V = tc_pack_size<typename Op::in>();
  const int64_t row = line * s.n, to = from + s.chunk < s.n ? from + s.chunk : s.n;
  typename Op::acc a = op.none();
  if constexpr (V > 1) {
    if (s.packed) {
      const int64_t off = (row + from) % V, whole = from + (off ? V - off : 0);
      const int64_t start = whole < to ? whole : to, end = to - (to - start) % V;
      for (int64_t i = from + lane; i < start; i += width) reduce_take(op, a, row + i, i, line);
#pragma unroll 2
      for (int64_t i = start + lane * V; i < end; i += width * V)
        reduce_take_pack(op, a, row + i, i, line);
      from = end;
    }
  }
#pragma unroll 4
  for (int64_t i = from + lane; i < to; i += width) reduce_take(op, a, row + i, i, line);
  return a;
}

// ---- kernels ---------------------------------------------------------------------------------

// One block for a processor is asked for at least, here and in other files: with no number ptxas
// spills registers for the sake of more blocks.

// inner is 1: `width` threads take a part of a row. The states go to `state`, or results are put.
template <class Op>
__global__ void __launch_bounds__(REDUCE_BLOCK, 1)
    reduce_rows(const Op op, const reduce_shape s, int width, typename Op::acc *state) {
  const int lane = (int)threadIdx.x % width;
  const int64_t k = (int64_t)blockIdx.x * (blockDim.x / width) + threadIdx.x / width;
  const int64_t line = s.parts == 1 ? k : k / s.parts, part = s.parts == 1 ? 0 : k % s.parts;
  const bool here = line < s.outer;
  typename Op::acc a = op.none();
  if (here) a = reduce_span(op, s, line, part * s.chunk, lane, width);
  a = group_reduce(a, op.none(), tc_joins<Op>{op}, width);
  if (!here || lane != 0) return;
  if (state) state[k] = a;
  else op.put(a, line);
}

// Joins the states of threads above each other; those of the first row of threads have the result.
template <class Op>
__device__ inline typename Op::acc reduce_upwards(const Op &op, typename Op::acc a) {
  TC_SHARED(typename Op::acc, all, [REDUCE_BLOCK]);
  const int me = (int)(threadIdx.y * blockDim.x + threadIdx.x);
  for (int half = (int)blockDim.y / 2; half > 0; half /= 2) {
    all[me] = a;
    __syncthreads();
    if ((int)threadIdx.y < half) a = op.join(a, all[me + half * (int)blockDim.x]);
    __syncthreads();
  }
  return a;
}

// A thread takes every blockDim.y-th value of a column, so that a warp reads neighbours. `from`:
// states of parts are joined instead, (outer, n, inner) being theirs.
template <class Op, bool STATES>
__global__ void __launch_bounds__(REDUCE_BLOCK, 1)
    reduce_columns(const Op op, const reduce_shape s, const typename Op::acc *from,
                   typename Op::acc *state) {
  const int64_t tiles = (s.inner + blockDim.x - 1) / blockDim.x, o = blockIdx.x / tiles;
  const int64_t j = blockIdx.x % tiles * blockDim.x + threadIdx.x, line = o * s.inner + j;
  const int64_t first = blockIdx.y * s.chunk, end = first + s.chunk < s.n ? first + s.chunk : s.n;
  const bool here = j < s.inner;
  typename Op::acc a = op.none();
#pragma unroll 4
  for (int64_t i = first + threadIdx.y; here && i < end; i += blockDim.y) {
    const int64_t at = (o * s.n + i) * s.inner + j;
    if constexpr (STATES) a = op.join(a, from[at]);
    else reduce_take(op, a, at, i, line);
  }
  a = reduce_upwards(op, a);
  if (!here || threadIdx.y != 0) return;
  if (state) state[(o * s.parts + blockIdx.y) * s.inner + j] = a;
  else op.put(a, line);
}

// ---- launches --------------------------------------------------------------------------------

// The smallest power of two that is at least n, and at most `most`.
static inline int tc_power_of_two(int64_t n, int most) {
  int p = 1;
  while (p < n && p < most) p *= 2;
  return p;
}

template <class Op> static bool reduce_is_packed(const Op &op, const reduce_shape &s) {
  constexpr int V = tc_pack_size<typename Op::in>();
  bool packed = V > 1 && s.inner == 1 && (s.n % V == 0 || s.n >= 8 * V);
  for (int k = 0; k < Op::INPUTS; k++) packed = packed && tc_is_aligned(op.x[k]);
  return packed;
}

// A thread of a row takes up to REDUCE_PER_THREAD values before there is a second thread.
template <class Op>
static void reduce_launch_rows(const Op &op, const reduce_shape &s, typename Op::acc *state) {
  const int64_t rows = s.outer * s.parts;
  int width = tc_power_of_two(tc_ceil(s.chunk, REDUCE_PER_THREAD), REDUCE_BLOCK);
  if (s.chunk <= 32 * REDUCE_PER_THREAD) width = tc_power_of_two(tc_ceil(s.chunk, 4), 32);
  const int block = width > 32 ? width : tc_power_of_two(tc_ceil(rows * width, 32), 4) * 32;
  TC_LAUNCH(reduce_rows<Op>, (unsigned)tc_ceil(rows, block / width), block, 0, op, s, width, state);
}

static inline dim3 reduce_block(const reduce_shape &s) {
  int y = tc_power_of_two(s.chunk, REDUCE_BLOCK / 32);
  const int x = tc_power_of_two(s.inner, REDUCE_BLOCK / y);
  while (x * y < REDUCE_BLOCK && y * 4 <= s.chunk) y *= 2;
  return dim3(x, y);
}

template <class Op, bool STATES>
static void reduce_launch_columns(const Op &op, const reduce_shape &s, const typename Op::acc *from,
                                  typename Op::acc *state) {
  const dim3 block = reduce_block(s);
  const dim3 grid((unsigned)(s.outer * tc_ceil(s.inner, block.x)), (unsigned)s.parts);
  TC_LAUNCH((reduce_columns<Op, STATES>), grid, block, 0, op, s, from, state);
}

template <class Op>
static void reduce_launch(const Op &op, const reduce_shape &s, typename Op::acc *state) {
  if (s.inner == 1) reduce_launch_rows(op, s, state);
  else reduce_launch_columns<Op, false>(op, s, nullptr, state);
}

// As many parts as make REDUCE_BLOCKS blocks, if each thread still has something to do.
static inline void reduce_cut(reduce_shape *s) {
  const int64_t tiles = tc_ceil(s->inner, 32), blocks = s->outer * tiles;
  const int64_t most = s->n * (s->inner < 32 ? s->inner : 32) / (REDUCE_PER_THREAD * REDUCE_BLOCK);
  const int64_t wanted = blocks > 0 ? REDUCE_BLOCKS / blocks : 1;
  s->parts = wanted < most ? wanted : most;
  if (s->parts < 2) {
    s->parts = 1;
    return;
  }
  s->chunk = tc_ceil(s->n, 16 * s->parts) * 16;  // packs stay whole
  s->parts = tc_ceil(s->n, s->chunk);
}

// States of (outer, n, inner) become the results of (outer, inner).
template <class Op>
static void reduce_states(const Op &op, const typename Op::acc *from, int64_t outer, int64_t n,
                          int64_t inner) {
  const reduce_shape s = {outer, n, inner, 1, n, false};
  reduce_launch_columns<Op, true>(op, s, from, nullptr);
}

// The reduction: every line of (outer, inner) is put, also where n is 0.
template <class Op>
static tc_status tc_reduce(const Op &op, int64_t outer, int64_t n, int64_t inner) {
  typedef typename Op::acc A;
  reduce_shape s = {outer, n, inner, 1, n, false};
  if (outer == 0 || inner == 0) return TC_OK;
  reduce_cut(&s);
  s.packed = reduce_is_packed(op, s);
  if (s.parts == 1) {
    reduce_launch(op, s, (A *)nullptr);
    return tc_launched();
  }
  scratch state((size_t)(outer * s.parts * inner) * sizeof(A));
  if (!state.ok()) return state.status();
  reduce_launch(op, s, state.as<A>());
  reduce_states(op, state.as<A>(), outer, s.parts, inner);
  return tc_launched();
}

#endif
