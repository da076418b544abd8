-- module:summary(): numbers of the rows, totals, and the text.

local tocha = require "tocha"
local nn = tocha.nn

local QUIET <const> = { print = false }

local function column(summary, name)
  local list <const> = {}
  for k, row in ipairs(summary.rows) do list[k] = row[name] end
  return list
end

local function mlp(...)
  local layers <const>, sizes <const> = {}, { ... }
  for k = 2, #sizes do
    layers[#layers + 1] = nn.Linear(sizes[k])
    if k < #sizes then layers[#layers + 1] = nn.ReLU() end
  end
  return nn.Sequential(layers), sizes[1]
end

describe("a summary", function()
  it("counts the parameters of the course's networks", function()
    local net, input = mlp(784, 384, 100, 10)
    assert.are.equal(340950, net:summary(input, QUIET).total)
    net, input = mlp(784, 384, 100, 100, 10)
    assert.are.equal(351050, net:summary(input, QUIET).total)
    net, input = mlp(10000, 100, 100, 100, 2)
    assert.are.equal(1020502, net:summary(input, QUIET).total)
    local cnn <const> = nn.Sequential(nn.Conv2d(32, 3), nn.ReLU(), nn.Conv2d(64, 3), nn.ReLU(),
      nn.MaxPool2d(2), nn.Dropout(0.25), nn.Flatten(), nn.Linear(128), nn.ReLU(), nn.Dropout(),
      nn.Linear(10))
    assert.are.equal(1199882, cnn:summary(1, 28, 28, QUIET).total)
  end)

  it("has a row for each layer of a Sequential", function()
    local net <const> = nn.Sequential(nn.Conv2d(8, 3, { padding = 1 }), nn.BatchNorm2d(),
      nn.MaxPool2d(2), nn.Flatten(), nn.Linear(10, { bias = false }))
    local summary <const> = net:summary(3, 8, 6, QUIET)
    assert.are.same({ "Conv2d", "BatchNorm2d", "MaxPool2d", "Flatten", "Linear" },
      column(summary, "type"))
    assert.are.same({ 224, 16, 0, 0, 960 }, column(summary, "parameters"))
    assert.are.same({ { false, 8, 8, 6 }, { false, 8, 8, 6 }, { false, 8, 4, 3 }, { false, 96 },
      { false, 10 } }, column(summary, "output_shape"))
    assert.are.same({ 8 * 6 * 8 * 27, 0, 0, 0, 960 }, column(summary, "multiply_adds"))
    assert.are.equal(8 * 6 * 8 * 27 + 960, summary.multiply_adds)
    assert.are.equal(4 * 1200, summary.bytes)
  end)

  it("tells what is trained", function()
    local net <const> = nn.Sequential(nn.Linear(4, 3), nn.Linear(3, 2))
    net[1]:requires_grad_(false)
    local summary <const> = net:summary(4, QUIET)
    assert.are.same({ 23, 8, 15 },
      { summary.total, summary.trainable, summary.non_trainable })
    assert.are.same({ 0, 8 }, column(summary, "trainable"))
  end)

  it("counts what is shared once, and the work of each call", function()
    local a <const>, b <const>, shared <const> = nn.Input(4), nn.Input(4), nn.Linear(4, 2)
    shared.name = "twin"
    local model <const> = nn.Model { inputs = { a, b }, outputs = shared(a) + shared(b) }
    local summary <const> = model:summary(QUIET)
    assert.are.equal(10, summary.total)
    assert.are.equal(16, summary.multiply_adds)
    assert.are.same({ "input_1", "input_2", "twin", "add_1" }, column(summary, "name"))
    assert.are.same({ {}, {}, { "input_1", "input_2" }, { "twin", "twin" } },
      column(summary, "connected_to"))
    assert.are.same({ { false, 4 }, { false, 4 }, { false, 2 }, { false, 2 } },
      column(summary, "output_shape"))
  end)

  it("takes any module, its input as sizes, lists of sizes, tensors or nodes", function()
    local Net <const> = nn.Module:extend "Net"
    function Net:new()
      self.a = nn.Linear(4, 3)
      self.b = nn.Linear(3)
    end
    function Net:forward(x, y) return self.a(x) + self.b(y) end
    local net <const> = Net()
    local summary <const> = net:summary({ 4 }, { 5 }, QUIET)
    assert.are.same({ "a", "b" }, column(summary, "name"))
    assert.are.same({ 15, 18 }, column(summary, "parameters"))
    assert.are.same({ { false, 3 }, { false, 3 } }, column(summary, "output_shape"))
    assert.are.equal(33, net:summary(tocha.ones(2, 4), nn.Input(5), QUIET).total)
    local words <const> = nn.Sequential(nn.Embedding(100, 8), nn.Flatten(), nn.Linear(2))
    local counted <const> = words:summary(5, { dtype = "int64", print = false })
    assert.are.equal(800 + 5 * 8 * 2 + 2, counted.total)
    assert.are.equal(6, nn.Linear(2, 2):summary(2, QUIET).total)
  end)

  it("goes as deep as it is asked to", function()
    local net <const> = nn.Sequential(nn.Sequential(nn.Linear(4, 3), nn.ReLU()), nn.Linear(3, 1))
    local summary <const> = net:summary(4, { depth = 2, print = false })
    assert.are.same({ 1, 2, 2, 1 }, column(summary, "level"))
    assert.are.same({ 15, 15, 0, 4 }, column(summary, "parameters"))
    assert.are.equal(19, summary.total)
  end)

  it("leaves open what varies", function()
    local summary <const> = nn.Sequential(nn.Conv1d(4, 3)):summary(2, false, QUIET)
    assert.are.same({ { false, 4, false } }, column(summary, "output_shape"))
    assert.is_truthy(tostring(summary):find("(N, 4, ?)", 1, true))
  end)

  it("counts the steps of recurrent layers", function()
    local net <const> = nn.Sequential(nn.LSTM(3, 4, { batch_first = true }))
    assert.are.same({ 5 * (16 * 3 + 16 * 4) }, column(net:summary(5, 3, QUIET), "multiply_adds"))
  end)

  it("knows transposed convolutions and groups", function()
    local net <const> = nn.Sequential(nn.ConvTranspose2d(6, 4, 3, 2), nn.Conv2d(4, 4, 3,
      { groups = 4 }))
    assert.are.same({ 5 * 5 * 6 * 4 * 9, 9 * 9 * 4 * 9 },
      column(net:summary(6, 5, 5, QUIET), "multiply_adds"))
  end)

  it("prints a table", function()
    local lines <const> = {}
    local net <const> = nn.Sequential { { "hidden", nn.Linear(784, 384) }, { "act", nn.ReLU() } }
    local summary <const> = net:summary(784, { print = function(text) lines[1] = text end })
    assert.are.equal(tostring(summary), lines[1])
    assert.are.equal([[
Sequential
--------------------------------------------------------
Layer (type)     Output shape  Parameters  Multiply-adds
--------------------------------------------------------
hidden (Linear)  (N, 384)         301,440        301,056
act (ReLU)       (N, 384)               0
--------------------------------------------------------
Parameters: 301,440 (1.15 MB)
Trainable: 301,440
Not trainable: 0
Multiply-adds: 301,056
Activations: 3.00 KB]], lines[1])
  end)

  it("shows sizes in the unit that fits", function()
    local text <const> = tostring(nn.Linear(1, 1):summary(1, QUIET))
    assert.is_truthy(text:find("Parameters: 2 (8 B)", 1, true))
    assert.are.equal("1.50 GB", require "tocha.columns".bytes(3 << 29))
  end)

  it("leaves the module as it was", function()
    local net <const> = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.5))
    local before <const> = tocha.get_rng_state()
    net:summary(4, QUIET)
    assert.are.same(before, tocha.get_rng_state())
    assert.is_true(net[1].is_training)
    assert.are.equal(0, net[1].num_batches_tracked:item())
    for key, value in pairs(net[1]) do
      assert.is_false(tostring(key):find "^_hooks" ~= nil and #value > 0)
    end
    local calls = 0
    net:register_forward_hook(function() calls = calls + 1 end)
    net(tocha.ones(2, 4))
    assert.are.equal(1, calls)
  end)

  it("says what it needs", function()
    assert.error_matches(function() nn.Linear(3):summary() end, "give the sizes of the input")
    assert.error_matches(function() nn.Linear(3, 2):summary(3, { deep = 2 }) end,
      "unknown option 'deep'")
    assert.error_matches(function() nn.Linear(3, 2):summary(4, QUIET) end, "has 4 features")
    assert.are.same({ 8 }, column(nn.Linear(3, 2):summary(QUIET), "parameters"))
  end)
end)

-- ---- multiply-adds ------------------------------------------------------------------------------

local functional <const> = nn.functional

-- A module of one function.
local function of_function(f)
  local Net <const> = nn.Module:extend "Net"
  function Net:new() self.inner = nn.Identity() end
  function Net:forward(...) return f(self.inner, ...) end
  return Net()
end

describe("multiply-adds", function()
  it("of functions inside a forward count as those of layers", function()
    local net <const> = of_function(function(_, x)
      return x:matmul(x:transpose(-2, -1)):matmul(x):relu()
    end)
    assert.equal(2 * 7 * 7 * 5, net:summary(7, 5, QUIET).multiply_adds)
    local conv <const> = of_function(function(inner, x)
      return inner(functional.conv2d(x, tocha.ones(6, 1, 3, 2, { device = x.device }), nil, 2, 1, 1,
        3))
    end)
    assert.equal(6 * 4 * 5 * 6, conv:summary(3, 8, 8, QUIET).multiply_adds)
  end)

  it("belong to the module that computes them, and to those it is in", function()
    local block <const> = nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 4))
    local net <const> = nn.Sequential(block, nn.Linear(4, 2))
    local summary <const> = net:summary(4, { depth = 2, print = false })
    assert.same({ 48, 24, 0, 24, 8 }, column(summary, "multiply_adds"))
    assert.equal(56, summary.multiply_adds)
    assert.equal(4 * (6 + 6 + 4 + 2), summary.activations)
  end)

  it("of attention are the projections' and the products of queries, keys and values", function()
    local E <const>, L <const>, heads <const> = 8, 5, 2
    local net <const> = nn.TransformerEncoderLayer(E, heads, 12, { batch_first = true })
    local projections <const>, hidden <const> = 4 * L * E * E, 2 * L * E * 12
    assert.equal(projections + hidden + 2 * L * L * E, net:summary(L, E, QUIET).multiply_adds)
  end)

  it("of recurrent layers are those of each step, both ways", function()
    for name, gates in pairs { RNN = 1, GRU = 3, LSTM = 4 } do
      local net <const> = nn[name](3, 4, { batch_first = true, bidirectional = true,
        num_layers = 2 })
      local first <const>, second <const> = 4 * (3 + 4), 4 * (8 + 4)
      assert.equal(2 * 5 * gates * (first + second), net:summary(5, 3, QUIET).multiply_adds, name)
    end
  end)

  it("are counted where a forward looks at values, on zeros", function()
    local net <const> = of_function(function(_, x)
      if x:sum():item() == 0 then return x:matmul(tocha.ones(3, 4)) end
      return x
    end)
    assert.equal(12, net:summary(3, QUIET).multiply_adds)
  end)

  it("leave parameters where they are, also when the run fails", function()
    local net <const> = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    local before <const> = { net[1].weight:clone(), net[2].running_mean:clone() }
    net:summary(3, QUIET)
    local wrong <const> = of_function(function() error "no" end)
    wrong.linear = nn.Linear(2, 2)
    assert.error_matches(function() wrong:summary(2, QUIET) end, "no")
    assert.equal("cpu", wrong.linear.weight.device)
    assert.same(before[1]:totable(), net[1].weight:totable())
    assert.same(before[2]:totable(), net[2].running_mean:totable())
    net(tocha.randn(4, 3)):sum():backward()
    assert.same({ 2, 3 }, net[1].weight.grad.shape)
  end)

  it("are not counted while a profile records", function()
    local prof <close> = tocha.profiler.profile()
    assert.is_nil(nn.Linear(3, 2):summary(3, QUIET).multiply_adds)
    prof:stop()
    assert.equal(6, nn.Linear(3, 2):summary(3, QUIET).multiply_adds)
  end)
end)

-- Values are of no account, and truncated normal numbers take their time.
local function without_truncated_normals(f)
  local was <const> = nn.init.trunc_normal_
  nn.init.trunc_normal_ = function(x) return x end
  local ok <const>, result <const> = pcall(f)
  nn.init.trunc_normal_ = was
  return ok and result or error(result, 0)
end

local LARGEST <const> = 30e6  -- of the networks tried here; all agree (golden/multiply_adds.py)

describe("torchvision's published multiply-adds:", function()
  local models <const> = tocha.vision.models
  for line in io.lines "spec/golden/multiply_adds.txt" do
    local name <const>, size <const>, count <const>, billions <const> =
      line:match "^(%S+) (%d+) (%d+) (%S+)$"
    local known <const> = pcall(function() return models[name] end) and models[name]
    if known and tonumber(count) < LARGEST then
      it(name, function()
        local side <const> = math.tointeger(tonumber(size))
        local net <const> = without_truncated_normals(models[name])
        local summary <const> = net:summary(3, side, side, QUIET)
        assert.equal(tonumber(billions), tonumber(("%.3f"):format(summary.multiply_adds / 1e9)))
      end)
    end
  end
end)
