-- Threads, channels, pools.

local tocha = require "tocha"
local core = require "tocha.core"
local threads, nn = tocha.threads, tocha.nn
local fails <const> = require "spec.support".fails

describe("a thread", function()
  it("runs a function with its arguments and returns what it returns", function()
    local base = 5
    local thread = threads.spawn(function(x, options)
      return x:sum():item() + base, options.name, nil, 7
    end, tocha.ones(3), { name = "n" })
    assert.same({ 8.0, "n", nil, 7, n = 4 }, table.pack(thread:join()))
    fails("joined before", thread.join, thread)
  end)

  it("gets a network and trains it", function()
    local net, x = nn.Sequential(nn.Linear(3, 2), nn.Tanh()), tocha.ones(4, 3)
    local function work(model, input)
      model(input):sum():backward()
      return model[1].weight.grad
    end
    local grad = threads.spawn(work, net, x):join()
    assert.is_nil(net[1].weight.grad)
    assert.same(work(net, x):totable(), grad:totable())
  end)

  it("has a state of its own, on one core, with the caller's paths", function()
    local count = 0
    local function work()
      count = count + 1
      local t = require "tocha"
      t.manual_seed(99)
      return count, t.get_num_threads(), package.path
    end
    tocha.manual_seed(5)
    local a = tocha.rand(1):item()
    tocha.manual_seed(5)
    assert.same({ 1, 1, package.path }, { threads.spawn(work):join() })
    assert.equal(0, count)
    assert.equal(a, tocha.rand(1):item())
  end)

  it("computes and differentiates while others do", function()
    local function work(seed)
      local t = require "tocha"
      t.manual_seed(seed)
      local x = t.randn(64, 64):requires_grad_()
      for _ = 1, 20 do (x:matmul(x):tanh():sum() * 0.01):backward() end
      return x.grad
    end
    local list = {}
    for k = 1, 6 do list[k] = threads.spawn(work, k % 2) end
    local odd, even = work(1), work(0)
    for k = 1, 6 do
      assert.is_true(list[k]:join():equal(k % 2 == 1 and odd or even))
    end
  end)

  it("raises its error where it is joined, with its traceback", function()
    local function inner() error "oh no" end
    local ok, message = pcall(function() threads.spawn(function() inner() end):join() end)
    assert.is_false(ok)
    assert.truthy(message:find "threads_spec.lua:%d+: %[thread%] .*threads_spec.lua:%d+: oh no")
    assert.truthy(message:find("stack traceback", 1, true))
    assert.truthy(message:find "in upvalue 'inner'")
    local _, object = pcall(function()
      threads.spawn(function() error({ code = 3 }) end):join()
    end)
    assert.same({ code = 3 }, object)
    fails("nowhere.*a thread has globals of its own", function()
      threads.spawn(load "nowhere()"):join()
    end)
    fails("%[thread%] result 1 is a userdata", function()
      threads.spawn(function() return io.stdout end):join()
    end)
  end)

  it("says when it cannot even begin", function()
    local path = package.path
    package.path = "./nowhere/?.lua"
    local thread = threads.spawn(print)
    package.path = path
    fails("module 'tocha.threads.entry' not found", thread.join, thread)
  end)

  it("is waited for so long", function()
    local gate = threads.channel()
    local thread = threads.spawn(function(channel) return channel:receive() end, gate)
    assert.is_false(thread:wait(0.02))
    gate:send(1)
    assert.is_true(thread:wait(30))
    assert.same({ true, 1 }, { thread:join() })
  end)

  it("needs no one to hold it, and leaves nothing", function()
    local function spawn() threads.spawn(function() return 1 end):join() end
    for _ = 1, 20 do spawn() end
    collectgarbage()
    local before = tocha.memory().in_use
    for _ = 1, 20 do threads.spawn(function() return tocha.ones(5000) end) end
    for _ = 1, 200 do
      spawn()
      collectgarbage()
      if tocha.memory().in_use == before then break end
    end
    assert.equal(before, tocha.memory().in_use)
  end)
end)

describe("a channel", function()
  it("keeps the order, and the number of values", function()
    local channel = threads.channel()
    for k = 1, 5 do channel:send(k, nil) end
    assert.equal(5, #channel)
    for k = 1, 5 do assert.same({ true, k, nil, n = 3 }, table.pack(channel:receive())) end
    assert.same({ false, "timeout" }, { channel:receive(0) })
  end)

  it("is closed once: what waits may be received, unless it is discarded", function()
    local channel = threads.channel()
    channel:send(1)
    channel:close()
    assert.is_true(channel:is_closed())
    assert.is_false(channel:send(2))
    assert.same({ true, 1 }, { channel:receive() })
    assert.same({ false, "closed" }, { channel:receive() })
    local other = threads.channel()
    other:send(1)
    other:close(true)
    assert.same({ false, "closed" }, { other:receive() })
  end)

  it("makes who sends to a full one wait", function()
    local channel, done = threads.channel(2), threads.channel()
    local thread = threads.spawn(function(out, signal)
      for k = 1, 20 do
        out:send(k)
        signal:send(k)
      end
      out:close()
    end, channel, done)
    assert.is_true((done:receive(30)))
    assert.is_true((done:receive(30)))
    assert.is_false((done:receive(0.05)))
    local list = {}
    for k in channel:messages() do
      list[#list + 1] = k
      assert.is_true(#channel <= 2)
    end
    assert.equal(20, #list)
    assert.equal(20, list[20])
    thread:join()
    fails("expected a positive integer", threads.channel, 0)
  end)

  it("serves many at both ends; each message comes once", function()
    local jobs, results = threads.channel(3), threads.channel()
    local function work(from, to)
      for k in from:messages() do to:send(k * k) end
    end
    local workers = {}
    for k = 1, 4 do workers[k] = threads.spawn(work, jobs, results) end
    for k = 1, 500 do jobs:send(k) end
    jobs:close()
    for k = 1, 4 do workers[k]:join() end
    local sum = 0
    results:close()
    for x in results:messages() do sum = sum + x end
    assert.equal(500 * 501 * 1001 // 6, sum)
  end)

  it("takes nothing when there is no memory for a copy", function()
    local channel = threads.channel()
    local x = tocha.zeros(40)
    local view = x:narrow(1, 2, 30)
    local before = tocha.memory().in_use
    core.fail_after(1)
    local ok, message = pcall(channel.send, channel, view, x)
    core.fail_after(0)
    if ok then return end  -- the debug build, where nothing has to be copied
    assert.truthy(message:find "not enough memory")
    assert.equal(0, #channel)
    assert.equal(before, tocha.memory().in_use)
    assert.is_true(channel:send(view, x))
  end)

  it("goes through a channel, and frees what it held", function()
    local outer, inner = threads.channel(), threads.channel()
    outer:send(inner)
    local _, same = outer:receive()
    assert.equal(inner, same)
    assert.is_true(threads.is_channel(same))
    collectgarbage()
    local before = tocha.memory().in_use
    do
      local channel, within = threads.channel(), threads.channel()
      for _ = 1, 10 do channel:send(tocha.ones(10000)) end
      within:send(tocha.ones(10000))
      channel:send(within)
    end
    assert.is_true(tocha.memory().in_use > before)
    collectgarbage()
    collectgarbage()
    assert.equal(before, tocha.memory().in_use)
  end)
end)

describe("a pool", function()
  it("does jobs in threads that were set up", function()
    local pool <close> = threads.Pool(3, function(id, base)
      return function(x) return x + base, id end
    end, 100)
    for k = 1, 30 do pool:post(k, k) end
    local seen = {}
    for _ = 1, 30 do
      local ticket, ok, value, id = pool:take()
      assert.is_true(ok)
      assert.equal(ticket + 100, value)
      seen[id] = true
    end
    assert.same({ true, true, true }, seen)
    assert.equal(0, pool:jobs())
  end)

  it("gives errors back, and goes on", function()
    local pool <close> = threads.Pool(1, function()
      return function(x)
        if x == 2 then error "two" end
        if x == 3 then return io.stdout end
        return x
      end
    end)
    for k = 1, 4 do pool:post(k, k) end
    assert.same({ 1, true, 1 }, { pool:take() })
    local ticket, ok, message = pool:take()
    assert.same({ 2, false }, { ticket, ok })
    assert.truthy(message:find "two.*stack traceback")
    ticket, ok, message = pool:take()
    assert.same({ 3, false }, { ticket, ok })
    assert.truthy(message:find "value 1 is a userdata")
    assert.same({ 4, true, 4 }, { pool:take() })
  end)

  it("says what kept a thread from being set up", function()
    local pool = threads.Pool(2, function() error "no data here" end)
    fails("thread %d could not be set up:.*no data here", pool.take, pool)
    fails("the pool is closed", pool.post, pool, 1)
    fails("%[Pool%] setup's argument 2 is a userdata", threads.Pool, 1, print, io.stdout)
  end)

  it("returns nothing when nothing is ready in time", function()
    local pool <close> = threads.Pool(1, function() return function() end end)
    assert.is_nil((pool:take(0.02)))
  end)

  it("has Torch7's form", function()
    local pool = threads.Threads(2, function() _G.offset = 10 end)
    local sum = 0
    for k = 1, 20 do
      pool:addjob(function(x) return x + _G.offset end, function(y) sum = sum + y end, k)
    end
    pool:synchronize()
    assert.equal(410, sum)
    pool:addjob(function() error "bad job" end)
    fails("job 21: .*bad job", pool.synchronize, pool)
    pool:terminate()
  end)
end)
