-- nn.utils: gradients clipped, parameters as a vector.

local tocha = require "tocha"
local nn = tocha.nn
local same <const> = require "spec.modules".same

describe("nn.utils", function()
  local function with_grads()
    local net <const> = nn.Linear(3, 2)
    for _, p in ipairs(net:parameters()) do p.grad = tocha.full_like(p, 3.0) end
    return net
  end

  it("clips gradients by norm and value", function()
    local net <const> = with_grads()
    local norm <const> = nn.utils.clip_grad_norm_(net:parameters(), 1)
    assert.is_true(math.abs(norm:item() - 3 * math.sqrt(8)) < 1e-5)
    assert.is_true(math.abs(nn.utils.get_total_norm({ net.weight.grad,
      net.bias.grad }):item() - 1) < 1e-5)
    nn.utils.clip_grad_norm_(net:parameters(), 100)
    assert.is_true(math.abs(net.bias.grad[1]:item() - 1 / math.sqrt(8)) < 1e-6)
    assert.are.equal(3.0, nn.utils.clip_grad_norm_(with_grads():parameters(), 10, math.huge):item())
    local other <const> = with_grads()
    nn.utils.clip_grad_value_(other:parameters(), 0.5)
    assert.are.equal(0.5, other.weight.grad:max():item())
    other.bias.grad:fill_(0 / 0)
    assert.has_error(function() nn.utils.clip_grad_norm_(other:parameters(), 1, 2, true) end)
  end)

  it("clips by a norm that is known", function()
    local net <const> = with_grads()
    nn.utils.clip_grads_with_norm_(net:parameters(), 1, 6)
    assert.is_true(math.abs(net.bias.grad[1]:item() - 0.5) < 1e-6)
    nn.utils.clip_grads_with_norm_(net:parameters(), 1, tocha.tensor(0.5))
    assert.is_true(math.abs(net.bias.grad[1]:item() - 0.5) < 1e-6)
    nn.utils.clip_grads_with_norm_(nn.Linear(1, 1):parameters(), 1, 6)
    assert.are.equal(0.0, nn.utils.clip_grad_norm_(nn.Linear(1, 1):parameters(), 1):item())
  end)

  it("makes one vector of parameters and back", function()
    local a <const>, b <const> = nn.Linear(3, 2), nn.Linear(3, 2)
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(a:parameters()), b:parameters())
    assert.is_true(same(a.weight, b.weight) and same(a.bias, b.bias))
    assert.has_error(function() nn.utils.vector_to_parameters(tocha.ones(3), a:parameters()) end)
  end)
end)

describe("nn.utils given something else than a list of parameters", function()
  it("takes a module, as optimisers do", function()
    local net <const> = nn.Sequential(nn.Linear(3, 2))
    for _, p in ipairs(net:parameters()) do p.grad = tocha.full_like(p, 3.0) end
    assert.is_true(math.abs(nn.utils.clip_grad_norm_(net, 1):item() - 3 * math.sqrt(8)) < 1e-5)
    nn.utils.clip_grad_value_(net, 0.1)
    assert.is_true(net[1].bias.grad:max():item() <= 0.1 + 1e-7)
    assert.are.equal(8, #nn.utils.parameters_to_vector(net))
  end)

  it("says what it expects", function()
    local utils <const> = nn.utils
    assert.error_matches(function() utils.clip_grad_norm_(nil, 1) end,
      "%[clip_grad_norm_%] expected parameters .*, got nil")
    assert.error_matches(function() utils.clip_grad_value_(nn.ReLU().named_parameters, 1) end,
      "%[clip_grad_value_%] expected parameters .*, got function")
  end)
end)
