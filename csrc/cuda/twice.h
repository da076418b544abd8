// Lines that registers do not hold: reduced, then read again to make a value of each element.
//
// `op` puts what is known of a line into the device's memory, `f` reads it there. Rows are (1,
// rows, n) to f, so that a row is a line of its own; columns are (outer, n, inner).
//
// With many rows one launch does both: a block takes a row, and finds it in the second cache when
// it reads it again (two blocks a processor and 100 KB a row make 26 MB). Few rows are shared by
// blocks, in launches of their own.
#ifndef TOCHA_CUDA_TWICE_H
#define TOCHA_CUDA_TWICE_H

#include "spread.h"

enum { TWICE_BLOCK = 512, TWICE_ROWS = 64 };

// What f finds of an element's line in a table: once for a pack of a row, for each element of
// columns.
struct twice_lines {
  bool rows;
  int64_t inner;
  template <class L> __device__ L of_row(const L *table, const spread_place &p) const {
    return rows ? table[p.i] : L();
  }
  template <class L> __device__ L of(const L *table, const L &row, const spread_place &p) const {
    return rows ? row : table[line(p)];
  }
  __device__ int64_t line(const spread_place &p) const { return rows ? p.i : p.o * inner + p.j; }
  __device__ int64_t place(const spread_place &p) const { return rows ? p.j : p.i; }
};

static inline twice_lines twice_lines_of(int64_t inner) { return {inner == 1, inner}; }

// Elements from..to-1 of f's result.
template <class F>
__device__ inline void spread_range(const F &f, const spread_shape &s, int64_t from, int64_t to) {
  constexpr int V = tc_pack_size<typename F::T>();
  const int64_t whole = s.packed ? (from + V - 1) / V * V : to, start = whole < to ? whole : to;
  const int64_t end = to - (to - start) % V;
  for (int64_t at = from + threadIdx.x; at < start; at += blockDim.x) spread_one(f, s, at);
  for (int64_t at = start + threadIdx.x * V; at < end; at += blockDim.x * V) spread_pack(f, s, at);
  for (int64_t at = end + threadIdx.x; at < to; at += blockDim.x) spread_one(f, s, at);
}

template <class Op, class F>
__global__ void __launch_bounds__(TWICE_BLOCK, 1)
    twice_rows(const Op op, const F f, const reduce_shape r, const spread_shape s) {
  const int64_t row = blockIdx.x;
  typename Op::acc a = reduce_span(op, r, row, 0, (int)threadIdx.x, TWICE_BLOCK);
  a = block_reduce(a, op.none(), tc_joins<Op>{op});
  if (threadIdx.x == 0) op.put(a, row);
  __syncthreads();
  spread_range(f, s, row * r.n, (row + 1) * r.n);
}

template <class Op, class F>
static tc_status tc_twice(const Op &op, const F &f, int64_t outer, int64_t n, int64_t inner) {
  if (inner != 1 || outer < TWICE_ROWS) {
    TC_TRY(tc_reduce(op, outer, n, inner));
    return inner == 1 ? tc_spread(f, 1, outer, n) : tc_spread(f, outer, n, inner);
  }
  reduce_shape r = {outer, n, 1, 1, n, false};
  r.packed = reduce_is_packed(op, r);
  TC_LAUNCH((twice_rows<Op, F>), (unsigned)outer, TWICE_BLOCK, 0, op, f, r,
            spread_shape_of(f, 1, outer, n));
  return tc_launched();
}

#endif
