-- Sample arguments in declarations: what to call an operation with in tests, timings and examples.
-- A plain list of integers stands for a tensor of that shape; what else there is, is below.
-- `samples.make(sample, dtype)` turns a declaration's sample into arguments.

local samples <const> = {}
local Spec <const> = {}

local function kind(name)
  return function(shape) return setmetatable({ kind = name, shape = shape }, Spec) end
end

--- Values above zero; above one; in (-1, 1); in (0, 1); booleans; a symmetric positive definite
--- matrix.
samples.above_one = kind "above_one"
samples.positive, samples.unit, samples.prob = kind "positive", kind "unit", kind "prob"
samples.mask, samples.spd = kind "mask", kind "spd"

--- Integers in 1..max.
function samples.ids(max, shape)
  return setmetatable({ kind = "ids", max = max, shape = shape }, Spec)
end

--- This very tensor, from nested tables.
function samples.value(data, dtype)
  return setmetatable({ kind = "value", data = data, dtype = dtype }, Spec)
end

--- A list of integers (dims, sizes) as it stands.
function samples.list(list) return setmetatable({ kind = "list", list = list }, Spec) end

--- A list of tensors.
function samples.tensors(list) return setmetatable({ kind = "tensors", list = list }, Spec) end

-- ---- values -------------------------------------------------------------------------------------

local core = require "tocha.core"

-- A small generator of its own: samples are the same everywhere and disturb no other sequence.
local state = 1
local function uniform()
  state = (state * 1103515245 + 12345) & 0x7fffffff
  return (state >> 8) / (1 << 23)
end

local function count(shape)
  local n = 1
  for _, size in ipairs(shape) do n = n * size end
  return n
end

local FORMAT <const> = "d"

local function build(shape, dtype, next_value)
  local parts <const> = {}
  for k = 1, count(shape) do parts[k] = string.pack(FORMAT, next_value(k)) end
  local wide = core.from_bytes(table.concat(parts), shape, "float64")
  return dtype == "float64" and wide or core.convert_to(wide, dtype)
end

-- Distinct values in (-2, 2), none near zero or near another: kinks and ties stay away.
local function distinct(shape, dtype)
  local n <const> = count(shape)
  local order <const> = {}
  for k = 1, n do order[k] = k end
  for k = n, 2, -1 do
    local j = 1 + math.floor(uniform() * k)
    order[k], order[j] = order[j], order[k]
  end
  return build(shape, dtype, function(k)
    return 4 * (order[k] - 0.5 + 0.2 * (uniform() - 0.5)) / n - 2 + (n % 2 == 1 and 2 / n or 0)
  end)
end

local function spd(shape, dtype)
  local n <const> = shape[#shape]
  local batch <const> = count(shape) // math.max(1, n * n)
  local rows, parts = {}, {}
  for _ = 1, batch do
    for i = 1, n do
      rows[i] = {}
      for j = 1, n do rows[i][j] = uniform() - 0.5 end
    end
    for i = 1, n do
      for j = 1, n do
        local sum = i == j and 1.0 or 0.0
        for k = 1, n do sum = sum + rows[i][k] * rows[j][k] end
        parts[#parts + 1] = sum
      end
    end
  end
  return build(shape, dtype, function(k) return parts[k] end)
end

local MAKE <const> = {
  positive = function(s, dtype)
    return build(s.shape, dtype, function() return 0.2 + 2 * uniform() end)
  end,
  above_one = function(s, dtype)
    return build(s.shape, dtype, function() return 1.2 + 2 * uniform() end)
  end,
  unit = function(s, dtype)
    return build(s.shape, dtype, function() return 1.8 * uniform() - 0.9 end)
  end,
  prob = function(s, dtype)
    return build(s.shape, dtype, function() return 0.05 + 0.9 * uniform() end)
  end,
  mask = function(s)
    return build(s.shape, "bool", function() return uniform() < 0.5 and 0.0 or 1.0 end)
  end,
  ids = function(s)
    return build(s.shape, "int64", function() return 1.0 + math.floor(uniform() * s.max) end)
  end,
  value = function(s, dtype)
    local natural = core.from_table(s.data, s.dtype)
    if s.dtype or natural.dtype ~= "float32" then return natural end
    return core.from_table(s.data, dtype)
  end,
  spd = function(s, dtype) return spd(s.shape, dtype) end,
  list = function(s) return s.list end,
}

local function is_shape(value)
  return type(value) == "table" and getmetatable(value) == nil
    and (next(value) == nil or math.type(value[1]) == "integer")
end

local function make_one(value, dtype)
  if type(value) ~= "table" or core.is_tensor(value) then return value end
  if is_shape(value) then return distinct(value, dtype) end
  if getmetatable(value) ~= Spec then return value end
  if value.kind == "tensors" then
    local list <const> = {}
    for k, each in ipairs(value.list) do list[k] = make_one(each, dtype) end
    return list
  end
  return MAKE[value.kind](value, dtype)
end

--- The arguments of a sample, as a list with `n`; floating tensors in `dtype` (float64).
function samples.make(sample, dtype)
  state = 1
  local args <const> = { n = 0 }
  for k in pairs(sample) do
    if math.type(k) == "integer" then args.n = math.max(args.n, k) end
  end
  for k = 1, args.n do args[k] = make_one(sample[k], dtype or "float64") end
  return args
end

return samples
