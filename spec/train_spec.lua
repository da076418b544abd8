-- tocha.train: fit against loops written by hand, what it takes and refuses, evaluate, predict.

local tocha = require "tocha"
local nn, optim, data, train = tocha.nn, tocha.optim, tocha.data, tocha.train

local function points(n)
  local x <const> = tocha.rand(n, 2) * 2 - 1
  return x, x:pow(2):sum(2):lt(0.6):long() + 1  -- class 2 inside a circle
end

local function new_net()
  return nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Dropout(0.2), nn.Linear(16, 2))
end

local function bytes_of(net)
  local parts <const> = {}
  for _, p in ipairs(net:parameters()) do parts[#parts + 1] = p:detach():to_bytes() end
  return table.concat(parts)
end

local function quiet(options)
  options.verbose = options.verbose or 0
  return options
end

-- Nets and data made from one seed; `run` gets them right after.
local function from_seed(run)
  tocha.manual_seed(3)
  local x <const>, y <const> = points(50)
  local net <const> = new_net()
  return run(net, x, y), net
end

describe("fit", function()
  it("equals the loop written by hand, bit for bit", function()
    local by_hand <const>, net <const> = from_seed(function(net, x, y)
      local criterion <const> = nn.CrossEntropyLoss()
      local optimizer <const> = optim.Adam(net:parameters(), { lr = 0.01 })
      local loader <const> = data.DataLoader(data.TensorDataset(x, y),
        { batch_size = 8, shuffle = true })
      local losses <const> = {}
      for epoch = 1, 4 do
        net:train()
        local total, seen = 0.0, 0
        for xb, yb in loader:batches() do
          optimizer:zero_grad()
          local loss <const> = criterion(net(xb), yb)
          loss:backward()
          optimizer:step()
          total, seen = total + loss:item() * #yb, seen + #yb
        end
        losses[epoch] = total / seen
      end
      return losses
    end)
    local history <const>, twin <const> = from_seed(function(other, x, y)
      other:compile { optimizer = { "adam", lr = 0.01 }, loss = "cross_entropy" }
      return other:fit(quiet { x = x, y = y, epochs = 4, batch_size = 8 })
    end)
    assert.are.same(by_hand, history.history.loss)
    assert.are.same({ 1, 2, 3, 4 }, history.epoch)
    assert.are.equal(bytes_of(net), bytes_of(twin))
  end)

  it("equals train.epoch and train.step", function()
    local function loader_of(x, y)
      return data.DataLoader(data.TensorDataset(x, y), { batch_size = 8, shuffle = true })
    end
    local losses <const>, net <const> = from_seed(function(net, x, y)
      local optimizer <const>, list <const> = optim.SGD(net:parameters(), { lr = 0.1 }), {}
      for epoch = 1, 3 do
        list[epoch] = train.epoch(net, nn.CrossEntropyLoss(), optimizer, loader_of(x, y))
      end
      return list
    end)
    local history <const>, twin <const> = from_seed(function(other, x, y)
      other:compile { optimizer = { "SGD", lr = 0.1 }, loss = nn.CrossEntropyLoss() }
      return other:fit(quiet { x = loader_of(x, y), epochs = 3 })
    end)
    assert.are.same(losses, history.history.loss)
    assert.are.equal(bytes_of(net), bytes_of(twin))
  end)
end)

-- ---- variations of the loop ---------------------------------------------------------------------

-- A linear layer trained by SGD in order: by fit with these options, and by `step`, called with the
-- net, the optimiser and the places of each batch.
local function against(options, step, epochs)
  tocha.manual_seed(9)
  local x <const>, y <const> = tocha.randn(10, 3), tocha.randn(10, 1)
  local net <const>, twin <const> = nn.Linear(3, 1), nn.Linear(3, 1)
  twin:load_state_dict(net:state_dict())
  local optimizer <const> = optim.SGD(net:parameters(), { lr = 0.1 })
  for _ = 1, epochs or 2 do step(net, optimizer, x, y) end
  twin:compile { optimizer = { "sgd", lr = 0.1 }, loss = options.loss or "mse" }
  options.x, options.y, options.loss, options.epochs = x, y, nil, epochs or 2
  options.shuffle = false
  twin:fit(quiet(options))
  return net, twin
end

local function assert_same(net, twin) assert.are.equal(bytes_of(net), bytes_of(twin)) end

local function part(x, first, last) return x:narrow(1, first, last - first + 1) end

describe("fit's options", function()
  it("accumulate: gradients of several batches, the last ones of an epoch too", function()
    assert_same(against({ batch_size = 2, accumulate = 3 }, function(net, optimizer, x, y)
      for _, group in ipairs { { 1, 3, 5 }, { 7, 9 } } do
        optimizer:zero_grad()
        for _, first in ipairs(group) do
          local loss <const> = tocha.mse_loss(net(part(x, first, first + 1)),
            part(y, first, first + 1))
          local share <const> = loss / #group
          share:backward()
        end
        optimizer:step()
      end
    end))
  end)

  it("accumulate over all is one large batch", function()
    local net <const>, twin <const> = against({ batch_size = 2, accumulate = 5 },
      function(net, optimizer, x, y)
        optimizer:zero_grad()
        tocha.mse_loss(net(x), y):backward()
        optimizer:step()
      end)
    assert.is_true(net.weight:allclose(twin.weight, 1e-5, 1e-7))
  end)

  it("accumulate with a number of batches that is not known", function()
    local x <const>, y <const> = tocha.randn(6, 2), tocha.randn(6, 1)
    local net <const>, twin <const> = nn.Linear(2, 1), nn.Linear(2, 1)
    twin:load_state_dict(net:state_dict())
    local optimizer <const> = optim.SGD(net:parameters(), { lr = 0.1 })
    for _, group in ipairs { { 1, 2 }, { 3 } } do
      optimizer:zero_grad()
      for _, k in ipairs(group) do
        local loss <const> = tocha.mse_loss(net(part(x, 2 * k - 1, 2 * k)),
          part(y, 2 * k - 1, 2 * k))
        local share <const> = loss / 2
        share:backward()
      end
      optimizer:step()
    end
    twin:compile { optimizer = { "sgd", lr = 0.1 }, loss = "mse" }
    twin:fit(quiet { accumulate = 2, x = function()
      local k = 0
      return function()
        k = k + 1
        if k <= 3 then return part(x, 2 * k - 1, 2 * k), part(y, 2 * k - 1, 2 * k) end
      end
    end })
    assert_same(net, twin)
  end)

  for name, clip in pairs {
    clip_norm = function(net) nn.utils.clip_grad_norm_(net:parameters(), 0.1) end,
    clip_value = function(net) nn.utils.clip_grad_value_(net:parameters(), 0.1) end,
  } do
    it(name, function()
      assert_same(against({ batch_size = 5, [name] = 0.1 }, function(net, optimizer, x, y)
        for first = 1, 10, 5 do
          optimizer:zero_grad()
          tocha.mse_loss(net(part(x, first, first + 4)), part(y, first, first + 4)):backward()
          clip(net)
          optimizer:step()
        end
      end))
    end)
  end

  it("sample_weight: each example's loss times its weight, over the number of examples", function()
    local w <const> = tocha.arange(1, 10):float()
    assert_same(against({ batch_size = 5, sample_weight = w }, function(net, optimizer, x, y)
      for first = 1, 10, 5 do
        optimizer:zero_grad()
        local each <const> = (net(part(x, first, first + 4)) - part(y, first, first + 4)):square()
        local loss <const> = (each:flatten(2):mean(-1) * part(w, first, first + 4)):mean()
        loss:backward()
        optimizer:step()
      end
    end))
  end)

  it("class_weight: by ids, one-hot rows, yes and no; with sample_weight the product", function()
    local x <const>, ids <const> = tocha.randn(6, 2), tocha.tensor { 1, 3, 2, 3, 1, 2 }
    local w <const> = tocha.tensor { 1, 5, 0.5, 5, 1, 0.5 }
    local function trained(options)
      tocha.manual_seed(4)
      local net <const> = nn.Linear(2, options.classes or 3)
      net:compile { optimizer = "sgd", loss = options.loss or "cross_entropy" }
      options.loss, options.classes, options.x, options.shuffle = nil, nil, x, false
      net:fit(quiet(options))
      return net
    end
    local by_sample <const> = trained { y = ids, sample_weight = w }
    local weights <const> = { [2] = 0.5, [3] = 5 }
    assert_same(by_sample, trained { y = ids, class_weight = weights })
    local rows <const> = tocha.one_hot(ids, 3)
    assert_same(trained { y = rows, class_weight = weights },
      trained { y = rows, sample_weight = w })
    assert_same(trained { y = ids, sample_weight = w * 2 },
      trained { y = ids, class_weight = weights, sample_weight = tocha.full({ 6 }, 2.0) })
    local bits <const> = ids:eq(3):float():unsqueeze(2)
    local function binary(options)
      options.y, options.loss, options.classes = bits, "bce_with_logits", 1
      return trained(options)
    end
    assert_same(binary { class_weight = { [0] = 2, [1] = 7 } },
      binary { sample_weight = bits:squeeze(2) * 5 + 2 })
  end)

  it("steps_per_epoch: epochs that are no whole passes", function()
    local seen = {}
    local net <const> = nn.Linear(1, 1)
    net:compile { loss = function(y, t)
      seen[#seen + 1] = t[1]:item()
      return (y - t):square()
    end }
    local x <const> = tocha.arange(1, 3):float():unsqueeze(2)
    for steps, wanted in pairs { [4] = { 1, 2, 3, 1, 2, 3, 1, 2 }, [2] = { 1, 2, 3, 1 } } do
      seen = {}
      net:fit(quiet { x = x, y = x, batch_size = 1, shuffle = false, epochs = 2,
        steps_per_epoch = steps })
      assert.are.same(wanted, seen)
    end
  end)

  it("initial_epoch and epochs are numbers of epochs", function()
    local net <const> = nn.Linear(1, 1)
    net:compile { loss = "mse" }
    local x <const> = tocha.ones(2, 1)
    local history <const> = net:fit(quiet { x = x, y = x, initial_epoch = 4, epochs = 6 })
    assert.are.same({ 4, 5, 6 }, history.epoch)
    assert.are.equal(history, net.history)
  end)

  it("regularizer: a penalty in the loss", function()
    local net <const> = nn.Linear(1, 1)
    net:compile { loss = "mse", optimizer = { "sgd", lr = 0.0 },
      regularizer = function(model) return model.weight:abs():sum() end }
    local x <const> = tocha.ones(2, 1)
    local loss <const> = net:fit(quiet { x = x, y = x }).history.loss[1]
    local wanted <const> = tocha.mse_loss(net(x), x):item() + net.weight:abs():sum():item()
    assert.is_true(math.abs(loss - wanted) < 1e-6)
  end)

  it("schedule: a function of the epoch, or a scheduler; the learning rate is logged", function()
    local x <const> = tocha.ones(4, 1)
    local function rates(schedule, batch_size)
      local net <const> = nn.Linear(1, 1)
      net:compile { loss = "mse", optimizer = { "sgd", lr = 1.0 } }
      if type(schedule) == "string" then
        schedule = optim.lr_scheduler[schedule](net.optimizer, { step_size = 1, gamma = 0.5 })
      end
      return net:fit(quiet { x = x, y = x, epochs = 3, schedule = schedule,
        batch_size = batch_size }).history.learning_rate
    end
    assert.are.same({ 0.5, 0.25, 0.125 }, rates(function(_, lr) return lr / 2 end))
    assert.are.same({ 0.1, 0.2, 0.1 * 3 }, rates(function(epoch) return 0.1 * epoch end))
    assert.are.same({ 1.0, 0.5, 0.25 }, rates "StepLR")
  end)
end)

-- ---- validation ---------------------------------------------------------------------------------

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

-- ---- inputs, outputs, metrics -------------------------------------------------------------------

local Two <const> = nn.Module:extend "Two"  -- two inputs, two outputs
function Two:new() self.a, self.b = nn.Linear(2, 1), nn.Linear(3, 2) end
function Two:forward(x, z) return self.a(x), self.b(z) end

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

describe("compile", function()
  local function names_of(metrics, loss)
    local net <const> = nn.Linear(2, 2)
    net:compile { loss = loss or "cross_entropy", metrics = metrics }
    return rawget(net, "_trainer"):names()
  end

  it("takes optimisers in every form", function()
    local net <const> = nn.Linear(1, 1)
    net:compile { loss = "mse" }
    assert.are.equal("RMSprop", getmetatable(net.optimizer).__name)
    for _, spec in ipairs { "adamw", "AdamW", optim.AdamW, { "adamw" },
      optim.AdamW(net:parameters()), function(p) return optim.AdamW(p) end } do
      net:compile { loss = "mse", optimizer = spec }
      assert.are.equal("AdamW", getmetatable(net.optimizer).__name)
    end
    net:compile { loss = "mse", optimizer = { "Adam", lr = 0.5, betas = { 0.5, 0.6 } } }
    assert.are.equal(0.5, net.optimizer.param_groups[1].lr)
    net:compile("sgd", "mse")
    assert.are.equal("SGD", getmetatable(net.optimizer).__name)
  end)

  it("takes metrics in every form", function()
    assert.are.same({ "loss", "accuracy", "acc", "top_k", "f1" },
      names_of { "accuracy", "acc", { "top_k", k = 1 }, train.metrics.F1() })
    assert.are.same({ "loss", "accuracy" }, names_of "accuracy")
    assert.are.same({ "loss", "accuracy" }, names_of(train.metrics.Accuracy))
    assert.are.same({ "loss", "bias", "metric" },
      names_of { { "bias", function(y, t) return (y - t):mean() end }, function() return 1 end })
    assert.are.same({ "loss", "top_k" }, names_of { "top_k", k = 1 })
    assert.are.same({ "loss", "f1", "f1_2" }, names_of { train.metrics.F1(), "f1" })
    assert.are.same({ "loss", "huber" }, names_of({ "huber" }, "mse"))
  end)

  it("parts yes from no at 0 where the loss takes logits", function()
    local x <const> = tocha.tensor { { -1.0 }, { 0.2 }, { 3.0 } }
    local t <const> = tocha.tensor { 0, 1, 1 }
    for loss, wanted in pairs { bce_with_logits = 1, mse = 2 / 3 } do
      local net <const> = nn.Identity()
      net:compile { loss = loss, metrics = { "accuracy" }, optimizer = function() return {} end }
      local _, accuracy <const> = net:evaluate(x, t)
      assert.is_true(math.abs(wanted - accuracy) < 1e-12)
    end
  end)

  it("lists the names that there are", function()
    local net <const> = nn.Linear(1, 1)
    assert.error_matches(function() net:compile { loss = "rmse_loss" } end,
      "%[compile%] unknown loss 'rmse_loss' %(there are:.*mse")
    assert.error_matches(function() net:compile { loss = "mse", optimizer = "adamm" } end,
      "unknown optimizer 'adamm' %(there are: .*adam,")
    assert.error_matches(function() net:compile { loss = "mse", metrics = { "acuracy" } } end,
      "unknown metric 'acuracy' %(there are: accuracy")
    assert.error_matches(function() net:compile { optimizer = "adam" } end,
      "argument 'loss': is missing.*cross_entropy")
    assert.error_matches(function() net:compile { loss = "mse", optimiser = "adam" } end,
      "unknown option 'optimiser' %(there are: optimizer")
    assert.error_matches(function() net:compile { loss = "mse", optimizer = 3 } end, "got number")
    assert.error_matches(function() net:compile { loss = "mse", metrics = { 3 } } end, "got number")
    local wrong <const> = { loss = "mse", optimizer = { "sgd", lr = -1 } }
    assert.error_matches(function() net:compile(wrong) end, "lr")
  end)

  it("belongs to the model: a copy has its own", function()
    local net <const> = nn.Linear(1, 1)
    net:compile { loss = "mse", optimizer = { "sgd", lr = 0.1 } }
    local twin <const>, x <const> = net:clone(), tocha.ones(2, 1)
    local before <const> = bytes_of(net)
    twin:fit(quiet { x = x, y = x * 3 })
    assert.are.equal(before, bytes_of(net))
    assert.are_not.equal(before, bytes_of(twin))
    assert.are.equal(2, #net:parameters())
  end)
end)

-- ---- data ---------------------------------------------------------------------------------------

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
      assert.is_truthy(message:find("train_spec.lua", 1, true), message)
    end
  end)
end)

-- ---- evaluate, predict, modes -------------------------------------------------------------------

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

describe("the plain pieces", function()
  it("keep a mode for a block", function()
    local net <const> = nn.Sequential(nn.Dropout(0.5), nn.Dropout(0.5))
    net[1]:eval()
    do
      local _ <close> = train.mode(net, false)
      assert.is_false(net[2].is_training)
    end
    assert.is_true(net[2].is_training)
    assert.is_false(net[1].is_training)
  end)

  it("find optimisers and activations by name", function()
    local names <const> = train.names
    local x <const> = tocha.tensor { -1.0, 0.5 }
    for name, f in pairs { relu = tocha.relu, Swish = tocha.silu, hard_sigmoid = tocha.hardsigmoid,
      LogSoftmax = tocha.log_softmax, exponential = tocha.exp } do
      assert.is_true(names.activation("Dense", name)(x):equal(f(x)), name)
    end
    assert.are.equal(x, names.activation("Dense", nil)(x))
    assert.are.equal(tocha.relu, names.activation("Dense", tocha.relu))
    assert.error_matches(function() names.activation("Dense", "rely") end,
      "%[Dense%] unknown activation 'rely' %(there are: .*relu")
    assert.error_matches(function() names.activation("Dense", 3) end, "got number")
  end)
end)

describe("compile", function()
  local x <const>, y <const> = tocha.ones(4, 2), tocha.ones(4, 2)

  it("refuses an optimiser of another model", function()
    local net <const>, other <const> = nn.Linear(2, 2), nn.Linear(2, 2)
    assert.error_matches(function()
      net:compile { loss = "mse", optimizer = tocha.optim.SGD(other) }
    end, "none of this model's parameters")
    net:compile { loss = "mse", optimizer = tocha.optim.SGD { net.weight, other.weight } }
    net:fit { x = x, y = y, verbose = 0 }
  end)

  it("tells of outputs that one loss does not take", function()
    local a <const> = nn.Input(2)
    local net <const> = nn.Model { inputs = a, outputs = { nn.Linear(2)(a), nn.Linear(2)(a) } }
    net:compile { loss = "mse" }
    assert.error_matches(function() net:fit { x = x, y = { y, y }, verbose = 0 } end,
      "the model gives 2 outputs: give compile a list of losses")
    net:compile { loss = function(out, t) return (out[1] + out[2] - t[1]):pow(2):mean() end }
    net:fit { x = x, y = { y, y }, verbose = 0 }
  end)
end)
