// Plans, made once for a description (dnn_graphs.h), a card and the user's rules, and remembered also where
// there is none; and their runs. One lock guards it all: a run only enqueues.
#include "dnn_run.h"

#if TC_HAS_CUDNN
#include <pthread.h>
#include <string.h>

#include "device.h"
#include "dnn.h"
#include "plans.h"

struct CUstream_st *tc_stream(void);

typedef struct key {
  const tc_device *device;
  void (*build)(dnn_graph *g, const void *description);
  uint64_t tf32;
  unsigned char description[sizeof(dnn_conv)];  // the largest
} key;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static cudnnHandle_t handles[TC_MAX_DEVICES];

static void drop(void *plan) { dnn_plan_free(tc_library_cudnn(), plan); }
static tc_plans plans = {.value_bytes = sizeof(dnn_plan), .drop = drop};

// ---- a run -----------------------------------------------------------------------------------

// NULL: this card or driver is none that cuDNN can use.
static cudnnHandle_t handle_of(const tc_cudnn *lib, const tc_device *device) {
  cudnnHandle_t *h = &handles[device->index];
  if (!*h && lib->cudnnCreate(h) != CUDNN_STATUS_SUCCESS) *h = NULL;
  return *h;
}

static void make_plan(const tc_cudnn *lib, cudnnHandle_t handle, const dnn_request *r,
                      dnn_plan *plan) {
  dnn_graph g;
  const dnn_card card = {.handle = handle};
  const dnn_rules rules = {.tf32 = tc_tf32(), .is_float32 = r->is_float32};
  dnn_begin(&g, lib);
  r->build(&g, r->description);
  if (!dnn_plan_of(&g, &card, &rules, plan)) plan->plan = NULL;
  dnn_end(&g);
}

static const dnn_plan *plan_of(const tc_cudnn *lib, const dnn_request *r) {
  const tc_device *device = tc_current_device();
  cudnnHandle_t handle = handle_of(lib, device);
  key k;
  bool fresh;
  if (!handle) return NULL;
  memset(&k, 0, sizeof k);
  k.device = device, k.build = r->build, k.tf32 = r->is_float32 && tc_tf32();
  memcpy(k.description, r->description, r->bytes);
  dnn_plan *plan = tc_plans_at(&plans, &k, sizeof k, &fresh);
  if (plan && fresh) make_plan(lib, handle, r, plan);
  return plan && plan->plan ? plan : NULL;
}

static bool set(const tc_cudnn *lib, dnn_descriptor d, cudnnBackendAttributeName_t name,
                cudnnBackendAttributeType_t type, int64_t count, const void *values) {
  return lib->cudnnBackendSetAttribute(d, name, type, count, values) == CUDNN_STATUS_SUCCESS;
}

static bool enqueue(const tc_cudnn *lib, const dnn_plan *plan, const dnn_request *r,
                    void *workspace) {
  cudnnHandle_t handle = handles[tc_current_device()->index];
  dnn_descriptor pack = NULL;
  if (lib->cudnnBackendCreateDescriptor(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, &pack)) return false;
  const bool good =
      set(lib, pack, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, r->count, r->ids) &&
      set(lib, pack, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, r->count,
          r->pointers) &&
      set(lib, pack, CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, 1, &workspace) &&
      lib->cudnnBackendFinalize(pack) == CUDNN_STATUS_SUCCESS &&
      lib->cudnnSetStream(handle, tc_stream()) == CUDNN_STATUS_SUCCESS &&
      lib->cudnnBackendExecute(handle, plan->plan, pack) == CUDNN_STATUS_SUCCESS;
  lib->cudnnBackendDestroyDescriptor(pack);
  return good;
}

// Without memory for the workspace nothing is done: the own kernels need none.
static tc_status run_plan(const tc_cudnn *lib, const dnn_plan *plan, const dnn_request *r,
                          bool *done) {
  char reason[512] = "";
  const size_t bytes = (size_t)plan->workspace;
  void *workspace = bytes ? tc_scratch(bytes) : NULL;
  if (bytes && !workspace) return TC_OK;
  *done = enqueue(lib, plan, r, workspace);
  if (!*done) lib->cudnnGetLastErrorString(reason, sizeof reason);
  if (workspace) tc_scratch_free(workspace, bytes);
  return *done ? TC_OK : tc_fail(TC_INTERNAL, "cuDNN failed: %s", reason);
}

// Descriptions promise cuDNN addresses that are multiples of 16.
static bool is_aligned(const dnn_request *r) {
  for (int i = 0; i < r->count; i++)
    if (r->ids[i] != DNN_SCALE && r->ids[i] != DNN_LOWEST && r->ids[i] != DNN_ONE &&
        (uintptr_t)r->pointers[i] % 16)
      return false;
  return true;
}

tc_status dnn_run(const dnn_request *r, bool *done) {
  const tc_cudnn *lib = tc_library_cudnn();
  *done = false;
  if (!lib || !is_aligned(r)) return TC_OK;
  pthread_mutex_lock(&lock);
  const dnn_plan *plan = plan_of(lib, r);
  const tc_status status = plan ? run_plan(lib, plan, r, done) : TC_OK;
  pthread_mutex_unlock(&lock);
  return status;
}

cudnnHandle_t dnn_lock_handle(const tc_cudnn *lib) {
  pthread_mutex_lock(&lock);
  cudnnHandle_t handle = handle_of(lib, tc_current_device());
  if (!handle) pthread_mutex_unlock(&lock);
  return handle;
}

void dnn_unlock_handle(void) { pthread_mutex_unlock(&lock); }

void dnn_give(dnn_request *r, int64_t id, const void *pointer) {
  r->ids[r->count] = id;
  r->pointers[r->count++] = (void *)(uintptr_t)pointer;
}

void dnn_give_tensor(dnn_request *r, int64_t id, const tc_tensor *t) {
  if (t) dnn_give(r, id, tc_data(t));
}

int32_t dnn_type_of(tc_dtype d) {
  switch (d) {
    case TC_float64: return CUDNN_DATA_DOUBLE;
    case TC_float16: return CUDNN_DATA_HALF;
    case TC_bfloat16: return CUDNN_DATA_BFLOAT16;
    default: return CUDNN_DATA_FLOAT;
  }
}
#endif
