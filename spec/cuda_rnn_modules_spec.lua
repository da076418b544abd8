-- nn.RNN, nn.LSTM and nn.GRU on the CUDA device: as PyTorch, and as on the CPU. By the own kernels
-- here; cuda_libraries_spec.lua runs this once more where cuDNN's functions take whole stacks.

local tocha = require "tocha"
local device = require "spec.cuda_support"
local support = require "spec.support"

local nn <const>, rnn <const> = tocha.nn, tocha.nn.utils.rnn
local describe_cuda <const> = device.suite(describe, pending)
local TOLERANCE <const> = { float32 = 1e-4, bfloat16 = 6e-2, float16 = 6e-3 }
local KINDS <const> = {
  { "RNN", {} }, { "RNN", { nonlinearity = "relu", num_layers = 2, bidirectional = true } },
  { "LSTM", {} }, { "LSTM", { num_layers = 3, bidirectional = true } },
  { "LSTM", { num_layers = 2, bidirectional = true, proj_size = 3 } },
  { "LSTM", { bias = false, batch_first = true } },
  { "GRU", {} }, { "GRU", { num_layers = 2, bidirectional = true } }, { "GRU", { bias = false } },
}

local function text_of(kind, options)
  local parts <const> = {}
  for name, value in pairs(options) do parts[#parts + 1] = name .. " = " .. tostring(value) end
  table.sort(parts)
  return kind .. " " .. table.concat(parts, ", ")
end

-- A module and its like on the device.
local function pair(kind, options, dtype, inputs, hidden)
  tocha.manual_seed(3)
  local here <const> = nn[kind](inputs, hidden, options):to(dtype)
  local there <const> = nn[kind](inputs, hidden, options):to(dtype)
  there:load_state_dict(here:state_dict())
  return here, there:to "cuda"
end

local function flat(list, value)
  if tocha.is_tensor(value) then list[#list + 1] = value
  elseif value.data then list[#list + 1] = value.data
  else for _, each in ipairs(value) do flat(list, each) end end
  return list
end

-- Results, and the gradients of weighted sums of all of them.
local function results(module, x, state, packed)
  module:zero_grad()
  local wanted <const> = flat({ x }, state or {})
  for _, each in ipairs(wanted) do each:requires_grad_() end
  local input <const> = packed and rnn.pack_padded_sequence(x, packed, module.batch_first) or x
  local list <const> = flat({}, { module(input, state) })
  local total = 0
  for k, y in ipairs(list) do
    local w <const> = (tocha.arange(1, y:numel(), { dtype = "float32" }) * (0.2 + k)):cos()
    total = total + (y:reshape(-1) * w:to(y.dtype):to(y.device)):sum()
  end
  total:backward()
  for _, each in ipairs(wanted) do list[#list + 1] = each.grad end
  for _, p in ipairs(module:parameters()) do list[#list + 1] = p.grad end
  return list
end

local function random_state(kind, options, batch, hidden, dtype)
  local n <const> = (options.num_layers or 1) * (options.bidirectional and 2 or 1)
  local h <const> = (tocha.randn(n, batch, options.proj_size or hidden) * 0.5):to(dtype)
  return kind == "LSTM" and { h, (tocha.randn(n, batch, hidden) * 0.5):to(dtype) } or h
end

local function check(kind, options, dtype, packed, with_state)
  local here <const>, there <const> = pair(kind, options, dtype, 4, 5)
  local x <const> = (tocha.randn(options.batch_first and 3 or 6, options.batch_first and 6 or 3, 4)
    * 0.5):to(dtype)
  local state <const> = with_state and random_state(kind, options, 3, 5, dtype) or nil
  local got <const> = results(there, device.moved(x), state and device.moved(state), packed)
  device.assert_alike(got, results(here, x, state, packed), TOLERANCE[dtype], TOLERANCE[dtype])
end

describe_cuda("recurrent modules on CUDA, as PyTorch's:", function()
  if not device.here then return end
  for title, test in require "spec.golden.cases".of("spec/golden/rnn.safetensors", "cuda") do
    it(title, test)
  end
end)

describe_cuda("recurrent modules on CUDA, as on the CPU:", function()
  for _, row in ipairs(KINDS) do
    it(text_of(row[1], row[2]), function()
      for dtype in pairs(TOLERANCE) do
        check(row[1], row[2], dtype, nil, true)
        check(row[1], row[2], dtype, nil, false)
        check(row[1], row[2], dtype, { 6, 3, 1 }, true)
      end
    end)
  end

  it("one step, one sequence, and none", function()
    local here <const>, there <const> = pair("LSTM", { num_layers = 2 }, "float32", 4, 5)
    for _, shape in ipairs { { 1, 1, 4 }, { 1, 3, 4 }, { 7, 4 }, { 3, 0, 4 } } do
      local x <const> = tocha.randn(shape)
      device.assert_alike(flat({}, { there(x:to "cuda") }), flat({}, { here(x) }), 1e-5, 1e-5)
    end
  end)

  it("autocast rounds what it rounds there", function()
    local here <const>, there <const> = pair("LSTM", { num_layers = 2 }, "float32", 4, 5)
    local x <const> = tocha.randn(6, 3, 4)
    local function run(module, kind, input)
      local _ <close> = tocha.autocast(kind, "bfloat16")
      return flat({}, { module(input) })
    end
    local want <const>, got <const> = run(here, "cpu", x), run(there, "cuda", x:to "cuda")
    for k, y in ipairs(got) do assert.equal(want[k].dtype, y.dtype) end
    device.assert_alike(got, want, 6e-2, 6e-2)
  end)

  it("a graph that is kept gives the same gradients again", function()
    local _, there <const> = pair("GRU", { num_layers = 2 }, "float32", 4, 5)
    local loss <const> = there(tocha.randn(6, 3, 4):to "cuda"):sum()
    local function grads(keep)
      there:zero_grad()
      loss:backward(nil, { retain_graph = keep })
      local list <const> = {}
      for k, p in ipairs(there:parameters()) do list[k] = p.grad:to "cpu":clone() end
      return list
    end
    support.assert_alike(grads(true), grads(false), 0, 0)
  end)

  it("second derivatives", function()
    local here <const>, there <const> = pair("LSTM", { bidirectional = true }, "float32", 2, 3)
    local x <const> = tocha.randn(4, 2, 2)
    local function second(module, input)
      input:requires_grad_()
      local g <const> = tocha.autograd.grad((module(input)):pow(2):sum(), { input },
        { create_graph = true })
      return tocha.autograd.grad(g[1]:pow(2):sum(), { input, module.weight_hh_l0_reverse })
    end
    device.assert_alike(second(there, x:to "cuda"), second(here, x), 1e-3, 1e-4)
  end)

  it("dropout between layers, and none of it afterwards", function()
    local here <const>, there <const> = pair("LSTM", { num_layers = 2, dropout = 0.5 }, "float32",
      4, 5)
    local x <const> = tocha.randn(6, 3, 4)
    local function drawn(module, input)
      tocha.manual_seed(9)
      return results(module, input:detach())
    end
    device.assert_alike(drawn(there, x:to "cuda"), drawn(here, x), 1e-4, 1e-4)
    device.assert_alike(drawn(there:eval(), x:to "cuda"), drawn(here:eval(), x), 1e-4, 1e-4)
  end)

  it("recorded steps", function()
    local here <const>, there <const> = pair("GRU", { num_layers = 2 }, "float32", 4, 5)
    local x <const> = tocha.randn(6, 3, 4)
    local step <const> = tocha.graph(function(input) return there(input) end)
    for _ = 1, 4 do
      device.assert_alike(step(x:to "cuda"), (here(x)), 1e-5, 1e-5)
    end
  end)
end)
