// A driver of CUDA in the host's memory: what its parts know of each other, and what a check may turn.
//
// Promises, besides what CUDA promises for the functions of runtime.h:
//   - fresh memory holds NaNs; writes just behind a block of cudaMalloc's are noticed when it is freed
//   - copies and fills that leave a block, the legacy default stream, what CUDA forbids during a
//     capture: an error whose text says which
//   - TOCHA_EMULATE_DEVICES (2) devices with TOCHA_EMULATE_MEMORY (8 GiB) bytes each
//   - TOCHA_EMULATE_STREAMS=late: work waits in its stream until somebody waits for it, as late as a
//     card may be, so that a missing wait shows; otherwise it is done when it is submitted
//
// Not emulated: work of two streams at the very same time, pointers of one device used on another.
#ifndef TOCHA_CUDA_RUNTIME_EMULATED_H
#define TOCHA_CUDA_RUNTIME_EMULATED_H

#include "runtime.h"

typedef struct tc_emulated_driver {
  int devices;
  size_t memory;  // of each device
  bool late;
  uint64_t calls;                   // so far
  uint64_t fail_at;                 // the call of this number fails; 0: none does
  cudaError_t failure;              // ... with this
  void (*watch)(const char *call);  // hears of each
} tc_emulated_driver;

extern tc_emulated_driver tc_emulated;

// ---- of emulate.cc, which runs kernels -----------------------------------------------------------

void tc_emulate_submit(void *stream, void (*run)(void *), void *context, void (*drop)(void *));
int tc_emulate_last_error(void);
int tc_emulate_peek_error(void);
const char *tc_emulate_error_text(void);
void tc_emulate_fail(int error, const char *format, ...) TC_PRINTF(2, 3);

// ---- between the driver's parts ------------------------------------------------------------------

// How every function begins: one thread at a time, counted, made to fail where a check wants it.
cudaError_t tc_emulated_enter(const char *call);
void tc_emulated_leave(const int *held);
#define ENTER_ANYWAY(call)                                                                         \
  __attribute__((cleanup(tc_emulated_leave), unused)) const int held_ = 0;                         \
  const cudaError_t entered_ = tc_emulated_enter(#call)
#define ENTER(call)                                                                                \
  ENTER_ANYWAY(call);                                                                              \
  if (entered_ != cudaSuccess) return entered_

cudaError_t tc_emulated_error(cudaError_t error, const char *format, ...) TC_PRINTF(2, 3);
int tc_emulated_device(void);  // the calling thread's

// Is the call forbidden to this thread, because of a capture? That ends the capture.
cudaError_t tc_emulated_unsafe(const char *call);
cudaError_t tc_emulated_work(cudaStream_t stream, void (*run)(void *), void *context,
                             void (*drop)(void *));
void tc_emulated_finish(cudaStream_t stream);  // all that was submitted to it
void tc_emulated_finish_device(int device);    // ... to its streams; -1: of all devices
bool tc_emulated_is_capturing(cudaStream_t stream);

// Streams and graphs are streams_emulated.c's, events events_emulated.c's.
#define F(name) __typeof__(name) tc_emulated_##name;
TC_RUNTIME_STREAMS(F)
#undef F

#endif
