---@meta tocha.optim.lr_scheduler
-- Written by `make annotations`; do not edit.

---tocha.optim.lr_scheduler: schedules of learning rates. A file per family; this is the table of
---contents.
---@class tocha.optim.lr_scheduler
local lr_scheduler = {}

do
---@class tocha.optim.lr_scheduler.ChainedScheduler: tocha.optim.lr_scheduler.LRScheduler
---@field schedulers any
---@field optimizer any
local object = {}

---schedule:load_state_dict(dict): goes on where the one that was saved stood. The rates of now are
---the optimiser's: load its state too.
---@return any ...
function object:load_state_dict(dict) end

---schedule:move_to(epoch): one on, or to that epoch.
---@return any ...
function object:move_to(...) end

---schedule:state_dict(): its own state, and the parts' in `schedulers`.
---@return table<string, any>
function object:state_dict() end

---schedule:step(epoch): the next rates, or those of that epoch.
---@return any ...
function object:step(...) end

end

---lr_scheduler.ChainedScheduler({a, b, ...}): every step is a step of each.
---@class tocha.optim.lr_scheduler.ChainedScheduler.class: tocha.Class
---@overload fun(schedulers: any, optimizer: any): tocha.optim.lr_scheduler.ChainedScheduler
lr_scheduler.ChainedScheduler = {}

do
---@class tocha.optim.lr_scheduler.ConstantLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field factor number
---@field total_iters number
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(lr) end

end

---lr_scheduler.ConstantLR(optimiser, {factor = 1/3, total_iters = 5}): times factor for the first
---total_iters steps.
---@class tocha.optim.lr_scheduler.ConstantLR.class: tocha.Class
---@overload fun(optimizer: any, factor?: number, total_iters?: number, last_epoch?: number): tocha.optim.lr_scheduler.ConstantLR
---@overload fun(optimizer: any, options: {factor?: number, total_iters?: number, last_epoch?: number}): tocha.optim.lr_scheduler.ConstantLR
lr_scheduler.ConstantLR = {}

do
---@class tocha.optim.lr_scheduler.CosineAnnealingLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field T_max any
---@field eta_min number
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(lr, base) end

end

---lr_scheduler.CosineAnnealingLR(optimiser, T_max, {eta_min = 0}): half a cosine from the base
---rate to eta_min in T_max steps (and back in the next T_max). Loshchilov and Hutter, "SGDR:
---Stochastic Gradient Descent with Warm Restarts" (2016), without the restarts.
---@class tocha.optim.lr_scheduler.CosineAnnealingLR.class: tocha.Class
---@overload fun(optimizer: any, T_max: any, eta_min?: number, last_epoch?: number): tocha.optim.lr_scheduler.CosineAnnealingLR
---@overload fun(optimizer: any, T_max: any, options: {eta_min?: number, last_epoch?: number}): tocha.optim.lr_scheduler.CosineAnnealingLR
lr_scheduler.CosineAnnealingLR = {}

do
---@class tocha.optim.lr_scheduler.CosineAnnealingWarmRestarts: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field T_0 any
---@field T_mult number
---@field eta_min number
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(_, base) end

---schedule:step(epoch): the next rates, or those of that epoch.
---@return any ...
function object:step(epoch) end

end

---lr_scheduler.CosineAnnealingWarmRestarts(optimiser, T_0, {T_mult = 1, eta_min = 0}): the same,
---starting anew after T_0 steps, then after T_0 * T_mult, and so on. step(epoch) takes fractions,
---for a step after each batch: epoch + batch / batches.
---@class tocha.optim.lr_scheduler.CosineAnnealingWarmRestarts.class: tocha.Class
---@overload fun(optimizer: any, T_0: any, T_mult?: number, eta_min?: number, last_epoch?: number): tocha.optim.lr_scheduler.CosineAnnealingWarmRestarts
---@overload fun(optimizer: any, T_0: any, options: {T_mult?: number, eta_min?: number, last_epoch?: number}): tocha.optim.lr_scheduler.CosineAnnealingWarmRestarts
lr_scheduler.CosineAnnealingWarmRestarts = {}

do
---@class tocha.optim.lr_scheduler.CyclicLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field base_lr any
---@field max_lr any
---@field step_size_up number
---@field step_size_down any
---@field mode string
---@field gamma number
---@field scale_fn any
---@field scale_mode string
---@field cycle_momentum boolean
---@field base_momentum number
---@field max_momentum number
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(_, _, group, g) end

end

---lr_scheduler.CyclicLR(optimiser, base_lr, max_lr, {step_size_up = 2000, step_size_down =
---step_size_up, mode = "triangular", gamma = 1, scale_fn = nil, scale_mode = "cycle",
---cycle_momentum = true, base_momentum = 0.8, max_momentum = 0.9}): up and down between two rates,
---in step_size_up and step_size_down steps. mode "triangular2" halves the height each cycle,
---"exp_range" multiplies it by gamma each step; scale_fn(cycle or step, by scale_mode) is one's
---own. Smith, "Cyclical Learning Rates for Training Neural Networks" (2015).
---@class tocha.optim.lr_scheduler.CyclicLR.class: tocha.Class
---@overload fun(optimizer: any, base_lr: any, max_lr: any, step_size_up?: number, step_size_down?: any, mode?: string, gamma?: number, scale_fn?: any, ...: any): tocha.optim.lr_scheduler.CyclicLR
---@overload fun(optimizer: any, base_lr: any, max_lr: any, options: {step_size_up?: number, step_size_down?: any, mode?: string, gamma?: number, scale_fn?: any, scale_mode?: string, cycle_momentum?: boolean, base_momentum?: number, max_momentum?: number, last_epoch?: number}): tocha.optim.lr_scheduler.CyclicLR
lr_scheduler.CyclicLR = {}

do
---@class tocha.optim.lr_scheduler.ExponentialLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field gamma any
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(lr) end

end

---lr_scheduler.ExponentialLR(optimiser, gamma): times gamma at every step.
---@class tocha.optim.lr_scheduler.ExponentialLR.class: tocha.Class
---@overload fun(optimizer: any, gamma: any, last_epoch?: number): tocha.optim.lr_scheduler.ExponentialLR
---@overload fun(optimizer: any, gamma: any, options: {last_epoch?: number}): tocha.optim.lr_scheduler.ExponentialLR
lr_scheduler.ExponentialLR = {}

do
---@class tocha.optim.lr_scheduler.InverseSqrtLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field warmup_steps any
---@field timescale any
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(_, base) end

end

---lr_scheduler.InverseSqrtLR(optimiser, warmup_steps, {timescale = warmup_steps or 10000}): then
---as one over the square root of the step, the schedule of Vaswani et al., "Attention Is All You
---Need" (2017). The peak is the base rate.
---@class tocha.optim.lr_scheduler.InverseSqrtLR.class: tocha.Class
---@overload fun(optimizer: any, warmup_steps: any, timescale?: any, last_epoch?: number): tocha.optim.lr_scheduler.InverseSqrtLR
---@overload fun(optimizer: any, warmup_steps: any, options: {timescale?: any, last_epoch?: number}): tocha.optim.lr_scheduler.InverseSqrtLR
lr_scheduler.InverseSqrtLR = {}

do
---@class tocha.optim.lr_scheduler.LRScheduler: tocha.Object
---@field optimizer any
local object = {}

---LRScheduler:extend(name, args): a new class; `last_epoch = -1` is added to its arguments.
---@return any ...
function object:extend(name, args) end

---schedule:fail(format, ...)
---@return any ...
function object:fail(format, ...) end

---schedule:for_groups(name): the field as a list with a value for each group of the optimiser.
---@return any ...
function object:for_groups(name) end

---schedule:get_last_lr(): the rates that were set last, a list with one for each group.
---@return any ...
function object:get_last_lr() end

---schedule:get_lr(): the rates at last_epoch, a list. What stands in the groups is what
---get_last_lr() returns.
---@return any ...
function object:get_lr() end

---schedule:load_state_dict(dict): goes on where the one that was saved stood. The rates of now are
---the optimiser's: load its state too.
---@return any ...
function object:load_state_dict(dict) end

---schedule:move_to(epoch): one on, or to that epoch.
---@return any ...
function object:move_to(epoch) end

---schedule:need(name, low, high): the field is a number within [low, high].
---@return any ...
function object:need(name, low, high) end

---schedule:need_integer(name, low)
---@return any ...
function object:need_integer(name, low) end

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(lr) end

---schedule:one_of(name, choices): the field is one of these strings.
---@return any ...
function object:one_of(name, choices) end

---prepare(self)
---What a class checks and prepares before the first rate is set.
---@return any ...
function object:prepare() end

---schedule:set_lrs(rates): into the groups, and into what get_last_lr returns.
---@return any ...
function object:set_lrs(rates) end

---start(self)
---The step that sets the first rates.
---@return any ...
function object:start() end

---schedule:state_dict(): numbers, strings and tables, for tocha.save. Functions are not in it.
---@return table<string, any>
function object:state_dict() end

---schedule:step(epoch): the next rates, or those of that epoch.
---@return any ...
function object:step(epoch) end

end

---lr_scheduler.LRScheduler()
---What every schedule of learning rates shares: base rates, counting, saving.
---
---    local StepLR = LRScheduler:extend("StepLR", "step_size, gamma = 0.1")
---    function StepLR:next(lr, base, group) ... end      -- the rate of a group at self.last_epoch
---    function StepLR:closed(base) ... end               -- the same from the base rate alone
---
---schedule = StepLR(optimiser, 30); schedule:step() after each epoch (or batch, as the schedule is
---meant). As in PyTorch, `last_epoch` counts steps from 0; `next` changes the rate that is there,
---so that several schedules may act on one optimiser. `closed`, where it exists, is used by
---step(epoch).
---@class tocha.optim.lr_scheduler.LRScheduler.class: tocha.Class
---@overload fun(optimizer: any): tocha.optim.lr_scheduler.LRScheduler
lr_scheduler.LRScheduler = {}

do
---@class tocha.optim.lr_scheduler.LambdaLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field lr_lambda any
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(_, base, _, g) end

end

---lr_scheduler.LambdaLR(optimiser, f): the base rate times f(step), step counted from 0; f may be
---a list with a function for each group.
---@class tocha.optim.lr_scheduler.LambdaLR.class: tocha.Class
---@overload fun(optimizer: any, lr_lambda: any, last_epoch?: number): tocha.optim.lr_scheduler.LambdaLR
---@overload fun(optimizer: any, lr_lambda: any, options: {last_epoch?: number}): tocha.optim.lr_scheduler.LambdaLR
lr_scheduler.LambdaLR = {}

do
---@class tocha.optim.lr_scheduler.LinearLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field start_factor number
---@field end_factor number
---@field total_iters number
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(lr) end

end

---lr_scheduler.LinearLR(optimiser, {start_factor = 1/3, end_factor = 1, total_iters = 5}): in a
---straight line from one factor to the other.
---@class tocha.optim.lr_scheduler.LinearLR.class: tocha.Class
---@overload fun(optimizer: any, start_factor?: number, end_factor?: number, total_iters?: number, last_epoch?: number): tocha.optim.lr_scheduler.LinearLR
---@overload fun(optimizer: any, options: {start_factor?: number, end_factor?: number, total_iters?: number, last_epoch?: number}): tocha.optim.lr_scheduler.LinearLR
lr_scheduler.LinearLR = {}

do
---@class tocha.optim.lr_scheduler.MultiStepLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field milestones any
---@field gamma number
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(lr) end

end

---lr_scheduler.MultiStepLR(optimiser, {30, 80}, {gamma = 0.1}): times gamma at each of these
---steps.
---@class tocha.optim.lr_scheduler.MultiStepLR.class: tocha.Class
---@overload fun(optimizer: any, milestones: any, gamma?: number, last_epoch?: number): tocha.optim.lr_scheduler.MultiStepLR
---@overload fun(optimizer: any, milestones: any, options: {gamma?: number, last_epoch?: number}): tocha.optim.lr_scheduler.MultiStepLR
lr_scheduler.MultiStepLR = {}

do
---@class tocha.optim.lr_scheduler.MultiplicativeLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field lr_lambda any
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(lr, _, _, g) end

end

---lr_scheduler.MultiplicativeLR(optimiser, f): the rate of the step before times f(step).
---@class tocha.optim.lr_scheduler.MultiplicativeLR.class: tocha.Class
---@overload fun(optimizer: any, lr_lambda: any, last_epoch?: number): tocha.optim.lr_scheduler.MultiplicativeLR
---@overload fun(optimizer: any, lr_lambda: any, options: {last_epoch?: number}): tocha.optim.lr_scheduler.MultiplicativeLR
lr_scheduler.MultiplicativeLR = {}

do
---@class tocha.optim.lr_scheduler.OneCycleLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field max_lr any
---@field total_steps any
---@field epochs any
---@field steps_per_epoch any
---@field pct_start number
---@field anneal_strategy string
---@field cycle_momentum boolean
---@field base_momentum number
---@field max_momentum number
---@field div_factor number
---@field final_div_factor number
---@field three_phase boolean
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(_, _, group) end

end

---lr_scheduler.OneCycleLR(optimiser, max_lr, {total_steps = , epochs = , steps_per_epoch = ,
---pct_start = 0.3, anneal_strategy = "cos", cycle_momentum = true, base_momentum = 0.85,
---max_momentum = 0.95, div_factor = 25, final_div_factor = 1e4, three_phase = false}): from max_lr
---/ div_factor up to max_lr in pct_start of the steps, then down to the first rate over
---final_div_factor; step after each batch. total_steps, or epochs and steps_per_epoch. Smith and
---Topin, "Super-Convergence" (2017).
---@class tocha.optim.lr_scheduler.OneCycleLR.class: tocha.Class
---@overload fun(optimizer: any, max_lr: any, total_steps?: any, epochs?: any, steps_per_epoch?: any, pct_start?: number, anneal_strategy?: string, cycle_momentum?: boolean, ...: any): tocha.optim.lr_scheduler.OneCycleLR
---@overload fun(optimizer: any, max_lr: any, options: {total_steps?: any, epochs?: any, steps_per_epoch?: any, pct_start?: number, anneal_strategy?: string, cycle_momentum?: boolean, base_momentum?: number, max_momentum?: number, div_factor?: number, final_div_factor?: number, three_phase?: boolean, last_epoch?: number}): tocha.optim.lr_scheduler.OneCycleLR
lr_scheduler.OneCycleLR = {}

do
---@class tocha.optim.lr_scheduler.PolynomialLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field total_iters number
---@field power number
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(lr) end

end

---lr_scheduler.PolynomialLR(optimiser, {total_iters = 5, power = 1}): to zero in total_iters
---steps, as (1 - step / total_iters) ^ power.
---@class tocha.optim.lr_scheduler.PolynomialLR.class: tocha.Class
---@overload fun(optimizer: any, total_iters?: number, power?: number, last_epoch?: number): tocha.optim.lr_scheduler.PolynomialLR
---@overload fun(optimizer: any, options: {total_iters?: number, power?: number, last_epoch?: number}): tocha.optim.lr_scheduler.PolynomialLR
lr_scheduler.PolynomialLR = {}

do
---@class tocha.optim.lr_scheduler.ReduceLROnPlateau: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field mode string
---@field factor number
---@field patience number
---@field threshold number
---@field threshold_mode string
---@field cooldown number
---@field min_lr number
---@field eps number
---@field last_epoch number
local object = {}

---schedule:step(measure): a number or a tensor of one element.
---@return any ...
function object:step(measure) end

end

---lr_scheduler.ReduceLROnPlateau(optimiser, {mode = "min", factor = 0.1, patience = 10, threshold
---= 1e-4, threshold_mode = "rel", cooldown = 0, min_lr = 0, eps = 1e-8}): times factor when the
---measure given to step(measure) was not better for more than `patience` steps in a row. mode
---"max" is for measures that grow; min_lr may be a list with one for each group; changes below eps
---are not made.
---@class tocha.optim.lr_scheduler.ReduceLROnPlateau.class: tocha.Class
---@overload fun(optimizer: any, mode?: string, factor?: number, patience?: number, threshold?: number, threshold_mode?: string, cooldown?: number, min_lr?: number, ...: any): tocha.optim.lr_scheduler.ReduceLROnPlateau
---@overload fun(optimizer: any, options: {mode?: string, factor?: number, patience?: number, threshold?: number, threshold_mode?: string, cooldown?: number, min_lr?: number, eps?: number, last_epoch?: number}): tocha.optim.lr_scheduler.ReduceLROnPlateau
lr_scheduler.ReduceLROnPlateau = {}

do
---@class tocha.optim.lr_scheduler.SequentialLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field schedulers any
---@field milestones any
---@field last_epoch number
local object = {}

---schedule:load_state_dict(dict): goes on where the one that was saved stood. The rates of now are
---the optimiser's: load its state too.
---@return any ...
function object:load_state_dict(dict) end

---schedule:move_to(epoch): one on, or to that epoch.
---@return any ...
function object:move_to(epoch) end

---schedule:state_dict(): its own state, and the parts' in `schedulers`.
---@return table<string, any>
function object:state_dict() end

---schedule:step(epoch): the next rates, or those of that epoch.
---@return any ...
function object:step() end

end

---lr_scheduler.SequentialLR(optimiser, {a, b, c}, {20, 50}): a for the first 20 steps, then b
---until step 50, then c; each counts from its own beginning.
---@class tocha.optim.lr_scheduler.SequentialLR.class: tocha.Class
---@overload fun(optimizer: any, schedulers: any, milestones: any, last_epoch?: number): tocha.optim.lr_scheduler.SequentialLR
---@overload fun(optimizer: any, schedulers: any, milestones: any, options: {last_epoch?: number}): tocha.optim.lr_scheduler.SequentialLR
lr_scheduler.SequentialLR = {}

do
---@class tocha.optim.lr_scheduler.StepLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field step_size integer|integer[]
---@field gamma number
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(lr) end

end

---lr_scheduler.StepLR(optimiser, step_size, {gamma = 0.1}): times gamma every step_size steps.
---@class tocha.optim.lr_scheduler.StepLR.class: tocha.Class
---@overload fun(optimizer: any, step_size: integer|integer[], gamma?: number, last_epoch?: number): tocha.optim.lr_scheduler.StepLR
---@overload fun(optimizer: any, step_size: integer|integer[], options: {gamma?: number, last_epoch?: number}): tocha.optim.lr_scheduler.StepLR
lr_scheduler.StepLR = {}

do
---@class tocha.optim.lr_scheduler.WarmupCosineLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field warmup_steps any
---@field total_steps any
---@field num_cycles integer
---@field min_factor number
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(_, base) end

end

---lr_scheduler.WarmupCosineLR(optimiser, warmup_steps, total_steps, {num_cycles = 0.5, min_factor
---= 0}): then along a cosine; half a cycle goes down once, to min_factor of the base rate.
---@class tocha.optim.lr_scheduler.WarmupCosineLR.class: tocha.Class
---@overload fun(optimizer: any, warmup_steps: any, total_steps: any, num_cycles?: integer, min_factor?: number, last_epoch?: number): tocha.optim.lr_scheduler.WarmupCosineLR
---@overload fun(optimizer: any, warmup_steps: any, total_steps: any, options: {num_cycles?: integer, min_factor?: number, last_epoch?: number}): tocha.optim.lr_scheduler.WarmupCosineLR
lr_scheduler.WarmupCosineLR = {}

do
---@class tocha.optim.lr_scheduler.WarmupLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field warmup_steps any
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(_, base) end

end

---lr_scheduler.WarmupLR(optimiser, warmup_steps): from zero to the base rate, which then stays.
---@class tocha.optim.lr_scheduler.WarmupLR.class: tocha.Class
---@overload fun(optimizer: any, warmup_steps: any, last_epoch?: number): tocha.optim.lr_scheduler.WarmupLR
---@overload fun(optimizer: any, warmup_steps: any, options: {last_epoch?: number}): tocha.optim.lr_scheduler.WarmupLR
lr_scheduler.WarmupLR = {}

do
---@class tocha.optim.lr_scheduler.WarmupLinearLR: tocha.optim.lr_scheduler.LRScheduler
---@field optimizer any
---@field warmup_steps any
---@field total_steps any
---@field last_epoch number
local object = {}

---schedule:next(lr, base, group, g): the rate of group g, which now is lr and began as base.
---@return any ...
function object:next(_, base) end

end

---lr_scheduler.WarmupLinearLR(optimiser, warmup_steps, total_steps): and back to zero in a line.
---@class tocha.optim.lr_scheduler.WarmupLinearLR.class: tocha.Class
---@overload fun(optimizer: any, warmup_steps: any, total_steps: any, last_epoch?: number): tocha.optim.lr_scheduler.WarmupLinearLR
---@overload fun(optimizer: any, warmup_steps: any, total_steps: any, options: {last_epoch?: number}): tocha.optim.lr_scheduler.WarmupLinearLR
lr_scheduler.WarmupLinearLR = {}

return lr_scheduler
