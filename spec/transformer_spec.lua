-- Multi-head attention, transformers, positions, generation with a cache.

describe("as PyTorch, results and gradients:", function()
  for title, test in require "spec.golden.cases".of "spec/golden/transformer.safetensors" do
    it(title, test)
  end
end)
