-- Running sums, products and extremes along a dimension.

local registry = require "tocha.op"
local op, S, ops = registry.op, registry.samples, registry.ops
local core = require "tocha.core"
local reduction = require "tocha.reduction"
local K <const> = core.kernel

local ALONG <const> = { { { 3, 4 }, 1 }, { { 3, 4 }, -1 }, { { 2, 3, 4 }, 2 }, { {}, 1 },
  { { 0, 3 }, 1 } }

local function as(g, x) return g.dtype == x.dtype and g or ops.to(g, x.dtype) end

local function scan(kernel, x, dtype, dim, ...)
  local y = core.empty(x, dtype, x)
  local outer, n, inner = reduction.split(x, dim)
  kernel(y, x, outer, n, inner, ...)
  return y
end

-- x in the dtype asked for; integers and bools give int64.
local function wanted(x, dtype)
  dtype = dtype or registry.kind_of(x.dtype) == "float" and x.dtype or "int64"
  return x.dtype == dtype and x or ops.to(x, dtype), dtype
end

-- ---- sums ---------------------------------------------------------------------------------------

op "cumsum_reversed" {
  doc = "Sums of each element and all after it along `dim`.",
  args = "input: tensor, dim: dim", method = false,
  run = function(x, dim) return scan(K.cumsum, x, x.dtype, dim, true) end,
  ref = function(x, dim)
    return x.ndim == 0 and x * 1 or ops.flip(ops.cumsum(ops.flip(x, dim), dim), dim)
  end,
  saves = "",
  grad = { input = function(g, _, _, dim) return ops.cumsum(g, dim) end },
  sample = ALONG,
}

op "cumsum" {
  doc = "Sums of all elements up to each along `dim`. Integers and bools give int64.",
  args = "input: tensor, dim: dim, dtype: dtype?",
  run = function(x, dim, dtype)
    x, dtype = wanted(x, dtype)
    return scan(K.cumsum, x, dtype, dim, false)
  end,
  saves = "",
  grad = { input = function(g, _, x, dim) return as(ops.cumsum_reversed(g, dim), x) end },
  sample = ALONG,
}

-- ---- products -----------------------------------------------------------------------------------

-- The gradient at place k is the sum over i >= k of g[i] times the product of all x up to i but
-- x[k].
local function without_each(g, x, dim)
  local parts <const>, n <const> = {}, x:size(dim)
  for k = 1, n do
    local before = k > 1 and ops.prod(ops.narrow(x, dim, 1, k - 1), dim, true)
      or ops.ones_like(ops.narrow(x, dim, 1, 1))
    local ones <const> = ops.ones_like(before)
    local after = k < n and ops.cat({ ones, ops.narrow(x, dim, k + 1, n - k) }, dim) or ones
    local products <const> = before * ops.cumprod(after, dim)
    parts[k] = ops.sum(ops.narrow(g, dim, k, n - k + 1) * products, dim, true)
  end
  return ops.cat(parts, dim)
end

op "cumprod" {
  doc = "Products of all elements up to each along `dim`. Integers and bools give int64.",
  args = "input: tensor, dim: dim, dtype: dtype?",
  run = function(x, dim, dtype)
    x, dtype = wanted(x, dtype)
    return scan(K.cumprod, x, dtype, dim)
  end,
  saves = "y input",
  grad = { input = function(g, y, x, dim)
    if x.ndim == 0 then return as(g, x) end
    local wide <const> = as(x, g)
    if ops.any(ops.eq(x, 0)):item() then return as(without_each(g, wide, dim), x) end
    return as(ops.cumsum_reversed(g * y, dim) / wide, x)
  end },
  sample = { { { 3, 4 }, 1 }, { { 2, 3, 4 }, 2 }, { {}, 1 },
    { S.value { { 1.5, 0.0, 2.0 }, { 0.0, 3.0, 0.0 } }, 2 } },
}

-- ---- logarithms of sums -------------------------------------------------------------------------

op "logcumsumexp" {
  doc = "log(cumsum(exp(x))) along `dim`, without overflow.",
  args = "input: float, dim: dim",
  run = function(x, dim) return scan(K.logcumsumexp, x, x.dtype, dim) end,
  ref = function(x, dim) return ops.log(ops.cumsum(ops.exp(x), dim)) end,
  saves = "y input",
  grad = { input = function(g, y, x, dim) return ops.logcumsumexp_backward(g, x, y, dim) end },
  sample = ALONG,
}

op "logcumsumexp_backward" {
  doc = "The gradient of `logcumsumexp`: exp(x) times the sums of g / exp(y) from each place on.",
  args = "grad: float, input: float, output: float, dim: dim", method = false,
  run = function(g, x, y, dim)
    local gx = core.empty(x)
    local outer, n, inner = reduction.split(x, dim)
    K.logcumsumexp_backward(gx, g, x, y, outer, n, inner)
    return gx
  end,
  ref = function(g, x, y, dim)
    local top <const> = ops.amax(y:detach(), dim, true)
    return ops.exp(x - top) * ops.cumsum_reversed(g * ops.exp(top - y), dim)
  end,
  sample = { { { 3 }, { 3 }, { 3 }, 1 }, { { 2, 3 }, { 2, 3 }, { 2, 3 }, 1 } },
}

-- ---- extremes -----------------------------------------------------------------------------------

for _, name in ipairs { "cummax", "cummin" } do
  op(name) {
    doc = ("The %s value up to each place along `dim`, and its index (the last of equal ones).")
      :format(name == "cummax" and "largest" or "smallest"),
    args = "input: tensor, dim: dim",
    outputs = 2,
    run = function(x, dim)
      local y, index = core.empty(x), core.empty(x, "int64", x)
      local outer, n, inner = reduction.split(x, dim)
      K[name](y, index, x, outer, n, inner)
      return y, index
    end,
    saves = "y",
    grad = { input = function(g, y, x, dim)
      if x.ndim == 0 then return g end
      return ops.scatter_add(ops.zeros_like(x), dim, y[2], g)
    end },
    sample = ALONG,
  }
end

-- ---- differences --------------------------------------------------------------------------------

op "diff" {
  doc = "Differences of neighbours along `dim`, `n` times over.",
  args = "input: tensor, n: int = 1, dim: dim = -1",
  ref = function(x, n, dim)
    if x.ndim == 0 then core.fail("diff", 1, "a 0-d tensor has no neighbours") end
    for _ = 1, math.min(n, x:size(dim)) do
      local size <const> = math.max(x:size(dim) - 1, 0)
      local low <const>, high <const> = ops.narrow(x, dim, 1, size),
        ops.narrow(x, dim, x:size(dim) - size + 1, size)
      x = x.dtype == "bool" and ops.logical_xor(high, low) or high - low
    end
    return x
  end,
  sample = { { { 5 } }, { { 3, 4 }, 1, 1 }, { { 3, 4 }, 2 } },
}
