-- tocha.keras as people write it: the course's networks, names, shapes, summaries, options, files.

local tocha = require "tocha"
local keras = tocha.keras
local nn = tocha.nn

local Sequential <const>, Dense <const>, Dropout <const> = keras.Sequential, keras.Dense,
  keras.Dropout
local Conv2D <const>, MaxPooling2D <const>, Flatten <const> = keras.Conv2D, keras.MaxPooling2D,
  keras.Flatten

local function far(a, b) return (a - b):abs():max():item() end

before_each(keras.backend.clear_session)

-- ---- the course ---------------------------------------------------------------------------------

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

-- ---- names, shapes, summary ---------------------------------------------------------------------

describe("layers", function()
  it("have Keras's names", function()
    local names <const> = {}
    for k, layer in ipairs { Dense(1), Dense(1), Conv2D(1, 1), keras.MaxPooling2D(),
      keras.GlobalAveragePooling2D(), keras.BatchNormalization(), keras.ReLU(),
      keras.Conv2DTranspose(1, 1), keras.LeakyReLU(), Dense(1, { name = "mine" }), Dense(1) } do
      names[k] = layer.name
    end
    assert.are.same({ "dense", "dense_1", "conv2d", "max_pooling2d", "global_average_pooling2d",
      "batch_normalization", "re_lu", "conv2d_transpose", "leaky_re_lu", "mine", "dense_2" }, names)
  end)

  it("show themselves as one would write them", function()
    assert.are.equal('Dense(3, {activation = "relu"})', tostring(Dense(3, "relu")))
    assert.are.equal("Embedding(7, 3, {mask_zero = true})",
      tostring(keras.Embedding(7, 3, { mask_zero = true })))
    assert.are.equal("MaxPooling2D({pool_size = {3, 3}})",
      tostring(MaxPooling2D { pool_size = { 3, 3 } }))
  end)

  it("start with Keras's weights", function()
    tocha.manual_seed(1)
    local layer <const> = Dense(200, { input_dim = 100 })
    layer(tocha.ones(1, 100))
    local kernel, bias = table.unpack(layer:get_weights())
    assert.are.same({ { 100, 200 }, { 200 } }, { kernel.shape, bias.shape })
    local limit <const> = math.sqrt(6 / 300)
    assert.is_true(kernel:abs():max():item() <= limit)
    assert.is_true(kernel:abs():max():item() > 0.99 * limit)
    assert.is_true(math.abs(kernel:std():item() - limit / math.sqrt(3)) < 0.01 * limit)
    assert.are.equal(0.0, bias:abs():max():item())
    local he <const> = Dense(300, { kernel_initializer = "he_normal", bias_initializer = "ones" })
    he(tocha.ones(1, 200))
    kernel = he:get_weights()[1]
    assert.is_true(math.abs(kernel:std():item() - 0.1) < 0.002)
    assert.is_true(kernel:abs():max():item() < 2.3 * 0.1 / 0.8796 * 1.0001)
    assert.are.equal(1.0, he:get_weights()[2]:min():item())
  end)

  it("take initialisers as objects, with seeds, and functions", function()
    local seeded <const> = keras.initializers.RandomNormal { stddev = 0.1, seed = 4 }
    assert.are.equal(0.0, far(seeded { 3, 4 }, seeded { 3, 4 }))
    tocha.manual_seed(9)
    local before <const> = tocha.get_rng_state()
    seeded { 3, 4 }
    assert.are.same(before, tocha.get_rng_state())
    local layer <const> = Dense(2, { kernel_initializer = function(shape, dtype)
      return tocha.full(shape, 7.0, { dtype = dtype })
    end, input_dim = 3 })
    layer(tocha.ones(1, 3))
    assert.are.equal(7.0, layer.weight:min():item())
    local q <const> = keras.initializers.orthogonal()({ 5, 3 }, "float64")
    assert.is_true(far(q.T:matmul(q), tocha.eye(3, { dtype = "float64" })) < 1e-12)
  end)

  it("set weights in Keras's layout, or not at all", function()
    local layer <const> = Conv2D(4, { 2, 3 })
    layer(tocha.ones(1, 5, 5, 2))
    local list <const> = layer:get_weights()
    assert.are.same({ 2, 3, 2, 4 }, list[1].shape)
    assert.are.same({ 4, 2, 2, 3 }, layer.weight.shape)
    assert.are.equal(list[1][1][2][2][3]:item(), layer.weight[3][2][1][2]:item())
    assert.error_matches(function() layer:set_weights { tocha.ones(2, 3, 2, 4), tocha.ones(3) } end,
      "weight 'bias' has the shape %(4%), got %(3%)")
    assert.are.equal(0.0, far(layer:get_weights()[1], list[1]))
    assert.error_matches(function() layer:set_weights { list[1], list[2], list[2] } end,
      "has 2 weights, got 3")
  end)

  it("are frozen by `trainable`", function()
    local norm <const> = keras.BatchNormalization()
    local model <const> = Sequential { Dense(3, { input_dim = 2 }), norm, Dense(1) }
    local inner <const> = model:get_layer "dense"
    inner.trainable = false
    norm.trainable = false
    local before <const> = inner:get_weights()[1]
    model:compile { loss = "mse", optimizer = "sgd" }
    model:train_on_batch(tocha.randn(8, 2), tocha.randn(8, 1))
    assert.are.equal(0.0, far(before, inner:get_weights()[1]))
    assert.are.equal(0.0, norm.running_mean:abs():max():item())
    model:eval()
    norm.trainable = true
    model:train_on_batch(tocha.randn(8, 2), tocha.randn(8, 1))
    assert.is_true(norm.running_mean:abs():max():item() > 0)
    norm.trainable = false
    local summary <const> = model:summary { print = false }
    assert.are.same({ 9 + 12 + 4, 4, 21 },
      { summary.total, summary.trainable, summary.non_trainable })
    model.trainable = true
    assert.are.equal(19, model:summary { print = false }.trainable)
    assert.is_true(norm.trainable)
  end)

  it("refuse what they do not know", function()
    assert.error_matches(function() Dense(3, "rela") end,
      "%[Dense%] unknown activation 'rela'.*relu6")
    assert.error_matches(function() Dense(3, { kernel_initializer = "glorot" }) end,
      "unknown initializer 'glorot'.*glorot_uniform")
    assert.error_matches(function() Conv2D(3, 3, "relu") end, "strides.*{activation = \"relu\"}")
    assert.error_matches(function() Conv2D(3, 3, { padding = "full" }) end, "not 'full'")
    assert.error_matches(function() Dense(3, { unit = 4 }) end, "unknown option 'unit'")
    assert.error_matches(function() Dropout(1.5) end, "rate in 0 .. 1")
    assert.error_matches(function() keras.Input(3, { dtype = "int33" }) end, "no dtype")
    assert.error_matches(function() keras.Add() { tocha.ones(1) } end, "at least 2 tensors")
    assert.error_matches(function() keras.utils.to_categorical { 0, 1 } end, "count from 1")
  end)
end)

describe("a summary", function()
  it("has Keras's form", function()
    local model <const> = Sequential { Dense(384, { activation = "relu", input_shape = 784 }),
      keras.BatchNormalization(), Dense(10, "softmax") }
    local text
    local summary <const> = model:summary { print_fn = function(t) text = t end }
    assert.are.equal(tostring(summary), text)
    assert.are.equal([[
Model: "sequential"
_______________________________________________________________
Layer (type)                              Output Shape  Param #
===============================================================
dense (Dense)                             (None, 384)   301440
batch_normalization (BatchNormalization)  (None, 384)   1536
dense_1 (Dense)                           (None, 10)    3850
===============================================================
Total params: 306,826 (1.17 MB)
Trainable params: 306,058
Non-trainable params: 768
_______________________________________________________________]], text)
  end)

  it("of a graph names what layers are connected to", function()
    local a <const>, b <const> = keras.Input(4), keras.Input(4)
    local shared <const> = Dense(3)
    local model <const> = keras.Model { inputs = { a, b },
      outputs = keras.concatenate { shared(a), shared(b) } }
    local rows <const> = model:summary { print = false }.rows
    local found <const> = {}
    for k, row in ipairs(rows) do found[k] = { row.name, row.connected_to } end
    assert.are.same({ { "input_layer", {} }, { "input_layer_1", {} },
      { "dense", { "input_layer", "input_layer_1" } },
      { "concatenate", { "dense", "dense" } } }, found)
    assert.are.equal(4, #model.layers)
    assert.are.equal(shared, model:get_layer "dense")
    assert.are.equal(shared, model:get_layer { index = 3 })
    local head <const> = keras.Model { inputs = a, outputs = model:output_of "dense" }
    assert.are.equal(shared, head.layers[2])
    assert.error_matches(function() model:get_layer "dense_7" end, "no layer 'dense_7'")
  end)
end)

-- ---- models -------------------------------------------------------------------------------------

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

-- ---- files --------------------------------------------------------------------------------------

describe("a model on file", function()
  local function branching()
    local a <const>, b <const> = keras.Input { shape = { 4 }, name = "left" }, keras.Input { 4 }
    local shared <const> = Dense(3, { activation = "relu", kernel_regularizer = "l2" })
    local joined <const> = keras.concatenate { shared(a), shared(b) * 2 }
    return keras.Model { inputs = { a, b },
      outputs = { Dense(2)(joined), joined:mean(2), joined:sum(nil, true),
        joined[{ {}, { 1, 2 } }] } }
  end

  local function temporary(f)
    local path <const> = os.tmpname()
    local ok <const>, message <const> = pcall(f, path)
    os.remove(path)
    assert(ok, message)
  end

  it("comes back with weights, optimiser and all", function()
    temporary(function(path)
      local model <const> = Sequential { keras.Input { 6, 6, 2 },
        Conv2D(3, 3, { activation = "relu", padding = "same" }), keras.BatchNormalization(),
        MaxPooling2D(2), Flatten(), Dense(2, "softmax") }
      model:compile { optimizer = keras.optimizers.Adam(0.01), metrics = { "accuracy" },
        loss = "categorical_crossentropy" }
      local x <const> = tocha.randn(4, 6, 6, 2)
      local y <const> = keras.utils.to_categorical { 1, 2, 1, 2 }
      model:train_on_batch(x, y)
      model:save(path)
      local twin <const> = keras.models.load_model(path)
      assert.are.equal(0.0, far(model:predict(x), twin:predict(x)))
      for _ = 1, 3 do
        assert.are.equal(model:train_on_batch(x, y), twin:train_on_batch(x, y))
      end
      assert.are.equal("conv2d", twin.layers[1].name)
      assert.are.equal(4, twin.optimizer.iterations)
    end)
  end)

  it("may be a graph", function()
    temporary(function(path)
      local model <const> = branching()
      model:save(path)
      local twin <const> = keras.models.load_model(path)
      local p <const>, q <const> = tocha.randn(5, 4), tocha.randn(5, 4)
      local y <const>, z <const> = model { p, q }, twin { p, q }
      assert.are.equal(0.0, far(y[1], z[1]))
      assert.are.equal(0.0, far(y[2], z[2]))
      assert.are.same({ "left", "input_layer" }, twin:input_names())
      assert.are.equal(model:count_params(), twin:count_params())
    end)
  end)

  it("is also a text, and is cloned", function()
    local model <const> = branching()
    local text <const> = model:to_json()
    local twin <const> = keras.models.model_from_json(text)
    assert.are.equal(text, twin:to_json())
    assert.are.same({ 2, 2 }, twin { tocha.ones(2, 4), tocha.ones(2, 4) }[1].shape)
    local other <const> = keras.models.clone_model(Sequential { keras.Input(3), Dense(2) })
    assert.are.equal(8, other:count_params())
    assert.error_matches(function() keras.models.model_from_json "[1" end, "no JSON")
    assert.error_matches(function() keras.models.model_from_json '{"class_name": "Foo"}' end,
      "got class 'Foo'")
  end)

  it("comes from its configuration, as each layer does", function()
    local layer <const> = Conv2D(4, { 3, 2 }, { strides = 2, kernel_regularizer =
      keras.regularizers.L1L2(0.1, 0.2), name = "mine" })
    local twin <const> = Conv2D.from_config(layer:get_config())
    assert.are.same(layer:get_config(), twin:get_config())
    assert.are.same({ l1 = 0.1, l2 = 0.2 }, twin:get_config().kernel_regularizer.config)
    local model <const> = Sequential { keras.Input(3), Dense(2) }
    assert.are.same(model:get_config(), Sequential.from_config(model:get_config()):get_config())
  end)

  it("may hold weights alone", function()
    temporary(function(path)
      local function make() return Sequential { keras.Input(3), Dense(2, { name = "a" }) } end
      local model <const>, twin <const> = make(), make()
      model:save_weights(path)
      twin:load_weights(path)
      local x <const> = tocha.randn(2, 3)
      assert.are.equal(0.0, far(model(x), twin(x)))
      twin:add(Dense(4, { name = "b" }))
      assert.error_matches(function() twin:load_weights(path) end, "missing")
      twin:load_weights(path, { by_name = true })
      assert.error_matches(function() keras.models.load_model(path) end, "holds no model")
    end)
  end)

  it("is an error where its text is damaged, and no more", function()
    local texts <const> = { branching():to_json(), Sequential({ keras.Input { 4, 3 },
      keras.Bidirectional(keras.GRU(2, { return_sequences = true })) }):to_json() }
    local damaged = 0
    for k = 1, 600 do
      local text = texts[k % 2 + 1]
      local at <const> = k * 7919 % #text + 1
      local byte <const> = string.char(33 + k * 31 % 90)
      text = text:sub(1, at - 1) .. byte .. text:sub(at + k % 3)
      local ok <const>, message <const> = pcall(keras.models.model_from_json, text)
      if not ok then
        damaged = damaged + 1
        assert.are.equal("string", type(message))
        assert.is_truthy(message:find "%[[%w_]+%]", message)
      end
    end
    assert.is_true(damaged > 300)
    for _, config in ipairs { {}, { class_name = "Sequential" },
      { class_name = "Functional", config = {} },
      { class_name = "Sequential", config = { layers = { 3 } } },
      { class_name = "Sequential", config = { layers = { { class_name = "nn.init" } } } },
      { class_name = "Sequential", config = { layers = { { class_name = "Dense" } } } } } do
      assert.error_matches(function() keras.models.model_from_config(config) end, "from_config")
    end
  end)

  it("keeps no functions", function()
    local model <const> = Sequential { keras.Input(3), keras.Lambda(tocha.tanh) }
    assert.error_matches(function() model:to_json() end, "function cannot be saved")
  end)
end)

-- ---- utilities ----------------------------------------------------------------------------------

describe("utilities", function()
  it("make rows of ids, and sequences of one length", function()
    assert.are.same({ { 0.0, 1.0, 0.0 }, { 1.0, 0.0, 0.0 } },
      keras.utils.to_categorical({ 2, 1 }, 3):totable())
    assert.are.same({ { 0, 1 } },
      keras.utils.to_categorical(tocha.tensor { { 2 } }):long():totable())
    local lists <const> = { { 1 }, { 2, 3 }, { 4, 5, 6 } }
    assert.are.same({ { 0, 0, 1 }, { 0, 2, 3 }, { 4, 5, 6 } },
      keras.utils.pad_sequences(lists):totable())
    assert.are.same({ { 1, 9 }, { 2, 3 }, { 4, 5 } }, keras.utils.pad_sequences(lists,
      { maxlen = 2, padding = "post", truncating = "post", value = 9 }):totable())
    assert.are.same({ { 0, 1 }, { 2, 3 }, { 5, 6 } },
      keras.utils.pad_sequences(lists, { maxlen = 2 }):totable())
  end)

  it("draw a model for Graphviz", function()
    local x <const> = keras.Input(3)
    local model <const> = keras.Model(x, keras.add { Dense(3)(x), x })
    assert.are.equal([[
digraph {
  node [shape = box]
  "input_layer" [label = "input_layer: InputLayer"]
  "dense" [label = "dense: Dense"]
  "input_layer" -> "dense"
  "add" [label = "add: Add"]
  "dense" -> "add"
  "input_layer" -> "add"
}]], keras.utils.model_to_dot(model))
    assert.is_truthy(keras.utils.model_to_dot(Sequential { keras.Input(3), Dense(2), Dense(1) })
      :find '"dense_1" %-> "dense_2"')
  end)

  it("have callbacks and metrics of tocha.train", function()
    assert.are.equal(tocha.train.EarlyStopping, keras.callbacks.EarlyStopping)
    assert.is_nil(keras.callbacks.step)
    local metric <const> = keras.metrics.CategoricalAccuracy()
    metric:update_state(keras.utils.to_categorical { 1, 2 }, tocha.tensor { { 0.9, 0.1 },
      { 0.8, 0.2 } })
    assert.are.equal(0.5, metric:result())
    assert.are.equal("categorical_accuracy", metric.name)
    metric:reset_state()
    metric:update_state(keras.utils.to_categorical { 1, 2 }, tocha.eye(2))
    assert.are.equal(1.0, metric:result())
  end)
end)

-- ---- sequences ----------------------------------------------------------------------------------

describe("recurrent layers", function()
  it("have Keras's weights and starting values", function()
    tocha.manual_seed(3)
    local lstm <const> = keras.LSTM(4)
    lstm(tocha.ones(2, 5, 3))
    local kernel <const>, recurrent <const>, bias <const> = table.unpack(lstm:get_weights())
    assert.are.same({ { 3, 16 }, { 4, 16 }, { 16 } }, { kernel.shape, recurrent.shape, bias.shape })
    assert.are.same({ 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0 }, bias:long():totable())
    assert.is_true(far(recurrent:matmul(recurrent.T), tocha.eye(4)) < 1e-5)
    assert.are.equal(16 * (3 + 4 + 1), lstm:count_params())
    local gru <const> = keras.GRU(4)
    gru(tocha.ones(2, 5, 3))
    assert.are.equal(12 * (3 + 4 + 2), gru:count_params())
    assert.are.same({ 2, 12 }, gru:get_weights()[3].shape)
    local plain <const> = keras.GRU(4, { reset_after = false })
    plain(tocha.ones(2, 5, 3))
    assert.are.equal(12 * (3 + 4 + 1), plain:count_params())
  end)

  it("compute the same step by step as in one operation", function()
    local x <const> = tocha.randn(3, 6, 2)
    for _, class in ipairs { "SimpleRNN", "LSTM", "GRU" } do
      local fused <const> = keras[class](4, { return_sequences = true })
      fused(x)
      local slow <const> = fused:clone()
      rawset(slow, "_usual", false)
      assert.is_true(far(fused(x), slow(x)) < 1e-5, class)
    end
  end)

  it("return states, and go on from them", function()
    local x <const> = tocha.randn(2, 6, 3)
    local lstm <const> = keras.LSTM(4, { return_sequences = true, return_state = true })
    local y <const>, h <const>, c <const> = lstm(x)
    assert.are.equal(0.0, far(y:select(2, 6), h))
    local _, h1 <const>, c1 <const> = lstm(x:narrow(2, 1, 3))
    local rest <const>, h2 <const>, c2 <const> = lstm(x:narrow(2, 4, 3), { h1, c1 })
    assert.is_true(far(rest, y:narrow(2, 4, 3)) < 1e-6)
    assert.is_true(far(h2, h) < 1e-6 and far(c2, c) < 1e-6)
    local stateful <const> = keras.LSTM(4, { stateful = true })
    stateful(x:narrow(2, 1, 3))
    stateful:set_weights(lstm:get_weights())
    stateful:reset_states()
    stateful(x:narrow(2, 1, 3))
    assert.is_true(far(stateful(x:narrow(2, 4, 3)), h) < 1e-6)
    stateful:reset_states()
    assert.is_true(far(stateful(x:narrow(2, 4, 3)), h) > 1e-4)
  end)

  it("skip what an embedding masks, also behind dropout", function()
    local model <const> = Sequential { keras.Embedding(10, 4, { mask_zero = true }),
      Dropout(0.5), keras.LSTM(3) }
    local padded <const>, short <const> = tocha.tensor { { 5, 7, 1, 1 } }, tocha.tensor { { 5, 7 } }
    local first <const> = model(padded)
    assert.are.same({ 1, 3 }, first.shape)
    assert.is_true(far(model:predict(padded), model:predict(short)) < 1e-6)
    local plain <const> = Sequential { keras.Embedding(10, 4), keras.LSTM(3) }
    plain(padded)
    plain:set_weights(model:get_weights())
    assert.is_true(far(plain:predict(padded), plain:predict(short)) > 1e-4)
  end)

  it("pass masks on, also in training and backward in time", function()
    local model <const> = Sequential { keras.Embedding(10, 4, { mask_zero = true }),
      Dropout(1e-12), keras.Bidirectional(keras.GRU(3, { return_sequences = true })),
      keras.LSTM(2, { return_sequences = true }), keras.LSTM(2) }
    local padded <const>, short <const> = tocha.tensor { { 5, 7, 3, 1, 1 } },
      tocha.tensor { { 5, 7, 3 } }
    assert.is_true(far(model(padded), model(short)) < 1e-6)
  end)

  it("drop the same inputs at all steps", function()
    tocha.manual_seed(4)
    local rnn <const> = keras.SimpleRNN(2, { dropout = 0.5, return_sequences = true,
      activation = "linear" })
    rnn(tocha.ones(1, 3, 4))
    rnn:set_weights { tocha.tensor { { 1.0, 0 }, { 0, 1 }, { 0, 0 }, { 0, 0 } },
      tocha.zeros(2, 2), tocha.zeros(2) }
    local y <const> = rnn(tocha.ones(8, 3, 4))
    assert.are.equal(0.0, far(y:select(2, 1), y:select(2, 3)))
    assert.are.same({ 0.0, 2.0 }, { y:min():item(), y:max():item() })
    local drops <const> = keras.LSTM(5, { recurrent_dropout = 0.5 })
    local x <const> = tocha.randn(4, 6, 3)
    assert.is_true(far(drops(x), drops(x)) > 0)
    drops:eval()
    assert.are.equal(0.0, far(drops(x), drops(x)))
  end)

  it("know their shapes in graphs, and are saved inside their wrappers", function()
    local model <const> = Sequential { keras.Input { shape = { false }, dtype = "int64" },
      keras.Embedding(20, 6), keras.Bidirectional(keras.GRU(3, { return_sequences = true })),
      keras.TimeDistributed(Dense(2)), keras.GlobalMaxPooling1D() }
    local shapes <const> = {}
    for k, row in ipairs(model:summary { print = false }.rows) do shapes[k] = row.output_shape end
    assert.are.same({ { false, false, 6 }, { false, false, 6 }, { false, false, 2 },
      { false, 2 } }, shapes)
    local twin <const> = keras.models.model_from_json(model:to_json())
    twin:set_weights(model:get_weights())
    local ids <const> = tocha.tensor { { 3, 4, 5 } }
    assert.are.equal(0.0, far(model(ids), twin(ids)))
    assert.is_truthy(model:state_dict()["bidirectional.backward_layer.weight_hh"])
  end)

  it("refuse what they cannot", function()
    assert.error_matches(function() keras.LSTM(3)(tocha.ones(2, 3)) end,
      "%[LSTM%].*expected %(N, T, features%), got %(2, 3%)")
    assert.error_matches(function() keras.Bidirectional(Dense(3)) end,
      "recurrent layer, got a Dense")
    assert.error_matches(function() keras.Bidirectional(keras.LSTM(3), { merge_mode = "max" }) end,
      "'max'")
    assert.error_matches(function() keras.TimeDistributed "dense" end, "expected a layer")
  end)
end)

it("pooling sees nothing outside the input", function()
  local x <const> = tocha.full({ 1, 4, 4, 1 }, -1.0)
  for _, class in ipairs { "MaxPooling2D", "AveragePooling2D" } do
    local y <const> = keras[class](3, { strides = 2, padding = "same" })(x)
    assert.are.same({ -1.0, -1.0 }, { y:min():item(), y:max():item() })
  end
end)

describe("channels", function()
  it("may come first", function()
    local last <const> = Conv2D(4, 3, { padding = "same", strides = 2 })
    local first <const> = Conv2D(4, 3, { padding = "same", strides = 2,
      data_format = "channels_first" })
    local x <const> = tocha.randn(2, 7, 6, 3)
    local y <const> = last(x)
    first(x:permute { 1, 4, 2, 3 })
    first:set_weights(last:get_weights())
    assert.is_true(far(y, first(x:permute { 1, 4, 2, 3 }):permute { 1, 3, 4, 2 }) < 1e-6)
  end)

  it("stay first in memory between layers", function()
    local layout <const> = require "tocha.keras.layout"
    local x = Conv2D(4, 3)(tocha.randn(2, 7, 6, 3))
    for _, layer in ipairs { keras.BatchNormalization(), keras.ReLU(), keras.Activation "tanh",
      Dropout(0.5), MaxPooling2D(2), keras.ZeroPadding2D(1), Conv2D(5, 2) } do
      x = layer(x)
      assert.is_true(layout.is_first(x), layer.name)
    end
    assert.is_true(layout.is_first(keras.Add() { x, x }))
    assert.is_true(layout.is_first(keras.Concatenate() { x, x }))
  end)
end)

describe("one loss for two outputs", function()
  it("counts for each", function()
    local input <const> = keras.Input(3)
    local model <const> = keras.Model(input, { Dense(2)(input), Dense(1)(input) })
    local x <const>, t <const> = tocha.ones(4, 3), { tocha.zeros(4, 2), tocha.zeros(4, 1) }
    model:compile { loss = "mse" }
    local all <const>, first <const>, second <const> = model:evaluate { x = x, y = t }
    local y <const> = model:predict(x)
    assert.is_true(math.abs(first - y[1]:pow(2):mean():item()) < 1e-5)
    assert.is_true(math.abs(second - y[2]:pow(2):mean():item()) < 1e-5)
    assert.is_true(math.abs(all - first - second) < 1e-5)
  end)
end)

describe("mistakes", function()
  it("of sizes are told when the layer is made", function()
    for _, units in ipairs { "3", 0, 2.5 } do
      assert.error_matches(function() Dense(units) end, "units.*expected a positive integer")
    end
  end)

  it("bce is Keras's other name of binary_crossentropy", function()
    local t <const> = tocha.tensor { { 0.0 }, { 1.0 } }
    local y <const> = tocha.tensor { { 0.3 }, { 0.6 } }
    assert.is_true(far(keras.losses.bce(t, y), keras.losses.binary_crossentropy(t, y)) == 0)
    local model <const> = Sequential { Dense(1, { activation = "sigmoid", input_shape = { 3 } }) }
    model:compile { loss = "bce" }
    model:fit { x = tocha.ones(2, 3), y = t, verbose = 0 }
  end)

  it("of arguments say what is expected", function()
    assert.error_matches(function() keras.Input() end, "expected a shape")
    assert.error_matches(function() keras.datasets.mnist.load_data "x.npz" end, "expected options")
    assert.error_matches(function() keras.utils.pad_sequences(3) end, "expected a list of lists")
    assert.error_matches(function() Conv2D(-3, 3)(keras.Input { 8, 8, 1 }) end,
      "%[Conv2D%] size 1 of 'weight'.*got %-3")
  end)

  it("fit without x", function()
    local model <const> = Sequential { Dense(2, { input_shape = { 3 } }) }
    model:compile { loss = "mse" }
    assert.error_matches(function() model:fit { y = tocha.ones(4, 2) } end, "'x': is missing")
  end)
end)
