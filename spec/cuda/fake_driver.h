// For checks of the back end's host logic: the emulated driver without kernels, with calls that are
// made to fail, that are counted, and work that is only remembered.
#ifndef TOCHA_SPEC_FAKE_DRIVER_H
#define TOCHA_SPEC_FAKE_DRIVER_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cuda/host.h"
#include "cuda/runtime_emulated.h"
#include "cuda/stream.h"

static int failures;

static void check(bool holds, const char *what) {
  if (holds) return;
  failures++;
  printf("not so: %s\n", what);
}

static uint64_t state = 42;

__attribute__((unused)) static size_t random_below(size_t n) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (size_t)(state >> 33) % n;
}

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
