-- MNIST by convolutional networks: the course's, and a smaller one that is better.
--
--     bin/tocha examples/beginners/11_cnn.lua [--data FOLDER] [--out FOLDER]
--
-- Needs MNIST in FOLDER/mnist. Expect two summaries, 1,199,882 and 93,322 parameters, and on the
-- 10,000 test images about 0.991 right by the large network and 0.992 by the small one. Pictures:
-- 11-accuracy.svg, 11-mistakes.png. It takes about ten minutes on one core.

local tocha = require "tocha"
local keras, plot = tocha.keras, tocha.plot

local here = arg[0]:match "^.*/" or ""
local options = { data = os.getenv "TOCHA_DATA" or here .. "../../../shared/data", out = "." }
for k = 1, #arg, 2 do options[arg[k]:sub(3)] = arg[k + 1] end
local smoke = os.getenv "TOCHA_SMOKE"
tocha.manual_seed(1)

-- ---- the data -----------------------------------------------------------------------------------

local found, train, test = pcall(keras.datasets.mnist.load_data,
  { root = options.data .. "/mnist" })
if not found then
  print(train)   -- says which files to put where; then say --data FOLDER
  return
end

-- Images as (N, 28, 28, 1) from 0 (paper) to 1 (ink), digits as rows such as 0 0 1 0 0 0 0 0 0 0.
local function prepare(images, ids)
  if smoke then images, ids = images:narrow(1, 1, 200), ids:narrow(1, 1, 200) end
  return images:float():div_(255):unsqueeze(-1), keras.utils.to_categorical(ids, 10)
end
local x_train, y_train = prepare(train[1], train[2])
local x_test, y_test = prepare(test[1], test[2])

-- ---- the course's network -----------------------------------------------------------------------

local function large()
  local input = keras.Input { 28, 28, 1 }
  local x = keras.Conv2D(32, { 3, 3 }, { activation = "relu", name = "Conv_01" })(input)
  x = keras.Conv2D(64, { 3, 3 }, { activation = "relu", name = "Conv_02" })(x)
  x = keras.MaxPooling2D { pool_size = { 2, 2 }, name = "MaxPool_01" } (x)
  x = keras.Dropout(0.25, { name = "Dropout_01" })(x)
  x = keras.Flatten { name = "Flatten_01" } (x)
  x = keras.Dense(128, { activation = "relu", name = "Dense_01" })(x)
  x = keras.Dropout(0.5, { name = "Dropout_02" })(x)
  local output = keras.Dense(10, { activation = "softmax", name = "Dense_02" })(x)
  return keras.Model { inputs = input, outputs = output, name = "large" }
end

-- The parameters by hand: filters x (height x width x channels that come in) + a bias a filter.
print "Conv_01    32 x (3 x 3 x  1) + 32   =       320"
print "Conv_02    64 x (3 x 3 x 32) + 64   =    18,496"
print "Dense_01  128 x (12 x 12 x 64) + 128 = 1,179,776"
print "Dense_02   10 x 128 + 10            =     1,290"

-- ---- a smaller one ------------------------------------------------------------------------------

-- Pooling after each convolution: what reaches the dense layers is 576 numbers, not 9,216.
local function small()
  return keras.Sequential {
    name = "small",
    keras.Input { 28, 28, 1 },
    keras.Conv2D(32, 3, { activation = "relu" }),
    keras.MaxPooling2D(2),
    keras.Conv2D(64, 3, { activation = "relu" }),
    keras.MaxPooling2D(2),
    keras.Conv2D(64, 3, { activation = "relu" }),
    keras.Flatten(),
    keras.Dense(64, "relu"),
    keras.Dropout(0.5),
    keras.Dense(10, "softmax"),
  }
end

-- ---- training -----------------------------------------------------------------------------------

local function learn(model, optimizer, epochs)
  model:summary()
  model:compile { optimizer = optimizer, loss = "categorical_crossentropy",
    metrics = { "accuracy" } }
  local history = model:fit { x = x_train, y = y_train, batch_size = 128,
    epochs = smoke and 1 or epochs, validation_data = { x_test, y_test } }
  local _, accuracy = model:evaluate { x = x_test, y = y_test, verbose = 0 }
  print(("%s: %d parameters, test accuracy %.4f"):format(model.name, model:count_params(),
    accuracy))
  return history.history
end

local large_net, small_net = large(), small()
local curves = {
  large = learn(large_net, keras.optimizers.Adadelta(1.0), 5),
  small = learn(small_net, keras.optimizers.Adam(0.001), 8),
}

local fig = plot.figure { title = "Right on the test images", xlabel = "epoch",
  ylabel = "accuracy", width = 520, height = 340, ylim = { 0.97, 1 } }
for _, name in ipairs { "large", "small" } do
  fig:plot(curves[name].val_accuracy, { label = name, marker = "o" })
end
fig:show()
fig:save(options.out .. "/11-accuracy.svg")

-- ---- what it gets wrong -------------------------------------------------------------------------

local said = small_net:predict(x_test):argmax(2)
local truth = y_test:argmax(2)
local wrong = said:ne(truth):nonzero():flatten():totable()
print(("the small network is wrong on %d of %d"):format(#wrong, x_test:size(1)))
local pictures, labels = {}, {}
for k = 1, math.min(#wrong, 24) do
  local i = wrong[k]
  pictures[k] = x_test[i]:squeeze(-1)
  labels[k] = ("%d, said %d"):format(truth[i]:item() - 1, said[i]:item() - 1)
end
if #pictures > 0 then
  plot.grid(pictures, { nrow = 8, cmap = "gray_r", labels = labels })
    :save(options.out .. "/11-mistakes.png")
end
