// Counting: bincount (of ids that count from 1) and histc (equal bins between two ends).
#ifndef T
#include "cpu.h"

static tc_status check_ids(const int64_t *id, int64_t n, int64_t bins) {
  for (int64_t i = 0; i < n; i++)
    if (id[i] < 1 || id[i] > bins)
      return tc_fail(TC_BAD_VALUE, "value %lld is out of range 1..%lld", (long long)id[i],
                     (long long)bins);
  return TC_OK;
}

#define TC_TEMPLATE "hist.c"
#include "floats.h"
TC_FLOAT_KERNEL(histc)
TC_FLOAT_KERNEL(bincount_weighted)

TC_PLAIN_KERNEL(bincount) {
  int64_t *y = (int64_t *)tc_data(a->t[0]);
  const int64_t *id = (const int64_t *)tc_data(a->t[1]);
  const int64_t n = tc_numel(a->t[1]), bins = tc_numel(a->t[0]);
  TC_TRY(check_ids(id, n, bins));
  memset(y, 0, (size_t)bins * sizeof *y);
  for (int64_t i = 0; i < n; i++) y[id[i] - 1]++;
  return TC_OK;
}

#else

static tc_status NAME(bincount_weighted)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const int64_t *id = (const int64_t *)tc_data(a->t[1]);
  const T *weight = (const T *)tc_data(a->t[2]);
  const int64_t n = tc_numel(a->t[1]), bins = tc_numel(a->t[0]);
  TC_TRY(check_ids(id, n, bins));
  for (int64_t j = 0; j < bins; j++) y[j] = 0;
  for (int64_t i = 0; i < n; i++) y[id[i] - 1] += weight[i];
  return TC_OK;
}

// Values outside low..high and NaN are not counted; `high` itself falls into the last bin.
static tc_status NAME(histc)(tc_args *a) {
  T *y = (T *)tc_data(a->t[0]);
  const T *x = (const T *)tc_data(a->t[1]);
  const int64_t bins = tc_numel(a->t[0]), n = tc_numel(a->t[1]);
  const T low = (T)a->f[0], high = (T)a->f[1];
  for (int64_t j = 0; j < bins; j++) y[j] = 0;
  for (int64_t i = 0; i < n; i++) {
    if (!(x[i] >= low && x[i] <= high)) continue;
    const int64_t bin = (int64_t)((x[i] - low) * (T)bins / (high - low));
    y[TC_MIN(bin, bins - 1)] += 1;
  }
  return TC_OK;
}
#endif
