-- tocha.data: data sets in memory, random splits, batches.
--
--     local all = data.TensorDataset(images, labels)
--     local train, test = data.random_split(all, {0.8, 0.2}, {seed = 1})
--     local loader = data.DataLoader(train, {batch_size = 64, shuffle = true})
--     for x, y in loader:batches() do ... end
--
-- Data sets are tensors that share their first dimension. Other sources, transforms and worker
-- processes are not here yet.

local core = require "tocha.core"
local registry = require "tocha.op"
local random = require "tocha.random"
local Object = require "tocha.class"

local ops <const> = registry.ops
local data <const> = { digits = require "tocha.data.digits" }

-- ---- data sets ----------------------------------------------------------------------------------

--- data.TensorDataset(x, y, ...): example i is x[i], y[i], ...; #dataset examples.
local TensorDataset <const> = Object:extend "TensorDataset"
data.TensorDataset = TensorDataset

function TensorDataset:new(...)
  self.tensors = { ... }
  if #self.tensors == 0 then core.fail("TensorDataset", 1, "expected a tensor") end
  for k, x in ipairs(self.tensors) do
    if not core.is_tensor(x) or x.ndim == 0 then
      core.fail("TensorDataset", k, "expected a tensor with at least one dimension")
    end
    if x:size(1) ~= #self then
      core.fail("TensorDataset", k, "has %d examples, argument 1 has %d", x:size(1), #self)
    end
  end
end

function TensorDataset:__len() return self.tensors[1]:size(1) end

--- dataset:get(i): the tensors of example i.
function TensorDataset:get(i)
  local example <const> = {}
  for k, x in ipairs(self.tensors) do example[k] = x[i] end
  return table.unpack(example)
end

--- dataset:take(ids): the tensors of these examples (an int64 tensor), stacked.
function TensorDataset:take(ids)
  local batch <const> = {}
  for k, x in ipairs(self.tensors) do batch[k] = x:index_select(1, ids) end
  return table.unpack(batch)
end

-- ---- splits -------------------------------------------------------------------------------------

-- A permutation of 1..n of its own seed; the generator goes on where it was.
local function permutation(n, seed)
  if not seed then return ops.randperm(n) end
  local state <const> = random.get_rng_state()
  random.manual_seed(seed)
  local ids <const> = ops.randperm(n)
  random.set_rng_state(state)
  return ids
end

-- Fractions become counts; what rounding leaves goes to the first parts, one each.
local function counts_of(lengths, n)
  local counts <const>, sum = {}, 0
  for k, length in ipairs(lengths) do
    counts[k] = math.type(length) == "integer" and length or math.floor(length * n + 1e-9)
    sum = sum + length
  end
  if math.abs(sum - 1) < 1e-6 then
    local left = n
    for _, count in ipairs(counts) do left = left - count end
    for k = 1, left do counts[k] = counts[k] + 1 end
  elseif sum ~= n then
    core.fail("random_split", 2, "the lengths sum to %s, neither 1 nor the %d examples", sum, n)
  end
  return counts
end

--- data.random_split(dataset, lengths, {seed}): data sets of so many examples, or such fractions
--- of them, drawn without repetition. With a seed the split is always the same.
function data.random_split(dataset, lengths, options)
  local order <const> = permutation(#dataset, options and options.seed)
  local parts <const>, first = {}, 1
  for k, count in ipairs(counts_of(lengths, #dataset)) do
    parts[k] = TensorDataset(dataset:take(order:narrow(1, first, count)))
    first = first + count
  end
  return table.unpack(parts)
end

-- ---- batches ------------------------------------------------------------------------------------

--- data.DataLoader(dataset, {batch_size = 1, shuffle = false, drop_last = false}); #loader batches.
local DataLoader <const> = Object:extend "DataLoader"
data.DataLoader = DataLoader

local OPTIONS <const> = { batch_size = true, shuffle = true, drop_last = true }

function DataLoader:new(dataset, options)
  options = options or {}
  for name in pairs(options) do
    if not OPTIONS[name] then core.fail("DataLoader", 2, "unknown option '%s'", tostring(name)) end
  end
  self.dataset, self.batch_size = dataset, options.batch_size or 1
  self.shuffle, self.drop_last = options.shuffle, options.drop_last
  if math.type(self.batch_size) ~= "integer" or self.batch_size < 1 then
    core.fail("DataLoader", 2, "batch_size: expected a positive integer, got %s",
      tostring(self.batch_size))
  end
end

function DataLoader:__len()
  local n <const> = #self.dataset
  return self.drop_last and n // self.batch_size or (n + self.batch_size - 1) // self.batch_size
end

--- loader:batches(): an iterator of batches, one pass; shuffled anew each time where asked for.
function DataLoader:batches()
  local n <const>, step <const>, batches <const> = #self.dataset, self.batch_size, #self
  local order <const> = self.shuffle and ops.randperm(n) or ops.arange(1, n)
  local k = 0
  return function()
    if k >= batches then return nil end
    local first <const> = k * step + 1
    k = k + 1
    return self.dataset:take(order:narrow(1, first, math.min(step, n - first + 1)))
  end
end

return data
