// Running results along the middle of (outer, n, inner), for any associative operation.
//
// An operation is a struct that is copied to the device:
//   typedef ... acc;   a plain struct of whole words
//   acc none() const;   acc join(acc a, acc b) const     b stands after a
//   acc load(int64_t at, int64_t i) const                value i of a line, at `at` in memory
//   void put(acc a, int64_t at) const                    the result up to there
//
// Few long lines are cut into parts: a launch finds the total of each part, one runs over the
// totals, and the last begins each part with the total of all before it. Joins are in a fixed
// order.
#ifndef TOCHA_CUDA_RUNNING_H
#define TOCHA_CUDA_RUNNING_H

#include "reduce.h"

enum {
  SCAN_BLOCK = 256,
  SCAN_EACH = 4,
  SCAN_BLOCKS = 512,
  SCAN_LEAST = 2 * SCAN_BLOCK * SCAN_EACH
};

struct scan_shape {
  int64_t outer, n, inner;
  int64_t parts, chunk;
  bool backwards;

  // Step s of a line, in the order of the scan.
  __device__ int64_t index(int64_t s) const { return backwards ? n - 1 - s : s; }
  // Where step s lies in memory, on from the line's first value.
  __device__ int64_t at(int64_t s) const { return index(s) * inner; }
  __device__ int64_t begin(int64_t part) const { return part * chunk; }
  __device__ int64_t end(int64_t part) const {
    return begin(part) + chunk < n ? begin(part) + chunk : n;
  }
};

// ---- across threads --------------------------------------------------------------------------

// The join of all lanes before this one, of `width`; *all: that of all.
template <class Op>
__device__ inline typename Op::acc scan_lanes(const Op &op, typename Op::acc a, int width,
                                              typename Op::acc *all) {
  typedef typename Op::acc A;
  const int lane = (int)threadIdx.x % width;
  for (int d = 1; d < width; d *= 2) {
    const A before = warp_words(a, [=](unsigned w) { return __shfl_up_sync(~0u, w, d, width); });
    if (lane >= d) a = op.join(before, a);
  }
  *all = warp_words(a, [=](unsigned w) { return __shfl_sync(~0u, w, width - 1, width); });
  const A before = warp_words(a, [=](unsigned w) { return __shfl_up_sync(~0u, w, 1, width); });
  return lane > 0 ? before : op.none();
}

// The same for `width` threads: up to a warp, or the block.
template <class Op>
__device__ inline typename Op::acc scan_group(const Op &op, typename Op::acc a, int width,
                                              typename Op::acc *all) {
  typedef typename Op::acc A;
  TC_SHARED(A, total, [32]);
  if (width <= 32) return scan_lanes(op, a, width, all);
  const int warp = (int)threadIdx.x / 32, warps = (int)blockDim.x / 32;
  A own, before = scan_lanes(op, a, 32, &own);
  __syncthreads();  // the totals of the step before may still be read
  if (threadIdx.x % 32 == 31) total[warp] = own;
  __syncthreads();
  A earlier = op.none();
  *all = op.none();
  for (int k = 0; k < warps; k++) {
    if (k == warp) earlier = *all;
    *all = op.join(*all, total[k]);
  }
  return op.join(earlier, before);
}

// ---- kernels ---------------------------------------------------------------------------------

// inner is 1: `width` threads take a part of a row, SCAN_EACH neighbours each at a time. `from`:
// what stands before each part; `totals`: those are wanted, and nothing is put.
template <class Op>
__global__ void __launch_bounds__(SCAN_BLOCK, 1)
    scan_rows(const Op op, const __grid_constant__ scan_shape s, int width,
              const typename Op::acc *from, typename Op::acc *totals) {
  typedef typename Op::acc A;
  const int64_t k = (int64_t)blockIdx.x * (blockDim.x / width) + threadIdx.x / width;
  const int64_t line = k / s.parts, part = k % s.parts;
  const bool here = line < s.outer;
  const int lane = (int)threadIdx.x % width;
  const int64_t row = line * s.n;
  A before = here && from ? from[k] : op.none();
  for (int64_t base = 0; base < s.chunk; base += width * SCAN_EACH) {
    const int64_t first = s.begin(part) + base + lane * SCAN_EACH, end = here ? s.end(part) : 0;
    A v[SCAN_EACH], all, sum = op.none();
    for (int e = 0; e < SCAN_EACH; e++) {
      const int64_t i = first + e;
      if (i < end) sum = op.join(sum, op.load(row + s.at(i), s.index(i)));
      v[e] = sum;
    }
    const A lanes = scan_group(op, sum, width, &all), start = op.join(before, lanes);
    for (int e = 0; e < SCAN_EACH && !totals; e++)
      if (first + e < end) op.put(op.join(start, v[e]), row + s.at(first + e));
    before = op.join(before, all);
  }
  if (totals && here && lane == 0) totals[k] = before;
}

// A thread runs down a part of a column; a warp reads neighbours.
template <class Op>
__global__ void scan_columns(const Op op, const __grid_constant__ scan_shape s,
                             const typename Op::acc *from, typename Op::acc *totals) {
  const int64_t k = (int64_t)blockIdx.x * blockDim.x + threadIdx.x;  // (outer, parts, inner)
  const int64_t j = k % s.inner, part = k / s.inner % s.parts, o = k / s.inner / s.parts;
  const int64_t column = o * s.n * s.inner + j, total = (o * s.inner + j) * s.parts + part;
  if (o >= s.outer) return;
  typename Op::acc a = from ? from[total] : op.none();
  for (int64_t i = s.begin(part); i < s.end(part); i++) {
    a = op.join(a, op.load(column + s.at(i), s.index(i)));
    if (!totals) op.put(a, column + s.at(i));
  }
  if (totals) totals[total] = a;
}

// What stands before each part of a line: a thread a line, in place.
template <class Op>
__global__ void scan_totals(const Op op, typename Op::acc *totals, int64_t lines, int64_t parts) {
  const int64_t line = (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
  if (line >= lines) return;
  typename Op::acc before = op.none();
  for (int64_t k = line * parts; k < (line + 1) * parts; k++) {
    const typename Op::acc own = totals[k];
    totals[k] = before;
    before = op.join(before, own);
  }
}

// ---- launches --------------------------------------------------------------------------------

template <class Op>
static void scan_launch(const Op &op, const scan_shape &s, const typename Op::acc *from,
                        typename Op::acc *totals) {
  const int64_t threads = s.outer * s.parts * s.inner;
  if (s.inner > 1) {
    TC_LAUNCH_FLAT(scan_columns<Op>, (unsigned)tc_ceil(threads, 128), 128, op, s, from, totals);
    return;
  }
  const bool short_rows = s.chunk <= 4 * 32 * SCAN_EACH;  // some turns of a warp need no barrier
  const int width = tc_power_of_two(tc_ceil(s.chunk, SCAN_EACH), short_rows ? 32 : SCAN_BLOCK);
  const int block =
      width > 32 ? width : 32 * tc_power_of_two(tc_ceil(threads * width, 32), SCAN_BLOCK / 32);
  TC_LAUNCH(scan_rows<Op>, (unsigned)tc_ceil(threads, block / width), block, 0, op, s, width, from,
            totals);
}

// Parts, where lines alone would leave a card idle: a block takes a row, or 128 columns.
static inline void scan_cut(scan_shape *s) {
  const int64_t blocks = s->inner == 1 ? s->outer : tc_ceil(s->outer * s->inner, 128);
  const int64_t least = s->inner == 1 ? SCAN_LEAST : 64;
  const int64_t wanted = SCAN_BLOCKS / blocks, most = s->n / least;
  const int64_t parts = wanted < most ? wanted : most;
  s->chunk = parts < 2 ? s->n : tc_ceil(s->n, parts);
  s->parts = tc_ceil(s->n, s->chunk);
}

template <class Op>
static tc_status tc_scan(const Op &op, int64_t outer, int64_t n, int64_t inner, bool backwards) {
  typedef typename Op::acc A;
  scan_shape s = {outer, n, inner, 1, n, backwards};
  const int64_t lines = outer * inner;
  if (lines * n == 0) return TC_OK;
  scan_cut(&s);
  if (s.parts == 1) {
    scan_launch(op, s, (const A *)nullptr, (A *)nullptr);
    return tc_launched();
  }
  scratch space((size_t)(lines * s.parts) * sizeof(A));
  if (!space.ok()) return space.status();
  A *totals = space.as<A>();
  scan_launch(op, s, (const A *)nullptr, totals);
  TC_LAUNCH_FLAT(scan_totals<Op>, (unsigned)tc_ceil(lines, 128), 128, op, totals, lines, s.parts);
  scan_launch(op, s, (const A *)totals, (A *)nullptr);
  return tc_launched();
}

#endif
