-- tocha.optim.swa_utils: averages of weights over training, as in PyTorch.
--
--     local swa = swa_utils.AveragedModel(net)
--     swa:update_parameters(net)                -- after an epoch, or a step
--     swa_utils.update_bn(loader, swa)          -- at the end, where there is batch normalisation
--
-- Stochastic weight averaging: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better
-- Generalization" (2018). optim.EMA is a moving average that needs no second model.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local Module = require "tocha.nn.module"
local LRScheduler = require "tocha.optim.lr_scheduler.scheduler"
local batches_of = require "tocha.optim.batches"

local swa_utils <const> = {}
local lerp <const> = core.kernel.foreach_lerp

-- ---- averages -----------------------------------------------------------------------------------

function swa_utils.check_decay(who, decay)
  if type(decay) ~= "number" or decay ~= decay or decay < 0 or decay > 1 then
    core.fail(who, nil, "decay must be a number from 0 to 1, got %s", tostring(decay))
  end
  return decay
end
local check_decay <const> = swa_utils.check_decay

--- get_ema_multi_avg_fn(decay = 0.999): f(averaged, current, n), lists of tensors: average * decay
--- + current * (1 - decay), in place, in one pass.
function swa_utils.get_ema_multi_avg_fn(decay)
  local weight <const> = 1 - check_decay("get_ema_multi_avg_fn", decay or 0.999)
  return function(averaged, current) lerp(averaged, current, weight) end
end

--- get_swa_multi_avg_fn(): f(averaged, current, n): the plain mean of all models so far.
function swa_utils.get_swa_multi_avg_fn()
  return function(averaged, current, n) lerp(averaged, current, 1 / (n + 1)) end
end

--- get_ema_avg_fn(decay = 0.999), get_swa_avg_fn(): the same for one tensor; they return the new
--- average.
function swa_utils.get_ema_avg_fn(decay)
  decay = check_decay("get_ema_avg_fn", decay or 0.999)
  return function(averaged, current) return averaged * decay + current * (1 - decay) end
end

function swa_utils.get_swa_avg_fn()
  return function(averaged, current, n) return averaged + (current - averaged) / (n + 1) end
end

-- ---- AveragedModel ------------------------------------------------------------------------------

local ARGS <const> = "model, device = nil, avg_fn = nil, multi_avg_fn = nil, use_buffers = false"

--- swa_utils.AveragedModel(model, {device = nil, avg_fn = nil, multi_avg_fn = nil, use_buffers =
--- false}): a module that holds a copy of `model` whose parameters become an average of what
--- update_parameters(model) saw: the plain mean, or what avg_fn(averaged, current, n) returns or
--- multi_avg_fn(averages, currents, n) writes. With use_buffers the buffers are averaged too,
--- otherwise copied. The model's sizes must be known.
local AveragedModel <const> = Module:extend("AveragedModel", ARGS)
AveragedModel.owns = { model = true, device = true, avg_fn = true, multi_avg_fn = true }
swa_utils.AveragedModel = AveragedModel

function AveragedModel:build(args)
  if not Module.is_instance(args.model) then
    core.fail("AveragedModel", 1, "expected a module, got %s", type(args.model))
  end
  if args.avg_fn and args.multi_avg_fn then
    core.fail("AveragedModel", nil, "give avg_fn or multi_avg_fn, not both")
  end
  self.module = args.model:clone()
  if args.device then self.module:to(args.device) end
  self:register_buffer("n_averaged", core.empty({}, "int64"):zero_())
end

function AveragedModel:forward(...) return self.module(...) end

local function with_buffers(model, use_buffers)
  local list <const> = model:parameters()
  if use_buffers then
    local buffers <const> = model:buffers()
    table.move(buffers, 1, #buffers, #list + 1, list)
  end
  return list
end

local function copy_all(to, from)
  for k, x in ipairs(to) do x:copy_(from[k]:detach()) end
end

-- Counters and the like do not mean anything between two values: the newest holds.
local function only_floats(to, from)
  local mine <const>, theirs <const> = {}, {}
  for k, x in ipairs(to) do
    if x:is_floating_point() then
      mine[#mine + 1], theirs[#theirs + 1] = x, from[k]:detach():to(x.device)
    else
      x:copy_(from[k])
    end
  end
  return mine, theirs
end

local function average(args, to, from, n)
  local mine <const>, theirs <const> = only_floats(to, from)
  if not args.avg_fn then
    return (args.multi_avg_fn or swa_utils.get_swa_multi_avg_fn())(mine, theirs, n)
  end
  for k, x in ipairs(mine) do x:copy_(args.avg_fn(x:detach(), theirs[k], n)) end
end

--- averaged:update_parameters(model): one more model goes into the average; the first is copied.
function AveragedModel:update_parameters(model)
  local _ <close> = autograd.no_grad()
  local mine <const>, theirs <const> = with_buffers(self.module, self.use_buffers),
    with_buffers(model, self.use_buffers)
  if #mine ~= #theirs then
    core.fail("update_parameters", 1, "a model of %d tensors, the average has %d", #theirs, #mine)
  end
  local n <const> = self.n_averaged:item()
  if n == 0 then copy_all(mine, theirs) else average(self._args, mine, theirs, n) end
  if not self.use_buffers then copy_all(self.module:buffers(), model:buffers()) end
  self.n_averaged:add_(1)
end

-- ---- batch normalisation ------------------------------------------------------------------------

-- A plain average over all batches: momentum is false meanwhile.
local function reset_norms(model)
  local momenta <const> = {}
  for _, m in ipairs(model:modules()) do
    if m.running_mean and m.num_batches_tracked and getmetatable(m).__name:find "BatchNorm" then
      m.running_mean:zero_()
      m.running_var:fill_(1)
      m.num_batches_tracked:zero_()
      momenta[m] = m.momentum
      m.momentum = false
    end
  end
  return momenta
end

--- swa_utils.update_bn(loader, model, device): the running statistics of batch normalisation anew,
--- from one pass over the loader (a DataLoader, a list of batches, or a function that returns the
--- next). The first value of a batch is the input.
function swa_utils.update_bn(loader, model, device)
  local _ <close> = autograd.no_grad()
  local momenta <const> = reset_norms(model)
  if not next(momenta) then return end
  local was_training <const> = model.is_training
  model:train()
  for x in batches_of(loader) do
    if type(x) == "table" then x = x[1] end
    model(device and x:to(device) or x)
  end
  for m, momentum in pairs(momenta) do m.momentum = momentum end
  model:train(was_training)
end

-- ---- SWALR --------------------------------------------------------------------------------------

--- swa_utils.SWALR(optimiser, swa_lr, {anneal_epochs = 10, anneal_strategy = "cos"}): from the
--- rates of now to swa_lr (a number, or one for each group), where they stay. "linear" is the other
--- strategy.
local SWALR <const> = LRScheduler:extend("SWALR",
  "swa_lr, anneal_epochs = 10, anneal_strategy = 'cos'")
swa_utils.SWALR = SWALR

function SWALR:prepare()
  self:need_integer("anneal_epochs", 0)
  self:one_of("anneal_strategy", { "cos", "linear" })
  local rates <const> = self:for_groups "swa_lr"
  for g, group in ipairs(self.optimizer.param_groups) do group.swa_lr = rates[g] end
end

-- The weight of swa_lr after so many steps.
local function weight_at(self, step)
  local t <const> = math.max(0, math.min(1, step / math.max(1, self.anneal_epochs)))
  return self.anneal_strategy == "linear" and t or (1 - math.cos(math.pi * t)) / 2
end

function SWALR:next(lr, _, group)
  local step = self._step_count - 1
  if self.anneal_epochs == 0 then step = math.max(1, step) end
  local before <const>, now <const> = weight_at(self, step - 1), weight_at(self, step)
  local first <const> = before == 1 and group.swa_lr or (lr - before * group.swa_lr) / (1 - before)
  return group.swa_lr * now + first * (1 - now)
end

return swa_utils
