-- Values of a graph: tensors, sequences, optionals; how they come in and go out.
--
-- A sequence is a table of the class Sequence, { n = its length, items }; value.NONE is an optional
-- without a value (one with a value is that value).

local core = require "tocha.core"
local types = require "tocha.onnx.types"

local value <const> = {}

local Sequence <const> = { __name = "onnx sequence" }

--- value.NONE: the optional without a value.
value.NONE = setmetatable({}, { __name = "onnx none" })

--- value.sequence(list): of a list of values.
function value.sequence(list)
  local s <const> = table.move(list, 1, #list, 1, {})
  return setmetatable(s, Sequence)
end

--- value.is_sequence(x)
function value.is_sequence(x) return getmetatable(x) == Sequence end

-- ---- in and out ---------------------------------------------------------------------------------

local function sizes(list, shape, depth)
  if type(list) == "table" then
    shape[depth] = shape[depth] or #list
    sizes(list[1], shape, depth + 1)
  end
  return shape
end

local function flatten(list, into)
  if type(list) ~= "table" then into[#into + 1] = list return into end
  for _, each in ipairs(list) do flatten(each, into) end
  return into
end

-- Numbers and nested tables become tensors of the input's type.
local function entered(x, input)
  if value.is_sequence(x) or rawequal(x, value.NONE) then return x end
  if core.is_tensor(x) then return x end
  if input.dtype == "string" then return types.strings(flatten(x, {}), sizes(x, {}, 1)) end
  local type_ <const> = types.named(input.dtype or "float32")
  return types.mark(core.from_table(x, type_.dtype), type_)
end

--- value.enter(x, input): what a user gave, as the graph takes it.
function value.enter(x, input)
  if x == nil then return input.optional and value.NONE or nil end
  if not input.sequence or value.is_sequence(x) then return entered(x, input) end
  if type(x) ~= "table" then
    core.fail("onnx", nil, "input '%s': expected a list of tensors, got %s", input.name, type(x))
  end
  local list <const> = {}
  for k, each in ipairs(x) do list[k] = entered(each, input) end
  return value.sequence(list)
end

local function nested(list, shape, depth, at)
  if depth > #shape then return list[at], at + 1 end
  local t <const> = {}
  for k = 1, shape[depth] do t[k], at = nested(list, shape, depth + 1, at) end
  return t, at
end

--- value.leave(x): as users get it: tensors, lists, nested tables of strings, nil.
function value.leave(x)
  if rawequal(x, value.NONE) then return nil end
  if value.is_sequence(x) then
    local list <const> = {}
    for k, each in ipairs(x) do list[k] = value.leave(each) end
    return list
  end
  if core.is_tensor(x) and types.of(x).name == "string" then
    return (nested(types.words(x), x.shape, 1, 1))
  end
  return x
end

return value
