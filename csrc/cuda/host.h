// What the core lent this back end.
#ifndef TOCHA_CUDA_HOST_H
#define TOCHA_CUDA_HOST_H

#include "../backend.h"

void tc_host_set(const tc_host *h);
const tc_device *tc_host_cpu(void);

#endif
