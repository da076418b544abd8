-- Layers, losses and small networks of every family against PyTorch (golden/layers.lua).

local golden = require "spec.golden.layers"
local case = require "spec.golden.case"

describe("as in PyTorch", function()
  for _, row in ipairs(golden.layers) do
    it(row.code, function() case.check(row, row.code) end)
  end
end)

describe("ten steps of training, as in PyTorch", function()
  for _, row in ipairs(golden.training) do
    it(row.dtype .. ": " .. row.code, function() case.train(row) end)
  end
end)
