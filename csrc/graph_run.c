// The end of a recording, where temporaries get their places, and the runs of a graph.
#include "graph_steps.h"

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

tc_status tc_graph_run(tc_graph *g, int *at, int *live) {
  const tc_device *device = g->device;
  *live = -1;
  while (*at < g->count) {
    const step *s = &g->steps[(*at)++];
    switch (s->kind) {
      case KERNEL: TC_TRY(tc_call_kernel(device, s->id, s->args)); break;
      case POINTWISE: TC_TRY(tc_call_pointwise(device, s->pointwise)); break;
      case LIVE: *live = s->id; return TC_OK;
      case NUMBERED: break;
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
  return s->kind == KERNEL ? tc_kernel_table[s->id].name : tc_pointwise_table[s->id].name;
}
