// Convolutions as cuDNN's graphs: forward with what follows it (bias, sum, ReLU) and both gradients.
#include "dnn_graphs.h"

#if TC_HAS_CUDNN

// What an operation calls its attributes.
typedef struct names {
  cudnnBackendDescriptorType_t type;
  cudnnBackendAttributeName_t how, x, w, y, alpha, beta;
} names;

static const names names_of[] = {
    [DNN_CONV] = {CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR,
                  CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC,
                  CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X,
                  CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W,
                  CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y,
                  CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA,
                  CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA},
    [DNN_INPUT_GRAD] = {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR,
                        CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC,
                        CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX,
                        CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W,
                        CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY,
                        CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA,
                        CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA},
    [DNN_WEIGHT_GRAD] = {CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA,
                         CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA},
};

// Halves are summed in float32.
static cudnnDataType_t sums_of(const dnn_conv *c) {
  return c->type == CUDNN_DATA_DOUBLE ? CUDNN_DATA_DOUBLE : CUDNN_DATA_FLOAT;
}

static dnn_descriptor window(dnn_graph *g, const dnn_conv *c) {
  const cudnnDataType_t sums = sums_of(c);
  const cudnnConvolutionMode_t mode = CUDNN_CROSS_CORRELATION;
  const int64_t n = c->spatial;
  dnn_descriptor d = dnn_new(g, CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
  dnn_set(g, d, CUDNN_ATTR_CONVOLUTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, &sums);
  dnn_set(g, d, CUDNN_ATTR_CONVOLUTION_CONV_MODE, CUDNN_TYPE_CONVOLUTION_MODE, 1, &mode);
  dnn_set(g, d, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS, CUDNN_TYPE_INT64, 1, &n);
  dnn_set(g, d, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS, CUDNN_TYPE_INT64, n, c->before);
  dnn_set(g, d, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS, CUDNN_TYPE_INT64, n, c->after);
  dnn_set(g, d, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES, CUDNN_TYPE_INT64, n, c->stride);
  dnn_set(g, d, CUDNN_ATTR_CONVOLUTION_DILATIONS, CUDNN_TYPE_INT64, n, c->dilation);
  return dnn_finish(g, d);
}

static void convolution(dnn_graph *g, const dnn_conv *c, dnn_descriptor x, dnn_descriptor w,
                        dnn_descriptor y) {
  const names *name = &names_of[c->pass];
  const float one = 1, zero = 0;
  const double wide_one = 1, wide_zero = 0;
  const bool wide = c->type == CUDNN_DATA_DOUBLE;
  const cudnnBackendAttributeType_t number = wide ? CUDNN_TYPE_DOUBLE : CUDNN_TYPE_FLOAT;
  dnn_descriptor how = window(g, c), d = dnn_new(g, name->type);
  dnn_set_descriptor(g, d, name->how, how);
  dnn_set_descriptor(g, d, name->x, x);
  dnn_set_descriptor(g, d, name->w, w);
  dnn_set_descriptor(g, d, name->y, y);
  dnn_set(g, d, name->alpha, number, 1, wide ? (const void *)&wide_one : &one);
  dnn_set(g, d, name->beta, number, 1, wide ? (const void *)&wide_zero : &zero);
  dnn_operation(g, d);
}

// What follows in order: each step reads the last one's result, the last one writes y.
typedef struct step {
  cudnnPointwiseMode_t mode;
  dnn_descriptor with;  // NULL for a unary mode
} step;

static int steps_of(dnn_graph *g, const dnn_conv *c, const dnn_shape *y, step *to) {
  int n = 0;
  if (c->bias) {
    int64_t size[DNN_DIMS] = {1, c->y[1], 1, 1, 1};
    const dnn_shape bias = dnn_shape_of(y->type, y->dims, size, c->channels_last);
    to[n++] = (step){CUDNN_POINTWISE_ADD, dnn_tensor(g, DNN_BIAS, &bias)};
  }
  if (c->residual) to[n++] = (step){CUDNN_POINTWISE_ADD, dnn_tensor(g, DNN_RESIDUAL, y)};
  if (c->relu) to[n++] = (step){CUDNN_POINTWISE_RELU_FWD, NULL};
  return n;
}

void dnn_conv_graph(dnn_graph *g, const void *description) {
  const dnn_conv *c = description;
  const cudnnDataType_t type = (cudnnDataType_t)c->type;
  const int dims = c->spatial + 2;
  const dnn_shape x = dnn_shape_of(type, dims, c->x, c->channels_last),
                  w = dnn_shape_of(type, dims, c->w, c->channels_last),
                  y = dnn_shape_of(type, dims, c->y, c->channels_last);
  dnn_shape sums = y;
  step steps[3];
  const int count = steps_of(g, c, &y, steps);
  sums.type = sums_of(c);
  dnn_descriptor from = count ? dnn_inner(g, &sums) : dnn_tensor(g, DNN_Y, &y);
  convolution(g, c, dnn_tensor(g, DNN_X, &x), dnn_tensor(g, DNN_W, &w), from);
  for (int i = 0; i < count; i++) {
    dnn_descriptor to = i + 1 < count ? dnn_inner(g, &sums) : dnn_tensor(g, DNN_Y, &y);
    dnn_pointwise(g, &(dnn_point){.mode = steps[i].mode, .x = from, .b = steps[i].with, .y = to});
    from = to;
  }
}
#endif
