// Attention as cuDNN's graphs: the chain of operations that its engines know as flash attention, so that
// scores never reach memory.
//
// Shapes are (heads of k, queries' heads that share one, rows, width); the scores (.., .., rows, keys).
#include "dnn_graphs.h"

#if TC_HAS_CUDNN

static const cudnnDataType_t F32 = CUDNN_DATA_FLOAT;

typedef struct attention {
  dnn_graph *g;
  const dnn_attention *d;
  cudnnDataType_t type;

  dnn_descriptor scale;
} attention;

// ---- tensors ---------------------------------------------------------------------------------

// (heads, h, rows, columns) by rows, with `head` elements from one of the first dimension to the next.
static dnn_shape heads_shape(cudnnDataType_t type, int64_t heads, int64_t h, int64_t rows,
                             int64_t columns, int64_t head) {
  const int64_t size[4] = {heads, h, rows, columns};
  dnn_shape s = dnn_shape_of(type, 4, size, false);
  s.stride[0] = head;
  return s;
}

static dnn_shape transposed(dnn_shape s) {
  const int64_t size = s.size[2], stride = s.stride[2];
  s.size[2] = s.size[3], s.stride[2] = s.stride[3];
  s.size[3] = size, s.stride[3] = stride;
  return s;
}

// Of q, y and their gradients.
static dnn_shape rows_shape(const attention *a, cudnnDataType_t type) {
  const dnn_attention *d = a->d;
  return heads_shape(type, d->heads, d->groups, d->rows, d->width, d->groups * d->rows * d->width);
}

// Of k and v, `head` elements apart.
static dnn_shape keys_shape(const attention *a, int64_t head) {
  return heads_shape(a->type, a->d->heads, 1, a->d->keys, a->d->width, head);
}

// One number a row.
static dnn_shape row_shape(const attention *a) {
  const dnn_attention *d = a->d;
  return heads_shape(F32, d->heads, d->groups, d->rows, 1, d->groups * d->rows);
}

static dnn_shape scores_shape(const attention *a, cudnnDataType_t type) {
  const dnn_attention *d = a->d;
  return heads_shape(type, d->heads, d->groups, d->rows, d->keys, d->groups * d->rows * d->keys);
}

static dnn_descriptor scores(const attention *a, cudnnDataType_t type) {
  const dnn_shape s = scores_shape(a, type);
  return dnn_inner(a->g, &s);
}

static dnn_descriptor row(const attention *a) {
  const dnn_shape s = row_shape(a);
  return dnn_inner(a->g, &s);
}

static dnn_descriptor operand(const attention *a, int64_t id, dnn_shape s) {
  return dnn_tensor(a->g, id, &s);
}

// ---- operations ------------------------------------------------------------------------------

static dnn_descriptor map(const attention *a, cudnnPointwiseMode_t mode, dnn_descriptor x,
                          dnn_descriptor b, dnn_descriptor y) {
  dnn_pointwise(a->g, &(dnn_point){.mode = mode, .x = x, .b = b, .y = y});
  return y;
}

static void matmul(const attention *a, dnn_descriptor x, dnn_descriptor y, dnn_descriptor to) {
  dnn_graph *g = a->g;
  dnn_descriptor how = dnn_new(g, CUDNN_BACKEND_MATMUL_DESCRIPTOR);
  dnn_set(g, how, CUDNN_ATTR_MATMUL_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &F32);
  dnn_finish(g, how);
  dnn_descriptor op = dnn_new(g, CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_MATMUL_ADESC, x);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_MATMUL_BDESC, y);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_MATMUL_CDESC, to);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_MATMUL_DESC, how);
  dnn_operation(g, op);
}

static dnn_descriptor reduce(const attention *a, cudnnReduceTensorOp_t by, dnn_descriptor x,
                             dnn_descriptor to) {
  dnn_graph *g = a->g;
  dnn_descriptor how = dnn_new(g, CUDNN_BACKEND_REDUCTION_DESCRIPTOR);
  dnn_set(g, how, CUDNN_ATTR_REDUCTION_OPERATOR, CUDNN_TYPE_REDUCTION_OPERATOR_TYPE, 1, &by);
  dnn_set(g, how, CUDNN_ATTR_REDUCTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &F32);
  dnn_finish(g, how);
  dnn_descriptor op = dnn_new(g, CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_REDUCTION_DESC, how);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_REDUCTION_XDESC, x);
  dnn_set_descriptor(g, op, CUDNN_ATTR_OPERATION_REDUCTION_YDESC, to);
  dnn_operation(g, op);
  return to;
}

// The same elements under another shape: how the engines see a transpose.
static dnn_descriptor reshaped(const attention *a, dnn_descriptor x, const dnn_shape *s) {
  dnn_descriptor to = dnn_inner(a->g, s), op;
  op = dnn_new(a->g, CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR);
  dnn_set_descriptor(a->g, op, CUDNN_ATTR_OPERATION_RESHAPE_XDESC, x);
  dnn_set_descriptor(a->g, op, CUDNN_ATTR_OPERATION_RESHAPE_YDESC, to);
  dnn_operation(a->g, op);
  return to;
}

// Which row, which key each score is of.
static dnn_descriptor indices(const attention *a, dnn_descriptor s, int64_t axis) {
  dnn_descriptor to = scores(a, CUDNN_DATA_INT32);
  dnn_pointwise(a->g, &(dnn_point){CUDNN_POINTWISE_GEN_INDEX, .x = s, .y = to, .axis = axis});
  return to;
}

// Keys after the query's own are minus infinity.
static dnn_descriptor causal(const attention *a, dnn_descriptor s) {
  if (!a->d->causal) return s;
  dnn_descriptor rows = indices(a, s, 2), keys = indices(a, s, 3);
  dnn_descriptor seen = scores(a, CUDNN_DATA_BOOLEAN), to = scores(a, F32);
  dnn_pointwise(a->g, &(dnn_point){CUDNN_POINTWISE_CMP_GE, .x = rows, .b = keys, .y = seen,
                                   .precision = CUDNN_DATA_BOOLEAN});
  dnn_descriptor lowest = dnn_number(a->g, DNN_LOWEST, 4);
  dnn_pointwise(
      a->g, &(dnn_point){CUDNN_POINTWISE_BINARY_SELECT, .x = s, .b = lowest, .t = seen, .y = to});
  return to;
}

static dnn_descriptor masked(const attention *a, dnn_descriptor s) {
  const dnn_attention *d = a->d;
  const bool each = d->mask == DNN_MASK_EACH;
  const int64_t heads = each ? d->heads : 1, groups = each ? d->groups : 1;
  if (d->mask == DNN_NO_MASK) return s;
  dnn_descriptor mask =
      operand(a, DNN_MASK,
              heads_shape(a->type, heads, groups, d->rows, d->keys, groups * d->rows * d->keys));
  return map(a, CUDNN_POINTWISE_ADD, s, mask, scores(a, F32));
}

static dnn_descriptor scaled_scores(const attention *a, dnn_descriptor q, dnn_descriptor k) {
  dnn_descriptor s = scores(a, F32);
  matmul(a, q, k, s);
  return masked(a, map(a, CUDNN_POINTWISE_MUL, s, a->scale, scores(a, F32)));
}

// ---- forward ---------------------------------------------------------------------------------

static void forward(const attention *a) {
  dnn_descriptor q = operand(a, DNN_Q, rows_shape(a, a->type)),
                 k = operand(a, DNN_K, transposed(keys_shape(a, a->d->k_head))),
                 v = operand(a, DNN_V, keys_shape(a, a->d->v_head)),
                 y = operand(a, DNN_Y, rows_shape(a, a->type)),
                 stats = operand(a, DNN_STATS, row_shape(a));
  dnn_descriptor s = causal(a, scaled_scores(a, q, k));
  dnn_descriptor most = reduce(a, CUDNN_REDUCE_TENSOR_MAX, s, row(a));
  dnn_descriptor less = map(a, CUDNN_POINTWISE_SUB, s, most, scores(a, F32));
  dnn_descriptor e = map(a, CUDNN_POINTWISE_EXP, less, NULL, scores(a, F32));
  dnn_descriptor sum = reduce(a, CUDNN_REDUCE_TENSOR_ADD, e, row(a));
  dnn_descriptor log = map(a, CUDNN_POINTWISE_LOG, sum, NULL, row(a));
  map(a, CUDNN_POINTWISE_ADD, most, log, stats);
  matmul(a, map(a, CUDNN_POINTWISE_DIV, e, sum, scores(a, a->type)), v, y);
}

// ---- backward --------------------------------------------------------------------------------

// What the gradients of a row's weights have in common: the sum of gy y.
static dnn_descriptor inner_products(const attention *a, dnn_descriptor gy, dnn_descriptor y) {
  const dnn_shape products = rows_shape(a, F32);
  dnn_descriptor p = map(a, CUDNN_POINTWISE_MUL, gy, y, dnn_inner(a->g, &products));
  dnn_descriptor sum = reduce(a, CUDNN_REDUCE_TENSOR_ADD, p, row(a));
  dnn_descriptor one = dnn_number(a->g, DNN_ONE, 4);
  return map(a, CUDNN_POINTWISE_MUL, sum, one, operand(a, DNN_INNER, row_shape(a)));
}

static dnn_descriptor as_transpose(const attention *a, dnn_descriptor s) {
  dnn_shape t = transposed(scores_shape(a, a->type));
  return reshaped(a, s, &t);
}

// The gradients of k or v: for each of the queries' heads that share one, then their sum. `each` names
// memory for the first.
static void key_grad(const attention *a, dnn_descriptor scores_t, dnn_descriptor rows, int64_t id,
                     int64_t each) {
  const dnn_attention *d = a->d;
  dnn_descriptor sum = operand(a, id, keys_shape(a, d->keys * d->width));
  if (d->groups == 1) {
    matmul(a, scores_t, rows, sum);
    return;
  }
  const int64_t head = d->groups * d->keys * d->width;
  dnn_descriptor all =
      operand(a, each, heads_shape(a->type, d->heads, d->groups, d->keys, d->width, head));
  matmul(a, scores_t, rows, all);
  reduce(a, CUDNN_REDUCE_TENSOR_ADD, all, sum);
}

static void backward(const attention *a) {
  const dnn_attention *d = a->d;
  const dnn_shape k_rows = keys_shape(a, d->k_head);
  dnn_descriptor q = operand(a, DNN_Q, rows_shape(a, a->type)),
                 k = operand(a, DNN_K, transposed(k_rows)),
                 v = operand(a, DNN_V, transposed(keys_shape(a, d->v_head))),
                 y = operand(a, DNN_Y, rows_shape(a, a->type)),
                 gy = operand(a, DNN_GY, rows_shape(a, a->type)),
                 stats = operand(a, DNN_STATS, row_shape(a)), gp = scores(a, F32);
  dnn_descriptor inner = inner_products(a, gy, y);
  dnn_descriptor less = map(a, CUDNN_POINTWISE_SUB, scaled_scores(a, q, k), stats, scores(a, F32));
  dnn_descriptor p = map(a, CUDNN_POINTWISE_EXP, causal(a, less), NULL, scores(a, F32));
  key_grad(a, as_transpose(a, p), gy, DNN_GV, DNN_GV_EACH);
  matmul(a, gy, v, gp);
  dnn_descriptor centred = map(a, CUDNN_POINTWISE_SUB, gp, inner, scores(a, F32));
  dnn_descriptor weighted = map(a, CUDNN_POINTWISE_MUL, centred, p, scores(a, F32));
  dnn_descriptor gs = map(a, CUDNN_POINTWISE_MUL, weighted, a->scale, scores(a, F32));
  key_grad(a, as_transpose(a, gs), q, DNN_GK, DNN_GK_EACH);
  matmul(a, gs, reshaped(a, k, &k_rows), operand(a, DNN_GQ, rows_shape(a, a->type)));
}

int64_t dnn_attention_heads(const dnn_attention *d, int64_t bytes) {
  const int64_t most = bytes / (2 * d->groups * d->rows * d->keys);
  if (most >= d->heads) return d->heads;
  for (int64_t n = most > 0 ? most : 1; n > 0; n--)
    if (d->heads % n == 0 && n * d->groups * d->rows % 4 == 0) return n;
  return d->heads;
}

void dnn_attention_graph(dnn_graph *g, const void *description) {
  const dnn_attention *d = description;
  attention a = {.g = g, .d = d, .type = (cudnnDataType_t)d->type};
  a.scale = dnn_number(g, DNN_SCALE, 4);
  if (d->backward) backward(&a);
  else forward(&a);
}
#endif
