-- train: fit against loops written by hand, its options, compile, the plain pieces.

local tocha = require "tocha"
local nn, optim, data, train = tocha.nn, tocha.optim, tocha.data, tocha.train
local common = require "spec.train_support"

local bytes_of <const> = common.bytes_of
local quiet <const> = common.quiet
local assert_same <const> = common.assert_same
local part <const> = common.part

local function points(n)
  local x <const> = tocha.rand(n, 2) * 2 - 1
  return x, x:pow(2):sum(2):lt(0.6):long() + 1  -- class 2 inside a circle
end

local function new_net()
  return nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Dropout(0.2), nn.Linear(16, 2))
end

-- Nets and data made from one seed; `run` gets them right after.
local function from_seed(run)
  tocha.manual_seed(3)
  local x <const>, y <const> = points(50)
  local net <const> = new_net()
  return run(net, x, y), net
end

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
