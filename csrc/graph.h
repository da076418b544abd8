// A recorded sequence of calls, with its memory planned once, that is run again without Lua.
//
// While a thread records, every kernel call that it makes (tc_run, tc_run_pointwise) is also noted,
// fitted as the device's function got it. Storages are noted by when they are born, used and freed:
// those that are gone when the recording ends are temporaries, and share one block of memory.
#ifndef TOCHA_GRAPH_H
#define TOCHA_GRAPH_H

#include "tocha.h"

typedef struct tc_graph tc_graph;

// The graph that this thread records into, or NULL; `paused` above 0: calls are not noted just now
// (inside of a kernel, in what is to run live).
extern _Thread_local tc_graph *tc_recording;
extern _Thread_local int tc_recording_paused;

// How many threads record: a variable of a thread costs a call, which every operation would make.
extern atomic_int tc_recorders;

static inline bool tc_has_recording(void) {
  return atomic_load_explicit(&tc_recorders, memory_order_relaxed) > 0 && tc_recording;
}
static inline bool tc_is_recording(void) { return tc_has_recording() && tc_recording_paused == 0; }

tc_graph *tc_graph_new(void);  // NULL when there is no memory
void tc_graph_free(tc_graph *g);

// ---- what recording is told; each is for a thread that records -------------------------------

tc_status tc_graph_kernel(int id, const tc_args *a);
tc_status tc_graph_pointwise(const tc_pointwise *p);
tc_status tc_graph_live(int number);  // here the host does something by itself, in every run
// A call on lists of tensors that the host makes by itself, only with other numbers each time. It is
// recorded for tc_graph_again, and not a part of a run; `lists`: what tells the host's lists apart.
tc_status tc_graph_numbered(int id, const tc_args *a, const void *const *lists);
tc_status tc_graph_born(tc_storage *s);
void tc_graph_died(const tc_storage *s);
// The host has written values into this new storage: they stay, nothing else may lie there.
tc_status tc_graph_keep(tc_storage *s);
bool tc_graph_bore(const tc_storage *s);  // was it born during this recording?

// ---- a graph ---------------------------------------------------------------------------------

// Where random numbers came from while it was recorded: blocks first .. end - 1 under `seed`.
typedef struct tc_claim {
  uint64_t seed, first, end;
} tc_claim;

// Ends the recording: plans the memory, and takes it. Afterwards the graph can run.
tc_status tc_graph_finish(tc_graph *g, tc_claim claim);
// The next run draws its random numbers from block `first` on, under `seed`.
void tc_graph_draw(tc_graph *g, uint64_t seed, uint64_t first);
// Runs the calls from number *at on, up to the end (*live becomes -1), or to where the host has to do
// something (*live is which).
tc_status tc_graph_run(tc_graph *g, int *at, int *live);
// Is call `at` one of kernel `id` on these lists, which the host makes by itself?
bool tc_graph_is(const tc_graph *g, int at, int id, const void *const *lists);
// Makes it, with these numbers.
tc_status tc_graph_again(tc_graph *g, int at, const double *numbers);
// What runs wrote has changed: the versions of these storages go up.
void tc_graph_touch(tc_graph *g);

typedef struct tc_graph_sizes {
  size_t arena, temporaries, kept;  // bytes: the block, what lies in it, other results
} tc_graph_sizes;

tc_graph_sizes tc_graph_memory(const tc_graph *g);
int tc_graph_count(const tc_graph *g);
int tc_graph_captured(const tc_graph *g,
                      int *parts);                    // calls that the device runs in so many parts
const char *tc_graph_name(const tc_graph *g, int k);  // of call k
// Why the device runs call k by itself in every run, not as a part of what it has captured; NULL where it
// does not, or has captured nothing yet.
const char *tc_graph_outside(const tc_graph *g, int k);
// From now on what cannot be captured is an error of the run that would capture it, before any call of it.
void tc_graph_be_strict(tc_graph *g);

// ---- planning --------------------------------------------------------------------------------

// Bytes that are needed from call `first` to call `last`; the plan says where.
typedef struct tc_span {
  size_t bytes, offset;
  int first, last;
} tc_span;

// Puts spans that are needed at the same time apart. Says how many bytes all take together.
tc_status tc_plan(tc_span *span, int n, size_t *total);

#endif
