// A stand-in for cublasLt that multiplies on the CPU, for the emulated device: specs put it into
// TOCHA_CUDA_STAND_INS as libcublasLt.so.N. It is strict where cublasLt is: leading dimensions, types and
// workspace are checked, float64 has no activations. With TOCHA_FAKE_LOG it writes a line a product there.
#include <cublasLt.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_numbers.h"

// The opaque types of the header are what they point to here.
typedef struct product {
  cublasOperation_t trans[2];
  cublasLtEpilogue_t epilogue;
  cudaDataType_t scale;
  cublasComputeType_t compute;
  void *bias, *aux;
  int64_t aux_ld;
} product;

typedef struct matrix {
  cudaDataType_t type;
  int64_t rows, cols, ld, stride;
  int32_t batch;
} matrix;

static int handle_of_all;

size_t cublasLtGetVersion(void) { return CUBLAS_VERSION; }
const char *cublasLtGetStatusString(cublasStatus_t status) {
  return status == CUBLAS_STATUS_SUCCESS ? "success" : "refused by the stand-in";
}

cublasStatus_t cublasLtCreate(cublasLtHandle_t *handle) {
  *handle = (cublasLtHandle_t)&handle_of_all;
  return CUBLAS_STATUS_SUCCESS;
}

// ---- descriptors -----------------------------------------------------------------------------

cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t *d, cublasComputeType_t compute,
                                        cudaDataType_t scale) {
  product *p = calloc(1, sizeof *p);
  p->compute = compute;
  p->scale = scale;
  p->epilogue = CUBLASLT_EPILOGUE_DEFAULT;
  *d = (cublasLtMatmulDesc_t)p;
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t d) {
  free(d);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t d,
                                              cublasLtMatmulDescAttributes_t name,
                                              const void *value, size_t bytes) {
  product *p = (product *)d;
  switch (name) {
    case CUBLASLT_MATMUL_DESC_TRANSA: memcpy(&p->trans[0], value, bytes); break;
    case CUBLASLT_MATMUL_DESC_TRANSB: memcpy(&p->trans[1], value, bytes); break;
    case CUBLASLT_MATMUL_DESC_EPILOGUE: memcpy(&p->epilogue, value, bytes); break;
    case CUBLASLT_MATMUL_DESC_BIAS_POINTER: memcpy(&p->bias, value, bytes); break;
    case CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER: memcpy(&p->aux, value, bytes); break;
    case CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD: memcpy(&p->aux_ld, value, bytes); break;
    default: return CUBLAS_STATUS_NOT_SUPPORTED;
  }
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t *d, cudaDataType type,
                                          uint64_t rows, uint64_t cols, int64_t ld) {
  matrix *m = calloc(1, sizeof *m);
  *m = (matrix){.type = type, .rows = (int64_t)rows, .cols = (int64_t)cols, .ld = ld, .batch = 1};
  *d = (cublasLtMatrixLayout_t)m;
  return ld >= m->rows ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}

cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t d) {
  free(d);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t d,
                                                cublasLtMatrixLayoutAttribute_t name,
                                                const void *value, size_t bytes) {
  matrix *m = (matrix *)d;
  switch (name) {
    case CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT: memcpy(&m->batch, value, bytes); break;
    case CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET: memcpy(&m->stride, value, bytes); break;
    default: return CUBLAS_STATUS_NOT_SUPPORTED;
  }
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t *d) {
  *d = malloc(1);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t d) {
  free(d);
  return CUBLAS_STATUS_SUCCESS;
}

cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t d,
                                                    cublasLtMatmulPreferenceAttributes_t name,
                                                    const void *value, size_t bytes) {
  (void)d, (void)name, (void)value, (void)bytes;
  return CUBLAS_STATUS_SUCCESS;
}

// ---- products --------------------------------------------------------------------------------

static void note(const char *text) {
  const char *path = getenv("TOCHA_FAKE_LOG");
  FILE *f = path ? fopen(path, "a") : NULL;
  if (!f) return;
  fprintf(f, "%s\n", text);
  fclose(f);
}

// What is done with a sum where it is written.
typedef enum kind { NOTHING, WITH_BIAS, WITH_RELU, WITH_GELU, WITH_DGELU, WITH_SUMS } kind;

static kind epilogue_kind(cublasLtEpilogue_t e) {
  switch (e) {
    case CUBLASLT_EPILOGUE_DEFAULT: return NOTHING;
    case CUBLASLT_EPILOGUE_BIAS: return WITH_BIAS;
    case CUBLASLT_EPILOGUE_RELU:
    case CUBLASLT_EPILOGUE_RELU_BIAS: return WITH_RELU;
    case CUBLASLT_EPILOGUE_GELU:
    case CUBLASLT_EPILOGUE_GELU_BIAS:
    case CUBLASLT_EPILOGUE_GELU_AUX:
    case CUBLASLT_EPILOGUE_GELU_AUX_BIAS: return WITH_GELU;
    case CUBLASLT_EPILOGUE_DGELU:
    case CUBLASLT_EPILOGUE_DGELU_BGRAD: return WITH_DGELU;
    case CUBLASLT_EPILOGUE_BGRADB: return WITH_SUMS;
    default: abort();
  }
}

cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle, cublasLtMatmulDesc_t d,
                                              cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                                              cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t y,
                                              cublasLtMatmulPreference_t wish, int most,
                                              cublasLtMatmulHeuristicResult_t *best, int *found) {
  const bool plain = epilogue_kind(((product *)d)->epilogue) <= WITH_BIAS;
  (void)handle, (void)a, (void)b, (void)c, (void)wish, (void)most;
  *found = 0;
  if (((matrix *)y)->type == CUDA_R_64F && !plain) return CUBLAS_STATUS_NOT_SUPPORTED;
  memset(best, 0, sizeof *best);
  best->state = CUBLAS_STATUS_SUCCESS;
  *found = 1;
  note("heuristic");
  return CUBLAS_STATUS_SUCCESS;
}

static double get(const void *p, cudaDataType_t type, int64_t at) {
  return fake_get(p, fake_cuda_type(type), at);
}

// Element (i, j) of op(matrix) of a batch.
static double element(const void *data, const matrix *m, cublasOperation_t op, int64_t batch,
                      int64_t i, int64_t j) {
  const int64_t row = op == CUBLAS_OP_N ? i : j, col = op == CUBLAS_OP_N ? j : i;
  if (row >= m->rows || col >= m->cols) abort();
  return get(data, m->type, batch * m->stride + col * m->ld + row);
}

static double number(const void *p, cudaDataType_t type) { return get(p, type, 0); }

static double gelu(double x) {
  return 0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)));
}

static double gelu_slope(double x) {
  const double h = 1e-5;
  return (gelu(x + h) - gelu(x - h)) / (2 * h);
}

// What becomes of the sum of row i, column j of the result.
static double finished(const product *p, const matrix *ym, int64_t i, int64_t j, double sum) {
  const fake_type type = fake_cuda_type(ym->type);
  const int64_t at = j * p->aux_ld + i;
  if (p->epilogue != CUBLASLT_EPILOGUE_BGRADB && p->epilogue & CUBLASLT_EPILOGUE_BIAS)
    sum += get(p->bias, ym->type, i);
  switch (epilogue_kind(p->epilogue)) {
    case WITH_RELU: return sum < 0 ? 0 : sum;
    case WITH_GELU:
      if (p->epilogue & 128) fake_put(p->aux, type, at, sum);
      return gelu(sum);
    case WITH_DGELU: return sum * gelu_slope(fake_get(p->aux, type, at));
    default: return sum;
  }
}

// The gradient of a bias: sums over the result's rows, or over the columns of B.
static void store_sums(const product *p, const void *b, const matrix *bm, const void *y,
                       const matrix *ym) {
  const bool of_b = p->epilogue == CUBLASLT_EPILOGUE_BGRADB;
  if (!of_b && p->epilogue != CUBLASLT_EPILOGUE_DGELU_BGRAD) return;
  const int64_t depth = p->trans[1] == CUBLAS_OP_N ? bm->rows : bm->cols;
  for (int64_t i = 0; i < (of_b ? ym->cols : ym->rows); i++) {
    double sum = 0;
    for (int64_t k = 0; k < (of_b ? depth : ym->cols); k++)
      sum += of_b ? element(b, bm, p->trans[1], 0, k, i) : get(y, ym->type, k * ym->ld + i);
    fake_put(p->bias, fake_cuda_type(ym->type), i, sum);
  }
}

static const char *const epilogue_names[] = {"", ", bias", ", relu", ", gelu", ", dgelu", ", sums"};

static void note_product(const product *p, const matrix *ym, int64_t k) {
  char text[160];
  const bool second = p->epilogue & 128, tf32 = p->compute == CUBLAS_COMPUTE_32F_FAST_TF32;
  snprintf(text, sizeof text, "product %s%s %lld x %lld x %lld, %d%s%s%s",
           p->trans[0] == CUBLAS_OP_N ? "N" : "T", p->trans[1] == CUBLAS_OP_N ? "N" : "T",
           (long long)ym->rows, (long long)ym->cols, (long long)k, (int)ym->batch,
           epilogue_names[epilogue_kind(p->epilogue)], second ? ", aux" : "", tf32 ? ", tf32" : "");
  note(text);
}

cublasStatus_t cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t desc, const void *alpha,
                              const void *a, cublasLtMatrixLayout_t a_layout, const void *b,
                              cublasLtMatrixLayout_t b_layout, const void *beta, const void *c,
                              cublasLtMatrixLayout_t c_layout, void *y,
                              cublasLtMatrixLayout_t y_layout, const cublasLtMatmulAlgo_t *algo,
                              void *workspace, size_t bytes, cudaStream_t stream) {
  const product *p = (product *)desc;
  const matrix *am = (matrix *)a_layout, *bm = (matrix *)b_layout, *cm = (matrix *)c_layout,
               *ym = (matrix *)y_layout;
  const int64_t k = p->trans[0] == CUBLAS_OP_N ? am->cols : am->rows;
  (void)stream, (void)algo;
  if (handle != (cublasLtHandle_t)&handle_of_all || !workspace || bytes == 0)
    return CUBLAS_STATUS_INVALID_VALUE;
  if (p->epilogue & 128 && (!p->aux || p->aux_ld % 8 || p->aux_ld < ym->rows))
    return CUBLAS_STATUS_INVALID_VALUE;
  for (int64_t q = 0; q < ym->batch; q++)
    for (int64_t j = 0; j < ym->cols; j++)
      for (int64_t i = 0; i < ym->rows; i++) {
        double sum = 0;
        for (int64_t l = 0; l < k; l++)
          sum += element(a, am, p->trans[0], q, i, l) * element(b, bm, p->trans[1], q, l, j);
        sum *= number(alpha, p->scale);
        if (number(beta, p->scale) != 0)
          sum += number(beta, p->scale) * element(c, cm, CUBLAS_OP_N, q, i, j);
        fake_put(y, fake_cuda_type(ym->type), q * ym->stride + j * ym->ld + i,
                 finished(p, ym, i, j, sum));
      }
  store_sums(p, b, bm, y, ym);
  note_product(p, ym, k);
  return CUBLAS_STATUS_SUCCESS;
}
