-- model:evaluate and model:predict.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local registry = require "tocha.op"
local signature = require "tocha.signature"
local Callback = require "tocha.train.callback"
local checkpoint = require "tocha.train.checkpoint"
local ProgressBar = require "tocha.train.bar"
local feed = require "tocha.train.feed"
local loop = require "tocha.train.loop"

local evaluate <const> = {}

local EVALUATE <const> = "x = nil, y = nil, batch_size = 32, verbose = 0, sample_weight = nil, "
  .. "steps = nil, callbacks = nil, return_dict = false, data = nil"
local PREDICT <const> = "x = nil, batch_size = 32, verbose = 0, steps = nil, callbacks = nil, "
  .. "data = nil"

local Restore <const> = { __close = function(state) checkpoint.set_random_state(state) end }

-- The first `limit` batches, counted, between their hooks. The random numbers that a loader draws
-- for itself are not missed elsewhere: training goes on as if nobody had looked.
local function each_batch(source, limit, callbacks, hook, f)
  local _ <close> = setmetatable(checkpoint.random_state(), Restore)
  local k = 0
  for x, y, w in source:batches() do
    k = k + 1
    callbacks:call(hook .. "_batch_begin", k, {})
    local logs <const> = f(x, y, w)
    callbacks:call(hook .. "_batch_end", k, logs or {})
    if k == limit then break end
  end
  if k == 0 then core.fail(hook, "x", "there are no examples") end
end

--- evaluate.run(trainer, source, callbacks, limit): the logs of all batches.
function evaluate.run(trainer, source, callbacks, limit)
  local _ <close> = loop.mode(trainer.model, false)
  trainer:reset()
  callbacks:call("test_begin", {})
  each_batch(source, limit, callbacks, "test", function(x, y, w)
    trainer:test_batch(x, y, w)
    return callbacks:has "test_batch_end" and trainer:logs()
  end)
  local logs <const> = trainer:logs()
  callbacks:call("test_end", logs)
  return logs
end

local function callbacks_of(model, source, names, o)
  local list <const> = table.move(o.callbacks or {}, 1, #(o.callbacks or {}), 1, {})
  if o.verbose ~= 0 and o.verbose ~= false then table.insert(list, 1, ProgressBar()) end
  return Callback.List(list, model, { steps = o.steps or source:count(), names = names,
    verbose = o.verbose == true and 1 or o.verbose })
end

--- evaluate.evaluate(model, trainer, ...): model:evaluate (nn/trained.lua).
function evaluate.evaluate(model, trainer, ...)
  local o <const> = {}
  signature.read(EVALUATE, "evaluate", o, ...)
  if o.x == nil then o.x = o.data end
  local source <const> = feed.of("evaluate", o.x, o.y, o.sample_weight,
    { batch_size = o.batch_size })
  local callbacks <const> = callbacks_of(model, source, trainer:names(), o)
  local logs <const> = evaluate.run(trainer, source, callbacks, o.steps)
  if o.return_dict then return logs end
  return table.unpack(trainer:values())
end

-- ---- predict ------------------------------------------------------------------------------------

-- Outputs of all batches in one; of several outputs each.
local function join(list)
  if core.is_tensor(list[1]) then return registry.ops.cat(list) end
  local joined <const> = {}
  for key in pairs(list[1]) do
    local parts <const> = {}
    for k, each in ipairs(list) do parts[k] = each[key] end
    if key ~= "n" then joined[key] = join(parts) end
  end
  return joined
end

local function predict_source(o)
  if feed.is_source(o.x) then return feed.of_source(o.x, { batch_size = o.batch_size }) end
  return feed.of("predict", o.x, nil, nil, { batch_size = o.batch_size })
end

--- evaluate.predict(model, ...): model:predict (nn/trained.lua).
function evaluate.predict(model, ...)
  local o <const> = {}
  signature.read(PREDICT, "predict", o, ...)
  if o.x == nil then o.x = o.data end
  local source <const> = predict_source(o)
  local callbacks <const> = callbacks_of(model, source, {}, o)
  local _ <close> = loop.mode(model, false)
  local _ <close> = autograd.no_grad()
  local list <const> = {}
  callbacks:call("predict_begin", {})
  each_batch(source, o.steps, callbacks, "predict", function(x)
    list[#list + 1] = loop.call(model, loop.beside(model, x))
  end)
  callbacks:call("predict_end", {})
  return join(list)
end

return evaluate
