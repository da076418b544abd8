-- keras: models on file, utilities, losses of several outputs, mistakes.

local tocha = require "tocha"
local keras = tocha.keras
local Sequential <const>, Dense <const> = keras.Sequential, keras.Dense
local Conv2D <const>, MaxPooling2D <const>, Flatten <const> = keras.Conv2D, keras.MaxPooling2D,
  keras.Flatten
local common = require "spec.keras_api_support"

local far <const> = common.far

before_each(keras.backend.clear_session)

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
