-- Layers, losses, small networks and optimisers on the CUDA device against PyTorch's numbers, the
-- same that nn_layers_spec.lua and optim_golden_spec.lua hold against the CPU. The device is the
-- emulated one.

local tocha = require "tocha"
local golden = require "spec.golden.layers"
local case = require "spec.golden.case"
local device = require "spec.cuda_support"

local nn <const> = tocha.nn
local describe_cuda <const> = device.suite(describe, pending)

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

-- What makes tensors of its own on the way: each a function of the device.
local WHOLE <const> = {
  ["packed sequences"] = function(where)
    local lstm <const> = nn.LSTM(3, 4, { num_layers = 2, bidirectional = true }):to(where)
    local packed <const> = nn.utils.rnn.pack_padded_sequence(tocha.randn(5, 3, 3):to(where),
      { 5, 2, 4 }, { enforce_sorted = false })
    local y <const>, lengths <const> = nn.utils.rnn.pad_packed_sequence((lstm(packed)))
    assert.same({ 5, 2, 4 }, lengths:totable())
    return y
  end,
  ["a transformer with masks"] = function(where)
    local net <const> = nn.Transformer(16, 2, 1, 1, 32, { dropout = 0.1 }):to(where)
    local mask <const> = nn.Transformer.generate_square_subsequent_mask(4):to(where)
    return net(tocha.randn(5, 2, 16):to(where), tocha.randn(4, 2, 16):to(where),
      { tgt_mask = mask })
  end,
  ["an encoder with padding"] = function(where)
    local layer <const> = nn.TransformerEncoderLayer(16, 2, 32, { dropout = 0.1,
      batch_first = true })
    local padding <const> = tocha.tensor { { false, false, true }, { false, true, true } }
    return nn.TransformerEncoder(layer, 2):to(where)(tocha.randn(2, 3, 16):to(where),
      { src_key_padding_mask = padding:to(where) })
  end,
  ["attention with a cache"] = function(where)
    local layer <const> = nn.MultiheadAttention(16, 2, { batch_first = true }):to(where)
    local options <const> = { is_causal = true, need_weights = false, cache = nn.KVCache() }
    layer(tocha.randn(1, 3, 16):to(where), options)
    return (layer(tocha.randn(1, 1, 16):to(where), options))
  end,
  ["positions"] = function(where)
    local x <const> = tocha.randn(2, 5, 8):to(where)
    return nn.RotaryEmbedding(8):to(where)(nn.PositionalEncoding(8, { dropout = 0.0 }):to(where)(x))
  end,
  ["adaptive softmax"] = function(where)
    local layer <const> = nn.AdaptiveLogSoftmaxWithLoss(8, 20, { 5, 10 }):to(where)
    return layer(tocha.randn(6, 8):to(where), tocha.tensor({ 1, 6, 12, 20, 3, 7 }):to(where)).output
  end,
  ["a loss of unaligned labels, their lengths on the host"] = function(where)
    return nn.CTCLoss()(tocha.randn(6, 2, 4):log_softmax(-1):to(where),
      tocha.tensor { { 2, 3 }, { 3, 4 } }, { 6, 5 }, { 2, 2 })
  end,
  ["assignment by ranges and masks"] = function(where)
    local x <const> = tocha.randn(4, 5):to(where)
    x[{ 1, { 2, 3 } }] = 7
    x[x:gt(0)] = 1
    return x[tocha.tensor({ 1, 3 }):to(where)]
  end,
}

describe_cuda("on CUDA as on the CPU:", function()
  for name, make in pairs(WHOLE) do
    it(name, function()
      tocha.manual_seed(3)
      local want <const> = make "cpu"
      tocha.manual_seed(3)
      device.assert_alike(make "cuda", want, 1e-5, 1e-5)
    end)
  end
end)
