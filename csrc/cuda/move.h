// Bytes between the host and devices, and between devices.
#ifndef TOCHA_CUDA_MOVE_H
#define TOCHA_CUDA_MOVE_H

#include "../backend.h"

// tc_device's `move`.
tc_status tc_cuda_move(const tc_device *there, void *to, const tc_device *here, const void *from,
                       size_t bytes);

#endif
