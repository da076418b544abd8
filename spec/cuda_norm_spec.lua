-- Normalisation of halves with float32 parameters on the CUDA device, as mixed precision has it:
-- the values of the CPU, in the memory that one dtype takes, so nothing is converted on the way.

local tocha = require "tocha"
local device = require "spec.cuda_support"

local ops <const> = require "tocha.op".ops
local describe_cuda <const> = device.suite(describe, pending)
local TOLERANCE <const> = { float16 = 4e-3, bfloat16 = 3e-2 }

-- name, shape of the input, number of parameters, the operation
local CASES <const> = {
  { "layer_norm of rows in registers", { 7, 48 }, 48, function(x, w, b)
    return ops.layer_norm(x, { 48 }, w, b)
  end },
  { "layer_norm of odd rows", { 7, 45 }, 45, function(x, w, b)
    return ops.layer_norm(x, { 45 }, w, b)
  end },
  { "layer_norm of long rows", { 3, 4101 }, 4101, function(x, w, b)
    return ops.layer_norm(x, { 4101 }, w, b)
  end },
  { "rms_norm", { 5, 40 }, 40, function(x, w, b)
    return ops.rms_norm(x, { 40 }, w, 1e-5) + 0 * b
  end },
  { "group_norm", { 3, 6, 4, 3 }, 6, function(x, w, b) return ops.group_norm(x, 2, w, b) end },
  { "batch_norm in training", { 4, 5, 3, 3 }, 5, function(x, w, b)
    return ops.batch_norm(x, nil, nil, w, b, true)
  end },
  { "batch_norm in evaluation", { 4, 5, 3, 3 }, 5, function(x, w, b)
    local mean <const> = tocha.linspace(-0.1, 0.1, 5):to(x.device)
    return ops.batch_norm(x, mean, mean:abs() + 1, w, b)
  end },
}

local function arguments(case, dtype, other)
  tocha.manual_seed(11)
  return { tocha.randn(case[2]):to(dtype):requires_grad_(),
    (tocha.rand(case[3]) + 0.5):to(other):requires_grad_(),
    tocha.randn(case[3]):to(other):requires_grad_(), n = 3 }
end

describe_cuda("normalisation of halves with float32 parameters on CUDA, as on the CPU:", function()
  for _, case in ipairs(CASES) do
    for dtype, tolerance in pairs(TOLERANCE) do
      it(case[1] .. ", " .. dtype, function()
        device.assert_same(case[4], arguments(case, dtype, "float32"), tolerance)
      end)
      it(case[1] .. ", all " .. dtype, function()
        device.assert_same(case[4], arguments(case, dtype, dtype), 2 * tolerance)
      end)
    end
  end

  -- How often memory is taken for the result and the gradients.
  local function taken(case, dtype)
    local args <const> = device.moved(arguments(case, dtype, "float32"))
    local before <const> = tocha.cuda.memory_stats().allocations
    local y <const> = case[4](table.unpack(args, 1, 3))
    local gradients <const> = tocha.autograd.grad({ y }, { args[1], args[2] },
      { grad_outputs = { tocha.ones_like(y) } })
    assert.same({ dtype, dtype, "float32" },
      { y.dtype, gradients[1].dtype, gradients[2].dtype })
    return tocha.cuda.memory_stats().allocations - before
  end

  for _, case in ipairs(CASES) do
    if case[1] ~= "rms_norm" then
      it(case[1] .. " converts nothing", function()
        assert.equal(taken(case, "float32"), taken(case, "float16"))
      end)
    end
  end

  it("batch statistics are float32", function()
    local x <const> = (tocha.randn(64, 3) * 0.01 + 100):half():to "cuda"
    local mean <const>, var <const> = tocha.zeros(3):to "cuda", tocha.zeros(3):to "cuda"
    ops.batch_norm(x, mean, var, nil, nil, true, 1.0)
    local want <const> = x:to "cpu":double():mean(1)
    device.assert_alike(mean, want:float(), 1e-6, 1e-6)  -- float16 has steps of 1/16 here
  end)
end)
