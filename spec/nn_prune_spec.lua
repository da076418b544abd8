-- nn.utils.prune: which elements go, what is left, and the way back. Masks against PyTorch's are in
-- nn_layers_spec.lua.

local tocha = require "tocha"
local nn = tocha.nn
local modules = require "spec.modules"
local same <const>, keys <const> = modules.same, modules.keys
local prune = nn.utils.prune

local function zeros(x) return x:eq(0):sum():item() end

before_each(function() tocha.manual_seed(5) end)

describe("pruning", function()
  it("keeps the parameter as weight_orig, and trains what is left", function()
    local layer <const> = nn.Linear(4, 5)
    local weight <const> = layer.weight
    assert.are.equal(layer, prune.l1_unstructured(layer, "weight", 0.5))
    assert.are.same({ "bias", "weight_mask", "weight_orig" }, keys(layer:state_dict()))
    assert.is_true(rawequal(weight, layer.weight_orig))
    assert.are.equal(10, zeros(layer.weight_mask))
    assert.are.equal(10, zeros(layer.weight))
    assert.is_true(prune.is_pruned(nn.Sequential(layer)))
    local optimiser <const> = tocha.optim.SGD(layer:parameters(), { lr = 0.1 })
    local before <const> = layer.weight:detach():clone()
    layer(tocha.randn(3, 4)):square():sum():backward()
    assert.is_true(same(weight.grad * (1 - layer.weight_mask), tocha.zeros(5, 4)))
    optimiser:step()
    layer(tocha.randn(3, 4))
    assert.are.equal(10, zeros(layer.weight))
    assert.is_false(same(before, layer.weight))
  end)

  it("takes shares of what is left, and numbers", function()
    local layer <const> = nn.Linear(10, 10)
    prune.random_unstructured(layer, "weight", 0.5)
    assert.are.equal(50, zeros(layer.weight))
    prune.random_unstructured(layer, "weight", 0.5)
    assert.are.equal(75, zeros(layer.weight))
    prune.l1_unstructured(layer, "weight", 5)
    assert.are.equal(80, zeros(layer.weight))
    prune.random_unstructured(layer, "bias", 1)
    assert.are.equal(1, zeros(layer.bias_mask))
    layer(tocha.ones(1, 10))
    assert.are.equal(80, zeros(layer.weight))
  end)

  it("takes whole channels", function()
    local layer <const> = nn.Conv2d(3, 6, 2)
    prune.random_structured(layer, "weight", 2, 1)
    assert.are.equal(2, zeros(layer.weight_mask:sum({ 2, 3, 4 })))
    prune.random_structured(layer, "weight", 0.5, 1)
    assert.are.equal(4, zeros(layer.weight_mask:sum({ 2, 3, 4 })))
    prune.ln_structured(layer, "weight", 1, math.huge, 2)
    assert.are.equal(1, zeros(layer.weight_mask:sum({ 1, 3, 4 })))
    layer(tocha.ones(1, 3, 4, 4))
  end)

  it("goes by given importances", function()
    local layer <const> = nn.Linear(2, 2, { bias = false })
    prune.l1_unstructured(layer, "weight", 2, tocha.tensor { { 1.0, 9.0 }, { 8.0, 2.0 } })
    assert.are.same({ { 0, 1 }, { 1, 0 } }, layer.weight_mask:totable())
  end)

  it("goes over several parameters, also ones pruned before", function()
    local net <const> = nn.Sequential(nn.Linear(4, 5), nn.Linear(5, 3))
    net[1].weight:detach():fill_(0.1)
    net[2].weight:detach():fill_(5)
    prune.l1_unstructured(net[2], "weight", 3)
    prune.global_unstructured({ { net[1], "weight" }, { net[2], "weight" } },
      prune.L1Unstructured, { amount = 0.5 })
    assert.are.equal(16, zeros(net[1].weight_mask))
    assert.are.equal(3, zeros(net[2].weight_mask))
    net(tocha.ones(1, 4))
  end)

  it("takes methods of one's own", function()
    local EveryOther <const> = prune.BasePruningMethod:extend "EveryOther"
    EveryOther.PRUNING_TYPE = "unstructured"
    function EveryOther:compute_mask(_, mask)
      local flat <const> = mask:clone():reshape { -1 }
      flat[{ { 1, -1, 2 } }] = 0
      return flat:reshape(mask.shape)
    end
    local layer <const> = nn.Linear(4, 1)
    EveryOther:apply(layer, "weight")
    assert.are.same({ { 0, 1, 0, 1 } }, layer.weight_mask:totable())
    EveryOther:apply(layer, "weight")
    assert.are.same({ { 0, 0, 0, 1 } }, layer.weight_mask:totable())
  end)

  it("becomes final", function()
    local layer <const> = nn.Linear(4, 4)
    local weight <const> = layer.weight
    prune.identity(layer, "bias")
    prune.l1_unstructured(layer, "weight", 4)
    prune.remove(layer, "weight")
    assert.is_true(prune.is_pruned(layer))
    prune.remove(layer, "bias")
    assert.is_false(prune.is_pruned(layer))
    assert.is_true(rawequal(weight, layer.weight))
    assert.are.equal(4, zeros(layer.weight))
    assert.are.same({ "bias", "weight" }, keys(layer:state_dict()))
    layer.weight:detach():fill_(1)
    layer.bias:detach():zero_()
    assert.are.equal(4.0, layer(tocha.ones(1, 4))[1][1]:item())
  end)

  it("is copied and loaded with the module", function()
    local layer <const> = prune.l1_unstructured(nn.Linear(4, 4), "weight", 7)
    local twin <const> = layer:clone()
    local x <const> = tocha.randn(2, 4)
    assert.is_true(same(layer(x), twin(x)))
    prune.l1_unstructured(twin, "weight", 4)
    assert.are.equal(7, zeros(layer.weight_mask))
    layer:load_state_dict(twin:state_dict())
    assert.is_true(same(layer(x), twin(x)))
    prune.remove(twin, "weight")
    twin(x)
    assert.are.equal(11, zeros(twin.weight))
  end)

  it("says what is wrong", function()
    local layer <const> = nn.Linear(2, 2)
    assert.error_matches(function() prune.l1_unstructured(layer, "weight", 1.5) end,
      "expected a share between")
    assert.error_matches(function() prune.l1_unstructured(layer, "weight", 5) end,
      "5 to prune, but there are only 4")
    assert.error_matches(function() prune.l1_unstructured(layer, "wait", 1) end,
      "no parameter 'wait'")
    assert.error_matches(function() prune.ln_structured(layer, "bias", 1, 2, 1) end,
      "does not part")
    assert.error_matches(function() prune.remove(layer, "bias") end, "no pruned parameter 'bias'")
    assert.error_matches(function()
      prune.global_unstructured({ { layer, "weight" } }, prune.LnStructured, { amount = 1 })
    end, "expected an unstructured method")
    assert.error_matches(function()
      prune.l1_unstructured(layer, "weight", 1, tocha.ones(3))
    end, "expected a %(2, 2%) tensor")
  end)
end)

describe("fusion", function()
  local function used(bn)
    for _ = 1, 3 do bn(tocha.randn(table.unpack(bn.sizes)) * 2 + 1) end
    bn.weight:detach():uniform_(0.5, 2)
    bn.bias:detach():uniform_(-1, 1)
    return bn:eval()
  end
  local function near(a, b) return (a - b):abs():max():item() < 1e-4 end

  it("gives one layer that does what two did", function()
    local bn = nn.BatchNorm2d(4)
    bn.sizes = { 5, 4, 3, 3 }
    used(bn)
    local x <const> = tocha.randn(2, 3, 5, 5)
    for _, bias in ipairs { true, false } do
      local conv <const> = nn.Conv2d(3, 4, 3, { bias = bias }):eval()
      local fused <const> = nn.utils.fuse_conv_bn_eval(conv, bn)
      assert.is_true(near(bn(conv(x)), fused(x)))
      local back <const> = nn.ConvTranspose2d(3, 4, 2, { bias = bias }):eval()
      assert.is_true(near(bn(back(x)), nn.utils.fuse_conv_bn_eval(back, bn, true)(x)))
    end
    local bn1 <const> = nn.BatchNorm1d(4)
    bn1.sizes = { 9, 4 }
    used(bn1)
    local linear <const> = nn.Linear(3, 4):eval()
    local rows <const> = tocha.randn(5, 3)
    assert.is_true(near(bn1(linear(rows)), nn.utils.fuse_linear_bn_eval(linear, bn1)(rows)))
  end)

  it("says what is wrong", function()
    local conv <const>, bn <const> = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(5)
    assert.error_matches(function() nn.utils.fuse_conv_bn_eval(conv, bn) end, "evaluation mode")
    assert.error_matches(function() nn.utils.fuse_conv_bn_eval(conv:eval(), bn:eval()) end,
      "4 outputs, the batch normalisation 5")
  end)
end)
