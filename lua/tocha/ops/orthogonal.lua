-- What parametrizes orthogonal matrices: the matrix exponential, and products of Householder
-- reflections.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local matrices = require "tocha.matrices"

-- ---- the matrix exponential ---------------------------------------------------------------------

local DEGREE <const> = 16  -- what is left out is below 3e-15 where the norm is at most 1

-- The coefficients of exp from x^k on, four of them times x^0 ... x^3.
local function four_terms(powers, eye, k, factorial)
  local sum = eye * (1 / factorial[k])
  for j = 1, 3 do sum = sum + powers[j] * (1 / factorial[k + j]) end
  return sum
end

-- The Taylor polynomial, six products of matrices for degree 16 (Paterson and Stockmeyer).
local function taylor(x)
  local factorial <const> = { [0] = 1.0 }
  for k = 1, DEGREE do factorial[k] = factorial[k - 1] * k end
  local square <const> = ops.matmul(x, x)
  local powers <const> = { x, square, ops.matmul(square, x) }
  local fourth <const> = ops.matmul(square, square)
  local eye <const> = matrices.eye_like(x)
  local sum = four_terms(powers, eye, DEGREE - 4, factorial) + fourth * (1 / factorial[DEGREE])
  for k = DEGREE - 8, 0, -4 do
    sum = four_terms(powers, eye, k, factorial) + ops.matmul(fourth, sum)
  end
  return sum
end

-- How often the largest matrix has to be halved for its norm to be at most 1.
local function halvings(x)
  if x:numel() == 0 then return 0 end
  local norm <const> = ops.amax(ops.sum(ops.abs(x:detach()), -2)):item()
  if norm ~= norm or norm == math.huge or norm <= 1 then return 0 end
  return math.ceil(math.log(norm, 2))
end

op "matrix_exp" {
  doc = "The exponentials of square matrices, by scaling and squaring a Taylor polynomial.",
  args = "input: float",
  ref = function(x)
    matrices.expect_square("matrix_exp", 1, x)
    local n <const> = halvings(x)
    local y = taylor(x * 2.0 ^ -n)
    for _ = 1, n do y = ops.matmul(y, y) end
    return y
  end,
  half = false,
  sample = { { { 3, 3 } }, { S.spd { 2, 4, 4 } }, { { 1, 1 } } },
}

-- ---- Householder reflections --------------------------------------------------------------------

-- Reflector i: zeros, a one at place i, and what stands below the diagonal in column i.
local function reflector(a, i)
  local below <const> = ops.tril(a, -1):narrow(-1, i, 1)
  local one <const> = ops.eye(a:size(-2), a:size(-1), { dtype = a.dtype, device = a.device })
  return below + one:narrow(-1, i, 1)
end

op "householder_product" {
  doc = "The first n columns of H_1 H_2 ... H_k, where H_i = I - tau_i v_i v_i^T and v_i is a one "
    .. "on the diagonal with what stands below it in column i of `input` (..., m, n); `tau` is "
    .. "(..., k).",
  args = "input: float, tau: float",
  ref = function(a, tau)
    matrices.expect("householder_product", 1, a)
    local m <const>, n <const>, k <const> = a:size(-2), a:size(-1), tau:size(-1)
    if m < n or k > n or tau.ndim ~= a.ndim - 1 then
      core.fail("householder_product", 2, "%s does not fit the matrices %s", rule.text(tau.shape),
        rule.text(a.shape))
    end
    local q = ops.eye(m, n, { dtype = a.dtype, device = a.device })
    if a.ndim > 2 then q = q:expand(a.shape) end
    for i = k, 1, -1 do
      local v <const> = reflector(a, i)
      local t <const> = tau:narrow(-1, i, 1):unsqueeze(-1)
      q = q - ops.matmul(v, ops.matmul(v:transpose(-2, -1), q)) * t
    end
    return q
  end,
  half = false,
  sample = { { { 4, 3 }, { 3 } }, { { 2, 3, 3 }, { 2, 2 } } },
}

-- One step of LAPACK's geqrf: from column i of one matrix, the reflector (its diagonal element is
-- that of R) and its tau.
local function reflection(column, i)
  local alpha <const> = column[i]:item()
  local below <const> = column:narrow(1, i, column:size(1) - i + 1):slice(1, 2)
  local rest <const> = below:numel() > 0 and ops.norm(below):item() or 0
  if rest == 0 then return alpha, 0 end
  local beta <const> = -(alpha >= 0 and 1 or -1) * math.sqrt(alpha * alpha + rest * rest)
  return beta, (beta - alpha) / beta
end

-- a is (m, n), overwritten by reflectors below R.
local function factorize(a, tau)
  local m <const>, n <const> = a:size(1), a:size(2)
  for i = 1, math.min(m, n) do
    local column <const> = a:select(2, i)
    local beta <const>, t <const> = reflection(column, i)
    if t ~= 0 then
      local alpha <const> = column[i]:item()
      if i < m then column:narrow(1, i + 1, m - i):div_(alpha - beta) end
      local v <const> = column:narrow(1, i, m - i + 1):clone()
      v[1] = 1
      if i < n then
        local right <const> = a:narrow(1, i, m - i + 1):narrow(2, i + 1, n - i)
        right:sub_(ops.outer(v, ops.matmul(v, right)) * t)
      end
    end
    column[i] = beta
    tau[i] = t
  end
end

op "geqrf" {
  doc = "Householder's QR decomposition in LAPACK's form: R with the reflectors below it, and the "
    .. "tau that `householder_product` takes.",
  args = "input: float", outputs = 2,
  run = function(x)
    matrices.expect("geqrf", 1, x)
    local k <const> = math.min(x:size(-2), x:size(-1))
    local a <const> = ops.clone(x:detach()):contiguous()
    local tau <const> = ops.zeros(matrices.batch_and(x, 2, k), { dtype = x.dtype,
      device = x.device })
    local flat <const>, taus <const> = a:reshape { -1, x:size(-2), x:size(-1) },
      tau:reshape { -1, k }
    for b = 1, flat:size(1) do factorize(flat[b], taus[b]) end
    return a, tau
  end,
  grad = false, half = false,
  sample = {}, nograd_sample = { { { 4, 3 } }, { { 2, 3, 3 } }, { { 2, 4 } } },
}
