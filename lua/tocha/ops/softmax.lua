-- softmax and its relatives, along one dimension.

local registry = require "tocha.op"
local op, ops = registry.op, registry.ops
local core = require "tocha.core"
local reduction = require "tocha.reduction"
local K <const> = core.kernel

local ALONG <const> = { { { 3, 4 } }, { { 2, 3, 4 }, 2 }, { { 2, 3 }, 1 }, { {}, 1 }, { { 0, 4 } } }

local DOC <const> = {
  softmax = "Exponentials along `dim` that sum to one.",
  log_softmax = "Logarithm of `softmax`, exact where that is nearly 0.",
}
local REF <const> = {
  softmax = function(x, dim) return ops.exp(x) / ops.sum(ops.exp(x), dim, true) end,
  log_softmax = function(x, dim) return x - ops.logsumexp(x, dim, true) end,
}
local GRAD_REF <const> = {
  softmax = function(g, y, dim) return y * (g - ops.sum(g * y, dim, true)) end,
  log_softmax = function(g, y, dim) return g - ops.exp(y) * ops.sum(g, dim, true) end,
}

for _, name in ipairs { "softmax", "log_softmax" } do
  local backward <const> = name .. "_backward"
  op(name) {
    doc = DOC[name],
    args = "input: float, dim: dim = -1, dtype: dtype?",
    run = function(x, dim, dtype)
      if dtype and dtype ~= x.dtype then x = ops.to(x, dtype) end
      local y = core.empty(x)
      local outer, n, inner = reduction.split(x, dim)
      K[name](y, x, outer, n, inner)
      return y
    end,
    ref = function(x, dim, dtype) return REF[name](dtype and ops.to(x, dtype) or x, dim) end,
    saves = "y",
    grad = { input = function(g, y, x, dim)
      local gx = ops[backward](g, y, dim)
      return gx.dtype == x.dtype and gx or ops.to(gx, x.dtype)
    end },
    sample = ALONG,
  }
  op(backward) {
    doc = ("The gradient of `%s`, from its result."):format(name),
    args = "grad: float, output: float, dim: dim", method = false,
    run = function(g, y, dim)
      local gx = core.empty(y)
      local outer, n, inner = reduction.split(y, dim)
      K[backward](gx, g, y, outer, n, inner)
      return gx
    end,
    ref = GRAD_REF[name],
    sample = { { { 3, 4 }, { 3, 4 }, 2 }, { { 2, 3, 4 }, { 2, 3, 4 }, 2 } },
  }
end

op "softmin" {
  doc = "`softmax` of the negative.",
  args = "input: float, dim: dim = -1, dtype: dtype?",
  ref = function(x, dim, dtype) return ops.softmax(-x, dim, dtype) end,
  sample = { { { 3, 4 } }, { { 2, 3, 4 }, 2 } },
}
