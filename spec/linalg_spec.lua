-- Factorisations give back what they factorise, solutions solve, gradients that read one triangle
-- agree with those of the symmetric matrix, and singular input is an error that says which.

local tocha = require "tocha"
local support = require "spec.support"

local alike <const> = support.assert_alike
local linalg <const> = tocha.linalg
local WIDE <const> = { dtype = "float64" }

local function matrix(...)
  tocha.manual_seed(3)
  return tocha.randn({ ... }, WIDE)
end

local function T(x) return x:transpose(-2, -1) end
local function symmetric(x) return (x + T(x)) * 0.5 end
local function positive(x) return x:matmul(T(x)) + tocha.eye(x:size(-1), WIDE) end
local function eye_for(x) return tocha.eye(x:size(-1), WIDE):expand(x.shape) end

local function fails(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(message:find(pattern, 1, true), message)
end

local SQUARE <const> = { { 1, 1 }, { 4, 4 }, { 70, 70 }, { 3, 5, 5 }, { 2, 0, 3, 3 }, { 0, 0 } }
local ANY <const> = { { 4, 4 }, { 6, 3 }, { 3, 6 }, { 90, 40 }, { 2, 3, 5, 4 }, { 3, 0 }, { 0, 3 } }

local function each(shapes, what, f)
  for _, shape in ipairs(shapes) do
    it(what .. " of (" .. table.concat(shape, ", ") .. ")",
      function() f(matrix(table.unpack(shape))) end)
  end
end

describe("the factors multiply to the matrix:", function()
  each(SQUARE, "cholesky", function(x)
    local a = positive(x)
    local l, u = linalg.cholesky(a), linalg.cholesky(a, true)
    alike(l:matmul(T(l)), a, 1e-10, 1e-10)
    alike(T(u):matmul(u), a, 1e-10, 1e-10)
    alike(l, tocha.tril(l))
    alike(u, tocha.triu(u))
  end)

  each(ANY, "qr", function(x)
    for _, mode in ipairs { "reduced", "complete" } do
      local q, r = linalg.qr(x, mode)
      alike(q:matmul(r), x, 1e-10, 1e-10)
      alike(T(q):matmul(q), eye_for(T(q):matmul(q)), 1e-10, 1e-10)
      alike(r, tocha.triu(r))
    end
  end)

  each(ANY, "svd", function(x)
    local u, s, vh = linalg.svd(x, false)
    alike((u * s:unsqueeze(-2)):matmul(vh), x, 1e-10, 1e-10)
    alike(linalg.svdvals(x), s, 1e-10, 1e-10)
    local full_u, full_s, full_vh = linalg.svd(x)
    alike(full_s, s, 1e-10, 1e-10)
    alike(full_u:matmul(T(full_u)), eye_for(full_u), 1e-10, 1e-10)
    alike(full_vh:matmul(T(full_vh)), eye_for(full_vh), 1e-10, 1e-10)
  end)

  each(SQUARE, "eigh", function(x)
    local a = symmetric(x)
    for _, triangle in ipairs { "L", "U" } do
      local values, v = linalg.eigh(a, triangle)
      alike((v * values:unsqueeze(-2)):matmul(T(v)), a, 1e-10, 1e-10)
      alike(linalg.eigvalsh(a, triangle), values, 1e-10, 1e-10)
    end
  end)
end)

describe("only one triangle is read by", function()
  local nan = tocha.full({ 4, 4 }, 0 / 0, WIDE)
  local a = positive(matrix(4, 4))
  local lower = tocha.where(tocha.ones(4, 4):tril():gt(0), a, nan)
  local upper = T(lower)

  it("cholesky", function()
    alike(linalg.cholesky(lower), linalg.cholesky(a))
    alike(linalg.cholesky(upper, true), linalg.cholesky(a, true))
  end)

  it("solve_triangular", function()
    local b = matrix(4, 2)
    alike(tocha.tril(a):matmul(linalg.solve_triangular(lower, b, false)), b, 1e-10, 1e-10)
    alike(tocha.triu(a):matmul(linalg.solve_triangular(upper, b, true)), b, 1e-10, 1e-10)
  end)
end)

describe("solutions solve:", function()
  each(SQUARE, "solve and inv", function(x)
    local a = positive(x)
    local b = tocha.randn({ x:size(-1), 2 }, WIDE)
    alike(a:matmul(linalg.solve(a, b)), b:expand(linalg.solve(a, b).shape), 1e-9, 1e-9)
    alike(a:matmul(linalg.inv(a)), eye_for(a), 1e-9, 1e-9)
  end)

  it("lstsq, as the normal equations do", function()
    local a, b = matrix(7, 3), matrix(7, 2)
    local x, residuals, rank = linalg.lstsq(a, b)
    alike(x, linalg.solve(T(a):mm(a), T(a):mm(b)), 1e-10, 1e-10)
    alike(residuals, (a:mm(x) - b):square():sum(1), 1e-10, 1e-10)
    assert.equal(3, rank:item())
  end)

  it("lstsq of a matrix without full rank, with the least solution", function()
    local a = matrix(6, 2):mm(matrix(2, 4))
    local b = matrix(6, 1)
    local x, _, rank = linalg.lstsq(a, b)
    assert.equal(2, rank:item())
    alike(x, linalg.pinv(a):mm(b), 1e-9, 1e-9)
    assert.equal(2, linalg.matrix_rank(a):item())
  end)

  it("det and slogdet agree", function()
    local a = matrix(4, 5, 5)
    local sign, logarithm = linalg.slogdet(a)
    alike(linalg.det(a), sign * logarithm:exp(), 1e-10, 1e-10)
    assert.equal(1.0, linalg.det(tocha.zeros(0, 0)):item())
    assert.equal(0.0, linalg.det(tocha.ones(3, 3)):item())
  end)
end)

-- gradcheck writes into one element at a time; what reads one triangle is given a symmetric matrix.
describe("gradients through a symmetric matrix:", function()
  local CASES <const> = {
    ["cholesky"] = function(x) return linalg.cholesky(positive(x)) end,
    ["cholesky, upper"] = function(x) return linalg.cholesky(positive(x), true) end,
    ["eigvalsh"] = function(x) return linalg.eigvalsh(symmetric(x)) end,
    ["eigh"] = function(x)
      local values, v = linalg.eigh(symmetric(x))
      return values, v:square()
    end,
  }
  for name, f in pairs(CASES) do
    for _, shape in ipairs { { 3, 3 }, { 2, 4, 4 } } do
      it(("%s of (%s)"):format(name, table.concat(shape, ", ")), function()
        local x = matrix(table.unpack(shape)):requires_grad_()
        assert.is_true(tocha.gradcheck(f, { x }))
        assert.is_true(tocha.gradgradcheck(f, { x }, { atol = 1e-4 }))
      end)
    end
  end

  it("det of singular matrices", function()
    local x = tocha.tensor({ { 1, 2, 3 }, { 2, 4, 6 }, { 1, 0, 1 } }, WIDE):requires_grad_()
    assert.is_true(tocha.gradcheck(linalg.det, { x }))
  end)
end)

describe("an error names", function()
  it("the leading minor that is not positive", function()
    local a = tocha.tensor { { 1.0, 2.0 }, { 2.0, 1.0 } }
    fails("[cholesky] the input is not positive-definite: the leading minor of order 2",
      tocha.cholesky, a)
  end)

  it("the singular matrix of a batch", function()
    local a = tocha.stack({ tocha.eye(2), tocha.ones(2, 2) })
    fails("matrix 2 of the batch: the matrix is singular: the diagonal element 2", tocha.inv, a)
    fails("matrix 2 of the batch", tocha.solve, a, tocha.ones(2, 1))
  end)

  it("NaN and infinity", function()
    for _, name in ipairs { "svd", "svdvals", "eigh", "eigvalsh" } do
      fails("[" .. name .. "] the input has NaN or infinity", tocha[name], tocha.full({ 3, 3 },
        0 / 0))
    end
  end)

  it("shapes that do not fit", function()
    fails("expected square matrices, got a (2, 3) tensor", tocha.inv, tocha.ones(2, 3))
    fails("(3, 3) and (2, 4) do not fit", tocha.solve, tocha.ones(3, 3), tocha.ones(2, 4))
    fails("the batches of (2, 3, 3) and (4, 3, 1) do not broadcast", tocha.solve, tocha.ones(2, 3,
      3),
      tocha.ones(4, 3, 1))
  end)
end)
