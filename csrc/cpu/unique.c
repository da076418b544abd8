// What unique needs beside sort: rows in lexicographic order, and the runs of equal rows.
#ifndef T
#include "cpu.h"
#define TC_TEMPLATE "unique.c"
#include "numbers.h"
TC_NUMBER_KERNEL(sort_rows)
TC_NUMBER_KERNEL(runs)
#else

// Is a before b, with NaN after everything?
#define BEFORE(a, b) ((a) < (b) || ((b) != (b) && (a) == (a)))

static bool NAME(row_before)(const T *a, const T *b, int64_t width) {
  for (int64_t j = 0; j < width; j++)
    if (a[j] != b[j]) return BEFORE(a[j], b[j]);
  return false;
}

// Two sorted runs of row numbers become one.
static void NAME(merge_rows)(const T *x, int64_t width, const int64_t *from, int64_t *to,
                             int64_t middle, int64_t n) {
  int64_t i = 0, j = middle;
  for (int64_t k = 0; k < n; k++) {
    const bool second =
        i == middle ||
        (j < n && NAME(row_before)(x + (from[j] - 1) * width, x + (from[i] - 1) * width, width));
    to[k] = second ? from[j++] : from[i++];
  }
}

// sort_rows(order, x): the numbers (from 1) of the rows of x (n, width) in lexicographic order; stable.
static tc_status NAME(sort_rows)(tc_args *a) {
  int64_t *order = tc_data(a->t[0]);
  const T *x = (const T *)tc_data(a->t[1]);
  const int64_t n = a->t[1]->size[0], width = a->t[1]->size[1];
  const size_t bytes = (size_t)n * sizeof *order;
  int64_t *temp = tc_alloc(bytes);
  if (!temp) return tc_fail(TC_NO_MEMORY, "not enough memory to sort %lld rows", (long long)n);
  for (int64_t i = 0; i < n; i++) order[i] = i + 1;
  for (int64_t run = 1; run < n; run *= 2) {
    for (int64_t i = 0; i < n; i += 2 * run)
      NAME(merge_rows)(x, width, order + i, temp + i, TC_MIN(run, n - i), TC_MIN(2 * run, n - i));
    memcpy(order, temp, bytes);
  }
  tc_free(temp, bytes);
  return TC_OK;
}

// runs(run, start, count, x): the number of each row's run of equal rows, the row each run starts at
// (room for n), and how many runs there are. NaN equals nothing.
static tc_status NAME(runs)(tc_args *a) {
  int64_t *run = tc_data(a->t[0]), *start = tc_data(a->t[1]), *count = tc_data(a->t[2]);
  const T *x = (const T *)tc_data(a->t[3]);
  const int64_t n = a->t[3]->size[0], width = a->t[3]->size[1];
  int64_t k = 0;
  for (int64_t i = 0; i < n; i++) {
    bool same = i > 0;
    for (int64_t j = 0; same && j < width; j++) same = x[i * width + j] == x[(i - 1) * width + j];
    if (!same) start[k++] = i + 1;
    run[i] = k;
  }
  *count = k;
  return TC_OK;
}
#undef BEFORE
#endif
