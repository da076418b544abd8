-- Data of plots: tensors of any dtype, lists and lists of lists become flat lists of floats, or
-- matrices. Nothing here is recorded for gradients.

local core = require "tocha.core"
local tensor = require "tocha.tensor"

local values <const> = {}

local function refuse(who, argument, value)
  core.fail(who, argument, "expected a tensor or a list of numbers, got %s",
    type(value) == "table" and "a table that is no list" or type(value))
end

local function append(list, value, who, argument)
  if type(value) == "number" then list[#list + 1] = value
  elseif type(value) == "boolean" then list[#list + 1] = value and 1 or 0
  elseif core.is_tensor(value) then
    for _, each in ipairs(values.list(value, who, argument)) do list[#list + 1] = each end
  elseif type(value) == "table" then
    for k = 1, #value do append(list, value[k], who, argument) end
  else refuse(who, argument, value) end
end

--- values.list(x, who, argument): all numbers of a tensor or a (nested) list, in one list.
function values.list(x, who, argument)
  if core.is_tensor(x) then return x:detach():double():flatten():totable() end
  local list <const> = {}
  if type(x) ~= "number" and type(x) ~= "table" or type(x) == "table" and next(x) and #x == 0 then
    refuse(who, argument, x)
  end
  append(list, x, who, argument)
  return list
end

--- values.tensor(x, who, argument): a float64 tensor without a gradient.
function values.tensor(x, who, argument)
  if not core.is_tensor(x) then
    if type(x) ~= "table" then refuse(who, argument, x) end
    local ok <const>, made <const> = pcall(tensor.from, x, { dtype = "float64" })
    if not ok then core.fail(who, argument, "expected a matrix of numbers (%s)", made) end
    x = made
  end
  return x:detach():double()
end

--- values.matrix(x, who, argument): the same with two dimensions.
function values.matrix(x, who, argument)
  local m <const> = values.tensor(x, who, argument)
  if m.ndim ~= 2 then
    core.fail(who, argument, "expected a matrix (H, W), got %d dimensions", m.ndim)
  end
  return m
end

--- values.count(n): {1, 2, ..., n}
function values.count(n)
  local list <const> = {}
  for k = 1, n do list[k] = k end
  return list
end

--- values.range(list, positive): least and greatest of the finite numbers (of those above 0), or
--- nil.
function values.range(list, positive)
  local low, high = math.huge, -math.huge
  local floor <const> = positive and 0 or -math.huge
  for k = 1, #list do
    local v <const> = list[k]
    if v > floor and v < math.huge then
      if v < low then low = v end
      if v > high then high = v end
    end
  end
  if low > high then return nil end
  return low, high
end

--- values.spread(value, n): a list of n of them, where it is none yet.
function values.spread(value, n)
  if type(value) == "table" then return value end
  local list <const> = {}
  for k = 1, n do list[k] = value end
  return list
end

return values
