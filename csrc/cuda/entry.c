// The back end as the core sees it: its devices, and what they are asked.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "dnn.h"
#include "host.h"
#include "library.h"
#include "table.h"

static tc_device devices[TC_MAX_DEVICES];
static char names[TC_MAX_DEVICES][16];

static void *device_alloc(const tc_device *self, size_t bytes) {
  (void)self;
  return malloc(bytes ? bytes : 1);
}

static void device_free(const tc_device *self, void *p, size_t bytes) {
  (void)self, (void)bytes;
  free(p);
}

static tc_status enter(const tc_device *self) {
  (void)self;
  return TC_OK;
}

static tc_status leave(const tc_device *self, const char *what) {
  (void)self, (void)what;
  return TC_OK;
}

static tc_status move(const tc_device *self, void *to, const void *from, size_t bytes) {
  (void)self;
  memcpy(to, from, bytes);
  return TC_OK;
}

void *tc_scratch(size_t bytes) { return malloc(bytes ? bytes : 1); }
void tc_scratch_free(void *p, size_t bytes) {
  (void)bytes;
  free(p);
}
#ifndef TC_EMULATE
void *tc_stream(void) { return NULL; }
#endif
tc_status tc_launched(void) { return TC_OK; }
int *tc_alarm(void) {
  static int alarm;
  return &alarm;
}

const tc_device *tc_current_device(void) { return &devices[0]; }
static tc_status choose(int index) {
  (void)index;
  return TC_OK;
}
static tc_status synchronize(int index) {
  (void)index;
  return TC_OK;
}
static tc_status facts(int index, tc_device_facts *out) {
  (void)index, (void)out;
  return TC_OK;
}
static tc_status memory(int index, tc_device_memory *out) {
  (void)index, (void)out;
  return TC_OK;
}
static void reset_peak(int index) { (void)index; }
static void empty_cache(void) {}

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
                           .enter = enter,
                           .leave = leave,
                           .move = move};
}

__attribute__((visibility("default"))) const tc_backend *tc_backend_open(uint32_t abi,
                                                                         const tc_host *host);
const tc_backend *tc_backend_open(uint32_t abi, const tc_host *host) {
  static tc_backend backend = {.abi = TC_BACKEND_ABI,
                               .name = "cuda",
                               .count = 1,
                               .current = tc_current_device,
                               .choose = choose,
                               .synchronize = synchronize,
                               .facts = facts,
                               .memory = memory,
                               .reset_peak = reset_peak,
                               .empty_cache = empty_cache,
                               .tf32 = tc_tf32,
                               .set_tf32 = tc_set_tf32,
                               .library = tc_library_facts_of};
  tc_host_set(host);
  if (abi != TC_BACKEND_ABI) {
    tc_fail(TC_INTERNAL, "the CUDA back end is of another version of Tocha");
    return NULL;
  }
  tc_fill_table();
  for (int k = 0; k < backend.count; k++) {
    set_device(k);
    backend.device[k] = &devices[k];
  }
  return &backend;
}
