-- The loader with worker threads: the same batches as without, in order, errors once, nothing left.

local tocha = require "tocha"
local core = require "tocha.core"
local data = tocha.data

local function fails(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(tostring(message):find(pattern), tostring(message))
  return message
end

-- Numbers, noise of both generators, and texts.
local function noisy(n)
  local t = require "tocha"
  local random = math.random
  return data.FunctionDataset(n, function(i) return i, t.rand(3) + random(), "text " .. i end)
end

local function plain(...)
  local list = table.pack(...)
  for k, x in ipairs(list) do list[k] = tocha.is_tensor(x) and x:totable() or x end
  return list
end

-- All that `epochs` epochs give.
local function all(loader, epochs)
  local list = {}
  for _ = 1, epochs or 1 do
    for a, b, c in loader:batches() do list[#list + 1] = plain(a, b, c) end
  end
  return list
end

local function make(set, workers, options)
  local all_options = { num_workers = workers }
  for name, value in pairs(options or {}) do all_options[name] = value end
  if not all_options.batch_sampler then all_options.batch_size = all_options.batch_size or 4 end
  if options and options.batch_size == false then all_options.batch_size = false end
  return data.DataLoader(set, all_options)
end

-- The threads of this process, where the system tells.
local function count_threads()
  local names = core.list_folder "/proc/self/task"
  return names and #names or 0
end

-- The system takes a moment to forget a thread that has ended. Without `collect` the collector must
-- not be what ends it.
local function settles(n, collect)
  local till = core.clock() + 20
  collectgarbage(collect and "collect" or "stop")
  while count_threads() > n and core.clock() < till do
    if collect then collectgarbage() end
  end
  collectgarbage "restart"
  assert.is_true(count_threads() <= n, count_threads() .. " threads, expected " .. n)
end

describe("batches from workers are those made without them:", function()
  local function agree(set, options, epochs)
    local expected = all(make(set, 0, options), epochs)
    assert.is_true(#expected > 0)
    for workers = 1, 4 do assert.same(expected, all(make(set, workers, options), epochs)) end
  end

  it("shuffled, with what the examples draw", function()
    agree(noisy(50), { shuffle = true, seed = 3 }, 3)
  end)

  it("kept workers, prefetching more", function()
    local options = { shuffle = true, seed = 4, persistent_workers = true, prefetch_factor = 5 }
    agree(noisy(30), options, 4)
  end)

  it("data sets made of others", function()
    local set = noisy(20):map(function(i, x, s) return i, x * 2, s end):filter(function(i)
      return i % 3 ~= 0
    end):concat(noisy(7)):shuffle(1):zip(data.ListDataset(tocha.arange(21):totable()))
    agree(set, { seed = 2, batch_size = 5 })
  end)

  it("tensors, and classes of one's own", function()
    agree(data.TensorDataset(tocha.arange(1, 40):view(20, 2), tocha.randn(20)), { seed = 1 })
    local Own = data.Dataset:extend "Own"
    function Own:new(n) self.n = n end
    function Own:__len() return self.n end
    function Own:get(i) return { id = i, text = ("x"):rep(i) }, self:noise() end
    function Own.noise() return tocha.randn(2) end
    local function read(loader)
      local list = {}
      for a, b in loader:batches() do list[#list + 1] = { a.id:totable(), a.text, b:totable() } end
      return list
    end
    assert.same(read(make(Own(9), 0, { seed = 2 })), read(make(Own(9), 2, { seed = 2 })))
  end)

  it("batch samplers, single examples, and functions that collate", function()
    agree(noisy(9), { batch_size = false, seed = 1 })
    agree(noisy(9), { batch_sampler = { { 3, 1 }, { 9 } }, seed = 1 })
    local function collate(examples) return #examples, examples[1][3] end
    agree(noisy(9), { collate_fn = collate })
    local words = data.ListDataset { { 1 }, { 2, 3 }, { 4, 5, 6 } }
    agree(words, { collate_fn = data.pad_collate { padding_value = -1 } })
  end)

  it("streams", function()
    local t = require "tocha"
    local random = math.random
    local set = data.IterableDataset(function()
      local i = 0
      return function()
        i = i + 1
        if i <= 30 then return i, t.rand(2) + random() end
      end
    end)
    agree(set, { seed = 6, batch_size = 4 }, 2)
    agree(set:shuffle(10):skip(3), { seed = 6, drop_last = true, persistent_workers = true }, 2)
  end)

  it("streams of another length each time", function()
    local t = require "tocha"
    local set = data.IterableDataset(function()
      local i, n = 0, t.randint(5, 60, { 1 }):item()
      return function()
        i = i + 1
        if i <= n then return i end
      end
    end)
    agree(set, { seed = 7, persistent_workers = true, batch_size = 2 }, 12)
  end)

  it("an epoch after one that was broken off", function()
    for workers = 0, 3 do
      local loader = make(noisy(40), workers, { seed = 5, persistent_workers = true })
      for x in loader:batches() do
        if x then break end
      end
      local whole = make(noisy(40), 0, { seed = 5 })
      all(whole)
      assert.same(all(whole), all(loader))
    end
  end)

  it("streams by parts give every example once", function()
    local Parts = data.IterableDataset:extend "Parts"
    function Parts:new(first, last, step) self.first, self.last, self.step = first, last, step end
    function Parts:iterate()
      local i = self.first - self.step
      return function()
        i = i + self.step
        if i <= self.last then return i end
      end
    end
    function Parts:shard(k, n) return getmetatable(self)(self.first + k - 1, self.last, n) end
    for workers = 1, 4 do
      local loader = make(Parts(1, 30, 1), workers)
      for _ = 1, 2 do
        local seen = {}
        for x in loader:batches() do
          if #seen == 0 then assert.equal(1 + workers, x[2]:item()) end
          for _, i in ipairs(x:totable()) do seen[#seen + 1] = i end
        end
        table.sort(seen)
        assert.same(tocha.arange(30):totable(), seen)
      end
    end
  end)

  it("an epoch that goes on in the middle", function()
    local options = { shuffle = true, seed = 5 }
    local expected = all(make(noisy(30), 0, options), 2)
    for workers = 0, 3 do
      local first = make(noisy(30), workers, options)
      local list = {}
      for a, b, c in first:batches() do
        list[#list + 1] = plain(a, b, c)
        if #list == 3 then break end
      end
      local second = make(noisy(30), 3 - workers, options)
      second:load_state_dict(first:state_dict())
      for _, batch in ipairs(all(second, 2)) do list[#list + 1] = batch end
      assert.same(expected, list)
    end
  end)
end)

describe("workers", function()
  it("are told who they are, and may be set up", function()
    local info = data.get_worker_info
    local set = data.FunctionDataset(8, function(i)
      return i, info().id, info().num_workers, #info().dataset, _G.offset
    end)
    local loader = make(set, 2, { worker_init_fn = function(id) _G.offset = 10 * id end })
    for _, id, count, size, offset in loader:batches() do
      assert.equal(2, count[1]:item())
      assert.equal(8, size[1]:item())
      assert.same((id * 10):totable(), offset:totable())
    end
    assert.is_nil(data.get_worker_info())
  end)

  it("compute on one core each and leave the caller's generators alone", function()
    local t = require "tocha"
    local set = data.FunctionDataset(4, function() return t.get_num_threads() end)
    tocha.manual_seed(3)
    local a = tocha.rand(2)
    tocha.manual_seed(3)
    for x in make(set, 2, { seed = 1 }):batches() do assert.same({ 1, 1, 1, 1 }, x:totable()) end
    assert.same(a:totable(), tocha.rand(2):totable())
  end)

  it("make so many batches ahead, and no more", function()
    local made = tocha.threads.channel()
    local set = data.FunctionDataset(50, function(i)
      made:send(i)
      return i
    end)
    local pause = tocha.threads.channel()
    local function reaches(n)
      local till = core.clock() + 20
      while #made < n and core.clock() < till do pause:receive(0.001) end
      pause:receive(0.05)
      assert.equal(n, #made)
    end
    local step <const>, _, _, _ <close> = make(set, 2, { batch_size = 1, prefetch_factor = 3 })
      :batches()
    step()
    reaches(6)
    step()
    reaches(7)
  end)

  it("hand tensors over without a copy", function()
    local big = tocha.zeros(4, 5000)
    local function write(examples)
      examples[1][1]:add_(1)
      return examples[1][1]
    end
    local loader = make(data.TensorDataset(big), 2, { collate_fn = write, batch_size = 1 })
    local sum = 0
    for x in loader:batches() do sum = sum + x:sum():item() end
    assert.equal(20000.0, sum)
    assert.equal(20000.0, big:sum():item())
  end)

  it("give their error once, in its place, and end", function()
    local before = count_threads()
    local function check(i)
      if i == 10 then error "example ten is broken" end
      return i
    end
    local loader = make(noisy(20):map(check), 3)
    local step = loader:batches()
    assert.same({ 1, 2, 3, 4 }, step():totable())
    assert.same({ 5, 6, 7, 8 }, step():totable())
    local message = fails("loader_spec.lua:%d+: %[DataLoader%] batch 3: .*ten is broken", step)
    assert.truthy(message:find("stack traceback", 1, true))
    assert.truthy(message:find("spec/loader_spec.lua:%d+: in function"), message)
    assert.is_nil(step())
    settles(before)
  end)

  it("give what cannot leave them as an error", function()
    local set = data.FunctionDataset(4, function() return io.stdout end)
    local loader = make(set, 2, { batch_size = false })
    fails("batch 1: .*value 1 is a userdata", loader:batches())
  end)

  it("cannot be given what stays in its state", function()
    local loader = make(data.ListDataset { { file = io.stdout } }, 1)
    fails("%[DataLoader%] dataset.lists%[1%]%[1%].file is a userdata",
      loader.batches, loader)
    local broken = make(noisy(4), 2, { worker_init_fn = function() error "no licence" end })
    fails("%[DataLoader%] thread %d could not be set up:.*no licence", broken:batches())
  end)

  it("that take too long are an error", function()
    local t = require "tocha"
    local set = data.FunctionDataset(4, function(i)
      local till = t.clock() + 0.4
      while i == 3 and t.clock() < till do end  -- luacheck: ignore 542
      return i
    end)
    local step = make(set, 1, { batch_size = 2, timeout = 0.1 }):batches()
    assert.same({ 1, 2 }, step():totable())
    fails("no batch 2 after 0.1 s", step)
    assert.is_nil(step())
  end)
end)

describe("no worker is left", function()
  it("when a loop ends, is broken off, or fails", function()
    local before = count_threads()
    local loader = make(noisy(40), 3)
    all(loader)
    settles(before)
    for x in loader:batches() do
      if x then break end
    end
    settles(before)
    pcall(function()
      for _ in loader:batches() do error "of the caller" end
    end)
    settles(before)
    assert.equal(10, #all(loader))
  end)

  it("when an iterator is dropped", function()
    local before = count_threads()
    do
      local step = make(noisy(40), 3):batches()
      step()
    end
    settles(before, true)
  end)

  it("when a loader that keeps them is closed or dropped", function()
    local before = count_threads()
    local loader = make(noisy(10), 2, { persistent_workers = true })
    all(loader)
    assert.is_not_nil(loader.kept)
    loader:close()
    settles(before)
    all(loader)
    loader = nil  -- luacheck: ignore 311
    settles(before, true)
  end)

  it("when two loops over one loader run side by side", function()
    local before = count_threads()
    local loader = make(noisy(12), 2, { persistent_workers = true })
    local n = 0
    for a in loader:batches() do
      for b in loader:batches() do
        assert.same({ 4 }, a.shape)
        assert.same({ 4 }, b.shape)
        n = n + 1
      end
    end
    assert.equal(9, n)
    loader:close()
    settles(before)
  end)
end)

describe("a thousand epochs", function()
  local function check(options, epochs)
    local set = data.FunctionDataset(24, function(i) return i, i * i end)
    local loader = make(set, 4, options)
    local function epoch()
      local k = 0
      for x, y in loader:batches() do
        assert.equal(k + 1, x[1]:item())
        assert.equal((k + 4) ^ 2, y[4]:item())
        k = k + 4
      end
      assert.equal(24, k)
    end
    epoch()
    collectgarbage()
    collectgarbage()
    local bytes, heap = tocha.memory().in_use, collectgarbage "count"
    for _ = 1, epochs do epoch() end
    loader:close()
    collectgarbage()
    collectgarbage()
    assert.is_true(tocha.memory().in_use <= bytes, tocha.memory().in_use - bytes)
    assert.is_true(collectgarbage "count" < heap + 200, collectgarbage "count" - heap)
  end

  it("of four kept workers: in order, and nothing is left over", function()
    check({ persistent_workers = true }, 1000)
  end)

  it("#slow of four new workers each", function() check({}, 1000) end)

  it("of streams, each broken off somewhere", function()
    local set = data.IterableDataset(function()
      local i = 0
      return function()
        i = i + 1
        if i <= 24 then return i end
      end
    end)
    local before = count_threads()
    for epoch = 1, 40 do
      local k = 0
      for x in make(set, 3, { batch_size = 2 }):batches() do
        assert.equal(2 * k + 1, x[1]:item())
        k = k + 1
        if k == epoch % 12 then break end
      end
    end
    settles(before)
  end)
end)
