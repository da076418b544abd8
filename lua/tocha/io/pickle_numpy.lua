-- NumPy's objects in a pickle: numbers and arrays, for the table of what may be named (see
-- tocha.io.pickle). An array is { state = ... } until `array` makes a tensor of it.

local raw = require "tocha.io.raw"

local objects <const> = {}

-- How bytes are written in protocol 2.
local function encode(r, arguments)
  local text <const>, encoding <const> = arguments[1], arguments[2]
  if type(text) ~= "string" or encoding ~= "latin1" then r.bad "bytes in an unknown form" end
  r:copies(#text)
  local ok <const>, bytes <const> = pcall(string.gsub, text, utf8.charpattern, function(c)
    return string.char(utf8.codepoint(c))
  end)
  return ok and bytes or r.bad "bytes that are none"
end

-- NumPy's numbers, which checkpoints hold among Python's.
local SCALARS <const> = { b1 = "I1", u1 = "I1", i1 = "i1", u2 = "I2", i2 = "i2", u4 = "I4",
  i4 = "i4", u8 = "i8", i8 = "i8", f4 = "f", f8 = "d" }

local function numpy_dtype(r, arguments) return r:new({ code = arguments[1] }, "stateful") end

local function numpy_scalar(r, arguments)
  local dtype <const>, bytes <const> = r:need(arguments[1], "stateful"), arguments[2]
  local format = SCALARS[dtype.code]
  if not format or type(bytes) ~= "string" or type(dtype.state) ~= "table" then
    r.bad("a number of NumPy's type '%s'", tostring(dtype.code))
  end
  format = (dtype.state[2] == ">" and ">" or "<") .. format
  if #bytes ~= string.packsize(format) then r.bad "a number of NumPy that is damaged" end
  local value <const> = string.unpack(format, bytes)
  if dtype.code == "b1" then return value ~= 0 end
  return value
end

-- ---- arrays -------------------------------------------------------------------------------------

local UNSIGNED <const> = { u2 = 2, u4 = 4 }
local DTYPES <const> = { b1 = "bool", u1 = "uint8", i1 = "int8", i2 = "int16", i4 = "int32",
  i8 = "int64", f2 = "float16", f4 = "float32", f8 = "float64" }

local function new_array(r) return r:new({}, "stateful") end

local function sizes_of(tuple, bad)
  for _, size in ipairs(tuple) do
    if not raw.is_natural(size) then bad "an array of NumPy that is damaged" end
  end
  return tuple
end

local function tensor_of(bytes, sizes, dtype, bad)
  local code <const>, big <const> = dtype.code, dtype.state[2] == ">"
  local item <const> = UNSIGNED[code] or DTYPES[code] and raw.item_size(DTYPES[code])
  if not item then bad("an array of NumPy's type '%s'", tostring(code)) end
  if type(bytes) ~= "string" or raw.count(sizes, item, #bytes) ~= #bytes then
    bad "an array of NumPy that is damaged"
  end
  if UNSIGNED[code] then return raw.unsigned(bytes, sizes, item, big) end
  return raw.tensor(bytes, sizes, DTYPES[code], big)
end

local function is_table(v) return type(v) == "table" end

--- objects.array(value, bad): the tensor of an array that was read; bad(format, ...) raises.
function objects.array(value, bad)
  local state <const> = is_table(value) and value.state
  local sizes <const>, dtype <const> = is_table(state) and state[2], is_table(state) and state[3]
  if not (is_table(sizes) and is_table(dtype) and is_table(dtype.state)) then
    bad "what should be an array of NumPy"
  end
  if not state[4] then return tensor_of(state[5], sizes_of(sizes, bad), dtype, bad) end
  local turned <const>, order <const> = {}, {}
  for k, size in ipairs(sizes_of(sizes, bad)) do
    turned[#sizes + 1 - k], order[k] = size, #sizes + 1 - k
  end
  return tensor_of(state[5], turned, dtype, bad):permute(order):contiguous()
end

--- objects.numbers, objects.globals: for options.globals of pickle.load; numbers, and arrays too.
objects.numbers = {
  ["numpy.dtype"] = { call = numpy_dtype },
  ["numpy.core.multiarray.scalar"] = { call = numpy_scalar },
  ["numpy._core.multiarray.scalar"] = { call = numpy_scalar },
  ["_codecs.encode"] = { call = encode },
}
objects.globals = {
  ["numpy.ndarray"] = {},
  ["numpy.core.multiarray._reconstruct"] = { call = new_array },
  ["numpy._core.multiarray._reconstruct"] = { call = new_array },
}
for name, entry in pairs(objects.numbers) do objects.globals[name] = entry end

return objects
