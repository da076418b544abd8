-- What the specs of transforms share: pictures, and whether two are the same.

local tocha = require "tocha"

local support <const> = {}

--- Random bytes of that shape.
function support.bytes(...) return tocha.randint(0, 255, { ... }, { dtype = "uint8" }) end

--- Are dtype, shape and values the same?
function support.same(a, b) return a.dtype == b.dtype and tocha.equal(a, b) end

--- A picture whose pixels say where they are: row * 100 + column, as int64.
function support.places(height, width)
  local rows <const> = tocha.arange(1, height):reshape { 1, height, 1 } * 100
  return rows + tocha.arange(1, width):reshape { 1, 1, width }
end

return support
