-- Products of matrices, vectors and batches of them.
--
-- One kernel computes beta * input + alpha * a @ b for operands of any strides, so no transposed
-- operand is copied; vectors are rows on the left and columns on the right.

local registry = require "tocha.op"
local op, rule, ops = registry.op, registry.rule, registry.ops
local core = require "tocha.core"
local K <const> = core.kernel
local matmul_kernel <const>, empty <const> = K.matmul, core.empty
local joint <const>, shape_of <const> = core.joint, core.shape

-- ---- checks -------------------------------------------------------------------------------------

local function expect_dims(name, at, x, n, what)
  if x.ndim ~= n then
    core.fail(name, at, "expected %s, got a %s tensor", what, rule.text(x.shape))
  end
end
local function expect_matrix(name, at, x) expect_dims(name, at, x, 2, "a matrix") end
local function expect_vector(name, at, x) expect_dims(name, at, x, 1, "a vector") end
local function expect_batch(name, at, x)
  expect_dims(name, at, x, 3, "a batch of matrices (3 dimensions)")
end

local function expect_inner(name, at, a, b, inner_a, inner_b)
  if inner_a ~= inner_b then
    core.fail(name, at, "%s and %s do not multiply: the inner sizes are %d and %d",
      rule.text(a), rule.text(b), inner_a, inner_b)
  end
end

-- ---- what all go through ------------------------------------------------------------------------

-- `input` as the kernel adds it: a row, or the whole result.
local function added(name, input, shape)
  local n <const> = #shape
  if input.ndim == 1 and input:size(1) == shape[n] then return input end
  local fits <const> = rule.broadcast_shapes(input.shape, shape)
  if not fits or rule.text(fits) ~= rule.text(shape) then
    core.fail(name, 1, "%s does not broadcast to the product's shape %s", rule.text(input.shape),
      rule.text(shape))
  end
  return input:expand(shape)
end

-- beta * input + alpha * a @ b in the given shape; the operands' shapes are checked.
local function product(name, shape, a, b, input, beta, alpha)
  local dtype = joint(a, b)
  if input then
    dtype = core.promote(dtype, input.dtype)
    input = added(name, input, shape)
    if input.dtype ~= dtype then input = input:to(dtype) end
  end
  local y <const> = empty(shape, dtype, a)
  matmul_kernel(y, a, b, input, beta or 0, alpha or 1)
  return y
end

-- ---- matmul -------------------------------------------------------------------------------------

local function without(shape, count)
  return { table.unpack(shape, 1, #shape - count) }
end

local function expand_batch(x, shape, batch)
  local full <const> = { table.unpack(batch) }
  full[#full + 1], full[#full + 2] = shape[#shape - 1], shape[#shape]
  return x:expand(full)
end

-- A batch of more than two dimensions times a matrix or vector is one product of all its rows.
local function fold_rows(a) return a:reshape(-1, a:size(-1)) end

local function is_folded(a, b) return a.ndim > 2 and b.ndim <= 2 end

-- The shape of a @ b, and the operands as the kernel takes them.
local function matmul_plan(name, a, b)
  local sa <const>, sb <const> = shape_of(a), shape_of(b)
  local na <const>, nb <const> = #sa, #sb
  if na == 0 or nb == 0 then
    core.fail(name, na == 0 and 1 or 2, "a 0-d tensor has no matrix product; use * to scale")
  end
  expect_inner(name, 2, sa, sb, sa[na], sb[nb > 1 and nb - 1 or 1])
  local shape
  if na <= 2 and nb <= 2 then
    shape = {}
    if na == 2 then shape[1] = sa[1] end
    if nb == 2 then shape[#shape + 1] = sb[2] end
    return shape, a, b
  end
  if is_folded(a, b) then
    shape = without(sa, 1)
    if nb == 2 then shape[na] = sb[2] end
    return shape, fold_rows(a), b
  end
  local batch <const>, p, q = rule.broadcast_shapes(without(sa, 2), without(sb, 2))
  if not batch then
    core.fail(name, 2, "the batches of %s and %s do not broadcast: sizes %d and %d", rule.text(sa),
      rule.text(sb), p, q)
  end
  shape = { table.unpack(batch) }
  if na > 1 then
    shape[#shape + 1] = sa[na - 1]
    a = expand_batch(a, sa, batch)
  end
  shape[#shape + 1] = sb[nb]
  return shape, a, expand_batch(b, sb, batch)
end

local function transposed(x) return x:transpose(-2, -1) end

-- Vectors made matrices, so that the gradients are products of matrices.
local function as_matrices(g, a, b)
  if a.ndim == 1 then a, g = a:unsqueeze(1), g:unsqueeze(b.ndim == 1 and 1 or -2) end
  if b.ndim == 1 then b, g = b:unsqueeze(2), g:unsqueeze(-1) end
  return g, a, b
end

local function matmul_grad_left(g, _, a, b)
  local g2 <const>, _, b2 <const> = as_matrices(g, a, b)
  local like <const> = a.ndim == 1 and a:unsqueeze(1) or a
  return ops.sum_to(ops.matmul(g2, transposed(b2)), like):reshape(a.shape)
end

local function matmul_grad_right(g, _, a, b)
  local g2, a2, b2 = as_matrices(g, a, b)
  if is_folded(a2, b2) then g2, a2 = fold_rows(g2), fold_rows(a2) end
  return ops.sum_to(ops.matmul(transposed(a2), g2), b2):reshape(b.shape)
end

op "matmul" {
  doc = "The matrix product of vectors, matrices or batches of matrices, whose leading "
    .. "dimensions broadcast.",
  args = "input: tensor, other: tensor",
  direct = "matmul {input[1], other[2]} (input, other, nil, 0, 1) if #input = 2, #other = 2, "
    .. "input[2] = other[1]",
  run = function(a, b)
    local shape, a2, b2 = matmul_plan("matmul", a, b)
    return product("matmul", shape, a2, b2)
  end,
  grad = { input = matmul_grad_left, other = matmul_grad_right },
  sample = { { { 3, 4 }, { 4, 5 } }, { { 4 }, { 4 } }, { { 3, 4 }, { 4 } }, { { 4 }, { 4, 3 } },
    { { 2, 3, 4 }, { 4, 5 } }, { { 2, 3, 4 }, { 4 } }, { { 4 }, { 2, 4, 3 } }, { { 2, 3, 4 },
      { 2, 4, 2 } },
    { { 2, 1, 3, 4 }, { 3, 4, 2 } }, { { 3, 4 }, { 2, 4, 2 } }, { { 2, 0 }, { 0, 3 } }, { { 0, 3 },
      { 3, 2 } } },
}

-- ---- the narrower names -------------------------------------------------------------------------

op "mm" {
  doc = "The product of two matrices.",
  args = "input: tensor, mat2: tensor",
  direct = "matmul {input[1], mat2[2]} (input, mat2, nil, 0, 1) if #input = 2, #mat2 = 2, "
    .. "input[2] = mat2[1]",
  run = function(a, b)
    local sa <const>, sb <const> = shape_of(a), shape_of(b)
    if #sa ~= 2 or #sb ~= 2 then
      expect_matrix("mm", 1, a)
      expect_matrix("mm", 2, b)
    end
    expect_inner("mm", 2, sa, sb, sa[2], sb[1])
    return product("mm", { sa[1], sb[2] }, a, b)
  end,
  grad = {
    input = function(g, _, _, b) return ops.mm(g, transposed(b)) end,
    mat2 = function(g, _, a) return ops.mm(transposed(a), g) end,
  },
  sample = { { { 3, 4 }, { 4, 5 } }, { { 1, 3 }, { 3, 1 } }, { { 2, 0 }, { 0, 3 } }, { { 40, 30 },
    { 30, 20 } } },
}

local function bmm_shape(name, first, a, b)
  expect_batch(name, first, a)
  expect_batch(name, first + 1, b)
  local sa <const>, sb <const> = shape_of(a), shape_of(b)
  if sa[1] ~= sb[1] then
    core.fail(name, first + 1, "%s and %s are batches of different sizes", rule.text(sa),
      rule.text(sb))
  end
  expect_inner(name, first + 1, sa, sb, sa[3], sb[2])
  return { sa[1], sa[2], sb[3] }
end

op "bmm" {
  doc = "The products of two batches of matrices, pair by pair.",
  args = "input: tensor, mat2: tensor",
  direct = "matmul {input[1], mat2[2]} (input, mat2, nil, 0, 1) if #input = 2, #mat2 = 2, "
    .. "input[2] = mat2[1]",
  run = function(a, b) return product("bmm", bmm_shape("bmm", 1, a, b), a, b) end,
  grad = {
    input = function(g, _, _, b) return ops.bmm(g, transposed(b)) end,
    mat2 = function(g, _, a) return ops.bmm(transposed(a), g) end,
  },
  sample = { { { 2, 3, 4 }, { 2, 4, 5 } }, { { 0, 3, 4 }, { 0, 4, 5 } } },
}

local function checked(name, expect_a, expect_b, doc, samples)
  op(name) {
    doc = doc,
    args = name == "mv" and "input: tensor, vec: tensor" or "input: tensor, other: tensor",
    ref = function(a, b)
      expect_a(name, 1, a)
      expect_b(name, 2, b)
      return ops.matmul(a, b)
    end,
    sample = samples,
  }
end
checked("mv", expect_matrix, expect_vector, "The product of a matrix and a vector.", { { { 3, 4 },
  { 4 } } })
checked("dot", expect_vector, expect_vector, "The sum of the products of two vectors' elements.",
  { { { 4 }, { 4 } } })

op "inner" {
  doc = "Dot products over the last dimension of both; a plain product where one is 0-d.",
  args = "input: tensor, other: tensor",
  ref = function(a, b)
    if a.ndim == 0 or b.ndim == 0 then return a * b end
    return ops.tensordot(a, b, { { -1 }, { -1 } })
  end,
  sample = { { { 4 }, { 4 } }, { { 2, 3, 4 }, { 5, 4 } }, { {}, { 3 } } },
}

for _, name in ipairs { "outer", "ger" } do
  op(name) {
    doc = "The outer product of two vectors: all products of an element of each.",
    args = "input: tensor, vec2: tensor",
    ref = function(a, b)
      expect_vector(name, 1, a)
      expect_vector(name, 2, b)
      return a:unsqueeze(2) * b
    end,
    sample = { { { 3 }, { 4 } } },
  }
end

op "kron" {
  doc = "The Kronecker product: every element of `input` times the whole of `other`.",
  args = "input: tensor, other: tensor",
  ref = function(a, b)
    local n <const> = math.max(a.ndim, b.ndim)
    local sa, sb, shape = {}, {}, {}
    for d = 1, n do
      local p, q = a.shape[d - n + a.ndim] or 1, b.shape[d - n + b.ndim] or 1
      sa[2 * d - 1], sa[2 * d], sb[2 * d - 1], sb[2 * d], shape[d] = p, 1, 1, q, p * q
    end
    return (a:reshape(sa) * b:reshape(sb)):reshape(shape)
  end,
  sample = { { { 2, 3 }, { 3, 2 } }, { { 2 }, { 3, 2 } }, { {}, { 3 } } },
}

-- ---- products added to something ----------------------------------------------------------------

local function scaled(g, factor) return factor == 1 and g or g * factor end

-- name(input, a, b, beta, alpha) = beta * input + alpha * a @ b; `check` does so with a and b and
-- gives the shape.
local function added_product(name, a_name, b_name, doc, check, samples)
  op(name) {
    doc = doc,
    args = ("input: tensor, %s: tensor, %s: tensor, beta: number = 1, alpha: number = 1")
      :format(a_name, b_name),
    run = function(input, a, b, beta, alpha)
      return product(name, check(a, b), a, b, input, beta, alpha)
    end,
    ref = function(input, a, b, beta, alpha)
      return beta == 0 and ops.matmul(a, b) * alpha or input * beta + ops.matmul(a, b) * alpha
    end,
    saves = a_name .. " " .. b_name,
    grad = {
      input = function(g, _, x, _, _, beta) return scaled(ops.sum_to(g, x), beta) end,
      [a_name] = function(g, _, _, a, b, _, alpha)
        return scaled(matmul_grad_left(g, nil, a, b), alpha)
      end,
      [b_name] = function(g, _, _, a, b, _, alpha)
        return scaled(matmul_grad_right(g, nil, a, b), alpha)
      end,
    },
    sample = samples,
  }
end

added_product("addmm", "mat1", "mat2", "beta * input + alpha * the product of two matrices; "
  .. "`input` broadcasts.",
  function(a, b)
    expect_matrix("addmm", 2, a)
    expect_matrix("addmm", 3, b)
    expect_inner("addmm", 3, a.shape, b.shape, a:size(2), b:size(1))
    return { a:size(1), b:size(2) }
  end,
  { { { 3, 5 }, { 3, 4 }, { 4, 5 } }, { { 5 }, { 3, 4 }, { 4, 5 }, 2, 0.5 }, { { 3, 1 }, { 3, 4 },
    { 4, 5 }, 0.5, 2 },
    { {}, { 3, 4 }, { 4, 5 } }, { { 3, 5 }, { 3, 0 }, { 0, 5 } } })

added_product("addmv", "mat", "vec", "beta * input + alpha * the product of a matrix and a vector.",
  function(a, b)
    expect_matrix("addmv", 2, a)
    expect_vector("addmv", 3, b)
    expect_inner("addmv", 3, a.shape, b.shape, a:size(2), b:size(1))
    return { a:size(1) }
  end,
  { { { 3 }, { 3, 4 }, { 4 } }, { { 1 }, { 3, 4 }, { 4 }, 0.5, 2 } })

added_product("baddbmm", "batch1", "batch2",
  "beta * input + alpha * the products of two batches of matrices; `input` broadcasts.",
  function(a, b) return bmm_shape("baddbmm", 2, a, b) end,
  { { { 2, 3, 5 }, { 2, 3, 4 }, { 2, 4, 5 } }, { { 3, 1 }, { 2, 3, 4 }, { 2, 4, 5 }, 0.5, 2 } })

op "addbmm" {
  doc = "beta * input + alpha * the sum of the products of two batches of matrices.",
  args = "input: tensor, batch1: tensor, batch2: tensor, beta: number = 1, alpha: number = 1",
  ref = function(input, a, b, beta, alpha)
    local shape <const> = bmm_shape("addbmm", 2, a, b)
    local wide = a:permute(2, 1, 3):reshape(shape[2], -1)
    return ops.addmm(input, wide, b:reshape(-1, shape[3]), beta, alpha)
  end,
  sample = { { { 3, 5 }, { 2, 3, 4 }, { 2, 4, 5 } }, { { 5 }, { 2, 3, 4 }, { 2, 4, 5 }, 0.5, 2 } },
}

op "addr" {
  doc = "beta * input + alpha * the outer product of two vectors.",
  args = "input: tensor, vec1: tensor, vec2: tensor, beta: number = 1, alpha: number = 1",
  ref = function(input, a, b, beta, alpha)
    local y = scaled(ops.outer(a, b), alpha)
    return beta == 0 and y or y + scaled(input, beta)
  end,
  sample = { { { 3, 4 }, { 3 }, { 4 } }, { { 4 }, { 3 }, { 4 }, 0.5, 2 } },
}
