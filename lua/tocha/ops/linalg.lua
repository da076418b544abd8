-- Cholesky, solutions, inverses, determinants and what is made of them, through LAPACK; as in
-- torch.linalg, for batches of matrices in the last two dimensions. Gradients are made of the same
-- operations. QR, SVD and eigenvalues are in decompose.lua.

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

local function as_factor(x) return x:unsqueeze(-1):unsqueeze(-1) end

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
  doc = "The triangular factor of symmetric positive-definite matrices: L L^T, or U^T U with "
    .. "`upper`. Only that triangle of the input is read.",
  args = "input: float, upper: bool = false",
  run = function(x, upper)
    expect_square("cholesky", 1, x)
    local y <const> = empty(x)
    K.cholesky(y, x, upper)
    return y
  end,
  saves = "y",
  grad = { input = cholesky_grad },
  sample = {}, nograd_sample = { { S.spd { 3, 3 } }, { S.spd { 2, 3, 3 }, true }, {
    S.spd { 0, 0 } } },
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
    expect_square("triangular_batch", 1, a)
    matrices.expect_fitting("triangular_batch", a, b, left and -2 or -1, -1)
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
  sample = { { S.spd { 3, 3 }, { 3, 2 }, true, true, false }, { S.spd { 3, 3 }, { 2, 3 }, false,
    false, true } },
}

op "solve_triangular" {
  doc = "The solution X of A X = other (or X A = other where `left` is false), A triangular. The "
    .. "other triangle is not read, with `unitriangular` nor is the diagonal.",
  args = "input: float, other: float, upper: bool, left: bool = true, unitriangular: bool = false",
  ref = function(a, b, upper, left, unit)
    expect_square("solve_triangular", 1, a)
    expect_matrices("solve_triangular", 2, b)
    if a:size(-1) ~= b:size(left and -2 or -1) then
      core.fail("solve_triangular", 2, "%s and %s do not fit", rule.text(a.shape),
        rule.text(b.shape))
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
    expect_square("solve_batch", 1, a)
    matrices.expect_fitting("solve_batch", a, b, -2, -1)
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

op "solve" {
  doc = "The solution X of A X = other, or of X A = other where `left` is false; `other` may be "
    .. "a vector.",
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
  sample = { { S.spd { 3, 3 }, { 3, 2 } }, { S.spd { 3, 3 }, { 3 } }, { S.spd { 2, 3, 3 },
    { 3, 2 } },
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
  local det, sign, logarithm = empty(shape, x.dtype, x), empty(shape, x.dtype, x), empty(shape,
    x.dtype, x)
  K.determinant(det, sign, logarithm, x)
  return det, sign, logarithm
end

-- The transposed adjugate of matrices that may be singular: the products of all singular values
-- but one.
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
  sample = { { S.spd { 3, 3 } }, { S.spd { 2, 2, 2 } }, { { 1, 1 } } },
    nograd_sample = { { S.value { { 1.0, 2.0 }, { 2.0, 4.0 } } } },
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

-- ---- made of the others -------------------------------------------------------------------------

op "matrix_power" {
  doc = "Square matrices multiplied `n` times by themselves; negative powers are those of the "
    .. "inverse.",
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
  sample = { { S.spd { 3, 3 }, 3 }, { S.spd { 2, 2, 2 }, -2 }, { S.spd { 3, 3 }, 0 }, {
    S.spd { 3, 3 }, 1 } },
}

op "cross" {
  doc = "The cross products of vectors of three elements along `dim`; other dimensions broadcast.",
  args = "input: tensor, other: tensor, dim: dim = -1",
  ref = function(a, b, dim)
    if a:size(dim) ~= 3 or b.ndim < dim or b:size(dim) ~= 3 then
      core.fail("cross", "dim", "expected 3 elements along dimension %d of %s and %s", dim,
        rule.text(a.shape),
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
    if x.ndim ~= 2 then
      core.fail("trace", 1, "expected a matrix, got a %s tensor", rule.text(x.shape))
    end
    return x:diagonal():sum()
  end,
  sample = { { { 3, 4 } }, { { 3, 3 } } },
}
