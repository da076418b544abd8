// Views: new sizes, strides and offset over the same storage. No data moves here.
//
// Arguments are those of views.def: dims come from 0, indices count from 1 (negative: from the end).
#include "views.h"

#include <string.h>

static void remove_dim(tc_tensor *t, int64_t dim) {
  const size_t tail = (size_t)(t->ndim - 1 - dim) * sizeof(int64_t);
  memmove(t->size + dim, t->size + dim + 1, tail);
  memmove(t->stride + dim, t->stride + dim + 1, tail);
  t->ndim--;
}

static void insert_dim(tc_tensor *t, int64_t dim, int64_t size, int64_t stride) {
  const size_t tail = (size_t)(t->ndim - dim) * sizeof(int64_t);
  memmove(t->size + dim + 1, t->size + dim, tail);
  memmove(t->stride + dim + 1, t->stride + dim, tail);
  t->size[dim] = size;
  t->stride[dim] = stride;
  t->ndim++;
}

static tc_status need_room(const tc_tensor *in) {
  if (in->ndim < TC_MAX_DIMS) return TC_OK;
  return tc_fail(TC_BAD_SHAPE, "the result would have more than %d dimensions", TC_MAX_DIMS);
}

static tc_status index_error(int64_t index, const tc_tensor *t, int64_t dim) {
  char text[200];
  return tc_fail(TC_BAD_VALUE, "index %lld is out of range for dimension %lld of a %s tensor",
                 (long long)index, (long long)dim + 1, tc_shape_text(t, text, sizeof text));
}

static tc_status need_dims(const tc_tensor *in) {
  if (in->ndim > 0) return TC_OK;
  return tc_fail(TC_BAD_VALUE, "the index is out of range: a 0-d tensor has no dimension to index");
}

// select(x, dim, index)
static tc_status view_select(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  TC_TRY(need_dims(in));
  const int64_t dim = a->i[0], at = tc_position(a->i[1], in->size[dim]);
  if (at < 0) return index_error(a->i[1], in, dim);
  out->offset += at * in->stride[dim];
  remove_dim(out, dim);
  return TC_OK;
}

// narrow(x, dim, start, length)
static tc_status view_narrow(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  TC_TRY(need_dims(in));
  const int64_t dim = a->i[0], length = a->i[2], size = in->size[dim];
  const int64_t at = a->i[1] == size + 1 ? size : tc_position(a->i[1], size);
  if (at < 0) return index_error(a->i[1], in, dim);
  if (length < 0 || length > size - at) {
    char text[200];
    return tc_fail(TC_BAD_VALUE, "length %lld from %lld does not fit dimension %lld of a %s tensor",
                   (long long)length, (long long)at + 1, (long long)dim + 1,
                   tc_shape_text(in, text, sizeof text));
  }
  out->offset += at * in->stride[dim];
  out->size[dim] = length;
  return TC_OK;
}

// slice(x, dim, first, last, step): both ends included; an empty range where last < first.
static tc_status view_slice(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  TC_TRY(need_dims(in));
  const int64_t dim = a->i[0], step = a->i[3], size = in->size[dim];
  int64_t first = a->i[1] < 0 ? a->i[1] + size + 1 : a->i[1];
  int64_t last = a->i[2] < 0 ? a->i[2] + size + 1 : a->i[2];
  if (step < 1) return tc_fail(TC_BAD_VALUE, "step %lld must be positive", (long long)step);
  if (first < 1 || first > size + 1) return index_error(a->i[1], in, dim);
  if (last > size) return index_error(a->i[2], in, dim);
  out->offset += (first - 1) * in->stride[dim];
  out->size[dim] = last < first ? 0 : (last - first) / step + 1;
  out->stride[dim] *= step;
  return TC_OK;
}

// ---- view ------------------------------------------------------------------------------------

static tc_status view_error(const tc_tensor *in, const char *why) {
  char text[200];
  return tc_fail(TC_BAD_SHAPE, "cannot view a %s tensor in this shape: %s",
                 tc_shape_text(in, text, sizeof text), why);
}

// Fills in the one size given as -1.
static tc_status infer_size(const tc_tensor *in, int n, int64_t *size) {
  int64_t known = 1;
  int open = -1;
  for (int d = 0; d < n; d++) {
    if (size[d] == -1 && open < 0) open = d;
    else if (size[d] < 0) return view_error(in, "only one size may be -1, none negative");
    else if (__builtin_mul_overflow(known, size[d], &known))
      return view_error(in, "too many elements");
  }
  const int64_t total = tc_numel(in);
  if (open >= 0) {
    if (known == 0 || total % known)
      return view_error(in, "the size given as -1 is not a whole number");
    size[open] = total / known;
    known = total;
  }
  return known == total ? TC_OK : view_error(in, "the number of elements differs");
}

// Strides of the new shape, walking runs of old dimensions that are contiguous among themselves.
// False where a new dimension would cross such runs: only a copy can have that shape.
static bool view_strides(const tc_tensor *in, tc_tensor *out) {
  int view_d = out->ndim - 1;
  int64_t base = in->ndim ? in->stride[in->ndim - 1] : 1, run = 1, taken = 1;
  for (int d = in->ndim - 1; d >= 0; d--) {
    run *= in->size[d];
    const bool ends = d == 0 || (in->size[d - 1] != 1 && in->stride[d - 1] != run * base);
    if (!ends) continue;
    while (view_d >= 0 && (taken < run || out->size[view_d] == 1)) {
      out->stride[view_d] = taken * base;
      taken *= out->size[view_d--];
    }
    if (taken != run) return false;
    if (d > 0) base = in->stride[d - 1];
    run = taken = 1;
  }
  for (; view_d >= 0; view_d--) out->stride[view_d] = 1;
  return true;
}

// view(x, sizes)
static tc_status view_view(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  const int n = a->len[0];
  if (n > TC_MAX_DIMS) return view_error(in, "too many dimensions");
  memcpy(out->size, a->list[0], (size_t)n * sizeof(int64_t));
  out->ndim = (uint8_t)n;
  TC_TRY(infer_size(in, n, out->size));
  if (tc_is_contiguous(in) || tc_numel(in) == 0) tc_set_contiguous(out);
  else if (!view_strides(in, out))
    return view_error(in, "its strides do not allow it; use reshape, which copies where it must");
  return TC_OK;
}

// ---- the order of dimensions -----------------------------------------------------------------

static void swap(int64_t *v, int64_t i, int64_t j) {
  const int64_t keep = v[i];
  v[i] = v[j];
  v[j] = keep;
}

static tc_status view_transpose(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  if (in->ndim == 0) return TC_OK;
  swap(out->size, a->i[0], a->i[1]);
  swap(out->stride, a->i[0], a->i[1]);
  return TC_OK;
}

// The list holds dims as given: from 1, negative ones from the end.
static tc_status view_permute(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  unsigned seen = 0;
  if (a->len[0] != in->ndim)
    return tc_fail(TC_BAD_VALUE, "got %d dims for a tensor of %d dimensions", a->len[0], in->ndim);
  for (int d = 0; d < in->ndim; d++) {
    const int64_t from = tc_position(a->list[0][d], in->ndim);
    if (from < 0 || (seen & 1U << from))
      return tc_fail(TC_BAD_VALUE, "dims must name each of the %d dimensions once", in->ndim);
    seen |= 1U << from;
    out->size[d] = in->size[from];
    out->stride[d] = in->stride[from];
  }
  return TC_OK;
}

// ---- dimensions of size one ------------------------------------------------------------------

static tc_status expand_error(const tc_tensor *in, int64_t size, int d) {
  char text[200];
  return tc_fail(TC_BAD_SHAPE, "cannot expand a %s tensor to size %lld in dimension %d",
                 tc_shape_text(in, text, sizeof text), (long long)size, d + 1);
}

// expand(x, sizes): -1 keeps a size.
static tc_status view_expand(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  const int n = a->len[0], lead = n - in->ndim;
  if (lead < 0 || n > TC_MAX_DIMS)
    return tc_fail(TC_BAD_SHAPE, "%d sizes given for a tensor of %d dimensions", n, in->ndim);
  out->ndim = (uint8_t)n;
  for (int d = 0; d < n; d++) {
    const int64_t have = d < lead ? 1 : in->size[d - lead];
    const int64_t want = a->list[0][d] == -1 && d >= lead ? have : a->list[0][d];
    if (want < 0 || (have != 1 && have != want)) return expand_error(in, want, d);
    out->size[d] = want;
    out->stride[d] = d < lead || have != want ? 0 : in->stride[d - lead];
  }
  return TC_OK;
}

// squeeze(x, dims): those of the list that have size 1; all of them for an empty list.
static tc_status view_squeeze(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  unsigned asked = a->len[0] == 0 ? ~0U : 0;
  for (int k = 0; k < a->len[0]; k++) {
    const int64_t d = tc_position(a->list[0][k], in->ndim ? in->ndim : 1);
    if (d < 0)
      return tc_fail(TC_BAD_VALUE, "dim %lld is out of range for %d dimensions",
                     (long long)a->list[0][k], in->ndim);
    asked |= 1U << d;
  }
  for (int d = in->ndim - 1; d >= 0; d--)
    if ((asked & 1U << d) && in->size[d] == 1) remove_dim(out, d);
  return TC_OK;
}

// unsqueeze(x, dim): dim counts in the result.
static tc_status view_unsqueeze(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  const int64_t dim = tc_position(a->i[0], in->ndim + 1);
  TC_TRY(need_room(in));
  if (dim < 0)
    return tc_fail(TC_BAD_VALUE, "dim %lld is out of range: the result has %d dimensions",
                   (long long)a->i[0], in->ndim + 1);
  const int64_t stride = dim < in->ndim ? in->size[dim] * in->stride[dim] : 1;
  insert_dim(out, dim, 1, stride);
  return TC_OK;
}

// ---- others ----------------------------------------------------------------------------------

// diagonal(x, offset, dim1, dim2): the diagonal is the last dimension of the result.
static tc_status view_diagonal(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  const int64_t offset = a->i[0], d1 = a->i[1], d2 = a->i[2];
  if (d1 == d2) return tc_fail(TC_BAD_VALUE, "dim1 and dim2 are the same dimension");
  const int64_t skip1 = offset < 0 ? -offset : 0, skip2 = offset > 0 ? offset : 0;
  const int64_t left1 = in->size[d1] - skip1, left2 = in->size[d2] - skip2;
  int64_t length = left1 < left2 ? left1 : left2;
  if (length < 0) length = 0;
  if (length > 0) out->offset += skip1 * in->stride[d1] + skip2 * in->stride[d2];
  remove_dim(out, d1 > d2 ? d1 : d2);
  remove_dim(out, d1 > d2 ? d2 : d1);
  insert_dim(out, out->ndim, length, in->stride[d1] + in->stride[d2]);
  return TC_OK;
}

// unfold(x, dim, size, step): windows along dim; the window is the last dimension of the result.
static tc_status view_unfold(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  const int64_t dim = a->i[0], size = a->i[1], step = a->i[2];
  const int64_t have = in->ndim ? in->size[dim] : 1, stride = in->ndim ? in->stride[dim] : 1;
  TC_TRY(need_room(in));
  if (size < 0 || size > have)
    return tc_fail(TC_BAD_VALUE, "size %lld does not fit a dimension of size %lld", (long long)size,
                   (long long)have);
  if (step < 1) return tc_fail(TC_BAD_VALUE, "step %lld must be positive", (long long)step);
  if (in->ndim) {
    out->size[dim] = (have - size) / step + 1;
    out->stride[dim] = stride * step;
  }
  insert_dim(out, out->ndim, size, stride);
  return TC_OK;
}

// as_strided(x, sizes, strides, offset): offset counts elements from 0 in the storage.
static tc_status view_as_strided(tc_tensor *out, const tc_tensor *in, const tc_args *a) {
  const int n = a->len[0];
  if (n != a->len[1] || n > TC_MAX_DIMS)
    return tc_fail(TC_BAD_VALUE, "%d sizes and %d strides", n, a->len[1]);
  int64_t last = a->i[0];
  bool empty = false;
  for (int d = 0; d < n; d++) {
    const int64_t size = a->list[0][d], stride = a->list[1][d];
    int64_t reach;
    if (size < 0 || stride < 0) return tc_fail(TC_BAD_VALUE, "sizes and strides are not negative");
    empty = empty || size == 0;
    if (__builtin_mul_overflow(size ? size - 1 : 0, stride, &reach) ||
        __builtin_add_overflow(last, reach, &last))
      return tc_fail(TC_BAD_VALUE, "sizes and strides reach too far");
    out->size[d] = size;
    out->stride[d] = stride;
  }
  const int64_t held = (int64_t)(in->storage->bytes / tc_itemsize((tc_dtype)in->dtype));
  if (a->i[0] < 0 || (!empty && last >= held))
    return tc_fail(TC_BAD_VALUE, "the view would reach outside its storage of %lld elements",
                   (long long)held);
  out->ndim = (uint8_t)n;
  out->offset = a->i[0];
  return TC_OK;
}

const tc_view_info tc_view_table[TC_VIEWS] = {
#define VIEW(name, signature) {#name, signature, view_##name},
#include "views.def"
#undef VIEW
};
