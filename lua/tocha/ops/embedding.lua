-- Tables of rows looked up by id (from 1): embedding, and sums, means and maxima of bags of ids.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local lookup = require "tocha.lookup"

local function check_table(name, weight)
  if weight.ndim ~= 2 then
    core.fail(name, 2, "expected a matrix, got a %s tensor", rule.text(weight.shape))
  end
end

-- padding_idx as 1 .. rows, or nil.
local function padding(name, weight, id)
  if not id then return nil end
  local n <const> = weight:size(1)
  local at <const> = id < 0 and id + n + 1 or id
  if at < 1 or at > n then
    core.fail(name, nil, "padding_idx %d is out of range for %d rows", id, n)
  end
  return at
end

-- Rows longer than max_norm are shortened to it, in the table itself.
local function renormalise(weight, ids, max_norm, norm_type)
  local rows <const> = ops.unique(ids:reshape { -1 })
  local picked <const> = ops.index_select(weight:detach(), 1, rows)
  local norm <const> = ops.norm(picked, norm_type, 2, true)
  local scale <const> = ops.where(ops.gt(norm, max_norm), max_norm / (norm + 1e-7), 1)
  local was <const> = core.grad_enabled(false)
  weight:index_copy_(1, rows, picked * scale)
  core.grad_enabled(was)
end

-- One over how often each id occurs, for each id.
local function by_frequency(ids, rows, dtype)
  local flat <const> = ids:reshape { -1 }
  local ones <const> = ops.ones({ flat:numel() }, { dtype = dtype, device = ids.device })
  local n <const> = ops.index_add(ops.zeros({ rows }, { dtype = dtype, device = ids.device }), 1,
    flat, ones)
  return 1 / ops.index_select(n, 1, flat)
end

op "embedding_backward" {
  doc = "The rows of `grad` (row `rows[k]`, or k) times `scale[k]` added into `num` rows of zeros "
    .. "at `input[k]`, but for the row `padding_idx`.",
  args = "grad: float, input: index, num: int, padding_idx: int?, rows: index?, scale: float?",
  method = false,
  run = function(g, ids, num, pad, rows, scale)
    local y <const> = core.empty({ num, g:size(-1) }, g.dtype, g)
    core.kernel.embedding_backward(y, g:reshape { -1, g:size(-1) }, ids, rows, scale, pad or 0)
    return y
  end,
  ref = function(g, ids, num, pad, rows, scale)
    local x, flat = g:reshape { -1, g:size(-1) }, ids:reshape { -1 }
    if rows then x = ops.index_select(x, 1, rows) end
    if scale then x = x * scale:unsqueeze(2) end
    if pad then x = ops.masked_fill(x, ops.eq(flat, pad):unsqueeze(2), 0) end
    return ops.index_add(ops.zeros({ num, g:size(-1) }, { dtype = g.dtype, device = g.device }), 1,
      flat, x)
  end,
  sample = {
    { { 2, 3, 4 }, S.ids(5, { 2, 3 }), 5 }, { { 3, 4 }, S.ids(5, { 3 }), 5, 2 },
    { { 2, 4 }, S.ids(5, { 3 }), 5, nil, S.value { 1, 2, 2 }, { 3 } },
  },
}

op "embedding" {
  doc = "The rows of `weight` that the ids of `input` name. The row `padding_idx` gets no "
    .. "gradient; rows longer than `max_norm` are shortened in place first; `scale_grad_by_freq` "
    .. "divides by how often an id occurs.",
  args = "input: index, weight: float, padding_idx: int?, max_norm: number?, norm_type: number = "
    .. "2, scale_grad_by_freq: bool = false",
  method = false, saves = "input",
  run = function(ids, weight, pad, max_norm, norm_type, by_freq)
    check_table("embedding", weight)
    padding("embedding", weight, pad)
    if max_norm then renormalise(weight, ids, max_norm, norm_type) end
    local sizes <const> = ids.shape
    sizes[#sizes + 1] = weight:size(2)
    local y <const> = core.empty(sizes, weight.dtype, weight)
    core.kernel.index_select(y, weight, 1, ids)
    if not (pad or by_freq) then lookup.note(y, ids, weight) end  -- those change the gradient
    return y
  end,
  ref = function(ids, weight)
    local sizes <const> = { table.unpack(ids.shape) }
    sizes[#sizes + 1] = weight:size(2)
    return ops.index_select(weight, 1, ids:reshape { -1 }):reshape(sizes)
  end,
  grad = { weight = function(g, _, ids, weight, pad, _, _, by_freq)
    local n <const> = weight:size(1)
    return ops.embedding_backward(g, ids, n, padding("embedding", weight, pad), nil,
      by_freq and by_frequency(ids, n, g.dtype) or nil)
  end },
  sample = { { S.ids(5, { 2, 3 }), { 5, 4 } }, { S.ids(5, { 4 }), { 5, 2 } } },
}

-- ---- bags ---------------------------------------------------------------------------------------

-- The bag (from 1) of each of n ids.
local function bag_of(offsets, n)
  return ops.searchsorted(offsets, ops.arange(n, { device = offsets.device }), { right = true }) - 1
end

local function check_scale(name, place, ids, scale)
  if not scale or scale:is_same_size(ids) then return end
  core.fail(name, place, "expected a weight for each id, %s, got %s", rule.text(ids.shape),
    rule.text(scale.shape))
end

-- The scale of each id in the gradient of the table.
local function backward_scale(ids, weight, scale, by_freq)
  if not by_freq then return scale end
  local each <const> = by_frequency(ids, weight:size(1), weight.dtype)
  return scale and scale * each or each
end

op "embedding_bag_sum" {
  doc = "The sum of the rows of each bag, each times its scale.", method = false, func = false,
  args = "input: index, weight: float, offsets: index, scale: float?, padding_idx: int?, "
    .. "scale_grad_by_freq: bool = false",
  saves = "input weight offsets scale",
  run = function(ids, weight, offsets, scale, pad)
    check_scale("embedding_bag_sum", 4, ids, scale)
    local y <const> = core.empty({ offsets:numel(), weight:size(2) }, weight.dtype, weight)
    core.kernel.embedding_bag(y, weight, ids, offsets, scale, pad or 0)
    return y
  end,
  grad = {
    weight = function(g, _, ids, weight, offsets, scale, pad, by_freq)
      return ops.embedding_backward(g, ids, weight:size(1), pad, bag_of(offsets, ids:numel()),
        backward_scale(ids, weight, scale, by_freq))
    end,
    scale = function(g, _, ids, weight, offsets, _, pad)
      local rows <const> = ops.index_select(g, 1, bag_of(offsets, ids:numel()))
      local each <const> = (rows * ops.index_select(weight, 1, ids)):sum(2)
      return pad and ops.masked_fill(each, ops.eq(ids, pad), 0) or each
    end,
  },
  sample = { { S.ids(5, { 6 }), { 5, 3 }, S.value { 1, 3, 3 }, { 6 } },
    { S.ids(5, { 4 }), { 5, 3 }, S.value { 1, 2 } } },
}

op "embedding_bag_max" {
  doc = "The largest element of each column over a bag's rows, and the id it came from (0 for an "
    .. "empty bag).",
  method = false, func = false, outputs = 2, saves = "y",
  args = "input: index, weight: float, offsets: index, padding_idx: int?",
  run = function(ids, weight, offsets, pad)
    local sizes <const> = { offsets:numel(), weight:size(2) }
    local y <const>, which <const> = core.empty(sizes, weight.dtype, weight),
      core.empty(sizes, "int64", weight)
    core.kernel.embedding_bag_max(y, which, weight, ids, offsets, pad or 0)
    return y, which
  end,
  grad = { weight = function(g, y, _, weight)
    local none <const> = ops.eq(y[2], 0)
    return ops.scatter_add(ops.zeros_like(weight), 1, ops.masked_fill(y[2], none, 1),
      ops.masked_fill(g, none, 0))
  end },
  sample = { { S.ids(5, { 4 }), { 5, 3 }, S.value { 1, 3, 3 } } },
}

-- How many ids that count each bag has, at least 1, as a column.
local function bag_sizes(ids, offsets, pad, dtype)
  local counted <const> = pad and ops.to(ops.ne(ids, pad), dtype)
    or ops.ones({ ids:numel() }, { dtype = dtype, device = ids.device })
  local zeros <const> = ops.zeros({ offsets:numel() }, { dtype = dtype, device = ids.device })
  return ops.clamp_min(ops.index_add(zeros, 1, bag_of(offsets, ids:numel()), counted),
    1):unsqueeze(2)
end

-- Ids as a vector, and the place of each bag's first one.
local function bags(ids, offsets, include_last)
  if ids.ndim == 2 then
    if offsets then
      core.fail("embedding_bag", 3,
        "is not to be given with a matrix of ids: its rows are the bags")
    end
    local rows <const>, n <const> = ids:size(1), ids:size(2)
    return ids:reshape { -1 }, ops.arange(0, rows - 1, { device = ids.device }) * n + 1
  end
  if ids.ndim ~= 1 then
    core.fail("embedding_bag", 1, "expected a vector or a matrix of ids, got %s",
      rule.text(ids.shape))
  end
  if not offsets then
    core.fail("embedding_bag", 3, "is needed with a vector of ids: where each bag starts")
  end
  if not include_last then return ids, offsets end
  local n <const> = offsets:numel()
  if n == 0 or offsets[n]:item() ~= ids:numel() + 1 then
    core.fail("embedding_bag", 3, "the last offset is to be the end, %d, for %d ids",
      ids:numel() + 1, ids:numel())
  end
  return ids, offsets:narrow(1, 1, n - 1)
end

op "embedding_bag" {
  doc = "The sum, mean or maximum (`mode`) of the rows of `weight` that each bag of ids names: the "
    .. "rows of a matrix of ids, or parts of a vector that start at `offsets` (from 1; with "
    .. "`include_last_offset` the last one is the end). `per_sample_weights` scale the rows of "
    .. "sums; `padding_idx` does not count.",
  args = "input: index, weight: float, offsets: index?, max_norm: number?, norm_type: number = 2, "
    .. "scale_grad_by_freq: bool = false, mode: string = \"mean\", sparse: bool = false, "
    .. "per_sample_weights: float?, include_last_offset: bool = false, padding_idx: int?",
  method = false,
  ref = function(input, weight, given, max_norm, norm_type, by_freq, mode, sparse, scale,
    include_last, pad)
    check_table("embedding_bag", weight)
    if sparse then core.fail("embedding_bag", "sparse", "sparse gradients do not exist here") end
    if by_freq and mode == "max" then
      core.fail("embedding_bag", "scale_grad_by_freq", "does not go with mode \"max\"")
    end
    if scale and mode ~= "sum" then
      core.fail("embedding_bag", 9, "goes with mode \"sum\" only, not \"%s\"", mode)
    end
    check_scale("embedding_bag", 9, input, scale)
    local ids <const>, offsets <const> = bags(input, given, include_last)
    pad = padding("embedding_bag", weight, pad)
    if max_norm then renormalise(weight, ids, max_norm, norm_type) end
    if mode == "max" then return (ops.embedding_bag_max(ids, weight, offsets, pad)) end
    local sum <const> = ops.embedding_bag_sum(ids, weight, offsets, scale and scale:reshape { -1 },
      pad, by_freq)
    if mode == "sum" then return sum end
    if mode ~= "mean" then
      core.fail("embedding_bag", 7, "expected \"sum\", \"mean\" or \"max\", got \"%s\"", mode)
    end
    return sum / bag_sizes(ids, offsets, pad, weight.dtype)
  end,
  sample = {
    { S.ids(5, { 2, 3 }), { 5, 4 } }, { S.ids(5, { 6 }), { 5, 4 }, S.value { 1, 3, 4 },
      { mode = "max" } },
    { S.ids(5, { 6 }), { 5, 4 }, S.value { 1, 3, 3 }, { mode = "sum", padding_idx = 2 } },
  },
  nograd_sample = {  -- the gradient is not that of the function
    { S.value { 1, 3, 3, 2, 3 }, { 5, 2 }, S.value { 1, 3 }, { scale_grad_by_freq = true } },
  },
}
