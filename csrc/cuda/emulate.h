// CUDA's execution on the CPU: every thread of a block is a fiber, so that a .cu file compiled by
// g++ runs, barriers, shuffles and shared memory included. For tests: exact, not fast.
//
// Promises, besides the results of a correct kernel:
//   - a fiber runs until it waits; in which direction lanes, warps and blocks take their turns is
//     drawn anew for each block and after each barrier, so a missing barrier shows. The draw follows
//     the number of the launch and TOCHA_EMULATE_ORDER (a number; "forward", "backward": always so)
//   - shared memory is poisoned before each block; writes just outside of a variable are noticed
//   - a barrier that some threads never reach, a barrier in a flat kernel, a launch that no card
//     takes: cudaGetLastError returns an error, tc_emulate_error_text() says which, nothing hangs
//   - one launch runs at a time, whatever thread it comes from
//
// Not emulated: races that need two threads at the very same time, spinning on another block or
// another thread, clusters, inline PTX (give it a scalar twin), speed. No destructor runs in a kernel
// that ended in an error; kernels do not throw.
#ifndef TC_CUDA_EMULATE_H
#define TC_CUDA_EMULATE_H

#include <new>
#include <stdint.h>
#include <string.h>
#include <tuple>
#include <type_traits>

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <vector_functions.h>
#include <vector_types.h>

// ---- what a kernel reads -----------------------------------------------------------------------

extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;
enum { warpSize = 32 };

#undef __launch_bounds__
#define __launch_bounds__(...)
#undef __shared__
#define __shared__ write_TC_SHARED_or_TC_DYNAMIC_instead

// ---- launches ----------------------------------------------------------------------------------

// One launch, as it waits in a stream: what to run, for how many threads.
struct tc_emulated {
  const char *text;  // as written, for messages
  dim3 grid, block;
  size_t dynamic;  // bytes of dynamic shared memory
  bool flat;
  void (*thread)(const tc_emulated *self);  // runs one thread
};

template <class... P> struct tc_emulated_call : tc_emulated {
  void (*kernel)(P...);
  std::tuple<P...> args;
};

template <class... P> static void tc_emulated_thread(const tc_emulated *self) {
  const auto *call = static_cast<const tc_emulated_call<P...> *>(self);
  std::apply(call->kernel, call->args);
}

template <class... P> static void tc_emulated_drop(void *context) {
  delete static_cast<tc_emulated_call<P...> *>(static_cast<tc_emulated *>(context));
}

extern "C" {
// Runs a launch (a `tc_emulated`); its error waits for tc_emulate_last_error.
void tc_emulate_run(void *launch);
// Runs at once and drops, or keeps what it is given where the stream is capturing.
void tc_emulate_submit(void *stream, void (*run)(void *), void *context, void (*drop)(void *));
// This thread's first error since the last call, a cudaError_t; 0 where there was none.
int tc_emulate_last_error(void);
int tc_emulate_peek_error(void);
const char *tc_emulate_error_text(void);  // of the last error there was
void tc_emulate_fail(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));
}

template <class... P, class... A>
static void tc_emulate(const char *text, bool flat, void (*kernel)(P...), dim3 grid, dim3 block,
                       size_t dynamic, A... args) {
  typedef tc_emulated_call<P...> call_type;
  const tc_emulated what = {text, grid, block, dynamic, flat, tc_emulated_thread<P...>};
  auto *call = new (std::nothrow) call_type{what, kernel, {static_cast<P>(args)...}};
  if (!call) return tc_emulate_fail(2, "%s: no memory for the launch", text);
  tc_emulate_submit(tc_stream(), tc_emulate_run, static_cast<tc_emulated *>(call),
                    tc_emulated_drop<P...>);
}

template <class... P, class... A>
static void tc_launch(const char *text, void (*kernel)(P...), dim3 grid, dim3 block, size_t bytes,
                      A... args) {
  tc_emulate(text, false, kernel, grid, block, bytes, args...);
}

template <class... P, class... A>
static void tc_launch_flat(const char *text, void (*kernel)(P...), dim3 grid, dim3 block,
                           A... args) {
  tc_emulate(text, true, kernel, grid, block, 0, args...);
}

#define TC_LAUNCH(...) tc_launch(#__VA_ARGS__, __VA_ARGS__)
#define TC_LAUNCH_FLAT(...) tc_launch_flat(#__VA_ARGS__, __VA_ARGS__)

// ---- shared memory -----------------------------------------------------------------------------

// Where a declaration's memory lies in this launch: a static variable of each declaration, so all
// threads find the same place, and all calls of a function that has one.
struct tc_emulated_site {
  uint64_t launch;
  void *memory;
};

void *tc_emulate_shared(tc_emulated_site *site, size_t bytes, size_t alignment);
void *tc_emulate_dynamic(void);

template <class T> static inline T &tc_emulated_shared(tc_emulated_site *site) {
  return *static_cast<T *>(tc_emulate_shared(site, sizeof(T), alignof(T)));
}

#define TC_SHARED(type, name, ...)                                                                 \
  static tc_emulated_site name##_tc_site;                                                          \
  typedef type name##_tc_type __VA_ARGS__;                                                         \
  name##_tc_type &name = tc_emulated_shared<name##_tc_type>(&name##_tc_site)
#define TC_DYNAMIC(type, name) type *name = static_cast<type *>(tc_emulate_dynamic())

// ---- barriers and warps ------------------------------------------------------------------------

enum tc_emulated_barrier { TC_EMULATED_SYNC, TC_EMULATED_COUNT, TC_EMULATED_AND, TC_EMULATED_OR };
enum tc_emulated_warp { TC_EMULATED_MEET, TC_EMULATED_BALLOT, TC_EMULATED_SHUFFLE };

// Waits for the whole block; the predicates of all its threads, counted or taken together.
int tc_emulate_barrier(tc_emulated_barrier kind, int predicate);
// Waits for the lanes of the mask. Shuffle: the value that lane `source` brought; ballot: the bits of
// those that brought other than 0.
uint64_t tc_emulate_warp(tc_emulated_warp kind, unsigned mask, unsigned source, uint64_t value);
unsigned tc_emulate_lane(void);
unsigned tc_emulate_active(void);  // lanes of this warp that have not returned

static inline void __syncthreads() { tc_emulate_barrier(TC_EMULATED_SYNC, 0); }
static inline int __syncthreads_count(int p) { return tc_emulate_barrier(TC_EMULATED_COUNT, p); }
static inline int __syncthreads_and(int p) { return tc_emulate_barrier(TC_EMULATED_AND, p); }
static inline int __syncthreads_or(int p) { return tc_emulate_barrier(TC_EMULATED_OR, p); }

static inline void __syncwarp(unsigned mask = ~0U) {
  tc_emulate_warp(TC_EMULATED_MEET, mask, 0, 0);
}
static inline unsigned __ballot_sync(unsigned mask, int predicate) {
  return (unsigned)tc_emulate_warp(TC_EMULATED_BALLOT, mask, 0, predicate != 0);
}
static inline int __any_sync(unsigned mask, int predicate) {
  return __ballot_sync(mask, predicate) != 0;
}
static inline int __all_sync(unsigned mask, int predicate) {
  return __ballot_sync(mask, !predicate) == 0;
}
static inline unsigned __activemask() { return tc_emulate_active(); }

template <class T> static inline T tc_emulated_shuffle(unsigned mask, T value, unsigned source) {
  static_assert(std::is_trivially_copyable<T>::value && sizeof(T) <= 8, "CUDA shuffles 8 bytes");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  bits = tc_emulate_warp(TC_EMULATED_SHUFFLE, mask, source, bits);
  memcpy(static_cast<void *>(&value), &bits, sizeof value);
  return value;
}

// The lanes of a warp fall into segments of `width`; a source outside gives a lane its own value.
template <class T> static inline T __shfl_sync(unsigned mask, T v, int source, int width = 32) {
  const unsigned w = (unsigned)width, segment = tc_emulate_lane() & ~(w - 1);
  return tc_emulated_shuffle(mask, v, segment + ((unsigned)source & (w - 1)));
}
template <class T> static inline T __shfl_up_sync(unsigned mask, T v, unsigned d, int width = 32) {
  const unsigned lane = tc_emulate_lane(), within = lane & ((unsigned)width - 1);
  return tc_emulated_shuffle(mask, v, within < d ? lane : lane - d);
}
template <class T>
static inline T __shfl_down_sync(unsigned mask, T v, unsigned d, int width = 32) {
  const unsigned lane = tc_emulate_lane(), within = lane & ((unsigned)width - 1);
  return tc_emulated_shuffle(mask, v, within + d >= (unsigned)width ? lane : lane + d);
}
template <class T> static inline T __shfl_xor_sync(unsigned mask, T v, int bits, int width = 32) {
  const unsigned lane = tc_emulate_lane(), other = lane ^ (unsigned)bits;
  const unsigned last = lane | ((unsigned)width - 1);
  return tc_emulated_shuffle(mask, v, other > last ? lane : other);
}

#include "emulate_words.h"

#endif
