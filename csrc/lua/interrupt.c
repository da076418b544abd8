// Ctrl-C for the command: SIGINT becomes the Lua error "interrupted!".
//
// It is raised only inside core.interruptible, in whichever coroutine runs there, and only where an
// error does no harm: at a line of the user's, where a loop of the library begins again, or where an
// operation is called; not while a file of the library is loaded. A kernel that runs is not torn out of its work, and nothing in the library is
// left half done. The first SIGINT is raised once, so that scopes close and a pcall may catch it; a
// second that comes before the region is left is raised at every such place until it is. A C function
// that does not return to Lua gets `patience` signals, and the last ends the process. A library must
// not take signals from the program that embeds it: nothing here happens unless core.catch_interrupts
// is called.
#define _GNU_SOURCE  // ppoll
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "tl.h"

enum { DEEPEST = 200 };  // coroutines in coroutines: Lua's own limit of C calls

static struct {
  pthread_t owner;
  int patience;
  lua_State *running[DEEPEST];     // the state of the region, then what it resumed
  volatile sig_atomic_t depth;     // of `running`; 0: no region
  volatile sig_atomic_t asked;     // signals since the region began
  volatile sig_atomic_t waiting;   // of them, those after which nothing has been raised yet
  volatile sig_atomic_t was_last;  // did a signal come in the last region?
  const void *last_call;           // where the hook has been last: the call and the line
  int last_line;
} state;

// ---- the signal ------------------------------------------------------------------------------

static void set_hooks(lua_Hook hook, int mask) {
  for (int k = 0; k < state.depth && k < DEEPEST; k++) lua_sethook(state.running[k], hook, mask, 0);
}

static bool is_operation(lua_State *L, lua_Debug *where) {
  lua_getinfo(L, "f", where);
  const bool is = tl_is_operation(L, -1);
  lua_pop(L, 1);
  return is;
}

// A line after which comes one that does not lie below it, in the same call: a loop.
static bool begins_again(const lua_Debug *where) {
  const bool again = state.last_call == where->i_ci && where->currentline <= state.last_line;
  state.last_call = where->i_ci;
  state.last_line = where->currentline;
  return again;
}

// Half a file of the library would be worse than none.
static bool is_loading(lua_State *L) {
  lua_Debug frame;
  for (int level = 0; lua_getstack(L, level, &frame); level++) {
    lua_getinfo(L, "S", &frame);
    if (*frame.what == 'm' && tl_in_library(L, frame.source)) return true;
  }
  return false;
}

static bool may_raise(lua_State *L, lua_Debug *where) {
  if (where->event != LUA_HOOKLINE) return is_operation(L, where) && !is_loading(L);
  lua_getinfo(L, "Sl", where);
  return !tl_in_library(L, where->source) || (begins_again(where) && !is_loading(L));
}

static void raise_interrupt(lua_State *L, lua_Debug *where) {
  if (state.asked == 0) {  // a coroutine that an earlier region has left behind
    lua_sethook(L, NULL, 0, 0);
    return;
  }
  if (!may_raise(L, where)) return;
  state.waiting = 0;
  if (state.asked == 1) set_hooks(NULL, 0);
  tl_error(L, NULL, 0, NULL, "interrupted!");
}

static void end_process(int signal_number) {
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

static void warn_stuck(void) {
  static const char text[] = "\ntocha: waiting for C code to end; Ctrl-C again ends the program\n";
  if (write(STDERR_FILENO, text, sizeof text - 1) < 0) return;
}

static void on_signal(int signal_number) {
  if (!pthread_equal(pthread_self(), state.owner)) {
    pthread_kill(state.owner, signal_number);
    return;
  }
  if (state.depth == 0) return;
  state.asked++;
  if (++state.waiting >= state.patience) end_process(signal_number);
  else if (state.waiting > 1) warn_stuck();
  set_hooks(raise_interrupt, LUA_MASKCALL | LUA_MASKLINE);
}

// catch_interrupts(patience): true when SIGINT is Lua's from now on; false where whoever started the
// process has it ignored (a job in the background).
static int catch_interrupts(lua_State *L) {
  struct sigaction now, old;
  state.owner = pthread_self();
  state.patience = (int)luaL_checkinteger(L, 1);
  sigaction(SIGINT, NULL, &old);
  const bool ignored = old.sa_handler == SIG_IGN;
  now.sa_handler = on_signal;
  now.sa_flags = 0;  // no SA_RESTART: a read that waits ends
  sigemptyset(&now.sa_mask);
  if (!ignored) sigaction(SIGINT, &now, NULL);
  lua_pushboolean(L, !ignored);
  return 1;
}

// ---- the region ------------------------------------------------------------------------------

static int protect(lua_State *L, lua_State *runs, int nargs, int handler) {
  const int depth = state.depth;
  if (depth < DEEPEST) state.running[depth] = runs;
  state.depth = depth + 1;
  const int status = lua_pcall(L, nargs, LUA_MULTRET, handler);
  state.depth = depth;
  return status;
}

// interruptible(handler, f, ...): xpcall(f, handler, ...), with SIGINT as an error inside f.
static int interruptible(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  luaL_checkany(L, 2);
  const bool outermost = state.depth == 0, recording = tl_grad_enabled;
  if (outermost) state.waiting = 0;
  lua_pushboolean(L, 1);
  lua_insert(L, 2);
  const int status = protect(L, L, lua_gettop(L) - 3, 1);
  if (outermost) {
    state.was_last = state.asked > 0;
    state.asked = 0;
    state.last_call = NULL;
    if (state.was_last && status != LUA_OK) tl_grad_enabled = recording;
    lua_sethook(L, NULL, 0, 0);
  }
  if (status == LUA_OK) return lua_gettop(L) - 1;
  lua_pushboolean(L, 0);
  lua_insert(L, -2);
  return 2;
}

// interrupted(): has there been a SIGINT in the last region?
static int interrupted(lua_State *L) {
  lua_pushboolean(L, state.was_last);
  return 1;
}

// await_input(): waits until standard input can be read; false when SIGINT comes first. A signal
// just before a read would leave it waiting.
static int await_input(lua_State *L) {
  struct pollfd in = {STDIN_FILENO, POLLIN, 0};
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const bool ready = state.asked == 0 && (ppoll(&in, 1, NULL, &before) > 0 || errno != EINTR);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  lua_pushboolean(L, ready);
  return 1;
}

// die_interrupted(): closes the state and ends as a program does that SIGINT ends, so that a shell
// stops its loop as well; it sees status 130.
static int die_interrupted(lua_State *L) {
  lua_close(L);
  fflush(NULL);
  end_process(SIGINT);
  return 0;
}

// ---- coroutines ------------------------------------------------------------------------------

// The function at upvalue 1 resumes `co`; the arguments are on the stack.
static int resume_known(lua_State *L, lua_State *co) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  if (protect(L, co, lua_gettop(L) - 1, 0) != LUA_OK) return lua_error(L);
  return lua_gettop(L);
}

static int resume(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTHREAD);
  return resume_known(L, lua_tothread(L, 1));
}

static int resume_wrapped(lua_State *L) {
  return resume_known(L, lua_tothread(L, lua_upvalueindex(2)));
}

// Lua's closure holds its coroutine as an upvalue, the only one.
static int wrap(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  if (!lua_getupvalue(L, -1, 1) || !lua_isthread(L, -1)) return luaL_error(L, "unknown Lua");
  lua_pushcclosure(L, resume_wrapped, 2);
  return 1;
}

// follow_coroutines(): coroutine.resume and wrap tell from now on what runs, so that it can be
// interrupted. Otherwise they are as they were.
static int follow_coroutines(lua_State *L) {
  lua_getglobal(L, "coroutine");
  luaL_checktype(L, -1, LUA_TTABLE);
  lua_getfield(L, -1, "resume");
  lua_pushcclosure(L, resume, 1);
  lua_setfield(L, -2, "resume");
  lua_getfield(L, -1, "wrap");
  lua_pushcclosure(L, wrap, 1);
  lua_setfield(L, -2, "wrap");
  return 0;
}

void tl_interrupt_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"catch_interrupts", catch_interrupts},
                                       {"follow_coroutines", follow_coroutines},
                                       {"interruptible", interruptible},
                                       {"interrupted", interrupted},
                                       {"await_input", await_input},
                                       {"die_interrupted", die_interrupted},
                                       {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
