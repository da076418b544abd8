// CUDA's runtime itself, which is linked in; it opens the driver when it is first asked for anything.
#include "runtime.h"

static const tc_cuda_runtime real = {
#define F(name) .name = name,
    TC_RUNTIME_FUNCTIONS(F)
#undef F
};

const tc_cuda_runtime *tc_rt = &real;
