-- When memory runs out: every allocation of every operation fails in turn, and nothing else does.

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
