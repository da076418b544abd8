-- Readers of files: CSV, IDX, NumPy, CIFAR, text, folders of classes; and preprocessing.

local tocha = require "tocha"
local core = require "tocha.core"
local support = require "spec.support"
local read_bytes <const> = support.read_bytes

local data <const> = tocha.data
local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/readers_spec.lua$"
local shared <const> = root .. "../shared/data/"

local function scratch(bytes)
  local path = os.tmpname()
  local file <close> = assert(io.open(path, "wb"))
  file:write(bytes)
  return path
end

-- Every cut and some flipped bytes of a file: an error or a result, and no large memory.
local function fuzz(bytes, read, step)
  local function try(damaged)
    local path = scratch(damaged)  -- a new one: writing over a file waits for the disk
    local ok, problem = pcall(read, path)
    os.remove(path)
    assert.is_true(ok or type(problem) == "string")
  end
  local before = tocha.memory().peak
  for n = 0, #bytes - 1, step do try(bytes:sub(1, n)) end
  math.randomseed(5)
  for at = 1, #bytes, step do
    try(bytes:sub(1, at - 1) .. string.char(math.random(0, 255)) .. bytes:sub(at + 1))
  end
  assert.is_true(tocha.memory().peak - before < 1 << 24)
end

describe("data.csv", function()
  it("guesses header, separator and types", function()
    local t = data.csv { text = "name;size;ok;n\nana;1.5;true;1\nbo;2;false;2\n" }
    assert.same({ "name", "size", "ok", "n" }, t.names)
    assert.equal(2, #t)
    assert.same({ "ana", "bo" }, t:column "name")
    assert.same({ 1.5, 2.0 }, t:column("size"):totable())
    assert.equal("bool", t:column("ok").dtype)
    assert.equal("int64", t:column("n").dtype)
    assert.same({ { 1.5, 1.0 }, { 2.0, 2.0 } }, t:tensor({ "size", "n" }):totable())
  end)

  it("reads quoted fields, CRLF, a byte order mark and a file without a last line end", function()
    local t = data.csv { text = '\239\187\191a,b\r\n"x, ""y""\nz",1\r\nw,2' }
    assert.same({ "a", "b" }, t.names)
    assert.same({ 'x, "y"\nz', "w" }, t:column "a")
    assert.same({ 1, 2 }, t:column("b"):totable())
  end)

  it("marks what is missing", function()
    local t = data.csv { text = "a,b,c\n1,?,x\n2,5,\n" }
    assert.equal("float64", t:column("b").dtype)
    assert.is_true(t:column("b"):isnan():totable()[1])
    assert.same({ "x", false }, t:column "c")
    assert.equal(0, #t:drop_missing())
    assert.equal(1, #t:drop_missing { "b" })
    assert.equal(5.0, t:drop_missing({ "b" }):row(1).b)
  end)

  it("makes categories of text, sorted or as told", function()
    local t = data.csv { text = "a,n\nq,1\np,2\nq,3\n" }
    local ids, names = t:categories "a"
    assert.same({ 2, 1, 2 }, ids:totable())
    assert.same({ "p", "q" }, names)
    assert.same({ 1, 2, 1 }, t:categories("a", { "q", "p" }):totable())
    assert.error_matches(function() t:categories("a", { "q" }) end, "row 2 of 'a': 'p' is no categ")
  end)

  it("takes options", function()
    local t = data.csv { text = "# note\n1,2\n3,4\n5,6\n", comment = "#", limit = 2,
      names = { "x", "y" }, types = { y = "string" } }
    assert.same({ 1, 3 }, t:column("x"):totable())
    assert.same({ "2", "4" }, t:column "y")
    assert.equal(2, #data.csv { text = "a b\n1\n2\n", header = true })
    assert.equal(3, #data.csv { text = "1\n2\n3\n" })
  end)

  it("tells what is wrong, and where", function()
    local function fails(pattern, options)
      assert.error_matches(function() data.csv(options) end, pattern)
    end
    fails("line 3 has 3 fields, not 2", { text = "a,b\n1,2\n1,2,3\n" })
    fails("line 2: a quoted field does not end", { text = 'a,b\n"1,2\n' })
    fails("two columns are named 'a'", { text = "a,a\n1,2\n" })
    fails("there are no rows", { text = "" })
    fails("No such file", { path = "/nowhere/x.csv" })
    fails("unknown option 'seperator'", { text = "a", seperator = "," })
    fails("'b': expected \"string\" or a dtype, got 'int63'",
      { text = "a,b\n1,2\n", types = { b = "int63" } })
    fails("is a folder", { path = "/" })
    assert.error_matches(function() data.csv({ text = "a,b\n1,x\n" }):tensor { "b" } end,
      "column 'b' is text")
    assert.error_matches(function() data.csv({ text = "a,b\n1,x\n" }):column "c" end,
      "no column 'c' %(there are: a, b%)")
  end)

  it("reads real files", function()
    if not core.file_kind(shared .. "tabular") then pending "../shared/data is not here" return end
    local weather = data.csv(shared .. "tabular/seattle-weather.csv")
    assert.equal(1461, #weather)
    local ids, names = weather:categories "weather"
    assert.same({ "drizzle", "fog", "rain", "snow", "sun" }, names)
    assert.same({ 53, 101, 641, 26, 640 }, tocha.bincount(ids):totable(), nil)
    local cancer = data.csv(shared .. "tabular/breast-cancer-wisconsin.csv")
    assert.equal(699 - 16, #cancer:drop_missing())
    assert.equal(144, #data.csv(shared .. "tabular/airline-passengers.csv"))
  end)
end)

describe("data.idx", function()
  local path
  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  it("gives back what it wrote, in every type", function()
    for _, dtype in ipairs { "uint8", "int8", "int16", "int32", "float32", "float64" } do
      local x = tocha.arange(0, 23):view(2, 3, 4):to(dtype)
      data.idx.save(path, x)
      local y = data.idx(path)
      assert.equal(dtype, y.dtype)
      support.assert_alike(y, x)
    end
  end)

  it("is big-endian", function()
    data.idx.save(path, tocha.tensor({ 258 }, { dtype = "int16" }))
    assert.equal("\0\0\11\1\0\0\0\1\1\2", read_bytes(path))
  end)

  it("reads gzip", function()
    local ok, zlib = pcall(require, "tocha.zlib")
    if not ok then pending "built without zlib" return end
    data.idx.save(path, tocha.ones(3):to "uint8")
    local packed = scratch(zlib.compress(read_bytes(path)))
    assert.same({ 1, 1, 1 }, data.idx(packed):totable())
    os.remove(packed)
  end)

  it("refuses hostile files", function()
    local bad = scratch("\0\0\8\3\255\255\255\255\255\255\255\255\255\255\255\255")
    assert.error_matches(function() data.idx(bad) end, "do not make a")
    os.remove(bad)
    data.idx.save(path, tocha.arange(1, 12):view(3, 4):to "int16")
    fuzz(read_bytes(path), data.idx, 1)
  end)
end)

describe("NumPy's files", function()
  local KINDS <const> = { bool = "bool", u1 = "uint8", i1 = "int8", i2 = "int16", i4 = "int32",
    i8 = "int64", u2 = "int32", u4 = "int64", f2 = "float16", f4 = "float32", f8 = "float64" }

  for _, name in ipairs { "numpy.npz", "numpy_deflated.npz" } do
    it("are read: " .. name, function()
      if name:find "deflated" and not pcall(require, "tocha.zlib") then
        pending "built without zlib"
        return
      end
      local arrays = data.npz.load(root .. "spec/golden/" .. name)
      local n = 0
      for key, x in pairs(arrays) do
        local dtype = KINDS[key:match "(%w+)$"]
        if dtype and not key:find "largest" then
          n = n + 1
          assert.equal(dtype, x.dtype, key)
          local want = tocha.arange(0, 5):view(2, 3)
          support.assert_alike(x:double(), (key == "bool" and want % 2 or want):double())
        end
      end
      assert.equal(19, n)
      support.assert_alike(arrays.fortran, tocha.arange(0, 23):view(2, 3, 4):double())
      assert.equal(7, arrays.scalar:item())
      assert.same({ 0, 3 }, arrays.empty.shape)
      assert.same({ 4294967295, 2147483648 }, arrays.largest_u4:totable())
      assert.same({ 65535, 32768 }, arrays.largest_u2:totable())
    end)
  end

  it("come back as they were written", function()
    local path = os.tmpname()
    for _, dtype in ipairs { "bool", "uint8", "int16", "int64", "float16", "float32", "float64" } do
      local x = tocha.randn(3, 5):to(dtype)
      data.npy.save(path, x)
      local y = data.npy.load(path)
      assert.equal(dtype, y.dtype)
      support.assert_alike(y, x)
    end
    if pcall(require, "tocha.zlib") then
      local x = { a = tocha.randn(100), b = tocha.arange(1, 3) }
      for _, compressed in ipairs { false, true } do
        data.npz.save(path, x, { compressed = compressed })
        local y = data.npz.load(path)
        support.assert_alike(y.a, x.a)
        assert.same({ 1, 2, 3 }, y.b:totable())
      end
    end
    os.remove(path)
  end)

  it("that are hostile are refused", function()
    local head = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    local bad = scratch("\147NUMPY\1\0" .. string.pack("<s2", head .. (" "):rep(61) .. "\n"))
    assert.error_matches(function() data.npy.load(bad) end, "'|O' has no counterpart")
    os.remove(bad)
    local huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }"
    bad = scratch("\147NUMPY\1\0" .. string.pack("<s2", huge) .. "abc")
    assert.error_matches(function() data.npy.load(bad) end, "do not make")
    os.remove(bad)
    fuzz(read_bytes(root .. "spec/golden/numpy.npz"), data.npz.load, 7)
    fuzz(read_bytes(root .. "spec/golden/numpy_deflated.npz"), data.npz.load, 7)
  end)
end)

describe("data sets of others", function()
  it("MNIST, as files lie there", function()
    if not core.file_kind(shared .. "mnist") or not pcall(require, "tocha.zlib") then
      pending "no ../shared/data/mnist, or no zlib"
      return
    end
    local train, test = data.mnist { root = shared .. "mnist" }
    assert.equal(60000, #train)
    assert.same({ 10000, 1, 28, 28 }, test.tensors[1].shape)
    assert.same({ 6, 1, 5, 2, 10 }, train.tensors[2]:narrow(1, 1, 5):totable())
    assert.near(0.1307, train.tensors[1]:mean():item(), 1e-4)
    assert.equal("7", train.classes[8])
  end)

  it("CIFAR-10's binary records", function()
    local record = "\3" .. ("\255"):rep(1024) .. ("\0"):rep(1024) .. ("\51"):rep(1024)
    local path = scratch(record .. record)
    local images, labels = data.cifar(path)
    assert.same({ 2, 3, 32, 32 }, images.shape)
    assert.same({ 4, 4 }, labels:totable())
    assert.near(1 / 5, images[2][3][32][32]:item(), 1e-6)
    os.remove(path)
    path = scratch(record:sub(1, -2))
    assert.error_matches(function() data.cifar(path) end, "3072 bytes are no whole records of 3073")
    os.remove(path)
    if core.file_kind(shared .. "cifar10") and pcall(require, "tocha.zlib") then
      local train, test = data.cifar10 { root = shared .. "cifar10" }
      assert.equal(2000, #train)
      assert.equal(500, #test)
      assert.same({ 50, 50, 50, 50, 50, 50, 50, 50, 50, 50 },
        test.tensors[2]:bincount():totable())
    end
  end)

  it("that are absent: the error says what to put where", function()
    local ok, message = pcall(data.mnist, { root = "/nowhere" })
    assert.is_false(ok)
    for _, part in ipairs { "t10k%-labels%-idx1%-ubyte.gz", "/nowhere", "download = true",
      "https?://" } do
      assert.truthy(message:find(part), part .. " in " .. message)
    end
  end)

  it("folders of classes", function()
    local folder = os.tmpname()
    os.remove(folder)
    os.execute(("mkdir -p %s/b/deep %s/a && printf x >%s/b/2.txt && printf y >%s/b/deep/1.txt "
      .. "&& printf z >%s/a/9.txt && printf w >%s/a/skip.md"):gsub("%%s", folder))
    local set = data.FolderDataset(folder, { extensions = { "txt" } })
    assert.same({ "a", "b" }, set.classes)
    assert.equal(3, #set)
    assert.same({ "z", 1 }, { set:get(1) })
    assert.same({ "x", 2 }, { set:get(2) })
    assert.same({ "y", 2 }, { set:get(3) })
    assert.error_matches(function() data.FolderDataset("/nowhere") end, "No such file")
    os.execute("rm -r " .. folder)
  end)
end)

describe("text", function()
  it("is split into words, characters, or by a function", function()
    assert.same({ "it's", "café", ",", "no", "?" }, data.tokenize "It's café, no?")
    assert.same({ "a", "é" }, data.tokenize("aé", "char"))
    assert.same({ "A,", "b" }, data.tokenize("A, b", "space"))
    assert.error_matches(function() data.tokenize("a\255", "char") end, "no UTF%-8")
    assert.error_matches(function() data.tokenize("a", "line") end, "expected word, char or space")
  end)

  it("is numbered by a vocabulary, the most frequent first", function()
    local v = data.Vocabulary({ { "b", "a", "b" }, { "c", "b", "a" } })
    assert.same({ "<unk>", "b", "a", "c" }, v.tokens)
    assert.same({ 2, 1, 3 }, v:encode({ "b", "zzz", "a" }):totable())
    assert.same({ "b", "<unk>" }, v:decode(tocha.tensor { 2, 1 }))
    assert.same({ { 1.0, 1.0, 0.0, 0.0 }, { 0.0, 0.0, 0.0, 0.0 } },
      v:bag({ { "b", "b", "q" }, {} }):totable())
    local counts = v:bag({ { "b", "b", "q" } }, { binary = false })
    assert.same({ { 1.0, 2.0, 0.0, 0.0 } }, counts:totable())
    assert.equal(2, #data.Vocabulary({ "a", "b", "b" }, { max_size = 2 }))
    local strict = data.Vocabulary({ "a" }, { specials = {}, unknown = false })
    assert.error_matches(function() strict:encode { "b" } end, "'b' is not in the vocabulary")
    assert.error_matches(function() v:decode { 9 } end, "id 9 is out of range 1..4")
  end)

  it("is read with plain line ends", function()
    local path = scratch "\239\187\191a\r\nb\n\nc"
    assert.equal("a\nb\n\nc", data.read_text(path))
    assert.same({ "a", "b", "", "c" }, data.read_lines(path))
    os.remove(path)
  end)
end)

describe("preprocessing", function()
  it("standardises, and the other way", function()
    local x = tocha.tensor { { 1.0, 5.0 }, { 3.0, 5.0 } }
    local y, scaler = data.standardize(x)
    assert.same({ { -1.0, 0.0 }, { 1.0, 0.0 } }, y:totable())
    support.assert_alike(scaler:inverse_transform(y), x)
    local again = data.StandardScaler():load_state_dict(scaler:state_dict())
    support.assert_alike(again:transform(x), y)
    assert.error_matches(function() data.StandardScaler():transform(x) end, "call fit")
  end)

  it("scales into a range", function()
    local y, scaler = data.min_max(tocha.tensor { 2.0, 4.0, 6.0 }, -1, 1)
    assert.same({ -1.0, 0.0, 1.0 }, y:totable())
    assert.same({ 2.0 }, scaler:inverse_transform(tocha.tensor { -1.0 }):totable())
  end)

  it("makes one-hot rows", function()
    assert.same({ { 0.0, 1.0, 0.0 }, { 1.0, 0.0, 0.0 } },
      data.one_hot(tocha.tensor { 2, 1 }, 3):totable())
  end)

  it("splits, alike with a seed, each class alike with stratify", function()
    local x, y = tocha.arange(1, 20), tocha.cat { tocha.ones(15), tocha.full({ 5 }, 2.0) }:long()
    local a, b, ya, yb = data.train_test_split(x, y, { test_size = 0.2, seed = 3, stratify = y })
    assert.same({ 16, 4, 16, 4 }, { #a, #b, #ya, #yb })
    assert.equal(1, yb:eq(2):sum():item())
    local all = tocha.cat { a, b }:sort()
    support.assert_alike(all, x)
    support.assert_alike(y:index_select(1, a), ya)
    local again = data.train_test_split(x, y, { test_size = 0.2, seed = 3, stratify = y })
    support.assert_alike(again, a)
    local first, last = data.train_test_split(x, { test_size = 5, shuffle = false })
    assert.same({ 15, 5 }, { #first, #last })
    assert.equal(16, last[1]:item())
    assert.error_matches(function() data.train_test_split(x, { test_size = 20 }) end, "below 20")
    assert.error_matches(function() data.train_test_split(x, tocha.ones(3)) end, "has 3 examples")
  end)

  it("does not split by the numbers that the same seed made the data of", function()
    for seed = 1, 5 do
      tocha.manual_seed(seed)
      local x = tocha.randn(1000, 2)
      local function near(part) return part:norm(2, 2):lt(0.7):float():mean():item() end
      local a, b = data.train_test_split(x, { test_size = 0.5, seed = seed })
      assert.is_true(math.abs(near(a) - near(b)) < 0.08)
      local half = data.random_split(data.TensorDataset(x), { 0.5, 0.5 }, { seed = seed })
      assert.is_true(math.abs(near(half:take(tocha.arange(1, 500))) - near(x)) < 0.08)
    end
  end)
end)
