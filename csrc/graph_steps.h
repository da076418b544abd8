// Inside a graph: what graph.c notes while a thread records, and graph_run.c runs.
#ifndef TOCHA_GRAPH_STEPS_H
#define TOCHA_GRAPH_STEPS_H

#include "graph.h"

// What stands for a storage in the recorded calls.
typedef struct slot {
  tc_storage header;
  tc_storage *real;   // NULL: it was freed during the recording
  struct slot *next;  // in its bucket
  int64_t value;      // of a number, which has no storage of its own
  int first, last;    // the calls that use it; first is -1 before any did
  bool born;          // during the recording
  bool held;          // the graph has a reference to `real`
  bool written;
} slot;

typedef enum step_kind { KERNEL, POINTWISE, LIVE, NUMBERED } step_kind;

// `call` is one block: the arguments, then the tensors they point to.
typedef struct step {
  step_kind kind;
  int id;
  int random;  // the place of seed and offset among the integers, or -1
  uint64_t offset;
  const void *lists[TC_MAX_MANY];  // of a numbered one
  int part, end;                   // captured: this part, up to before step `end`; else `end` is 0
  bool alone;                      // cannot be captured
  char *why;                       // ... since the device said this; may be NULL
  union {
    tc_args *args;
    tc_pointwise *pointwise;
    void *call;
  };
  size_t bytes;
} step;

struct tc_graph {
  const tc_device *device;
  step *steps;
  int count, room;
  slot **slots;
  int slot_count, slot_room;
  slot **buckets;  // by the address of `real`, while recording
  void *arena;
  tc_captured *captured;
  int runs;
  bool strict;  // what cannot be captured is an error
  tc_graph_sizes sizes;
};

static inline tc_status no_memory(void) {
  return tc_fail(TC_NO_MEMORY, "not enough memory to record a step");
}

static inline void hold(slot *k) {
  if (k->held || k->real->embedded) return;  // whoever records keeps an embedded one's owner
  tc_storage_retain(k->real);
  k->held = true;
}

#endif
