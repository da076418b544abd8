// Products of tensors: matmul (vectors, matrices and batches of any strides) and the three products of a
// linear layer. What is added (a bias) is added where the product is written.
#ifndef T
#include "gemm.h"

// gemm takes an operand by rows or, as a transposed one, by columns; another layout is copied first.
typedef struct tc_matrix {
  const tc_tensor *t;
  int64_t rows, cols, row, col;  // strides `row` and `col`
  bool transposed;
  int64_t ld;
} tc_matrix;

static bool lies_by_rows(int64_t rows, int64_t cols, int64_t row, int64_t col) {
  return (col == 1 || cols == 1) && (row >= TC_MAX(cols, 1) || rows == 1);
}

static bool choose_layout(tc_matrix *m) {
  if (lies_by_rows(m->rows, m->cols, m->row, m->col)) {
    m->transposed = false;
    m->ld = m->rows == 1 ? TC_MAX(m->cols, 1) : m->row;
    return true;
  }
  m->transposed = lies_by_rows(m->cols, m->rows, m->col, m->row);
  m->ld = m->cols == 1 ? TC_MAX(m->rows, 1) : m->col;
  return m->transposed;
}

// A vector is a row on the left of a product and a column on the right.
static tc_matrix as_matrix(const tc_tensor *t, bool left) {
  tc_matrix m = {.t = t};
  const int n = t->ndim;
  if (n >= 2)
    m.rows = t->size[n - 2], m.cols = t->size[n - 1], m.row = t->stride[n - 2],
    m.col = t->stride[n - 1];
  else if (left)
    m.rows = 1, m.cols = t->size[0], m.row = TC_MAX(t->size[0], 1), m.col = t->stride[0];
  else m.rows = t->size[0], m.cols = 1, m.row = t->stride[0], m.col = 1;
  return m;
}

// `copy` is freed by the caller; it stays a ghost where no copy is needed.
static tc_status fit_matrix(tc_matrix *m, const tc_tensor *t, bool left, tc_tensor *copy) {
  *m = as_matrix(t, left);
  if (choose_layout(m)) return TC_OK;
  TC_TRY(tc_tensor_like(copy, t, (tc_dtype)t->dtype));
  TC_TRY(tc_copy(copy, t));
  *m = as_matrix(copy, left);
  choose_layout(m);
  return TC_OK;
}

static int64_t batches_of(const tc_tensor *t) {
  int64_t n = 1;
  for (int d = 0; d + 2 < t->ndim; d++) n *= t->size[d];
  return n;
}

static int64_t batch_offset(const tc_tensor *t, int64_t index) {
  int64_t at = 0;
  for (int d = t->ndim - 3; d >= 0; d--) {
    at += index % t->size[d] * t->stride[d];
    index /= t->size[d];
  }
  return at;
}

#define TC_TEMPLATE "linear.c"
#include "numbers.h"
// bfloat16 is summed in float32.
#define T uint16_t
#define ACC float
#define NAME(x) x##_bf16
#define TC_IS_INT 0
#include TC_TEMPLATE
#undef T
#undef ACC
#undef NAME
#undef TC_IS_INT

#define PRODUCT_KERNEL(name, of_integers)                                                          \
  tc_status TC_CPU(name)(tc_args * a);                                                             \
  tc_status TC_CPU(name)(tc_args * a) {                                                            \
    if (a->dtype == TC_bfloat16) return name##_bf16(a);                                            \
    of_integers return a->dtype == TC_float64 ? name##_f64(a) : name##_f32(a);                     \
  }
PRODUCT_KERNEL(matmul, if (a->dtype == TC_int64) return matmul_i64(a);)
PRODUCT_KERNEL(linear, )
PRODUCT_KERNEL(linear_weight_grad, )
#else

// A batch of products: those of one batch each on its thread, unless they are large themselves.
typedef struct NAME(batch) {
  tc_matrix a, b;
  int64_t n, m, k, count;
  ACC alpha, beta;
  const tc_tensor *added;  // beta times it: a row, or of the result's shape; or NULL
  T *y;
} NAME(batch);

static tc_status NAME(product_of)(const NAME(batch) *q, int64_t i) {
  const T *a = (const T *)tc_data(q->a.t) + batch_offset(q->a.t, i);
  const T *b = (const T *)tc_data(q->b.t) + batch_offset(q->b.t, i);
  const bool whole = q->added && tc_numel(q->added) == q->count * q->m * q->n;
  T *y = q->y + i * q->m * q->n;
  const T *d = q->added ? (const T *)tc_data(q->added) + (whole ? i * q->m * q->n : 0) : y;
  return GEMM_ADD(q->a.transposed, q->b.transposed, q->m, q->n, q->k, q->alpha, a, q->a.ld, b,
                  q->b.ld, q->added ? q->beta : 0, d, whole ? q->n : 0, y, q->n);
}

static tc_status NAME(run_batch)(const NAME(batch) *q) {
  enum { ALONE = 1 << 21 };  // multiplications from which a product shares itself out
  const int64_t work = q->m * q->n * q->k;
  if (q->count == 1 || work >= ALONE || work * q->count <= TC_GRAIN) {
    for (int64_t i = 0; i < q->count; i++) TC_TRY(NAME(product_of)(q, i));
    return TC_OK;
  }
  int failed = TC_OK;
  TC_PARALLEL_FOR(i, q->count, work) {
    const tc_status status = NAME(product_of)(q, i);
    if (status != TC_OK) {
      TC_PRAGMA(omp atomic write)
      failed = (int)status;
    }
  }
  return failed == TC_OK ? TC_OK : tc_fail((tc_status)failed, "a product of the batch failed");
}

// matmul(y, a, b, bias, beta, alpha): y = beta bias + alpha a b
static tc_status NAME(matmul)(tc_args *args) {
  NAME(batch) q = {.alpha = (ACC)args->f[1], .beta = (ACC)args->f[0], .added = args->t[3]};
  q.y = (T *)tc_data(args->t[0]);
  tc_tensor copies[2] = {{0}};
  tc_status status = fit_matrix(&q.a, args->t[1], true, &copies[0]);
  if (status == TC_OK) status = fit_matrix(&q.b, args->t[2], false, &copies[1]);
  if (status == TC_OK) {
    q.m = q.a.rows, q.k = q.a.cols, q.n = q.b.cols;
    q.count = TC_MAX(batches_of(q.a.t), batches_of(q.b.t));
    if (tc_numel(args->t[0]) == 0) q.count = 0;
    status = NAME(run_batch)(&q);
  }
  tc_tensor_free(&copies[0]);
  tc_tensor_free(&copies[1]);
  return status;
}

#if !TC_IS_INT
// linear(y, x, weight, bias): x is (rows, in), weight (out, in), y (rows, out)
static tc_status NAME(linear)(tc_args *a) {
  const tc_tensor *bias = a->t[3];
  const int64_t out = a->t[2]->size[0], in = a->t[2]->size[1];
  const int64_t rows = out > 0 ? tc_numel(a->t[0]) / out : 0;
  T *y = (T *)tc_data(a->t[0]);
  tc_tensor copy = {0};
  tc_matrix w;
  tc_status status = fit_matrix(&w, a->t[2], true, &copy);
  if (status == TC_OK)
    status = GEMM_ADD(false, !w.transposed, rows, out, in, 1, (const T *)tc_data(a->t[1]),
                      TC_MAX(in, 1), (const T *)tc_data(w.t), w.ld, bias ? 1 : 0,
                      bias ? (const T *)tc_data(bias) : y, 0, y, TC_MAX(out, 1));
  tc_tensor_free(&copy);
  return status;
}

// linear_weight_grad(gw, g, x): gw = g^T x; g is (rows, out), x (rows, in)
static tc_status NAME(linear_weight_grad)(tc_args *a) {
  const int64_t out = a->t[0]->size[0], in = a->t[0]->size[1];
  const int64_t rows = out > 0 ? tc_numel(a->t[1]) / out : 0;
  T *gw = (T *)tc_data(a->t[0]);
  return GEMM_ADD(true, false, out, in, rows, 1, (const T *)tc_data(a->t[1]), TC_MAX(out, 1),
                  (const T *)tc_data(a->t[2]), TC_MAX(in, 1), 0, gw, TC_MAX(in, 1), gw,
                  TC_MAX(in, 1));
}
#endif
#endif
