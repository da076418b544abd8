-- AttributeProto, to a value: numbers, strings, lists, tensors, compiled graphs.

local core = require "tocha.core"
local tensor = require "tocha.onnx.tensor"

local attribute <const> = {}

-- AttributeProto.AttributeType -> its field, what a field that is not there stands for
local FIELDS <const> = {
  [1] = { "f", 0.0 }, [2] = { "i", 0 }, [3] = { "s", "" }, [4] = { "t" }, [5] = { "g" },
  [6] = { "floats" }, [7] = { "ints" }, [8] = { "strings" }, [9] = { "tensors" },
  [10] = { "graphs" }, [11] = { "sparse_tensor" }, [13] = { "tp" },
}

-- Files of the first years have no type: the field that is there.
local function field_of(proto)
  local field <const> = FIELDS[proto.type]
  if field then return field[1], field[2] end
  for _, name in ipairs { "f", "i", "s", "t", "g", "tp", "sparse_tensor" } do
    if proto[name] ~= nil then return name end
  end
  for _, name in ipairs { "floats", "ints", "strings", "tensors" } do
    if #proto[name] > 0 then return name end
  end
  return "ints"
end

local READERS <const> = {
  t = function(proto, at) return tensor.decode(proto, at) end,
  sparse_tensor = function(proto, at) return tensor.decode_sparse(proto, at) end,
  tensors = function(list, at)
    local result <const> = {}
    for k, proto in ipairs(list) do result[k] = tensor.decode(proto, at) end
    return result
  end,
  g = function(proto, _, compile) return compile(proto) end,
}

--- attribute.value(proto, at, compile): the value; compile(graph) makes graphs ready to run.
function attribute.value(proto, at, compile)
  local field <const>, default <const> = field_of(proto)
  local value = proto[field]
  if value == nil then value = default end
  if value == nil then
    core.fail("onnx", nil, "attribute '%s' has no value", tostring(proto.name))
  end
  local read <const> = READERS[field]
  if not read then return value end
  return read(value, at, compile)
end

local function is_list_of(kind)
  return function(value)
    return type(value) == "table" and (value[1] == nil or math.type(value[1]) == kind
      or type(value[1]) == kind)
  end
end

local TESTS <const> = {
  int = function(value) return math.type(value) == "integer" end,
  float = function(value) return type(value) == "number" end,
  string = function(value) return type(value) == "string" end,
  ints = is_list_of "integer", floats = is_list_of "number", strings = is_list_of "string",
  tensor = core.is_tensor, sparse_tensor = core.is_tensor,
  tensors = function(value) return type(value) == "table" end,
  graph = function(value) return type(value) == "table" and value.nodes ~= nil end,
  type = function(value) return type(value) == "table" end,
  type_name = function(value) return math.type(value) == "integer" or type(value) == "string" end,
}

--- attribute.fits(value, kind): is it of this kind (registry.lua)?
function attribute.fits(value, kind) return TESTS[kind](value) end

return attribute
