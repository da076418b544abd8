// A sparse linear map along one dimension: y[..., o, ...] = sum over t of weight[o, t] *
// x[..., index[o, t], ...]; and its adjoint. Interpolation is one of these a dimension.
//
// The adjoint gathers: an input looks at the outputs between the first and the last that refer to it,
// which for interpolation are those that do, and a few more for tables in any order.
#include "geometry.h"

// x (outer, inputs, inner), y (outer, outputs, inner); tables (outputs, taps)
struct mapping {
  int64_t inputs, outputs, taps, inner;
  divider by_inner, by_inputs, by_outputs;
  const int64_t *index;
  int *alarm;
};

// `x` and `y` stand on the two sides of the map along dimension d.
static mapping mapping_of(const tc_args *a, const tc_tensor *x, const tc_tensor *y) {
  const tc_tensor *index = a->t[2];
  mapping m;
  m.inputs = x->size[a->i[0]], m.outputs = index->size[0], m.taps = index->size[1], m.inner = 1;
  for (int64_t k = a->i[0] + 1; k < y->ndim; k++) m.inner *= y->size[k];
  m.by_inner = divider(m.inner), m.by_inputs = divider(m.inputs), m.by_outputs = divider(m.outputs);
  m.index = tc_ptr<int64_t>(index);
  m.alarm = tc_alarm();
  return m;
}

template <class T>
static __global__ void resample_kernel(T *y, const T *x, const T *weight, const mapping m,
                                       int64_t n) {
  int64_t i = flat_index();
  if (i >= n) return;
  const int64_t at = i;
  int64_t row = m.by_inner.split(&i);
  const int64_t outer = m.by_outputs.split(&row);
  acc_t<T> sum = 0;
  for (int64_t k = row * m.taps; k < (row + 1) * m.taps; k++) {
    const int64_t from = m.index[k] - 1;
    if ((uint64_t)from >= (uint64_t)m.inputs) *m.alarm = 1;
    else sum += wide(weight[k]) * wide(x[(outer * m.inputs + from) * m.inner + i]);
  }
  y[at] = narrow<T>(sum);
}

template <class T> static tc_status resample(tc_args *a) {
  const int64_t n = tc_numel(a->t[0]);
  if (n == 0) return TC_OK;
  const mapping m = mapping_of(a, a->t[1], a->t[0]);
  TC_LAUNCH_FLAT(resample_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<const T>(a->t[1]), tc_ptr<const T>(a->t[3]), m, n);
  return tc_launched();
}
TC_CUDA_FLOATS(resample)

// ---- adjoint -----------------------------------------------------------------------------------

// The outputs that refer to an input lie in [first, last].
struct referring {
  int first, last;
};

static __global__ void clear_referring(referring *r, int64_t n) {
  if (flat_index() < n) r[flat_index()] = {INT32_MAX, -1};
}

static __global__ void find_referring(referring *r, const mapping m) {
  const int64_t k = flat_index();
  if (k >= m.outputs * m.taps) return;
  const int64_t from = m.index[k] - 1;
  const int o = (int)(k / m.taps);
  if ((uint64_t)from >= (uint64_t)m.inputs) {
    *m.alarm = 1;
    return;
  }
  atomicMin(&r[from].first, o);
  atomicMax(&r[from].last, o);
}

template <class T>
static __global__ void adjoint_kernel(T *x, const T *y, const T *weight, const referring *r,
                                      const mapping m, int64_t n) {
  int64_t i = flat_index();
  if (i >= n) return;
  const int64_t at = i;
  int64_t row = m.by_inner.split(&i);
  const T *from = y + m.by_inputs.split(&row) * m.outputs * m.inner + i;
  acc_t<T> sum = 0;
  for (int64_t o = r[row].first; o <= r[row].last; o++)
    for (int64_t k = o * m.taps; k < (o + 1) * m.taps; k++)
      if (m.index[k] == row + 1) sum += wide(weight[k]) * wide(from[o * m.inner]);
  x[at] = narrow<T>(sum);
}

template <class T> static tc_status resample_adjoint(tc_args *a) {
  const int64_t n = tc_numel(a->t[0]);
  if (n == 0) return TC_OK;
  const mapping m = mapping_of(a, a->t[0], a->t[1]);
  const int64_t entries = m.outputs * m.taps;
  if (entries >> 31) return tc_fail(TC_BAD_SHAPE, "a table of more than 2^31 elements");
  const scratch r((size_t)m.inputs * sizeof(referring));
  if (!r.ok()) return r.status();
  TC_LAUNCH_FLAT(clear_referring, flat_grid(m.inputs), FLAT_BLOCK, r.as<referring>(), m.inputs);
  if (entries > 0)
    TC_LAUNCH_FLAT(find_referring, flat_grid(entries), FLAT_BLOCK, r.as<referring>(), m);
  TC_LAUNCH_FLAT(adjoint_kernel<T>, flat_grid(n), FLAT_BLOCK, tc_ptr<T>(a->t[0]),
                 tc_ptr<const T>(a->t[1]), tc_ptr<const T>(a->t[3]), r.as<const referring>(), m, n);
  return tc_launched();
}
TC_CUDA_FLOATS(resample_adjoint)
