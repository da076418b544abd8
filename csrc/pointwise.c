// The text of every elementwise operation: what the registry, the documentation and tests read.
#include "tocha.h"

#define TEXT(x) #x

const tc_pointwise_info tc_pointwise_table[TC_POINTWISE] = {
#define OP1(name, args, class, f, da, doc) {#name, args, TEXT(f), {TEXT(da)}, doc, TC_##class, 1},
#define OP2(name, args, class, f, da, db, doc)                                                     \
  {#name, args, TEXT(f), {TEXT(da), TEXT(db)}, doc, TC_##class, 2},
#define OP3(name, args, class, f, da, db, dc, doc)                                                 \
  {#name, args, TEXT(f), {TEXT(da), TEXT(db), TEXT(dc)}, doc, TC_##class, 3},
#include "pointwise.def"
};
