// What only CUDA has, for Lua: pinned tensors, streams, events (lua/tocha/cuda.lua, cuda_stream.lua).
#include <limits.h>
#include <string.h>

#include "../backend.h"
#include "../cuda_calls.h"
#include "graph.h"

static const char STREAM[] = "tocha.cuda.Stream", EVENT[] = "tocha.cuda.Event";

typedef struct stream {
  int index;
  void *is;
} stream;

typedef struct event {
  int index;
  void *is;  // NULL: not recorded yet
  bool timing;
} event;

static const tc_backend *cuda_backend(lua_State *L) {
  const tc_backend *b = tc_backend_named("cuda");
  if (!b || !b->cuda) tl_error(L, "cuda", 0, NULL, "the back end is not loaded");
  return b;
}

static const tc_cuda_calls *calls(lua_State *L) { return cuda_backend(L)->cuda; }

static int check_index(lua_State *L, int at) {
  const tc_backend *b = cuda_backend(L);
  const lua_Integer k = luaL_optinteger(L, at, b->current()->index);
  if (k < 0 || k >= b->count) tl_error(L, "cuda", 0, NULL, "there is no device %I", (LUAI_UACINT)k);
  return (int)k;
}

// ---- pinned tensors ------------------------------------------------------------------------------

static bool is_pinned(const tl_tensor *x) {
  const tc_backend *b = tc_backend_named("cuda");
  return b && b->cuda && x->t.storage && tc_on_host(&x->t) && b->cuda->is_pinned(x->t.storage);
}

// is_pinned(x)
static int tensor_is_pinned(lua_State *L) {
  lua_pushboolean(L, is_pinned(tl_check(L, 1)));
  return 1;
}

// pin(x): itself where it is pinned, else a contiguous copy that is.
static int pin(lua_State *L) {
  const tl_tensor *x = tl_check_values(L, 1);
  tc_tensor t;
  size_t bytes;
  if (!tc_on_host(&x->t))
    return tl_error(L, "pin_memory", 1, "input", "expected a tensor on cpu, got one on %s",
                    x->t.storage->device->name);
  lua_settop(L, 1);
  if (is_pinned(x)) return 1;
  tl_reads_values(L, "pin_memory");
  tl_status(L, "pin_memory",
            tc_tensor_shape(&t, (tc_dtype)x->t.dtype, x->t.ndim, x->t.size, &bytes));
  tl_status(L, "pin_memory", calls(L)->pin(bytes, &t.storage));
  const tl_tensor *y = tl_adopt(L, &t);
  tl_status(L, "pin_memory", tc_copy(&y->t, &x->t));
  return 1;
}

// send(x, device): a copy there, which a pinned x waits for only where it is used; nil where x is not
// pinned, or has gaps.
static int send(lua_State *L) {
  const tl_tensor *x = tl_check_values(L, 1);
  const tc_device *there = tl_check_device(L, 2);
  tc_tensor t = {0};
  if (!is_pinned(x) || !tc_is_contiguous(&x->t) || there == &tc_cpu) return 0;
  tl_reads_values(L, "to");
  tl_status(L, "to", calls(L)->send(there, &x->t, &t));
  tl_adopt(L, &t);
  return 1;
}

// limit(device, bytes)
static int limit(lua_State *L) {
  const int index = check_index(L, 1);
  const lua_Integer bytes = luaL_checkinteger(L, 2);
  return tl_status(L, "set_memory_limit", calls(L)->limit(index, bytes < 0 ? 0 : (size_t)bytes));
}

// ---- recurrent stacks ----------------------------------------------------------------------------

static int *lengths_of(lua_State *L, int at, int64_t batch, int64_t steps) {
  int *list = lua_newuserdatauv(L, (size_t)batch * sizeof *list, 0);
  for (int64_t b = 0; b < batch; b++) {
    list[b] = (int)steps;
    if (lua_isnoneornil(L, at)) continue;
    lua_geti(L, at, b + 1);
    list[b] = (int)luaL_checkinteger(L, -1);
    lua_pop(L, 1);
  }
  return list;
}

// rnn_room(x, stack, steps, lengths): bytes of memory for kernel `rnn_stack`; nil where it does not take the
// stack. Without lengths all sequences have as many steps.
static int rnn_room(lua_State *L) {
  const tl_tensor *x = tl_check_values(L, 1);
  int64_t f[TC_RNN_FIELDS];
  for (int k = 0; k < TC_RNN_FIELDS; k++) {
    lua_geti(L, 2, k + 1);
    f[k] = luaL_checkinteger(L, -1);
    lua_pop(L, 1);
  }
  tc_rnn r = tc_rnn_of(f);
  r.inputs = x->t.size[1];
  r.steps = luaL_checkinteger(L, 3);
  r.dtype = (tc_dtype)x->t.dtype;
  if (r.batch < 1 || r.batch > INT_MAX || r.steps > INT_MAX) return 0;
  r.lengths = lengths_of(L, 4, r.batch, r.steps);
  const size_t bytes = calls(L)->rnn_room(x->t.storage->device->index, &r);
  if (!bytes) return 0;
  lua_pushinteger(L, (lua_Integer)bytes);
  return 1;
}

// ---- streams -------------------------------------------------------------------------------------

static stream *check_stream(lua_State *L, int at) { return luaL_checkudata(L, at, STREAM); }

static event *check_event(lua_State *L, int at) { return luaL_checkudata(L, at, EVENT); }

static int push_stream(lua_State *L, int index, void *is) {
  stream *s = lua_newuserdatauv(L, sizeof *s, 0);
  *s = (stream){index, is};
  luaL_setmetatable(L, STREAM);
  return 1;
}

// stream(device): another than the last one.
static int new_stream(lua_State *L) {
  const int index = check_index(L, 1);
  void *is;
  tl_status(L, "Stream", calls(L)->stream(index, &is));
  return push_stream(L, index, is);
}

static int current_stream(lua_State *L) {
  const int index = check_index(L, 1);
  void *is;
  tl_status(L, "current_stream", calls(L)->current_stream(index, &is));
  return push_stream(L, index, is);
}

// use_stream(stream): this thread works on it, on its device.
static int use_stream(lua_State *L) {
  const stream *s = check_stream(L, 1);
  tl_reads_values(L, "stream");
  return tl_status(L, "stream", calls(L)->use_stream(s->index, s->is));
}

static int stream_synchronize(lua_State *L) {
  const stream *s = check_stream(L, 1);
  tl_reads_values(L, "synchronize");
  return tl_status(L, "synchronize", calls(L)->wait_stream(s->index, s->is));
}

static int stream_query(lua_State *L) {
  const stream *s = check_stream(L, 1);
  bool done;
  tl_status(L, "query", calls(L)->stream_is_done(s->index, s->is, &done));
  lua_pushboolean(L, done);
  return 1;
}

static int stream_device(lua_State *L) {
  lua_pushinteger(L, check_stream(L, 1)->index);
  return 1;
}

static int stream_eq(lua_State *L) {
  const stream *a = luaL_testudata(L, 1, STREAM), *b = luaL_testudata(L, 2, STREAM);
  lua_pushboolean(L, a && b && a->is == b->is);
  return 1;
}

// record_stream(x, stream): the memory of x is not given to others before the stream is through.
static int record_stream(lua_State *L) {
  const tl_tensor *x = tl_check_values(L, 1);
  const stream *s = check_stream(L, 2);
  if (tc_on_host(&x->t))
    return tl_error(L, "record_stream", 1, "input", "expected a tensor on a CUDA device");
  return tl_status(L, "record_stream", calls(L)->used_by(&x->t, s->is));
}

// ---- events --------------------------------------------------------------------------------------

// event(timing)
static int new_event(lua_State *L) {
  const bool timing = lua_toboolean(L, 1);
  event *e = lua_newuserdatauv(L, sizeof *e, 0);
  *e = (event){-1, NULL, timing};
  luaL_setmetatable(L, EVENT);
  return 1;
}

static int event_gc(lua_State *L) {
  event *e = check_event(L, 1);
  if (e->is) calls(L)->free_event(e->is);
  e->is = NULL;
  return 0;
}

static const event *check_recorded(lua_State *L, int at, const char *op) {
  const event *e = check_event(L, at);
  if (!e->is) tl_error(L, op, 0, NULL, "the event was never recorded");
  return e;
}

// event:record(stream): it belongs to the device where it is first recorded.
static int event_record(lua_State *L) {
  event *e = check_event(L, 1);
  const stream *s = check_stream(L, 2);
  tl_reads_values(L, "record");
  if (!e->is) {
    tl_status(L, "record", calls(L)->event(s->index, e->timing, &e->is));
    e->index = s->index;
  }
  if (e->index != s->index)
    return tl_error(L, "record", 0, NULL, "an event of device %d on a stream of device %d",
                    e->index, s->index);
  return tl_status(L, "record", calls(L)->record_event(s->index, e->is, s->is));
}

// event:wait(stream): what the stream gets from now on comes after it.
static int event_wait(lua_State *L) {
  const event *e = check_recorded(L, 1, "wait");
  const stream *s = check_stream(L, 2);
  tl_reads_values(L, "wait");
  return tl_status(L, "wait", calls(L)->await_event(s->index, e->is, s->is));
}

static int event_synchronize(lua_State *L) {
  const event *e = check_recorded(L, 1, "synchronize");
  tl_reads_values(L, "synchronize");
  return tl_status(L, "synchronize", calls(L)->wait_event(e->index, e->is));
}

static int event_query(lua_State *L) {
  const event *e = check_event(L, 1);
  bool done = true;
  if (e->is) tl_status(L, "query", calls(L)->event_is_done(e->index, e->is, &done));
  lua_pushboolean(L, done);
  return 1;
}

// event:elapsed_time(later): milliseconds.
static int event_elapsed(lua_State *L) {
  const event *a = check_recorded(L, 1, "elapsed_time"), *b = check_recorded(L, 2, "elapsed_time");
  double ms = 0;
  if (!a->timing || !b->timing)
    return tl_error(L, "elapsed_time", 0, NULL,
                    "an event has no time: Event { enable_timing = true }");
  tl_status(L, "elapsed_time", calls(L)->elapsed(a->is, b->is, &ms));
  lua_pushnumber(L, ms);
  return 1;
}

// ---- the table -----------------------------------------------------------------------------------

static void add_class(lua_State *L, const char *name, const luaL_Reg *methods,
                      const luaL_Reg *meta) {
  luaL_newmetatable(L, name);
  luaL_setfuncs(L, meta, 0);
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  lua_pushvalue(L, -1);
  lua_setfield(L, -3, "__index");
  lua_remove(L, -2);
}

void tl_cuda_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"pin", pin},
                                       {"is_pinned", tensor_is_pinned},
                                       {"send", send},
                                       {"limit", limit},
                                       {"rnn_room", rnn_room},
                                       {"stream", new_stream},
                                       {"current_stream", current_stream},
                                       {"use_stream", use_stream},
                                       {"record_stream", record_stream},
                                       {"event", new_event},
                                       {NULL, NULL}};
  static const luaL_Reg of_stream[] = {{"synchronize", stream_synchronize},
                                       {"query", stream_query},
                                       {"device_index", stream_device},
                                       {NULL, NULL}};
  static const luaL_Reg stream_meta[] = {{"__eq", stream_eq}, {NULL, NULL}};
  static const luaL_Reg of_event[] = {{"record", event_record},           {"wait", event_wait},
                                      {"synchronize", event_synchronize}, {"query", event_query},
                                      {"elapsed_time", event_elapsed},    {NULL, NULL}};
  static const luaL_Reg event_meta[] = {{"__gc", event_gc}, {NULL, NULL}};
  luaL_newlib(L, functions);
  add_class(L, STREAM, of_stream, stream_meta);
  lua_setfield(L, -2, "Stream");
  add_class(L, EVENT, of_event, event_meta);
  lua_setfield(L, -2, "Event");
  lua_setfield(L, -2, "cuda");
}
