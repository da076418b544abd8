-- tocha.keras: Keras's names, arguments, defaults and numerics over tocha.nn and tocha.train.
--
--     local keras = tocha.keras
--     local model = keras.Sequential {
--       keras.Input(784), keras.Dense(384, "relu"), keras.Dense(10, "softmax"),
--     }
--     model:compile { optimizer = "sgd", loss = "categorical_crossentropy", metrics = "accuracy" }
--     model:fit { x = images, y = labels, epochs = 2, batch_size = 100 }
--
-- Layers stand in keras.layers and here. Shapes are Keras's, channels last; what counts, counts
-- from 1 (dimensions, with the batch as 1; ids of classes and words).

local model = require "tocha.keras.model"
local layer = require "tocha.keras.layer"

local FAMILIES <const> = { "core", "activation", "convolutional", "pooling", "normalization",
  "regularization", "reshaping", "merging", "recurrent", "wrappers", "attention" }
for _, name in ipairs(FAMILIES) do require("tocha.keras." .. name) end

local layers <const> = {}
for name, class in pairs(layer.classes) do layers[name] = class end
layers.Input, layers.Layer = model.Input, layer

-- Other names, among them those of the slides.
local ALIASES <const> = {
  DropOut = "Dropout", MaxPool1D = "MaxPooling1D", MaxPool2D = "MaxPooling2D",
  MaxPool3D = "MaxPooling3D", AvgPool1D = "AveragePooling1D", AvgPool2D = "AveragePooling2D",
  AvgPool3D = "AveragePooling3D", GlobalMaxPool1D = "GlobalMaxPooling1D",
  GlobalMaxPool2D = "GlobalMaxPooling2D", GlobalMaxPool3D = "GlobalMaxPooling3D",
  GlobalAvgPool1D = "GlobalAveragePooling1D", GlobalAvgPool2D = "GlobalAveragePooling2D",
  GlobalAvgPool3D = "GlobalAveragePooling3D", Convolution1D = "Conv1D", Convolution2D = "Conv2D",
  Convolution3D = "Conv3D", Convolution2DTranspose = "Conv2DTranspose",
  Deconvolution2D = "Conv2DTranspose", SeparableConvolution2D = "SeparableConv2D",
}
for other, name in pairs(ALIASES) do layers[other] = layers[name] end

for name, class in pairs { add = "Add", subtract = "Subtract", multiply = "Multiply",
  average = "Average", maximum = "Maximum", minimum = "Minimum", concatenate = "Concatenate",
  dot = "Dot" } do
  --- keras.add{ a, b }, subtract, multiply, average, maximum, minimum, concatenate, dot: the layer
  --- of that name, made and called.
  layers[name] = function(list, ...) return layers[class](...)(list) end
end

local keras <const> = {
  layers = layers, Input = model.Input, Sequential = model.Sequential, Model = model.Model,
}
for name, class in pairs(layers) do keras[name] = keras[name] or class end

local places <const> = {}
for _, room in ipairs { "activations", "initializers", "regularizers", "constraints", "losses",
  "optimizers", "metrics", "callbacks", "datasets", "utils", "backend", "models" } do
  places[room] = "tocha.keras." .. room
end

return require "tocha.lazy" (keras, places)
