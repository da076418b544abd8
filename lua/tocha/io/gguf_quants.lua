-- The block types of ggml, whose weights are integers of a few bits with a scale for each block,
-- and their values as float32. https://github.com/ggml-org/ggml, ggml-common.h has the structures.
--
-- A row of `size` values is a block of `bytes` bytes; blocks follow each other. All that is done
-- below is done to many blocks at a time, as tensors of (blocks, bytes). Quantising is here for
-- Q8_0 alone. IQ1, IQ2, IQ3 and ternary types are not known.

local core = require "tocha.core"
local registry = require "tocha.op"

local ops <const> = registry.ops
local quants <const> = {}

local AT_ONCE <const> = 1 << 18  -- values: they stay in the cache

-- ---- parts of blocks ----------------------------------------------------------------------------

-- The columns of (N, bytes), so many at a time.
local function split(blocks, ...)
  local parts <const>, at = {}, 1
  for k, width in ipairs { ... } do
    parts[k] = blocks:narrow(2, at, width)
    at = at + width
  end
  return table.unpack(parts)
end

-- The same bytes as another dtype, float32 then.
local function as(dtype, x, width)
  local n <const> = x:size(2) // width
  return core.from_bytes(x:contiguous():to_bytes(), { x:size(1), n }, dtype):to "float32"
end

local function half(x) return as("float16", x, 2) end
local function signed(x) return as("int8", x, 1) end

-- Each byte holds `count` numbers of `step` bits, the lowest first; those of `width` bytes in a row
-- come at the same place before the next ones: (N, bytes) to (N, bytes * count), uint8.
local function bits(x, width, step, count)
  local n <const>, shifts <const> = x:size(1), {}
  for k = 1, count do shifts[k] = step * (k - 1) end
  local shift <const> = core.from_bytes(string.char(table.unpack(shifts)), { 1, 1, count, 1 },
    "uint8")
  local spread <const> = x:reshape { n, -1, 1, width }:bitwise_right_shift(shift)
  return spread:bitwise_and((1 << step) - 1):reshape { n, -1 }
end

local function number(x) return x:to "float32" end

-- values (N, 256) with a scale and perhaps a minimum for each of so many groups, (N, groups)
local function scaled(values, scale, minimum)
  local n <const>, groups <const> = scale:size(1), scale:size(2)
  local y = scale:reshape { n, groups, 1 } * values:reshape { n, groups, -1 }
  if minimum then y = y - minimum:reshape { n, groups, 1 } end
  return y:reshape { n, -1 }
end

-- Eight scales and eight minima of six bits in twelve bytes, of Q4_K and Q5_K.
local function scales_and_minima(packed)
  local d <const>, m <const>, both <const> = split(packed, 4, 4, 4)
  local function high(x) return x:bitwise_right_shift(2):bitwise_and(0x30) end
  local scales <const> = ops.cat({ d:bitwise_and(63), both:bitwise_and(15):bitwise_or(high(d)) }, 2)
  local minima <const> = ops.cat({ m:bitwise_and(63),
    both:bitwise_right_shift(4):bitwise_or(high(m)) }, 2)
  return number(scales), number(minima)
end

local function fifth_bit(low, high) return number(low:bitwise_or(high * 16)) end

local IQ4 <const> = string.pack(("f"):rep(16), -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25,
  38, 53, 69, 89, 113)

local function looked_up(ids)
  local values <const> = core.from_bytes(IQ4, { 16 }, "float32")
  return values:index_select(1, ids:reshape { -1 }:to "int64" + 1):reshape(ids.shape)
end

-- ---- types --------------------------------------------------------------------------------------

local types <const> = {}  -- ggml's number -> { name, size, bytes, values }
quants.types = types

local function define(id, name, size, bytes, values)
  types[id] = { id = id, name = name, size = size, bytes = bytes, values = values }
end

define(2, "Q4_0", 32, 18, function(x)
  local d <const>, q <const> = split(x, 2, 16)
  return half(d) * (number(bits(q, 16, 4, 2)) - 8)
end)

define(3, "Q4_1", 32, 20, function(x)
  local d <const>, m <const>, q <const> = split(x, 2, 2, 16)
  return half(d) * number(bits(q, 16, 4, 2)) + half(m)
end)

define(6, "Q5_0", 32, 22, function(x)
  local d <const>, high <const>, q <const> = split(x, 2, 4, 16)
  return half(d) * (fifth_bit(bits(q, 16, 4, 2), bits(high, 1, 1, 8)) - 16)
end)

define(7, "Q5_1", 32, 24, function(x)
  local d <const>, m <const>, high <const>, q <const> = split(x, 2, 2, 4, 16)
  return half(d) * fifth_bit(bits(q, 16, 4, 2), bits(high, 1, 1, 8)) + half(m)
end)

define(8, "Q8_0", 32, 34, function(x)
  local d <const>, q <const> = split(x, 2, 32)
  return signed(q) * half(d)
end)

define(9, "Q8_1", 32, 36, function(x)
  local d <const>, _, q <const> = split(x, 2, 2, 32)
  return signed(q) * half(d)
end)

define(10, "Q2_K", 256, 84, function(x)
  local scales <const>, q <const>, d <const>, least <const> = split(x, 16, 64, 2, 2)
  return scaled(number(bits(q, 32, 2, 4)), half(d) * number(scales:bitwise_and(15)),
    half(least) * number(scales:bitwise_right_shift(4)))
end)

define(11, "Q3_K", 256, 110, function(x)
  local mask <const>, q <const>, low <const>, high <const>, d <const> = split(x, 32, 64, 8, 4, 2)
  local scale <const> = number(bits(low, 8, 4, 2)) + number(bits(high, 4, 2, 4)) * 16 - 32
  -- what the mask has not set is four less
  return scaled(number(bits(q, 32, 2, 4)) + number(bits(mask, 32, 1, 8)) * 4 - 4, half(d) * scale)
end)

define(12, "Q4_K", 256, 144, function(x)
  local d <const>, least <const>, packed <const>, q <const> = split(x, 2, 2, 12, 128)
  local scales <const>, minima <const> = scales_and_minima(packed)
  return scaled(number(bits(q, 32, 4, 2)), half(d) * scales, half(least) * minima)
end)

define(13, "Q5_K", 256, 176, function(x)
  local d <const>, least <const>, packed <const>, high <const>, q <const> =
    split(x, 2, 2, 12, 32, 128)
  local scales <const>, minima <const> = scales_and_minima(packed)
  return scaled(fifth_bit(bits(q, 32, 4, 2), bits(high, 32, 1, 8)), half(d) * scales,
    half(least) * minima)
end)

define(14, "Q6_K", 256, 210, function(x)
  local low <const>, high <const>, scales <const>, d <const> = split(x, 128, 64, 16, 2)
  local q <const> = fifth_bit(bits(low, 64, 4, 2), bits(high, 32, 2, 4))
  return scaled(q - 32, half(d) * signed(scales))
end)

define(15, "Q8_K", 256, 292, function(x)
  local d <const>, q <const> = split(x, 4, 256)
  return as("float32", d, 4) * signed(q)
end)

define(20, "IQ4_NL", 32, 18, function(x)
  local d <const>, q <const> = split(x, 2, 16)
  return half(d) * looked_up(bits(q, 16, 4, 2))
end)

define(23, "IQ4_XS", 256, 136, function(x)
  local d <const>, high <const>, low <const>, q <const> = split(x, 2, 2, 4, 128)
  local scale <const> = number(bits(low, 1, 4, 2)) + number(bits(high, 1, 2, 4)) * 16 - 32
  return scaled(looked_up(bits(q, 16, 4, 2)), half(d) * scale)
end)

-- ---- whole tensors ------------------------------------------------------------------------------

--- quants.values(kind, bytes, shape, dtype = "float32"): the tensor of the blocks of a type (of
--- quants.types), whose bytes must be as many as the shape needs.
function quants.values(kind, bytes, shape, dtype)
  local count <const>, at_once <const> = #bytes // kind.bytes, AT_ONCE // kind.size
  local result <const> = core.empty({ count, kind.size }, dtype or "float32")
  for first = 0, count - 1, at_once do
    local n <const> = math.min(at_once, count - first)
    local part <const> = bytes:sub(first * kind.bytes + 1, (first + n) * kind.bytes)
    local blocks <const> = core.from_bytes(part, { n, kind.bytes }, "uint8")
    result:narrow(1, first + 1, n):copy_(kind.values(blocks))
  end
  return result:reshape(shape)
end

-- As C's roundf: halves away from zero.
local function rounded(x)
  local whole <const> = x:abs():floor()
  return (whole + ((x:abs() - whole) * 2):floor()) * x:sign()
end

local function q8_0(x)
  local d <const> = x:abs():amax(2, { keepdim = true }) / 127
  local inverse <const> = ops.where(d:eq(0), d, d:reciprocal())
  local scale <const> = d:to("float16"):to_bytes()
  local q <const> = rounded(x * inverse):to("int8"):to_bytes()
  local n <const> = x:size(1)
  return ops.cat({ core.from_bytes(scale, { n, 2 }, "uint8"),
    core.from_bytes(q, { n, 32 }, "uint8") }, 2):to_bytes()
end

--- quants.q8_0(x): the bytes of the blocks of a tensor, whose last size is a multiple of 32: eight
--- bits a value, as ggml rounds.
function quants.q8_0(x)
  local parts <const>, rows <const> = {}, x:reshape { -1, 32 }
  local at_once <const> = AT_ONCE // 32
  for first = 1, rows:size(1), at_once do
    local n <const> = math.min(at_once, rows:size(1) - first + 1)
    parts[#parts + 1] = q8_0(rows:narrow(1, first, n):to "float32")
  end
  return table.concat(parts)
end

return quants
