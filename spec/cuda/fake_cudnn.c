// A stand-in for cuDNN that computes graphs of the backend API on the CPU, as their operations are
// documented: specs of the emulated device put it into TOCHA_CUDA_STAND_INS as libcudnn.so.N, so that what
// graphs mean, and what runs give them, is held against the CPU's kernels.
//
// It knows the operations that csrc/cuda/dnn_*.c use, one engine, and no speed. With TOCHA_FAKE_LOG it
// writes a line a run there.
#include "fake_cudnn_machine.h"
#include "fake_cudnn_rnn.h"

// ---- engines ---------------------------------------------------------------------------------

static bool is_channels_last(const descriptor *tensor) {
  const attribute *stride = find(tensor, CUDNN_ATTR_TENSOR_STRIDES);
  const int64_t *size = find(tensor, CUDNN_ATTR_TENSOR_DIMENSIONS)->data;
  return stride->count > 3 && ((int64_t *)stride->data)[1] == 1 && size[1] > 1;
}

// As cuDNN does with channels first: what is added to a convolution is a bias, nothing else.
static bool refuses(const descriptor *graph) {
  const attribute *ops = find(graph, CUDNN_ATTR_OPERATIONGRAPH_OPS);
  bool convolves = false;
  for (int64_t i = 0; i < ops->count; i++) {
    const descriptor *op = ((descriptor **)ops->data)[i];
    const descriptor *b = descriptor_at(op, CUDNN_ATTR_OPERATION_POINTWISE_BDESC);
    if (op->type == CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR) convolves = true;
    const bool point = op->type == CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR;
    if (!convolves || !point || !b) continue;
    const int64_t *size = find(b, CUDNN_ATTR_TENSOR_DIMENSIONS)->data;
    if (size[0] * size[2] * size[3] > 1 && !is_channels_last(b)) return true;
  }
  return false;
}

// The one configuration points to the one engine, and that to the graph.
static void give_engine(descriptor *configuration, descriptor *graph) {
  descriptor *engine = calloc(1, sizeof *engine);
  *engine = (descriptor){.refs = 1, .type = CUDNN_BACKEND_ENGINE_DESCRIPTOR};
  add(engine, CUDNN_ATTR_ENGINE_OPERATION_GRAPH, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &graph);
  add(configuration, CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &engine);
  release(engine);
}

// The layout of a convolution's input and filter is told too; cuDNN wants both alike.
static const char *layout_of(const descriptor *op) {
  const descriptor *x = descriptor_at(op, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X),
                   *w = descriptor_at(op, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W);
  if (!x) {
    x = descriptor_at(op, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX);
    w = descriptor_at(op, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W);
  }
  if (!x) {
    x = descriptor_at(op, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X);
    w = descriptor_at(op, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW);
  }
  return x && is_channels_last(x) && is_channels_last(w) ? ", channels last" : "";
}

static void note(int64_t operations, const descriptor *first) {
  const char *path = getenv("TOCHA_FAKE_LOG");
  FILE *f = path ? fopen(path, "a") : NULL;
  if (!f) return;
  fprintf(f, "graph of %d%s\n", (int)operations, layout_of(first));
  fclose(f);
}

// ---- the interface ---------------------------------------------------------------------------

static int handle_of_all;

size_t cudnnGetVersion(void) { return CUDNN_VERSION; }
const char *cudnnGetErrorString(cudnnStatus_t status) { return status ? "refused" : "success"; }
void cudnnGetLastErrorString(char *message, size_t size) { snprintf(message, size, "no reason"); }
cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t stream) {
  (void)handle, (void)stream;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnCreate(cudnnHandle_t *handle) {
  *handle = (cudnnHandle_t)&handle_of_all;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendCreateDescriptor(cudnnBackendDescriptorType_t type,
                                           cudnnBackendDescriptor_t *out) {
  descriptor *d = calloc(1, sizeof *d);
  *d = (descriptor){.refs = 1, .type = (int)type};
  *out = d;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendDestroyDescriptor(cudnnBackendDescriptor_t d) {
  release(d);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendSetAttribute(cudnnBackendDescriptor_t to,
                                       cudnnBackendAttributeName_t name,
                                       cudnnBackendAttributeType_t type, int64_t count,
                                       const void *data) {
  descriptor *d = to;
  if (d->finished) return CUDNN_STATUS_BAD_PARAM;
  add(d, (int)name, (int)type, count, data);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendFinalize(cudnnBackendDescriptor_t of) {
  descriptor *d = of;
  for (int i = 0; i < d->count; i++)
    for (int64_t j = 0; d->at[i].type == CUDNN_TYPE_BACKEND_DESCRIPTOR && j < d->at[i].count; j++)
      if (!((descriptor **)d->at[i].data)[j]->finished &&
          d->type != CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR)
        return CUDNN_STATUS_BAD_PARAM;
  d->finished = true;
  return CUDNN_STATUS_SUCCESS;
}

static cudnnStatus_t copy_engine(const descriptor *from, int64_t count, void *to) {
  const descriptor *engine = descriptor_at(from, CUDNN_ATTR_ENGINECFG_ENGINE);
  const attribute *graph = find(engine, CUDNN_ATTR_ENGINE_OPERATION_GRAPH);
  if (count > 0) add(*(descriptor **)to, graph->name, graph->type, graph->count, graph->data);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBackendGetAttribute(cudnnBackendDescriptor_t const from,
                                       cudnnBackendAttributeName_t name,
                                       cudnnBackendAttributeType_t type, int64_t asked,
                                       int64_t *count, void *to) {
  const descriptor *d = from;
  (void)type;
  *count = 1;
  switch (name) {
    case CUDNN_ATTR_ENGINEHEUR_RESULTS: {
      descriptor *graph = descriptor_at(d, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH);
      *count = refuses(graph) ? 0 : 1;
      if (asked > 0 && *count > 0) give_engine(*(descriptor **)to, graph);
      return CUDNN_STATUS_SUCCESS;
    }
    case CUDNN_ATTR_ENGINECFG_ENGINE: return copy_engine(d, asked, to);
    case CUDNN_ATTR_ENGINE_GLOBAL_INDEX: *(int64_t *)to = 1; return CUDNN_STATUS_SUCCESS;
    case CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE: *(int64_t *)to = 64; return CUDNN_STATUS_SUCCESS;
    default: *count = 0; return CUDNN_STATUS_SUCCESS;
  }
}

cudnnStatus_t cudnnBackendExecute(cudnnHandle_t handle, cudnnBackendDescriptor_t plan,
                                  cudnnBackendDescriptor_t pack) {
  const descriptor *configuration = descriptor_at(plan, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG);
  const descriptor *engine = descriptor_at(configuration, CUDNN_ATTR_ENGINECFG_ENGINE);
  const attribute *ops =
      find(descriptor_at(engine, CUDNN_ATTR_ENGINE_OPERATION_GRAPH), CUDNN_ATTR_OPERATIONGRAPH_OPS);
  const attribute *ids = find(pack, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
  const void *const *workspace = find(pack, CUDNN_ATTR_VARIANT_PACK_WORKSPACE)->data;
  machine *m = calloc(1, sizeof *m);
  if (handle != (cudnnHandle_t)&handle_of_all || !*workspace) return CUDNN_STATUS_BAD_PARAM;
  m->ids = ids->data, m->given = ids->count;
  m->pointers = find(pack, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS)->data;
  for (int64_t i = 0; i < ops->count; i++) run_operation(m, ((descriptor **)ops->data)[i]);
  for (int i = 0; i < m->count; i++) free(m->values[i].v);
  free(m);
  note(ops->count, *(descriptor **)ops->data);
  return CUDNN_STATUS_SUCCESS;
}
