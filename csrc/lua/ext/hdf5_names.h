// What libhdf5 tells by calling back: the names of attributes, and the groups and data sets of a file.
#ifndef TOCHA_HDF5_NAMES_H
#define TOCHA_HDF5_NAMES_H

#include "hdf5.h"

enum { ENTRIES_MOST = 1 << 20 };

// ---- attributes ---------------------------------------------------------------------------------

typedef struct names {
  char **list;
  hsize_t used, count;  // as many as the object says it has
} names;

// A damaged object may have more.
static herr_t note_attribute(hid_t object, const char *name, const H5A_info_t *info, void *with) {
  (void)object;
  (void)info;
  names *n = with;
  char *copy = n->used < n->count ? strdup(name) : NULL;
  if (!copy) return -1;
  n->list[n->used++] = copy;
  return 0;
}

static int names_close(lua_State *L) {
  names *n = lua_touserdata(L, 1);
  for (hsize_t k = 0; k < n->used; k++) free(n->list[k]);
  free(n->list);
  n->list = NULL;
  n->used = 0;
  return 0;
}

#define NAMES "tocha.hdf5.names"

static names *names_of(lua_State *L, hid_t object) {
  H5O_info_t info;
  if (H5Oget_info(object, &info) < 0) fail(L, "the attributes");
  if (info.num_attrs > ENTRIES_MOST) luaL_error(L, "hdf5: too many attributes");
  names *n = new_object(L, sizeof *n, NAMES);
  n->count = info.num_attrs;
  n->list = calloc(n->count + 1, sizeof *n->list);
  if (!n->list) luaL_error(L, "hdf5: not enough memory");
  hsize_t from = 0;
  if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &from, note_attribute, n) < 0)
    fail(L, "the attributes");
  return n;
}

// ---- groups and data sets -----------------------------------------------------------------------

typedef struct entry {
  char *path;
  int kind;
} entry;

typedef struct tree {
  entry *list;
  size_t used, room;
} tree;

#define TREE "tocha.hdf5.tree"

static int tree_close(lua_State *L) {
  tree *t = lua_touserdata(L, 1);
  for (size_t k = 0; k < t->used; k++) free(t->list[k].path);
  free(t->list);
  t->list = NULL;
  t->used = 0;
  return 0;
}

static int tree_add(tree *t, const char *path, int kind) {
  if (t->used == t->room) {
    const size_t room = t->room ? t->room * 2 : 64;
    entry *bigger = realloc(t->list, room * sizeof *bigger);
    if (!bigger) return -1;
    t->list = bigger;
    t->room = room;
  }
  char *copy = strdup(path);
  if (!copy) return -1;
  t->list[t->used++] = (entry){copy, kind};
  return 0;
}

// Soft links and links to other files are left out.
static herr_t visit(hid_t group, const char *path, const H5L_info_t *info, void *with) {
  tree *t = with;
  H5O_info_t object;
  if (info->type != H5L_TYPE_HARD) return 0;
  if (t->used >= ENTRIES_MOST || H5Oget_info_by_name(group, path, &object, H5P_DEFAULT) < 0)
    return -1;
  const int known = object.type == H5O_TYPE_GROUP || object.type == H5O_TYPE_DATASET;
  return known ? tree_add(t, path, object.type == H5O_TYPE_DATASET) : 0;
}

#endif
