-- "Hello, world" of deep learning: handwritten digits, by a network 784-384-100-10.
--
--     bin/tocha examples/beginners/08_mnist.lua [--data FOLDER] [--out FOLDER]
--
-- Needs MNIST in FOLDER/mnist (60,000 images to learn from, 10,000 to test with). Expect a summary
-- with 340,950 parameters, and after two passes of plain SGD about 0.907 of the test images right.
-- Pictures: 08-digits.png, 08-weights.png, 08-confusion.svg, 08-mistakes.png. It takes seconds.

local tocha = require "tocha"
local keras, plot, train = tocha.keras, tocha.plot, tocha.train

local here = arg[0]:match "^.*/" or ""
local options = { data = os.getenv "TOCHA_DATA" or here .. "../../../shared/data", out = "." }
for k = 1, #arg, 2 do options[arg[k]:sub(3)] = arg[k + 1] end
local smoke = os.getenv "TOCHA_SMOKE"
local function save(fig, name)
  fig:save(options.out .. "/" .. name)
  print("wrote " .. options.out .. "/" .. name)
end
tocha.manual_seed(1)

-- ---- the data -----------------------------------------------------------------------------------

local found, training, test = pcall(keras.datasets.mnist.load_data,
  { root = options.data .. "/mnist" })
if not found then
  print(training)   -- says which files to put where; then say --data FOLDER
  return
end

-- Pictures for people: 28 x 28 numbers, 0 is paper and 255 is ink.
local images, ids = training[1], training[2]
print("images", table.concat(images.shape, " x "), "the first is a", ids[1]:item() - 1)
save(plot.grid(images:narrow(1, 1, 24), { nrow = 8, cmap = "gray_r",
  labels = ids:narrow(1, 1, 24) - 1 }), "08-digits.png")

-- The same for the network: each image one row of 784 numbers from 0 to 1; each digit a row of ten,
-- 1 at its place and 0 elsewhere ("one-hot"): 2 is 0 0 1 0 0 0 0 0 0 0.
local function prepare(set)
  local x, y = set[1]:flatten(2):float() / 255, keras.utils.to_categorical(set[2], 10)
  if smoke then x, y = x:narrow(1, 1, 500), y:narrow(1, 1, 500) end
  return x, y
end
local x_train, y_train = prepare(training)
local x_test, y_test = prepare(test)

-- ---- the network --------------------------------------------------------------------------------

local model = keras.Sequential()
model:add(keras.Dense(384, { input_shape = { 784 }, name = "layer_1" }))
model:add(keras.Activation "relu")
model:add(keras.Dense(100, { name = "layer_2" }))
model:add(keras.Activation "relu")
model:add(keras.Dense(10, { name = "output" }))
model:add(keras.Activation "softmax")   -- ten numbers that add up to 1: probabilities
model:summary()
print(("by hand: %d x %d + %d + %d x %d + %d + %d x %d + %d = %d"):format(784, 384, 384, 384, 100,
  100, 100, 10, 10, 784 * 384 + 384 + 384 * 100 + 100 + 100 * 10 + 10))

-- ---- training -----------------------------------------------------------------------------------

local before = model:get_layer "layer_1":get_weights()[1]       -- (784, 384), random
model:compile { loss = "categorical_crossentropy", optimizer = "SGD", metrics = { "accuracy" } }
model:fit { x = x_train, y = y_train, batch_size = 100, epochs = smoke and 1 or 2,
  validation_data = { x_test, y_test } }
local loss, accuracy = model:evaluate { x = x_test, y = y_test, verbose = 0 }
print(("on images it has never seen: loss %.4f, accuracy %.4f"):format(loss, accuracy))

-- ---- what it learned ----------------------------------------------------------------------------

-- A neuron of the first layer has a weight for each pixel: its weights are a picture too. Shown is
-- how training changed them, of the 16 neurons that changed most: red pixels now speak for the
-- neuron, blue ones against it.
local change = model:get_layer "layer_1":get_weights()[1] - before
local _, most = change:norm(2, 1):topk(16)
save(plot.grid(change:index_select(2, most):t():reshape(16, 28, 28), { nrow = 8,
  cmap = "coolwarm", vmin = -0.05, vmax = 0.05, width = 560 }), "08-weights.png")

-- Which digits it takes for which.
local names = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" }
local scores = model:predict(x_test)                            -- (10000, 10)
local confusion = train.metrics.ConfusionMatrix { labels = names }
confusion:update(scores, y_test)
print(confusion)
local fig = plot.figure { width = 520, height = 460, title = "Digits and answers" }
fig:confusion(confusion:compute(), names)
save(fig, "08-confusion.svg")

-- Mistakes of which it was surest.
local said, truth = scores:argmax(2), y_test:argmax(2)
local sure = scores:amax(2) * said:ne(truth):float()
local _, worst = sure:topk(16)
local labels = {}
for k, i in ipairs(worst:totable()) do
  labels[k] = ("%d, said %d"):format(truth[i]:item() - 1, said[i]:item() - 1)
end
save(plot.grid(x_test:index_select(1, worst):view(16, 28, 28), { nrow = 8, cmap = "gray_r",
  labels = labels }), "08-mistakes.png")
