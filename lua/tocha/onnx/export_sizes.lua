-- Two runs of a network, on batches of n and of n + 1 examples, as one list of calls: what differs
-- between them are sizes that grow with the batch, and become Sizes, functions of it.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local rule = require "tocha.rule"
local trace = require "tocha.onnx.export_trace"

local sizes <const> = {}

-- ---- sizes --------------------------------------------------------------------------------------

-- per * (size of the batch) + plus
local Size <const> = { __name = "size" }
Size.__index = Size

local function is_size(x) return getmetatable(x) == Size end
sizes.is_size = is_size

local function new_size(per, plus)
  return per == 0 and plus or setmetatable({ per = per, plus = plus }, Size)
end

local function parts(x)
  if is_size(x) then return x.per, x.plus end
  return 0, x
end

function Size.__add(a, b)
  local p <const>, q <const> = parts(a)
  local r <const>, s <const> = parts(b)
  return new_size(p + r, q + s)
end

function Size.__sub(a, b) return a + b * -1 end
function Size.__mul(a, k) return new_size(a.per * k, a.plus * k) end

--- sizes.batch: the size of the batch.
sizes.batch = new_size(1, 0)

--- sizes.divided(size, k): where k divides it.
function sizes.divided(size, k)
  local per <const>, plus <const> = parts(size)
  return k > 0 and new_size(per // k, plus // k) or 0
end

-- ---- two values of one argument -----------------------------------------------------------------

local merge

local function differs(call, what)
  local where <const> = call.path ~= "" and " in " .. call.path or ""
  core.fail("onnx.export", nil, "%s of '%s'%s depends on the size of the batch in a way that a "
    .. "graph cannot say; {dynamic = false} exports for the example's batch alone", what, call.name,
    where)
end

-- A list of sizes from two.
local function merged_shape(call, a, b, n)
  if #a ~= #b then differs(call, "the number of dimensions") end
  local list <const> = {}
  for d, size in ipairs(a) do list[d] = merge(call, size, b[d], n) end
  return list
end

-- A tensor all of whose elements are `value`.
local Fill <const> = { __name = "fill" }

--- sizes.is_fill(x): is it { value, dtype, sizes }?
function sizes.is_fill(x) return getmetatable(x) == Fill end

local function fill_value(x)
  if x:numel() == 0 then return nil end
  local first <const> = x:reshape { -1 }[1]:item()
  return x:eq(first):all():item() and first or nil
end

local function same_tensor(a, b)
  return rawequal(a, b) or a.dtype == b.dtype and rule.text(a.shape) == rule.text(b.shape)
    and ops.allclose(a:to "float64", b:to "float64", 0, 0, true)
end

-- A tensor that is `block` once for each example, along `dim`.
local Tiled <const> = { __name = "tiled" }

--- sizes.is_tiled(x): is it { block, dim, dtype, sizes }?
function sizes.is_tiled(x) return getmetatable(x) == Tiled end

-- The one dimension in which the shapes differ, or nil.
local function one_difference(a, b)
  local found
  for d = 1, math.max(a.ndim, b.ndim) do
    if a.shape[d] ~= b.shape[d] then
      if found or a.ndim ~= b.ndim then return nil end
      found = d
    end
  end
  return found
end

local function repeats(x, block, dim, count)
  local times <const> = {}
  for d = 1, x.ndim do times[d] = d == dim and count or 1 end
  return same_tensor(x, block:tile(times))
end

local function tiled(call, a, b, n)
  local dim <const> = one_difference(a, b)
  if not dim then return nil end
  local k <const> = b:size(dim) - a:size(dim)
  if k < 1 or a:size(dim) ~= k * n then return nil end
  local block <const> = a:narrow(dim, 1, k):contiguous()
  if not (repeats(a, block, dim, n) and repeats(b, block, dim, n + 1)) then return nil end
  return setmetatable({ block = block, dim = dim, dtype = a.dtype,
    sizes = merged_shape(call, a.shape, b.shape, n) }, Tiled)
end

local function merged_tensor(call, a, b, n)
  if same_tensor(a, b) then return a end
  local found <const> = tiled(call, a, b, n)
  if found then return found end
  local value <const> = fill_value(a)
  if value == nil or fill_value(b) ~= value then differs(call, "a tensor that is an argument") end
  return setmetatable({ value = value, dtype = a.dtype, sizes = merged_shape(call, a.shape, b.shape,
    n) }, Fill)
end

local function merged_table(call, a, b, n)
  local list <const> = {}
  for key, x in pairs(a) do list[key] = merge(call, x, b[key], n) end
  for key in pairs(b) do
    if a[key] == nil then differs(call, "a list") end
  end
  return list
end

-- n: the size of the batch in the first run; it was one more in the second.
function merge(call, a, b, n)
  if math.type(a) == "integer" and math.type(b) == "integer" then
    return new_size(b - a, a - (b - a) * n)
  end
  if core.is_tensor(a) and core.is_tensor(b) then return merged_tensor(call, a, b, n) end
  if trace.is_value(a) and trace.is_value(b) and a.id == b.id then return a end
  if type(a) == "table" and type(b) == "table" and not getmetatable(a) then
    return merged_table(call, a, b, n)
  end
  if a == b or a ~= a and b ~= b then return a end
  differs(call, "an argument")
end

local function merge_values(call, list, other, n)
  for k, value in ipairs(list) do
    if trace.is_value(value) then
      value.sizes = merged_shape(call, value.shape, other[k].shape, n)
    end
  end
end

local INPUT <const> = { name = "the inputs", path = "" }

--- sizes.merge(first, second, n): the first trace with the sizes of its values in `value.sizes`.
function sizes.merge(first, second, n)
  merge_values(INPUT, first.inputs, second.inputs, n)
  for k, call in ipairs(first.calls) do
    local other <const> = second.calls[k]
    if not other or other.name ~= call.name then differs(call, "what follows") end
    call.args = merge(call, call.args, other.args, n)
    merge_values(call, call.results, other.results, n)
  end
  return first
end

--- sizes.fixed(one): a single trace likewise, for one size of batch.
function sizes.fixed(one)
  local function fix(list)
    for _, value in ipairs(list) do
      if trace.is_value(value) then value.sizes = value.shape end
    end
  end
  fix(one.inputs)
  for _, call in ipairs(one.calls) do fix(call.results) end
  return one
end

return sizes
