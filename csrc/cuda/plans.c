// A hash table with chains; entries hold value, then key, in one block.
#include "plans.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct tc_plan_entry {
  struct tc_plan_entry *next;
  uint64_t hash;
  size_t bytes;
  _Alignas(max_align_t) unsigned char data[];
} entry;

// FNV-1a (Fowler, Noll, Vo).
static uint64_t hash_of(const unsigned char *key, size_t bytes) {
  uint64_t h = 14695981039346656037U;
  for (size_t i = 0; i < bytes; i++) h = (h ^ key[i]) * 1099511628211U;
  return h;
}

void tc_plans_clear(tc_plans *p) {
  for (int i = 0; i < TC_PLAN_SLOTS; i++) {
    while (p->slots[i]) {
      entry *e = p->slots[i];
      p->slots[i] = e->next;
      if (p->drop) p->drop(e->data);
      free(e);
    }
  }
  p->count = 0;
}

static void *added(tc_plans *p, const void *key, size_t bytes, uint64_t hash) {
  if (p->count >= TC_PLANS_MOST) tc_plans_clear(p);
  entry *e = calloc(1, sizeof *e + p->value_bytes + bytes), **slot;
  if (!e) return NULL;
  slot = &p->slots[hash % TC_PLAN_SLOTS];
  e->next = *slot;
  e->hash = hash;
  e->bytes = bytes;
  memcpy(e->data + p->value_bytes, key, bytes);
  *slot = e;
  p->count++;
  return e->data;
}

void *tc_plans_at(tc_plans *p, const void *key, size_t bytes, bool *fresh) {
  const uint64_t hash = hash_of(key, bytes);
  *fresh = false;
  for (entry *e = p->slots[hash % TC_PLAN_SLOTS]; e; e = e->next)
    if (e->hash == hash && e->bytes == bytes && !memcmp(e->data + p->value_bytes, key, bytes))
      return e->data;
  *fresh = true;
  return added(p, key, bytes, hash);
}
