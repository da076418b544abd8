-- The tape: leaves, accumulation, scopes, hooks, views written in place, errors that name the line.

local tocha = require "tocha"
local support = require "spec.support"

local assert_alike <const> = support.assert_alike

local function leaf(data) return tocha.tensor(data, { dtype = "float64", requires_grad = true }) end

describe("backward", function()
  it("adds to the gradients of leaves", function()
    local x = leaf { 1, 2, 3 }
    ;(x * x):sum():backward()
    assert.same({ 2.0, 4.0, 6.0 }, x.grad:totable())
    local y = 3 * x
    y:sum():backward()
    assert.same({ 5.0, 7.0, 9.0 }, x.grad:totable())
    x.grad = nil
    assert.is_nil(x.grad)
  end)

  it("sums over every path", function()
    local x = leaf { 2 }
    local y = x * x
    ;((y + x) * y):sum():backward()  -- (x^2 + x) x^2 -> 4 x^3 + 3 x^2
    assert.same({ 44.0 }, x.grad:totable())
  end)

  it("gives two leaves gradients of their own", function()
    local a, b = leaf { 1, 2 }, leaf { 3, 4 }
    ;(a + b):sum():backward()
    a.grad:mul_(10)
    assert.same({ 1.0, 1.0 }, b.grad:totable())
  end)

  it("wants a gradient for more than one element, of the right shape", function()
    local x = leaf { 1, 2 }
    assert.error_matches(function() (x * 2):backward() end, "needs the gradient that flows into it")
    assert.error_matches(function() (x * 2):backward(tocha.ones(3, { dtype = "float64" })) end,
      "the gradient has the shape %(3,%), the tensor %(2,%)")
    local y = x * 2
    y:backward(tocha.tensor({ 1, 10 }, { dtype = "float64" }))
    assert.same({ 2.0, 20.0 }, x.grad:totable())
  end)

  it("needs something recorded", function()
    assert.error_matches(function() tocha.ones(1):backward() end, "does not require grad")
  end)

  it("frees the graph unless told to keep it", function()
    local x = leaf { 1, 2 }
    local y = x:exp():sum()
    y:backward(nil, { retain_graph = true })
    y:backward()
    assert.error_matches(function() y:backward() end, "the graph was freed by an earlier backward")
  end)

  it("goes through a chain of 20,000 operations", function()
    local x = leaf { 1 }
    local y = x
    for _ = 1, 20000 do y = y + 1 end
    y:backward()
    assert.same({ 1.0 }, x.grad:totable())
  end)
end)

describe("scopes", function()
  it("no_grad records nothing, and closes", function()
    local x = leaf { 1 }
    do
      local _ <close> = tocha.no_grad()
      assert.is_false((x * 2).requires_grad)
      do
        local _ <close> = tocha.enable_grad()
        assert.is_true((x * 2).requires_grad)
      end
      assert.is_false((x * 2).requires_grad)
    end
    assert.is_true((x * 2).requires_grad)
  end)

  it("closes after an error", function()
    local x = leaf { 1 }
    pcall(function()
      local _ <close> = tocha.no_grad()
      error "inside"
    end)
    assert.is_true((x * 2).requires_grad)
    pcall(tocha.no_grad, error, "inside")
    assert.is_true((x * 2).requires_grad)
  end)

  it("has a function form that returns results", function()
    local x = leaf { 1 }
    local y, n = tocha.no_grad(function(a) return x * a, 5 end, 3)
    assert.is_false(y.requires_grad)
    assert.equal(5, n)
  end)

  it("an error inside an operation leaves recording on", function()
    local x = leaf { { 1, 2 } }
    pcall(tocha.softmax, x, 7)
    pcall(tocha.linear, x, x, x)
    assert.is_true((x * 2).requires_grad)
  end)
end)

describe("leaves and detach", function()
  it("detach shares memory, off the tape", function()
    local x = leaf { 1, 2 }
    local d = x:detach()
    assert.is_false(d.requires_grad)
    d[1] = 7
    assert.same({ 7.0, 2.0 }, x:totable())
  end)

  it("a detached tensor does not keep the graph alive", function()
    local watch = setmetatable({}, { __mode = "k" })
    local losses = {}
    for k = 1, 3 do
      local x = leaf { 1, 2 }
      watch[x] = true
      losses[k] = (x * x):sum():detach()
    end
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(watch))
    assert.equal(5.0, losses[1]:item())
  end)

  it("only leaves may stop to require grad; integers never do", function()
    local x = leaf { 1 }
    assert.error_matches(function() (x * 2):requires_grad_(false) end, "only leaves")
    assert.error_matches(function()
      tocha.tensor({ 1 }):requires_grad_()
    end, "only floating tensors")
    assert.is_true(x:is_leaf())
    assert.is_false((x * 2):is_leaf())
  end)
end)

describe("changes in place", function()
  it("are differentiated", function()
    local x = leaf { 1, 2 }
    local y = x * 3
    y:mul_(x)
    y:exp_()
    y:sum():backward()
    for k = 1, 2 do
      local e = math.exp(3 * k * k)
      assert.is_true(math.abs(x.grad[k]:item() - 6 * k * e) < 1e-6 * e)
    end
  end)

  it("of a leaf need no_grad", function()
    local x = leaf { 1 }
    assert.error_matches(function() x:add_(1) end, "%[add_%].*a leaf that requires grad")
    assert.error_matches(function() x[1] = 2 end, "a leaf that requires grad")
    tocha.no_grad(function() x:add_(1) end)
    assert.same({ 2.0 }, x:totable())
  end)

  it("of a value that a gradient needs are named with their line", function()
    local x = leaf { 1, 2 }
    local y = x:exp()
    local z = y:sum()
    y:add_(1)
    assert.error_matches(function() z:backward(); y:backward(y:detach()) end,
      "%[exp%] a value needed for its gradient was changed in place by add_ at "
        .. ".*autograd_spec.lua:%d+")
  end)

  it("of a value that no gradient needs are fine", function()
    local x = leaf { 1, 2 }
    local y = x + 1
    local z = (y * 2):sum()
    y:zero_()
    z:backward()
    assert.same({ 2.0, 2.0 }, x.grad:totable())
  end)

  it("through a view reach the gradient of the base", function()
    local x = leaf { { 1, 2 }, { 3, 4 } }
    local w = leaf { 10, 100 }
    local y = x * 1
    y[1]:mul_(w)
    y[{ {}, 2 }] = 5
    y:sum():backward()
    assert.same({ { 10.0, 0.0 }, { 1.0, 0.0 } }, x.grad:totable())
    assert.same({ 1.0, 0.0 }, w.grad:totable())
  end)

  it("of the base are seen by views taken before", function()
    local x = leaf { 1, 2 }
    local y = x * 1
    local view = y[1]
    y:mul_(5)
    view:backward()
    assert.same({ 5.0, 0.0 }, x.grad:totable())
  end)

  it("make a base that required nothing require grad", function()
    local w = leaf { 2 }
    local base = tocha.ones(2, 2, { dtype = "float64" })
    base[1] = w * 3
    assert.is_true(base.requires_grad)
    base:sum():backward()
    assert.same({ 6.0 }, w.grad:totable())
  end)

  it("of expanded tensors and into overlapping ones are refused or right", function()
    assert.error_matches(function()
      tocha.ones(1):expand(3):add_(1)
    end, "share one place in memory")
    local x = tocha.tensor { 1.0, 2.0, 3.0, 4.0 }
    x:narrow(1, 2, 3):add_(x:narrow(1, 1, 3))
    assert.same({ 1.0, 3.0, 5.0, 7.0 }, x:totable())
  end)
end)

describe("hooks", function()
  it("see and replace gradients", function()
    local x = leaf { 1, 2 }
    local y = x * 3
    local seen
    local hook = y:register_hook(function(g) seen = g:totable() return g * 2 end)
    y:sum():backward()
    assert.same({ 1.0, 1.0 }, seen)
    assert.same({ 6.0, 6.0 }, x.grad:totable())
    hook.remove()
  end)

  it("retain_grad keeps that of a tensor that is no leaf", function()
    local x = leaf { 1, 2 }
    local y = x * 3
    y:retain_grad()
    ;(y * y):sum():backward()
    assert.same({ 6.0, 12.0 }, y.grad:totable())
  end)
end)

describe("autograd.grad", function()
  it("returns gradients and touches no .grad", function()
    local x, y = leaf { 1, 2 }, leaf { 3, 4 }
    local g = tocha.autograd.grad((x * y):sum(), { x, y })
    assert.same({ 3.0, 4.0 }, g[1]:totable())
    assert.same({ 1.0, 2.0 }, g[2]:totable())
    assert.is_nil(x.grad)
  end)

  it("gives the gradient of something in the middle as well as of what led to it", function()
    local x = leaf { 2 }
    local h = x * x
    local g = tocha.autograd.grad((h * h):sum(), { h, x })
    assert.same({ 8.0 }, g[1]:totable())
    assert.same({ 32.0 }, g[2]:totable())
  end)

  it("says which input was not used", function()
    local x, y = leaf { 1 }, leaf { 1 }
    assert.error_matches(function()
      tocha.autograd.grad((x * 2):sum(), { x, y })
    end, "input 2 was not used")
    local g = tocha.autograd.grad((x * 2):sum(), { x, y }, { allow_unused = true })
    assert.is_false(g[2])
  end)

  it("differentiates gradients: the third derivative of x^4", function()
    local x = leaf { 2 }
    local y = (x ^ 4):sum()
    for _ = 1, 3 do y = tocha.autograd.grad(y, x, { create_graph = true }):sum() end
    assert_alike(y, tocha.tensor(48.0, "float64"), 1e-12)
  end)
end)

describe("custom functions", function()
  it("bring their own gradient", function()
    local cube = tocha.autograd.Function {
      name = "cube",
      forward = function(ctx, x) ctx.x = x return x * x * x end,
      backward = function(ctx, g) return 3 * ctx.x * ctx.x * g end,
    }
    local x = leaf { 1, 2 }
    cube(x):sum():backward()
    assert.same({ 3.0, 12.0 }, x.grad:totable())
    assert.is_true(tocha.gradcheck(cube, { leaf { 0.3, -0.7 } }))
  end)

  it("with several results and plain arguments", function()
    local f = tocha.autograd.Function {
      name = "sincos", outputs = 2,
      forward = function(ctx, x, scale)
        ctx.x, ctx.scale = x, scale
        return (x * scale):sin(), (x * scale):cos()
      end,
      backward = function(ctx, gs, gc)
        local z = ctx.x * ctx.scale
        local g = 0 * z
        if gs then g = g + gs * z:cos() end
        if gc then g = g - gc * z:sin() end
        return g * ctx.scale
      end,
    }
    local s, c = f(leaf { 0.5 }, 2)
    assert.is_true(s.requires_grad and c.requires_grad)
    assert.is_true(tocha.gradcheck(function(x) return f(x, 2) end, { leaf { 0.4, 0.9 } }))
    local x = leaf { 0.4 }
    local only = f(x, 2)
    only:sum():backward()
    assert_alike(x.grad, (x:detach() * 2):cos() * 2, 1e-12)
  end)

  it("are held to the shapes of their arguments", function()
    local bad = tocha.autograd.Function {
      name = "bad", forward = function(_, x) return x * 2 end,
      backward = function() return tocha.ones(5, { dtype = "float64" }) end,
    }
    local x = leaf { 1, 2 }
    assert.error_matches(function() bad(x):sum():backward() end, "%[bad%].*shape %(5,%).*%(2,%)")
  end)
end)

describe("tools", function()
  it("gradcheck finds a wrong gradient", function()
    local wrong = tocha.autograd.Function {
      name = "wrong", forward = function(_, x) return x * x end,
      backward = function(_, g) return g end,
    }
    local ok, why = tocha.gradcheck(wrong, { leaf { 3, 4 } }, { raise = false })
    assert.is_false(ok)
    assert.truthy(why:find "input 1, element 1")
    assert.error_matches(function()
      tocha.gradcheck(wrong, { leaf { 3 } })
    end, "finite differences give")
  end)

  it("anomaly mode names the forward line of a NaN", function()
    local x = leaf { 0, 4 }
    local _ <close> = tocha.autograd.detect_anomaly()
    local y = x:sqrt() * tocha.tensor({ 0, 1 }, { dtype = "float64" })
    assert.error_matches(function() y:sum():backward() end,
      "%[sqrt%].*became NaN; the call was at .*autograd_spec.lua:%d+")
  end)
end)
