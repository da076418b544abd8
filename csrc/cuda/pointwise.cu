// Elementwise operations on CUDA: broadcasts, strides and dtypes become one job for a formula's kernel.
#include "pointwise.h"

#include <string.h>

// A 0-d tensor in the host's memory.
static void set_number(tc_operand *o, const tc_tensor *t) {
  o->integer = tc_load<int64_t>(tc_data(t), t->dtype, 0);
  o->number = tc_load<double>(tc_data(t), t->dtype, 0);
}

static void set_operand(tc_operand *o, const tc_tensor *t, const tc_tensor *out) {
  const int lead = out->ndim - t->ndim;
  o->dtype = t->dtype;
  if (t->storage->device != out->storage->device) {
    set_number(o, t);
    return;
  }
  o->data = tc_data(t);
  for (int d = 0; d < out->ndim; d++)
    o->stride[d] = d < lead || t->size[d - lead] == 1 ? 0 : t->stride[d - lead];
}

// ---- fewer dimensions ------------------------------------------------------------------------

static bool follows(const tc_operand *o, int d, int64_t inner) {
  return o->stride[d] == o->stride[d + 1] * inner;
}

static bool can_merge(const tc_job *j, int d) {
  bool fits = follows(&j->out, d, j->size[d + 1]);
  for (int k = 0; k < TC_OPERANDS && fits; k++)
    fits = !j->in[k].data || follows(&j->in[k], d, j->size[d + 1]);
  return fits;
}

static void close_gap(int64_t *list, int d, int n) {
  memmove(&list[d], &list[d + 1], (size_t)(n - d - 1) * sizeof *list);
}

static void remove_dim(tc_job *j, int d) {
  close_gap(j->size, d, j->ndim);
  close_gap(j->out.stride, d, j->ndim);
  for (int k = 0; k < TC_OPERANDS; k++) close_gap(j->in[k].stride, d, j->ndim);
  j->ndim--;
}

static void coalesce(tc_job *j) {
  for (int d = j->ndim - 1; d >= 0; d--)
    if (j->size[d] == 1) remove_dim(j, d);
  for (int d = j->ndim - 2; d >= 0; d--) {
    if (!can_merge(j, d)) continue;
    j->size[d + 1] *= j->size[d];
    remove_dim(j, d);
  }
}

// ---- the job ---------------------------------------------------------------------------------

static bool lies_dense(const tc_operand *o) {
  const size_t bytes = 4 * tc_itemsize((tc_dtype)o->dtype);
  return !o->data || (o->stride[0] == 1 && (uintptr_t)o->data % (bytes < 16 ? bytes : 16) == 0);
}

static bool is_dense(const tc_job *j) {
  bool dense = j->ndim == 1 && lies_dense(&j->out);
  for (int k = 0; k < TC_OPERANDS && dense; k++) dense = lies_dense(&j->in[k]);
  return dense;
}

static void set_job(tc_job *j, const tc_pointwise *p) {
  memset(j, 0, sizeof *j);
  j->ndim = p->out->ndim;
  memcpy(j->size, p->out->size, sizeof j->size);
  j->n = tc_numel(p->out);
  set_operand(&j->out, p->out, p->out);
  for (int k = 0; k < TC_OPERANDS; k++)
    if (p->in[k]) set_operand(&j->in[k], p->in[k], p->out);
  for (int k = 0; k < TC_PARAMS; k++) {
    j->number[k] = p->param[k].is_int ? (double)p->param[k].i : p->param[k].d;
    j->integer[k] = p->param[k].is_int ? p->param[k].i : (int64_t)p->param[k].d;
  }
  coalesce(j);
  j->dense = is_dense(j);
  j->alarm = tc_alarm();
}

// Bools are computed in int64, whose bits are not one but 64: their complement is the logical one.
static tc_loop loop_of(const tc_pointwise *p) {
  const int op = p->op == TC_P_bitwise_not && p->work == TC_bool ? TC_P_logical_not : p->op;
  if (p->work == TC_float64) return tc_loops_f64[op][p->wrt];
  return (tc_is_float(p->work) ? tc_loops_f32 : tc_loops_i64)[op][p->wrt];
}

static void *advance(const tc_operand *o, int64_t rows) {
  if (!o->data) return NULL;
  return (char *)o->data + rows * o->stride[0] * (int64_t)tc_itemsize((tc_dtype)o->dtype);
}

// Launches of at most 2^30 elements: parts of the outermost dimension that is long enough.
static void launch(tc_loop loop, const tc_job *all) {
  enum { MOST = 1 << 30 };
  if (all->n <= MOST) {
    loop(*all);
    return;
  }
  const int64_t half = all->size[0] / 2;
  tc_job part = *all;
  for (int64_t first = 0, n = half; n > 0; first += n, n = all->size[0] - first) {
    part.size[0] = n;
    part.n = all->n / all->size[0] * n;
    part.out.data = advance(&all->out, first);
    for (int k = 0; k < TC_OPERANDS; k++) part.in[k].data = advance(&all->in[k], first);
    part.dense = is_dense(&part);
    launch(loop, &part);
  }
}

extern "C" tc_status cuda_pointwise(const tc_pointwise *p) {
  tc_job j;
  const tc_loop loop = loop_of(p);
  if (!loop)
    return tc_fail(TC_BAD_DTYPE, "not defined for %s tensors", tc_dtype_table[p->work].name);
  set_job(&j, p);
  if (j.n == 0) return TC_OK;
  if (p->op != TC_P_copy || p->wrt || !tc_copy_layout(j)) launch(loop, &j);
  return tc_launched();
}
