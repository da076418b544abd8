// softmax(scale q k' + mask) v without storing the scores: keys are taken a block at a time, and what is
// summed so far is rescaled when a larger score turns up. Backward computes the scores again.
//
// q is (heads * groups, L, E), k (heads, S, E), v (heads, S, Ev): `groups` queries share a key head.
// A query that may look at nothing gives zeros.
#ifndef T
#include "gemm.h"
#include "jobs.h"

// Logarithms of sums have the sums' type: float32 for halves, which the call path leaves alone.
static tc_status check_lse(const tc_args *a, const tc_tensor *lse) {
  if (!lse || lse->dtype == a->dtype) return TC_OK;
  return tc_fail(TC_BAD_DTYPE, "expected the logarithms of sums in %s, got %s",
                 tc_dtype_table[a->dtype].name, tc_dtype_table[lse->dtype].name);
}

#define TC_TEMPLATE "attention.c"
#include "floats.h"
TC_FLOAT_KERNEL(attention)
TC_FLOAT_KERNEL(attention_backward)
#else
#include "math.h"
#include "rows.h"

enum { NAME(QUERIES) = 64, NAME(KEYS) = 128 };

typedef struct NAME(attention_job) {
  const T *q, *k, *v, *mask;
  const bool *allowed;
  int64_t mask_head, mask_row, mask_col;  // strides of either mask, 0 where it is broadcast
  int64_t heads, groups, rows, keys, width, out_width;
  int64_t k_head,
      v_head;  // from one head of k and v to the next: those of a cache have room between
  bool causal;
  T scale, *out, *lse;
  const T *g, *y, *g_lse, *saved_lse;  // of the backward pass
  T *gq, *gk, *gv;
} NAME(attention_job);

// Scores of one block of queries against one block of keys.
typedef struct NAME(score_block) {
  int64_t head, i0, rows, j0, cols;
  T *s;  // (rows, KEYS)
} NAME(score_block);

static void NAME(mask_row)(const NAME(attention_job) *a, const NAME(score_block) *b, int64_t i) {
  T *s = b->s + i * NAME(KEYS);
  const int64_t at = b->head * a->mask_head + (b->i0 + i) * a->mask_row + b->j0 * a->mask_col;
  if (a->mask)
    for (int64_t j = 0; j < b->cols; j++) s[j] += a->mask[at + j * a->mask_col];
  if (a->allowed)
    for (int64_t j = 0; j < b->cols; j++)
      s[j] = a->allowed[at + j * a->mask_col] ? s[j] : -(T)INFINITY;
  if (a->causal)
    for (int64_t j = TC_MAX(0, b->i0 + i - b->j0 + 1); j < b->cols; j++) s[j] = -(T)INFINITY;
}

static tc_status NAME(scores)(const NAME(attention_job) *a, const NAME(score_block) *b) {
  const T *q = a->q + (b->head * a->rows + b->i0) * a->width;
  const T *k = a->k + b->head / a->groups * a->k_head + b->j0 * a->width;
  TC_TRY(GEMM(false, true, b->rows, b->cols, a->width, a->scale, q, TC_MAX(a->width, 1), k,
              TC_MAX(a->width, 1), 0, b->s, NAME(KEYS)));
  if (a->mask || a->allowed || a->causal)
    for (int64_t i = 0; i < b->rows; i++) NAME(mask_row)(a, b, i);
  return TC_OK;
}

// How many keys the block of queries can see at most.
static int64_t NAME(seen_keys)(const NAME(attention_job) *a, int64_t i0, int64_t rows) {
  return a->causal ? TC_MIN(a->keys, i0 + rows) : a->keys;
}

// ---- forward ---------------------------------------------------------------------------------

// Scores become weights under the largest score so far; what was summed under the old one shrinks.
static void NAME(softmax_step)(T *s, int64_t cols, T *most, T *sum, T *out, int64_t width) {
  const T now = TC_MAX(*most, NAME(row_max)(s, cols));
  const T shift = isinf(now) && now < 0 ? 0 : now;  // nothing seen yet: all weights are 0, or NaN
  const T shrink = *most == now ? 1 : EXP(*most - shift);
  T total = 0;
  TC_PRAGMA(omp simd reduction(+ : total))
  for (int64_t j = 0; j < cols; j++) {
    s[j] = EXP(s[j] - shift);
    total += s[j];
  }
  *sum = *sum * shrink + total;
  *most = now;
  if (shrink != 1)
    for (int64_t d = 0; d < width; d++) out[d] *= shrink;
}

static void NAME(finish_row)(T *out, int64_t width, T most, T sum, T *lse) {
  const T inverse = sum == 0 ? 0 : 1 / sum;
  for (int64_t d = 0; d < width; d++) out[d] *= inverse;
  *lse = sum == 0 ? -(T)INFINITY : most + (T)log((double)sum);
}

static tc_status NAME(attend_block)(const void *context, int64_t job, void *scratch) {
  const NAME(attention_job) *a = context;
  const int64_t blocks = (a->rows + NAME(QUERIES) - 1) / NAME(QUERIES), w = a->out_width;
  NAME(score_block) b = {.head = job / blocks, .i0 = job % blocks * NAME(QUERIES), .s = scratch};
  b.rows = TC_MIN(NAME(QUERIES), a->rows - b.i0);
  T most[NAME(QUERIES)], sum[NAME(QUERIES)];
  T *out = a->out + (b.head * a->rows + b.i0) * w, *lse = a->lse + b.head * a->rows + b.i0;
  for (int64_t i = 0; i < b.rows; i++) most[i] = -(T)INFINITY, sum[i] = 0;
  memset(out, 0, (size_t)(b.rows * w) * sizeof(T));
  for (b.j0 = 0; b.j0 < NAME(seen_keys)(a, b.i0, b.rows); b.j0 += NAME(KEYS)) {
    b.cols = TC_MIN(NAME(KEYS), a->keys - b.j0);
    TC_TRY(NAME(scores)(a, &b));
    for (int64_t i = 0; i < b.rows; i++)
      NAME(softmax_step)(b.s + i * NAME(KEYS), b.cols, &most[i], &sum[i], out + i * w, w);
    const T *v = a->v + b.head / a->groups * a->v_head + b.j0 * w;
    TC_TRY(GEMM(false, false, b.rows, w, b.cols, 1, b.s, NAME(KEYS), v, TC_MAX(w, 1), 1, out,
                TC_MAX(w, 1)));
  }
  for (int64_t i = 0; i < b.rows; i++) NAME(finish_row)(out + i * w, w, most[i], sum[i], lse + i);
  return TC_OK;
}

// Tensors q, k, v, mask, allowed from `at` on; heads of q, then of k.
static NAME(attention_job) NAME(attention_args)(const tc_args *a, int at) {
  const tc_tensor *q = a->t[at], *k = a->t[at + 1], *v = a->t[at + 2];
  NAME(attention_job) j = {.q = (const T *)tc_data(q), .k = (const T *)tc_data(k)};
  j.v = (const T *)tc_data(v);
  j.heads = q->size[0], j.rows = q->size[1], j.width = q->size[2];
  j.keys = k->size[1], j.out_width = v->size[2];
  j.k_head = k->stride[0], j.v_head = v->stride[0];
  j.groups = TC_MAX(j.heads / TC_MAX(k->size[0], 1), 1);
  j.mask_head = a->list[0][0], j.mask_row = a->list[0][1], j.mask_col = a->list[0][2];
  j.causal = a->i[0], j.scale = (T)a->f[0];
  return j;
}

static void NAME(attention_masks)(NAME(attention_job) *j, const tc_tensor *mask,
                                  const tc_tensor *allowed) {
  if (mask) j->mask = (const T *)tc_data(mask);
  if (allowed) j->allowed = (const bool *)tc_data(allowed);
}

// attention(y, lse, q, k, v, mask, allowed, strides of the mask, causal, scale): each head of k and v
// is contiguous
static tc_status NAME(attention)(tc_args *a) {
  TC_TRY(check_lse(a, a->t[1]));
  NAME(attention_job) j = NAME(attention_args)(a, 2);
  NAME(attention_masks)(&j, a->t[5], a->t[6]);
  j.out = (T *)tc_data(a->t[0]), j.lse = (T *)tc_data(a->t[1]);
  const int64_t blocks = (j.rows + NAME(QUERIES) - 1) / NAME(QUERIES);
  return each_job(NAME(attend_block), &j, j.heads * blocks,
                  TC_MIN(j.rows, NAME(QUERIES)) * j.keys * TC_MAX(j.width, 1),
                  NAME(QUERIES) *NAME(KEYS) *sizeof(T));
}

// ---- backward --------------------------------------------------------------------------------

// Scores become weights again; `d` becomes the gradient of the scores.
static void NAME(score_grads)(const NAME(attention_job) *a, const NAME(score_block) *b, T *d,
                              const T *inner) {
  const T *lse = a->saved_lse + b->head * a->rows + b->i0;
  for (int64_t i = 0; i < b->rows; i++) {
    T *s = b->s + i * NAME(KEYS), *ds = d + i * NAME(KEYS);
    const bool blind = isinf(lse[i]) && lse[i] < 0;
    for (int64_t j = 0; j < b->cols; j++) s[j] = blind ? 0 : EXP(s[j] - lse[i]);
    for (int64_t j = 0; j < b->cols; j++) ds[j] = s[j] * (ds[j] - inner[i]);
  }
}

static tc_status NAME(block_grads)(const NAME(attention_job) *a, const NAME(score_block) *b, T *d,
                                   const T *inner) {
  const int64_t w = a->out_width, e = a->width, ldw = TC_MAX(w, 1), lde = TC_MAX(e, 1);
  const int64_t row = b->head * a->rows + b->i0, key = b->head / a->groups * a->keys + b->j0;
  const T *g = a->g + row * w;
  TC_TRY(NAME(scores)(a, b));
  TC_TRY(GEMM(false, true, b->rows, b->cols, w, 1, g, ldw, a->v + key * w, ldw, 0, d, NAME(KEYS)));
  NAME(score_grads)(a, b, d, inner);
  TC_TRY(
      GEMM(true, false, b->cols, w, b->rows, 1, b->s, NAME(KEYS), g, ldw, 1, a->gv + key * w, ldw));
  TC_TRY(GEMM(false, false, b->rows, e, b->cols, a->scale, d, NAME(KEYS), a->k + key * e, lde, 1,
              a->gq + row * e, lde));
  return GEMM(true, false, b->cols, e, b->rows, a->scale, d, NAME(KEYS), a->q + row * e, lde, 1,
              a->gk + key * e, lde);
}

// For each query, what its weights' gradients have in common: g . y, less the gradient of lse.
static void NAME(inner_products)(const NAME(attention_job) *a, const NAME(score_block) *b,
                                 T *inner) {
  const int64_t w = a->out_width, row = b->head * a->rows + b->i0;
  for (int64_t i = 0; i < b->rows; i++) {
    const T *g = a->g + (row + i) * w, *y = a->y + (row + i) * w;
    double sum = 0;
    TC_SUM(sum, k, w, g[k] * y[k])
    inner[i] = (T)sum - (a->g_lse ? a->g_lse[row + i] : 0);
  }
}

// One key head with all queries that share it: its gradients belong to one thread.
static tc_status NAME(head_grads)(const void *context, int64_t job, void *scratch) {
  const NAME(attention_job) *a = context;
  T *d = (T *)scratch + NAME(QUERIES) *NAME(KEYS), inner[NAME(QUERIES)];
  NAME(score_block) b = {.s = scratch};
  for (b.head = job * a->groups; b.head < (job + 1) * a->groups; b.head++)
    for (b.i0 = 0; b.i0 < a->rows; b.i0 += NAME(QUERIES)) {
      b.rows = TC_MIN(NAME(QUERIES), a->rows - b.i0);
      NAME(inner_products)(a, &b, inner);
      for (b.j0 = 0; b.j0 < NAME(seen_keys)(a, b.i0, b.rows); b.j0 += NAME(KEYS)) {
        b.cols = TC_MIN(NAME(KEYS), a->keys - b.j0);
        TC_TRY(NAME(block_grads)(a, &b, d, inner));
      }
    }
  return TC_OK;
}

static T *NAME(zeroed)(const tc_tensor *t) {
  return memset(tc_data(t), 0, (size_t)tc_numel(t) * sizeof(T));
}

// attention_backward(gq, gk, gv, q, k, v, y, lse, g, g_lse, mask, allowed, strides, causal, scale)
static tc_status NAME(attention_backward)(tc_args *a) {
  TC_TRY(check_lse(a, a->t[7]));
  TC_TRY(check_lse(a, a->t[9]));
  NAME(attention_job) j = NAME(attention_args)(a, 3);
  NAME(attention_masks)(&j, a->t[10], a->t[11]);
  j.gq = NAME(zeroed)(a->t[0]), j.gk = NAME(zeroed)(a->t[1]), j.gv = NAME(zeroed)(a->t[2]);
  j.y = (const T *)tc_data(a->t[6]), j.saved_lse = (const T *)tc_data(a->t[7]);
  j.g = (const T *)tc_data(a->t[8]);
  if (a->t[9]) j.g_lse = (const T *)tc_data(a->t[9]);
  return each_job(NAME(head_grads), &j, a->t[4]->size[0],
                  j.rows * j.groups * j.keys * TC_MAX(j.width, 1),
                  2 * NAME(QUERIES) *NAME(KEYS) *sizeof(T));
}
#endif
