// Vectors of the target's own width: types, parts of them at the end of a row, interleaving. Part of
// a template. Arithmetic is the compiler's (GNU vector extensions).
#ifndef TOCHA_VECTORS_H
#define TOCHA_VECTORS_H

#include "cpu.h"

#if defined(__AVX512F__)
#include <immintrin.h>
#define PANEL_BYTES 64
enum { VECTOR_MASKS = 1 };  // the rest of a row costs as much as a vector
#elif defined(__AVX2__)
#define PANEL_BYTES 32
#else
#define PANEL_BYTES 16
#endif
#ifndef __AVX512F__
enum { VECTOR_MASKS = 0 };
#endif
#endif

typedef T NAME(panel_vec) __attribute__((vector_size(PANEL_BYTES), aligned(sizeof(T)), may_alias));
enum { NAME(PANEL_LANES) = PANEL_BYTES / sizeof(T), NAME(PANEL_WIDE) = 2 * NAME(PANEL_LANES) };

// Integers as wide as T: what comparing vectors gives, all bits of a lane where it is true.
#if TC_IS_F32
typedef int32_t NAME(lane_int);
#else
typedef int64_t NAME(lane_int);
#endif
typedef NAME(lane_int) NAME(lane_ints)
    __attribute__((vector_size(PANEL_BYTES), aligned(sizeof(T)), may_alias));

static inline NAME(lane_ints)
    NAME(pick_ints)(NAME(lane_ints) mask, NAME(lane_ints) a, NAME(lane_ints) b) {
  return (a & mask) | (b & ~mask);
}

static inline NAME(panel_vec)
    NAME(pick)(NAME(lane_ints) mask, NAME(panel_vec) a, NAME(panel_vec) b) {
  return (NAME(panel_vec))NAME(pick_ints)(mask, (NAME(lane_ints))a, (NAME(lane_ints))b);
}

// The first `width` elements of a vector, fewer than it has.
static inline NAME(panel_vec) NAME(load_some)(const T *from, int64_t width) {
#if defined(__AVX512F__) && TC_IS_F32
  return (NAME(panel_vec))_mm512_maskz_loadu_ps((__mmask16)((1U << width) - 1), from);
#elif defined(__AVX512F__)
  return (NAME(panel_vec))_mm512_maskz_loadu_pd((__mmask8)((1U << width) - 1), from);
#else
  NAME(panel_vec) x = {0};
  for (int64_t j = 0; j < width; j++) x[j] = from[j];
  return x;
#endif
}

static inline void NAME(store_some)(T *to, NAME(panel_vec) x, int64_t width) {
#if defined(__AVX512F__) && TC_IS_F32
  _mm512_mask_storeu_ps(to, (__mmask16)((1U << width) - 1), (__m512)x);
#elif defined(__AVX512F__)
  _mm512_mask_storeu_pd(to, (__mmask8)((1U << width) - 1), (__m512d)x);
#else
  for (int64_t j = 0; j < width; j++) to[j] = x[j];
#endif
}

// The larger of each pair of elements, `b` where one of them is NaN.
static inline NAME(panel_vec) NAME(max_or_second)(NAME(panel_vec) a, NAME(panel_vec) b) {
#if defined(__AVX512F__) && TC_IS_F32
  return (NAME(panel_vec))_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(__AVX512F__)
  return (NAME(panel_vec))_mm512_max_pd((__m512d)a, (__m512d)b);
#else
  return NAME(pick)(a > b, a, b);
#endif
}

// `value` where a and b are equal, else what `ints` holds.
static inline NAME(lane_ints) NAME(mark_equal)(NAME(lane_ints) ints, NAME(panel_vec) a,
                                               NAME(panel_vec) b, NAME(lane_int) value) {
#if defined(__AVX512F__) && TC_IS_F32
  const __mmask16 equal = _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_EQ_OQ);
  return (NAME(lane_ints))_mm512_mask_set1_epi32((__m512i)ints, equal, value);
#elif defined(__AVX512F__)
  const __mmask8 equal = _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_EQ_OQ);
  return (NAME(lane_ints))_mm512_mask_set1_epi64((__m512i)ints, equal, value);
#else
  return NAME(pick_ints)(a == b, (NAME(lane_ints)){0} + value, ints);
#endif
}

// Is a bit set in any lane?
static inline bool NAME(any_lane)(NAME(lane_ints) mask) {
#if defined(__AVX512F__)
  return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0;
#else
  NAME(lane_int) any = 0;
  for (int i = 0; i < NAME(PANEL_LANES); i++) any |= mask[i];
  return any != 0;
#endif
}

// Two vectors interleaved: the lower halves, and the upper ones. RIFFLES of them turn a square.
#undef RIFFLE_LOW
#undef RIFFLE_HIGH
#undef RIFFLES
#undef EVENS
#undef ODDS
#if PANEL_BYTES == 64 && TC_IS_F32
#define RIFFLES 4
#define RIFFLE_LOW(x, y)                                                                           \
  __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define RIFFLE_HIGH(x, y)                                                                          \
  __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define EVENS(x, y)                                                                                \
  __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODDS(x, y)                                                                                 \
  __builtin_shufflevector(x, y, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#elif PANEL_BYTES == 64 || (PANEL_BYTES == 32 && TC_IS_F32)
#define RIFFLES 3
#define RIFFLE_LOW(x, y) __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11)
#define RIFFLE_HIGH(x, y) __builtin_shufflevector(x, y, 4, 12, 5, 13, 6, 14, 7, 15)
#define EVENS(x, y) __builtin_shufflevector(x, y, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODDS(x, y) __builtin_shufflevector(x, y, 1, 3, 5, 7, 9, 11, 13, 15)
#elif PANEL_BYTES == 32 || TC_IS_F32
#define RIFFLES 2
#define RIFFLE_LOW(x, y) __builtin_shufflevector(x, y, 0, 4, 1, 5)
#define RIFFLE_HIGH(x, y) __builtin_shufflevector(x, y, 2, 6, 3, 7)
#define EVENS(x, y) __builtin_shufflevector(x, y, 0, 2, 4, 6)
#define ODDS(x, y) __builtin_shufflevector(x, y, 1, 3, 5, 7)
#else
#define RIFFLES 1
#define RIFFLE_LOW(x, y) __builtin_shufflevector(x, y, 0, 2)
#define RIFFLE_HIGH(x, y) __builtin_shufflevector(x, y, 1, 3)
#define EVENS(x, y) RIFFLE_LOW(x, y)
#define ODDS(x, y) RIFFLE_HIGH(x, y)
#endif
