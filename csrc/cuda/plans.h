// A cache of what is dear to make and is wanted again for the same shapes: plans of cuDNN and cublasLt.
//
// Keys are compared as bytes, so a key starts as zeros. It is not locked: its owner is. When it is full
// everything is dropped and made again, which no steady program comes to.
#ifndef TOCHA_CUDA_PLANS_H
#define TOCHA_CUDA_PLANS_H

#include <stdbool.h>
#include <stddef.h>

enum { TC_PLAN_SLOTS = 1024, TC_PLANS_MOST = 4096 };

typedef struct tc_plans {
  size_t value_bytes;
  void (*drop)(void *value);  // of a value that goes; may be NULL
  int count;
  struct tc_plan_entry *slots[TC_PLAN_SLOTS];
} tc_plans;

// The value under the key; a new one is zeros, and *fresh tells. NULL: there is no memory. The pointer is
// good until the next call.
void *tc_plans_at(tc_plans *p, const void *key, size_t bytes, bool *fresh);
void tc_plans_clear(tc_plans *p);

#endif
