// What the two editors share: waiting for a key while signals may come, and asking Lua what Tab does.
//
// SIGINT, SIGWINCH and SIGCONT are taken while a line is read, and delivered only while wait_for_key
// waits, so that none falls between a look at the flags and the wait. A thread of OpenMP that gets one
// passes it on.
#ifndef TOCHA_EDITOR_H
#define TOCHA_EDITOR_H

#include <errno.h>
#include <lauxlib.h>
#include <lua.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

// ---- keys ------------------------------------------------------------------------------------

enum { KEY_SIGNALS = 3 };
static const int key_signals[KEY_SIGNALS] = {SIGINT, SIGWINCH, SIGCONT};

static volatile sig_atomic_t key_interrupted, key_resized, key_continued;

static struct {
  pthread_t owner;
  struct sigaction action[KEY_SIGNALS];
  sigset_t mask;
} key_before;

static void key_on_signal(int number) {
  if (!pthread_equal(pthread_self(), key_before.owner)) pthread_kill(key_before.owner, number);
  else if (number == SIGINT) key_interrupted = 1;
  else if (number == SIGWINCH) key_resized = 1;
  else key_continued = 1;
}

static void take_signals(void) {
  struct sigaction now;
  sigset_t ours;
  memset(&now, 0, sizeof now);
  now.sa_handler = key_on_signal;
  sigemptyset(&now.sa_mask);
  sigemptyset(&ours);
  key_interrupted = key_resized = key_continued = 0;
  key_before.owner = pthread_self();
  for (int k = 0; k < KEY_SIGNALS; k++) sigaddset(&ours, key_signals[k]);
  pthread_sigmask(SIG_BLOCK, &ours, &key_before.mask);
  for (int k = 0; k < KEY_SIGNALS; k++) sigaction(key_signals[k], &now, &key_before.action[k]);
}

// What comes from here on is for whoever took signals before.
static void give_signals_back(void) {
  for (int k = 0; k < KEY_SIGNALS; k++) sigaction(key_signals[k], &key_before.action[k], NULL);
  pthread_sigmask(SIG_SETMASK, &key_before.mask, NULL);
}

// 1: a byte (or the end) can be read; 0: a signal came; -1: neither will ever come.
static int wait_for_key(void) {
  struct pollfd in = {STDIN_FILENO, POLLIN, 0};
  if (ppoll(&in, 1, NULL, &key_before.mask) > 0) return 1;
  return errno == EINTR ? 0 : -1;
}

// ---- Tab -------------------------------------------------------------------------------------

static const char complete_key = 0;  // registry: the function that completes

// Pushes what f(before, after) gives, two values: what to insert and what to list; false, and perhaps
// something pushed, when there is no f or it fails.
static int ask_lua(lua_State *L, const char *before, size_t n, const char *after, size_t m) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &complete_key) != LUA_TFUNCTION) return 0;
  lua_pushlstring(L, before, n);
  lua_pushlstring(L, after, m);
  return lua_pcall(L, 2, 2, 0) == LUA_OK;
}

static int set_completion(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &complete_key);
  return 0;
}

static int open_module(lua_State *L, const char *name, lua_CFunction read, lua_CFunction add) {
  const luaL_Reg functions[] = {
      {"read", read}, {"add", add}, {"complete", set_completion}, {NULL, NULL}};
  luaL_newlib(L, functions);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "name");
  return 1;
}

#endif
