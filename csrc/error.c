// The message of the last failure, one per thread.
#include <stdarg.h>
#include <stdio.h>

#include "tocha.h"

static _Thread_local char message[512];

tc_status tc_fail(tc_status status, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(message, sizeof message, format, args);
  va_end(args);
  return status;
}

const char *tc_message(void) { return message; }
