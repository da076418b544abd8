-- Training steps, as the guide writes them. A workload is a function of `small`, true in the spec.

local tocha = require "tocha"
local fill = require "fill"
local nets = require "nets"

local nn <const>, optim <const> = tocha.nn, tocha.optim
local tensor <const>, labels <const> = fill.tensor, fill.labels
local workloads <const> = {}

local STEPS <const> = 3  -- their losses are compared

local function losses(step)
  local list <const> = {}
  for k = 1, STEPS do list[k] = step():item() end
  return list
end

local function make_step(net, criterion, optimizer)
  return function(x, y)
    optimizer:zero_grad()
    local loss <const> = criterion(net(x), y)
    loss:backward()
    optimizer:step()
    return loss
  end
end

local function training(net, x, y, criterion, Optimizer, options)
  fill.module(net)
  local step <const> = make_step(net, criterion, Optimizer(net:parameters(), options))
  local function unit() return step(x, y) end
  return { unit = unit, check = function() return losses(unit) end }
end

local function points() return tensor { 10, 2 }, tensor({ 10, 1 }, 1, 3) end

function workloads.tiny_train()
  local x <const>, y <const> = points()
  return training(nets.tiny(), x, y, nn.MSELoss(), optim.SGD, { lr = 0.03 })
end

function workloads.tiny_captured()
  local net <const>, x <const>, y <const> = fill.module(nets.tiny()), points()
  local optimizer <const> = optim.SGD(net:parameters(), { lr = 0.03 })
  local step <const> = tocha.graph(make_step(net, nn.MSELoss(), optimizer))
  local function unit() return step(x, y) end
  return { unit = unit, check = function() return losses(unit) end }
end

-- Pictures (n, 1, size, size) of ten classes.
local function digits(n, ...) return tensor { n, ... }, labels(n, 10) end

local function mlp(Optimizer, lr)
  return function(small)
    local x <const>, y <const> = digits(small and 4 or 64, 784)
    return training(nets.mlp(small and 16 or 512), x, y, nn.CrossEntropyLoss(), Optimizer,
      { lr = lr })
  end
end
workloads.mlp_sgd, workloads.mlp_adam = mlp(optim.SGD, 0.01), mlp(optim.Adam, 1e-3)

local function pictures(net, size, Optimizer, lr)
  return function(small)
    local x <const>, y <const> = digits(small and 2 or 64, 1, size, size)
    return training(net(), x, y, nn.CrossEntropyLoss(), Optimizer, { lr = lr })
  end
end
workloads.lenet5 = pictures(nets.lenet5, 28, optim.SGD, 0.01)
workloads.mnist_cnn = pictures(nets.mnist_cnn, 28, optim.SGD, 0.01)
workloads.digits_cnn = pictures(nets.digits_cnn, 8, optim.AdamW, 1e-3)

function workloads.resnet18(small)
  local size <const> = small and 8 or 32
  local x <const>, y <const> = digits(small and 2 or 64, 3, size, size)
  return training(nets.resnet18(small and 1 or 2), x, y, nn.CrossEntropyLoss(), optim.SGD,
    { lr = 0.1, momentum = 0.9 })
end

-- Scores (a, b, vocab) of a sequence model, flat.
local function flat(net)
  local model <const> = nn.Sequential(net, function(scores) return scores:flatten(1, 2) end)
  return model
end

function workloads.lstm_train(small)
  local T <const>, B <const>, hidden <const> = small and 3 or 50, small and 2 or 50,
    small and 8 or 128
  local x <const>, y <const> = labels(T * B, 65):view(T, B), labels(T * B, 65, 7)
  return training(flat(nets.CharLSTM(65, hidden, 2)), x, y, nn.CrossEntropyLoss(), optim.Adam,
    { lr = 2e-3 })
end

function workloads.gpt_train(small)
  local B <const>, T <const>, d <const> = small and 2 or 4, small and 8 or 256, small and 24 or 384
  local x <const>, y <const> = labels(B * T, 65):view(B, T), labels(B * T, 65, 7)
  return training(flat(nets.GPT(65, T, small and 1 or 6, d, 6)), x, y, nn.CrossEntropyLoss(),
    optim.AdamW, { lr = 1e-3, betas = { 0.9, 0.99 }, weight_decay = 0.1 })
end

function workloads.adam_10m(small)
  local n <const> = small and 1000 or 10000000
  local p <const> = nn.Parameter(tensor { n })
  p.grad = tensor({ n }, 1e-3, 3)
  local optimizer <const> = optim.Adam({ p }, { lr = 1e-3 })
  local function unit() optimizer:step() end
  return { unit = unit, check = function()
    for _ = 1, STEPS do unit() end
    local x <const> = p:detach():double()
    return { x:sum():item(), x:abs():sum():item(), x[1]:item(), x[2]:item(), x[3]:item() }
  end }
end

return workloads
