// Runs every elementwise operation: one driver, one contiguous loop a formula and type.
//
// The elements of the result are numbered in row order and cut into blocks. An operand that lies so
// in memory and has the working type is used where it is; one value is filled into a block once;
// anything else is packed, block by block, by the conversion loops. Large results leave past the
// cache: they will not be read from it, and the line need not be fetched before it is written.
#include "pointwise.h"

#include "convert.h"
#include "copy.h"
#include "stream.h"

enum { BLOCK = 1024 };

typedef enum how { DIRECT, CONSTANT, PACKED } how;

typedef struct operand {
  char *data;
  int64_t stride[TC_MAX_DIMS];
  tc_convert_fn convert;
  size_t item;    // bytes of an element in memory
  bool converts;  // from another dtype than is worked in
  how how;
} operand;

typedef struct job {
  int ndim, operands;
  int64_t size[TC_MAX_DIMS], n;
  operand out, in[TC_OPERANDS];
  bool used[TC_OPERANDS];
  size_t work_item, result_item;
  bool stream;
  tc_loop loop;
  const tc_scalar *param;
} job;

static const tc_loop *loops_of(tc_dtype work, int op) {
  switch (work) {
    case TC_float32: return TC_CPU(loops_f32)[op];
    case TC_float64: return TC_CPU(loops_f64)[op];
    case TC_int64: return TC_CPU(loops_i64)[op];
    case TC_int32: return TC_CPU(loops_i32)[op];
    case TC_int16: return TC_CPU(loops_i16)[op];
    case TC_int8: return TC_CPU(loops_i8)[op];
    case TC_uint8: return TC_CPU(loops_u8)[op];
    case TC_bool: return TC_CPU(loops_bool)[op];
    default: return NULL;
  }
}

// ---- the iteration space ---------------------------------------------------------------------

static void set_operand(operand *o, const tc_tensor *t, const tc_tensor *out) {
  const int lead = out->ndim - t->ndim;
  o->data = tc_data(t);
  o->item = tc_itemsize((tc_dtype)t->dtype);
  for (int d = 0; d < out->ndim; d++)
    o->stride[d] = d < lead || t->size[d - lead] == 1 ? 0 : t->stride[d - lead];
}

static bool can_merge(const job *j, int d) {
  const int64_t inner = j->size[d + 1];
  if (j->out.stride[d] != j->out.stride[d + 1] * inner) return false;
  for (int k = 0; k < TC_OPERANDS; k++)
    if (j->used[k] && j->in[k].stride[d] != j->in[k].stride[d + 1] * inner) return false;
  return true;
}

static void drop_dim(job *j, int d) {
  const size_t tail = (size_t)(j->ndim - 1 - d) * sizeof(int64_t);
  memmove(j->size + d, j->size + d + 1, tail);
  memmove(j->out.stride + d, j->out.stride + d + 1, tail);
  for (int k = 0; k < TC_OPERANDS; k++)
    if (j->used[k]) memmove(j->in[k].stride + d, j->in[k].stride + d + 1, tail);
  j->ndim--;
}

// A single element still has a row to walk.
static void keep_one_dim(job *j) {
  if (j->ndim > 0) return;
  j->ndim = 1;
  j->size[0] = j->out.stride[0] = 1;
  for (int k = 0; k < TC_OPERANDS; k++) j->in[k].stride[0] = 1;
}

// Fewest dimensions: those of size one go, neighbours that every operand walks evenly become one.
static void coalesce(job *j) {
  for (int d = j->ndim - 1; d >= 0; d--)
    if (j->size[d] == 1) drop_dim(j, d);
  for (int d = j->ndim - 2; d >= 0; d--) {
    if (!can_merge(j, d)) continue;
    j->size[d + 1] *= j->size[d];
    drop_dim(j, d);
  }
  keep_one_dim(j);
}

static how lies(const job *j, const operand *o, bool same_type) {
  bool constant = true, direct = same_type;
  int64_t step = 1;
  for (int d = j->ndim - 1; d >= 0; d--) {
    constant = constant && o->stride[d] == 0;
    direct = direct && o->stride[d] == step;
    step *= j->size[d];
  }
  return direct ? DIRECT : constant ? CONSTANT : PACKED;
}

static bool shares_out(const tc_pointwise *p) {
  for (int k = 0; k < TC_OPERANDS; k++)
    if (p->in[k] && p->in[k]->storage == p->out->storage) return true;
  return false;
}

static void set_job(job *j, const tc_pointwise *p, tc_dtype work, tc_dtype result) {
  j->ndim = p->out->ndim;
  j->n = tc_numel(p->out);
  j->param = p->param;
  j->work_item = tc_itemsize(work);
  j->result_item = tc_itemsize(result);
  memcpy(j->size, p->out->size, sizeof j->size);
  set_operand(&j->out, p->out, p->out);
  for (int k = 0; k < TC_OPERANDS; k++) {
    j->used[k] = p->in[k] != NULL;
    if (j->used[k]) set_operand(&j->in[k], p->in[k], p->out);
  }
  coalesce(j);
  for (int k = 0; k < TC_OPERANDS; k++) {
    if (!j->used[k]) continue;
    j->in[k].converts = p->in[k]->dtype != work;
    j->in[k].how = lies(j, &j->in[k], !j->in[k].converts);
    j->in[k].convert = TC_CPU(convert_table)[work][p->in[k]->dtype];
  }
  j->out.how = lies(j, &j->out, p->out->dtype == result) == DIRECT ? DIRECT : PACKED;
  j->out.convert = TC_CPU(convert_table)[p->out->dtype][result];
  j->stream =
      j->out.how == DIRECT && j->n * (int64_t)j->result_item >= STREAM_BYTES && !shares_out(p);
}

// ---- blocks ----------------------------------------------------------------------------------

// Moves n elements between a block and the operand's memory from element `first` on, row by row.
static void walk(const job *j, const operand *o, char *block, size_t block_item, int64_t first,
                 int64_t n, bool into_memory) {
  const int last = j->ndim - 1;
  int64_t at[TC_MAX_DIMS], offset = 0, rest = first;
  for (int d = last; d >= 0; d--) {
    at[d] = rest % j->size[d];
    rest /= j->size[d];
    offset += at[d] * o->stride[d];
  }
  while (n > 0) {
    const int64_t m = TC_MIN(n, j->size[last] - at[last]);
    char *memory = o->data + offset * (int64_t)o->item;
    if (into_memory) o->convert(memory, o->stride[last], block, 1, m);
    else o->convert(block, 1, memory, o->stride[last], m);
    block += (size_t)m * block_item;
    n -= m;
    at[last] += m;
    offset += m * o->stride[last];
    for (int d = last; d > 0 && at[d] == j->size[d]; d--) {
      offset += o->stride[d - 1] - j->size[d] * o->stride[d];
      at[d] = 0;
      at[d - 1]++;
    }
  }
}

// Streamed blocks start where the result is 16-byte aligned, so that the block can be read aligned.
static bool can_stream(const job *j) { return j->stream && ((uintptr_t)j->out.data & 15) == 0; }

typedef char buffer[BLOCK * sizeof(double)];

static void fill_constants(const job *j, buffer *in, const void **operand_at) {
  for (int k = 0; k < TC_OPERANDS; k++) {
    operand_at[k] = in[k];
    if (j->used[k] && j->in[k].how == CONSTANT)
      j->in[k].convert(in[k], 1, j->in[k].data, 0, TC_MIN(BLOCK, j->n));
  }
}

// A loop names all five operands and reads them, though its formula drops those it has no use for:
// these point where a used one does, so that what is read is in bounds and a value of the type.
static void lend_places(const job *j, const void **at) {
  const void *lent = NULL;
  for (int k = 0; k < TC_OPERANDS && !lent; k++)
    if (j->used[k]) lent = at[k];
  for (int k = 0; k < TC_OPERANDS; k++)
    if (!j->used[k]) at[k] = lent;
}

static void run_range(const job *j, int64_t first, int64_t end, int *bad) {
  _Alignas(64) buffer in[TC_OPERANDS], result;
  const void *at[TC_OPERANDS];
  const bool streaming = can_stream(j), direct = j->out.how == DIRECT && !streaming;
  fill_constants(j, in, at);
  for (int64_t k = first; k < end; k += BLOCK) {
    const int64_t n = TC_MIN(BLOCK, end - k);
    for (int o = 0; o < TC_OPERANDS; o++) {
      if (!j->used[o] || j->in[o].how == CONSTANT) continue;
      if (j->in[o].how == DIRECT) at[o] = j->in[o].data + (size_t)k * j->work_item;
      else walk(j, &j->in[o], in[o], j->work_item, k, n, false);
    }
    lend_places(j, at);
    char *memory = j->out.data + (size_t)k * j->result_item;
    j->loop(direct ? memory : result, at, n, j->param, bad);
    if (streaming) stream(memory, result, (size_t)n * j->result_item);
    else if (!direct) walk(j, &j->out, result, j->result_item, k, n, true);
  }
  if (streaming) stream_end();
}

// ---- the operation ---------------------------------------------------------------------------

// Everything where the loop wants it: one call, or one a thread.
static bool all_direct(const job *j) {
  for (int k = 0; k < TC_OPERANDS; k++)
    if (j->used[k] && j->in[k].how != DIRECT) return false;
  return j->out.how == DIRECT && !j->stream;
}

static void run_direct(const job *j, int64_t first, int64_t end, int *bad) {
  const void *at[TC_OPERANDS];
  for (int k = 0; k < TC_OPERANDS; k++)
    if (j->used[k]) at[k] = j->in[k].data + (size_t)first * j->work_item;
  lend_places(j, at);
  j->loop(j->out.data + (size_t)first * j->result_item, at, end - first, j->param, bad);
}

static int run_job(const job *j) {
  void (*const run)(const job *, int64_t, int64_t, int *) = all_direct(j) ? run_direct : run_range;
  int bad = 0;
  if (j->n <= TC_GRAIN || tc_threads() == 1) {
    run(j, 0, j->n, &bad);
    return bad;
  }
  const int64_t pieces = tc_threads();
  const int64_t blocks = (j->n + BLOCK - 1) / BLOCK, share = (blocks + pieces - 1) / pieces * BLOCK;
#pragma omp parallel for schedule(static) num_threads(tc_threads()) reduction(| : bad)
  for (int64_t piece = 0; piece < pieces; piece++) {
    int mine = 0;
    if (piece * share < j->n) run(j, piece * share, TC_MIN(j->n, (piece + 1) * share), &mine);
    bad |= mine;
  }
  return bad;
}

static tc_dtype result_dtype(const tc_pointwise *p, tc_dtype work) {
  return p->wrt == 0 && tc_pointwise_table[p->op].klass == TC_COMPARE ? TC_bool : work;
}

// ---- layouts ---------------------------------------------------------------------------------

static tc_layout_copy copy_of(const job *j, const operand *from) {
  tc_layout_copy c = {.ndim = j->ndim, .to = j->out.data, .from = from->data, .item = from->item};
  memcpy(c.size, j->size, sizeof c.size);
  memcpy(c.to_stride, j->out.stride, sizeof c.to_stride);
  memcpy(c.from_stride, from->stride, sizeof c.from_stride);
  return c;
}

// A copy between tensors of one dtype moves bits, in the order that memory likes best.
static bool is_copy(const tc_pointwise *p) {
  return p->op == TC_P_copy && p->wrt == 0 && p->in[1]->dtype == p->out->dtype;
}

// A transposed operand is turned into the order of a contiguous result beforehand: packed row by row,
// each of its elements would cost a cache line. Without memory for that it stays as it is.
static void *straighten(const job *j, operand *o, size_t *bytes) {
  enum { WORTH = 4096 };
  tc_layout_copy c = copy_of(j, o);
  if (j->n < WORTH || o->how != PACKED || j->out.how != DIRECT || !TC_CPU(is_transposed)(&c))
    return NULL;
  *bytes = (size_t)j->n * o->item;
  c.to = tc_alloc(*bytes);
  if (!c.to) return NULL;
  TC_CPU(copy_layout)(c);
  memcpy(o->stride, j->out.stride, sizeof o->stride);
  o->data = c.to;
  if (!o->converts) o->how = DIRECT;
  return c.to;
}

static tc_status divided(int bad) {
  return bad ? tc_fail(TC_BAD_VALUE, "integer division by zero") : TC_OK;
}

// ---- small tensors ---------------------------------------------------------------------------

static bool lies_alike(const tc_tensor *t, const tc_tensor *out, tc_dtype dtype) {
  if (t->dtype != dtype || t->ndim != out->ndim) return false;
  for (int d = 0; d < t->ndim; d++)
    if (t->size[d] != out->size[d] || t->stride[d] != out->stride[d]) return false;
  return true;
}

// Tensors that lie alike without gaps, and are small: nothing to plan, one loop. False: they are not.
static bool run_alike(const tc_pointwise *p, tc_dtype work, tc_dtype result, int *bad) {
  const void *at[TC_OPERANDS], *lent = NULL;
  const int64_t n = tc_numel(p->out);
  if (n > TC_GRAIN || p->out->dtype != result || !tc_is_contiguous(p->out)) return false;
  for (int k = 0; k < TC_OPERANDS; k++) {
    if (!p->in[k]) continue;
    if (!lies_alike(p->in[k], p->out, work)) return false;
    lent = at[k] = tc_data(p->in[k]);
  }
  for (int k = 0; k < TC_OPERANDS; k++)
    if (!p->in[k]) at[k] = lent;
  loops_of(work, p->op)[p->wrt](tc_data(p->out), at, n, p->param, bad);
  return true;
}

tc_status TC_CPU(pointwise)(const tc_pointwise *p);
tc_status TC_CPU(pointwise)(const tc_pointwise *p) {
  const tc_dtype work = tc_is_half(p->work) ? TC_float32 : p->work;
  const tc_loop *loops = loops_of(work, p->op);
  if (!loops || !loops[p->wrt])
    return tc_fail(TC_BAD_DTYPE, "not defined for %s tensors", tc_dtype_table[p->work].name);
  int bad = 0;
  if (run_alike(p, work, result_dtype(p, work), &bad)) return divided(bad);
  job j;
  set_job(&j, p, work, result_dtype(p, work));
  j.loop = loops[p->wrt];
  if (j.n == 0) return TC_OK;
  if (is_copy(p)) {
    TC_CPU(copy_layout)(copy_of(&j, &j.in[1]));
    return TC_OK;
  }
  void *straight[TC_OPERANDS] = {NULL};
  size_t bytes[TC_OPERANDS];
  for (int k = 0; k < TC_OPERANDS; k++)
    if (j.used[k]) straight[k] = straighten(&j, &j.in[k], &bytes[k]);
  bad = run_job(&j);
  for (int k = 0; k < TC_OPERANDS; k++)
    if (straight[k]) tc_free(straight[k], bytes[k]);
  return divided(bad);
}
