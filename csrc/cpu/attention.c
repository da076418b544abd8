// softmax(scale q k' + mask) v without storing the scores: keys are taken a block at a time, and what is
// summed so far is rescaled when a larger score turns up. Backward computes the scores again.
//
// A block of keys, and of values in the backward pass, is packed into panels (panel.h) for all queries
// that meet it; its scores stay in the second cache. Under a causal mask what no query of a strip or of
// a panel sees is not computed.
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
#include "panel.h"
#include "rows.h"

enum { NAME(QUERIES) = 128, NAME(KEYS) = 128, NAME(STRIP) = 64, NAME(FEW) = 16 };

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
  T *s;                    // (rows, KEYS)
  T *k_panels, *v_panels;  // the block of keys, and of values, transposed; NULL for few queries
} NAME(score_block);

// How many keys of the block query i sees.
static int64_t NAME(visible)(const NAME(attention_job) *a, const NAME(score_block) *b, int64_t i) {
  return a->causal ? TC_MAX(0, TC_MIN(b->cols, b->i0 + i + 1 - b->j0)) : b->cols;
}

// How many queries from i on are multiplied together: on the diagonal, few.
static int64_t NAME(strip)(const NAME(attention_job) *a, const NAME(score_block) *b, int64_t i) {
  const bool diagonal = a->causal && b->j0 + b->cols > b->i0;
  return diagonal ? TC_MIN(NAME(STRIP), b->rows - i) : b->rows - i;
}

static void NAME(mask_row)(const NAME(attention_job) *a, const NAME(score_block) *b, int64_t i,
                           int64_t n) {
  T *s = b->s + i * NAME(KEYS);
  const int64_t at = b->head * a->mask_head + (b->i0 + i) * a->mask_row + b->j0 * a->mask_col;
  if (a->mask)
    for (int64_t j = 0; j < n; j++) s[j] += a->mask[at + j * a->mask_col];
  if (a->allowed)
    for (int64_t j = 0; j < n; j++) s[j] = a->allowed[at + j * a->mask_col] ? s[j] : -(T)INFINITY;
}

// to = alpha x b', x (rows, width), b (cols, width) in panels; where a query sees nothing of a panel,
// `to` stays as it is.
static void NAME(by_panels)(const NAME(attention_job) *a, const NAME(score_block) *b, T alpha,
                            const T *x, const T *panels, int64_t width, T *to) {
  NAME(panel_product) q = {.row = width, .col = 1, .n = b->cols, .k = width, .alpha = alpha};
  q.ldc = q.ldd = NAME(KEYS);
  for (int64_t j = 0; j < b->cols; j += NAME(PANEL_WIDE)) {
    const int64_t blind = a->causal ? TC_MAX(0, TC_MIN(b->rows, b->j0 + j - b->i0)) : 0;
    q.m = b->rows - blind;
    q.a = x + blind * width;
    q.c = to + blind * NAME(KEYS), q.d = q.c;
    NAME(panel_pass)(&q, panels + j * width, NAME(PANEL_WIDE), j);
  }
}

static const T *NAME(keys_at)(const NAME(attention_job) *a, const NAME(score_block) *b) {
  return a->k + b->head / a->groups * a->k_head + b->j0 * a->width;
}

static const T *NAME(values_at)(const NAME(attention_job) *a, const NAME(score_block) *b) {
  return a->v + b->head / a->groups * a->v_head + b->j0 * a->out_width;
}

static tc_status NAME(scores)(const NAME(attention_job) *a, const NAME(score_block) *b) {
  const T *q = a->q + (b->head * a->rows + b->i0) * a->width;
  const int64_t ld = TC_MAX(a->width, 1);
  if (b->k_panels) NAME(by_panels)(a, b, a->scale, q, b->k_panels, a->width, b->s);
  else
    TC_TRY(GEMM(false, true, b->rows, b->cols, a->width, a->scale, q, ld, NAME(keys_at)(a, b), ld,
                0, b->s, NAME(KEYS)));
  if (!a->mask && !a->allowed) return TC_OK;
  for (int64_t i = 0; i < b->rows; i++) NAME(mask_row)(a, b, i, NAME(visible)(a, b, i));
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

// What the block's queries have summed so far: rows of the result, and for each its largest score and
// the sum of its weights.
typedef struct NAME(sums) {
  T *out, most[NAME(QUERIES)], sum[NAME(QUERIES)];
} NAME(sums);

static tc_status NAME(attend_keys)(const NAME(attention_job) *a, const NAME(score_block) *b,
                                   NAME(sums) *so_far) {
  const int64_t w = a->out_width, ld = TC_MAX(w, 1);
  if (b->k_panels)
    NAME(pack_panels)(b->k_panels, NAME(keys_at)(a, b), 1, a->width, a->width, b->cols);
  TC_TRY(NAME(scores)(a, b));
  for (int64_t i = 0; i < b->rows; i++) {
    T *s = b->s + i * NAME(KEYS);
    const int64_t n = NAME(visible)(a, b, i);
    if (n > 0) NAME(softmax_step)(s, n, &so_far->most[i], &so_far->sum[i], so_far->out + i * w, w);
    memset(s + n, 0, (size_t)(b->cols - n) * sizeof(T));
  }
  for (int64_t i = 0, rows; i < b->rows; i += rows) {
    rows = NAME(strip)(a, b, i);
    const int64_t seen = NAME(visible)(a, b, i + rows - 1);
    if (seen > 0)
      TC_TRY(GEMM(false, false, rows, w, seen, 1, b->s + i * NAME(KEYS), NAME(KEYS),
                  NAME(values_at)(a, b), ld, 1, so_far->out + i * w, ld));
  }
  return TC_OK;
}

static tc_status NAME(attend_block)(const void *context, int64_t job, void *scratch) {
  const NAME(attention_job) *a = context;
  const int64_t blocks = (a->rows + NAME(QUERIES) - 1) / NAME(QUERIES), w = a->out_width;
  NAME(score_block) b = {.head = job / blocks, .i0 = job % blocks * NAME(QUERIES), .s = scratch};
  b.rows = TC_MIN(NAME(QUERIES), a->rows - b.i0);
  if (b.rows >= NAME(FEW)) b.k_panels = b.s + NAME(QUERIES) *NAME(KEYS);
  T *lse = a->lse + b.head * a->rows + b.i0;
  NAME(sums) so_far = {.out = a->out + (b.head * a->rows + b.i0) * w};
  for (int64_t i = 0; i < b.rows; i++) so_far.most[i] = -(T)INFINITY;
  memset(so_far.out, 0, (size_t)(b.rows * w) * sizeof(T));
  for (; b.j0 < NAME(seen_keys)(a, b.i0, b.rows); b.j0 += NAME(KEYS)) {
    b.cols = TC_MIN(NAME(KEYS), NAME(seen_keys)(a, b.i0, b.rows) - b.j0);
    TC_TRY(NAME(attend_keys)(a, &b, &so_far));
  }
  for (int64_t i = 0; i < b.rows; i++)
    NAME(finish_row)(so_far.out + i * w, w, so_far.most[i], so_far.sum[i], lse + i);
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
                  (NAME(QUERIES) *NAME(KEYS) + (size_t)NAME(panels_size)(j.width, NAME(KEYS))) *
                      sizeof(T));
}

// ---- backward --------------------------------------------------------------------------------

// Scores become weights again; `d` becomes the gradient of the scores.
static void NAME(score_grads)(const NAME(attention_job) *a, const NAME(score_block) *b, T *d,
                              const T *inner) {
  const T *lse = a->saved_lse + b->head * a->rows + b->i0;
  for (int64_t i = 0; i < b->rows; i++) {
    T *s = b->s + i * NAME(KEYS), *ds = d + i * NAME(KEYS);
    const bool blind = isinf(lse[i]) && lse[i] < 0;
    const int64_t n = blind ? 0 : NAME(visible)(a, b, i);
    for (int64_t j = 0; j < n; j++) s[j] = EXP(s[j] - lse[i]);
    for (int64_t j = 0; j < n; j++) ds[j] = s[j] * (ds[j] - inner[i]);
    memset(s + n, 0, (size_t)(b->cols - n) * sizeof(T));
    memset(ds + n, 0, (size_t)(b->cols - n) * sizeof(T));
  }
}

// `rows` queries from i on, and the first `cols` keys: s and d add to the gradients of all three.
static tc_status NAME(strip_grads)(const NAME(attention_job) *a, const NAME(score_block) *b,
                                   const T *d, int64_t i, int64_t rows, int64_t cols) {
  const int64_t w = a->out_width, e = a->width, ldw = TC_MAX(w, 1), lde = TC_MAX(e, 1);
  const int64_t row = b->head * a->rows + b->i0 + i, key = b->head / a->groups * a->keys + b->j0;
  const T *s = b->s + i * NAME(KEYS), *ds = d + i * NAME(KEYS);
  TC_TRY(GEMM(true, false, cols, w, rows, 1, s, NAME(KEYS), a->g + row * w, ldw, 1, a->gv + key * w,
              ldw));
  TC_TRY(GEMM(false, false, rows, e, cols, a->scale, ds, NAME(KEYS), NAME(keys_at)(a, b), lde, 1,
              a->gq + row * e, lde));
  return GEMM(true, false, cols, e, rows, a->scale, ds, NAME(KEYS), a->q + row * e, lde, 1,
              a->gk + key * e, lde);
}

static tc_status NAME(block_grads)(const NAME(attention_job) *a, const NAME(score_block) *b, T *d,
                                   const T *inner) {
  const T *g = a->g + (b->head * a->rows + b->i0) * a->out_width;
  TC_TRY(NAME(scores)(a, b));
  NAME(by_panels)(a, b, 1, g, b->v_panels, a->out_width, d);
  NAME(score_grads)(a, b, d, inner);
  for (int64_t i = 0, rows; i < b->rows; i += rows) {
    rows = NAME(strip)(a, b, i);
    const int64_t seen = NAME(visible)(a, b, i + rows - 1);
    if (seen > 0) TC_TRY(NAME(strip_grads)(a, b, d, i, rows, seen));
  }
  return TC_OK;
}

// For each query of a head, what its weights' gradients have in common: g . y, less the gradient of
// lse.
static void NAME(inner_products)(const NAME(attention_job) *a, int64_t head, T *inner) {
  const int64_t w = a->out_width, row = head * a->rows;
  for (int64_t i = 0; i < a->rows; i++) {
    const T *g = a->g + (row + i) * w, *y = a->y + (row + i) * w;
    double sum = 0;
    TC_SUM(sum, k, w, g[k] * y[k])
    inner[i] = (T)sum - (a->g_lse ? a->g_lse[row + i] : 0);
  }
}

// Elements of scratch that a thread needs: scores, their gradients, panels, inner products.
static int64_t NAME(grads_scratch)(const NAME(attention_job) *a) {
  return 2 * NAME(QUERIES) *NAME(KEYS) + NAME(panels_size)(a->width, NAME(KEYS)) +
         NAME(panels_size)(a->out_width, NAME(KEYS)) + a->rows;
}

// All queries of a head that see keys of the block.
static tc_status NAME(keys_grads)(const NAME(attention_job) *a, NAME(score_block) *b, T *d,
                                  const T *inner) {
  b->cols = TC_MIN(NAME(KEYS), a->keys - b->j0);
  NAME(pack_panels)(b->k_panels, NAME(keys_at)(a, b), 1, a->width, a->width, b->cols);
  NAME(pack_panels)(b->v_panels, NAME(values_at)(a, b), 1, a->out_width, a->out_width, b->cols);
  b->i0 = a->causal ? b->j0 / NAME(QUERIES) *NAME(QUERIES) : 0;
  for (; b->i0 < a->rows; b->i0 += NAME(QUERIES)) {
    b->rows = TC_MIN(NAME(QUERIES), a->rows - b->i0);
    TC_TRY(NAME(block_grads)(a, b, d, inner + b->i0));
  }
  return TC_OK;
}

// One key head with all queries that share it: its gradients belong to one thread.
static tc_status NAME(head_grads)(const void *context, int64_t job, void *scratch) {
  const NAME(attention_job) *a = context;
  NAME(score_block) b = {.s = scratch};
  T *d = b.s + NAME(QUERIES) *NAME(KEYS);
  b.k_panels = d + NAME(QUERIES) *NAME(KEYS);
  b.v_panels = b.k_panels + NAME(panels_size)(a->width, NAME(KEYS));
  T *inner = b.v_panels + NAME(panels_size)(a->out_width, NAME(KEYS));
  for (b.head = job * a->groups; b.head < (job + 1) * a->groups; b.head++) {
    NAME(inner_products)(a, b.head, inner);
    for (b.j0 = 0; b.j0 < a->keys; b.j0 += NAME(KEYS)) TC_TRY(NAME(keys_grads)(a, &b, d, inner));
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
                  (size_t)NAME(grads_scratch)(&j) * sizeof(T));
}
#endif
