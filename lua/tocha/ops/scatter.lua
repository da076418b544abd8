-- gather and scatter: elements addressed by an index along one dimension, and by the place of the index
-- itself in the others. For a matrix and dim = 1: gather gives y[i][j] = x[index[i][j]][j].

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local write = require "tocha.write"

local function check_index(name, x, dim, index)
  if index.ndim ~= x.ndim then
    core.fail(name, 3, "expected as many dimensions as the input %s has, got %s", rule.text(x.shape),
      rule.text(index.shape))
  end
  if index:numel() == 0 then return end
  for d = 1, x.ndim do
    if d ~= dim and index:size(d) > x:size(d) then
      core.fail(name, 3, "%s is larger than the input %s in dimension %d", rule.text(index.shape),
        rule.text(x.shape), d)
    end
  end
end

op "gather" {
  doc = "The elements that `index` names along `dim`; the result has the shape of `index`.",
  args = "input: tensor, dim: dim, index: index", saves = "index",
  kernel = "gather",
  shape = function(x, dim, index)
    check_index("gather", x, dim, index)
    return index, x.dtype
  end,
  ref = function(x, dim, index)
    local inner <const> = {}
    for d = 1, x.ndim do
      local shape <const> = {}
      for e = 1, x.ndim do shape[e] = e == d and index:size(d) or 1 end
      inner[d] = d == dim and index or ops.arange(index:size(d)):reshape(shape)
    end
    return ops.index(x, inner)
  end,
  grad = { input = function(g, _, x, dim, index)
    return ops.scatter_add(ops.zeros_like(x), dim, index, g)
  end },
  sample = {
    { { 4, 3 }, 1, S.ids(4, { 5, 3 }) }, { { 2, 4 }, 2, S.ids(4, { 2, 1 }) },
    { { 3, 4, 2 }, 2, S.value { { { 1, -1 }, { 4, 4 } }, { { 2, 3 }, { 1, 1 } } } },
  },
}

-- The part of a source that an index of this shape uses.
local function fit_source(name, index, src)
  if src.ndim ~= index.ndim then
    core.fail(name, 4, "expected as many dimensions as the index %s has, got %s", rule.text(index.shape),
      rule.text(src.shape))
  end
  for d, n in ipairs(index.shape) do
    if src:size(d) < n then
      core.fail(name, 4, "%s is smaller than the index %s in dimension %d", rule.text(src.shape),
        rule.text(index.shape), d)
    end
    if src:size(d) > n then src = src:narrow(d, 1, n) end
  end
  return src
end

-- ---- assignment ---------------------------------------------------------------------------------

op "scatter_assign" {
  doc = "`scatter` of a source of the shape of the index.", method = false, func = false,
  args = "input: tensor, dim: dim, index: index, src: operand", saves = "index",
  run = function(x, dim, index, src)
    check_index("scatter", x, dim, index)
    local y <const> = write.target(x)
    if not core.is_tensor(src) then src = core.empty(index, x.dtype, x):fill_(src) end
    core.kernel.scatter(y, dim, index, ops.to(src, x.dtype))
    return y
  end,
  grad = {
    input = function(g, _, _, dim, index) return ops.scatter_assign(g, dim, index, 0) end,
    src = function(g, _, _, dim, index) return ops.gather(g, dim, index) end,
  },
  sample = { { { 3, 4 }, 2, S.value { { 1, 4 }, { 2, 3 } }, { 2, 2 } }, { { 3 }, 1, S.value { 3 }, 7 } },
}

local REDUCE <const> = { add = "sum", multiply = "prod" }

op "scatter" {
  doc = "`input` with the elements that `index` names along `dim` replaced by those of `src` (a tensor or a number); "
    .. "the last of equal places wins. `reduce`: \"add\" or \"multiply\" combine instead.",
  args = "input: tensor, dim: dim, index: index, src: operand, reduce: string?",
  ref = function(x, dim, index, src, reduce)
    if not reduce then
      if core.is_tensor(src) then src = fit_source("scatter", index, src) end
      return ops.scatter_assign(x, dim, index, src)
    end
    if not REDUCE[reduce] then core.fail("scatter", 5, "expected \"add\" or \"multiply\", got \"%s\"", reduce) end
    if not core.is_tensor(src) then
      src = ops.full(index.shape, src, { dtype = x.dtype, device = x.device })
    end
    return ops.scatter_reduce(x, dim, index, src, REDUCE[reduce])
  end,
  sample = {
    { { 4, 3 }, 1, S.value { { 4, 1, 2 }, { 1, 2, -1 } }, { 2, 3 } }, { { 2, 4 }, 2, S.value { { 1 }, { 3 } }, 2.5 },
    { { 2, 4 }, 2, S.value { { 1, 1 }, { 3, 2 } }, { 2, 2 }, "add" },
  },
}

-- ---- combination --------------------------------------------------------------------------------

local MODE <const> = { sum = 0, prod = 1, amax = 2, amin = 3 }

local function combine(x, dim, index, src, reduce, include_self)
  check_index("scatter_" .. reduce, x, dim, index)
  local y <const> = write.target(x)
  core.kernel.scatter_reduce(y, dim, index, ops.to(src, x.dtype), MODE[reduce], include_self)
  return y
end

-- Places that src was scattered to had no part of x in them.
local function without_self(g, dim, index, include_self)
  return include_self and g or ops.scatter_assign(g, dim, index, 0)
end

op "scatter_sum" {
  doc = "`scatter_reduce` by sums, of a source of the shape of the index.", method = false, func = false,
  args = "input: tensor, dim: dim, index: index, src: tensor, include_self: bool = true", saves = "index",
  run = function(x, dim, index, src, include_self) return combine(x, dim, index, src, "sum", include_self) end,
  grad = {
    input = function(g, _, _, dim, index, _, include_self) return without_self(g, dim, index, include_self) end,
    src = function(g, _, _, dim, index) return ops.gather(g, dim, index) end,
  },
  sample = { { { 3, 4 }, 2, S.ids(4, { 3, 5 }), { 3, 5 } }, { { 3 }, 1, S.ids(3, { 4 }), { 4 }, false } },
}

-- The extreme's gradient is shared evenly by the elements that are it.
local function extreme_shares(g, y, x, dim, index, src)
  local own <const> = ops.to(ops.eq(x, y), g.dtype)
  local theirs <const> = ops.to(ops.eq(src, ops.gather(y, dim, index)), g.dtype)
  return own, theirs, g / ops.clamp_min(ops.scatter_sum(own, dim, index, theirs), 1)
end

-- Products of all but one element, without dividing by zeros.
local function product_of_others(y, x, dim, index, src, include_self)
  local zero <const> = ops.eq(src, 0)
  local zeros <const> = ops.gather(ops.scatter_sum(ops.zeros_like(x), dim, index, ops.to(zero, x.dtype)), dim, index)
  local single <const> = ops.logical_and(zero, ops.eq(zeros, 1))
  local rest <const> = ops.scatter_combine(x, dim, index, ops.masked_fill(src, single, 1), "prod", include_self)
  return ops.where(single, ops.gather(rest, dim, index), ops.gather(y, dim, index) / ops.masked_fill(src, zero, 1))
end

local function combine_input_grad(g, y, x, dim, index, src, reduce, include_self)
  local mine
  if reduce == "prod" then
    local safe <const> = ops.masked_fill(x, ops.eq(x, 0), 1)
    mine = g * ops.scatter_combine(safe, dim, index, src, "prod", include_self) / safe
  else
    local own, _, share = extreme_shares(g, y, x, dim, index, src)
    mine = own * share
  end
  return without_self(mine, dim, index, include_self)
end

local function combine_src_grad(g, y, x, dim, index, src, reduce, include_self)
  if reduce == "prod" then
    return ops.gather(g, dim, index) * product_of_others(y, x, dim, index, src, include_self)
  end
  local _, theirs, share = extreme_shares(g, y, x, dim, index, src)
  return theirs * ops.gather(share, dim, index)
end

op "scatter_combine" {
  doc = "`scatter_reduce` by products or extremes, of a source of the shape of the index.",
  method = false, func = false, saves = "input index src y",
  args = "input: tensor, dim: dim, index: index, src: tensor, reduce: string, include_self: bool = true",
  run = combine,
  grad = { input = combine_input_grad, src = combine_src_grad },
  sample = {
    { { 3, 4 }, 2, S.ids(4, { 3, 5 }), { 3, 5 }, "prod" }, { { 3 }, 1, S.ids(3, { 4 }), { 4 }, "amax", false },
  },
}

-- How many values each place of the mean has.
local function counts(x, dim, index, include_self)
  local start <const> = include_self and ops.ones_like(x) or ops.zeros_like(x)
  local n <const> = ops.scatter_sum(start:detach(), dim, index, ops.ones(index.shape, { dtype = x.dtype, device = x.device }))
  return ops.clamp_min(n, 1)
end

op "scatter_reduce" {
  doc = "`input` with the elements of `src` combined into the places that `index` names along `dim`, by \"sum\", "
    .. "\"prod\", \"mean\", \"amax\" or \"amin\"; the values there before count unless `include_self` is false.",
  args = "input: tensor, dim: dim, index: index, src: tensor, reduce: string, include_self: bool = true",
  ref = function(x, dim, index, src, reduce, include_self)
    src = fit_source("scatter_reduce", index, src)
    if reduce == "sum" then return ops.scatter_sum(x, dim, index, src, include_self) end
    if reduce == "mean" then
      local sum <const> = ops.scatter_sum(x, dim, index, src, include_self)
      local n <const> = counts(x, dim, index, include_self)
      return registry.kind_of(x.dtype) == "float" and sum / n or ops.floor_divide(sum, n)
    end
    if not MODE[reduce] then
      core.fail("scatter_reduce", 5, "expected \"sum\", \"prod\", \"mean\", \"amax\" or \"amin\", got \"%s\"", reduce)
    end
    return ops.scatter_combine(x, dim, index, src, reduce, include_self)
  end,
  inplace = true,
  sample = {
    { { 4, 3 }, 1, S.ids(4, { 5, 3 }), { 5, 3 }, "sum" }, { { 2, 4 }, 2, S.ids(4, { 2, 6 }), { 2, 6 }, "mean", false },
    { { 2, 4 }, 2, S.ids(4, { 2, 6 }), { 2, 6 }, "prod" }, { { 4, 3 }, 1, S.ids(4, { 5, 3 }), { 5, 3 }, "amax" },
    { { 4, 3 }, 1, S.ids(4, { 5, 3 }), { 5, 3 }, "amin", false },
  },
}

op "scatter_add" {
  doc = "`input` with the elements of `src` added at the places that `index` names along `dim`.",
  args = "input: tensor, dim: dim, index: index, src: tensor",
  ref = function(x, dim, index, src)
    return ops.scatter_sum(x, dim, index, fit_source("scatter_add", index, src))
  end,
  sample = { { { 4, 3 }, 1, S.ids(4, { 5, 3 }), { 5, 3 } }, { { 2, 4 }, 2, S.ids(4, { 2, 2 }), { 2, 6 } } },
}

write.methods("scatter", "scatter_add")

-- ---- along a dimension, broadcast ---------------------------------------------------------------

op "take_along_dim" {
  doc = "`gather` with input and indices broadcast in the other dimensions; of the flattened tensor where no "
    .. "`dim` is given. Fits the results of argsort and argmax.",
  args = "input: tensor, indices: index, dim: dim?",
  ref = function(x, index, dim)
    if not dim then return ops.gather(x:reshape { -1 }, 1, index:reshape { -1 }) end
    if x.ndim ~= index.ndim then
      core.fail("take_along_dim", 2, "expected %d dimensions, got %s", x.ndim, rule.text(index.shape))
    end
    local wide <const>, rows <const> = {}, {}
    for d = 1, x.ndim do
      local n <const> = d ~= dim and (x:size(d) == 1 and index:size(d) or x:size(d))
      wide[d], rows[d] = n or x:size(d), n or index:size(d)
    end
    return ops.gather(ops.expand(x, wide), dim, ops.expand(index, rows))
  end,
  sample = { { { 4, 3 }, S.ids(4, { 2, 1 }), 1 }, { { 2, 3 }, S.ids(6, { 4 }) }, { { 1, 4 }, S.ids(4, { 3, 2 }), 2 } },
}
