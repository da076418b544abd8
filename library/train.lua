---@meta tocha.train
-- Written by `make annotations`; do not edit.

---tocha.train: training for people. The plain loop and its pieces; compile, fit, evaluate and
---predict as methods of every module; callbacks, metrics, checkpoints.
---
---    model:compile{ optimizer = "adam", loss = "cross_entropy", metrics = { "accuracy" } }
---    local history = model:fit{ x = images, y = labels, epochs = 5, validation_split = 0.1 }
---    local loss, accuracy = model:evaluate{ x = test_images, y = test_labels }
---
---docs/guide/8-fit.md shows all of it. Parts load when they are first named.
---@class tocha.train
---@field BackupAndRestore tocha.keras.callbacks.BackupAndRestore.class
---@field CSVLogger tocha.keras.callbacks.CSVLogger.class
---@field Callback tocha.keras.callbacks.Callback.class
---@field EarlyStopping tocha.keras.callbacks.EarlyStopping.class
---@field History tocha.keras.callbacks.History.class
---@field LambdaCallback tocha.keras.callbacks.LambdaCallback.class
---@field LearningRateScheduler tocha.keras.callbacks.LearningRateScheduler.class
---@field ModelCheckpoint tocha.keras.callbacks.ModelCheckpoint.class
---@field ProgressBar tocha.keras.callbacks.ProgressBar.class
---@field ReduceLROnPlateau tocha.keras.callbacks.ReduceLROnPlateau.class
---@field SwapEMAWeights tocha.keras.callbacks.SwapEMAWeights.class
---@field TensorBoard tocha.keras.callbacks.TensorBoard.class
---@field TerminateOnNaN tocha.keras.callbacks.TerminateOnNaN.class
---@field checkpoint tocha.train.checkpoint
---@field methods table
---@field metrics tocha.train.metrics
---@field names tocha.train.names
local train = {}

do
---@class tocha.train.Loss: tocha.Object
---@field who any
---@field spec any
local object = {}

---loss:each(y, t, ndim = 1): one loss for every example, (B), or for each of the first `ndim`
---dimensions; nil where the loss gives one number for a whole batch.
---@return any ...
function object:each(y, t, ndim) end

---loss:mean(y, t): a scalar.
---@return any ...
function object:mean(y, t) end

---loss:target(y, t): the target as this loss takes it.
---@return any ...
function object:target(y, t) end

---loss:weighted(y, t, w): the sum of the examples' losses (B) times w, over B; w may also be
---(B, T), for each step of a sequence.
---@return any ...
function object:weighted(y, t, w) end

end

---Loss(who, spec): `who` is named in errors.
---@class tocha.train.Loss.class: tocha.Class
---@overload fun(who?: any, spec?: any): tocha.train.Loss
---@overload fun(options: {who?: any, spec?: any}): tocha.train.Loss
train.Loss = {}

do
---@class tocha.train.Run: tocha.Object
---@field path string
---@field things any
---@field options table
local object = {}

---run:batches(source, limit): what source:batches() gives, from where the run stands. With a limit
---an epoch has so many batches, and the next one goes on where it stopped.
---@return any ...
function object:batches(source, limit) end

---run:close(): ends what the pass over the data has open, where epochs are no whole passes: worker
---threads, a file. `local run <close> = train.Run(...)` does so too.
---@return any ...
function object:close() end

---run:epochs(last): the numbers of the epochs to do, up to `last`.
---@return any ...
function object:epochs(last) end

---checkpoint.load(path, things, {random = true}): restores what is in `things` and can be
---restored, and the random state unless told not to; returns the rest by name.
---@return any ...
function object:load() end

---run:save(): now. The iterators call it.
---@return any ...
function object:save() end

---run:state_dict(): where it stands.
---@return table<string, any>
function object:state_dict() end

---run:stop(): no epoch after this one, also when it is resumed.
---@return any ...
function object:stop() end

end

---train.Run(path, things, options): no file is written without a path. `things` as
---checkpoint.save has them. Options: every = n: a checkpoint every n batches besides that of each
---epoch; seconds = 300: and after so much time.
---@class tocha.train.Run.class: tocha.Class
---@overload fun(path?: string, things?: any, options?: table): tocha.train.Run
---@overload fun(options: {path?: string, things?: any, options?: table}): tocha.train.Run
train.Run = {}

do
---@class tocha.train.SummaryWriter: tocha.Object
---@field log_dir any
---@field options table
local object = {}

---writer:add_figure(tag, figure, step): a figure of tocha.plot. Needs libcairo and libpng.
---@return any ...
function object:add_figure(tag, figure, step) end

---writer:add_histogram(tag, tensor, step, bins = 30): of the finite elements.
---@return any ...
function object:add_histogram(tag, tensor, step, bins) end

---writer:add_image(tag, picture, step): (C, H, W) or (H, W), bytes or numbers from 0 to 1; C is 1,
---2, 3 or 4. Needs libpng.
---@return any ...
function object:add_image(tag, picture, step) end

---writer:add_scalar(tag, value, step): a number or a tensor of one element.
---@return any ...
function object:add_scalar(tag, value, step) end

---writer:add_scalars(tag, {name = value, ...}, step): each under "tag/name".
---@return any ...
function object:add_scalars(tag, values, step) end

---writer:add_text(tag, text, step): Markdown.
---@return any ...
function object:add_text(tag, text, step) end

---close(self)
---writer:flush(), writer:close()
---@return any ...
function object:close() end

---SummaryWriter.crc32c(bytes)
---@return any ...
function object.crc32c(bytes) end

---writer:flush(), writer:close()
---@return any ...
function object:flush() end

---SummaryWriter.record(bytes): the bytes as one record of a file.
---@return any ...
function object.record(bytes) end

end

---train.SummaryWriter(log_dir = "runs", {purge_step = nil, wall_time = nil}): a new file in the
---folder, which is made. purge_step: what an earlier file in it has from this step on no longer
---counts (a resumed run). wall_time: a function, instead of the clock.
---@class tocha.train.SummaryWriter.class: tocha.Class
---@overload fun(log_dir?: any, options?: table): tocha.train.SummaryWriter
---@overload fun(options: {log_dir?: any, options?: table}): tocha.train.SummaryWriter
train.SummaryWriter = {}

---model:compile{optimizer = "rmsprop", loss =, metrics =, loss_weights =, weighted_metrics =,
---regularizer =}: what fit and evaluate use. Also compile(optimizer, loss, ...). Returns the
---model.
---
---optimizer: one of tocha.optim, its name ("adam"), {"adam", lr = 0.01} or a function of the
---parameters; model.optimizer afterwards. The defaults are tocha.optim's, which are PyTorch's.
---loss: a name, {name, option = ...}, a criterion of tocha.nn, or function(output, target); for
---several outputs a list of them (or a table by name), with loss_weights. metrics: a list of names
---("accuracy"), {"top_k", k = 3}, train.metrics objects, or functions; for several outputs a list
---of such lists. weighted_metrics: those that take sample weights. regularizer: function(model) ->
---scalar, added to the loss.
---@return any ...
function train.compile(self, ...) end

---train.epoch(model, criterion, optimizer, loader, options): one pass; the mean loss of its
---examples as they came. Options as train.step has them.
---@return any ...
function train.epoch(model, criterion, optimizer, loader, options) end

---model:evaluate{x =, y =, batch_size = 32}: the loss, then the metrics in their order; with
---return_dict = true a table by name. x may be a data set or a loader, as in fit. The model is in
---evaluation mode meanwhile, and nothing is recorded. model:evaluate(), without an argument, is
---Torch's: evaluation mode.
---@return any ...
function train.evaluate(self, ...) end

---model:fit{x =, y =, epochs = 1, batch_size = 32, ...}: trains, and returns the history. Also
---fit(x, y, {...}).
---
---x, y: tensors, or lists of tensors for several inputs and outputs; x may be a data set, a loader
---or a function that gives an iterator of batches (also called `data`). shuffle = true, anew each
---epoch; does not concern loaders. sample_weight: (N), a factor of each example's loss.
---class_weight: {[class] = factor}.
---
---validation_data = {x, y}, a data set or a loader; or validation_split = 0.1: the last part of x
---and y, as they are. validation_freq: every so many epochs, or a list of epochs.
---
---epochs is the number of the last epoch, initial_epoch = 1 that of the first. steps_per_epoch:
---batches of an epoch, which may then be less or more than a pass.
---
---accumulate = k: one step for every k batches. clip_norm, clip_value: of the gradients. schedule:
---an optim.lr_scheduler, or function(epoch, lr) -> lr. callbacks: a list. verbose = 1, 0 or 2.
---
---resume = "run.ckpt": goes on from that file where it is there, and keeps it up to date, after
---every epoch, every five minutes and, with save_freq = n, every n batches.
---@return any ...
function train.fit(self, ...) end

---train.mode(model, training): puts the model into a mode until the end of the block:
---  local _ <close> = train.mode(model, false)
---Modules that were in another mode go back to that.
---@return any ...
function train.mode(model, training) end

---model:predict(x, {batch_size = 32}): the outputs for all examples, (N, ...); of several outputs
---a list. x: a tensor, a list of inputs, a data set or a loader, of which the first value counts.
---The model is in evaluation mode meanwhile, and nothing is recorded.
---@return any ...
function train.predict(self, ...) end

---train.step(model, criterion, optimizer, x, y, options): one step of gradient descent on one
---batch; returns the loss (a scalar tensor) and the output. criterion(output, y) is the loss.
---
---Options: clip_norm, clip_value: of the gradients (nn.utils). part, parts: this batch is the
---`part`-th of `parts` whose gradients are added up (divided by `parts`) before the one step.
---@return any ...
function train.step(model, criterion, optimizer, x, y, options) end

---train.update(model, optimizer, {clip_norm, clip_value}): the step that gradients which have been
---added up are for.
---@return any ...
function train.update(model, optimizer, options) end

return train
