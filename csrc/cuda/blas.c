// Products by cublasLt. What it likes best for a shape is asked once and remembered.
//
// cublasLt counts columns first: a matrix by rows is its transpose by columns. So y = a b is asked for as
// y' = b' a': its A is our b, its B our a, its rows our columns; a row that all rows of y get is its bias, and
// what is done with the product where it is written its epilogue.
#include <cuda_runtime_api.h>
#include <pthread.h>
#include <string.h>

#include "device.h"
#include "dnn.h"
#include "library.h"
#include "plans.h"
#include "product.h"

struct CUstream_st *tc_stream(void);

// Enough for every algorithm on Hopper; a workspace of its own makes a run repeatable and recordable.
enum { WORKSPACE = 32 << 20 };

// One matrix as cublasLt has it: columns `ld` apart, whether it is transposed.
typedef struct layout {
  int64_t rows, cols, ld, batch;
  int64_t transposed;
} layout;

// All that a plan depends on, without padding.
typedef struct key {
  const tc_device *device;
  int64_t dtype, tf32, bias, added, count;
  int64_t epilogue, z, sums;
  layout a, b, y;
  int64_t alignment[4];  // of a, b, added, y
} key;

typedef struct plan {
  bool good;
  cublasLtMatmulDesc_t product;
  cublasLtMatrixLayout_t a, b, y;
  cublasLtMatmulAlgo_t algorithm;
} plan;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static cublasLtHandle_t handles[TC_MAX_DEVICES];

// ---- what is asked for -----------------------------------------------------------------------

// (rows, cols) with strides: by rows, or by columns; other layouts are not cublasLt's.
static bool layout_of(layout *l, int64_t rows, int64_t cols, const tc_factor *f) {
  const bool by_rows = (f->col == 1 || cols == 1) && (rows == 1 || f->row >= cols);
  const bool by_cols = (f->row == 1 || rows == 1) && (cols == 1 || f->col >= rows);
  if (!by_rows && !by_cols) return false;
  l->transposed = !by_rows;
  l->rows = by_rows ? cols : rows;
  l->cols = by_rows ? rows : cols;
  l->ld = l->cols == 1 ? l->rows : by_rows ? f->row : f->col;
  return true;
}

// Few kinds, so that few plans serve a shape.
static int64_t alignment_of(const void *p) {
  const uintptr_t at = (uintptr_t)p;
  for (int64_t bytes = 256; bytes > 1; bytes = bytes > 16 ? 16 : bytes / 2)
    if (at % (uintptr_t)bytes == 0) return bytes;
  return 1;
}

// One bias row is added as it is; another factor is not cublasLt's.
static bool key_of(key *k, const tc_product *p) {
  memset(k, 0, sizeof *k);
  k->device = tc_current_device();
  k->dtype = p->dtype;
  k->tf32 = p->dtype == TC_float32 && tc_tf32();
  k->bias = p->added && !p->added_whole;
  k->added = p->added && p->added_whole;
  k->epilogue = p->epilogue, k->z = p->z != NULL, k->sums = p->sums != NULL;
  if (p->dtype == TC_int64 || (k->bias && p->beta != 1)) return false;
  if (p->z && p->n % 8) return false;  // its columns are so many elements apart
  if (!layout_of(&k->b, p->m, p->k, &p->a) || !layout_of(&k->a, p->k, p->n, &p->b)) return false;
  k->y = (layout){.rows = p->n, .cols = p->m, .ld = p->n, .batch = p->m * p->n};
  k->count = p->batch_dims > 0 ? p->batch[p->batch_dims - 1] : 1;
  if (p->batch_dims > 0) {
    k->a.batch = p->b.batch[p->batch_dims - 1];
    k->b.batch = p->a.batch[p->batch_dims - 1];
  }
  return true;
}

// ---- plans -----------------------------------------------------------------------------------

static cudaDataType_t type_of(int64_t dtype) {
  switch (dtype) {
    case TC_float64: return CUDA_R_64F;
    case TC_float16: return CUDA_R_16F;
    case TC_bfloat16: return CUDA_R_16BF;
    default: return CUDA_R_32F;
  }
}

static cublasComputeType_t compute_of(const key *k) {
  if (k->dtype == TC_float64) return CUBLAS_COMPUTE_64F;
  return k->tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F;
}

static void free_plan(void *value) {
  const tc_cublaslt *lt = tc_library_cublaslt();
  plan *p = value;
  if (p->product) lt->cublasLtMatmulDescDestroy(p->product);
  if (p->a) lt->cublasLtMatrixLayoutDestroy(p->a);
  if (p->b) lt->cublasLtMatrixLayoutDestroy(p->b);
  if (p->y) lt->cublasLtMatrixLayoutDestroy(p->y);
}

static tc_plans plans = {.value_bytes = sizeof(plan), .drop = free_plan};

static bool set(const tc_cublaslt *lt, cublasLtMatmulDesc_t d, cublasLtMatmulDescAttributes_t name,
                const void *value, size_t bytes) {
  return lt->cublasLtMatmulDescSetAttribute(d, name, value, bytes) == CUBLAS_STATUS_SUCCESS;
}

static bool make_layout(const tc_cublaslt *lt, const key *k, const layout *l,
                        cublasLtMatrixLayout_t *out) {
  const int32_t count = (int32_t)k->count;
  return lt->cublasLtMatrixLayoutCreate(out, type_of(k->dtype), (uint64_t)l->rows,
                                        (uint64_t)l->cols, l->ld) == CUBLAS_STATUS_SUCCESS &&
         lt->cublasLtMatrixLayoutSetAttribute(*out, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &count,
                                              sizeof count) == CUBLAS_STATUS_SUCCESS &&
         lt->cublasLtMatrixLayoutSetAttribute(*out, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET,
                                              &l->batch, sizeof l->batch) == CUBLAS_STATUS_SUCCESS;
}

static cublasLtEpilogue_t epilogue_of(const key *k) {
  static const cublasLtEpilogue_t gelu[2][2] = {
      {CUBLASLT_EPILOGUE_GELU, CUBLASLT_EPILOGUE_GELU_BIAS},
      {CUBLASLT_EPILOGUE_GELU_AUX, CUBLASLT_EPILOGUE_GELU_AUX_BIAS}};
  switch (k->epilogue) {
    case TC_RELU: return k->bias ? CUBLASLT_EPILOGUE_RELU_BIAS : CUBLASLT_EPILOGUE_RELU;
    case TC_GELU: return gelu[k->z][k->bias];
    case TC_DGELU: return k->sums ? CUBLASLT_EPILOGUE_DGELU_BGRAD : CUBLASLT_EPILOGUE_DGELU;
    case TC_ROWS: return k->sums ? CUBLASLT_EPILOGUE_BGRADB : CUBLASLT_EPILOGUE_DEFAULT;
    default: return k->bias ? CUBLASLT_EPILOGUE_BIAS : CUBLASLT_EPILOGUE_DEFAULT;
  }
}

// The vector that is read or written beside the matrices, and the matrix of an activation. Their addresses
// are each run's own.
static bool set_beside(const tc_cublaslt *lt, const key *k, const void *bias,
                       const tc_product *given, cublasLtMatmulDesc_t d) {
  const void *vector = k->bias ? bias : given->sums;
  return (!vector ||
          set(lt, d, CUBLASLT_MATMUL_DESC_BIAS_POINTER, (const void *)&vector, sizeof vector)) &&
         (!k->z || (set(lt, d, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, (const void *)&given->z,
                        sizeof given->z) &&
                    set(lt, d, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, &k->y.ld, sizeof k->y.ld)));
}

static bool describe(const tc_cublaslt *lt, const key *k, const void *bias, const tc_product *given,
                     plan *p) {
  const cublasOperation_t a = k->a.transposed ? CUBLAS_OP_T : CUBLAS_OP_N,
                          b = k->b.transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
  const cublasLtEpilogue_t epilogue = epilogue_of(k);
  const cudaDataType_t scale = k->dtype == TC_float64 ? CUDA_R_64F : CUDA_R_32F;
  return lt->cublasLtMatmulDescCreate(&p->product, compute_of(k), scale) == CUBLAS_STATUS_SUCCESS &&
         set(lt, p->product, CUBLASLT_MATMUL_DESC_TRANSA, &a, sizeof a) &&
         set(lt, p->product, CUBLASLT_MATMUL_DESC_TRANSB, &b, sizeof b) &&
         set(lt, p->product, CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue, sizeof epilogue) &&
         set_beside(lt, k, bias, given, p->product) && make_layout(lt, k, &k->a, &p->a) &&
         make_layout(lt, k, &k->b, &p->b) && make_layout(lt, k, &k->y, &p->y);
}

// What an algorithm may count on: the workspace, and addresses that are such multiples.
static bool prefer(const tc_cublaslt *lt, const key *k, cublasLtMatmulPreference_t wish) {
  static const cublasLtMatmulPreferenceAttributes_t names[4] = {
      CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
      CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES};
  const uint64_t workspace = WORKSPACE;
  bool good = lt->cublasLtMatmulPreferenceSetAttribute(
                  wish, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &workspace, sizeof workspace) ==
              CUBLAS_STATUS_SUCCESS;
  for (int i = 0; i < 4 && good; i++) {
    const uint32_t bytes = (uint32_t)k->alignment[i];
    good = lt->cublasLtMatmulPreferenceSetAttribute(wish, names[i], &bytes, sizeof bytes) ==
           CUBLAS_STATUS_SUCCESS;
  }
  return good;
}

// The address of a bias is part of the question; each run then gives its own.
static void choose(const tc_cublaslt *lt, cublasLtHandle_t handle, const key *k, const void *bias,
                   const tc_product *given, plan *p) {
  cublasLtMatmulPreference_t wish = NULL;
  cublasLtMatmulHeuristicResult_t best;
  int found = 0;
  if (!describe(lt, k, bias, given, p) ||
      lt->cublasLtMatmulPreferenceCreate(&wish) != CUBLAS_STATUS_SUCCESS)
    return;
  if (prefer(lt, k, wish) &&
      lt->cublasLtMatmulAlgoGetHeuristic(handle, p->product, p->a, p->b, p->y, p->y, wish, 1, &best,
                                         &found) == CUBLAS_STATUS_SUCCESS &&
      found == 1 && best.state == CUBLAS_STATUS_SUCCESS) {
    p->algorithm = best.algo;
    p->good = true;
  }
  lt->cublasLtMatmulPreferenceDestroy(wish);
}

// ---- runs ------------------------------------------------------------------------------------

// Where the products of one run over the last dimension of batches begin.
typedef struct place {
  const char *a, *b, *added;
  char *y;
} place;

static place place_of(const tc_product *p, int64_t index) {
  const int64_t item = (int64_t)tc_itemsize(p->dtype), inner = p->batch_dims - 1;
  int64_t a = 0, b = 0, y = p->m * p->n * (inner >= 0 ? p->batch[inner] : 1) * index;
  for (int64_t d = inner - 1, rest = index; d >= 0; d--) {
    a += rest % p->batch[d] * p->a.batch[d];
    b += rest % p->batch[d] * p->b.batch[d];
    rest /= p->batch[d];
  }
  return (place){.a = (const char *)p->b.data + b * item,
                 .b = (const char *)p->a.data + a * item,
                 .added =
                     p->added ? (const char *)p->added + (p->added_whole ? y * item : 0) : NULL,
                 .y = (char *)p->y + y * item};
}

static void set_alignment(key *k, const place *at) {
  k->alignment[0] = alignment_of(at->a), k->alignment[1] = alignment_of(at->b);
  k->alignment[2] = alignment_of(k->added ? at->added : at->y);
  k->alignment[3] = alignment_of(at->y);
}

static cublasStatus_t multiply(const tc_cublaslt *lt, cublasLtHandle_t handle, const tc_product *p,
                               const key *k, const plan *w, const place *at, void *workspace) {
  const float alpha = (float)p->alpha, beta = k->added ? (float)p->beta : 0;
  const double wide_alpha = p->alpha, wide_beta = k->added ? p->beta : 0;
  const bool wide = k->dtype == TC_float64;
  if (!set_beside(lt, k, at->added, p, w->product)) return CUBLAS_STATUS_INVALID_VALUE;
  return lt->cublasLtMatmul(handle, w->product, wide ? (const void *)&wide_alpha : &alpha, at->a,
                            w->a, at->b, w->b, wide ? (const void *)&wide_beta : &beta,
                            k->added ? at->added : at->y, w->y, at->y, w->y, &w->algorithm,
                            workspace, WORKSPACE, tc_stream());
}

// A descriptor holds the bias of the run, so runs come one after the other.
static tc_status run(const tc_cublaslt *lt, cublasLtHandle_t handle, const tc_product *p, key *k,
                     void *workspace, bool *done) {
  const int64_t outer = p->count / k->count;
  *done = true;
  for (int64_t i = 0; i < outer && *done; i++) {
    const place at = place_of(p, i);
    bool fresh;
    set_alignment(k, &at);
    plan *w = tc_plans_at(&plans, k, sizeof *k, &fresh);
    if (w && fresh) choose(lt, handle, k, at.added, p, w);
    *done = w && w->good;
    if (!*done) return TC_OK;
    const cublasStatus_t status = multiply(lt, handle, p, k, w, &at, workspace);
    if (status != CUBLAS_STATUS_SUCCESS)
      return tc_fail(TC_INTERNAL, "cublasLt failed: %s", lt->cublasLtGetStatusString(status));
  }
  return TC_OK;
}

// NULL: this driver is none that cublasLt can use.
static cublasLtHandle_t handle_of(const tc_cublaslt *lt, const tc_device *device) {
  cublasLtHandle_t *h = &handles[device->index];
  if (!*h && lt->cublasLtCreate(h) != CUBLAS_STATUS_SUCCESS) *h = NULL;
  return *h;
}

tc_status tc_blas_product(const tc_product *p, bool *done) {
  const tc_cublaslt *lt = tc_library_cublaslt();
  key k;
  *done = false;
  if (!lt || !key_of(&k, p)) return TC_OK;
  void *workspace = tc_scratch(WORKSPACE);
  if (!workspace) return TC_OK;  // the own kernels need none
  pthread_mutex_lock(&lock);
  cublasLtHandle_t handle = handle_of(lt, k.device);
  const tc_status status = handle ? run(lt, handle, p, &k, workspace, done) : TC_OK;
  pthread_mutex_unlock(&lock);
  tc_scratch_free(workspace, WORKSPACE);
  return status;
}
