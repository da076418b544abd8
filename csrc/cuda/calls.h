// What the binding may call beside tc_device's functions.
#ifndef TOCHA_CUDA_BACKEND_CALLS_H
#define TOCHA_CUDA_BACKEND_CALLS_H

#include "../cuda_calls.h"

extern const tc_cuda_calls tc_cuda_table;

#endif
