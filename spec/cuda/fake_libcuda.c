// A driver for machines without one, as libcuda.so.1: cuDNN can then compile kernels and make plans.
// Loading a kernel succeeds, with a handle to nothing; whatever would run one is refused.
#include <stddef.h>

enum { OK = 0, REFUSED = 34 };  // CUDA_ERROR_STUB_LIBRARY

static long nothing[8];

// Functions that give one handle, or one number, by their first argument.
#define GIVES(name, type, value)                                                                   \
  int name(type *to, ...);                                                                         \
  int name(type *to, ...) {                                                                        \
    *to = value;                                                                                   \
    return OK;                                                                                     \
  }
GIVES(cuCtxGetCurrent, void *, nothing)
GIVES(cuCtxPopCurrent_v2, void *, nothing)
GIVES(cuCtxGetLimit, size_t, 0)
GIVES(cuDeviceGet, int, 0)
GIVES(cuDeviceGetCount, int, 1)
GIVES(cuDriverGetVersion, int, 13000)
GIVES(cuKernelGetAttribute, int, 0)
GIVES(cuKernelGetFunction, void *, nothing + 1)
GIVES(cuLibraryGetKernel, void *, nothing + 2)
GIVES(cuLibraryGetModule, void *, nothing + 3)
GIVES(cuLibraryLoadData, void *, nothing + 4)

int cuGetErrorName(int error, const char **text);
int cuGetErrorName(int error, const char **text) {
  *text = error == OK ? "OK" : "REFUSED";
  return OK;
}

int cuGetErrorString(int error, const char **text);
int cuGetErrorString(int error, const char **text) { return cuGetErrorName(error, text); }

// cuDNN asks for their addresses and does not call them here.
#define REFUSES(name)                                                                              \
  int name(void);                                                                                  \
  int name(void) { return REFUSED; }
REFUSES(cuCtxPopCurrent)
REFUSES(cuCtxPushCurrent)
REFUSES(cuCtxPushCurrent_v2)
REFUSES(cuKernelSetAttribute)
REFUSES(cuLaunchCooperativeKernel)
REFUSES(cuLaunchKernel)
REFUSES(cuLaunchKernelEx)
REFUSES(cuLibraryLoadFromFile)
REFUSES(cuLibraryUnload)
REFUSES(cuLinkAddData)
REFUSES(cuLinkAddData_v2)
REFUSES(cuLinkComplete)
REFUSES(cuLinkCreate)
REFUSES(cuLinkCreate_v2)
REFUSES(cuLinkDestroy)
REFUSES(cuOccupancyMaxPotentialClusterSize)
REFUSES(cuStreamGetCtx)
