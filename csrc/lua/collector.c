// The pace of Lua's collector, which sees small userdata and not the megabytes behind them.
//
// It collects by generations: most results die young, and a young collection frees them in
// microseconds, while their memory is still in the cache for the next result. One runs every YOUNG
// bytes, before memory is taken. What lived through two of them waits for a full collection: it runs
// when half of what was alive after the last one (GROWTH at the least) has come and stayed. A thread
// of ours goes by what it allocated: most of what is alive belongs to others. A program that turns to
// the incremental mode gets a step of it where a young collection would have run.
#define _POSIX_C_SOURCE 199309L
#include <time.h>

#include "tl.h"

static const size_t YOUNG = 4u << 20, GROWTH = 128u << 20;

static _Thread_local size_t own_pace, since_young, since_full, alive;
static _Thread_local double rest_until;

void tl_set_pace(size_t bytes) { own_pace = bytes; }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool full_is_due(void) {
  if (own_pace) return since_full >= own_pace;
  const size_t room = alive / 2 > GROWTH ? alive / 2 : GROWTH;
  return tc_memory_stats().in_use >= alive + room;
}

void tl_collect(lua_State *L) {
  since_full = since_young = 0;
  lua_gc(L, LUA_GCCOLLECT);
  alive = tc_memory_stats().in_use;
}

// A large table that keeps growing makes young collections slow: they get a share of the time.
static void collect_young(lua_State *L) {
  enum { SHARE = 16 };
  const double start = now();
  if (start < rest_until) return;
  since_young = 0;
  lua_gc(L, LUA_GCSTEP, 0);
  const double end = now();
  rest_until = end + SHARE * (end - start);
}

void tl_pace(lua_State *L, size_t bytes) {
  since_young += bytes;
  since_full += bytes;
  if (since_young < YOUNG) return;
  if (full_is_due()) tl_collect(L);
  else collect_young(L);
}

// Lua before 5.4.4 is known to lose track of objects between generations.
void tl_collector_open(lua_State *L) {
  if (LUA_VERSION_RELEASE_NUM >= 50404) lua_gc(L, LUA_GCGEN, 0, 0);
}
