-- keras's models: parameters counted, made, trained, looked into.

local tocha = require "tocha"
local keras = tocha.keras
local nn = tocha.nn
local Sequential <const>, Dense <const>, Dropout <const> = keras.Sequential, keras.Dense,
  keras.Dropout
local Conv2D <const>, MaxPooling2D <const>, Flatten <const> = keras.Conv2D, keras.MaxPooling2D,
  keras.Flatten
local common = require "spec.keras_api_support"

local far <const> = common.far

before_each(keras.backend.clear_session)

describe("the course's networks have its numbers of parameters:", function()
  it("MNIST, 784-384-100-10", function()
    local model <const> = Sequential()
    model:add(Dense(384, { input_shape = { 784 } }))
    model:add(keras.Activation "relu")
    model:add(Dense(100, "relu"))
    model:add(Dense(10, { activation = "softmax" }))
    assert.are.equal(340950, model:count_params())
  end)

  it("the functional one, 784-384-100-100-10", function()
    local input <const> = keras.Input(784)
    local h = Dense(384, "relu")(input)
    h = Dropout(0.3)(h)
    h = Dense(100, "relu")(h)
    h = Dense(100, "relu")(h)
    local model <const> = keras.Model { inputs = input, outputs = Dense(10, "softmax")(h) }
    assert.are.equal(351050, model:count_params())
  end)

  it("the bag of words, 10000-100-100-100-2", function()
    local model <const> = Sequential {
      Dense(100, { activation = "relu", input_dim = 10000 }), Dropout(0.8),
      Dense(100, "relu"), Dropout(0.8), Dense(100, "relu"), Dropout(0.5), Dense(2, "softmax"),
    }
    assert.are.equal(1020502, model:count_params())
  end)

  it("the CNN, 32-64-pool-dropout-128-dropout-10", function()
    local model <const> = Sequential {
      Conv2D(32, { 3, 3 }, { activation = "relu", input_shape = { 28, 28, 1 } }),
      Conv2D(64, { 3, 3 }, { activation = "relu" }), MaxPooling2D { pool_size = { 2, 2 } },
      keras.DropOut(0.25), Flatten(), Dense(128, "relu"), Dropout(0.5), Dense(10, "softmax"),
    }
    assert.are.equal(1199882, model:count_params())
  end)

  it("the deeper one, 32-64-pool-128-256-pool", function()
    local model <const> = Sequential { keras.Input { 28, 28, 1 } }
    local function conv(filters) model:add(Conv2D(filters, 3, { activation = "relu" })) end
    conv(32)
    conv(64)
    model:add(MaxPooling2D(2))
    conv(128)
    conv(256)
    model:add(MaxPooling2D(2))
    for _, layer in ipairs { Dropout(0.25), Flatten(), Dense(128, "relu"), Dropout(0.5),
      Dense(10, "softmax") } do model:add(layer) end
    assert.are.equal(913546, model:count_params())
  end)

  it("the small one of 2019", function()
    local model <const> = Sequential {
      keras.Input { 28, 28, 1 }, Conv2D(32, 3, { activation = "relu" }), MaxPooling2D(2),
      Conv2D(64, 3, { activation = "relu" }), MaxPooling2D(2),
      Conv2D(64, 3, { activation = "relu" }), Flatten(), Dense(64, "relu"), Dense(10, "softmax"),
    }
    assert.are.equal(93322, model:count_params())
  end)

  it("the callbacks' one, 784-512-512-10", function()
    local model <const> = Sequential {
      Dense(512, { activation = "relu", input_shape = { 784 } }), Dropout(0.2),
      Dense(512, "relu"), Dropout(0.2), Dense(10, "softmax"),
    }
    assert.are.equal(669706, model:count_params())
  end)
end)

it("the lines of the slides run", function()
  local previous <const> = keras.Input { 224, 224, 3 }
  local pool <const> = MaxPooling2D { pool_size = { 2, 2 } }(
    Conv2D(128, 5, { strides = { 2, 2 }, padding = "same", activation = "relu" })(previous))
  assert.are.same({ false, 56, 56, 128 }, pool.shape)
  local hidden <const> = keras.DropOut(0.5)(Flatten()(pool))
  local output <const> = keras.Softmax()(Dense(10)(Dense(20, { activation = "relu" })(hidden)))
  local model <const> = keras.Model { inputs = previous, outputs = output }
  model:compile { loss = "mean_squared_error" }
  assert.are.same({ false, 10 }, model.output_shape)
  local stack <const> = Sequential()
  for _, fn in ipairs { "linear", "sigmoid", "tanh", "relu", "elu" } do
    stack:add(Dense(64, { activation = fn, input_shape = #stack == 0 and { 8 } or nil }))
  end
  assert.are.same({ 2, 64 }, stack(tocha.randn(2, 8)).shape)
end)

describe("a Sequential", function()
  it("takes its input's shape from the first layer, an Input, build or the first call", function()
    local x <const> = tocha.randn(2, 5)
    for _, model in ipairs { Sequential { Dense(3, { input_dim = 5 }) },
      Sequential { keras.Input(5), Dense(3) }, Sequential { Dense(3) }, Sequential { Dense(3) } } do
      if model.input == nil then
        assert.error_matches(function() model:count_params() end, "not built yet")
        if model.name:find "2" then model:build { false, 5 } else model(x) end
      end
      assert.are.equal(18, model:count_params())
      assert.are.same({ false, 3 }, model.output_shape)
      assert.are.same({ false, 5 }, model.input_shape)
    end
  end)

  it("grows and shrinks, and takes modules of nn and functions", function()
    local model <const> = Sequential { keras.Input(4), Dense(3), nn.Linear(2), tocha.tanh }
    assert.are.same({ false, 2 }, model.output_shape)
    model:pop()
    model:pop()
    assert.are.same({ false, 3 }, model.output_shape)
    model:add(nn.Linear(2))
    model:add(Dense(5))
    assert.are.same({ false, 5 }, model.output_shape)
    assert.are.equal(15 + 8 + 15, model:count_params())
    assert.are.equal(3, #model.layers)
    assert.error_matches(function() model:add(model.layers[1]) end, "has a layer of the name")
    local names <const> = {}
    for name in model:named_parameters() do names[#names + 1] = name end
    assert.are.same({ "dense.weight", "dense.bias", "linear_1.weight", "linear_1.bias",
      "dense_1.weight", "dense_1.bias" }, names)
  end)

  it("is a layer of other models", function()
    local block <const> = Sequential({ keras.Input(4), Dense(4, "relu") }, { name = "block" })
    local x <const> = keras.Input(4)
    local model <const> = keras.Model(x, Dense(2)(block(x) + x))
    assert.are.equal(20 + 10, model:count_params())
    assert.is_truthy(model:state_dict()["block.dense.weight"])
    local outer <const> = Sequential { block, Dense(1) }
    assert.are.same({ false, 1 }, outer.output_shape)
  end)
end)

describe("a model", function()
  it("of one's own class trains too", function()
    local Net <const> = keras.Model:extend "TwoLayers"
    function Net:new()
      self.first = Dense(8, "relu")
      self.second = Dense(1)
    end
    function Net:forward(x) return self.second(self.first(x)) end
    local net <const> = Net()
    net:compile { loss = "mse", optimizer = keras.optimizers.Adam(0.05) }
    local x <const> = tocha.randn(64, 3)
    local y <const> = x:sum(2, { keepdim = true })
    local history <const> = net:fit { x = x, y = y, epochs = 15, verbose = 0 }
    assert.is_true(history.history.loss[15] < 0.5 * history.history.loss[1])
    assert.are.equal("two_layers", net.name)
    assert.are.same({ "dense", "dense_1" }, { net.layers[1].name, net.layers[2].name })
    assert.are.equal(4 * 8 + 9, net:count_params())
  end)

  it("is trained by names, and has Keras's names in its history", function()
    tocha.manual_seed(2)
    local x <const> = tocha.randn(200, 2)
    local ids <const> = x:select(2, 1):gt(0):long() + 1
    local model <const> = Sequential { keras.Input(2), Dense(8, "tanh"), Dense(2, "softmax") }
    model:compile { optimizer = "adam", loss = "sparse_categorical_crossentropy",
      metrics = { "accuracy" } }
    model.optimizer.learning_rate = 0.05
    local history <const> = model:fit { x = x, y = ids, epochs = 20, batch_size = 20, verbose = 0,
      validation_split = 0.2 }
    assert.is_true(history.history.val_acc[20] > 0.9)
    assert.are.equal(history.history.val_acc, history.history.val_accuracy)
    local loss <const>, accuracy <const> = model:evaluate { x = x, y = ids }
    assert.is_true(loss < 0.3 and accuracy > 0.9)
    assert.are.same({ 200, 2 }, model:predict(x).shape)
    assert.is_true(far(model:predict(x), model:predict_on_batch(x)) < 1e-6)
    local tested <const> = model:test_on_batch(x, ids, { return_dict = true })
    assert.is_true(math.abs(tested.loss - loss) < 1e-5)
    assert.are.equal(accuracy, tested.accuracy)
    keras.backend.set_value(model.optimizer, "lr", 0.5)
    assert.are.equal(0.5, model.optimizer.bound.param_groups[1].lr)
    assert.are.equal(0.5, keras.backend.get_value(model.optimizer, "lr"))
  end)

  it("may have several inputs and outputs, by list and by name", function()
    local a <const>, b <const> = keras.Input { shape = { 3 }, name = "a" },
      keras.Input { shape = { 2 }, name = "b" }
    local joined <const> = keras.concatenate { a, b }
    local model <const> = keras.Model { inputs = { a, b }, outputs = {
      Dense(1, { name = "size" })(joined),
      Dense(2, { name = "kind", activation = "softmax" })(joined) } }
    local p <const>, q <const> = tocha.randn(8, 3), tocha.randn(8, 2)
    local size <const>, kind <const> = tocha.randn(8, 1), tocha.ones(8, { dtype = "int64" })
    local function logs(loss, metrics, weights, x, y)
      model:compile { loss = loss, metrics = metrics, loss_weights = weights }
      return model:evaluate { x = x, y = y, return_dict = true }
    end
    local by_list <const> = logs({ "mse", "sparse_categorical_crossentropy" }, { {}, { "acc" } },
      { 1, 0.5 }, { p, q }, { size, kind })
    local by_name <const> = logs({ kind = "sparse_categorical_crossentropy", size = "mse" },
      { kind = { "acc" } }, { size = 1, kind = 0.5 }, { b = q, a = p },
      { size = size, kind = kind })
    assert.are.same(by_list, by_name)
    assert.is_true(math.abs(by_list.loss - by_list.size_loss - 0.5 * by_list.kind_loss) < 1e-6)
    assert.is_truthy(by_list.kind_acc)
    local history <const> = model:fit({ p, q }, { size, kind }, { epochs = 2, verbose = 0 })
    assert.are.equal(2, #history.history.size_loss)
    local y <const> = model:predict { p, q }
    assert.are.same({ { 8, 1 }, { 8, 2 } }, { y[1].shape, y[2].shape })
  end)

  it("is saved whole by ModelCheckpoint", function()
    local path <const> = os.tmpname()
    local model <const> = Sequential { keras.Input(2), Dense(1) }
    model:compile { loss = "mse", optimizer = "adam" }
    local x <const> = tocha.randn(8, 2)
    model:fit { x = x, y = x:sum(2), epochs = 1, verbose = 0,
      callbacks = { keras.callbacks.ModelCheckpoint(path) } }
    local twin <const> = keras.models.load_model(path)
    os.remove(path)
    assert.are.equal(0.0, far(model:predict(x), twin:predict(x)))
    assert.are.equal(1, twin.optimizer.iterations)
  end)

  it("says that labels count from 1", function()
    local model <const> = Sequential { keras.Input(2), Dense(3, "softmax") }
    model:compile { loss = "sparse_categorical_crossentropy" }
    assert.error_matches(function()
      model:fit { x = tocha.ones(2, 2), y = tocha.tensor { 0, 2 }, verbose = 0 }
    end, "class ids count from 1, got 0")
  end)

  it("takes losses of (y_true, y_pred), objects, and criteria of nn", function()
    local x <const>, y <const> = tocha.randn(6, 2), tocha.randn(6, 1)
    local model <const> = Sequential { keras.Input(2), Dense(1) }
    local expected <const> = (model(x) - y):square():mean():item()
    for _, loss in ipairs { "mse", "MSE", "mean_squared_error", keras.losses.MeanSquaredError(),
      nn.MSELoss(), function(t, p) return (p - t):square():mean() end } do
      model:compile { loss = loss }
      assert.is_true(math.abs(model:test_on_batch(x, y) - expected) < 1e-6)
    end
    local order
    model:compile { loss = function(t) order = t return t:sum() end }
    model:test_on_batch(x, y)
    assert.are.equal(0.0, far(order, y))
    assert.error_matches(function() model:compile { loss = "mze" } end, "unknown loss 'mze'")
    assert.error_matches(function() model:compile { loss = "mse", optimizer = "adma" } end,
      "unknown optimizer 'adma'")
    assert.error_matches(function() Sequential():fit { x = x } end, "compile")
  end)

  it("forgets what calls in between add to the loss", function()
    local model <const> = Sequential { keras.Input(2),
      Dense(2, { activity_regularizer = "l2" }) }
    model:compile { loss = "mse" }
    local x <const> = tocha.randn(3, 2)
    local before <const> = model:test_on_batch(x, x)
    model(x)
    model:predict(x)
    assert.are.equal(before, model:test_on_batch(x, x))
  end)

  it("adds regularisers to its loss, and obeys constraints", function()
    local x <const>, y <const> = tocha.randn(6, 3), tocha.randn(6, 2)
    local plain <const> = Sequential { keras.Input(3), Dense(2) }
    local strict <const> = Sequential { keras.Input(3),
      Dense(2, { kernel_regularizer = "l2", bias_regularizer = keras.regularizers.L1(0.5),
        activity_regularizer = keras.regularizers.L2(0.1), kernel_constraint = "max_norm",
        bias_initializer = "ones" }) }
    strict:get_layer(1).weight:detach():copy_(plain:get_layer(1).weight)
    plain:compile { loss = "mse" }
    strict:compile { loss = "mse", optimizer = keras.optimizers.SGD(100.0) }
    local w <const>, out <const> = plain.layers[1].weight, strict(x)
    local expected <const> = (out - y):square():mean() + w:square():sum() * 0.01 + 0.5 * 2
      + out:square():sum() * 0.1 / 6
    assert.is_true(math.abs(strict:train_on_batch(x, y) - expected:item()) < 1e-4)
    local norms <const> = strict.layers[1]:get_weights()[1]:norm(2, 1)
    assert.is_true(norms:max():item() < 2.0001)
    assert.is_true(norms:max():item() > 1.9)
    local layer <const> = keras.ActivityRegularization { l1 = 0.5 }
    local model <const> = Sequential { keras.Input(2), layer }
    model:compile { loss = function(t, p) return (p * 0 + t * 0):sum() end }
    assert.is_true(math.abs(model:test_on_batch(tocha.ones(4, 2), tocha.ones(4, 2)) - 1) < 1e-6)
  end)

  it("has rates by schedule", function()
    local S <const> = keras.optimizers.schedules
    local schedule <const> = S.ExponentialDecay(0.1, 2, 0.5, { staircase = true })
    local model <const> = Sequential { keras.Input(2), Dense(1) }
    model:compile { loss = "mse", optimizer = keras.optimizers.SGD(schedule) }
    local rates <const> = {}
    for k = 1, 5 do
      model:train_on_batch(tocha.ones(1, 2), tocha.ones(1, 1))
      rates[k] = model.optimizer.lr
    end
    assert.are.same({ 0.1, 0.1, 0.05, 0.05, 0.025 }, rates)
    assert.are.equal(0.1 / 1.5, S.InverseTimeDecay(0.1, 2, 0.5)(2))
    assert.are.same({ 1, 1, 0.5, 0.1 }, (function()
      local f <const> = S.PiecewiseConstantDecay({ 1, 2 }, { 1, 0.5, 0.1 })
      return { f(0), f(1), f(2), f(3) }
    end)())
    local cosine <const> = S.CosineDecay(0.0, 10, { warmup_target = 1.0, warmup_steps = 4 })
    assert.are.same({ 0.0, 0.5, 1.0 }, { cosine(0), cosine(2), cosine(4) })
    assert.is_true(math.abs(cosine(9) - 0.5) < 1e-12)
    assert.is_true(math.abs(cosine(20)) < 1e-12)
    local restarts <const> = S.CosineDecayRestarts(1.0, 4)
    assert.is_true(math.abs(restarts(2) - 0.5) < 1e-12)
    assert.are.equal(1.0, restarts(4))
    assert.is_true(math.abs(restarts(8) - 0.5) < 1e-12)
    assert.are.equal(0.55, S.PolynomialDecay(1.0, 10, 0.1)(5))
    local old <const> = keras.optimizers.SGD { lr = 0.1, decay = 0.5 }
    assert.are.equal(0.1 / 2, old.config.learning_rate(2))
  end)
end)
