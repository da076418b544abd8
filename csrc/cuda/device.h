// The host's side of a device, for launchers: memory for a call, the stream, what went wrong.
#ifndef TOCHA_CUDA_DEVICE_H
#define TOCHA_CUDA_DEVICE_H

#include "../backend.h"

#ifdef __cplusplus
extern "C" {
#endif

// Memory on the device of this call that launches on the current stream may use until it is freed, and
// after that too: the stream keeps the order. NULL: there is none, and the message says so.
void *tc_scratch(size_t bytes);
void tc_scratch_free(void *p, size_t bytes);

tc_status tc_launched(void);               // was the last launch possible? A launcher's last line
const tc_device *tc_current_device(void);  // of this call

// Where a kernel of the current device sets a nonzero number when it meets what it cannot compute
// (an index out of range, an integer divided by zero); the next call that waits raises the error.
int *tc_alarm(void);

// What launchers of `.cu` files offer to the table beside kernels.def.
tc_status cuda_pointwise(const tc_pointwise *p);

#ifdef __cplusplus
}
#endif

#endif
