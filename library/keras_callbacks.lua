---@meta tocha.keras.callbacks
-- Written by `make annotations`; do not edit.

---keras.callbacks: tocha.train's, by the same names.
---@class tocha.keras.callbacks
local callbacks = {}

do
---@class tocha.keras.callbacks.BackupAndRestore: tocha.keras.callbacks.Callback
local object = {}

end

---train.BackupAndRestore(path, {save_freq = "epoch", delete_checkpoint = true}): fit goes on from
---the file where it is there, and keeps it up to date after every epoch, every five minutes and,
---with a number, every so many batches; when training has ended it is removed, unless told not to.
---@class tocha.keras.callbacks.BackupAndRestore.class: tocha.Class
---@overload fun(...: any): tocha.keras.callbacks.BackupAndRestore
callbacks.BackupAndRestore = {}

do
---@class tocha.keras.callbacks.CSVLogger: tocha.keras.callbacks.Callback
local object = {}

---callbacks:state_dict(): of those that have one.
---@return table<string, any>
function object:state_dict() end

end

---train.CSVLogger(filename, {separator = ",", append = false}): the columns are epoch and the logs
---of fit in their order. append = true goes on in a file that is there; its first line stays.
---@class tocha.keras.callbacks.CSVLogger.class: tocha.Class
---@overload fun(...: any): tocha.keras.callbacks.CSVLogger
callbacks.CSVLogger = {}

do
---@class tocha.keras.callbacks.Callback: tocha.Object
local object = {}

---Callback.alias(name): "accuracy" for "acc", as Keras had both, and the other way; or nil.
---@return any ...
function object.alias(name) end

---callback:fail(format, ...): an error of this callback.
---@return any ...
function object:fail(format, ...) end

---Callback.find(logs, name): logs[name], also by its alias.
---@return any ...
function object.find(logs, name) end

---Callback.hook_names(): "on_batch_begin, ...". Callback.is_hook(name).
---@return any ...
function object.hook_names() end

---is_hook(name)
---Callback.hook_names(): "on_batch_begin, ...". Callback.is_hook(name).
---@return boolean
function object.is_hook(name) end

---callback:need(logs, name): the same; nil where this epoch has no such value, an error where none
---will have it.
---@return any ...
function object:need(logs, name) end

end

---callbacks.Callback(...)
---The TensorBoard callback: what fit logs, as curves and histograms for `tensorboard --logdir`.
---@class tocha.keras.callbacks.Callback.class: tocha.Class
---@overload fun(): tocha.keras.callbacks.Callback
callbacks.Callback = {}

do
---@class tocha.keras.callbacks.EarlyStopping: tocha.keras.callbacks.Callback
---@field monitor string
---@field min_delta number
---@field patience number
---@field verbose number
---@field mode string
---@field baseline any
---@field restore_best_weights boolean
---@field start_from_epoch number
local object = {}

---Metric:extend(name, args): `args` is the signature of the constructor; one of them is `name`.
---@return any ...
function object:extend(name, args) end

---monitor:is_better(value, than): by more than min_delta. NaN is never better.
---@return boolean
function object:is_better(value, than) end

---callbacks:state_dict(): of those that have one.
---@return table<string, any>
function object:state_dict() end

end

---callbacks.EarlyStopping(monitor = 'val_loss', min_delta = 0, patience = 0, verbose = 0, mode = 'auto', baseline = nil, restore_best_weights = false, start_from_epoch = 0)
---keras.callbacks: tocha.train's, by the same names.
---@class tocha.keras.callbacks.EarlyStopping.class: tocha.Class
---@overload fun(monitor?: string, min_delta?: number, patience?: number, verbose?: number, mode?: string, baseline?: any, restore_best_weights?: boolean, start_from_epoch?: number): tocha.keras.callbacks.EarlyStopping
---@overload fun(options: {monitor?: string, min_delta?: number, patience?: number, verbose?: number, mode?: string, baseline?: any, restore_best_weights?: boolean, start_from_epoch?: number}): tocha.keras.callbacks.EarlyStopping
callbacks.EarlyStopping = {}

do
---@class tocha.keras.callbacks.History: tocha.keras.callbacks.Callback
local object = {}

---History.number(value): as it is shown: four digits after the point, small ones as 1.20e-05.
---@return any ...
function object.number(value) end

---callbacks:state_dict(): of those that have one.
---@return table<string, any>
function object:state_dict() end

end

---callbacks.History(...)
---What fit returns: the value of every metric after every epoch.
---
---    local history = model:fit{ ... }
---    print(history)                         -- a table, a line an epoch
---    print(history.history.val_loss[3])     -- the third that there is
---    print(history.epoch[1])                -- 1
---@class tocha.keras.callbacks.History.class: tocha.Class
---@overload fun(): tocha.keras.callbacks.History
callbacks.History = {}

do
---@class tocha.keras.callbacks.LambdaCallback: tocha.keras.callbacks.Callback
---@field hooks any
local object = {}

end

---train.LambdaCallback{on_epoch_end = function(epoch, logs) ... end, ...}: any of the hooks of
---Callback, as functions without self.
---@class tocha.keras.callbacks.LambdaCallback.class: tocha.Class
---@overload fun(hooks?: any): tocha.keras.callbacks.LambdaCallback
---@overload fun(options: {hooks?: any}): tocha.keras.callbacks.LambdaCallback
callbacks.LambdaCallback = {}

do
---@class tocha.keras.callbacks.LearningRateScheduler: tocha.keras.callbacks.Callback
---@field schedule any
---@field options table
local object = {}

---Callback.set_learning_rate(optimizer, lr): in all its groups.
---@return any ...
function object.set_learning_rate(optimizer, lr) end

---callbacks:state_dict(): of those that have one.
---@return table<string, any>
function object:state_dict() end

end

---train.LearningRateScheduler(schedule, {per = nil, monitor = nil}): schedule is function(epoch,
---lr) -> lr, called before each epoch (epochs count from 1), or an optim.lr_scheduler, whose step
---is called after each epoch, after each batch (per = "batch"; OneCycleLR and CyclicLR by
---themselves), or, by ReduceLROnPlateau, with the value of `monitor` (val_loss, else loss).
---@class tocha.keras.callbacks.LearningRateScheduler.class: tocha.Class
---@overload fun(schedule?: any, options?: table): tocha.keras.callbacks.LearningRateScheduler
---@overload fun(options: {schedule?: any, options?: table}): tocha.keras.callbacks.LearningRateScheduler
callbacks.LearningRateScheduler = {}

do
---@class tocha.keras.callbacks.ModelCheckpoint: tocha.keras.callbacks.Callback
---@field filepath any
---@field monitor string
---@field verbose number
---@field save_best_only boolean
---@field save_weights_only boolean
---@field mode string
---@field save_freq string
---@field initial_value_threshold any
local object = {}

---Metric:extend(name, args): `args` is the signature of the constructor; one of them is `name`.
---@return any ...
function object:extend(name, args) end

---monitor:is_better(value, than): by more than min_delta. NaN is never better.
---@return boolean
function object:is_better(value, than) end

---ModelCheckpoint.path(pattern, values): "w_{epoch:02d}" with the values put in.
---@return any ...
function object.path(pattern, values) end

---callbacks:state_dict(): of those that have one.
---@return table<string, any>
function object:state_dict() end

end

---train.ModelCheckpoint(filepath, {monitor = "val_loss", save_best_only = false, mode = "auto",
---save_weights_only = false, save_freq = "epoch", initial_value_threshold, verbose = 0}).
---
---In filepath {epoch} and {name of a log} stand for their values, with a format behind a colon as
---in Python: {epoch:02d}, {val_loss:.3f}. Folders are made. The file holds the model and the
---optimiser (train.checkpoint.load reads it); with save_weights_only it is the model's state dict
---(tocha.load). A model of tocha.keras is saved whole. save_freq may be a number of batches.
---@class tocha.keras.callbacks.ModelCheckpoint.class: tocha.Class
---@overload fun(filepath: any, monitor?: string, verbose?: number, save_best_only?: boolean, save_weights_only?: boolean, mode?: string, save_freq?: string, initial_value_threshold?: any): tocha.keras.callbacks.ModelCheckpoint
---@overload fun(filepath: any, options: {monitor?: string, verbose?: number, save_best_only?: boolean, save_weights_only?: boolean, mode?: string, save_freq?: string, initial_value_threshold?: any}): tocha.keras.callbacks.ModelCheckpoint
callbacks.ModelCheckpoint = {}

do
---@class tocha.keras.callbacks.ProgressBar: tocha.keras.callbacks.Callback
---@field options table
local object = {}

---bar:close(): ends the line where an error left it.
---@return any ...
function object:close() end

end

---train.ProgressBar{verbose = 1}: options of progress.bar (file, live, columns, ...) are passed
---on.
---@class tocha.keras.callbacks.ProgressBar.class: tocha.Class
---@overload fun(options?: table): tocha.keras.callbacks.ProgressBar
---@overload fun(options: {options?: table}): tocha.keras.callbacks.ProgressBar
callbacks.ProgressBar = {}

do
---@class tocha.keras.callbacks.ReduceLROnPlateau: tocha.keras.callbacks.Callback
---@field monitor string
---@field factor number
---@field patience number
---@field verbose number
---@field mode string
---@field min_delta number
---@field cooldown number
---@field min_lr number
local object = {}

---Metric:extend(name, args): `args` is the signature of the constructor; one of them is `name`.
---@return any ...
function object:extend(name, args) end

---monitor:is_better(value, than): by more than min_delta. NaN is never better.
---@return boolean
function object:is_better(value, than) end

---callbacks:state_dict(): of those that have one.
---@return table<string, any>
function object:state_dict() end

end

---callbacks.ReduceLROnPlateau(monitor = 'val_loss', factor = 0.1, patience = 10, verbose = 0, mode = 'auto', min_delta = 1e-4, cooldown = 0, min_lr = 0)
---keras.callbacks: tocha.train's, by the same names.
---@class tocha.keras.callbacks.ReduceLROnPlateau.class: tocha.Class
---@overload fun(monitor?: string, factor?: number, patience?: number, verbose?: number, mode?: string, min_delta?: number, cooldown?: number, min_lr?: number): tocha.keras.callbacks.ReduceLROnPlateau
---@overload fun(options: {monitor?: string, factor?: number, patience?: number, verbose?: number, mode?: string, min_delta?: number, cooldown?: number, min_lr?: number}): tocha.keras.callbacks.ReduceLROnPlateau
callbacks.ReduceLROnPlateau = {}

do
---@class tocha.keras.callbacks.SwapEMAWeights: tocha.keras.callbacks.Callback
local object = {}

---callbacks:state_dict(): of those that have one.
---@return table<string, any>
function object:state_dict() end

end

---train.SwapEMAWeights{decay = 0.999, warmup = false, use_buffers = false}: an optim.EMA that is
---updated after every step of the optimiser. While the model is validated it holds the averages,
---and keeps them when training has ended.
---@class tocha.keras.callbacks.SwapEMAWeights.class: tocha.Class
---@overload fun(...: any): tocha.keras.callbacks.SwapEMAWeights
callbacks.SwapEMAWeights = {}

do
---@class tocha.keras.callbacks.TensorBoard: tocha.keras.callbacks.Callback
local object = {}

---callbacks:state_dict(): of those that have one.
---@return table<string, any>
function object:state_dict() end

end

---train.TensorBoard{log_dir = "logs", histogram_freq = 0, write_graph = true, update_freq =
---"epoch"}: as Keras's: curves epoch_loss, epoch_accuracy, ... in log_dir/train and
---log_dir/validation, over epochs (from 0, as TensorBoard's other curves); the learning rate where
---it is scheduled; the model as a text. update_freq = "batch" or a number n: also batch_loss, ...
---every so many batches. histogram_freq = n: the parameters every n epochs.
---@class tocha.keras.callbacks.TensorBoard.class: tocha.Class
---@overload fun(...: any): tocha.keras.callbacks.TensorBoard
callbacks.TensorBoard = {}

do
---@class tocha.keras.callbacks.TerminateOnNaN: tocha.keras.callbacks.Callback
local object = {}

end

---callbacks.TerminateOnNaN(...)
---keras.callbacks: tocha.train's, by the same names.
---@class tocha.keras.callbacks.TerminateOnNaN.class: tocha.Class
---@overload fun(): tocha.keras.callbacks.TerminateOnNaN
callbacks.TerminateOnNaN = {}

return callbacks
