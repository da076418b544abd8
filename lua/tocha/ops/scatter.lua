-- gather and scatter: elements addressed by an index along one dimension, and by the place of the
-- index
-- itself in the others. For a matrix and dim = 1: gather gives y[i][j] = x[index[i][j]][j].

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local write = require "tocha.write"

local function check_index(name, x, dim, index)
  if index.ndim ~= x.ndim then
    core.fail(name, 3, "expected as many dimensions as the input %s has, got %s",
      rule.text(x.shape),
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
      inner[d] = d == dim and index
        or ops.arange(index:size(d), { device = index.device }):reshape(shape)
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
    core.fail(name, 4, "expected as many dimensions as the index %s has, got %s",
      rule.text(index.shape),
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

-- The gradient of a source of which only this part was used.
local function grown(part, src)
  if part:is_same_size(src) then return part end
  local z <const> = ops.zeros(src.shape, { dtype = part.dtype, device = part.device })
  local place = z
  for d, n in ipairs(part.shape) do place = place:narrow(d, 1, n) end
  place:copy_(part)
  return z
end

-- ---- combination --------------------------------------------------------------------------------

local MODE <const> = { sum = 0, prod = 1, amax = 2, amin = 3 }

local function combine(name, x, dim, index, src, reduce, include_self)
  check_index(name, x, dim, index)
  local part <const>, y <const> = fit_source(name, index, src), write.target(x)
  core.kernel.scatter_reduce(y, dim, index, ops.to(part, x.dtype), MODE[reduce], include_self)
  return y
end

-- ---- scatter and scatter_add --------------------------------------------------------------------

local REDUCE <const> = { add = "sum", multiply = "prod" }

local function scatter_by(x, dim, index, src, reduce)
  if not REDUCE[reduce] then
    core.fail("scatter", 5, "expected \"add\" or \"multiply\", got \"%s\"", reduce)
  end
  return combine("scatter", x, dim, index, src, REDUCE[reduce], true)
end

op "scatter" {
  doc = "`input` with the elements that `index` names along `dim` replaced by those of `src` (a "
    .. "tensor or a number); the last of equal places wins. `reduce`: \"add\" or \"multiply\" "
    .. "combine instead.",
  args = "input: tensor, dim: dim, index: index, src: operand, reduce: string?", saves = "index",
  run = function(x, dim, index, src, reduce)
    if not core.is_tensor(src) then src = core.empty(index, x.dtype, x):fill_(src) end
    if reduce then return scatter_by(x, dim, index, src, reduce) end
    check_index("scatter", x, dim, index)
    local part <const>, y <const> = fit_source("scatter", index, src), write.target(x)
    core.kernel.scatter(y, dim, index, ops.to(part, x.dtype))
    return y
  end,
  grad = function(g, _, _, dim, index, src, reduce)
    if reduce == "multiply" then
      core.fail("scatter", 5, "products have no gradient here: use scatter_reduce with \"prod\"")
    end
    local from_src <const> = core.is_tensor(src) and grown(ops.gather(g, dim, index), src)
    return reduce and g or ops.scatter(g, dim, index, 0), nil, nil, from_src or nil
  end,
  sample = {
    { { 4, 3 }, 1, S.value { { 4, 1, 2 }, { 1, 2, -1 } }, { 2, 3 } },
      { { 2, 4 }, 2, S.value { { 1 }, { 3 } }, 2.5 },
    { { 2, 4 }, 2, S.value { { 1, 1 }, { 3, 2 } }, { 2, 2 }, "add" },
      { { 4 }, 1, S.value { 3, 1 }, { 3 } },
  },
}

op "scatter_add" {
  doc = "`input` with the elements of `src` added at the places that `index` names along `dim`.",
  args = "input: tensor, dim: dim, index: index, src: tensor", saves = "index",
  run = function(x, dim, index, src) return combine("scatter_add", x, dim, index, src, "sum",
    true) end,
  grad = {
    input = function(g) return g end,
    src = function(g, _, _, dim, index, src) return grown(ops.gather(g, dim, index), src) end,
  },
  sample = { { { 4, 3 }, 1, S.ids(4, { 5, 3 }), { 5, 3 } },
    { { 2, 4 }, 2, S.ids(4, { 2, 2 }), { 2, 6 } } },
}

-- ---- scatter_reduce -----------------------------------------------------------------------------

-- How many values each place of a mean has; 1 where there are none.
local function counts(x, dim, index, include_self)
  local start <const> = include_self and ops.ones_like(x) or ops.zeros_like(x)
  local ones <const> = ops.ones(index.shape, { dtype = x.dtype, device = index.device })
  return ops.clamp_min(ops.scatter_add(start, dim, index, ones), 1)
end

-- The gradient of an extreme is shared evenly by the elements that are it: x's part, src's part.
local function extreme_shares(g, y, x, dim, index, src)
  local own <const> = ops.to(ops.eq(x, y), g.dtype)
  local theirs <const> = ops.to(ops.eq(src, ops.gather(y, dim, index)), g.dtype)
  local share <const> = g / ops.clamp_min(ops.scatter_add(own, dim, index, theirs), 1)
  return own * share, theirs * ops.gather(share, dim, index)
end

-- Products of all but one element of src, without dividing by zeros.
local function product_of_others(y, x, dim, index, src, include_self)
  local zero <const> = ops.eq(src, 0)
  local zeros <const> = ops.gather(ops.scatter_add(ops.zeros_like(x), dim, index,
    ops.to(zero, x.dtype)), dim, index)
  local single <const> = ops.logical_and(zero, ops.eq(zeros, 1))
  local rest <const> = ops.scatter_reduce(x, dim, index, ops.masked_fill(src, single, 1), "prod",
    include_self)
  return ops.where(single, ops.gather(rest, dim, index),
    ops.gather(y, dim, index) / ops.masked_fill(src, zero, 1))
end

-- Each returns the gradients of x (as if it counted) and of the part of src that was used.
local REDUCE_GRAD <const> = {
  sum = function(g, _, _, dim, index) return g, ops.gather(g, dim, index) end,
  mean = function(g, _, x, dim, index, _, include_self)
    local each <const> = g / counts(x, dim, index, include_self)
    return each, ops.gather(each, dim, index)
  end,
  prod = function(g, y, x, dim, index, src, include_self)
    local safe <const> = ops.masked_fill(x, ops.eq(x, 0), 1)
    return g * ops.scatter_reduce(safe, dim, index, src, "prod", include_self) / safe,
      ops.gather(g, dim, index) * product_of_others(y, x, dim, index, src, include_self)
  end,
  amax = extreme_shares,
  amin = extreme_shares,
}

op "scatter_reduce" {
  doc = "`input` with the elements of `src` combined into the places that `index` names along "
    .. "`dim`, by \"sum\", \"prod\", \"mean\", \"amax\" or \"amin\"; the values there before count "
    .. "unless `include_self` is false.",
  args = "input: tensor, dim: dim, index: index, src: tensor, reduce: string, include_self: bool = "
    .. "true",
  saves = "input index src y",
  run = function(x, dim, index, src, reduce, include_self)
    if reduce == "mean" then
      local sum <const> = combine("scatter_reduce", x, dim, index, src, "sum", include_self)
      local n <const> = counts(sum, dim, index, include_self)
      return registry.kind_of(x.dtype) == "float" and sum / n or ops.floor_divide(sum, n)
    end
    if not MODE[reduce] then
      core.fail("scatter_reduce", 5, "expected \"sum\", \"prod\", \"mean\", \"amax\" or \"amin\", "
        .. "got \"%s\"", reduce)
    end
    return combine("scatter_reduce", x, dim, index, src, reduce, include_self)
  end,
  grad = function(g, y, x, dim, index, src, reduce, include_self)
    local part <const> = fit_source("scatter_reduce", index, src)
    local mine, theirs = REDUCE_GRAD[reduce](g, y, x, dim, index, part, include_self)
    if not include_self then mine = ops.scatter(mine, dim, index, 0) end
    return mine, nil, nil, grown(theirs, src)
  end,
  inplace = true,
  sample = {
    { { 4, 3 }, 1, S.ids(4, { 5, 3 }), { 5, 3 }, "sum" },
      { { 2, 4 }, 2, S.ids(4, { 2, 6 }), { 2, 6 }, "mean", false },
    { { 2, 4 }, 2, S.ids(4, { 2, 6 }), { 2, 7 }, "prod" },
      { { 4, 3 }, 1, S.ids(4, { 5, 3 }), { 5, 3 }, "amax" },
    { { 4, 3 }, 1, S.ids(4, { 5, 3 }), { 5, 3 }, "amin", false },
      { { 4 }, 1, S.ids(4, { 6 }), { 6 }, "sum", false },
  },
}

write.methods("scatter", "scatter_add")

-- ---- along a dimension, broadcast ---------------------------------------------------------------

op "take_along_dim" {
  doc = "`gather` with input and indices broadcast in the other dimensions; of the flattened "
    .. "tensor where no `dim` is given. Fits the results of argsort and argmax.",
  args = "input: tensor, indices: index, dim: dim?",
  ref = function(x, index, dim)
    if not dim then return ops.gather(x:reshape { -1 }, 1, index:reshape { -1 }) end
    if x.ndim ~= index.ndim then
      core.fail("take_along_dim", 2, "expected %d dimensions, got %s", x.ndim,
        rule.text(index.shape))
    end
    local wide <const>, rows <const> = {}, {}
    for d = 1, x.ndim do
      local n <const> = d ~= dim and (x:size(d) == 1 and index:size(d) or x:size(d))
      wide[d], rows[d] = n or x:size(d), n or index:size(d)
    end
    return ops.gather(ops.expand(x, wide), dim, ops.expand(index, rows))
  end,
  sample = { { { 4, 3 }, S.ids(4, { 2, 1 }), 1 }, { { 2, 3 }, S.ids(6, { 4 }) },
    { { 1, 4 }, S.ids(4, { 3, 2 }), 2 } },
}
