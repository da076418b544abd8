-- What the specs of the CUDA back end share: the emulated device, arguments moved to it, and
-- results held against the CPU's.

local tocha = require "tocha"
local support = require "spec.support"

local cuda <const> = {}

--- Is the emulated back end in this build? Where not, also why.
cuda.here, cuda.why = tocha.cuda.emulate()

--- suite(describe, pending): a `describe` for the emulated device; where that is not built, it
--- holds one pending test that says so. (busted gives its functions to the spec file alone.)
function cuda.suite(describe, pending)
  return function(title, f)
    describe(title, function()
      if cuda.here then return f() end
      pending("the emulated CUDA device: " .. tostring(cuda.why))
    end)
  end
end

local function is_list(v) return type(v) == "table" and getmetatable(v) == nil end

--- The tensors in a value (a tensor, a list, a list of lists) through f; the rest as it is.
function cuda.each_tensor(value, f)
  if tocha.is_tensor(value) then return f(value) end
  if not is_list(value) then return value end
  local copy <const> = {}
  for k, v in pairs(value) do copy[k] = cuda.each_tensor(v, f) end
  return copy
end

--- A copy of the value on the device that wants gradients where the original does.
function cuda.moved(value, device)
  return cuda.each_tensor(value, function(x)
    return x:detach():to(device or "cuda"):requires_grad_(x.requires_grad)
  end)
end

--- Results back on the CPU.
function cuda.back(value)
  return cuda.each_tensor(value, function(x) return x:detach():to "cpu" end)
end

--- Fails unless the results of the device lie on it and are alike the CPU's.
function cuda.assert_alike(got, want, rtol, atol, where)
  cuda.each_tensor(got, function(x)
    if x.device ~= "cuda:0" then error("a result is on " .. x.device, 3) end
  end)
  support.assert_alike(cuda.back(got), cuda.back(want), rtol, atol, where)
end

return cuda
