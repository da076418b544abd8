// A batch of products of matrices as the kernels matmul, linear and linear_weight_grad come to it:
// y = beta added + alpha a b, and perhaps an activation and sums that a library adds in the same pass.
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

// What is done with the product where it is written. The own kernels know none of it.
typedef enum tc_epilogue {
  TC_PLAIN,
  TC_RELU,   // y = relu(product)
  TC_GELU,   // y = gelu(product), by tanh; the product to z, where that is wanted
  TC_DGELU,  // y = product gelu'(z); the sums of y's columns to `sums`
  TC_ROWS    // y = product; the sums of the rows of a (its k terms each) to `sums`
} tc_epilogue;

typedef struct tc_product {
  tc_dtype dtype;
  int64_t m, n, k;
  tc_factor a, b;     // (m, k) and (k, n)
  void *y;            // (batch..., m, n), contiguous
  const void *added;  // NULL, a row of n that all rows get, or as y
  bool added_whole;
  tc_epilogue epilogue;
  void *z;     // (m, n), or NULL
  void *sums;  // n, of TC_ROWS m; or NULL
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
