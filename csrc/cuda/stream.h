// Devices as this back end runs them: which one and which stream a thread works on, events, errors.
//
// Every device has one compute stream, which all threads share, and one for copies of pinned memory;
// never the legacy default stream. A thread may work on another stream for a while (a scope of the
// user's, a capture). Functions that take a device's index make it the thread's active one.
#ifndef TOCHA_CUDA_STREAM_H
#define TOCHA_CUDA_STREAM_H

#include "../backend.h"
#include "runtime.h"

tc_status tc_cuda_count(int *count);  // of devices; fails where there is no driver, or none

// The device becomes the active one of this thread: launches, tc_stream and tc_scratch are its. `what`
// names the operation that follows, or is NULL.
tc_status tc_cuda_enter(int index, const char *what);
int tc_cuda_active(void);  // -1: none yet
const char *tc_cuda_operation(void);

cudaStream_t tc_stream(void);             // on which this thread works on the active device
cudaStream_t tc_cuda_stream(int index);   // on which it works there; the device has been entered
cudaStream_t tc_cuda_compute(int index);  // the stream of all threads
cudaStream_t tc_cuda_copies(int index);
void tc_cuda_use_stream(int index, cudaStream_t s);  // this thread; NULL: the compute stream again

// Events without a time, which are used again; of the active device.
tc_status tc_event_take(cudaEvent_t *out);
void tc_event_give(int index, cudaEvent_t e);
// What `later` gets from now on runs after what `earlier`, of the active device, has got.
tc_status tc_stream_after(cudaStream_t later, cudaStream_t earlier);

// Waits, and raises what kernels have met since.
tc_status tc_stream_wait(cudaStream_t s);
tc_status tc_cuda_synchronize(int index);
bool tc_cuda_is_capturing(void);  // this thread, on its active device

// ---- failures: status.c ------------------------------------------------------------------------

tc_status tc_alarm_open(int index);  // the active one
// Raises what an alarm of this device has been set by.
tc_status tc_alarm_raise(int index);
tc_status tc_cuda_check_alive(int index);

#endif
