-- QR, SVD, symmetric eigenvalues, and what is computed by them: rank, pseudo-inverse, least
-- squares.
-- Batches of matrices in the last two dimensions; gradients are made of operations.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local matrices = require "tocha.matrices"
local T <const>, column <const>, eye_like <const> = matrices.transposed, matrices.column,
  matrices.eye_like
local batch_and <const>, expect_matrices <const> = matrices.batch_and, matrices.expect
local expect_square <const>, broadcast_batch <const> = matrices.expect_square, matrices.broadcast
local is_vector <const> = matrices.is_vector
local K <const>, empty <const> = core.kernel, core.empty

-- ---- QR -----------------------------------------------------------------------------------------

-- For a full-rank A = Q R with R square.
local function qr_square_grad(q, r, gq, gr)
  local m = ops.matmul(r, T(gr)) - ops.matmul(T(gq), q)
  local symmetric = ops.tril(m) + T(ops.tril(m, -1))
  return ops.triangular_batch(T(r), gq + ops.matmul(q, symmetric), false, false, false)
end

local function qr_grad(g, y, x, mode)
  local q, r = y[1], y[2]
  if mode == "r" or (mode == "complete" and x:size(-2) > x:size(-1)) then
    core.fail("qr", nil, "with mode '%s' a %s tensor has no gradient; use 'reduced'", mode,
      rule.text(x.shape))
  end
  local gq, gr = g[1] or ops.zeros_like(q), g[2] or ops.zeros_like(r)
  local m <const>, n <const> = r:size(-2), r:size(-1)
  if m == n then return qr_square_grad(q, r, gq, gr) end
  -- wide: the columns beyond m are Q times theirs in R
  local extra = r:narrow(-1, m + 1, n - m)
  local g_extra = gr:narrow(-1, m + 1, n - m)
  local y_extra = ops.matmul(q, extra)
  local first = qr_square_grad(q, r:narrow(-1, 1, m), gq + ops.matmul(y_extra, T(g_extra)),
    gr:narrow(-1, 1, m))
  return ops.cat({ first, ops.matmul(q, g_extra) }, -1)
end

op "qr" {
  doc = "Q with orthonormal columns and upper triangular R, whose product the matrices are. "
    .. "`mode`: \"reduced\", \"complete\" (Q is square) or \"r\" (Q is empty).",
  args = "input: float, mode: string = \"reduced\"", outputs = 2, differentiable = 2,
  run = function(x, mode)
    expect_matrices("qr", 1, x)
    if mode ~= "reduced" and mode ~= "complete" and mode ~= "r" then
      core.fail("qr", "mode", "expected 'reduced', 'complete' or 'r', got '%s'", mode)
    end
    local m <const>, n <const> = x:size(-2), x:size(-1)
    local cols <const> = mode == "complete" and m or math.min(m, n)
    local q = empty(batch_and(x, 2, m, cols), x.dtype, x)
    local r = empty(batch_and(x, 2, cols, n), x.dtype, x)
    K.qr(q, r, x)
    return mode == "r" and empty({ 0 }, x.dtype, x) or q, r
  end,
  grad = qr_grad,
  sample = { { { 4, 3 } }, { { 3, 3 } }, { { 2, 3, 5 } } }, nograd_sample = { { { 4, 2 },
    "complete" }, { { 4, 2 }, "r" } },
}

-- ---- SVD ----------------------------------------------------------------------------------------

local function skew(x) return x - T(x) end

-- What moves the left or right vectors: of the part of their gradient that lies within them ...
local function within(v, gv, gaps) return skew(ops.matmul(T(v), gv)) / gaps end
-- ... and across them.
local function across(v, gv) return gv - ops.matmul(v, ops.matmul(T(v), gv)) end

-- Distinct singular values are taken for granted: s_j^2 - s_i^2 divides, 1 on the diagonal.
local function svd_gaps(s)
  local squares = s * s
  return squares:unsqueeze(-2) - column(squares) + eye_like(s)
end

-- The vectors that full_matrices adds have no gradient of their own.
local function svd_grad(g, y, x)
  local m <const>, n <const> = x:size(-2), x:size(-1)
  local k <const> = math.min(m, n)
  local function first(t, dim) return t and t:narrow(dim, 1, k) end
  local u, s, vh = first(y[1], -1), y[2], first(y[3], -2)
  g = { first(g[1], -1), g[2], first(g[3], -2) }
  local v = T(vh)
  local row, gaps = s:unsqueeze(-2), svd_gaps(s)
  local inner = g[2] and ops.diag_embed(g[2]) or ops.zeros_like(gaps)
  if g[1] then inner = inner + within(u, g[1], gaps) * row end
  if g[3] then inner = inner + column(s) * within(v, T(g[3]), gaps) end
  local gx = ops.matmul(ops.matmul(u, inner), vh)
  if g[1] and m > k then gx = gx + ops.matmul(across(u, g[1]) / row, vh) end
  if g[3] and n > k then gx = gx + ops.matmul(u / row, T(across(v, T(g[3])))) end
  return gx
end

op "svd" {
  doc = "U, the singular values in descending order, and V^T (not V): U diag(S) V^T are the "
    .. "matrices.",
  args = "input: float, full_matrices: bool = true", outputs = 3, differentiable = 3,
  run = function(x, full)
    expect_matrices("svd", 1, x)
    local m <const>, n <const> = x:size(-2), x:size(-1)
    local k <const> = math.min(m, n)
    local u = empty(batch_and(x, 2, m, full and m or k), x.dtype, x)
    local s = empty(batch_and(x, 2, k), x.dtype, x)
    local vh = empty(batch_and(x, 2, full and n or k, n), x.dtype, x)
    K.svd(u, s, vh, x)
    return u, s, vh
  end,
  grad = svd_grad,
  sample = { { { 3, 3 } }, { { 4, 3 }, false }, { { 2, 2, 4 }, false } },
  nograd_sample = { { { 4, 2 } }, { { 2, 4 } }, { { 3, 0 } } },
}

op "svdvals" {
  doc = "The singular values in descending order.",
  args = "input: float",
  run = function(x)
    expect_matrices("svdvals", 1, x)
    local s <const> = empty(batch_and(x, 2, math.min(x:size(-2), x:size(-1))), x.dtype, x)
    K.svdvals(s, x)
    return s
  end,
  saves = "input",
  grad = { input = function(g, _, x)
    local u, _, vh = ops.svd(x, false)
    return ops.matmul(u * g:unsqueeze(-2), vh)
  end },
  sample = { { { 4, 3 } }, { { 2, 2, 3 } } },
}

-- ---- symmetric eigenvalues ----------------------------------------------------------------------

local function upper_of(name, text)
  if text == "L" or text == "l" then return false end
  if text == "U" or text == "u" then return true end
  core.fail(name, "UPLO", "expected 'L' or 'U', got '%s'", text)
end

local function eigh_grad(g, y)
  local values, v = y[1], y[2]
  local inner = ops.diag_embed(g[1] or ops.zeros_like(values))
  if g[2] then
    local gaps = values:unsqueeze(-2) - column(values) + eye_like(v)
    local turn = ops.matmul(T(v), g[2]) / gaps
    inner = inner + turn - ops.diag_embed(turn:diagonal(0, -2, -1))
  end
  return ops.matmul(ops.matmul(v, inner), T(v))
end

op "eigh" {
  doc = "The eigenvalues of symmetric matrices in ascending order, and their vectors as columns. "
    .. "Only the lower (\"L\") or upper (\"U\") triangle is read.",
  args = "input: float, UPLO: string = \"L\"", outputs = 2, differentiable = 2,
  run = function(x, uplo)
    expect_square("eigh", 1, x)
    local values, vectors = empty(batch_and(x, 1), x.dtype, x), empty(x)
    K.eigh(values, vectors, x, upper_of("eigh", uplo))
    return values, vectors
  end,
  saves = "y",
  grad = eigh_grad,
  sample = {}, nograd_sample = { { S.spd { 3, 3 } }, { S.spd { 2, 3, 3 }, "U" } },
}

op "eigvalsh" {
  doc = "The eigenvalues of symmetric matrices, of which one triangle is read, in ascending order.",
  args = "input: float, UPLO: string = \"L\"",
  run = function(x, uplo)
    expect_square("eigvalsh", 1, x)
    local values <const> = empty(batch_and(x, 1), x.dtype, x)
    K.eigvalsh(values, x, upper_of("eigvalsh", uplo))
    return values
  end,
  saves = "input",
  grad = { input = function(g, _, x, uplo)
    local _, v = ops.eigh(x, uplo)
    return ops.matmul(v * g:unsqueeze(-2), T(v))
  end },
  sample = {}, nograd_sample = { { S.spd { 3, 3 } }, { S.spd { 2, 3, 3 }, "U" } },
}

-- ---- rank and pseudo-inverse --------------------------------------------------------------------

local EPSILON <const> = { float64 = 2.0 ^ -52 }
local function epsilon(x) return EPSILON[x.dtype] or 2.0 ^ -23 end

-- Below this a singular value counts as zero.
local function tolerance(x, s, atol, rtol)
  rtol = rtol or (atol and atol > 0 and 0 or epsilon(x) * math.max(x:size(-2), x:size(-1)))
  local largest = ops.amax(s, -1, true)
  return ops.clamp_min(largest * rtol, atol or 0)
end

local function singular_values(x, hermitian)
  if hermitian then return ops.abs(ops.eigvalsh(x)) end
  return ops.svdvals(x)
end

op "matrix_rank" {
  doc = "How many singular values exceed max(atol, rtol * the largest); rtol is epsilon * max(m, "
    .. "n) unless given.",
  args = "input: float, atol: number?, rtol: number?, hermitian: bool = false",
  run = function(x, atol, rtol, hermitian)
    expect_matrices("matrix_rank", 1, x)
    if x:numel() == 0 then
      return ops.zeros(batch_and(x, 2), { dtype = "int64", device = x.device })
    end
    local s = singular_values(x, hermitian)
    return s:gt(tolerance(x, s, atol, rtol)):sum(-1)
  end,
  grad = false,
  sample = {}, nograd_sample = { { { 4, 3 } }, { S.spd { 2, 3, 3 }, nil, nil, true },
    { { 0, 3 } } },
}

local function pinv_grad(g, p, x)
  local gt, pt = T(g), T(p)
  local function mm(a, b, c) return c and ops.matmul(ops.matmul(a, b), c) or ops.matmul(a, b) end
  if x:size(-2) <= x:size(-1) then
    local k = mm(gt, p)
    local kp = mm(k, pt)
    return kp - T(mm(p, k)) - mm(x, p, kp) + mm(pt, p, gt - mm(k, x))
  end
  local k = mm(p, gt)
  local pk = mm(pt, k)
  return pk - T(mm(k, p)) + mm(gt - mm(x, k), p, pt) - mm(pk, p, x)
end

op "pinv" {
  doc = "The Moore-Penrose inverses; singular values up to max(atol, rtol * the largest) count "
    .. "as zero.",
  args = "input: float, atol: number?, rtol: number?, hermitian: bool = false",
  run = function(x, atol, rtol, hermitian)
    expect_matrices("pinv", 1, x)
    if x:numel() == 0 then return empty(batch_and(x, 2, x:size(-1), x:size(-2)), x.dtype, x) end
    local u, s, vh
    if hermitian then
      s, u = ops.eigh(x)
      vh = T(u)
    else
      u, s, vh = ops.svd(x, false)
    end
    local size = ops.abs(s)
    local kept = ops.where(size:gt(tolerance(x, size, atol, rtol)), ops.reciprocal(s),
      ops.zeros_like(s))
    return ops.matmul(T(vh) * kept:unsqueeze(-2), T(u))
  end,
  grad = { input = pinv_grad },
  sample = { { { 4, 3 } }, { { 2, 2, 3 } }, { { 3, 3 } } }, nograd_sample = { { S.spd { 3, 3 }, nil,
    nil, true } },
}

op "lstsq_batch" {
  doc = "`lstsq` for matrices with equal leading sizes: the solution and the ranks.",
  args = "input: float, other: float, rcond: number", method = false, outputs = 2,
  run = function(a, b, rcond)
    matrices.expect_fitting("lstsq_batch", a, b, -2, -2)
    local x <const> = empty(batch_and(a, 2, a:size(-1), b:size(-1)), a.dtype, a)
    local rank <const> = empty(batch_and(a, 2), "int64", a)
    K.lstsq(x, rank, a, b, rcond)
    return x, rank
  end,
  ref = function(a, b, rcond)
    return ops.matmul(ops.pinv(a, nil, rcond), b), ops.matrix_rank(a, nil, rcond)
  end,
  sample = { { { 4, 3 }, { 4, 2 }, 1e-12 }, { { 2, 2, 3 }, { 2, 2, 2 }, 1e-12 } },
}

op "lstsq" {
  doc = "The solution X that makes |A X - other| least (and then X), the sums of squared "
    .. "residuals (where A is tall and of full rank, else empty), the ranks of A, and an empty "
    .. "tensor (where other drivers have singular values).",
  args = "input: float, other: float, rcond: number?",
  ref = function(a, b, rcond)
    expect_matrices("lstsq", 1, a)
    local vector <const> = b.ndim == a.ndim - 1 and is_vector(T(a), b)
    if vector then b = column(b) end
    expect_matrices("lstsq", 2, b)
    if b:size(-2) ~= a:size(-2) then
      core.fail("lstsq", 2, "%s and %s do not fit", rule.text(a.shape), rule.text(b.shape))
    end
    a, b = broadcast_batch("lstsq", a, b)
    local m <const>, n <const> = a:size(-2), a:size(-1)
    local x, rank = ops.lstsq_batch(a, b, rcond or epsilon(a) * math.max(m, n))
    local none <const> = empty({ 0 }, a.dtype, a)
    local residuals = none
    if m > n and rank:eq(n):all():item() then
      residuals = ops.square(ops.matmul(a, x) - b):sum(-2)
    end
    return vector and x:squeeze(-1) or x, residuals, rank, none
  end,
  sample = { { { 4, 3 }, { 4, 2 } }, { { 4, 3 }, { 4 } }, { { 2, 3, 4 }, { 3, 2 } } },
}
