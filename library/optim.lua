---@meta tocha.optim
-- Written by `make annotations`; do not edit.

---tocha.optim: optimisers, schedules of learning rates, averages of weights. A file per family;
---this is the table of contents. What stands in a room of its own loads when it is named.
---@class tocha.optim
---@field lr_scheduler tocha.optim.lr_scheduler
---@field swa_utils tocha.optim.swa_utils
local optim = {}

do
---@class tocha.optim.AMSGrad: tocha.optim.Adam
---@field params table
---@field lr number
---@field betas any
---@field eps number
---@field weight_decay number
---@field amsgrad boolean
---@field maximize boolean
---@field decoupled_weight_decay boolean
local object = {}

end

---optim.AMSGrad(lr = 0.001, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0, amsgrad = true, maximize = false, decoupled_weight_decay = false)
---optim.AMSGrad: Adam with amsgrad = true, which divides by the largest second moment so far.
---Reddi et al., "On the Convergence of Adam and Beyond" (2018).
---@class tocha.optim.AMSGrad.class: tocha.Class
---@overload fun(params: table, lr?: number, betas?: any, eps?: number, weight_decay?: number, amsgrad?: boolean, maximize?: boolean, decoupled_weight_decay?: boolean): tocha.optim.AMSGrad
---@overload fun(params: table, options: {lr?: number, betas?: any, eps?: number, weight_decay?: number, amsgrad?: boolean, maximize?: boolean, decoupled_weight_decay?: boolean}): tocha.optim.AMSGrad
optim.AMSGrad = {}

do
---@class tocha.optim.ASGD: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field lambd number
---@field alpha number
---@field t0 number
---@field weight_decay number
---@field maximize boolean
local object = {}

---optimiser:stage(state): parameters whose states give the same value are updated together.
---@return any ...
function object:stage(state) end

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.ASGD(params, {lr = 0.01, lambd = 1e-4, alpha = 0.75, t0 = 1e6, weight_decay = 0, maximize
---= false}): averaged SGD; the average of the parameters from step t0 on is in state[p].ax. Polyak
---and Juditsky, "Acceleration of stochastic approximation by averaging" (1992).
---@class tocha.optim.ASGD.class: tocha.Class
---@overload fun(params: table, lr?: number, lambd?: number, alpha?: number, t0?: number, weight_decay?: number, maximize?: boolean): tocha.optim.ASGD
---@overload fun(params: table, options: {lr?: number, lambd?: number, alpha?: number, t0?: number, weight_decay?: number, maximize?: boolean}): tocha.optim.ASGD
optim.ASGD = {}

do
---@class tocha.optim.Adadelta: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field rho number
---@field eps number
---@field weight_decay number
---@field maximize boolean
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.Adadelta(params, {lr = 1.0, rho = 0.9, eps = 1e-6, weight_decay = 0, maximize = false}):
---Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012).
---@class tocha.optim.Adadelta.class: tocha.Class
---@overload fun(params: table, lr?: number, rho?: number, eps?: number, weight_decay?: number, maximize?: boolean): tocha.optim.Adadelta
---@overload fun(params: table, options: {lr?: number, rho?: number, eps?: number, weight_decay?: number, maximize?: boolean}): tocha.optim.Adadelta
optim.Adadelta = {}

do
---@class tocha.optim.Adafactor: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field beta2_decay number
---@field eps any
---@field d number
---@field weight_decay number
---@field maximize boolean
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.Adafactor(params, {lr = 0.01, beta2_decay = -0.8, eps = {false, 1e-3}, d = 1, weight_decay
---= 0, maximize = false}): of an (..., m, n) parameter the state is m + n numbers, of a vector as
---many as it has. The step is at most lr or 1 / sqrt(step), times the parameter's root mean
---square; d limits its own. eps[1] false is the dtype's epsilon. Shazeer and Stern, "Adafactor:
---Adaptive Learning Rates with Sublinear Memory Cost" (2018), in PyTorch's form.
---@class tocha.optim.Adafactor.class: tocha.Class
---@overload fun(params: table, lr?: number, beta2_decay?: number, eps?: any, d?: number, weight_decay?: number, maximize?: boolean): tocha.optim.Adafactor
---@overload fun(params: table, options: {lr?: number, beta2_decay?: number, eps?: any, d?: number, weight_decay?: number, maximize?: boolean}): tocha.optim.Adafactor
optim.Adafactor = {}

do
---@class tocha.optim.Adagrad: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field lr_decay number
---@field weight_decay number
---@field initial_accumulator_value number
---@field eps number
---@field maximize boolean
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.Adagrad(params, {lr = 0.01, lr_decay = 0, weight_decay = 0, initial_accumulator_value = 0,
---eps = 1e-10, maximize = false}): Duchi et al., "Adaptive Subgradient Methods for Online Learning
---and Stochastic Optimization" (2011).
---@class tocha.optim.Adagrad.class: tocha.Class
---@overload fun(params: table, lr?: number, lr_decay?: number, weight_decay?: number, initial_accumulator_value?: number, eps?: number, maximize?: boolean): tocha.optim.Adagrad
---@overload fun(params: table, options: {lr?: number, lr_decay?: number, weight_decay?: number, initial_accumulator_value?: number, eps?: number, maximize?: boolean}): tocha.optim.Adagrad
optim.Adagrad = {}

do
---@class tocha.optim.Adam: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field betas any
---@field eps number
---@field weight_decay number
---@field amsgrad boolean
---@field maximize boolean
---@field decoupled_weight_decay boolean
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.Adam(params, {lr = 0.001, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0, amsgrad =
---false, maximize = false, decoupled_weight_decay = false}): Kingma and Ba, "Adam: A Method for
---Stochastic Optimization" (2014). Options by place come in this order.
---@class tocha.optim.Adam.class: tocha.Class
---@overload fun(params: table, lr?: number, betas?: any, eps?: number, weight_decay?: number, amsgrad?: boolean, maximize?: boolean, decoupled_weight_decay?: boolean): tocha.optim.Adam
---@overload fun(params: table, options: {lr?: number, betas?: any, eps?: number, weight_decay?: number, amsgrad?: boolean, maximize?: boolean, decoupled_weight_decay?: boolean}): tocha.optim.Adam
optim.Adam = {}

do
---@class tocha.optim.AdamW: tocha.optim.Adam
---@field params table
---@field lr number
---@field betas any
---@field eps number
---@field weight_decay number
---@field amsgrad boolean
---@field maximize boolean
local object = {}

end

---optim.AdamW(lr = 0.001, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0.01, amsgrad = false, maximize = false)
---optim.AdamW: Adam with weight_decay = 0.01, taken off the parameter and not through the
---gradient. Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2017).
---@class tocha.optim.AdamW.class: tocha.Class
---@overload fun(params: table, lr?: number, betas?: any, eps?: number, weight_decay?: number, amsgrad?: boolean, maximize?: boolean): tocha.optim.AdamW
---@overload fun(params: table, options: {lr?: number, betas?: any, eps?: number, weight_decay?: number, amsgrad?: boolean, maximize?: boolean}): tocha.optim.AdamW
optim.AdamW = {}

do
---@class tocha.optim.Adamax: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field betas any
---@field eps number
---@field weight_decay number
---@field maximize boolean
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.Adamax(params, {lr = 0.002, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0, maximize =
---false}): Adam with the largest gradient in place of the mean square; the same paper.
---@class tocha.optim.Adamax.class: tocha.Class
---@overload fun(params: table, lr?: number, betas?: any, eps?: number, weight_decay?: number, maximize?: boolean): tocha.optim.Adamax
---@overload fun(params: table, options: {lr?: number, betas?: any, eps?: number, weight_decay?: number, maximize?: boolean}): tocha.optim.Adamax
optim.Adamax = {}

do
---@class tocha.optim.CG: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field max_iter number
---@field max_eval any
---@field tolerance_grad number
---@field tolerance_change number
---@field maximize boolean
local object = {}

---optimiser:add_param_group{ params = list, lr = ..., ... }: what it does not say is as in the
---defaults.
---@return any ...
function object:add_param_group(given) end

---optimiser:advance(closure): the step itself, off the tape. Returns the loss.
---@return any ...
function object:advance(closure) end

---Descent.dot(a, b): a number.
---@return any ...
function object.dot(a, b) end

---self:one_of(group, name, choices): the option is nil or one of these strings.
---@return any ...
function object:one_of(group, name, choices) end

---self:search(run, d, t, slope, c2): to a point that satisfies the strong Wolfe conditions.
---@return any ...
function object:search(run, d, t, slope, c2) end

---self:stride(run, d, t): by a fixed step; nothing is evaluated after the last.
---@return any ...
function object:stride(run, d, t) end

end

---optim.CG(params, {lr = 1, max_iter = 20, max_eval = max_iter * 5 // 4, tolerance_grad = 1e-7,
---tolerance_change = 1e-9, maximize = false}): each direction is the gradient's, bent so that it
---does not undo the one before (Polak and Ribiere's formula, not below zero, which restarts by
---itself); a line search for the strong Wolfe conditions finds the length. For losses without
---noise and with little memory: three vectors. step(closure) as for LBFGS; lr scales the very
---first trial step. Nocedal and Wright, "Numerical Optimization" (2006), section 5.2.
---@class tocha.optim.CG.class: tocha.Class
---@overload fun(params: table, lr?: number, max_iter?: number, max_eval?: any, tolerance_grad?: number, tolerance_change?: number, maximize?: boolean): tocha.optim.CG
---@overload fun(params: table, options: {lr?: number, max_iter?: number, max_eval?: any, tolerance_grad?: number, tolerance_change?: number, maximize?: boolean}): tocha.optim.CG
optim.CG = {}

do
---@class tocha.optim.EMA: tocha.Object
local object = {}

---ema:copy_to(model): the averages into another model of the same shape, or for good into its own.
---@return any ...
function object:copy_to(model) end

---ema:load_state_dict(dict): goes on where the one that was saved stood.
---@return any ...
function object:load_state_dict(dict) end

---ema:restore(): the model holds its own weights again.
---@return any ...
function object:restore() end

---ema:state_dict(): { updates, decay, averages by name }, for tocha.save.
---@return table<string, any>
function object:state_dict() end

---ema:swap(): the model holds the averages until restore(), or until the result is closed (`local
---_ <close> = ema:swap()`). No update() meanwhile.
---@return any ...
function object:swap() end

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update() end

end

---optim.EMA(model, {decay = 0.999, warmup = false, use_buffers = false}): the averages begin as
---the weights of now. With `warmup` the decay of step n is at most (1 + n) / (10 + n), so that
---early weights are soon forgotten. use_buffers: floating buffers (running statistics) too.
---@class tocha.optim.EMA.class: tocha.Class
---@overload fun(...: any): tocha.optim.EMA
optim.EMA = {}

do
---@class tocha.optim.LAMB: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field betas any
---@field eps number
---@field weight_decay number
---@field bias_correction boolean
---@field maximize boolean
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.LAMB(params, {lr = 0.001, betas = {0.9, 0.999}, eps = 1e-6, weight_decay = 0.01,
---bias_correction = true, maximize = false}): Adam's step of each tensor brought to the tensor's
---own norm, for batches of thousands. Where either norm is 0 the step stays as it is. You et al.,
---"Large Batch Optimization for Deep Learning: Training BERT in 76 minutes" (2019), algorithm 2.
---@class tocha.optim.LAMB.class: tocha.Class
---@overload fun(params: table, lr?: number, betas?: any, eps?: number, weight_decay?: number, bias_correction?: boolean, maximize?: boolean): tocha.optim.LAMB
---@overload fun(params: table, options: {lr?: number, betas?: any, eps?: number, weight_decay?: number, bias_correction?: boolean, maximize?: boolean}): tocha.optim.LAMB
optim.LAMB = {}

do
---@class tocha.optim.LBFGS: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field max_iter number
---@field max_eval any
---@field tolerance_grad number
---@field tolerance_change number
---@field history_size integer|integer[]
---@field line_search_fn any
---@field maximize boolean
local object = {}

---optimiser:add_param_group{ params = list, lr = ..., ... }: what it does not say is as in the
---defaults.
---@return any ...
function object:add_param_group(given) end

---optimiser:advance(closure): the step itself, off the tape. Returns the loss.
---@return any ...
function object:advance(closure) end

---Descent.dot(a, b): a number.
---@return any ...
function object.dot(a, b) end

---self:one_of(group, name, choices): the option is nil or one of these strings.
---@return any ...
function object:one_of(group, name, choices) end

---self:search(run, d, t, slope, c2): to a point that satisfies the strong Wolfe conditions.
---@return any ...
function object:search(run, d, t, slope, c2) end

---self:stride(run, d, t): by a fixed step; nothing is evaluated after the last.
---@return any ...
function object:stride(run, d, t) end

end

---optim.LBFGS(params, {lr = 1, max_iter = 20, max_eval = max_iter * 5 // 4, tolerance_grad = 1e-7,
---tolerance_change = 1e-9, history_size = 100, line_search_fn = nil, maximize = false}): for
---losses without noise. step(closure) takes up to max_iter steps; the closure clears the
---gradients, computes the loss and its gradients, and returns the loss. line_search_fn =
---"strong_wolfe" finds each step's length. One group of parameters; memory for history_size
---copies of them, twice. Liu and Nocedal, "On the limited memory BFGS method for large scale
---optimization" (1989).
---@class tocha.optim.LBFGS.class: tocha.Class
---@overload fun(params: table, lr?: number, max_iter?: number, max_eval?: any, tolerance_grad?: number, tolerance_change?: number, history_size?: integer|integer[], line_search_fn?: any, ...: any): tocha.optim.LBFGS
---@overload fun(params: table, options: {lr?: number, max_iter?: number, max_eval?: any, tolerance_grad?: number, tolerance_change?: number, history_size?: integer|integer[], line_search_fn?: any, maximize?: boolean}): tocha.optim.LBFGS
optim.LBFGS = {}

do
---@class tocha.optim.Lion: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field betas any
---@field weight_decay number
---@field maximize boolean
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.Lion(params, {lr = 1e-4, betas = {0.9, 0.99}, weight_decay = 0, maximize = false}): the
---sign of a momentum, so that every number moves by lr; one state where Adam has two. The decay
---is taken off the parameter. It wants rates three to ten times below Adam's and as many times its
---decay. Chen et al., "Symbolic Discovery of Optimization Algorithms" (2023), algorithm 2.
---@class tocha.optim.Lion.class: tocha.Class
---@overload fun(params: table, lr?: number, betas?: any, weight_decay?: number, maximize?: boolean): tocha.optim.Lion
---@overload fun(params: table, options: {lr?: number, betas?: any, weight_decay?: number, maximize?: boolean}): tocha.optim.Lion
optim.Lion = {}

do
---@class tocha.optim.Muon: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field weight_decay number
---@field momentum number
---@field nesterov boolean
---@field ns_coefficients any
---@field eps number
---@field ns_steps number
---@field adjust_lr_fn any
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.Muon(params, {lr = 0.001, weight_decay = 0.1, momentum = 0.95, nesterov = true,
---ns_coefficients = {3.4445, -4.775, 2.0315}, eps = 1e-7, ns_steps = 5, adjust_lr_fn = nil}): for
---parameters of two dimensions; biases, embeddings and the last layer go to another optimiser.
---adjust_lr_fn says how the rate of an (a, b) matrix follows its shape: "original" (the default),
---sqrt(max(1, a / b)); "match_rms_adamw", 0.2 sqrt(max(a, b)), with which Adam's rates serve;
---"spectral_unclamped", sqrt(a / b). The iteration runs in bfloat16. Jordan et al., "Muon: An
---optimizer for hidden layers in neural networks" (2024), in PyTorch's form.
---@class tocha.optim.Muon.class: tocha.Class
---@overload fun(params: table, lr?: number, weight_decay?: number, momentum?: number, nesterov?: boolean, ns_coefficients?: any, eps?: number, ns_steps?: number, ...: any): tocha.optim.Muon
---@overload fun(params: table, options: {lr?: number, weight_decay?: number, momentum?: number, nesterov?: boolean, ns_coefficients?: any, eps?: number, ns_steps?: number, adjust_lr_fn?: any}): tocha.optim.Muon
optim.Muon = {}

do
---@class tocha.optim.NAdam: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field betas any
---@field eps number
---@field weight_decay number
---@field momentum_decay number
---@field decoupled_weight_decay boolean
---@field maximize boolean
local object = {}

---optimiser:stage(state): parameters whose states give the same value are updated together.
---@return any ...
function object:stage(state) end

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.NAdam(params, {lr = 0.002, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0,
---momentum_decay = 0.004, decoupled_weight_decay = false, maximize = false}): Adam with Nesterov's
---momentum. Dozat, "Incorporating Nesterov Momentum into Adam" (2016).
---@class tocha.optim.NAdam.class: tocha.Class
---@overload fun(params: table, lr?: number, betas?: any, eps?: number, weight_decay?: number, momentum_decay?: number, decoupled_weight_decay?: boolean, maximize?: boolean): tocha.optim.NAdam
---@overload fun(params: table, options: {lr?: number, betas?: any, eps?: number, weight_decay?: number, momentum_decay?: number, decoupled_weight_decay?: boolean, maximize?: boolean}): tocha.optim.NAdam
optim.NAdam = {}

do
---@class tocha.optim.Optimizer: tocha.Object
---@field params table
local object = {}

---optimiser:add_param_group{ params = list, lr = ..., ... }: what it does not say is as in the
---defaults.
---@return any ...
function object:add_param_group(given) end

---optimiser:advance(closure): the step itself, off the tape. Returns the loss.
---@return any ...
function object:advance(closure) end

---check(self, group)
---What the class demands of a group's options; classes add to it.
---@return any ...
function object:check(group) end

---check_parameter(self)
---What the class demands of a parameter.
---@return any ...
function object:check_parameter() end

---Optimizer.evaluate(closure): the loss, with gradients being recorded.
---@return any ...
function object.evaluate(closure) end

---LRScheduler:extend(name, args): a new class; `last_epoch = -1` is added to its arguments.
---@return any ...
function object:extend(name, args) end

---schedule:fail(format, ...)
---@return any ...
function object:fail(format, ...) end

---optimiser:load_state_dict(dict): goes on where the one that was saved stood. Nothing is changed
---when there is an error.
---@return any ...
function object:load_state_dict(dict) end

---optimiser:need(group, "lr", low, high): the option is a number within [low, high). `where`, when
---given, is the table's name in the message.
---@return any ...
function object:need(group, name, low, high, where) end

---optimiser:need_integer(group, "max_iter", low)
---@return any ...
function object:need_integer(group, name, low) end

---optimiser:need_pair(group, "betas", low, high): a list of two such numbers.
---@return any ...
function object:need_pair(group, name, low, high) end

---run_hooks(self, event, value)
---Runs the hooks of an event in order; what one returns takes the place of `value`.
---@return any ...
function object:run_hooks(event, value) end

---Optimizer.scale(group): what the gradient is multiplied with.
---@return any ...
function object.scale(group) end

---optimiser:stage(state): parameters whose states give the same value are updated together.
---@return any ...
function object:stage(state) end

---optimiser:state_dict(): { state = by number of parameter, param_groups = options and numbers },
---all of it tensors, numbers, strings and tables, for tocha.save. Numbers count from 1. The
---tensors are the optimiser's own: clone them to keep a moment while training goes on.
---@return table<string, any>
function object:state_dict() end

---optimiser:step(closure): updates all parameters that have a gradient. `closure`, where an
---optimiser needs it, clears the gradients, computes the loss and its gradients; its loss is
---returned.
---@return any ...
function object:step(closure) end

---optimiser:zero_grad(set_to_none = true)
---@return any ...
function object:zero_grad(set_to_none) end

end

---optim.Optimizer(...)
---What every optimiser shares: parameter groups, steps, hooks.
---
---A class says its options as a signature and one function:
---
---    local SGD = Optimizer:extend("SGD", "lr = 0.001, momentum = 0")
---    function SGD:update(batch, group) ... end     -- parameters in place, off the tape
---
---and may check a group's options in `check(group)`. A batch (batch.lua) holds the parameters that
---are updated together: those whose `stage(state)` is the same. optimiser = SGD(net:parameters(),
---{lr = 0.1}); the options are in optimiser.param_groups[k] and read at each step, so that
---schedules may change them. Saving is in saved.lua.
---@class tocha.optim.Optimizer.class: tocha.Class
---@overload fun(params?: table, ...: any): tocha.optim.Optimizer
---@overload fun(options: {params?: table}): tocha.optim.Optimizer
optim.Optimizer = {}

do
---@class tocha.optim.RAdam: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field betas any
---@field eps number
---@field weight_decay number
---@field decoupled_weight_decay boolean
---@field maximize boolean
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.RAdam(params, {lr = 0.001, betas = {0.9, 0.999}, eps = 1e-8, weight_decay = 0,
---decoupled_weight_decay = false, maximize = false}): Adam whose first steps are plain momentum,
---until the second moment can be trusted. Liu et al., "On the Variance of the Adaptive Learning
---Rate and Beyond" (2019).
---@class tocha.optim.RAdam.class: tocha.Class
---@overload fun(params: table, lr?: number, betas?: any, eps?: number, weight_decay?: number, decoupled_weight_decay?: boolean, maximize?: boolean): tocha.optim.RAdam
---@overload fun(params: table, options: {lr?: number, betas?: any, eps?: number, weight_decay?: number, decoupled_weight_decay?: boolean, maximize?: boolean}): tocha.optim.RAdam
optim.RAdam = {}

do
---@class tocha.optim.RMSprop: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field alpha number
---@field eps number
---@field weight_decay number
---@field momentum number
---@field centered boolean
---@field maximize boolean
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.RMSprop(params, {lr = 0.01, alpha = 0.99, eps = 1e-8, weight_decay = 0, momentum = 0,
---centered = false, maximize = false}): Hinton's lecture 6e of "Neural Networks for Machine
---Learning" (2012); centred, Graves, "Generating Sequences With Recurrent Neural Networks" (2013).
---@class tocha.optim.RMSprop.class: tocha.Class
---@overload fun(params: table, lr?: number, alpha?: number, eps?: number, weight_decay?: number, momentum?: number, centered?: boolean, maximize?: boolean): tocha.optim.RMSprop
---@overload fun(params: table, options: {lr?: number, alpha?: number, eps?: number, weight_decay?: number, momentum?: number, centered?: boolean, maximize?: boolean}): tocha.optim.RMSprop
optim.RMSprop = {}

do
---@class tocha.optim.Rprop: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field etas any
---@field step_sizes any
---@field maximize boolean
local object = {}

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.Rprop(params, {lr = 0.01, etas = {0.5, 1.2}, step_sizes = {1e-6, 50}, maximize = false}):
---resilient backpropagation, for whole batches: each number has a step size of its own, which
---grows while the sign of its gradient stays and shrinks when it turns. Riedmiller and Braun
---(1993).
---@class tocha.optim.Rprop.class: tocha.Class
---@overload fun(params: table, lr?: number, etas?: any, step_sizes?: any, maximize?: boolean): tocha.optim.Rprop
---@overload fun(params: table, options: {lr?: number, etas?: any, step_sizes?: any, maximize?: boolean}): tocha.optim.Rprop
optim.Rprop = {}

do
---@class tocha.optim.SGD: tocha.optim.Optimizer
---@field params table
---@field lr number
---@field momentum number
---@field dampening number
---@field weight_decay number
---@field nesterov boolean
---@field maximize boolean
local object = {}

---optimiser:stage(state): parameters whose states give the same value are updated together.
---@return any ...
function object:stage(state) end

---ema:update(): averages = decay * averages + (1 - decay) * weights, in one pass.
---@return any ...
function object:update(batch, group) end

end

---optim.SGD(params, {lr = 0.001, momentum = 0, dampening = 0, weight_decay = 0, nesterov = false,
---maximize = false}): stochastic gradient descent. Momentum as in Sutskever et al., "On the
---importance of initialization and momentum in deep learning" (2013), in PyTorch's form: the rate
---multiplies the buffer.
---@class tocha.optim.SGD.class: tocha.Class
---@overload fun(params: table, lr?: number, momentum?: number, dampening?: number, weight_decay?: number, nesterov?: boolean, maximize?: boolean): tocha.optim.SGD
---@overload fun(params: table, options: {lr?: number, momentum?: number, dampening?: number, weight_decay?: number, nesterov?: boolean, maximize?: boolean}): tocha.optim.SGD
optim.SGD = {}

---optim.find_lr(model, criterion, data, optimizer, {start_lr = 1e-7, end_lr = 10, num_iter = 100,
---step_mode = "exp", smooth = 0.8, diverge = 4}): trains for num_iter batches while the rate grows
---from start_lr to end_lr, by equal factors ("exp") or equal steps ("linear"), and stops when the
---running average of the loss is above `diverge` times its least value or no longer finite.
---`smooth` is the weight of what was before in the smoothed loss, 0 for none. data is a
---DataLoader, a list of {x, y}, or a function that returns x, y; it starts again when it ends.
---With several groups lr is the first group's and the others keep their proportion.
---
---Returns { lrs, losses (smoothed), raw (as they were), diverged, suggestion, steepest (where the
---loss falls fastest), valley (fastai's choice), minimum (rate of the lowest loss) }; a field of
---the last four is nil where there is none. The model (parameters, buffers, gradients, modes) and
---the optimiser are as before, also after an error.
---@return any ...
function optim.find_lr(model, criterion, data, optimizer, ...) end

return optim
