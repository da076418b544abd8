-- Our side of the benchmark: each workload returns a function that does one unit of work, and a
-- number that both sides must agree on. bench/peer.py has the other side under the same names.

local tocha = require "tocha"

local workloads <const> = {}

-- The same values on both sides, without a file: sin of a running index.
local function fill(x, scale, shift)
  local n <const> = x:numel()
  local steps = tocha.arange(1, n, 1, { dtype = "float64" })
  tocha.no_grad(function()
    x:copy_(((steps + (shift or 0)) * 0.7):sin():view(x.shape) * scale)
  end)
  return x
end

local function tensor(shape, scale, shift) return fill(tocha.empty(shape), scale or 1, shift) end

function workloads.add4()
  local a, b = tensor({ 4 }), tensor({ 4 }, 1, 5)
  return function() return a + b end, (a + b):sum():item()
end

function workloads.add4_grad()
  local a, b = tensor({ 4 }), tensor({ 4 }, 1, 5)
  a:requires_grad_()
  return function() return a + b end, (a + b):sum():item()
end

local function tiny_net()
  local nn <const> = tocha.nn
  local net = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
  for k, p in ipairs(net:parameters()) do fill(p, 0.5, 10 * k) end
  return net
end

-- A training step, and the loss after `warm` of them.
local function training(net, x, y, optimizer, criterion, warm)
  local loss
  local function step()
    optimizer:zero_grad()
    loss = criterion(net(x), y)
    loss:backward()
    optimizer:step()
  end
  for _ = 1, warm do step() end
  return step, loss:item()
end

function workloads.tiny_train()
  local net <const> = tiny_net()
  local x, y = tensor { 10, 2 }, tensor({ 10, 1 }, 1, 3)
  local optimizer = tocha.optim.SGD(net:parameters(), { lr = 0.05 })
  local criterion = tocha.nn.MSELoss()
  return training(net, x, y, optimizer, criterion, 10)
end

function workloads.tiny_predict()
  local net <const> = tiny_net()
  local x = tensor { 1, 2 }
  return function()
    local _ <close> = tocha.no_grad()
    return net(x)
  end, net(x):item()
end

local function mm(n)
  return function()
    local a, b = tensor { n, n }, tensor({ n, n }, 1, 3)
    return function() return tocha.mm(a, b) end, tocha.mm(a, b)[1][1]:item()
  end
end
workloads.mm_512, workloads.mm_1024, workloads.mm_2048 = mm(512), mm(1024), mm(2048)

local BIG <const> = 16 << 20

function workloads.add_16m()
  local a, b = tocha.ones(BIG), tocha.full({ BIG }, 2.0)
  return function() return a + b end, (a + b):sum():item()
end

function workloads.relu_16m()
  local a = tocha.full({ BIG }, -1.0)
  return function() return a:relu() end, a:relu():sum():item()
end

function workloads.copy_16m()
  local a, b = tocha.ones(BIG), tocha.zeros(BIG)
  return function() return b:copy_(a) end, 0
end

local function digits_net()
  local nn <const> = tocha.nn
  local net = nn.Sequential(nn.Conv2d(1, 32, 3, { padding = 1 }), nn.ReLU(),
    nn.Conv2d(32, 64, 3, { padding = 1 }), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Linear(64 * 16, 128), nn.ReLU(), nn.Linear(128, 10))
  for k, p in ipairs(net:parameters()) do fill(p, 0.05, 10 * k) end
  return net
end

function workloads.digits_train()
  local net <const> = digits_net()
  local x = tensor { 64, 1, 8, 8 }
  local y = tocha.arange(0, 63) % 10 + 1
  local optimizer = tocha.optim.AdamW(net:parameters(), { lr = 1e-3 })
  local criterion = tocha.nn.CrossEntropyLoss()
  return training(net, x, y, optimizer, criterion, 3)
end

return workloads
