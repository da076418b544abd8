// The kernels of this SIMD variant, in the order of kernels.def.
#include "cpu.h"

#define KERNEL(name, signature, types) __attribute__((weak)) tc_status TC_CPU(name)(tc_args *);
#include "../kernels.def"
#undef KERNEL

extern const tc_kernel TC_CPU(kernels)[TC_KERNELS + 1];
const tc_kernel TC_CPU(kernels)[TC_KERNELS + 1] = {
#define KERNEL(name, signature, types) TC_CPU(name),
#include "../kernels.def"
#undef KERNEL
    NULL};
