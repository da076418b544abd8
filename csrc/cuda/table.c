// The kernels of CUDA in the order of kernels.def: a file that defines cuda_NAME is found by the
// linker, and the exceptions run on the CPU. What is neither is NULL: "does not exist on cuda".
#include "table.h"

#define KERNEL(name, signature, types) __attribute__((weak)) tc_status cuda_##name(tc_args *);
#include "../kernels.def"
#undef KERNEL

tc_kernel tc_cuda_kernels[TC_KERNELS + 1];

static const tc_kernel compiled[TC_KERNELS] = {
#define KERNEL(name, signature, types) cuda_##name,
#include "../kernels.def"
#undef KERNEL
};

#define EXCEPTION(name)                                                                            \
  static tc_status on_host_##name(tc_args *a) { return tc_run_on_host(TC_K_##name, a); }
#include "exceptions.def"
#undef EXCEPTION

void tc_fill_table(void) {
  for (int k = 0; k < TC_KERNELS; k++) tc_cuda_kernels[k] = compiled[k];
#define EXCEPTION(name) tc_cuda_kernels[TC_K_##name] = on_host_##name;
#include "exceptions.def"
#undef EXCEPTION
}
