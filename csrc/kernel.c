// Runs a structured kernel: makes each tensor fit what its letter promises, calls, writes back.
#include <ctype.h>
#include <string.h>

#include "graph.h"
#include "letters.h"

const tc_kernel_info tc_kernel_table[TC_KERNELS + 1] = {
#define KERNEL(name, signature, types) {#name, signature, types},
#include "kernels.def"
#undef KERNEL
    {NULL, NULL, TC_BYTES}};

// What each letter of a signature means; read for every argument of every call.
enum {
  IN = TC_LETTER_TENSOR,
  TYPED = TC_LETTER_TENSOR | TC_LETTER_TYPED,
  OUT = TC_LETTER_TENSOR | TC_LETTER_WRITTEN | TC_LETTER_OUTPUT,
  MANY = TC_LETTER_MANY | TC_LETTER_TYPED,
  PICTURE = TYPED | TC_LETTER_PICTURE
};
const unsigned char tc_letters[128] = {['o'] = OUT,
                                       ['O'] = OUT,
                                       ['w'] = TYPED | TC_LETTER_WRITTEN,
                                       ['x'] = TYPED,
                                       ['y'] = OUT | TC_LETTER_PICTURE,
                                       ['h'] = PICTURE,
                                       ['H'] = PICTURE,
                                       ['p'] = IN | TC_LETTER_PARAMETER,
                                       ['P'] = IN | TC_LETTER_PARAMETER,
                                       ['q'] = OUT | TC_LETTER_PARAMETER,
                                       ['s'] = TYPED,
                                       ['X'] = TYPED,
                                       ['n'] = IN,
                                       ['m'] = IN,
                                       ['a'] = IN,
                                       ['N'] = IN,
                                       ['M'] = IN,
                                       ['A'] = IN,
                                       ['W'] = MANY | TC_LETTER_WRITTEN,
                                       ['L'] = MANY,
                                       ['i'] = TC_LETTER_INTEGER,
                                       ['d'] = TC_LETTER_INTEGER,
                                       ['b'] = TC_LETTER_INTEGER,
                                       ['r'] = TC_LETTER_INTEGER};

// The dtype of the arguments together, or of the first output where no argument says.
static tc_dtype common_dtype(const char *signature, const tc_args *a) {
  int slot = 0, found = -1, first_out = -1;
  for (const char *s = signature; *s; s++) {
    if (!tc_is_tensor(*s)) continue;
    const tc_tensor *t = a->t[slot++];
    if (!t) continue;
    if (*s == 'o' && first_out < 0) first_out = t->dtype;
    if (tc_is_typed(*s))
      found = found < 0 ? t->dtype : (int)tc_promote((tc_dtype)found, (tc_dtype)t->dtype);
  }
  if (found >= 0) return (tc_dtype)found;
  return first_out >= 0 ? (tc_dtype)first_out : TC_float32;
}

static const tc_device *device_of(const tc_kernel_info *k, const tc_args *a) {
  int slot = 0;
  if (a->count > 0) return a->many[0][0]->storage->device;
  for (const char *s = k->signature; *s; s++)
    if (tc_is_tensor(*s) && a->t[slot++]) return a->t[slot - 1]->storage->device;
  return &tc_cpu;
}

// A result that is wanted wider (the gates of a recurrent layer) is not rounded on its way.
static bool in_half(const tc_kernel_info *k, const tc_args *a, const tc_device *device) {
  const bool own_type = tc_letter(*k->signature) & TC_LETTER_PARAMETER;
  if (!a->t[0] || (!own_type && a->t[0]->dtype != a->dtype)) return false;
  if (device->computes_halves) return true;
  return k->types & TC_BFLOAT16 && a->dtype == TC_bfloat16 && device->multiplies_bfloat16;
}

static tc_status working_dtype(const tc_kernel_info *k, tc_args *a, const tc_device *device) {
  const tc_dtype d = common_dtype(k->signature, a);
  const unsigned types = k->types & TC_CONVERTED;
  a->dtype = d;
  if (types == TC_BYTES) return TC_OK;
  if (tc_is_half(d)) {
    if (!in_half(k, a, device)) a->dtype = TC_float32;
  } else if (!tc_is_float(d)) {
    if (types == TC_FLOATS)
      return tc_fail(TC_BAD_DTYPE, "expected a floating tensor, got %s", tc_dtype_table[d].name);
    a->dtype = TC_int64;
  }
  return TC_OK;
}

typedef struct plan {
  tc_tensor temp[TC_MAX_TENSORS];
  tc_tensor *given[TC_MAX_TENSORS];
  const tc_device *device;
  int count;
  bool back[TC_MAX_TENSORS];
} plan;

// Pictures of a call lie alike: all channels last where one says so and the device knows how.
static bool lie_channels_last(const tc_kernel_info *k, const tc_args *a, const tc_device *device) {
  int slot = 0, ndim = 0;
  bool any = false;
  if (!device->takes_channels_last) return false;
  for (const char *s = k->signature; *s; s++) {
    if (!tc_is_tensor(*s)) continue;
    const tc_tensor *t = a->t[slot++];
    if (!t || !(tc_letter(*s) & TC_LETTER_PICTURE)) continue;
    if (ndim > 0 && t->ndim != ndim) return false;
    ndim = t->ndim;
    any = any || tc_is_channels_last(t);
  }
  return any;
}

// The dtype that a tensor of this letter must have.
static tc_dtype wanted(char letter, const tc_args *a, const tc_tensor *t, tc_types types) {
  switch (tolower((unsigned char)letter)) {
    case 'n': return TC_int64;
    case 'm': return TC_bool;
    case 'a': return (tc_dtype)t->dtype;
    case 'o':
      if (letter == 'O') return (tc_dtype)t->dtype;
      break;
    case 'p':
    case 'q': return t->dtype == a->dtype ? a->dtype : tc_sums_of(a->dtype);
    default: break;
  }
  return types == TC_BYTES ? (tc_dtype)t->dtype : a->dtype;
}

// Is the tensor in this slot read while its memory is written? Indices that were checked would then
// change under way, and values that were to be read.
static bool is_overwritten(const char *signature, int slot, const tc_args *a) {
  int k = 0;
  for (const char *s = signature; *s; s++) {
    if (!tc_is_tensor(*s)) continue;
    const tc_tensor *t = a->t[k];
    if (k++ != slot && t && tc_is_written(*s) && t->storage == a->t[slot]->storage) return true;
  }
  return false;
}

static bool is_turned(char letter, const tc_args *a) {
  return a->channels_last && tc_letter(letter) & TC_LETTER_PICTURE;
}

static bool lies_right(const tc_tensor *t, char letter, const tc_args *a) {
  if (letter == 's') return true;
  return is_turned(letter, a) ? tc_lies_channels_last(t) : tc_is_contiguous(t);
}

static tc_status fit(plan *p, int slot, char letter, tc_args *a, const tc_kernel_info *k) {
  tc_tensor *t = a->t[slot];
  if (!t->storage) return tc_fail(TC_BAD_VALUE, "the tensor has no values");
  if (t->storage->device != p->device)
    return tc_fail(TC_BAD_VALUE, "expected all tensors on one device, got %s and %s",
                   p->device->name, t->storage->device->name);
  const tc_dtype want = wanted(letter, a, t, k->types);
  if (t->dtype == want && lies_right(t, letter, a) &&
      (tc_is_written(letter) || !is_overwritten(k->signature, slot, a)))
    return TC_OK;
  tc_tensor *temp = &p->temp[slot];
  TC_TRY(tc_tensor_like(temp, t, want));
  if (is_turned(letter, a)) tc_set_channels_last(temp);
  p->given[slot] = t;
  p->back[slot] = tc_is_written(letter);
  a->t[slot] = temp;
  return tc_letter(letter) & TC_LETTER_OUTPUT ? TC_OK : tc_copy(temp, t);
}

static tc_status fit_all(plan *p, const tc_kernel_info *k, tc_args *a) {
  for (const char *s = k->signature; *s; s++) {
    if (!tc_is_tensor(*s)) continue;
    const int slot = p->count++;
    if (a->t[slot]) TC_TRY(fit(p, slot, *s, a, k));
  }
  return TC_OK;
}

// ---- lists of tensors ------------------------------------------------------------------------

// What stands in for a tensor of a list that does not fit.
typedef struct stand_in {
  tc_tensor temp, *given, **place;
  bool back;
  struct stand_in *next;
} stand_in;

static tc_status stand_in_for(stand_in **chain, tc_tensor **place, bool back, bool turned,
                              tc_dtype dtype) {
  stand_in *s = tc_alloc(sizeof *s);
  if (!s) return tc_fail(TC_NO_MEMORY, "not enough memory for %zu bytes", sizeof *s);
  const tc_status status = tc_tensor_like(&s->temp, *place, dtype);
  if (status != TC_OK) {
    tc_free(s, sizeof *s);
    return status;
  }
  if (turned) tc_set_channels_last(&s->temp);
  s->given = *place;
  s->place = place;
  s->back = back;
  s->next = *chain;
  *chain = s;
  *place = &s->temp;
  return tc_copy(&s->temp, s->given);
}

// Elements of a row belong together by their places in memory, which may be channels last for all.
static bool row_is_turned(const char *letters_of, const tc_args *a, int64_t k) {
  for (int j = 0; letters_of[j]; j++)
    if (!tc_lies_channels_last(a->many[j][k]) || !tc_same_shape(a->many[j][k], a->many[0][k]))
      return false;
  return true;
}

// The k-th tensors of all lists: equally many elements, brought to the type they have together.
static tc_status fit_row(stand_in **chain, const char *letters_of, tc_args *a, int64_t k) {
  const int64_t n = tc_numel(a->many[0][k]);
  tc_dtype dtype = (tc_dtype)a->many[0][k]->dtype;
  for (int j = 1; letters_of[j]; j++) {
    const tc_tensor *t = a->many[j][k];
    if (tc_numel(t) != n)
      return tc_fail(TC_BAD_SHAPE, "tensor %lld has %lld elements, what belongs to it %lld",
                     (long long)k + 1, (long long)n, (long long)tc_numel(t));
    if (t->storage->device != a->many[0][k]->storage->device)
      return tc_fail(TC_BAD_VALUE, "tensor %lld is on %s, what belongs to it on %s",
                     (long long)k + 1, a->many[0][k]->storage->device->name,
                     t->storage->device->name);
    dtype = tc_promote(dtype, (tc_dtype)t->dtype);
  }
  if (!tc_is_float(dtype))
    return tc_fail(TC_BAD_DTYPE, "expected floating tensors, got %s", tc_dtype_table[dtype].name);
  if (tc_is_half(dtype)) dtype = TC_float32;
  const bool alike = row_is_turned(letters_of, a, k);
  for (int j = 0; letters_of[j]; j++) {
    tc_tensor **place = &a->many[j][k];
    if ((*place)->dtype == dtype && (alike || tc_is_contiguous(*place))) continue;
    TC_TRY(stand_in_for(chain, place, tc_is_written(letters_of[j]), alike, dtype));
  }
  return TC_OK;
}

// The letters of the lists alone.
static void list_letters(const char *signature, char out[TC_MAX_MANY + 1]) {
  int n = 0;
  for (; *signature; signature++)
    if (tc_is_many(*signature)) out[n++] = *signature;
  out[n] = 0;
}

static tc_status fit_lists(stand_in **chain, const tc_kernel_info *k, tc_args *a) {
  char names[TC_MAX_MANY + 1];
  if (a->count == 0) return TC_OK;
  list_letters(k->signature, names);
  for (int64_t row = 0; row < a->count; row++) TC_TRY(fit_row(chain, names, a, row));
  return TC_OK;
}

// Results go where they belong, in the order of the lists; everything is as it was given.
static tc_status dismiss(stand_in *chain, tc_status status) {
  while (chain) {
    stand_in *s = chain;
    chain = s->next;
    if (status == TC_OK && s->back) status = tc_copy(s->given, &s->temp);
    *s->place = s->given;
    tc_tensor_free(&s->temp);
    tc_free(s, sizeof *s);
  }
  return status;
}

// ---- the call --------------------------------------------------------------------------------

tc_status tc_call_kernel(const tc_device *device, int id, tc_args *a) {
  const tc_kernel kernel = device->kernels[id];
  const char *name = tc_kernel_table[id].name;
  if (!kernel) return tc_fail(TC_NO_KERNEL, "kernel '%s' does not exist on %s", name, device->name);
  if (!device->enter) return kernel(a);
  TC_TRY(device->enter(device, name));
  TC_TRY(kernel(a));
  return device->leave(device);
}

static tc_status call(const tc_device *device, int id, tc_args *a) {
  if (!tc_has_recording()) return tc_call_kernel(device, id, a);
  if (tc_is_recording()) TC_TRY(tc_graph_kernel(id, a));
  tc_recording_paused++;  // what a kernel does inside is its own affair
  const tc_status status = tc_call_kernel(device, id, a);
  tc_recording_paused--;
  return status;
}

tc_status tc_run_fitting(int id, tc_args *a) {
  return call(device_of(&tc_kernel_table[id], a), id, a);
}

tc_status tc_run(int id, tc_args *a) {
  const tc_kernel_info *k = &tc_kernel_table[id];
  plan p;
  stand_in *chain = NULL;
  p.count = 0;
  p.device = device_of(k, a);
  memset(p.given, 0, sizeof p.given);
  TC_TRY(working_dtype(k, a, p.device));
  a->channels_last = lie_channels_last(k, a, p.device);
  tc_status status = fit_all(&p, k, a);
  if (status == TC_OK) status = fit_lists(&chain, k, a);
  if (status == TC_OK) status = call(p.device, id, a);
  status = dismiss(chain, status);
  for (int slot = 0; slot < p.count; slot++) {
    if (!p.given[slot]) continue;
    if (status == TC_OK && p.back[slot]) status = tc_copy(p.given[slot], &p.temp[slot]);
    tc_tensor_free(&p.temp[slot]);
    a->t[slot] = p.given[slot];
  }
  return status;
}
