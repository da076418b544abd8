-- What the specs of recorded steps share: training, plain and recorded, and comparing what is left.

local assert = require "luassert"
local tocha = require "tocha"
local nn <const>, optim <const> = tocha.nn, tocha.optim

local function numbers(x) return x:detach():tolist() end

-- The numbers of a state dict, tensors as tables.
local function plain_values(value)
  if tocha.is_tensor(value) then return numbers(value) end
  if type(value) ~= "table" then return value end
  local copy <const> = {}
  for key, each in pairs(value) do copy[key] = plain_values(each) end
  return copy
end

local function same(a, b, where) assert.same(plain_values(a), plain_values(b), where) end

-- A training step of a net, and everything that it may leave behind.
local function training(make, choose, options)
  tocha.manual_seed(11)
  local net <const> = make()
  local optimizer <const> = choose(net:parameters())
  local self <const> = { net = net, optimizer = optimizer, losses = {} }
  local loss_of <const> = options.loss or tocha.mse_loss
  function self.step(x, y)
    optimizer:zero_grad()
    local loss <const> = loss_of(net(x), y)
    loss:backward()
    if options.clip then nn.utils.clip_grad_norm_(net:parameters(), options.clip) end
    optimizer:step()
    return loss
  end
  return self
end

local function grads(net)
  local list <const> = {}
  for k, p in ipairs(net:parameters()) do list[k] = p.grad or false end
  return list
end

local function run(t, step, batches, each)
  tocha.manual_seed(5)
  for k, batch in ipairs(batches) do
    if each then each(t, k) end
    t.losses[k] = step(batch[1], batch[2]):item()
  end
  t.random = tocha.get_rng_state()
end

-- The same steps plain and recorded: losses, weights, buffers, gradients, the optimiser's state,
-- and where the generator stands.
local function compare(make, choose, batches, options)
  options = options or {}
  local plain <const> = training(make, choose, options)
  local graph <const> = training(make, choose, options)
  run(plain, plain.step, batches, options.each)
  graph.recorded = tocha.graph(graph.step)
  run(graph, graph.recorded, batches, options.each)
  assert.same(plain.losses, graph.losses)
  same(plain.net:state_dict(), graph.net:state_dict(), "weights")
  same(grads(plain.net), grads(graph.net), "gradients")
  same(plain.optimizer:state_dict(), graph.optimizer:state_dict(), "state")
  assert.same(plain.random, graph.random)
  return graph
end

local function batches_of(n, x_size, y_size)
  tocha.manual_seed(3)
  local list <const> = {}
  for k = 1, n do list[k] = { tocha.randn(x_size), tocha.randn(y_size) } end
  return list
end

local function mlp()
  return nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 2))
end

local function sgd(params) return optim.SGD(params, { lr = 0.1 }) end

return {
  numbers = numbers, same = same, training = training, compare = compare,
  batches_of = batches_of, mlp = mlp, sgd = sgd,
}
