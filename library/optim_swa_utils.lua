---@meta tocha.optim.swa_utils
-- Written by `make annotations`; do not edit.

---tocha.optim.swa_utils: averages of weights over training, as in PyTorch.
---
---    local swa = swa_utils.AveragedModel(net)
---    swa:update_parameters(net)                -- after an epoch, or a step
---    swa_utils.update_bn(loader, swa)          -- at the end, where there is batch normalisation
---
---Stochastic weight averaging: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better
---Generalization" (2018). optim.EMA is a moving average that needs no second model.
---@class tocha.optim.swa_utils
local swa_utils = {}

do
---@class tocha.optim.swa_utils.AveragedModel: tocha.nn.Module
---@field model any
---@field device string
---@field avg_fn any
---@field multi_avg_fn any
---@field use_buffers boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(...) end

---averaged:update_parameters(model): one more model goes into the average; the first is copied.
---@return any ...
function object:update_parameters(model) end

end

---swa_utils.AveragedModel(model, {device = nil, avg_fn = nil, multi_avg_fn = nil, use_buffers =
---false}): a module that holds a copy of `model` whose parameters become an average of what
---update_parameters(model) saw: the plain mean, or what avg_fn(averaged, current, n) returns or
---multi_avg_fn(averages, currents, n) writes. With use_buffers the buffers are averaged too,
---otherwise copied. The model's sizes must be known.
---@class tocha.optim.swa_utils.AveragedModel.class: tocha.Class
---@overload fun(model: any, device?: string, avg_fn?: any, multi_avg_fn?: any, use_buffers?: boolean): tocha.optim.swa_utils.AveragedModel
---@overload fun(model: any, options: {device?: string, avg_fn?: any, multi_avg_fn?: any, use_buffers?: boolean}): tocha.optim.swa_utils.AveragedModel
swa_utils.AveragedModel = {}

do
---@class tocha.optim.swa_utils.SWALR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field swa_lr any
---@field anneal_epochs number
---@field anneal_strategy string
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(lr, _, group) end

end

---swa_utils.SWALR(optimiser, swa_lr, {anneal_epochs = 10, anneal_strategy = "cos"}): from the
---rates of now to swa_lr (a number, or one for each group), where they stay. "linear" is the other
---strategy.
---@class tocha.optim.swa_utils.SWALR.class: tocha.Class
---@overload fun(optimizer: any, swa_lr: any, anneal_epochs?: number, anneal_strategy?: string, last_epoch?: number): tocha.optim.swa_utils.SWALR
---@overload fun(optimizer: any, swa_lr: any, options: {anneal_epochs?: number, anneal_strategy?: string, last_epoch?: number}): tocha.optim.swa_utils.SWALR
swa_utils.SWALR = {}

---@return any ...
function swa_utils.check_decay(who, decay) end

---get_ema_avg_fn(decay = 0.999), get_swa_avg_fn(): the same for one tensor; they return the new
---average.
---@return any ...
function swa_utils.get_ema_avg_fn(decay) end

---get_ema_multi_avg_fn(decay = 0.999): f(averaged, current, n), lists of tensors: average * decay
---+ current * (1 - decay), in place, in one pass.
---@return any ...
function swa_utils.get_ema_multi_avg_fn(decay) end

---swa_utils.get_swa_avg_fn()
---get_ema_avg_fn(decay = 0.999), get_swa_avg_fn(): the same for one tensor; they return the new
---average.
---@return any ...
function swa_utils.get_swa_avg_fn() end

---get_swa_multi_avg_fn(): f(averaged, current, n): the plain mean of all models so far.
---@return any ...
function swa_utils.get_swa_multi_avg_fn() end

---swa_utils.update_bn(loader, model, device): the running statistics of batch normalisation anew,
---from one pass over the loader (a DataLoader, a list of batches, or a function that returns the
---next). The first value of a batch is the input.
---@return any ...
function swa_utils.update_bn(loader, model, device) end

return swa_utils
