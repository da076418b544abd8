// Packing a matrix into panels (panel.h): k rows of PANEL_WIDE columns side by side, the last panel
// filled up with zeros. Part of a template.

// Transposes a square of vectors. A riffle moves the leading bit of an element's row behind the bits
// of its column; after as many as a row has bits, row and column have changed places.
static inline __attribute__((always_inline)) void NAME(transpose_square)(NAME(panel_vec) *x) {
  enum { HALF = NAME(PANEL_LANES) / 2 };
  for (int round = 0; round < RIFFLES; round++) {
    NAME(panel_vec) y[2 * HALF];
    for (int i = 0; i < HALF; i++) {
      y[2 * i] = RIFFLE_LOW(x[i], x[i + HALF]);
      y[2 * i + 1] = RIFFLE_HIGH(x[i], x[i + HALF]);
    }
    for (int i = 0; i < 2 * HALF; i++) x[i] = y[i];
  }
}

// Elements that n columns take, the last panel filled up, for k rows.
static inline int64_t NAME(panels_size)(int64_t k, int64_t n) {
  return (n + NAME(PANEL_WIDE) - 1) / NAME(PANEL_WIDE) *NAME(PANEL_WIDE) *k;
}

// Columns that lie one after the other: up to a vector's lanes of them, `col` apart.
static inline void NAME(pack_columns)(T *to, const T *b, int64_t col, int64_t k, int64_t width) {
  enum { LANES = NAME(PANEL_LANES) };
  int64_t p = 0;
  for (; p + LANES <= k; p += LANES) {
    NAME(panel_vec) x[LANES];
    for (int j = 0; j < LANES; j++)
      x[j] = j < width ? *(const NAME(panel_vec) *)(b + j * col + p) : (NAME(panel_vec)){0};
    NAME(transpose_square)(x);
    for (int j = 0; j < LANES; j++) *(NAME(panel_vec) *)(to + (p + j) * NAME(PANEL_WIDE)) = x[j];
  }
  for (; p < k; p++)
    for (int64_t j = 0; j < LANES; j++)
      to[p * NAME(PANEL_WIDE) + j] = j < width ? b[j * col + p] : 0;
}

// Rows that lie one after the other, `row` apart.
static inline void NAME(pack_rows)(T *to, const T *b, int64_t row, int64_t k, int64_t width) {
  enum { LANES = NAME(PANEL_LANES), WIDE = NAME(PANEL_WIDE) };
  if (width < WIDE) memset(to, 0, (size_t)(k * WIDE) * sizeof(T));
  for (int64_t p = 0; p < k; p++, to += WIDE, b += row) {
    if (width == WIDE) memcpy(to, b, WIDE * sizeof(T));
    else memcpy(to, b, (size_t)width * sizeof(T));
  }
}

// One panel: element (p, j) of B is b[p * row + j * col].
static inline void NAME(pack_panel_of)(T *to, const T *b, int64_t row, int64_t col, int64_t k,
                                       int64_t width) {
  enum { LANES = NAME(PANEL_LANES), WIDE = NAME(PANEL_WIDE) };
  if (col == 1) NAME(pack_rows)(to, b, row, k, width);
  else if (row == 1)
    for (int64_t j = 0; j < WIDE; j += LANES)
      NAME(pack_columns)(to + j, b + j * col, col, k, width - j);
  else
    for (int64_t p = 0; p < k; p++)
      for (int64_t j = 0; j < WIDE; j++) to[p * WIDE + j] = j < width ? b[p * row + j * col] : 0;
}

static inline void NAME(pack_panels)(T *to, const T *b, int64_t row, int64_t col, int64_t k,
                                     int64_t n) {
  for (int64_t j = 0; j < n; j += NAME(PANEL_WIDE))
    NAME(pack_panel_of)(to + j * k, b + j * col, row, col, k, TC_MIN(NAME(PANEL_WIDE), n - j));
}
