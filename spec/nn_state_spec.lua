-- State dicts, and sizes that come from the first input or from weights.

local tocha = require "tocha"
local nn = tocha.nn
local modules = require "spec.modules"
local same <const>, Net <const> = modules.same, modules.Net

describe("state dicts", function()
  it("load what they saved", function()
    local a <const>, b <const> = Net(), Net()
    local result <const> = b:load_state_dict(a:state_dict())
    assert.are.same({ missing = {}, unexpected = {} }, result)
    local x <const> = tocha.randn(5, 3)
    assert.is_true(same(a(x), b(x)))
  end)

  it("report what does not fit, and change nothing", function()
    local net <const> = Net()
    local dict <const> = Net():state_dict()
    dict["first.weight"], dict["blocks.0.bias"] = tocha.ones(2, 2), nil
    dict["else"] = tocha.ones(1)
    local before <const> = net.blocks[1].weight:clone()
    local ok <const>, message <const> = pcall(net.load_state_dict, net, dict)
    assert.is_false(ok)
    for _, part in ipairs { "missing", "blocks.0.bias", "unexpected", "else",
      "first.weight: (2, 2) in the state dict, (4, 3) in the module" } do
      assert.is_truthy(message:find(part, 1, true), part)
    end
    assert.is_true(same(before, net.blocks[1].weight))
    dict["first.weight"] = tocha.ones(4, 3)
    assert.are.same({ missing = { "blocks.0.bias" }, unexpected = { "else" } },
      net:load_state_dict(dict, { strict = false }))
    assert.are.equal(12.0, net.first.weight:sum():item())
  end)

  it("take a prefix off", function()
    local dict <const> = {}
    for name, x in pairs(Net():state_dict()) do dict["module." .. name] = x end
    assert.error_matches(function() Net():load_state_dict(dict) end, "give {prefix = 'module%.'}")
    Net():load_state_dict(dict, { prefix = "module." })
  end)
end)

describe("loading with assign", function()
  it("shares memory with the dict, has its dtype, and keeps the parameters", function()
    local net <const> = nn.Linear(2, 1)
    local weight <const> = net.weight
    local dict <const> = nn.Linear(2, 1):double():state_dict()
    net:load_state_dict(dict, { assign = true })
    assert.is_true(rawequal(weight, net.weight))
    assert.is_true(weight.requires_grad and weight:is_leaf())
    assert.are.equal("float64", weight.dtype)
    dict.weight:fill_(3)
    assert.are.equal(6.0, weight:sum():item())
  end)
end)

describe("input sizes left out", function()
  it("come from the first input, also after the optimiser was made", function()
    local net <const> = nn.Sequential(nn.Conv2d(4, 3, { padding = 1 }), nn.BatchNorm2d(),
      nn.ReLU(), nn.Flatten(),
      nn.LazyLinear(2))
    local optimiser <const> = tocha.optim.SGD(net:parameters(), { lr = 0.1 })
    assert.is_truthy(tostring(net):find("Linear(2)", 1, true))
    assert.error_matches(function() net:state_dict() end,
      "in_channels is not known before the first call")
    net(tocha.ones(2, 3, 4, 4)):sum():backward()
    assert.are.equal(3, net[1].in_channels)
    assert.are.equal(64, net[5].in_features)
    local before <const> = net[5].bias:clone()
    optimiser:step()
    assert.is_false(same(before, net[5].bias))
  end)

  it("come from a state dict", function()
    local full <const> = nn.Sequential(nn.Conv2d(6, 4, 3, { groups = 2 }), nn.BatchNorm2d(4),
      nn.Linear(5, 2))
    local lazy <const> = nn.Sequential(nn.Conv2d(4, 3, { groups = 2 }), nn.BatchNorm2d(),
      nn.Linear(2))
    lazy:load_state_dict(full:state_dict())
    assert.are.equal(tostring(full), tostring(lazy))
  end)

  it("keep the dtype that the module was moved to", function()
    local net <const> = nn.Linear(2):double()
    assert.are.equal("float64", net(tocha.ones(1, 3, { dtype = "float64" })).dtype)
  end)

  it("are left out by the number of values given by place", function()
    assert.are.equal("Conv2d(3, 8, 5)", tostring(nn.Conv2d(3, 8, 5)):match "^[^ ]+ [^ ]+ [^ ]+%)")
    assert.is_nil(nn.Conv2d(8, 5).in_channels)
    assert.are.equal(3, nn.Conv2d(3, 8, { kernel_size = 5 }).in_channels)
  end)
end)
