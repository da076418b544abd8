-- train: what fit, evaluate and predict take and give; validation; histories.

local tocha = require "tocha"
local nn, data, train = tocha.nn, tocha.data, tocha.train
local common = require "spec.train_support"

local quiet <const> = common.quiet
local assert_same <const> = common.assert_same
local part <const> = common.part

local Two <const> = nn.Module:extend "Two"  -- two inputs, two outputs
function Two:new() self.a, self.b = nn.Linear(2, 1), nn.Linear(3, 2) end
function Two:forward(x, z) return self.a(x), self.b(z) end

describe("validation", function()
  local x <const>, y <const> = tocha.randn(10, 2), tocha.randn(10, 1)

  local function new_model()
    local net <const> = nn.Sequential(nn.Linear(2, 4), nn.Dropout(0.5), nn.Linear(4, 1))
    return net:compile { loss = "mse", optimizer = { "sgd", lr = 0.0 }, metrics = { "mae" } }
  end

  it("takes the last part before anything is shuffled", function()
    local net <const> = new_model()
    local options <const> = quiet { x = x, y = y, validation_split = 0.25, epochs = 2 }
    local history <const> = net:fit(options).history
    -- as in Keras, 10 * (1 - 0.25) are rounded down for training: three are left
    local loss <const>, mae <const> = net:evaluate { x = part(x, 8, 10), y = part(y, 8, 10) }
    assert.are.same({ loss, loss }, history.val_loss)
    assert.are.same({ mae, mae }, history.val_mae)
  end)

  it("takes data in every form, in evaluation mode", function()
    local net <const> = new_model()
    local loss <const> = net:evaluate { x = x, y = y }
    local set <const> = data.TensorDataset(x, y)
    for _, given in ipairs { { x, y }, { x = x, y = y }, set, { x, y, tocha.ones(10) },
      data.DataLoader(set, { batch_size = 32 }) } do
      local history <const> = net:fit(quiet { x = x, y = y, validation_data = given })
      assert.is_true(math.abs(loss - history.history.val_loss[1]) < 1e-6)
    end
  end)

  it("happens when it is asked for", function()
    local net <const> = new_model()
    for _, freq in ipairs { 2, { 2, 4 } } do
      local history <const> = net:fit(quiet { x = x, y = y, epochs = 5, validation_data = { x, y },
        validation_freq = freq })
      assert.are.equal(2, #history.history.val_loss)
      assert.are.equal(5, #history.history.loss)
      assert.is_nil(history.rows[3].val_loss)
      assert.is_truthy(history.rows[4].val_loss)
    end
  end)

  it("does not change what training does", function()
    local nets <const> = {}
    for k, split in ipairs { false, true } do
      tocha.manual_seed(2)
      nets[k] = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 1))
      nets[k]:compile { loss = "mse" }
      nets[k]:fit(quiet { x = x, y = y, epochs = 3, batch_size = 4,
        validation_data = split and { x * 5, y } or nil })
    end
    assert_same(nets[1], nets[2])
    assert.is_true(nets[1][2].running_mean:equal(nets[2][2].running_mean))
  end)
end)

describe("several inputs and outputs", function()
  local x <const>, z <const> = tocha.randn(8, 2), tocha.randn(8, 3)
  local t <const>, ids <const> = tocha.randn(8, 1), tocha.tensor { 1, 2, 1, 2, 1, 2, 1, 2 }

  it("have lists of losses, weights and metrics", function()
    local net <const> = Two()
    net:compile { loss = { "mse", "cross_entropy" }, loss_weights = { 1, 0.5 },
      metrics = { { "mae" }, { "accuracy" } }, optimizer = { "sgd", lr = 0.0 } }
    local logs <const> = net:fit(quiet { x = { x, z }, y = { t, ids }, batch_size = 8 }).rows[1]
    local a <const>, b <const> = net(x, z)
    local mse <const> = tocha.mse_loss(a, t):item()
    local entropy <const> = tocha.cross_entropy(b, ids):item()
    assert.is_true(math.abs(logs.output_1_loss - mse) < 1e-6)
    assert.is_true(math.abs(logs.output_2_loss - entropy) < 1e-6)
    assert.is_true(math.abs(logs.loss - mse - 0.5 * entropy) < 1e-6)
    assert.are.equal(b:argmax(2):eq(ids):float():mean():item(), logs.output_2_accuracy)
    assert.is_truthy(logs.output_1_mae)
    local pa <const>, pb <const> = table.unpack(net:predict({ x, z }, { batch_size = 3 }))
    assert.is_true(pa:allclose(a) and pb:allclose(b))
  end)

  it("may come by name", function()
    local Named <const> = Two:extend "Named"
    function Named:forward(u, v) return { left = self.a(u), right = self.b(v) } end
    local net <const> = Named()
    net:compile { loss = { right = "cross_entropy", left = "mse" },
      metrics = { right = "accuracy" } }
    local history <const> = net:fit(quiet { x = { x, z }, y = { left = t, right = ids } })
    assert.are.same({ "loss", "left_loss", "right_loss", "right_accuracy" },
      { table.unpack(history.params.names) })
    assert.are.same({ 8, 2 }, net:predict { x, z }.right.shape)
  end)

  it("say what is missing", function()
    local net <const> = Two()
    net:compile { loss = { "mse", "cross_entropy" } }
    assert.error_matches(function() net:fit(quiet { x = { x, z }, y = { t } }) end,
      "no target for output 'output_2'")
    local one <const> = nn.Linear(2, 1)
    one:compile { loss = { "mse", "mae" } }
    local function fit() one:fit(quiet { x = x, y = { t, t } }) end
    assert.error_matches(fit, "gives no output '1'")
  end)
end)

describe("fit takes its data", function()
  local x <const>, y <const> = tocha.randn(6, 2), tocha.randn(6, 1)

  local function fitted(options)
    tocha.manual_seed(1)
    local net <const> = nn.Linear(2, 1)
    net:compile { loss = "mse" }
    options.epochs = 2
    net:fit(quiet(options))
    return net
  end

  it("from tensors, sets, loaders, functions and tables of numbers", function()
    local wanted <const> = fitted { x = x, y = y, batch_size = 2, shuffle = false }
    local set <const> = data.TensorDataset(x, y)
    local loader <const> = data.DataLoader(set, { batch_size = 2 })
    local own <const> = setmetatable({}, { __len = function() return 6 end,
      __index = { get = function(_, i) return x[i], y[i] end } })
    for _, given in ipairs {
      { x = set, batch_size = 2, shuffle = false },
      { x = loader }, { data = loader },
      { x = function() return loader:batches() end },
      { x = own, batch_size = 2, shuffle = false },
      { x = x:totable(), y = y:totable(), batch_size = 2, shuffle = false },
    } do
      local net <const> = fitted(given)
      assert.is_true(wanted.weight:allclose(net.weight, 1e-6, 1e-7))
    end
  end)

  it("from a loader with worker threads, which end with it", function()
    local set <const> = data.TensorDataset(x, y)
    local function threads()
      local file <close> = io.open "/proc/self/status"
      return file and tonumber(file:read("a"):match "Threads:%s*(%d+)")
    end
    local function loader(workers)
      return data.DataLoader(set, { batch_size = 2, shuffle = true, num_workers = workers })
    end
    fitted { x = loader(0) }
    local before <const> = threads()
    assert_same(fitted { x = loader(0) }, fitted { x = loader(2) })
    assert_same(fitted { x = loader(0), steps_per_epoch = 2 },
      fitted { x = loader(2), steps_per_epoch = 2 })
    assert.are.equal(before, threads())
    for _, act in ipairs { function(self) self.model.stop_training = true end, error } do
      pcall(fitted, { x = loader(2), callbacks = { { on_batch_end = act } } })
      assert.are.equal(before, threads())
    end
  end)

  it("by place as in Keras", function()
    local net <const> = nn.Linear(2, 1)
    net:compile { loss = "mse" }
    local history <const> = net:fit(x, y, { epochs = 3, verbose = 0 })
    assert.are.same({ 1, 2, 3 }, history.epoch)
    assert.are.equal("number", type(net:evaluate(x, y)))
  end)

  it("and says what is wrong with them", function()
    local net <const> = nn.Linear(2, 1)
    assert.error_matches(function() net:fit { x = x, y = y } end,
      "%[fit%] this model is not compiled: call model:compile{loss = ...} first")
    net:compile { loss = "mse" }
    local BAD <const> = {
      { { x = x, y = part(y, 1, 5) }, "y has 5 examples, x has 6" },
      { { x = x, y = y, sample_weight = tocha.ones(3) }, "sample_weight has 3 examples, x has 6" },
      { { y = y }, "'x': is missing" },
      { { x = x }, "there is no target" },
      { { x = x, y = y, epochs = 0 }, "'epochs': expected an integer from 1, got 0" },
      { { x = x, y = y, batch_size = 1.5 }, "'batch_size'" },
      { { x = x, y = y, epoch = 3 }, "unknown option 'epoch' %(there are: x, y" },
      { { x = x, y = y, validation_split = 1 }, "'validation_split'" },
      { { x = x, y = y, validation_split = 0.9 }, "none on one side" },
      { { x = data.TensorDataset(x, y), validation_split = 0.5 }, "needs tensors" },
      { { x = data.TensorDataset(x, y), y = y }, "comes from the data set" },
      { { x = x, y = y, validation_data = 3 }, "'validation_data'" },
      { { x = 3, y = y }, "'x': expected a tensor" },
      { { x = tocha.ones(0, 2), y = tocha.ones(0, 1) }, "no examples" },
      { { x = function() return function() end end }, "no batches in epoch 1" },
      { { x = x, y = y, callbacks = { train.EarlyStopping } }, "EarlyStopping is a class" },
      { { x = x, y = y, callbacks = { 3 } }, "expected callbacks" },
      { { x = x, y = y, schedule = 3 }, "LearningRateScheduler" },
      { { x = x, y = tocha.ones(6, 2) }, "the model's output is %(6, 1%), the target %(6, 2%)" },
    }
    for _, case in ipairs(BAD) do
      assert.error_matches(function() net:fit(quiet(case[1])) end, case[2])
      local ok <const>, message <const> = pcall(function() net:fit(quiet(case[1])) end)
      assert.is_false(ok)
      assert.is_truthy(message:find("train_data_spec.lua", 1, true), message)
    end
  end)
end)

describe("evaluate and predict", function()
  local x <const>, y <const> = tocha.randn(10, 2), tocha.randn(10, 1)
  local function new_model()
    local net <const> = nn.Sequential(nn.Linear(2, 4), nn.Dropout(0.5), nn.Linear(4, 1))
    return net:compile { loss = "mse", metrics = { "mae", "confusion_matrix" } }
  end

  it("do not depend on the size of batches", function()
    local net <const> = nn.Sequential(nn.Linear(2, 4), nn.Dropout(0.5), nn.Linear(4, 1))
    net:compile { loss = "mse", metrics = { "mae" } }
    net:eval()
    local wanted <const> = net(x):detach()
    net:train()
    for _, size in ipairs { 1, 3, 32 } do
      assert.is_true(net:predict(x, { batch_size = size }):allclose(wanted, 1e-6, 1e-7))
      local loss <const>, mae <const> = net:evaluate { x = x, y = y, batch_size = size }
      assert.is_true(math.abs(loss - tocha.mse_loss(wanted, y):item()) < 1e-6)
      assert.is_true(math.abs(mae - tocha.l1_loss(wanted, y):item()) < 1e-6)
    end
  end)

  it("may stop after a number of batches", function()
    local net <const> = nn.Linear(2, 1)
    net:compile { loss = "mse" }
    local wanted <const> = net:evaluate { x = part(x, 1, 6), y = part(y, 1, 6) }
    local options <const> = { x = x, y = y, batch_size = 3, steps = 2 }
    assert.is_true(math.abs(wanted - net:evaluate(options)) < 1e-6)
    assert.are.same({ 6, 1 }, net:predict(x, { batch_size = 3, steps = 2 }).shape)
    net.optimizer.param_groups[1].lr = 0
    local history <const> = net:fit(quiet { x = x, y = y, validation_data = { x, y },
      validation_batch_size = 3, validation_steps = 2 })
    assert.is_true(math.abs(wanted - history.history.val_loss[1]) < 1e-6)
  end)

  it("give metrics what is off the tape", function()
    local net <const>, seen <const> = nn.Linear(2, 1), {}
    local own <const> = { name = "own", reset = function() end, compute = function() return 7 end,
      update = function(_, output) seen[#seen + 1] = output.requires_grad end }
    net:compile { loss = "mse", metrics = { own } }
    assert.are.same({ 7 }, net:fit(quiet { x = x, y = y }).history.own)
    assert.are.same({ false }, seen)
  end)

  it("give results by name, and weigh examples", function()
    local net <const> = nn.Linear(2, 1)
    net:compile { loss = "mse", metrics = { "mae" },
      weighted_metrics = { { "mae", name = "wmae" } } }
    local w <const> = tocha.arange(0, 9):float()
    local logs <const> = net:evaluate { x = x, y = y, sample_weight = w, return_dict = true }
    local d <const> = (net(x) - y):squeeze(2)
    assert.is_true(math.abs(logs.loss - (d:square() * w):mean():item()) < 1e-5)
    assert.is_true(math.abs(logs.mae - d:abs():mean():item()) < 1e-6)
    assert.is_true(math.abs(logs.wmae - (d:abs() * w):sum():item() / 45) < 1e-6)
  end)

  it("leave modes as they were, and record nothing", function()
    local net <const> = new_model()
    net[2]:eval()
    net:predict(x)
    assert.is_false(net:predict(x).requires_grad)
    net:fit(quiet { x = x, y = y:gt(0):long() })
    assert.is_true(net.is_training)
    assert.is_false(net[2].is_training)
    net:eval()
    net:fit(quiet { x = x, y = y:gt(0):long() })
    assert.is_false(net.is_training)
    pcall(function() net:fit(quiet { x = x, y = tocha.ones(10, 3) }) end)
    assert.is_false(net.is_training)
    assert.are.equal(net, net:evaluate())
    assert.is_false(net.is_training)
  end)

  it("return what is no number too", function()
    local net <const> = nn.Linear(2, 2)
    net:compile { loss = "cross_entropy", metrics = { "confusion_matrix" } }
    local _, matrix <const> = net:evaluate(x, y:gt(0):long() + 1)
    assert.are.same({ 2, 2 }, matrix.shape)
    assert.are.equal(10.0, matrix:sum():item())
  end)

  it("say what is missing", function()
    local net <const> = nn.Linear(2, 1)
    assert.error_matches(function() net:evaluate { x = x, y = y } end, "not compiled")
    assert.error_matches(function() net:predict() end, "'x': is missing")
    assert.are.same({ 10, 1 }, net:predict(x).shape)
    assert.are.same({ 10, 1 }, net:predict(data.TensorDataset(x, y)).shape)
  end)
end)

describe("history", function()
  it("prints a table and knows short names", function()
    local history <const> = train.History()
    history.params = { names = { "loss", "accuracy", "val_loss" } }
    history:on_epoch_end(1, { loss = 0.5, accuracy = 0.25, learning_rate = 1e-5 })
    history:on_epoch_end(2, { loss = 1234.5678, accuracy = 1.0, val_loss = tocha.nan })
    assert.are.equal([[
epoch    loss  accuracy  val_loss  learning_rate
    1  0.5000    0.2500                 1.00e-05
    2  1234.6         1       nan]], tostring(history))
    assert.are.same({ 0.25, 1.0 }, history.history.acc)
    assert.is_nil(history.history.val_acc)
  end)
end)
