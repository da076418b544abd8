-- What makes a loader's batches, in the caller's state or in a worker's.
--
-- Promises that a batch is the same wherever it is made: what its examples draw from the generators
-- depends on the epoch's seed and on the number of the batch.

local core = require "tocha.core"
local Object = require "tocha.class"
local collate = require "tocha.data.collate"
local iterable = require "tocha.data.iterable"
local seeds = require "tocha.data.seed"

local worker <const> = {}

--- worker.info: { id, num_workers, dataset } in a worker, nil elsewhere.
worker.info = nil

-- ---- data sets with places ----------------------------------------------------------------------

local function make_by_place(setup)
  return function(seed, k, ids)
    local _ <close> = seeds.stream(seeds.mix(seed, k)):enter()
    if not setup.batch_size then return setup.dataset:get(ids) end
    return collate.batch(setup.dataset, ids, setup.collate_fn)
  end
end

-- ---- data sets without --------------------------------------------------------------------------

-- One pass, by batches, of which `at` were read. It has a place of its own in the generators.
local Pass <const> = Object:extend "Pass"

function Pass:new(setup, set, seed)
  self.setup, self.set, self.at, self.stream = setup, set, 0, seeds.stream(seed)
end

-- The next examples; an empty list when there are none, or too few.
function Pass:read()
  local setup <const> = self.setup
  self.step = self.step or self.set:stepper()
  self.at = self.at + 1
  local list <const> = iterable.list_of(self.step, setup.batch_size or 1)
  return setup.drop_last and #list < setup.batch_size and {} or list
end

--- pass:batch(k): batch k, or nothing after the last. Those before it are read and left out.
function Pass:batch(k)
  local _ <close> = self.stream:enter()
  local list
  while self.at < k do list = self:read() end
  if #list == 0 then return end
  if not self.setup.batch_size then return table.unpack(list[1], 1, list[1].n) end
  return (self.setup.collate_fn or collate.default_collate)(list)
end

-- Which data set this worker reads, and its number for batch k of all.
local function part_of(setup)
  local set <const>, info <const> = setup.dataset, worker.info
  if not (info and set.shard) then return set, function(k) return k end, 0 end
  local n <const> = info.num_workers
  return set:shard(info.id, n), function(k) return (k - 1) // n + 1 end, info.id
end

local function make_in_order(setup)
  local set <const>, number <const>, salt <const> = part_of(setup)
  local pass, of_seed
  return function(seed, k)
    if seed ~= of_seed then pass, of_seed = Pass(setup, set, seeds.mix(seed, salt)), seed end
    return pass:batch(number(k))
  end
end

--- Is it read through, and has no places?
function worker.is_stream(set) return set.iterate ~= nil and set.get == nil end

-- The tensors in a value, pinned; the back end is loaded.
local function pinned(value)
  if core.is_tensor(value) then return value.device == "cpu" and core.cuda.pin(value) or value end
  if type(value) ~= "table" or getmetatable(value) then return value end
  local copy <const> = {}
  for k, v in pairs(value) do copy[k] = pinned(v) end
  return copy
end

local function all_pinned(...)
  local values <const> = table.pack(...)
  for k = 1, values.n do values[k] = pinned(values[k]) end
  return table.unpack(values, 1, values.n)
end

--- worker.maker(setup): a function make(seed, k, ids) that returns the values of batch k of the
--- epoch with this seed; nothing when an IterableDataset has no batch k. `setup` has dataset,
--- collate_fn, batch_size (false: no batches, single examples), drop_last and pin_memory.
function worker.maker(setup)
  local make <const> = (worker.is_stream(setup.dataset) and make_in_order or make_by_place)(setup)
  if not setup.pin_memory then return make end
  return function(...) return all_pinned(make(...)) end
end

return worker
