-- Keras's weights in a module of nn, by the order of layers.

local tocha = require "tocha"
local keras_state = require "tocha.io.keras_state"
local saving = require "tocha.keras.saving"
local support = require "spec.support"

local keras, nn = tocha.keras, tocha.nn

-- A model's weights as files have them: "layer/name" -> tensor in Keras's layout.
local function stored(model)
  local dict <const> = {}
  for _, layer in ipairs(model.layers) do
    local names <const> = getmetatable(layer).weights or {}
    for k, x in ipairs(layer:get_weights()) do
      dict[layer.name .. "/" .. names[k][1]:gsub("^depthwise$", "kernel") .. ":0"] = x
    end
  end
  return dict
end

local function model_of_all_kinds()
  local model <const> = keras.Sequential {
    keras.Input { 9, 8, 3 }, keras.Conv2D(4, { 3, 2 }, { padding = "same", activation = "relu" }),
    keras.BatchNormalization { epsilon = 0.01 }, keras.DepthwiseConv2D(3, { depth_multiplier = 2 }),
    keras.Conv2D(6, 1), keras.BatchNormalization { epsilon = 0.01 },
    keras.GlobalAveragePooling2D {}, keras.LayerNormalization { epsilon = 0.01 }, keras.Dense(5),
  }
  for _, layer in ipairs(model.layers) do
    local list <const> = layer:get_weights()
    for k, x in ipairs(list) do list[k] = tocha.rand_like(x) + 0.1 end   -- variances above 0
    if #list > 0 then layer:set_weights(list) end
  end
  return model:eval()
end

local function twin()
  return nn.Sequential(
    nn.Conv2d(3, 4, { 3, 2 }, { padding = "same" }), nn.ReLU(), nn.BatchNorm2d(4, { eps = 0.01 }),
    nn.Conv2d(4, 8, 3, { groups = 4 }), nn.Conv2d(8, 6, 1), nn.BatchNorm2d(6, { eps = 0.01 }),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LayerNorm(6, { eps = 0.01 }), nn.Linear(6, 5)):eval()
end

describe("Keras's weights in a module", function()
  it("compute what Keras's model computes", function()
    tocha.manual_seed(1)
    local model <const>, net <const> = model_of_all_kinds(), twin()
    local layers <const> = keras_state.layers(stored(model), saving.config(model))
    assert.equal(7, #layers)
    net:load(keras_state.named(net, layers))
    local x <const> = tocha.rand(2, 9, 8, 3)
    local expected <const>, got <const> = model(x), net(x:permute(1, 4, 2, 3))
    assert.is_true(tocha.allclose(expected, got, { rtol = 1e-5, atol = 1e-5 }))
  end)

  it("go by name where the model has an embedding", function()
    local layers <const> = { { name = "e", weights = { embeddings = tocha.ones(7, 2) } } }
    local net <const> = nn.Sequential(nn.Embedding(7, 2), nn.Linear(2, 1))
    local dict <const> = keras_state.named(net, layers)
    assert.same({ 7, 2 }, dict["0.weight"].shape)
    assert.is_nil(dict["1.weight"])
  end)

  it("say which layer is too many or unknown", function()
    local dense <const> = { name = "d", weights = { kernel = tocha.ones(2, 3) } }
    support.fails_with("'d' (weighted) is one more", keras_state.named, nn.ReLU(), { dense })
    support.fails_with("'g' of Keras has no counterpart", keras_state.named, nn.Linear(2, 3),
      { { name = "g", weights = { strange = tocha.ones(1) } } })
    support.fails_with("'recurrent_kernel' of Keras's layer 'l'", keras_state.named,
      nn.Linear(2, 3), { { name = "l", weights = { kernel = tocha.ones(2, 3),
        recurrent_kernel = tocha.ones(2, 3) } } })
  end)

  it("has no order without a topology", function()
    assert.same({}, keras_state.layers({ ["d/kernel"] = tocha.ones(1), lone = tocha.ones(1) }, 3))
  end)
end)
