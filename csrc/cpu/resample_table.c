// The tables of ops.resample for a filter: index (outputs, taps), from 1, and weight.
#include "filter.h"

static void put_row(const filter *f, int64_t o, int64_t taps, double *scratch, int64_t *index,
                    double *weight) {
  int64_t first;
  const int64_t n = filter_window(f, o, &first, scratch);
  for (int64_t k = 0; k < taps; k++) {
    index[k] = first + 1 + (k < n ? k : 0);
    weight[k] = k < n ? scratch[k] : 0;
  }
}

// t: index, weight (float64). i: filter, inputs. f: step, support.
TC_PLAIN_KERNEL(resample_table) {
  const filter f = {(filter_kind)a->i[0], a->i[1], a->f[0], a->f[1]};
  TC_TRY(filter_check(&f));
  const int64_t outputs = a->t[0]->size[0], taps = a->t[0]->size[1], most = filter_most(&f);
  if (a->t[1]->dtype != TC_float64 || !tc_same_shape(a->t[0], a->t[1]) || taps < most)
    return tc_fail(TC_BAD_SHAPE, "expected float64 weights of at least %lld taps", (long long)most);
  double *scratch = tc_alloc((size_t)most * sizeof *scratch);
  if (!scratch) return tc_fail(TC_NO_MEMORY, "not enough memory for %lld taps", (long long)most);
  int64_t *index = tc_data(a->t[0]);
  double *weight = tc_data(a->t[1]);
  for (int64_t o = 0; o < outputs; o++)
    put_row(&f, o, taps, scratch, index + o * taps, weight + o * taps);
  tc_free(scratch, (size_t)most * sizeof *scratch);
  return TC_OK;
}
