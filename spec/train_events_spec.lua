-- TensorBoard's event files, byte by byte; the callback that writes them; protocol buffers.

local core = require "tocha.core"
local protobuf = require "tocha.io.protobuf"
local tocha = require "tocha"
local support = require "spec.support"
local read_bytes <const> = support.read_bytes
local nn, train = tocha.nn, tocha.train

local function hex(bytes)
  return (bytes:gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

local function new_folder()
  local path <const> = os.tmpname()
  os.remove(path)
  return path
end

-- Removes a folder of files and folders of files.
local function remove_folder(path)
  for _, name in ipairs(core.list_folder(path) or {}) do
    local inner <const> = path .. "/" .. name
    if core.file_kind(inner) == "folder" then remove_folder(inner) else os.remove(inner) end
  end
  os.remove(path)
end

-- The messages of a file; their checksums are checked.
local function records_of(bytes)
  local list <const>, crc <const> = {}, train.SummaryWriter.crc32c
  local function masked(text)
    local c <const> = crc(text)
    return ((c >> 15 | c << 17) + 0xa282ead8) & 0xffffffff
  end
  local at = 1
  while at <= #bytes do
    local length <const>, head <const> = ("<I8I4"):unpack(bytes, at)
    assert.are.equal(masked(bytes:sub(at, at + 7)), head)
    local message <const> = bytes:sub(at + 12, at + 11 + length)
    assert.are.equal(masked(message), (("<I4"):unpack(bytes, at + 12 + length)))
    list[#list + 1] = message
    at = at + 16 + length
  end
  return list
end

-- The scalars of a folder's only file: { "tag step value" }
local function scalars_of(folder)
  local names <const> = core.list_folder(folder)
  assert.are.equal(1, #names)
  local list <const> = {}
  for _, message in ipairs(records_of(read_bytes(folder .. "/" .. names[1]))) do
    local step <const>, tag <const>, value <const> =
      message:match "^\9........\16(.)\42.\10.\10.([%w_/.]+)\21(....)$"
    if tag then
      list[#list + 1] = ("%s %d %.6g"):format(tag, step:byte(), (("<f"):unpack(value)))
    end
  end
  return list
end

describe("protocol buffers", function()
  it("are written as the pages of the format say", function()
    assert.are.equal("089601", hex(protobuf.message { { 1, "int", 150 } }))
    assert.are.equal("120774657374696e67", hex(protobuf.message { { 2, "bytes", "testing" } }))
    assert.are.equal("1a03089601",
      hex(protobuf.message { { 3, "message", { { 1, "int", 150 } } } }))
    assert.are.equal("08ffffffffffffffffff01", hex(protobuf.message { { 1, "int", -1 } }))
    assert.are.equal("0800", hex(protobuf.message { { 1, "int", 0 }, { 2, "int", nil } }))
    assert.are.equal("0d0000803f12080000803f00000040",
      hex(protobuf.message { { 1, "float", 1 }, { 2, "floats", { 1, 2 } } }))
  end)
end)

describe("an event file", function()
  local folder
  before_each(function() folder = new_folder() end)
  after_each(function() remove_folder(folder) end)

  it("has the checksum of RFC 3720", function()
    assert.are.equal(0xe3069283, train.SummaryWriter.crc32c "123456789")
    assert.are.equal(0x8a9136aa, train.SummaryWriter.crc32c(("\0"):rep(32)))
  end)

  it("is what tensorboard 2.21's own messages are, to the byte", function()
    do
      local writer <close> = train.SummaryWriter(folder .. "/deep/run", { purge_step = 3,
        wall_time = function() return 1000.5 end })
      writer:add_scalar("loss", 0.1, 300)
      writer:add_histogram("w", tocha.tensor { 1.0, 2.0, 3.0, 3.0, tocha.nan, tocha.inf }, -1, 2)
      writer:add_text("note", "hällo", 5)
    end
    local name <const> = core.list_folder(folder .. "/deep/run")[1]
    assert.is_truthy(name:find "^events%.out%.tfevents%.%d%d%d%d%d%d%d%d%d%d%.")
    -- event_pb2.Event(...).SerializeToString() in the framing of record_writer.h
    assert.are.equal("1800000000000000a37f4b22090000000000448f401a0d627261696e2e4576656e743a32"
      .. "aba333450f000000000000006d532b09090000000000448f4010033a020801862b35301b000000000000"
      .. "001a0d9e13090000000000448f4010ac022a0d0a0b0a046c6f737315cdcccc3d6ff61b0b6e0000000000"
      .. "0000c4bf3364090000000000448f4010ffffffffffffffffff012a580a560a01772a5109000000000000"
      .. "f03f11000000000000084019000000000000104021000000000000224029000000000000374032100000"
      .. "00000000004000000000000008403a10000000000000f03f00000000000008403882e484310000000000"
      .. "00009d8383e9090000000000448f4010052a240a220a046e6f746542100807120412020801420668c3a4"
      .. "6c6c6f4a080a060a0474657874584c5fe1", hex(read_bytes(folder .. "/deep/run/" .. name)))
  end)

  it("takes tensors, several scalars, equal values", function()
    local writer <const> = train.SummaryWriter(folder)
    writer:add_scalars("both", { b = 2, a = tocha.tensor(1.0) }, 7)
    writer:add_histogram("same", tocha.ones(5), 7)
    writer:add_histogram("none", tocha.tensor { tocha.nan }, 7)
    writer:flush()
    assert.are.same({ "both/a 7 1", "both/b 7 2" }, scalars_of(folder))
    writer:close()
    assert.error_matches(function() writer:add_scalar("x", 1, 1) end, "closed")
    assert.error_matches(function() train.SummaryWriter(folder):add_scalar(3, 1, 1) end, "tag")
    assert.error_matches(function() train.SummaryWriter "/proc/none" end, "SummaryWriter")
  end)

  it("holds pictures as PNG", function()
    if not pcall(require, "tocha.png") then return pending "no libpng" end
    local picture <const> = tocha.tensor { { 0.0, 0.5, 1.0 }, { 1.0, 0.0, 0.0 } }
    do
      local writer <close> = train.SummaryWriter(folder)
      writer:add_image("digit", picture, 4)
      assert.error_matches(function() writer:add_image("x", tocha.ones(3), 1) end, "a picture")
    end
    local message <const> = records_of(read_bytes(folder .. "/" .. core.list_folder(folder)[1]))[2]
    -- image: height 2, width 3, one channel, then the bytes
    local png <const> = message:match "digit\34.\8\2\16\3\24\1\34.(.*)$"
    local back <const> = tocha.vision.io.decode(png)
    assert.are.same({ { { 0, 128, 255 }, { 255, 0, 0 } } }, back:totable())
  end)

  it("is written by fit", function()
    tocha.manual_seed(1)
    local net <const> = nn.Sequential(nn.Linear(2, 1))
    net:compile { loss = "mse" }
    local history <const> = net:fit { x = tocha.rand(10, 2), y = tocha.rand(10, 1), epochs = 2,
      batch_size = 4, validation_split = 0.2, verbose = 0, callbacks = {
        train.TensorBoard { log_dir = folder, update_freq = 1, histogram_freq = 1 } } }
    local logs <const> = history.history
    local seen <const> = scalars_of(folder .. "/train")
    assert.are.equal(6, #seen)
    assert.is_truthy(seen[1]:find "^batch_loss 0 ")
    assert.are.equal(("epoch_loss 0 %.6g"):format(logs.loss[1]), seen[3])
    assert.are.equal(("epoch_loss 1 %.6g"):format(logs.loss[2]), seen[6])
    assert.are.same({ ("epoch_loss 0 %.6g"):format(logs.val_loss[1]),
      ("epoch_loss 1 %.6g"):format(logs.val_loss[2]) }, scalars_of(folder .. "/validation"))
    local all <const> = read_bytes(folder .. "/train/" .. core.list_folder(folder .. "/train")[1])
    assert.is_truthy(all:find("Linear(2, 1)", 1, true))
    local _, histograms <const> = all:gsub("0%.weight", "")
    assert.are.equal(2, histograms)
    assert.error_matches(function() train.TensorBoard { update_freq = "never" } end, "update_freq")
  end)

  it("of a resumed run makes void what comes after the checkpoint", function()
    local path <const> = os.tmpname()
    os.remove(path)
    local function fit_to(epochs, part)
      local net <const> = nn.Linear(2, 1)
      net:compile { loss = "mse" }
      net:fit { x = tocha.ones(4, 2), y = tocha.ones(4, 1), epochs = epochs, verbose = 0,
        resume = path, callbacks = { train.TensorBoard { log_dir = folder .. part } } }
    end
    fit_to(2, "/a")
    fit_to(3, "/b")
    os.remove(path)
    local name <const> = core.list_folder(folder .. "/b/train")[1]
    local records <const> = records_of(read_bytes(folder .. "/b/train/" .. name))
    -- SessionLog START at step 2, then the third epoch, which is step 2
    assert.is_truthy(records[2]:find "\16\2\58\2\8\1$")
    assert.is_truthy(scalars_of(folder .. "/b/train")[1]:find "^epoch_loss 2 ")
    assert.are.equal(1, #scalars_of(folder .. "/b/train"))
  end)
end)
