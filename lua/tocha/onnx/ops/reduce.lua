-- Over dimensions: sums, norms, extremes, where these stand, running sums, softmax.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local op = require "tocha.onnx.registry".op
local integer = require "tocha.onnx.integer"

-- ---- reductions ---------------------------------------------------------------------------------

-- Dimensions to reduce, or nil for none at all.
local function dims_of(a, x, axes)
  axes = axes and op.list(axes) or a.axes
  if axes and #axes > 0 then return op.axes(axes, x.ndim) end
  if a.noop_with_empty_axes ~= 0 then return nil end
  local dims <const> = {}
  for d = 1, x.ndim do dims[d] = d end
  return dims
end

local function flat_over(x, dims)
  local reduced <const>, order <const>, kept <const>, count = {}, {}, {}, 1
  for _, d in ipairs(dims) do reduced[d] = true end
  for d = 1, x.ndim do
    if not reduced[d] then order[#order + 1], kept[#kept + 1] = d, x:size(d) end
  end
  for d = 1, x.ndim do
    if reduced[d] then order[#order + 1], count = d, count * x:size(d) end
  end
  kept[#kept + 1] = count
  return x:permute(order):reshape(kept), reduced
end

local function with_ones(y, x, reduced)
  local shape <const> = x.shape
  for d = 1, #shape do
    if reduced[d] then shape[d] = 1 end
  end
  return y:reshape(shape)
end

-- f(x as (..., n)) reduces the last dimension.
local function reduce(a, x, axes, f, single)
  local dims <const> = dims_of(a, x, axes)
  if not dims then return single(x) end
  if x.ndim == 0 then return f(x:reshape { 1 }) end
  local rows <const>, reduced <const> = flat_over(x, dims)
  local y <const> = f(rows)
  return a.keepdims ~= 0 and with_ones(y, x, reduced) or y
end

local LOWEST <const> = { uint8 = 0, bool = 0, int8 = -128, int16 = -32768, int32 = -(1 << 31),
  int64 = math.mininteger }
local HIGHEST <const> = { uint8 = 255, bool = 1, int8 = 127, int16 = 32767, int32 = (1 << 31) - 1,
  int64 = math.maxinteger }

local function filled(rows, value)
  local shape <const> = rows.shape
  shape[#shape] = nil
  return ops.full(shape, value, { dtype = rows.dtype, device = rows.device })
end

-- The largest or smallest; of no elements the bound of the dtype.
local function extreme(f, bounds, infinity)
  return function(rows)
    if rows:size(-1) == 0 then return filled(rows, bounds[rows.dtype] or infinity) end
    if rows.dtype == "bool" then return f(rows:to "uint8", -1):to "bool" end
    return f(rows, -1)
  end
end

local floating <const> = integer.floating

local function sum(rows) return rows:sum(-1):to(rows.dtype) end
local function mean(rows) return rows:mean(-1) end
local function logsumexp(rows)
  if rows:size(-1) == 0 then return filled(rows, -math.huge) end
  return rows:logsumexp(-1)
end
local function square(x) return x * x end
local function same(x) return ops.alias(x) end

-- name, what, over rows, what is left of it without a dimension to reduce
local REDUCTIONS <const> = {
  { "ReduceSum", "Sum", sum, same },
  { "ReduceMean", "Mean", floating(mean), same },
  { "ReduceProd", "Product", function(rows) return rows:prod(-1):to(rows.dtype) end, same },
  { "ReduceMax", "Largest", integer.comparing(extreme(ops.amax, LOWEST, -math.huge), true), same },
  { "ReduceMin", "Smallest", integer.comparing(extreme(ops.amin, HIGHEST, math.huge), true), same },
  { "ReduceL1", "Sum of absolute values", function(rows) return sum(rows:abs()) end, ops.abs },
  { "ReduceL2", "Root of the sum of squares",
    floating(function(rows) return rows:square():sum(-1):sqrt() end), ops.abs },
  { "ReduceSumSquare", "Sum of squares", function(rows) return sum(square(rows)) end, square },
  { "ReduceLogSum", "Logarithm of the sum",
    floating(function(rows) return rows:sum(-1):log() end), floating(ops.log) },
  { "ReduceLogSumExp", "Logarithm of the sum of e^x", floating(logsumexp), same },
}

for _, row in ipairs(REDUCTIONS) do
  op(row[1]) {
    since = 1, inputs = "data, axes?: cpu", doc = row[2] .. " over `axes` (all)",
    attributes = { axes = op.ints, keepdims = 1, noop_with_empty_axes = 0 },
    run = function(a, x, axes) return reduce(a, x, axes, row[3], row[4]) end,
  }
end

-- ---- where the extreme stands -------------------------------------------------------------------

local function arg_of(f)
  return function(a, x)
    local dim <const> = op.axis(a.axis, x.ndim)
    if integer.is_uint64(x) then x = integer.ordered(x) end
    if x.ndim == 0 then return core.from_table(0, "int64") end
    if a.select_last_index == 0 then return f(x, dim, a.keepdims ~= 0) - 1 end
    return x:size(dim) - f(x:flip { dim }, dim, a.keepdims ~= 0)
  end
end

for name, f in pairs { ArgMax = ops.argmax, ArgMin = ops.argmin } do
  op(name) {
    since = 1, inputs = "data", attributes = { axis = 0, keepdims = 1, select_last_index = 0 },
    doc = "Where the " .. (name == "ArgMax" and "largest" or "smallest") .. " stands along `axis`",
    types = "none", run = arg_of(f),
  }
end

op "Hardmax" {
  since = 1, inputs = "input", attributes = { axis = op.int },
  doc = "1 for the first largest along `axis`, else 0",
  run = function(a, x)
    local rows <const>, dim <const>, back <const> = require "tocha.onnx.axis".rows(a, x)
    if rows:numel() == 0 then return ops.alias(x) end
    local place <const> = rows:argmax(dim, true)
    return back(ops.zeros_like(rows):scatter(dim, place, ops.ones_like(place):to(x.dtype)))
  end,
}

for name, f in pairs { Softmax = ops.softmax, LogSoftmax = ops.log_softmax } do
  op(name) {
    since = 1, inputs = "input", attributes = { axis = op.int },
    doc = (name == "Softmax" and "e^x, divided by its sum" or "Logarithm of softmax")
      .. " along `axis` (before version 13: over the dimensions from `axis`)",
    run = function(a, x)
      local rows <const>, dim <const>, back <const> = require "tocha.onnx.axis".rows(a, x)
      return back(f(rows, dim))
    end,
  }
end

-- ---- running sums -------------------------------------------------------------------------------

-- One place on, the first being `start`.
local function delayed(y, dim, start)
  local first <const> = ops.full_like(y:narrow(dim, 1, 1), start)
  return ops.cat({ first, y:narrow(dim, 1, y:size(dim) - 1) }, dim)
end

local function running(f, start)
  return function(a, x, axis)
    local dim <const> = op.axis(op.number(axis), x.ndim)
    if x:numel() == 0 then return ops.alias(x) end
    if a.reverse ~= 0 then x = x:flip { dim } end
    local y = f(x, dim):to(x.dtype)
    if a.exclusive ~= 0 then y = delayed(y, dim, start) end
    return a.reverse ~= 0 and y:flip { dim } or y
  end
end

for _, row in ipairs {
  { 11, "CumSum", "Running sum", ops.cumsum, 0 },
  { 26, "CumProd", "Running product", ops.cumprod, 1 },
} do
  op(row[2]) { since = row[1], inputs = "x, axis: cpu", attributes = { exclusive = 0, reverse = 0 },
    doc = row[3] .. " along `axis`", run = running(row[4], row[5]) }
end
