-- ONNX's element types: those that Tocha has, and how the others are held.
--
-- A type that is no dtype here is carried by a tensor of a wider one, by value, and the tensor is
-- marked: uint16 by int32, uint32 by int64, float8 by float32, strings by the int64 numbers of
-- interned words. uint64 is carried by int64 with the same bits. Whatever moves elements about
-- (Reshape, Gather, Concat, ...) then works for every type without knowing; arithmetic wraps round
-- after each operator (types.wrap). Complex numbers are not read.

local core = require "tocha.core"
local minifloat = require "tocha.onnx.minifloat"

local types <const> = {}

-- number, name, dtype that holds it, bits, field of TensorProto when not raw
local LIST <const> = {
  { 1, "float32", "float32", 32, "float_data" }, { 2, "uint8", "uint8", 8, "int32_data" },
  { 3, "int8", "int8", 8, "int32_data" }, { 4, "uint16", "int32", 16, "int32_data" },
  { 5, "int16", "int16", 16, "int32_data" }, { 6, "int32", "int32", 32, "int32_data" },
  { 7, "int64", "int64", 64, "int64_data" }, { 8, "string", "int64", 64, "string_data" },
  { 9, "bool", "bool", 8, "int32_data" }, { 10, "float16", "float16", 16, "int32_data" },
  { 11, "float64", "float64", 64, "double_data" }, { 12, "uint32", "int64", 32, "uint64_data" },
  { 13, "uint64", "int64", 64, "uint64_data" }, { 16, "bfloat16", "bfloat16", 16, "int32_data" },
  { 17, "float8e4m3fn", "float32", 8, "int32_data" },
  { 18, "float8e4m3fnuz", "float32", 8, "int32_data" },
  { 19, "float8e5m2", "float32", 8, "int32_data" },
  { 20, "float8e5m2fnuz", "float32", 8, "int32_data" },
  { 21, "uint4", "uint8", 4, "int32_data" }, { 22, "int4", "int8", 4, "int32_data" },
  { 23, "float4e2m1", "float32", 4, "int32_data" },
  { 24, "float8e8m0", "float32", 8, "int32_data" }, { 25, "uint2", "uint8", 2, "int32_data" },
  { 26, "int2", "int8", 2, "int32_data" },
}

local by_number <const>, by_name <const> = {}, {}
for _, row in ipairs(LIST) do
  local type_ <const> = { number = row[1], name = row[2], dtype = row[3], bits = row[4],
    field = row[5], plain = row[2] == row[3], small = minifloat.formats[row[2]] }
  type_.unsigned = type_.name:find "^u" ~= nil
  type_.integer = not type_.small and type_.name:find "int" ~= nil
  by_number[type_.number], by_name[type_.name] = type_, type_
end

--- types.number(n), types.named(name): { number, name, dtype, bits, field, plain (is it a dtype?),
--- small (a float of at most eight bits), unsigned, integer }, or nil.
function types.number(n) return by_number[n] end
function types.named(name) return by_name[name] end

-- ---- marks --------------------------------------------------------------------------------------

local marks <const> = setmetatable({}, { __mode = "k" })  -- tensor -> type

--- types.of(x): the type of a tensor's elements.
function types.of(x) return marks[x] or by_name[x.dtype] end

--- types.mark(x, type): says what x, of the dtype that holds it, carries. Returns x.
function types.mark(x, type_)
  marks[x] = not type_.plain and type_ or nil
  return x
end

--- types.carried(x): its type if it is no dtype of Tocha's, else nil.
function types.carried(x) return marks[x] end

-- Signed types of fewer bits than their carrier: the low bits with their sign.
local function low_bits(x, type_)
  local mask <const> = (1 << type_.bits) - 1
  local low <const> = x:bitwise_and(mask)
  if type_.unsigned then return low end
  local half <const> = 1 << (type_.bits - 1)
  return low:bitwise_xor(half) - half
end

--- types.wrap(x, type): the result of arithmetic on carried integers, modulo 2^bits, marked.
function types.wrap(x, type_)
  if type_.integer and type_.bits < 8 * x:element_size() then x = low_bits(x, type_) end
  return types.mark(x, type_)
end

-- ---- words --------------------------------------------------------------------------------------
-- Equal strings have equal numbers. A word stays for as long as the process runs.

local words <const>, number_of <const> = {}, {}

--- types.intern(word): its number.
function types.intern(word)
  local n = number_of[word]
  if not n then
    n = #words + 1
    words[n], number_of[word] = word, n
  end
  return n
end

--- types.strings(list, shape): the tensor that carries these strings.
function types.strings(list, shape)
  local numbers <const> = {}
  for k, word in ipairs(list) do numbers[k] = types.intern(word) end
  local x <const> = core.empty({ #list }, "int64")
  if #list > 0 then x:copy_(core.from_table(numbers, "int64")) end
  return types.mark(x:reshape(shape or { #list }), by_name.string)
end

--- types.words(x): the strings of a tensor, in row order.
function types.words(x)
  local list <const> = x:numel() == 0 and {} or x:cpu():reshape { -1 }:totable()
  for k, number in ipairs(list) do list[k] = words[number] or "" end
  return list
end

-- ---- codes --------------------------------------------------------------------------------------

--- types.decoded(codes, type): from the bits of each element (uint8 for up to eight bits), values.
function types.decoded(codes, type_)
  if type_.small then return types.mark(minifloat.decode(codes, type_.small), type_) end
  return types.wrap(codes:to(type_.dtype), type_)
end

--- types.codes(x): the bits of each element, for types of up to eight bits; a uint8 tensor.
function types.codes(x)
  local type_ <const> = types.of(x)
  if type_.small then return minifloat.encode(x, type_.small) end
  return x:to "int32":bitwise_and((1 << type_.bits) - 1):to "uint8"
end

return types
