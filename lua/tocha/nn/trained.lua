-- Keras's way to train a module: compile, fit, evaluate, predict. What they do is in
-- lua/tocha/train, which is loaded when one of them is first called.

local trained <const> = {}

local function call(name, self, ...) return require("tocha.train").methods[name](self, ...) end

--- model:compile{optimizer = "rmsprop", loss =, metrics =, loss_weights =, weighted_metrics =,
--- regularizer =}: what fit and evaluate use. Also compile(optimizer, loss, ...). Returns the
--- model.
---
--- optimizer: one of tocha.optim, its name ("adam"), {"adam", lr = 0.01} or a function of the
--- parameters; model.optimizer afterwards. The defaults are tocha.optim's, which are PyTorch's.
--- loss: a name, {name, option = ...}, a criterion of tocha.nn, or function(output, target); for
--- several outputs a list of them (or a table by name), with loss_weights. metrics: a list of names
--- ("accuracy"), {"top_k", k = 3}, train.metrics objects, or functions; for several outputs a list
--- of such lists. weighted_metrics: those that take sample weights. regularizer: function(model) ->
--- scalar, added to the loss.
function trained:compile(...) return call("compile", self, ...) end

--- model:fit{x =, y =, epochs = 1, batch_size = 32, ...}: trains, and returns the history. Also
--- fit(x, y, {...}).
---
--- x, y: tensors, or lists of tensors for several inputs and outputs; x may be a data set, a loader
--- or a function that gives an iterator of batches (also called `data`). shuffle = true, anew each
--- epoch; does not concern loaders. sample_weight: (N), a factor of each example's loss.
--- class_weight: {[class] = factor}.
---
--- validation_data = {x, y}, a data set or a loader; or validation_split = 0.1: the last part of x
--- and y, as they are. validation_freq: every so many epochs, or a list of epochs.
---
--- epochs is the number of the last epoch, initial_epoch = 1 that of the first. steps_per_epoch:
--- batches of an epoch, which may then be less or more than a pass.
---
--- accumulate = k: one step for every k batches. clip_norm, clip_value: of the gradients. schedule:
--- an optim.lr_scheduler, or function(epoch, lr) -> lr. callbacks: a list. verbose = 1, 0 or 2.
---
--- resume = "run.ckpt": goes on from that file where it is there, and keeps it up to date, after
--- every epoch, every five minutes and, with save_freq = n, every n batches.
function trained:fit(...) return call("fit", self, ...) end

--- model:evaluate{x =, y =, batch_size = 32}: the loss, then the metrics in their order; with
--- return_dict = true a table by name. x may be a data set or a loader, as in fit. The model is in
--- evaluation mode meanwhile, and nothing is recorded. model:evaluate(), without an argument, is
--- Torch's: evaluation mode.
function trained:evaluate(...)
  if select("#", ...) == 0 then return self:eval() end
  return call("evaluate", self, ...)
end

--- model:predict(x, {batch_size = 32}): the outputs for all examples, (N, ...); of several outputs
--- a list. x: a tensor, a list of inputs, a data set or a loader, of which the first value counts.
--- The model is in evaluation mode meanwhile, and nothing is recorded.
function trained:predict(...) return call("predict", self, ...) end

return trained
