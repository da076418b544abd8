-- Triangles and diagonals of matrices.

local registry = require "tocha.op"
local op, rule, ops = registry.op, registry.rule, registry.ops
local core = require "tocha.core"
local shape = require "tocha.shape"

for name, upper in pairs { tril = false, triu = true } do
  op(name) {
    doc = ("The %s triangle of each matrix: 0 %s diagonal number `diagonal` (0 the main one, above "
      .. "it positive).")
      :format(upper and "upper" or "lower", upper and "below" or "above"),
    args = "input: tensor, diagonal: int = 0", saves = "", inplace = true,
    run = function(x, diagonal)
      if x.ndim < 2 then
        core.fail(name, 1, "expected a matrix, got a %s tensor", rule.text(x.shape))
      end
      local y <const> = core.empty(x)
      core.kernel.tri(y, x, diagonal, upper)
      return y
    end,
    ref = function(x, diagonal)
      local there <const> = { device = x.device }
      local rows <const> = ops.arange(x:size(-2), there):unsqueeze(2)
      local above <const> = ops.arange(x:size(-1), there) - rows
      local keep <const> = upper and ops.ge(above, diagonal) or not upper
        and ops.le(above, diagonal)
      return ops.where(keep, x, ops.zeros_like(x))
    end,
    grad = { input = function(g, _, _, diagonal) return ops[name](g, diagonal) end },
    sample = { { { 3, 4 } }, { { 4, 3 }, -1 }, { { 2, 3, 3 }, 1 } },
  }
end

op "diag_embed" {
  doc = "The last dimension as the diagonal of matrices, whose dimensions are `dim1` and `dim2` of "
    .. "the result.",
  args = "input: tensor, offset: int = 0, dim1: int = -2, dim2: int = -1", saves = "",
  run = function(x, offset, dim1, dim2)
    if x.ndim == 0 then
      core.fail("diag_embed", 1, "expected at least one dimension, got a 0-d tensor")
    end
    local a <const>, b <const> = shape.new_dim("diag_embed", x.ndim, dim1),
      shape.new_dim("diag_embed", x.ndim, dim2)
    if a == b then core.fail("diag_embed", 4, "both dimensions are %d", a) end
    local sizes <const>, n = shape.sizes(x), x:size(-1) + math.abs(offset)
    sizes[#sizes] = nil
    table.insert(sizes, math.min(a, b), n)
    table.insert(sizes, math.max(a, b), n)
    local y <const> = ops.zeros(sizes, { dtype = x.dtype, device = x.device })
    y:diagonal(offset, a, b):copy_(x)
    return y
  end,
  grad = { input = function(g, _, x, offset, dim1, dim2)
    return g:diagonal(offset, shape.new_dim("diag_embed", x.ndim, dim1),
      shape.new_dim("diag_embed", x.ndim, dim2))
  end },
  sample = { { { 3 } }, { { 2, 3 }, 1 }, { { 2, 3 }, -1, 1, 3 } },
}

op "diag" {
  doc = "A vector as the diagonal of a matrix, or the diagonal of a matrix as a vector.",
  args = "input: tensor, diagonal: int = 0",
  ref = function(x, diagonal)
    if x.ndim == 1 then return ops.diag_embed(x, diagonal) end
    if x.ndim == 2 then return x:diagonal(diagonal):clone() end
    core.fail("diag", 1, "expected a vector or a matrix, got a %s tensor", rule.text(x.shape))
  end,
  sample = { { { 3 } }, { { 3, 4 }, 1 }, { { 2 }, -1 } },
}

op "diagflat" {
  doc = "All elements as the diagonal of a matrix.",
  args = "input: tensor, offset: int = 0",
  ref = function(x, offset) return ops.diag_embed(x:reshape { -1 }, offset) end,
  sample = { { { 3 } }, { { 2, 2 }, 1 } },
}
