// What Lua's own library lacks of the system: folders, kinds of files, durable writes, checksums, the
// terminal.
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../digest.h"
#include "tl.h"

static int failed(lua_State *L, const char *path) {
  lua_pushnil(L);
  lua_pushfstring(L, "%s: %s", path, strerror(errno));
  return 2;
}

#define FOLDER "tocha.folder"

static int close_folder(lua_State *L) {
  DIR **dir = luaL_checkudata(L, 1, FOLDER);
  if (*dir) closedir(*dir);
  *dir = NULL;
  return 0;
}

// list_folder(path): the names in it, sorted by nobody; nil and a message where it cannot be read.
static int list_folder(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  DIR **dir = lua_newuserdatauv(L, sizeof *dir, 0);  // closed also when a push finds no memory
  *dir = NULL;
  luaL_setmetatable(L, FOLDER);
  *dir = opendir(path);
  if (!*dir) return failed(L, path);
  lua_newtable(L);
  lua_Integer n = 0;
  for (const struct dirent *entry; (entry = readdir(*dir));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    lua_pushstring(L, entry->d_name);
    lua_rawseti(L, -2, ++n);
  }
  closedir(*dir);
  *dir = NULL;
  return 1;
}

// file_kind(path): "file", "folder", "other" (through links) and its bytes; nil where nothing is.
static int file_kind(lua_State *L) {
  struct stat s;
  if (stat(luaL_checkstring(L, 1), &s) != 0) return failed(L, lua_tostring(L, 1));
  lua_pushstring(L, S_ISREG(s.st_mode) ? "file" : S_ISDIR(s.st_mode) ? "folder" : "other");
  lua_pushinteger(L, (lua_Integer)s.st_size);
  return 2;
}

// make_folder(path): true where it is there afterwards.
static int make_folder(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  if (mkdir(path, 0777) != 0 && errno != EEXIST) return failed(L, path);
  lua_pushboolean(L, 1);
  return 1;
}

// sync_file(path): what was written to the file, or the names in the folder, reaches the disk.
static int sync_file(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const int file = open(path, O_RDONLY);
  if (file < 0) return failed(L, path);
  const int status = fsync(file);
  close(file);
  if (status != 0) return failed(L, path);
  lua_pushboolean(L, 1);
  return 1;
}

// truncate_file(path, size): cuts it to so many bytes.
static int truncate_file(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  const lua_Integer size = luaL_checkinteger(L, 2);
  luaL_argcheck(L, size >= 0, 2, "a size is not negative");
  if (truncate(path, (off_t)size) != 0) return failed(L, path);
  lua_pushboolean(L, 1);
  return 1;
}

// ---- checksums ----------------------------------------------------------------------------------

static int push_digest(lua_State *L, tc_digest *d) {
  char text[TC_DIGEST_TEXT];
  tc_digest_end(d, text);
  lua_pushstring(L, text);
  return 1;
}

static void begin_digest(lua_State *L, tc_digest *d) {
  if (!tc_digest_begin(d, luaL_checkstring(L, 1))) luaL_argerror(L, 1, "expected sha256 or md5");
}

// digest("sha256" or "md5", bytes): in hexadecimal digits.
static int digest(lua_State *L) {
  tc_digest d;
  size_t size;
  const char *bytes = luaL_checklstring(L, 2, &size);
  begin_digest(L, &d);
  tc_digest_add(&d, bytes, size);
  return push_digest(L, &d);
}

// digest_file(kind, path): of what is in a file; nil and a message where it cannot be read.
static int digest_file(lua_State *L) {
  tc_digest d;
  char piece[1 << 14];
  const char *path = luaL_checkstring(L, 2);
  begin_digest(L, &d);
  FILE *file = fopen(path, "rb");
  if (!file) return failed(L, path);
  for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;) tc_digest_add(&d, piece, n);
  const int broken = ferror(file);
  fclose(file);
  return broken ? failed(L, path) : push_digest(L, &d);
}

static int process_id(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)getpid());
  return 1;
}

static int host_name(lua_State *L) {
  char name[256] = "";
  if (gethostname(name, sizeof name - 1) != 0) strcpy(name, "localhost");
  lua_pushstring(L, name);
  return 1;
}

// terminal_size(fd = 1): columns and rows of the terminal that the descriptor leads to, or nil; 0
// where it does not tell them.
static int terminal_size(lua_State *L) {
  const int fd = (int)luaL_optinteger(L, 1, STDOUT_FILENO);
  if (!isatty(fd)) return 0;
  struct winsize size = {0};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) size.ws_col = size.ws_row = 0;
  lua_pushinteger(L, size.ws_col);
  lua_pushinteger(L, size.ws_row);
  return 2;
}

void tl_system_open(lua_State *L) {
  static const luaL_Reg functions[] = {{"list_folder", list_folder},
                                       {"file_kind", file_kind},
                                       {"make_folder", make_folder},
                                       {"sync_file", sync_file},
                                       {"truncate_file", truncate_file},
                                       {"process_id", process_id},
                                       {"digest", digest},
                                       {"digest_file", digest_file},
                                       {"host_name", host_name},
                                       {"terminal_size", terminal_size},
                                       {NULL, NULL}};
  luaL_newmetatable(L, FOLDER);
  lua_pushcfunction(L, close_folder);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  luaL_setfuncs(L, functions, 0);
}
