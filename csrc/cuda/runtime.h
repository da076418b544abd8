// The functions of CUDA's runtime that this back end uses, behind pointers: the real ones
// (runtime_real.c), or a driver in the host's memory (runtime_emulated.c). Whoever needs one calls
// tc_rt->cudaX(...), or TC_CUDA(cudaX, ...), which gives a tc_status.
#ifndef TOCHA_CUDA_RUNTIME_H
#define TOCHA_CUDA_RUNTIME_H

#include <cuda_runtime_api.h>

#include "../tocha.h"

#define TC_RUNTIME_FUNCTIONS(F)                                                                    \
  TC_RUNTIME_DEVICES(F)                                                                            \
  TC_RUNTIME_STREAMS(F)

#define TC_RUNTIME_DEVICES(F)                                                                      \
  F(cudaGetDeviceCount)                                                                            \
  F(cudaSetDevice)                                                                                 \
  F(cudaGetDeviceProperties)                                                                       \
  F(cudaDeviceGetAttribute)                                                                        \
  F(cudaDeviceSynchronize)                                                                         \
  F(cudaDeviceCanAccessPeer)                                                                       \
  F(cudaDeviceEnablePeerAccess)                                                                    \
  F(cudaDriverGetVersion)                                                                          \
  F(cudaMemGetInfo)                                                                                \
  F(cudaGetLastError)                                                                              \
  F(cudaGetErrorString)                                                                            \
  F(cudaMalloc)                                                                                    \
  F(cudaFree)                                                                                      \
  F(cudaHostAlloc)                                                                                 \
  F(cudaFreeHost)                                                                                  \
  F(cudaHostGetDevicePointer)                                                                      \
  F(cudaMemcpyAsync)                                                                               \
  F(cudaMemcpyPeerAsync)                                                                           \
  F(cudaMemsetAsync)

#define TC_RUNTIME_STREAMS(F)                                                                      \
  F(cudaStreamCreateWithFlags)                                                                     \
  F(cudaStreamDestroy)                                                                             \
  F(cudaStreamSynchronize)                                                                         \
  F(cudaStreamQuery)                                                                               \
  F(cudaStreamWaitEvent)                                                                           \
  F(cudaEventCreateWithFlags)                                                                      \
  F(cudaEventDestroy)                                                                              \
  F(cudaEventRecord)                                                                               \
  F(cudaEventQuery)                                                                                \
  F(cudaEventSynchronize)                                                                          \
  F(cudaEventElapsedTime)                                                                          \
  F(cudaStreamBeginCapture)                                                                        \
  F(cudaStreamEndCapture)                                                                          \
  F(cudaStreamIsCapturing)                                                                         \
  F(cudaThreadExchangeStreamCaptureMode)                                                           \
  F(cudaGraphInstantiate)                                                                          \
  F(cudaGraphLaunch)                                                                               \
  F(cudaGraphExecDestroy)                                                                          \
  F(cudaGraphDestroy)

typedef struct tc_cuda_runtime {
#define F(name) __typeof__(&name) name;
  TC_RUNTIME_FUNCTIONS(F)
#undef F
} tc_cuda_runtime;

extern const tc_cuda_runtime *tc_rt;  // a check may put another in its place

// The error's text becomes the message: "cudaMalloc: out of memory".
tc_status tc_cuda_status(cudaError_t error, const char *what);
#define TC_CUDA(name, ...) tc_cuda_status(tc_rt->name(__VA_ARGS__), #name)

#endif
