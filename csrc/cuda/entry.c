// The back end as the core sees it: its devices, and what they are asked.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "calls.h"
#include "capture.h"
#include "device.h"
#include "dnn.h"
#include "host.h"
#include "library.h"
#include "move.h"
#include "pinned.h"
#include "table.h"

static tc_device devices[TC_MAX_DEVICES];
static char names[TC_MAX_DEVICES][16];
static int device_count;
static bool waits;  // TOCHA_CUDA_SYNC=1: a kernel's error comes from the call that launched it
static _Thread_local int chosen;  // what "cuda" means in this thread

// ---- for the core ------------------------------------------------------------------------------

static void *device_alloc(const tc_device *self, size_t bytes) {
  return tc_cuda_alloc(self->index, bytes);
}

static void device_free(const tc_device *self, void *p, size_t bytes) {
  (void)bytes;
  tc_cuda_free(self->index, p);
}

static tc_status enter(const tc_device *self, const char *what) {
  return tc_cuda_enter(self->index, what);
}

static tc_status leave(const tc_device *self) {
  (void)self;
  if (!waits || tc_cuda_is_capturing()) return TC_OK;
  return tc_stream_wait(tc_stream());
}

// ---- for launchers -----------------------------------------------------------------------------

void *tc_scratch(size_t bytes) { return tc_cuda_alloc(tc_cuda_active(), bytes); }

void tc_scratch_free(void *p, size_t bytes) {
  (void)bytes;
  tc_cuda_free(tc_cuda_active(), p);
}

const tc_device *tc_current_device(void) { return &devices[tc_cuda_active()]; }

// ---- for users ---------------------------------------------------------------------------------

static const tc_device *current(void) { return &devices[chosen]; }

static tc_status choose(int index) {
  chosen = index;
  return TC_OK;
}

static tc_status facts(int index, tc_device_facts *out) {
  struct cudaDeviceProp p;
  TC_TRY(TC_CUDA(cudaGetDeviceProperties, &p, index));
  snprintf(out->name, sizeof out->name, "%s", p.name);
  out->major = p.major;
  out->minor = p.minor;
  out->processors = p.multiProcessorCount;
  out->total_memory = p.totalGlobalMem;
  return TC_OK;
}

static tc_status memory(int index, tc_device_memory *out) {
  tc_cuda_memory(index, out);
  return TC_OK;
}

static void empty_cache(void) {
  tc_cuda_unpin();
  for (int k = 0; k < device_count; k++) tc_cuda_empty_cache(k);
}

// ---- opening -----------------------------------------------------------------------------------

static bool is_set(const char *name, const char *value) {
  const char *text = getenv(name);
  return text && strcmp(text, value) == 0;
}

static void set_device(int k) {
  snprintf(names[k], sizeof names[k], "cuda:%d", k);
  devices[k] = (tc_device){.name = names[k],
                           .index = k,
                           .alloc = device_alloc,
                           .free = device_free,
                           .kernels = tc_cuda_kernels,
                           .pointwise = cuda_pointwise,
                           .multiplies_bfloat16 = true,
                           .computes_halves = true,
                           .takes_channels_last = true,
                           .enter = enter,
                           .leave = leave,
                           .move = tc_cuda_move};
  if (is_set("TOCHA_CUDA_GRAPHS", "off")) return;
  devices[k].capture_begin = tc_cuda_capture_begin;
  devices[k].capture_end = tc_cuda_capture_end;
  devices[k].capture_launch = tc_cuda_capture_launch;
  devices[k].capture_free = tc_cuda_capture_free;
}

static tc_backend backend = {.abi = TC_BACKEND_ABI,
                             .name = "cuda",
                             .current = current,
                             .choose = choose,
                             .synchronize = tc_cuda_synchronize,
                             .facts = facts,
                             .memory = memory,
                             .reset_peak = tc_cuda_reset_peak,
                             .empty_cache = empty_cache,
                             .tf32 = tc_tf32,
                             .set_tf32 = tc_set_tf32,
                             .library = tc_library_facts_of,
                             .cuda = &tc_cuda_table};

__attribute__((visibility("default"))) const tc_backend *tc_backend_open(uint32_t abi,
                                                                         const tc_host *host);
const tc_backend *tc_backend_open(uint32_t abi, const tc_host *host) {
  tc_host_set(host);
  if (abi != TC_BACKEND_ABI) {
    tc_fail(TC_INTERNAL, "the CUDA back end is of another version of Tocha");
    return NULL;
  }
  if (tc_cuda_count(&device_count) != TC_OK) return NULL;
  tc_fill_table();
  waits = is_set("TOCHA_CUDA_SYNC", "1");
  for (int k = 0; k < device_count; k++) {
    set_device(k);
    backend.device[k] = &devices[k];
  }
  backend.count = device_count;
  return &backend;
}
