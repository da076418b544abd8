-- Data sets that are read from one end to the other: files too large for memory, generators,
-- streams.
--
--     local lines = data.IterableDataset(function() return io.lines "corpus.txt" end)
--     for line in lines:map(string.lower):filter(function(line) return line ~= "" end):iterate() do
--
-- Each pass starts anew. There is no #set and no set:get(i). The first value of an example is never
-- nil: that ends the pass. The methods that make one of another compute nothing before they are
-- read.

local core = require "tocha.core"
local Object = require "tocha.class"
local collate = require "tocha.data.collate"
local seeds = require "tocha.data.seed"

--- data.IterableDataset(pass): `pass()` returns an iterator, as `pairs` does. A class that extends
--- this one has `iterate` instead. One that can be parted among the workers of a loader has
--- `shard(k, n)`, which returns part k of n; else every worker reads all and leaves out what is not
--- its.
local IterableDataset <const> = Object:extend "IterableDataset"

function IterableDataset:new(pass)
  if pass == nil then core.fail("IterableDataset", 1, "expected a function that starts a pass") end
  self.pass = pass
end

--- `for x, y in set:iterate() do`
function IterableDataset:iterate() return self.pass() end

--- set:stepper(): a function that returns the next example of a new pass, and nothing after the
--- last.
function IterableDataset:stepper()
  local f, state <const>, control = self:iterate()
  local function keep(...)
    control = ...
    if control == nil then f = nil end  -- what has ended is not asked again
    return ...
  end
  return function()
    if f then return keep(f(state, control)) end
  end
end

-- A data set whose passes are made of another's: make(step) returns a function that steps.
local function derived(set, make)
  return IterableDataset(function() return make(set:stepper()) end)
end

--- set:map(f): f(values...) of each example.
function IterableDataset:map(f)
  local function apply(...)
    if (...) ~= nil then return f(...) end
  end
  return derived(self, function(step)
    return function() return apply(step()) end
  end)
end

--- set:filter(keep): the examples for which keep(values...) is true.
function IterableDataset:filter(keep)
  return derived(self, function(step)
    local function try(...)
      if (...) == nil or keep(...) then return ... end
      return try(step())
    end
    return function() return try(step()) end
  end)
end

--- set:first(n), set:skip(n): the first n examples; all but those.
function IterableDataset:first(n)
  return derived(self, function(step)
    local left = n
    return function()
      left = left - 1
      if left >= 0 then return step() end
    end
  end)
end

function IterableDataset:skip(n)
  return derived(self, function(step)
    local left = n
    return function()
      while left > 0 and step() ~= nil do left = left - 1 end
      left = 0
      return step()
    end
  end)
end

--- list_of(step, n): the next n examples, each a list of its values; fewer at the end.
local function list_of(step, n)
  local list <const> = {}
  while #list < n do
    local example <const> = table.pack(step())
    if example[1] == nil then break end
    list[#list + 1] = example
  end
  return list
end

--- set:batch(size, {drop_last = false, collate_fn}): a data set whose examples are batches.
function IterableDataset:batch(size, options)
  local drop_last <const> = options and options.drop_last
  local join <const> = options and options.collate_fn or collate.default_collate
  return derived(self, function(step)
    return function()
      local list <const> = list_of(step, size)
      if #list == size or #list > 0 and not drop_last then return join(list) end
    end
  end)
end

-- Draws from `buffer`, which it fills again from `step`. Draw number n takes place mix(seed, n).
local function drawing(step, buffer, seed)
  local n = 0
  return function()
    if #buffer == 0 then return end
    n = n + 1
    local k <const> = (seeds.mix(seed, n) >> 1) % #buffer + 1
    local example <const>, fresh <const> = buffer[k], list_of(step, 1)[1]
    buffer[k] = fresh or buffer[#buffer]
    if not fresh then buffer[#buffer] = nil end
    return table.unpack(example, 1, example.n)
  end
end

--- set:shuffle(buffer_size, seed): each example is drawn from the next `buffer_size` ones. With a
--- seed every pass has the same order.
function IterableDataset:shuffle(buffer_size, seed)
  if math.type(buffer_size) ~= "integer" or buffer_size < 1 then
    core.fail("shuffle", 1, "expected the size of a buffer, got %s", tostring(buffer_size))
  end
  return derived(self, function(step)
    return drawing(step, list_of(step, buffer_size), seed or seeds.fresh())
  end)
end

--- set:repeated(n): n passes one after the other; without n for ever.
function IterableDataset:repeated(n)
  return IterableDataset(function()
    local step, left, fresh = self:stepper(), n or math.huge, true
    local function go_on(...)
      if (...) ~= nil then
        fresh = false
        return ...
      end
      left = left - 1
      if left < 1 or fresh then return end  -- a pass without examples would repeat for ever
      step, fresh = self:stepper(), true
      return go_on(step())
    end
    return function() return go_on(step()) end
  end)
end

--- set:concat(other, ...): the examples of this one, then those of the others.
function IterableDataset:concat(...)
  local sets <const> = { self, ... }
  return IterableDataset(function()
    local k, step = 1, self:stepper()
    local function go_on(...)
      if (...) ~= nil or k == #sets then return ... end
      k = k + 1
      step = sets[k]:stepper()
      return go_on(step())
    end
    return function() return go_on(step()) end
  end)
end

--- set:zip(other): the values of both side by side, as long as both have some.
function IterableDataset:zip(other)
  return derived(self, function(step)
    local step_other <const> = other:stepper()
    return function()
      local a <const>, b <const> = table.pack(step()), table.pack(step_other())
      if a[1] == nil or b[1] == nil then return end
      table.move(b, 1, b.n, a.n + 1, a)
      return table.unpack(a, 1, a.n + b.n)
    end
  end)
end

return { IterableDataset = IterableDataset, list_of = list_of }
