-- Elements by their places: Gather, Scatter and their relatives, TopK, Unique, NonZero, OneHot.

local ops = require "tocha.op".ops
local rule = require "tocha.rule"
local op = require "tocha.onnx.registry".op
local types = require "tocha.onnx.types"
local integer = require "tocha.onnx.integer"

local product <const> = rule.product

-- Places from 1 of indices from 0, or from the end where they are negative.
local function places(indices, size)
  local at <const> = indices:to "int64"
  return ops.where(at:lt(0), at + size, at) + 1
end

-- ---- gathering ----------------------------------------------------------------------------------

op "Gather" {
  since = 1, inputs = "data, indices", attributes = { axis = 0 },
  doc = "Slices along `axis` at `indices`, whose dimensions stand in the place of `axis`",
  run = function(a, x, indices)
    local dim <const>, shape <const> = op.axis(a.axis, x.ndim), {}
    for d = 1, dim - 1 do shape[d] = x:size(d) end
    for _, size in ipairs(indices.shape) do shape[#shape + 1] = size end
    for d = dim + 1, x.ndim do shape[#shape + 1] = x:size(d) end
    local at <const> = places(indices, x:size(dim)):reshape { -1 }
    return x:index_select(dim, at):reshape(shape)
  end,
}

op "GatherElements" {
  since = 11, inputs = "data, indices", attributes = { axis = 0 },
  doc = "Element by element along `axis`",
  run = function(a, x, indices)
    local dim <const> = op.axis(a.axis, x.ndim)
    return x:gather(dim, places(indices, x:size(dim)))
  end,
}

-- Rows of k coordinates from dimension `first` on, as places in their product; `indices` is (n, k).
local function flat_places(indices, shape, first)
  local k <const> = indices:size(-1)
  local place, stride = ops.zeros({ indices:size(1) },
    { dtype = "int64", device = indices.device }), 1
  for j = k, 1, -1 do
    local size <const> = shape[first + j - 1]
    place = place + (places(indices:select(2, j), size) - 1) * stride
    stride = stride * size
  end
  return place + 1, stride
end

-- sizes: shape[first..last], then those of `more`
local function sizes_of(shape, first, last, more, from)
  local sizes <const> = table.move(shape, first, last, 1, {})
  return table.move(more, from, #more, #sizes + 1, sizes)
end

op "GatherND" {
  since = 11, inputs = "data, indices", attributes = { batch_dims = 0 },
  doc = "Slices at the coordinates in the rows of `indices`",
  run = function(a, x, indices)
    local shape <const>, size <const>, b <const> = x.shape, indices.shape, a.batch_dims
    local k <const>, batch <const> = size[#size], product(shape, 1, a.batch_dims)
    local rows <const> = indices:reshape { -1, k }
    local at, count = flat_places(rows, shape, b + 1)
    local each <const> = rows:size(1) // math.max(batch, 1)
    local start <const> = ops.arange(0, batch - 1):to(at.device):repeat_interleave(each) * count
    local flat <const> = x:reshape { batch * count, product(shape, b + k + 1) }
    return flat:index_select(1, at + start)
      :reshape(sizes_of(size, 1, #size - 1, shape, b + k + 1))
  end,
}

-- ---- scattering ---------------------------------------------------------------------------------

local REDUCE <const> = { add = "sum", mul = "prod", max = "amax", min = "amin" }

local function scatter(a, x, dim, at, updates)
  if (a.reduction or "none") == "none" then return x:scatter(dim, at, updates) end
  local reduce <const> = REDUCE[a.reduction] or op.fail("unknown reduction '%s'", a.reduction)
  return x:scatter_reduce(dim, at, updates, reduce, { include_self = true })
end

local function scatter_elements(a, x, indices, updates)
  local dim <const> = op.axis(a.axis, x.ndim)
  return scatter(a, x, dim, places(indices, x:size(dim)), updates)
end

op "ScatterElements" {
  since = 11, inputs = "data, indices, updates", attributes = { axis = 0, reduction = "none" },
  doc = "`updates` put at, or combined with, the elements at `indices` along `axis`",
  run = scatter_elements,
}

op "Scatter" {
  since = 9, inputs = "data, indices, updates", attributes = { axis = 0 },
  doc = "The older name of ScatterElements", run = scatter_elements,
}

op "ScatterND" {
  since = 11, inputs = "data, indices, updates", attributes = { reduction = "none" },
  doc = "`updates` put at, or combined with, the slices at the rows of `indices`",
  run = function(a, x, indices, updates)
    local shape <const>, k <const> = x.shape, indices:size(-1)
    local at <const>, count <const> = flat_places(indices:reshape { -1, k }, shape, 1)
    local rest <const> = product(shape, k + 1)
    local rows <const> = updates:reshape { at:size(1), rest }
    local index <const> = at:reshape { -1, 1 }:expand { at:size(1), rest }
    return scatter(a, x:reshape { count, rest }, 1, index, rows):reshape(shape)
  end,
}

-- ---- choices ------------------------------------------------------------------------------------

op "NonZero" {
  since = 9, inputs = "X", types = "none",
  doc = "Coordinates of the elements that are not 0, a row for each dimension",
  run = function(_, x)
    if x.ndim == 0 then x = x:reshape { 1 } end
    return (x:nonzero() - 1):transpose(1, 2)
  end,
}

op "Compress" {
  since = 9, inputs = "input, condition", attributes = { axis = op.int },
  doc = "Slices along `axis` (elements, without one) where the condition holds",
  run = function(a, x, condition)
    local rows <const> = a.axis and x or x:reshape { -1 }
    local at <const> = condition:reshape { -1 }:nonzero():reshape { -1 }
    return rows:index_select(op.axis(a.axis or 0, rows.ndim), at)
  end,
}

op "OneHot" {
  since = 9, inputs = "indices, depth: cpu, values", attributes = { axis = -1 }, types = "own",
  fold = false, doc = "`values[1]` at the place along a new `axis`, `values[0]` elsewhere",
  run = function(a, indices, depth, values)
    local n <const> = op.list(depth)[1] // 1 | 0
    local dim <const> = op.axis(a.axis, indices.ndim + 1)
    local shape <const> = {}
    for d = 1, indices.ndim + 1 do shape[d] = d == dim and n or 1 end
    local index <const> = indices:to "int64":unsqueeze(dim)
    local at <const> = ops.where(index:lt(0), index + n, index)
    local classes <const> = ops.arange(0, n - 1):to(indices.device):reshape(shape)
    return types.mark(ops.where(at:eq(classes), values:select(1, 2), values:select(1, 1)),
      types.of(values))
  end,
}

-- Equal values in the order of their places: sorts are stable.
op "TopK" {
  since = 1, inputs = "X, K?: cpu",
  doc = "The K largest or smallest along `axis`, and their places",
  attributes = { axis = -1, largest = 1, sorted = 1, k = op.int },
  run = function(a, x, count)
    local dim <const>, k <const> = op.axis(a.axis, x.ndim), count and op.list(count)[1] or a.k
    if not k or k < 0 or k > x:size(dim) then
      op.fail("the %s largest of %d", k or "?", x:size(dim))
    end
    local is_64 <const> = types.of(x).name == "uint64"
    local ordered <const> = is_64 and integer.ordered(x) or x
    local order <const> = ordered:argsort(dim, a.largest ~= 0, true):narrow(dim, 1, k)
    return x:gather(dim, order), order - 1
  end,
}

-- ---- unique -------------------------------------------------------------------------------------

-- Where each of n values first occurs, of the value's number at each place.
local function first_places(inverse, n)
  local count <const> = inverse:numel()
  local first <const> = ops.full({ n }, count + 1, { dtype = "int64", device = inverse.device })
  local places_ <const> = ops.arange(1, count):to(inverse.device)
  return first:scatter_reduce(1, inverse:reshape { -1 }, places_, "amin", { include_self = true })
end

op "Unique" {
  since = 11, inputs = "X", attributes = { axis = op.int, sorted = 1 },
  doc = "Values (slices along `axis`) that differ, where each first occurs, which one stands at "
    .. "each place, how often each occurs",
  run = function(a, x)
    local dim <const> = a.axis and op.axis(a.axis, x.ndim) or 1
    local rows <const> = a.axis and x or x:reshape { -1 }
    local values, inverse, counts = rows:unique { sorted = true, return_inverse = true,
      return_counts = true, dim = a.axis and dim or nil }
    local n <const> = values:size(dim)
    local first = first_places(inverse, n)
    if a.sorted == 0 then
      local order <const> = first:argsort()
      local rank <const> = order:argsort()
      values, first = values:index_select(dim, order), first:index_select(1, order)
      counts = counts:index_select(1, order)
      inverse = rank:index_select(1, inverse:reshape { -1 })
    end
    return values, first - 1, inverse:reshape { -1 } - 1, counts
  end,
}

-- ---- sequences in a batch -----------------------------------------------------------------------

op "ReverseSequence" {
  since = 10, inputs = "input, sequence_lens", attributes = { batch_axis = 1, time_axis = 0 },
  doc = "The first `sequence_lens` steps of each sequence turned round",
  run = function(a, x, lengths)
    local time <const>, batch <const> = op.axis(a.time_axis, x.ndim), op.axis(a.batch_axis, x.ndim)
    local steps <const>, rows <const> = {}, {}
    for d = 1, x.ndim do steps[d], rows[d] = 1, 1 end
    steps[time], rows[batch] = x:size(time), x:size(batch)
    local step <const> = ops.arange(0, x:size(time) - 1):to(x.device):reshape(steps)
    local length <const> = lengths:to "int64":reshape(rows)
    local at <const> = ops.where(step:lt(length), length - 1 - step, step)
    return x:gather(time, (at + 1):expand(x.shape))
  end,
}
