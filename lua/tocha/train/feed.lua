-- Where fit, evaluate and predict take their batches from: tensors, data sets, loaders, functions.
--
--     for x, y, w in feed:batches() do ... end       -- #feed batches, or nil where not known
--
-- Tensors x, y and weights w, or lists of tensors for several inputs or outputs, are one data set
-- whose examples stay together; numbers in nested tables become tensors. Data sets and loaders give
-- x, y and, if they like, weights as a third value.

local core = require "tocha.core"
local data = require "tocha.data"
local tensor = require "tocha.tensor"
local Object = require "tocha.class"
local loop = require "tocha.train.loop"

local feed <const> = {}

-- ---- tensors ------------------------------------------------------------------------------------

-- A tensor, a list of tensors, or numbers in nested tables that become one.
local function as_tensors(who, name, value)
  if value == nil or core.is_tensor(value) then return value end
  if not loop.is_list(value) then
    core.fail(who, name, "expected a tensor, a list of tensors, a data set or a loader, got %s",
      type(value))
  end
  if core.is_tensor(select(2, next(value))) then return value end
  return tensor.from(value)
end

-- Appends the tensors to `flat`, checks their lengths; returns how to find them again: false, their
-- place, or a table of such.
local function flatten(who, name, value, flat)
  if value == nil then return false end
  if not core.is_tensor(value) then
    local places <const> = {}
    for key, each in pairs(value) do
      places[key] = flatten(who, ("%s[%s]"):format(name, key), each, flat)
    end
    return places
  end
  local first <const> = flat[1]
  if value.ndim == 0 or first and value:size(1) ~= first[2]:size(1) then
    core.fail(who, name, "%s has %s examples, %s has %d", name,
      value.ndim > 0 and value:size(1) or "no", first and first[1] or name,
      first and first[2]:size(1) or 0)
  end
  flat[#flat + 1] = { name, value }
  return #flat
end

local function pick(places, batch)
  if type(places) == "number" then return batch[places] end
  if not places then return nil end
  local list <const> = {}
  for key, place in pairs(places) do list[key] = pick(place, batch) end
  return list
end

--- feed.arrays(who, x, y, w): { tensors, x =, y =, w = }: the tensors in a row and where they are.
function feed.arrays(who, x, y, w)
  local flat, arrays = {}, { tensors = {} }
  arrays.x = flatten(who, "x", as_tensors(who, "x", x), flat)
  arrays.y = flatten(who, "y", as_tensors(who, "y", y), flat)
  arrays.w = flatten(who, "sample_weight", as_tensors(who, "sample_weight", w), flat)
  for k, pair in ipairs(flat) do arrays.tensors[k] = pair[2] end
  if arrays.tensors[1]:size(1) == 0 then core.fail(who, "x", "there are no examples") end
  return arrays
end

--- feed.split(who, arrays, fraction): the examples before the last part, and that part.
function feed.split(who, arrays, fraction)
  local n <const> = arrays.tensors[1]:size(1)
  local last <const> = n - math.floor(n * (1 - fraction))
  if last == 0 or last == n then
    core.fail(who, "validation_split", "%g of %d examples leaves none on one side", fraction, n)
  end
  local function part(first, count)
    local some <const> = { tensors = {}, x = arrays.x, y = arrays.y, w = arrays.w }
    for k, x in ipairs(arrays.tensors) do some.tensors[k] = x:narrow(1, first, count) end
    return some
  end
  return part(1, n - last), part(n - last + 1, last)
end

-- ---- feeds --------------------------------------------------------------------------------------

local Feed <const> = Object:extend "Feed"

local function has(value, method)
  local kind <const> = type(value)
  return (kind == "table" or kind == "userdata") and not core.is_tensor(value)
    and getmetatable(value) ~= nil and value[method] ~= nil
end

-- The iterator's values in their places; false at its end.
local function placed(arrays, ...)
  if ... == nil then return nil end
  local batch <const> = { ... }
  return pick(arrays.x, batch), pick(arrays.y, batch), pick(arrays.w, batch)
end

--- feed:batches(): an iterator of x, y, w; one pass. What closes the loader's iterator (the fourth
--- value, for `for`) is passed on.
function Feed:batches()
  local next_batch <const>, _, _, closing <const> = self.source(self.loader)
  local arrays <const> = self.arrays
  if not arrays then return next_batch, nil, nil, closing end
  return function() return placed(arrays, next_batch()) end, nil, nil, closing
end

--- feed:count(): how many batches a pass has; nil where that is not known.
function Feed:count()
  local loader <const> = self.loader
  if type(loader) == "function" then return nil end
  local ok <const>, n <const> = pcall(function() return #loader end)
  return ok and n > 0 and n or nil
end

local function loader_batches(loader) return loader:batches() end

-- A feed whose loader can go on in the middle of a pass.
local Resumable <const> = Feed:extend "ResumableFeed"
function Resumable:state_dict() return self.loader:state_dict() end
function Resumable:load_state_dict(dict) self.loader:load_state_dict(dict) end

local function of_loader(loader, arrays)
  local object <const> = (has(loader, "load_state_dict") and Resumable or Feed)()
  object.loader, object.arrays, object.source = loader, arrays, loader_batches
  return object
end

local function batches_of(dataset, options)
  return data.DataLoader(dataset, { batch_size = options.batch_size, shuffle = options.shuffle })
end

--- feed.of_arrays(arrays, {batch_size, shuffle})
function feed.of_arrays(arrays, options)
  local dataset <const> = data.TensorDataset(table.unpack(arrays.tensors))
  return of_loader(batches_of(dataset, options), arrays)
end

--- feed.is_source(value): a loader, a data set or a function that gives an iterator, no tensors?
function feed.is_source(value)
  if type(value) == "function" then return true end
  for _, method in ipairs { "batches", "get", "take", "iterate" } do
    if has(value, method) then return true end
  end
  return false
end

--- feed.of_source(value, {batch_size, shuffle}): from a loader as it is, from a data set in
--- batches; from a function f by `for x, y in f() do`.
function feed.of_source(value, options)
  if has(value, "batches") then return of_loader(value) end
  if type(value) ~= "function" then
    local shuffle <const> = options.shuffle and not has(value, "iterate")
    return of_loader(batches_of(value, { batch_size = options.batch_size, shuffle = shuffle }))
  end
  local object <const> = Feed()
  object.loader, object.source = value, function(f) return f() end
  return object
end

--- feed.of(who, x, y, w, {batch_size, shuffle})
function feed.of(who, x, y, w, options)
  if x == nil then core.fail(who, "x", "is missing: give tensors, a data set or a loader") end
  if not feed.is_source(x) then return feed.of_arrays(feed.arrays(who, x, y, w), options) end
  if y ~= nil or w ~= nil then
    core.fail(who, y ~= nil and "y" or "sample_weight", "comes from the data set or loader in x")
  end
  return feed.of_source(x, options)
end

return feed
