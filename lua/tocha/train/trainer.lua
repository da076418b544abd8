-- What `compile` makes: a model with its optimiser, its losses and its metrics, and how one batch
-- is trained or tested with them.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local Object = require "tocha.class"
local Loss = require "tocha.train.loss"
local loop = require "tocha.train.loop"
local metrics = require "tocha.train.metrics"
local names = require "tocha.train.names"

local ops <const> = registry.ops
local Trainer <const> = Object:extend "Trainer"

local ARGS <const> = "optimizer = 'rmsprop', loss = nil, metrics = nil, loss_weights = nil, "
  .. "weighted_metrics = nil, regularizer = nil"

-- ---- compile ------------------------------------------------------------------------------------

-- {"mse", delta = 1} is one loss; {"mse", "mae"} and {first = "mse"} are several.
local function is_several(spec)
  if not loop.is_list(spec) then return false end
  return #spec > 1 or type(spec[1]) ~= "string"
end

-- The outputs in order: { key = place or name, label = for the logs }
local function output_keys(model, losses)
  local keys <const> = {}
  for key in pairs(losses) do keys[#keys + 1] = key end
  table.sort(keys, function(a, b) return tostring(a) < tostring(b) end)
  local labels <const> = model.output_names or {}
  for k, key in ipairs(keys) do
    keys[k] = { key = key, label = labels[key] or math.type(key) and ("output_%d"):format(key)
      or key }
  end
  return keys
end

-- What `given` says of an output: the whole, where there is only one.
local function share(given, output)
  if not output.key or given == nil then return given end
  return given[output.key]
end

-- One metric, and no list of some: "accuracy", an object, {"top_k", k = 3}, {"bias", function}.
local function is_one(spec)
  if not loop.is_list(spec) then return true end
  local name <const> = names.spec(spec)
  if not name then return false end
  return #spec == 1 or #spec == 2 and type(spec[2]) == "function" and not metrics.names:has(name)
end

local function as_list(specs)
  if not specs then return {} end
  return is_one(specs) and { specs } or specs
end

local function free_name(self, wanted)
  local name, k = wanted, 1
  while self.taken[name] do
    k = k + 1
    name = ("%s_%d"):format(wanted, k)
  end
  self.taken[name] = true
  return name
end

local function add_metrics(self, output, specs, weighted)
  for _, spec in ipairs(as_list(specs)) do
    local metric <const> = metrics.of("compile", spec, output.loss.logits)
    local label <const> = output.key and output.label .. "_" .. metric.name or metric.name
    self.scores[#self.scores + 1] = { name = free_name(self, label), metric = metric,
      output = output, weighted = weighted }
  end
end

local function add_output(self, output, options)
  output.loss = Loss("compile", share(options.loss, output))
  output.weight = share(options.loss_weights, output) or 1
  if output.key then
    output.mean = metrics.Mean { name = free_name(self, output.label .. "_loss") }
  end
  add_metrics(self, output, share(options.metrics, output), false)
  add_metrics(self, output, share(options.weighted_metrics, output), true)
end

-- All that gathers, in the order of the logs: { name, metric }
local function gatherers(self)
  local list <const> = { { name = "loss", metric = self.total } }
  for _, output in ipairs(self.outputs) do
    if output.mean then list[#list + 1] = { name = output.mean.name, metric = output.mean } end
  end
  return table.move(self.scores, 1, #self.scores, #list + 1, list)
end

--- Trainer(model, ...): as model:compile takes it.
function Trainer:new(model, ...)
  local options <const> = {}
  signature.read(ARGS, "compile", options, ...)
  if options.loss == nil then
    core.fail("compile", "loss", "is missing: give a criterion, a function or one of %s",
      table.concat(Loss.names.list, ", "))
  end
  self.model, self.regularizer = model, options.regularizer
  self.optimizer = names.optimizer("compile", options.optimizer, model:parameters())
  self.total, self.taken = metrics.Mean { name = "loss" }, { loss = true }
  self.scores = {}
  self.outputs = is_several(options.loss) and output_keys(model, options.loss) or { {} }
  for _, output in ipairs(self.outputs) do add_output(self, output, options) end
  self.all = gatherers(self)
end

-- ---- one batch ----------------------------------------------------------------------------------

local function part_of(value, output)
  if not output.key or value == nil then return value end
  return value[output.key]
end

local function check_parts(self, y, t)
  for _, output in ipairs(self.outputs) do
    if output.key and (not loop.is_list(y) or y[output.key] == nil) then
      core.fail("fit", nil, "the model gives no output '%s', for which there is a loss",
        tostring(output.key))
    end
    if not output.key and output.loss.match and loop.is_list(y) then
      core.fail("fit", nil, "the model gives %d outputs: give compile a list of losses, or a "
        .. "function", #y)
    end
    if part_of(t, output) == nil then
      core.fail("fit", "y", "there is no target%s",
        output.key and (" for output '%s'"):format(output.label) or "")
    end
  end
end

local function loss_of(output, y, t, w)
  if w ~= nil and core.is_tensor(w) then return output.loss:weighted(y, t, w) end
  return output.loss:mean(y, t)
end

-- The loss that is differentiated, and remembers those of the single outputs.
local function total_loss(self, y, t, w)
  check_parts(self, y, t)
  local total
  for _, output in ipairs(self.outputs) do
    local mine <const> = loop.is_list(w) and part_of(w, output) or w
    local loss <const> = loss_of(output, part_of(y, output), part_of(t, output), mine)
    output.last = loss:detach()
    local share_of <const> = output.weight == 1 and loss or loss * output.weight
    total = total and total + share_of or share_of
  end
  local penalty <const> = self.regularizer and self.regularizer(self.model)
  return penalty and total + penalty or total
end

-- Outputs off the tape, in the form that they have, where the metrics count: on the host.
local function on_host(y)
  return loop.map(y, function(x) return x:detach():to "cpu" end)
end

-- The means and metrics take a batch.
local function record(self, loss, n, y, t, w)
  self.total:update(loss:item(), n)
  y, t, w = on_host(y), on_host(t), on_host(w)
  for _, output in ipairs(self.outputs) do
    if output.mean then output.mean:update(output.last:item(), n) end
    output.last = nil
  end
  for _, score in ipairs(self.scores) do
    local output <const> = score.output
    local mine <const> = loop.is_list(w) and part_of(w, output) or w
    local target <const> = part_of(t, output)
    score.metric:update(part_of(y, output), target, score.weighted and mine or nil)
  end
end

--- trainer:train_batch(x, t, w, options): one step of train.step; the loss as a number.
function Trainer:train_batch(x, t, w, options)
  x, t, w = loop.beside(self.model, x, t, w)
  local function criterion(y) return total_loss(self, y, t, w) end
  local loss <const>, y <const> = loop.step(self.model, criterion, self.optimizer, x, t, options)
  record(self, loss, loop.size(x), y, t, w)
  return loss
end

--- trainer:test_batch(x, t, w): the same without learning; the model is in evaluation mode.
function Trainer:test_batch(x, t, w)
  local _ <close> = autograd.no_grad()
  x, t, w = loop.beside(self.model, x, t, w)
  local y <const> = loop.call(self.model, x)
  record(self, total_loss(self, y, t, w), loop.size(x), y, t, w)
end

-- ---- what was gathered --------------------------------------------------------------------------

--- trainer:names(): of the logs, in order.
function Trainer:names()
  local list <const> = {}
  for k, each in ipairs(self.all) do list[k] = each.name end
  return list
end

--- trainer:reset(): all means and metrics begin anew.
function Trainer:reset()
  for _, each in ipairs(self.all) do each.metric:reset() end
end

local function value_of(metric)
  local value <const> = metric:compute()
  return core.is_tensor(value) and value:numel() == 1 and value:item() or value
end

--- trainer:value(name): one of them.
function Trainer:value(name)
  for _, each in ipairs(self.all) do
    if each.name == name then return value_of(each.metric) end
  end
end

--- trainer:logs(prefix = ""): what has been gathered, by name; only what is one number.
function Trainer:logs(prefix)
  local logs <const> = {}
  for _, each in ipairs(self.all) do
    local value <const> = value_of(each.metric)
    if type(value) == "number" then logs[(prefix or "") .. each.name] = value end
  end
  return logs
end

--- trainer:values(): all of them in order, also those that are no single numbers.
function Trainer:values()
  local list <const> = {}
  for k, each in ipairs(self.all) do list[k] = value_of(each.metric) end
  return list
end

function Trainer:state_dict()
  local dict <const> = {}
  for _, each in ipairs(self.all) do dict[each.name] = each.metric:state_dict() end
  return dict
end

function Trainer:load_state_dict(dict)
  for _, each in ipairs(self.all) do
    if type(dict[each.name]) ~= "table" then
      core.fail("fit", "resume", "the checkpoint has no metric '%s'", each.name)
    end
    each.metric:load_state_dict(dict[each.name])
  end
end

-- Rows of zeros with a single one, or of shares that sum to one.
local function are_rows(t)
  if t.ndim ~= 2 or t:size(2) == 1 then return false end
  return t:ge(0):all():item() and t:double():sum(2):sub(1):abs():lt(1e-5):all():item()
end

--- trainer.class_weights(weights, t): the weights of targets, (B): keys are the ids as they stand
--- in t, in rows (one-hot) the place of the largest; a class that is not named weighs 1.
function Trainer.class_weights(weights, t)
  if not core.is_tensor(t) then
    core.fail("fit", "class_weight", "is for models with one output; there is sample_weight")
  end
  local ids = are_rows(t) and t:argmax(2) or t
  if ids.ndim > 1 and ids:size(-1) == 1 then ids = ids:squeeze(-1) end
  local w <const> = ops.ones(ids.shape)
  for class, weight in pairs(weights) do w:masked_fill_(ids:eq(class), weight) end
  return w
end

return Trainer
