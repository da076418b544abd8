// softmax(scale q k' + mask) v without storing the scores, and its gradients, by own kernels: for every
// width, type and mask that cuDNN's flash attention does not take (dnn.h), which goes first.
//
// A block makes a tile of results, walking over tiles of the other side; scores live in shared memory. The
// gradients of q, k and v are three such walks, each computing the weights again: nothing is added up
// across blocks, so that the same sums come out each time. Arithmetic is in float, or double for float64.
//
// q is (heads * groups, L, E), k (heads, S, E), v (heads, S, Ev): `groups` queries share a key head. A query
// that may look at nothing gives zeros. lse is float32, or float64 for float64.
#include "dnn.h"
#include "tiles.h"

namespace {

template <class T> struct attention_call {
  typedef acc_t<T> A;
  const T *q, *k, *v, *mask;
  const bool *allowed;
  int64_t mask_head, mask_row, mask_col;  // strides of either mask, 0 where it is broadcast
  int64_t heads, groups, rows, keys, width, out_width, k_head, v_head;
  bool causal;
  A scale;
  T *out;
  A *lse;
  const T *g;  // of the backward pass
  const A *saved_lse, *inner;
};

// The shared memory of a block: tiles of EACH * 16 squared, results WIDE tiles wide.
template <class A, int EACH, int WIDE> struct room {
  enum { TILE = EACH * SIDE, PARTS = TILE_THREADS / TILE, COLUMNS = WIDE * TILE };
  A weights[TILE][TILE + 1];  // [term of the sum that follows][row of its result]
  A left[DEPTH][TILE + 1], right[DEPTH][TILE + 1], values[DEPTH][COLUMNS + 1];
  A part[PARTS][TILE], shrink[TILE];
};

// Rows of a matrix from one on: how many there are, and their length.
template <class T> struct strip {
  const T *data;
  int64_t rows, width;
};

template <class T>
__device__ strip<T> strip_of(const T *head, int64_t first, int64_t rows, int64_t width) {
  return {head + first * width, rows - first, width};
}

// ---- tiles -----------------------------------------------------------------------------------

// s = a b' for rows of both.
template <int EACH, int WIDE, class T, class A>
__device__ void dots(A s[EACH][EACH], room<A, EACH, WIDE> &m, strip<T> a, strip<T> b) {
  enum { TILE = EACH * SIDE };
  each_result<EACH, EACH>([&](int i, int j, int, int) { s[i][j] = 0; });
  for (int64_t e = 0; e < a.width; e += DEPTH) {
    fetch<TILE>(m.left, a.data + e, a.width, (int64_t)1, a.rows, a.width - e);
    fetch<TILE>(m.right, b.data + e, b.width, (int64_t)1, b.rows, b.width - e);
    __syncthreads();
    multiply<EACH, EACH>(s, m.left, m.right);
    __syncthreads();
  }
}

// sum += weights' b, of columns `first` on.
template <int EACH, int WIDE, class T, class A>
__device__ void add_weighted(A sum[EACH][WIDE * EACH], room<A, EACH, WIDE> &m, strip<T> b,
                             int64_t first) {
  enum { TILE = EACH * SIDE, COLUMNS = WIDE * TILE };
  for (int d = 0; d < TILE && d < b.rows; d += DEPTH) {
    fetch<COLUMNS>(m.values, b.data + d * b.width + first, (int64_t)1, b.width, b.width - first,
                   b.rows - d);
    __syncthreads();
    multiply<EACH, WIDE * EACH>(sum, m.weights + d, m.values);
    __syncthreads();
  }
}

// The score of row i and key j from their product.
template <class T>
__device__ acc_t<T> score(const attention_call<T> &c, int64_t head, int64_t i, int64_t j,
                          acc_t<T> product) {
  const acc_t<T> hidden = -(acc_t<T>)INFINITY;
  if (i >= c.rows || j >= c.keys || (c.causal && j > i)) return hidden;
  const int64_t at = head * c.mask_head + i * c.mask_row + j * c.mask_col;
  if (c.allowed && !c.allowed[at]) return hidden;
  return product * c.scale + (c.mask ? (acc_t<T>)wide(c.mask[at]) : 0);
}

template <int EACH, int WIDE, class T>
__device__ void store(T *to, const acc_t<T> sum[EACH][WIDE * EACH], acc_t<T> scale, int64_t rows,
                      int64_t width, int64_t first) {
  each_result<EACH, WIDE * EACH>([&](int i, int j, int row, int column) {
    const int64_t col = first + column;
    if (row < rows && col < width) to[row * width + col] = narrow<T>(sum[i][j] * scale);
  });
}

// ---- forward ---------------------------------------------------------------------------------

// The largest score so far of one row, and the sum of weights under it of the keys that this thread adds
// up: TILE neighbouring threads take a row each, and as many keys apart as there are such groups.
template <class A> struct softmax_state { A most, sum; };

template <int EACH, int WIDE, class A>
__device__ void softmax_step(room<A, EACH, WIDE> &m, softmax_state<A> &state) {
  typedef room<A, EACH, WIDE> R;
  const int row = tile_thread() % R::TILE, part = tile_thread() / R::TILE;
  A now = state.most;
  for (int j = part; j < R::TILE; j += R::PARTS)
    if (m.weights[j][row] > now) now = m.weights[j][row];
  m.part[part][row] = now;
  __syncthreads();
  for (int p = 0; p < R::PARTS; p++)
    if (m.part[p][row] > now) now = m.part[p][row];
  const A shift = now == -(A)INFINITY ? 0 : now;  // nothing seen yet: all weights are 0, or NaN
  const A shrink = state.most == now ? 1 : exp(state.most - shift);
  state.sum *= shrink;
  state.most = now;
  for (int j = part; j < R::TILE; j += R::PARTS) {
    m.weights[j][row] = exp(m.weights[j][row] - shift);
    state.sum += m.weights[j][row];
  }
  if (part == 0) m.shrink[row] = shrink;
  __syncthreads();
}

template <int EACH, int WIDE, class A>
__device__ void shrink_rows(A out[EACH][WIDE * EACH], const room<A, EACH, WIDE> &m) {
  each_result<EACH, WIDE * EACH>([&](int i, int j, int row, int) { out[i][j] *= m.shrink[row]; });
}

// Rows divided by their sums; the first block of a row's columns writes its lse.
template <int EACH, int WIDE, class T>
__device__ void finish(const attention_call<T> &c, room<acc_t<T>, EACH, WIDE> &m,
                       acc_t<T> out[EACH][WIDE * EACH], softmax_state<acc_t<T>> state,
                       int64_t first_row, int64_t rows, int64_t column) {
  typedef room<acc_t<T>, EACH, WIDE> R;
  const int row = tile_thread() % R::TILE, part = tile_thread() / R::TILE;
  m.part[part][row] = state.sum;
  __syncthreads();
  acc_t<T> sum = 0;
  for (int p = 0; p < R::PARTS; p++) sum += m.part[p][row];
  if (part == 0) m.shrink[row] = sum == 0 ? 0 : 1 / sum;
  if (part == 0 && column == 0 && row < rows)
    c.lse[first_row + row] = sum == 0 ? -(acc_t<T>)INFINITY : state.most + log(sum);
  __syncthreads();
  shrink_rows(out, m);
  store<EACH, WIDE>(c.out + first_row * c.out_width, out, (acc_t<T>)1, rows, c.out_width, column);
}

// Which tile of results a block makes: of a head, its rows, some of their columns.
struct place {
  int64_t head, row, column;
};

template <int TILE, int COLUMNS> __device__ place place_of(int64_t rows, int64_t width) {
  const int64_t tiles = (rows + TILE - 1) / TILE;
  const int64_t cuts = width > 0 ? (width + COLUMNS - 1) / COLUMNS : 1;
  const int64_t b = blockIdx.x;
  return {b / cuts / tiles, b / cuts % tiles * TILE, b % cuts * COLUMNS};
}

template <int EACH, int WIDE, class T>
__global__ void __launch_bounds__(TILE_THREADS) attend(attention_call<T> c) {
  typedef acc_t<T> A;
  typedef room<A, EACH, WIDE> R;
  TC_SHARED(R, m);
  const place at = place_of<R::TILE, R::COLUMNS>(c.rows, c.out_width);
  const strip<T> q = strip_of(c.q + at.head * c.rows * c.width, at.row, c.rows, c.width);
  const T *k = c.k + at.head / c.groups * c.k_head, *v = c.v + at.head / c.groups * c.v_head;
  const int64_t seen = c.causal && at.row + R::TILE < c.keys ? at.row + R::TILE : c.keys;
  softmax_state<A> state = {-(A)INFINITY, 0};
  A out[EACH][WIDE * EACH] = {};
  for (int64_t j0 = 0; j0 < seen; j0 += R::TILE) {
    A s[EACH][EACH];
    dots(s, m, q, strip_of(k, j0, c.keys, c.width));
    each_result<EACH, EACH>([&](int i, int j, int row, int key) {
      m.weights[key][row] = score(c, at.head, at.row + row, j0 + key, s[i][j]);
    });
    __syncthreads();
    softmax_step(m, state);
    shrink_rows(out, m);
    add_weighted(out, m, strip_of(v, j0, c.keys, c.out_width), at.column);
  }
  finish(c, m, out, state, at.head * c.rows + at.row, c.rows - at.row, at.column);
}

// ---- backward --------------------------------------------------------------------------------

// For each query, what its weights' gradients have in common: g . y, less the gradient of lse. A warp each.
template <class T>
__global__ void inner_products(acc_t<T> *inner, const T *g, const T *y, const acc_t<T> *g_lse,
                               int64_t rows, int64_t width) {
  const int64_t row = (int64_t)blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32;
  const int lane = threadIdx.x % 32;
  acc_t<T> sum = 0;
  for (int64_t k = lane; row < rows && k < width; k += 32)
    sum += wide(g[row * width + k]) * wide(y[row * width + k]);
  sum = warp_sum(sum);
  if (row < rows && lane == 0) inner[row] = sum - (g_lse ? g_lse[row] : 0);
}

enum gradient { OF_Q, OF_K, OF_V };

// Weights of a tile of queries and one of keys, or the gradients of their scores, into shared memory: by
// [key][query] for the gradient of q, by [query][key] for the others.
template <gradient OF, int EACH, int WIDE, class T>
__device__ void weigh(const attention_call<T> &c, room<acc_t<T>, EACH, WIDE> &m, int64_t head,
                      int64_t i0, int64_t j0) {
  typedef acc_t<T> A;
  const int64_t q_head = head * c.rows, kv = head / c.groups;
  A s[EACH][EACH], d[EACH][EACH];
  dots(s, m, strip_of(c.q + q_head * c.width, i0, c.rows, c.width),
       strip_of(c.k + kv * c.k_head, j0, c.keys, c.width));
  if (OF != OF_V)
    dots(d, m, strip_of(c.g + q_head * c.out_width, i0, c.rows, c.out_width),
         strip_of(c.v + kv * c.v_head, j0, c.keys, c.out_width));
  each_result<EACH, EACH>([&](int i, int j, int row, int key) {
    const bool inside = i0 + row < c.rows;
    const A lse = inside ? c.saved_lse[q_head + i0 + row] : -(A)INFINITY;
    A w = 0;
    if (lse != -(A)INFINITY) w = exp(score(c, head, i0 + row, j0 + key, s[i][j]) - lse);
    if (OF != OF_V && inside) w *= d[i][j] - c.inner[q_head + i0 + row];
    (OF == OF_Q ? m.weights[key][row] : m.weights[row][key]) = w;
  });
  __syncthreads();
}

template <int EACH, int WIDE, class T>
__global__ void __launch_bounds__(TILE_THREADS) query_grad(attention_call<T> c) {
  typedef acc_t<T> A;
  typedef room<A, EACH, WIDE> R;
  TC_SHARED(R, m);
  const place at = place_of<R::TILE, R::COLUMNS>(c.rows, c.width);
  const int64_t seen = c.causal && at.row + R::TILE < c.keys ? at.row + R::TILE : c.keys;
  const T *k = c.k + at.head / c.groups * c.k_head;
  A sum[EACH][WIDE * EACH] = {};
  for (int64_t j0 = 0; j0 < seen; j0 += R::TILE) {
    weigh<OF_Q>(c, m, at.head, at.row, j0);
    add_weighted(sum, m, strip_of(k, j0, c.keys, c.width), at.column);
  }
  store<EACH, WIDE>(c.out + (at.head * c.rows + at.row) * c.width, sum, c.scale, c.rows - at.row,
                    c.width, at.column);
}

// All queries' heads that share the key's.
template <gradient OF, int EACH, int WIDE, class T>
__global__ void __launch_bounds__(TILE_THREADS) key_grad(attention_call<T> c) {
  typedef acc_t<T> A;
  typedef room<A, EACH, WIDE> R;
  TC_SHARED(R, m);
  const int64_t width = OF == OF_V ? c.out_width : c.width;
  const place at = place_of<R::TILE, R::COLUMNS>(c.keys, width);
  const T *with = OF == OF_V ? c.g : c.q;
  A sum[EACH][WIDE * EACH] = {};
  for (int64_t head = at.head * c.groups; head < (at.head + 1) * c.groups; head++)
    for (int64_t i0 = c.causal ? at.row : 0; i0 < c.rows; i0 += R::TILE) {
      weigh<OF>(c, m, head, i0, at.row);
      add_weighted(sum, m, strip_of(with + head * c.rows * width, i0, c.rows, width), at.column);
    }
  store<EACH, WIDE>(c.out + (at.head * c.keys + at.row) * width, sum, OF == OF_V ? (A)1 : c.scale,
                    c.keys - at.row, width, at.column);
}

// ---- launching -------------------------------------------------------------------------------

// Tiles of 64, half of it in double, for the registers' sake. A block makes results of one tile's columns;
// of two in the forward pass of wide heads, which saves computing the weights again. Backward, the gradients
// of the weights take as many registers as the weights.
template <class T> struct sizes {
  enum { EACH = sizeof(T) == 8 ? 2 : 4, TILE = EACH * SIDE };
};

template <class T> unsigned blocks(int64_t heads, int64_t rows, int64_t width, int wide) {
  return (unsigned)(heads * tc_ceil(rows, sizes<T>::TILE) * tc_ceil(width, wide * sizes<T>::TILE));
}

template <class T> attention_call<T> call_of(const tc_args *a, int at) {
  const tc_tensor *q = a->t[at], *k = a->t[at + 1], *v = a->t[at + 2];
  attention_call<T> c = {};
  c.q = tc_ptr<T>(q), c.k = tc_ptr<T>(k), c.v = tc_ptr<T>(v);
  c.heads = q->size[0], c.rows = q->size[1], c.width = q->size[2];
  c.keys = k->size[1], c.out_width = v->size[2];
  c.k_head = k->stride[0], c.v_head = v->stride[0];
  c.groups = k->size[0] > 0 ? c.heads / k->size[0] : 1;
  c.mask_head = a->list[0][0], c.mask_row = a->list[0][1], c.mask_col = a->list[0][2];
  c.causal = a->i[0] != 0, c.scale = (acc_t<T>)a->f[0];
  return c;
}

// What sums of the working type are kept in, and their logarithms.
tc_status check_lse(const tc_args *a, const tc_tensor *lse) {
  const tc_dtype sums = a->dtype == TC_float64 ? TC_float64 : TC_float32;
  if (!lse || lse->dtype == sums) return TC_OK;
  return tc_fail(TC_BAD_DTYPE, "expected the logarithms of sums in %s, got %s",
                 tc_dtype_table[sums].name, tc_dtype_table[lse->dtype].name);
}

// Without columns there is still an lse.
template <int WIDE, class T> void launch_attend(const attention_call<T> &c) {
  const int64_t columns = c.out_width > 0 ? c.out_width : 1;
  TC_LAUNCH((attend<sizes<T>::EACH, WIDE, T>), blocks<T>(c.heads, c.rows, columns, WIDE),
            dim3(SIDE, SIDE), 0, c);
}

// attention(y, lse, q, k, v, mask, allowed, strides of the mask, causal, scale)
template <class T> tc_status attention(tc_args *a) {
  attention_call<T> c = call_of<T>(a, 2);
  bool done;
  TC_TRY(check_lse(a, a->t[1]));
  c.mask = tc_ptr<T>(a->t[5]), c.allowed = tc_ptr<bool>(a->t[6]);
  c.out = tc_ptr<T>(a->t[0]), c.lse = tc_ptr<acc_t<T>>(a->t[1]);
  if (c.heads * c.rows == 0) return TC_OK;
  TC_TRY(tc_dnn_attention(a, &done));
  if (done) return TC_OK;
  if (c.out_width > sizes<T>::TILE) launch_attend<2>(c);
  else launch_attend<1>(c);
  return tc_launched();
}

template <class T> void launch_grads(attention_call<T> c, T *gq, T *gk, T *gv) {
  enum { EACH = sizes<T>::EACH, WIDE = 1 };
  const int64_t shared = c.heads / c.groups;
  const unsigned q_grid = blocks<T>(c.heads, c.rows, c.width, WIDE),
                 k_grid = blocks<T>(shared, c.keys, c.width, WIDE),
                 v_grid = blocks<T>(shared, c.keys, c.out_width, WIDE);
  c.out = gq;
  if (q_grid > 0) TC_LAUNCH((query_grad<EACH, WIDE, T>), q_grid, dim3(SIDE, SIDE), 0, c);
  c.out = gk;
  if (k_grid > 0) TC_LAUNCH((key_grad<OF_K, EACH, WIDE, T>), k_grid, dim3(SIDE, SIDE), 0, c);
  c.out = gv;
  if (v_grid > 0) TC_LAUNCH((key_grad<OF_V, EACH, WIDE, T>), v_grid, dim3(SIDE, SIDE), 0, c);
}

// attention_backward(gq, gk, gv, q, k, v, y, lse, g, g_lse, mask, allowed, strides, causal, scale)
template <class T> tc_status attention_backward(tc_args *a) {
  enum { WARPS = 4 };
  typedef acc_t<T> A;
  attention_call<T> c = call_of<T>(a, 3);
  bool done;
  TC_TRY(check_lse(a, a->t[7]));
  TC_TRY(check_lse(a, a->t[9]));
  TC_TRY(tc_dnn_attention_backward(a, &done));
  if (done) return TC_OK;
  const int64_t rows = c.heads * c.rows;
  scratch inner((size_t)rows * sizeof(A));
  if (!inner.ok()) return inner.status();
  c.mask = tc_ptr<T>(a->t[10]), c.allowed = tc_ptr<bool>(a->t[11]);
  c.saved_lse = tc_ptr<A>(a->t[7]), c.g = tc_ptr<T>(a->t[8]), c.inner = inner.as<A>();
  if (rows > 0)
    TC_LAUNCH(inner_products<T>, (unsigned)tc_ceil(rows, WARPS), WARPS * 32, 0, inner.as<A>(), c.g,
              (const T *)tc_ptr<T>(a->t[6]), (const A *)tc_ptr<A>(a->t[9]), rows, c.out_width);
  launch_grads(c, tc_ptr<T>(a->t[0]), tc_ptr<T>(a->t[1]), tc_ptr<T>(a->t[2]));
  return tc_launched();
}

}  // namespace

TC_CUDA_FLOATS(attention)
TC_CUDA_FLOATS(attention_backward)
