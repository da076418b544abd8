// A kernel of the CPU for tensors of another device: over copies.
#include <string.h>

#include "letters.h"
#include "tocha.h"

typedef struct guest {
  tc_tensor own[TC_MAX_TENSORS], *given[TC_MAX_TENSORS];
  bool written[TC_MAX_TENSORS];
  int count;
} guest;

// Results that are only written are not copied first.
static tc_status bring(guest *g, int slot, char letter, tc_args *a) {
  tc_tensor *t = a->t[slot];
  g->given[slot] = t;
  g->written[slot] = tc_is_written(letter);
  if (!t) return TC_OK;
  TC_TRY(tc_tensor_new(&g->own[slot], &tc_cpu, (tc_dtype)t->dtype, t->ndim, t->size));
  a->t[slot] = &g->own[slot];
  return tc_letter(letter) & TC_LETTER_OUTPUT ? TC_OK : tc_copy(&g->own[slot], t);
}

static tc_status bring_all(guest *g, const char *signature, tc_args *a) {
  for (const char *s = signature; *s; s++)
    if (tc_is_tensor(*s)) TC_TRY(bring(g, g->count++, *s, a));
  return TC_OK;
}

static tc_status take_back(guest *g, tc_args *a, tc_status status) {
  for (int k = 0; k < g->count; k++) {
    if (status == TC_OK && g->given[k] && g->written[k]) status = tc_copy(g->given[k], &g->own[k]);
    a->t[k] = g->given[k];
    tc_tensor_free(&g->own[k]);
  }
  return status;
}

tc_status tc_run_on_host(int kernel, tc_args *a) {
  guest g;
  memset(&g, 0, sizeof g);
  tc_status status = bring_all(&g, tc_kernel_table[kernel].signature, a);
  if (status == TC_OK) status = tc_run(kernel, a);
  return take_back(&g, a, status);
}
