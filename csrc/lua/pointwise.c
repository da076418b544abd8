// The path of elementwise operations: from Lua arguments to one kernel, with no Lua in between.
#include <string.h>

#include "graph.h"

// An operand: a tensor of the caller, or a number dressed as a 0-d tensor.
typedef struct operand {
  const tc_tensor *t;
  tc_tensor number;
  tc_storage storage;
  union {
    int64_t i;
    float f;
    double d;
  } value;
} operand;

typedef struct call {
  const tl_op *op;
  tl_tensor **x;  // the tensors among the arguments
  operand in[3];
  tc_dtype promoted, work, result;
  tc_tensor shape;  // sizes of the result
  const tc_device *device;
} call;

static void dress_number(operand *o, lua_State *L, int index) {
  memset(&o->storage, 0, sizeof o->storage);
  memset(&o->number, 0, sizeof o->number);
  o->storage.device = &tc_cpu;
  o->storage.data = &o->value;
  o->storage.bytes = sizeof o->value;
  o->number.storage = &o->storage;
  if (lua_isinteger(L, index)) {
    o->number.dtype = TC_int64;
    o->value.i = lua_tointeger(L, index);
  } else {
    o->number.dtype = TC_float64;
    o->value.d = lua_tonumber(L, index);
  }
  o->t = &o->number;
}

static void read_operand(lua_State *L, call *c, int k) {
  const tl_op *op = c->op;
  const tl_tensor *x = c->x[k - 1];
  if (!x) {
    dress_number(&c->in[k - 1], L, k);
  } else {
    if (!x->t.storage) tl_error(L, op->name, k, op->arg[k - 1].name, "the tensor has no values");
    c->in[k - 1].t = &x->t;
    tl_used(L, k);
  }
}

// ---- promotion -------------------------------------------------------------------------------

// Three ranks, as in PyTorch: tensors with dimensions, 0-d tensors, numbers. A lower rank counts
// only where it is of a higher category; a number then stands for the default of its category.
typedef struct ranks {
  int of[3];  // dtype, or -1
} ranks;

static void add_to(ranks *r, int rank, tc_dtype dtype) {
  r->of[rank] = r->of[rank] < 0 ? (int)dtype : (int)tc_promote((tc_dtype)r->of[rank], dtype);
}

static tc_dtype promoted(const ranks *r) {
  int result = -1;
  for (int rank = 0; rank < 3; rank++) {
    if (r->of[rank] < 0) continue;
    const tc_dtype d = (tc_dtype)r->of[rank];
    if (result < 0 || tc_dtype_table[d].kind > tc_dtype_table[result].kind) result = (int)d;
  }
  return (tc_dtype)result;
}

static tc_dtype promote_operands(const call *c) {
  ranks r = {{-1, -1, -1}};
  const bool copying = c->op->id == TC_P_copy,
             selecting = tc_pointwise_table[c->op->id].klass == TC_SELECT;
  for (int k = copying || selecting ? 1 : 0; k < c->op->inputs; k++) {
    const operand *o = &c->in[k];
    if (o->t == &o->number) add_to(&r, 2, o->number.dtype == TC_float64 ? TC_float32 : TC_int64);
    else add_to(&r, o->t->ndim ? 0 : 1, (tc_dtype)o->t->dtype);
  }
  return promoted(&r);
}

static void choose_dtypes(call *c) {
  c->promoted = promote_operands(c);
  if (c->op->id == TC_P_copy && c->in[1].t == &c->in[1].number)
    c->promoted = (tc_dtype)c->in[0].t->dtype;  // a number is stored as precisely as there is room
  const tc_class klass = tc_pointwise_table[c->op->id].klass;
  c->work = klass == TC_FLOAT && !tc_is_float(c->promoted) ? TC_float32 : c->promoted;
  c->result = klass == TC_COMPARE ? TC_bool : c->work;
}

// ---- the call --------------------------------------------------------------------------------

static void read_operands(lua_State *L, call *c) {
  c->device = NULL;
  c->shape.ndim = 0;
  for (int k = 0; k < c->op->inputs; k++) {
    read_operand(L, c, k + 1);
    const tc_tensor *t = c->in[k].t;
    if (t == &c->in[k].number) continue;
    if (!c->device) {
      c->device = t->storage->device;
      c->shape = *t;
    } else {
      if (c->device == &tc_cpu && c->shape.ndim == 0) c->device = t->storage->device;
      tl_status(L, c->op->name, tc_broadcast(&c->shape, t, &c->shape));
    }
  }
  if (!c->device) tl_error(L, c->op->name, 0, NULL, "expected at least one tensor");
}

static tc_scalar read_param(lua_State *L, int index) {
  tc_scalar s = {0};
  s.is_int = lua_isinteger(L, index);
  if (s.is_int) s.i = lua_tointeger(L, index);
  s.d = lua_tonumber(L, index);
  return s;
}

// Squares are the powers most asked for, and a product is all they take.
static void use_square(tc_pointwise *p, const operand *exponent) {
  const tc_tensor *t = &exponent->number;
  if (p->op != TC_P_pow || p->in[1] != t) return;
  const bool two = t->dtype == TC_int64 ? exponent->value.i == 2 : exponent->value.d == 2;
  if (!two || p->wrt > 1) return;
  p->op = TC_P_square;
  p->in[1] = NULL;
}

static void set_kernel(lua_State *L, const call *c, tc_pointwise *p) {
  const int inputs = c->op->inputs, params = c->op->nargs - inputs;
  p->op = c->op->id;
  p->wrt = 0;
  p->work = c->work;
  for (int k = 0; k < TC_OPERANDS; k++) p->in[k] = k < inputs ? c->in[k].t : NULL;
  for (int k = 0; k < TC_PARAMS; k++)
    p->param[k] = k < params ? read_param(L, inputs + k + 1) : (tc_scalar){0};
  use_square(p, &c->in[1]);
}

// The result lies as the first operand of its shape does.
static const tl_tensor *new_result(lua_State *L, const call *c) {
  tl_tensor *y = tl_new(L, c->device, c->result, c->shape.ndim, c->shape.size);
  for (int k = 0; k < c->op->inputs; k++) {
    const tc_tensor *t = c->in[k].t;
    if (!tc_same_shape(t, &y->t)) continue;
    if (tc_is_channels_last(t)) tc_set_channels_last(&y->t);
    break;
  }
  return y;
}

static int run_new(lua_State *L, call *c) {
  tc_pointwise p;
  const int nargs = c->op->nargs;
  const tl_tensor *y = new_result(L, c);
  set_kernel(L, c, &p);
  p.out = &y->t;
  tl_status(L, c->op->name, tc_run_pointwise(&p));
  if (c->op->own_grad && tc_is_float(c->result) && tl_wants_grad(L, c->op, c->x))
    tl_record(L, c->op, c->x, nargs + 1, 1);
  return 1;
}

// ---- in place --------------------------------------------------------------------------------

static bool same_place(const tc_tensor *a, const tc_tensor *b) {
  return a->offset == b->offset && tc_same_shape(a, b) &&
         memcmp(a->stride, b->stride, a->ndim * sizeof *a->stride) == 0;
}

// Replaces argument k by a copy of its values.
static void copy_argument(lua_State *L, call *c, int k) {
  const tl_tensor *x = c->x[k - 1];
  tl_tensor *copy = tl_new_like(L, c->device, (tc_dtype)x->t.dtype, &x->t);
  tl_status(L, c->op->name, tc_copy(&copy->t, &x->t));
  copy->requires_grad = x->requires_grad;
  lua_getiuservalue(L, k, TL_NODE);
  lua_setiuservalue(L, -2, TL_NODE);
  c->x[k - 1] = copy;
  c->in[k - 1].t = &copy->t;
  lua_replace(L, k);
}

// An operand that overlaps the target without lying exactly on it would change while it is read.
// One that the gradient needs would be lost: it is kept aside.
static void save_from_overwriting(lua_State *L, call *c, const tc_tensor *target, bool record) {
  for (int k = 1; k <= c->op->inputs; k++) {
    const tl_tensor *x = c->x[k - 1];
    if (!x || x->t.storage != target->storage) continue;
    const bool needed = record && (tl_saves(c->op, c->x) & 1U << (k - 1));
    if (needed || !same_place(&x->t, target)) copy_argument(L, c, k);
  }
}

static void check_target(lua_State *L, const call *c, const tl_tensor *x) {
  char text[200], other[200];
  tc_tensor both = c->shape;
  const tc_dtype have = (tc_dtype)x->t.dtype;
  if (!tc_same_shape(&both, &x->t))
    tl_error(L, c->op->name, 0, NULL, "the result would be %s, which does not fit into a %s tensor",
             tc_shape_text(&both, text, sizeof text), tc_shape_text(&x->t, other, sizeof other));
  if (c->op->id != TC_P_copy && tc_dtype_table[c->result].kind > tc_dtype_table[have].kind)
    tl_error(L, c->op->name, 0, NULL, "a result of %s cannot be stored in a tensor of %s",
             tc_dtype_table[c->result].name, tc_dtype_table[have].name);
}

// copy_ takes its values from any device.
static tc_status run_into(const call *c, const tc_pointwise *p) {
  const tc_tensor *from = p->in[1];
  if (c->op->id == TC_P_copy && from && from->storage &&
      from->storage->device != p->out->storage->device)
    return tc_copy(p->out, from);
  return tc_run_pointwise(p);
}

static int run_in_place(lua_State *L, call *c) {
  tc_pointwise p;
  const int nargs = c->op->nargs;
  tl_tensor *x = tl_check(L, 1);
  if (!x->t.storage) tl_error(L, c->op->name, 1, "input", "the tensor has no values");
  check_target(L, c, x);
  tl_before_write(L, c->op->name, 1);
  const bool record =
      c->op->own_grad && tc_is_float((tc_dtype)x->t.dtype) && tl_wants_grad(L, c->op, c->x);
  lua_pushvalue(L, 1);  // the target, whatever becomes of argument 1
  save_from_overwriting(L, c, &x->t, record);
  set_kernel(L, c, &p);
  if (c->op->id == TC_P_copy) p.in[0] = NULL;
  p.out = &x->t;
  tl_status(L, c->op->name, run_into(c, &p));
  tl_after_write(L, c->op->name, nargs + 1);
  if (record) {
    tl_record(L, c->op, c->x, nargs + 1, 1);
    if (x->is_view) tl_rebase_view(L, nargs + 1);
  }
  return 1;
}

int tl_pointwise(lua_State *L, const tl_op *op, tl_tensor **x) {
  call c;
  c.op = op, c.x = x;
  read_operands(L, &c);
  choose_dtypes(&c);
  return op->kind == TL_INPLACE ? run_in_place(L, &c) : run_new(L, &c);
}

// ---- the gradient ----------------------------------------------------------------------------

// What a derivative is computed from: the values at `first`... are g, y, inputs and parameters;
// ghosts, false and nil stand for operands that the formula has no use for.
static void set_derivative(lua_State *L, int id, int wrt, int first, operand *in, tc_pointwise *p) {
  const int inputs = tc_pointwise_table[id].inputs;
  const tl_tensor *g = tl_check_values(L, first), *y = tl_to(L, first + 1);
  for (int k = first; k < first + 2 + inputs; k++) tl_used(L, k);
  for (int k = 0; k < TC_OPERANDS; k++) p->in[k] = NULL;
  p->op = id;
  p->wrt = wrt;
  p->work = (tc_dtype)g->t.dtype;
  p->in[3] = &g->t;
  if (y && y->t.storage) p->in[4] = &y->t;
  for (int k = 0; k < inputs; k++) {
    const int at = first + 2 + k;
    const tl_tensor *x = tl_to(L, at);
    if (x && x->t.storage) p->in[k] = &x->t;
    if (lua_type(L, at) == LUA_TNUMBER) {
      dress_number(&in[k], L, at);
      p->in[k] = in[k].t;
    }
  }
  for (int k = 0; k < TC_PARAMS; k++) p->param[k] = read_param(L, first + 2 + inputs + k);
  use_square(p, &in[1]);
}

void tl_derivative(lua_State *L, int id, int wrt, const tl_tensor *like, int first) {
  operand in[3];
  tc_pointwise p;
  set_derivative(L, id, wrt, first, in, &p);
  const tc_tensor *g = p.in[3];
  const tl_tensor *out = tl_new_like(L, g->storage->device, (tc_dtype)like->t.dtype, g);
  p.out = &out->t;
  tl_status(L, tc_pointwise_table[id].name, tc_run_pointwise(&p));
}

// derivative(id, wrt, like, g, y, inputs and parameters...): the fused kernel. `like` has the dtype
// of the result.
static int derivative(lua_State *L) {
  const int id = (int)luaL_checkinteger(L, 1), wrt = (int)luaL_checkinteger(L, 2);
  lua_settop(L, 5 + tc_pointwise_table[id].inputs + TC_PARAMS);
  tl_derivative(L, id, wrt, tl_check(L, 3), 4);
  return 1;
}

static int copy_into(lua_State *L, const tl_tensor *x, const tl_tensor *y) {
  tl_used(L, 1);
  tl_status(L, tl_current_op, tc_copy(&y->t, &x->t));
  return 1;
}

// convert_to(x, dtype): a converted copy that lies as x does, off the tape.
static int convert_to(lua_State *L) {
  const tl_tensor *x = tl_check_values(L, 1);
  return copy_into(L, x, tl_new_like(L, x->t.storage->device, tl_check_dtype(L, 2), &x->t));
}

// lay_out(x, channels_last): a copy that lies so, or by rows.
static int lay_out(lua_State *L) {
  const tl_tensor *x = tl_check_values(L, 1);
  tl_tensor *y = tl_new(L, x->t.storage->device, (tc_dtype)x->t.dtype, x->t.ndim, x->t.size);
  if (lua_toboolean(L, 2) && (x->t.ndim == 4 || x->t.ndim == 5)) tc_set_channels_last(&y->t);
  return copy_into(L, x, y);
}

static void set_text(lua_State *L, const char *key, const char *text) {
  if (!text) return;
  lua_pushstring(L, text);
  lua_setfield(L, -2, key);
}

// pointwise(): the rows of pointwise.def, as tables.
static int rows(lua_State *L) {
  static const char *const classes[] = {"ARITH", "FLOAT", "COMPARE", "BITS", "SELECT"};
  lua_createtable(L, TC_POINTWISE, 0);
  for (int id = 0; id < TC_POINTWISE; id++) {
    const tc_pointwise_info *info = &tc_pointwise_table[id];
    lua_createtable(L, 0, 9);
    set_text(L, "name", info->name);
    set_text(L, "args", info->args);
    set_text(L, "formula", info->formula);
    set_text(L, "class", classes[info->klass]);
    set_text(L, "doc", info->doc);
    lua_pushinteger(L, id);
    lua_setfield(L, -2, "id");
    lua_pushinteger(L, info->inputs);
    lua_setfield(L, -2, "inputs");
    lua_createtable(L, info->inputs, 0);
    for (int k = 0; k < info->inputs; k++) {
      lua_pushstring(L, info->grad[k]);
      lua_rawseti(L, -2, k + 1);
    }
    lua_setfield(L, -2, "grads");
    lua_rawseti(L, -2, id + 1);
  }
  return 1;
}

void tl_pointwise_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"derivative", derivative},
                                       {"convert_to", convert_to},
                                       {"lay_out", lay_out},
                                       {"pointwise", rows},
                                       {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
