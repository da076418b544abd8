// Bytes are moved in the largest units that sizes and addresses allow, whatever the dtype.
#ifndef TOCHA_CUDA_UNITS_H
#define TOCHA_CUDA_UNITS_H

#include "flat.h"

// f(U()) for the largest of 8, 4, 2 and 1 bytes that divides `bits`.
template <class F> static inline void by_word(uint64_t bits, F f) {
  if (bits % 8 == 0) f(uint64_t());
  else if (bits % 4 == 0) f(uint32_t());
  else if (bits % 2 == 0) f(uint16_t());
  else f(uint8_t());
}

// The same with 16 bytes; `bits` is made by | of all sizes and addresses.
template <class F> static inline void by_unit(uint64_t bits, F f) {
  if (bits % 16 == 0) f(uint4());
  else by_word(bits, f);
}

static inline uint64_t unit_bits(const tc_tensor *t) { return (uint64_t)(uintptr_t)tc_data(t); }

// f(U()) for the unsigned type of an item's size.
template <class F> static inline void by_item(const tc_tensor *t, F f) {
  by_word(tc_itemsize((tc_dtype)t->dtype), f);
}

#endif
