-- tocha.keras against Keras 3 (spec/golden/keras.py has the same cases), the course's parameter
-- counts, and what is Keras's way of doing things.

local tocha = require "tocha"
local keras = tocha.keras
local L = keras.layers

local golden <const> = tocha.load "spec/golden/keras.safetensors"
local FLOAT64 <const> = { dtype = "float64" }

-- As spec/golden/keras.py has it.
local function fill(shape, j, scale)
  local n = 1
  for _, size in ipairs(shape) do n = n * size end
  local k <const> = tocha.arange(0, n - 1, FLOAT64)
  return ((k * 0.7 + (1.3 * j + 0.5)):sin() * (scale or 1)):reshape(shape)
end

-- PyTorch, and so Keras on it, has 1/6 in float32 here.
local LOOSE <const> = { ["activation/hard_sigmoid/dx1"] = 1e-8 }

local function close(name, x)
  local want <const> = assert(golden[name], name)
  assert.are.same(want.shape, x.shape, name)
  if want:numel() == 0 then return end
  local off <const> = (want - x:detach():to "float64"):abs():max():item()
  local size <const> = math.max(1, want:abs():max():item())
  assert.is_true(off <= (LOOSE[name] or 1e-10) * size, ("%s is off by %g"):format(name, off))
end

local function set_weights(layer)
  local weights <const> = layer:get_weights()
  for j, w in ipairs(weights) do weights[j] = fill(w.shape, 19 + j, 0.5) end
  layer:set_weights(weights)
end

local NO_GRADIENT <const> = 12345  -- stands in weights that are not trained

-- The gradients in Keras's layout: get_weights of a copy that holds them.
local function weight_gradients(layer)
  local twin <const>, found <const> = layer:clone(), {}
  local _ <close> = tocha.no_grad()
  local of <const> = twin:parameters()
  for k, p in ipairs(layer:parameters()) do of[k]:copy_(p.grad) end
  for _, b in ipairs(twin:buffers()) do b:fill_(NO_GRADIENT) end
  for _, g in ipairs(twin:get_weights()) do
    if g:ne(NO_GRADIENT):any():item() then found[#found + 1] = g end
  end
  return found
end

local function record(name, y, inputs, layer)
  close(name .. "/y", y)
  ;(y * fill(y.shape, 9)):sum():backward()
  for j, x in ipairs(inputs) do close(("%s/dx%d"):format(name, j), x.grad) end
  if not layer then return end
  local gradients <const> = weight_gradients(layer)
  for j, g in ipairs(gradients) do close(("%s/dw%d"):format(name, j), g) end
  assert.is_nil(golden[("%s/dw%d"):format(name, #gradients + 1)])
end

-- A case: { name, layer, shapes of the inputs, in training, holes = examples that are zero from
-- their second step on, call = how the layer is called }
local function run_case(case)
  local name <const>, layer <const>, inputs <const> = case[1], case[2], {}
  for j, shape in ipairs(case[3]) do inputs[j] = fill(shape, j) end
  for _, k in ipairs(case.holes or {}) do inputs[1][k][{ { 2, -1 } }]:zero_() end
  for _, x in ipairs(inputs) do x:requires_grad_() end
  local given <const>, call <const> = #inputs > 1 and inputs or inputs[1],
    case.call or function(l, x) return (l(x)) end
  tocha.no_grad(function()
    layer:eval()
    return call(layer, given)
  end)
  set_weights(layer)
  layer:train(case[4] or false)
  record(name, call(layer, given), inputs, layer)
end

local IMAGE <const> = { 2, 6, 5, 3 }
local D <const> = "float64"

local CASES <const> = {
  { "dense", L.Dense(4, { activation = "tanh", dtype = D }), { { 3, 5 } } },
  { "dense3d", L.Dense(2, { use_bias = false, dtype = D }), { { 2, 3, 4 } } },
  { "conv1d", L.Conv1D(3, 3, { activation = "relu", dtype = D }), { { 2, 7, 2 } } },
  { "conv1d_same", L.Conv1D(3, 4, { strides = 3, padding = "same", dtype = D }), { { 2, 8, 2 } } },
  { "conv1d_causal", L.Conv1D(2, 3, { padding = "causal", dilation_rate = 2, dtype = D }),
    { { 2, 7, 2 } } },
  { "conv2d", L.Conv2D(4, { 3, 2 }, { activation = "softmax", dtype = D }), { IMAGE } },
  { "conv2d_same2", L.Conv2D(3, 3, { strides = 2, padding = "same", dtype = D }), { IMAGE } },
  { "conv2d_same5", L.Conv2D(2, 5, { strides = { 2, 2 }, padding = "same", dtype = D }),
    { { 1, 8, 8, 2 } } },
  { "conv2d_groups", L.Conv2D(4, 3, { groups = 2, dilation_rate = 2, dtype = D }),
    { { 1, 6, 6, 4 } } },
  { "conv3d", L.Conv3D(2, 2, { padding = "same", strides = { 1, 2, 1 }, dtype = D }),
    { { 1, 3, 4, 3, 2 } } },
  { "conv2dt", L.Conv2DTranspose(2, 3, { strides = 2, dtype = D }), { { 1, 3, 4, 2 } } },
  { "conv2dt_wide", L.Conv2DTranspose(2, 2, { strides = 3, dtype = D }), { { 1, 3, 4, 2 } } },
  { "conv2dt_same", L.Conv2DTranspose(2, 4, { strides = 2, padding = "same", dtype = D }),
    { { 1, 3, 4, 2 } } },
  { "conv2dt_odd", L.Conv2DTranspose(2, 3, { strides = 2, padding = "same", dtype = D }),
    { { 1, 3, 4, 2 } } },
  { "conv1dt", L.Conv1DTranspose(3, 3, { padding = "same", dtype = D }), { { 2, 5, 2 } } },
  { "depthwise", L.DepthwiseConv2D(3, { depth_multiplier = 2, strides = 2, padding = "same",
    dtype = D }), { IMAGE } },
  { "depthwise1d", L.DepthwiseConv1D(3, { activation = "relu", dtype = D }), { { 2, 6, 2 } } },
  { "separable", L.SeparableConv2D(4, 3, { depth_multiplier = 2, activation = "elu", dtype = D }),
    { IMAGE } },
  { "maxpool", L.MaxPooling2D(2), { IMAGE } },
  { "maxpool_same", L.MaxPooling2D(3, { strides = 2, padding = "same" }), { IMAGE } },
  { "maxpool1d", L.MaxPooling1D(3, { strides = 1 }), { { 2, 7, 2 } } },
  { "avgpool", L.AveragePooling2D { 2, 3 }, { IMAGE } },
  { "avgpool_same", L.AveragePooling2D(3, { strides = 2, padding = "same" }), { IMAGE } },
  { "avgpool3d", L.AveragePooling3D(2, { padding = "same" }), { { 1, 3, 4, 3, 2 } } },
  { "global_max", L.GlobalMaxPooling2D(), { IMAGE } },
  { "global_avg", L.GlobalAveragePooling2D { keepdims = true }, { IMAGE } },
  { "global_avg1d", L.GlobalAveragePooling1D(), { { 2, 5, 3 } } },
  { "batchnorm", L.BatchNormalization { dtype = D }, { { 4, 3 } }, true },
  { "batchnorm2d", L.BatchNormalization { momentum = 0.7, dtype = D }, { { 3, 4, 2, 2 } }, true },
  { "batchnorm_axis", L.BatchNormalization { axis = 2, dtype = D }, { { 3, 2, 4 } }, true },
  { "batchnorm_plain", L.BatchNormalization { center = false, scale = false, dtype = D },
    { { 4, 3 } }, true },
  { "layernorm", L.LayerNormalization { dtype = D }, { { 2, 3, 4 } } },
  { "layernorm2", L.LayerNormalization { axis = { 2, 3 }, dtype = D }, { { 2, 3, 4 } } },
  { "groupnorm", L.GroupNormalization { groups = 2, dtype = D }, { { 2, 3, 3, 4 } } },
  { "unitnorm", L.UnitNormalization(), { { 2, 3, 4 } } },
  { "relu_layer", L.ReLU { max_value = 0.6, negative_slope = 0.1, threshold = 0.2 }, { { 3, 7 } } },
  { "leaky", L.LeakyReLU(), { { 3, 7 } } },
  { "elu_layer", L.ELU { alpha = 0.5 }, { { 3, 7 } } },
  { "prelu", L.PReLU { dtype = D }, { { 3, 4, 2 } } },
  { "prelu_shared", L.PReLU { shared_axes = { 2 }, dtype = D }, { { 3, 4, 2 } } },
  { "softmax_axis", L.Softmax(2), { { 3, 4, 2 } } },
  { "flatten", L.Flatten(), { IMAGE } },
  { "permute", L.Permute { 3, 1, 2 }, { IMAGE } },
  { "repeat", L.RepeatVector(3), { { 2, 4 } } },
  { "reshape", L.Reshape { 5, -1 }, { IMAGE } },
  { "zeropad", L.ZeroPadding2D { { 1, 2 }, { 0, 1 } }, { IMAGE } },
  { "zeropad1d", L.ZeroPadding1D { 1, 2 }, { { 2, 4, 3 } } },
  { "cropping", L.Cropping2D { { 1, 2 }, { 0, 1 } }, { IMAGE } },
  { "upsampling", L.UpSampling2D { 2, 3 }, { { 1, 3, 2, 2 } } },
  { "bilinear", L.UpSampling2D(2, { interpolation = "bilinear" }), { { 1, 3, 2, 2 } } },
  { "add", L.Add(), { { 2, 3 }, { 2, 3 }, { 2, 3 } } },
  { "average", L.Average(), { { 2, 3 }, { 2, 3 }, { 2, 3 } } },
  { "maximum", L.Maximum(), { { 2, 3 }, { 2, 3 } } },
  { "concatenate", L.Concatenate(), { { 2, 3, 2 }, { 2, 3, 4 } } },
  { "concatenate1", L.Concatenate(2), { { 2, 3, 2 }, { 2, 1, 2 } } },
  { "dot", L.Dot(2), { { 2, 4 }, { 2, 4 } } },
  { "dot3d", L.Dot { 3, 2 }, { { 2, 3, 4 }, { 2, 4, 5 } } },
  { "dot_cosine", L.Dot(2, { normalize = true }), { { 2, 4 }, { 2, 4 } } },
}

local function recurrent(class, units, options)
  options = options or {}
  options.dtype = D
  return L[class](units, options)
end

local function masked(...)
  return keras.Sequential { L.Masking(), ... }
end

local SEQUENCE <const> = { { 2, 4, 3 } }
local TWO <const> = { { 2, 3, 4 }, { 2, 5, 4 } }

for _, case in ipairs {
  { "simple_rnn", recurrent("SimpleRNN", 4), SEQUENCE },
  { "simple_rnn_relu", recurrent("SimpleRNN", 4, { activation = "relu", return_sequences = true }),
    SEQUENCE },
  { "lstm", recurrent("LSTM", 4), SEQUENCE },
  { "lstm_all", recurrent("LSTM", 3, { return_sequences = true, go_backwards = true }), SEQUENCE },
  { "lstm_hard", recurrent("LSTM", 3, { recurrent_activation = "softsign", use_bias = false }),
    SEQUENCE },
  { "lstm_masked", masked(recurrent("LSTM", 3, { return_sequences = true })), SEQUENCE,
    holes = { 2 } },
  { "gru", recurrent("GRU", 4, { return_sequences = true }), SEQUENCE },
  { "gru_before", recurrent("GRU", 4, { reset_after = false }), SEQUENCE },
  { "gru_plain", recurrent("GRU", 4, { use_bias = false }), SEQUENCE },
  { "bidirectional", L.Bidirectional(recurrent("LSTM", 3, { return_sequences = true })), SEQUENCE },
  { "bidirectional_sum", L.Bidirectional(recurrent("GRU", 3), { merge_mode = "sum" }), SEQUENCE },
  { "time_distributed", L.TimeDistributed(L.Dense(2, { dtype = D })), SEQUENCE },
  { "masked_mean", masked(L.GlobalAveragePooling1D()), SEQUENCE, holes = { 2 } },
  { "attention", L.Attention { use_scale = true, dtype = D }, TWO },
  { "attention_concat", L.Attention { score_mode = "concat", dtype = D }, TWO },
  { "attention_keys", L.Attention(), { { 2, 3, 4 }, { 2, 5, 2 }, { 2, 5, 4 } } },
  { "multi_head", L.MultiHeadAttention(2, 3, { value_dim = 4, dtype = D }), { { 2, 3, 5 } },
    call = function(layer, x) return layer(x, x, { use_causal_mask = true }) end },
} do CASES[#CASES + 1] = case end

local function chain()
  return keras.Sequential {
    L.Conv2D(3, 3, { padding = "same", dtype = D }), L.BatchNormalization { dtype = D },
    L.Activation "relu", L.MaxPooling2D(2),
    L.Conv2D(4, 2, { strides = 2, padding = "same", activation = "tanh", dtype = D }), L.Flatten(),
    L.Dense(3, { dtype = D }),
  }
end

describe("Keras's numbers:", function()
  for _, case in ipairs(CASES) do
    it("the layer " .. case[1], function() run_case(case) end)
  end

  it("moving averages", function()
    for _, case in ipairs(CASES) do
      if case[1]:find "^batchnorm" then
        local weights <const> = case[2]:get_weights()
        close(case[1] .. "/state1", weights[#weights - 1])
        close(case[1] .. "/state2", weights[#weights])
      end
    end
  end)

  it("a chain of layers", function() run_case { "chain", chain(), { { 2, 6, 8, 2 } } } end)

  for name in ([[celu elu exponential gelu hard_sigmoid hard_silu hard_tanh hard_shrink leaky_relu
      linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus
      softsign sparse_plus sparse_sigmoid sparsemax squareplus tanh tanh_shrink
      glu]]):gmatch "%S+" do
    it("the activation " .. name, function()
      local x <const> = fill({ 3, 8 }, 1, 4):requires_grad_()
      record("activation/" .. name, L.Activation(name)(x), { x })
    end)
  end
end)

-- ---- losses -------------------------------------------------------------------------------------

local POSITIVE <const> = fill({ 4, 3 }, 1) * 0.4 + 0.5
local ROWS <const> = POSITIVE / POSITIVE:sum(2, { keepdim = true })
local IDS <const> = tocha.tensor { 1, 3, 2, 3 }
local ONE_HOT <const> = keras.utils.to_categorical(IDS, 3):double()
local SIGNS <const> = fill({ 4, 3 }, 2):sign()
local BITS <const> = fill({ 4, 3 }, 3):gt(0):double()
local SCORES <const> = fill({ 4, 3 }, 4, 3)

local losses <const> = keras.losses
local LOSSES <const> = {
  { "mse", losses.MeanSquaredError(), BITS, SCORES },
  { "mae", losses.MeanAbsoluteError(), BITS, SCORES },
  { "mape", losses.MeanAbsolutePercentageError(), POSITIVE, SCORES },
  { "msle", losses.MeanSquaredLogarithmicError(), BITS, POSITIVE },
  { "categorical", losses.CategoricalCrossentropy(), ONE_HOT, ROWS },
  { "categorical_smooth", losses.CategoricalCrossentropy { label_smoothing = 0.1 }, ONE_HOT, ROWS },
  { "categorical_logits", losses.CategoricalCrossentropy { from_logits = true }, ONE_HOT, SCORES },
  { "categorical_clipped", losses.CategoricalCrossentropy(), ONE_HOT,
    keras.utils.to_categorical({ 1, 2, 2, 1 }, 3):double() + 1e-9 },
  { "binary", losses.BinaryCrossentropy(), BITS, POSITIVE },
  { "binary_smooth", losses.BinaryCrossentropy { label_smoothing = 0.2 }, BITS, POSITIVE },
  { "binary_logits", losses.BinaryCrossentropy { from_logits = true }, BITS, SCORES },
  { "focal", losses.BinaryFocalCrossentropy { gamma = 1.5 }, BITS, POSITIVE },
  { "kl", losses.KLDivergence(), ROWS:flip(1), ROWS },
  { "huber", losses.Huber { delta = 0.7 }, BITS, SCORES },
  { "logcosh", losses.LogCosh(), BITS, SCORES },
  { "poisson", losses.Poisson(), BITS, POSITIVE },
  { "cosine", losses.CosineSimilarity(), SIGNS, SCORES },
  { "hinge", losses.Hinge(), SIGNS, SCORES },
  { "hinge_bits", losses.Hinge(), BITS, SCORES },
  { "squared_hinge", losses.SquaredHinge(), SIGNS, SCORES },
  { "categorical_hinge", losses.CategoricalHinge(), ONE_HOT, SCORES },
  { "sparse", losses.SparseCategoricalCrossentropy(), IDS, ROWS },
}

describe("Keras's losses:", function()
  for _, case in ipairs(LOSSES) do
    it(case[1], function()
      local y <const> = case[4]:clone():requires_grad_()
      local value <const> = case[2](case[3], y)
      close(("loss/%s/mean"):format(case[1]), value)
      value:backward()
      close(("loss/%s/dy"):format(case[1]), y.grad)
    end)
  end

  it("functions give a number for each example", function()
    local each <const> = losses.mean_squared_error(BITS, SCORES)
    assert.are.same({ 4 }, each.shape)
    close("loss/mse/mean", each:mean())
    assert.are.same({ 4 }, losses.categorical_crossentropy(ONE_HOT, ROWS).shape)
  end)

  it("come from the logits where the output is a softmax or sigmoid", function()
    local far <const> = tocha.tensor { { 200.0, 0.0 } }
    local p <const> = keras.activations.softmax(far)
    local target <const> = tocha.tensor { { 0.0, 1.0 } }
    assert.are.equal(200.0, losses.CategoricalCrossentropy()(target, p):item())
    assert.are.equal(200.0, losses.SparseCategoricalCrossentropy()(tocha.tensor { 2 }, p):item())
    assert.is_true(losses.CategoricalCrossentropy()(target, p * 1):item() < 17)
    local across <const> = keras.activations.softmax(far, 1)
    assert.is_true(losses.CategoricalCrossentropy()(target, across):item() < 1)
    local q <const> = keras.activations.sigmoid(tocha.tensor { { 200.0 } })
    assert.are.equal(200.0, losses.BinaryCrossentropy()(tocha.tensor { { 0.0 } }, q):item())
    assert.is_true(losses.CategoricalCrossentropy()(tocha.tensor { { 1.0 } }, q):item() < 1)
  end)
end)

-- ---- optimisers ---------------------------------------------------------------------------------

local O <const> = keras.optimizers
local OPTIMIZERS <const> = {
  sgd = O.SGD(), momentum = O.SGD(0.1, { momentum = 0.9 }),
  nesterov = O.SGD(0.1, { momentum = 0.9, nesterov = true }), rmsprop = O.RMSprop(),
  rmsprop_centered = O.RMSprop(0.01, { momentum = 0.5, centered = true }), adam = O.Adam(),
  amsgrad = O.Adam(0.01, { amsgrad = true }), adamw = O.AdamW(0.01), adadelta = O.Adadelta(1.0),
  adagrad = O.Adagrad(0.1), adamax = O.Adamax(0.01), nadam = O.Nadam(0.01),
  ftrl = O.Ftrl(0.1, { l1_regularization_strength = 0.01, l2_regularization_strength = 0.02 }),
  lion = O.Lion(0.01), lamb = O.Lamb(0.01), clipnorm = O.SGD(0.1, { clipnorm = 0.25 }),
  global_clipnorm = O.SGD(0.1, { global_clipnorm = 0.25 }),
  clipvalue = O.SGD(0.1, { clipvalue = 0.1 }), decay = O.Adam(0.01, { weight_decay = 0.1 }),
}

describe("Keras's optimisers:", function()
  for name, optimizer in pairs(OPTIMIZERS) do
    it(name, function()
      local params <const> = { tocha.nn.Parameter(fill({ 3, 4 }, 1)),
        tocha.nn.Parameter(fill({ 4 }, 2)) }
      local bound <const> = optimizer:bind_to(params)
      for step = 0, 4 do
        for j, p in ipairs(params) do p.grad = fill(p.shape, 4 + step + j, 0.3) end
        bound:step()
      end
      for j, p in ipairs(params) do close(("optimizer/%s/%d"):format(name, j), p) end
      assert.are.equal(5, optimizer.iterations)
    end)
  end
end)

describe("Keras's regularisers and constraints", function()
  it("give its numbers", function()
    local w <const> = fill({ 3, 4 }, 1, 2)
    local R <const>, C <const> = keras.regularizers, keras.constraints
    close("regularizer/l1", R.L1(0.1)(w))
    close("regularizer/l2", R.l2(0.1)(w))
    close("regularizer/l1_l2", R.l1_l2(0.1, 0.2)(w))
    close("regularizer/orthogonal", R.OrthogonalRegularizer(0.125)(w))
    close("constraint/max_norm", C.MaxNorm(1.0)(w))
    close("constraint/non_neg", C.non_neg()(w))
    close("constraint/unit_norm", C.UnitNorm()(w))
    close("constraint/min_max_norm", C.MinMaxNorm(2.5, 3.0, { rate = 0.75 })(w))
  end)
end)

-- ---- training -----------------------------------------------------------------------------------

local function network()
  local model <const> = keras.Sequential {
    keras.Input { shape = { 6, 6, 2 }, dtype = D },
    L.Conv2D(3, 3, { padding = "same", activation = "relu", dtype = D,
      kernel_regularizer = keras.regularizers.L2(0.01) }),
    L.BatchNormalization { dtype = D }, L.MaxPooling2D(2), L.Flatten(),
    L.Dense(5, { activation = "tanh", dtype = D,
      kernel_constraint = keras.constraints.MaxNorm(0.8) }),
    L.Dense(3, { activation = "softmax", dtype = D }),
  }
  set_weights(model)
  return model
end

describe("a network in training", function()
  for name, optimizer in pairs { sgd = O.SGD(0.1), adam = O.Adam(0.01) } do
    it("has Keras's losses with " .. name, function()
      local model <const> = network()
      model:compile { optimizer = optimizer, loss = "categorical_crossentropy" }
      local batch <const>, found <const> = fill({ 4, 6, 6, 2 }, 1), {}
      for step = 1, 10 do found[step] = model:train_on_batch(batch, ONE_HOT) end
      close("network/" .. name, tocha.tensor(found, FLOAT64))
      close(("network/%s/predict"):format(name), model:predict(batch))
      close(("network/%s/predict"):format(name), model:predict_on_batch(batch))
    end)
  end
end)
