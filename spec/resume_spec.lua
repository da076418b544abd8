-- A run that is killed at any moment and started again gives, to the bit, the weights, the history
-- and the log of one that was not. spec/resume/driver.lua is what is killed, by SIGKILL; an error
-- after each batch in turn stands for what random moments miss.

local core = require "tocha.core"
local tocha = require "tocha"
local support = require "spec.support"
local new_folder <const> = support.new_folder
local nn, optim, train = tocha.nn, tocha.optim, tocha.train

local function read(path)
  local file <close> = io.open(path, "rb")
  return file and file:read "a"
end

local function remove_folder(path)
  for _, name in ipairs(core.list_folder(path)) do os.remove(path .. "/" .. name) end
  os.remove(path)
end

-- Starts the driver; with `seconds` it is killed then. Returns whether it ended by itself.
local function drive(way, folder, seconds)
  local kill <const> = seconds and ("timeout -s KILL %.3f "):format(seconds) or ""
  local command <const> = ("%sbin/tocha spec/resume/driver.lua %s %s 25 2>%s/errors"):format(kill,
    way, folder, folder)
  local ok <const>, how <const>, status <const> = os.execute(command)
  if ok then return true end
  -- timeout ends by the same signal; a shell that waits for it says 128 + 9
  local killed <const> = how == "signal" and status == 9 or status == 137
  assert(killed, ("%s %s %s: %s"):format(way, how, status, read(folder .. "/errors")))
  return false
end

local COMPARED <const> = { "out", "log.csv", "best.safetensors" }

describe("a run that is killed #slow", function()
  local folders

  before_each(function() folders = { new_folder(), new_folder() } end)
  after_each(function() for _, folder in ipairs(folders) do remove_folder(folder) end end)

  -- Short lives, so that there are many; each longer than the last, so that it ends on any machine.
  -- Where the whole run was measured on a busy moment, it may end before it is killed: again then.
  local function drive_through_kills(way, folder, whole)
    local kills = 0
    while not drive(way, folder, whole / 10 + math.random() * whole / 7 * 1.1 ^ kills) do
      kills = kills + 1
    end
    if kills > 0 then return end
    remove_folder(folder)
    assert(core.make_folder(folder))
    drive_through_kills(way, folder, whole / 2)
  end

  for _, way in ipairs { "fit", "steps", "plain" } do
    it("goes on with the same numbers: " .. way, function()
      local start <const> = core.clock()
      assert.is_true(drive(way, folders[1]))
      local whole <const> = core.clock() - start
      math.randomseed(os.time())
      drive_through_kills(way, folders[2], whole)
      for _, name in ipairs(core.list_folder(folders[2])) do
        -- of what a kill left half written, the next write takes the place
        assert.is_nil(name:match "%.%x+%.tmp$", name)
      end
      for _, name in ipairs(COMPARED) do
        assert.are.equal(read(folders[1] .. "/" .. name), read(folders[2] .. "/" .. name), name)
      end
    end)
  end
end)

describe("a run that an error ends after any batch", function()
  local train_by <const> = dofile "spec/resume/ways.lua"
  local EPOCHS <const> = 3

  -- What came out of a run that was stopped after so many batches and gone on with.
  local function broken(way, folder, stop)
    local ok, message = pcall(train_by, way, folder, EPOCHS, stop)
    assert.is_false(ok)
    assert.are.equal("stopped", tostring(message):match "stopped")
    return train_by(way, folder, EPOCHS)
  end

  for way, batches in pairs { fit = 9 * EPOCHS, steps = 7 * EPOCHS, plain = 12 * EPOCHS } do
    it("goes on with the same numbers: " .. way, function()
      local folder = new_folder()
      local whole <const> = train_by(way, folder, EPOCHS)
      local log <const> = read(folder .. "/log.csv")
      remove_folder(folder)
      for stop = 0, batches - 1 do
        folder = new_folder()
        assert.is_true(whole == broken(way, folder, stop), "after batch " .. stop)
        assert.are.equal(log, read(folder .. "/log.csv"))
        remove_folder(folder)
      end
    end)
  end
end)

describe("a checkpoint", function()
  local path <const> = os.tmpname()
  after_each(function()
    os.remove(path)
    os.remove(path .. ".tmp")
  end)

  local function parts()
    local net <const> = nn.Linear(2, 2)
    return net, optim.Adam(net:parameters(), { lr = 0.1 })
  end

  local function learn(net, optimizer)
    optimizer:zero_grad()
    net(tocha.rand(4, 2)):sum():backward()
    optimizer:step()
    return net.weight:detach():to_bytes()
  end

  it("holds model, optimiser, both generators and what else is given", function()
    local net <const>, optimizer <const> = parts()
    learn(net, optimizer)
    train.checkpoint.save(path, { model = net, optimizer = optimizer, epoch = 3,
      best = { loss = 0.25, weights = tocha.ones(2) } })
    local after <const>, number <const> = learn(net, optimizer), math.random()
    local twin <const>, other <const> = parts()
    local rest <const> = train.checkpoint.load(path, { model = twin, optimizer = other })
    assert.are.equal(3, rest.epoch)
    assert.are.equal(0.25, rest.best.loss)
    assert.are.same({ 1.0, 1.0 }, rest.best.weights:totable())
    assert.is_nil(rest.model)
    assert.are.equal(after, learn(twin, other))
    assert.are.equal(number, math.random())
  end)

  it("is a safetensors file with the weights by name", function()
    local net <const> = nn.Linear(2, 2)
    train.checkpoint.save(path, { model = net })
    local tensors <const> = tocha.io.safetensors.load(path)
    assert.is_true(tensors["model.weight"]:equal(net.weight:detach()))
  end)

  it("leaves the random state alone if told to", function()
    train.checkpoint.save(path, { epoch = 1 })
    local state <const> = tocha.get_rng_state()
    tocha.rand(8)
    local moved <const> = tocha.get_rng_state()
    train.checkpoint.load(path, {}, { random = false })
    assert.are.same(moved, tocha.get_rng_state())
    train.checkpoint.load(path)
    assert.are.same(state, tocha.get_rng_state())
  end)

  it("says what is wrong with a file, and changes nothing", function()
    local net <const>, optimizer <const> = parts()
    tocha.save({ epoch = 1 }, path)
    assert.error_matches(function() train.checkpoint.load(path, {}) end, "is no checkpoint")
    train.checkpoint.save(path, { model = net })
    assert.error_matches(function()
      train.checkpoint.load(path, { model = net, optimizer = optimizer })
    end, "has no 'optimizer'")
    assert.error_matches(function() train.checkpoint.load(path, { model = nn.Linear(3, 2) }) end,
      "another shape")
    assert.error_matches(function() train.checkpoint.load("/nowhere/x", {}) end, "/nowhere/x")
    assert.error_matches(function() train.checkpoint.save(path, { _x = 1 }) end, "'_x'")
    assert.error_matches(function() train.checkpoint.save(path, { f = print }) end, "function")
    do local file <close> = io.open(path, "wb") file:write "rubbish that is no checkpoint" end
    assert.error_matches(function() train.checkpoint.load(path, {}) end, "safetensors")
  end)
end)

describe("a run", function()
  local path <const> = os.tmpname()
  before_each(function() os.remove(path) end)
  after_each(function() os.remove(path) end)

  -- A source of the numbers 1, 2, 3 without a state.
  local function numbers()
    local source <const> = {}
    function source.batches()
      local k = 0
      return function()
        k = k + 1
        if k <= 3 then return k end
      end
    end
    return source
  end

  -- What the loop saw, "epoch:batch", until `stop` of them.
  local function walk(run, epochs, stop, limit)
    local seen <const> = {}
    for epoch in run:epochs(epochs) do
      for k in run:batches(numbers(), limit) do
        seen[#seen + 1] = epoch .. ":" .. k
        if #seen == stop then return seen end
      end
    end
    return seen
  end

  it("counts epochs and batches", function()
    local run <const> = train.Run(nil, {})
    assert.are.same({ "1:1", "1:2", "1:3", "2:1", "2:2", "2:3" }, walk(run, 2))
    assert.are.equal(2, run.epoch)
    assert.are.equal(6, run.step)
  end)

  it("has epochs of a number of batches, across passes", function()
    assert.are.same({ "1:1", "1:2", "2:3", "2:1", "3:2", "3:3" },
      walk(train.Run(nil, {}), 3, nil, 2))
    assert.are.same({ "1:1", "1:2", "1:3", "1:1", "1:2" }, walk(train.Run(nil, {}), 1, nil, 5))
  end)

  it("goes on behind the batch of its last checkpoint", function()
    walk(train.Run(path, {}, { every = 1 }), 2, 2)  -- the second was seen and not finished
    assert.are.same({ "1:2", "1:3", "2:1", "2:2", "2:3" }, walk(train.Run(path, {}), 2))
    assert.are.same({}, walk(train.Run(path, {}), 2))
    assert.are.same({ "3:1", "3:2", "3:3" }, walk(train.Run(path, {}), 3))
  end)

  it("stays stopped", function()
    local run <const> = train.Run(path, {})
    for _ in run:epochs(5) do
      for _ in run:batches(numbers()) do end
      run:stop()
    end
    assert.are.equal(1, run.epoch)
    assert.are.same({}, walk(train.Run(path, {}), 5))
  end)

  it("closes what a pass has open, however the loop ends", function()
    local open = 0
    local source <const> = {}
    function source.batches()
      open = open + 1
      local next_batch <const> = numbers().batches()
      return next_batch, nil, nil, setmetatable({}, { __close = function() open = open - 1 end })
    end
    local run <const> = train.Run(nil, {})
    for epoch in run:epochs(3) do
      pcall(function()
        for k in run:batches(source) do
          if epoch == 2 and k == 2 then break end
          if epoch == 3 and k == 2 then error "no" end
        end
      end)
      assert.are.equal(0, open)
    end
  end)

  it("says when the data are not those of the checkpoint", function()
    walk(train.Run(path, {}, { every = 1 }), 1, 3)
    assert.error_matches(function()
      local other <const> = train.Run(path, {})
      for _ in other:epochs(1) do
        for _ in other:batches { batches = function() return function() end end } do end
      end
    end, "data end before it")
    assert.error_matches(function() train.Run(path, { run = 1 }) end, "'run' is taken")
  end)
end)

describe("a checkpoint without a path", function()
  it("is refused", function()
    assert.error_matches(function() train.checkpoint.save(nil, { epoch = 1 }) end,
      "expected a path, got nil")
  end)
end)
