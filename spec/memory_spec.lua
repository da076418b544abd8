-- What is freed serves again, in other sizes too. When memory runs out: every allocation of every
-- operation fails in turn, and nothing else does.

local tocha = require "tocha"
local core = require "tocha.core"
local registry = require "tocha.op"
local support = require "spec.support"

local function in_use()
  collectgarbage()
  collectgarbage()
  return tocha.memory().in_use
end

-- Forward, and backward where there is one.
local function work(decl, sample)
  local args <const> = support.make(sample)
  for k = 1, args.n do
    local x = args[k]
    if tocha.is_tensor(x) and x:is_floating_point() and decl.grad ~= false then
      x:requires_grad_()
    end
  end
  local results <const> = support.call(decl, args)
  for _, y in ipairs(results) do
    if tocha.is_tensor(y) and y.requires_grad then y:sum():backward() break end
  end
  return results
end

-- The number of allocations that failed before the work went through.
local function fail_in_turn(decl, sample)
  local before <const> = in_use()
  for n = 1, 5000 do
    core.fail_after(n)
    local ok, message = pcall(work, decl, sample)
    core.fail_after(0)
    if ok then return n - 1 end
    assert.truthy(tostring(message):find "not enough memory", tostring(message))
    message = nil  -- luacheck: ignore 311
    assert.equal(before, in_use(), ("%s leaks when allocation %d fails"):format(decl.name, n))
  end
  error "never went through"
end

describe("#slow when allocation n fails, an error and no leak, for every n:", function()
  setup(function() core.small_limit(0) end)
  teardown(function()
    core.fail_after(0)
    core.small_limit(4097)
  end)

  for _, decl in ipairs(registry.list) do
    local sample = support.samples_of(decl, true)[1]
    it(decl.name, function()
      work(decl, sample)  -- what is made once and kept is made here
      fail_in_turn(decl, sample)
    end)
  end
end)

describe("memory:", function()
  local MB <const> = 1 << 20

  local function empty(megabytes) return tocha.empty(megabytes * MB // 4) end

  local function held()
    local m <const> = tocha.memory()
    return m.in_use + m.cached
  end

  before_each(function()
    collectgarbage()
    collectgarbage()
    tocha.empty_cache()
  end)

  it("nothing is cached once the cache was emptied", function()
    for k = 1, 40 do tocha.empty(3 ^ (k // 4) // 1 | 0) end
    collectgarbage()
    tocha.empty_cache()
    assert.equal(0, tocha.memory().cached)
  end)

  it("what is in use is counted, to the page where it is large", function()
    local before <const> = in_use()
    local x <const> = tocha.empty(3 * MB + 1)
    local taken <const> = in_use() - before
    assert.is_true(taken >= 4 * x:numel() and taken <= 12 * MB + 4096, taken)
  end)

  it("what small tensors leave serves large ones, and the other way", function()
    local function make(...)
      local list <const> = {}
      for k, megabytes in ipairs { ... } do list[k] = empty(megabytes) end
      return held(), list
    end
    local most <const> = make(16, 16, 16, 16, 16, 16, 16, 16) + 16 * MB
    collectgarbage()
    assert.is_true((make(128)) <= most)
    collectgarbage()
    assert.is_true((make(25, 21, 33, 48)) <= most)
  end)

  it("tensors that come and go in any order do not write into each other", function()
    local kept <const> = {}
    for k = 1, 300 do
      local at <const> = k * 7919 % 60
      local old <const> = kept[at]
      if old then
        assert.equal(old.value, old.x:min():item())
        assert.equal(old.value, old.x:max():item())
      end
      kept[at] = { value = k, x = tocha.full({ 5000 + k * 104729 % 100000 }, k) }
    end
  end)
end)
