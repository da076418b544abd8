// Rotary positions (Su et al., 2021): pairs of columns turn by an angle that grows with the row.
#ifndef T
#include "cpu.h"
#define TC_TEMPLATE "rotary.c"
#include "floats.h"
TC_FLOAT_KERNEL(rotary)
#else

// Pairs lie side by side.
static void NAME(rotary_pairs)(T *y, const T *x, const T *cosines, const T *sines, int64_t pairs,
                               T sign) {
  for (int64_t j = 0; j < pairs; j++) {
    const T a = x[2 * j], b = x[2 * j + 1], c = cosines[j], s = sign * sines[j];
    y[2 * j] = a * c - b * s;
    y[2 * j + 1] = a * s + b * c;
  }
}

// The first of all pairs, then the second of all.
static void NAME(rotary_halves)(T *y, const T *x, const T *cosines, const T *sines, int64_t pairs,
                                T sign) {
  for (int64_t j = 0; j < pairs; j++) {
    const T a = x[j], b = x[pairs + j], c = cosines[j], s = sign * sines[j];
    y[j] = a * c - b * s;
    y[pairs + j] = a * s + b * c;
  }
}

// rotary(y, x, cosines, sines, interleaved, inverse): x is (..., rows, width), cosines and sines
// (rows, pairs); columns beyond the pairs stay.
static tc_status NAME(rotary)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const T *x = (const T *)tc_data(a->t[1]);
  const T *cosines = (const T *)tc_data(a->t[2]), *sines = (const T *)tc_data(a->t[3]);
  const int64_t rows = a->t[2]->size[0], pairs = a->t[2]->size[1];
  const int64_t width = a->t[1]->size[a->t[1]->ndim - 1];
  const int64_t all = width > 0 ? tc_numel(a->t[1]) / width : 0;
  const T sign = a->i[1] ? -1 : 1;
  TC_PARALLEL_FOR(r, all, 4 * width) {
    const int64_t at = r % rows * pairs;
    T *to = y + r * width;
    const T *from = x + r * width;
    if (a->i[0]) NAME(rotary_pairs)(to, from, cosines + at, sines + at, pairs, sign);
    else NAME(rotary_halves)(to, from, cosines + at, sines + at, pairs, sign);
    for (int64_t j = 2 * pairs; j < width; j++) to[j] = from[j];
  }
  return TC_OK;
}
#endif
