// Products of matrices without cublasLt: tiles in shared memory, a square of results in each thread's
// registers (tiles.h). Every layout of both operands, every type; halves are summed in float.
//
// It is for machines without cublasLt, integers, and the emulation: no tensor cores.
#include "product.h"
#include "tiles.h"

namespace {

template <class T> struct operand {
  const T *data;
  int64_t row, col;
};

// What a launch needs to know; strides of batches are those of p.batch.
template <class T> struct product {
  operand<T> a, b;
  T *y;
  const T *added;
  int64_t m, n, k, added_row, added_batch;
  acc_t<T> alpha, beta;
  int dims;
  int64_t size[TC_MAX_DIMS], a_batch[TC_MAX_DIMS], b_batch[TC_MAX_DIMS];
  int64_t tiles_m, tiles_n, tiles;  // of one product, and of all
};

template <int EACH, class T>
__device__ void finish(const product<T> &p, const acc_t<T> sum[EACH][EACH], int64_t batch,
                       int64_t i0, int64_t j0) {
  each_result<EACH, EACH>([&](int i, int j, int down, int across) {
    const int64_t row = i0 + down, col = j0 + across;
    if (row >= p.m || col >= p.n) return;
    acc_t<T> v = p.alpha * sum[i][j];
    if (p.added)
      v += p.beta * (acc_t<T>)wide(p.added[batch * p.added_batch + row * p.added_row + col]);
    p.y[(batch * p.m + row) * p.n + col] = narrow<T>(v);
  });
}

template <int EACH, class T> __device__ void make_tile(const product<T> &p, int64_t tile) {
  enum { TILE = EACH * SIDE };
  typedef acc_t<T> A;
  typedef A part[TILE + 1];
  const int64_t j0 = tile % p.tiles_n * TILE, i0 = tile / p.tiles_n % p.tiles_m * TILE;
  const int64_t batch = tile / p.tiles_n / p.tiles_m;
  const T *a = p.a.data + i0 * p.a.row, *b = p.b.data + j0 * p.b.col;
  int64_t rest = batch;
  for (int d = p.dims - 1; d >= 0; d--) {
    a += rest % p.size[d] * p.a_batch[d];
    b += rest % p.size[d] * p.b_batch[d];
    rest /= p.size[d];
  }
  A sum[EACH][EACH] = {};
  multiply_along(
      sum, 0, p.k,
      [&](int64_t k, part *to) {
        fetch<TILE>(to, a + k * p.a.col, p.a.row, p.a.col, p.m - i0, p.k - k);
      },
      [&](int64_t k, part *to) {
        fetch<TILE>(to, b + k * p.b.row, p.b.col, p.b.row, p.n - j0, p.k - k);
      });
  finish<EACH>(p, sum, batch, i0, j0);
}

template <int EACH, class T>
__global__ void __launch_bounds__(TILE_THREADS, 2) tiles(product<T> p) {
  for (int64_t tile = blockIdx.x; tile < p.tiles; tile += gridDim.x) make_tile<EACH>(p, tile);
}

// ---- launching -------------------------------------------------------------------------------

template <class T> product<T> product_of(const tc_product *q) {
  product<T> p = {};
  p.a = {(const T *)q->a.data, q->a.row, q->a.col};
  p.b = {(const T *)q->b.data, q->b.row, q->b.col};
  p.y = (T *)q->y, p.added = (const T *)q->added;
  p.m = q->m, p.n = q->n, p.k = q->k;
  p.added_row = q->added_whole ? q->n : 0, p.added_batch = q->added_whole ? q->m * q->n : 0;
  p.alpha = (acc_t<T>)q->alpha, p.beta = (acc_t<T>)q->beta;
  p.dims = q->batch_dims;
  for (int d = 0; d < p.dims; d++)
    p.size[d] = q->batch[d], p.a_batch[d] = q->a.batch[d], p.b_batch[d] = q->b.batch[d];
  return p;
}

template <int EACH, class T> tc_status launch(const tc_product *q) {
  enum { TILE = EACH * SIDE };
  const int64_t most = 1 << 30;
  product<T> p = product_of<T>(q);
  p.tiles_m = tc_ceil(p.m, TILE), p.tiles_n = tc_ceil(p.n, TILE);
  p.tiles = p.tiles_m * p.tiles_n * q->count;
  const unsigned grid = (unsigned)(p.tiles < most ? p.tiles : most);
  TC_LAUNCH((tiles<EACH, T>), grid, dim3(SIDE, SIDE), 0, p);
  return tc_launched();
}

// Small results get small tiles, so that more blocks share the work.
template <class T> tc_status multiply_all(const tc_product *p) {
  const int64_t large = 64 * 64 * 128;  // elements of y at which 128 blocks have a large tile each
  return p->m * p->n * p->count >= large ? launch<4, T>(p) : launch<2, T>(p);
}

}  // namespace

extern "C" tc_status tc_own_product(const tc_product *p) {
  switch (p->dtype) {
    case TC_float32: return multiply_all<float>(p);
    case TC_float16: return multiply_all<half>(p);
    case TC_bfloat16: return multiply_all<bfloat16>(p);
    case TC_int64: return multiply_all<int64_t>(p);
    default: return multiply_all<double>(p);
  }
}
