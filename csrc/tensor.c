// Storages and tensors: counting, shapes, contiguity, copies.
#include <stdio.h>
#include <string.h>

#include "graph.h"

// ---- storage ---------------------------------------------------------------------------------

// Header and data share one block when the memory is the host's: one allocation a tensor.
enum { HEADER = (sizeof(tc_storage) + 63) / 64 * 64 };

static tc_status out_of_memory(size_t bytes) {
  return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes", bytes);
}

static tc_storage *storage_init(tc_storage *s, const tc_device *device, size_t bytes, void *data) {
  memset(s, 0, sizeof *s);
  atomic_init(&s->refs, 1);
  s->device = device;
  s->bytes = bytes;
  s->data = data;
  return s;
}

// A thread that records hears of every new storage, and of its end.
static tc_status born(tc_storage *s) {
  const tc_status status = tc_is_recording() ? tc_graph_born(s) : TC_OK;
  if (status != TC_OK) tc_storage_release(s);
  return status;
}

tc_status tc_storage_new(const tc_device *device, size_t bytes, tc_storage **out) {
  const bool host = device == &tc_cpu;
  if (bytes > SIZE_MAX - HEADER) return out_of_memory(bytes);
  tc_storage *s = tc_alloc(host ? HEADER + bytes : HEADER);
  if (!s) return out_of_memory(bytes);
  void *data = host ? (char *)s + HEADER : device->alloc(device, bytes);
  if (!data) {
    tc_free(s, HEADER);
    return host ? out_of_memory(bytes) : TC_NO_MEMORY;
  }
  TC_TRY(born(storage_init(s, device, bytes, data)));
  *out = s;
  return TC_OK;
}

tc_status tc_storage_wrap(const tc_device *device, void *data, size_t bytes,
                          void (*release)(void *, void *), void *context, tc_storage **out) {
  tc_storage *s = tc_alloc(HEADER);
  if (!s) return out_of_memory(HEADER);
  storage_init(s, device, bytes, data);
  s->release = release;
  s->context = context;
  *out = s;
  return TC_OK;
}

void tc_storage_embed(tc_storage *s, const tc_device *device, void *data, size_t bytes) {
  storage_init(s, device, bytes, data);
  s->embedded = true;
}

void tc_storage_retain(tc_storage *s) {
  atomic_fetch_add_explicit(&s->refs, 1, memory_order_relaxed);
}

static bool data_is_inside(const tc_storage *s) { return s->data == (const char *)s + HEADER; }

void tc_storage_release(tc_storage *s) {
  if (!s || atomic_fetch_sub_explicit(&s->refs, 1, memory_order_acq_rel) != 1) return;
  if (s->embedded) return;
  if (tc_has_recording()) tc_graph_died(s);
  if (data_is_inside(s)) {
    tc_free(s, HEADER + s->bytes);
    return;
  }
  if (s->release) s->release(s->context, s->data);
  else if (s->device->free) s->device->free(s->device, s->data, s->bytes);
  tc_free(s, HEADER);
}

// ---- shapes ----------------------------------------------------------------------------------

void tc_set_contiguous(tc_tensor *t) {
  int64_t step = 1;
  for (int d = t->ndim - 1; d >= 0; d--) {
    t->stride[d] = step;
    step *= t->size[d] > 0 ? t->size[d] : 1;
  }
}

bool tc_is_contiguous(const tc_tensor *t) {
  int64_t step = 1;
  for (int d = t->ndim - 1; d >= 0; d--) {
    if (t->size[d] == 0) return true;
    if (t->size[d] != 1 && t->stride[d] != step) return false;
    step *= t->size[d];
  }
  return true;
}

bool tc_same_shape(const tc_tensor *a, const tc_tensor *b) {
  if (a->ndim != b->ndim) return false;
  for (int d = 0; d < a->ndim; d++)
    if (a->size[d] != b->size[d]) return false;
  return true;
}

const char *tc_shape_text(const tc_tensor *t, char *buffer, size_t n) {
  size_t used = (size_t)snprintf(buffer, n, "(");
  for (int d = 0; d < t->ndim && used < n; d++)
    used += (size_t)snprintf(buffer + used, n - used, d ? ", %lld" : "%lld", (long long)t->size[d]);
  if (used < n) snprintf(buffer + used, n - used, t->ndim == 1 ? ",)" : ")");
  return buffer;
}

tc_status tc_broadcast(const tc_tensor *a, const tc_tensor *b, tc_tensor *out) {
  const int n = a->ndim > b->ndim ? a->ndim : b->ndim;
  int64_t size[TC_MAX_DIMS];  // `out` may be `a` or `b`
  for (int d = 1; d <= n; d++) {
    const int64_t sa = d <= a->ndim ? a->size[a->ndim - d] : 1;
    const int64_t sb = d <= b->ndim ? b->size[b->ndim - d] : 1;
    if (sa != sb && sa != 1 && sb != 1) {
      char ta[160], tb[160];
      return tc_fail(TC_BAD_SHAPE, "shapes %s and %s do not broadcast: sizes %lld and %lld",
                     tc_shape_text(a, ta, sizeof ta), tc_shape_text(b, tb, sizeof tb),
                     (long long)sa, (long long)sb);
    }
    size[n - d] = sa == 1 ? sb : sa;
  }
  out->ndim = (uint8_t)n;
  memcpy(out->size, size, (size_t)n * sizeof *size);
  return TC_OK;
}

// ---- tensors ---------------------------------------------------------------------------------

static tc_status byte_count(const tc_tensor *t, size_t *bytes) {
  size_t n = tc_itemsize((tc_dtype)t->dtype);
  for (int d = 0; d < t->ndim; d++) {
    if (t->size[d] < 0)
      return tc_fail(TC_BAD_SHAPE, "size %lld of dimension %d is negative", (long long)t->size[d],
                     d + 1);
    if (t->size[d] == 0) {
      *bytes = 0;
      return TC_OK;
    }
    if (__builtin_mul_overflow(n, (size_t)t->size[d], &n) || n > (size_t)1 << 46)
      return tc_fail(TC_NO_MEMORY, "a tensor of this size has too many bytes");
  }
  *bytes = n;
  return TC_OK;
}

tc_status tc_tensor_shape(tc_tensor *t, tc_dtype dtype, int ndim, const int64_t *size,
                          size_t *bytes) {
  if (ndim > TC_MAX_DIMS)
    return tc_fail(TC_BAD_SHAPE, "%d dimensions: at most %d are possible", ndim, TC_MAX_DIMS);
  t->storage = NULL;
  t->offset = 0;
  t->dtype = (uint8_t)dtype;
  t->ndim = (uint8_t)ndim;
  if (size != t->size) memcpy(t->size, size, (size_t)ndim * sizeof *size);
  tc_set_contiguous(t);
  return byte_count(t, bytes);
}

tc_status tc_tensor_new(tc_tensor *t, const tc_device *device, tc_dtype dtype, int ndim,
                        const int64_t *size) {
  size_t bytes = 0;
  TC_TRY(tc_tensor_shape(t, dtype, ndim, size, &bytes));
  return tc_storage_new(device, bytes, &t->storage);
}

tc_status tc_tensor_like(tc_tensor *t, const tc_tensor *shape_of, tc_dtype dtype) {
  return tc_tensor_new(t, shape_of->storage->device, dtype, shape_of->ndim, shape_of->size);
}

void tc_tensor_free(tc_tensor *t) {
  tc_storage_release(t->storage);
  t->storage = NULL;
}

tc_status tc_copy(const tc_tensor *to, const tc_tensor *from) {
  if (!from->storage || !to->storage) return tc_fail(TC_BAD_VALUE, "the tensor has no values");
  if (to->storage->device != from->storage->device && !(tc_on_host(from) && from->ndim == 0))
    return tc_copy_across(to, from);
  const tc_pointwise copy = {
      .op = TC_P_copy, .work = (tc_dtype)from->dtype, .out = to, .in = {NULL, from}};
  return tc_run_pointwise(&copy);
}
