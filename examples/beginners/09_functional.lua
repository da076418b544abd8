-- The functional way: a network 784-384-100-100-10 as a chain of calls, looked into while it works.
--
--     bin/tocha examples/beginners/09_functional.lua [--data FOLDER] [--out FOLDER]
--
-- Needs MNIST in FOLDER/mnist. Expect a summary with 351,050 parameters and, after ten passes of
-- plain SGD, about 0.954 of the test images right; with a learning rate ten times as large, 0.98.
-- Pictures: 09-rates.svg, 09-layers.svg. It takes half a minute.

local tocha = require "tocha"
local keras, plot = tocha.keras, tocha.plot

local here = arg[0]:match "^.*/" or ""
local options = { data = os.getenv "TOCHA_DATA" or here .. "../../../shared/data", out = "." }
for k = 1, #arg, 2 do options[arg[k]:sub(3)] = arg[k + 1] end
local smoke = os.getenv "TOCHA_SMOKE"
local EPOCHS <const> = smoke and 2 or 10
local function save(fig, name)
  fig:save(options.out .. "/" .. name)
  print("wrote " .. options.out .. "/" .. name)
end

local found, training, test = pcall(keras.datasets.mnist.load_data,
  { root = options.data .. "/mnist" })
if not found then
  print(training)   -- says which files to put where; then say --data FOLDER
  return
end

local function prepare(set)
  local x, y = set[1]:flatten(2):float() / 255, keras.utils.to_categorical(set[2], 10)
  if smoke then x, y = x:narrow(1, 1, 500), y:narrow(1, 1, 500) end
  return x, y
end
local x_train, y_train = prepare(training)
local x_test, y_test = prepare(test)

-- ---- the network --------------------------------------------------------------------------------

-- A layer called on a tensor gives a tensor. keras.Input is a tensor without numbers: it has only a
-- shape, so nothing is computed yet; the calls are noted, and Model makes a network of them.
local function network()
  tocha.manual_seed(1)    -- the same random beginning, each time
  local input = keras.Input(784)
  local first = keras.Dense(384, { activation = "relu", name = "Dense_1" })(input)
  local second = keras.Dense(100, { activation = "relu", name = "Dense_2" })(first)
  local third = keras.Dense(100, { activation = "relu", name = "Dense_3" })(second)
  local output = keras.Dense(10, { activation = "softmax", name = "Outputlayer" })(third)
  -- Any tensor of the graph can be an output: the second model has four, and the same weights.
  return keras.Model { inputs = input, outputs = output },
    keras.Model { inputs = input, outputs = { first, second, third, output } }
end
local model, inside = network()
model:summary()

-- ---- two learning rates -------------------------------------------------------------------------

local function learn(rate)
  model, inside = network()
  model:compile { loss = "categorical_crossentropy", optimizer = "SGD", metrics = { "accuracy" } }
  model.optimizer.lr = rate         -- Keras: K.set_value(model.optimizer.lr, rate)
  local history = model:fit { x = x_train, y = y_train, batch_size = 100, epochs = EPOCHS,
    validation_data = { x_test, y_test }, verbose = 0 }
  local _, accuracy = model:evaluate { x = x_test, y = y_test, verbose = 0 }
  print(("rate %.2f: test accuracy %.4f after %d passes"):format(rate, accuracy, EPOCHS))
  return history.history
end
local slow = learn(0.01)
local fast = learn(0.1)

local fig, axes = plot.subplots(1, 2, { width = 760, height = 320, xlabel = "epoch" })
for _, run in ipairs { { slow, "rate 0.01" }, { fast, "rate 0.1" } } do
  axes[1]:plot(run[1].loss, { label = run[2] })
  axes[2]:plot(run[1].val_acc, { label = run[2] })
end
axes[1]:set { title = "loss, training images", yscale = "log" }
axes[2]:set { title = "accuracy, test images", legend = "lower right" }
fig:show()
save(fig, "09-rates.svg")

-- ---- one image through the layers ---------------------------------------------------------------

local image = x_test:narrow(1, 1, 1)
local numbers = inside:predict(image)     -- a list, as the outputs of the model are

local rows, cells = plot.subplots(1, 5, { width = 900, height = 230 })
local function show(k, title, x, rows_, cols)
  cells[k]:imshow(x:view(rows_, cols), { cmap = k == 1 and "gray_r" or "viridis" })
  cells[k]:set { title = title, axis = "off" }
end
show(1, "784 pixels", image, 28, 28)
show(2, "384 neurons", numbers[1], 16, 24)
show(3, "100 neurons", numbers[2], 10, 10)
show(4, "100 neurons", numbers[3], 10, 10)
cells[5]:bar({ "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" }, numbers[4][1])
cells[5]:set_title "10 probabilities"
save(rows, "09-layers.svg")
