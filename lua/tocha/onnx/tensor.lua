-- TensorProto and its relatives, to tensors and back.
--
-- decode(proto, at) knows in `at` where external data lie: { path = of the model's file }. What a
-- file promises is held against the bytes that are there before memory is taken.

local core = require "tocha.core"
local files = require "tocha.io.file"
local raw = require "tocha.io.raw"
local types = require "tocha.onnx.types"

local tensor <const> = {}

local DIMS_MOST <const> = 8

local function bad(proto, format, ...)
  core.fail("onnx", nil, "tensor '%s': " .. format, proto.name or "", ...)
end

-- ---- bytes --------------------------------------------------------------------------------------

local PACK <const> = { float_data = "<f", double_data = "<d" }

-- The numbers of a typed field as the bytes that raw_data would have.
local function packed(list, type_)
  local size <const> = (type_.bits + 7) // 8
  local form <const> = PACK[type_.field] or "<I" .. size
  local mask <const> = size == 8 and -1 or (1 << 8 * size) - 1
  local parts <const> = {}
  for k, value in ipairs(list) do
    if form == "<I8" then parts[k] = ("<i8"):pack(value)
    else parts[k] = form:pack(PACK[type_.field] and value or value & mask) end
  end
  return table.concat(parts)
end

local function location_of(proto)
  local place <const> = {}
  for _, pair in ipairs(proto.external_data) do place[pair.key or ""] = pair.value end
  return place
end

local function external(proto, at, need)
  if not (at and at.path) then bad(proto, "its data lie in another file") end
  local place <const> = location_of(proto)
  local handle <close> = files.open("onnx", files.beside("onnx", at.path, place.location))
  local offset <const> = math.tointeger(tonumber(place.offset or 0)) or -1
  local length <const> = math.tointeger(tonumber(place.length or need)) or -1
  local size <const> = handle:seek "end"
  if offset < 0 or length ~= need or offset > size or need > size - offset then
    bad(proto, "%s has no %d bytes at %s", place.location, need, tostring(place.offset))
  end
  handle:seek("set", offset)
  return need == 0 and "" or handle:read(need)
end

local EXTERNAL <const> = 1

local function bytes_of(proto, type_, at, need)
  if proto.data_location == EXTERNAL then return external(proto, at, need) end
  local slice <const> = proto.raw_data
  if slice then return slice.source:sub(slice.first, slice.last) end
  return packed(proto[type_.field], type_)
end

-- ---- elements -----------------------------------------------------------------------------------

-- Two or four elements to a byte, the first in the lowest bits.
local function unpacked(bytes, count, bits)
  local x <const> = raw.tensor(bytes, { #bytes, 1 }, "uint8")
  local shifts <const> = {}
  for k = 0, 8 // bits - 1 do shifts[#shifts + 1] = k * bits end
  local parts <const> = x:bitwise_right_shift(core.from_table(shifts, "uint8"))
  return parts:bitwise_and((1 << bits) - 1):reshape { -1 }:slice(1, 1, count)
end

local function elements(bytes, shape, count, type_)
  if type_.plain then return raw.tensor(bytes, shape, type_.dtype) end
  if type_.bits == 64 then return types.mark(raw.tensor(bytes, shape, "int64"), type_) end
  if type_.bits > 8 then return types.mark(raw.unsigned(bytes, shape, type_.bits // 8), type_) end
  if type_.bits == 8 then return types.decoded(raw.tensor(bytes, shape, "uint8"), type_) end
  return types.decoded(unpacked(bytes, count, type_.bits):reshape(shape), type_)
end

-- How many elements, when no more than `most` can be there.
local function count_of(proto, most)
  local n <const> = #proto.dims
  if n > DIMS_MOST then bad(proto, "%d dimensions: at most %d", n, DIMS_MOST) end
  for _, size in ipairs(proto.dims) do
    if size < 0 then bad(proto, "a negative size") end
  end
  return raw.count(proto.dims, 1, math.max(most, 1))
    or bad(proto, "a size that its data have not")
end

local function strings(proto)
  local count <const> = count_of(proto, #proto.string_data)
  if count ~= #proto.string_data then bad(proto, "%d strings", #proto.string_data) end
  return types.strings(proto.string_data, proto.dims)
end

--- tensor.decode(proto, at = nil): the tensor; types that Tocha has not are marked (types.lua).
function tensor.decode(proto, at)
  local type_ <const> = types.number(proto.data_type)
  if not type_ then bad(proto, "elements of type %s, which Tocha has not", proto.data_type) end
  if type_.name == "string" then return strings(proto) end
  local count <const> = count_of(proto, 1 << 48)
  local need <const> = (count * type_.bits + 7) // 8
  local bytes <const> = bytes_of(proto, type_, at, need)
  if #bytes ~= need then
    bad(proto, "%d bytes do not make %s of shape (%s)", #bytes, type_.name,
      table.concat(proto.dims, ", "))
  end
  return elements(bytes, proto.dims, count, type_)
end

-- ---- sparse tensors -----------------------------------------------------------------------------

local DENSE_MOST <const> = 1 << 26  -- elements, mostly zeros

-- Places in row order from 1, of indices that are such places from 0 or rows of coordinates.
local function places_of(indices, dims)
  if indices.ndim == 1 then return indices + 1 end
  local place, stride = core.empty({ indices:size(1) }, "int64"):zero_(), 1
  for d = #dims, 1, -1 do
    place, stride = place + indices:select(2, d) * stride, stride * dims[d]
  end
  return place + 1
end

--- tensor.decode_sparse(proto, at): a SparseTensorProto as a dense tensor.
function tensor.decode_sparse(proto, at)
  local empty <const> = { dims = {}, name = "sparse" }
  if not (proto.values and proto.indices) then bad(empty, "it has no values or no indices") end
  local values <const>, indices <const> = tensor.decode(proto.values, at),
    tensor.decode(proto.indices, at)
  local count <const> = count_of({ dims = proto.dims, name = proto.values.name }, DENSE_MOST)
  local flat = core.empty({ count }, values.dtype):zero_()
  if values:numel() > 0 then
    flat = flat:index_copy(1, places_of(indices, proto.dims), values:reshape { -1 })
  end
  return types.mark(flat:reshape(proto.dims), types.of(values))
end

-- ---- back ---------------------------------------------------------------------------------------

--- tensor.encode(name, x): a TensorProto, for schema.encode.
function tensor.encode(name, x)
  local type_ <const> = types.of(x)
  if not type_.plain then
    core.fail("onnx", nil, "'%s': elements of type %s are not written", name, type_.name)
  end
  return { name = name, dims = x.shape, data_type = type_.number,
    raw_data = x:detach():cpu():contiguous():to_bytes() }
end

return tensor
