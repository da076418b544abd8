// Messages: bytes, with the tensors and channels that go along, on their way between Lua states.
#include <stdlib.h>
#include <string.h>

#include "graph.h"
#include "thread.h"

static char *bytes_of(tl_message *m) { return (char *)&m->item[m->count]; }

void tl_message_free(tl_message *m) {
  if (!m) return;
  for (int k = 0; k < m->count; k++) {
    tc_tensor_free(&m->item[k].tensor);
    tl_channel_release(m->item[k].channel);
  }
  free(m);
}

tl_message *tl_message_text(const char *text) {
  const size_t length = strlen(text);
  tl_message *m = malloc(sizeof *m + length);
  if (!m) return NULL;
  m->next = NULL;
  m->count = 0;
  m->length = length;
  memcpy(bytes_of(m), text, length);
  return m;
}

// ---- the box ---------------------------------------------------------------------------------

#define BOX "tocha.Message"

static int free_box(lua_State *L) {
  tl_message **place = lua_touserdata(L, 1);
  tl_message_free(*place);
  *place = NULL;
  return 0;
}

tl_message **tl_message_box(lua_State *L) {
  tl_message **place = lua_newuserdatauv(L, sizeof *place, 0);
  *place = NULL;
  if (luaL_newmetatable(L, BOX)) {
    lua_pushcfunction(L, free_box);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  return place;
}

// ---- from Lua --------------------------------------------------------------------------------

// Entry k of the list, checked. A small tensor's values move out of its userdata, or are copied where
// a view shares them: no other state may see that memory.
static void prepare(lua_State *L, int list, int k) {
  lua_rawgeti(L, list, k);
  const tl_tensor *x = tl_to(L, -1);
  if (x && x->t.storage) {
    tl_reads_values(L, "send");
    tl_promote(L, -1);
    if (x->t.storage->embedded) {
      tl_tensor *copy = tl_push_heap(L);
      tl_status(L, "send", tc_tensor_like(&copy->t, &x->t, (tc_dtype)x->t.dtype));
      tl_status(L, "send", tc_copy(&copy->t, &x->t));
      lua_rawseti(L, list, k);
    }
  }
  lua_pop(L, 1);
}

// After the last of them, when no finaliser can run any more that closes one.
static void check(lua_State *L, int list, int k) {
  lua_rawgeti(L, list, k);
  const tl_tensor *x = tl_to(L, -1);
  if (x ? !x->t.storage || x->t.storage->embedded : !tl_channel_at(L, -1))
    tl_error(L, "send", 0, NULL, "neither a tensor with values nor a channel");
  lua_pop(L, 1);
}

static void hold(lua_State *L, int list, int k, tl_item *item) {
  lua_rawgeti(L, list, k);
  const tl_tensor *x = tl_to(L, -1);
  memset(item, 0, sizeof *item);
  if (x) {
    item->tensor = x->t;
    tc_storage_retain(x->t.storage);
  } else {
    item->channel = tl_channel_at(L, -1);
    tl_channel_retain(item->channel);
  }
  lua_pop(L, 1);
}

tl_message *tl_message_read(lua_State *L, int index) {
  size_t length;
  const char *bytes = luaL_checklstring(L, index, &length);
  const int list = index + 1, count = lua_istable(L, list) ? (int)lua_rawlen(L, list) : 0;
  luaL_checkstack(L, 8, "message");
  for (int k = 1; k <= count; k++) prepare(L, list, k);
  for (int k = 1; k <= count; k++) check(L, list, k);
  tl_message *m = malloc(sizeof *m + (size_t)count * sizeof(tl_item) + length);
  if (!m)
    tl_error(L, "send", 0, NULL, "not enough memory for a message of %I bytes",
             (LUAI_UACINT)length);
  m->next = NULL;
  m->length = length;
  m->count = count;
  for (int k = 1; k <= count; k++) hold(L, list, k, &m->item[k - 1]);
  memcpy(bytes_of(m), bytes, length);
  return m;
}

// ---- to Lua ----------------------------------------------------------------------------------

void tl_message_push(lua_State *L, tl_message **place) {
  tl_message *m = *place;
  luaL_checkstack(L, 4, "message");
  lua_pushlstring(L, bytes_of(m), m->length);
  if (m->count == 0) lua_pushnil(L);
  else lua_createtable(L, m->count, 0);
  for (int k = 0; k < m->count; k++) {
    tl_item *item = &m->item[k];
    if (item->channel) tl_channel_push(L, &item->channel);
    else tl_adopt(L, &item->tensor);
    lua_rawseti(L, -2, k + 1);
  }
  tl_message_free(m);
  *place = NULL;
}
