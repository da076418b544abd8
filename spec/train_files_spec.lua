-- Callbacks that write files; what fit shows; callbacks of evaluate and predict.

local core = require "tocha.core"
local tocha = require "tocha"
local data, train = tocha.data, tocha.train
local common = require "spec.train_callbacks_support"

local x <const>, y <const> = common.x, common.y
local small_model <const> = common.small_model
local fit <const> = common.fit
local alone <const> = common.alone

local function read(path)
  local file <close> = io.open(path, "rb")
  return file and file:read "a"
end

describe("files", function()
  local folder
  before_each(function()
    folder = os.tmpname()
    os.remove(folder)
    assert(core.make_folder(folder))
  end)
  after_each(function() os.execute("rm -r " .. folder) end)

  local function names()
    local list <const> = core.list_folder(folder)
    table.sort(list)
    return list
  end

  describe("of ModelCheckpoint", function()
    it("have names from patterns", function()
      local path <const> = train.ModelCheckpoint.path
      local logs <const> = { epoch = 3, val_accuracy = 0.98765, loss = 12 }
      assert.are.equal("weights_03_0.99.safetensors",
        path("weights_{epoch:02d}_{val_acc:.2f}.safetensors", logs))
      assert.are.equal("3-0.98765-12-1.20e+01",
        path("{epoch}-{val_accuracy}-{loss:d}-{loss:.2e}", logs))
      assert.error_matches(function() path("{los}", logs) end,
        "no 'los' %(there are: epoch, loss, val_accuracy%)")
      assert.error_matches(function() path("{loss:99s}", logs) end, "no format")
      assert.error_matches(function() path("{loss:%d}", logs) end, "no format")
    end)

    it("are written after every epoch, or when it became better", function()
      local net <const> = small_model(0.0)
      fit(net, { epochs = 2, shuffle = false, callbacks = {  -- a rate of 0: the same loss twice
        train.ModelCheckpoint(folder .. "/deep/all_{epoch}.ckpt"),
        train.ModelCheckpoint(folder .. "/best_{epoch}", { save_best_only = true,
          monitor = "loss", save_weights_only = true }) } })
      assert.are.same({ "best_1", "deep" }, names())
      local weights <const> = tocha.load(folder .. "/best_1")
      assert.is_true(weights.weight:equal(net.weight:detach()))
      local twin <const> = small_model()
      local rest <const> = train.checkpoint.load(folder .. "/deep/all_2.ckpt",
        { model = twin, optimizer = twin.optimizer })
      assert.are.equal(2, rest.epoch)
      assert.is_true(twin.weight:equal(net.weight))
      assert.are.equal(0.0, twin.optimizer.param_groups[1].lr)
    end)

    it("follow a metric that rises, from a threshold", function()
      local callback <const> = train.ModelCheckpoint(folder .. "/{epoch}", { save_best_only = true,
        monitor = "accuracy", initial_value_threshold = 0.4, save_weights_only = true })
      alone(callback)
      for epoch, accuracy in ipairs { 0.3, 0.5, 0.45, 0.6 } do
        callback:on_epoch_end(epoch, { accuracy = accuracy })
      end
      assert.are.same({ "2", "4" }, names())
    end)

    it("are written every so many batches", function()
      fit(small_model(), { epochs = 2, batch_size = 2, callbacks = {
        train.ModelCheckpoint(folder .. "/{epoch}_{batch}", { save_freq = 3 }) } })
      assert.are.same({ "1_3", "2_2" }, names())
    end)

    it("cannot be written to nowhere", function()
      assert.error_matches(function()
        fit(small_model(), { callbacks = { train.ModelCheckpoint "/proc/none/x" } })
      end, "ModelCheckpoint")
      assert.error_matches(function() train.ModelCheckpoint(3) end, "a path")
      assert.error_matches(function() train.ModelCheckpoint("x", { save_freq = 0 }) end,
        "save_freq")
    end)
  end)

  describe("of CSVLogger", function()
    it("have the logs to the last digit", function()
      local path <const> = folder .. "/log.csv"
      local history <const> = fit(small_model(), { epochs = 2, callbacks = {
        train.CSVLogger(path) }, schedule = function(_, lr) return lr end })
      local lines <const> = {}
      for line in io.lines(path) do lines[#lines + 1] = line end
      assert.are.equal("epoch,loss,mae,learning_rate", lines[1])
      assert.are.equal(3, #lines)
      local epoch <const>, loss <const>, mae <const> = lines[3]:match "^(%d+),([^,]+),([^,]+),"
      assert.are.equal("2", epoch)
      assert.are.equal(history.history.loss[2], tonumber(loss))
      assert.are.equal(history.history.mae[2], tonumber(mae))
    end)

    it("are begun anew or gone on with", function()
      local path <const> = folder .. "/log.csv"
      local function lines_after(options)
        fit(small_model(), { callbacks = { train.CSVLogger(path, options) } })
        return select(2, read(path):gsub("\n", ""))
      end
      assert.are.equal(2, lines_after())
      assert.are.equal(3, lines_after { append = true })
      assert.are.equal(2, lines_after { separator = ";" })
      assert.is_truthy(read(path):find("epoch;loss;mae", 1, true))
      os.remove(path)
      assert.are.equal(2, lines_after { append = true })
      assert.error_matches(function()
        fit(small_model(), { callbacks = { train.CSVLogger "/nowhere/x" } })
      end, "CSVLogger.*nowhere")
    end)
  end)

  describe("of BackupAndRestore", function()
    local function failing_at(stop)
      local seen = 0
      return { on_batch_end = function()
        seen = seen + 1
        if seen == stop then error "power cut" end
      end }
    end

    it("let fit go on, and are removed at the end", function()
      local path <const> = folder .. "/backup"
      local whole <const> = small_model()
      local history <const> = fit(whole, { epochs = 3 })
      local net <const> = small_model()
      local backup <const> = train.BackupAndRestore(path, { save_freq = 1 })
      assert.error_matches(function()
        fit(net, { epochs = 3, callbacks = { backup, failing_at(4) } })
      end, "power cut")
      assert.is_truthy(read(path))
      local other <const> = small_model()
      tocha.manual_seed(77)
      local resumed <const> = fit(other, { epochs = 3, callbacks = { backup, failing_at(99) } })
      assert.are.same(history.history.loss, resumed.history.loss)
      assert.is_true(whole.weight:equal(other.weight))
      assert.is_nil(read(path))
    end)

    it("stay with fit's own option, and more epochs may follow", function()
      local path <const> = folder .. "/run"
      local whole <const> = small_model()
      local history <const> = fit(whole, { epochs = 4 })
      local net <const> = small_model()
      fit(net, { epochs = 2, resume = path })
      local again <const> = fit(small_model(), { epochs = 2, resume = path })
      assert.are.same({ 1, 2 }, again.epoch)
      local more <const> = fit(small_model(), { epochs = 4, resume = path })
      assert.are.same(history.history.loss, more.history.loss)
      assert.are.same({ 1, 2, 3, 4 }, more.epoch)
    end)

    it("say when callbacks or metrics are not those of the file", function()
      local path <const> = folder .. "/run"
      fit(small_model(), { resume = path })
      assert.error_matches(function()
        fit(small_model(), { resume = path, callbacks = { train.EarlyStopping() } })
      end, "without the callback EarlyStopping 1")
      local net <const> = small_model()
      net:compile { loss = "mse", metrics = { "rmse" } }
      assert.error_matches(function() fit(net, { resume = path }) end, "no metric 'rmse'")
    end)
  end)
end)

describe("what fit shows", function()
  -- What is printed by code that trains a small model with this verbose.
  local function shown(verbose, variables)
    local code <const> = ([[
      local tocha = require "tocha"
      tocha.manual_seed(1)
      local net = tocha.nn.Linear(2, 1)
      net:compile { loss = "mse", metrics = { "mae" } }
      net:fit { x = tocha.ones(8, 2), y = tocha.ones(8, 1), batch_size = 2, epochs = 2,
        verbose = %s, validation_split = 0.5 }]]):format(verbose)
    local command <const> = ("%s bin/tocha -e '%s' 2>&1"):format(variables or "", code)
    local pipe <close> = assert(io.popen(command))
    return pipe:read "a"
  end

  it("is a plain line an epoch in a pipe, or nothing", function()
    for _, verbose in ipairs { 1, 2, "true" } do
      local text <const> = shown(verbose)
      local first <const>, second <const> = text:match "^([^\n]*)\n([^\n]*)\n$"
      assert.is_truthy(first:find("^epoch 1/2  %d+%.%d+ s  loss %S+  mae %S+  val_loss %S+  "
        .. "val_mae %S+$"))
      assert.is_truthy(second:find "^epoch 2/2 ")
    end
    assert.are.equal("", shown(0))
    assert.are.equal("", shown "false")
  end)

  it("is one live line in a terminal", function()
    if not os.execute "command -v script >/dev/null 2>&1" then return pending "no script" end
    local code <const> = [[local tocha = require "tocha"; local net = tocha.nn.Linear(2, 1);
      net:compile { loss = "mse" };
      net:fit { x = tocha.ones(8, 2), y = tocha.ones(8, 1), batch_size = 2, epochs = 2 }]]
    local file <const> = os.tmpname()
    do local out <close> = io.open(file, "w") out:write(code) end
    local function typescript(variables)
      local command <const> = "script -qec '%s bin/tocha %s' /dev/null </dev/null"
      local pipe <close> = assert(io.popen(command:format(variables, file)))
      return (pipe:read "a":gsub("\r\n", "\n"))
    end
    local text <const> = typescript "TERM=xterm LC_ALL=C.UTF-8 NO_COLOR=1 COLUMNS=70"
    for line in text:gmatch "[^\n]+" do
      local last <const> = line:match "([^\r]*)$"
      assert.is_truthy(last:find "^epoch %d/2  %d+%.%d+ s  loss ")
      assert.is_truthy(line:find("▕", 1, true))
      assert.is_nil(line:find "\27%[3")
      for drawn in line:gmatch "[^\r]+" do
        assert.is_true((utf8.len((drawn:gsub("\27%[K", "")))) < 70)
      end
    end
    assert.is_truthy(typescript "TERM=xterm LC_ALL=C.UTF-8 NO_COLOR=":find "\27%[36m")
    assert.is_truthy(typescript "TERM=xterm LC_ALL=C":find("[====", 1, true))
    assert.is_nil(typescript "TERM=dumb":find "\r.")
    os.remove(file)
  end)
end)

describe("evaluation", function()
  it("may be over a loader that shuffles without training noticing", function()
    local losses <const> = {}
    local set <const> = data.TensorDataset(x, y)
    for k, loader in ipairs { set, data.DataLoader(set, { batch_size = 2, shuffle = true }) } do
      losses[k] = fit(small_model(), { epochs = 2, validation_data = loader }).history.loss
    end
    assert.are.same(losses[1], losses[2])
  end)
end)
