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

-- ---- shifts -------------------------------------------------------------------------------------

-- x >> y of 64 bits without the sign.
local function logical_right(x, y)
  local rest <const> = halved(x):bitwise_right_shift(ops.clamp_min(y - 1, 0))
  return ops.where(y:eq(0), x, rest)
end

-- Shifts that are negative, or of the width or more, leave `beyond`.
local function shifted(f, x, y, beyond)
  local type_ <const> = types.of(x)
  local inside <const> = y:ge(0):logical_and(y:lt(type_.bits))
  return ops.where(inside, f(x, ops.clamp(y, 0, type_.bits - 1)), beyond)
end

--- unsigned.left(x, y): x << y; carried types wrap round afterwards.
function unsigned.left(x, y) return shifted(ops.bitwise_left_shift, x, y, ops.zeros_like(x)) end

--- unsigned.right(x, y): x >> y: unsigned types take zeros from the left, signed ones their sign.
function unsigned.right(x, y)
  if types.of(x).name == "uint64" then
    return shifted(logical_right, x, y, ops.zeros_like(x))
  end
  local sign <const> = ops.where(x:lt(0), -1, ops.zeros_like(x)):to(x.dtype)
  return shifted(ops.bitwise_right_shift, x, y, sign)
end

return unsigned
