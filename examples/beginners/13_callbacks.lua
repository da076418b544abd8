-- Callbacks: what can happen beside training. All seven of the course, one by one, then together.
--
--     bin/tocha examples/beginners/13_callbacks.lua [--data FOLDER] [--out FOLDER]
--
-- Needs MNIST in FOLDER/mnist. Expect 669,706 parameters; seven short runs on a sixth of the
-- images, each with one callback; then one on all of them: about 0.986 of the test images right.
-- Writes 13-history.svg, 13-rates.svg, and into 13-callbacks (beside them) weights and logs. It
-- takes about a minute.

local tocha = require "tocha"
local keras, plot = tocha.keras, tocha.plot
local callbacks = keras.callbacks

local here = arg[0]:match "^.*/" or ""
local options = { data = os.getenv "TOCHA_DATA" or here .. "../../../shared/data", out = "." }
for k = 1, #arg, 2 do options[arg[k]:sub(3)] = arg[k + 1] end
local smoke = os.getenv "TOCHA_SMOKE"
local folder = options.out .. "/13-callbacks"

local found, training, test = pcall(keras.datasets.mnist.load_data,
  { root = options.data .. "/mnist" })
if not found then
  print(training)   -- says which files to put where; then say --data FOLDER
  return
end
local function prepare(set)
  local x, y = set[1]:flatten(2):float() / 255, keras.utils.to_categorical(set[2], 10)
  if smoke then x, y = x:narrow(1, 1, 600), y:narrow(1, 1, 600) end
  return x, y
end
local x_train, y_train = prepare(training)
local x_test, y_test = prepare(test)

-- ---- the network --------------------------------------------------------------------------------

local function network()
  tocha.manual_seed(1)
  local model = keras.Sequential {
    keras.Dense(512, { activation = "relu", input_shape = { 784 }, name = "Dense1" }),
    keras.Dropout(0.2),
    keras.Dense(512, { activation = "relu", name = "Dense2" }),
    keras.Dropout(0.2),
    keras.Dense(10, "softmax"),
  }
  model:compile { loss = "categorical_crossentropy", optimizer = keras.optimizers.RMSprop(),
    metrics = { "accuracy" } }
  return model
end
network():summary()

-- A fresh network, trained on some of the images with a list of callbacks.
local function learn(title, epochs, list, images)
  print("\n" .. title)
  local model, n = network(), images or #x_train // 6
  local history = model:fit { x = x_train:narrow(1, 1, n), y = y_train:narrow(1, 1, n),
    batch_size = 128, epochs = smoke and math.min(epochs, 2) or epochs, verbose = 0,
    validation_data = { x_test, y_test }, callbacks = list }
  return history, model
end

-- ---- one by one ---------------------------------------------------------------------------------

-- 1. History is always there: fit returns it.
local history = learn("1. History", 6)
print(history)
plot.history(history, { width = 720 }):save(options.out .. "/13-history.svg")

-- 2. ModelCheckpoint: the weights in a file, named by what they achieve; the best alone.
learn("2. ModelCheckpoint", 3, { callbacks.ModelCheckpoint(
  folder .. "/weights_{epoch:02d}_{val_acc:.2f}.safetensors",
  { save_weights_only = true, save_best_only = true, verbose = 1 }) })

-- 3. TensorBoard: curves and histograms for another program.
learn("3. TensorBoard", 2, { callbacks.TensorBoard { log_dir = folder .. "/logs",
  histogram_freq = 1 } })
print("now: tensorboard --logdir " .. folder .. "/logs")

-- 4. EarlyStopping: ends when the validation loss has not become better for `patience` epochs.
local stopped = learn("4. EarlyStopping", 20, { callbacks.EarlyStopping { monitor = "val_loss",
  patience = 2, restore_best_weights = true } })
print(("stopped after %d of 20 epochs"):format(#stopped.epoch))

-- 5. LearningRateScheduler: a function of the epoch. This one drops in steps.
local function drop(epoch)
  return 0.001 * 0.5 ^ ((epoch - 1) // 3)      -- halved every three epochs
end
local scheduled = learn("5. LearningRateScheduler", 9, { callbacks.LearningRateScheduler(drop) })

-- 6. ReduceLROnPlateau: drops when there is no progress any more.
local reduced = learn("6. ReduceLROnPlateau", 9, { callbacks.ReduceLROnPlateau {
  monitor = "val_loss", factor = 0.3, patience = 1, min_lr = 1e-5, verbose = 1 } })

local fig = plot.figure { title = "Learning rates", xlabel = "epoch", ylabel = "rate", width = 520,
  height = 320, yscale = "log" }
for _, run in ipairs { { scheduled, "by a schedule" }, { reduced, "when progress ended" } } do
  fig:step(run[1].epoch, run[1].history.learning_rate, { label = run[2] })
end
fig:save(options.out .. "/13-rates.svg")

-- 7. LambdaCallback: functions of your own.
learn("7. LambdaCallback", 3, { callbacks.LambdaCallback {
  on_train_begin = function() print "off we go" end,
  on_epoch_end = function(epoch, logs)
    print(("epoch %d ends with loss %.3f"):format(epoch, logs.loss))
  end,
} })

-- ---- together, on all images --------------------------------------------------------------------

local best = folder .. "/best.safetensors"
local all, model = learn("All together", 12, {
  callbacks.ModelCheckpoint(best, { save_weights_only = true, save_best_only = true,
    monitor = "val_accuracy" }),
  callbacks.ReduceLROnPlateau { monitor = "val_loss", factor = 0.2, patience = 1 },
  callbacks.EarlyStopping { monitor = "val_loss", patience = 3 },
}, #x_train)
print(all)
model:load_weights(best)
local _, accuracy = model:evaluate { x = x_test, y = y_test, verbose = 0 }
print(("the best weights, from %s: accuracy %.4f"):format(best, accuracy))
