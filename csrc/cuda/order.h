// Values as unsigned keys of the same order, and a stable sort of lines of keys with their places: what
// sort, topk, median, mode, unique, permutations and all that adds at repeated indices share.
#ifndef TOCHA_CUDA_ORDER_H
#define TOCHA_CUDA_ORDER_H

#include <string.h>

#include "divide.h"
#include "../cpu/lines.h"
#include "flat.h"

// ---- keys --------------------------------------------------------------------------------------

template <size_t BYTES> struct tc_unsigned { typedef uint64_t type; };
template <> struct tc_unsigned<4> { typedef uint32_t type; };
template <> struct tc_unsigned<2> { typedef uint16_t type; };
template <class T> using key_t_of = typename tc_unsigned<sizeof(T)>::type;

// NaN is the greatest value and the only one of this key; -0 equals 0.
template <class T> static __device__ inline key_t_of<T> tc_key(T v) {
  typedef key_t_of<T> K;
  const K top = (K)((K)1 << (sizeof(K) * 8 - 1));
  const auto x = wide(v);
  K bits;
  memcpy(&bits, &v, sizeof bits);
  if (x != x) return (K) ~(K)0;
  if (x == 0) return top;
  return (K)(bits & top ? ~bits : bits | top);
}
template <> __device__ inline uint64_t tc_key(int64_t v) { return (uint64_t)v ^ 1ULL << 63; }

template <class T> static __device__ inline bool is_nan_key(key_t_of<T> key) {
  return (acc_t<T>)0.5 != 0 && key == (key_t_of<T>)~(key_t_of<T>)0;
}

// ---- lines -------------------------------------------------------------------------------------

// Tensors (outer, m, inner) that have their lines along the middle; `n` is that of the keys.
struct tc_line_shape {
  int64_t count, n;
  divider m, inner;

  tc_line_shape(int64_t outer, int64_t m, int64_t inner, int64_t n)
      : count(outer * m * inner), n(n), m(m), inner(inner) {}
};

// Where element i stands: which line, and from which element of the other tensor on that line has its
// elements, `inner` apart.
struct tc_line_spot {
  int64_t line, at, first;
};
static __device__ inline tc_line_spot line_spot(const tc_line_shape &s, int64_t i) {
  int64_t c = i, at = s.inner.split(&c);
  const int64_t outer = s.m.split(&at);
  return {outer * s.inner.by + c, at, outer * s.n * s.inner.by + c};
}

// ---- the sort ----------------------------------------------------------------------------------

// Places are 32 bits.
static inline tc_status line_fits(int64_t n) {
  if (n <= UINT32_MAX) return TC_OK;
  return tc_fail(TC_BAD_SHAPE, "a line of %lld elements is too long to sort", (long long)n);
}

// Sorts each line of keys (lines, n), filled in by the caller, with the places from 0 beside them. Equal
// keys keep their order. Short lines are sorted in shared memory, many in a block; long ones by digits
// of 8 bits from the lowest, each pass counting, summing and moving.
template <class K> class line_sorter {
public:
  line_sorter(int64_t lines, int64_t n);
  bool ok() const { return n <= UINT32_MAX && memory.ok(); }
  tc_status status() const {
    TC_TRY(line_fits(n));
    return memory.status();
  }
  K *keys() const { return memory.as<K>(); }
  void sort(int bits = (int)sizeof(K) * 8);  // of the keys, the lowest that differ
  const K *sorted() const { return keys() + (swapped ? lines * n : 0); }
  const uint32_t *places() const { return place() + (swapped ? lines * n : 0); }

private:
  int64_t lines, n, blocks, span;  // blocks a line, elements a block
  bool swapped;
  scratch memory;

  bool is_short() const;
  uint32_t *place() const { return (uint32_t *)(keys() + (is_short() ? 1 : 2) * lines * n); }
  void sort_short();
  void pass(int shift, bool first);
};

// How many bits the numbers 0 .. most have.
static inline int bits_of(uint64_t most) {
  int bits = 0;
  while (most >> bits) bits++;
  return bits;
}

#endif
