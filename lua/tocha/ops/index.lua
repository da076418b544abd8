-- Selection of slices and elements by index or mask. Indices count from 1; negative ones count from
-- the
-- end; 0 and what lies beyond is an error that names the index and the dimension.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local write = require "tocha.write"

local function resized(x, dim, n)
  local sizes <const> = { table.unpack(x.shape) }
  if #sizes > 0 then sizes[dim] = n end
  return sizes
end

local function check_vector(name, index)
  if index.ndim > 1 then
    core.fail(name, 3, "expected a vector of indices, got a %s tensor", rule.text(index.shape))
  end
end

-- ---- slices along a dimension -------------------------------------------------------------------

op "index_select" {
  doc = "The slices along `dim` that a vector of indices names.",
  args = "input: tensor, dim: dim, index: index", saves = "index",
  kernel = "index_select",
  shape = function(x, dim, index)
    check_vector("index_select", index)
    return resized(x, dim, index:numel())
  end,
  ref = function(x, dim, index)
    local parts <const> = {}
    for k, i in ipairs(ops.flatten(index):totable()) do parts[k] = ops.select(x, dim, i) end
    return ops.stack(parts, dim)
  end,
  grad = { input = function(g, _, x, dim, index)
    return ops.index_add(ops.zeros_like(x), dim, index, g)
  end },
  sample = {
    { { 4, 3 }, 1, S.ids(4, { 5 }) }, { { 2, 4, 3 }, 2, S.value { 4, -1, 1 } },
      { { 5 }, 1, S.ids(5, { 3 }) },
  },
}

-- An index and a source for it fit x.
local function check_source(name, x, dim, index, source)
  check_vector(name, index)
  local want <const> = resized(x, dim, index:numel())
  if rule.text(source.shape) ~= rule.text(want) then
    core.fail(name, 4, "expected the shape %s, got %s", rule.text(want), rule.text(source.shape))
  end
  if source.dtype ~= x.dtype then
    core.fail(name, 4, "expected the dtype of the input, %s, got %s", x.dtype, source.dtype)
  end
end

op "index_add" {
  doc = "`input` with `alpha` times the slices of `source` added to those that `index` names along "
    .. "`dim`.",
  args = "input: tensor, dim: dim, index: index, source: tensor, alpha: number = 1",
    saves = "index",
  run = function(x, dim, index, source, alpha)
    check_source("index_add", x, dim, index, source)
    local y <const> = write.target(x)
    core.kernel.index_add(y, dim, index, source, alpha)
    return y
  end,
  ref = function(x, dim, index, source, alpha)
    local y <const> = x:clone()
    for k, i in ipairs(index:totable()) do
      local slice = ops.select(y, dim, i)
      slice:copy_(slice + alpha * ops.select(source, dim, k))
    end
    return y
  end,
  grad = {
    input = function(g) return g end,
    source = function(g, _, _, dim, index, _, alpha)
      local picked <const> = ops.index_select(g, dim, index)
      return alpha == 1 and picked or picked * alpha
    end,
  },
  sample = {
    { { 4, 3 }, 1, S.ids(4, { 5 }), { 5, 3 } }, { { 2, 4 }, 2, S.value { 4, -1 }, { 2, 2 },
      { alpha = 2 } },
  },
}

op "index_copy" {
  doc = "`input` with the slices that `index` names along `dim` replaced by those of `source`; the "
    .. "last of equal indices wins.",
  args = "input: tensor, dim: dim, index: index, source: tensor", saves = "index",
  run = function(x, dim, index, source)
    check_source("index_copy", x, dim, index, source)
    local y <const> = write.target(x)
    core.kernel.index_copy(y, dim, index, source)
    return y
  end,
  ref = function(x, dim, index, source)
    local y <const> = x:clone()
    for k, i in ipairs(index:totable()) do ops.select(y, dim,
      i):copy_(ops.select(source, dim, k)) end
    return y
  end,
  grad = {
    input = function(g, _, _, dim, index) return ops.index_fill(g, dim, index, 0) end,
    source = function(g, _, _, dim, index) return ops.index_select(g, dim, index) end,
  },
  sample = { { { 4, 3 }, 1, S.value { 2, 4 }, { 2, 3 } },
    { { 2, 4 }, 2, S.value { -1, 1 }, { 2, 2 } } },
}

op "index_fill" {
  doc = "`input` with the slices that `index` names along `dim` filled with `value`, a number or a "
    .. "0-d tensor.",
  args = "input: tensor, dim: dim, index: index, value: operand",
  ref = function(x, dim, index, value)
    check_vector("index_fill", index)
    local sizes <const> = resized(x, dim, index:numel())
    local source
    if core.is_tensor(value) then
      source = ops.expand(ops.to(value, x.dtype), sizes)
    else
      source = ops.expand(ops.full({}, value, { dtype = x.dtype, device = x.device }), sizes)
    end
    return ops.index_copy(x, dim, index, source)
  end,
  sample = { { { 4, 3 }, 1, S.value { 2, 4 }, 1.5 }, { { 2, 4 }, 2, S.value { -1, 1 }, {} } },
}

write.methods("index_add", "index_copy", "index_fill")

-- ---- the flattened tensor -----------------------------------------------------------------------

op "take" {
  doc = "The elements of the flattened tensor that `index` names, in the shape of `index`.",
  args = "input: tensor, index: index",
  ref = function(x, index)
    return ops.index_select(x:reshape { -1 }, 1, index:reshape { -1 }):reshape(index.shape)
  end,
  sample = { { { 2, 3 }, S.ids(6, { 4 }) }, { { 2, 3 }, S.ids(6, { 2, 2 }) } },
}

op "put" {
  doc = "The elements of the flattened tensor that `index` names replaced by those of `source` "
    .. "(or, with `accumulate`, increased by them).",
  args = "input: tensor, index: index, source: tensor, accumulate: bool = false",
  ref = function(x, index, source, accumulate)
    local f <const> = accumulate and ops.index_add or ops.index_copy
    return f(x:reshape { -1 }, 1, index:reshape { -1 }, source:reshape { -1 }):reshape(x.shape)
  end,
  inplace = true,
  sample = { { { 2, 3 }, S.value { 1, 6 }, { 2 } }, { { 2, 3 }, S.value { 5, 5 }, { 2 }, true } },
}

-- ---- several dimensions at once -----------------------------------------------------------------

-- Masks become the indices of their true elements, each for as many dimensions as it has.
local function without_masks(name, x, indices)
  local list <const> = {}
  local d = 1
  for k = 1, #indices do
    local item <const> = indices[k]
    if item and not core.is_tensor(item) then
      core.fail(name, 2, "element %d: expected an index tensor or false, got %s", k, type(item))
    elseif item and item.dtype == "bool" then
      local places <const> = ops.nonzero(item)
      for c = 1, item.ndim do list[d + c - 1] = places:select(2, c) end
      d = d + item.ndim
    elseif item and registry.kind_of(item.dtype) ~= "int" then
      core.fail(name, 2, "element %d: expected integers or bools, got %s", k, item.dtype)
    else
      list[d] = item
      d = d + 1
    end
  end
  if d - 1 > x.ndim then
    core.fail(name, 2, "%d indices for a %s tensor", d - 1, rule.text(x.shape))
  end
  return list
end

local function common_shape(name, list, ndim)
  local shape = {}
  for d = 1, ndim do
    local both, a, b
    if list[d] then
      both, a, b = rule.broadcast_shapes(shape, list[d].shape)
      if not both then
        core.fail(name, 2, "index shapes %s and %s do not broadcast: sizes %d and %d",
          rule.text(shape),
          rule.text(list[d].shape), a, b)
      end
      shape = both
    end
  end
  return shape
end

-- The indices of several dimensions as indices of these dimensions flattened into one.
local function folded(x, list, dims, shape)
  local ids <const> = ops.ones(shape, { dtype = "int64", device = x.device })
  for _, d in ipairs(dims) do
    core.kernel.index_fold(ids, ops.expand(list[d]:detach(), shape), x:size(d), d - 1)
  end
  return ids:reshape { -1 }
end

-- How x is to be seen so that the indexed dimensions are one: `order` (a permutation, where they
-- are
-- not neighbours), sizes before and after, and the flat indices.
local function plan(name, x, indices)
  local list <const> = without_masks(name, x, indices)
  local dims <const>, others <const> = {}, {}
  for d = 1, x.ndim do table.insert(list[d] and dims or others, d) end
  if #dims == 0 then core.fail(name, 2, "expected at least one index tensor") end
  local p <const> = { shape = common_shape(name, list, x.ndim), first = dims[1] }
  if dims[#dims] - dims[1] + 1 > #dims then
    p.order, p.first = table.move(others, 1, #others, #dims + 1, { table.unpack(dims) }), 1
  end
  p.ids = folded(x, list, dims, p.shape)
  local sizes <const> = p.order and {} or x.shape
  if p.order then
    for k, d in ipairs(p.order) do sizes[k] = x:size(d) end
  end
  p.before = table.move(sizes, 1, p.first - 1, 1, {})
  p.after = table.move(sizes, p.first + #dims, #sizes, 1, {})
  p.full = sizes
  p.flat = { rule.product(p.before), rule.product(sizes, p.first, p.first + #dims - 1),
    rule.product(p.after) }
  local result <const> = table.move(p.shape, 1, #p.shape, p.first, { table.unpack(p.before) })
  p.result = table.move(p.after, 1, #p.after, #result + 1, result)
  return p
end

local function flattened(x, p)
  return ops.reshape(p.order and ops.permute(x, p.order) or x, p.flat)
end

local function restored(y, p)
  y = ops.reshape(y, p.full)
  if not p.order then return y end
  local back <const> = {}
  for k, d in ipairs(p.order) do back[d] = k end
  return ops.permute(y, back)
end

-- One index tensor and its dimension, where there is no other: the usual case has a short way.
local function only_index(x, indices)
  local item, dim
  for d = 1, math.min(#indices, x.ndim) do
    if indices[d] then
      if item then return nil end
      item, dim = indices[d], d
    end
  end
  if core.is_tensor(item) and registry.kind_of(item.dtype) == "int" then return item, dim end
end

local function along(x, dim, shape)
  local sizes <const> = table.move(shape, 1, #shape, dim, { table.unpack(x.shape, 1, dim - 1) })
  return table.move(x.shape, dim + 1, x.ndim, #sizes + 1, sizes)
end

op "index" {
  doc = "The elements at the places that index tensors (or masks) name together, one for each "
    .. "dimension, `false` for all of a dimension: what `t[{rows, columns}]` does. The tensors "
    .. "broadcast against each other; their shape stands where the first of them stood, or in "
    .. "front where others lie between.",
  args = "input: tensor, indices: any",
  ref = function(x, indices)
    local item, dim = only_index(x, indices)
    if item and item.ndim == 1 then return ops.index_select(x, dim, item) end
    if item then
      return ops.reshape(ops.index_select(x, dim, item:reshape { -1 }), along(x, dim, item.shape))
    end
    local p <const> = plan("index", x, indices)
    return ops.reshape(ops.index_select(flattened(x, p), 2, p.ids), p.result)
  end,
  sample = {
    { { 4, 3 }, S.tensors { S.ids(4, { 5 }) } },
    { { 4, 3, 2 }, S.tensors { S.ids(4, { 5 }), S.ids(3, { 2, 1 }) } },
    { { 4, 3, 2 }, S.tensors { S.ids(4, { 5 }), false, S.ids(2, { 5 }) } },
    { { 4, 3, 2 }, S.tensors { false, S.ids(3, { 2, 2 }) } },
  },
}

-- Values expanded to the shape of the places, and then in the shape that a source is to have.
local function spread_values(values, x, places, sizes)
  local both <const> = rule.broadcast_shapes(values.shape, places)
  if not both or rule.text(both) ~= rule.text(places) then
    core.fail("index_put", 3, "values of the shape %s do not broadcast to %s",
      rule.text(values.shape),
      rule.text(places))
  end
  return ops.reshape(ops.expand(ops.to(values, x.dtype), places), sizes)
end

-- What x is to be for index_copy, along which dimension, with which ids and source; and the plan.
local function put_arguments(name, x, indices, values)
  local item, dim = only_index(x, indices)
  if item then
    local source <const> = spread_values(values, x, along(x, dim, item.shape),
      along(x, dim, { item:numel() }))
    return x, dim, item:reshape { -1 }, source
  end
  local p <const> = plan(name, x, indices)
  local source <const> = spread_values(values, x, p.result, { p.flat[1], p.ids:numel(), p.flat[3] })
  return flattened(x, p), 2, p.ids, source, p
end

op "index_put" {
  doc = "`input` with the elements that `index` would give replaced by `values` (broadcast), or, "
    .. "with `accumulate`, increased by them. The last of equal places wins.",
  args = "input: tensor, indices: any, values: tensor, accumulate: bool = false",
  ref = function(x, indices, values, accumulate)
    local flat, dim, ids, source, p = put_arguments("index_put", x, indices, values)
    local f <const> = accumulate and ops.index_add or ops.index_copy
    local y <const> = f(flat, dim, ids, source)
    return p and restored(y, p) or y
  end,
  sample = {
    { { 4, 3 }, S.tensors { S.value { 1, 3 } }, { 3 } },
    { { 4, 3, 2 }, S.tensors { S.value { 1, 3 }, S.value { { 1 }, { 2 } } }, { 2, 2, 2 }, true },
    { { 4, 3, 2 }, S.tensors { S.value { 1, 4 }, false, S.value { 2, 1 } }, { 2, 3 } },
  },
}

-- In place, the target can be x or a view of it, unless it had to be copied to get its dimensions
-- in order.
function registry.methods.index_put_(x, indices, values, accumulate)
  if core.grad_enabled() and (x.requires_grad or values.requires_grad) or not x:is_contiguous() then
    return x:copy_(ops.index_put(x, indices, values, accumulate))
  end
  local flat, dim, ids, source, p = put_arguments("index_put_", x, indices, values)
  if p and p.order then return x:copy_(ops.index_put(x, indices, values, accumulate)) end
  registry.methods[accumulate and "index_add_" or "index_copy_"](flat, dim, ids, source)
  return x
end
