-- From one type to another: Cast, CastLike, BitCast.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local raw = require "tocha.io.raw"
local minifloat = require "tocha.onnx.minifloat"
local op = require "tocha.onnx.registry".op
local types = require "tocha.onnx.types"

-- ---- strings ------------------------------------------------------------------------------------

local SPECIAL <const> = { nan = 0 / 0, inf = math.huge, ["+inf"] = math.huge,
  ["-inf"] = -math.huge }

local function number_of(word)
  return SPECIAL[word:lower()] or tonumber(word) or op.fail("'%s' is no number", word)
end

local function from_strings(x)
  local list <const> = types.words(x)
  for k, word in ipairs(list) do list[k] = number_of(word) + 0.0 end
  if #list == 0 then return core.empty(x.shape, "float64") end
  return core.from_table(list, "float64"):reshape(x.shape)
end

-- The shortest text that is read back as the same float32 or float64.
local function shortest(value, digits, same)
  if value ~= value then return "nan" end
  if math.type(value) == "integer" then return ("%d"):format(value) end
  for precision = 1, digits do
    local text <const> = ("%%.%dg"):format(precision):format(value)
    if same(tonumber(text), value) then
      return text:find "[%.eni]" and text or text .. ".0"
    end
  end
  return ("%.17g"):format(value)
end

local function same_float32(a, b)
  return string.unpack("<f", string.pack("<f", a)) == b
end
local function same_float64(a, b) return a == b end

local function to_strings(x)
  local same <const> = x.dtype == "float64" and same_float64 or same_float32
  local list <const> = x:numel() == 0 and {} or x:cpu():reshape { -1 }:totable()
  for k, value in ipairs(list) do
    if type(value) == "boolean" then list[k] = value and "True" or "False"
    else list[k] = shortest(value, 17, same) end
  end
  return types.strings(list, x.shape)
end

-- ---- numbers ------------------------------------------------------------------------------------

-- Powers of two: NaN stays, 0 and less become the smallest; between two of them by the mode.
local function to_e8m0(x, a)
  local exponent <const> = x:to "float64":abs():log2()
  local mode <const> = a.round_mode
  local whole <const> = mode == "down" and exponent:floor() or mode == "nearest"
    and (x:to "float64":abs() / exponent:floor():exp2()):ge(1.5):to "float64" + exponent:floor()
    or exponent:ceil()
  local beyond <const> = a.saturate ~= 0 and 127 or math.huge
  local limited <const> = ops.where(whole:gt(127), ops.full_like(whole, beyond),
    whole:clamp_min(-127))
  local y <const> = limited:exp2()
  local nan <const> = x:isnan():logical_or(y:isinf())
  return y:to "float32":masked_fill(nan, 0 / 0)
end

local function to_small(x, type_, a)
  local wide <const> = x:to "float32"
  if type_.name == "float8e8m0" then return to_e8m0(wide, a) end
  return minifloat.round(wide, type_.small, a.saturate ~= 0)
end

-- From 2^63 on the bits are those of a negative number.
local function to_uint64(x)
  return ops.where(x:ge(2.0 ^ 63), x - 2.0 ^ 64, x):to "int64"
end

-- uint64's numbers as float64.
local function from_uint64(x)
  local low <const> = x:bitwise_and(0xffffffff):to "float64"
  local high <const> = x:bitwise_right_shift(32):bitwise_and(0xffffffff):to "float64"
  return high * 2.0 ^ 32 + low
end

local function to_integer(x, type_)
  if not x:is_floating_point() then return x:to(type_.dtype) end
  if type_.name == "uint64" then return to_uint64(x) end
  -- by way of int64: what is out of range wraps round in the same way everywhere
  return x:to "int64":to(type_.dtype)
end

local function cast(x, type_, a)
  local from <const> = types.of(x)
  if from == type_ then return types.mark(ops.alias(x), type_) end
  if type_.name == "string" then return to_strings(x) end
  if from.name == "string" then x = from_strings(x) end
  if from.name == "uint64" and not type_.integer then x = from_uint64(x) end
  if type_.small then return types.mark(to_small(x, type_, a), type_) end
  if type_.integer then return types.wrap(ops.alias(to_integer(x, type_)), type_) end
  return types.mark(ops.alias(x:to(type_.dtype)), type_)
end

-- Names of types, of the first version.
local OLD_NAMES <const> = { FLOAT = "float32", DOUBLE = "float64" }

local function target(to)
  if type(to) == "string" then
    return types.named(OLD_NAMES[to] or to:lower()) or op.fail("unknown type '%s'", to)
  end
  return op.dtype(to)
end

op "Cast" {
  since = 1, inputs = "input", types = "own", doc = "Of the type `to`",
  attributes = { to = op.need.type_name, saturate = 1, round_mode = "up" },
  run = function(a, x) return cast(x, target(a.to), a) end,
}

op "CastLike" {
  since = 15, inputs = "input, target_type", types = "own", doc = "Of the type of `target_type`",
  attributes = { saturate = 1, round_mode = "up" },
  run = function(a, x, like) return cast(x, types.of(like), a) end,
}

-- ---- bits ---------------------------------------------------------------------------------------

-- The bytes of each element.
local function bytes_of(x, type_)
  if type_.bits <= 8 and not type_.plain then return types.codes(x):to_bytes() end
  if type_.bits == 16 and not type_.plain then x = x:to "int16" end
  if type_.bits == 32 and not type_.plain then x = x:to "int32" end
  return x:cpu():contiguous():to_bytes()
end

local function from_bytes(bytes, shape, type_)
  if type_.plain then return raw.tensor(bytes, shape, type_.dtype) end
  if type_.bits == 64 then return raw.tensor(bytes, shape, "int64") end
  if type_.bits > 8 then return raw.unsigned(bytes, shape, type_.bits // 8) end
  return types.decoded(raw.tensor(bytes, shape, "uint8"), type_)
end

op "BitCast" {
  since = 26, inputs = "input", attributes = { to = op.need.int }, types = "own",
  doc = "The same bits, read as another type of the same size",
  run = function(a, x)
    local from <const>, to <const> = types.of(x), op.dtype(a.to)
    if from.bits ~= to.bits then op.fail("%s has not the size of %s", to.name, from.name) end
    if from == to then return types.mark(ops.alias(x), to) end
    return types.mark(from_bytes(bytes_of(x, from), x.shape, to):to(x.device), to)
  end,
}
