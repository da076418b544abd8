// Channels: queues of messages between Lua states. lua/tocha/threads makes messages of Lua values.
#define _POSIX_C_SOURCE 200809L
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "thread.h"

struct tl_channel {
  int refs;  // Lua's handles, in any state, and messages that hold it. This and all else: by the lock
  int count, capacity;
  bool closed;
  tl_message *first, *last;
  pthread_cond_t readable, writable;
  tl_channel *next, *previous;  // all channels there are
};

pthread_mutex_t tl_thread_lock = PTHREAD_MUTEX_INITIALIZER;
bool tl_stopping;
static tl_channel *channels;
static const char channel_key = 0;

// ---- waiting ---------------------------------------------------------------------------------

#ifdef __APPLE__
enum { CLOCK = CLOCK_REALTIME };
#else
enum { CLOCK = CLOCK_MONOTONIC };
#endif

void tl_cond_init(pthread_cond_t *cond) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
#ifndef __APPLE__
  pthread_condattr_setclock(&attributes, CLOCK);
#endif
  pthread_cond_init(cond, &attributes);
  pthread_condattr_destroy(&attributes);
}

tl_deadline tl_deadline_in(double seconds) {
  tl_deadline d;
  if (!(seconds > 0)) seconds = 0;
  if (seconds > 1e6) seconds = 1e6;
  clock_gettime(CLOCK, &d.at);
  const long whole = (long)seconds;
  d.at.tv_sec += whole;
  d.at.tv_nsec += (long)((seconds - (double)whole) * 1e9);
  if (d.at.tv_nsec >= 1000000000) {
    d.at.tv_sec++;
    d.at.tv_nsec -= 1000000000;
  }
  return d;
}

bool tl_wait(pthread_cond_t *cond, const tl_deadline *until) {
  return pthread_cond_timedwait(cond, &tl_thread_lock, &until->at) == 0;
}

void tl_wake_channels(void) {
  for (tl_channel *c = channels; c; c = c->next) {
    pthread_cond_broadcast(&c->readable);
    pthread_cond_broadcast(&c->writable);
  }
}

// ---- the life of a channel -------------------------------------------------------------------

static tl_channel *channel_new(int capacity) {
  tl_channel *c = calloc(1, sizeof *c);
  if (!c) return NULL;
  c->refs = 1;
  c->capacity = capacity;
  tl_cond_init(&c->readable);
  tl_cond_init(&c->writable);
  pthread_mutex_lock(&tl_thread_lock);
  c->next = channels;
  if (channels) channels->previous = c;
  channels = c;
  pthread_mutex_unlock(&tl_thread_lock);
  return c;
}

void tl_channel_retain(tl_channel *c) {
  pthread_mutex_lock(&tl_thread_lock);
  c->refs++;
  pthread_mutex_unlock(&tl_thread_lock);
}

static void unlink_channel(tl_channel *c) {
  if (c->previous) c->previous->next = c->next;
  else channels = c->next;
  if (c->next) c->next->previous = c->previous;
}

static void free_all(tl_message *m) {
  while (m) {
    tl_message *next = m->next;
    tl_message_free(m);
    m = next;
  }
}

void tl_channel_release(tl_channel *c) {
  if (!c) return;
  pthread_mutex_lock(&tl_thread_lock);
  const bool last = --c->refs == 0;
  if (last) unlink_channel(c);
  pthread_mutex_unlock(&tl_thread_lock);
  if (!last) return;
  free_all(c->first);
  pthread_cond_destroy(&c->readable);
  pthread_cond_destroy(&c->writable);
  free(c);
}

// ---- sending and receiving -------------------------------------------------------------------

typedef enum outcome { DONE, CLOSED, TIMEOUT } outcome;

static int push_failure(lua_State *L, outcome o) {
  lua_pushboolean(L, false);
  lua_pushstring(L, o == CLOSED ? "closed" : "timeout");
  return 2;
}

// The channel owns `m` when this returns DONE.
static outcome put(tl_channel *c, tl_message *m, double seconds) {
  const tl_deadline until = tl_deadline_in(seconds);
  outcome o = DONE;
  pthread_mutex_lock(&tl_thread_lock);
  while (!c->closed && !tl_must_stop() && c->count >= c->capacity && o == DONE)
    if (!tl_wait(&c->writable, &until)) o = TIMEOUT;
  if (c->closed || tl_must_stop()) {
    o = CLOSED;
  } else if (c->count < c->capacity) {
    o = DONE;
    if (c->last) c->last->next = m;
    else c->first = m;
    c->last = m;
    c->count++;
    pthread_cond_signal(&c->readable);
  }
  pthread_mutex_unlock(&tl_thread_lock);
  return o;
}

static outcome get(tl_channel *c, tl_message **m, double seconds) {
  const tl_deadline until = tl_deadline_in(seconds);
  outcome o = DONE;
  pthread_mutex_lock(&tl_thread_lock);
  while (!c->first && !c->closed && !tl_must_stop() && o == DONE)
    if (!tl_wait(&c->readable, &until)) o = TIMEOUT;
  if (tl_must_stop()) {
    o = CLOSED;
  } else if (c->first) {
    o = DONE;
    *m = c->first;
    c->first = c->first->next;
    if (!c->first) c->last = NULL;
    (*m)->next = NULL;
    c->count--;
    pthread_cond_signal(&c->writable);
  } else if (c->closed) {
    o = CLOSED;
  }
  pthread_mutex_unlock(&tl_thread_lock);
  return o;
}

// ---- handles ---------------------------------------------------------------------------------

typedef struct handle {
  tl_channel *channel;  // NULL once it was collected
} handle;

static handle *to_handle(lua_State *L, int index) {
  void *p = lua_touserdata(L, index);
  if (!p || !lua_getmetatable(L, index)) return NULL;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &channel_key);
  const bool is = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return is ? p : NULL;
}

tl_channel *tl_channel_at(lua_State *L, int index) {
  const handle *h = to_handle(L, index);
  return h ? h->channel : NULL;
}

void tl_channel_push(lua_State *L, tl_channel **place) {
  handle *h = lua_newuserdatauv(L, sizeof *h, 0);
  h->channel = NULL;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &channel_key);
  lua_setmetatable(L, -2);
  h->channel = *place;
  *place = NULL;
}

static tl_channel *check_channel(lua_State *L) {
  tl_channel *c = tl_channel_at(L, 1);
  if (!c) tl_error(L, "channel", 1, NULL, "expected a channel");
  return c;
}

// ---- Lua's functions -------------------------------------------------------------------------

// new(capacity or nil)
static int new_channel(lua_State *L) {
  const lua_Integer capacity = luaL_optinteger(L, 1, INT_MAX);
  if (capacity < 1 || capacity > INT_MAX)
    return tl_error(L, "channel", 1, "capacity", "expected a positive integer");
  tl_channel *c = NULL;
  tl_channel_push(L, &c);
  handle *h = lua_touserdata(L, -1);
  h->channel = channel_new((int)capacity);
  if (!h->channel) return tl_error(L, "channel", 0, NULL, "not enough memory");
  return 1;
}

// send(channel, seconds, bytes, list or nil): true; or false and "closed" or "timeout".
static int send(lua_State *L) {
  tl_channel *c = check_channel(L);
  const double seconds = luaL_checknumber(L, 2);
  lua_settop(L, 4);
  tl_message *m = tl_message_read(L, 3);
  const outcome o = put(c, m, seconds);
  if (o != DONE) {
    tl_message_free(m);
    return push_failure(L, o);
  }
  lua_pushboolean(L, true);
  return 1;
}

// receive(channel, seconds): true, bytes, list or nil; or false and "closed" or "timeout".
static int receive(lua_State *L) {
  tl_channel *c = check_channel(L);
  tl_message **place = tl_message_box(L);
  const outcome o = get(c, place, luaL_checknumber(L, 2));
  if (o != DONE) return push_failure(L, o);
  lua_pushboolean(L, true);
  tl_message_push(L, place);
  return 3;
}

// close(channel, discard): nobody sends any more; what is queued may still be received, unless it is
// discarded. Whoever waits wakes up.
static int close_channel(lua_State *L) {
  tl_channel *c = tl_channel_at(L, 1);
  tl_message *queued = NULL;
  if (!c) return 0;
  pthread_mutex_lock(&tl_thread_lock);
  c->closed = true;
  if (lua_toboolean(L, 2)) {
    queued = c->first;
    c->first = c->last = NULL;
    c->count = 0;
  }
  pthread_cond_broadcast(&c->readable);
  pthread_cond_broadcast(&c->writable);
  pthread_mutex_unlock(&tl_thread_lock);
  free_all(queued);
  return 0;
}

// state(channel): how many messages are queued; is it closed?
static int state(lua_State *L) {
  const tl_channel *c = check_channel(L);
  pthread_mutex_lock(&tl_thread_lock);
  const int count = c->count;
  const bool closed = c->closed || tl_must_stop();
  pthread_mutex_unlock(&tl_thread_lock);
  lua_pushinteger(L, count);
  lua_pushboolean(L, closed);
  return 2;
}

static int is_channel(lua_State *L) {
  lua_pushboolean(L, to_handle(L, 1) != NULL);
  return 1;
}

static int same_channel(lua_State *L) {
  const tl_channel *a = tl_channel_at(L, 1);
  lua_pushboolean(L, a && a == tl_channel_at(L, 2));
  return 1;
}

static int collect(lua_State *L) {
  handle *h = lua_touserdata(L, 1);
  tl_channel_release(h->channel);
  h->channel = NULL;
  return 0;
}

// core.channel: the functions above, and `metatable`, which Lua gives the methods.
void tl_channel_open(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"new", new_channel}, {"send", send},     {"receive", receive}, {"close", close_channel},
      {"state", state},     {"is", is_channel}, {NULL, NULL}};
  static const luaL_Reg events[] = {{"__gc", collect}, {"__eq", same_channel}, {NULL, NULL}};
  luaL_newlib(L, functions);
  luaL_newlib(L, events);
  lua_pushliteral(L, "tocha.Channel");
  lua_setfield(L, -2, "__name");
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &channel_key);
  lua_setfield(L, -2, "metatable");
  lua_setfield(L, -2, "channel");
}
