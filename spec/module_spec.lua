-- nn.Module: what counts as a parameter, names, state dicts, modes, hooks, Torch's forward and
-- backward.

local tocha = require "tocha"
local nn = tocha.nn

local function names_of(iterator)
  local names <const> = {}
  for name in iterator do names[#names + 1] = name end
  return names
end

local function same(a, b) return (a - b):abs():sum():item() == 0 end

local Net = nn.Module:extend "Net"
function Net:new()
  self.first = nn.Linear(3, 4)
  self.blocks = {}
  for k = 1, 2 do self.blocks[k] = nn.Linear(4, 4) end
  self.scale = nn.Parameter(tocha.ones(4))
  self:register_buffer("seen", tocha.zeros(1))
  self:register_buffer("scratch", tocha.zeros(1), false)
  self.note = tocha.zeros(2)
end
function Net:forward(x)
  x = self.first(x)
  for _, block in ipairs(self.blocks) do x = block(x):tanh() end
  return x * self.scale
end

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

  it("calls hooks, which may change what goes in and comes out", function()
    local layer <const>, seen = nn.Identity(), {}
    local before <const> = layer:register_forward_pre_hook(function(_,
      inputs) return inputs[1] + 1 end)
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

describe("containers", function()
  it("are made from layers, lists, pairs and functions, and by add", function()
    local a <const> = nn.Sequential():add(nn.Linear(2, 2)):add(nn.ReLU(), "act")
    assert.are.same({ "0", "act" }, names_of(a:named_children()))
    assert.are.equal(a[2], a.act)
    a.act = nn.Tanh()
    assert.are.equal("Tanh()", tostring(a[2]))
    assert.are.equal(2, #nn.Sequential { nn.ReLU(), nn.ReLU() })
    local b <const> = nn.Sequential { { "one", nn.Linear(2, 3) }, { "two",
      function(x) return x * 2 end } }
    assert.is_truthy(b:state_dict()["one.weight"])
    assert.is_true(same(b(tocha.ones(1, 2)), b.one(tocha.ones(1, 2)) * 2))
    assert.has_error(function() nn.Sequential { one = nn.ReLU() } end)
    assert.has_error(function() nn.Sequential(3) end)
  end)

  it("hold lists and tables of modules", function()
    local Stack <const> = nn.Module:extend "Stack"
    function Stack:new()
      self.list = nn.ModuleList { nn.Linear(1, 1), nn.Linear(1, 1) }
      self.dict = nn.ModuleDict { b = nn.Linear(1, 1), a = nn.ReLU() }
    end
    local s <const> = Stack()
    s.list:append(nn.Linear(1, 1)):insert(1, nn.ReLU())
    assert.are.equal(4, #s.list)
    assert.are.same({ "a", "b" }, s.dict:keys())
    assert.is_truthy(s:state_dict()["list.3.bias"])
    assert.is_truthy(s:state_dict()["dict.b.weight"])
  end)

  it("can be extended", function()
    local Block <const> = nn.Sequential:extend "Block"
    function Block:new(n) Block.super.new(self, { { "fc", nn.Linear(n, n) } }) end
    function Block:forward(x) return x + Block.super.forward(self, x) end
    local block <const> = Block(3)
    assert.are.same({ "fc.weight", "fc.bias" }, names_of(block:named_parameters()))
    assert.are.same({ 2, 3 }, block(tocha.ones(2, 3)).shape)
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

describe("nn.init", function()
  local function spread(x) return x:std():item() end

  it("draws from the right ranges", function()
    local x <const> = tocha.empty(200, 100)
    nn.init.kaiming_uniform_(x, math.sqrt(5))
    assert.is_true(x:abs():max():item() <= 0.1 and x:abs():max():item() > 0.0999)
    nn.init.xavier_uniform_(x)
    assert.is_true(x:abs():max():item() <= math.sqrt(6 / 300) and x:abs():max():item() > 0.14)
    nn.init.kaiming_normal_(x, 0, "fan_out", "relu")
    assert.is_true(math.abs(spread(x) - 0.1) < 0.002)
    nn.init.xavier_normal_(x, 2)
    assert.is_true(math.abs(spread(x) - 2 * math.sqrt(2 / 300)) < 0.003)
    nn.init.trunc_normal_(x, 0, 1, -1, 0.5)
    assert.is_true(x:min():item() >= -1 and x:max():item() <= 0.5)
    nn.init.sparse_(x, 0.3)
    assert.are.equal(60, 200 - x:select(2, 7):count_nonzero():item())
    assert.has_error(function() nn.init.xavier_normal_(tocha.ones(3)) end)
  end)

  it("makes identities and right angles", function()
    assert.is_true(same(nn.init.eye_(tocha.empty(3, 2)), tocha.eye(3, 2)))
    local conv <const> = nn.Conv2d(3, 3, 3, { padding = 1, bias = false })
    nn.init.dirac_(conv.weight)
    local x <const> = tocha.randn(1, 3, 4, 4)
    assert.is_true(same(conv(x), x))
    for _, shape in ipairs { { 4, 6 }, { 6, 4 } } do
      local q <const> = nn.init.orthogonal_(tocha.empty(shape))
      local gram <const> = shape[1] < shape[2] and q:matmul(q:transpose(1, 2)) or q:transpose(1,
        2):matmul(q)
      assert.is_true((gram - tocha.eye(4)):abs():max():item() < 1e-5)
    end
  end)

  it("gives layers PyTorch's default ranges", function()
    local layer <const> = nn.Conv2d(8, 64, 3)
    local bound <const> = 1 / math.sqrt(72)
    for _, p in ipairs(layer:parameters()) do
      assert.is_true(p:abs():max():item() <= bound and p:abs():max():item() > 0.9 * bound)
      assert.is_true(p.requires_grad)
    end
    assert.is_true(math.abs(spread(nn.Embedding(100, 50).weight) - 1) < 0.05)
  end)
end)

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

  it("makes one vector of parameters and back", function()
    local a <const>, b <const> = nn.Linear(3, 2), nn.Linear(3, 2)
    nn.utils.vector_to_parameters(nn.utils.parameters_to_vector(a:parameters()), b:parameters())
    assert.is_true(same(a.weight, b.weight) and same(a.bias, b.bias))
    assert.has_error(function() nn.utils.vector_to_parameters(tocha.ones(3), a:parameters()) end)
  end)
end)

describe("dropout and batch statistics", function()
  it("act in training only", function()
    local x <const> = tocha.ones(1000)
    local layer <const> = nn.Dropout(0.25)
    local y <const> = layer(x)
    assert.is_true(math.abs(y:eq(0):to("float32"):mean():item() - 0.25) < 0.06)
    assert.is_true(math.abs(y:max():item() - 4 / 3) < 1e-6)
    assert.is_true(rawequal(x, layer:eval()(x)))
    for _, name in ipairs { "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout",
      "FeatureAlphaDropout" } do
      local shape <const> = { 2, 3, 4, 4, 4 }
      local n <const> = tonumber(name:match "%d") or 3
      local z <const> = tocha.ones(table.move(shape, 1, n + 2, 1, {}))
      assert.are.same(z.shape, nn[name](0.5)(z).shape)
      assert.is_true(same(z, nn[name](0.5):eval()(z)))
    end
  end)

  it("can be a plain average over all batches", function()
    local layer <const> = nn.BatchNorm1d(1, { momentum = false })
    for k = 1, 4 do layer(tocha.full({ 2, 1 }, k * 1.0)) end
    assert.is_true(math.abs(layer.running_mean:item() - 2.5) < 1e-6)
    assert.are.equal(4, layer.num_batches_tracked:item())
  end)
end)
