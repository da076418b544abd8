-- Protocol buffers, read and written. https://protobuf.dev/programming-guides/encoding
--
--     local bytes = protobuf.message {
--       { 1, "double", 0.5 }, { 2, "int", 3 }, { 5, "message", { { 1, "bytes", "loss" } } },
--     }
--
-- Fields are { number, kind, value }; one whose value is nil is left out. By a schema, both ways:
--
--     local Point = protobuf.schema "1 x float; 2 tags bytes*; 3 next Point"
--     local bytes = protobuf.encode(Point, { x = 0.5, tags = { "a", "b" } })
--     local point = protobuf.decode(Point, bytes)      -- point.x, point.tags[2], point.next
--
-- Reading is for files from anywhere: a length is held against what is left, nesting is limited,
-- fields that the schema has not are passed over. Fields that are not there are nil, repeated ones
-- an empty list.

local protobuf <const> = {}

local VARINT <const>, FIXED64 <const>, BYTES <const>, FIXED32 <const> = 0, 1, 2, 5

--- protobuf.varint(n): seven bits a byte, the lowest first; negative numbers take ten bytes.
function protobuf.varint(n)
  local bytes <const> = {}
  while n < 0 or n > 127 do  -- as an unsigned number
    bytes[#bytes + 1] = string.char(n & 127 | 128)
    n = n >> 7
  end
  bytes[#bytes + 1] = string.char(n)
  return table.concat(bytes)
end

local function sized(bytes) return protobuf.varint(#bytes) .. bytes end

local function packed(format)
  return function(list)
    local parts <const> = {}
    for k, value in ipairs(list) do parts[k] = format:pack(value) end
    return sized(table.concat(parts))
  end
end

-- kind -> wire type, how a value becomes bytes
local KINDS <const> = {
  int = { VARINT, protobuf.varint },
  double = { FIXED64, function(x) return ("<d"):pack(x) end },
  float = { FIXED32, function(x) return ("<f"):pack(x) end },
  bytes = { BYTES, sized },
  message = { BYTES, function(fields) return sized(protobuf.message(fields)) end },
  doubles = { BYTES, packed "<d" },
  floats = { BYTES, packed "<f" },
  ints = { BYTES, function(list)
    local parts <const> = {}
    for k, value in ipairs(list) do parts[k] = protobuf.varint(value) end
    return sized(table.concat(parts))
  end },
}

--- protobuf.message(fields): kinds are "int", "double", "float", "bytes" (strings too), "message"
--- (a list of fields), "doubles", "floats" and "ints" (packed lists).
function protobuf.message(fields)
  local parts <const> = {}
  for _, field in ipairs(fields) do
    local number <const>, kind <const>, value <const> = field[1], KINDS[field[2]], field[3]
    if value ~= nil then
      parts[#parts + 1] = protobuf.varint(number << 3 | kind[1]) .. kind[2](value)
    end
  end
  return table.concat(parts)
end

-- ---- schemas ------------------------------------------------------------------------------------

local SCALARS <const> = { int = true, double = true, float = true, bytes = true, slice = true }

--- protobuf.schema(text, schemas = nil): fields "number name kind" with semicolons between; a star
--- after the kind: repeated. Kinds are "int", "float", "double", "bytes", "slice" (bytes that are
--- not copied when they are read: { source, first, last }) and names of other messages, looked up
--- in `schemas` when they are met.
function protobuf.schema(text, schemas)
  local schema <const> = { fields = {}, order = {}, schemas = schemas or {} }
  for number, name, kind, star in text:gmatch "(%d+) ([%w_]+) (%w+)(%*?)" do
    local field <const> = { number = math.tointeger(number), name = name, kind = kind,
      repeated = star ~= "", message = not SCALARS[kind] }
    schema.fields[field.number] = field
    schema.order[#schema.order + 1] = field
  end
  return schema
end

-- ---- reading ------------------------------------------------------------------------------------

local DEEPEST <const> = 64

local function bad(format, ...) error({ protobuf = format:format(...) }, 0) end

local function read_varint(bytes, at, last)
  local value, shift = 0, 0
  while true do
    local byte <const> = at <= last and bytes:byte(at) or bad "it ends early"
    value = value | (byte & 127) << shift
    at, shift = at + 1, shift + 7
    if byte < 128 then return value, at end
    if shift > 63 then bad "a number of more than ten bytes" end
  end
end

local FIXED <const> = { double = { "<d", 8 }, float = { "<f", 4 } }

-- One number of the kind, where the next one begins.
local function read_number(kind, bytes, at, last)
  local fixed <const> = FIXED[kind]
  if not fixed then return read_varint(bytes, at, last) end
  if last - at + 1 < fixed[2] then bad "it ends early" end
  return string.unpack(fixed[1], bytes, at)
end

local function read_packed(list, kind, bytes, first, last)
  local at = first
  while at <= last do
    list[#list + 1], at = read_number(kind, bytes, at, last)
  end
end

-- The bytes of a field: where they end, and where the next field begins.
local function extent(wire, bytes, at, last)
  local next_ = at
  if wire == VARINT then
    local _ <const>, after <const> = read_varint(bytes, at, last)
    next_ = after
  elseif wire == FIXED64 then next_ = at + 8
  elseif wire == FIXED32 then next_ = at + 4
  elseif wire == BYTES then
    local size <const>, first <const> = read_varint(bytes, at, last)
    if size < 0 or size > last - first + 1 then bad "a field is longer than the message" end
    return first, first + size
  else bad("fields of the kind %d", wire) end
  if next_ > last + 1 then bad "it ends early" end
  return at, next_
end

local decode

local function value_of(schema, field, bytes, first, last, depth)
  if field.kind == "bytes" then return bytes:sub(first, last) end
  if field.kind == "slice" then return { source = bytes, first = first, last = last } end
  return decode(schema.schemas[field.kind], bytes, first, last, depth + 1)
end

local function read_field(schema, field, into, wire, bytes, first, last, depth)
  local value
  if wire ~= BYTES then
    if SCALARS[field.kind] and field.kind ~= "bytes" and field.kind ~= "slice"
      and (FIXED[field.kind] ~= nil) == (wire ~= VARINT) then
      value = read_number(field.kind, bytes, first, last)
    else bad("field '%s' is of another kind", field.name) end
  elseif FIXED[field.kind] or field.kind == "int" then
    if not field.repeated then bad("field '%s' is of another kind", field.name) end
    return read_packed(into[field.name], field.kind, bytes, first, last)
  else
    value = value_of(schema, field, bytes, first, last, depth)
  end
  if not field.repeated then into[field.name] = value return end
  local list <const> = into[field.name]
  list[#list + 1] = value
end

function decode(schema, bytes, first, last, depth)
  if depth > DEEPEST then bad "messages within messages, too deep" end
  local message <const> = {}
  for _, field in ipairs(schema.order) do
    if field.repeated then message[field.name] = {} end
  end
  local at = first
  while at <= last do
    local key, from
    key, at = read_varint(bytes, at, last)
    from, at = extent(key & 7, bytes, at, last)
    local field <const> = schema.fields[key >> 3]
    if field then read_field(schema, field, message, key & 7, bytes, from, at - 1, depth) end
  end
  return message
end

--- protobuf.decode(schema, bytes): the message as a table, or nil and what is wrong with it.
function protobuf.decode(schema, bytes)
  local ok <const>, result <const> = pcall(decode, schema, bytes, 1, #bytes, 1)
  if ok then return result end
  if type(result) == "table" and result.protobuf then return nil, result.protobuf end
  error(result, 0)
end

-- ---- writing by a schema ------------------------------------------------------------------------

local PACKED <const> = { int = "ints", float = "floats", double = "doubles" }

local function header(field, wire, size)
  local key <const> = protobuf.varint(field.number << 3 | wire)
  return size and key .. protobuf.varint(size) or key
end

local append

-- Adds one value to the pieces `out`; returns its bytes. What is large stays a piece of its own.
local function put(out, field, value, schema)
  local at <const> = #out + 1
  if field.message then
    out[at] = ""
    local size <const> = append(out, schema.schemas[field.kind], value)
    out[at] = header(field, BYTES, size)
    return #out[at] + size
  elseif field.kind == "bytes" or field.kind == "slice" then
    out[at], out[at + 1] = header(field, BYTES, #value), value
    return #out[at] + #value
  end
  out[at] = protobuf.message { { field.number, field.kind, value } }
  return #out[at]
end

local function put_list(out, field, list, schema)
  if PACKED[field.kind] then
    out[#out + 1] = #list > 0 and protobuf.message { { field.number, PACKED[field.kind], list } }
      or ""
    return #out[#out]
  end
  local size = 0
  for _, each in ipairs(list) do size = size + put(out, field, each, schema) end
  return size
end

function append(out, schema, message)
  local size = 0
  for _, field in ipairs(schema.order) do
    local value <const> = message[field.name]
    if value ~= nil then
      size = size + (field.repeated and put_list or put)(out, field, value, schema)
    end
  end
  return size
end

--- protobuf.pieces(schema, message): the bytes of a table such as decode returns (a "slice" is
--- given as a string), as a list of strings, one after the other: gigabytes need no second copy.
--- Lists of numbers are packed.
function protobuf.pieces(schema, message)
  local out <const> = {}
  append(out, schema, message)
  return out
end

--- protobuf.encode(schema, message): the same as one string.
function protobuf.encode(schema, message)
  return table.concat(protobuf.pieces(schema, message))
end

return protobuf
