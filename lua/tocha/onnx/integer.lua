-- Arithmetic of integers: unsigned ones that are carried by wider or (64 bits) by signed ones, and
-- what only floating numbers have.

local ops = require "tocha.op".ops
local types = require "tocha.onnx.types"

local integer <const> = {}

local LOWEST <const> = math.mininteger

--- integer.ordered(x): 64 bits so that signed comparison orders them as unsigned, and back.
function integer.ordered(x) return ops.bitwise_xor(x, LOWEST) end

local function is_uint64(x) return types.of(x).name == "uint64" end
integer.is_uint64 = is_uint64

--- integer.comparing(f, same = false): f(x, ...) compares its tensors; those of uint64 as unsigned
--- ones. With `same` the result is of their type.
function integer.comparing(f, same)
  return function(x, ...)
    if not is_uint64(x) then return f(x, ...) end
    local args <const> = { ... }
    for k, y in ipairs(args) do args[k] = integer.ordered(y) end
    local result <const> = f(integer.ordered(x), table.unpack(args))
    return same and integer.ordered(result) or result
  end
end

--- integer.floating(f): f(x, ...) of floating numbers, integers by way of float64 (exact below
--- 2^53) and back to their dtype.
function integer.floating(f)
  return function(x, ...)
    if x:is_floating_point() then return f(x, ...) end
    local args <const> = { ... }
    for k, y in ipairs(args) do args[k] = y:double() end
    return f(x:double(), table.unpack(args)):to(x.dtype)
  end
end

-- x >> 1 without the sign.
local function halved(x) return x:bitwise_right_shift(1):bitwise_and(math.maxinteger) end

--- integer.divide(x, y): quotient and remainder of 64-bit unsigned numbers (carried by int64). The
--- quotient of half of x, doubled, is too small by one at most; a divisor from 2^63 goes in once.
function integer.divide(x, y)
  local small <const> = ops.clamp_min(y, 1)
  local guess <const> = ops.div(halved(x), small, "trunc") * 2
  local rest <const> = x - guess * y
  local more <const> = ops.ge(integer.ordered(rest), integer.ordered(y)):to "int64"
  local large <const> = ops.ge(integer.ordered(x), integer.ordered(y)):to "int64"
  local quotient <const> = ops.where(y:lt(0), large, guess + more)
  return quotient, x - quotient * y
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

--- integer.left(x, y): x << y; carried types wrap round afterwards.
function integer.left(x, y) return shifted(ops.bitwise_left_shift, x, y, ops.zeros_like(x)) end

--- integer.right(x, y): x >> y: unsigned types take zeros from the left, signed ones their sign.
function integer.right(x, y)
  if is_uint64(x) then
    return shifted(logical_right, x, y, ops.zeros_like(x))
  end
  local sign <const> = ops.where(x:lt(0), -1, ops.zeros_like(x)):to(x.dtype)
  return shifted(ops.bitwise_right_shift, x, y, sign)
end

return integer
