// tocha.zlib: zlib's compression, on strings.
//
//   compress(bytes, format = "gzip", level = 6)
//   decompress(bytes, format = "auto", limit = 1 << 30)   nil and a message where bytes are damaged
//   crc32(bytes, crc = 0)
//
// Formats are "gzip", "zlib", "raw" and, reading, "auto" (the first two). Of several gzip members in a
// row all are read. What would grow past `limit` bytes is refused before its memory is taken.
#include <lauxlib.h>
#include <lua.h>
#include <string.h>
#include <zlib.h>

enum { CHUNK = 1 << 16, WINDOW = 15, GZIP = 16, AUTO = 32, MEMORY_LEVEL = 8 };

static const char *const formats[] = {"auto", "gzip", "zlib", "raw", NULL};
static const int window_bits[] = {WINDOW + AUTO, WINDOW + GZIP, WINDOW, -WINDOW};

#define STREAM "tocha.zlib.stream"

// Owned by Lua, so that an error (no memory for the result) gives zlib's own memory back.
typedef struct stream {
  z_stream z;
  int (*end)(z_stream *);
} stream;

static int stream_close(lua_State *L) {
  stream *s = luaL_checkudata(L, 1, STREAM);
  if (s->end) s->end(&s->z);
  s->end = NULL;
  return 0;
}

static stream *new_stream(lua_State *L) {
  stream *s = lua_newuserdatauv(L, sizeof *s, 0);
  memset(s, 0, sizeof *s);
  luaL_setmetatable(L, STREAM);
  return s;
}

// Gives zlib what is left of the input, at most UINT_MAX bytes at a time.
static void feed(z_stream *z, const char **at, size_t *left) {
  if (z->avail_in > 0 || *left == 0) return;
  const uInt n = *left > CHUNK * 16 ? CHUNK * 16 : (uInt)*left;
  z->next_in = (Bytef *)(uintptr_t)*at;
  z->avail_in = n;
  *at += n;
  *left -= n;
}

// One chunk of output appended to the buffer; returns zlib's status.
static int step(z_stream *z, luaL_Buffer *out, int (*run)(z_stream *, int), int flush) {
  z->next_out = (Bytef *)luaL_prepbuffsize(out, CHUNK);
  z->avail_out = CHUNK;
  const int status = run(z, flush);
  luaL_addsize(out, CHUNK - z->avail_out);
  return status;
}

static int compress_bytes(lua_State *L) {
  size_t left;
  const char *at = luaL_checklstring(L, 1, &left);
  const int format = luaL_checkoption(L, 2, "gzip", formats);
  const int level = (int)luaL_optinteger(L, 3, 6);
  luaL_argcheck(L, format > 0, 2, "'auto' is for reading");
  luaL_argcheck(L, level >= 0 && level <= 9, 3, "expected a level in 0..9");
  lua_settop(L, 3);
  stream *s = new_stream(L);
  if (deflateInit2(&s->z, level, Z_DEFLATED, window_bits[format], MEMORY_LEVEL,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    return luaL_error(L, "not enough memory to compress");
  s->end = deflateEnd;
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    feed(&s->z, &at, &left);
    status = step(&s->z, &out, deflate, left > 0 ? Z_NO_FLUSH : Z_FINISH);
  }
  luaL_pushresult(&out);
  return 1;
}

static int damaged(lua_State *L, const char *what) {
  lua_pushnil(L);
  lua_pushstring(L, what);
  return 2;
}

static const char *problem_of(int status, const z_stream *z) {
  if (status == Z_BUF_ERROR || status == Z_OK) return "the data end too early";
  if (status == Z_MEM_ERROR) return "not enough memory to decompress";
  return z->msg ? z->msg : "the data are damaged";
}

static int decompress_bytes(lua_State *L) {
  size_t left;
  const char *at = luaL_checklstring(L, 1, &left);
  const int format = luaL_checkoption(L, 2, "auto", formats);
  const lua_Integer limit = luaL_optinteger(L, 3, (lua_Integer)1 << 30);
  lua_settop(L, 3);
  stream *s = new_stream(L);
  if (inflateInit2(&s->z, window_bits[format]) != Z_OK)
    return luaL_error(L, "not enough memory to decompress");
  s->end = inflateEnd;
  luaL_Buffer out;
  luaL_buffinit(L, &out);
  lua_Integer total = 0;
  for (;;) {
    feed(&s->z, &at, &left);
    const int status = step(&s->z, &out, inflate, Z_NO_FLUSH);
    total += CHUNK - s->z.avail_out;
    if (total > limit) return damaged(L, "the data grow past the limit");
    const int more = left > 0 || s->z.avail_in > 0;
    if (status == Z_STREAM_END && !(more && format < 2)) break;
    if (status == Z_STREAM_END) {
      if (inflateReset(&s->z) != Z_OK) return damaged(L, "the data are damaged");
    } else if (status != Z_OK || (!more && s->z.avail_out > 0)) {
      return damaged(L, problem_of(status, &s->z));
    }
  }
  luaL_pushresult(&out);
  return 1;
}

static int checksum(lua_State *L) {
  size_t size;
  const char *bytes = luaL_checklstring(L, 1, &size);
  const uLong crc = (uLong)luaL_optinteger(L, 2, 0);
  lua_pushinteger(L, (lua_Integer)crc32_z(crc, (const Bytef *)bytes, size));
  return 1;
}

static const luaL_Reg functions[] = {
    {"compress", compress_bytes},
    {"decompress", decompress_bytes},
    {"crc32", checksum},
    {NULL, NULL},
};

__attribute__((visibility("default"))) int luaopen_tocha_zlib(lua_State *L);
int luaopen_tocha_zlib(lua_State *L) {
  luaL_newmetatable(L, STREAM);
  lua_pushcfunction(L, stream_close);
  lua_setfield(L, -2, "__gc");
  luaL_newlib(L, functions);
  return 1;
}
