// tocha.openmp: loads GNU's OpenMP library, with the threads of a pool waiting shortly.
//
// A thread that has nothing to do spins before it sleeps; by GNU's default for some milliseconds. A
// region of ours is followed by the next one within microseconds, or by none for long: spinning on
// gives nothing on a quiet machine, and where two processes share its cores a step of training took
// 70 times as long (48 ms against 0.66; with this, 1.9). The library reads its settings when it is
// loaded, so this comes before tocha.core. What the user has set stays; the environment is left as
// it was, for the processes that this one starts. In a thread that opens Tocha later the library is
// there, and the environment, which belongs to all threads, is left alone.
#define _POSIX_C_SOURCE 200112L
#include <dlfcn.h>
#include <lua.h>
#include <stdlib.h>

static const char *const VARIABLE = "GOMP_SPINCOUNT", *const SPINS = "2000";

static void *load(int flags) { return dlopen("libgomp.so.1", RTLD_NOW | RTLD_LOCAL | flags); }

static void *load_first(void) {
  const int free_to_set = !getenv(VARIABLE) && !getenv("OMP_WAIT_POLICY");
  if (free_to_set) setenv(VARIABLE, SPINS, 1);
  void *library = load(0);
  if (free_to_set) unsetenv(VARIABLE);
  return library;
}

__attribute__((visibility("default"))) int luaopen_tocha_openmp(lua_State *L);
int luaopen_tocha_openmp(lua_State *L) {
  lua_pushboolean(L, load(RTLD_NOLOAD) || load_first());
  return 1;
}
