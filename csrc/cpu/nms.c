// Non-maximum suppression: of boxes (x1, y1, x2, y2) in the given order, keeps each that no kept one of
// its group overlaps by more than the threshold. What is kept is marked by place.
#ifndef T
#include "cpu.h"
#include "ids.h"
#define TC_TEMPLATE "nms.c"
#include "floats.h"
TC_FLOAT_KERNEL(nms)
#else

enum { NAME(COLUMNS) = 7 };

// The boxes in order, each coordinate a row, so that one is held against all later ones in lanes.
// `dead` is 1 where a box is suppressed, 0 where not.
typedef struct NAME(columns) {
  T *x1, *y1, *x2, *y2, *area, *group, *dead;
} NAME(columns);

static void NAME(gather)(const NAME(columns) *c, const tc_args *a, int64_t n) {
  const T *box = (const T *)tc_data(a->t[1]);
  const int64_t *order = (const int64_t *)tc_data(a->t[2]);
  const int64_t *group = a->t[3] ? (const int64_t *)tc_data(a->t[3]) : NULL;
  for (int64_t i = 0; i < n; i++) {
    const int64_t k = tc_id(order[i], n);
    c->x1[i] = box[4 * k], c->y1[i] = box[4 * k + 1];
    c->x2[i] = box[4 * k + 2], c->y2[i] = box[4 * k + 3];
    c->area[i] = (c->x2[i] - c->x1[i]) * (c->y2[i] - c->y1[i]);
    c->group[i] = group ? (T)group[k] : 0;
    c->dead[i] = 0;
  }
}

// Two boxes without area have no ratio: NaN is not above the threshold.
static void NAME(suppress)(const NAME(columns) *c, int64_t i, int64_t n, T threshold) {
  const T x1 = c->x1[i], y1 = c->y1[i], x2 = c->x2[i], y2 = c->y2[i];
  const T area = c->area[i], group = c->group[i];
  for (int64_t j = i + 1; j < n; j++) {
    const T w = TC_MIN(x2, c->x2[j]) - TC_MAX(x1, c->x1[j]);
    const T h = TC_MIN(y2, c->y2[j]) - TC_MAX(y1, c->y1[j]);
    const T inter = TC_MAX(w, 0) * TC_MAX(h, 0);
    const T iou = inter / (area + c->area[j] - inter);
    c->dead[j] = ((iou > threshold) & (c->group[j] == group)) ? 1 : c->dead[j];
  }
}

// The greatest number of the type that is not above v: x > v is x > that.
static T NAME(not_above)(double v) {
  const T t = (T)v;
  return (double)t > v ? (T)nextafterf((float)t, -INFINITY) : t;  // a double is v itself
}

static tc_status NAME(nms)(tc_args *a) {
  const int64_t n = tc_numel(a->t[2]);
  bool *keep = (bool *)tc_data(a->t[0]);
  TC_TRY(tc_check_ids(a->t[2], n, 0));
  const size_t bytes = (size_t)(NAME(COLUMNS) *n + 1) * sizeof(T);
  T *all = tc_alloc(bytes);
  if (!all) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes", bytes);
  const NAME(columns) c = {all,         all + n,     all + 2 * n, all + 3 * n,
                           all + 4 * n, all + 5 * n, all + 6 * n};
  NAME(gather)(&c, a, n);
  const int64_t *order = (const int64_t *)tc_data(a->t[2]);
  const T threshold = NAME(not_above)(a->f[0]);
  for (int64_t i = 0; i < n; i++) {
    const bool kept = c.dead[i] == 0;
    keep[tc_id(order[i], n)] = kept;
    if (kept) NAME(suppress)(&c, i, n, threshold);
  }
  tc_free(all, bytes);
  return TC_OK;
}
#endif
