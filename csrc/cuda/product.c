// The kernels matmul, linear and linear_weight_grad: what is asked for becomes a tc_product, which goes to
// cublasLt or to the own kernels.
#include "product.h"

#include "../linear_parts.h"

#include <string.h>

tc_status cuda_matmul(tc_args *a);
tc_status cuda_linear(tc_args *a);
tc_status cuda_linear_weight_grad(tc_args *a);
tc_status cuda_linear_act(tc_args *a);
tc_status cuda_linear_gelu_grad(tc_args *a);
tc_status cuda_linear_grads(tc_args *a);

#define MAX(a, b) ((a) > (b) ? (a) : (b))

// A vector is a row on the left of a product and a column on the right.
static tc_factor factor_of(const tc_tensor *t, bool left, int64_t *rows, int64_t *cols) {
  const int n = t->ndim;
  tc_factor f = {.data = tc_data(t)};
  if (n >= 2) {
    *rows = t->size[n - 2], *cols = t->size[n - 1];
    f.row = t->stride[n - 2], f.col = t->stride[n - 1];
  } else {
    *rows = left ? 1 : t->size[0], *cols = left ? t->size[0] : 1;
    f.row = left ? 0 : t->stride[0], f.col = left ? t->stride[0] : 0;
  }
  return f;
}

// ---- batches ---------------------------------------------------------------------------------

// Batch dimension d of n, counted as the longer operand has them; an operand without it is repeated.
static int64_t batch_size(const tc_tensor *t, int d, int n) {
  const int at = t->ndim - 2 - (n - d);
  return at < 0 ? 1 : t->size[at];
}

static int64_t batch_stride(const tc_tensor *t, int d, int n) {
  const int at = t->ndim - 2 - (n - d);
  return at < 0 || t->size[at] == 1 ? 0 : t->stride[at];
}

static bool continues(const tc_factor *f, int last, int64_t size, int64_t stride) {
  return f->batch[last] == size * stride;
}

// Takes one more dimension: into the last one where both operands go on evenly.
static void add_batch(tc_product *p, int64_t size, int64_t a, int64_t b) {
  const int last = p->batch_dims - 1;
  p->count *= size;
  if (size == 1) return;
  if (last >= 0 && continues(&p->a, last, size, a) && continues(&p->b, last, size, b)) {
    p->batch[last] *= size;
    p->a.batch[last] = a, p->b.batch[last] = b;
    return;
  }
  p->batch[last + 1] = size;
  p->a.batch[last + 1] = a, p->b.batch[last + 1] = b;
  p->batch_dims++;
}

static void set_batches(tc_product *p, const tc_tensor *a, const tc_tensor *b) {
  const int n = MAX(MAX(a->ndim, b->ndim) - 2, 0);
  p->count = 1;
  for (int d = 0; d < n; d++)
    add_batch(p, MAX(batch_size(a, d, n), batch_size(b, d, n)), batch_stride(a, d, n),
              batch_stride(b, d, n));
}

// One matrix on the right for all, and the rows of the left one evenly apart: a single product.
static void join_rows(tc_product *p) {
  if (p->batch_dims != 1 || p->b.batch[0] != 0) return;
  if (p->m == 1) p->a.row = p->a.batch[0];
  else if (p->a.batch[0] != p->m * p->a.row) return;
  p->m *= p->count;
  p->batch_dims = 0;
  p->count = 1;
}

// ---- the kernels -----------------------------------------------------------------------------

static tc_status run(tc_product *p) {
  bool done = false;
  if (p->m == 0 || p->n == 0 || p->count == 0) return TC_OK;
  join_rows(p);
  if (p->k > 0) TC_TRY(tc_blas_product(p, &done));
  return done ? TC_OK : tc_own_product(p);
}

// matmul(y, a, b, added, beta, alpha)
tc_status cuda_matmul(tc_args *args) {
  const tc_tensor *y = args->t[0], *added = args->t[3];
  tc_product p = {.dtype = args->dtype, .alpha = args->f[1], .beta = args->f[0]};
  int64_t depth;
  if (tc_numel(y) == 0) return TC_OK;
  p.a = factor_of(args->t[1], true, &p.m, &p.k);
  p.b = factor_of(args->t[2], false, &depth, &p.n);
  p.y = tc_data(y);
  set_batches(&p, args->t[1], args->t[2]);
  if (added) {
    p.added = tc_data(added);
    p.added_whole = tc_numel(added) == tc_numel(y);
  }
  return run(&p);
}

// y = x weight' + bias: x is (rows, in), weight (out, in), y (rows, out), which is not empty.
static tc_product linear_of(const tc_args *a, const tc_tensor *y, const tc_tensor *x,
                            const tc_tensor *weight, const tc_tensor *bias) {
  tc_product p = {.dtype = a->dtype, .alpha = 1, .beta = 1, .count = 1};
  p.n = weight->size[0], p.k = weight->size[1];
  p.m = tc_numel(y) / p.n;
  p.a = (tc_factor){.data = tc_data(x), .row = p.k, .col = 1};
  p.b = (tc_factor){.data = tc_data(weight), .row = weight->stride[1], .col = weight->stride[0]};
  p.y = tc_data(y);
  if (bias) p.added = tc_data(bias);
  return p;
}

// linear(y, x, weight, bias)
tc_status cuda_linear(tc_args *a) {
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  tc_product p = linear_of(a, a->t[0], a->t[1], a->t[2], a->t[3]);
  return run(&p);
}

// gw = g' x: g is (rows, out), x (rows, in), gw (out, in), which is not empty.
static tc_product weight_grad_of(const tc_args *a, const tc_tensor *gw, const tc_tensor *g,
                                 const tc_tensor *x) {
  tc_product p = {.dtype = a->dtype, .alpha = 1, .count = 1};
  p.m = gw->size[0], p.n = gw->size[1];
  p.k = tc_numel(g) / p.m;
  p.a = (tc_factor){.data = tc_data(g), .row = 1, .col = p.m};
  p.b = (tc_factor){.data = tc_data(x), .row = p.n, .col = 1};
  p.y = tc_data(gw);
  return p;
}

// linear_weight_grad(gw, g, x)
tc_status cuda_linear_weight_grad(tc_args *a) {
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  tc_product p = weight_grad_of(a, a->t[0], a->t[1], a->t[2]);
  return run(&p);
}

// ---- with what follows -----------------------------------------------------------------------

static void *wanted(const tc_tensor *t) { return tc_numel(t) > 0 ? tc_data(t) : NULL; }

// In one pass, or by parts.
static tc_status run_with(const tc_product *p, const tc_args *a,
                          tc_status (*parts)(const tc_args *a)) {
  bool done = false;
  if (p->k > 0) TC_TRY(tc_blas_product(p, &done));
  return done ? TC_OK : parts(a);
}

// linear_act(y, z, x, weight, bias, gelu)
tc_status cuda_linear_act(tc_args *a) {
  if (tc_numel(a->t[0]) == 0) return TC_OK;
  tc_product p = linear_of(a, a->t[0], a->t[2], a->t[3], a->t[4]);
  p.epilogue = a->i[0] ? TC_GELU : TC_RELU;
  p.z = wanted(a->t[1]);
  return run_with(&p, a, tc_linear_act_parts);
}

// linear_gelu_grad(gz, gbias, g, weight, z): weight is (out, hidden), g (rows, out), z (rows, hidden)
tc_status cuda_linear_gelu_grad(tc_args *a) {
  const tc_tensor *weight = a->t[3];
  tc_product p = {.dtype = a->dtype, .alpha = 1, .count = 1, .epilogue = TC_DGELU};
  if (tc_numel(a->t[0]) == 0) return tc_linear_gelu_grad_parts(a);
  p.k = weight->size[0], p.n = weight->size[1];
  p.m = tc_numel(a->t[0]) / p.n;
  p.a = (tc_factor){.data = tc_data(a->t[2]), .row = p.k, .col = 1};
  p.b = (tc_factor){.data = tc_data(weight), .row = p.n, .col = 1};
  p.y = tc_data(a->t[0]), p.z = tc_data(a->t[4]), p.sums = wanted(a->t[1]);
  return run_with(&p, a, tc_linear_gelu_grad_parts);
}

// linear_grads(gw, gbias, g, x)
tc_status cuda_linear_grads(tc_args *a) {
  if (tc_numel(a->t[0]) == 0) return tc_linear_grads_parts(a);
  tc_product p = weight_grad_of(a, a->t[0], a->t[2], a->t[3]);
  p.epilogue = TC_ROWS, p.sums = wanted(a->t[1]);
  return run_with(&p, a, tc_linear_grads_parts);
}
