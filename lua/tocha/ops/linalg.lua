-- Factorisations, solvers and what is computed by them, through LAPACK; as in torch.linalg, for batches of
-- matrices in the last two dimensions. Gradients are made of the same operations.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local K <const>, empty <const> = core.kernel, core.empty

-- ---- shapes -------------------------------------------------------------------------------------

local function expect_matrices(name, at, x)
  if x.ndim < 2 then
    core.fail(name, at, "expected matrices (2 dimensions or more), got a %s tensor", rule.text(x.shape))
  end
end

local function expect_square(name, at, x)
  expect_matrices(name, at, x)
  if x:size(-1) ~= x:size(-2) then
    core.fail(name, at, "expected square matrices, got a %s tensor", rule.text(x.shape))
  end
end

-- The leading sizes of x, without the last `count`, followed by others.
local function batch_and(x, count, ...)
  local shape <const> = { table.unpack(x.shape, 1, x.ndim - count) }
  for _, size in ipairs { ... } do shape[#shape + 1] = size end
  return shape
end

local function T(x) return x:transpose(-2, -1) end
local function column(x) return x:unsqueeze(-1) end
local function as_factor(x) return x:unsqueeze(-1):unsqueeze(-1) end
local function diagonal(x) return x:diagonal(0, -2, -1) end
local function eye_like(x) return ops.eye(x:size(-1), { dtype = x.dtype, device = x.device }) end

-- Matrices of two tensors with their leading dimensions broadcast.
local function broadcast_batch(name, a, b)
  local batch, p, q = rule.broadcast_shapes(batch_and(a, 2), batch_and(b, 2))
  if not batch then
    core.fail(name, 2, "the batches of %s and %s do not broadcast: sizes %d and %d", rule.text(a.shape),
      rule.text(b.shape), p, q)
  end
  local function expanded(x)
    local shape <const> = { table.unpack(batch) }
    shape[#shape + 1], shape[#shape + 2] = x:size(-2), x:size(-1)
    return rule.text(shape) == rule.text(x.shape) and x or x:expand(shape)
  end
  return expanded(a), expanded(b)
end

-- ---- Cholesky -----------------------------------------------------------------------------------

-- With L the lower factor: L^-T sym(tril(L^T g) with half its diagonal) L^-1.
local function cholesky_grad(g, y, _, upper)
  local l = upper and T(y) or y
  local m = ops.matmul(T(l), upper and T(g) or g)
  local phi = (ops.tril(m) + ops.tril(m, -1)) * 0.5
  local left = ops.triangular_batch(T(l), (phi + T(phi)) * 0.5, true, true, false)
  return ops.triangular_batch(l, left, false, false, false)
end

op "cholesky" {
  doc = "The triangular factor of symmetric positive-definite matrices: L L^T, or U^T U with `upper`. Only "
    .. "that triangle of the input is read.",
  args = "input: float, upper: bool = false",
  run = function(x, upper)
    expect_square("cholesky", 1, x)
    local y <const> = empty(x)
    K.cholesky(y, x, upper)
    return y
  end,
  saves = "y",
  grad = { input = cholesky_grad },
  sample = {}, nograd_sample = { { S.spd { 3, 3 } }, { S.spd { 2, 3, 3 }, true }, { S.spd { 0, 0 } } },
}

op "cholesky_solve" {
  doc = "The solution X of A X = input, where `factor` is the Cholesky factor of A.",
  args = "input: float, factor: float, upper: bool = false",
  ref = function(b, factor, upper)
    local l = upper and T(factor) or factor
    return ops.solve_triangular(T(l), ops.solve_triangular(l, b, false), true)
  end,
  sample = { { { 3, 2 }, S.spd { 3, 3 } }, { { 2, 3, 1 }, S.spd { 3, 3 }, true } },
}

-- ---- solutions ----------------------------------------------------------------------------------

op "triangular_batch" {
  doc = "`solve_triangular` for tensors with equal leading sizes.",
  args = "input: float, other: float, upper: bool, left: bool, unitriangular: bool", method = false,
  run = function(a, b, upper, left, unit)
    local x <const> = empty(b)
    K.solve_triangular(x, a, b, upper, left, unit)
    return x
  end,
  saves = "y input",
  grad = function(g, y, a, _, upper, left, unit)
    local gb = ops.triangular_batch(T(a), g, not upper, left, unit)
    local ga = left and ops.matmul(gb, T(y)) or ops.matmul(T(y), gb)
    local shift <const> = unit and 1 or 0
    return -(upper and ops.triu(ga, shift) or ops.tril(ga, -shift)), gb
  end,
  sample = { { S.spd { 3, 3 }, { 3, 2 }, true, true, false }, { S.spd { 3, 3 }, { 2, 3 }, false, false, true } },
}

op "solve_triangular" {
  doc = "The solution X of A X = other (or X A = other where `left` is false), A triangular. The other "
    .. "triangle is not read, with `unitriangular` nor is the diagonal.",
  args = "input: float, other: float, upper: bool, left: bool = true, unitriangular: bool = false",
  ref = function(a, b, upper, left, unit)
    expect_square("solve_triangular", 1, a)
    expect_matrices("solve_triangular", 2, b)
    if a:size(-1) ~= b:size(left and -2 or -1) then
      core.fail("solve_triangular", 2, "%s and %s do not fit", rule.text(a.shape), rule.text(b.shape))
    end
    a, b = broadcast_batch("solve_triangular", a, b)
    return ops.triangular_batch(a, b, upper, left, unit)
  end,
  sample = { { S.spd { 3, 3 }, { 3, 2 }, true }, { S.spd { 2, 3, 3 }, { 3, 2 }, false },
    { S.spd { 3, 3 }, { 2, 2, 3 }, true, false, true } },
}

op "solve_batch" {
  doc = "`solve` for matrices with equal leading sizes.",
  args = "input: float, other: float", method = false,
  run = function(a, b)
    local x <const> = empty(b)
    K.solve(x, a, b)
    return x
  end,
  saves = "y input",
  grad = function(g, y, a)
    local gb = ops.solve_batch(T(a), g)
    return -ops.matmul(gb, T(y)), gb
  end,
  sample = { { S.spd { 3, 3 }, { 3, 2 } }, { S.spd { 2, 3, 3 }, { 2, 3, 1 } } },
}

local function is_vector(a, b)
  return b.ndim == 1 or rule.text(b.shape) == rule.text(batch_and(a, 1))
end

op "solve" {
  doc = "The solution X of A X = other, or of X A = other where `left` is false; `other` may be a vector.",
  args = "input: float, other: float, left: bool = true",
  ref = function(a, b, left)
    expect_square("solve", 1, a)
    if not left then
      expect_matrices("solve", 2, b)
      return T(ops.solve(T(a), T(b)))
    end
    local vector <const> = is_vector(a, b)
    if vector then b = column(b) end
    expect_matrices("solve", 2, b)
    if b:size(-2) ~= a:size(-1) then
      core.fail("solve", 2, "%s and %s do not fit", rule.text(a.shape), rule.text(b.shape))
    end
    a, b = broadcast_batch("solve", a, b)
    local x = ops.solve_batch(a, b)
    return vector and x:squeeze(-1) or x
  end,
  sample = { { S.spd { 3, 3 }, { 3, 2 } }, { S.spd { 3, 3 }, { 3 } }, { S.spd { 2, 3, 3 }, { 3, 2 } },
    { S.spd { 2, 3, 3 }, { 2, 3 } }, { S.spd { 3, 3 }, { 2, 3 }, false } },
}

op "inv" {
  doc = "The inverses of square matrices. `solve` is more exact where only inv(A) @ B is wanted.",
  args = "input: float",
  run = function(x)
    expect_square("inv", 1, x)
    local y <const> = empty(x)
    K.inv(y, x)
    return y
  end,
  saves = "y",
  grad = { input = function(g, y) return -ops.matmul(ops.matmul(T(y), g), T(y)) end },
  sample = { { S.spd { 3, 3 } }, { S.spd { 2, 2, 2 } }, { S.spd { 0, 0 } } },
}

-- ---- determinants -------------------------------------------------------------------------------

-- The determinant, its sign and the logarithm of its size.
local function determinants(name, x)
  expect_square(name, 1, x)
  local shape <const> = batch_and(x, 2)
  local det, sign, logarithm = empty(shape, x.dtype, x), empty(shape, x.dtype, x), empty(shape, x.dtype, x)
  K.determinant(det, sign, logarithm, x)
  return det, sign, logarithm
end

-- The transposed adjugate of matrices that may be singular: the products of all singular values but one.
local function cofactors(x)
  local u, s, vh = ops.svd(x)
  local n <const> = x:size(-1)
  local others = {}
  for i = 1, n do
    local rest = ops.ones_like(s:select(-1, 1))
    for j = 1, n do
      if j ~= i then rest = rest * s:select(-1, j) end
    end
    others[i] = rest
  end
  local sign = as_factor(ops.det(u) * ops.det(vh))
  return ops.matmul(u * ops.stack(others, -1):unsqueeze(-2), vh) * sign
end

op "det" {
  doc = "The determinants of square matrices.",
  args = "input: float",
  run = function(x) return (determinants("det", x)) end,
  grad = { input = function(g, y, x)
    if y:eq(0):any():item() then return cofactors(x) * as_factor(g) end
    return T(ops.inv(x)) * as_factor(g * y)
  end },
  sample = { { S.spd { 3, 3 } }, { S.spd { 2, 2, 2 } }, { { 1, 1 } } }, nograd_sample = { { S.value { { 1.0, 2.0 }, { 2.0, 4.0 } } } },
}

op "slogdet" {
  doc = "The sign of the determinant, and the logarithm of its absolute value.",
  args = "input: float", outputs = 2, differentiable = 2,
  run = function(x)
    local _, sign, logarithm = determinants("slogdet", x)
    return sign, logarithm
  end,
  saves = "input",
  grad = function(g, _, x)
    if not g[2] then return ops.zeros(x.shape, { dtype = x.dtype, device = x.device }) end
    return T(ops.inv(x)) * as_factor(g[2])
  end,
  sample = { { S.spd { 3, 3 } }, { S.spd { 2, 2, 2 } } },
}

op "logdet" {
  doc = "The logarithm of the determinant; NaN where that is negative.",
  args = "input: float",
  ref = function(x)
    local sign, logarithm = ops.slogdet(x)
    return ops.where(sign:lt(0), ops.full_like(logarithm, 0 / 0), logarithm)
  end,
  sample = { { S.spd { 3, 3 } } },
}

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
    core.fail("qr", nil, "with mode '%s' a %s tensor has no gradient; use 'reduced'", mode, rule.text(x.shape))
  end
  local gq, gr = g[1] or ops.zeros_like(q), g[2] or ops.zeros_like(r)
  local m <const>, n <const> = r:size(-2), r:size(-1)
  if m == n then return qr_square_grad(q, r, gq, gr) end
  -- wide: the columns beyond m are Q times theirs in R
  local extra = r:narrow(-1, m + 1, n - m)
  local g_extra = gr:narrow(-1, m + 1, n - m)
  local y_extra = ops.matmul(q, extra)
  local first = qr_square_grad(q, r:narrow(-1, 1, m), gq + ops.matmul(y_extra, T(g_extra)), gr:narrow(-1, 1, m))
  return ops.cat({ first, ops.matmul(q, g_extra) }, -1)
end

op "qr" {
  doc = "Q with orthonormal columns and upper triangular R, whose product the matrices are. `mode`: \"reduced\", "
    .. "\"complete\" (Q is square) or \"r\" (Q is empty).",
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
  sample = { { { 4, 3 } }, { { 3, 3 } }, { { 2, 3, 5 } } }, nograd_sample = { { { 4, 2 }, "complete" }, { { 4, 2 }, "r" } },
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

local function svd_grad(g, y, x, full)
  local u, s, vh = y[1], y[2], y[3]
  local m <const>, n <const> = x:size(-2), x:size(-1)
  if full and m ~= n then
    core.fail("svd", nil, "the vectors that full_matrices adds have no gradient; give full_matrices = false")
  end
  local v = T(vh)
  local row, gaps = s:unsqueeze(-2), svd_gaps(s)
  local inner = g[2] and ops.diag_embed(g[2]) or ops.zeros_like(gaps)
  if g[1] then inner = inner + within(u, g[1], gaps) * row end
  if g[3] then inner = inner + column(s) * within(v, T(g[3]), gaps) end
  local gx = ops.matmul(ops.matmul(u, inner), vh)
  if g[1] and m > s:size(-1) then gx = gx + ops.matmul(across(u, g[1]) / row, vh) end
  if g[3] and n > s:size(-1) then gx = gx + ops.matmul(u / row, T(across(v, T(g[3])))) end
  return gx
end

op "svd" {
  doc = "U, the singular values in descending order, and V^T (not V): U diag(S) V^T are the matrices.",
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
    inner = inner + turn - ops.diag_embed(diagonal(turn))
  end
  return ops.matmul(ops.matmul(v, inner), T(v))
end

op "eigh" {
  doc = "The eigenvalues of symmetric matrices in ascending order, and their vectors as columns. Only the lower "
    .. "(\"L\") or upper (\"U\") triangle is read.",
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
  doc = "How many singular values exceed max(atol, rtol * the largest); rtol is epsilon * max(m, n) unless given.",
  args = "input: float, atol: number?, rtol: number?, hermitian: bool = false",
  run = function(x, atol, rtol, hermitian)
    expect_matrices("matrix_rank", 1, x)
    if x:numel() == 0 then return ops.zeros(batch_and(x, 2), { dtype = "int64", device = x.device }) end
    local s = singular_values(x, hermitian)
    return s:gt(tolerance(x, s, atol, rtol)):sum(-1)
  end,
  grad = false,
  sample = {}, nograd_sample = { { { 4, 3 } }, { S.spd { 2, 3, 3 }, nil, nil, true }, { { 0, 3 } } },
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
  doc = "The Moore-Penrose inverses; singular values up to max(atol, rtol * the largest) count as zero.",
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
    local kept = ops.where(size:gt(tolerance(x, size, atol, rtol)), ops.reciprocal(s), ops.zeros_like(s))
    return ops.matmul(T(vh) * kept:unsqueeze(-2), T(u))
  end,
  grad = { input = pinv_grad },
  sample = { { { 4, 3 } }, { { 2, 2, 3 } }, { { 3, 3 } } }, nograd_sample = { { S.spd { 3, 3 }, nil, nil, true } },
}

op "lstsq_batch" {
  doc = "`lstsq` for matrices with equal leading sizes: the solution and the ranks.",
  args = "input: float, other: float, rcond: number", method = false, outputs = 2,
  run = function(a, b, rcond)
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
  doc = "The solution X that makes |A X - other| least (and then X), the sums of squared residuals (where A is "
    .. "tall and of full rank, else empty), the ranks of A, and an empty tensor (where other drivers have "
    .. "singular values).",
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

-- ---- made of the others -------------------------------------------------------------------------

op "matrix_power" {
  doc = "Square matrices multiplied `n` times by themselves; negative powers are those of the inverse.",
  args = "input: float, n: int",
  ref = function(x, n)
    expect_square("matrix_power", 1, x)
    if n == 0 then return eye_like(x):expand(x.shape):clone() end
    local square, y = n < 0 and ops.inv(x) or x, nil
    n = math.abs(n)
    while true do
      if n & 1 == 1 then y = y and ops.matmul(y, square) or square end
      n = n >> 1
      if n == 0 then return y end
      square = ops.matmul(square, square)
    end
  end,
  sample = { { S.spd { 3, 3 }, 3 }, { S.spd { 2, 2, 2 }, -2 }, { S.spd { 3, 3 }, 0 }, { S.spd { 3, 3 }, 1 } },
}

op "cross" {
  doc = "The cross products of vectors of three elements along `dim`; other dimensions broadcast.",
  args = "input: tensor, other: tensor, dim: dim = -1",
  ref = function(a, b, dim)
    if a:size(dim) ~= 3 or b.ndim < dim or b:size(dim) ~= 3 then
      core.fail("cross", "dim", "expected 3 elements along dimension %d of %s and %s", dim, rule.text(a.shape),
        rule.text(b.shape))
    end
    local function part(i, j)
      return a:select(dim, i) * b:select(dim, j) - a:select(dim, j) * b:select(dim, i)
    end
    return ops.stack({ part(2, 3), part(3, 1), part(1, 2) }, dim)
  end,
  sample = { { { 2, 3 }, { 2, 3 } }, { { 3, 4 }, { 3, 4 }, 1 }, { { 1, 3 }, { 4, 3 } } },
}

op "trace" {
  doc = "The sum of a matrix's diagonal.",
  args = "input: tensor",
  ref = function(x)
    if x.ndim ~= 2 then core.fail("trace", 1, "expected a matrix, got a %s tensor", rule.text(x.shape)) end
    return x:diagonal():sum()
  end,
  sample = { { { 3, 4 } }, { { 3, 3 } } },
}
