// Digests of bytes, a piece at a time: SHA-256 and MD5.
#ifndef TOCHA_DIGEST_H
#define TOCHA_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { TC_DIGEST_TEXT = 65 };  // hexadecimal digits of the longest, and the zero behind them

typedef struct tc_digest {
  const struct algorithm *algorithm;
  uint64_t length;
  uint32_t h[8];
  uint8_t block[64];
} tc_digest;

// "sha256" or "md5"; 0 where the name is another.
int tc_digest_begin(tc_digest *d, const char *name);
void tc_digest_add(tc_digest *d, const void *bytes, size_t n);
void tc_digest_end(tc_digest *d, char text[TC_DIGEST_TEXT]);

#endif
