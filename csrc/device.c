// The devices by name, back ends that are loaded while the program runs, copies between devices.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "graph.h"

enum { BACKENDS = 4 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const tc_backend *backends[BACKENDS];
static atomic_int backend_count;

// ---- back ends -------------------------------------------------------------------------------

static tc_status fail_with(tc_status status, const char *text) {
  return tc_fail(status, "%s", text);
}

static const tc_host host = {.fail = fail_with,
                             .cpu = &tc_cpu,
#define F(type, name, params, args) .name = name,
#define V(name, params, args) .name = name,
                             TC_HOST_FUNCTIONS(F, V)
#undef F
#undef V
};

static tc_status open_library(const char *path, const tc_backend **out) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) return tc_fail(TC_INTERNAL, "%s", dlerror());
  union {  // ISO C has no way from an object's address to a function's
    void *address;
    tc_backend_open_fn open;
  } entry = {dlsym(library, "tc_backend_open")};
  if (!entry.address) return tc_fail(TC_INTERNAL, "'%s' is not a back end", path);
  *out = entry.open(TC_BACKEND_ABI, &host);
  return *out ? TC_OK : TC_INTERNAL;
}

static tc_status add(const char *path) {
  const tc_backend *b = NULL;
  const int n = atomic_load(&backend_count);
  if (n == BACKENDS) return tc_fail(TC_INTERNAL, "too many back ends");
  TC_TRY(open_library(path, &b));
  if (tc_backend_named(b->name)) return TC_OK;
  backends[n] = b;
  atomic_store(&backend_count, n + 1);
  return TC_OK;
}

tc_status tc_backend_load(const char *path) {
  pthread_mutex_lock(&lock);
  const tc_status status = add(path);
  pthread_mutex_unlock(&lock);
  return status;
}

const tc_backend *tc_backend_named(const char *name) {
  const int n = atomic_load(&backend_count);
  for (int k = 0; k < n; k++)
    if (strcmp(backends[k]->name, name) == 0) return backends[k];
  return NULL;
}

// ---- devices ---------------------------------------------------------------------------------

static const tc_device *of_backend(const tc_backend *b, const char *name) {
  if (strcmp(name, b->name) == 0) return b->current();
  for (int k = 0; k < b->count; k++)
    if (strcmp(name, b->device[k]->name) == 0) return b->device[k];
  return NULL;
}

const tc_device *tc_device_find(const char *name) {
  if (strcmp(name, tc_cpu.name) == 0) return &tc_cpu;
  if (strcmp(name, tc_meta.name) == 0) return &tc_meta;
  const int n = atomic_load(&backend_count);
  for (int k = 0; k < n; k++) {
    const tc_device *d = of_backend(backends[k], name);
    if (d) return d;
  }
  return NULL;
}

// ---- copies ----------------------------------------------------------------------------------

// `t` itself, or a contiguous copy of it on its device.
static tc_status compact(const tc_tensor *t, tc_tensor *own, const tc_tensor **out) {
  *out = t;
  if (tc_is_contiguous(t)) return TC_OK;
  TC_TRY(tc_tensor_like(own, t, (tc_dtype)t->dtype));
  *out = own;
  return tc_copy(own, t);
}

static tc_status move_bytes(const tc_tensor *to, const tc_tensor *from) {
  const tc_device *there = to->storage->device, *here = from->storage->device;
  const tc_device *mover = there == &tc_cpu || here == &tc_meta ? here : there;
  const size_t bytes = (size_t)tc_numel(from) * tc_itemsize((tc_dtype)from->dtype);
  return bytes ? mover->move(there, tc_data(to), here, tc_data(from), bytes) : TC_OK;
}

// What is converted or spread is so on the receiving side, since that is where copies are fast.
static tc_status arrive(const tc_tensor *to, const tc_tensor *packed) {
  tc_tensor landing = {0};
  if (to->dtype == packed->dtype && tc_same_shape(to, packed) && tc_is_contiguous(to))
    return move_bytes(to, packed);
  TC_TRY(tc_tensor_new(&landing, to->storage->device, (tc_dtype)packed->dtype, packed->ndim,
                       packed->size));
  tc_status status = move_bytes(&landing, packed);
  if (status == TC_OK) status = tc_copy(to, &landing);
  tc_tensor_free(&landing);
  return status;
}

tc_status tc_copy_across(const tc_tensor *to, const tc_tensor *from) {
  tc_tensor own = {0};
  const tc_tensor *packed;
  if (tc_is_channels_last(to)) {
    const tc_tensor there = tc_turned(to, to->ndim), here = tc_turned(from, to->ndim);
    return tc_copy_across(&there, &here);
  }
  if (tc_is_recording())
    return tc_fail(TC_BAD_VALUE, "a recorded step cannot copy from %s to %s",
                   from->storage->device->name, to->storage->device->name);
  tc_status status = compact(from, &own, &packed);
  if (status == TC_OK) status = arrive(to, packed);
  tc_tensor_free(&own);
  return status;
}
