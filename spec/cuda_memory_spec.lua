-- Memory, streams and devices of the emulated CUDA back end, as users see them.

local tocha = require "tocha"
local cuda = require "spec.cuda_support"

local suite <const> = cuda.suite(describe, pending)

local function collect() collectgarbage() collectgarbage() end

suite("memory on CUDA", function()
  it("is counted, kept and given back", function()
    collect()
    tocha.cuda.empty_cache()
    local before <const> = tocha.cuda.memory_stats()
    local x = tocha.zeros(1000, 1000, { device = "cuda" })
    assert.equal(before.allocated + 4000256, tocha.cuda.memory_allocated())
    assert.is_true(tocha.cuda.max_memory_allocated() >= tocha.cuda.memory_allocated())
    x = x.device
    collect()
    assert.equal(before.allocated, tocha.cuda.memory_allocated())
    assert.is_true(tocha.cuda.memory_reserved() >= 4000256)
    tocha.cuda.empty_cache()
    assert.equal(before.reserved, tocha.cuda.memory_reserved())
    assert.equal("cuda:0", x)
  end)

  it("that is not enough is an error with numbers, after garbage was collected", function()
    tocha.cuda.set_memory_limit(39 << 20)
    local function take() return tocha.zeros(5 << 20, { device = "cuda" }) end
    for _ = 1, 8 do take() end  -- each is garbage when the next is made
    local kept <const> = take()
    local ok <const>, message <const> = pcall(take)
    tocha.cuda.set_memory_limit(0)
    assert.is_false(ok)
    assert.matches("cuda_memory_spec.lua:%d+: %[zeros%] not enough memory on cuda:0 for 20.0 MiB",
      message)
    assert.matches("limited to 39.0 MiB", message)
    assert.equal(0, kept:sum():item())
    assert.equal(0, take():sum():item())
  end)
end)

suite("several devices", function()
  if tocha.cuda.device_count() < 2 then return pending "one device" end

  it("copy to each other, and do not mix", function()
    local x <const> = tocha.rand(3, 5)
    local a <const>, b <const> = x:to "cuda:0", x:to("cuda:0"):to "cuda:1"
    assert.equal("cuda:1", b.device)
    assert.is_true(tocha.equal(b:cpu(), x))
    assert.error_matches(function() return a + b end, "one device, got cuda:0 and cuda:1")
  end)

  it("are chosen for a scope", function()
    do
      local _ <close> = tocha.cuda.device(1)
      assert.equal("cuda:1", tocha.zeros(2, { device = "cuda" }).device)
    end
    assert.equal("cuda:0", tocha.zeros(2, { device = "cuda" }).device)
  end)
end)

suite("a device", function()
  it("raises what a kernel has found when somebody waits", function()
    local a <const> = tocha.tensor({ 1, 2 }, { dtype = "int64", device = "cuda" })
    local zero <const> = tocha.zeros(2, { dtype = "int64", device = "cuda" })
    local _ <const> = a // zero
    assert.error_matches(tocha.cuda.synchronize, "'floor_divide' has met")
    tocha.cuda.synchronize()
  end)
end)

suite("pinned memory", function()
  it("holds a copy, which is pinned", function()
    local x <const> = tocha.rand(4, 6).mT
    local p <const> = x:pin_memory()
    assert.is_true(p:is_pinned() and not x:is_pinned() and p:pin_memory():is_pinned())
    assert.is_true(tocha.equal(p, x))
    assert.error_matches(function() x:to("cuda"):pin_memory() end, "expected a tensor on cpu")
  end)

  it("is copied to the device beside its work", function()
    for k = 1, 4 do
      local p <const> = tocha.full({ 1000 }, k):pin_memory()
      local y = p:to("cuda", { non_blocking = true })
      y = y * 2 + 1
      assert.equal(1000 * (2 * k + 1), y:sum():item())
    end
    assert.equal(3, tocha.full({ 3 }, 1):to("cuda", { non_blocking = true }):sum():item())
  end)

  it("is what a DataLoader's batches are in", function()
    local set <const> = tocha.data.TensorDataset(tocha.arange(1, 10))
    for workers = 0, 2, 2 do
      local sum = 0
      local loader <const> = tocha.data.DataLoader(set,
        { batch_size = 4, pin_memory = true, num_workers = workers })
      for x in loader:batches() do
        assert.is_true(x:is_pinned())
        sum = sum + x:to("cuda", { non_blocking = true }):sum():item()
      end
      assert.equal(tocha.arange(1, 10):sum():item(), sum)
    end
  end)
end)

suite("streams", function()
  it("are worked on for a scope, and wait for each other", function()
    local main <const>, side <const> = tocha.cuda.current_stream(), tocha.cuda.Stream()
    assert.is_true(main ~= side and main == tocha.cuda.current_stream())
    local x <const> = tocha.ones(100, { device = "cuda" })
    local y
    do
      local _ <close> = tocha.cuda.stream(side)
      assert.is_true(tocha.cuda.current_stream() == side)
      side:wait_stream(main)
      y = x * 3
      x:record_stream(side)
    end
    assert.is_true(tocha.cuda.current_stream() == main)
    main:wait_stream(side)
    assert.equal(300, y:sum():item())
    side:synchronize()
    assert.is_true(side:query())
  end)

  it("are timed by events", function()
    local start <const> = tocha.cuda.Event { enable_timing = true }
    local stop <const> = tocha.cuda.Event { enable_timing = true }
    start:record()
    local _ <const> = tocha.ones(100, { device = "cuda" }) + 1
    stop:record()
    stop:synchronize()
    assert.is_true(stop:query() and start:elapsed_time(stop) >= 0)
    assert.error_matches(function() tocha.cuda.Event():wait() end, "never recorded")
  end)
end)
