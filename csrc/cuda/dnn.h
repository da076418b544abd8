// Kernels through cuDNN. Each takes the arguments of the kernel it stands for (kernels.def) and sets *done;
// where that is false it did nothing, since cuDNN is missing, refuses the shape, or is no gain, and the own
// kernel runs. A status other than TC_OK is an error of the call.
#ifndef TOCHA_CUDA_DNN_H
#define TOCHA_CUDA_DNN_H

#include "../tocha.h"

#ifdef __cplusplus
extern "C" {
#endif

tc_status tc_dnn_conv(tc_args *a, bool *done);
tc_status tc_dnn_conv_input_grad(tc_args *a, bool *done);
tc_status tc_dnn_conv_weight_grad(tc_args *a, bool *done);
tc_status tc_dnn_attention(tc_args *a, bool *done);
tc_status tc_dnn_attention_backward(tc_args *a, bool *done);

// May products of float32 be rounded to TensorFloat-32 (10 bits of mantissa) on their way into tensor
// cores? For all devices and threads, cublasLt's too; no, unless turned on.
bool tc_tf32(void);
void tc_set_tf32(bool on);

#ifdef __cplusplus
}
#endif

#endif
