-- Predictions and generation. A workload is a function of `small`, true in the spec.

local tocha = require "tocha"
local fill = require "fill"
local nets = require "nets"
local numbers = require "numbers"

local F <const> = tocha.nn.functional
local workloads <const> = {}

local function prediction(net, x)
  local function unit()
    local _ <close> = tocha.no_grad()
    return net(x)
  end
  return { unit = unit, check = function() return numbers(unit()) end }
end

function workloads.tiny_predict()
  return prediction(fill.module(nets.tiny()):eval(), fill.tensor { 1, 2 })
end

function workloads.tiny_frozen()
  local predict <const>, x <const> = fill.module(nets.tiny()):freeze(2), fill.tensor { 1, 2 }
  return { unit = function() return predict(x) end,
    check = function() return numbers(predict(x)) end }
end

-- Frozen, on pictures of size x size.
local function frozen(net, batch, size)
  local x <const> = fill.tensor { batch, 3, size, size }
  local predict <const> = fill.module(net):eval():freeze(x)
  return { unit = function() return predict(x) end,
    check = function() return numbers(predict(x)) end }
end

function workloads.resnet50(small) return frozen(nets.resnet50(small), 1, small and 32 or 224) end

function workloads.resnet18_predict(small)
  return frozen(nets.resnet18(small and 1 or 2), 1, small and 16 or 32)
end

function workloads.resnet18_predict_32(small)
  return frozen(nets.resnet18(small and 1 or 2), small and 2 or 32, small and 16 or 32)
end

local function drawn(scores) return tocha.multinomial(F.softmax(scores, -1), 1) end
local function best(scores) return scores:argmax(-1, true) end

-- generate(count, choose) returns the last scores (1, vocab); `inner` characters are a unit.
local function generation(generate, inner, few)
  return { unit = function() generate(inner, drawn) end, inner = inner,
    check = function() return numbers(generate(few, best)) end }
end

function workloads.lstm_generate(small)
  local net <const> = fill.module(nets.CharLSTM(65, small and 8 or 128, 2)):eval()
  return generation(function(count, choose)
    local _ <close> = tocha.no_grad()
    local x, state, scores = tocha.ones({ 1, 1 }, { dtype = "int64" }), nil, nil
    for _ = 1, count do
      scores, state = net(x, state)
      scores = scores:view(1, -1)
      x = choose(scores)
    end
    return scores
  end, small and 3 or 100, 5)
end

function workloads.gpt_generate(small)
  local context <const> = small and 9 or 256
  local net <const> = fill.module(nets.GPT(65, context, small and 1 or 6, small and 24 or 384, 6))
    :eval()
  return generation(function(count, choose)
    local _ <close> = tocha.no_grad()
    local caches <const>, x, scores = net:new_caches(), tocha.ones({ 1, 1 }, { dtype = "int64" }),
      nil
    for t = 1, count do
      scores = net(x, caches, t):select(2, 1)
      x = choose(scores)
    end
    return scores
  end, context, 9)
end

return workloads
