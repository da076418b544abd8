// Recording a sequence of kernel calls, and running it again.
//
// A recorded call is the device's function and a copy of its arguments. Its tensors see headers of
// the graph's own, one for each storage that was met, and these get their memory when the recording
// ends: a temporary's lies in the arena, all others keep what they had. So memory is used during a
// recording as without one, and a run allocates nothing.
#include "graph_steps.h"

#include <stdlib.h>
#include <string.h>

#include "letters.h"

_Thread_local tc_graph *tc_recording;
atomic_int tc_recorders;
_Thread_local int tc_recording_paused;

enum { BUCKETS = 1024 };

tc_graph *tc_graph_new(void) {
  tc_graph *g = tc_alloc(sizeof *g);
  if (!g) return NULL;
  memset(g, 0, sizeof *g);
  g->buckets = tc_alloc(BUCKETS * sizeof *g->buckets);
  if (!g->buckets) {
    tc_free(g, sizeof *g);
    return NULL;
  }
  memset(g->buckets, 0, BUCKETS * sizeof *g->buckets);
  return g;
}

static void free_slot(slot *s) {
  if (s->held) tc_storage_release(s->real);
  tc_free(s, sizeof *s);
}

void tc_graph_free(tc_graph *g) {
  if (!g) return;
  for (int k = 0; k < g->count; k++) {
    tc_free(g->steps[k].call, g->steps[k].bytes);
    free(g->steps[k].why);
  }
  for (int k = 0; k < g->slot_count; k++) free_slot(g->slots[k]);
  tc_free(g->steps, (size_t)g->room * sizeof *g->steps);
  tc_free(g->slots, (size_t)g->slot_room * sizeof *g->slots);
  tc_free(g->buckets, BUCKETS * sizeof *g->buckets);
  if (g->captured) g->device->capture_free(g->device, g->captured);
  if (g->arena) g->device->free(g->device, g->arena, g->sizes.arena);
  tc_free(g, sizeof *g);
}

// Room for one more in a list of `count` entries.
static tc_status grow(void **list, int count, int *room, size_t entry) {
  if (count < *room) return TC_OK;
  const int more = *room ? *room * 2 : 64;
  void *bigger = tc_alloc((size_t)more * entry);
  if (!bigger) return no_memory();
  if (count) memcpy(bigger, *list, (size_t)count * entry);
  tc_free(*list, (size_t)*room * entry);
  *list = bigger;
  *room = more;
  return TC_OK;
}

// ---- storages --------------------------------------------------------------------------------

static slot **bucket_of(const tc_graph *g, const tc_storage *s) {
  return &g->buckets[((uintptr_t)s >> 6) * 0x9E3779B97F4A7C15U >> 32 & (BUCKETS - 1)];
}

static slot *find(const tc_graph *g, const tc_storage *s) {
  slot *k = *bucket_of(g, s);
  while (k && k->real != s) k = k->next;
  return k;
}

static tc_status new_slot(tc_graph *g, const tc_storage *s, slot **out) {
  TC_TRY(grow((void **)&g->slots, g->slot_count, &g->slot_room, sizeof *g->slots));
  slot *k = tc_alloc(sizeof *k);
  if (!k) return no_memory();
  memset(k, 0, sizeof *k);
  tc_storage_embed(&k->header, s->device, s->data, s->bytes);
  k->first = -1;
  g->slots[g->slot_count++] = k;
  *out = k;
  return TC_OK;
}

static void enter(tc_graph *g, slot *k, tc_storage *s) {
  slot **bucket = bucket_of(g, s);
  k->real = s;
  k->next = *bucket;
  *bucket = k;
}

// A number dressed as a tensor lives where it was called from (lua/pointwise.c): it is copied.
static bool is_number(const tc_storage *s) { return atomic_load(&s->refs) == 0; }

static tc_status number_slot(tc_graph *g, const tc_storage *s, slot **out) {
  TC_TRY(new_slot(g, s, out));
  memcpy(&(*out)->value, s->data, sizeof(*out)->value);
  (*out)->header.data = &(*out)->value;
  return TC_OK;
}

static tc_status slot_of(tc_graph *g, tc_storage *s, slot **out) {
  if (is_number(s)) return number_slot(g, s, out);
  *out = find(g, s);
  if (*out) return TC_OK;
  TC_TRY(new_slot(g, s, out));
  enter(g, *out, s);
  hold(*out);
  return TC_OK;
}

tc_status tc_graph_born(tc_storage *s) {
  slot *k;
  TC_TRY(new_slot(tc_recording, s, &k));
  enter(tc_recording, k, s);
  k->born = true;
  return TC_OK;
}

void tc_graph_died(const tc_storage *s) {
  for (slot **at = bucket_of(tc_recording, s); *at; at = &(*at)->next) {
    if ((*at)->real != s) continue;
    (*at)->real = NULL;
    *at = (*at)->next;
    return;
  }
}

tc_status tc_graph_keep(tc_storage *s) {
  slot *k;
  TC_TRY(slot_of(tc_recording, s, &k));
  hold(k);
  return TC_OK;
}

bool tc_graph_bore(const tc_storage *s) {
  const slot *k = find(tc_recording, s);
  return k && k->born;
}

// ---- calls -----------------------------------------------------------------------------------

static tc_status check_device(tc_graph *g, const tc_device *device) {
  if (!g->device) g->device = device;
  if (g->device == device) return TC_OK;
  return tc_fail(TC_BAD_VALUE, "a recorded step runs on one device, this one on %s and %s",
                 g->device->name, device->name);
}

// `t` is the graph's copy of a tensor: from now on it sees the graph's header.
static tc_status adopt(tc_graph *g, tc_tensor *t, bool written) {
  slot *k;
  if (!is_number(t->storage)) TC_TRY(check_device(g, t->storage->device));
  TC_TRY(slot_of(g, t->storage, &k));
  if (k->first < 0) k->first = g->count;
  k->last = g->count;
  k->written = k->written || written;
  t->storage = &k->header;
  return TC_OK;
}

static tc_status add_step(tc_graph *g, step_kind kind, int id, size_t bytes, step **out) {
  TC_TRY(grow((void **)&g->steps, g->count, &g->room, sizeof *g->steps));
  step *s = &g->steps[g->count];
  *s = (step){.kind = kind, .id = id, .random = -1, .bytes = bytes};
  s->call = bytes ? tc_alloc(bytes) : NULL;
  if (bytes && !s->call) return no_memory();
  *out = s;
  return TC_OK;
}

// A step counts once it is whole: what is half made is freed at once.
static tc_status conclude(tc_graph *g, step *s, tc_status status) {
  if (status == TC_OK) g->count++;
  else tc_free(s->call, s->bytes);
  return status;
}

static int random_slot(const char *signature) {
  int k = 0;
  for (const char *s = signature; *s; s++) {
    if (*s == 'r') return k;
    k += tc_is_integer(*s);
  }
  return -1;
}

static size_t size_of_call(const char *signature, const tc_args *a) {
  size_t tensors = 0, pointers = 0;
  for (const char *s = signature; *s; s++) {
    if (tc_is_tensor(*s)) tensors++;
    if (tc_is_many(*s)) tensors += (size_t)a->count, pointers += (size_t)a->count;
  }
  return sizeof *a + tensors * sizeof(tc_tensor) + pointers * sizeof(tc_tensor *);
}

// Copies the tensors of the call `a` to `room`, and points to the copies.
static tc_status copy_tensors(tc_graph *g, const char *signature, tc_args *a, tc_tensor *room) {
  int slot = 0;
  for (const char *s = signature; *s; s++) {
    if (!tc_is_tensor(*s)) continue;
    tc_tensor **t = &a->t[slot++];
    if (!*t) continue;
    *room = **t;
    *t = room++;
    TC_TRY(adopt(g, *t, tc_is_written(*s)));
  }
  return TC_OK;
}

static tc_status copy_lists(tc_graph *g, const char *signature, tc_args *a, tc_tensor *room) {
  tc_tensor **pointer = (tc_tensor **)(void *)room;
  int list = 0, lists = 0;
  for (const char *s = signature; *s; s++) lists += tc_is_many(*s);
  room = (tc_tensor *)(void *)(pointer + lists * a->count);
  for (const char *s = signature; *s; s++) {
    if (!tc_is_many(*s)) continue;
    for (int64_t k = 0; k < a->count; k++) {
      *room = *a->many[list][k];
      pointer[k] = room++;
      TC_TRY(adopt(g, pointer[k], tc_is_written(*s)));
    }
    a->many[list++] = pointer;
    pointer += a->count;
  }
  return TC_OK;
}

static tc_status add_call(step_kind kind, int id, const tc_args *a) {
  tc_graph *g = tc_recording;
  const char *signature = tc_kernel_table[id].signature;
  step *s;
  TC_TRY(add_step(g, kind, id, size_of_call(signature, a), &s));
  *s->args = *a;
  s->random = random_slot(signature);
  tc_tensor *room = (tc_tensor *)(void *)(s->args + 1);
  tc_status status = copy_tensors(g, signature, s->args, room);
  for (const char *c = signature; *c; c++) room += tc_is_tensor(*c);
  if (status == TC_OK) status = copy_lists(g, signature, s->args, room);
  return conclude(g, s, status);
}

tc_status tc_graph_kernel(int id, const tc_args *a) { return add_call(KERNEL, id, a); }

// Only where tc_run would give the kernel the lists as they are.
static bool lists_fit(int lists, const tc_args *a) {
  for (int64_t k = 0; k < a->count; k++) {
    const tc_tensor *first = a->many[0][k];
    if (first->dtype != TC_float32 && first->dtype != TC_float64) return false;
    for (int j = 0; j < lists; j++)
      if (a->many[j][k]->dtype != first->dtype || !tc_is_contiguous(a->many[j][k])) return false;
  }
  return true;
}

tc_status tc_graph_numbered(int id, const tc_args *a, const void *const *lists) {
  const char *letter = tc_kernel_table[id].signature;
  const int n = (int)strspn(letter, "WL");
  if (n == 0 || letter[n + (int)strspn(letter + n, "f")] || !lists_fit(n, a)) return TC_OK;
  TC_TRY(add_call(NUMBERED, id, a));
  memcpy(tc_recording->steps[tc_recording->count - 1].lists, lists, (size_t)n * sizeof *lists);
  return TC_OK;
}

tc_status tc_graph_pointwise(const tc_pointwise *p) {
  tc_graph *g = tc_recording;
  step *s;
  TC_TRY(add_step(g, POINTWISE, p->op, sizeof *p + (1 + TC_OPERANDS) * sizeof(tc_tensor), &s));
  tc_pointwise *copy = s->pointwise;
  tc_tensor *room = (tc_tensor *)(void *)(copy + 1);
  *copy = *p;
  room[0] = *p->out;
  copy->out = room;
  tc_status status = adopt(g, room, true);
  for (int k = 0; k < TC_OPERANDS && status == TC_OK; k++) {
    if (!p->in[k]) continue;
    room[k + 1] = *p->in[k];
    copy->in[k] = &room[k + 1];
    status = adopt(g, &room[k + 1], false);
  }
  return conclude(g, s, status);
}

tc_status tc_graph_live(int number) {
  step *s;
  TC_TRY(add_step(tc_recording, LIVE, number, 0, &s));
  return conclude(tc_recording, s, TC_OK);
}
