// A sparse linear map along one dimension: y[..., o, ...] = sum over t of weight[o, t] *
// x[..., index[o, t], ...]; and its adjoint. Interpolation is one of these a dimension.
//
// The tables are made in Lua (ops/resample.lua); their indices are checked here.
#ifndef T
#include "jobs.h"
#define TC_TEMPLATE "resample.c"

// from (outer, before, inner), to (outer, after, inner)
typedef struct resample {
  int64_t outer, inputs, outputs, taps, inner;
  const int64_t *index;
} resample;

// `x` holds the inputs of the map along dimension d.
static inline tc_status resample_of(const tc_tensor *x, const tc_tensor *index, int64_t d,
                                    resample *r) {
  *r = (resample){1, x->size[d], index->size[0], index->size[1], 1, tc_data(index)};
  for (int k = 0; k < d; k++) r->outer *= x->size[k];
  for (int k = (int)d + 1; k < x->ndim; k++) r->inner *= x->size[k];
  for (int64_t k = 0; k < r->outputs * r->taps; k++)
    if (r->index[k] < 1 || r->index[k] > r->inputs)
      return tc_fail(TC_BAD_VALUE, "index %lld is outside 1 to %lld", (long long)r->index[k],
                     (long long)r->inputs);
  return TC_OK;
}
#include "floats.h"
TC_FLOAT_KERNEL(resample)
TC_FLOAT_KERNEL(resample_adjoint)
#else

typedef struct NAME(mapping) {
  const resample *r;
  const T *weight, *from;
  T *to;
} NAME(mapping);

static void NAME(axpy)(T *restrict to, const T *restrict from, T weight, int64_t n) {
  for (int64_t i = 0; i < n; i++) to[i] += weight * from[i];
}

static void NAME(scale)(T *restrict to, const T *restrict from, T weight, int64_t n) {
  for (int64_t i = 0; i < n; i++) to[i] = weight * from[i];
}

// Along the last dimension there is nothing to run vectors over but the outputs.
static void NAME(resample_line)(const NAME(mapping) *m, const T *restrict from, T *restrict to) {
  const resample *r = m->r;
  for (int64_t o = 0; o < r->outputs; o++) {
    T sum = 0;
    for (int64_t t = 0; t < r->taps; t++)
      sum += m->weight[o * r->taps + t] * from[r->index[o * r->taps + t] - 1];
    to[o] = sum;
  }
}

static void NAME(resample_rows)(const NAME(mapping) *m, const T *from, T *to) {
  const resample *r = m->r;
  for (int64_t o = 0; o < r->outputs; o++, to += r->inner)
    for (int64_t t = 0; t < r->taps; t++) {
      const T *row = from + (r->index[o * r->taps + t] - 1) * r->inner;
      (t == 0 ? NAME(scale) : NAME(axpy))(to, row, m->weight[o * r->taps + t], r->inner);
    }
}

static tc_status NAME(resample_job)(const void *context, int64_t job, void *scratch) {
  const NAME(mapping) *m = context;
  const resample *r = m->r;
  (void)scratch;
  const T *from = m->from + job * r->inputs * r->inner;
  T *to = m->to + job * r->outputs * r->inner;
  (r->inner == 1 ? NAME(resample_line) : NAME(resample_rows))(m, from, to);
  return TC_OK;
}

static tc_status NAME(adjoint_job)(const void *context, int64_t job, void *scratch) {
  const NAME(mapping) *m = context;
  const resample *r = m->r;
  (void)scratch;
  const T *from = m->from + job * r->outputs * r->inner;
  T *to = m->to + job * r->inputs * r->inner;
  memset(to, 0, (size_t)(r->inputs * r->inner) * sizeof(T));
  for (int64_t o = 0; o < r->outputs; o++, from += r->inner)
    for (int64_t t = 0; t < r->taps; t++)
      NAME(axpy)(to + (r->index[o * r->taps + t] - 1) * r->inner, from, m->weight[o * r->taps + t],
                 r->inner);
  return TC_OK;
}

static tc_status NAME(resample)(tc_args *a) {
  resample r;
  TC_TRY(resample_of(a->t[1], a->t[2], a->i[0], &r));
  const NAME(mapping) m = {&r, tc_data(a->t[3]), tc_data(a->t[1]), tc_data(a->t[0])};
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  return each_job(NAME(resample_job), &m, r.outer, r.outputs * r.taps * r.inner, 0);
}

static tc_status NAME(resample_adjoint)(tc_args *a) {
  resample r;
  TC_TRY(resample_of(a->t[0], a->t[2], a->i[0], &r));
  const NAME(mapping) m = {&r, tc_data(a->t[3]), tc_data(a->t[1]), tc_data(a->t[0])};
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  return each_job(NAME(adjoint_job), &m, r.outer, r.outputs * r.taps * r.inner, 0);
}
#endif
