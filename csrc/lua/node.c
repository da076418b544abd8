// Nodes of the tape: making one, what it keeps, and how Lua sees it.
#include <string.h>

#include "tape.h"

static const uint64_t MAGIC = 0x3165646f6e;  // "node1"
static const char metatable_key = 0;

tl_node *tl_to_node(lua_State *L, int index) {
  tl_node *n = lua_touserdata(L, index);
  if (!n || lua_rawlen(L, index) < sizeof *n) return NULL;
  return n->magic == MAGIC ? n : NULL;
}

tl_node *tl_new_node(lua_State *L, const tl_op *op, int nargs, int edges) {
  const int refs = 1 + nargs + edges;
  tl_node *n =
      lua_newuserdatauv(L, sizeof *n + (size_t)refs * sizeof *n->ref, TL_NODE_ARGS - 1 + 2 * nargs);
  *n = (tl_node){.magic = MAGIC, .op = op, .nargs = nargs, .edges = edges};
  for (int k = 0; k < refs; k++) n->ref[k] = (tl_ref){.kept = NULL};
  lua_rawgetp(L, LUA_REGISTRYINDEX, &metatable_key);
  lua_setmetatable(L, -2);
  return n;
}

// ---- what it refers to -----------------------------------------------------------------------

void tl_node_keep(lua_State *L, int node, int k, bool list) {
  tl_node *n = lua_touserdata(L, node);
  n->ref[k].kept = tl_to(L, -1);
  if (list) n->lists |= 1U << k;
  lua_setiuservalue(L, node, TL_NODE_OUT + k);
}

// The place of the first edge of argument k, and how many it has: those of a list lie side by side.
static int first_edge(lua_State *L, int node, const tl_node *n, int k) {
  if (!tl_has_lists(n)) return k;
  int at = 0;
  for (int j = 0; j < k; j++) {
    const bool list = lua_getiuservalue(L, node, TL_NODE_ARGS + n->nargs + j) == LUA_TTABLE;
    at += list ? (int)lua_rawlen(L, -1) : 1;
    lua_pop(L, 1);
  }
  return at;
}

static void lead_list(lua_State *L, tl_node *n, int at) {
  const int size = (int)lua_rawlen(L, -1);
  for (int j = 0; j < size; j++) {
    lua_rawgeti(L, -1, j + 1);
    n->ref[1 + n->nargs + at + j].edge = tl_to_node(L, -1);
    lua_pop(L, 1);
  }
}

void tl_node_lead(lua_State *L, int node, int k) {
  tl_node *n = lua_touserdata(L, node);
  const int at = first_edge(L, node, n, k);
  if (lua_type(L, -1) == LUA_TTABLE) lead_list(L, n, at);
  else n->ref[1 + n->nargs + at].edge = tl_to_node(L, -1);
  lua_setiuservalue(L, node, TL_NODE_ARGS + n->nargs + k);
}

void tl_node_free(lua_State *L, int node) {
  tl_node *n = lua_touserdata(L, node);
  n->freed = true;
  for (int k = 0; k <= n->nargs; k++) {
    n->ref[k].kept = NULL;
    lua_pushnil(L);
    lua_setiuservalue(L, node, TL_NODE_OUT + k);
  }
}

lua_Integer tl_versions_of(lua_State *L, int index) {
  const tl_tensor *x = tl_to(L, index);
  if (x) return x->t.storage ? x->t.storage->version : 0;
  if (lua_type(L, index) != LUA_TTABLE) return 0;
  lua_Integer sum = 0;
  const int n = (int)lua_rawlen(L, index);
  for (int j = 1; j <= n; j++) {
    lua_rawgeti(L, index, j);
    x = tl_to(L, -1);
    if (x && x->t.storage) sum += x->t.storage->version;
    lua_pop(L, 1);
  }
  return sum;
}

bool tl_node_unchanged(lua_State *L, int node) {
  const tl_node *n = lua_touserdata(L, node);
  lua_Integer sum = 0;
  for (int k = 0; k <= n->nargs; k++) {
    const tl_tensor *x = n->ref[k].kept;
    if (x && x->t.storage) sum += x->t.storage->version;
    if (x || !(n->lists & 1U << k)) continue;
    lua_getiuservalue(L, node, TL_NODE_OUT + k);
    sum += tl_versions_of(L, lua_gettop(L));
    lua_pop(L, 1);
  }
  return !n->freed && n->versions == sum;
}

// ---- as Lua sees it --------------------------------------------------------------------------

static tl_node *check_node(lua_State *L, int index) {
  tl_node *n = tl_to_node(L, index);
  if (!n) luaL_typeerror(L, index, "node of the tape");
  return n;
}

static int node_index(lua_State *L) {
  const tl_node *n = check_node(L, 1);
  if (lua_type(L, 2) == LUA_TSTRING) {
    if (lua_getiuservalue(L, 1, TL_NODE_VERSIONS) != LUA_TTABLE) return 0;
    lua_pushvalue(L, 2);
    lua_rawget(L, -2);
    return 1;
  }
  const lua_Integer slot = luaL_checkinteger(L, 2);
  if (slot < TL_NODE_OP || slot >= TL_NODE_ARGS + 2 * n->nargs) return 0;
  if (slot != TL_NODE_VERSIONS) lua_getiuservalue(L, 1, (int)slot);
  else if (n->freed) lua_pushnil(L);
  else lua_pushinteger(L, n->versions);
  return 1;
}

// Only fields of its own: what it refers to was said when it was made.
static int node_newindex(lua_State *L) {
  tl_node *n = check_node(L, 1);
  luaL_checktype(L, 2, LUA_TSTRING);
  n->hooked = n->hooked || strcmp(lua_tostring(L, 2), "hooks") == 0;
  if (lua_getiuservalue(L, 1, TL_NODE_VERSIONS) != LUA_TTABLE) {
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, TL_NODE_VERSIONS);
  }
  lua_insert(L, 2);
  lua_settop(L, 4);
  lua_rawset(L, 2);
  return 0;
}

// node(op, output, args..., edges...): `op` is a declaration or one of the tape's own.
static int node(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_rawgeti(L, 1, 1);
  const tl_op *op = lua_touserdata(L, -1);
  lua_getfield(L, 1, "leaf");
  lua_getfield(L, 1, "nargs");
  const bool leaf = lua_toboolean(L, -2);
  const int nargs = op ? op->nargs : (int)luaL_checkinteger(L, -1), first = 3;
  luaL_argcheck(L, nargs >= 0 && nargs <= TL_MAX_ARGS, 1, "too many arguments");
  lua_settop(L, 2 + 2 * nargs);
  luaL_checkstack(L, LUA_MINSTACK, "node");
  tl_node *n = tl_new_node(L, op, nargs, nargs);
  const int at = lua_gettop(L);
  n->leaf = leaf;
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, at, TL_NODE_OP);
  for (int k = 0; k <= nargs; k++) {
    lua_pushvalue(L, 2 + k);
    tl_node_keep(L, at, k, false);
  }
  for (int k = 0; k < nargs; k++) {
    lua_pushvalue(L, first + nargs + k);
    tl_node_lead(L, at, k);
  }
  return 1;
}

static int free_node(lua_State *L) {
  check_node(L, 1);
  tl_node_free(L, 1);
  return 0;
}

static int unchanged(lua_State *L) {
  check_node(L, 1);
  lua_pushboolean(L, tl_node_unchanged(L, 1));
  return 1;
}

void tl_node_open(lua_State *L) {
  static const luaL_Reg functions[] = {
      {"node", node}, {"free_node", free_node}, {"unchanged", unchanged}, {NULL, NULL}};
  static const luaL_Reg methods[] = {
      {"__index", node_index}, {"__newindex", node_newindex}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
  lua_createtable(L, 0, 3);
  luaL_setfuncs(L, methods, 0);
  lua_pushliteral(L, "tocha.Node");
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &metatable_key);
}
