-- A gradient that nobody has looked at is given back when it is dropped; one that somebody may hold
-- keeps its values.

local tocha = require "tocha"
local nn <const>, optim <const> = tocha.nn, tocha.optim

local N <const> = 64  -- matrices of 16 KB: not within their userdata
local x <const> = tocha.randn(N, N)

local function layer() return nn.Linear(N, N, { bias = false }) end

local function backward(f) f(x):sum():backward() end

describe("a gradient that is dropped", function()
  it("is given back at once where only the optimiser has used it", function()
    for _, name in ipairs { "SGD", "Adam", "AdamW" } do
      local l <const> = layer()
      local optimiser <const> = optim[name](l:parameters(), { lr = 0.1 })
      for _ = 1, 3 do
        backward(l)
        optimiser:step()
        local before <const> = tocha.memory().in_use
        optimiser:zero_grad()
        assert.is_true(before - tocha.memory().in_use >= N * N * 4, name)
        assert.is_nil(l.weight.grad)
      end
    end
  end)

  it("stays with who has read it", function()
    local l <const> = layer()
    backward(l)
    local held <const> = l.weight.grad
    local values <const> = held:clone()
    l.weight.grad = nil
    assert.is_true(tocha.equal(values, held))
  end)

  it("stays with a hook", function()
    local l <const>, held = layer(), nil
    l.weight:register_hook(function(g) held = g end)
    backward(l)
    l.weight.grad = nil
    assert.equal(N, held:size(1))
    assert.is_true(held:sum():item() == held:sum():item())
  end)

  it("stays with a function of the user's", function()
    local held
    local keep <const> = tocha.autograd.Function {
      forward = function(_, a) return a:clone() end,
      backward = function(_, g) held = g return g end,
    }
    local w <const> = tocha.randn(N, N):requires_grad_()
    keep(w):tanh():sum():backward()
    w.grad = nil
    assert.equal(N * N, held:numel())
    assert.is_number(held:sum():item())
  end)

  it("stays with the other operand of a sum, and with both uses of one", function()
    local a, b = tocha.randn(N, N):requires_grad_(), tocha.randn(N, N):requires_grad_()
    local y <const> = (a + b):tanh() * 2
    y:sum():backward()
    a.grad = nil
    assert.is_number(b.grad:sum():item())
    local c <const> = tocha.randn(N, N):requires_grad_()
    for _, f in ipairs { tocha.sigmoid, tocha.clone } do
      local z <const> = c:tanh() + f(c)
      z:sum():backward()
      if f == tocha.sigmoid then c.grad = nil end
    end
    assert.is_number(c.grad:sum():item())
  end)

  it("stays with an optimiser of the user's", function()
    local Mine <const> = optim.SGD:extend "Mine"
    local held
    function Mine:update(batch) held = batch.grads[1] end  -- luacheck: ignore self
    local l <const> = layer()
    local optimiser <const> = Mine(l:parameters(), { lr = 0.1 })
    backward(l)
    optimiser:step()
    optimiser:zero_grad()
    assert.is_number(held:sum():item())
  end)
end)
