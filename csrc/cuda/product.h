// A batch of products of matrices as the kernels matmul, linear and linear_weight_grad come to it:
// y = beta added + alpha a b.
#ifndef TOCHA_CUDA_PRODUCT_H
#define TOCHA_CUDA_PRODUCT_H

#include "../tocha.h"

#ifdef __cplusplus
extern "C" {
#endif

// Element (i, j) lies at i row + j col, in elements; either stride may be anything, also 0.
typedef struct tc_factor {
  const void *data;
  int64_t row, col;
  int64_t batch[TC_MAX_DIMS];
} tc_factor;

typedef struct tc_product {
  tc_dtype dtype;
  int64_t m, n, k;
  tc_factor a, b;     // (m, k) and (k, n)
  void *y;            // (batch..., m, n), contiguous
  const void *added;  // NULL, a row of n that all rows get, or as y
  bool added_whole;
  double alpha, beta;
  int batch_dims;  // as few as the strides allow
  int64_t batch[TC_MAX_DIMS];
  int64_t count;  // their product
} tc_product;

// By cublasLt (blas.c): *done is false where it is missing or cannot.
tc_status tc_blas_product(const tc_product *p, bool *done);
// By own kernels (matmul.cu), everything.
tc_status tc_own_product(const tc_product *p);

#ifdef __cplusplus
}
#endif

#endif
