-- Callbacks: when they are called, and those that steer a run.

local tocha = require "tocha"
local train = tocha.train
local common = require "spec.train_callbacks_support"

local x <const>, y <const> = common.x, common.y
local small_model <const> = common.small_model
local fit <const> = common.fit
local alone <const> = common.alone

-- The epoch after which training stops, for values of one log; weights are the epoch's number.
local function stops_at(callback, set_weights, name, values)
  for epoch, value in ipairs(values) do
    set_weights(epoch)
    callback:on_epoch_end(epoch, { [name] = value })
    if callback.model.stop_training then return epoch end
  end
end

describe("callbacks", function()
  local HOOKS <const> = { "on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end",
    "on_batch_begin", "on_batch_end", "on_test_begin", "on_test_end", "on_test_batch_end",
    "on_predict_begin", "on_predict_batch_end", "on_predict_end" }

  -- A callback that writes down what is called, with epoch or batch.
  local function recorder()
    local calls <const>, hooks <const> = {}, {}
    for _, name in ipairs(HOOKS) do
      hooks[name] = function(at)
        local number <const> = type(at) == "number" and " " .. at or ""
        calls[#calls + 1] = name:sub(4) .. number
      end
    end
    return train.LambdaCallback(hooks), calls
  end

  it("are called in order", function()
    local callback <const>, calls <const> = recorder()
    fit(small_model(), { epochs = 2, callbacks = { callback }, validation_data = { x, y },
      validation_freq = 2 })
    assert.are.same({ "train_begin", "epoch_begin 1", "batch_begin 1", "batch_end 1",
      "batch_begin 2", "batch_end 2", "epoch_end 1", "epoch_begin 2", "batch_begin 1",
      "batch_end 1", "batch_begin 2", "batch_end 2", "test_begin", "test_batch_end 1",
      "test_batch_end 2", "test_end", "epoch_end 2", "train_end" }, calls)
  end)

  it("are called by evaluate and predict", function()
    local callback <const>, calls <const> = recorder()
    local net <const> = small_model()
    net:evaluate { x = x, y = y, batch_size = 4, callbacks = { callback } }
    net:predict(x, { callbacks = { callback } })
    assert.are.same({ "test_begin", "test_batch_end 1", "test_batch_end 2", "test_end",
      "predict_begin", "predict_batch_end 1", "predict_end" }, calls)
  end)

  it("see the logs: of the batches so far, of the epoch", function()
    local seen <const>, Own <const> = {}, train.Callback:extend "Own"
    function Own:on_batch_end(batch, logs)
      seen[batch] = { logs.loss, logs.mae, logs.nothing }
      for name, value in pairs(logs) do seen[name] = value end
    end
    function Own:on_epoch_end(_, logs)
      seen.epoch, seen.steps = logs.loss, self.params.steps
      seen.names = table.concat(self.params.names, " ")
    end
    fit(small_model(0.0), { callbacks = { Own() }, shuffle = false, validation_split = 0.25 })
    local net <const> = small_model()
    local first <const> = tocha.mse_loss(net(x:narrow(1, 1, 4)), y:narrow(1, 1, 4)):item()
    local all <const> = tocha.mse_loss(net(x:narrow(1, 1, 6)), y:narrow(1, 1, 6)):item()
    assert.is_true(math.abs(seen[1][1] - first) < 1e-6)
    assert.is_true(math.abs(seen[2][1] - all) < 1e-6)
    assert.are.equal(seen[2][1], seen.epoch)
    assert.are.equal(seen.loss, seen.epoch)
    assert.are.equal(seen[2][2], seen.mae)
    assert.are.equal(2, seen.steps)
    assert.are.equal("loss mae val_loss val_mae", seen.names)
  end)

  it("end training after a batch", function()
    local seen = 0
    local history <const> = fit(small_model(), { epochs = 9, batch_size = 1, callbacks = {
      { on_batch_end = function(self, batch)
        seen = seen + 1
        if batch == 3 then self.model.stop_training = true end
      end } } })
    assert.are.equal(3, seen)
    assert.are.same({ 1 }, history.epoch)
  end)

  it("may change the mode: each epoch trains", function()
    local modes <const>, net <const> = {}, small_model()
    fit(net, { epochs = 2, callbacks = { { on_epoch_end = function() net:eval() end,
      on_batch_begin = function() modes[#modes + 1] = net.is_training end } } })
    assert.are.same({ true, true, true, true }, modes)
  end)

  it("name the hooks that there are", function()
    assert.error_matches(function() train.LambdaCallback { on_epoch = print } end,
      "no hook 'on_epoch' %(there are: on_batch_begin")
    assert.error_matches(function() train.LambdaCallback { on_epoch_end = 3 } end, "function")
  end)
end)

describe("EarlyStopping", function()
  local function stopping(options) return alone(train.EarlyStopping(options)) end

  it("waits as Keras does", function()
    local CASES <const> = {
      -- options, values, the epoch after which it stops
      { {}, { 3, 2, 2.5 }, 3 },
      { { patience = 2 }, { 3, 2, 2.5, 1.9, 2, 2, 0 }, 6 },
      { { patience = 2, min_delta = 0.2 }, { 3, 2, 1.9, 1.85, 1 }, 4 },
      { { start_from_epoch = 3, patience = 1 }, { 1, 2, 3, 4, 5 }, 5 },
      { { baseline = 1, patience = 2 }, { 3, 2, 1.5, 1.2 }, nil },
      { { baseline = 1, patience = 2 }, { 3, 2, 2.5, 0 }, 3 },
      { { monitor = "val_accuracy" }, { 0.5, 0.6, 0.55 }, 3 },
      { { monitor = "val_loss", mode = "max" }, { 1, 2, 3 }, nil },
      { {}, { 1, 0 / 0 }, 2 },
      { {}, { 0 / 0, 0 / 0 }, 2 },
    }
    for k, case in ipairs(CASES) do
      local callback <const>, weights <const> = stopping(case[1])
      local at <const> = stops_at(callback, weights, case[1].monitor or "val_loss", case[2])
      assert.are.equal(case[3], at, "case " .. k)
      assert.are.equal(case[3], callback.stopped_epoch)
    end
  end)

  it("brings the best weights back", function()
    local callback <const>, weights <const> = stopping { patience = 2, restore_best_weights = true }
    stops_at(callback, weights, "val_loss", { 3, 1, 2, 2, 2 })
    assert.are.equal(4, weights())
    callback:on_train_end()
    assert.are.equal(2, weights())
    assert.are.equal(2, callback.best_epoch)
  end)

  it("brings them back in fit, also when it did not stop", function()
    local net <const> = small_model(0.5)
    local weights <const>, losses <const> = {}, {}
    local stop <const> = train.EarlyStopping { monitor = "loss", mode = "max", patience = 9,
      restore_best_weights = true }
    fit(net, { epochs = 3, callbacks = { stop, { on_epoch_end = function(_, epoch, logs)
      weights[epoch], losses[epoch] = net.weight:detach():clone(), logs.loss
    end } } })
    assert.are.equal(losses[stop.best_epoch], stop.best)
    assert.is_true(net.weight:equal(weights[stop.best_epoch]))
  end)

  it("says when what it watches is not there", function()
    assert.error_matches(function()
      fit(small_model(), { callbacks = { train.EarlyStopping() } })
    end, "no 'val_loss' to watch %(there are: loss, mae%); give fit validation data")
    assert.error_matches(function()
      fit(small_model(), { callbacks = { train.EarlyStopping { monitor = "accuracy" } } })
    end, "no 'accuracy' to watch")
    assert.error_matches(function() train.EarlyStopping { mode = "best" } end, "\"min\"")
    -- an epoch without validation is passed over
    fit(small_model(), { epochs = 2, callbacks = { train.EarlyStopping() }, validation_freq = 2,
      validation_data = { x, y } })
  end)
end)

describe("ReduceLROnPlateau", function()
  it("reduces, cools down, and stops at min_lr, as Keras does", function()
    local callback <const> = alone(train.ReduceLROnPlateau { factor = 0.5, patience = 2,
      cooldown = 2, min_lr = 0.2, monitor = "loss" })
    local rates <const> = {}
    for epoch, loss in ipairs { 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1 } do
      callback:on_epoch_end(epoch, { loss = loss })
      rates[epoch] = callback.model.optimizer.param_groups[1].lr
    end
    assert.are.same({ 1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2 },
      rates)
    assert.are.equal(0.2, callback.model.optimizer.param_groups[2].lr)
  end)

  it("is logged in fit", function()
    local history <const> = fit(small_model(0.0), { epochs = 4, callbacks = {
      train.ReduceLROnPlateau { monitor = "loss", patience = 1 } } })
    assert.are.equal(4, #history.history.learning_rate)
    assert.are.equal(history.history.lr, history.history.learning_rate)
  end)
end)

describe("LearningRateScheduler", function()
  it("steps schedulers by epochs, by batches, by a value", function()
    local schedules <const> = tocha.optim.lr_scheduler
    local CASES <const> = {
      -- the schedule, what the rate of 2 ^ -9 is multiplied with, options
      { function(o) return schedules.StepLR(o, { step_size = 1, gamma = 0.5 }) end, 0.125 },
      { function(o) return schedules.StepLR(o, { step_size = 1, gamma = 0.5 }) end, 2 ^ -6,
        { per = "batch" } },
      { function(o) return schedules.ReduceLROnPlateau(o, { patience = 0, factor = 0.5,
        mode = "max" }) end, 0.25, { monitor = "loss" } },
    }
    for k, case in ipairs(CASES) do
      local net <const> = small_model(2 ^ -9)
      local schedule <const> = train.LearningRateScheduler(case[1](net.optimizer), case[3])
      fit(net, { epochs = 3, callbacks = { schedule } })
      assert.are.equal(case[2] * 2 ^ -9, net.optimizer.param_groups[1].lr, "case " .. k)
    end
  end)

  it("steps OneCycleLR by batches by itself", function()
    local net <const> = small_model(1.0)
    local schedule <const> = tocha.optim.lr_scheduler.OneCycleLR(net.optimizer, { max_lr = 1.0,
      total_steps = 4 })
    fit(net, { epochs = 2, schedule = schedule })
    assert.error_matches(function() schedule:step() end, "has 4 steps")
  end)

  it("says what does not fit", function()
    local net <const>, other <const> = small_model(), small_model()
    local schedule <const> = tocha.optim.lr_scheduler.StepLR(other.optimizer, { step_size = 1 })
    assert.error_matches(function() fit(net, { schedule = schedule }) end, "another optimiser")
    assert.error_matches(function() fit(net, { schedule = function() end }) end,
      "the schedule returned nil")
    assert.error_matches(function() train.LearningRateScheduler(schedule, { per = "hour" }) end,
      "per")
  end)
end)

describe("TerminateOnNaN", function()
  it("stops at the first batch", function()
    local bad <const> = x:clone()
    bad[3][1] = tocha.nan
    local stop <const> = train.TerminateOnNaN()
    local history <const> = fit(small_model(), { x = bad, epochs = 5, batch_size = 2,
      shuffle = false, callbacks = { stop } })
    assert.are.equal(2, stop.batch)
    assert.are.same({ 1 }, history.epoch)
    for _, loss in ipairs { 1 / 0, -1 / 0, 0 / 0 } do
      local alarm <const> = alone(train.TerminateOnNaN())
      alarm:on_batch_end(1, { loss = 1e300 })
      assert.is_nil(alarm.model.stop_training)
      alarm:on_batch_end(2, { loss = loss })
      assert.is_true(alarm.model.stop_training)
    end
    local options <const> = { epochs = 2, callbacks = { train.TerminateOnNaN() } }
    assert.are.same({ 1, 2 }, fit(small_model(), options).epoch)
  end)
end)

describe("SwapEMAWeights", function()
  it("validates and leaves the averages, and trains the weights", function()
    local plain <const> = small_model()
    local weights <const> = {}
    fit(plain, { epochs = 2, callbacks = { { on_batch_end = function()
      weights[#weights + 1] = plain.weight:detach():clone()
    end } } })
    local average = weights[1]
    for k = 2, 4 do average = average * 0.9 + weights[k] * 0.1 end
    local net <const>, trained = small_model(), nil
    local history <const> = fit(net, { epochs = 2, validation_data = { x, y }, callbacks = {
      train.SwapEMAWeights { decay = 0.9 }, { on_epoch_end = function()
        trained = net.weight:detach():clone()
      end } } })
    assert.is_true(trained:equal(plain.weight))
    assert.is_true(net.weight:allclose(average, 1e-5, 1e-6))
    local loss <const> = net:evaluate(x, y)
    assert.is_true(math.abs(loss - history.history.val_loss[2]) < 1e-6)
  end)
end)
