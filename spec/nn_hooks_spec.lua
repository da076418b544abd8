-- Hooks of modules: before and after a call, when gradients pass, when state is saved and loaded.

local tocha = require "tocha"
local nn = tocha.nn

local function numbers(x) return x:reshape({ -1 }):totable() end

-- y = w x, so that gradients are known.
local function scale(w)
  local layer <const> = nn.Linear(1, 1, { bias = false })
  layer.weight:detach():fill_(w)
  return layer
end

local function column(...) return tocha.tensor({ ... }, { dtype = "float32" }):reshape(-1, 1) end

describe("hooks of calls", function()
  it("change what goes in and comes out, until removed", function()
    local layer <const>, seen = nn.Identity(), {}
    local before <const> = layer:register_forward_pre_hook(function(_, inputs)
      return inputs[1] + 1
    end)
    local after <const> = layer:register_forward_hook(function(m, inputs, y)
      seen = { m, inputs[1]:item(), y:item() }
      return y * 10
    end)
    assert.are.equal(30.0, layer(tocha.tensor(2.0)):item())
    assert.are.same({ layer, 3.0, 3.0 }, seen)
    before:remove()
    after:remove()
    assert.are.equal(2.0, layer(tocha.tensor(2.0)):item())
  end)

  it("run in order, prepended ones first, and may remove themselves", function()
    local layer <const>, order <const> = nn.Identity(), {}
    local first
    first = layer:register_forward_hook(function() order[#order + 1] = 1 first.remove() end)
    layer:register_forward_hook(function() order[#order + 1] = 2 end)
    layer:register_forward_hook(function() order[#order + 1] = 3 end, { prepend = true })
    layer(tocha.ones(1))
    layer(tocha.ones(1))
    assert.are.same({ 3, 1, 2, 3, 2 }, order)
  end)

  it("can be those of all modules", function()
    local net <const>, names = nn.Sequential(nn.ReLU(), nn.Tanh()), {}
    local hook <const> = nn.register_module_forward_hook(function(m)
      names[#names + 1] = getmetatable(m).__name
    end)
    net(tocha.ones(1))
    hook.remove()
    net(tocha.ones(1))
    assert.are.same({ "ReLU", "Tanh", "Sequential" }, names)
  end)

  it("of all modules count from their registration on, also for classes made later", function()
    local seen, hook = 0, nil
    local Opens <const> = nn.Module:extend "Opens"
    function Opens:forward(x)
      hook = nn.register_module_forward_hook(function() seen = seen + 1 end)
      return x
    end
    local net <const> = nn.Sequential(Opens(), nn.ReLU(), nn.Tanh())
    net(tocha.ones(1))
    assert.equal(2, seen)
    local Late <const> = nn.Module:extend "Late"
    function Late:forward(x) return x end
    Late()(tocha.ones(1))
    assert.equal(3, seen)
    hook.remove()
    nn.Sequential(Late(), nn.ReLU())(tocha.ones(1))
    assert.equal(3, seen)
  end)

  it("must be functions", function()
    assert.error_matches(function() nn.ReLU():register_forward_hook(3) end,
      "expected a function, got number")
  end)
end)

describe("hooks of gradients", function()
  it("see what comes and goes", function()
    local layer <const>, seen = scale(3), nil
    layer:register_full_backward_hook(function(m, gi, go)
      seen = { m, numbers(gi[1]), numbers(go[1]) }
    end)
    local x <const> = column(1, 2):requires_grad_()
    layer(x):backward(column(10, 20))
    assert.are.same({ layer, { 30, 60 }, { 10, 20 } }, seen)
    assert.are.same({ 30, 60 }, numbers(x.grad))
    assert.are.same({ 50 }, numbers(layer.weight.grad))
  end)

  it("replace them", function()
    local layer <const> = scale(3)
    layer:register_full_backward_pre_hook(function(_, go) return go[1] * 2 end)
    layer:register_full_backward_hook(function(_, gi) return { gi[1] + 1 } end)
    local x <const> = column(1, 2):requires_grad_()
    layer(x):backward(column(10, 20))
    assert.are.same({ 61, 121 }, numbers(x.grad))
    assert.are.same({ 100 }, numbers(layer.weight.grad))
  end)

  it("run where no input has a gradient, and where one of several has", function()
    local layer <const>, seen = scale(3), nil
    layer:register_full_backward_hook(function(_, gi, go) seen = { gi[1], numbers(go[1]) } end)
    layer(column(1)):backward(column(5))
    assert.are.same({ false, { 5 } }, seen)

    local Two <const> = nn.Module:extend "Two"
    function Two:forward(a, b) return a * b, a + b end
    local two <const> = Two()
    two:register_full_backward_hook(function(_, gi, go)
      seen = { gi[1], numbers(gi[2]), go[1] and numbers(go[1]), numbers(go[2]) }
    end)
    local b <const> = column(4):requires_grad_()
    local _, sum = two(column(3), b)
    sum:backward(column(7))
    assert.are.same({ false, { 7 }, false, { 7 } }, seen)
  end)

  it("work in a network, with layers in place, and vanish when removed", function()
    local net <const> = nn.Sequential(scale(2), nn.ReLU { inplace = true }, scale(-1))
    local norms <const> = {}
    local handles <const> = {}
    for k, layer in ipairs(net) do
      handles[k] = layer:register_full_backward_hook(function(_, _, go)
        norms[#norms + 1] = go[1]:abs():sum():item()
      end)
    end
    local x <const> = column(1, -1)
    net(x):sum():backward()
    assert.are.same({ 2, 2, 1 }, norms)
    local plain <const> = net[1].weight.grad:clone()
    for _, handle in ipairs(handles) do handle.remove() end
    net:zero_grad()
    net(x):sum():backward()
    assert.are.same({ 2, 2, 1 }, norms)
    assert.are.same(numbers(plain), numbers(net[1].weight.grad))
    assert.are.same({ -1 }, numbers(plain))
  end)

  it("are refused what is not a gradient", function()
    local layer <const> = scale(3)
    layer:register_full_backward_hook(function() return 7 end)
    local y <const> = layer(column(1):requires_grad_())
    assert.error_matches(function() y:backward() end, "a list of 1 gradients")
  end)
end)

describe("hooks of state", function()
  it("change what is saved and what is loaded", function()
    local net <const>, prefixes = nn.Sequential(nn.Linear(1, 1), nn.Sequential(nn.Linear(1, 1))), {}
    local inner <const> = net[2][1]
    inner:register_state_dict_pre_hook(function(_, prefix) prefixes[#prefixes + 1] = prefix end)
    inner:register_state_dict_post_hook(function(_, dict, prefix)
      dict[prefix .. "w"] = dict[prefix .. "weight"]
      dict[prefix .. "weight"] = nil
    end)
    local saved <const> = net:state_dict()
    assert.are.same({ "1.0." }, prefixes)
    assert.is_truthy(saved["1.0.w"] and not saved["1.0.weight"])
    assert.has_error(function() net:load_state_dict(saved) end)
    inner:register_load_state_dict_pre_hook(function(_, dict, prefix)
      dict[prefix .. "weight"], dict[prefix .. "w"] = dict[prefix .. "w"], nil
    end)
    local result
    net:register_load_state_dict_post_hook(function(_, r) result = r end)
    saved["1.0.w"] = tocha.full({ 1, 1 }, 9.0)
    net:load_state_dict(saved)
    assert.are.equal(9.0, inner.weight:item())
    assert.are.same({ missing = {}, unexpected = {} }, result)
    assert.is_truthy(saved["1.0.w"])
  end)
end)
