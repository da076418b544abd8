-- Samplers: which examples an epoch has, in which order, and which make a batch.
--
-- A sampler of your own extends Sampler with `__len` and `indices(seed, epoch)`, which returns
-- places in the data set as an int64 tensor or a list. Whoever wants to resume a run exactly lets
-- them depend on nothing but these two.

local core = require "tocha.core"
local registry = require "tocha.op"
local tensor = require "tocha.tensor"
local Object = require "tocha.class"
local seeds = require "tocha.data.seed"

local ops <const> = registry.ops
local samplers <const> = {}

-- "expected a positive integer" for each of the named values that is not one.
local function check_positive(name, argument, value)
  if math.type(value) ~= "integer" or value < 1 then
    core.fail(name, argument, "expected a positive integer, got %s", tostring(value))
  end
  return value
end

-- How many examples: a number, or what has a length.
local function size_of(name, source)
  if math.type(source) == "integer" and source >= 0 then return source end
  if type(source) == "table" or core.is_tensor(source) then return #source end
  core.fail(name, 1, "expected a data set or its number of examples, got %s", tostring(source))
end

-- A list or a tensor of one dimension.
local function vector(name, argument, values, dtype)
  local x <const> = core.is_tensor(values) and values or tensor.from(values, { dtype = dtype })
  if x.ndim ~= 1 then core.fail(name, argument, "expected a list or a vector") end
  return x
end

--- data.Sampler: what every sampler is.
local Sampler <const> = Object:extend "Sampler"
samplers.Sampler = Sampler

--- sampler:indices(seed, epoch): the places of this epoch, an int64 tensor or a list. Without a
--- seed it is drawn from Tocha's generator.
function Sampler:indices()
  core.fail(getmetatable(self).__name, nil, "this sampler has no indices(seed, epoch)")
end

--- `for i in sampler:iterate(seed, epoch) do`
function Sampler:iterate(seed, epoch)
  local ids <const>, k = vector("Sampler", nil, self:indices(seed, epoch), "int64"):totable(), 0
  return function()
    k = k + 1
    return ids[k]
  end
end

-- A class whose order is drawn: what `draw` takes from the generator depends on the seed alone.
local function random_sampler(name)
  local class <const> = Sampler:extend(name)
  samplers[name] = class
  function class:indices(seed, epoch)
    if self.seed then seed = seeds.mix(self.seed, epoch or 0) end
    return seeds.run(seed, self.draw, self)
  end
  return class
end

--- data.SequentialSampler(set): 1, 2, 3, ... Takes a data set or its number of examples.
local SequentialSampler <const> = Sampler:extend "SequentialSampler"
samplers.SequentialSampler = SequentialSampler

function SequentialSampler:new(set) self.n = size_of("SequentialSampler", set) end
function SequentialSampler:__len() return self.n end
function SequentialSampler:indices() return ops.arange(1, self.n) end

--- data.RandomSampler(set, {replacement = false, num_samples, seed}): in random order; with
--- replacement each is drawn from all. With a seed the order of an epoch is always the same.
local RandomSampler <const> = random_sampler "RandomSampler"

function RandomSampler:new(set, options)
  options = options or {}
  self.n = size_of("RandomSampler", set)
  self.replacement, self.seed = options.replacement, options.seed
  self.num_samples = check_positive("RandomSampler", 2, options.num_samples or math.max(self.n, 1))
end

function RandomSampler:__len() return self.n == 0 and 0 or self.num_samples end

function RandomSampler:draw()
  if self.n == 0 then return ops.arange(1, 0) end
  if self.replacement then return ops.randint(1, self.n, { self.num_samples }) end
  local rounds <const>, left = {}, self.num_samples
  while left > 0 do
    local order <const> = ops.randperm(self.n)
    rounds[#rounds + 1] = order:narrow(1, 1, math.min(left, self.n))
    left = left - self.n
  end
  return ops.cat(rounds)
end

--- data.SubsetRandomSampler(ids, {seed}): these examples in random order.
local SubsetRandomSampler <const> = random_sampler "SubsetRandomSampler"

function SubsetRandomSampler:new(ids, options)
  self.ids = vector("SubsetRandomSampler", 1, ids, "int64")
  self.seed = options and options.seed
end

function SubsetRandomSampler:__len() return #self.ids end
function SubsetRandomSampler:draw() return self.ids:index_select(1, ops.randperm(#self.ids)) end

--- data.WeightedRandomSampler(weights, num_samples, {replacement = true, seed}): example i with a
--- probability in proportion to weights[i].
local WeightedRandomSampler <const> = random_sampler "WeightedRandomSampler"

function WeightedRandomSampler:new(weights, num_samples, options)
  options = options or {}
  self.weights = vector("WeightedRandomSampler", 1, weights, "float64")
  self.num_samples = check_positive("WeightedRandomSampler", 2, num_samples)
  self.replacement, self.seed = options.replacement ~= false, options.seed
end

function WeightedRandomSampler:__len() return self.num_samples end

function WeightedRandomSampler:draw()
  return ops.multinomial(self.weights, self.num_samples, self.replacement)
end

--- data.StratifiedSampler(labels, {seed}): random, but each class spread evenly, so that every
--- batch has its share of each, to within one or two examples. Labels are integers, a list or a
--- tensor.
local StratifiedSampler <const> = random_sampler "StratifiedSampler"

function StratifiedSampler:new(labels, options)
  self.labels = vector("StratifiedSampler", 1, labels, "int64")
  if options ~= nil and type(options) ~= "table" then
    core.fail("StratifiedSampler", 2, "expected options ({seed = 1}), got %s", type(options))
  end
  self.seed = options and options.seed
end

function StratifiedSampler:__len() return #self.labels end

-- Example number r of the n of a class stands at (r + u) / n, with one random u for each class.
function StratifiedSampler:draw()
  local n <const> = #self.labels
  if n == 0 then return ops.arange(1, 0) end
  local order <const> = ops.randperm(n)
  local _, class <const>, count <const> = ops.unique(self.labels:index_select(1, order),
    { return_inverse = true, return_counts = true })
  local by_class <const> = ops.argsort(class, { stable = true })
  local mine <const> = class:index_select(1, by_class)
  local before <const> = ops.cumsum(count, 1) - count
  local rank <const> = ops.arange(0, n - 1) - before:index_select(1, mine)
  local start <const> = ops.rand(#count, { dtype = "float64" })
  local place <const> = (rank + start:index_select(1, mine)) / count:index_select(1, mine)
  return order:index_select(1, by_class:index_select(1, ops.argsort(place)))
end

--- data.DistributedSampler(set, {num_replicas, rank, shuffle = true, seed = 0, drop_last = false}):
--- the part of process `rank` (from 1) of `num_replicas`, all of one size: the order's beginning is
--- used again where the examples do not divide, or its end is left out with drop_last.
local DistributedSampler <const> = Sampler:extend "DistributedSampler"
samplers.DistributedSampler = DistributedSampler

function DistributedSampler:new(set, options)
  self.n = size_of("DistributedSampler", set)
  self.num_replicas = check_positive("DistributedSampler", "num_replicas", options.num_replicas)
  self.rank = check_positive("DistributedSampler", "rank", options.rank)
  if self.rank > self.num_replicas then
    core.fail("DistributedSampler", "rank", "%d is more than the %d replicas", self.rank,
      self.num_replicas)
  end
  self.shuffle, self.seed = options.shuffle ~= false, options.seed or 0
  self.drop_last = options.drop_last
end

function DistributedSampler:__len()
  local replicas <const> = self.num_replicas
  return self.drop_last and self.n // replicas or (self.n + replicas - 1) // replicas
end

-- The seed is the sampler's own: every process must draw the same order.
function DistributedSampler:indices(_, epoch)
  local seed <const> = seeds.mix(self.seed, epoch or 0)
  local order <const> = self.shuffle and seeds.run(seed, ops.randperm, self.n)
    or ops.arange(1, self.n)
  local each <const> = #self
  if each == 0 then return ops.arange(1, 0) end
  local places <const> = ops.arange(self.rank - 1, each * self.num_replicas - 1, self.num_replicas)
  return order:index_select(1, places % self.n + 1)
end

--- data.BatchSampler(sampler, batch_size, drop_last = false): the sampler's places by batches.
local BatchSampler <const> = Object:extend "BatchSampler"
samplers.BatchSampler = BatchSampler

function BatchSampler:new(sampler, batch_size, drop_last)
  self.sampler, self.drop_last = sampler, drop_last or false
  self.batch_size = check_positive("BatchSampler", 2, batch_size)
end

function BatchSampler:__len()
  local n <const>, size <const> = #self.sampler, self.batch_size
  return self.drop_last and n // size or (n + size - 1) // size
end

--- batch_sampler:batches(seed, epoch): an iterator of int64 tensors of places.
function BatchSampler:batches(seed, epoch)
  local order <const> = vector("BatchSampler", nil, self.sampler:indices(seed, epoch), "int64")
  local n <const>, size <const>, k = #order, self.batch_size, 0
  local count <const> = self.drop_last and n // size or (n + size - 1) // size
  return function()
    if k >= count then return nil end
    k = k + 1
    local first <const> = (k - 1) * size + 1
    return order:narrow(1, first, math.min(size, n - first + 1))
  end
end

return samplers
