-- Data sets: a number of examples that are asked for by place, and what every one of them can do.
--
-- A data set of your own says how many examples it has and what they are; one example may be
-- several values:
--
--     local Photos = data.Dataset:extend "Photos"
--     function Photos:new(paths) self.paths = paths end
--     function Photos:__len() return #self.paths end
--     function Photos:get(i) return vision.io.read(self.paths[i]), i end
--
-- The methods that make one data set of another compute nothing yet: examples are made when they
-- are asked for. (filter looks at each once.)

local core = require "tocha.core"
local registry = require "tocha.op"
local Object = require "tocha.class"
local collate = require "tocha.data.collate"
local seeds = require "tocha.data.seed"

local ops <const> = registry.ops
local Dataset <const> = Object:extend "Dataset"

local function name_of(set) return getmetatable(set).__name end

-- The classes that are made of other data sets; they extend Dataset, so they load after it.
local function derive(name, ...) return require "tocha.data.derived"[name](...) end

function Dataset:__len() core.fail(name_of(self), nil, "this data set has no __len") end

--- set:get(i): the values of example i, from 1 to #set.
function Dataset:get() core.fail(name_of(self), nil, "this data set has no get(i)") end

--- set:take(ids): the examples of an int64 tensor as one batch: what default_collate makes of them.
--- Data sets that can do it faster have their own.
function Dataset:take(ids) return collate.default_collate(collate.examples(self, ids)) end

--- set:all(): every example, as one batch.
function Dataset:all() return self:take(ops.arange(1, #self)) end

--- `for i, x, y in set:examples() do`: one after the other.
function Dataset:examples()
  local n <const> = #self
  return function(_, i)
    if i < n then return i + 1, self:get(i + 1) end
  end, nil, 0
end

-- A function, or what can be called like one.
local function check_function(who, f)
  local meta <const> = getmetatable(f)
  if type(f) ~= "function" and not (meta and meta.__call) then
    core.fail(who, 1, "expected a function, got %s", type(f))
  end
end

local SHOWN <const> = 5  -- names of classes

local function class_text(set)
  local classes <const> = rawget(set, "classes")
  if type(classes) ~= "table" or type(classes[1]) ~= "string" then return "" end
  local first <const> = table.concat(classes, ", ", 1, math.min(#classes, SHOWN))
  return (", %d classes (%s%s)"):format(#classes, first, #classes > SHOWN and ", ..." or "")
end

--- print(set): "ImageFolder: 6 examples, 2 classes (even, odd)", and the transform.
function Dataset:__tostring()
  local known <const>, count <const> = pcall(function() return #self end)
  local line <const> = ("%s: %s examples%s"):format(name_of(self), known and count or "?",
    class_text(self))
  local transform <const> = rawget(self, "transform")
  if not transform then return line end
  return line .. "\n  transform: " .. tostring(transform):gsub("\n", "\n  ")
end

--- set:map(f): f(example's values...) gives the values of each example, every time it is asked for.
function Dataset:map(f)
  check_function("map", f)
  return derive("MapDataset", self, f)
end

--- set:subset(ids): the examples of a list or an int64 tensor of places, in that order.
function Dataset:subset(ids) return derive("Subset", self, ids) end

--- set:filter(keep): the examples for which keep(values...) is true. Looks at each once, now.
function Dataset:filter(keep)
  check_function("filter", keep)
  local ids <const> = {}
  for i = 1, #self do
    if keep(self:get(i)) then ids[#ids + 1] = i end
  end
  return self:subset(ids)
end

local function between(set, first, last)
  return set:subset(ops.arange(first, math.max(last, first - 1)))
end

--- set:first(n), set:skip(n): the first n examples; all but those.
function Dataset:first(n) return between(self, 1, math.min(n, #self)) end
function Dataset:skip(n) return between(self, n + 1, #self) end

--- set:shuffle(seed): in another order, always the same one for a seed.
function Dataset:shuffle(seed) return self:subset(seeds.run(seed, ops.randperm, #self)) end

--- set:repeated(n): n times one after the other. (`repeat` is a word of Lua's own.)
function Dataset:repeated(n) return self:subset(ops.tile(ops.arange(1, #self), { n })) end

--- set:concat(other, ...): the examples of this one, then those of the others.
function Dataset:concat(...) return derive("ConcatDataset", { self, ... }) end

--- set:zip(other, ...): example i has the values of example i of each, side by side.
function Dataset:zip(...) return derive("ZipDataset", { self, ... }) end

--- set:batch(size, {drop_last = false, collate_fn}): a data set whose examples are batches.
function Dataset:batch(size, options) return derive("BatchDataset", self, size, options) end

--- set:cache(): remembers each example once it was made. (Each worker of a loader remembers its
--- own.)
function Dataset:cache() return derive("CacheDataset", self) end

-- ---- data sets in memory ------------------------------------------------------------------------

--- data.TensorDataset(x, y, ...): example i is x[i], y[i], ...: tensors that share their first
--- size.
local TensorDataset <const> = Dataset:extend "TensorDataset"

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

function TensorDataset:get(i)
  local example <const> = {}
  for k, x in ipairs(self.tensors) do example[k] = x[i] end
  return table.unpack(example)
end

function TensorDataset:take(ids)
  local batch <const> = {}
  for k, x in ipairs(self.tensors) do batch[k] = x:index_select(1, ids) end
  return table.unpack(batch)
end

--- data.ListDataset(list, ...): example i is list[i], ...: any values of Lua.
local ListDataset <const> = Dataset:extend "ListDataset"

function ListDataset:new(...)
  self.lists = { ... }
  if #self.lists == 0 then core.fail("ListDataset", 1, "expected a list") end
  for k, list in ipairs(self.lists) do
    if type(list) ~= "table" then
      core.fail("ListDataset", k, "expected a list, got %s", type(list))
    end
    if #list ~= #self then
      core.fail("ListDataset", k, "has %d examples, argument 1 has %d", #list, #self)
    end
  end
end

function ListDataset:__len() return #self.lists[1] end

local function check_place(name, set, i)
  if math.type(i) ~= "integer" or i < 1 or i > #set then
    core.fail(name, nil, "there is no example %s among %d", tostring(i), #set)
  end
end

function ListDataset:get(i)
  check_place("ListDataset", self, i)
  local example <const> = {}
  for k, list in ipairs(self.lists) do example[k] = list[i] end
  return table.unpack(example, 1, #self.lists)
end

--- data.FunctionDataset(n, f): n examples, of which f(i) makes the i-th.
local FunctionDataset <const> = Dataset:extend "FunctionDataset"

function FunctionDataset:new(n, f)
  if math.type(n) ~= "integer" or n < 0 then
    core.fail("FunctionDataset", 1, "expected the number of examples, got %s", tostring(n))
  end
  self.n, self.f = n, f
end

function FunctionDataset:__len() return self.n end

function FunctionDataset:get(i)
  check_place("FunctionDataset", self, i)
  return self.f(i)
end

return {
  Dataset = Dataset, TensorDataset = TensorDataset, ListDataset = ListDataset,
  FunctionDataset = FunctionDataset,
}
