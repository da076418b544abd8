// The pace of Lua's collector, which sees small userdata and not the megabytes behind them.
//
// It collects by generations: most results die young, and a young collection frees them in
// microseconds, while their memory is still in the cache for the next result. One runs every YOUNG
// bytes, before memory is taken. What lived through two of them (the activations of a large network)
// waits for a full collection: it runs when half of what was alive after the last one (GROWTH at the
// least) has come and stayed; and, where it costs a small share of the time, after a backward sweep,
// which has let go of them, and before there is more memory in use than ever. A thread of ours goes by
// what it allocated: most of what is alive belongs to others. A program that turns to the incremental
// mode gets a step of it where a young collection would have run.
#define _POSIX_C_SOURCE 199309L
#include <time.h>

#include "tl.h"

static const size_t YOUNG = 4u << 20, SOME = 16u << 20, GROWTH = 128u << 20;
enum { SHARE = 16 };  // collecting takes at most one part of the time in so many

static _Thread_local size_t own_pace, since_young, since_full, alive, swept, most;
static _Thread_local double young_rests, full_rests;  // until then

void tl_set_pace(size_t bytes) { own_pace = bytes; }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static bool full_is_due(void) {
  if (own_pace) return since_full >= own_pace;
  const size_t in_use = tc_memory_stats().in_use;
  if (in_use >= alive + larger(alive / 2, GROWTH)) return true;
  if (in_use <= larger(most, GROWTH)) return false;
  if (now() >= full_rests) return true;
  most = in_use;
  return false;
}

// A large heap makes collections slow: the next one of its kind rests for as long as its share asks.
static void collect(lua_State *L, int what, double *rests) {
  const double start = now();
  lua_gc(L, what, 0);
  const double end = now();
  *rests = end + SHARE * (end - start);
}

void tl_collect(lua_State *L) {
  since_full = since_young = 0;
  collect(L, LUA_GCCOLLECT, &full_rests);
  alive = tc_memory_stats().in_use;
}

static void collect_young(lua_State *L) {
  if (now() < young_rests) return;
  since_young = 0;
  collect(L, LUA_GCSTEP, &young_rests);
}

void tl_pace(lua_State *L, size_t bytes) {
  since_young += bytes;
  since_full += bytes;
  if (since_young < YOUNG) return;
  if (full_is_due()) tl_collect(L);
  else collect_young(L);
}

// Against what was alive the last time: within a step there is more.
void tl_swept(lua_State *L) {
  if (own_pace || tc_memory_stats().in_use < swept + larger(swept / 8, SOME)) return;
  if (now() < full_rests) return;
  tl_collect(L);
  swept = alive;
}

// Lua before 5.4.4 is known to lose track of objects between generations.
void tl_collector_open(lua_State *L) {
  if (LUA_VERSION_RELEASE_NUM >= 50404) lua_gc(L, LUA_GCGEN, 0, 0);
}
