-- optim.find_lr: which learning rate? One short run with a growing rate, and everything as before.
--
-- Smith, "Cyclical Learning Rates for Training Neural Networks" (2015), section 3.3; smoothing and
-- suggestions as in fastai's lr_find.

local core = require "tocha.core"
local Object = require "tocha.class"
local deepcopy = require "tocha.deepcopy"
local signature = require "tocha.signature"
local Optimizer = require "tocha.optim.optimizer"
local batches_of = require "tocha.optim.batches"

local ARGS <const> = "start_lr = 1e-7, end_lr = 10, num_iter = 100, step_mode = 'exp', "
  .. "smooth = 0.8, diverge = 4"

-- ---- options ------------------------------------------------------------------------------------

local function fail(argument, format, ...) core.fail("find_lr", argument, format, ...) end

local function need(options, name, low, high)
  local v <const> = options[name]
  if type(v) == "number" and v > low and v < high then return end
  fail(nil, "%s must be a number above %g and below %g, got %s", name, low, high,
    signature.text(v))
end

local function read_options(...)
  local options <const> = {}
  signature.read(ARGS, "find_lr", options, ...)
  need(options, "start_lr", 0, math.huge)
  need(options, "end_lr", options.start_lr, math.huge)
  need(options, "smooth", -2 ^ -1074, 1)
  need(options, "diverge", 1, math.huge)
  if math.type(options.num_iter) ~= "integer" or options.num_iter < 2 then
    fail(nil, "num_iter must be an integer from 2, got %s", signature.text(options.num_iter))
  end
  if options.step_mode ~= "exp" and options.step_mode ~= "linear" then
    fail(nil, "step_mode must be exp or linear, got %s", signature.text(options.step_mode))
  end
  return options
end

local function check_arguments(model, criterion, optimizer)
  if type(model) ~= "table" or not model.is_module then
    fail(1, "expected a module, got %s", type(model))
  end
  if type(criterion) ~= "function" and type(criterion) ~= "table" then
    fail(2, "expected a loss module or a function, got %s", type(criterion))
  end
  if type(optimizer) ~= "table" or not optimizer.is or not optimizer:is(Optimizer) then
    fail(4, "expected an optimiser, got %s", type(optimizer))
  end
end

local function rate_at(options, k)
  local part <const> = (k - 1) / (options.num_iter - 1)
  local first <const>, last <const> = options.start_lr, options.end_lr
  if options.step_mode == "linear" then return first + (last - first) * part end
  return first * (last / first) ^ part
end

-- ---- everything as before -----------------------------------------------------------------------

-- Tensors are put back by value: parameters, buffers; then gradients and modes.
local function keep_model(model)
  local values <const>, grads <const>, modes <const> = {}, {}, {}
  for _, list in ipairs { model:parameters(), model:buffers() } do
    for _, x in ipairs(list) do values[x] = x:detach():clone() end
  end
  for _, p in ipairs(model:parameters()) do grads[p] = p.grad or false end
  for _, m in ipairs(model:modules()) do modes[m] = m.is_training end
  return function()
    for x, value in pairs(values) do x:detach():copy_(value) end
    for p, g in pairs(grads) do core.set_grad(p, g or nil) end
    for m, mode in pairs(modes) do rawset(m, "is_training", mode) end
  end
end

-- The run works on a copy of the optimiser's state, so the true one need only be put back.
local function keep_optimizer(optimizer)
  local state <const>, groups <const> = optimizer.state, deepcopy(optimizer.param_groups)
  optimizer:load_state_dict(optimizer:state_dict())
  return function()
    optimizer.state = state
    for g, group in ipairs(optimizer.param_groups) do
      for name in pairs(group) do group[name] = nil end
      for name, value in pairs(groups[g]) do group[name] = value end
    end
  end
end

-- ---- the run ------------------------------------------------------------------------------------

-- Batches without end.
local function endless(data)
  local next_batch, fresh = batches_of(data), true
  return function()
    local x, y = next_batch()
    if x == nil and not fresh then
      next_batch = batches_of(data)
      x, y = next_batch()
    end
    fresh = false
    if x == nil then fail(3, "the data gave no batch") end
    if type(x) == "table" and y == nil then x, y = x[1], x[2] end
    return x, y
  end
end

-- The rates of the groups keep their proportions; the first group's is `lr`.
local function set_rates(optimizer, bases, lr)
  for g, group in ipairs(optimizer.param_groups) do
    group.lr = lr * (bases[1] > 0 and bases[g] / bases[1] or 1)
  end
end

local function train_once(model, criterion, optimizer, x, y)
  optimizer:zero_grad()
  local loss <const> = criterion(model(x), y)
  loss:backward()
  optimizer:step()
  return loss:item()
end

-- A running average that begins at the first value.
local function smoother(smooth)
  local average, n = 0, 0
  return function(loss)
    n = n + 1
    average = smooth * average + (1 - smooth) * loss
    return average / (1 - smooth ^ n)
  end
end

-- The mean of the running averages from both ends, which lags behind neither way.
local function smoothed(raw, smooth)
  local up <const>, down <const>, losses <const> = smoother(smooth), smoother(smooth), {}
  for k = 1, #raw do losses[k] = up(raw[k]) / 2 end
  for k = #raw, 1, -1 do losses[k] = losses[k] + down(raw[k]) / 2 end
  return losses
end

local function run(found, model, criterion, data, optimizer, options)
  local bases <const>, best = {}, math.huge
  for g, group in ipairs(optimizer.param_groups) do bases[g] = group.lr end
  local running <const>, next_batch <const> = smoother(options.smooth), endless(data)
  model:train()
  for k = 1, options.num_iter do
    local lr <const> = rate_at(options, k)
    set_rates(optimizer, bases, lr)
    local loss <const> = train_once(model, criterion, optimizer, next_batch())
    found.diverged = loss ~= loss or math.abs(loss) == math.huge
    if found.diverged then return end
    found.lrs[k], found.raw[k] = lr, loss
    local average <const> = running(loss)
    best = math.min(best, average)
    found.diverged = average > options.diverge * best
    if found.diverged then return end
  end
end

-- ---- suggestions --------------------------------------------------------------------------------

local function lowest(losses)
  local at = 1
  for k, loss in ipairs(losses) do
    if loss < losses[at] then at = k end
  end
  return at
end

-- Where the loss falls fastest per decade, before its lowest point. The first tenth is the start of
-- the average.
local function steepest(found, options)
  local best_slope, at = 0, nil
  for k = options.num_iter // 10 + 2, lowest(found.losses) - 1 do
    local rise <const> = found.losses[k + 1] - found.losses[k - 1]
    local slope <const> = rise / math.log(found.lrs[k + 1] / found.lrs[k - 1])
    if slope < best_slope then best_slope, at = slope, k end
  end
  return at and found.lrs[at]
end

-- fastai's: halfway down the longest falling sequence (not all of whose losses need be neighbours).
local function valley(found)
  local losses <const>, length <const>, last = found.losses, {}, 1
  for i = 1, #losses do
    length[i] = 1
    for j = 1, i - 1 do
      if losses[i] < losses[j] and length[i] < length[j] + 1 then length[i] = length[j] + 1 end
      if length[last] < length[i] then last = i end
    end
  end
  local first <const> = last - length[last]
  local third <const> = (last - first) / 3
  return found.lrs[math.max(1, first + third // 1 + third / 2 // 1)]
end

-- ---- the result ---------------------------------------------------------------------------------

local Found <const> = Object:extend "LRFinder"

function Found:new(options)
  self.lrs, self.losses, self.raw, self.diverged = {}, {}, {}, false
  self.options = options
end

local function add_suggestions(found, options)
  found.losses = smoothed(found.raw, options.smooth)
  if #found.losses == 0 then return end
  found.steepest, found.valley = steepest(found, options), valley(found)
  found.minimum = found.lrs[lowest(found.losses)]
  found.suggestion = found.steepest or found.valley
end

local function text(lr) return lr and ("%.3g"):format(lr) or "none" end

function Found:__tostring()
  local n <const> = #self.lrs
  if n == 0 then return "LRFinder: the first loss was not a finite number" end
  local lines <const> = {
    ("LRFinder: %d rates from %s to %s%s"):format(n, text(self.lrs[1]), text(self.lrs[n]),
      self.diverged and ", where it diverged" or ""),
    ("  suggestion %s (steepest %s, valley %s)"):format(text(self.suggestion),
      text(self.steepest), text(self.valley)),
    ("  lowest loss %.4g at %s"):format(self.losses[lowest(self.losses)], text(self.minimum)),
  }
  return table.concat(lines, "\n")
end

--- optim.find_lr(model, criterion, data, optimizer, {start_lr = 1e-7, end_lr = 10, num_iter = 100,
--- step_mode = "exp", smooth = 0.8, diverge = 4}): trains for num_iter batches while the rate grows
--- from start_lr to end_lr, by equal factors ("exp") or equal steps ("linear"), and stops when the
--- running average of the loss is above `diverge` times its least value or no longer finite.
--- `smooth` is the weight of what was before in the smoothed loss, 0 for none. data is a
--- DataLoader, a list of {x, y}, or a function that returns x, y; it starts again when it ends.
--- With several groups lr is the first group's and the others keep their proportion.
---
--- Returns { lrs, losses (smoothed), raw (as they were), diverged, suggestion, steepest (where the
--- loss falls fastest), valley (fastai's choice), minimum (rate of the lowest loss) }; a field of
--- the last four is nil where there is none. The model (parameters, buffers, gradients, modes) and
--- the optimiser are as before, also after an error.
return function(model, criterion, data, optimizer, ...)
  check_arguments(model, criterion, optimizer)
  local options <const> = read_options(...)
  local found <const> = Found(options)
  local put_back_model <const>, put_back_optimizer <const> = keep_model(model),
    keep_optimizer(optimizer)
  local ok <const>, message <const> = pcall(run, found, model, criterion, data, optimizer, options)
  put_back_model()
  put_back_optimizer()
  if not ok then error(message, 0) end
  add_suggestions(found, options)
  return found
end
