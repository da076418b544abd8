// How a kernel is launched and how it gets shared memory: the same text for a GPU and for the CPU.
//
//   TC_LAUNCH(kernel, grid, block, dynamic_shared_bytes, args...)
//   TC_LAUNCH_FLAT(kernel, grid, block, args...)   no barriers, shuffles, shared memory in it
//   TC_SHARED(type, name, [4][32]);                static shared memory; no dimensions: one value
//   TC_DYNAMIC(type, name);                        the dynamic shared memory, aligned to 16 bytes
//
// nvcc makes of them what CUDA has; under TC_EMULATE (g++ -x c++) each thread is a fiber, see
// emulate.h. Launches go to the calling thread's current stream. Arguments are taken at the launch.
// An error of the launch is where cudaGetLastError finds it.
//
// Every thread of a block must come to the same barriers: none may return before one, or pass it by.
// The emulation makes that an error, though newer cards would let it pass.
#ifndef TC_CUDA_LAUNCH_H
#define TC_CUDA_LAUNCH_H

#include <stddef.h>
#include <stdint.h>

struct CUstream_st;
extern "C" struct CUstream_st *tc_stream(void);

#ifdef TC_EMULATE
#include "emulate.h"
#else
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

// More than 48 KiB of dynamic shared memory must be asked for.
template <class K> static inline void tc_allow_shared(K *kernel, size_t bytes) {
  if (bytes > 48 * 1024)
    cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, (int)bytes);
}

template <class... P, class... A>
static inline void tc_launch(void (*kernel)(P...), dim3 grid, dim3 block, size_t bytes, A... args) {
  tc_allow_shared(kernel, bytes);
  kernel<<<grid, block, bytes, tc_stream()>>>(args...);
}

template <class... P, class... A>
static inline void tc_launch_flat(void (*kernel)(P...), dim3 grid, dim3 block, A... args) {
  kernel<<<grid, block, 0, tc_stream()>>>(args...);
}

#define TC_LAUNCH(...) tc_launch(__VA_ARGS__)
#define TC_LAUNCH_FLAT(...) tc_launch_flat(__VA_ARGS__)
#define TC_SHARED(type, name, ...) __shared__ type name __VA_ARGS__
#define TC_DYNAMIC(type, name)                                                                     \
  extern __shared__ __align__(16) unsigned char tc_dynamic_shared[];                               \
  type *name = reinterpret_cast<type *>(tc_dynamic_shared)
#endif

#endif
