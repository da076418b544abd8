// What a row needs to be put in order for: median, nanmedian, mode. x is (outer, n, inner); values and
// their places (from 1) are (outer, inner). The lower of two middle values is the median, as in PyTorch.
#ifndef T
#include <stdlib.h>

#include "cpu.h"
#define TC_TEMPLATE "order.c"
#include "numbers.h"
TC_NUMBER_KERNEL(median)
TC_NUMBER_KERNEL(mode)
#else

#if TC_IS_INT
#define IS_NAN(v) false
#else
#define IS_NAN(v) isnan(v)
#endif

typedef struct NAME(entry) {
  T value;
  int64_t at;
} NAME(entry);

// NaN sorts last; equal values keep their order, so that results do not depend on the library's qsort.
static int NAME(compare)(const void *p, const void *q) {
  const NAME(entry) *a = p, *b = q;
  const bool a_nan = IS_NAN(a->value), b_nan = IS_NAN(b->value);
  if (a_nan != b_nan) return a_nan ? 1 : -1;
  if (a->value < b->value) return -1;
  if (a->value > b->value) return 1;
  return a->at < b->at ? -1 : a->at > b->at;
}

static void NAME(sorted_row)(NAME(entry) *row, const T *x, int64_t n, int64_t step) {
  for (int64_t i = 0; i < n; i++) row[i].value = x[i * step], row[i].at = i + 1;
  qsort(row, (size_t)n, sizeof *row, NAME(compare));
}

// NaN wins where there is one, unless `skip_nan`.
static NAME(entry) NAME(median_of)(const NAME(entry) *row, int64_t n, bool skip_nan) {
  int64_t numbers = n;
  while (numbers > 0 && IS_NAN(row[numbers - 1].value)) numbers--;
  if (numbers < n && (!skip_nan || numbers == 0)) return row[numbers];
  return row[(numbers - 1) / 2];
}

// The smallest of the most frequent values, at the last place where it stands.
static NAME(entry) NAME(mode_of)(const NAME(entry) *row, int64_t n, bool unused) {
  (void)unused;
  NAME(entry) best = row[0];
  int64_t most = 0, run = 0;
  for (int64_t i = 0; i < n; i++) {
    run = i > 0 && row[i].value == row[i - 1].value ? run + 1 : 1;
    if (run >= most && (run > most || row[i].value == best.value)) best = row[i], most = run;
  }
  return best;
}

static tc_status NAME(pick)(tc_args *a, NAME(entry) (*choose)(const NAME(entry) *, int64_t, bool)) {
  T *y = (T *)tc_data(a->t[0]);
  int64_t *index = (int64_t *)tc_data(a->t[1]);
  const T *x = (const T *)tc_data(a->t[2]);
  const int64_t outer = a->i[0], n = a->i[1], inner = a->i[2], count = outer * inner;
  const int64_t chunks = TC_MIN(count, 64);
  const size_t row_bytes = (size_t)n * sizeof(NAME(entry)), bytes = (size_t)chunks * row_bytes;
  if (count == 0) return TC_OK;
  char *scratch = tc_alloc(bytes);
  if (!scratch) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes to sort in", bytes);
  TC_PARALLEL_FOR(c, chunks, count / chunks * n * 8) {
    NAME(entry) *row = (NAME(entry) *)(void *)(scratch + (size_t)c * row_bytes);
    for (int64_t k = c; k < count; k += chunks) {
      NAME(sorted_row)(row, x + k / inner * n * inner + k % inner, n, inner);
      const NAME(entry) e = choose(row, n, a->i[3] != 0);
      y[k] = e.value;
      index[k] = e.at;
    }
  }
  tc_free(scratch, bytes);
  return TC_OK;
}

static tc_status NAME(median)(tc_args *a) { return NAME(pick)(a, NAME(median_of)); }
static tc_status NAME(mode)(tc_args *a) { return NAME(pick)(a, NAME(mode_of)); }
#undef IS_NAN
#endif
