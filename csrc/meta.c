// The device "meta", PyTorch's: its tensors have a shape, a dtype and no values. An operation makes its
// results there and computes nothing, so a network of any size runs in no time and no memory.
//
// It answers what depends on shapes alone. What needs values (a number, a mask's count) fails.
#include "backend.h"

static _Alignas(64) char nothing[64];  // where its tensors "lie"; nobody reads or writes there

static void *meta_alloc(const tc_device *self, size_t bytes) {
  (void)self;
  (void)bytes;
  return nothing;
}

static void meta_free(const tc_device *self, void *p, size_t bytes) {
  (void)self;
  (void)p;
  (void)bytes;
}

static tc_status meta_kernel(tc_args *a) {
  (void)a;
  return TC_OK;
}

static tc_status meta_pointwise(const tc_pointwise *p) {
  (void)p;
  return TC_OK;
}

static tc_status meta_move(const tc_device *there, void *to, const tc_device *here,
                           const void *from, size_t bytes) {
  (void)to;
  (void)here;
  (void)from;
  (void)bytes;
  if (there == &tc_meta) return TC_OK;
  return tc_fail(TC_BAD_VALUE, "a tensor on 'meta' has no values");
}

static const tc_kernel kernels[TC_KERNELS + 1] = {
#define KERNEL(name, signature, types) meta_kernel,
#include "kernels.def"
#undef KERNEL
    NULL};

const tc_device tc_meta = {.name = "meta",
                           .alloc = meta_alloc,
                           .free = meta_free,
                           .kernels = kernels,
                           .pointwise = meta_pointwise,
                           .multiplies_bfloat16 = true,
                           .computes_halves = true,
                           .move = meta_move};
