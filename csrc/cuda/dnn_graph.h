// A graph of operations for cuDNN: put together descriptor by descriptor, turned into a plan.
//
// Promises: nothing here needs a device, so a check can ask what cuDNN would do on a card that is only
// described. The first failure sticks: what is asked of the graph after it does nothing, and dnn_plan_of
// gives NULL. Every descriptor belongs to the graph and goes with it, but for the plan itself.
// Does not run anything: dnn.c does.
#ifndef TOCHA_CUDA_DNN_GRAPH_H
#define TOCHA_CUDA_DNN_GRAPH_H

#include <stdbool.h>

#include "library.h"

#if TC_HAS_CUDNN

enum { DNN_DIMS = 5, DNN_DESCRIPTORS = 160, DNN_OPERATIONS = 32 };

typedef cudnnBackendDescriptor_t dnn_descriptor;

typedef struct dnn_graph {
  const tc_cudnn *lib;
  cudnnStatus_t status;
  dnn_descriptor made[DNN_DESCRIPTORS], operations[DNN_OPERATIONS];
  int made_count, operation_count;
  int64_t next_id;  // of tensors that exist only inside the graph
} dnn_graph;

// A tensor's type and place. Sizes are in the order N C (D) H W or B H S D; only the strides tell where
// an element lies.
typedef struct dnn_shape {
  cudnnDataType_t type;
  int dims;
  int64_t size[DNN_DIMS], stride[DNN_DIMS];
} dnn_shape;

void dnn_begin(dnn_graph *g, const tc_cudnn *lib);
void dnn_end(dnn_graph *g);

// ---- tensors ---------------------------------------------------------------------------------

// `stride` by rows; or with the second dimension innermost (channels last).
dnn_shape dnn_shape_of(cudnnDataType_t type, int dims, const int64_t *size, bool channels_last);

dnn_descriptor dnn_tensor(dnn_graph *g, int64_t id,
                          const dnn_shape *s);                  // in memory, 16-byte aligned
dnn_descriptor dnn_inner(dnn_graph *g, const dnn_shape *s);     // never in memory
dnn_descriptor dnn_number(dnn_graph *g, int64_t id, int dims);  // a float that each run gives

// ---- descriptors and operations --------------------------------------------------------------

// A descriptor that is not finished yet, its attributes, its end.
dnn_descriptor dnn_new(dnn_graph *g, cudnnBackendDescriptorType_t type);
void dnn_set(dnn_graph *g, dnn_descriptor d, cudnnBackendAttributeName_t name,
             cudnnBackendAttributeType_t type, int64_t count, const void *values);
void dnn_set_descriptor(dnn_graph *g, dnn_descriptor d, cudnnBackendAttributeName_t name,
                        dnn_descriptor value);  // NULL: the attribute is left out
dnn_descriptor dnn_finish(dnn_graph *g, dnn_descriptor d);
void dnn_operation(dnn_graph *g, dnn_descriptor d);  // finishes it and takes it into the graph

// y = mode(x, b, t). Absent operands are NULL; sums are float32 unless `precision` says otherwise; an axis
// (of CUDNN_POINTWISE_GEN_INDEX) counts from 0, where 0 is none.
typedef struct dnn_point {
  cudnnPointwiseMode_t mode;
  dnn_descriptor x, b, t, y;
  cudnnDataType_t precision;
  int64_t axis;
} dnn_point;

void dnn_pointwise(dnn_graph *g, const dnn_point *p);

// ---- plans -----------------------------------------------------------------------------------

// The card: that of a handle, or one described in JSON where the handle is NULL.
typedef struct dnn_card {
  cudnnHandle_t handle;
  const char *json;
} dnn_card;

typedef struct dnn_rules {
  bool tf32;        // float32 may be multiplied in TensorFloat-32
  bool is_float32;  // whether that matters
} dnn_rules;

typedef struct dnn_plan {
  dnn_descriptor plan;
  int64_t workspace;
  int64_t engine;
  bool compiled, fallback;  // its kernel was compiled at run time; only the last resort took it
} dnn_plan;

// The best engine's that the rules allow; false where there is none.
bool dnn_plan_of(dnn_graph *g, const dnn_card *card, const dnn_rules *rules, dnn_plan *out);
void dnn_plan_free(const tc_cudnn *lib, dnn_plan *plan);

// Why the last call on this thread failed, in cuDNN's words.
const char *dnn_reason(const dnn_graph *g, char *buffer, size_t bytes);

#endif
#endif
