// Reading in a process of its own: what a damaged file does to libhdf5 ends that process alone.
#ifndef TOCHA_HDF5_APART_H
#define TOCHA_HDF5_APART_H

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hdf5.h"

enum { MEMORY_MORE = 1 << 30, WALL_SECONDS = 600 };

typedef struct reader {
  luaL_Stream stream;  // first: it is a file of Lua's
  pid_t child;
} reader;

// close(): true, or nil and why the other process gave up.
static int reader_end(lua_State *L) {
  reader *r = luaL_checkudata(L, 1, LUA_FILEHANDLE);
  fclose(r->stream.f);
  int status = 0;
  while (waitpid(r->child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    lua_pushboolean(L, 1);
    return 1;
  }
  lua_pushnil(L);
  lua_pushstring(L, WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU
                        ? "libhdf5 does not come to an end with it"
                        : "the file is damaged (libhdf5 fails on it)");
  return 2;
}

// Pages of address space that the process has; 0 where that is not told.
static rlim_t address_space(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file) return 0;
  if (fscanf(file, "%lu", &pages) != 1) pages = 0;
  fclose(file);
  return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void limit(int what, rlim_t most) {
  struct rlimit r;
  if (getrlimit(what, &r) != 0) return;
  if (r.rlim_max == RLIM_INFINITY || most < r.rlim_max) r.rlim_cur = most;
  setrlimit(what, &r);
}

// Never returns. Nothing of the parent's is freed or flushed here.
static void be_child(lua_State *L, int to, rlim_t seconds, rlim_t memory) {
  signal(SIGPIPE, SIG_DFL);
  signal(SIGSEGV, SIG_DFL);
  signal(SIGABRT, SIG_DFL);
  alarm(WALL_SECONDS);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, seconds);
  const rlim_t used = address_space();
  if (used) limit(RLIMIT_AS, used + memory);
  lua_gc(L, LUA_GCSTOP);
  luaL_Stream *s = lua_newuserdatauv(L, sizeof *s, 0);
  s->closef = NULL;
  s->f = fdopen(to, "wb");
  if (!s->f) _exit(1);
  s->closef = reader_end;  // "open"; it is never closed
  luaL_setmetatable(L, LUA_FILEHANDLE);
  const int ok = lua_pcall(L, 1, 0, 0) == LUA_OK && fflush(s->f) == 0;
  _exit(ok ? 0 : 1);
}

// apart(f, seconds, bytes): calls f(stream) in a process of its own, which may take so many seconds
// of the processor and, of memory, 1 GiB and so many bytes more. Returns the other end of the stream,
// a file to read from.
static int apart(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  const rlim_t seconds = (rlim_t)luaL_checkinteger(L, 2);
  const rlim_t memory = (rlim_t)luaL_checkinteger(L, 3) + MEMORY_MORE;
  lua_settop(L, 1);
  reader *r = lua_newuserdatauv(L, sizeof *r, 0);
  r->stream.closef = NULL;
  luaL_setmetatable(L, LUA_FILEHANDLE);
  lua_insert(L, 1);
  int ends[2];
  if (pipe(ends) != 0) return luaL_error(L, "hdf5: %s", strerror(errno));
  r->stream.f = fdopen(ends[0], "rb");
  r->child = r->stream.f ? fork() : -1;
  if (r->child == 0) {
    close(ends[0]);
    be_child(L, ends[1], seconds, memory);
  }
  close(ends[1]);
  if (r->child < 0) {
    if (r->stream.f) fclose(r->stream.f);
    else close(ends[0]);
    return luaL_error(L, "hdf5: no process to read in: %s", strerror(errno));
  }
  r->stream.closef = reader_end;
  lua_settop(L, 1);
  return 1;
}

#endif
