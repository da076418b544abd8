// The end of a recording, where temporaries get their places, and the runs of a graph.
#define _GNU_SOURCE
#include "graph_steps.h"

#include <stdio.h>
#include <string.h>

// ---- the end of a recording ------------------------------------------------------------------

static bool is_temporary(const slot *k) { return k->born && !k->real && k->first >= 0; }

static tc_status plan(tc_graph *g, tc_span *span) {
  int n = 0;
  for (int k = 0; k < g->slot_count; k++) {
    const slot *s = g->slots[k];
    if (is_temporary(s)) span[n++] = (tc_span){s->header.bytes, 0, s->first, s->last};
  }
  TC_TRY(tc_plan(span, n, &g->sizes.arena));
  if (!g->sizes.arena) return TC_OK;
  g->arena = g->device->alloc(g->device, g->sizes.arena);
  if (!g->arena) return no_memory();
  n = 0;
  for (int k = 0; k < g->slot_count; k++)
    if (is_temporary(g->slots[k])) g->slots[k]->header.data = (char *)g->arena + span[n++].offset;
  return TC_OK;
}

static void settle(tc_graph *g, slot *k) {
  if (is_temporary(k)) g->sizes.temporaries += k->header.bytes;
  if (!k->real) return;
  if (k->first < 0 && !k->held) {
    k->real = NULL;  // no call uses it
    return;
  }
  hold(k);
  if (k->born) g->sizes.kept += k->header.bytes;
}

// Steps whose offset was not drawn from the generator keep the numbers they had.
static void settle_random(tc_graph *g, tc_claim claim) {
  for (int k = 0; k < g->count; k++) {
    step *s = &g->steps[k];
    if (s->random < 0) continue;
    const uint64_t seed = (uint64_t)s->args->i[s->random], at = (uint64_t)s->args->i[s->random + 1];
    const bool drawn = seed == claim.seed && at >= claim.first && at < claim.end;
    s->offset = at - claim.first;
    if (!drawn) s->random = -1;
  }
}

tc_status tc_graph_finish(tc_graph *g, tc_claim claim) {
  for (int k = 0; k < g->slot_count; k++) settle(g, g->slots[k]);
  settle_random(g, claim);
  const size_t room = (size_t)g->slot_count * sizeof(tc_span);
  tc_span *span = tc_alloc(room);
  if (!span) return no_memory();
  const tc_status status = plan(g, span);
  tc_free(span, room);
  return status;
}

// ---- runs ------------------------------------------------------------------------------------

void tc_graph_draw(tc_graph *g, uint64_t seed, uint64_t first) {
  for (int k = 0; k < g->count; k++) {
    step *s = &g->steps[k];
    if (s->random < 0) continue;
    s->args->i[s->random] = (int64_t)seed;
    s->args->i[s->random + 1] = (int64_t)(first + s->offset);
  }
}

static tc_status run_step(const tc_device *device, const step *s) {
  if (s->kind == KERNEL) return tc_call_kernel(device, s->id, s->args);
  return tc_call_pointwise(device, s->pointwise);
}

// Where a device can capture calls, those between two that change with each run become one. The first
// run is as ever: libraries make their plans in it.
enum { CAPTURING_RUN = 2, LEAST_CAPTURED = 2 };

static bool is_fixed(const step *s) {
  return (s->kind == KERNEL || s->kind == POINTWISE) && s->random < 0 && !s->alone;
}

static int end_of_fixed(const tc_graph *g, int first) {
  int k = first;
  while (k < g->count && is_fixed(&g->steps[k])) k++;
  return k;
}

static void set_alone(tc_graph *g, int first, int end) {
  for (int k = first; k < end; k++) {
    g->steps[k].alone = true;
    if (!g->steps[k].why) g->steps[k].why = strdup(tc_message());
  }
}

// A call that fails during a capture runs by itself from now on: then it works, or the error is the
// user's to see. Where that does not tell which call it was, all do. Gives the first of them, or -1.
static int capture(tc_graph *g, int first, int end) {
  const tc_device *device = g->device;
  int k = first, part;
  if (device->capture_begin(device, &g->captured) != TC_OK) {
    set_alone(g, first, end);
    return first;
  }
  while (k < end && run_step(device, &g->steps[k]) == TC_OK) k++;
  const bool whole = k == end;
  if (!whole) set_alone(g, k, k + 1);
  const tc_status status = device->capture_end(device, g->captured, whole ? &part : NULL);
  if (!whole) return k;
  if (status != TC_OK) {
    set_alone(g, first, end);
    return first;
  }
  g->steps[first].part = part;
  g->steps[first].end = end;
  return -1;
}

static int capture_from(tc_graph *g, int first) {
  int end = end_of_fixed(g, first), broke = -1;
  while (!g->steps[first].end && end - first >= LEAST_CAPTURED) {
    const int at = capture(g, first, end);
    if (broke < 0) broke = at;
    end = end_of_fixed(g, first);
  }
  return broke;
}

static bool captures(const tc_graph *g) {
  return g->runs >= CAPTURING_RUN && g->device && g->device->capture_begin;
}

static tc_status complain(tc_graph *g, int k, int *at) {
  char why[300];
  snprintf(why, sizeof why, "%s", g->steps[k].why ? g->steps[k].why : "");
  g->steps[k].alone = false;  // the next run says so again
  *at = k + 1;
  return tc_fail(TC_BAD_VALUE, "broke the capture of a strict tocha.graph: %s", why);
}

// Everything that is fixed is captured before any of it runs, so that an error leaves things as they were.
static tc_status capture_all(tc_graph *g, int *at) {
  for (int k = 0; k < g->count; k = g->steps[k].end ? g->steps[k].end : k + 1) {
    const int broke = is_fixed(&g->steps[k]) ? capture_from(g, k) : -1;
    if (broke >= 0) return complain(g, broke, at);
  }
  return TC_OK;
}

tc_status tc_graph_run(tc_graph *g, int *at, int *live) {
  *live = -1;
  if (*at == 0) g->runs++;
  if (*at == 0 && g->strict && captures(g)) TC_TRY(capture_all(g, at));
  while (*at < g->count) {
    const step *s = &g->steps[*at];
    if (captures(g)) capture_from(g, *at);
    *at = s->end ? s->end : *at + 1;
    if (s->end) TC_TRY(g->device->capture_launch(g->device, g->captured, s->part));
    else if (s->kind == KERNEL || s->kind == POINTWISE) TC_TRY(run_step(g->device, s));
    else if (s->kind == LIVE) {
      *live = s->id;
      return TC_OK;
    }
  }
  return TC_OK;
}

bool tc_graph_is(const tc_graph *g, int at, int id, const void *const *lists) {
  if (at >= g->count || g->steps[at].kind != NUMBERED || g->steps[at].id != id) return false;
  const int n = (int)strspn(tc_kernel_table[id].signature, "WL");
  return memcmp(g->steps[at].lists, lists, (size_t)n * sizeof *lists) == 0;
}

tc_status tc_graph_again(tc_graph *g, int at, const double *numbers) {
  const step *s = &g->steps[at];
  const char *signature = tc_kernel_table[s->id].signature;
  const size_t n = strlen(signature) - strspn(signature, "WL");
  memcpy(s->args->f, numbers, n * sizeof *numbers);
  return tc_call_kernel(g->device, s->id, s->args);
}

void tc_graph_touch(tc_graph *g) {
  for (int k = 0; k < g->slot_count; k++) {
    const slot *s = g->slots[k];
    if (s->written && s->real)
      atomic_fetch_add_explicit(&s->real->version, 1, memory_order_relaxed);
  }
}

// ---- reports ---------------------------------------------------------------------------------

tc_graph_sizes tc_graph_memory(const tc_graph *g) { return g->sizes; }

int tc_graph_count(const tc_graph *g) { return g->count; }

const char *tc_graph_name(const tc_graph *g, int k) {
  const step *s = &g->steps[k];
  if (s->kind == LIVE) return "live";
  return s->kind == POINTWISE ? tc_pointwise_table[s->id].name : tc_kernel_table[s->id].name;
}

void tc_graph_be_strict(tc_graph *g) { g->strict = true; }

static bool is_captured(const tc_graph *g, int k) {
  int first = 0;
  while (g->steps[first].end ? g->steps[first].end <= k : first < k)
    first = g->steps[first].end ? g->steps[first].end : first + 1;
  return g->steps[first].end > k;
}

const char *tc_graph_outside(const tc_graph *g, int k) {
  const step *s = &g->steps[k];
  if (!captures(g) || s->kind == NUMBERED || is_captured(g, k)) return NULL;
  if (s->kind == LIVE) return "runs in Lua";
  if (s->alone) return s->why ? s->why : "cannot be captured";
  return s->random >= 0 ? "draws other random numbers in every run"
                        : "is a single call between such ones";
}

int tc_graph_captured(const tc_graph *g, int *parts) {
  int calls = 0;
  *parts = 0;
  for (int k = 0; k < g->count; k++) {
    if (!g->steps[k].end) continue;
    calls += g->steps[k].end - k;
    (*parts)++;
  }
  return calls;
}
