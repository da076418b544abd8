// What autograd.lua asks of tensors and nodes: recording on or off, nodes, gradients, versions.
#include "graph.h"
#include "tape.h"

static int set_tape(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  tl_set_tape(L);
  return 0;
}

static int grad_enabled(lua_State *L) {
  const bool was = tl_grad_enabled;
  if (!lua_isnone(L, 1)) tl_grad_enabled = lua_toboolean(L, 1);
  lua_pushboolean(L, was);
  return 1;
}

static int turn_on(lua_State *L) {
  (void)L;
  tl_grad_enabled = true;
  return 0;
}

static int turn_off(lua_State *L) {
  (void)L;
  tl_grad_enabled = false;
  return 0;
}

// grad_scope(flag): recording or not from now on, until the scope that it gives closes. There are two scopes, by what
// was before: every step opens some, and makes none.
static int grad_scope(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(tl_grad_enabled ? 1 : 2));
  tl_grad_enabled = lua_toboolean(L, 1);
  return 1;
}

static void push_scope(lua_State *L, lua_CFunction leave) {
  lua_createtable(L, 0, 0);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, leave);
  lua_setfield(L, -2, "__close");
  lua_setmetatable(L, -2);
}

// tracing(f or nil): nodes made from now on remember what f() gives; returns the f before.
static int tracing(lua_State *L) {
  lua_settop(L, 1);
  tl_tracing = lua_toboolean(L, 1);
  tl_push_tape(L, NULL);
  lua_getfield(L, -1, "trace");
  lua_pushvalue(L, 1);
  lua_setfield(L, -3, "trace");
  return 1;
}

// set_node(x, node or nil): also sets requires_grad.
static int set_node(lua_State *L) {
  tl_tensor *x = tl_check(L, 1);
  lua_settop(L, 2);
  x->requires_grad = tl_to_node(L, 2) != NULL;
  if (x->t.storage) x->view_version = x->t.storage->version;
  lua_setiuservalue(L, 1, TL_NODE);
  return 0;
}

// What the sweep made and nobody has looked at goes back at once: it may be as large as all weights.
static void drop_grad(lua_State *L, int index) {
  lua_getiuservalue(L, index, TL_GRAD);
  tl_tensor *g = tl_to(L, -1);
  lua_pop(L, 1);
  if (!g || !g->unseen || !g->t.storage || g->t.storage->embedded || tc_has_recording()) return;
  if (atomic_load(&g->t.storage->refs) == 1) tc_tensor_free(&g->t);
}

static int set_grad(lua_State *L) {
  tl_check(L, 1);
  lua_settop(L, 2);
  if (lua_isnil(L, 2)) drop_grad(L, 1);
  tl_grad_used(L, 1, false);
  lua_setiuservalue(L, 1, TL_GRAD);
  return 0;
}

// drop_grads(list): none of the tensors has a gradient any more.
static int drop_grads(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  for (lua_Integer k = 1; lua_rawgeti(L, 1, k) != LUA_TNIL; k++) {
    tl_check(L, 2);
    drop_grad(L, 2);
    tl_grad_used(L, 2, false);
    lua_pushnil(L);
    lua_setiuservalue(L, 2, TL_GRAD);
    lua_settop(L, 1);
  }
  return 0;
}

// grad(x): x.grad, for a caller that holds it no longer than the step.
static int grad(lua_State *L) {
  tl_check(L, 1);
  lua_getiuservalue(L, 1, TL_GRAD);
  return 1;
}

static int base(lua_State *L) {
  tl_check(L, 1);
  lua_getiuservalue(L, 1, TL_BASE);
  return 1;
}

// versions(tensors...): the sum of their versions, which grows when one of them is written into
static int versions(lua_State *L) {
  lua_Integer sum = 0;
  for (int k = lua_gettop(L); k > 0; k--) sum += tl_versions_of(L, k);
  lua_pushinteger(L, sum);
  return 1;
}

// version(x): grows with every write into x's memory.
static int version(lua_State *L) {
  lua_pushinteger(L, tl_versions_of(L, 1));
  return 1;
}

// keep_grad(g): g belongs to the caller; no leaf may take it as its own.
static int keep_grad(lua_State *L) {
  tl_check(L, 1)->kept = true;
  return 0;
}

bool tl_is_own(const tl_tensor *g) {
  return !g->kept && g->t.storage && atomic_load(&g->t.storage->refs) == 1 &&
         (tc_is_contiguous(&g->t) || tc_is_channels_last(&g->t));
}

// take_grad(x, g): x.grad = g, unless g shares its memory or belongs to somebody; says whether.
static int take_grad(lua_State *L) {
  tl_tensor *g = tl_check(L, 2);
  const bool mine = tl_is_own(g);
  if (mine) {
    g->kept = true;
    tl_grad_used(L, 1, true);
    lua_settop(L, 2);
    lua_setiuservalue(L, 1, TL_GRAD);
  }
  lua_pushboolean(L, mine);
  return 1;
}

static int is_ghost(lua_State *L) {
  lua_pushboolean(L, tl_check(L, 1)->t.storage == NULL);
  return 1;
}

// The storage as a key, and how many tensors see it.
static int storage(lua_State *L) {
  tc_storage *s = tl_check(L, 1)->t.storage;
  if (!s) return 0;
  lua_pushlightuserdata(L, s);
  lua_pushinteger(L, atomic_load(&s->refs));
  return 2;
}

static int ghost(lua_State *L) {
  tl_push_ghost(L, tl_check(L, 1));
  return 1;
}

// detach(x): the same values, off the tape.
static int detach(lua_State *L) {
  tl_check(L, 1);
  tl_promote(L, 1);
  tl_push(L);
  tl_share(L, 1, -1, false);
  return 1;
}

// set_data(x, y): x now has y's values and shape; its place on the tape stays.
static int set_data(lua_State *L) {
  tl_check(L, 1)->is_view = false;
  tl_check_values(L, 2);
  tl_promote(L, 2);
  tl_share(L, 2, 1, false);
  return 0;
}

static int before_write(lua_State *L) {
  tl_check(L, 1);
  tl_before_write(L, luaL_checkstring(L, 2), 1);
  return 0;
}

void tl_autograd_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"set_tape", set_tape},
                                       {"grad_enabled", grad_enabled},
                                       {"tracing", tracing},
                                       {"set_node", set_node},
                                       {"set_grad", set_grad},
                                       {"drop_grads", drop_grads},
                                       {"grad", grad},
                                       {"base", base},
                                       {"versions", versions},
                                       {"version", version},
                                       {"keep_grad", keep_grad},
                                       {"take_grad", take_grad},
                                       {"is_ghost", is_ghost},
                                       {"storage", storage},
                                       {"ghost", ghost},
                                       {"detach", detach},
                                       {"set_data", set_data},
                                       {"before_write", before_write},
                                       {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
  push_scope(L, turn_on);
  push_scope(L, turn_off);
  lua_pushcclosure(L, grad_scope, 2);
  lua_setfield(L, -2, "grad_scope");
}
