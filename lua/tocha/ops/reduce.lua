-- Reductions to sums, means, products, extremes, spreads and norms, over any dimensions.
-- Those that choose elements by their place are in choose.lua, running ones in scan.lua.

local registry = require "tocha.op"
local op, S, ops = registry.op, registry.samples, registry.ops
local core = require "tocha.core"
local reduction = require "tocha.reduction"
local K <const> = core.kernel
local spread <const>, kept <const>, reduce <const> = reduction.spread, reduction.kept,
  reduction.reduce

local OVER <const> = "input: tensor, dim: dims?, keepdim: bool = false"
local FLOAT_OVER <const> = "input: float, dim: dims?, keepdim: bool = false"

-- Samples over no, one and several dimensions, adjacent and not.
local function over(first)
  local x = first or { 3, 4 }
  return { { x }, { x, 1 }, { x, -1, true }, { { 2, 3, 4 }, S.list { 1, 3 } },
    { { 2, 3, 4 }, S.list { 2, 3 }, true }, { {} } }
end
local WITH_EMPTY <const> = over()
WITH_EMPTY[#WITH_EMPTY + 1] = { { 0, 3 }, 1 }

-- The gradient in the dtype of x, where the reduction changed it.
local function as(g, x) return g.dtype == x.dtype and g or ops.to(g, x.dtype) end

-- x in the dtype asked for; a half as it is where its kernel gives the wanted float32 anyway.
local function converted(x, dtype)
  if dtype == nil or dtype == x.dtype then return x end
  if dtype == "float32" and reduction.wide(x.dtype) == dtype then return x end
  return ops.to(x, dtype)
end

-- ---- sums ---------------------------------------------------------------------------------------

local function whole(x) return registry.kind_of(x.dtype) ~= "float" end

op "sum" {
  doc = "Sum over `dim` (nil: all). Integers and bools give int64.",
  args = OVER .. ", dtype: dtype?",
  direct = "sum {} (input, 1, numel(input), 1) if dim = nil, keepdim = nil, dtype = nil",
  run = function(x, dims, keepdim, dtype)
    dtype = dtype or whole(x) and "int64" or x.dtype
    if x.dtype == "bool" and dtype == "int64" then
      return reduce(K.sum, x, dims, keepdim, dtype, K.count)
    end
    return reduce(K.sum, converted(x, dtype), dims, keepdim, dtype)
  end,
  saves = "",
  grad = { input = function(g, _, x, dims, keepdim) return as(spread(g, x, dims, keepdim), x) end },
  sample = WITH_EMPTY,
}

op "nansum" {
  doc = "Sum over `dim` (nil: all) in which NaN counts as 0.",
  args = OVER .. ", dtype: dtype?",
  run = function(x, dims, keepdim, dtype)
    if whole(x) then return ops.sum(x, dims, keepdim, dtype) end
    dtype = dtype or x.dtype
    return reduce(K.sum, converted(x, dtype), dims, keepdim, dtype, K.nansum)
  end,
  ref = function(x, dims, keepdim, dtype)
    return ops.sum(ops.where(ops.isnan(x), 0, x), dims, keepdim, dtype)
  end,
  saves = "input",
  grad = { input = function(g, _, x, dims, keepdim)
    return as(spread(g, x, dims, keepdim), x) * ops.logical_not(ops.isnan(x))
  end },
  sample = over(),
}

-- The gradient of every broadcast: `input` is summed over the dimensions that `like` has not.
local function broadcast_dims(x, like)
  local big <const>, small <const> = x.shape, like.shape
  local lead <const> = #big - #small
  local dims = {}
  for d = 1, #big do
    if d <= lead or small[d - lead] == 1 and big[d] ~= 1 then dims[#dims + 1] = d end
    if d > lead and small[d - lead] ~= big[d] and small[d - lead] ~= 1 then
      core.fail("sum_to", 2, "a %s tensor does not broadcast to %s", registry.rule.text(small),
        registry.rule.text(big))
    end
  end
  if lead < 0 then
    core.fail("sum_to", 2, "a %s tensor has fewer dimensions than %s", registry.rule.text(big),
      registry.rule.text(small))
  end
  return dims
end

op "sum_broadcast" {
  doc = "`input` summed to the shape of `like`, which is another one and broadcasts to it.",
  args = "input: tensor, like: tensor", method = false,
  run = function(x, like)
    local dims <const> = broadcast_dims(x, like)
    if #dims == 0 then return core.convert_to(x, x.dtype) end
    return reduction.staged(K.sum, x, reduction.runs(x, dims), like.shape, x.dtype)
  end,
  saves = "",
  grad = { input = function(g, _, x) return ops.expand(g, x.shape) end },
  sample = { { { 2, 3, 4 }, { 3, 1 } }, { { 3, 4 }, { 4 } }, { { 2, 3, 2, 2 }, { 1, 3, 1, 1 } } },
}

op "sum_to" {
  doc = "`input` summed over the dimensions along which `like` was broadcast to its shape.",
  args = "input: tensor, like: tensor",
  ref = function(x, like)
    if x:is_same_size(like) then return x end
    return ops.sum_broadcast(x, like)
  end,
  sample = { { { 2, 3, 4 }, { 3, 1 } }, { { 3, 4 }, { 4 } }, { { 3, 4 }, {} },
    { { 2, 3 }, { 2, 3 } } },
}

local function need_float(name, x, dtype)
  dtype = dtype or x.dtype
  if registry.kind_of(dtype) ~= "float" then
    core.fail(name, 1, "expected a floating tensor, got %s; convert it, or name a floating 'dtype'",
      dtype)
  end
  return dtype
end

op "mean" {
  doc = "Mean over `dim` (nil: all) of a floating tensor, or of any in a floating `dtype`.",
  args = OVER .. ", dtype: dtype?",
  run = function(x, dims, keepdim, dtype)
    dtype = need_float("mean", x, dtype)
    return reduce(K.mean, converted(x, dtype), dims, keepdim, dtype)
  end,
  ref = function(x, dims, keepdim, dtype)
    return ops.sum(x, dims, keepdim, dtype) / reduction.count(x, dims)
  end,
  saves = "",
  grad = { input = function(g, _, x, dims, keepdim)
    return as(spread(g / reduction.count(x, dims), x, dims, keepdim), x)
  end },
  sample = over(),
}

-- ---- products -----------------------------------------------------------------------------------

-- Products of all the others along dimension `dim`: those before times those after.
local function others(x, dim)
  local n <const> = x:size(dim)
  local one <const> = ops.ones_like(ops.narrow(x, dim, 1, 1))
  local before = ops.cumprod(ops.cat({ one, ops.narrow(x, dim, 1, n - 1) }, dim), dim)
  local flipped = ops.flip(ops.cat({ ops.narrow(x, dim, 2, n - 1), one }, dim), dim)
  return before * ops.flip(ops.cumprod(flipped, dim), dim)
end

local function others_over(x, dims)
  if x.ndim == 0 or dims == nil or #dims == 0 then
    return ops.reshape(others(ops.reshape(x, { -1 }), 1), x.shape)
  end
  if #dims == 1 then return others(x, dims[1]) end
  local order <const>, back <const> = reduction.order(x, dims), {}
  for place, d in ipairs(order) do back[d] = place end
  local moved <const> = ops.permute(x, order)
  local rows <const> = ops.reshape(moved, { -1, reduction.count(x, dims) })
  return ops.permute(ops.reshape(others(rows, 2), moved.shape), back)
end

-- Without a zero, y / x; with one the other factors have to be multiplied again.
local function prod_grad(g, y, x, dims, keepdim)
  local wide <const> = as(x, g)
  if ops.any(ops.eq(x, 0)):item() then
    return as(spread(g, x, dims, keepdim) * others_over(wide, dims), x)
  end
  return as(spread(g * y, x, dims, keepdim) / wide, x)
end

op "prod" {
  doc = "Product over `dim` (nil: all). Integers and bools give int64.",
  args = OVER .. ", dtype: dtype?",
  run = function(x, dims, keepdim, dtype)
    dtype = dtype or whole(x) and "int64" or x.dtype
    return reduce(K.prod, converted(x, dtype), dims, keepdim, dtype)
  end,
  saves = "y input",
  grad = { input = prod_grad },
  sample = { { { 3, 4 } }, { { 3, 4 }, 1 }, { { 2, 3, 2 }, S.list { 1, 3 }, true }, { {} },
    { S.value { { 1.5, 0.0, 2.0 }, { 0.0, 3.0, 0.0 }, { 1.0, 2.0, 3.0 } }, 2 },
    { S.value { { 1.5, 0.0 }, { 2.0, 3.0 } } } },
}

-- ---- extremes -----------------------------------------------------------------------------------

-- Equal extremes share the gradient evenly.
local function evenly(g, y, x, dims, keepdim)
  local mask <const> = ops.eq(x, kept(y, x, dims, keepdim))
  local share <const> = kept(g, x, dims, keepdim) / ops.sum(mask, dims, true)
  return as(share, x) * mask
end

for _, name in ipairs { "amax", "amin" } do
  op(name) {
    doc = (name == "amax" and "Largest" or "Smallest") .. " value over `dim` (nil: all). Equal "
      .. "ones share the gradient.",
    args = OVER,
    run = function(x, dims, keepdim)
      reduction.need_elements(name, x, dims)
      return reduce(K[name], x, dims, keepdim)
    end,
    saves = "y input",
    grad = { input = evenly },
    sample = over(),
  }
end

op "aminmax" {
  doc = "Smallest and largest value over `dim` (nil: all).",
  args = OVER,
  ref = function(x, dims, keepdim)
    return ops.amin(x, dims, keepdim), ops.amax(x, dims, keepdim)
  end,
  sample = over(),
}

-- ---- bools --------------------------------------------------------------------------------------

local function nonzero_mask(x) return x.dtype == "bool" and x or ops.ne(x, 0) end

for _, name in ipairs { "any", "all" } do
  op(name) {
    doc = (name == "any" and "Is one element" or "Is each element")
      .. " over `dim` (nil: all) other than 0? A bool tensor (uint8 for uint8).",
    args = OVER,
    run = function(x, dims, keepdim)
      local y = reduce(K[name], nonzero_mask(x), dims, keepdim, "bool")
      return x.dtype == "uint8" and ops.to(y, "uint8") or y
    end,
    grad = false,
    sample = { { S.mask { 3, 4 } }, { { 3, 4 }, 2, true }, { S.mask { 2, 3, 4 }, S.list { 1, 3 } },
      { S.mask { 0, 3 }, 1 } },
  }
end

op "count_nonzero" {
  doc = "How many elements over `dim` (nil: all) are not 0.",
  args = "input: tensor, dim: dims?",
  run = function(x, dims)
    return reduce(K.sum, nonzero_mask(x), dims, false, "int64", K.count)
  end,
  grad = false,
  sample = { { S.mask { 3, 4 } }, { S.mask { 2, 3, 4 }, S.list { 1, 3 } } },
}

-- ---- spread -------------------------------------------------------------------------------------

-- `unbiased` is the older way to give correction 1 or 0.
local function correction_of(unbiased, correction)
  if unbiased == nil then return correction end
  return unbiased and 1 or 0
end

local function run_var(x, dims, unbiased, keepdim, correction)
  local rows, outer, n, inner = reduction.gathered(x, dims)
  local shape <const> = reduction.shape(x, dims, keepdim)
  local var, mean = core.empty(shape, x.dtype, x), core.empty(shape, x.dtype, x)
  K.var(var, mean, rows, outer, n, inner, correction_of(unbiased, correction))
  return var
end

-- d var = 2 (x - mean) / (n - correction)
local function var_grad(g, x, dims, unbiased, keepdim, correction)
  local divisor <const> = reduction.count(x, dims) - correction_of(unbiased, correction)
  local slope <const> = kept(g, x, dims, keepdim) * (2 / math.max(divisor, 0))
  return slope * (x - ops.mean(x, dims, true))
end

local VAR_ARGS <const> = "input: float, dim: dims?, unbiased: bool?, keepdim: bool = false, "
  .. "correction: number = 1"
local VAR_SAMPLE <const> = { { { 3, 4 } }, { { 3, 4 }, 1 }, { { 3, 4 }, -1, nil, true, 0 },
  { { 2, 3, 4 }, S.list { 1, 3 } }, { { 2, 3, 4 }, S.list { 2, 3 }, false } }

op "var" {
  doc = "Variance over `dim` (nil: all): squared deviations over n - `correction`.",
  args = VAR_ARGS,
  run = run_var,
  ref = function(x, dims, unbiased, keepdim, correction)
    local d = x - ops.mean(x, dims, true)
    local divisor <const> = reduction.count(x, dims) - correction_of(unbiased, correction)
    return ops.sum(d * d, dims, keepdim) / math.max(divisor, 0)
  end,
  saves = "input",
  grad = { input = function(g, _, ...) return var_grad(g, ...) end },
  sample = VAR_SAMPLE,
}

op "std" {
  doc = "Standard deviation over `dim` (nil: all): the root of `var`. At 0 its gradient is 0.",
  args = VAR_ARGS,
  run = function(...) return ops.sqrt(run_var(...)) end,
  ref = function(...) return ops.sqrt(ops.var(...)) end,
  saves = "y input",
  grad = { input = function(g, y, ...)
    return var_grad(ops.where(ops.eq(y, 0), 0, g / (y * 2)), ...)
  end },
  sample = VAR_SAMPLE,
}

for _, name in ipairs { "var", "std" } do
  op(name .. "_mean") {
    doc = "Both `" .. name .. "` and `mean` over `dim` (nil: all).",
    args = VAR_ARGS,
    ref = function(x, dims, unbiased, keepdim, correction)
      return ops[name](x, dims, unbiased, keepdim, correction), ops.mean(x, dims, keepdim)
    end,
    sample = VAR_SAMPLE,
  }
end

-- ---- norms --------------------------------------------------------------------------------------

local function order_of(p)
  if p == nil or p == "fro" then return 2.0 end
  if p == "inf" then return math.huge end
  if type(p) == "number" then return p + 0.0 end
  core.fail("norm", 2, "expected a number, \"fro\" or \"inf\", got %s", tostring(p))
end

-- x |x|^(p - 2), where 0 stays 0 for every p.
local function power_slope(x, p)
  if p > 2 then return x * ops.pow(ops.abs(x), p - 2) end
  local slope <const> = ops.sign(x) * ops.pow(ops.abs(x), p - 1)
  return p < 1 and ops.where(ops.eq(x, 0), 0, slope) or slope
end

-- What a zero norm would divide by becomes 0.
local function unless_zero(y, value) return ops.where(ops.eq(y, 0), 0, value) end

local function norm_grad(g, y, x, p, dims, keepdim)
  p = order_of(p)
  g, y = kept(g, x, dims, keepdim), kept(y, x, dims, keepdim)
  if p == 0 then return ops.zeros_like(x) end
  if p == 1 then return g * ops.sign(x) end
  if p == 2 then return x * unless_zero(y, g / y) end
  if p == math.huge or p == -math.huge then
    local mask <const> = ops.eq(ops.abs(x), y)
    return as(g / ops.sum(mask, dims, true), x) * ops.sign(x) * mask
  end
  return power_slope(x, p) * unless_zero(y, g / ops.pow(y, p - 1))
end

op "norm" {
  doc = "(sum |x|^p)^(1/p) over `dim` (nil: all); p = 0 counts, inf takes the largest, \"fro\" is "
    .. "2.",
  args = "input: float, p: any = 2, dim: dims?, keepdim: bool = false, dtype: dtype?",
  run = function(x, p, dims, keepdim, dtype)
    p = order_of(p)
    if dtype and dtype ~= x.dtype then x = ops.to(x, dtype) end
    local rows, outer, n, inner = reduction.gathered(x, dims)
    if math.abs(p) == math.huge then reduction.need_elements("norm", x, dims) end
    local y = core.empty(reduction.shape(x, dims, keepdim), x.dtype, x)
    K.norm(y, rows, outer, n, inner, p)
    return y
  end,
  saves = "y input",
  grad = { input = function(g, y, x, p, dims, keepdim)
    return as(norm_grad(g, y, as(x, g), p, dims, keepdim), x)
  end },
  sample = { { { 3, 4 } }, { { 3, 4 }, 1 }, { { 3, 4 }, 3, 1 }, { { 3, 4 }, math.huge, -1, true },
    { { 2, 3, 4 }, 2, S.list { 1, 3 } }, { { 3, 4 }, 1.5, 2 }, { { 3, 4 }, 0, 2 },
      { { 3, 4 }, "fro" } },
}

op "logsumexp" {
  doc = "log(sum(exp(x))) over `dim`, without overflow.",
  args = FLOAT_OVER,
  run = function(x, dims, keepdim)
    local rows, outer, n, inner = reduction.gathered(x, dims)
    local y = core.empty(reduction.shape(x, dims, keepdim), x.dtype, x)
    K.logsumexp(y, rows, outer, n, inner)
    return y
  end,
  ref = function(x, dims, keepdim) return ops.log(ops.sum(ops.exp(x), dims, keepdim)) end,
  saves = "y input",
  grad = { input = function(g, y, x, dims, keepdim)
    return kept(g, x, dims, keepdim) * ops.exp(x - kept(y, x, dims, keepdim))
  end },
  sample = over(),
}
