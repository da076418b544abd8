-- Derived from the registry: every operation on the CUDA device against the CPU, forward and
-- gradient. The device is the emulated one: its kernels run on the CPU, thread for thread.

local core = require "tocha.core"
local tocha = require "tocha"
local support = require "spec.support"
local device = require "spec.cuda_support"

local describe_cuda <const> = device.suite(describe, pending)
local make <const>, call <const>, title <const> = support.make, support.call, support.title

-- Results that are not a function of the arguments' values, and those of the host.
local function comparable(decl)
  return not decl.name:match "^empty" and decl.name ~= "to_device" and decl.name ~= "to"
    and decl.name ~= "cpu"
end

local function each_sample(filter, f, with_gradient)
  support.each_sample(function(d) return comparable(d) and filter(d) end, function(decl, sample, k)
    it(title(decl, k), f(decl, sample))
  end, not with_gradient)
end

local function has_tensor(args)
  local found = false
  device.each_tensor(args, function() found = true end)
  return found
end

local function is_made(decl, args)
  if has_tensor(args) then return false end
  for _, param in ipairs(decl.params) do
    if param.name == "device" then return true end
  end
  return false
end

-- What is made from nothing is told where: as one more option of the trailing table.
local function with_device(args)
  local last <const>, options <const> = args[args.n], { device = "cuda" }
  local has_options <const> = type(last) == "table" and type((next(last))) == "string"
  for key, value in pairs(has_options and last or {}) do options[key] = value end
  args.n = has_options and args.n or args.n + 1
  args[args.n] = options
  return args
end

local function on_device(decl, args)
  return is_made(decl, args) and with_device(args) or device.moved(args)
end

-- Neither a tensor nor a device: nothing that could be elsewhere.
local function is_homeless(decl, args) return not has_tensor(args) and not is_made(decl, args) end

local TOLERANCE <const> = {
  float64 = { 1e-9, 1e-12 }, float32 = { 2e-5, 5e-6 }, bfloat16 = { 2e-2, 2e-2 },
  float16 = { 4e-3, 4e-3 },
}

local function same_forward(dtype, filter)
  local rtol <const>, atol <const> = table.unpack(TOLERANCE[dtype])
  each_sample(filter or function() return true end, function(decl, sample)
    return function()
      local args <const> = make(sample, dtype)
      if is_homeless(decl, args) then return end
      local want <const> = call(decl, args)
      local got <const> = call(decl, on_device(decl, make(sample, dtype)))
      for j = 1, want.n do device.assert_alike(got[j], want[j], rtol, atol) end
    end
  end)
end

describe_cuda("on CUDA in float64, the results of the CPU:", function()
  same_forward "float64"
end)

describe_cuda("on CUDA in float32, the results of the CPU:", function()
  same_forward "float32"
end)

local function halves(decl) return decl.half ~= false and not decl.random end

describe_cuda("on CUDA in bfloat16, about the results of the CPU:", function()
  same_forward("bfloat16", halves)
end)

describe_cuda("on CUDA in float16, about the results of the CPU:", function()
  same_forward("float16", halves)
end)

-- The same values, lying differently in memory.
local function transposed(x)
  if x.ndim < 2 then return x end
  return x:transpose(1, x.ndim):clone():transpose(1, x.ndim)
end

describe_cuda("on CUDA with transposed arguments, the results of the CPU:", function()
  each_sample(function(d)
    return not d.name:match "strided" and d.name ~= "view" and d.name ~= "view_as"
  end, function(decl, sample)
    return function()
      local args <const> = make(sample, "float64")
      if not has_tensor(args) then return end
      local laid <const> = device.each_tensor(on_device(decl, make(sample, "float64")), transposed)
      local want <const>, got <const> = call(decl, args), call(decl, laid)
      for j = 1, want.n do device.assert_alike(got[j], want[j], 1e-9, 1e-12) end
    end
  end)
end)

-- ---- gradients ----------------------------------------------------------------------------------

local function wanting(decl, args)
  local constant <const> = " " .. (decl.constant or "") .. " "
  for k = 1, args.n do
    local x <const> = args[k]
    if tocha.is_tensor(x) and x:is_floating_point()
      and not constant:find(" " .. decl.params[k].name .. " ", 1, true) then
      x:requires_grad_()
    end
  end
  return args
end

-- The gradients of the sum of all results, each weighted by a pattern, so that no two elements
-- count the same.
local function gradients(decl, args)
  local total
  for _, y in ipairs(call(decl, args)) do
    if tocha.is_tensor(y) and y.requires_grad then
      local pattern <const> = tocha.arange(1, y:numel()):to(y.dtype):sin():view(y.shape)
      local part <const> = (y * pattern:to(y.device)):sum()
      total = total and total + part or part
    end
  end
  if not total then return {} end
  total:backward()
  local list <const> = {}
  for k = 1, args.n do
    local x <const> = args[k]
    list[k] = tocha.is_tensor(x) and x.requires_grad and x.grad or false
  end
  return list
end

local function differentiable(decl)
  if decl.grad == false or decl.class == "COMPARE" or decl.class == "BITS" then return false end
  if decl.pointwise then return decl.own_grad and decl.name ~= "copy" end
  return true
end

describe_cuda("on CUDA, the gradients of the CPU:", function()
  each_sample(differentiable, function(decl, sample)
    return function()
      local args <const> = wanting(decl, make(sample, "float64"))
      if not has_tensor(args) then return end
      local want <const> = gradients(decl, args)
      local got <const> = gradients(decl, on_device(decl, wanting(decl, make(sample, "float64"))))
      for j = 1, args.n do
        if want[j] then device.assert_alike(got[j], want[j], 1e-8, 1e-10, "gradient " .. j) end
      end
    end
  end, true)
end)

-- ---- the table ----------------------------------------------------------------------------------

describe_cuda("on CUDA", function()
  it("every kernel exists", function()
    assert.same({}, core.kernels_missing "cuda")
  end)
end)
