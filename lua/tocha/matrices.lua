-- What operations on batches of matrices share: checks, shapes, small words.

local registry = require "tocha.op"
local rule, ops = registry.rule, registry.ops
local core = require "tocha.core"

local matrices <const> = {}

function matrices.expect(name, at, x)
  if x.ndim < 2 then
    core.fail(name, at, "expected matrices (2 dimensions or more), got a %s tensor",
      rule.text(x.shape))
  end
end

function matrices.expect_square(name, at, x)
  matrices.expect(name, at, x)
  if x:size(-1) ~= x:size(-2) then
    core.fail(name, at, "expected square matrices, got a %s tensor", rule.text(x.shape))
  end
end

--- a: (..., m, n) and b with the same leading sizes; what b has at `dim` is what a has at `of`.
function matrices.expect_fitting(name, a, b, dim, of)
  matrices.expect(name, 1, a)
  matrices.expect(name, 2, b)
  local fits = a.ndim == b.ndim and a:size(of) == b:size(dim)
  for d = 1, a.ndim - 2 do fits = fits and a:size(d) == b:size(d) end
  if not fits then
    core.fail(name, 2, "%s and %s do not fit", rule.text(a.shape), rule.text(b.shape))
  end
end

--- The leading sizes of x, without the last `count`, followed by others.
function matrices.batch_and(x, count, ...)
  local shape <const> = { table.unpack(x.shape, 1, x.ndim - count) }
  for _, size in ipairs { ... } do shape[#shape + 1] = size end
  return shape
end

function matrices.transposed(x) return x:transpose(-2, -1) end
function matrices.column(x) return x:unsqueeze(-1) end
function matrices.eye_like(x) return ops.eye(x:size(-1), { dtype = x.dtype, device = x.device }) end

--- Are b's numbers vectors, one for each of the matrices a (m, n), of m elements?
function matrices.is_vector(a, b)
  return b.ndim == 1 or rule.text(b.shape) == rule.text(matrices.batch_and(a, 1))
end

--- Two tensors of matrices with their leading dimensions broadcast.
function matrices.broadcast(name, a, b)
  local batch, p, q = rule.broadcast_shapes(matrices.batch_and(a, 2), matrices.batch_and(b, 2))
  if not batch then
    core.fail(name, 2, "the batches of %s and %s do not broadcast: sizes %d and %d",
      rule.text(a.shape), rule.text(b.shape), p, q)
  end
  local function expanded(x)
    local shape <const> = { table.unpack(batch) }
    shape[#shape + 1], shape[#shape + 2] = x:size(-2), x:size(-1)
    return rule.text(shape) == rule.text(x.shape) and x or x:expand(shape)
  end
  return expanded(a), expanded(b)
end

return matrices
