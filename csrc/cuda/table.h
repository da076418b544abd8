// The device's kernels, by TC_K_...
#ifndef TOCHA_CUDA_TABLE_H
#define TOCHA_CUDA_TABLE_H

#include "../tocha.h"

extern tc_kernel tc_cuda_kernels[TC_KERNELS + 1];
void tc_fill_table(void);  // before the first use

#endif
