-- tocha.graph: a step that was recorded computes, bit for bit, what the plain one does.

local tocha = require "tocha"
local steps = require "spec.graph_step_support"
local fails <const> = require "spec.support".fails_with
local nn <const>, optim <const> = tocha.nn, tocha.optim
local same <const> = steps.same
local compare <const> = steps.compare
local batches_of <const> = steps.batches_of
local mlp <const> = steps.mlp
local sgd <const> = steps.sgd

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
