// Threads that run Lua: each makes a state of its own, runs what it was sent, and leaves its results.
//
// Promises: a thread computes on one core, whatever it calls; signals go to the program's own thread;
// collecting a handle never waits; a process that ends waits a moment for its threads, which cannot
// block on a channel any more, and then goes on without them.
#define _POSIX_C_SOURCE 200809L
#include <lualib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "thread.h"

typedef struct thread {
  struct thread *next;
  pthread_t id;
  char *path, *cpath;        // package.path and package.cpath of who started it
  tl_message *message;       // what to run; then the results
  bool ok;                   // with results; otherwise the message tells the error
  bool done, joined, owned;  // by the lock. owned: a handle is there, which will join it
} thread;

#define HANDLE "tocha.Thread"
static thread *threads;                // that are not joined yet; by the lock
static pthread_cond_t finished;        // one of them has ended
static _Thread_local thread *self;     // the thread that this is
static const double PATIENCE = 2.0;    // seconds that the end of the process waits
static const size_t PACE = 32u << 20;  // a worker collects more often: there are several

bool tl_must_stop(void) { return tl_stopping && self; }

// ---- in the thread ---------------------------------------------------------------------------

static void set_path(lua_State *L, const char *name, const char *value) {
  lua_getglobal(L, "package");
  lua_pushstring(L, value);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

// tocha.threads.entry(bytes, list) -> ok, bytes, list
static int run_protected(lua_State *L) {
  thread *t = lua_touserdata(L, 1);
  luaL_openlibs(L);
  set_path(L, "path", t->path);
  set_path(L, "cpath", t->cpath);
  lua_getglobal(L, "require");
  lua_pushliteral(L, "tocha.threads.entry");
  lua_call(L, 1, 1);
  tl_message **place = tl_message_box(L);
  *place = t->message;
  t->message = NULL;
  lua_insert(L, -2);
  tl_message_push(L, place);
  lua_call(L, 2, 3);
  t->message = tl_message_read(L, lua_gettop(L) - 1);
  t->ok = lua_toboolean(L, -3);
  return 0;
}

// An error here came before or after Lua could tell it: no module, no memory.
static void run_state(thread *t) {
  lua_State *L = luaL_newstate();
  if (L) {
    lua_pushcfunction(L, run_protected);
    lua_pushlightuserdata(L, t);
    if (lua_pcall(L, 1, 0, 0) == LUA_OK) {
      lua_close(L);
      return;
    }
  }
  tl_message_free(t->message);
  const char *text = L ? lua_tostring(L, -1) : NULL;
  t->message = tl_message_text(text ? text : "not enough memory for a Lua state");
  t->ok = false;
  if (L) lua_close(L);
}

static void *run(void *argument) {
  self = argument;
  tc_set_threads(1);
  tl_set_pace(PACE);
  run_state(self);
  pthread_mutex_lock(&tl_thread_lock);
  self->done = true;
  pthread_cond_broadcast(&finished);
  pthread_mutex_unlock(&tl_thread_lock);
  return NULL;
}

// ---- their ends ------------------------------------------------------------------------------

static void free_thread(thread *t) {
  tl_message_free(t->message);
  free(t->path);
  free(t->cpath);
  free(t);
}

// Takes out those that have ended and that no handle will join, or all that have ended.
static thread *take_ended(bool all) {
  thread *ended = NULL;
  for (thread **at = &threads; *at;) {
    thread *t = *at;
    if (!t->done || (t->owned && !all)) {
      at = &t->next;
      continue;
    }
    *at = t->next;
    t->next = ended;
    t->joined = true;
    ended = t;
  }
  return ended;
}

static void join_all(thread *t) {
  while (t) {
    thread *next = t->next;
    pthread_join(t->id, NULL);
    if (!t->owned) free_thread(t);
    t = next;
  }
}

static void reap(void) {
  pthread_mutex_lock(&tl_thread_lock);
  thread *ended = take_ended(false);
  pthread_mutex_unlock(&tl_thread_lock);
  join_all(ended);
}

static bool others_run(void) {
  for (const thread *t = threads; t; t = t->next)
    if (!t->done && t != self) return true;
  return false;
}

static pid_t owner;  // the process that made the threads: a child of fork has none of them

static void stop_all(void) {
  if (getpid() != owner) return;
  const tl_deadline until = tl_deadline_in(PATIENCE);
  pthread_mutex_lock(&tl_thread_lock);
  tl_stopping = true;
  tl_wake_channels();
  while (others_run() && tl_wait(&finished, &until)) continue;
  thread *ended = take_ended(true);
  pthread_mutex_unlock(&tl_thread_lock);
  join_all(ended);
}

static void prepare(void) {
  tl_cond_init(&finished);
  owner = getpid();
  atexit(stop_all);
}

// ---- Lua's functions -------------------------------------------------------------------------

static char *copy_text(const char *text) {
  const size_t n = strlen(text) + 1;
  char *copy = malloc(n);
  return copy ? memcpy(copy, text, n) : NULL;
}

// Signals stay with the program's own thread, where an interrupt means something.
static int start(thread *t) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const int failed = pthread_create(&t->id, NULL, run, t);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return failed;
}

static bool launch(thread *t) {
  pthread_mutex_lock(&tl_thread_lock);
  const bool started = !tl_stopping && start(t) == 0;
  if (started) {
    t->next = threads;
    threads = t;
  }
  pthread_mutex_unlock(&tl_thread_lock);
  return started;
}

// NULL when there is no memory; the message belongs to the thread, or is gone.
static thread *new_thread(tl_message *m, const char *path, const char *cpath) {
  thread *t = calloc(1, sizeof *t);
  if (!t) {
    tl_message_free(m);
    return NULL;
  }
  t->message = m;
  t->owned = true;
  t->path = copy_text(path);
  t->cpath = copy_text(cpath);
  return t;
}

// spawn(bytes, list or nil, path, cpath)
static int spawn(lua_State *L) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  const char *path = luaL_checkstring(L, 3), *cpath = luaL_checkstring(L, 4);
  pthread_once(&once, prepare);
  reap();
  thread **place = lua_newuserdatauv(L, sizeof *place, 0);
  *place = NULL;
  luaL_setmetatable(L, HANDLE);
  thread *t = new_thread(tl_message_read(L, 1), path, cpath);
  if (t && t->path && t->cpath && launch(t)) {
    *place = t;
    return 1;
  }
  if (t) free_thread(t);
  return tl_error(L, "spawn", 0, NULL, "the system gives no more threads");
}

static thread *check_thread(lua_State *L) {
  thread **place = luaL_testudata(L, 1, HANDLE);
  if (!place || !*place)
    tl_error(L, "thread", 1, NULL, "expected a thread that was not joined yet");
  return *place;
}

typedef enum ending { RUNS, ENDED, STOP } ending;

// Who waits in the program's own thread, while another ends the process, goes no further.
static ending wait_for(thread *t, double seconds) {
  const tl_deadline until = tl_deadline_in(seconds);
  pthread_mutex_lock(&tl_thread_lock);
  while ((!t->done || tl_stopping) && !tl_must_stop() && tl_wait(&finished, &until)) continue;
  const ending e = tl_must_stop() ? STOP : t->done && !tl_stopping ? ENDED : RUNS;
  pthread_mutex_unlock(&tl_thread_lock);
  return e;
}

// wait(thread, seconds): has it ended?
static int wait_thread(lua_State *L) {
  const ending e = wait_for(check_thread(L), luaL_checknumber(L, 2));
  if (e == STOP) return tl_error(L, "thread", 0, NULL, "the program ends");
  lua_pushboolean(L, e == ENDED);
  return 1;
}

static void unlink_thread(thread *t) {
  thread **at = &threads;
  while (*at && *at != t) at = &(*at)->next;
  if (*at) *at = t->next;
}

// The handle gives it up: joined and freed where it has ended, left to `reap` where it runs.
static void give_up(thread *t) {
  pthread_mutex_lock(&tl_thread_lock);
  t->owned = false;
  const bool done = t->done, joined = t->joined;
  if (done && !joined) unlink_thread(t);
  pthread_mutex_unlock(&tl_thread_lock);
  if (!done) return;
  if (!joined) pthread_join(t->id, NULL);
  free_thread(t);
}

// result(thread that has ended): ok, bytes, list. Once.
static int result(lua_State *L) {
  thread *t = check_thread(L);
  thread **handle = lua_touserdata(L, 1);
  if (wait_for(t, 0) != ENDED) return tl_error(L, "thread", 1, NULL, "it still runs");
  tl_message **place = tl_message_box(L);
  *place = t->message;
  t->message = NULL;
  const bool ok = t->ok;
  *handle = NULL;
  give_up(t);
  lua_pushboolean(L, ok);
  if (!*place) {
    lua_pushliteral(L, "not enough memory");
    return 2;
  }
  tl_message_push(L, place);
  return 3;
}

static int collect(lua_State *L) {
  thread **place = lua_touserdata(L, 1);
  if (*place) give_up(*place);
  *place = NULL;
  return 0;
}

// core.thread: the functions above.
void tl_thread_open(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"spawn", spawn}, {"wait", wait_thread}, {"result", result}, {NULL, NULL}};
  luaL_newlib(L, functions);
  luaL_newmetatable(L, HANDLE);
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  lua_setfield(L, -2, "thread");
}
