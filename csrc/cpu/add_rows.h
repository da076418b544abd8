// Rows added into the rows that indices name: index_add and the gradients of embeddings. Part of a
// template. Each thread owns a range of the target's rows and reads all indices in order, so that
// equal indices add up in the same order whatever the number of threads.
typedef struct NAME(add_rows) {
  T *y;               // (size, width)
  const T *x;         // rows of `width`
  const int64_t *id;  // (count): target rows, from 1
  const int64_t *of;  // (count): rows of x, from 1; NULL: 1, 2, 3 ...
  const T *scale;     // (count), or NULL
  T alpha;
  int64_t size, width, count;
  int64_t rows;  // of x, where `of` names them
  int64_t skip;  // a target row that gets nothing, from 0; or -1
} NAME(add_rows);

static void NAME(add_rows_between)(const NAME(add_rows) *r, int64_t first, int64_t last) {
  for (int64_t k = 0; k < r->count; k++) {
    const int64_t at = tc_id(r->id[k], r->size);
    if (at < first || at >= last || at == r->skip) continue;
    const T *x = r->x + (r->of ? tc_id(r->of[k], r->rows) : k) * r->width;
    const T f = r->scale ? r->alpha * r->scale[k] : r->alpha;
    T *y = r->y + at * r->width;
    TC_PRAGMA(omp simd)
    for (int64_t j = 0; j < r->width; j++) y[j] += f * x[j];
  }
}

static void NAME(add_all_rows)(const NAME(add_rows) *r) {
  const int64_t parts = TC_MIN(tc_threads(), r->size);
  TC_PARALLEL_FOR(p, parts, r->count * r->width / TC_MAX(parts, 1))
  NAME(add_rows_between)(r, r->size * p / parts, r->size * (p + 1) / parts);
}
