-- From a list of examples to one batch.
--
-- An example comes as the list of its values: what `dataset:get(i)` returned. A function of your
-- own, for DataLoader's collate_fn, takes the list of examples and returns the values of the batch:
--
--     local function collate(examples)
--       local xs, ys = {}, {}
--       for k, example in ipairs(examples) do xs[k], ys[k] = example[1], example[2] end
--       return tocha.stack(xs), tocha.tensor(ys)
--     end

local core = require "tocha.core"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local tensor = require "tocha.tensor"

local ops <const> = registry.ops
local collate <const> = {}

local function kind_of(value) return core.is_tensor(value) and "tensor" or type(value) end

-- ---- by the kind of a value ---------------------------------------------------------------------

local join

local function stack(list, name)
  for k, x in ipairs(list) do
    if not x:is_same_size(list[1]) then
      core.fail("default_collate", nil, "%s is %s in example %d and %s in the first: tensors of "
        .. "one shape make a batch, data.pad_collate pads sequences", name, rule.text(x.shape), k,
        rule.text(list[1].shape))
    end
  end
  return ops.stack(list)
end

local function each_key(list, name)
  local batch <const> = {}
  for key in pairs(list[1]) do
    local column <const> = {}
    for k, example in ipairs(list) do column[k] = example[key] end
    batch[key] = join(column, #list, ("%s.%s"):format(name, key))
  end
  return batch
end

local function check_lengths(list, name)
  for k, example in ipairs(list) do
    if #example ~= #list[1] then
      core.fail("default_collate", nil, "%s has %d elements in example %d and %d in the first",
        name, #example, k, #list[1])
    end
  end
end

local function by_key(list, name)
  if getmetatable(list[1]) then
    core.fail("default_collate", nil, "%s is an object (%s): a collate_fn has to say what a batch "
      .. "of them is", name, tostring(list[1]))
  end
  check_lengths(list, name)
  return each_key(list, name)
end

local JOIN <const> = {
  tensor = stack,
  number = function(list) return tensor.from(list) end,
  boolean = function(list) return tensor.from(list) end,
  string = function(list) return list end,
  table = by_key,
}

-- One value of every example: `list`, which has holes where an example has none.
function join(list, n, name)
  local kind <const> = kind_of(list[1])
  for k = 1, n do
    local other <const> = kind_of(list[k])
    if other ~= kind then
      core.fail("default_collate", nil, "%s is a %s in example %d and a %s in the first", name,
        other, k, kind)
    end
  end
  if not JOIN[kind] then
    core.fail("default_collate", nil, "%s is a %s, which no batch is made of", name, kind)
  end
  return JOIN[kind](list, name)
end

local function column(examples, which)
  local list <const> = {}
  for k, example in ipairs(examples) do list[k] = example[which] end
  return list
end

local function count_of(example) return example.n or #example end

-- ---- what users call ----------------------------------------------------------------------------

--- data.default_collate(examples): tensors are stacked, numbers and booleans become tensors (as
--- tocha.tensor makes them: integers int64, others float32), strings a list, and tables a table of
--- such batches, key by key. The first of the values that an example has is the first of the
--- batch's.
function collate.default_collate(examples)
  if #examples == 0 then core.fail("default_collate", 1, "there are no examples") end
  local batch <const>, n <const> = {}, count_of(examples[1])
  for k, example in ipairs(examples) do
    if count_of(example) ~= n then
      core.fail("default_collate", 1, "example %d has %d values, the first has %d", k,
        count_of(example), n)
    end
  end
  for k = 1, n do batch[k] = join(column(examples, k), #examples, "value " .. k) end
  return table.unpack(batch, 1, n)
end

--- Does nobody wait for the batch any more? Workers have a better answer.
function collate.stopped() return false end

--- examples(set, ids): the list of what the set has at the places in an int64 tensor.
function collate.examples(set, ids)
  local list <const> = {}
  for k, i in ipairs(ids:totable()) do
    if collate.stopped() then error "the loader was closed" end
    list[k] = table.pack(set:get(i))
  end
  return list
end

--- batch(set, ids, collate_fn): by the function; without one, as fast as the set can.
function collate.batch(set, ids, collate_fn)
  if not collate_fn and set.take then return set:take(ids) end
  return (collate_fn or collate.default_collate)(collate.examples(set, ids))
end

-- ---- sequences of different lengths -------------------------------------------------------------

-- The sequences as tensors (T_k, ...), their lengths, and the longest.
local function measure(list)
  local tensors <const>, lengths <const>, longest = {}, {}, 0
  for k, x in ipairs(list) do
    tensors[k] = core.is_tensor(x) and x or tensor.from(x)
    if tensors[k].ndim == 0 then
      core.fail("pad_collate", nil, "example %d: a number is no sequence", k)
    end
    lengths[k] = tensors[k]:size(1)
    longest = math.max(longest, lengths[k])
  end
  return tensors, lengths, longest
end

-- (B, T, ...), or (T, B, ...); and the lengths, (B)
local function pad(list, options)
  local xs <const>, lengths <const>, longest <const> = measure(list)
  local size <const> = xs[1].shape
  table.insert(size, 1, #xs)
  size[2] = longest
  local batch = ops.full(size, options.padding_value or 0, { dtype = xs[1].dtype })
  for k, x in ipairs(xs) do
    if lengths[k] > 0 then batch[k]:narrow(1, 1, lengths[k]):copy_(x) end
  end
  if options.batch_first == false then batch = batch:transpose(1, 2):contiguous() end
  return batch, tensor.from(lengths)
end

-- Sequences at `fields` are padded, each followed by its lengths; other values are as ever.
local function pad_values(examples, padded, options)
  local batch <const>, n = {}, 0
  for k = 1, count_of(examples[1]) do
    local list <const> = column(examples, k)
    n = n + 1
    if padded[k] then
      batch[n], batch[n + 1] = pad(list, options)
      n = n + 1
    else
      batch[n] = join(list, #examples, "value " .. k)
    end
  end
  return table.unpack(batch, 1, n)
end

-- The same for examples that are one table each: the lengths of `tokens` are at `tokens_lengths`.
local function pad_keys(examples, padded, options)
  local batch <const>, list <const> = {}, column(examples, 1)
  for key in pairs(list[1]) do
    local values <const> = column(list, key)
    if padded[key] then
      batch[key], batch[key .. "_lengths"] = pad(values, options)
    else
      batch[key] = join(values, #list, key)
    end
  end
  return batch
end

local PADDING <const> = { padding_value = true, batch_first = true, fields = true }

--- data.pad_collate{padding_value = 0, batch_first = true, fields = {1}}: a collate_fn for
--- sequences of different lengths, tensors (T, ...) or lists of numbers. Each of the values at
--- `fields` becomes two: the padded batch (B, T, ...), or (T, B, ...) where batch_first is false,
--- and the lengths (B), int64. Where an example is one table, `fields` are keys, and the lengths
--- are at key .. "_lengths".
function collate.pad_collate(options)
  options = options or {}
  for name in pairs(options) do
    if not PADDING[name] then core.fail("pad_collate", 1, "unknown option '%s'", tostring(name)) end
  end
  local padded <const>, keyed = {}, false
  for _, field in ipairs(options.fields or { 1 }) do
    padded[field] = true
    keyed = keyed or type(field) == "string"
  end
  local collate_with <const> = keyed and pad_keys or pad_values
  return function(examples)
    if #examples == 0 then core.fail("pad_collate", 1, "there are no examples") end
    return collate_with(examples, padded, options)
  end
end

return collate
