// Products by OpenBLAS, on one thread a piece of C: where vectors have 128 bits its kernels are the
// better ones. Part of a template, after gemm_tile.h.

#undef CBLAS_GEMM
#if TC_IS_F32
#define CBLAS_GEMM cblas_sgemm
#else
#define CBLAS_GEMM cblas_dgemm
#endif

// Below BLAS_LEAST OpenBLAS takes other kernels, which round otherwise: no product of that size is a
// piece of a larger one. Pieces begin at multiples of the steps, which its kernels' tiles divide: 16,
// 24, 48, 64 and 192 wide.
enum { NAME(BLAS_LEAST) = 1 << 20, NAME(ROW_STEP) = 48, NAME(COLUMN_STEP) = TC_IS_F32 ? 64 : 192 };

// As many pieces as there are processors, however many threads share them out: where OpenBLAS puts its
// tiles depends on the size of a piece, and an element at the edge of a tile is rounded otherwise.
static int64_t NAME(blas_pieces)(int64_t side, int64_t step, double work) {
  static atomic_int processors;
  if (work < 2.0 * NAME(BLAS_LEAST)) return 1;
  if (!atomic_load_explicit(&processors, memory_order_relaxed))
    atomic_store(&processors, omp_get_num_procs());
  int64_t pieces = TC_MIN(processors, side / step);
  // the smallest piece has floor(units / pieces) steps of side
  while (pieces > 1 &&
         work * (double)(side / step / pieces * step) / (double)side < NAME(BLAS_LEAST))
    pieces--;
  return TC_MAX(pieces, 1);
}

static void NAME(blas)(const NAME(product) *q) {
  // (both strides of a single row or column may be 1)
  const bool ta = q->a.row == 1 && (q->a.col != 1 || q->k != 1);
  const bool tb = q->b.row == 1 && (q->b.col != 1 || q->n != 1);
  TC_CPU(tell_openblas)();
  CBLAS_GEMM(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
             (blasint)q->m, (blasint)q->n, (blasint)q->k, q->alpha, q->a.x,
             (blasint)(ta ? q->a.col : q->a.row), q->b.x, (blasint)(tb ? q->b.col : q->b.row),
             q->beta, q->c, (blasint)q->ldc);
}

static void NAME(in_pieces)(const NAME(product) *q) {
  const double work = (double)q->m * (double)q->n * (double)q->k;
  const bool rows = q->m / NAME(ROW_STEP) >= q->n / NAME(COLUMN_STEP);
  const int64_t side = rows ? q->m : q->n, step = rows ? NAME(ROW_STEP) : NAME(COLUMN_STEP);
  const int64_t pieces = NAME(blas_pieces)(side, step, work), units = side / step;
  TC_PARALLEL_FOR(p, pieces, TC_GRAIN) {
    const int64_t from = units * p / pieces * step;
    const int64_t to = p + 1 == pieces ? side : units * (p + 1) / pieces * step;
    const NAME(product) r = rows ? NAME(rows_of)(*q, from, to) : NAME(columns_of)(*q, from, to);
    NAME(blas)(&r);
  }
}

static tc_status NAME(blocked)(const NAME(product) *q) {
  NAME(product) r = *q;
  const int64_t most = TC_MAX(TC_MAX(TC_MAX(q->m, q->n), TC_MAX(q->k, q->ldc)),
                              TC_MAX(q->a.row * q->a.col, q->b.row * q->b.col));
  if (most > INT_MAX)
    return tc_fail(TC_BAD_SHAPE, "a product of %lld x %lld x %lld is beyond this BLAS",
                   (long long)q->m, (long long)q->k, (long long)q->n);
  if (r.beta != 0 && (r.d != r.c || r.ldd != r.ldc)) {
    NAME(fill)(&r);
    r.beta = 1;
  }
  NAME(in_pieces)(&r);
  return TC_OK;
}
