// From kernels' arguments to cuDNN's plans, and their runs.
//
// A plan is made once for a description (dnn_graphs.h), a card and the user's rules, and remembered also
// where there is none. One lock guards it all: a run only enqueues.
#include "dnn.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "conv_ending.h"
#include "device.h"
#include "dnn_graphs.h"
#include "plans.h"

static atomic_bool tf32;

bool tc_tf32(void) { return tf32; }
void tc_set_tf32(bool on) { tf32 = on; }

#if !TC_HAS_CUDNN
#define ABSENT(name)                                                                               \
  tc_status name(tc_args *a, bool *done) {                                                         \
    (void)a;                                                                                       \
    *done = false;                                                                                 \
    return TC_OK;                                                                                  \
  }
ABSENT(tc_dnn_conv)
ABSENT(tc_dnn_conv_input_grad)
ABSENT(tc_dnn_conv_weight_grad)
ABSENT(tc_dnn_attention)
ABSENT(tc_dnn_attention_backward)
#else

struct CUstream_st *tc_stream(void);

enum { MOST_TENSORS = 16 };

// A description and the tensors of one run.
typedef struct request {
  void (*build)(dnn_graph *g, const void *description);
  const void *description;
  size_t bytes;
  bool is_float32;
  int count;
  int64_t ids[MOST_TENSORS];
  void *pointers[MOST_TENSORS];
} request;

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

static void make_plan(const tc_cudnn *lib, cudnnHandle_t handle, const request *r, dnn_plan *plan) {
  dnn_graph g;
  const dnn_card card = {.handle = handle};
  const dnn_rules rules = {.tf32 = tf32, .is_float32 = r->is_float32};
  dnn_begin(&g, lib);
  r->build(&g, r->description);
  if (!dnn_plan_of(&g, &card, &rules, plan)) plan->plan = NULL;
  dnn_end(&g);
}

static const dnn_plan *plan_of(const tc_cudnn *lib, const request *r) {
  const tc_device *device = tc_current_device();
  cudnnHandle_t handle = handle_of(lib, device);
  key k;
  bool fresh;
  if (!handle) return NULL;
  memset(&k, 0, sizeof k);
  k.device = device, k.build = r->build, k.tf32 = r->is_float32 && tf32;
  memcpy(k.description, r->description, r->bytes);
  dnn_plan *plan = tc_plans_at(&plans, &k, sizeof k, &fresh);
  if (plan && fresh) make_plan(lib, handle, r, plan);
  return plan && plan->plan ? plan : NULL;
}

static bool set(const tc_cudnn *lib, dnn_descriptor d, cudnnBackendAttributeName_t name,
                cudnnBackendAttributeType_t type, int64_t count, const void *values) {
  return lib->cudnnBackendSetAttribute(d, name, type, count, values) == CUDNN_STATUS_SUCCESS;
}

static bool enqueue(const tc_cudnn *lib, const dnn_plan *plan, const request *r, void *workspace) {
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
static tc_status run_plan(const tc_cudnn *lib, const dnn_plan *plan, const request *r, bool *done) {
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
static bool is_aligned(const request *r) {
  for (int i = 0; i < r->count; i++)
    if (r->ids[i] != DNN_SCALE && r->ids[i] != DNN_LOWEST && r->ids[i] != DNN_ONE &&
        (uintptr_t)r->pointers[i] % 16)
      return false;
  return true;
}

static tc_status run(const request *r, bool *done) {
  const tc_cudnn *lib = tc_library_cudnn();
  *done = false;
  if (!lib || !is_aligned(r)) return TC_OK;
  pthread_mutex_lock(&lock);
  const dnn_plan *plan = plan_of(lib, r);
  const tc_status status = plan ? run_plan(lib, plan, r, done) : TC_OK;
  pthread_mutex_unlock(&lock);
  return status;
}

static void give(request *r, int64_t id, const void *pointer) {
  r->ids[r->count] = id;
  r->pointers[r->count++] = (void *)(uintptr_t)pointer;
}

static void give_tensor(request *r, int64_t id, const tc_tensor *t) {
  if (t) give(r, id, tc_data(t));
}

static int32_t type_of(tc_dtype d) {
  switch (d) {
    case TC_float64: return CUDNN_DATA_DOUBLE;
    case TC_float16: return CUDNN_DATA_HALF;
    case TC_bfloat16: return CUDNN_DATA_BFLOAT16;
    default: return CUDNN_DATA_FLOAT;
  }
}

// ---- convolution -----------------------------------------------------------------------------

// N C (D) H W; a leading size of one stands for a missing image, a missing height.
static void conv_sizes(int64_t *to, const tc_tensor *t, int n, int spatial) {
  const int first = t->ndim - n;
  to[0] = first > 1 ? t->size[0] : 1;
  to[1] = t->size[first - 1];
  for (int d = 0; d < spatial; d++)
    to[2 + d] = d < spatial - n ? 1 : t->size[first + d - (spatial - n)];
}

static dnn_conv conv_description(const tc_args *a, dnn_conv_pass pass, const tc_tensor *x,
                                 const tc_tensor *w, const tc_tensor *y) {
  const int n = a->len[0], spatial = n < 2 ? 2 : n;
  dnn_conv c = {.pass = (int32_t)pass, .type = type_of(a->dtype), .spatial = spatial};
  conv_sizes(c.x, x, n, spatial);
  conv_sizes(c.w, w, n, spatial);
  conv_sizes(c.y, y, n, spatial);
  for (int d = 0; d < spatial; d++) {
    const int from = d - (spatial - n);
    c.stride[d] = from < 0 ? 1 : a->list[0][from];
    c.before[d] = from < 0 ? 0 : a->list[1][2 * from];
    c.after[d] = from < 0 ? 0 : a->list[1][2 * from + 1];
    c.dilation[d] = from < 0 ? 1 : a->list[2][from];
  }
  return c;
}

static tc_status run_conv(const tc_args *a, const dnn_conv *c, const tc_tensor *x,
                          const tc_tensor *w, const tc_tensor *y, bool *done) {
  request r = {.build = dnn_conv_graph, .description = c, .bytes = sizeof *c};
  *done = false;
  if (tc_numel(x) == 0 || tc_numel(w) == 0 || tc_numel(y) == 0) return TC_OK;
  r.is_float32 = a->dtype == TC_float32;
  give_tensor(&r, DNN_X, x);
  give_tensor(&r, DNN_W, w);
  give_tensor(&r, DNN_Y, y);
  if (c->bias) give_tensor(&r, DNN_BIAS, a->t[3]);
  if (c->residual) give_tensor(&r, DNN_RESIDUAL, a->t[4]);
  return run(&r, done);
}

static int64_t plane_of(const dnn_conv *c, const int64_t *size) {
  int64_t n = 1;
  for (int d = 0; d < c->spatial; d++) n *= size[2 + d];
  return n;
}

// With what follows fused where cuDNN knows how, else as a pass of its own.
tc_status tc_dnn_conv(tc_args *a, bool *done) {
  tc_tensor *y = a->t[0], *x = a->t[1], *w = a->t[2];
  const double low = a->f[0], high = a->f[1];
  const bool clamps = low > -INFINITY || high < INFINITY, relu = low == 0 && high == INFINITY;
  const dnn_conv plain = conv_description(a, DNN_CONV, x, w, y);
  dnn_conv fused = plain;
  fused.bias = a->t[3] != NULL, fused.residual = a->t[4] != NULL, fused.relu = relu;
  const bool follows = fused.bias || fused.residual || clamps;
  *done = false;
  if (follows && (relu || !clamps)) TC_TRY(run_conv(a, &fused, x, w, y, done));
  if (*done) return TC_OK;
  TC_TRY(run_conv(a, &plain, x, w, y, done));
  return *done && follows
             ? tc_conv_ending(y, a->t[3], a->t[4], plane_of(&plain, plain.y), low, high)
             : TC_OK;
}

tc_status tc_dnn_conv_input_grad(tc_args *a, bool *done) {
  const dnn_conv c = conv_description(a, DNN_INPUT_GRAD, a->t[0], a->t[2], a->t[1]);
  TC_TRY(run_conv(a, &c, a->t[0], a->t[2], a->t[1], done));
  return *done && a->t[3]
             ? tc_conv_ending(a->t[0], a->t[3], NULL, plane_of(&c, c.x), -INFINITY, INFINITY)
             : TC_OK;
}

tc_status tc_dnn_conv_weight_grad(tc_args *a, bool *done) {
  const dnn_conv c = conv_description(a, DNN_WEIGHT_GRAD, a->t[1], a->t[0], a->t[2]);
  return run_conv(a, &c, a->t[1], a->t[0], a->t[2], done);
}

// ---- attention -------------------------------------------------------------------------------

static const float lowest = -INFINITY, one = 1;

// Halves without a mask, whose heads start where tensor cores can load: the engines' case.
static bool is_flash(const tc_tensor *q, const tc_tensor *k, const tc_tensor *v,
                     const tc_tensor *lse, tc_dtype dtype) {
  return tc_is_half(dtype) && lse->dtype == TC_float32 && tc_numel(q) > 0 && tc_numel(k) > 0 &&
         q->size[2] == v->size[2] && q->size[2] % 8 == 0 && k->stride[0] % 8 == 0 &&
         v->stride[0] % 8 == 0;
}

static dnn_attention attention_description(const tc_args *a, const tc_tensor *q, const tc_tensor *k,
                                           const tc_tensor *v) {
  dnn_attention d = {.type = type_of(a->dtype), .causal = a->i[0] != 0};
  d.heads = k->size[0], d.groups = q->size[0] / k->size[0];
  d.rows = q->size[1], d.keys = k->size[1], d.width = q->size[2];
  d.k_head = k->stride[0], d.v_head = v->stride[0];
  return d;
}

static request attention_request(const dnn_attention *d, const float *scale) {
  request r = {.build = dnn_attention_graph, .description = d, .bytes = sizeof *d};
  give(&r, DNN_SCALE, scale);
  if (d->causal) give(&r, DNN_LOWEST, &lowest);
  return r;
}

tc_status tc_dnn_attention(tc_args *a, bool *done) {
  const tc_tensor *q = a->t[2], *k = a->t[3], *v = a->t[4];
  const float scale = (float)a->f[0];
  *done = false;
  if (a->t[5] || a->t[6] || !is_flash(q, k, v, a->t[1], a->dtype)) return TC_OK;
  const dnn_attention d = attention_description(a, q, k, v);
  request r = attention_request(&d, &scale);
  give_tensor(&r, DNN_Y, a->t[0]);
  give_tensor(&r, DNN_STATS, a->t[1]);
  give_tensor(&r, DNN_Q, q);
  give_tensor(&r, DNN_K, k);
  give_tensor(&r, DNN_V, v);
  return run(&r, done);
}

// What a backward run may take for its workspace: TOCHA_CUDNN_WORKSPACE bytes, or 128 MiB.
static int64_t workspace_limit(void) {
  const char *given = getenv("TOCHA_CUDNN_WORKSPACE");
  return given ? strtoll(given, NULL, 10) : 128 << 20;
}

// Memory beside the tensors of a backward run: a number a row and, where heads are shared, the gradients of
// k and v for each of those that share.
typedef struct beside {
  char *data;
  size_t inner, each, bytes;  // of its parts, and of all
} beside;

static beside beside_of(const dnn_attention *d) {
  const size_t heads = (size_t)(d->heads * d->groups), align = 256;
  beside b = {.inner = heads * (size_t)d->rows * sizeof(float)};
  b.inner = (b.inner + align - 1) / align * align;
  if (d->groups > 1) b.each = heads * (size_t)(d->keys * d->width) * 2;
  b.bytes = b.inner + 2 * b.each;
  return b;
}

// A tensor from head `from` on.
static void give_from(request *r, int64_t id, const tc_tensor *t, int64_t from) {
  const size_t step = tc_itemsize((tc_dtype)t->dtype) * (size_t)t->stride[0];
  give(r, id, (char *)tc_data(t) + (size_t)from * step);
}

static tc_status backward_from(const tc_args *a, const dnn_attention *d, int64_t from,
                               const beside *b, bool *done) {
  static const struct {
    int64_t id;
    bool of_keys;
  } tensors[9] = {{DNN_GQ, false}, {DNN_GK, true},     {DNN_GV, true},
                  {DNN_Q, false},  {DNN_K, true},      {DNN_V, true},
                  {DNN_Y, false},  {DNN_STATS, false}, {DNN_GY, false}};
  const float scale = (float)a->f[0];
  request r = attention_request(d, &scale);
  for (int i = 0; i < 9; i++)
    give_from(&r, tensors[i].id, a->t[i], tensors[i].of_keys ? from : from * d->groups);
  give(&r, DNN_INNER, b->data);
  if (b->each) give(&r, DNN_GK_EACH, b->data + b->inner);
  if (b->each) give(&r, DNN_GV_EACH, b->data + b->inner + b->each);
  give(&r, DNN_ONE, &one);
  return run(&r, done);
}

// Some heads at a time, which bounds the workspace. The first run tells whether cuDNN takes it.
tc_status tc_dnn_attention_backward(tc_args *a, bool *done) {
  const tc_tensor *q = a->t[3], *k = a->t[4], *v = a->t[5];
  *done = false;
  if (a->t[9] || a->t[10] || a->t[11] || !is_flash(q, k, v, a->t[7], a->dtype)) return TC_OK;
  dnn_attention d = attention_description(a, q, k, v);
  const int64_t heads = d.heads;
  d.backward = 1;
  d.heads = dnn_attention_heads(&d, workspace_limit());
  beside b = beside_of(&d);
  b.data = tc_scratch(b.bytes);
  if (!b.data)
    return tc_fail(TC_NO_MEMORY, "not enough memory on the device for %zu bytes", b.bytes);
  tc_status status = TC_OK;
  for (int64_t h = 0; h < heads && status == TC_OK && (h == 0 || *done); h += d.heads)
    status = backward_from(a, &d, h, &b, done);
  tc_scratch_free(b.data, b.bytes);
  return status;
}
#endif
