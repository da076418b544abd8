-- What the specs of the CUDA back end share: the emulated device, arguments moved to it, and
-- results held against the CPU's.

local tocha = require "tocha"
local support = require "spec.support"

local cuda <const> = {}

--- Is the emulated back end in this build? Where not, also why. With TOCHA_CUDA=real it is the card
--- that is meant (dev/gpu-check.sh).
local real <const> = os.getenv "TOCHA_CUDA" == "real"
cuda.here, cuda.why = (real and tocha.cuda.is_available or tocha.cuda.emulate)()

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

-- The arguments that want gradients.
local function wanted(args)
  local list <const> = {}
  for k = 1, args.n do
    if tocha.is_tensor(args[k]) and args[k].requires_grad then list[#list + 1] = args[k] end
  end
  return list
end

-- All results of f(args...) and the gradients of its arguments, for gradients of the results that
-- follow a pattern, so that no two elements count the same.
local function evaluate(f, args)
  local results <const> = table.pack(f(table.unpack(args, 1, args.n)))
  local roots <const>, patterns <const> = {}, {}
  for _, y in ipairs(results) do
    if y.requires_grad then
      roots[#roots + 1] = y
      local pattern <const> = tocha.arange(1, y:numel()):to(y.dtype):sin():view(y.shape)
      patterns[#roots] = pattern:to(y.device)
    end
  end
  if #roots == 0 then return results, {} end
  return results, tocha.autograd.grad(roots, wanted(args),
    { grad_outputs = patterns, allow_unused = true })
end

--- Fails unless the results of f(args...), tensors, and its gradients are on the device what they
--- are on the CPU. `args.n` counts the arguments.
function cuda.assert_same(f, args, rtol, atol)
  local moved <const> = cuda.moved(args)
  local want <const>, want_gradients <const> = evaluate(f, args)
  local got <const>, got_gradients <const> = evaluate(f, moved)
  for k = 1, want.n do
    cuda.assert_alike(got[k], want[k], rtol, atol or rtol, "result " .. k)
  end
  for k, g in pairs(want_gradients) do
    if g then cuda.assert_alike(got_gradients[k], g, rtol, atol or rtol, "gradient " .. k) end
  end
end

--- f's results on the device: those on the CPU, and the same every time. Random numbers start from
--- one seed.
function cuda.assert_agrees(f, args, rtol, atol, where)
  local function run(given)
    tocha.manual_seed(7)
    return table.pack(f(table.unpack(given, 1, args.n or #args)))
  end
  local want <const>, got <const> = run(args), run(cuda.moved(args))
  local again <const> = run(cuda.moved(args))
  for j = 1, want.n do
    cuda.assert_alike(got[j], want[j], rtol, atol, where)
    cuda.assert_alike(again[j], cuda.back(got[j]), 0, 0, (where or "result") .. ", the second time")
  end
end

return cuda
