// NVIDIA's libraries, opened on first use: cublasLt, cuDNN, NVRTC, NCCL.
//
// Promises: none is needed to load the back end; each is looked for once; where one is missing its table
// is NULL and tc_library_problem() says which, what it is for and where it was looked for. A library whose
// major version is not that of the headers this was compiled with counts as missing. Nothing is ever
// closed: its threads may still run.
//
// In the emulation only TOCHA_CUDA_STAND_INS is searched, where specs put what takes their place.
#ifndef TOCHA_CUDA_LIBRARY_H
#define TOCHA_CUDA_LIBRARY_H

#include "../backend.h"

#include <cublasLt.h>
#include <nvrtc.h>

// A toolkit without these headers builds a back end without these libraries.
#if __has_include(<cudnn.h>)
#include <cudnn.h>
#define TC_HAS_CUDNN 1
#else
#define TC_HAS_CUDNN 0
#endif
#if __has_include(<nccl.h>)
#include <nccl.h>
#define TC_HAS_NCCL 1
#else
#define TC_HAS_NCCL 0
#endif

typedef enum tc_library_id { TC_CUBLASLT, TC_NVRTC, TC_CUDNN, TC_NCCL, TC_LIBRARIES } tc_library_id;

#define TC_CUBLASLT_FUNCTIONS(F)                                                                   \
  F(cublasLtCreate)                                                                                \
  F(cublasLtMatmul)                                                                                \
  F(cublasLtMatmulAlgoGetHeuristic)                                                                \
  F(cublasLtMatmulDescCreate)                                                                      \
  F(cublasLtMatmulDescDestroy)                                                                     \
  F(cublasLtMatmulDescSetAttribute)                                                                \
  F(cublasLtMatmulPreferenceCreate)                                                                \
  F(cublasLtMatmulPreferenceDestroy)                                                               \
  F(cublasLtMatmulPreferenceSetAttribute)                                                          \
  F(cublasLtMatrixLayoutCreate)                                                                    \
  F(cublasLtMatrixLayoutDestroy)                                                                   \
  F(cublasLtMatrixLayoutSetAttribute)                                                              \
  F(cublasLtGetStatusString)

#define TC_NVRTC_FUNCTIONS(F)                                                                      \
  F(nvrtcAddNameExpression)                                                                        \
  F(nvrtcCompileProgram)                                                                           \
  F(nvrtcCreateProgram)                                                                            \
  F(nvrtcDestroyProgram)                                                                           \
  F(nvrtcGetCUBIN)                                                                                 \
  F(nvrtcGetCUBINSize)                                                                             \
  F(nvrtcGetErrorString)                                                                           \
  F(nvrtcGetLoweredName)                                                                           \
  F(nvrtcGetProgramLog)                                                                            \
  F(nvrtcGetProgramLogSize)

#define TC_CUDNN_FUNCTIONS(F)                                                                      \
  F(cudnnBackendCreateDescriptor)                                                                  \
  F(cudnnBackendDestroyDescriptor)                                                                 \
  F(cudnnBackendExecute)                                                                           \
  F(cudnnBackendFinalize)                                                                          \
  F(cudnnBackendGetAttribute)                                                                      \
  F(cudnnBackendSetAttribute)                                                                      \
  F(cudnnCreate)                                                                                   \
  F(cudnnCreateDropoutDescriptor)                                                                  \
  F(cudnnCreateRNNDataDescriptor)                                                                  \
  F(cudnnCreateRNNDescriptor)                                                                      \
  F(cudnnCreateTensorDescriptor)                                                                   \
  F(cudnnDestroyDropoutDescriptor)                                                                 \
  F(cudnnDestroyRNNDataDescriptor)                                                                 \
  F(cudnnDestroyRNNDescriptor)                                                                     \
  F(cudnnDestroyTensorDescriptor)                                                                  \
  F(cudnnGetErrorString)                                                                           \
  F(cudnnGetLastErrorString)                                                                       \
  F(cudnnGetRNNTempSpaceSizes)                                                                     \
  F(cudnnGetRNNWeightParams)                                                                       \
  F(cudnnGetRNNWeightSpaceSize)                                                                    \
  F(cudnnGetTensorSizeInBytes)                                                                     \
  F(cudnnRNNBackwardData_v8)                                                                       \
  F(cudnnRNNBackwardWeights_v8)                                                                    \
  F(cudnnRNNForward)                                                                               \
  F(cudnnSetDropoutDescriptor)                                                                     \
  F(cudnnSetRNNDataDescriptor)                                                                     \
  F(cudnnSetRNNDescriptor_v8)                                                                      \
  F(cudnnSetStream)                                                                                \
  F(cudnnSetTensorNdDescriptor)

#define TC_NCCL_FUNCTIONS(F)                                                                       \
  F(ncclAllGather)                                                                                 \
  F(ncclAllReduce)                                                                                 \
  F(ncclBroadcast)                                                                                 \
  F(ncclCommAbort)                                                                                 \
  F(ncclCommDestroy)                                                                               \
  F(ncclCommGetAsyncError)                                                                         \
  F(ncclCommInitRank)                                                                              \
  F(ncclGetErrorString)                                                                            \
  F(ncclGetUniqueId)                                                                               \
  F(ncclGroupEnd)                                                                                  \
  F(ncclGroupStart)                                                                                \
  F(ncclReduceScatter)

// One pointer a function, under its own name: `lt->cublasLtMatmul(...)`.
#define TC_LIBRARY_FIELD(f) __typeof__(&f) f;
typedef struct tc_cublaslt {
  TC_CUBLASLT_FUNCTIONS(TC_LIBRARY_FIELD)
} tc_cublaslt;
typedef struct tc_nvrtc {
  TC_NVRTC_FUNCTIONS(TC_LIBRARY_FIELD)
} tc_nvrtc;
#if TC_HAS_CUDNN
typedef struct tc_cudnn {
  TC_CUDNN_FUNCTIONS(TC_LIBRARY_FIELD)
} tc_cudnn;
const tc_cudnn *tc_library_cudnn(void);
#endif
#if TC_HAS_NCCL
typedef struct tc_nccl {
  TC_NCCL_FUNCTIONS(TC_LIBRARY_FIELD)
} tc_nccl;
const tc_nccl *tc_library_nccl(void);
#endif
#undef TC_LIBRARY_FIELD

// The table, opened by the first call from any thread; NULL where it is missing.
const tc_cublaslt *tc_library_cublaslt(void);
const tc_nvrtc *tc_library_nvrtc(void);

const char *tc_library_name(tc_library_id id);
// These open the library too. A version as the library numbers it, 0 where it is missing; the file it came
// from; why it is missing, or "".
int tc_library_version(tc_library_id id);
const char *tc_library_path(tc_library_id id);
const char *tc_library_problem(tc_library_id id);
bool tc_library_facts_of(int k, tc_library_facts *out);  // all of these, for a back end's table

#endif
