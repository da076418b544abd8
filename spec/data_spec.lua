-- Data sets, streams, samplers, splits.

local tocha = require "tocha"
local support = require "spec.support"
local data = tocha.data
local same = support.assert_alike
local common = require "spec.data_support"

local numbers <const> = common.numbers
local sorted <const> = common.sorted
local range <const> = common.range
local fails <const> = support.fails

local function firsts(set)
  local list = {}
  for i, x in set:examples() do list[i] = tocha.is_tensor(x) and x:item() or x end
  return list
end

describe("data sets", function()
  it("in tensors give examples and batches", function()
    local set = data.TensorDataset(tocha.arange(1, 4):float(), tocha.arange(1, 8):view(4, 2))
    assert.equal(4, #set)
    local x, y = set:get(3)
    assert.equal(3.0, x:item())
    assert.same({ 5, 6 }, y:totable())
    x, y = set:take(tocha.tensor { 4, 1 })
    assert.same({ 4.0, 1.0 }, x:totable())
    assert.same({ { 7, 8 }, { 1, 2 } }, y:totable())
    fails("argument 2.*has 3 examples, argument 1 has 2", data.TensorDataset, tocha.ones(2),
      tocha.ones(3))
  end)

  it("in lists and from functions do the same by collation", function()
    local list = data.ListDataset({ "a", "b", "c" }, { 1, 2, 3 })
    local text, number = list:get(2)
    assert.same({ "b", 2 }, { text, number })
    local texts, ids = list:take(tocha.tensor { 3, 1 })
    assert.same({ "c", "a" }, texts)
    assert.same({ 3, 1 }, ids:totable())
    fails("no example 4 among 3", list.get, list, 4)
    fails("no example 0 among 5", function() numbers(5):get(0) end)
    local x, y = numbers(5):all()
    assert.same({ 1, 2, 3, 4, 5 }, x:totable())
    assert.same({ 10, 20, 30, 40, 50 }, y:totable())
  end)

  it("of one's own need only __len and get", function()
    local Squares = data.Dataset:extend "Squares"
    function Squares:new(n) self.n = n end
    function Squares:__len() return self.n end
    function Squares:get(i) return i * i end
    assert.same({ 1, 4, 9 }, Squares(3):all():totable())
    assert.same({ 9, 4 }, Squares(4):subset { 3, 2 }:all():totable())
    fails("Half.*has no get", function() data.Dataset:extend "Half"():get(1) end)
  end)

  it("are mapped, filtered, cut, mixed, repeated, joined, zipped and cached", function()
    local set = numbers(6)
    assert.same({ 11, 22, 33, 44, 55, 66 }, firsts(set:map(function(x, y) return x + y end)))
    assert.same({ 2, 4, 6 }, firsts(set:filter(function(x) return x % 2 == 0 end)))
    assert.same({ 1, 2 }, firsts(set:first(2)))
    assert.same(range(1, 6), firsts(set:first(60)))
    assert.same({ 5, 6 }, firsts(set:skip(4)))
    assert.same({}, firsts(set:skip(40)))
    assert.same({ 1, 2, 3, 1, 2, 3 }, firsts(set:first(3):repeated(2)))
    assert.same({ 1, 2, 1, 2, 3, 6 }, firsts(set:first(2):concat(set:first(3), set:skip(5))))
    local zipped = set:zip(set:map(function(x) return -x end))
    assert.same({ 3, 30, -3, n = 3 }, table.pack(zipped:get(3)))
    assert.same({ -1, -2 }, select(3, zipped:take(tocha.tensor { 1, 2 })):totable())
    fails("has 2 examples, the first has 6", set.zip, set, set:first(2))

    local calls = 0
    local cached = set:map(function(x) calls = calls + 1 return x end):cache()
    assert.same(range(1, 6), firsts(cached))
    assert.same(range(1, 6), firsts(cached))
    assert.equal(6, calls)
  end)

  it("in another order: one for each seed, and no example is lost", function()
    local a, b, c = numbers(50):shuffle(1), numbers(50):shuffle(1), numbers(50):shuffle(2)
    assert.same(firsts(a), firsts(b))
    assert.not_same(firsts(a), firsts(c))
    assert.same(range(1, 50), sorted(firsts(c)))
  end)

  it("subsets of subsets go straight to the source", function()
    local part = numbers(9):skip(2):subset { 7, 1 }
    assert.same({ 9, 3 }, firsts(part))
    assert.equal(9, #part.dataset)
    fails("places go from 1 to 10, the data set has 9 examples", data.Subset, numbers(9), { 1, 10 })
  end)

  it("made of batches", function()
    local batches = numbers(7):batch(3)
    assert.equal(3, #batches)
    assert.same({ 7 }, (batches:get(3)):totable())
    assert.equal(2, #numbers(7):batch(3, { drop_last = true }))
    local sums = numbers(4):batch(2, { collate_fn = function(examples)
      return examples[1][1] + examples[2][1]
    end })
    assert.same({ 3, 7 }, firsts(sums))
    fails("no batch 4 of 3", batches.get, batches, 4)
  end)
end)

describe("data sets that are read through", function()
  local function counter(n)
    return data.IterableDataset(function()
      local i = 0
      return function()
        i = i + 1
        if i <= n then return i, -i end
      end
    end)
  end

  local function read(set)
    local list = {}
    for x in set:iterate() do list[#list + 1] = x end
    return list
  end

  it("start anew at each pass", function()
    local set = counter(3)
    assert.same({ 1, 2, 3 }, read(set))
    assert.same({ 1, 2, 3 }, read(set))
  end)

  it("take what pairs would take", function()
    local set = data.IterableDataset(function() return ipairs { "a", "b" } end)
    assert.same({ "a", "b" }, read(set:map(function(_, v) return v end)))
  end)

  it("are mapped, filtered, cut, repeated, joined, zipped and batched", function()
    local set = counter(5)
    assert.same({ 0, 0, 0, 0, 0 }, read(set:map(function(x, y) return x + y end)))
    assert.same({ 2, 4 }, read(set:filter(function(x) return x % 2 == 0 end)))
    assert.same({}, read(set:filter(function() return false end)))
    assert.same({ 1, 2 }, read(set:first(2)))
    assert.same({ 4, 5 }, read(set:skip(3)))
    assert.same({}, read(set:skip(9)))
    assert.same({ 1, 2, 1, 2 }, read(set:first(2):repeated(2)))
    assert.same({ 1, 2, 1 }, read(set:first(2):repeated():first(3)))
    assert.same({}, read(counter(0):repeated()))
    assert.same({ 1, 1, 2 }, read(set:first(1):concat(counter(0), set:first(2))))
    for a, b, c, d in set:first(1):zip(set:skip(4)):iterate() do
      assert.same({ 1, -1, 5, -5 }, { a, b, c, d })
    end
    assert.same({ { 1, 2 }, { 3, 4 }, { 5 } }, read(set:batch(2):map(function(x)
      return x:totable()
    end)))
    assert.equal(2, #read(set:batch(2, { drop_last = true })))
  end)

  it("are mixed in a buffer: one order for each seed", function()
    local mixed = read(counter(100):shuffle(20, 3))
    assert.same(mixed, read(counter(100):shuffle(20, 3)))
    assert.not_same(mixed, read(counter(100):shuffle(20, 4)))
    for place, x in ipairs(mixed) do assert.is_true(x < place + 20) end
    assert.same(range(1, 100), sorted(mixed))
    assert.same({ 1, 2, 3 }, read(counter(3):shuffle(1, 1)))
  end)

  it("do not ask again what has ended", function()
    local calls = 0
    local set = data.IterableDataset(function()
      return function()
        calls = calls + 1
        return nil
      end
    end)
    local step = set:stepper()
    step()
    step()
    assert.equal(1, calls)
  end)
end)

describe("samplers", function()
  local function order(sampler, seed, epoch)
    local list = {}
    for i in sampler:iterate(seed, epoch) do list[#list + 1] = i end
    assert.equal(#sampler, #list)
    return list
  end

  it("go through in order", function()
    assert.same({ 1, 2, 3 }, order(data.SequentialSampler(numbers(3))))
    assert.same({}, order(data.SequentialSampler(0)))
  end)

  it("draw an order that the seed decides", function()
    local sampler = data.RandomSampler(numbers(30))
    assert.same(order(sampler, 1), order(sampler, 1))
    assert.not_same(order(sampler, 1), order(sampler, 2))
    assert.same(range(1, 30), sorted(order(sampler, 5)))
    local own = data.RandomSampler(30, { seed = 9 })
    assert.same(order(own, 1, 4), order(own, 2, 4))
    assert.not_same(order(own, 1, 4), order(own, 1, 5))
    assert.same({}, order(data.RandomSampler(0)))
  end)

  it("leave the generators where they were", function()
    tocha.manual_seed(1)
    math.randomseed(1)
    local a, b = tocha.rand(3), math.random()
    tocha.manual_seed(1)
    math.randomseed(1)
    order(data.RandomSampler(30), 12)
    same(a, tocha.rand(3))
    assert.equal(b, math.random())
  end)

  it("draw with replacement, and more than there are", function()
    local drawn = order(data.RandomSampler(5, { replacement = true, num_samples = 200 }), 1)
    assert.same(range(1, 5), tocha.unique(tocha.tensor(drawn)):totable())
    local rounds = order(data.RandomSampler(5, { num_samples = 12 }), 1)
    assert.same({ 3, 3, 2, 2, 2 },
      tocha.bincount(tocha.tensor(rounds)):sort(-1, true):totable())
    fails("expected a positive integer, got 0", data.RandomSampler, 5, { num_samples = 0 })
  end)

  it("draw from a part", function()
    assert.same({ 4, 6, 9 }, sorted(order(data.SubsetRandomSampler { 9, 4, 6 }, 3)))
  end)

  it("draw by weight", function()
    local drawn = order(data.WeightedRandomSampler({ 1, 0, 3 }, 4000), 1)
    local counts = tocha.bincount(tocha.tensor(drawn), { minlength = 3 }):totable()
    assert.equal(0, counts[2])
    assert.is_true(math.abs(counts[3] / counts[1] - 3) < 0.4, counts[3] / counts[1])
    local once = data.WeightedRandomSampler({ 1, 2, 3 }, 3, { replacement = false })
    assert.same({ 1, 2, 3 }, sorted(order(once, 1)))
  end)

  it("spread each class evenly", function()
    local labels = tocha.cat { tocha.full({ 60 }, 3), tocha.full({ 30 }, 8), tocha.full({ 10 }, 5) }
    local sampler = data.StratifiedSampler(labels:long())
    assert.error_matches(function() data.StratifiedSampler(labels:long(), 2) end,
      "argument 2: expected options")
    local ids = tocha.tensor(order(sampler, 4))
    assert.same(range(1, 100), ids:sort():totable())
    for first = 1, 100, 20 do
      local batch = labels:index_select(1, ids:narrow(1, first, 20))
      assert.is_true(math.abs(batch:eq(3):sum():item() - 12) <= 2)
      assert.is_true(math.abs(batch:eq(8):sum():item() - 6) <= 2)
      assert.is_true(math.abs(batch:eq(5):sum():item() - 2) <= 1)
    end
    local other = labels:index_select(1, tocha.tensor(order(sampler, 5)))
    assert.is_false(labels:index_select(1, ids):equal(other))
  end)

  it("part an epoch among processes", function()
    local all = {}
    for rank = 1, 3 do
      local sampler = data.DistributedSampler(10, { num_replicas = 3, rank = rank })
      local mine = order(sampler, rank, 2)
      assert.equal(4, #mine)
      table.move(mine, 1, 4, #all + 1, all)
    end
    assert.same(range(1, 10), tocha.unique(tocha.tensor(all)):totable())
    local plain = { num_replicas = 3, rank = 2, shuffle = false, drop_last = true }
    assert.same({ 2, 5, 8 }, order(data.DistributedSampler(10, plain)))
    fails("4 is more than the 3 replicas", data.DistributedSampler, 10,
      { num_replicas = 3, rank = 4 })
  end)

  it("make batches", function()
    local sampler = data.BatchSampler(data.SequentialSampler(5), 2)
    local batches = {}
    for ids in sampler:batches() do batches[#batches + 1] = ids:totable() end
    assert.same({ { 1, 2 }, { 3, 4 }, { 5 } }, batches)
    assert.equal(3, #sampler)
    assert.equal(2, #data.BatchSampler(data.SequentialSampler(5), 2, true))
  end)
end)

describe("splits", function()
  it("part by counts or fractions, without a copy", function()
    local a, b = data.random_split(numbers(10), { 0.75, 0.25 }, { seed = 1 })
    assert.same({ 8, 2 }, { #a, #b })
    local ids = firsts(a:concat(b))
    assert.same(range(1, 10), sorted(ids))
    local again = data.random_split(numbers(10), { 8, 2 }, { seed = 1 })
    assert.same(firsts(a), firsts(again))
    fails("sum to 9, neither 1 nor the 10 examples", data.random_split, numbers(10), { 4, 5 })
  end)

  it("keep the share of every class", function()
    local labels = {}
    for i = 1, 100 do labels[i] = i % 10 == 0 and 2 or 1 end
    local set = data.ListDataset(range(1, 100), labels)
    local train, test = data.stratified_split(set, { 0.8, 0.2 }, { seed = 3 })
    local function twos(part) return select(2, part:all()):eq(2):sum():item() end
    assert.same({ 80, 20 }, { #train, #test })
    assert.is_true(twos(test) >= 1 and twos(test) <= 3)
    assert.equal(10, twos(train) + twos(test))
    assert.same(firsts(train), firsts((data.stratified_split(set, { 0.8, 0.2 },
      { seed = 3, labels = tocha.tensor(labels) }))))
    fails("labels.*2 labels for 100 examples", data.stratified_split, set, { 0.5, 0.5 },
      { labels = { 1, 2 } })
  end)
end)
