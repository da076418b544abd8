// For checks of the back end's host logic: the emulated driver without kernels, with calls that are
// made to fail, that are counted, and work that is only remembered.
#ifndef TOCHA_SPEC_FAKE_DRIVER_H
#define TOCHA_SPEC_FAKE_DRIVER_H

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../c/check.h"
#include "cuda/alloc.h"
#include "cuda/host.h"
#include "cuda/runtime_emulated.h"
#include "cuda/stream.h"

// ---- what emulate.cc and the core give elsewhere -------------------------------------------------

static _Thread_local int last_error;
static _Thread_local char error_text[256];

int tc_emulate_peek_error(void) { return last_error; }

int tc_emulate_last_error(void) {
  const int error = last_error;
  last_error = 0;
  return error;
}

const char *tc_emulate_error_text(void) { return error_text; }

void tc_emulate_fail(int error, const char *format, ...) {
  va_list args;
  if (last_error) return;
  va_start(args, format);
  vsnprintf(error_text, sizeof error_text, format, args);
  va_end(args);
  last_error = error;
}

static tc_device fake_cpu = {.name = "cpu"};
const tc_device *tc_host_cpu(void) { return &fake_cpu; }

tc_status tc_storage_wrap(const tc_device *device, void *data, size_t bytes,
                          void (*release)(void *, void *), void *context, tc_storage **out) {
  tc_storage *s = calloc(1, sizeof *s);
  if (!s) return TC_NO_MEMORY;
  s->device = device;
  s->data = data;
  s->bytes = bytes;
  s->release = release;
  s->context = context;
  *out = s;
  return TC_OK;
}

// Of one dimension, on a device.
tc_status tc_tensor_new(tc_tensor *t, const tc_device *device, tc_dtype dtype, int ndim,
                        const int64_t *size) {
  *t =
      (tc_tensor){.dtype = (uint8_t)dtype, .ndim = (uint8_t)ndim, .size = {size[0]}, .stride = {1}};
  const size_t bytes = (size_t)size[0] * tc_itemsize(dtype);
  void *data = tc_cuda_alloc(device->index, bytes);
  return data ? tc_storage_wrap(device, data, bytes, NULL, NULL, &t->storage) : TC_NO_MEMORY;
}

void tc_tensor_free(tc_tensor *t) {
  tc_storage *s = t->storage;
  t->storage = NULL;
  if (!s) return;
  if (s->release) s->release(s->context, s->data);
  else tc_cuda_free(s->device->index, s->data);
  free(s);
}

// ---- calls that fail -----------------------------------------------------------------------------

static void fail_nth(uint64_t n, cudaError_t error) {
  tc_emulated.fail_at = n ? tc_emulated.calls + n : 0;
  tc_emulated.failure = error;
}

__attribute__((unused)) static size_t driver_used(int index) {
  size_t left = 0, total = 0;
  tc_rt->cudaSetDevice(index);
  tc_rt->cudaMemGetInfo(&left, &total);
  return total - left;
}

// ---- work ------------------------------------------------------------------------------------------

// Reads a byte when the stream comes to it.
typedef struct reading {
  const volatile unsigned char *from;
  unsigned char got;
} reading;

__attribute__((unused)) static void read_byte(void *context) {
  reading *r = context;
  r->got = *r->from;
}

static void keep(void *context) { (void)context; }

#endif
