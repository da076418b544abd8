// Attention kernels through cuDNN: from their arguments to descriptions and runs.
#include "dnn_run.h"

#if TC_HAS_CUDNN
#include <math.h>
#include <stdlib.h>

#include "attention_mask.h"
#include "device.h"
#include "dnn.h"

static const float lowest = -INFINITY, one = 1;

// A call in either direction, and what it needs beside its tensors: a mask in halves; backward the sums of a
// row's gradients, its logarithm where there is a mask, and, where heads are shared, the gradients of k and
// v for each of those that share.
typedef struct call {
  const tc_args *a;
  const bool *allowed;
  const int64_t *strides;
  float scale;
  dnn_attention d;  // of some heads at a time, so that what is beside stays small
  int64_t heads;    // of k in all
  size_t mask, row, each, bytes;
  char *beside;
} call;

// Halves whose heads start where tensor cores can load: the engines' case. An added mask may hold minus
// infinity, or forbid with finite numbers: it is the own kernels'.
static bool is_flash(const tc_args *a, const tc_tensor *q, const tc_tensor *k, const tc_tensor *v,
                     const tc_tensor *added, const tc_tensor *lse) {
  return tc_library_cudnn() && !added && tc_is_half(a->dtype) && lse->dtype == TC_float32 &&
         tc_numel(q) > 0 && tc_numel(k) > 0 && q->size[2] == v->size[2] && q->size[2] % 8 == 0 &&
         k->stride[0] % 8 == 0 && v->stride[0] % 8 == 0;
}

// What a run may take beside its tensors: TOCHA_CUDNN_WORKSPACE bytes, or 128 MiB.
static int64_t workspace_limit(void) {
  const char *given = getenv("TOCHA_CUDNN_WORKSPACE");
  return given ? strtoll(given, NULL, 10) : 128 << 20;
}

static size_t rounded(size_t bytes) { return (bytes + 255) / 256 * 256; }

static void size_beside(call *c) {
  const dnn_attention *d = &c->d;
  const size_t heads = (size_t)(d->heads * d->groups), rows = (size_t)d->rows;
  const size_t masks = d->mask == DNN_MASK_EACH ? heads : d->mask == DNN_ONE_MASK ? 1 : 0;
  c->mask = rounded(masks * rows * (size_t)d->keys * 2);
  c->row = d->backward ? rounded(heads * rows * sizeof(float)) : 0;
  c->each = d->backward && d->groups > 1 ? rounded(heads * (size_t)(d->keys * d->width) * 2) : 0;
  c->bytes = c->mask + 2 * c->row + 2 * c->each;
}

static call call_of(const tc_args *a, int at, const tc_tensor *allowed, bool backward) {
  const tc_tensor *q = a->t[at], *k = a->t[at + 1], *v = a->t[at + 2];
  call c = {.a = a, .strides = a->list[0], .scale = (float)a->f[0], .heads = k->size[0]};
  dnn_attention *d = &c.d;
  *d = (dnn_attention){.type = dnn_type_of(a->dtype), .causal = a->i[0] != 0, .backward = backward};
  d->heads = k->size[0], d->groups = q->size[0] / k->size[0];
  d->rows = q->size[1], d->keys = k->size[1], d->width = q->size[2];
  d->k_head = k->stride[0], d->v_head = v->stride[0];
  if (allowed) {
    c.allowed = tc_data(allowed);
    d->mask = c.strides[0] ? DNN_MASK_EACH : DNN_ONE_MASK;
  }
  if (backward || d->mask == DNN_MASK_EACH) d->heads = dnn_attention_heads(d, workspace_limit());
  size_beside(&c);
  return c;
}

// ---- a share of the heads --------------------------------------------------------------------

// Which tensor of a call it is, and whether of the heads of k or of q.
typedef struct operand {
  int64_t id;
  bool of_keys;
} operand;

static void give_from(dnn_request *r, int64_t id, const tc_tensor *t, int64_t from) {
  const size_t step = tc_itemsize((tc_dtype)t->dtype) * (size_t)t->stride[0];
  dnn_give(r, id, (char *)tc_data(t) + (size_t)from * step);
}

static tc_status give_mask(const call *c, dnn_request *r, int64_t from) {
  const dnn_attention *d = &c->d;
  const int64_t heads = d->mask == DNN_MASK_EACH ? d->heads * d->groups : 1;
  if (!c->allowed) return TC_OK;
  dnn_give(r, DNN_MASK, c->beside);
  return tc_mask_bias(c->beside, c->a->dtype, c->allowed + from * d->groups * c->strides[0],
                      c->strides, heads, d->rows, d->keys);
}

static tc_status give_backward(const call *c, dnn_request *r, int64_t from) {
  const dnn_attention *d = &c->d;
  const int64_t first = from * d->groups * d->rows;
  char *rows = c->beside + c->mask, *each = rows + 2 * c->row;
  const float *lse = (const float *)tc_data(c->a->t[7]) + first;
  dnn_give(r, DNN_INNER, rows);
  dnn_give(r, DNN_ONE, &one);
  if (c->each) dnn_give(r, DNN_GK_EACH, each);
  if (c->each) dnn_give(r, DNN_GV_EACH, each + c->each);
  dnn_give(r, DNN_STATS, c->allowed ? (const float *)(const void *)(rows + c->row) : lse);
  if (!c->allowed) return TC_OK;
  return tc_mask_stats((float *)(void *)(rows + c->row), lse, d->heads * d->groups * d->rows);
}

static tc_status run_from(const call *c, const operand *operands, int count, int64_t from,
                          bool *done) {
  const dnn_attention *d = &c->d;
  dnn_request r = {.build = dnn_attention_graph, .description = d, .bytes = sizeof *d};
  dnn_give(&r, DNN_SCALE, &c->scale);
  if (d->causal) dnn_give(&r, DNN_LOWEST, &lowest);
  for (int i = 0; i < count; i++)
    if (operands[i].id)
      give_from(&r, operands[i].id, c->a->t[i], operands[i].of_keys ? from : from * d->groups);
  TC_TRY(give_mask(c, &r, from));
  if (d->backward) TC_TRY(give_backward(c, &r, from));
  return dnn_run(&r, done);
}

// The first share tells whether cuDNN takes it. Without memory for what is beside nothing is done.
static tc_status run_shares(call *c, const operand *operands, int count, bool *done) {
  tc_status status = TC_OK;
  c->beside = c->bytes ? tc_scratch(c->bytes) : NULL;
  if (c->bytes && !c->beside) return TC_OK;
  for (int64_t h = 0; h < c->heads && status == TC_OK && (h == 0 || *done); h += c->d.heads)
    status = run_from(c, operands, count, h, done);
  if (c->beside) tc_scratch_free(c->beside, c->bytes);
  return status;
}

// ---- the kernels -----------------------------------------------------------------------------

tc_status tc_dnn_attention(tc_args *a, bool *done) {
  static const operand operands[] = {
      {DNN_Y, false}, {DNN_STATS, false}, {DNN_Q, false}, {DNN_K, true}, {DNN_V, true}};
  *done = false;
  if (!is_flash(a, a->t[2], a->t[3], a->t[4], a->t[5], a->t[1])) return TC_OK;
  call c = call_of(a, 2, a->t[6], false);
  TC_TRY(run_shares(&c, operands, 5, done));
  return *done && c.allowed ? tc_mask_blind(a->t[0], a->t[1]) : TC_OK;
}

tc_status tc_dnn_attention_backward(tc_args *a, bool *done) {
  static const operand operands[] = {{DNN_GQ, false}, {DNN_GK, true}, {DNN_GV, true},
                                     {DNN_Q, false},  {DNN_K, true},  {DNN_V, true},
                                     {DNN_Y, false},  {0, false},     {DNN_GY, false}};
  *done = false;
  if (a->t[9] || !is_flash(a, a->t[3], a->t[4], a->t[5], a->t[10], a->t[7])) return TC_OK;
  call c = call_of(a, 3, a->t[11], true);
  return run_shares(&c, operands, 9, done);
}
#endif
