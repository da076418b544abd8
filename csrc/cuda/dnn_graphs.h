// The graphs that Tocha asks cuDNN for. A description holds all that a plan depends on, so that it is the
// plan's key too: it is compared as bytes, starts as zeros, and has no padding.
#ifndef TOCHA_CUDA_DNN_GRAPHS_H
#define TOCHA_CUDA_DNN_GRAPHS_H

#include "dnn_graph.h"

#if TC_HAS_CUDNN

// Ids of the tensors of a run.
enum dnn_id {
  DNN_X = 1,
  DNN_W,
  DNN_Y,
  DNN_BIAS,
  DNN_RESIDUAL,
  DNN_Q = 10,
  DNN_K,
  DNN_V,
  DNN_STATS,
  DNN_SCALE,
  DNN_LOWEST,
  DNN_MASK,
  DNN_GY = 20,
  DNN_GQ,
  DNN_GK,
  DNN_GV,
  DNN_GK_EACH,
  DNN_GV_EACH,
  DNN_INNER,
  DNN_ONE
};

// ---- convolution -----------------------------------------------------------------------------

typedef enum dnn_conv_pass {
  DNN_CONV,         // y = x * w, and what follows
  DNN_INPUT_GRAD,   // x = gradient from y and w
  DNN_WEIGHT_GRAD,  // w = gradient from x and y
} dnn_conv_pass;

// Two or three spatial dimensions; one is two with a height of one. Groups follow from the channels of
// x and w.
typedef struct dnn_conv {
  int32_t pass, type, spatial, channels_last;
  int32_t bias, residual, relu, reserved;
  int64_t x[DNN_DIMS], w[DNN_DIMS], y[DNN_DIMS];
  int64_t stride[3], before[3], after[3], dilation[3];
} dnn_conv;

void dnn_conv_graph(dnn_graph *g, const void *description);

// ---- attention -------------------------------------------------------------------------------

// y = softmax(scale q k') v over (heads of k, queries' heads sharing one, rows, width), each head
// contiguous; those of k and v may lie apart. The statistics are float32: each row's logarithm of sums.
// A mask is added to the scaled scores: (rows, keys) by rows, one for all heads or one each.
typedef enum dnn_mask { DNN_NO_MASK, DNN_ONE_MASK, DNN_MASK_EACH } dnn_mask;

typedef struct dnn_attention {
  int32_t type, backward, causal, mask;
  int64_t heads, groups, rows, keys, width;
  int64_t k_head, v_head;
} dnn_attention;

void dnn_attention_graph(dnn_graph *g, const void *description);

// How many heads one backward run takes: so many of equal share that its workspace, the gradients of their
// scores in halves, stays within `bytes`, and that the statistics of each share begin at a multiple of
// 16 bytes; all where there is no such share. (Engines that need none add up in any order.)
int64_t dnn_attention_heads(const dnn_attention *d, int64_t bytes);

#endif
#endif
