// Digests of bytes: SHA-256 (FIPS 180-4) and MD5 (RFC 1321), for the checksums of files. MD5 tells a
// broken download; against an adversary only SHA-256 does.
#include "digest.h"

#include <string.h>

enum { BLOCK = 64, LENGTH_AT = 56 };

static uint32_t left(uint32_t v, int n) { return v << n | v >> (32 - n); }
static uint32_t right(uint32_t v, int n) { return v >> n | v << (32 - n); }

static uint32_t big(const uint8_t *b) {
  return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static uint32_t little(const uint8_t *b) {
  return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

// ---- SHA-256 ------------------------------------------------------------------------------------

static const uint32_t sha256_start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static const uint32_t sha256_round[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static void sha256_schedule(uint32_t w[64], const uint8_t *block) {
  for (int t = 0; t < 16; t++) w[t] = big(block + 4 * t);
  for (int t = 16; t < 64; t++) {
    const uint32_t a = w[t - 15], b = w[t - 2];
    w[t] = (right(b, 17) ^ right(b, 19) ^ b >> 10) + w[t - 7] +
           (right(a, 7) ^ right(a, 18) ^ a >> 3) + w[t - 16];
  }
}

// v is a, b, ... h of the standard; the new a and e are made, the others move on by one.
static void sha256_block(uint32_t h[8], const uint8_t *block) {
  uint32_t w[64], v[8];
  sha256_schedule(w, block);
  memcpy(v, h, sizeof v);
  for (int t = 0; t < 64; t++) {
    const uint32_t a = v[0], e = v[4];
    const uint32_t t1 = v[7] + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) +
                        ((e & v[5]) ^ (~e & v[6])) + sha256_round[t] + w[t];
    const uint32_t t2 =
        (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
    memmove(v + 1, v, 7 * sizeof *v);
    v[4] += t1;
    v[0] = t1 + t2;
  }
  for (int k = 0; k < 8; k++) h[k] += v[k];
}

// ---- MD5 ----------------------------------------------------------------------------------------

static const uint32_t md5_start[8] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
static const int md5_turns[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
static const uint32_t md5_round[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static uint32_t md5_mix(int round, uint32_t b, uint32_t c, uint32_t d) {
  switch (round) {
    case 0: return (b & c) | (~b & d);
    case 1: return (d & b) | (~d & c);
    case 2: return b ^ c ^ d;
    default: return c ^ (b | ~d);
  }
}

static void md5_block(uint32_t h[8], const uint8_t *block) {
  static const int step[4] = {1, 5, 3, 7}, first[4] = {0, 1, 5, 0};
  uint32_t a = h[0], b = h[1], c = h[2], d = h[3];
  for (int t = 0; t < 64; t++) {
    const int round = t / 16, word = (first[round] + step[round] * t) % 16;
    const uint32_t sum = a + md5_mix(round, b, c, d) + md5_round[t] + little(block + 4 * word);
    a = d;
    d = c;
    c = b;
    b += left(sum, md5_turns[round][t % 4]);
  }
  h[0] += a;
  h[1] += b;
  h[2] += c;
  h[3] += d;
}

// ---- both ---------------------------------------------------------------------------------------

static const struct algorithm {
  const char *name;
  const uint32_t *start;
  void (*block)(uint32_t h[8], const uint8_t *block);
  int words, big_endian;
} algorithms[] = {{"sha256", sha256_start, sha256_block, 8, 1},
                  {"md5", md5_start, md5_block, 4, 0}};

int tc_digest_begin(tc_digest *d, const char *name) {
  for (size_t k = 0; k < sizeof algorithms / sizeof *algorithms; k++) {
    if (strcmp(algorithms[k].name, name) != 0) continue;
    d->algorithm = algorithms + k;
    d->length = 0;
    memcpy(d->h, d->algorithm->start, sizeof d->h);
    return 1;
  }
  return 0;
}

void tc_digest_add(tc_digest *d, const void *bytes, size_t n) {
  const uint8_t *at = bytes;
  while (n > 0) {
    const size_t used = d->length % BLOCK, room = BLOCK - used, now = n < room ? n : room;
    memcpy(d->block + used, at, now);
    if (now == room) d->algorithm->block(d->h, d->block);
    d->length += now;
    at += now;
    n -= now;
  }
}

// A bit, zeros up to the last eight bytes of a block, and there the number of bits.
static void pad(tc_digest *d) {
  static const uint8_t padding[BLOCK] = {0x80};
  const uint64_t bits = d->length * 8;
  tc_digest_add(d, padding, (LENGTH_AT + BLOCK - 1 - d->length % BLOCK) % BLOCK + 1);
  uint8_t length[8];
  for (int k = 0; k < 8; k++)
    length[k] = (uint8_t)(bits >> 8 * (d->algorithm->big_endian ? 7 - k : k));
  tc_digest_add(d, length, sizeof length);
}

void tc_digest_end(tc_digest *d, char text[TC_DIGEST_TEXT]) {
  static const char digits[] = "0123456789abcdef";
  pad(d);
  for (int k = 0; k < 4 * d->algorithm->words; k++) {
    const int byte = d->algorithm->big_endian ? 3 - k % 4 : k % 4;
    const uint32_t v = d->h[k / 4] >> 8 * byte & 255;
    *text++ = digits[v >> 4];
    *text++ = digits[v & 15];
  }
  *text = 0;
}
