// Between the core and a back end: a shared library of its own, opened when its devices are first asked for.
//
// A back end exports one function, tc_backend_open. It gets what the core lends (tc_host) and gives
// its devices. It is never closed: its threads and the driver's may still run.
#ifndef TOCHA_BACKEND_H
#define TOCHA_BACKEND_H

#include "tocha.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { TC_BACKEND_ABI = 3, TC_MAX_DEVICES = 64 };

// Functions of the core for a back end, which has them under the same names (cuda/host.c). V: no result.
#define TC_HOST_FUNCTIONS(F, V)                                                                    \
  F(void *, tc_alloc, (size_t bytes), (bytes))                                                     \
  V(tc_free, (void *p, size_t bytes), (p, bytes))                                                  \
  F(tc_status, tc_storage_new, (const tc_device *d, size_t n, tc_storage **out), (d, n, out))      \
  F(tc_status, tc_storage_wrap,                                                                    \
    (const tc_device *d, void *data, size_t n, void (*release)(void *, void *), void *context,     \
     tc_storage **out),                                                                            \
    (d, data, n, release, context, out))                                                           \
  V(tc_storage_embed, (tc_storage * s, const tc_device *d, void *data, size_t n), (s, d, data, n)) \
  F(tc_status, tc_tensor_shape,                                                                    \
    (tc_tensor * t, tc_dtype dtype, int ndim, const int64_t *size, size_t *bytes),                 \
    (t, dtype, ndim, size, bytes))                                                                 \
  F(tc_status, tc_tensor_new,                                                                      \
    (tc_tensor * t, const tc_device *d, tc_dtype dtype, int ndim, const int64_t *size),            \
    (t, d, dtype, ndim, size))                                                                     \
  F(tc_status, tc_tensor_like, (tc_tensor * t, const tc_tensor *like, tc_dtype dtype),             \
    (t, like, dtype))                                                                              \
  V(tc_tensor_free, (tc_tensor * t), (t))                                                          \
  F(bool, tc_is_contiguous, (const tc_tensor *t), (t))                                             \
  F(bool, tc_same_shape, (const tc_tensor *a, const tc_tensor *b), (a, b))                         \
  V(tc_set_contiguous, (tc_tensor * t), (t))                                                       \
  F(const char *, tc_shape_text, (const tc_tensor *t, char *buffer, size_t n), (t, buffer, n))     \
  F(tc_status, tc_copy, (const tc_tensor *to, const tc_tensor *from), (to, from))                  \
  F(tc_status, tc_run, (int kernel, tc_args *a), (kernel, a))                                      \
  F(tc_status, tc_run_on_host, (int kernel, tc_args *a), (kernel, a))                              \
  F(tc_status, tc_run_pointwise, (const tc_pointwise *p), (p))                                     \
  F(const char *, tc_message, (void), ())

typedef struct tc_host {
  tc_status (*fail)(tc_status status, const char *text);
  const tc_device *cpu;
#define F(type, name, params, args) type(*name) params;
#define V(name, params, args) void(*name) params;
  TC_HOST_FUNCTIONS(F, V)
#undef F
#undef V
} tc_host;

// What users see of a device through tocha.cuda.
typedef struct tc_device_facts {
  char name[256];
  int major, minor, processors;  // compute capability, multiprocessors
  size_t total_memory;
} tc_device_facts;

typedef struct tc_device_memory {
  size_t allocated, reserved, allocated_peak, reserved_peak;
  uint64_t allocations, retries, out_of_memory;
} tc_device_memory;

// A library that a back end opens when it is there: where it came from, or why it is missing.
typedef struct tc_library_facts {
  const char *name, *path, *problem;
  int version;  // as the library numbers it; 0: missing
} tc_library_facts;

typedef struct tc_backend {
  uint32_t abi;
  const char *name;  // "cuda"
  int count;
  const tc_device *device[TC_MAX_DEVICES];
  const tc_device *(*current)(void);  // of the calling thread
  tc_status (*choose)(int index);
  tc_status (*synchronize)(int index);
  tc_status (*facts)(int index, tc_device_facts *out);
  tc_status (*memory)(int index, tc_device_memory *out);
  void (*reset_peak)(int index);
  void (*empty_cache)(void);
  bool (*tf32)(void);  // may products of float32 be rounded to TensorFloat-32?
  void (*set_tf32)(bool on);
  bool (*library)(int k, tc_library_facts *out);  // the k-th from 0, opened; false: there is none
  const struct tc_cuda_calls *cuda;               // what only this back end has
} tc_backend;

// NULL: it cannot run here, and the core's message says why.
typedef const tc_backend *(*tc_backend_open_fn)(uint32_t abi, const tc_host *host);

// Opens the library at `path` and adds its devices; harmless when it is open already.
tc_status tc_backend_load(const char *path);
const tc_backend *tc_backend_named(const char *name);
extern const tc_device tc_meta;  // shapes without values (meta.c)

#ifdef __cplusplus
}
#endif

#endif
