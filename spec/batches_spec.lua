-- Examples put together: collation, and the loader without workers (those: loader_spec).

local tocha = require "tocha"
local support = require "spec.support"
local data = tocha.data
local same = support.assert_alike
local common = require "spec.data_support"

local numbers <const> = common.numbers
local sorted <const> = common.sorted
local range <const> = common.range
local fails <const> = support.fails

describe("default_collate", function()
  it("stacks, makes tensors, lists and tables", function()
    local x, number, float, flag, text, record = data.default_collate {
      { tocha.ones(2), 1, 0.5, true, "a", { id = 1, at = { 1, 2 } } },
      { tocha.zeros(2), 2, 1, false, "b", { id = 2, at = { 3, 4 } } },
    }
    assert.same({ { 1.0, 1.0 }, { 0.0, 0.0 } }, x:totable())
    assert.equal("int64", number.dtype)
    assert.equal("float32", float.dtype)
    assert.same({ true, false }, flag:totable())
    assert.same({ "a", "b" }, text)
    assert.same({ 1, 2 }, record.id:totable())
    assert.same({ 2, 4 }, record.at[2]:totable())
  end)

  it("tells which example does not fit", function()
    fails("value 1 is %(3,%) in example 2 and %(2,%) in the first.*pad_collate",
      data.default_collate, { { tocha.ones(2) }, { tocha.ones(3) } })
    fails("value 1 is a string in example 2 and a number in the first", data.default_collate,
      { { 1 }, { "1" } })
    fails("value 1.b is a nil in example 2", data.default_collate, { { { b = 1 } }, { {} } })
    fails("value 1 has 1 elements in example 2", data.default_collate, { { { 1, 2 } }, { { 1 } } })
    fails("example 2 has 1 values, the first has 2", data.default_collate, { { 1, 2 }, { 1 } })
    fails("value 1 is a function", data.default_collate, { { print } })
    fails("an object", data.default_collate, { { numbers(2) } })
    fails("no examples", data.default_collate, {})
  end)
end)

describe("pad_collate", function()
  local examples <const> = {
    { tocha.tensor { 1, 2, 3 }, 7 }, { { 4 }, 8 }, { tocha.zeros(0):long(), 9 },
  }

  it("pads sequences and gives their lengths", function()
    local x, lengths, y = data.pad_collate { padding_value = -1 }(examples)
    assert.same({ { 1, 2, 3 }, { 4, -1, -1 }, { -1, -1, -1 } }, x:totable())
    assert.same({ 3, 1, 0 }, lengths:totable())
    assert.same({ 7, 8, 9 }, y:totable())
    assert.equal("int64", x.dtype)
  end)

  it("puts time first where asked for", function()
    local x = data.pad_collate { batch_first = false }(examples)
    assert.same({ { 1, 4, 0 }, { 2, 0, 0 }, { 3, 0, 0 } }, x:totable())
  end)

  it("pads vectors over time, several values, and values by key", function()
    local pad = data.pad_collate { fields = { 1, 2 } }
    local a, a_lengths, b, b_lengths = pad {
      { tocha.ones(2, 3), { 0.5 } }, { tocha.ones(1, 3), { 1, 2 } },
    }
    assert.same({ 2, 2, 3 }, a.shape)
    assert.same({ 2, 1 }, a_lengths:totable())
    assert.same({ { 0.5, 0.0 }, { 1.0, 2.0 } }, b:totable())
    assert.same({ 1, 2 }, b_lengths:totable())
    local batch = data.pad_collate { fields = { "tokens" } } {
      { { tokens = { 1, 2 }, label = 3 } }, { { tokens = { 5 }, label = 4 } },
    }
    assert.same({ { 1, 2 }, { 5, 0 } }, batch.tokens:totable())
    assert.same({ 2, 1 }, batch.tokens_lengths:totable())
    assert.same({ 3, 4 }, batch.label:totable())
    fails("unknown option 'pad'", data.pad_collate, { pad = 1 })
  end)
end)

describe("the loader", function()
  local function batches(loader, most)
    local list = {}
    for x in loader:batches() do
      list[#list + 1] = tocha.is_tensor(x) and x:totable() or x
      if #list == most then break end
    end
    return list
  end

  it("gives batches in order", function()
    local loader = data.DataLoader(numbers(5), { batch_size = 2 })
    assert.same({ { 1, 2 }, { 3, 4 }, { 5 } }, batches(loader))
    assert.equal(3, #loader)
    assert.same({ { 1 }, { 2 } }, batches(data.DataLoader(numbers(2))))
    assert.same({}, batches(data.DataLoader(numbers(0), { shuffle = true })))
    local even = data.DataLoader(numbers(5), { batch_size = 2, drop_last = true })
    assert.same({ { 1, 2 }, { 3, 4 } }, batches(even))
  end)

  it("shuffles anew each epoch; a seed decides all", function()
    local function loader(seed)
      return data.DataLoader(numbers(20), { batch_size = 20, shuffle = true, seed = seed })
    end
    local a, b = loader(1), loader(1)
    local first, second = batches(a)[1], batches(a)[1]
    assert.not_same(first, second)
    assert.same(range(1, 20), sorted({ table.unpack(first) }))
    assert.same(first, batches(b)[1])
    assert.same(second, batches(b)[1])
    tocha.manual_seed(4)
    local c = batches(loader())[1]
    tocha.manual_seed(4)
    assert.same(c, batches(loader())[1])
  end)

  it("takes samplers and batch samplers", function()
    local set = numbers(6)
    assert.same({ { 5 }, { 2 } },
      batches(data.DataLoader(set, { batch_sampler = { { 5 }, { 2 } } })))
    local sampler = data.BatchSampler(data.SequentialSampler(3), 2)
    assert.same({ { 1, 2 }, { 3 } }, batches(data.DataLoader(set, { batch_sampler = sampler })))
    local some = { sampler = data.SubsetRandomSampler { 3, 4 }, batch_size = 2 }
    assert.same({ 3, 4 }, sorted(batches(data.DataLoader(set, some))[1]))
  end)

  it("collates as told, or not at all", function()
    local function sum(examples) return examples[1][2] + examples[2][2] end
    local loader = data.DataLoader(numbers(4), { batch_size = 2, collate_fn = sum })
    assert.same({ 30, 70 }, batches(loader))
    assert.same({ 1, 2 }, batches(data.DataLoader(numbers(2), { batch_size = false })))
  end)

  it("reads data sets that have no places", function()
    local set = data.IterableDataset(function() return ipairs { 5, 6, 7 } end)
    local loader = data.DataLoader(set, { batch_size = 2 })
    assert.same({ { 1, 2 }, { 3 } }, batches(loader))
    assert.same({ { 1, 2 } },
      batches(data.DataLoader(set, { batch_size = 2, drop_last = true })))
    fails("no length", function() return #loader end)
    fails("an order of its own", data.DataLoader, set, { shuffle = true })
  end)

  it("what examples draw depends on the seed and the batch, and disturbs nothing", function()
    local noisy = numbers(6):map(function(i)
      return tocha.rand(2) + i, math.random()
    end)
    local function draw()
      local list = {}
      for x, y in data.DataLoader(noisy, { batch_size = 2, seed = 5 }):batches() do
        list[#list + 1] = { x:totable(), y:totable() }
        tocha.rand(3)
        math.random()
      end
      return list
    end
    tocha.manual_seed(1)
    local a = draw()
    assert.same(a, draw())
    assert.not_same(a[1][2], a[2][2])
    tocha.manual_seed(1)
    for _ = 1, 3 do tocha.rand(3) end
    local expected = tocha.rand(3)
    tocha.manual_seed(1)
    draw()
    same(expected, tocha.rand(3))
  end)

  it("goes on in the middle of an epoch", function()
    local function loader()
      return data.DataLoader(numbers(10), { batch_size = 3, shuffle = true, seed = 2 })
    end
    local whole = loader()
    local epochs = { batches(whole), batches(whole), batches(whole) }
    local first = loader()
    batches(first)
    assert.same({ table.unpack(epochs[2], 1, 2) }, batches(first, 2))
    local state = first:state_dict()
    assert.same({ 2, 2, false }, { state.epoch, state.batch, state.finished })
    local second = loader()
    second:load_state_dict(state)
    assert.same({ table.unpack(epochs[2], 3) }, batches(second))
    assert.same(epochs[3], batches(second))
    local third = loader()
    third:load_state_dict(whole:state_dict())
    assert.same(batches(whole), batches(third))
    fails("epoch is no integer", third.load_state_dict, third, {})
  end)

  it("does so with a stream, and after the last batch of an epoch", function()
    local set = data.IterableDataset(function() return ipairs { 1, 2, 3, 4, 5 } end)
    local loader = data.DataLoader(set, { batch_size = 2 })
    assert.same({ { 1, 2 } }, batches(loader, 1))
    local second = data.DataLoader(set, { batch_size = 2 })
    second:load_state_dict(loader:state_dict())
    assert.same({ { 3, 4 }, { 5 } }, batches(second))
    assert.same({ { 1, 2 }, { 3, 4 }, { 5 } }, batches(second, 3))
    loader:load_state_dict(second:state_dict())
    assert.same({}, batches(loader))
    assert.equal(3, #batches(loader))
  end)

  it("says what is wrong with its options", function()
    local set = numbers(3)
    fails("unknown option 'size'", data.DataLoader, set, { size = 1 })
    fails("batch_size: expected a positive integer or false, got 0", data.DataLoader, set,
      { batch_size = 0 })
    fails("sampler excludes shuffle", data.DataLoader, set,
      { sampler = data.SequentialSampler(3), shuffle = true })
    fails("expected a data set.*data.ListDataset", data.DataLoader, { 1, 2 })
  end)
end)

describe("mistakes of people who come from elsewhere", function()
  it("say what to write", function()
    local set <const> = numbers(4)
    local loader <const> = data.DataLoader(set)
    fails("for x, y in loader:batches", function() for _ in loader do error "called" end end)
    fails("expected a table of options", data.DataLoader, set, 4)
    fails("%[filter%] argument 1: expected a function, got nil", set.filter, set)
    fails("%[map%] argument 1: expected a function, got number", set.map, set, 3)
    fails("expected a list of lengths", data.random_split, set, 2)
  end)
end)
