-- Sizes, numbers and the comparison that the specs of long lines on the CUDA device share.

local tocha = require "tocha"
local device = require "spec.cuda_support"
local support = require "spec.support"

local numbers <const> = {}

-- 9000: a line that blocks share. 4097: more than registers hold.
numbers.SIZES = { 1, 31, 32, 33, 1023, 1025, 4097, 9000 }
numbers.TOLERANCE = { float64 = 1e-10, float32 = 3e-5, float16 = 4e-3, bfloat16 = 3e-2 }

function numbers.random(shape, dtype)
  tocha.manual_seed(3)
  return tocha.randn(shape, { dtype = "float64" }):to(dtype or "float64")
end

-- f(tensors...) here and there; results that are no tensors are left out. The device's results come
-- out the same twice: the emulation changes the order of threads.
function numbers.same(f, tensors, rtol, atol)
  local args <const> = table.pack(table.unpack(tensors))
  device.assert_same(f, args, rtol, atol)
  local moved <const> = device.moved(tensors)
  local one <const> = device.back(table.pack(f(table.unpack(moved))))
  local two <const> = device.back(table.pack(f(table.unpack(moved))))
  support.assert_alike(two, one, 0, 0, "again")
end

return numbers
