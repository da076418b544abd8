-- Floating numbers of four and eight bits, held by value in float32 tensors: their bits, and
-- rounding to them. https://onnx.ai/onnx/technical/float8.html, float4.html

local core = require "tocha.core"
local ops = require "tocha.op".ops

local minifloat <const> = {}

-- Bits of the exponent and of the mantissa; the bias; what the highest codes mean: "nan" (all ones
-- is NaN), "inf" (as IEEE), "zero" (NaN is where -0 would be), "none".
minifloat.formats = {
  float8e4m3fn = { exponent = 4, mantissa = 3, bias = 7, special = "nan", max = 448.0 },
  float8e4m3fnuz = { exponent = 4, mantissa = 3, bias = 8, special = "zero", max = 240.0 },
  float8e5m2 = { exponent = 5, mantissa = 2, bias = 15, special = "inf", max = 57344.0 },
  float8e5m2fnuz = { exponent = 5, mantissa = 2, bias = 16, special = "zero", max = 57344.0 },
  float4e2m1 = { exponent = 2, mantissa = 1, bias = 1, special = "none", max = 6.0 },
  float8e8m0 = { exponent = 8, mantissa = 0, bias = 127, special = "nan", max = 2.0 ^ 127,
    unsigned = true },
}

-- ---- codes --------------------------------------------------------------------------------------

local SPECIAL <const> = {
  nan = function(f, magnitude, code)
    local ones <const> = (1 << (f.exponent + f.mantissa)) - 1
    return magnitude == ones and code >= 0 and 0 / 0 or nil
  end,
  inf = function(f, magnitude)
    local e <const>, m <const> = magnitude >> f.mantissa, magnitude & (1 << f.mantissa) - 1
    if e ~= (1 << f.exponent) - 1 then return nil end
    return m == 0 and math.huge or 0 / 0
  end,
  zero = function(_, _, code) return code == 0x80 and 0 / 0 or nil end,
  none = function() return nil end,
}

local function value_of(f, code)
  local magnitude <const> = f.unsigned and code or code & (1 << (f.exponent + f.mantissa)) - 1
  local sign <const> = magnitude ~= code and -1.0 or 1.0
  local special <const> = SPECIAL[f.special](f, magnitude, code)
  if special then return sign * special end
  local e <const>, m <const> = magnitude >> f.mantissa, magnitude & (1 << f.mantissa) - 1
  if f.unsigned then return 2.0 ^ (e - f.bias) end
  if e == 0 then return sign * m * 2.0 ^ (1 - f.bias - f.mantissa) end
  return sign * (1 + m / (1 << f.mantissa)) * 2.0 ^ (e - f.bias)
end

-- The values of all codes, from 0.
local function values_of(f)
  if not f.values then
    f.values = {}
    local bits <const> = f.exponent + f.mantissa + (f.unsigned and 0 or 1)
    for code = 0, (1 << bits) - 1 do f.values[code + 1] = value_of(f, code) end
  end
  return f.values
end

--- minifloat.decode(codes, format): float32 values of a uint8 tensor.
function minifloat.decode(codes, f)
  local table_ <const> = core.from_table(values_of(f), "float32"):to(codes.device)
  local places <const> = codes:reshape { -1 }:to "int64" + 1
  return table_:index_select(1, places):reshape(codes.shape)
end

local function key_of(x)
  if x ~= x then return "nan" end
  return x == 0 and 1 / x < 0 and "-0" or x
end

--- minifloat.encode(x, format): the codes of values that the format has, a uint8 tensor.
function minifloat.encode(x, f)
  local code_of <const>, codes <const> = {}, {}
  for k, value in ipairs(values_of(f)) do
    local key <const> = key_of(value)
    code_of[key] = code_of[key] or k - 1
  end
  for k, value in ipairs(x:cpu():reshape { -1 }:totable()) do codes[k] = code_of[key_of(value)] end
  return core.from_table(codes, "uint8"):reshape(x.shape)
end

-- ---- rounding -----------------------------------------------------------------------------------

-- 2^e of the last bit that a number of this size keeps.
local function unit_of(magnitude, f)
  local exponent <const> = magnitude:log2():floor()
  -- log2 may round up to the next power
  local exact <const> = exponent - exponent:exp2():gt(magnitude):to(exponent.dtype)
  return (exact:clamp(1 - f.bias, 1 << f.exponent) - f.mantissa):exp2()
end

local OVERFLOW <const> = { nan = 0 / 0, inf = math.huge, zero = 0 / 0 }

local function limited(y, f, saturate)
  local beyond <const> = y:abs():gt(f.max)
  local limit <const> = not saturate and OVERFLOW[f.special] or f.max
  return y:masked_fill(beyond, limit):copysign(y)
end

--- minifloat.round(x, format, saturate): to the nearest value, ties to even, as float32; what is
--- too large becomes the largest (`saturate`), or infinity or NaN, whichever the format has. NaN
--- becomes -0 in the format that has none.
function minifloat.round(x, f, saturate)
  local wide <const> = x:to "float64"
  local unit <const> = unit_of(wide:abs(), f)
  local rounded <const> = (wide / unit):round() * unit
  local y <const> = ops.where(wide:isinf(), wide, rounded)
  local kept <const> = limited(y, f, saturate)
  local nan <const> = f.special == "none" and ops.full_like(wide, -0.0) or wide
  local result <const> = ops.where(wide:isnan(), nan, kept):to "float32"
  return f.special == "zero" and result + 0.0 or result
end

return minifloat
