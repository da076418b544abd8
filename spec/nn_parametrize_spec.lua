-- nn.utils.parametrize and the parametrizations made with it; the older forms; other parameters for
-- one call. Numbers against PyTorch's are in nn_layers_spec.lua.

local tocha = require "tocha"
local nn = tocha.nn
local modules = require "spec.modules"
local names_of <const>, keys <const> = modules.names_of, modules.keys
local near <const>, same <const> = modules.near, modules.same
local utils = nn.utils
local parametrize, parametrizations = utils.parametrize, utils.parametrizations

local Symmetric <const> = nn.Module:extend "Symmetric"
function Symmetric:forward(x) return x:triu() + x:triu(1).T end
function Symmetric:right_inverse(x) return x:triu() end

local Double <const> = nn.Module:extend "Double"
Double.calls = 0
function Double:forward(x)
  Double.calls = Double.calls + 1
  return x * 2
end
function Double:right_inverse(x) return x / 2 end

local Halves <const> = nn.Module:extend "Halves"
function Halves:forward(a, b) return a + b end
function Halves:right_inverse(x) return x / 2, x / 2 end

describe("a parametrized tensor", function()
  it("is computed, trained and saved through its original", function()
    local layer <const> = nn.Linear(3, 3)
    local weight <const> = layer.weight
    local same_layer <const> = parametrize.register_parametrization(layer, "weight", Symmetric())
    assert.are.equal(layer, same_layer)
    assert.is_true(parametrize.is_parametrized(layer))
    assert.is_true(parametrize.is_parametrized(layer, "weight"))
    assert.is_false(parametrize.is_parametrized(layer, "bias"))
    assert.is_false(parametrize.is_parametrized(nn.Linear(1, 1)))
    assert.is_true(same(layer.weight, layer.weight.T))
    assert.are.same({ "bias", "parametrizations.weight.original" },
      names_of(layer:named_parameters()))
    assert.is_true(rawequal(weight, layer.parametrizations.weight.original))
    assert.is_true(layer:is(nn.Linear))
    assert.are.equal(nn.Linear, parametrize.type_before_parametrizations(layer))
    assert.are.equal("ParametrizedLinear", getmetatable(layer).__name)
    local optimiser <const> = tocha.optim.SGD(layer:parameters(), { lr = 0.1 })
    local before <const> = layer.weight:detach():clone()
    layer(tocha.randn(4, 3)):square():sum():backward()
    optimiser:step()
    assert.is_false(same(before, layer.weight))
    assert.is_true(same(layer.weight, layer.weight.T))
  end)

  it("takes what is assigned through right_inverse", function()
    local layer <const> = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Double())
    local original <const> = layer.parametrizations.weight.original
    layer.weight = tocha.tensor { { 2.0, 4.0 }, { 6.0, 8.0 } }
    assert.are.same({ { 1, 2 }, { 3, 4 } }, original:totable())
    assert.are.same({ { 2, 4 }, { 6, 8 } }, layer.weight:totable())
    assert.is_true(rawequal(original, layer.parametrizations.weight.original))
    assert.is_true(original.requires_grad)
    local other <const> = parametrize.register_parametrization(nn.Linear(2, 2), "weight",
      nn.Identity())
    assert.error_matches(function() other.weight = tocha.ones(2, 2) end, "cannot be assigned")
    layer.note = tocha.ones(1)
    assert.are.equal(1.0, layer.note:item())
  end)

  it("may have several originals, and several parametrizations", function()
    local layer <const> = nn.Linear(2, 2)
    local weight <const> = layer.weight:detach():clone()
    parametrize.register_parametrization(layer, "weight", Halves())
    parametrize.register_parametrization(layer, "weight", Double())
    assert.are.same({ "bias", "parametrizations.weight.original0",
      "parametrizations.weight.original1" }, names_of(layer:named_parameters()))
    assert.is_true(near(layer.weight, weight * 2))
    layer.weight = weight
    assert.is_true(near(layer.weight, weight))
    parametrize.register_parametrization(layer, "bias", Double())
    assert.are.equal(2, layer.parametrizations and #layer.parametrizations)
    parametrize.remove_parametrizations(layer, "bias")
    assert.is_true(parametrize.is_parametrized(layer, "weight"))
    assert.error_matches(function()
      parametrize.remove_parametrizations(layer, "weight", false)
    end, "several originals")
    parametrize.remove_parametrizations(layer, "weight")
    assert.are.equal(nn.Linear, getmetatable(layer))
    assert.is_true(near(layer.weight, weight))
    assert.are.same({ "bias", "weight" }, names_of(layer:named_parameters()))
    assert.is_true(layer.weight.requires_grad and layer.weight:is_leaf())
  end)

  it("becomes plain again, with its value or that of the original", function()
    for _, leave in ipairs { true, false } do
      local layer <const> = parametrize.register_parametrization(nn.Linear(2, 2), "weight",
        Double())
      local original <const> = layer.parametrizations.weight.original
      local value <const> = (leave and layer.weight or original):detach():clone()
      parametrize.remove_parametrizations(layer, "weight", leave)
      assert.is_true(rawequal(original, layer.weight))
      assert.is_true(same(value, layer.weight))
      assert.is_nil(rawget(layer, "parametrizations"))
    end
  end)

  it("may be a buffer", function()
    local layer <const> = nn.BatchNorm1d(2)
    parametrize.register_parametrization(layer, "running_var", Double())
    assert.is_truthy(layer:state_dict()["parametrizations.running_var.original"])
    assert.are.same({ "weight", "bias" }, names_of(layer:named_parameters()))
    parametrize.remove_parametrizations(layer, "running_var")
    assert.is_truthy(layer:state_dict().running_var)
  end)

  it("is computed once inside cached()", function()
    local layer <const> = parametrize.register_parametrization(nn.Linear(2, 2), "weight", Double())
    Double.calls = 0
    layer(tocha.ones(1, 2))
    layer(tocha.ones(1, 2))
    assert.are.equal(2, Double.calls)
    do
      local _ <close> = parametrize.cached()
      layer(tocha.ones(1, 2))
      layer(tocha.ones(1, 2))
      assert.are.equal(3, Double.calls)
    end
    parametrize.cached(function() return layer(tocha.ones(1, 2)), layer(tocha.ones(1, 2)) end)
    assert.are.equal(4, Double.calls)
    layer(tocha.ones(1, 2))
    assert.are.equal(5, Double.calls)
  end)

  it("is copied, moved and loaded with its module", function()
    local layer <const> = parametrizations.weight_norm(nn.Linear(3, 2))
    local twin <const> = layer:clone()
    local x <const> = tocha.randn(4, 3)
    assert.is_true(same(layer(x), twin(x)))
    layer.parametrizations.weight.original0:detach():zero_()
    assert.is_true(same(layer.weight, tocha.zeros(2, 3)))
    assert.is_false(same(layer(x), twin(x)))
    layer:load_state_dict(twin:state_dict())
    assert.is_true(same(layer(x), twin(x)))
    assert.are.equal("float64", layer:double()(x:double()).dtype)
  end)

  it("says what is wrong", function()
    local layer <const> = nn.Linear(2, 3)
    assert.error_matches(function()
      parametrize.register_parametrization(layer, "wait", Double())
    end, "no parameter or buffer 'wait'")
    assert.error_matches(function()
      parametrize.register_parametrization(layer, "weight", math.abs)
    end, "expected a module")
    local Wider <const> = nn.Module:extend "Wider"
    function Wider:forward(x) return tocha.cat({ x, x }, 2) end
    assert.error_matches(function()
      parametrize.register_parametrization(layer, "weight", Wider())
    end, "gives float32 %(3, 4%)")
    assert.is_true(rawequal(nn.Linear, getmetatable(layer)))
    assert.error_matches(function()
      parametrize.register_parametrization(nn.Linear(3), "weight", Double())
    end, "in_features of the module is not known")
    assert.error_matches(function() parametrize.remove_parametrizations(layer, "weight") end,
      "no parametrization of 'weight'")
  end)
end)

describe("weight_norm", function()
  it("keeps the value, and loads what the older form saved", function()
    local plain <const> = nn.Linear(3, 2)
    local value <const> = plain.weight:detach():clone()
    local old <const>, new <const> = utils.weight_norm(plain:clone()),
      parametrizations.weight_norm(plain:clone())
    assert.is_true(near(old.weight, value) and near(new.weight, value))
    assert.are.same({ "bias", "weight_g", "weight_v" }, keys(old:state_dict()))
    old.weight_g:detach():mul_(3)
    new:load_state_dict(old:state_dict())
    local x <const> = tocha.randn(2, 3)
    assert.is_true(near(old(x), new(x)))
    local net <const> = nn.Sequential(parametrizations.weight_norm(nn.Linear(3, 2)))
    net:load_state_dict { ["0.weight_g"] = old.weight_g:detach(),
      ["0.weight_v"] = old.weight_v:detach(), ["0.bias"] = old.bias:detach() }
    assert.is_true(near(net(x), old(x)))
  end)

  it("of the older form is taken away again", function()
    local layer <const> = utils.weight_norm(nn.Linear(3, 2))
    layer.weight_g:detach():fill_(2)
    utils.remove_weight_norm(layer)
    assert.is_true(near(layer.weight:norm(2, 2), tocha.full({ 2 }, 2.0)))
    assert.are.same({ "bias", "weight" }, keys(layer:state_dict()))
    layer.weight:detach():zero_()
    layer.bias:detach():zero_()
    assert.are.equal(0.0, layer(tocha.ones(1, 3)):abs():sum():item())
    assert.error_matches(function() utils.remove_weight_norm(layer) end, "no weight_norm here")
    assert.error_matches(function() utils.weight_norm(layer, "w") end, "no parameter 'w'")
    assert.error_matches(function() parametrizations.weight_norm(layer, "weight", 3) end,
      "out of range")
  end)
end)

describe("spectral_norm", function()
  it("makes the largest singular value one", function()
    for _, make in ipairs { parametrizations.spectral_norm, utils.spectral_norm } do
      local layer <const> = make(nn.Linear(6, 5))
      layer.bias:detach():zero_()
      for _ = 1, 60 do layer(tocha.randn(2, 6)) end
      layer:eval()
      layer(tocha.randn(2, 6))
      assert.is_true(math.abs(layer.weight:svdvals()[1]:item() - 1) < 1e-3)
      local frozen <const> = layer.weight:detach():clone()
      layer(tocha.randn(2, 6))
      assert.is_true(same(frozen, layer.weight))
    end
  end)

  it("of the older form is taken away again", function()
    local layer <const> = utils.spectral_norm(nn.Linear(3, 2))
    layer(tocha.ones(1, 3))
    assert.are.same({ "bias", "weight_orig", "weight_u", "weight_v" }, keys(layer:state_dict()))
    utils.remove_spectral_norm(layer)
    assert.are.same({ "bias", "weight" }, keys(layer:state_dict()))
    assert.error_matches(function() utils.spectral_norm(layer, "weight", 0) end,
      "expected a positive integer")
  end)
end)

describe("orthogonal", function()
  local function defect(w)
    if w:size(1) < w:size(2) then w = w.T end
    return (w.T:matmul(w) - tocha.eye(w:size(2))):abs():max():item()
  end

  it("stays so while it is trained", function()
    for _, sizes in ipairs { { 4, 4 }, { 4, 6 }, { 6, 4 } } do
      for _, map in ipairs { "matrix_exp", "cayley", "householder" } do
        local layer <const> = parametrizations.orthogonal(nn.Linear(sizes[2], sizes[1]), "weight",
          map)
        assert.is_true(defect(layer.weight) < 1e-5)
        local before <const> = layer.weight:detach():clone()
        local optimiser <const> = tocha.optim.SGD(layer:parameters(), { lr = 0.1 })
        for _ = 1, 5 do
          optimiser:zero_grad()
          layer(tocha.randn(8, sizes[2])):square():mean():backward()
          optimiser:step()
        end
        assert.is_true(defect(layer.weight) < 1e-5, map)
        assert.is_false(near(before, layer.weight, 1e-3))
      end
    end
  end)

  it("takes what is orthogonal as it is", function()
    local signs <const> = tocha.tensor { 1.0, -1.0, 1.0 }
    for _, rows in ipairs { 5, 3 } do
      local q <const> = tocha.randn(rows, 3):qr() * signs
      for _, based in ipairs { true, false } do
        local layer <const> = parametrizations.orthogonal(nn.Linear(3, rows), "weight",
          "householder", based)
        for _, w in ipairs { q, -q } do
          layer.weight = w
          assert.is_true(near(layer.weight, w, 1e-5))
        end
      end
    end
    local q <const> = tocha.randn(3, 3):qr()
    local closed <const> = parametrizations.orthogonal(nn.Linear(3, 3), "weight", "cayley", false)
    assert.error_matches(function() closed.weight = q end, "cannot be assigned")
    assert.error_matches(function() parametrizations.orthogonal(nn.Linear(3, 5), "bias") end,
      "expected a matrix")
    assert.error_matches(function()
      parametrizations.orthogonal(nn.Linear(3, 5), "weight", "qr")
    end, "orthogonal_map")
  end)
end)

describe("a call with other parameters", function()
  it("gives them gradients and leaves the module as it was", function()
    local net <const> = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    local x <const> = tocha.randn(4, 2)
    local weight <const>, mean <const> = net[1].weight, net[2].running_mean
    local mine <const> = tocha.ones(2, 2):requires_grad_()
    local y <const> = utils.functional_call(net, { ["0.weight"] = mine * 2,
      ["1.running_mean"] = tocha.zeros(2) }, x)
    y[{ 1, 1 }]:backward()
    assert.is_truthy(mine.grad)
    assert.is_nil(weight.grad)
    assert.is_true(rawequal(weight, net[1].weight) and rawequal(mean, net[2].running_mean))
    assert.is_true(same(mean, tocha.zeros(2)))
    assert.has_error(function() utils.stateless.functional_call(net, {}, tocha.ones(1, 3)) end)
    assert.error_matches(function() utils.functional_call(net, { q = mine }, x) end,
      "no parameter or buffer 'q'")
    assert.error_matches(function()
      utils.functional_call(net, { ["0.bias"] = mine }, x)
    end, "expected %(2,%), got %(2, 2%)")
    assert.has_error(function() utils.functional_call(net, { ["0.bias"] = mine[1] }, 3) end)
    assert.is_true(rawequal(weight, net[1].weight))
  end)

  it("replaces what is shared everywhere, and originals", function()
    local net <const> = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    net[2].weight = net[1].weight
    local x <const> = tocha.ones(1, 2)
    local zero <const> = tocha.zeros(2, 2)
    assert.is_true(same(utils.functional_call(net, { ["0.weight"] = zero }, x)[1], net[2].bias))
    local dict <const> = nn.ParameterDict { a = tocha.ones(1) }
    local Uses <const> = nn.Module:extend "Uses"
    function Uses:new() self.dict = dict end
    function Uses:forward(y) return y * self.dict.a end
    local uses <const> = Uses()
    local a <const> = tocha.full({ 1 }, 5.0):requires_grad_()
    utils.functional_call(uses, { ["dict.a"] = a * 1 }, tocha.ones(1)):backward()
    assert.are.equal(1.0, a.grad:item())
    assert.are.equal(1.0, uses(tocha.ones(1)):item())
    local layer <const> = parametrizations.weight_norm(nn.Linear(2, 2))
    local y <const> = utils.functional_call(layer,
      { ["parametrizations.weight.original0"] = tocha.zeros(2, 1) }, x)
    assert.is_true(same(y[1], layer.bias))
  end)
end)

describe("layers made without filling them", function()
  it("are loaded next", function()
    local full <const> = nn.Conv2d(2, 3, 2)
    local layer <const> = utils.skip_init(nn.Conv2d, 2, 3, 2)
    layer:load_state_dict(full:state_dict())
    assert.is_true(same(full.weight, layer.weight))
    tocha.manual_seed(3)
    local drawn <const> = tocha.get_rng_state().offset
    utils.skip_init(nn.Linear, 3, 3)
    assert.are.equal(drawn, tocha.get_rng_state().offset)
    nn.Linear(3, 3)
    assert.are_not.equal(drawn, tocha.get_rng_state().offset)
  end)
end)
