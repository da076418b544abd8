-- tocha.graph: a step that was recorded computes, bit for bit, what the plain one does.

local tocha = require "tocha"
local core = require "tocha.core"
local support = require "spec.support"
local nn <const>, optim <const>, fails <const> = tocha.nn, tocha.optim, support.fails_with

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

describe("ten recorded steps are ten plain ones: with", function()
  local few <const> = batches_of(10, { 5, 3 }, { 5, 2 })
  local CHOICES <const> = {
    SGD = { { lr = 0.1 }, { lr = 0.1, momentum = 0.9, dampening = 0.5, weight_decay = 0.01 },
      { lr = 0.1, momentum = 0.9, nesterov = true } },
    ASGD = { { lr = 0.1, t0 = 4 } }, Rprop = { {} },
    Adam = { {}, { amsgrad = true }, { weight_decay = 0.1 } }, AdamW = { {} }, AMSGrad = { {} },
    Adamax = { {} }, NAdam = { {} }, RAdam = { {} },
    RMSprop = { {}, { centered = true }, { momentum = 0.9 }, { centered = true, momentum = 0.5 } },
    Adagrad = { { lr_decay = 0.1 } }, Adadelta = { {} }, Lion = { { weight_decay = 0.1 } },
    LAMB = { {} }, Adafactor = { {} },
  }
  for name, choices in pairs(CHOICES) do
    for k, choice in ipairs(choices) do
      it(("%s, options %d"):format(name, k), function()
        compare(mlp, function(params) return optim[name](params, choice) end, few)
      end)
    end
  end

  it("Muon", function()
    local function make()
      return nn.Sequential(nn.Linear(3, 4, { bias = false }), nn.Tanh(),
        nn.Linear(4, 2, { bias = false }))
    end
    compare(make, function(params) return optim.Muon(params) end, few)
  end)

  it("a rate that changes between the steps", function()
    compare(mlp, function(params) return optim.Adam(params) end, few, { each = function(t, k)
      t.optimizer.param_groups[1].lr = 0.01 / k
    end })
  end)

  it("a schedule", function()
    compare(mlp, sgd, few, { each = function(t)
      t.schedule = t.schedule
        or optim.lr_scheduler.StepLR(t.optimizer, { step_size = 2, gamma = 0.5 })
      if #t.losses > 0 then t.schedule:step() end
    end })
  end)

  it("gradients clipped by their norm", function() compare(mlp, sgd, few, { clip = 0.1 }) end)

  it("several groups", function()
    compare(mlp, function(params)
      return optim.SGD { { params = { params[1], params[2] }, lr = 0.5 },
        { params = { params[3], params[4] }, lr = 0.01, momentum = 0.9 } }
    end, few)
  end)

  it("float64", function()
    local wide <const> = {}
    for k, b in ipairs(few) do wide[k] = { b[1]:double(), b[2]:double() } end
    compare(function() return mlp():double() end, sgd, wide)
  end)
end)

describe("other nets:", function()
  local function adam(params) return optim.Adam(params, { lr = 0.01 }) end

  it("convolutions, batch norm and dropout", function()
    local function make()
      return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Dropout(0.5), nn.Flatten(), nn.Linear(36, 2))
    end
    compare(make, adam, batches_of(8, { 6, 1, 8, 8 }, { 6, 2 }))
  end)

  it("an LSTM", function()
    local Last <const> = nn.Module:extend "Last"
    function Last:new()
      Last.super.new(self)
      self.rnn, self.out = nn.LSTM(3, 5, { batch_first = true }), nn.Linear(5, 2)
    end
    function Last:forward(x) return self.out((self.rnn(x)):select(2, -1)) end
    compare(function() return Last() end, adam, batches_of(6, { 4, 7, 3 }, { 4, 2 }))
  end)

  it("a transformer with attention and dropout", function()
    local function make()
      return nn.TransformerEncoderLayer(8, 2, { dim_feedforward = 16, dropout = 0.1,
        batch_first = true })
    end
    compare(make, adam, batches_of(6, { 2, 5, 8 }, { 2, 5, 8 }))
  end)

  it("embeddings and cross entropy", function()
    local function make()
      return nn.Sequential(nn.Embedding(7, 6), nn.Flatten(), nn.Linear(18, 4))
    end
    local list <const> = {}
    for k = 1, 6 do list[k] = { tocha.randint(1, 7, { 5, 3 }), tocha.randint(1, 4, { 5 }) } end
    compare(make, adam, list, { loss = tocha.cross_entropy })
  end)
end)

describe("arguments of a recorded step", function()
  it("of several shapes are recorded for themselves", function()
    local list <const> = {}
    for k, b in ipairs(batches_of(12, { 6, 3 }, { 6, 2 })) do
      local n <const> = ({ 6, 4, 1 })[k % 3 + 1]
      list[k] = { b[1]:narrow(1, 1, n), b[2]:narrow(1, 1, n) }
    end
    local graph <const> = compare(mlp, sgd, list)
    assert.truthy(tostring(graph.recorded):find("3 recorded", 1, true))
  end)

  it("may be views, numbers, strings, nil, and tables of tensors", function()
    local function f(list, how, scale, none)
      assert(none == nil)
      local y <const> = how == "sum" and list.a + list[1].b or list.a - list[1].b
      return { y * scale, { y } }, how
    end
    local g <const> = tocha.graph(f)
    for k = 1, 12 do
      local a <const>, b <const> = tocha.randn(4, 3):t(), tocha.randn(3, 4)
      local how <const> = k % 2 == 0 and "sum" or "difference"
      local scale <const> = k % 3 == 0 and 2 or 2.5
      local list <const> = { a = a, { b = b } }
      local y, name = g(list, how, scale, nil)
      local want <const> = f(list, how, scale, nil)
      same(want, y)
      assert.equal(how, name)
    end
  end)

  it("that need a gradient are refused", function()
    local g <const> = tocha.graph(function(x) return x * 2 end)
    fails("[graph] argument 1: requires a gradient", g, tocha.randn(2):requires_grad_())
  end)

  it("off and on the tape are not the same call", function()
    local w <const> = tocha.ones(2):requires_grad_()
    local g <const> = tocha.graph(function(x)
      local y <const> = (x * w):sum()
      if tocha.is_grad_enabled() then y:backward() end
      return y
    end)
    for _ = 1, 4 do
      g(tocha.ones(2))
      local _ <close> = tocha.no_grad()
      assert.equal(4, g(tocha.full({ 2 }, 2)):item())
    end
    assert.same({ 4, 4 }, w.grad:tolist())
  end)

  it("may be the mode of a module", function()
    local net <const> = nn.Dropout(0.5)
    local g <const> = tocha.graph(net)
    local x <const> = tocha.ones(100)
    for _ = 1, 4 do
      net:train()
      assert.truthy(g(x):eq(0):any():item())
      net:eval()
      assert.falsy(g(x):eq(0):any():item())
    end
  end)

  it("are forgotten by reset(), and the least used of many", function()
    local calls = 0
    local g <const> = tocha.graph(function(x)
      calls = calls + 1
      return x + 1
    end)
    for n = 1, 20 do for _ = 1, 3 do g(tocha.ones(n)) end end
    assert.equal(40, calls)
    assert.truthy(tostring(g):find("16 recorded", 1, true))
    g:reset()
    assert.equal("tocha.graph: nothing recorded yet", tostring(g))
    assert.same({ 2 }, g(tocha.ones(1)):tolist())
  end)
end)

describe("what changes around a recorded step:", function()
  local x <const>, y <const> = tocha.randn(5, 3), tocha.randn(5, 2)

  -- Plain steps and recorded ones, with `change(t)` before step k.
  local function with(changes, choose)
    compare(mlp, choose or sgd, { { x, y }, { x, y }, { x, y }, { x, y }, { x, y }, { x, y } },
      { each = function(t, k) if changes[k] then changes[k](t) end end })
  end

  it("weights that are loaded", function()
    local saved
    with { [2] = function(t)
      saved = {}
      for name, p in pairs(t.net:state_dict()) do saved[name] = p:clone() end
    end, [5] = function(t) t.net:load_state_dict(saved) end }
  end)

  it("an optimiser's state that is loaded", function()
    local saved
    with({ [2] = function(t) saved = t.optimizer:state_dict() end,
      [5] = function(t) t.optimizer:load_state_dict(saved) end },
      function(params) return optim.Adam(params) end)
  end)

  it("parameters that are frozen, and gradients that are taken away", function()
    with { [4] = function(t) t.net:parameters()[1]:requires_grad_(false) end,
      [5] = function(t) t.net:parameters()[3].grad = nil end }
  end)

  it("a module of another dtype", function()
    tocha.manual_seed(1)
    local net <const> = nn.Linear(3, 2)
    local g <const> = tocha.graph(function(list) return net(list:to(net.weight.dtype)) end)
    for k = 1, 8 do
      if k == 5 then net:double() end
      same(net(x:to(net.weight.dtype)), g(x))
    end
    assert.equal("float64", g(x).dtype)
  end)

  it("gradients that accumulate", function()
    local w <const> = tocha.ones(3):requires_grad_()
    local g <const> = tocha.graph(function(a)
      (a * w):sum():backward()
    end)
    for k = 1, 6 do
      g(tocha.ones(3))
      assert.same({ k, k, k }, w.grad:tolist())
    end
    w.grad = nil
    for k = 1, 4 do
      g(tocha.ones(3))
      assert.same({ k, k, k }, w.grad:tolist())
    end
  end)

  it("values written in Lua are written again in each run", function()
    local g <const> = tocha.graph(function(a)
      local t <const> = tocha.tensor { 1, 2, 3.0 }
      t[1] = t[1] + 10
      return t:add_(a)
    end)
    for k = 1, 5 do assert.same({ 11 + k, 2 + k, 3 + k }, g(tocha.full({ 3 }, k)):tolist()) end
  end)

  it("the tape hears of what a run writes", function()
    local w <const> = tocha.ones(2):requires_grad_()
    local g <const> = tocha.graph(function() w:detach():add_(1) end)
    for _ = 1, 3 do g() end
    local loss <const> = (w * w):sum()
    g()
    fails("changed in place", loss.backward, loss)
  end)

  it("a generator that is seeded anew", function()
    local g <const> = tocha.graph(function(a) return tocha.dropout(a, 0.5) end)
    local drawn <const> = {}
    for k = 1, 6 do
      if k % 2 == 1 then tocha.manual_seed(k < 3 and 1 or 2) end
      drawn[k] = g(tocha.ones(50)):tolist()
    end
    assert.same(drawn[3], drawn[5])
    assert.same(drawn[4], drawn[6])
    assert.not_same(drawn[3], drawn[4])
    assert.not_same(drawn[1], drawn[3])
  end)
end)

describe("what a recorded step cannot do says so:", function()
  local x <const> = tocha.randn(4)
  local BROKEN <const> = {
    ["[item]"] = function(a) return a:sum():item() end,
    ["[tolist]"] = function(a) return a:tolist() end,
    ["[print]"] = function(a) return tostring(a) end,
    ["[nonzero]"] = function(a) return tocha.nonzero(a) end,
    ["[masked_select]"] = function(a) return a:masked_select(a:gt(0)) end,
    ["[to_bytes]"] = function(a) tocha.save(a, os.tmpname()) end,
    ["[manual_seed]"] = function(a)
      tocha.manual_seed(1)
      return a
    end,
  }
  for name, f in pairs(BROKEN) do
    it(name, function()
      local g <const> = tocha.graph(f)
      pcall(g, x)
      fails(name, g, x)
      fails("tocha.graph", g, x)
      assert.is_number(x:sum():item())  -- the recorder is off
    end)
  end

  it("boolean indexing", function()
    local g <const> = tocha.graph(function(a) return a[a:gt(0)] end)
    g(x)
    fails("reads values into Lua", g, x)
  end)

  it("an error of the step, and of a run", function()
    local fail = false
    local g <const> = tocha.graph(function(ids)
      if fail then error "my own" end
      return tocha.eye(3):index_select(1, ids)
    end)
    local good <const>, bad <const> = tocha.tensor { 1, 3 }, tocha.tensor { 1, 4 }
    g(good)
    fail = true
    fails("my own", g, good)
    fail = false
    for _ = 1, 3 do g(good) end
    fails("[index_select]", g, bad)
    assert.same({ { 1, 0, 0 }, { 0, 0, 1 } }, g(good):tolist())
  end)

  it("what is no function", function()
    fails("[graph] argument 1: expected a function", tocha.graph, 1)
  end)

  it("a coroutine that would leave", function()
    local g <const> = tocha.graph(function(a)
      coroutine.yield()
      return a
    end)
    local plain <const> = coroutine.wrap(function() g(x) end)
    plain()
    plain()
    fails("yield", coroutine.wrap(function() g(x) end))
  end)
end)

describe("the memory of a recorded step", function()
  local x <const>, y <const> = tocha.randn(5, 3), tocha.randn(5, 2)

  local function in_use()
    collectgarbage()
    collectgarbage()
    return tocha.memory().in_use
  end

  it("is planned once: a run allocates nothing", function()
    local t <const> = training(mlp, sgd, {})
    local g <const> = tocha.graph(t.step)
    for _ = 1, 3 do g(x, y) end
    collectgarbage "stop"
    local bytes <const>, before <const> = collectgarbage "count", tocha.memory().allocations
    for _ = 1, 10000 do g(x, y) end
    assert.equal(before, tocha.memory().allocations)
    assert.is_true(collectgarbage "count" - bytes < 2000)  -- what the update leaves in Lua
    collectgarbage "restart"
  end)

  it("is less than without the plan, and said", function()
    local layers <const> = {}
    for k = 1, 10 do layers[2 * k - 1], layers[2 * k] = nn.Linear(8, 8), nn.Tanh() end
    local net <const> = nn.Sequential(table.unpack(layers))
    local g <const> = tocha.graph(function(a)
      local _ <close> = tocha.no_grad()
      return net(a)
    end)
    for _ = 1, 2 do g(tocha.ones(16, 8)) end
    local m <const> = g:memory()
    assert.equal(19 * 16 * 8 * 4, m.temporaries)
    assert.equal(2 * 16 * 8 * 4, m.arena)
    assert.equal(16 * 8 * 4, m.kept)
  end)

  it("is given back with it", function()
    local before
    for k = 1, 4 do
      do
        local t <const> = training(mlp, sgd, {})
        local g <const> = tocha.graph(t.step)
        for _ = 1, 3 do g(x, y) end
        g(x:narrow(1, 1, 2), y:narrow(1, 1, 2))
      end
      if k == 2 then before = in_use() end
    end
    assert.equal(before, in_use())
  end)

  it("may fail to be had at any point", function()
    local t <const> = training(mlp, sgd, {})
    t.step(x, y)
    for n = 1, 2000 do
      local g <const> = tocha.graph(t.step)
      g(x, y)
      core.fail_after(n)
      local ok, message = pcall(g, x, y)
      core.fail_after(0)
      if ok then return assert.is_true(n > 60, n) end
      assert.truthy(tostring(message):find "not enough memory", tostring(message))
      assert.is_false(core.recording())
    end
    error "it never went through"
  end)

  it("is not disturbed by collections, nor by what others do with small tensors", function()
    local plain <const>, other <const> = training(mlp, sgd, {}), training(mlp, sgd, {})
    local g <const> = tocha.graph(other.step)
    for _ = 1, 30 do
      local a <const>, b <const> = tocha.randn(5, 3), tocha.randn(5, 2)
      local loss <const> = g(a, b):clone()
      collectgarbage()
      for _ = 1, 20 do tocha.zeros(5, 8):fill_(1e9) end
      same(plain.step(a, b), loss)
    end
  end)
end)

describe("a graph in threads", function()
  it("belongs to its own, over weights that are shared", function()
    local net <const> = mlp()
    local function work(shared, a)
      local t <const> = require "tocha"
      local g <const> = t.graph(function(b)
        local _ <close> = t.no_grad()
        return shared(b)
      end)
      local y
      for _ = 1, 200 do y = g(a) end
      return y:clone()
    end
    local threads <const>, a <const> = {}, tocha.randn(4, 3)
    for k = 1, 3 do threads[k] = tocha.threads.spawn(work, net, a) end
    for k = 1, 3 do same(net(a), threads[k]:join()) end
  end)

  it("is not sent to another", function()
    local g <const> = tocha.graph(function(a) return a end)
    for _ = 1, 2 do g(tocha.ones(1)) end
    assert.is_false(pcall(tocha.threads.spawn, function(f) return f end, g))
  end)
end)

describe("a graph in a graph", function()
  it("is a part of it", function()
    local inner <const> = tocha.graph(function(a) return a * 2 end)
    local outer <const> = tocha.graph(function(a) return inner(a) + 1 end)
    for k = 1, 5 do assert.same({ 2 * k + 1 }, outer(tocha.full({ 1 }, k)):tolist()) end
  end)
end)
