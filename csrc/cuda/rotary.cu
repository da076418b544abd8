// Rotary positions (Su et al., 2021): pairs of columns turn by an angle that grows with the row.
#include "cuda.h"

namespace {

enum { THREADS = 256 };

// x is (..., rows, width), cosines and sines (rows, pairs); columns beyond the pairs stay. A pair lies side
// by side (interleaved), or its halves lie `pairs` apart.
template <class T> struct rotation {
  T *y;
  const T *x, *cosines, *sines;
  int64_t all, rows, pairs, width;  // rows in all, and those of the angles
  bool interleaved;
  acc_t<T> sign;
};

// One pair, or one of the columns that stay.
template <class T> __global__ void turn(rotation<T> p) {
  const int64_t each = p.width - p.pairs, step = (int64_t)gridDim.x * THREADS;
  for (int64_t i = (int64_t)blockIdx.x * THREADS + threadIdx.x; i < p.all * each; i += step) {
    const int64_t row = i / each, j = i % each, from = row * p.width;
    if (j >= p.pairs) {
      p.y[from + j + p.pairs] = p.x[from + j + p.pairs];
      continue;
    }
    const int64_t angle = row % p.rows * p.pairs + j;
    const int64_t first = from + (p.interleaved ? 2 * j : j);
    const int64_t second = p.interleaved ? first + 1 : first + p.pairs;
    const acc_t<T> a = wide(p.x[first]), b = wide(p.x[second]), c = wide(p.cosines[angle]),
                   s = p.sign * wide(p.sines[angle]);
    p.y[first] = narrow<T>(a * c - b * s);
    p.y[second] = narrow<T>(a * s + b * c);
  }
}

// rotary(y, x, cosines, sines, interleaved, inverse)
template <class T> tc_status rotary(tc_args *a) {
  const int64_t most = 1 << 20, width = a->t[1]->size[a->t[1]->ndim - 1], n = tc_numel(a->t[1]);
  rotation<T> p = {};
  if (n == 0) return TC_OK;
  p.y = tc_ptr<T>(a->t[0]), p.x = tc_ptr<T>(a->t[1]);
  p.cosines = tc_ptr<T>(a->t[2]), p.sines = tc_ptr<T>(a->t[3]);
  p.rows = a->t[2]->size[0], p.pairs = a->t[2]->size[1];
  p.width = width, p.all = n / width;
  p.interleaved = a->i[0] != 0;
  p.sign = a->i[1] ? (acc_t<T>)-1 : (acc_t<T>)1;
  const int64_t blocks = tc_ceil(p.all * (width - p.pairs), THREADS);
  TC_LAUNCH_FLAT(turn<T>, (unsigned)(blocks < most ? blocks : most), THREADS, p);
  return tc_launched();
}

}  // namespace

TC_CUDA_FLOATS(rotary)
