-- Protocol buffers, written field by field. https://protobuf.dev/programming-guides/encoding
--
--     local bytes = protobuf.message {
--       { 1, "double", 0.5 }, { 2, "int", 3 }, { 5, "message", { { 1, "bytes", "loss" } } },
--     }
--
-- Fields are { number, kind, value }; one whose value is nil is left out. There are no schemas
-- here: who writes a message knows its fields.

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
}

--- protobuf.message(fields): kinds are "int", "double", "float", "bytes" (strings too), "message"
--- (a list of fields), "doubles" and "floats" (packed lists).
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

return protobuf
