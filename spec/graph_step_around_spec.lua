-- tocha.graph: what changes between runs of a recorded step, what it refuses, memory, threads.

local tocha = require "tocha"
local core = require "tocha.core"
local steps = require "spec.graph_step_support"
local fails <const> = require "spec.support".fails_with
local nn <const>, optim <const> = tocha.nn, tocha.optim
local same <const> = steps.same
local training <const>, compare <const> = steps.training, steps.compare
local mlp <const> = steps.mlp
local sgd <const> = steps.sgd

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
