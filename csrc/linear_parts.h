// Linear layers with what follows them, one kernel after the other: for devices, and types, that do not
// know it in one. Each takes the arguments of the kernel of its name (kernels.def).
#ifndef TOCHA_LINEAR_PARTS_H
#define TOCHA_LINEAR_PARTS_H

#include "tocha.h"

#ifdef __cplusplus
extern "C" {
#endif

// linear_act(y, z, x, weight, bias, gelu): y = act(z), z = x weight' + bias; z of GELU alone is wanted.
tc_status tc_linear_act_parts(const tc_args *a);
// linear_gelu_grad(gz, gbias, g, weight, z): gz = (g weight) gelu'(z), and its sum over all rows.
tc_status tc_linear_gelu_grad_parts(const tc_args *a);
// linear_grads(gw, gbias, g, x): gw = g' x, and the sum of g over all rows.
tc_status tc_linear_grads_parts(const tc_args *a);

#ifdef __cplusplus
}
#endif

#endif
