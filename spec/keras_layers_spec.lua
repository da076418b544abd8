-- keras's layers by their arguments and shapes, summaries, recurrent layers.

local tocha = require "tocha"
local keras = tocha.keras
local Sequential <const>, Dense <const>, Dropout <const> = keras.Sequential, keras.Dense,
  keras.Dropout
local Conv2D <const>, MaxPooling2D <const> = keras.Conv2D, keras.MaxPooling2D
local common = require "spec.keras_api_support"

local far <const> = common.far

before_each(keras.backend.clear_session)

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
