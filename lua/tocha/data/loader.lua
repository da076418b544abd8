-- DataLoader: a data set by batches, in an order that a seed decides, made here or by worker
-- threads.
--
-- Promises: the same batches, bit for bit, with any number of workers; an epoch that can be taken
-- up in its middle (state_dict); and that no worker is left when a loop has ended, however it
-- ended.

local core = require "tocha.core"
local tensor = require "tocha.tensor"
local Object = require "tocha.class"
local samplers = require "tocha.data.sampler"
local seeds = require "tocha.data.seed"
local worker = require "tocha.data.worker"

local DataLoader <const> = Object:extend "DataLoader"

-- ---- options ------------------------------------------------------------------------------------

local function positive(value) return math.type(value) == "integer" and value > 0 end
local function boolean(value) return type(value) == "boolean" end
local function callable(value)
  local meta <const> = getmetatable(value)
  return type(value) == "function" or type(meta) == "table" and meta.__call ~= nil
end
local function table_or_object(value) return type(value) == "table" end

-- Option -> what it must be, and a test of that.
local OPTIONS <const> = {
  batch_size = { "a positive integer or false", function(v) return v == false or positive(v) end },
  shuffle = { "a boolean", boolean },
  drop_last = { "a boolean", boolean },
  pin_memory = { "a boolean", boolean },
  sampler = { "a sampler", table_or_object },
  batch_sampler = { "a BatchSampler or a list of lists", table_or_object },
  collate_fn = { "a function", callable },
  seed = { "an integer", function(v) return math.type(v) == "integer" end },
  num_workers = { "a number of threads", function(v) return v == 0 or positive(v) end },
  prefetch_factor = { "a positive integer", positive },
  worker_init_fn = { "a function", callable },
  persistent_workers = { "a boolean", boolean },
  timeout = { "a number of seconds", function(v) return type(v) == "number" and v >= 0 end },
}

local function check_options(options)
  if type(options) ~= "table" then
    core.fail("DataLoader", 2, "expected a table of options ({batch_size = 32}), got %s",
      type(options))
  end
  for name, value in pairs(options) do
    local rule <const> = OPTIONS[name]
    if not rule then core.fail("DataLoader", 2, "unknown option '%s'", tostring(name)) end
    if not rule[2](value) then
      core.fail("DataLoader", 2, "%s: expected %s, got %s", name, rule[1], tostring(value))
    end
  end
end

-- Of two options that say the same thing, the second must be absent.
local EXCLUDE <const> = {
  { "batch_sampler", { "batch_size", "shuffle", "sampler", "drop_last" } },
  { "sampler", { "shuffle" } },
}

local function check_exclusive(options)
  for _, pair in ipairs(EXCLUDE) do
    for _, other in ipairs(options[pair[1]] and pair[2] or {}) do
      if options[other] then
        core.fail("DataLoader", 2, "%s excludes %s", pair[1], other)
      end
    end
  end
end

local function check_dataset(set, options)
  local meta <const> = type(set) == "table" and getmetatable(set)
  if meta and worker.is_stream(set) then
    for _, name in ipairs { "shuffle", "sampler", "batch_sampler" } do
      if options[name] then
        core.fail("DataLoader", 2, "%s: an IterableDataset has an order of its own, which "
          .. "set:shuffle(buffer_size) mixes", name)
      end
    end
  elseif not (meta and meta.__len and (set.get or set.take)) then
    core.fail("DataLoader", 1, "expected a data set (#set and set:get(i)), got a %s%s", type(set),
      type(set) == "table" and ": data.ListDataset makes one of a list" or "")
  end
end

-- ---- order --------------------------------------------------------------------------------------

-- A list of lists of places as a batch sampler.
local function fixed_batches(list)
  local fixed <const> = setmetatable({}, { __len = function() return #list end })
  function fixed.batches()
    local k = 0
    return function()
      k = k + 1
      return list[k] and (core.is_tensor(list[k]) and list[k] or tensor.from(list[k], "int64"))
    end
  end
  return fixed
end

local function sampler_of(self, options)
  if options.sampler then return options.sampler end
  return (options.shuffle and samplers.RandomSampler or samplers.SequentialSampler)(self.dataset)
end

-- What says which examples the batches have: with #, and batches(seed, epoch).
local function order_of(self, options)
  local given <const> = options.batch_sampler
  if given then return given.batches and given or fixed_batches(given) end
  local sampler <const> = sampler_of(self, options)
  if self.batch_size then
    return samplers.BatchSampler(sampler, self.batch_size, self.drop_last)
  end
  local singles <const> = setmetatable({}, { __len = function() return #sampler end })
  function singles.batches(_, seed, epoch) return sampler:iterate(seed, epoch) end
  return singles
end

local function endless() return function() return true end end

-- ---- the loader ---------------------------------------------------------------------------------

--- data.DataLoader(dataset, options). Options, with their defaults:
---   batch_size = 1       false: no batches, `get`'s values one by one
---   shuffle = false      a new order each epoch
---   drop_last = false    leave out a last batch that is not full
---   sampler              which examples, in which order (excludes shuffle)
---   batch_sampler        which examples make which batch: a BatchSampler or a list of lists
---   collate_fn           makes a batch of a list of examples (collate.lua); default_collate
---   seed                 of the order and of what examples draw; else from Tocha's generator
---   num_workers = 0      threads that make the batches; 0: they are made here, when asked for
---   prefetch_factor = 2  batches that each worker makes ahead
---   worker_init_fn       called in each worker, with its number, when it starts
---   persistent_workers = false   keep the workers from epoch to epoch
---   timeout = 0          seconds to wait for a batch before that is an error; 0: no limit
---   pin_memory           batches in page-locked memory, for x:to("cuda", {non_blocking = true});
---                        without a CUDA device it means nothing
--- The data set and the functions are copied into each worker (tocha.threads says how; tensors are
--- shared), when an epoch begins: what a worker changes in them, only it sees.
function DataLoader:new(dataset, options)
  options = options or {}
  check_options(options)
  check_exclusive(options)
  check_dataset(dataset, options)
  self.dataset, self.collate_fn, self.seed = dataset, options.collate_fn, options.seed
  self.batch_size, self.drop_last = options.batch_size, options.drop_last or false
  if self.batch_size == nil then self.batch_size = 1 end
  self.num_workers, self.prefetch_factor = options.num_workers or 0, options.prefetch_factor or 2
  self.worker_init_fn, self.persistent_workers = options.worker_init_fn, options.persistent_workers
  self.pin_memory = options.pin_memory and require("tocha.cuda").is_available() or false
  self.timeout = options.timeout ~= 0 and options.timeout or nil
  if not worker.is_stream(dataset) then self.order = order_of(self, options) end
  self.progress = { epoch = 0, seed = 0, batch = 0, finished = true }
end

--- #loader: the batches of an epoch.
function DataLoader:__len()
  if not self.order then core.fail("DataLoader", nil, "an IterableDataset has no length") end
  return #self.order
end

-- `for x in loader do` would call it.
function DataLoader:__call()
  core.fail("DataLoader", nil, "an epoch is `for x, y in loader:batches() do`")
end

-- ---- where an epoch is --------------------------------------------------------------------------

local STATE <const> = { "epoch", "seed", "batch" }

local function copy_of(state)
  local copy <const> = { finished = state.finished }
  for _, name in ipairs(STATE) do
    if math.type(state[name]) ~= "integer" then
      core.fail("load_state_dict", 1, "%s is no integer: expected what state_dict returned", name)
    end
    copy[name] = state[name]
  end
  return copy
end

--- loader:state_dict(): how many batches of which epoch were handed out. A loader of the same data
--- set and options that loads it goes on with the next batch.
function DataLoader:state_dict() return copy_of(self.progress) end

--- loader:load_state_dict(state): the next `batches()` begins where the state was taken: after the
--- last batch with an empty rest of the epoch, and after the loop has ended with the next epoch.
function DataLoader:load_state_dict(state)
  if type(state) ~= "table" then core.fail("load_state_dict", 1, "expected a table") end
  self.progress = copy_of(state)
  self.resumed = not state.finished
end

-- The progress that an epoch begins with.
local function begin(self)
  if self.resumed then
    self.resumed = false
  else
    local epoch <const> = self.progress.epoch + 1
    local seed <const> = self.seed and seeds.mix(self.seed, epoch) or seeds.fresh()
    self.progress = { epoch = epoch, seed = seed, batch = 0, finished = false }
  end
  return self.progress
end

-- An iterator of the places of the batches that are left.
local function places_left(self, progress)
  local next_ids <const> = (self.order and self.order.batches or endless)(self.order, progress.seed,
    progress.epoch)
  for _ = 1, self.order and progress.batch or 0 do next_ids() end
  return next_ids
end

-- ---- an epoch -----------------------------------------------------------------------------------

-- Batch after batch, made when it is asked for: a function that returns its number and its values.
local function made_here(self, progress, next_ids)
  local make <const>, at = worker.maker(self), progress.batch
  return function()
    local ids <const> = next_ids()
    if not ids then return end
    at = at + 1
    return at, make(progress.seed, at, ids)
  end, function() end
end

local function made_by_workers(...) return require "tocha.data.loader_workers".start(...) end

-- What a generic `for` takes. After the end, an error, or a loop that was left, it gives nothing.
local function iterator(progress, next_batch, finish)
  local ended = false
  local function close(complete)
    if finish then finish(complete) end
    ended, finish = true, nil
  end
  local function deliver(at, ...)
    ended = false
    if (...) == nil then
      progress.finished = true
      return close(true)
    end
    progress.batch = at
    return ...
  end
  local function step()
    if ended then return end
    ended = true  -- unless it comes to a batch
    return deliver(next_batch())
  end
  return step, nil, nil, setmetatable({}, { __close = function() close(false) end })
end

--- loader:batches(): `for x, y in loader:batches() do`: one epoch; each call begins the next one.
function DataLoader:batches()
  local progress <const> = begin(self)
  local make <const> = self.num_workers > 0 and made_by_workers or made_here
  return iterator(progress, make(self, progress, places_left(self, progress)))
end

--- loader:close(): ends the workers that persistent_workers kept.
function DataLoader:close()
  if self.kept then self.kept:close() end
  self.kept = nil
end

--- data.get_worker_info(): { id, num_workers, dataset } in a worker, nil elsewhere.
local function get_worker_info() return worker.info end

return { DataLoader = DataLoader, get_worker_info = get_worker_info }
