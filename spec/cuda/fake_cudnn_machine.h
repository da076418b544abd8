// The other half of fake_cudnn.c: descriptors, and the machine that computes what their operations say.
// Values are doubles, rounded where a tensor has a narrower type.
#ifndef FAKE_CUDNN_MACHINE_H
#define FAKE_CUDNN_MACHINE_H

#include <cudnn.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_numbers.h"

enum { ATTRIBUTES = 24, DIMS = 8, TENSORS = 96 };

// ---- descriptors -----------------------------------------------------------------------------

typedef struct descriptor descriptor;

typedef struct attribute {
  int name, type;
  int64_t count;
  void *data;
} attribute;

// Counted: what a descriptor was given lives as long as it.
struct descriptor {
  int refs, type, count;
  bool finished;
  attribute at[ATTRIBUTES];
};

static size_t size_of(int type) {
  switch (type) {
    case CUDNN_TYPE_BOOLEAN:
    case CUDNN_TYPE_CHAR: return 1;
    case CUDNN_TYPE_INT64:
    case CUDNN_TYPE_DOUBLE:
    case CUDNN_TYPE_HANDLE:
    case CUDNN_TYPE_VOID_PTR:
    case CUDNN_TYPE_BACKEND_DESCRIPTOR: return 8;
    default: return 4;
  }
}

static attribute *find(const descriptor *d, int name) {
  for (int i = 0; i < d->count; i++)
    if (d->at[i].name == name) return (attribute *)&d->at[i];
  return NULL;
}

static void retain(const attribute *a, int by);

static void release(descriptor *d) {
  if (--d->refs > 0) return;
  for (int i = 0; i < d->count; i++) {
    retain(&d->at[i], -1);
    free(d->at[i].data);
  }
  free(d);
}

static void retain(const attribute *a, int by) {
  if (a->type != CUDNN_TYPE_BACKEND_DESCRIPTOR) return;
  for (int64_t i = 0; i < a->count; i++) {
    descriptor *d = ((descriptor **)a->data)[i];
    if (by > 0) d->refs++;
    else release(d);
  }
}

static void add(descriptor *d, int name, int type, int64_t count, const void *data) {
  attribute *a = &d->at[d->count++];
  if (d->count > ATTRIBUTES) abort();
  *a = (attribute){.name = name, .type = type, .count = count};
  a->data = calloc((size_t)count + 1, size_of(type));
  memcpy(a->data, data, (size_t)count * size_of(type));
  retain(a, 1);
}

static descriptor *descriptor_at(const descriptor *d, int name) {
  const attribute *a = find(d, name);
  return a ? *(descriptor **)a->data : NULL;
}

static int64_t integer_at(const descriptor *d, int name) {
  const attribute *a = find(d, name);
  if (!a) return 0;
  if (size_of(a->type) == 8) return *(int64_t *)a->data;
  return size_of(a->type) == 1 ? *(char *)a->data : *(int *)a->data;
}

// ---- values ----------------------------------------------------------------------------------

// What a tensor of the graph holds, by rows.
typedef struct value {
  int64_t id;
  cudnnDataType_t type;
  int dims;
  int64_t size[DIMS], stride[DIMS], n;
  bool inner, number;
  double *v;
} value;

typedef struct machine {
  value values[TENSORS];
  int count;
  const int64_t *ids;
  void *const *pointers;
  int64_t given;
} machine;

static void *pointer_of(const machine *m, int64_t id) {
  for (int64_t i = 0; i < m->given; i++)
    if (m->ids[i] == id) return m->pointers[i];
  return NULL;
}

// Where element i, counted by rows, lies in memory.
static int64_t offset_of(const value *x, int64_t i) {
  int64_t at = 0;
  for (int d = x->dims - 1; d >= 0; d--) {
    at += i % x->size[d] * x->stride[d];
    i /= x->size[d];
  }
  return at;
}

static void load(const machine *m, value *x) {
  const void *from = x->inner ? NULL : pointer_of(m, x->id);
  if (!x->inner && !from) {
    fprintf(stderr, "the run has no tensor %lld\n", (long long)x->id);
    abort();
  }
  for (int64_t i = 0; i < x->n && from; i++)
    x->v[i] = fake_get(from, fake_cudnn_type(x->type), x->number ? 0 : offset_of(x, i));
}

static value *value_of(machine *m, const descriptor *d) {
  const int64_t id = integer_at(d, CUDNN_ATTR_TENSOR_UNIQUE_ID);
  for (int i = 0; i < m->count; i++)
    if (m->values[i].id == id) return &m->values[i];
  value *x = &m->values[m->count++];
  const attribute *size = find(d, CUDNN_ATTR_TENSOR_DIMENSIONS);
  if (m->count > TENSORS) abort();
  x->id = id;
  x->type = (cudnnDataType_t)integer_at(d, CUDNN_ATTR_TENSOR_DATA_TYPE);
  x->inner = integer_at(d, CUDNN_ATTR_TENSOR_IS_VIRTUAL) != 0;
  x->number = integer_at(d, CUDNN_ATTR_TENSOR_IS_BY_VALUE) != 0;
  x->dims = (int)size->count;
  memcpy(x->size, size->data, (size_t)x->dims * 8);
  memcpy(x->stride, find(d, CUDNN_ATTR_TENSOR_STRIDES)->data, (size_t)x->dims * 8);
  x->n = 1;
  for (int k = 0; k < x->dims; k++) x->n *= x->size[k];
  x->v = calloc((size_t)x->n + 1, sizeof(double));
  load(m, x);
  return x;
}

static value *operand(machine *m, const descriptor *op, int name) {
  const descriptor *d = descriptor_at(op, name);
  return d ? value_of(m, d) : NULL;
}

// A result: rounded to its type, and in memory where it has a place there.
static void store(const machine *m, value *y) {
  void *to = y->inner ? NULL : pointer_of(m, y->id);
  for (int64_t i = 0; i < y->n; i++) {
    y->v[i] = fake_rounded(y->v[i], fake_cudnn_type(y->type));
    if (to) fake_put(to, fake_cudnn_type(y->type), offset_of(y, i), y->v[i]);
  }
}

// The element of x that meets element i of y: sizes of one are repeated.
static int64_t meeting(const value *x, const value *y, int64_t i) {
  int64_t at = 0, step = 1, rest = i;
  for (int d = y->dims - 1; d >= 0; d--) {
    at += x->size[d] == 1 ? 0 : rest % y->size[d] * step;
    rest /= y->size[d];
    step *= x->size[d];
  }
  return at;
}

// ---- operations ------------------------------------------------------------------------------

static double apply(cudnnPointwiseMode_t mode, double x, double b, double t) {
  switch (mode) {
    case CUDNN_POINTWISE_ADD: return x + b;
    case CUDNN_POINTWISE_SUB: return x - b;
    case CUDNN_POINTWISE_MUL: return x * b;
    case CUDNN_POINTWISE_DIV: return x / b;
    case CUDNN_POINTWISE_EXP: return exp(x);
    case CUDNN_POINTWISE_LOG: return log(x);
    case CUDNN_POINTWISE_IDENTITY: return x;
    case CUDNN_POINTWISE_RELU_FWD: return x < 0 ? 0 : x;
    case CUDNN_POINTWISE_CMP_GE: return x >= b;
    case CUDNN_POINTWISE_BINARY_SELECT: return t != 0 ? x : b;
    default: abort();
  }
}

static int64_t index_along(const value *y, int64_t i, int64_t axis) {
  for (int d = y->dims - 1; d > axis; d--) i /= y->size[d];
  return i % y->size[axis];
}

static void pointwise(machine *m, const descriptor *op) {
  const descriptor *how = descriptor_at(op, CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR);
  const int mode = (int)integer_at(how, CUDNN_ATTR_POINTWISE_MODE);
  const int64_t axis = integer_at(how, CUDNN_ATTR_POINTWISE_AXIS);
  const value *x = operand(m, op, CUDNN_ATTR_OPERATION_POINTWISE_XDESC),
              *b = operand(m, op, CUDNN_ATTR_OPERATION_POINTWISE_BDESC),
              *t = operand(m, op, CUDNN_ATTR_OPERATION_POINTWISE_TDESC);
  value *y = operand(m, op, CUDNN_ATTR_OPERATION_POINTWISE_YDESC);
  for (int64_t i = 0; i < y->n; i++)
    y->v[i] = mode == CUDNN_POINTWISE_GEN_INDEX
                  ? (double)index_along(y, i, axis)
                  : apply((cudnnPointwiseMode_t)mode, x->v[meeting(x, y, i)],
                          b ? b->v[meeting(b, y, i)] : 0, t ? t->v[meeting(t, y, i)] : 0);
  store(m, y);
}

static void matmul(machine *m, const descriptor *op) {
  const value *a = operand(m, op, CUDNN_ATTR_OPERATION_MATMUL_ADESC),
              *b = operand(m, op, CUDNN_ATTR_OPERATION_MATMUL_BDESC);
  value *c = operand(m, op, CUDNN_ATTR_OPERATION_MATMUL_CDESC);
  const int64_t rows = c->size[2], cols = c->size[3], depth = a->size[3];
  if (a->size[2] != rows || b->size[2] != depth || b->size[3] != cols) abort();
  for (int64_t i = 0; i < c->n; i++) {
    const int64_t batch = i / (rows * cols), h = batch % c->size[1], n = batch / c->size[1];
    const int64_t row = i / cols % rows, col = i % cols;
    const int64_t ah = a->size[1] == 1 ? 0 : h, bh = b->size[1] == 1 ? 0 : h;
    double sum = 0;
    for (int64_t k = 0; k < depth; k++)
      sum += a->v[((n * a->size[1] + ah) * rows + row) * depth + k] *
             b->v[((n * b->size[1] + bh) * depth + k) * cols + col];
    c->v[i] = sum;
  }
  store(m, c);
}

static void reduction(machine *m, const descriptor *op) {
  const descriptor *how = descriptor_at(op, CUDNN_ATTR_OPERATION_REDUCTION_DESC);
  const bool largest = integer_at(how, CUDNN_ATTR_REDUCTION_OPERATOR) == CUDNN_REDUCE_TENSOR_MAX;
  const value *x = operand(m, op, CUDNN_ATTR_OPERATION_REDUCTION_XDESC);
  value *y = operand(m, op, CUDNN_ATTR_OPERATION_REDUCTION_YDESC);
  for (int64_t i = 0; i < y->n; i++) y->v[i] = largest ? -INFINITY : 0;
  for (int64_t i = 0; i < x->n; i++) {
    double *to = &y->v[meeting(y, x, i)];
    *to = largest ? fmax(*to, x->v[i]) : *to + x->v[i];
  }
  store(m, y);
}

// The memory of x seen with the sizes and strides of y.
static void reshape(machine *m, const descriptor *op) {
  const value *x = operand(m, op, CUDNN_ATTR_OPERATION_RESHAPE_XDESC);
  value *y = operand(m, op, CUDNN_ATTR_OPERATION_RESHAPE_YDESC);
  double *memory = calloc((size_t)offset_of(x, x->n - 1) + 1, sizeof(double));
  for (int64_t i = 0; i < x->n; i++) memory[offset_of(x, i)] = x->v[i];
  for (int64_t i = 0; i < y->n; i++) y->v[i] = memory[offset_of(y, i)];
  free(memory);
  store(m, y);
}

// ---- convolution -----------------------------------------------------------------------------

typedef struct window {
  int dims;
  const int64_t *stride, *pad, *dilation;
} window;

static window window_of(const descriptor *d) {
  return (window){.dims = (int)integer_at(d, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS),
                  .stride = find(d, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES)->data,
                  .pad = find(d, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS)->data,
                  .dilation = find(d, CUDNN_ATTR_CONVOLUTION_DILATIONS)->data};
}

// The position in x's plane that output `at` meets with tap `tap`, or -1 in the padding.
static int64_t position(const window *w, const value *x, const value *kernel, const value *y,
                        int64_t at, int64_t tap) {
  int64_t to = 0, step = 1;
  for (int d = w->dims - 1; d >= 0; d--) {
    const int64_t out = at % y->size[d + 2], k = tap % kernel->size[d + 2];
    const int64_t i = out * w->stride[d] + k * w->dilation[d] - w->pad[d];
    if (i < 0 || i >= x->size[d + 2]) return -1;
    to += i * step;
    step *= x->size[d + 2];
    at /= y->size[d + 2], tap /= kernel->size[d + 2];
  }
  return to;
}

static int64_t plane_of(const value *x) { return x->n / x->size[0] / x->size[1]; }

// Every product x w that an output is the sum of: y += x w, or x += y w, or w += x y.
static void each_product(const window *w, value *x, value *kernel, value *y, int pass) {
  const int64_t taps = plane_of(kernel), pixels = plane_of(y), channels = kernel->size[1];
  const int64_t outputs = y->size[1], each = outputs / (x->size[1] / channels);
  for (int64_t i = 0; i < y->n; i++)
    for (int64_t k = 0; k < channels * taps; k++) {
      const int64_t at = i % pixels, out = i / pixels % outputs, n = i / pixels / outputs;
      const int64_t from = position(w, x, kernel, y, at, k % taps);
      if (from < 0) continue;
      const int64_t c = out / each * channels + k / taps;
      double *xv = &x->v[(n * x->size[1] + c) * plane_of(x) + from];
      double *wv = &kernel->v[out * channels * taps + k], *yv = &y->v[i];
      if (pass == 0) *yv += *xv * *wv;
      else if (pass == 1) *xv += *yv * *wv;
      else *wv += *xv * *yv;
    }
}

static void convolution(machine *m, const descriptor *op, const int names[4], int pass) {
  const window w = window_of(descriptor_at(op, names[0]));
  value *x = operand(m, op, names[1]), *kernel = operand(m, op, names[2]),
        *y = operand(m, op, names[3]),
        *to = pass == 0   ? y
              : pass == 1 ? x
                          : kernel;
  memset(to->v, 0, (size_t)to->n * sizeof(double));
  each_product(&w, x, kernel, y, pass);
  store(m, to);
}

static void run_operation(machine *m, const descriptor *op) {
  static const int forward[4] = {CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
                                 CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                                 CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
                                 CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y},
                   data[4] = {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
                              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
                              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
                              CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY},
                   filter[4] = {CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
                                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
                                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
                                CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY};
  switch (op->type) {
    case CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR: pointwise(m, op); break;
    case CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR: matmul(m, op); break;
    case CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR: reduction(m, op); break;
    case CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR: reshape(m, op); break;
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR:
      convolution(m, op, forward, 0);
      break;
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR:
      convolution(m, op, data, 1);
      break;
    case CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR:
      convolution(m, op, filter, 2);
      break;
    default: abort();
  }
}

#endif
