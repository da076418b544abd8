// What follows a convolution that was not fused with it: y = clamp(y + bias + residual, low, high), in place.
#ifndef TOCHA_CUDA_CONV_ENDING_H
#define TOCHA_CUDA_CONV_ENDING_H

#include "../tocha.h"

#ifdef __cplusplus
extern "C" {
#endif

// y and residual are (..., channels, plane...) with `plane` elements a channel, one where channels are last; bias and residual may be
// NULL; NaN passes.
tc_status tc_conv_ending(tc_tensor *y, const tc_tensor *bias, const tc_tensor *residual,
                         int64_t plane, double low, double high);

#ifdef __cplusplus
}
#endif

#endif
