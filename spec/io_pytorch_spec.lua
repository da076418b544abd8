-- PyTorch's .pt and .pth: files that torch.save wrote (spec/golden/pytorch.py), networks of others,
-- pickles that would do harm, mutated files.

local tocha = require "tocha"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"
local pickle = require "tocha.io.pickle"
local read_bytes <const> = support.read_bytes
local null <const> = tocha.io.json.null

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/io_pytorch_spec.lua$"
local golden <const> = root .. "spec/golden/"
local models <const> = root .. "../shared/data/models/"

local has_zlib <const> = pcall(require, "tocha.zlib")

local function exists(path)
  local file <close> = io.open(path, "rb")
  return file ~= nil
end

local function values(x) return x:totable() end

-- The expected contents are those of spec/golden/pytorch.py.
local function check_tensors(object)
  for dtype, x in pairs(object.dtypes) do
    assert.equal(dtype, x.dtype)
    assert.same({ { 1, 0, 1 } }, x:to("float64"):to("int64"):totable(), dtype)
  end
  assert.equal(2.5, object.scalar:item())
  assert.same({ 0, 3 }, object.empty.shape)
  assert.same({ 2, 3, 4 }, values(object.row))
  assert.same({ 8, 14, 20 }, values(object.column))
  assert.same({ 6, 4 }, object.transposed.shape)
  assert.same({ 0, 6, 12, 18 }, values(object.transposed[1]))
  assert.same({ { 7, 7, 7 }, { 7, 7, 7 } }, values(object.expanded))
  assert.same({ 5 }, values(object.tagged))
  assert.same({ 1, 2 }, values(object.params.deep.er))
  assert.same({ { 0, 1 }, { 2, 3 }, { 4, 5 } }, values(object.net["0.weight"]))
end

local function check_rest(object)
  assert.equal(3, object.epoch)
  assert.equal(-70000, object.negative)
  assert.equal(1 << 40, object.large)
  assert.equal(2.0 ^ 70, object.beyond)
  assert.equal(0.125, object.lr)
  assert.equal(null, object.none)
  assert.same({ true, false, null }, object.flags)
  assert.equal("r\u{e9}seau", object.name)
  assert.equal("\0\1", object.bytes)
  assert.same({ "a", { 1 } }, object.pair)
  assert.same({ [0] = "zero", "one" }, object.by_number)
  assert.same({ x = 1 }, object.ordered)
  assert.same({ 0.5, -2, -3, 200, true }, object.numpy)
  assert.same({ 4, 6 }, object.size)
  assert.equal("float16", object.dtype)
end

describe("files of torch.save:", function()
  for _, name in ipairs { "pytorch.pt", "pytorch_old.pt", "pytorch_protocol4.pt",
    "pytorch_deflated.pt" } do
    it(name, function()
      if name == "pytorch_deflated.pt" and not has_zlib then pending "a build without zlib" end
      local object <const> = tocha.load(golden .. name)
      check_tensors(object)
      check_rest(object)
    end)
  end

  it("unsigned integers that have no dtype here are widened", function()
    local object <const> = tocha.load(golden .. "pytorch.pt")
    assert.same({ 1, 65535 }, values(object.uint16))
    assert.same({ 1, 4294967295 }, values(object.uint32))
  end)

  it("tensors share the storages that they shared", function()
    for _, name in ipairs { "pytorch.pt", "pytorch_old.pt" } do
      local object <const> = tocha.load(golden .. name)
      object.row:fill_(-1)
      assert.same({ -1, -1, -1 }, object.transposed:t():flatten():narrow(1, 3, 3):totable())
      object.parameter:fill_(9)
      assert.same({ 9, 9, 9 }, values(object.net["0.bias"]))
    end
  end)

  it("a state dict fits the module", function()
    local net <const> = tocha.nn.Sequential(tocha.nn.Linear(2, 3), tocha.nn.BatchNorm1d(3))
    net:load_state_dict(tocha.load(golden .. "pytorch.pt").net)
    assert.same({ 1, 2, 3 }, net[1].bias:totable())
  end)
end)

-- An archive as torch.save writes it, from the parts.
local function archive_of(parts)
  local path <const>, list <const> = fuzz.path(), {}
  for name, bytes in pairs(parts) do
    list[#list + 1] = { "a/" .. name, function() return bytes end }
  end
  table.sort(list, function(a, b) return a[1] < b[1] end)
  require("tocha.io.zip").write("spec", path, list)
  return path
end

-- The pickle of a tensor over the storage "0" of float32, by its numbers.
local function tensor_pickle(count, offset, size, stride)
  local function integer(v) return "\x8a\x08" .. string.pack("<i8", v) end
  local function tuple(list)
    local text = "("
    for _, v in ipairs(list) do text = text .. integer(v) end
    return text .. "t"
  end
  return "\x80\2ctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storage"
    .. "ctorch\nFloatStorage\nX\1\0\0\0000X\3\0\0\0cpu" .. integer(count) .. "tQ" .. integer(offset)
    .. tuple(size) .. tuple(stride) .. "\x89ccollections\nOrderedDict\n)RtR."
end

local function load_parts(parts)
  local path <const> = archive_of(parts)
  local ok <const>, result <const> = pcall(tocha.load, path)
  os.remove(path)
  return ok and result or error(result, 0)
end

describe("archives made by hand:", function()
  if not has_zlib then return pending "a build without zlib" end

  it("the other byte order", function()
    local x <const> = load_parts { ["data.pkl"] = tensor_pickle(3, 1, { 2 }, { 1 }),
      byteorder = "big", ["data/0"] = string.pack(">fff", 1, 2, 3) }
    assert.same({ 2, 3 }, x:totable())
  end)

  local MANY <const> = math.maxinteger
  for what, case in pairs {
    ["an offset beyond"] = { 3, 3, { 1 }, { 1 } }, ["a size beyond"] = { 3, 0, { 4 }, { 1 } },
    ["a stride beyond"] = { 3, 0, { 2 }, { 3 } },
    ["a stride that overflows"] = { 3, 0, { 5 }, { 1 << 62 } },
    ["sizes that overflow"] = { 3, 0, { 1 << 32, 1 << 32 }, { 0, 0 } },
    ["a negative size"] = { 3, 0, { -1 }, { 1 } },
    ["a negative stride"] = { 3, 1, { 2 }, { -1 } },
    ["a negative offset"] = { 3, -1, { 1 }, { 1 } },
    ["a view of 2^62"] = { 3, 0, { 1 << 62 }, { 0 } },
    ["fewer strides"] = { 3, 0, { 1, 1 }, { 1 } }, ["a large storage"] = { MANY, 0, { 1 }, { 1 } },
    ["nine dimensions"] = { 3, 0, { 1, 1, 1, 1, 1, 1, 1, 1, 1 }, { 1, 1, 1, 1, 1, 1, 1, 1, 1 } },
    ["a negative storage"] = { -3, 0, { 1 }, { 1 } },
  } do
    it(what .. " is refused", function()
      support.fails_with("[load] argument 1", load_parts,
        { ["data.pkl"] = tensor_pickle(table.unpack(case)), ["data/0"] = ("\0"):rep(12) })
    end)
  end

  it("members that lie on each other are refused", function()
    local path <const> = archive_of { ["data.pkl"] = "N.", ["data/0"] = ("\1"):rep(3000) }
    local bytes <const> = read_bytes(path)
    os.remove(path)
    local at <const> = bytes:find("PK\1\2", 1, true)
    local last <const> = bytes:find("PK\5\6", 1, true)
    local one <const> = bytes:sub(bytes:find("PK\1\2", at + 4, true), last - 1)
    local many <const> = bytes:sub(1, last - 1) .. one:rep(200)
    local ending <const> = string.pack("<I2I2I2I2I4I4I2", 0, 0, 202, 202, #many - at + 1, at - 1, 0)
    local copy <const> = fuzz.write(many .. "PK\5\6" .. ending)
    support.fails_with("more bytes than the archive", tocha.load, copy)
    os.remove(copy)
  end)

  it("a storage that is not there is named", function()
    support.fails_with("data/0", load_parts, { ["data.pkl"] = tensor_pickle(3, 0, { 3 }, { 1 }) })
  end)
end)

describe("pickles that would do harm:", function()
  local function read(text)
    local at = 1
    return pickle.load(function(n)
      if at + n - 1 > #text then error("cut off", 0) end
      at = at + n
      return text:sub(at - n, at - 1)
    end, { globals = { ["os.path"] = { call = function(_, a) return a end } },
      persistent = function() return 0 end,
      bad = function(format, ...) error(format:format(...), 0) end })
  end

  it("a Python function is named, never called", function()
    support.fails_with("posix.system", read, "\x80\2cposix\nsystem\nX\4\0\0\0echo\x85R.")
    support.fails_with("builtins.eval", read, "\x80\4\x8c\8builtins\x8c\4eval\x93)R.")
  end)

  for what, text in pairs {
    ["nothing"] = "", ["an empty stack"] = ".", ["no mark"] = "t.", ["below a mark"] = "N(0.",
    ["an unknown memo"] = "h\7.", ["putting nothing"] = "q\0.", ["a list as a key"] = "}]Ns.",
    ["NaN as a key"] = "}G\x7f\xf8\0\0\0\0\0\0Ns.", ["an item in a dict"] = "}Na.",
    ["an odd dict"] = "}(Nu.", ["a call of a number"] = "K\1)R.",
    ["a call of a path"] = "cos\npath\nNR.", ["a long name"] = "c" .. ("a"):rep(2000),
    ["a string of 2^63"] = "\x8d" .. ("\xff"):rep(8) .. ".",
    ["an unknown instruction"] = "\xfe.", ["a state for a number"] = "K\1}b.",
    ["a name that is a number"] = "K\1K\1\x93.",
  } do
    it(what, function()
      local ok <const>, problem <const> = pcall(read, text)
      assert.is_false(ok)
      assert.equal("string", type(problem))
      assert.is_nil(problem:find("attempt to", 1, true), problem)
    end)
  end

  it("a list that is turned into a dict over and over", function()
    local head <const> = read_bytes(golden .. "pytorch_old.pt"):match "^.-\x19%."
    local path <const> = fuzz.write(head .. "M\xe9\3.}.](" .. ("](K\1K\1e"):rep(50000) .. "eq\0"
      .. ("ccollections\nOrderedDict\nh\0\x85R0"):rep(20000) .. ".")
    support.fails_with("repeats itself", tocha.load, path)
    os.remove(path)
  end)
end)

describe("mutated files of torch.save", function()
  for _, name in ipairs { "pytorch.pt", "pytorch_old.pt" } do
    it(name, function()
      assert.is_true(fuzz.read(read_bytes(golden .. name), tocha.load) > 500)
    end)
  end

  it("the pickle in a whole archive", function()
    if not has_zlib then pending "a build without zlib" end
    local source <close> = require("tocha.io.zip").open("spec", golden .. "pytorch.pt")
    local parts <const> = {}
    for _, member in ipairs(source.members) do
      parts[member.name:match "/(.*)"] = member:read()
    end
    local function load(path)
      parts["data.pkl"] = read_bytes(path)
      return load_parts(parts)
    end
    assert.is_true(fuzz.read(parts["data.pkl"], load, { count = 1500 }) > 500)
  end)
end)

describe("the ResNets for CIFAR-10 that others trained", function()
  for name, count in pairs {
    ["resnet20-12fca82f.th"] = 269722, ["resnet32-d509ac18.th"] = 464154,
  } do
    it(name, function()
      if not exists(models .. name) then pending "shared/data/models is not there" end
      local saved <const>, n = tocha.load(models .. name), 0
      assert.is_true(saved.best_prec1 > 90)
      for each, x in pairs(saved.state_dict) do
        if not each:find "running_" and not each:find "num_batches" then n = n + x:numel() end
        assert.is_true(x:isfinite():all():item(), each)
      end
      assert.equal(count, n)
      assert.same({ 16, 3, 3, 3 }, saved.state_dict["module.conv1.weight"].shape)
    end)
  end
end)
