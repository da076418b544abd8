// Dtypes and how two of them promote, as PyTorch has it.
#include "tocha.h"

const tc_dtype_info tc_dtype_table[TC_DTYPES] = {
#define DTYPE(name, ctype, kind, bytes) {#name, kind, bytes},
#include "dtypes.def"
#undef DTYPE
};

// Integers by width; uint8 and int8 share none but int16.
static tc_dtype promote_ints(tc_dtype a, tc_dtype b) {
  if ((a == TC_uint8 && b == TC_int8) || (a == TC_int8 && b == TC_uint8)) return TC_int16;
  return a > b ? a : b;
}

static tc_dtype promote_floats(tc_dtype a, tc_dtype b) {
  if (a != b && tc_is_half(a) && tc_is_half(b)) return TC_float32;
  return a > b ? a : b;
}

tc_dtype tc_promote(tc_dtype a, tc_dtype b) {
  const tc_kind ka = tc_dtype_table[a].kind, kb = tc_dtype_table[b].kind;
  if (ka != kb) return ka > kb ? a : b;
  return ka == TC_KIND_FLOAT ? promote_floats(a, b) : promote_ints(a, b);
}
