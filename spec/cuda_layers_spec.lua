-- Layers, losses, small networks and optimisers on the CUDA device against PyTorch's numbers, the
-- same that nn_layers_spec.lua and optim_golden_spec.lua hold against the CPU. The device is the
-- emulated one.

local golden = require "spec.golden.layers"
local case = require "spec.golden.case"
local describe_cuda <const> = require "spec.cuda_support".suite(describe, pending)

-- A module that only a function knows stays where it is.
local function moves(code) return not code:find("function(x) return f(x) end", 1, true) end

describe_cuda("on CUDA as in PyTorch", function()
  for _, row in ipairs(golden.layers) do
    if moves(row.code) then it(row.code, function() case.check(row, row.code, "cuda") end) end
  end
end)

describe_cuda("on CUDA ten steps of training, as in PyTorch", function()
  for _, row in ipairs(golden.training) do
    it(row.dtype .. ": " .. row.code, function() case.train(row, "cuda") end)
  end
end)
