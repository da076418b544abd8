// CUDA's runtime in the host's memory: devices, errors, memory, copies. See runtime_emulated.h.
#define _GNU_SOURCE
#include "runtime_emulated.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 512, GUARD = 512, GUARD_BYTE = 0xA5, POISON = 0xFF };

tc_emulated_driver tc_emulated;

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static _Thread_local int device;

// ---- calls -------------------------------------------------------------------------------------

static uint64_t number_of(const char *name, uint64_t otherwise) {
  const char *text = getenv(name);
  return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

static void read_settings(void) {
  static bool read;
  if (read) return;
  read = true;
  const char *streams = getenv("TOCHA_EMULATE_STREAMS");
  tc_emulated.devices = (int)number_of("TOCHA_EMULATE_DEVICES", 2);
  tc_emulated.memory = number_of("TOCHA_EMULATE_MEMORY", (uint64_t)8 << 30);
  tc_emulated.late = streams && strcmp(streams, "late") == 0;
}

cudaError_t tc_emulated_enter(const char *call) {
  pthread_mutex_lock(&lock);
  read_settings();
  if (tc_emulated.watch) tc_emulated.watch(call);
  if (++tc_emulated.calls != tc_emulated.fail_at) return cudaSuccess;
  return tc_emulated_error(tc_emulated.failure, "%s: made to fail", call);
}

void tc_emulated_leave(const int *held) {
  (void)held;
  pthread_mutex_unlock(&lock);
}

cudaError_t tc_emulated_error(cudaError_t error, const char *format, ...) {
  char text[256];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  tc_emulate_fail((int)error, "%s", text);
  return error;
}

static cudaError_t rt_cudaGetLastError(void) { return (cudaError_t)tc_emulate_last_error(); }

static const char *rt_cudaGetErrorString(cudaError_t error) {
  if (error == cudaSuccess) return "no error";
  const char *text = tc_emulate_error_text();
  return text && *text ? text : "an error of the emulated driver";
}

// ---- devices -----------------------------------------------------------------------------------

int tc_emulated_device(void) { return device; }

static cudaError_t check_device(int k) {
  if (k >= 0 && k < tc_emulated.devices) return cudaSuccess;
  return tc_emulated_error(cudaErrorInvalidDevice, "there is no device %d", k);
}

static cudaError_t rt_cudaGetDeviceCount(int *count) {
  ENTER(cudaGetDeviceCount);
  *count = tc_emulated.devices;
  return *count > 0 ? cudaSuccess : tc_emulated_error(cudaErrorNoDevice, "no device");
}

static cudaError_t rt_cudaSetDevice(int k) {
  ENTER(cudaSetDevice);
  const cudaError_t error = check_device(k);
  if (error == cudaSuccess) device = k;
  return error;
}

static cudaError_t rt_cudaGetDeviceProperties(struct cudaDeviceProp *p, int k) {
  ENTER(cudaGetDeviceProperties);
  memset(p, 0, sizeof *p);
  snprintf(p->name, sizeof p->name, "emulated device %d", k);
  p->major = 9;
  p->multiProcessorCount = 4;
  p->totalGlobalMem = tc_emulated.memory;
  p->warpSize = 32;
  p->maxThreadsPerBlock = 1024;
  p->sharedMemPerBlock = 48 << 10;
  p->sharedMemPerBlockOptin = 227 << 10;
  p->l2CacheSize = 50 << 20;
  return check_device(k);
}

static cudaError_t rt_cudaDeviceGetAttribute(int *value, enum cudaDeviceAttr attribute, int k) {
  ENTER(cudaDeviceGetAttribute);
  switch (attribute) {
    case cudaDevAttrComputeCapabilityMajor: *value = 9; break;
    case cudaDevAttrComputeCapabilityMinor: *value = 0; break;
    case cudaDevAttrMultiProcessorCount: *value = 4; break;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin: *value = 227 << 10; break;
    case cudaDevAttrL2CacheSize: *value = 50 << 20; break;
    default: *value = 0;
  }
  return check_device(k);
}

static cudaError_t rt_cudaDeviceSynchronize(void) {
  ENTER(cudaDeviceSynchronize);
  const cudaError_t error = tc_emulated_unsafe("cudaDeviceSynchronize");
  if (error != cudaSuccess) return error;
  tc_emulated_finish_device(device);
  return (cudaError_t)tc_emulate_peek_error();
}

static cudaError_t rt_cudaDeviceCanAccessPeer(int *can, int k, int peer) {
  ENTER(cudaDeviceCanAccessPeer);
  *can = k != peer;
  return cudaSuccess;
}

static cudaError_t rt_cudaDeviceEnablePeerAccess(int peer, unsigned flags) {
  ENTER(cudaDeviceEnablePeerAccess);
  (void)flags;
  return check_device(peer);
}

static cudaError_t rt_cudaDriverGetVersion(int *version) {
  ENTER(cudaDriverGetVersion);
  *version = CUDART_VERSION;
  return cudaSuccess;
}

// ---- memory ------------------------------------------------------------------------------------

enum { HOST = -1 };

typedef struct range {
  struct range *next;
  char *at;
  size_t bytes;
  int device;
} range;

static range *ranges;

static size_t used_on(int k) {
  size_t sum = 0;
  for (const range *r = ranges; r; r = r->next) sum += r->device == k ? r->bytes : 0;
  return sum;
}

static range *range_of(const void *p) {
  range *r = ranges;
  while (r && !((const char *)p >= r->at && (const char *)p < r->at + r->bytes)) r = r->next;
  return r;
}

static cudaError_t add_range(void **out, size_t bytes, int where) {
  const size_t room = (bytes + ALIGN - 1) / ALIGN * ALIGN + GUARD;
  range *r = malloc(sizeof *r);
  char *p = r ? aligned_alloc(ALIGN, room) : NULL;
  if (!p) {
    free(r);
    return tc_emulated_error(cudaErrorMemoryAllocation, "out of memory");
  }
  memset(p, POISON, bytes);
  memset(p + bytes, GUARD_BYTE, room - bytes);
  *r = (range){ranges, p, bytes, where};
  ranges = r;
  *out = p;
  return cudaSuccess;
}

static bool guard_is_whole(const range *r) {
  for (int k = 0; k < GUARD; k++)
    if ((unsigned char)r->at[r->bytes + (size_t)k] != GUARD_BYTE) return false;
  return true;
}

static cudaError_t remove_range(void *p, const char *call) {
  range **at = &ranges;
  while (*at && (*at)->at != p) at = &(*at)->next;
  range *r = *at;
  if (!r) return tc_emulated_error(cudaErrorInvalidValue, "%s: %p is no block", call, p);
  const bool whole = guard_is_whole(r);
  const size_t bytes = r->bytes;
  *at = r->next;
  free(r->at);
  free(r);
  if (whole) return cudaSuccess;
  return tc_emulated_error(cudaErrorIllegalAddress, "a write behind a block of %zu bytes", bytes);
}

static cudaError_t rt_cudaMemGetInfo(size_t *left, size_t *total) {
  ENTER(cudaMemGetInfo);
  const size_t used = used_on(device);
  *total = tc_emulated.memory;
  *left = used < *total ? *total - used : 0;
  return cudaSuccess;
}

static cudaError_t rt_cudaMalloc(void **out, size_t bytes) {
  ENTER(cudaMalloc);
  const cudaError_t error = tc_emulated_unsafe("cudaMalloc");
  if (error != cudaSuccess) return error;
  const size_t used = used_on(device);
  if (used > tc_emulated.memory || bytes > tc_emulated.memory - used)
    return tc_emulated_error(cudaErrorMemoryAllocation, "out of memory");
  return add_range(out, bytes, device);
}

static cudaError_t rt_cudaFree(void *p) {
  ENTER(cudaFree);
  const cudaError_t error = tc_emulated_unsafe("cudaFree");
  if (error != cudaSuccess) return error;
  tc_emulated_finish_device(-1);
  return p ? remove_range(p, "cudaFree") : cudaSuccess;
}

static cudaError_t rt_cudaHostAlloc(void **out, size_t bytes, unsigned flags) {
  ENTER(cudaHostAlloc);
  (void)flags;
  const cudaError_t error = tc_emulated_unsafe("cudaHostAlloc");
  return error != cudaSuccess ? error : add_range(out, bytes, HOST);
}

static cudaError_t rt_cudaFreeHost(void *p) {
  ENTER(cudaFreeHost);
  const cudaError_t error = tc_emulated_unsafe("cudaFreeHost");
  if (error != cudaSuccess) return error;
  tc_emulated_finish_device(-1);
  return p ? remove_range(p, "cudaFreeHost") : cudaSuccess;
}

static cudaError_t rt_cudaHostGetDevicePointer(void **out, void *host, unsigned flags) {
  ENTER(cudaHostGetDevicePointer);
  (void)flags;
  *out = host;
  return cudaSuccess;
}

// ---- copies ------------------------------------------------------------------------------------

typedef struct copy {
  void *to;
  const void *from;
  size_t bytes;
  int value;    // of a fill
  char own[8];  // what pageable memory held when the copy was submitted; as long as need be
} copy;

static void run_copy(void *context) {
  const copy *c = context;
  if (c->from) memmove(c->to, c->from, c->bytes);
  else memset(c->to, c->value, c->bytes);
}

static cudaError_t new_copy(void *to, const void *from, size_t bytes, size_t kept, copy **out) {
  copy *c = malloc(sizeof *c + kept);
  if (!c) return tc_emulated_error(cudaErrorMemoryAllocation, "out of memory for a copy");
  *c = (copy){.to = to, .from = from, .bytes = bytes};
  if (kept) c->from = memcpy(c->own, from, kept);
  *out = c;
  return cudaSuccess;
}

// On a device (or of the host, `device_side` false: then pageable memory is nobody's), and inside of it.
static cudaError_t check_range(const void *p, size_t bytes, bool device_side, const char *call) {
  const range *r = range_of(p);
  if (!r && !device_side) return cudaSuccess;
  if (r && device_side == (r->device != HOST) &&
      bytes <= r->bytes - (size_t)((const char *)p - r->at))
    return cudaSuccess;
  return tc_emulated_error(cudaErrorInvalidValue,
                           "%s: %p, %zu bytes: not inside of a block of the %s", call, p, bytes,
                           device_side ? "device" : "host");
}

static bool is_pageable(const void *p) { return !range_of(p); }

static cudaError_t check_copy(const copy *c, enum cudaMemcpyKind kind, cudaStream_t s) {
  const bool to = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  const bool from = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
  cudaError_t error = check_range(c->to, c->bytes, to, "cudaMemcpyAsync");
  if (error == cudaSuccess) error = check_range(c->from, c->bytes, from, "cudaMemcpyAsync");
  if (error != cudaSuccess || !tc_emulated_is_capturing(s)) return error;
  if ((to || !is_pageable(c->to)) && (from || !is_pageable(c->from))) return cudaSuccess;
  return tc_emulated_error(cudaErrorStreamCaptureUnsupported, "a copy of pageable memory");
}

// From pageable memory: it may change as soon as the call returns; to it: it is there by then.
static cudaError_t rt_cudaMemcpyAsync(void *to, const void *from, size_t bytes,
                                      enum cudaMemcpyKind kind, cudaStream_t s) {
  ENTER(cudaMemcpyAsync);
  const bool keep = kind == cudaMemcpyHostToDevice && is_pageable(from);
  const copy plain = {.to = to, .from = from, .bytes = bytes};
  cudaError_t error = check_copy(&plain, kind, s);
  copy *c = NULL;
  if (error == cudaSuccess) error = new_copy(to, from, bytes, keep ? bytes : 0, &c);
  if (error == cudaSuccess) error = tc_emulated_work(s, run_copy, c, free);
  if (error != cudaSuccess || kind != cudaMemcpyDeviceToHost || !is_pageable(to)) return error;
  tc_emulated_finish(s);
  return (cudaError_t)tc_emulate_peek_error();
}

static cudaError_t rt_cudaMemcpyPeerAsync(void *to, int to_device, const void *from,
                                          int from_device, size_t bytes, cudaStream_t s) {
  ENTER(cudaMemcpyPeerAsync);
  cudaError_t error = check_device(to_device);
  if (error == cudaSuccess) error = check_device(from_device);
  if (error != cudaSuccess) return error;
  return rt_cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, s);
}

static cudaError_t rt_cudaMemsetAsync(void *to, int value, size_t bytes, cudaStream_t s) {
  ENTER(cudaMemsetAsync);
  copy *c = NULL;
  cudaError_t error = check_range(to, bytes, true, "cudaMemsetAsync");
  if (error == cudaSuccess) error = new_copy(to, NULL, bytes, 0, &c);
  if (error != cudaSuccess) return error;
  c->value = value;
  return tc_emulated_work(s, run_copy, c, free);
}

// ---- the table ---------------------------------------------------------------------------------

static const tc_cuda_runtime emulated = {
#define F(name) .name = rt_##name,
    TC_RUNTIME_DEVICES(F)
#undef F
#define F(name) .name = tc_emulated_##name,
        TC_RUNTIME_STREAMS(F)
#undef F
};

const tc_cuda_runtime *tc_rt = &emulated;
