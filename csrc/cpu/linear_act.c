// Linear layers with an activation beside the product: on the CPU one after the other.
#include "cpu.h"
#include "linear_parts.h"

TC_PLAIN_KERNEL(linear_act) { return tc_linear_act_parts(a); }
TC_PLAIN_KERNEL(linear_gelu_grad) { return tc_linear_gelu_grad_parts(a); }
TC_PLAIN_KERNEL(linear_grads) { return tc_linear_grads_parts(a); }
