// The CPU as a device: which SIMD variant of the kernels runs, and on how many threads.
#include <omp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "graph.h"

typedef tc_status (*pointwise_fn)(const tc_pointwise *);

#define VARIANT(isa)                                                                               \
  extern const tc_kernel cpu_kernels_##isa[];                                                      \
  tc_status cpu_pointwise_##isa(const tc_pointwise *);
VARIANT(v2)
#ifdef TC_X86
VARIANT(avx2)
VARIANT(avx512)
#endif
#undef VARIANT

typedef struct variant {
  const char *name;
  const tc_kernel *kernels;
  pointwise_fn pointwise;
} variant;

static const variant variants[] = {
    {"v2", cpu_kernels_v2, cpu_pointwise_v2},
#ifdef TC_X86
    {"avx2", cpu_kernels_avx2, cpu_pointwise_avx2},
    {"avx512", cpu_kernels_avx512, cpu_pointwise_avx512},
#endif
};
enum { VARIANTS = sizeof variants / sizeof *variants };

static const variant *chosen;

static bool runs_here(int k) {
#ifdef TC_X86
  __builtin_cpu_init();
  if (k == 1) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (k == 2)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
#endif
  return k == 0;
}

// ---- memory ----------------------------------------------------------------------------------

static void *host_alloc(const tc_device *self, size_t bytes) {
  (void)self;
  return tc_alloc(bytes);
}

static void host_free(const tc_device *self, void *p, size_t bytes) {
  (void)self;
  tc_free(p, bytes);
}

tc_device tc_cpu = {.name = "cpu", .alloc = host_alloc, .free = host_free};

// ---- choice ----------------------------------------------------------------------------------

static bool multiplies_bfloat16(int k) {
#ifdef TC_X86
  return k == 2 && __builtin_cpu_supports("avx512bf16");
#else
  return k > VARIANTS;
#endif
}

static void choose(int k) {
  chosen = &variants[k];
  tc_cpu.kernels = chosen->kernels;
  tc_cpu.pointwise = chosen->pointwise;
  tc_cpu.multiplies_bfloat16 = multiplies_bfloat16(k);
}

static void choose_best(void) {
  const char *wish = getenv("TOCHA_SIMD");
  if (wish && tc_simd_choose(wish)) return;
  int best = 0;
  for (int k = 0; k < VARIANTS; k++)
    if (runs_here(k)) best = k;
  choose(best);
}

void tc_init(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, choose_best);
}

const char *tc_simd_name(void) { return chosen ? chosen->name : "none"; }

bool tc_simd_choose(const char *name) {
  for (int k = 0; k < VARIANTS; k++) {
    if (strcmp(variants[k].name, name) != 0 || !runs_here(k)) continue;
    choose(k);
    return true;
  }
  return false;
}

// Whoever calls has broadcast them; but a hook may give a gradient of any shape, and a finaliser that
// ran when the result was allocated may have closed an operand.
static tc_status check_operand(const tc_tensor *t, const tc_tensor *out) {
  char text[200], other[200];
  const int lead = out->ndim - t->ndim;
  if (!t->storage) return tc_fail(TC_BAD_VALUE, "the tensor has no values");
  bool fits = lead >= 0;
  for (int d = 0; d < t->ndim && fits; d++)
    fits = t->size[d] == 1 || t->size[d] == out->size[d + lead];
  const tc_device *device = out->storage->device, *own = t->storage->device;
  if (own != device && !(own == &tc_cpu && t->ndim == 0))
    return tc_fail(TC_BAD_VALUE, "expected all tensors on one device, got %s and %s", device->name,
                   own->name);
  if (fits) return TC_OK;
  return tc_fail(TC_BAD_SHAPE, "a %s tensor does not broadcast to %s",
                 tc_shape_text(t, text, sizeof text), tc_shape_text(out, other, sizeof other));
}

// Elements may be numbered in any order: where the result is channels last, in that one, so that it and
// what lies alike are walked as memory is.
static tc_status call_turned(const tc_device *device, const tc_pointwise *p) {
  tc_tensor out = tc_turned(p->out, p->out->ndim), in[TC_OPERANDS];
  tc_pointwise turned = *p;
  turned.out = &out;
  for (int k = 0; k < TC_OPERANDS; k++) {
    if (!p->in[k]) continue;
    in[k] = tc_turned(p->in[k], p->out->ndim);
    turned.in[k] = &in[k];
  }
  return device->pointwise(&turned);
}

static tc_status call_pointwise(const tc_device *device, const tc_pointwise *p) {
  return tc_is_channels_last(p->out) ? call_turned(device, p) : device->pointwise(p);
}

tc_status tc_call_pointwise(const tc_device *device, const tc_pointwise *p) {
  if (!device->enter) return call_pointwise(device, p);
  TC_TRY(device->enter(device, tc_pointwise_table[p->op].name));
  TC_TRY(call_pointwise(device, p));
  return device->leave(device);
}

tc_status tc_run_pointwise(const tc_pointwise *p) {
  if (!p->out->storage) return tc_fail(TC_BAD_VALUE, "the tensor has no values");
  for (int k = 0; k < TC_OPERANDS; k++)
    if (p->in[k]) TC_TRY(check_operand(p->in[k], p->out));
  if (tc_is_recording()) TC_TRY(tc_graph_pointwise(p));
  return tc_call_pointwise(p->out->storage->device, p);
}

// ---- threads ---------------------------------------------------------------------------------

static _Thread_local int threads;

// OpenMP's own number, which belongs to the calling thread too, becomes 1: regions here say how many
// threads they want, and OpenBLAS, which may ask OpenMP, must not start any (cpu/gemm.c).
int tc_threads(void) {
  if (omp_in_parallel()) return 1;
  if (threads == 0) tc_set_threads(omp_get_max_threads());
  return threads;
}

void tc_set_threads(int n) {
  threads = n < 1 ? 1 : n;
  omp_set_num_threads(1);
}

// ---- Winograd --------------------------------------------------------------------------------

static atomic_bool without_winograd;

bool tc_winograd(void) { return !without_winograd; }
void tc_set_winograd(bool on) { without_winograd = !on; }
