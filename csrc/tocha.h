// What a kernel needs: tensors, dtypes, status, arguments. Nothing here knows Lua.
//
// Promises: no function of the core exits, prints or jumps; each returns a status and leaves its
// message where tc_message() finds it. Sizes, strides and offsets count elements, not bytes.
#ifndef TOCHA_H
#define TOCHA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "each.h"

#ifdef __cplusplus  // the CUDA back end
#include <atomic>
using std::atomic_bool;
using std::atomic_int;
using std::atomic_uint;
extern "C" {
#else
#include <stdatomic.h>
#endif

// For what both kinds of kernels compute with.
#ifdef __CUDACC__
#define TC_INLINE static __device__ inline
#define TC_CONSTANT static __device__ const
#else
#define TC_INLINE static inline
#define TC_CONSTANT static const
#endif

enum {
  TC_MAX_DIMS = 8,
  TC_MAX_TENSORS = 16,
  TC_MAX_NUMBERS = 24,
  TC_MAX_LISTS = 6,
  TC_MAX_MANY = 5,
  TC_FEW = 64
};

// ---- status ----------------------------------------------------------------------------------

typedef enum tc_status {
  TC_OK,
  TC_NO_MEMORY,
  TC_BAD_SHAPE,
  TC_BAD_DTYPE,
  TC_BAD_VALUE,
  TC_NO_KERNEL,
  TC_INTERNAL
} tc_status;

#if defined(__GNUC__)
#define TC_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define TC_PRINTF(f, a)
#endif

// Sets this thread's message and returns `status`, so that a check is one line.
tc_status tc_fail(tc_status status, const char *format, ...) TC_PRINTF(2, 3);
const char *tc_message(void);

#define TC_TRY(call)                                                                               \
  do {                                                                                             \
    tc_status tc_try_ = (call);                                                                    \
    if (tc_try_ != TC_OK) return tc_try_;                                                          \
  } while (0)

// ---- dtypes ----------------------------------------------------------------------------------

typedef enum tc_dtype {
#define DTYPE(name, ctype, kind, bytes) TC_##name,
#include "dtypes.def"
#undef DTYPE
  TC_DTYPES
} tc_dtype;

// The order is the order of promotion between categories.
typedef enum tc_kind { TC_KIND_BOOL, TC_KIND_INT, TC_KIND_FLOAT } tc_kind;

typedef struct tc_dtype_info {
  const char *name;
  tc_kind kind;
  int bytes;
} tc_dtype_info;

extern const tc_dtype_info tc_dtype_table[TC_DTYPES];

static inline size_t tc_itemsize(tc_dtype d) { return (size_t)tc_dtype_table[d].bytes; }
static inline bool tc_is_float(tc_dtype d) { return tc_dtype_table[d].kind == TC_KIND_FLOAT; }
static inline bool tc_is_half(tc_dtype d) { return d == TC_float16 || d == TC_bfloat16; }

// The dtype both convert to, as PyTorch has it.
tc_dtype tc_promote(tc_dtype a, tc_dtype b);
// What values of a dtype are summed in: float32 for halves.
static inline tc_dtype tc_sums_of(tc_dtype d) { return tc_is_half(d) ? TC_float32 : d; }

// A number from outside: an integer stays one.
typedef struct tc_scalar {
  bool is_int;
  int64_t i;
  double d;
} tc_scalar;

// ---- storage and tensors ---------------------------------------------------------------------

typedef struct tc_device tc_device;
typedef struct tc_captured tc_captured;  // calls that a device has captured to run them again

// Counted bytes on a device; many tensors view one storage, on several threads. `version` counts writes in place.
typedef struct tc_storage {
  atomic_int refs;
  atomic_uint version;
  atomic_bool watched;  // a node of the tape holds a tensor of this storage
  bool embedded;  // part of a larger object, which frees it: refs only tells whether it is shared
  const tc_device *device;
  size_t bytes;
  void *data;
  void (*release)(void *context, void *data);  // for memory that is not ours
  void *context;
} tc_storage;

typedef struct tc_tensor {
  tc_storage *storage;  // NULL: a ghost, which has a shape but no values
  int64_t offset;
  int64_t size[TC_MAX_DIMS];
  int64_t stride[TC_MAX_DIMS];
  uint8_t dtype;
  uint8_t ndim;
} tc_tensor;

// A new storage with one reference; its data is not initialised.
tc_status tc_storage_new(const tc_device *device, size_t bytes, tc_storage **out);
tc_status tc_storage_wrap(const tc_device *device, void *data, size_t bytes,
                          void (*release)(void *, void *), void *context, tc_storage **out);
// Makes a storage of memory that already has an owner; it must outlive every tensor that sees it.
void tc_storage_embed(tc_storage *s, const tc_device *device, void *data, size_t bytes);
void tc_storage_retain(tc_storage *s);
void tc_storage_release(tc_storage *s);

// Fills `t` with a contiguous tensor over a new storage. Checks the byte count for overflow.
tc_status tc_tensor_new(tc_tensor *t, const tc_device *device, tc_dtype dtype, int ndim,
                        const int64_t *size);
// Sets up dtype, sizes and contiguous strides, no storage; says how many bytes it would need.
tc_status tc_tensor_shape(tc_tensor *t, tc_dtype dtype, int ndim, const int64_t *size,
                          size_t *bytes);
tc_status tc_tensor_like(tc_tensor *t, const tc_tensor *shape_of, tc_dtype dtype);
void tc_tensor_free(tc_tensor *t);  // drops the reference; a ghost is left

static inline int64_t tc_numel(const tc_tensor *t) {
  int64_t n = 1;
  for (int d = 0; d < t->ndim; d++) n *= t->size[d];
  return n;
}

static inline void *tc_data(const tc_tensor *t) {
  return (char *)t->storage->data + (size_t)t->offset * tc_itemsize((tc_dtype)t->dtype);
}

bool tc_is_contiguous(const tc_tensor *t);
bool tc_same_shape(const tc_tensor *a, const tc_tensor *b);
void tc_set_contiguous(tc_tensor *t);  // strides from sizes
// Channels last: pictures (N, C, H, W) or (N, C, D, H, W) in memory as (N, ..., C). A tensor says so by
// all its strides; it lies so where only dimensions of one element say otherwise.
bool tc_is_channels_last(const tc_tensor *t);
bool tc_lies_channels_last(const tc_tensor *t);
void tc_set_channels_last(tc_tensor *t);
// Seen as (N, ..., C), with `ndim` dimensions at least: leading ones of one element are added.
tc_tensor tc_turned(const tc_tensor *t, int ndim);
// Writes "(2, 3)" and returns `buffer`.
const char *tc_shape_text(const tc_tensor *t, char *buffer, size_t n);
// The common shape of two, by broadcasting, into out->size and out->ndim.
tc_status tc_broadcast(const tc_tensor *a, const tc_tensor *b, tc_tensor *out);
// Copies with broadcast and conversion; shapes must agree.
tc_status tc_copy(const tc_tensor *to, const tc_tensor *from);

// ---- memory ----------------------------------------------------------------------------------

// 64-byte aligned, kept for reuse when freed, counted. NULL when there is none.
void *tc_alloc(size_t bytes);
void tc_free(void *p, size_t bytes);  // `bytes` as asked for

typedef struct tc_memory {
  size_t in_use, peak, cached;
  uint64_t allocations, allocated;  // of all time: how many, and their bytes
} tc_memory;

tc_memory tc_memory_stats(void);
void tc_memory_reset_peak(void);
void tc_memory_empty_cache(void);
// Lets n - 1 more allocations succeed and all others fail; 0 turns it off. For tests.
void tc_memory_fail_after(uint64_t n);

// ---- random numbers --------------------------------------------------------------------------

// Philox 4x32-10 (Salmon et al., 2011): word w of block `block` under `seed`. The same on every device.
void tc_philox(uint64_t seed, uint64_t block, uint32_t out[4]);

// ---- threads ---------------------------------------------------------------------------------

// How many threads one operation of the calling thread may use; each thread has its own number.
int tc_threads(void);
void tc_set_threads(int n);

// May convolutions go by Winograd's transforms? For all threads; yes, unless turned off.
bool tc_winograd(void);
void tc_set_winograd(bool on);

// ---- kernels ---------------------------------------------------------------------------------

// One block of arguments for every kernel. Each letter of a kernel's signature in kernels.def fills
// the next slot of its array: tensors t[], integers i[], reals f[], lists list[]/len[], lists of
// tensors many[]. The k-th tensors of all lists have equally many elements.
typedef struct tc_args {
  tc_tensor *t[TC_MAX_TENSORS];  // NULL where an optional tensor is absent
  int64_t i[TC_MAX_NUMBERS];
  double f[TC_MAX_NUMBERS];
  int64_t list[TC_MAX_LISTS][TC_MAX_DIMS * 2];
  int len[TC_MAX_LISTS];
  tc_tensor **many[TC_MAX_MANY];  // lists of `count` tensors each
  int64_t count;
  tc_tensor *few[TC_FEW];  // where short lists lie
  tc_dtype dtype;          // the working type: what every 'o', 'x', 's' and 'w' tensor holds
  bool channels_last;      // how pictures, 'y' and 'h', lie
} tc_args;

typedef tc_status (*tc_kernel)(tc_args *a);
typedef tc_status (*tc_view)(tc_tensor *out, const tc_tensor *in, const tc_args *a);

enum tc_kernel_id {
#define KERNEL(name, signature, types) TC_K_##name,
#include "kernels.def"
#undef KERNEL
  TC_KERNELS
};

// What the call path converts before it calls: kernels see only these working types.
typedef enum tc_types {
  TC_FLOATS,         // float32, float64 (halves come as float32)
  TC_NUMBERS,        // and int64 (the other integers and bool come as int64)
  TC_BYTES,          // any dtype as it is: the kernel moves bytes
  TC_CONVERTED = 3,  // the bits of these three
  TC_BFLOAT16 = 4    // besides: bfloat16 stays so where the device multiplies it
} tc_types;

typedef struct tc_kernel_info {
  const char *name, *signature;
  tc_types types;
} tc_kernel_info;

extern const tc_kernel_info tc_kernel_table[TC_KERNELS + 1];  // ends with a NULL name

// Makes the arguments fit the kernel (contiguous, working type), runs it, writes results back.
tc_status tc_run(int kernel, tc_args *a);
// The same where all of them are known to fit already, a->dtype too.
tc_status tc_run_fitting(int kernel, tc_args *a);
// Arguments that fit: the device's kernel, between its `enter` and `leave`.
tc_status tc_call_kernel(const tc_device *device, int kernel, tc_args *a);
// The CPU's kernel over copies of another device's tensors, what it has written copied back.
tc_status tc_run_on_host(int kernel, tc_args *a);

// ---- pointwise -------------------------------------------------------------------------------

enum tc_pointwise_id {
#define OP1(name, ...) TC_P_##name,
#define OP2(name, ...) TC_P_##name,
#define OP3(name, ...) TC_P_##name,
#include "pointwise.def"
#undef OP1
#undef OP2
#undef OP3
  TC_POINTWISE
};

// Which dtypes an operation takes and gives.
typedef enum tc_class {
  TC_ARITH,    // numbers and bool; result as promoted
  TC_FLOAT,    // integers become float32
  TC_COMPARE,  // any; result bool
  TC_BITS,     // integers and bool
  TC_SELECT,   // first operand is a condition, the others promote
  TC_CLASSES
} tc_class;

typedef struct tc_pointwise_info {
  const char *name, *args, *formula, *grad[3], *doc;
  tc_class klass;
  int inputs;
} tc_pointwise_info;

extern const tc_pointwise_info tc_pointwise_table[TC_POINTWISE];

enum { TC_OPERANDS = 5, TC_PARAMS = 3 };  // operands a b c, and in a derivative g y

typedef struct tc_pointwise {
  int op;
  int wrt;        // 0: the operation; 1, 2, 3: its derivative with respect to a, b, c, times g
  tc_dtype work;  // what the formula is computed in
  const tc_tensor *out;
  const tc_tensor *in[TC_OPERANDS];  // broadcast to `out`; NULL where the formula has no use for it
  tc_scalar param[TC_PARAMS];
} tc_pointwise;

tc_status tc_run_pointwise(const tc_pointwise *p);
tc_status tc_call_pointwise(const tc_device *device, const tc_pointwise *p);

// ---- devices ---------------------------------------------------------------------------------

struct tc_device {
  const char *name;
  int index;
  void *(*alloc)(const tc_device *self,
                 size_t bytes);  // NULL: there is none, and the message says why
  void (*free)(const tc_device *self, void *p, size_t bytes);
  const tc_kernel *kernels;  // by TC_K_...; NULL where the device has none
  tc_status (*pointwise)(const tc_pointwise *p);
  bool multiplies_bfloat16;
  bool computes_halves;      // its kernels take float16 and bfloat16 as they are
  bool takes_channels_last;  // and pictures so
  // The rest is NULL on the CPU, whose memory is the host's.
  tc_status (*enter)(const tc_device *self,
                     const char *what);       // before a kernel: of which operation
  tc_status (*leave)(const tc_device *self);  // after it: has it failed?
  // Bytes from `here` to `there`: one of this back end's devices, and one more or the host. What is on
  // the host can be used, or read, when it returns.
  tc_status (*move)(const tc_device *there, void *to, const tc_device *here, const void *from,
                    size_t bytes);
  // Calls of this thread between begin (*c is NULL at first) and end are not run but kept, as part
  // *part of `c`, which launch runs in one; `part` NULL: they are forgotten.
  tc_status (*capture_begin)(const tc_device *self, tc_captured **c);
  tc_status (*capture_end)(const tc_device *self, tc_captured *c, int *part);
  tc_status (*capture_launch)(const tc_device *self, tc_captured *c, int part);
  void (*capture_free)(const tc_device *self, tc_captured *c);
};

extern tc_device tc_cpu;

// "cpu", "cuda:0"; a back end's bare name is its current device. NULL: there is none of this name (yet).
const tc_device *tc_device_find(const char *name);
static inline bool tc_on_host(const tc_tensor *t) { return t->storage->device == &tc_cpu; }
// Copies between devices, any layouts and dtypes of one shape; tc_copy comes here.
tc_status tc_copy_across(const tc_tensor *to, const tc_tensor *from);

void tc_init(void);  // picks the SIMD variant once; harmless when called again
const char *tc_simd_name(void);
bool tc_simd_choose(const char *name);  // "v2", "avx2", "avx512": false where this CPU lacks it

#ifdef __cplusplus
}
#endif

#endif
