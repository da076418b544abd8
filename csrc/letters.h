// What the letters of a kernel's signature mean (docs/architecture.md, Kernels).
#ifndef TOCHA_LETTERS_H
#define TOCHA_LETTERS_H

#include <stdbool.h>

enum {
  TC_LETTER_TENSOR = 1,
  TC_LETTER_TYPED = 2,  // takes part in the working type
  TC_LETTER_WRITTEN = 4,
  TC_LETTER_OUTPUT = 8,
  TC_LETTER_MANY = 16,
  TC_LETTER_INTEGER = 32,
  TC_LETTER_PICTURE = 64,    // by rows or channels last, all of a call alike
  TC_LETTER_PARAMETER = 128  // of the working type or of that of its sums
};

extern const unsigned char tc_letters[128];

static inline unsigned tc_letter(char letter) { return tc_letters[(unsigned char)letter & 127]; }
static inline bool tc_is_tensor(char letter) { return tc_letter(letter) & TC_LETTER_TENSOR; }
static inline bool tc_is_typed(char letter) { return tc_letter(letter) & TC_LETTER_TYPED; }
static inline bool tc_is_written(char letter) { return tc_letter(letter) & TC_LETTER_WRITTEN; }
static inline bool tc_is_many(char letter) { return tc_letter(letter) & TC_LETTER_MANY; }
static inline bool tc_is_integer(char letter) { return tc_letter(letter) & TC_LETTER_INTEGER; }

#endif
