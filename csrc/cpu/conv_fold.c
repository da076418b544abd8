// Patches of an image as columns (im2col), and their sum back into an image (fold): each is the
// other's adjoint. x is (N, C, ...), columns (N, C * taps, outputs).
#ifndef T
#include "jobs.h"
#include "window.h"
#define TC_TEMPLATE "conv_fold.c"

typedef struct fold {
  window w;
  int64_t channels;
} fold;

// Lists: output sizes, kernel, stride, pairs of padding, dilation.
static inline fold fold_of(const tc_args *a, const tc_tensor *x) {
  const int n = a->len[0];
  fold f = {
      .w = window_of(n, x->size + 2, a->list[0], a->list[1], a->list[2], a->list[3], a->list[4])};
  f.channels = x->size[1];
  return f;
}

static inline block fold_block(const fold *f) {
  const tiling whole = {-1, 1, 1, 1};
  return block_at(&f->w, &whole, 1, 0);
}
#include "floats.h"
TC_FLOAT_KERNEL(im2col)
TC_FLOAT_KERNEL(fold)
#else
#include "im2col.h"

typedef struct NAME(patches) {
  const fold *f;
  const T *from;
  T *to;
} NAME(patches);

// A job is a plane: one channel of one image.
static tc_status NAME(im2col_job)(const void *context, int64_t plane, void *scratch) {
  const NAME(patches) *p = context;
  const window *w = &p->f->w;
  const block b = fold_block(p->f);
  const slab s = slab_of(w, &b);
  const int64_t n = w->taps * w->out_plane;
  T *columns = (T *)scratch + s.plane + TC_SLACK;
  NAME(fill_slab)(w, &s, p->from + plane * w->in_plane, 1, scratch);
  NAME(gather_columns)(w, &b, &s, scratch, 1, columns);
  memcpy(p->to + plane * n, columns, (size_t)n * sizeof(T));
  return TC_OK;
}

static tc_status NAME(fold_job)(const void *context, int64_t plane, void *scratch) {
  const NAME(patches) *p = context;
  const window *w = &p->f->w;
  const block b = fold_block(p->f);
  const slab s = slab_of(w, &b);
  T *to = p->to + plane * w->in_plane;
  memset(to, 0, (size_t)w->in_plane * sizeof(T));
  memset(scratch, 0, (size_t)s.plane * sizeof(T));
  NAME(scatter_columns)(w, &b, &s, p->from + plane * w->taps * w->out_plane, 1, scratch);
  NAME(drain_slab)(w, &s, scratch, 1, to);
  return TC_OK;
}

static tc_status NAME(each_plane)(const NAME(patches) *p, int64_t images, job_function job,
                                  bool columns) {
  const window *w = &p->f->w;
  const block b = fold_block(p->f);
  const int64_t n = w->taps * w->out_plane;
  const int64_t scratch = slab_of(w, &b).plane + (columns ? n : 0) + 2 * TC_SLACK;
  return each_job(job, p, images * p->f->channels, n, (size_t)scratch * sizeof(T));
}

static tc_status NAME(im2col)(tc_args *a) {
  const fold f = fold_of(a, a->t[1]);
  const NAME(patches) p = {&f, tc_data(a->t[1]), tc_data(a->t[0])};
  return tc_numel(a->t[0]) ? NAME(each_plane)(&p, a->t[1]->size[0], NAME(im2col_job), true) : TC_OK;
}

static tc_status NAME(fold)(tc_args *a) {
  const fold f = fold_of(a, a->t[0]);
  const NAME(patches) p = {&f, tc_data(a->t[1]), tc_data(a->t[0])};
  return tc_numel(a->t[0]) ? NAME(each_plane)(&p, a->t[0]->size[0], NAME(fold_job), false) : TC_OK;
}
#endif
