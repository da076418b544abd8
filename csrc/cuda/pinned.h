// Page-locked memory of the host, from which a device copies while the program goes on.
#ifndef TOCHA_CUDA_PINNED_H
#define TOCHA_CUDA_PINNED_H

#include "../backend.h"

// Of tc_cuda_calls (csrc/cuda_calls.h).
tc_status tc_cuda_pin(size_t bytes, tc_storage **out);
bool tc_cuda_is_pinned(const tc_storage *s);
tc_status tc_cuda_send(const tc_device *there, const tc_tensor *from, tc_tensor *out);

bool tc_cuda_holds_pinned(const void *p);  // does the address lie in such memory?
void tc_cuda_unpin(void);                  // what is kept goes back to the system

#endif
