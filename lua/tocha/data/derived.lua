-- Data sets made of other data sets. Dataset's methods are the usual way to them.
--
-- They take any object with `#set` and `set:get(i)`, and use its `take` where it has one.

local core = require "tocha.core"
local registry = require "tocha.op"
local tensor = require "tocha.tensor"
local collate = require "tocha.data.collate"
local Dataset = require "tocha.data.dataset".Dataset

local ops <const> = registry.ops
local derived <const> = {}

local function check_set(name, argument, set)
  local meta <const> = type(set) == "table" and getmetatable(set)
  if not (meta and meta.__len and set.get) then
    core.fail(name, argument, "expected a data set (#set and set:get(i)), got %s", type(set))
  end
end

local function class(name)
  local made <const> = Dataset:extend(name)
  derived[name] = made
  return made
end

-- ---- chosen examples ----------------------------------------------------------------------------

--- data.Subset(set, ids): example k is example ids[k] of the set; ids is a list or an int64 tensor.
local Subset <const> = class "Subset"

local function checked_places(ids, n)
  if not core.is_tensor(ids) then ids = tensor.from(ids, { dtype = "int64" }) end
  if ids.ndim ~= 1 then core.fail("Subset", 2, "expected a list of places") end
  if #ids > 0 and (ids:min():item() < 1 or ids:max():item() > n) then
    core.fail("Subset", 2, "places go from %d to %d, the data set has %d examples",
      ids:min():item(), ids:max():item(), n)
  end
  return ids
end

function Subset:new(set, ids)
  check_set("Subset", 1, set)
  ids = checked_places(ids, #set)
  if Dataset.is(set, Subset) then  -- of a subset: straight from its source
    set, ids = set.dataset, set.indices:index_select(1, ids)
  end
  self.dataset, self.indices = set, ids
end

function Subset:__len() return #self.indices end
function Subset:get(k) return self.dataset:get(self.indices[k]:item()) end
function Subset:take(ids) return collate.batch(self.dataset, self.indices:index_select(1, ids)) end

-- ---- changed examples ---------------------------------------------------------------------------

--- data.MapDataset(set, f): f of each example's values.
local MapDataset <const> = class "MapDataset"

function MapDataset:new(set, f)
  check_set("MapDataset", 1, set)
  self.dataset, self.f = set, f
end

function MapDataset:__len() return #self.dataset end
function MapDataset:get(i) return self.f(self.dataset:get(i)) end

--- data.CacheDataset(set): makes each example once and keeps it.
local CacheDataset <const> = class "CacheDataset"

function CacheDataset:new(set)
  check_set("CacheDataset", 1, set)
  self.dataset, self.kept = set, {}
end

function CacheDataset:__len() return #self.dataset end

function CacheDataset:get(i)
  local kept = self.kept[i]
  if not kept then
    kept = table.pack(self.dataset:get(i))
    self.kept[i] = kept
  end
  return table.unpack(kept, 1, kept.n)
end

--- data.BatchDataset(set, size, {drop_last, collate_fn}): example k is the k-th batch of the set.
local BatchDataset <const> = class "BatchDataset"

function BatchDataset:new(set, size, options)
  check_set("BatchDataset", 1, set)
  if math.type(size) ~= "integer" or size < 1 then
    core.fail("BatchDataset", 2, "expected a positive integer, got %s", tostring(size))
  end
  self.dataset, self.size = set, size
  self.drop_last, self.collate_fn = options and options.drop_last, options and options.collate_fn
end

function BatchDataset:__len()
  local n <const>, size <const> = #self.dataset, self.size
  return self.drop_last and n // size or (n + size - 1) // size
end

function BatchDataset:get(k)
  if k < 1 or k > #self then
    core.fail("BatchDataset", 1, "there is no batch %d of %d", k, #self)
  end
  local last <const> = math.min(k * self.size, #self.dataset)
  local ids <const> = ops.arange((k - 1) * self.size + 1, last)
  return collate.batch(self.dataset, ids, self.collate_fn)
end

-- ---- several sets -------------------------------------------------------------------------------

local function check_list(name, sets)
  if type(sets) ~= "table" or #sets == 0 then
    core.fail(name, 1, "expected a list of data sets")
  end
  for k, set in ipairs(sets) do check_set(name, k, set) end
end

--- data.ConcatDataset({set, ...}): one after the other.
local ConcatDataset <const> = class "ConcatDataset"

function ConcatDataset:new(sets)
  check_list("ConcatDataset", sets)
  self.datasets, self.ends = sets, {}
  local sum = 0
  for k, set in ipairs(sets) do
    sum = sum + #set
    self.ends[k] = sum
  end
end

function ConcatDataset:__len() return self.ends[#self.ends] end

function ConcatDataset:get(i)
  local before = 0
  for k, last in ipairs(self.ends) do
    if i <= last then return self.datasets[k]:get(i - before) end
    before = last
  end
  core.fail("ConcatDataset", 1, "there is no example %d among %d", i, #self)
end

--- data.ZipDataset({set, ...}): side by side. They have the same number of examples.
local ZipDataset <const> = class "ZipDataset"

function ZipDataset:new(sets)
  check_list("ZipDataset", sets)
  for k, set in ipairs(sets) do
    if #set ~= #sets[1] then
      core.fail("ZipDataset", k, "has %d examples, the first has %d", #set, #sets[1])
    end
  end
  self.datasets = sets
end

function ZipDataset:__len() return #self.datasets[1] end

-- The values of each set after those of the one before.
local function side_by_side(sets, values_of, which)
  local all <const>, n = {}, 0
  for _, set in ipairs(sets) do
    local values <const> = table.pack(values_of(set, which))
    table.move(values, 1, values.n, n + 1, all)
    n = n + values.n
  end
  return table.unpack(all, 1, n)
end

function ZipDataset:get(i)
  return side_by_side(self.datasets, function(set, k) return set:get(k) end, i)
end

function ZipDataset:take(ids) return side_by_side(self.datasets, collate.batch, ids) end

return derived
