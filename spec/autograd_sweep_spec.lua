-- The tape from within: sweeps inside sweeps, what a node shows to Lua.

local tocha = require "tocha"

local function leaf(data) return tocha.tensor(data, { dtype = "float64", requires_grad = true }) end

-- b = sum((2x)^2) with a hook on (2x)^2; a = sum(2x). Both sweeps pass the nodes of 2x and x.
local function shared(hook)
  local x <const> = leaf { 1, 3 }
  local u <const> = x * 2
  local a <const>, square <const> = u:sum(), u * u
  square:register_hook(function() hook(a, x) end)
  square:sum():backward()
  return x.grad:totable()
end

describe("a sweep inside a sweep", function()
  it("that passes the same nodes leaves the outer one as it was", function()
    local got <const> = shared(function(a) a:backward { retain_graph = true } end)
    assert.are.same({ 2 + 8, 2 + 24 }, got)
  end)

  it("may fail", function()
    local caught
    local got <const> = shared(function(a, x)
      local _ <close> = tocha.enable_grad()
      local bad <const> = a * x:sum()
      bad:register_hook(function() error "inner" end)
      caught = select(2, pcall(bad.backward, bad, { retain_graph = true }))
    end)
    assert.matches("inner", caught)
    assert.are.same({ 8, 24 }, got)
  end)

  it("may fail in a coroutine that is left as it is", function()
    local states <const> = {}
    local got <const> = shared(function(a)
      for k = 1, 3 do
        local bad <const> = tocha.enable_grad(function() return a * k end)
        bad:register_hook(function() error "inner" end)
        states[k] = coroutine.create(function() bad:backward { retain_graph = true } end)
        assert.is_false(coroutine.resume(states[k]))
      end
      collectgarbage()
      a:backward { retain_graph = true }
    end)
    assert.are.same({ 2 + 8, 2 + 24 }, got)
  end)

  it("may ask for some gradients alone", function()
    local inner
    local got <const> = shared(function(a, x)
      inner = tocha.autograd.grad(a, { x }, { retain_graph = true })[1]:totable()
    end)
    assert.are.same({ 2, 2 }, inner)
    assert.are.same({ 8, 24 }, got)
  end)
end)

describe("the node of a tensor", function()
  it("reads as a list with fields of its own", function()
    local x <const> = leaf { 1, 2 }
    local y <const> = tocha.cat({ x, x * 2 }, 1)
    local node <const> = y.node
    assert.equal("cat", node[1].name)
    assert.is_number(node[2])
    assert.is_nil(node[3 + 2 * node[1].nargs + 1])
    assert.is_nil(node.hooks)
    y:register_hook(function() end)
    assert.equal(1, #node.hooks)
    y:sum():backward()
    assert.is_nil(node[2])
    assert.are.same({ 3, 3 }, x.grad:totable())
    assert.error_matches(function() node[1] = 3 end, "string expected")
  end)
end)
