-- Data sets parted in two or more: at random, or with the same share of every class in each part.
--
-- The parts are Subsets: nothing is copied.

local core = require "tocha.core"
local registry = require "tocha.op"
local seeds = require "tocha.data.seed"
local Subset = require "tocha.data.derived".Subset
local StratifiedSampler = require "tocha.data.sampler".StratifiedSampler

local ops <const> = registry.ops
local split <const> = {}

-- Fractions become counts; what rounding leaves goes to the first parts, one each.
local function counts_of(name, lengths, n)
  if type(lengths) ~= "table" then
    core.fail(name, 2, "expected a list of lengths or fractions, got %s", type(lengths))
  end
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
    core.fail(name, 2, "the lengths sum to %s, neither 1 nor the %d examples", sum, n)
  end
  return counts
end

local function cut(name, set, order, lengths)
  local parts <const>, first = {}, 1
  for k, count in ipairs(counts_of(name, lengths, #set)) do
    parts[k] = Subset(set, order:narrow(1, first, count))
    first = first + count
  end
  return table.unpack(parts)
end

--- data.random_split(set, lengths, {seed}): parts of so many examples, or such fractions of them,
--- drawn without repetition. With a seed the split is always the same.
function split.random_split(set, lengths, options)
  local order <const> = seeds.run(options and options.seed, ops.randperm, #set)
  return cut("random_split", set, order, lengths)
end

-- The second value of every example.
local function labels_of(set)
  local labels <const> = {}
  for i = 1, #set do
    local _, label <const> = set:get(i)
    labels[i] = core.is_tensor(label) and label:item() or label
    if math.type(labels[i]) ~= "integer" then
      core.fail("stratified_split", 1, "the second value of example %d is no integer: give labels",
        i)
    end
  end
  return labels
end

--- data.stratified_split(set, lengths, {labels, seed}): the same, with every class in the
--- proportions of the whole. `labels` are integers, one an example; without them they are the
--- second values.
function split.stratified_split(set, lengths, options)
  options = options or {}
  local sampler <const> = StratifiedSampler(options.labels or labels_of(set))
  if #sampler ~= #set then
    core.fail("stratified_split", "labels", "%d labels for %d examples", #sampler, #set)
  end
  return cut("stratified_split", set, sampler:indices(options.seed), lengths)
end

return split
