// Lua's own memory fails: allocation n of a short script is refused, for n = 1, 2, 3 ..., until it
// goes through. Each time the script must end in an error that Lua can catch, lua_close must find
// everything in order, and no tensor may stay behind. Then the same script with a collection at
// every instruction, and two states side by side.
//
//   oom FOLDER-OF-LUA-FILES FOLDER-OF-core.so [first n [last n]]
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char script[] =
    "local tocha = require 'tocha'\n"
    "local nn = tocha.nn\n"
    "local x = tocha.tensor({{1, 2, 3}, {4, 5, 6.5}}):requires_grad_()\n"
    "local big = tocha.ones(40, 40)\n"
    "local v = x[{{1, 2}, 1}]\n"
    "local y = (x:t():reshape(6) * 2):sin():sum() + v:exp():sum() + tocha.cat({x, x}):mean()\n"
    "y:register_hook(function(g) return g * 2 end)\n"
    "y:backward()\n"
    "local _ = tostring(x.grad) .. tostring(big:narrow(1, 1, 3))\n"
    "local part = big:select(1, 2)\n"
    "part:mul_(3)\n"
    "big[{1, {2, 3}}] = 5\n"
    "_ = big[tocha.tensor {1, 3}]:totable()\n"
    "local layer = nn.Linear(3, 2)\n"
    "layer(x:detach()):pow(2):sum():backward()\n"
    "local ok, why = pcall(function() return x + tocha.ones(5) end)\n"
    "if ok then error 'no error' end\n"
    "if not why:find 'broadcast' then error(why, 0) end\n"
    "do local _ <close> = tocha.no_grad() x:mul_(0.5) end\n"
    "if not tocha.is_grad_enabled() then error 'recording stayed off' end\n";

// Refuses the allocation whose turn it is and every later one.
typedef struct budget {
  long left;  // 0: none is refused
  int refused;
} budget;

static void *limited(void *context, void *p, size_t old, size_t new) {
  budget *b = context;
  if (new == 0) {
    free(p);
    return NULL;
  }
  const int grows = !p || new > old;
  if (grows && b->left > 0 && --b->left == 0) {
    b->left = 1;  // and so it stays: memory is gone
    b->refused = 1;
    return NULL;
  }
  return realloc(p, new);
}

static int set_paths(lua_State *L) {
  lua_getglobal(L, "package");
  lua_pushfstring(L, "%s/?.lua;%s/?/init.lua", lua_tostring(L, 1), lua_tostring(L, 1));
  lua_setfield(L, -2, "path");
  lua_pushfstring(L, "%s/?.so", lua_tostring(L, 2));
  lua_setfield(L, -2, "cpath");
  return 0;
}

static lua_State *open(budget *b, char **folders) {
  lua_State *L = lua_newstate(limited, b);
  luaL_openlibs(L);
  lua_pushcfunction(L, set_paths);
  lua_pushstring(L, folders[0]);
  lua_pushstring(L, folders[1]);
  lua_call(L, 2, 0);
  return L;
}

static int run_text(lua_State *L, const char *text) {
  if (luaL_loadstring(L, text)) return LUA_ERRSYNTAX;
  return lua_pcall(L, 0, LUA_MULTRET, 0);
}

static int fail(const char *what, long n, lua_State *L) {
  fprintf(stderr, "allocation %ld: %s: %s\n", n, what,
          L && lua_tostring(L, -1) ? lua_tostring(L, -1) : "");
  return 1;
}

// What tensors hold, by a state of its own that never runs short.
static long in_use(lua_State *L) {
  if (run_text(L, "collectgarbage() collectgarbage() return require 'tocha'.memory().in_use"))
    return -1;
  const long bytes = (long)lua_tointeger(L, -1);
  lua_settop(L, 0);
  return bytes;
}

enum { GOES_ON = 2 };

// 0: the script went through, GOES_ON: it was refused memory and said so, 1: something is wrong.
static int refuse(long n, const char *mode, int load_first, char **folders, lua_State *watch) {
  budget b = {0, 0};
  const long before = in_use(watch);
  lua_State *L = open(&b, folders);
  int wrong = 0;
  if (run_text(L, mode)) wrong = fail("mode", n, L);
  if (load_first && run_text(L, "require 'tocha'")) wrong = fail("load", n, L);
  b.left = n;
  const int status = run_text(L, script);
  b.left = 0;
  if (status != LUA_OK && !b.refused) wrong = fail("an error without cause", n, L);
  if (status != LUA_OK && !lua_tostring(L, -1)) wrong = fail("an error without words", n, NULL);
  lua_settop(L, 0);
  if (load_first &&
      run_text(L, "local t = require 'tocha'\n"
                  "assert(t.is_grad_enabled(), 'recording is off')\n"
                  "local x = t.ones(3):requires_grad_() local y = x * x y:sum():backward()\n"
                  "assert(x.grad:sum():item() == 6)"))
    wrong = fail("afterwards", n, L);
  lua_close(L);
  if (in_use(watch) != before) wrong = fail("tensors are left", n, NULL);
  if (wrong) return 1;
  return b.refused ? GOES_ON : 0;
}

static long step_after(long n) { return n < 300 ? 1 : n / 20; }

static int refuse_in_turn(const char *mode, int load_first, char **folders, lua_State *watch,
                          long first, long last) {
  long n = first, tried = 0;
  for (; n <= last; n += step_after(n), tried++) {
    const int result = refuse(n, mode, load_first, folders, watch);
    if (result == 1) return 1;
    if (result == 0) break;
  }
  printf("%s%s: %ld refusals, went through with %ld allocations\n", mode,
         load_first ? "" : " while loading", tried, n);
  return 0;
}

static void collect(lua_State *L, lua_Debug *ar) {
  (void)ar;
  lua_gc(L, LUA_GCCOLLECT);
}

// What is not anchored is gone at the next instruction.
static int collect_always(char **folders, const char *mode) {
  budget b = {0, 0};
  lua_State *L = open(&b, folders);
  int wrong = run_text(L, mode) || run_text(L, "require 'tocha' require 'tocha.nn'");
  lua_sethook(L, collect, LUA_MASKCOUNT, 16);
  if (!wrong && run_text(L, script)) wrong = fail("collecting always", 0, L);
  lua_sethook(L, NULL, 0, 0);
  lua_close(L);
  printf("a collection at every instruction: %s\n", wrong ? "wrong" : "ok");
  return wrong;
}

// Two states share the library's memory and nothing else; errors of a closed one leave no trace.
static int two_states(char **folders) {
  budget b = {0, 0};
  int wrong = 0;
  lua_State *one = open(&b, folders), *two = open(&b, folders);
  if (run_text(one, script) || run_text(two, script)) wrong = fail("two states", 0, NULL);
  lua_settop(one, 0);
  if (!run_text(one, "local t = require 'tocha' t.autograd.Function { name = 'odd' .. 1,\n"
                     "forward = function() error 'no' end, backward = print } (t.ones(2))"))
    wrong = fail("an error was swallowed", 0, NULL);
  lua_close(one);
  if (run_text(two, "local t = require 'tocha' collectgarbage()\n"
                    "local ok, why = pcall(t.tensor, {1, {2}})\n"
                    "assert(not ok and why:find 'tensor', why)\n"
                    "require 'tocha.core'.is_tensor(1)\n"
                    "ok, why = pcall(require 'tocha.core'.fail, 'op', 1, 'a text')\n"
                    "assert(why:find 'a text', why)\n"))
    wrong = fail("the other state", 0, two);
  if (run_text(two, script)) wrong = fail("the other state", 0, two);
  lua_close(two);
  printf("two states: %s\n", wrong ? "wrong" : "ok");
  return wrong;
}

int main(int argc, char **argv) {
  if (argc < 3) return fprintf(stderr, "usage: oom LUA-FOLDER CORE-FOLDER [first [last]]\n"), 2;
  const long first = argc > 3 ? atol(argv[3]) : 1, last = argc > 4 ? atol(argv[4]) : 1L << 30;
  char **folders = argv + 1;
  budget free_budget = {0, 0};
  lua_State *watch = open(&free_budget, folders);
  if (run_text(watch, script)) return fail("the script itself", 0, watch);
  lua_settop(watch, 0);
  int wrong = two_states(folders);
  wrong |= collect_always(folders, "collectgarbage 'incremental'");
  wrong |= collect_always(folders, "collectgarbage 'generational'");
  wrong |= refuse_in_turn("collectgarbage 'incremental'", 1, folders, watch, first, last);
  wrong |= refuse_in_turn("collectgarbage 'generational'", 1, folders, watch, first, last);
  wrong |= refuse_in_turn("collectgarbage 'incremental'", 0, folders, watch, 600, last);
  lua_close(watch);
  return wrong;
}
