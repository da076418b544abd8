-- Masks, the places of what is not zero, and one_hot.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local write = require "tocha.write"

local function count_true(mask)
  local count <const> = core.empty({}, "int64", mask)
  core.kernel.count(count, mask, 1, mask:numel(), 1)
  return count:item()
end

op "nonzero" {
  doc = "The places of the elements that are not 0, a row of indices each (N x dimensions, int64); "
    .. "with `as_tuple`, a list of the columns.",
  args = "input: tensor, as_tuple: bool = false", grad = false,
  run = function(x, as_tuple)
    local mask <const> = x.dtype == "bool" and x or ops.ne(x, 0)
    local y <const> = core.empty({ count_true(mask), x.ndim }, "int64", x)
    core.kernel.nonzero(y, mask)
    return as_tuple and ops.unbind(y, 2) or y
  end,
  sample = { { S.mask { 3, 4 } }, { S.value { 0.0, 2.0, -1.0 } }, { S.mask { 2, 0 } } },
}

op "argwhere" {
  doc = "The places of the elements that are not 0, a row of indices each.",
  args = "input: tensor",
  ref = function(x) return ops.nonzero(x) end,
  sample = { { S.mask { 3, 4 } } },
}

local function spread(name, x, mask)
  local shape, a, b = rule.broadcast_shapes(x.shape, mask.shape)
  if not shape then
    core.fail(name, 2, "a mask of the shape %s does not broadcast against %s: sizes %d and %d",
      rule.text(mask.shape), rule.text(x.shape), a, b)
  end
  return ops.expand(x, shape), ops.expand(mask, shape)
end

op "masked_select" {
  doc = "The elements where the mask (broadcast) is true, as a vector.",
  args = "input: tensor, mask: mask", saves = "mask",
  run = function(x, mask)
    x, mask = spread("masked_select", x, mask)
    local y <const> = core.empty({ count_true(mask) }, x.dtype, x)
    core.kernel.masked_select(y, x, mask)
    return y
  end,
  ref = function(x, mask)
    x, mask = spread("masked_select", x, mask)
    return ops.take(x, ops.nonzero(mask:reshape { -1 }):select(2, 1))
  end,
  grad = { input = function(g, _, x, mask)
    local shape <const> = rule.broadcast_shapes(x.shape, mask.shape)
    local zeros <const> = ops.zeros(shape, { dtype = g.dtype, device = g.device })
    return ops.sum_to(ops.masked_scatter(zeros, ops.expand(mask, shape), g), x)
  end },
  sample = { { { 3, 4 }, S.mask { 3, 4 } }, { { 3, 4 }, S.mask { 4 } },
    { { 4 }, S.mask { 3, 1 } } },
}

-- The gradient of a source of which the first elements were used.
local function with_rest(picked, source)
  local rest <const> = source:numel() - picked:numel()
  if rest > 0 then picked = ops.cat { picked, ops.zeros({ rest },
    { dtype = picked.dtype, device = picked.device }) } end
  return picked:reshape(source.shape)
end

op "masked_scatter" {
  doc = "`input` with the elements where the mask (broadcast) is true replaced by those of "
    .. "`source`, in order.",
  args = "input: tensor, mask: mask, source: tensor", saves = "mask",
  run = function(x, mask, source)
    local wide, full = spread("masked_scatter", x, mask)
    local y <const> = wide:is_same_size(x) and write.target(x) or core.convert_to(wide, x.dtype)
    core.kernel.masked_scatter(y, full, ops.to(source, x.dtype))
    return y
  end,
  ref = function(x, mask, source)
    local _, full = spread("masked_scatter", x, mask)
    return ops.put(x, ops.nonzero(full:reshape { -1 }):select(2, 1),
      source:reshape { -1 }:narrow(1, 1, count_true(full)))
  end,
  grad = {
    input = function(g, _, x, mask) return ops.sum_to(ops.masked_fill(g, mask, 0), x) end,
    source = function(g, _, _, mask, source)
      return with_rest(ops.masked_select(g, mask), source)
    end,
  },
  sample = { { { 3, 4 }, S.mask { 3, 4 }, { 12 } }, { { 3, 4 }, S.mask { 4 }, { 4, 3 } } },
}

write.methods "masked_scatter"

op "one_hot" {
  doc = "A new last dimension with 1 at the place each id (from 1) names and 0 elsewhere; "
    .. "`num_classes` places, as many as the largest id where it is not given.",
  args = "input: index, num_classes: int = -1", grad = false,
  run = function(x, classes)
    if classes < 0 then
      if x:numel() == 0 then core.fail("one_hot", 2, "is needed for a tensor without elements") end
      classes = ops.amax(x):item()
    end
    local sizes <const> = { table.unpack(x.shape) }
    sizes[#sizes + 1] = classes
    local y <const> = ops.zeros(sizes, { dtype = "int64", device = x.device })
    local ids <const> = x:unsqueeze(-1)
    core.kernel.scatter(y, y.ndim, ids, ops.ones(ids.shape, { dtype = "int64", device = x.device }))
    return y
  end,
  sample = { { S.ids(4, { 3 }), 4 }, { S.ids(3, { 2, 2 }) } },
}
