-- Modules found, frozen and exchanged inside a network.

local tocha = require "tocha"
local nn = tocha.nn
local names_of <const> = require "spec.modules".names_of

local function net()
  return nn.Sequential {
    { "features", nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU()) },
    { "head", nn.Sequential(nn.Flatten(), nn.Linear(2, 2), nn.ReLU()) },
  }
end

local function trainable(module)
  local names <const> = {}
  for name, p in module:named_parameters() do
    if p.requires_grad then names[#names + 1] = name end
  end
  return names
end

describe("what is inside", function()
  it("is found by name", function()
    local m <const> = net()
    assert.are.equal(m.features[1], m:get_submodule "features.0")
    assert.are.equal(m, m:get_submodule "")
    assert.is_true(rawequal(m.head[2].bias, m:get_parameter "head.1.bias"))
    assert.is_true(rawequal(m.features[2].running_mean, m:get_buffer "features.1.running_mean"))
    for _, name in ipairs { "nowhere", "head.9", "head.1.bias", "head..x" } do
      assert.error_matches(function() m:get_submodule(name) end, "there is no module")
    end
    assert.error_matches(function() m:get_parameter "features.1.running_mean" end,
      "is not a parameter")
    assert.error_matches(function() m:get_buffer "head.1.bias" end, "is not a buffer")
    local Holder <const> = nn.Module:extend "Holder"
    function Holder:new() self.blocks = { nn.Linear(1, 1) } end
    local holder <const> = Holder()
    assert.are.equal(holder.blocks[1], holder:get_submodule "blocks.0")
  end)

  it("is found by class, pattern, predicate", function()
    local m <const> = net()
    assert.are.same({ "features.2", "head.2" }, names_of(m:named_matching(nn.ReLU)))
    assert.are.same({ "head", "head.0", "head.1", "head.2" }, names_of(m:named_matching "^head"))
    assert.are.same({ "head.1" }, names_of(m:named_matching(function(_, module)
      return module.out_features ~= nil
    end)))
    assert.are.same({ "features.0", "head.1" },
      names_of(m:named_matching { nn.Linear, nn.Conv2d }))
    assert.are.equal(9, #names_of(m:named_matching()))
  end)

  it("is listed without what it holds", function()
    local m <const> = nn.Residual(nn.Linear(1, 1))
    m.gain = nn.Parameter(tocha.ones(1))
    assert.are.same({ "gain" }, names_of(m:named_parameters("", false)))
    assert.are.same({ "x.gain" }, names_of(m:named_parameters("x", false)))
    assert.are.equal(1, #m:parameters(false))
    assert.are.equal(0, #m:buffers(false))
  end)
end)

describe("freezing", function()
  it("goes by name, class, module and predicate", function()
    local m <const> = net():freeze_parameters()
    assert.are.same({}, trainable(m))
    assert.are.same({ "head.1.weight", "head.1.bias" }, trainable(m:unfreeze_parameters "^head%."))
    assert.are.same({ "head.1.weight" }, trainable(m:freeze_parameters "bias$"))
    assert.are.same({ "features.1.weight", "features.1.bias", "head.1.weight" },
      trainable(m:unfreeze_parameters(nn.BatchNorm2d)))
    assert.are.same({ "features.1.weight", "features.1.bias" },
      trainable(m:freeze_parameters(m.head)))
    assert.are.same({ "features.0.weight", "features.0.bias", "features.1.weight",
      "features.1.bias" }, trainable(m:unfreeze_parameters { m.features }))
    assert.are.same({ "features.0.weight", "features.0.bias" },
      trainable(m:freeze_parameters(function(_, p) return p.ndim == 1 and p:numel() == 2 end)
        :unfreeze_parameters(m.features[1])))
  end)

  it("stops gradients", function()
    local m <const> = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1)):freeze_parameters "^0"
    m(tocha.ones(1, 1)):sum():backward()
    assert.is_nil(m[1].weight.grad)
    assert.is_truthy(m[2].weight.grad)
  end)
end)

describe("replacing", function()
  it("exchanges a class for what a function makes", function()
    local m <const> = net()
    local same <const>, n <const> = m:replace(nn.ReLU, function(old, name)
      assert.is_true(old:is(nn.ReLU))
      return name == "head.2" and nn.GELU() or nil
    end)
    assert.are.equal(m, same)
    assert.are.equal(1, n)
    assert.are.equal("GELU()", tostring(m.head[3]))
    assert.are.equal("ReLU()", tostring(m.features[3]))
  end)

  it("exchanges one module, wherever it stands, and itself", function()
    local shared <const> = nn.ReLU()
    local m <const> = nn.Sequential(shared, nn.Sequential(shared))
    local new <const> = nn.Tanh()
    assert.are.equal(2, select(2, m:replace(shared, new)))
    assert.are.equal(new, m[1])
    assert.are.equal(new, m[2][1])
    assert.are.equal(new, (shared:replace(nn.ReLU, new)))
    assert.are.equal(new, (m:replace(m, new)))
  end)

  it("calls Torch's function for every module", function()
    local m <const> = net()
    m:replace(function(old) return old:is(nn.BatchNorm2d) and nn.Identity() or old end)
    assert.are.equal("Identity()", tostring(m.features[2]))
  end)

  it("makes batch normalisation synchronised, with what it had", function()
    local bn <const> = nn.BatchNorm2d(2, { eps = 1e-3, momentum = 0.3 }):eval()
    local net_of_two <const> = nn.Sequential(nn.Conv2d(1, 2, 3), bn)
    local new <const> = nn.SyncBatchNorm.convert_sync_batchnorm(net_of_two)[2]
    assert.is_true(new:is(nn.SyncBatchNorm))
    for _, name in ipairs { "weight", "bias", "running_mean", "running_var",
      "num_batches_tracked" } do
      assert.is_true(rawequal(bn[name], new[name]), name)
    end
    assert.are.same({ 1e-3, 0.3, false }, { new.eps, new.momentum, new.is_training })
    local plain <const> = nn.BatchNorm1d(3, { affine = false, track_running_stats = false })
    assert.are.same({}, nn.SyncBatchNorm.convert_sync_batchnorm(plain):state_dict())
  end)

  it("puts a module where a name leads", function()
    local m <const> = net()
    m:set_submodule("head.1", nn.Linear(2, 5))
    assert.are.equal(5, m.head[2].out_features)
    m:set_submodule("tail", nn.ReLU())
    assert.are.same({ "features", "head", "tail" }, names_of(m:named_children()))
    assert.error_matches(function() m:set_submodule("a.b.c", nn.ReLU()) end, "nothing holds")
    assert.error_matches(function() m:set_submodule("head", 3) end, "expected a module")
    assert.error_matches(function() m:replace(nn.ReLU, function() return 3 end) end,
      "expected a module")
  end)
end)
