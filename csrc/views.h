// The views of views.def: each writes sizes, strides and offset of `out`, which shares in's storage.
#ifndef TOCHA_VIEWS_H
#define TOCHA_VIEWS_H

#include "tocha.h"

enum tc_view_id {
#define VIEW(name, signature) TC_V_##name,
#include "views.def"
#undef VIEW
  TC_VIEWS
};

typedef struct tc_view_info {
  const char *name, *signature;
  tc_view call;
} tc_view_info;

extern const tc_view_info tc_view_table[TC_VIEWS];

// Where `index` (1 is the first, -1 the last) stands, from 0; or -1 when it is out of range.
static inline int64_t tc_position(int64_t index, int64_t size) {
  if (index < 0) index += size + 1;
  return index >= 1 && index <= size ? index - 1 : -1;
}

#endif
