// tri(y, x, diagonal, upper): a triangle of each matrix of x, zeros elsewhere, in any dtype.
#include "cpu.h"

TC_PLAIN_KERNEL(tri) {
  const tc_tensor *x = a->t[1];
  const int64_t rows = x->size[x->ndim - 2], cols = x->size[x->ndim - 1];
  const int64_t count = tc_numel(x), lines = cols ? count / cols : 0, diagonal = a->i[0];
  const size_t item = tc_itemsize((tc_dtype)x->dtype);
  const bool upper = a->i[1] != 0;
  char *y = tc_data(a->t[0]);
  const char *from = tc_data(x);
  TC_PARALLEL_FOR(l, lines, cols) {
    // Columns before `split` belong to the lower part.
    int64_t split = l % rows + diagonal + (upper ? 0 : 1);
    split = split < 0 ? 0 : TC_MIN(split, cols);
    const size_t start = (size_t)(l * cols) * item, end = start + (size_t)cols * item;
    const size_t middle = start + (size_t)split * item;
    const size_t keep = upper ? middle : start, drop = upper ? start : middle;
    memcpy(y + keep, from + keep, upper ? end - middle : middle - start);
    memset(y + drop, 0, upper ? middle - start : end - middle);
  }
  return TC_OK;
}
