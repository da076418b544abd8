// Rows that fit into the registers of a warp's part, a warp or a block: read once, then all that is
// to be known of a row is known where it lies.
//
// `width` threads next to each other hold a row, ROW_KEEP values each: 1 to 512 threads, so that
// short rows share a warp. With n a multiple of a pack, each access moves 16 bytes.
#ifndef TOCHA_CUDA_ROWS_H
#define TOCHA_CUDA_ROWS_H

#include "reduce.h"

enum { ROW_KEEP = 8, ROW_BLOCK = 512, ROW_MOST = ROW_KEEP * ROW_BLOCK };

struct row_shape {
  int64_t rows;
  int n, width;
  bool packed;
  int block;
  unsigned grid;
};

static inline bool row_fits(int64_t n) { return n <= ROW_MOST; }

// Rows of n <= ROW_MOST values; `aligned`: are all their tensors?
template <class T> static row_shape row_shape_of(int64_t rows, int64_t n, bool aligned) {
  row_shape s = {rows, (int)n, tc_power_of_two(tc_ceil(n, ROW_KEEP), ROW_BLOCK), false, 0, 0};
  s.packed = aligned && n % tc_pack_size<T>() == 0;
  s.block = s.width > 32 ? s.width : 32 * tc_power_of_two(tc_ceil(rows * s.width, 32), 4);
  s.grid = (unsigned)tc_ceil(rows, s.block / s.width);
  return s;
}

// One thread's share of a row of T, in the type that T is computed in. A row that is beyond the
// last one has no values, but its threads come to every barrier.
template <class T> struct row_share {
  typedef acc_t<T> A;
  static constexpr int V = tc_pack_size<T>();
  int lane, width, n;
  bool packed;

  __device__ row_share(const row_shape &s, int64_t row)
      : lane((int)threadIdx.x % s.width), width(s.width), n(row < s.rows ? s.n : 0),
        packed(s.packed) {}

  // Where value k of this thread stands in the row.
  __device__ int place(int k) const {
    return packed ? ((k / V) * width + lane) * V + k % V : k * width + lane;
  }
  __device__ bool has(int k) const { return place(k) < n; }

  // Of T, or of another type at the same places.
  template <class S> __device__ void load(A *v, const S *row, A none) const {
#pragma unroll
    for (int k = 0; k < ROW_KEEP; k += V) {
      if (packed) load_pack(v + k, row, place(k), none);
      else
        for (int e = k; e < k + V; e++) v[e] = has(e) ? (A)wide(row[place(e)]) : none;
    }
  }
  __device__ void store(T *row, const A *v) const {
#pragma unroll
    for (int k = 0; k < ROW_KEEP; k += V) {
      if (packed) store_pack(row, place(k), v + k);
      else
        for (int e = k; e < k + V; e++)
          if (has(e)) row[place(e)] = narrow<T>(v[e]);
    }
  }

private:
  template <class S> __device__ void load_pack(A *v, const S *row, int at, A none) const {
    pack<S, V> p;
    if (at < n) p = *(const pack<S, V> *)(row + at);
#pragma unroll
    for (int e = 0; e < V; e++) v[e] = at < n ? (A)wide(p.at[e]) : none;
  }
  __device__ void store_pack(T *row, int at, const A *v) const {
    pack<T, V> p;
#pragma unroll
    for (int e = 0; e < V; e++) p.at[e] = narrow<T>(v[e]);
    if (at < n) *(pack<T, V> *)(row + at) = p;
  }
};

// The row of this thread in a launch of one row for each group.
__device__ inline int64_t row_index(const row_shape &s) {
  return (int64_t)blockIdx.x * (blockDim.x / s.width) + threadIdx.x / s.width;
}

template <class A> __device__ inline A row_sum(A x, int width) {
  return group_reduce(x, (A)0, tc_add(), width);
}

#endif
