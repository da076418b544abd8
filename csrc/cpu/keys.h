// Values as unsigned keys of the same order, beside their places, and a stable sort of these: what
// sort, topk, kthvalue and unique share. Part of a template.
//
// NaN is the greatest value, as in PyTorch; -0 equals 0. A descending order turns the keys over, so
// that equal values keep their order both ways.
#undef KEY
#undef KEY_BITS
#if TC_IS_F32
#define KEY uint32_t
#else
#define KEY uint64_t
#endif
#define KEY_BITS ((int)sizeof(KEY) * 8)

typedef struct NAME(entry) {
  KEY key, at;
} NAME(entry);

#if TC_IS_INT
static inline KEY NAME(key)(T v) { return (KEY)v ^ (KEY)1 << (KEY_BITS - 1); }
#else
static inline KEY NAME(key)(T v) {
  const KEY top = (KEY)1 << (KEY_BITS - 1);
  KEY bits;
  v += 0;  // -0 becomes 0
  memcpy(&bits, &v, sizeof bits);
  bits = bits & top ? ~bits : bits | top;
  return v != v ? ~(KEY)0 : bits;
}
#endif

// A line of x as entries. `flip` is all ones for a descending order, else 0.
static void NAME(entries)(NAME(entry) *e, const T *x, int64_t n, int64_t step, KEY flip) {
  for (int64_t i = 0; i < n; i++) {
    e[i].key = NAME(key)(x[i * step]) ^ flip;
    e[i].at = (KEY)i;
  }
}

static void NAME(insertion_sort)(NAME(entry) *e, int64_t n) {
  for (int64_t i = 1; i < n; i++) {
    const NAME(entry) x = e[i];
    int64_t j = i;
    for (; j > 0 && e[j - 1].key > x.key; j--) e[j] = e[j - 1];
    e[j] = x;
  }
}

// One pass by the byte at `shift`; `count` has how many entries have each value of it.
static void NAME(radix_pass)(const NAME(entry) *from, NAME(entry) *to, int64_t n, int shift,
                             const int64_t *count) {
  int64_t place[256], sum = 0;
  for (int b = 0; b < 256; b++) {
    place[b] = sum;
    sum += count[b];
  }
  for (int64_t i = 0; i < n; i++) to[place[from[i].key >> shift & 255]++] = from[i];
}

// Bytes that are the same in all entries need no pass.
static void NAME(radix_sort)(NAME(entry) *e, NAME(entry) *temp, int64_t n) {
  int64_t count[sizeof(KEY)][256];
  memset(count, 0, sizeof count);
  for (int64_t i = 0; i < n; i++)
    for (int b = 0; b < (int)sizeof(KEY); b++) count[b][e[i].key >> (8 * b) & 255]++;
  NAME(entry) *from = e, *to = temp;
  for (int b = 0; b < (int)sizeof(KEY); b++) {
    if (count[b][e[0].key >> (8 * b) & 255] == n) continue;
    NAME(radix_pass)(from, to, n, 8 * b, count[b]);
    NAME(entry) *swap = from;
    from = to;
    to = swap;
  }
  if (from != e) memcpy(e, from, (size_t)n * sizeof *e);
}

// Two sorted runs, e[0 .. middle) and e[middle .. n), become one; temp has room for the first.
static void NAME(merge)(NAME(entry) *e, NAME(entry) *temp, int64_t middle, int64_t n) {
  memcpy(temp, e, (size_t)middle * sizeof *e);
  int64_t i = 0, j = middle, k = 0;
  while (i < middle && j < n) e[k++] = e[j].key < temp[i].key ? e[j++] : temp[i++];
  while (i < middle) e[k++] = temp[i++];
}

enum { NAME(SHORT) = 32, NAME(MIDDLE) = TC_IS_F32 ? 256 : 1024 };

static void NAME(merge_sort)(NAME(entry) *e, NAME(entry) *temp, int64_t n) {
  for (int64_t i = 0; i < n; i += NAME(SHORT))
    NAME(insertion_sort)(e + i, TC_MIN(n - i, NAME(SHORT)));
  for (int64_t run = NAME(SHORT); run < n; run *= 2)
    for (int64_t i = 0; i + run < n; i += 2 * run)
      NAME(merge)(e + i, temp, run, TC_MIN(n - i, 2 * run));
}

// Stable; temp is as long as e.
static void NAME(sort_entries)(NAME(entry) *e, NAME(entry) *temp, int64_t n) {
  if (n <= NAME(SHORT)) NAME(insertion_sort)(e, n);
  else if (n <= NAME(MIDDLE)) NAME(merge_sort)(e, temp, n);
  else NAME(radix_sort)(e, temp, n);
}
