-- tocha.train: training for people. The plain loop and its pieces; compile, fit, evaluate and
-- predict as methods of every module; callbacks, metrics, checkpoints.
--
--     model:compile{ optimizer = "adam", loss = "cross_entropy", metrics = { "accuracy" } }
--     local history = model:fit{ x = images, y = labels, epochs = 5, validation_split = 0.1 }
--     local loss, accuracy = model:evaluate{ x = test_images, y = test_labels }
--
-- docs/guide/8-fit.md shows all of it. Parts load when they are first named.

local core = require "tocha.core"
local lazy = require "tocha.lazy"
local Trainer = require "tocha.train.trainer"
local evaluate = require "tocha.train.evaluate"
local fit = require "tocha.train.fit"
local loop = require "tocha.train.loop"

local train <const> = {
  step = loop.step, update = loop.update, epoch = loop.epoch, mode = loop.mode,
  names = require "tocha.train.names", Loss = require "tocha.train.loss",
  Run = require "tocha.train.run", checkpoint = require "tocha.train.checkpoint",
  Callback = require "tocha.train.callback", History = require "tocha.train.history",
  ProgressBar = require "tocha.train.bar",
  LearningRateScheduler = require "tocha.train.schedule",
}

-- ---- the methods of modules ---------------------------------------------------------------------

-- What the stubs in nn/trained.lua call; their comments tell users of them.
local methods <const> = { predict = evaluate.predict }
train.methods = methods

local function trainer_of(model, who)
  local trainer <const> = rawget(model, "_trainer")
  if trainer then return trainer end
  core.fail(who, nil, "this model is not compiled: call model:compile{loss = ...} first")
end

function methods.compile(model, ...)
  local trainer <const> = Trainer(model, ...)
  rawset(model, "_trainer", trainer)
  rawset(model, "optimizer", trainer.optimizer)
  return model
end

function methods.fit(model, ...) return fit(model, trainer_of(model, "fit"), ...) end

function methods.evaluate(model, ...)
  return evaluate.evaluate(model, trainer_of(model, "evaluate"), ...)
end

-- Functions beside the methods, for models that have such methods of their own: train.fit(model,
-- {...}).
for name, stub in pairs(require "tocha.nn.trained") do train[name] = stub end

-- ---- parts that load later ----------------------------------------------------------------------

local PLACES <const> = {
  metrics = "tocha.train.metrics", ModelCheckpoint = "tocha.train.model_checkpoint",
  CSVLogger = "tocha.train.csv_log", TensorBoard = "tocha.train.tensorboard",
  SummaryWriter = "tocha.train.events", SwapEMAWeights = "tocha.train.ema",
}
for file, names in pairs {
  monitor = { "EarlyStopping", "ReduceLROnPlateau", "TerminateOnNaN" },
  lambda = { "LambdaCallback", "BackupAndRestore" },
} do
  for _, name in ipairs(names) do PLACES[name] = { "tocha.train." .. file, name } end
end

return lazy(train, PLACES)
