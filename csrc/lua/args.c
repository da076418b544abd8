// Arguments of an operation, checked and brought to form by its declaration.
//
// Types: T tensor, F floating tensor, I integer tensor, K mask, L list of tensors, o tensor or
// number, n number, i integer, b boolean, s string, d dimension, D dimensions, l integers,
// S sizes (a list, or the remaining integers), y dtype, a anything.
#include <string.h>

#include "graph.h"

static int arg_error(lua_State *L, const tl_op *op, int arg, const char *expected) {
  const char *got = tl_to(L, arg) ? "a tensor" : luaL_typename(L, arg);
  return tl_error(L, op->name, arg, op->arg[arg - 1].name, "expected %s, got %s", expected, got);
}

// ---- the options table -----------------------------------------------------------------------

static int find_arg(const tl_op *op, const char *name) {
  for (int k = 0; k < op->nargs; k++)
    if (strcmp(op->arg[k].name, name) == 0) return k + 1;
  return 0;
}

// Would an empty table be this argument, and not empty options?
static bool takes_list(const tl_op *op, int index) {
  if (index > op->nargs) return false;
  const tl_arg *arg = &op->arg[index - 1];
  return !arg->optional || strchr("LDlSa", arg->type) != NULL;
}

// A plain table with names for keys, or an empty one where no list is taken. Where the argument may be anything, a table of other names is
// the argument itself.
static bool is_options(lua_State *L, const tl_op *op, int index) {
  if (lua_type(L, index) != LUA_TTABLE) return false;
  if (lua_getmetatable(L, index)) {
    lua_pop(L, 1);
    return false;
  }
  lua_pushnil(L);
  if (!lua_next(L, index)) return !takes_list(op, index);
  bool named = lua_type(L, -2) == LUA_TSTRING;
  if (named && index <= op->nargs && op->arg[index - 1].type == 'a')
    named = find_arg(op, lua_tostring(L, -2)) > 0;
  lua_pop(L, 2);
  return named;
}

static int unknown_option(lua_State *L, const tl_op *op, const char *name) {
  luaL_Buffer b;
  lua_pushstring(L, name);
  luaL_buffinit(L, &b);
  for (int k = 0; k < op->nargs; k++) {
    if (k) luaL_addstring(&b, ", ");
    luaL_addstring(&b, op->arg[k].name);
  }
  luaL_pushresult(&b);
  return tl_error(L, op->name, 0, NULL, "unknown option '%s' (there are: %s)", lua_tostring(L, -2),
                  lua_tostring(L, -1));
}

// Moves the entries of the table on top to their places.
static void spread_options(lua_State *L, const tl_op *op) {
  const int options = op->nargs + 1;
  lua_pushnil(L);
  while (lua_next(L, options)) {
    if (lua_type(L, -2) != LUA_TSTRING) unknown_option(L, op, luaL_tolstring(L, -2, NULL));
    const char *name = lua_tostring(L, -2);
    const int at = find_arg(op, name);
    if (!at) unknown_option(L, op, name);
    if (!lua_isnil(L, at)) tl_error(L, op->name, at, name, "given twice");
    lua_replace(L, at);
  }
  lua_settop(L, op->nargs);
}

// Integers from the place of a `shape` argument on become its list.
static void gather_shape(lua_State *L, const tl_op *op, int top) {
  for (int k = 1; k <= op->nargs && k <= top; k++) {
    if (op->arg[k - 1].type != 'S') continue;
    if (lua_type(L, k) != LUA_TNUMBER) return;
    int n = 0;
    while (k + n <= top && lua_type(L, k + n) == LUA_TNUMBER) n++;
    lua_createtable(L, n, 0);
    for (int j = 0; j < n; j++) {
      lua_pushvalue(L, k + j);
      lua_rawseti(L, -2, j + 1);
    }
    lua_replace(L, k);
    if (n > 1) {
      lua_rotate(L, k + 1, 1 - n);
      lua_pop(L, n - 1);
    }
    return;
  }
}

static int too_many(lua_State *L, const tl_op *op, int top) {
  return tl_error(L, op->name, 0, NULL, "takes at most %d arguments, got %d", op->nargs, top);
}

// The stack becomes nargs values, nil where nothing was given.
static void arrange(lua_State *L, const tl_op *op) {
  luaL_checkstack(L, op->nargs + 8, "too many arguments");
  int top = lua_gettop(L);
  const bool options = top > 0 && is_options(L, op, top);
  if (op->has_shape) {
    gather_shape(L, op, top - options);
    top = lua_gettop(L);
  }
  if (top - options > op->nargs) too_many(L, op, top - options);
  if (!options) {
    lua_settop(L, op->nargs);
    return;
  }
  while (lua_gettop(L) <= op->nargs) {
    lua_pushnil(L);
    lua_insert(L, lua_gettop(L) - 1);
  }
  spread_options(L, op);
}

// ---- single values ---------------------------------------------------------------------------

static void check_tensor(lua_State *L, const tl_op *op, int k, char type) {
  const tl_tensor *x = tl_to(L, k);
  if (!x) arg_error(L, op, k, "a tensor");
  const tc_dtype dtype = (tc_dtype)x->t.dtype;
  const char *want = NULL;
  if (type == 'F' && !tc_is_float(dtype)) want = "a floating tensor";
  if (type == 'I' && (tc_is_float(dtype) || dtype == TC_bool)) want = "an integer tensor";
  if (type == 'K' && dtype != TC_bool) want = "a bool tensor";
  if (want)
    tl_error(L, op->name, k, op->arg[k - 1].name, "expected %s, got %s", want,
             tc_dtype_table[dtype].name);
}

static void check_tensors(lua_State *L, const tl_op *op, int k) {
  if (lua_type(L, k) != LUA_TTABLE) arg_error(L, op, k, "a list of tensors");
  const int n = (int)lua_rawlen(L, k);
  for (int j = 1; j <= n; j++) {
    lua_rawgeti(L, k, j);
    if (!tl_to(L, -1))
      tl_error(L, op->name, k, op->arg[k - 1].name, "expected tensors, element %d is %s", j,
               luaL_typename(L, -1));
    lua_pop(L, 1);
  }
}

static lua_Integer to_integer(lua_State *L, const tl_op *op, int k, int index) {
  int ok;
  const lua_Integer i = lua_tointegerx(L, index, &ok);
  if (!ok || lua_type(L, index) != LUA_TNUMBER) {
    if (lua_type(L, index) == LUA_TNUMBER)
      tl_error(L, op->name, k, op->arg[k - 1].name, "expected an integer, got %f",
               lua_tonumber(L, index));
    tl_error(L, op->name, k, op->arg[k - 1].name, "expected an integer, got %s",
             tl_to(L, index) ? "a tensor" : luaL_typename(L, index));
  }
  return i;
}

// The tensor that dims refer to: the first argument, or the first of its list.
static const tc_tensor *dims_of(lua_State *L) {
  const tl_tensor *x = tl_to(L, 1);
  if (!x && lua_type(L, 1) == LUA_TTABLE) {
    lua_rawgeti(L, 1, 1);
    x = tl_to(L, -1);
    lua_pop(L, 1);
  }
  return x ? &x->t : NULL;
}

static lua_Integer normal_dim(lua_State *L, const tl_op *op, int k, lua_Integer dim) {
  const tc_tensor *t = dims_of(L);
  if (!t) return dim;
  const int n = t->ndim ? t->ndim : 1;
  const lua_Integer d = dim < 0 ? dim + n + 1 : dim;
  if (d < 1 || d > n) {
    char text[200];
    tl_error(L, op->name, k, op->arg[k - 1].name, "%I is out of range for a %s tensor",
             (LUAI_UACINT)dim, tc_shape_text(t, text, sizeof text));
  }
  return d;
}

static void check_dims(lua_State *L, const tl_op *op, int k) {
  unsigned seen = 0;
  if (lua_type(L, k) == LUA_TNUMBER) {
    lua_createtable(L, 1, 0);
    lua_pushvalue(L, k);
    lua_rawseti(L, -2, 1);
    lua_replace(L, k);
  }
  if (lua_type(L, k) != LUA_TTABLE) arg_error(L, op, k, "a dimension or a list of them");
  const int n = (int)lua_rawlen(L, k);
  lua_createtable(L, n, 0);
  for (int j = 1; j <= n; j++) {
    lua_rawgeti(L, k, j);
    const lua_Integer d = normal_dim(L, op, k, to_integer(L, op, k, -1));
    const unsigned bit = 1U << (d & 31);  // without a tensor to refer to, any number comes through
    if (seen & bit)
      tl_error(L, op->name, k, op->arg[k - 1].name, "dimension %d is named twice", (int)d);
    seen |= bit;
    lua_pop(L, 1);
    lua_pushinteger(L, d);
    lua_rawseti(L, -2, j);
  }
  lua_replace(L, k);
}

// One integer stays one; a list becomes a list of true integers.
static void check_ints(lua_State *L, const tl_op *op, int k) {
  if (lua_type(L, k) == LUA_TNUMBER) {
    lua_pushinteger(L, to_integer(L, op, k, k));
    lua_replace(L, k);
    return;
  }
  if (lua_type(L, k) != LUA_TTABLE) arg_error(L, op, k, "an integer or a list of them");
  const int n = (int)lua_rawlen(L, k);
  lua_createtable(L, n, 0);
  for (int j = 1; j <= n; j++) {
    lua_rawgeti(L, k, j);
    lua_pushinteger(L, to_integer(L, op, k, -1));
    lua_rawseti(L, -3, j);
    lua_pop(L, 1);
  }
  lua_replace(L, k);
}

static void check_dtype_name(lua_State *L, const tl_op *op, int k) {
  if (lua_type(L, k) != LUA_TSTRING) arg_error(L, op, k, "the name of a dtype");
  tl_check_dtype(L, k);
}

static void put_integer(lua_State *L, int k, lua_Integer i) {
  if (lua_isinteger(L, k) && lua_tointeger(L, k) == i) return;
  lua_pushinteger(L, i);
  lua_replace(L, k);
}

static void check(lua_State *L, const tl_op *op, int k) {
  const char type = op->arg[k - 1].type;
  switch (type) {
    case 'T':
    case 'F':
    case 'I':
    case 'K': check_tensor(L, op, k, type); break;
    case 'o':
      if (lua_type(L, k) != LUA_TNUMBER && !tl_to(L, k))
        arg_error(L, op, k, "a tensor or a number");
      break;
    case 'L': check_tensors(L, op, k); break;
    case 'n':
      if (lua_type(L, k) != LUA_TNUMBER) arg_error(L, op, k, "a number");
      break;
    case 'i': put_integer(L, k, to_integer(L, op, k, k)); break;
    case 'b':
      if (lua_type(L, k) != LUA_TBOOLEAN) arg_error(L, op, k, "a boolean");
      break;
    case 's':
      if (lua_type(L, k) != LUA_TSTRING) arg_error(L, op, k, "a string");
      break;
    case 'd': put_integer(L, k, normal_dim(L, op, k, to_integer(L, op, k, k))); break;
    case 'D': check_dims(L, op, k); break;
    case 'l':
    case 'S': check_ints(L, op, k); break;
    case 'y': check_dtype_name(L, op, k); break;
    default: break;
  }
}

static void put_default(lua_State *L, const tl_op *op, int k) {
  if (lua_rawgeti(L, lua_upvalueindex(TL_UP_DEFAULTS), k) == LUA_TNIL && !op->arg[k - 1].optional)
    tl_error(L, op->name, k, op->arg[k - 1].name, "is missing");
  lua_replace(L, k);
}

// Most arguments are tensors of the kind that is wanted.
static bool is_welcome(const tl_tensor *x, char type) {
  return x && (type == 'T' || type == 'o' || (type == 'F' && tc_is_float((tc_dtype)x->t.dtype)));
}

void tl_parse(lua_State *L, const tl_op *op, tl_tensor **x) {
  tl_current_op = op->name;
  tl_current = op;
  arrange(L, op);
  for (int k = 1; k <= op->nargs; k++) {
    x[k - 1] = tl_to(L, k);
    if (is_welcome(x[k - 1], op->arg[k - 1].type)) continue;
    if (lua_isnil(L, k)) put_default(L, op, k);
    if (!lua_isnil(L, k)) check(L, op, k);
  }
}

// ---- by a kernel's signature -----------------------------------------------------------------

static void read_list(lua_State *L, const char *op, int k, tc_args *a, int slot) {
  const int most = TC_MAX_DIMS * 2;
  luaL_checktype(L, k, LUA_TTABLE);
  const int n = (int)lua_rawlen(L, k);
  if (n > most) tl_error(L, op, k, NULL, "a list of %d integers is too long", n);
  a->len[slot] = n;
  for (int j = 0; j < n; j++) {
    int ok;
    lua_rawgeti(L, k, j + 1);
    a->list[slot][j] = lua_tointegerx(L, -1, &ok);
    if (!ok) tl_error(L, op, k, NULL, "expected a list of integers");
    lua_pop(L, 1);
  }
}

static tc_tensor *read_tensor(lua_State *L, const char *op, int k, bool optional) {
  tl_tensor *x = tl_to(L, k);
  if (x && x->t.storage) return &x->t;
  if (x) tl_error(L, op, k, NULL, "the tensor has no values (its memory was given back)");
  if (!optional || lua_toboolean(L, k))
    tl_error(L, op, k, NULL, "expected a tensor, got %s", luaL_typename(L, k));
  return NULL;
}

// Room for the pointers of all lists of tensors from argument k on: the caller's, where there are few,
// or on top of the stack, made before any is read, since a finaliser may run here.
static tc_tensor **list_room(lua_State *L, const char *signature, int k, tc_args *a) {
  size_t total = 0;
  luaL_checkstack(L, LUA_MINSTACK, "arguments");
  lua_settop(L, k - 1 + (int)strlen(signature));
  for (; *signature; signature++, k++) {
    if (*signature != 'W' && *signature != 'L') continue;
    luaL_checktype(L, k, LUA_TTABLE);
    total += lua_rawlen(L, k);
  }
  if (total <= TC_FEW) return a->few;
  return lua_newuserdatauv(L, total * sizeof(tc_tensor *), 0);
}

// A recorded step holds on to all that is given, before any is read: it allocates.
static void note_used(lua_State *L, const char *signature, int k) {
  const int end = k + (int)strlen(signature), top = lua_gettop(L);
  luaL_checkstack(L, LUA_MINSTACK, "arguments");
  for (; k < end && k <= top; k++) {
    if (lua_type(L, k) != LUA_TTABLE) {
      tl_graph_use(L, k);
      continue;
    }
    const int n = (int)lua_rawlen(L, k);
    for (int j = 1; j <= n; j++) {
      lua_rawgeti(L, k, j);
      tl_graph_use(L, -1);
      lua_pop(L, 1);
    }
  }
}

// The list at k into `room`; all lists of a call are equally long.
static void read_tensors(lua_State *L, const char *op, int k, bool alone, tc_tensor **room,
                         tc_args *a) {
  const int64_t n = (int64_t)lua_rawlen(L, k);
  if (alone) a->count = n;
  if (a->count != n)
    tl_error(L, op, k, NULL, "expected a list of %d tensors, got %d", (int)a->count, (int)n);
  for (int64_t j = 0; j < n; j++) {
    lua_rawgeti(L, k, j + 1);
    const tl_tensor *x = tl_to(L, -1);
    if (!x || !x->t.storage)
      tl_error(L, op, k, NULL, "element %d is %s", (int)j + 1,
               x ? "a tensor without values" : luaL_typename(L, -1));
    room[j] = (tc_tensor *)&x->t;
    lua_pop(L, 1);
  }
}

void tl_read(lua_State *L, const char *op, const char *signature, int first, tc_args *a) {
  int t = 0, i = 0, f = 0, l = 0, m = 0;
  tc_tensor **room = NULL;
  a->count = 0;
  if (tc_is_recording() || tl_live_noted) note_used(L, signature, first);
  for (int k = first; *signature; signature++, k++) {
    switch (*signature) {
      case 'W':
      case 'L':
        if (m == 0) room = list_room(L, signature, k, a);
        read_tensors(L, op, k, m == 0, room, a);
        a->many[m++] = room;
        room += a->count;
        break;
      case 'r':
      case 'i': a->i[i++] = luaL_checkinteger(L, k); break;
      case 'd': a->i[i++] = luaL_checkinteger(L, k) - 1; break;
      case 'b': a->i[i++] = lua_toboolean(L, k); break;
      case 'f': a->f[f++] = luaL_checknumber(L, k); break;
      case 'l': read_list(L, op, k, a, l++); break;
      case 'X':
      case 'H':
      case 'P':
      case 'N':
      case 'M':
      case 'A': a->t[t++] = read_tensor(L, op, k, true); break;
      default: a->t[t++] = read_tensor(L, op, k, false); break;
    }
  }
}
