// Bytes are moved in the largest units that sizes and addresses allow, whatever the dtype.
#ifndef TOCHA_CUDA_UNITS_H
#define TOCHA_CUDA_UNITS_H

#include "flat.h"

// f(U()) for the unit U of 16, 8, 4, 2 or 1 bytes that divides all of which `bits` is made by |.
template <class F> static inline void by_unit(uint64_t bits, F f) {
  if (bits % 16 == 0) f(uint4());
  else if (bits % 8 == 0) f(uint64_t());
  else if (bits % 4 == 0) f(uint32_t());
  else if (bits % 2 == 0) f(uint16_t());
  else f(uint8_t());
}

static inline uint64_t unit_bits(const tc_tensor *t) { return (uint64_t)(uintptr_t)tc_data(t); }

// f(U()) for the unsigned type of an item's size.
template <class F> static inline void by_item(const tc_tensor *t, F f) {
  by_unit(tc_itemsize((tc_dtype)t->dtype), f);
}

#endif
