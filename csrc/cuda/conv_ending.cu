// y = clamp(y + bias + residual, low, high) in place, where a convolution came without it.
#include "conv_ending.h"
#include "cuda.h"

namespace {

enum { THREADS = 256 };

template <class T> struct ending {
  T *y;
  const T *bias, *residual;
  int64_t n, plane, channels;
  acc_t<T> low, high;
};

template <class T> __global__ void end_elements(ending<T> e) {
  const int64_t step = (int64_t)gridDim.x * THREADS;
  for (int64_t i = (int64_t)blockIdx.x * THREADS + threadIdx.x; i < e.n; i += step) {
    acc_t<T> v = wide(e.y[i]);
    if (e.bias) v += wide(e.bias[i / e.plane % e.channels]);
    if (e.residual) v += wide(e.residual[i]);
    if (v < e.low) v = e.low;  // NaN passes
    e.y[i] = narrow<T>(v > e.high ? e.high : v);
  }
}

template <class T>
tc_status end_with(tc_tensor *y, const tc_tensor *bias, const tc_tensor *residual, int64_t plane,
                   double low, double high) {
  const int64_t most = 1 << 20, n = tc_numel(y);
  ending<T> e = {};
  if (n == 0) return TC_OK;
  e.y = tc_ptr<T>(y), e.bias = tc_ptr<T>(bias), e.residual = tc_ptr<T>(residual);
  e.n = n, e.plane = plane;
  e.channels = bias ? tc_numel(bias) : 1;
  e.low = (acc_t<T>)low, e.high = (acc_t<T>)high;
  const int64_t blocks = tc_ceil(n, THREADS);
  TC_LAUNCH_FLAT(end_elements<T>, (unsigned)(blocks < most ? blocks : most), THREADS, e);
  return tc_launched();
}

}  // namespace

extern "C" tc_status tc_conv_ending(tc_tensor *y, const tc_tensor *bias, const tc_tensor *residual,
                                    int64_t plane, double low, double high) {
  switch ((tc_dtype)y->dtype) {
    case TC_float32: return end_with<float>(y, bias, residual, plane, low, high);
    case TC_float16: return end_with<half>(y, bias, residual, plane, low, high);
    case TC_bfloat16: return end_with<bfloat16>(y, bias, residual, plane, low, high);
    default: return end_with<double>(y, bias, residual, plane, low, high);
  }
}
