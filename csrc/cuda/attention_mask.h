// Masks for cuDNN's attention, which adds a matrix to the scores: hidden keys get a number so low that their
// weight is 0, and yet finite, since a row of nothing but minus infinity would give NaN.
#ifndef TOCHA_CUDA_ATTENTION_MASK_H
#define TOCHA_CUDA_ATTENTION_MASK_H

#include "../tocha.h"

#ifdef __cplusplus
extern "C" {
#endif

// bias is (heads, rows, keys) of a half type; `strides` are those of `allowed` over these, 0 where it is
// broadcast.
tc_status tc_mask_bias(void *bias, tc_dtype dtype, const bool *allowed, const int64_t *strides,
                       int64_t heads, int64_t rows, int64_t keys);
// Rows that saw nothing become zeros, their logarithms minus infinity.
tc_status tc_mask_blind(const tc_tensor *y, const tc_tensor *lse);
// n logarithms, such that the weights of rows that saw nothing come out as 0.
tc_status tc_mask_stats(float *to, const float *lse, int64_t n);

#ifdef __cplusplus
}
#endif

#endif
