// Copies between two layouts of one dtype, as bits.
#ifndef TOCHA_CPU_COPY_H
#define TOCHA_CPU_COPY_H

#include "cpu.h"

// Strides count elements; a source stride of 0 repeats.
typedef struct tc_layout_copy {
  int ndim;
  int64_t size[TC_MAX_DIMS], to_stride[TC_MAX_DIMS], from_stride[TC_MAX_DIMS];
  char *to;
  const char *from;
  size_t item;
} tc_layout_copy;

void TC_CPU(copy_layout)(tc_layout_copy c);

// Does memory order put another dimension last, so that rows would be read across the grain?
bool TC_CPU(is_transposed)(const tc_layout_copy *c);

#endif
