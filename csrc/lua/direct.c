// Operations that are one kernel call, run without Lua.
//
// A declaration may say the usual case of what it runs in a line, `direct`:
//
//     linear {input[:-2], weight[1]} (input, weight, bias) if #weight = 2, weight[2] = input[-1]
//
// the kernel, the sizes of its result, the kernel's arguments after the result, and when this is so.
// The tensors given to the kernel as numbers must have values and one floating dtype, which is the
// result's. Whatever is not so is left to the declaration's `run`, which also has the error texts.
//
//     term   an integer, an argument's name, x[k] (a size), #x (dimensions), numel(x), rows(x)
//     sizes  terms, or x[:k]: the sizes of x up to the k-th
//     if     term = term, term = 'text', term = nil (or false), x ~ y (same shape); true where x is absent
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../letters.h"
#include "graph.h"

typedef enum term_kind { INTEGER, VALUE, SIZE, DIMS, NUMEL, ROWS, SIZES, TEXT, NIL } term_kind;

typedef struct term {
  uint8_t kind, arg;  // a term_kind; arguments count from 1, and 0 is none
  char text[12];
  int64_t value;  // the integer, or which size
} term;

// What the kernel wants to find in place of a term: see kernel.c.
typedef struct slot {
  term term;
  char letter;
  bool tensor, typed, optional, fresh, strided;
  uint8_t dtype;  // of what is not typed; TC_DTYPES: any
} slot;

typedef struct condition {
  term a, b;
  bool alike;
} condition;

enum { MAX_CONDITIONS = 6 };

struct tl_direct {
  int kernel, sizes, args, conditions;
  term size[TC_MAX_DIMS];
  slot arg[TL_MAX_ARGS];
  condition condition[MAX_CONDITIONS];
};

// ---- reading the line --------------------------------------------------------------------------

typedef struct reader {
  lua_State *L;
  const tl_op *op;
  const char *at, *whole;
} reader;

static void blame(const reader *r) {
  luaL_error(r->L, "%s: cannot read '%s' of the line '%s'", r->op->name, r->at, r->whole);
}

static bool take(reader *r, const char *what) {
  while (*r->at == ' ') r->at++;
  const size_t n = strlen(what);
  if (strncmp(r->at, what, n) != 0) return false;
  r->at += n;
  return true;
}

static void need(reader *r, const char *what) {
  if (!take(r, what)) blame(r);
}

static int64_t take_integer(reader *r) {
  char *end;
  const long long v = strtoll(r->at, &end, 10);
  if (end == r->at) blame(r);
  r->at = end;
  return v;
}

static size_t word_length(const char *s) {
  size_t n = 0;
  while (isalnum((unsigned char)s[n]) || s[n] == '_') n++;
  return n;
}

static bool is_word(const char *name, const char *at, size_t n) {
  return strlen(name) == n && strncmp(name, at, n) == 0;
}

static uint8_t take_arg(reader *r) {
  take(r, "");
  const size_t n = word_length(r->at);
  for (int k = 0; k < r->op->nargs; k++) {
    if (!is_word(r->op->arg[k].name, r->at, n)) continue;
    r->at += n;
    return (uint8_t)(k + 1);
  }
  blame(r);
  return 0;
}

static term take_text(reader *r) {
  term t = {.kind = TEXT};
  const size_t n = word_length(r->at);
  if (n >= sizeof t.text) blame(r);
  memcpy(t.text, r->at, n);
  r->at += n;
  need(r, "'");
  return t;
}

static term take_function(reader *r, term_kind kind) {
  term t = {.kind = (uint8_t)kind, .arg = take_arg(r)};
  need(r, ")");
  return t;
}

static term take_term(reader *r) {
  term t = {.kind = VALUE};
  if (take(r, "'")) return take_text(r);
  if (take(r, "nil")) return (term){.kind = NIL};
  if (take(r, "numel(")) return take_function(r, NUMEL);
  if (take(r, "rows(")) return take_function(r, ROWS);
  if (isdigit((unsigned char)*r->at)) return (term){.kind = INTEGER, .value = take_integer(r)};
  if (take(r, "#")) t.kind = DIMS;
  t.arg = take_arg(r);
  if (!take(r, "[")) return t;
  t.kind = take(r, ":") ? SIZES : SIZE;
  t.value = take_integer(r);
  need(r, "]");
  return t;
}

static int take_terms(reader *r, term *list, int most, const char *close) {
  int n = 0;
  while (!take(r, close)) {
    if (n > 0) need(r, ",");
    if (n == most) blame(r);
    list[n++] = take_term(r);
  }
  return n;
}

static void take_conditions(reader *r, tl_direct *d) {
  do {
    if (d->conditions == MAX_CONDITIONS) blame(r);
    condition *c = &d->condition[d->conditions++];
    c->a = take_term(r);
    c->alike = take(r, "~");
    if (!c->alike) need(r, "=");
    c->b = take_term(r);
  } while (take(r, ","));
}

static int take_kernel(reader *r) {
  const size_t n = word_length(r->at);
  for (int id = 0; id < TC_KERNELS; id++) {
    if (!is_word(tc_kernel_table[id].name, r->at, n)) continue;
    r->at += n;
    return id;
  }
  blame(r);
  return 0;
}

static slot slot_of(term t, char letter) {
  slot s = {.term = t, .letter = letter, .tensor = tc_is_tensor(letter), .dtype = TC_DTYPES};
  const char kind = (char)tolower((unsigned char)letter);
  s.typed = tc_is_typed(letter);
  s.optional = isupper((unsigned char)letter);
  s.fresh = !tc_is_written(letter);
  s.strided = letter == 's';
  if (kind == 'n') s.dtype = TC_int64;
  if (kind == 'm') s.dtype = TC_bool;
  return s;
}

const tl_direct *tl_direct_read(lua_State *L, const tl_op *op, const char *text) {
  reader r = {L, op, text, text};
  tl_direct *d = lua_newuserdatauv(L, sizeof *d, 0);
  memset(d, 0, sizeof *d);
  d->kernel = take_kernel(&r);
  need(&r, "{");
  d->sizes = take_terms(&r, d->size, TC_MAX_DIMS, "}");
  need(&r, "(");
  term args[TL_MAX_ARGS];
  d->args = take_terms(&r, args, TL_MAX_ARGS, ")");
  if (take(&r, "if ")) take_conditions(&r, d);
  const char *signature = tc_kernel_table[d->kernel].signature;
  if (*r.at || d->args + 1 != (int)strlen(signature)) blame(&r);
  for (int k = 0; k < d->args; k++) d->arg[k] = slot_of(args[k], signature[k + 1]);
  return d;
}

// ---- terms -------------------------------------------------------------------------------------

// What a size stands for counts from 1, or from the end; 0 where the tensor has no such dimension.
static int place(const tc_tensor *t, int64_t k) {
  const int64_t d = k < 0 ? t->ndim + k + 1 : k;
  return d < 1 || d > t->ndim ? 0 : (int)d;
}

// The arguments of a call, at base + 1, ... of the stack; x: the tensors among them.
typedef struct values {
  lua_State *L;
  int base;
  tl_tensor *const *x;
} values;

static const tl_tensor *tensor_of(const values *v, const term *t) {
  return t->arg ? v->x[t->arg - 1] : NULL;
}

static int64_t rows_of(const tc_tensor *t) {
  const int64_t last = t->ndim ? t->size[t->ndim - 1] : 1;
  return last ? tc_numel(t) / last : 0;
}

// False where there is no such number.
static bool number_of(const values *v, const term *t, int64_t *out) {
  const tl_tensor *x = tensor_of(v, t);
  int d, is_integer;
  if (!x && t->kind > VALUE) return false;
  switch (t->kind) {
    case INTEGER: *out = t->value; return true;
    case VALUE: *out = lua_tointegerx(v->L, v->base + t->arg, &is_integer); return is_integer;
    case SIZE:
      d = place(&x->t, t->value);
      *out = d ? x->t.size[d - 1] : 0;
      return d > 0;
    case DIMS: *out = x->t.ndim; return true;
    case NUMEL: *out = tc_numel(&x->t); return true;
    default: *out = rows_of(&x->t); return true;
  }
}

static bool equal(const values *v, const condition *c) {
  int64_t a, b;
  const int at = v->base + c->a.arg;
  if (c->b.kind == NIL) return !lua_toboolean(v->L, at);
  if (c->b.kind == TEXT)
    return lua_type(v->L, at) == LUA_TSTRING && strcmp(lua_tostring(v->L, at), c->b.text) == 0;
  if (!tensor_of(v, &c->a) && lua_isnil(v->L, at)) return true;
  return number_of(v, &c->a, &a) && number_of(v, &c->b, &b) && a == b;
}

static bool alike(const values *v, const condition *c) {
  const tl_tensor *a = tensor_of(v, &c->a), *b = tensor_of(v, &c->b);
  return a && b && tc_same_shape(&a->t, &b->t);
}

static bool holds(const values *v, const tl_direct *d) {
  for (int k = 0; k < d->conditions; k++) {
    const condition *c = &d->condition[k];
    if (!(c->alike ? alike(v, c) : equal(v, c))) return false;
  }
  return true;
}

// ---- the call ----------------------------------------------------------------------------------

// The sizes of the result; their number, or -1.
static int read_sizes(const values *v, const tl_direct *d, int64_t *size) {
  int n = 0;
  for (int k = 0; k < d->sizes; k++) {
    const term *t = &d->size[k];
    const bool many = t->kind == SIZES;
    const tl_tensor *x = many ? tensor_of(v, t) : NULL;
    if (many && !x) return -1;
    const int last = many ? (int)(t->value < 0 ? x->t.ndim + t->value + 1 : t->value) : 1;
    if (last < 0 || n + last > TC_MAX_DIMS || (many && last > x->t.ndim)) return -1;
    if (!many && !number_of(v, t, &size[n])) return -1;
    for (int d = 0; many && d < last; d++) size[n + d] = x->t.size[d];
    n += last;
  }
  return n;
}

typedef struct given {
  const tc_device *device;
  int dtype, tensors;
  bool fitting;  // as the kernel takes them, without a copy
} given;

// Tensors that the kernel computes with have values, one dtype, one device.
static bool add_tensor(const values *v, const slot *s, given *all, tc_tensor **out) {
  const int at = v->base + s->term.arg;
  tl_tensor *x = s->term.arg ? v->x[s->term.arg - 1] : NULL;
  *out = x ? &x->t : NULL;
  if (!x) return s->optional && (!s->term.arg || lua_isnil(v->L, at));
  if (!x->t.storage) return false;
  tl_used(v->L, at);
  if (!all->device) all->device = x->t.storage->device;
  if (all->device != x->t.storage->device) return false;
  all->fitting = all->fitting && s->fresh && (s->strided || tc_is_contiguous(&x->t)) &&
                 (s->dtype == TC_DTYPES || s->dtype == x->t.dtype);
  if (!s->typed) return true;
  if (all->dtype < 0) all->dtype = x->t.dtype;
  return all->dtype == x->t.dtype;
}

static bool read_args(const values *v, const tl_direct *d, given *all, tc_args *a) {
  int integers = 0, reals = 0;
  a->count = 0;
  for (int k = 0; k < d->args; k++) {
    const slot *s = &d->arg[k];
    const term *t = &s->term;
    int64_t number;
    if (s->tensor) {
      if (!add_tensor(v, s, all, &a->t[all->tensors++])) return false;
    } else if (s->letter == 'f') {
      a->f[reals++] = t->kind == INTEGER ? (double)t->value : lua_tonumber(v->L, v->base + t->arg);
    } else {
      if (!number_of(v, t, &number)) return false;
      a->i[integers++] = number - (s->letter == 'd');
    }
  }
  return all->dtype >= 0 && tc_is_float((tc_dtype)all->dtype);
}

// A finaliser that ran when the result was allocated may have closed an argument.
static tc_status run(int kernel, tc_args *a, const given *all) {
  for (int k = 1; k < all->tensors; k++)
    if (a->t[k] && !a->t[k]->storage) return tc_fail(TC_BAD_VALUE, "the tensor has no values");
  if (!all->fitting || tc_is_half((tc_dtype)all->dtype)) return tc_run(kernel, a);
  a->dtype = (tc_dtype)all->dtype;
  return tc_run_fitting(kernel, a);
}

bool tl_direct_run(lua_State *L, const tl_op *op, int base, tl_tensor *const *x) {
  const tl_direct *d = op->direct;
  const values v = {L, base, x};
  given all = {.dtype = -1, .tensors = 1, .fitting = true};
  int64_t size[TC_MAX_DIMS];
  tc_args a;
  if (!holds(&v, d) || !read_args(&v, d, &all, &a)) return false;
  const int n = read_sizes(&v, d, size);
  if (n < 0) return false;
  a.t[0] = &tl_new(L, all.device, (tc_dtype)all.dtype, n, size)->t;
  tl_status(L, op->name, run(d->kernel, &a, &all));
  return true;
}

// ---- gradients ---------------------------------------------------------------------------------

static const tl_op *operation(lua_State *L, int index) {
  if (!tl_is_operation(L, index)) luaL_error(L, "not an operation");
  lua_getupvalue(L, index, TL_UP_OP);
  const tl_op *op = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return op;
}

// gradient(f, places): a call of the operation f, by the places that tl_gradient names.
static int gradient(lua_State *L) {
  luaL_checktype(L, 2, LUA_TTABLE);
  const tl_op *op = operation(L, 1);
  tl_gradient *call = lua_newuserdatauv(L, sizeof *call, 1);
  call->op = op;
  call->n = (int)lua_rawlen(L, 2);
  if (call->n > op->nargs) return luaL_error(L, "%s: too many arguments", op->name);
  for (int k = 0; k < call->n; k++) {
    lua_rawgeti(L, 2, k + 1);
    call->from[k] = (int)luaL_checkinteger(L, -1);
    lua_pop(L, 1);
  }
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  return 1;
}

void tl_direct_open(lua_State *L) {
  lua_pushcfunction(L, gradient);
  lua_setfield(L, -2, "gradient");
}
