-- nn.Module: what counts as a parameter, names, state dicts, modes, hooks, Torch's forward and
-- backward.

local tocha = require "tocha"
local nn = tocha.nn
local modules = require "spec.modules"
local names_of <const>, same <const>, Net <const> = modules.names_of, modules.same, modules.Net

describe("a module", function()
  it("finds parameters, buffers and modules in its fields, in order", function()
    local net <const> = Net()
    assert.are.same({ "scale", "first.weight", "first.bias", "blocks.0.weight", "blocks.0.bias",
      "blocks.1.weight", "blocks.1.bias" }, names_of(net:named_parameters()))
    assert.are.same({ "seen", "scratch" }, names_of(net:named_buffers()))
    assert.are.same({ "", "first", "blocks.0", "blocks.1" }, names_of(net:named_modules()))
    assert.are.equal(4 + 16 + 20 + 20, net:num_parameters())
    assert.is_nil(net:state_dict().scratch)
    assert.is_nil(net:state_dict().note)
  end)

  it("takes nn.Buffer for a buffer, and registers by any name", function()
    local m <const> = nn.Module:extend "Holder" ()
    m.seen = nn.Buffer(tocha.zeros(2))
    m.scratch = nn.Buffer(tocha.zeros(3), false)
    m:register_buffer("_state", tocha.zeros(1))
    m:register_parameter("_w", nn.Parameter(tocha.ones(1)))
    m:register_parameter("none", nil)
    m:register_module("inner", nn.ReLU())
    assert.are.same({ "seen", "_state", "scratch" }, names_of(m:named_buffers()))
    assert.are.same({ "_w" }, names_of(m:named_parameters()))
    assert.is_nil(m:state_dict().scratch)
    assert.is_truthy(m:state_dict()._state)
    m:forget "_w"
    assert.are.same({}, names_of(m:named_parameters()))
    local twin <const> = m:clone()
    assert.are.same({ "seen", "_state", "scratch" }, names_of(twin:named_buffers()))
  end)

  it("keeps frozen parameters, drops deleted ones, lists shared ones once", function()
    local net <const> = Net()
    net:requires_grad_(false)
    assert.are.equal(7, #net:parameters())
    assert.are.equal(0, net:num_parameters(true))
    net.scale = nil
    assert.are.equal(6, #net:parameters())
    net.blocks[2].weight = net.blocks[1].weight
    assert.are.equal(5, #net:parameters())
    assert.is_truthy(net:state_dict()["blocks.1.weight"])
  end)

  it("does not take an activation for a parameter", function()
    local net <const> = Net()
    net.hidden = net(tocha.ones(2, 3))
    assert.are.equal(7, #net:parameters())
  end)

  it("survives holding itself", function()
    local net <const> = Net()
    net.me = net
    assert.are.equal(7, #net:parameters())
    assert.are.equal(4, #net:modules())
  end)

  it("has a mode, by both names", function()
    local net <const> = nn.Sequential(nn.Dropout(0.5), nn.Sequential(nn.BatchNorm1d(3)))
    assert.is_true(net[2][1].is_training)
    net:evaluate()
    assert.is_false(net[2][1].is_training)
    net:training()
    assert.is_true(net[2][1].is_training)
    assert.is_false(net:eval()[1].is_training)
  end)

  it("moves to another dtype; parameters stay the same tensors", function()
    local net <const> = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    local weight <const> = net[1].weight
    net(tocha.randn(4, 3)):sum():backward()
    net:double()
    assert.is_true(rawequal(weight, net[1].weight))
    assert.are.equal("float64", weight.dtype)
    assert.are.equal("float64", weight.grad.dtype)
    assert.are.equal("float64", net[2].running_mean.dtype)
    assert.are.equal("int64", net[2].num_batches_tracked.dtype)
    assert.are.equal("float64", net(tocha.randn(4, 3, { dtype = "float64" })).dtype)
    assert.has_error(function() net:to "int64" end)
  end)

  it("is copied deeply, with what it shares", function()
    local net <const> = Net()
    net.blocks[2].weight = net.blocks[1].weight
    local twin <const> = net:clone()
    assert.is_true(rawequal(twin.blocks[1].weight, twin.blocks[2].weight))
    local _ <close> = tocha.no_grad()
    net.first.weight:zero_()
    assert.is_true(twin.first.weight:abs():sum():item() > 0)
    assert.are.same(names_of(net:named_parameters()), names_of(twin:named_parameters()))
  end)

  it("applies a function to all it holds, itself last", function()
    local order <const> = {}
    nn.Sequential(nn.ReLU(),
      nn.Sequential(nn.Tanh())):apply(function(m) order[#order + 1] = getmetatable(m).__name end)
    assert.are.same({ "ReLU", "Tanh", "Sequential", "Sequential" }, order)
  end)

  it("names the layer in which an error arose, and recovers from it", function()
    local net <const> = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.ReLU(), nn.Linear(5, 2)))
    for _ = 1, 2 do
      local ok <const>, message <const> = pcall(function() return net(tocha.ones(1, 3)) end)
      assert.is_false(ok)
      assert.is_truthy(message:find("module_spec.lua", 1, true))
      assert.is_truthy(message:find("in 1.1 (Linear) of Sequential", 1, true))
    end
    assert.are.same({ 1, 4 }, net[1](tocha.ones(1, 3)).shape)
  end)

  it("says what options a layer has", function()
    assert.error_matches(function() nn.Linear(3, 4, { baas = false }) end,
      "unknown option 'baas'.*out_features")
    assert.error_matches(function() nn.Conv2d(1) end, "'out_channels' is missing")
    assert.error_matches(function() nn.Linear(3, 4, { bias = 0 }) end,
      "'bias': expected true or false")
    assert.error_matches(function() nn.Linear(3, 4, { out_features = 5 }) end, "given twice")
    assert.error_matches(function() nn.Dropout(1.5) end, "probability")
    assert.error_matches(function() nn.Conv2d(3, 4, 3, { groups = 2 }) end, "divisible by groups")
  end)
end)

describe("printing", function()
  it("shows a tree with numbers of parameters", function()
    local net <const> = nn.Sequential(nn.Conv2d(1, 32, 3, { padding = 1 }), nn.ReLU(), nn.Flatten(),
      nn.Linear(10, 10), nn.Linear(10, 10), nn.Linear(10, 5, { bias = false }))
    assert.are.equal([[
Sequential(                            parameters
  [1] Conv2d(1, 32, 3, {padding = 1})         320
  [2] ReLU()
  [3] Flatten()
  [4-5] 2 x Linear(10, 10)                    110
  [6] Linear(10, 5, {bias = false})            50
)                                             590]], tostring(net))
  end)
end)

describe("Torch's way", function()
  it("has forward and backward for every module and criterion", function()
    local net <const> = nn.Sequential():add(nn.Linear(3, 4)):add(nn.Tanh()):add(nn.Linear(4, 2))
    local criterion <const> = nn.MSELoss()
    local x <const>, t <const> = tocha.randn(5, 3), tocha.randn(5, 2)

    local loss <const> = criterion:forward(net:forward(x), t)
    local dy <const> = criterion:backward(net.output, t)
    local dx <const> = net:backward(x, dy)
    local mine <const> = net[1].weight.grad:clone()

    net:zero_grad()
    local leaf <const> = x:clone():requires_grad_()
    local again <const> = criterion(net(leaf), t)
    again:backward()
    assert.are.equal(again:item(), loss:item())
    assert.is_true(same(dx, leaf.grad))
    assert.is_true(rawequal(dx, net.gradInput))
    assert.is_true(same(mine, net[1].weight.grad))
    assert.is_false(x.requires_grad)
    assert.is_nil(net:clear_state().output)
  end)

  it("adds to gradients that are there", function()
    local net <const> = nn.Linear(2, 1)
    local x <const>, g <const> = tocha.ones(1, 2), tocha.ones(1, 1)
    for _ = 1, 3 do
      net:forward(x)
      net:backward(x, g)
    end
    assert.are.equal(3.0, net.bias.grad:item())
  end)

  it("chains modules by hand", function()
    local a <const>, b <const> = nn.Linear(2, 3), nn.Linear(3, 1)
    local x <const> = tocha.randn(4, 2)
    b:forward(a:forward(x))
    local gb <const> = b:backward(a.output, tocha.ones(4, 1))
    local ga <const> = a:backward(x, gb)
    local leaf <const> = x:clone():requires_grad_()
    b(a(leaf)):sum():backward()
    assert.is_true((ga - leaf.grad):abs():max():item() < 1e-6)
  end)

  it("says so when nothing was recorded", function()
    local net <const> = nn.Linear(2, 1)
    local _ <close> = tocha.no_grad()
    assert.error_matches(function() net:backward(tocha.ones(1, 2), tocha.ones(1, 1)) end,
      "not recorded")
  end)
end)

describe("batch statistics", function()
  it("can be a plain average over all batches", function()
    local layer <const> = nn.BatchNorm1d(1, { momentum = false })
    for k = 1, 4 do layer(tocha.full({ 2, 1 }, k * 1.0)) end
    assert.is_true(math.abs(layer.running_mean:item() - 2.5) < 1e-6)
    assert.are.equal(4, layer.num_batches_tracked:item())
  end)
end)

describe("register_parameter", function()
  it("takes a parameter or nil", function()
    local layer <const> = nn.Linear(2, 2)
    layer:register_parameter("scale", nn.Parameter(tocha.ones(1)))
    layer:register_parameter("shift", nil)
    assert.are.equal(3, #layer:parameters())
    for _, wrong in ipairs { 3, tocha.ones(2) } do
      assert.error_matches(function() layer:register_parameter("extra", wrong) end,
        "expected an nn.Parameter or nil")
    end
  end)
end)

describe("sizes that are none", function()
  it("are told with the layer and the parameter", function()
    assert.error_matches(function() nn.Linear(-1, 3) end,
      "%[Linear%] size 2 of 'weight'.*got %-1")
    assert.error_matches(function() nn.Embedding(5, "two") end,
      "%[Embedding%] size 2 of 'weight'.*got two")
    assert.error_matches(function() nn.Linear(1.5, 2) end, "expected an integer from 0, got 1.5")
    assert.error_matches(function() nn.Linear(true, 2) end, "got true")
    assert.are.same({ 2, 4 }, nn.Linear(8 / 2, 2).weight.shape)
  end)
end)
