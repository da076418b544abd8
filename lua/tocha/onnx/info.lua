-- What a graph says about its inputs and outputs: ValueInfoProto.

local types = require "tocha.onnx.types"

local info <const> = {}

local function shape_of(proto)
  if not proto then return nil end
  local shape <const> = {}
  for d, dim in ipairs(proto.dim) do
    shape[d] = dim.dim_value or dim.dim_param ~= "" and dim.dim_param or "?"
  end
  return shape
end

local function describe(proto, into)
  if not proto then return into end
  if proto.optional_type then
    into.optional = true
    return describe(proto.optional_type.elem_type, into)
  elseif proto.sequence_type then
    into.sequence = true
    return describe(proto.sequence_type.elem_type, into)
  end
  local tensor <const> = proto.tensor_type or proto.sparse_tensor_type
  if not tensor then return into end
  local type_ <const> = types.number(tensor.elem_type)
  into.dtype, into.shape = type_ and type_.name or nil, shape_of(tensor.shape)
  return into
end

--- info.of(proto): { name, dtype, shape (numbers, names of symbolic sizes, "?"; nil: any),
--- sequence, optional }
function info.of(proto) return describe(proto.type, { name = proto.name or "" }) end

--- info.names(list): "a, b"
function info.names(list)
  local names <const> = {}
  for k, each in ipairs(list) do names[k] = each.name end
  return table.concat(names, ", ")
end

--- info.text(one): "x: float32 (N, 3, 224, 224)"
function info.text(one)
  local parts <const> = {}
  for d, size in ipairs(one.shape or {}) do parts[d] = tostring(size) end
  local shape <const> = one.shape and " (" .. table.concat(parts, ", ") .. ")" or ""
  return ("%s%s%s"):format(one.sequence and "list of " or "", one.dtype or "?", shape)
end

return info
