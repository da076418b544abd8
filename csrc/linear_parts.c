// Products, activations and sums by the kernels that the device has for each.
#include "linear_parts.h"

static bool is_wanted(const tc_tensor *t) { return tc_numel(t) > 0; }

// y = op(x), or with g its derivative times g.
static tc_status activate(int op, tc_dtype work, tc_tensor *y, tc_tensor *x, tc_tensor *g) {
  tc_pointwise p = {.op = op, .wrt = g ? 1 : 0, .work = work, .out = y, .in = {x}};
  if (g) p.in[3] = g;
  return tc_run_pointwise(&p);
}

// By columns of g, which is (rows..., n).
static tc_status sum_rows(tc_tensor *sums, tc_tensor *g) {
  const int64_t n = tc_numel(sums);
  if (!is_wanted(sums)) return TC_OK;
  return tc_run(TC_K_sum, &(tc_args){.t = {sums, g}, .i = {1, tc_numel(g) / n, n}});
}

tc_status tc_linear_act_parts(const tc_args *a) {
  const bool gelu = a->i[0] != 0;
  tc_tensor *y = a->t[0], *z = gelu && is_wanted(a->t[1]) ? a->t[1] : y;
  TC_TRY(tc_run(TC_K_linear, &(tc_args){.t = {z, a->t[2], a->t[3], a->t[4]}}));
  return activate(gelu ? TC_P_gelu_tanh : TC_P_relu, a->dtype, y, z, NULL);
}

tc_status tc_linear_gelu_grad_parts(const tc_args *a) {
  tc_tensor *gz = a->t[0];
  TC_TRY(tc_run(TC_K_matmul, &(tc_args){.t = {gz, a->t[2], a->t[3]}, .f = {0, 1}}));
  TC_TRY(activate(TC_P_gelu_tanh, a->dtype, gz, a->t[4], gz));
  return sum_rows(a->t[1], gz);
}

tc_status tc_linear_grads_parts(const tc_args *a) {
  TC_TRY(tc_run(TC_K_linear_weight_grad, &(tc_args){.t = {a->t[0], a->t[2], a->t[3]}}));
  return sum_rows(a->t[1], a->t[2]);
}
