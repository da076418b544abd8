// tocha.curl: downloads by libcurl.
//
//   get(url, path, offset = 0, limit = nil, watch = nil)
//
// writes what is at the URL (http, https, file) to the file; with an offset, what follows so many
// bytes, behind those that the file has. More than `limit` bytes in all are refused. watch(done,
// total) is called several times a second, total is nil where it is not known; an error in it ends
// the transfer and is raised again. Returns true, or nil, what went wrong, libcurl's number for it
// and HTTP's status. A transfer that stands still for a minute has failed.
#include <curl/curl.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../../../include/tocha_lua.h"

#define TRANSFER "tocha.curl.transfer"

enum { CONNECT_SECONDS = 15, IDLE_SECONDS = 60, MOST_REDIRECTIONS = 10, WATCH_AT = 5 };

// Owned by Lua, so that an error gives all of it back.
typedef struct transfer {
  CURL *curl;
  FILE *file;
  lua_State *L;
  int64_t at, offset, limit;  // bytes in the file; before this transfer; at most, or -1
  int raised;                 // watch left its error on the stack
  const char *problem;        // of ours, where libcurl only knows that we stopped
  char message[CURL_ERROR_SIZE];
} transfer;

static int transfer_close(lua_State *L) {
  transfer *t = luaL_checkudata(L, 1, TRANSFER);
  if (t->curl) curl_easy_cleanup(t->curl);
  if (t->file) fclose(t->file);
  t->curl = NULL;
  t->file = NULL;
  return 0;
}

static size_t on_bytes(char *bytes, size_t size, size_t n, void *with) {
  transfer *t = with;
  n *= size;
  if (t->limit >= 0 && (int64_t)n > t->limit - t->at) {
    t->problem = "it is longer than it should be";
    return 0;
  }
  const size_t written = fwrite(bytes, 1, n, t->file);
  if (written < n) t->problem = strerror(errno);
  t->at += (int64_t)written;
  return written;
}

// Also where Ctrl-C is heard: Lua runs its hook in the function called.
static int on_progress(void *with, curl_off_t total, curl_off_t now, curl_off_t up_total,
                       curl_off_t up) {
  (void)now;
  (void)up_total;
  (void)up;
  transfer *t = with;
  lua_State *L = t->L;
  lua_pushvalue(L, WATCH_AT);
  lua_pushinteger(L, (lua_Integer)t->at);
  if (total > 0) lua_pushinteger(L, (lua_Integer)total + t->offset);
  else lua_pushnil(L);
  t->raised = lua_pcall(L, 2, 0, 0) != LUA_OK;
  return t->raised;
}

static void set_protocols(CURL *curl) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS | CURLPROTO_FILE);
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

static void prepare(transfer *t, const char *url) {
  curl_easy_setopt(t->curl, CURLOPT_URL, url);
  set_protocols(t->curl);
  curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(t->curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(t->curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(t->curl, CURLOPT_MAXREDIRS, (long)MOST_REDIRECTIONS);
  curl_easy_setopt(t->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
  curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_TIME, (long)IDLE_SECONDS);
  curl_easy_setopt(t->curl, CURLOPT_USERAGENT, "tocha");
  curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->message);
  curl_easy_setopt(t->curl, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)t->offset);
  curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, on_bytes);
  curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
  if (lua_isnil(t->L, WATCH_AT)) return;
  curl_easy_setopt(t->curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(t->curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(t->curl, CURLOPT_XFERINFODATA, t);
}

static int failed(lua_State *L, const char *problem, int code, long status) {
  lua_pushnil(L);
  lua_pushstring(L, problem);
  lua_pushinteger(L, code);
  lua_pushinteger(L, status);
  return 4;
}

static int finish(lua_State *L, transfer *t, CURLcode code) {
  if (t->raised) return lua_error(L);
  long status = 0;
  curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
  const int closed = fclose(t->file);
  t->file = NULL;
  if (code == CURLE_OK && closed != 0) return failed(L, strerror(errno), CURLE_WRITE_ERROR, status);
  if (code != CURLE_OK) {
    const char *own = t->message[0] ? t->message : curl_easy_strerror(code);
    return failed(L, t->problem ? t->problem : own, (int)code, status);
  }
  lua_pushboolean(L, 1);
  return 1;
}

static int get(lua_State *L) {
  const char *url = luaL_checkstring(L, 1), *path = luaL_checkstring(L, 2);
  const lua_Integer offset = luaL_optinteger(L, 3, 0), limit = luaL_optinteger(L, 4, -1);
  luaL_argcheck(L, offset >= 0, 3, "an offset is not negative");
  if (!lua_isnoneornil(L, WATCH_AT)) luaL_checktype(L, WATCH_AT, LUA_TFUNCTION);
  lua_settop(L, WATCH_AT);
  transfer *t = lua_newuserdatauv(L, sizeof *t, 0);
  memset(t, 0, sizeof *t);
  luaL_setmetatable(L, TRANSFER);
  lua_toclose(L, -1);
  t->L = L;
  t->at = t->offset = offset;
  t->limit = limit;
  t->file = fopen(path, offset > 0 ? "ab" : "wb");
  if (!t->file) return failed(L, strerror(errno), CURLE_WRITE_ERROR, 0);
  t->curl = curl_easy_init();
  if (!t->curl) return luaL_error(L, "not enough memory to download");
  prepare(t, url);
  return finish(L, t, curl_easy_perform(t->curl));
}

static const luaL_Reg functions[] = {{"get", get}, {NULL, NULL}};

__attribute__((visibility("default"))) int luaopen_tocha_curl(lua_State *L);
int luaopen_tocha_curl(lua_State *L) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return luaL_error(L, "libcurl does not start");
  luaL_newmetatable(L, TRANSFER);
  lua_pushcfunction(L, transfer_close);
  lua_setfield(L, -2, "__gc");
  lua_pushcfunction(L, transfer_close);
  lua_setfield(L, -2, "__close");
  luaL_newlib(L, functions);
  return 1;
}
