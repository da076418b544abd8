// The core's functions under their own names: what the core lent is called.
#include "host.h"

#include <stdarg.h>
#include <stdio.h>

static const tc_host *host;

void tc_host_set(const tc_host *h) { host = h; }

const tc_device *tc_host_cpu(void) { return host->cpu; }

tc_status tc_fail(tc_status status, const char *format, ...) {
  char text[1024];
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof text, format, list);
  va_end(list);
  return host->fail(status, text);
}

#define F(type, name, params, args)                                                                \
  type name params { return host->name args; }
#define V(name, params, args)                                                                      \
  void name params { host->name args; }
TC_HOST_FUNCTIONS(F, V)
#undef F
#undef V
