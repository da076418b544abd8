-- Arithmetic of unsigned integers that are carried by wider or (64 bits) by signed ones.

local ops = require "tocha.op".ops
local types = require "tocha.onnx.types"

local unsigned <const> = {}

local LOWEST <const> = math.mininteger

--- unsigned.ordered(x): 64 bits so that signed comparison orders them as unsigned, and back.
function unsigned.ordered(x) return ops.bitwise_xor(x, LOWEST) end

-- x >> 1 without the sign.
local function halved(x) return x:bitwise_right_shift(1):bitwise_and(math.maxinteger) end

--- unsigned.divide(x, y): quotient and remainder of 64-bit unsigned numbers (carried by int64). The
--- quotient of half of x, doubled, is too small by one at most; a divisor from 2^63 goes in once.
function unsigned.divide(x, y)
  local small <const> = ops.clamp_min(y, 1)
  local guess <const> = ops.div(halved(x), small, "trunc") * 2
  local rest <const> = x - guess * y
  local more <const> = ops.ge(unsigned.ordered(rest), unsigned.ordered(y)):to "int64"
  local large <const> = ops.ge(unsigned.ordered(x), unsigned.ordered(y)):to "int64"
  local quotient <const> = ops.where(y:lt(0), large, guess + more)
  return quotient, x - quotient * y
end

--- unsigned.clip(x, low, high): 64-bit numbers within bounds, either of which may be nil.
function unsigned.clip(x, low, high)
  local y = unsigned.ordered(x)
  if low then y = ops.maximum(y, unsigned.ordered(low)) end
  if high then y = ops.minimum(y, unsigned.ordered(high)) end
  return unsigned.ordered(y)
end

-- Shifts by the width or more give 0.
local function shifted(f, x, y)
  local bits <const> = types.of(x).bits
  local result <const> = f(x, ops.clamp(y, 0, bits - 1))
  return ops.where(y:ge(bits), ops.zeros_like(result), result)
end

--- unsigned.left(x, y): x << y; carried types wrap round afterwards.
function unsigned.left(x, y) return shifted(ops.bitwise_left_shift, x, y) end

-- Bits that an arithmetic shift brings in from the sign are taken off.
local function right_64(x, y)
  local first <const> = halved(x)
  local rest <const> = first:bitwise_right_shift(ops.clamp_min(y - 1, 0))
  return ops.where(y:eq(0), x, rest)
end

--- unsigned.right(x, y): x >> y with zeros from the left.
function unsigned.right(x, y)
  local is_64 <const> = types.of(x).bits == 64
  return shifted(is_64 and right_64 or ops.bitwise_right_shift, x, y)
end

return unsigned
