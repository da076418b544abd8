// The one call path: every operation is this closure over its declaration.
#include <string.h>

#include "graph.h"
#include "../views.h"

// ---- views -----------------------------------------------------------------------------------

static int call_view(lua_State *L, const tl_op *op, tl_tensor *const *args) {
  const tc_view_info *view = &tc_view_table[op->id];
  tc_args a;
  tl_tensor *y = tl_push(L);  // before the arguments are read: a finaliser may run here
  tl_read(L, op->name, view->signature, 1, &a);
  const tl_tensor *x = args[0];
  tl_share(L, 1, op->nargs + 1, tl_grad_enabled);
  tl_status(L, op->name, view->call(&y->t, &x->t, &a));
  if (!tl_grad_enabled) return 1;
  y->is_view = true;
  y->view_version = y->t.storage->version;
  if (op->own_grad && x->requires_grad) tl_record(L, op, args, op->nargs + 1, 1);
  return 1;
}

// ---- operations written in Lua ---------------------------------------------------------------

static void push_call(lua_State *L, const tl_op *op) {
  const int nargs = op->nargs;
  luaL_checkstack(L, nargs + op->outputs + 1, "arguments");
  lua_pushvalue(L, lua_upvalueindex(TL_UP_RUN));
  for (int k = 1; k <= nargs; k++) lua_pushvalue(L, k);
}

// Nothing inside is recorded: the operation is one node. An error must not leave recording off.
static int call_as_node(lua_State *L, const tl_op *op, tl_tensor *const *x) {
  const bool record = tl_wants_grad(L, op, x), was = tl_grad_enabled;
  if (op->direct && tl_direct_run(L, op, 0, x)) {
    if (record) tl_record(L, op, x, op->nargs + 1, 1);
    return 1;
  }
  push_call(L, op);
  if (!was) {
    lua_call(L, op->nargs, op->outputs);
    return op->outputs;
  }
  tl_grad_enabled = false;
  const int status = lua_pcall(L, op->nargs, op->outputs, 0);
  tl_grad_enabled = was;
  if (status != LUA_OK) return lua_error(L);
  const tl_tensor *y = tl_to(L, op->nargs + 1);
  if (record && y && tc_is_float((tc_dtype)y->t.dtype))
    tl_record(L, op, x, op->nargs + 1, op->outputs);
  return op->outputs;
}

static int call_function(lua_State *L, const tl_op *op, tl_tensor *const *x) {
  if (op->own_grad) return call_as_node(L, op, x);
  push_call(L, op);
  lua_call(L, op->nargs, LUA_MULTRET);
  return lua_gettop(L) - op->nargs;
}

static int run(lua_State *L, const tl_op *op, tl_tensor **x) {
  switch (op->kind) {
    case TL_VIEW: return call_view(L, op, x);
    case TL_FUNCTION: return call_function(L, op, x);
    default: return tl_pointwise(L, op, x);
  }
}

static int dispatch(lua_State *L, const tl_op *op) {
  tl_tensor *x[TL_MAX_ARGS];
  tl_parse(L, op, x);
  return tl_detours & TL_TRACING ? tl_trace(L, op, x, run) : run(L, op, x);
}

_Thread_local unsigned tl_detours;

// Errors name the operation that runs: the outer one again when an inner one has returned.
static int op_call(lua_State *L) {
  const unsigned detours = tl_detours;
  if (detours & TL_SYMBOLIC && tl_any_symbolic(L)) return tl_note_symbolic(L);
  if (detours & TL_AUTOCAST) tl_cast_arguments(L);
  const char *outer = tl_current_op;
  const tl_op *outer_op = tl_current, *op = lua_touserdata(L, lua_upvalueindex(TL_UP_OP));
  const int event = detours & TL_PROFILING ? tl_profile_call(L, op, __builtin_frame_address(0)) : 0;
  const int results = dispatch(L, op);
  if (event) tl_profile_results(L, event, results);
  tl_current_op = outer;
  tl_current = outer_op;
  return results;
}

bool tl_is_operation(lua_State *L, int index) { return lua_tocfunction(L, index) == op_call; }

// ---- making a closure ------------------------------------------------------------------------

static lua_Integer field(lua_State *L, const char *key, lua_Integer otherwise) {
  lua_getfield(L, 1, key);
  const lua_Integer v = luaL_optinteger(L, -1, otherwise);
  lua_pop(L, 1);
  return v;
}

static int read_arg(lua_State *L, tl_arg *arg, int k) {
  lua_rawgeti(L, -1, k);
  lua_getfield(L, -1, "name");
  arg->name = lua_tostring(L, -1);  // the operation keeps the declaration's list
  lua_getfield(L, -2, "code");
  arg->type = *luaL_checkstring(L, -1);
  lua_getfield(L, -3, "optional");
  arg->optional = lua_toboolean(L, -1);
  lua_pop(L, 4);
  return 0;
}

// A custom function makes its operation anew at each call, and an error leaves tl_current pointing at
// what ran: such operations are kept, one for each name and number of arguments and results.
static const char kept_key = 0;

static bool find_kept(lua_State *L, const tl_op *like) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &kept_key) != LUA_TTABLE) {
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &kept_key);
    lua_replace(L, -2);
  }
  lua_pushfstring(L, "%s/%d/%d", like->name, like->nargs, like->outputs);
  lua_pushvalue(L, -1);
  const bool found = lua_rawget(L, -3) == LUA_TUSERDATA;
  if (!found) lua_pop(L, 1);
  return found;
}

// The operation at 4 becomes the kept one, or is kept.
static void keep_custom(lua_State *L) {
  if (find_kept(L, lua_touserdata(L, 4))) {
    lua_replace(L, 4);
  } else {
    lua_pushvalue(L, 4);
    lua_rawset(L, -3);
  }
  lua_settop(L, 4);
}

// When the state closes, so do its operations.
static int forget_current(lua_State *L) {
  (void)L;
  tl_current = NULL;
  tl_current_op = NULL;
  return 0;
}

static void forget_at_close(lua_State *L) {
  static const char guard_key = 0;
  lua_newuserdatauv(L, 0, 0);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, forget_current);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &guard_key);
}

static void set_direct(lua_State *L, tl_op *op) {
  op->identities = (uint32_t)field(L, "identities", 0);
  op->has_grads = lua_getfield(L, 1, "grads") == LUA_TTABLE;
  lua_getfield(L, 1, "ignores_result");
  op->ignores_result = lua_toboolean(L, -1);
  if (lua_getfield(L, 1, "direct") == LUA_TSTRING) {
    op->direct = tl_direct_read(L, op, lua_tostring(L, -1));
    lua_setiuservalue(L, 4, TL_OP_DIRECT);
  }
  lua_settop(L, 4);
}

// op(declaration, run, defaults) -> function. Fields read: name, kind, id, params, inputs, outputs,
// differentiable, saves_bits, own_grad, direct, calls, identities, grads,
// ignores_result. The operation itself becomes declaration[1].
static int make_op(lua_State *L) {
  static const char *const kinds[] = {"pointwise", "inplace", "view", "function", NULL};
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 3);
  tl_op *op = lua_newuserdatauv(L, sizeof *op, TL_OP_VALUES);
  memset(op, 0, sizeof *op);
  lua_getfield(L, 1, "name");
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 4, TL_OP_NAME);
  op->name = luaL_checkstring(L, -1);
  lua_getfield(L, 1, "kind");
  op->kind = (tl_op_kind)luaL_checkoption(L, -1, NULL, kinds);
  op->id = (int)field(L, "id", 0);
  op->inputs = (int)field(L, "inputs", 0);
  op->outputs = (int)field(L, "outputs", 1);
  op->differentiable = (int)field(L, "differentiable", 1);
  op->saves = (uint32_t)field(L, "saves_bits", 0);
  if (lua_getfield(L, 1, "saves_for") == LUA_TTABLE) {
    for (int k = 0; k < 3; k++) {
      lua_rawgeti(L, -1, k + 1);
      op->saves_for[k] = (uint32_t)luaL_optinteger(L, -1, 0);
      lua_pop(L, 1);
    }
  }
  lua_getfield(L, 1, "own_grad");
  op->own_grad = lua_toboolean(L, -1);
  lua_getfield(L, 1, "params");
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, 4, TL_OP_PARAMS);
  op->nargs = (int)luaL_len(L, -1);
  if (op->nargs > TL_MAX_ARGS) return luaL_error(L, "%s: too many arguments", op->name);
  for (int k = 0; k < op->nargs; k++) {
    read_arg(L, &op->arg[k], k + 1);
    op->has_lists = op->has_lists || op->arg[k].type == 'L';
    op->may_hold_lists = op->may_hold_lists || strchr("La", op->arg[k].type);
    op->has_shape = op->has_shape || op->arg[k].type == 'S';
  }
  lua_settop(L, 4);
  set_direct(L, op);
  if (lua_getfield(L, 1, "custom") != LUA_TNIL) keep_custom(L);
  lua_settop(L, 4);
  lua_pushvalue(L, 4);
  lua_rawseti(L, 1, 1);
  lua_pushvalue(L, 4);  // op, declaration, run, defaults
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  lua_pushcclosure(L, op_call, 4);
  return 1;
}

// ---- kernels ---------------------------------------------------------------------------------

static void after_list(lua_State *L, const char *op, int index) {
  const lua_Integer n = (lua_Integer)lua_rawlen(L, index);
  for (lua_Integer j = 1; j <= n; j++) {
    lua_rawgeti(L, index, j);
    tl_after_kernel(L, op, lua_gettop(L));
    lua_pop(L, 1);
  }
}

static int kernel_call(lua_State *L) {
  const int id = (int)lua_tointeger(L, lua_upvalueindex(1));
  const char *op = tl_current_op ? tl_current_op : tc_kernel_table[id].name;
  const char *signature = tc_kernel_table[id].signature;
  tc_args a;
  if (tl_live_again && tl_graph_rerun(L, id)) return 0;
  tl_read(L, op, signature, 1, &a);
  const void *frame = __builtin_frame_address(0);
  const int event =
      tl_detours & TL_PROFILING ? tl_profile_kernel(L, tc_kernel_table[id].name, frame) : 0;
  tl_status(L, op, tc_run(id, &a));
  if (event) tl_profile_leave(event);
  if (tl_live_noted) tl_graph_note(L, id, &a);
  for (int k = 0; signature[k]; k++) {
    if (signature[k] == 'w') tl_after_kernel(L, op, k + 1);
    if (signature[k] == 'W') after_list(L, op, k + 1);
  }
  return 0;
}

static void make_kernels(lua_State *L) {
  lua_createtable(L, 0, TC_KERNELS);
  for (int id = 0; id < TC_KERNELS; id++) {
    lua_pushinteger(L, id);
    lua_pushcclosure(L, kernel_call, 1);
    lua_setfield(L, -2, tc_kernel_table[id].name);
  }
  lua_setfield(L, -2, "kernel");
}

// kernels(): name -> { signature, runs on the CPU }, for the support table.
static int kernels(lua_State *L) {
  lua_createtable(L, 0, TC_KERNELS);
  for (int id = 0; id < TC_KERNELS; id++) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, tc_kernel_table[id].signature);
    lua_setfield(L, -2, "signature");
    lua_pushboolean(L, tc_cpu.kernels[id] != NULL);
    lua_setfield(L, -2, "cpu");
    lua_setfield(L, -2, tc_kernel_table[id].name);
  }
  return 1;
}

static void make_views(lua_State *L) {
  lua_createtable(L, 0, TC_VIEWS);
  for (int id = 0; id < TC_VIEWS; id++) {
    lua_pushinteger(L, id);
    lua_setfield(L, -2, tc_view_table[id].name);
  }
  lua_setfield(L, -2, "views");
}

void tl_call_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"op", make_op}, {"kernels", kernels}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
  forget_at_close(L);
  make_kernels(L);
  make_views(L);
}
