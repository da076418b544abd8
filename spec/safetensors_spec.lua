-- tocha.io: safetensors written and read, hostile files refused, nested tables saved.

local tocha = require "tocha"
local safetensors = tocha.io.safetensors
local json = tocha.io.json

local path = os.tmpname()

local function write(bytes)
  local file <close> = assert(io.open(path, "wb"))
  file:write(bytes)
end

local function read()
  local file <close> = assert(io.open(path, "rb"))
  return file:read "a"
end

local function file_of(header, data)
  return string.pack("<i8", #header) .. header .. (data or "")
end

local function same(a, b)
  return a.dtype == b.dtype and table.concat(a.shape, "x") == table.concat(b.shape, "x")
    and a:to_bytes() == b:to_bytes()
end

local DTYPES <const> = { "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16",
  "float32", "float64" }

describe("safetensors", function()
  teardown(function() os.remove(path) end)

  it("keeps every dtype, shape and the metadata", function()
    local tensors <const> = { scalar = tocha.tensor(2.5), empty = tocha.empty(0, 3),
      strided = tocha.arange(1, 6):reshape(2, 3):transpose(1, 2),
        ['odd "name"\n\u{e9}'] = tocha.ones(1) }
    for _, dtype in ipairs(DTYPES) do
      tensors[dtype] = tocha.tensor({ { 1, 0, 1 } }, { dtype = dtype })
    end
    safetensors.save(path, tensors, { format = "pt", note = "caf\u{e9}" })
    local loaded <const>, metadata <const> = safetensors.load(path)
    for name, x in pairs(tensors) do assert.is_true(same(x, loaded[name]), name) end
    for name in pairs(loaded) do assert.is_truthy(tensors[name]) end
    assert.are.same({ format = "pt", note = "caf\u{e9}" }, metadata)
  end)

  it("writes the same bytes for the same tensors, aligned", function()
    local tensors <const> = { b = tocha.ones(3, { dtype = "int8" }), a = tocha.ones(2),
      c = tocha.ones(1, { dtype = "float64" }) }
    safetensors.save(path, tensors)
    local first <const> = read()
    safetensors.save(path, { c = tensors.c, a = tensors.a, b = tensors.b })
    assert.are.equal(first, read())
    assert.are.equal(0, string.unpack("<i8", first) % 8)
    local names <const> = {}
    for k, e in ipairs(safetensors.header(path)) do names[k] = e.name end
    assert.are.same({ "c", "a", "b" }, names)
  end)

  it("reads what the reference implementation wrote", function()
    -- safetensors 0.8.0: save_file({"w": torch.tensor([[1., 2.]]), "n": torch.tensor(7)}, ...,
    -- {"by": "hf"})
    local header <const> = '{"__metadata__":{"by":"hf"},'
      .. '"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},'
      .. '"w":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}   '
    write(file_of(header, string.pack("<i8ff", 7, 1, 2)))
    local t <const>, metadata <const> = safetensors.load(path)
    assert.are.equal(7, t.n:item())
    assert.are.same({ { 1.0, 2.0 } }, t.w:totable())
    assert.are.equal("hf", metadata.by)
    local only <const> = safetensors.load(path, { only = function(name) return name == "n" end })
    assert.is_nil(only.w)
  end)

  local function entry(name, dtype, shape, first, last)
    return ('"%s":{"dtype":"%s","shape":%s,"data_offsets":[%s,%s]}'):format(name, dtype, shape,
      first, last)
  end

  local HOSTILE <const> = {
    { "too short", "1234567" },
    { "not a safetensors file", string.pack("<i8", 1 << 40) .. "{}" },
    { "not a safetensors file", string.pack("<i8", -5) .. "{}" },
    { "does not begin", file_of " {}" },
    { "does not begin", file_of "[]" },
    { "no JSON", file_of '{"a":' },
    { "no JSON", file_of('{"a":' .. ("["):rep(1000) .. ("]"):rep(1000) .. "}") },
    { "no UTF%-8", file_of '{"\xff":1}' },
    { "given twice", file_of("{" .. entry("a", "F32", "[1]", 0, 4) .. "," .. entry("a", "F32",
      "[1]", 0, 4) .. "}", "abcd") },
    { "is no object", file_of '{"a":3}' },
    { "dtype F8_E4M3", file_of("{" .. entry("a", "F8_E4M3", "[1]", 0, 1) .. "}", "a") },
    { "outside the file", file_of("{" .. entry("a", "F32", "[1]", 0, 4) .. "}", "abc") },
    { "outside the file", file_of("{" .. entry("a", "F32", "[1]", -4, 0) .. "}", "abcd") },
    { "outside the file", file_of("{" .. entry("a", "F32", "[1]", 4, 0) .. "}", "abcd") },
    { "outside the file", file_of("{" .. entry("a", "F32", "[1]", 0.5, 4) .. "}", "abcd") },
    { "do not make", file_of("{" .. entry("a", "F32", "[2]", 0, 4) .. "}", "abcd") },
    { "do not make", file_of("{" .. entry("a", "F32", "[4611686018427387905]", 0, 4) .. "}",
      "abcd") },
    { "do not make", file_of("{" .. entry("a", "F32", "[4294967296,4294967296,1]", 0, 4) .. "}",
      "abcd") },
    { "no list of at most", file_of("{" .. entry("a", "F32", "[-1]", 0, 4) .. "}", "abcd") },
    { "no list of at most",
      file_of("{" .. entry("a", "F32", "[99999999999999999999]", 0, 4) .. "}", "abcd") },
    { "no list of at most", file_of("{" .. entry("a", "F32", "[1,1,1,1,1,1,1,1,1]", 0, 4) .. "}",
      "abcd") },
    { "no list of at most", file_of("{" .. entry("a", "F32", '"x"', 0, 4) .. "}", "abcd") },
    { "unused bytes before", file_of("{" .. entry("a", "F32", "[1]", 4, 8) .. "}", "abcdefgh") },
    { "unused bytes at the end", file_of("{" .. entry("a", "F32", "[1]", 0, 4) .. "}",
      "abcdefgh") },
    { "overlap", file_of("{" .. entry("a", "F32", "[1]", 0, 4) .. "," .. entry("b", "F32", "[1]",
      2, 6) .. "}", "abcdef") },
    { "more than strings", file_of '{"__metadata__":{"a":1}}' },
    { "text after", file_of "{}x" },
  }

  for k, case in ipairs(HOSTILE) do
    it(("refuses a broken file, %d: %s"):format(k, case[1]), function()
      write(case[2])
      assert.error_matches(function() safetensors.load(path) end, case[1])
    end)
  end

  it("survives any single byte changed", function()
    safetensors.save(path, { a = tocha.ones(2), b = tocha.ones(3, { dtype = "int8" }) },
      { k = "v" })
    local good <const> = read()
    local bytes <const> = { "\0", "9", '"', "{", "\xff" }
    for at = 1, #good - 11 do
      write(good:sub(1, at - 1) .. bytes[at % #bytes + 1] .. good:sub(at + 1))
      pcall(safetensors.load, path)
      write(good:sub(1, at))
      assert.is_false(pcall(safetensors.load, path))
    end
  end)

  it("leaves the old file when writing fails", function()
    safetensors.save(path, { a = tocha.ones(1) })
    local old <const> = read()
    assert.has_error(function() safetensors.save(path, { a = tocha.ones(1), b = 3 }) end)
    assert.has_error(function() safetensors.save(path, { a = tocha.ones(1) }, { k = 3 }) end)
    assert.has_error(function() safetensors.save(path, { ["\xff"] = tocha.ones(1) }) end)
    assert.has_error(function() safetensors.save("/nowhere/at/all", { a = tocha.ones(1) }) end)
    assert.are.equal(old, read())
  end)
end)

describe("tocha.save", function()
  teardown(function() os.remove(path) end)

  it("writes state dicts as plain files", function()
    local net <const> = tocha.nn.Sequential(tocha.nn.Conv2d(1, 2, 3), tocha.nn.BatchNorm2d(2))
    tocha.save(net:state_dict(), path)
    local header <const>, metadata <const> = safetensors.header(path)
    assert.are.equal(7, #header)
    assert.are.same({}, metadata)
    local twin <const> = tocha.nn.Sequential(tocha.nn.Conv2d(1, 2, 3), tocha.nn.BatchNorm2d(2))
    twin:load_state_dict(tocha.load(path))
    assert.is_true(same(net[1].weight, twin[1].weight))
  end)

  it("keeps nested tables", function()
    local object <const> = {
      epoch = 3, rate = 0.1, whole = 2.0, done = false, name = 'a "b"\n', none = {},
        big = math.maxinteger,
      worst = -math.huge, list = { 1, { 2 }, "x" }, [7] = "seven", [2.5] = 1, ["$"] = "dollar",
        ["1"] = "one",
    }
    tocha.save({ object, x = tocha.ones(2), deep = { y = tocha.tensor(3) } }, path)
    local loaded <const> = tocha.load(path)
    assert.are.same(object, loaded[1])
    assert.are.equal("float", math.type(loaded[1].whole))
    assert.are.same({ 1.0, 1.0 }, loaded.x:totable())
    assert.are.equal(3, loaded.deep.y:item())
    tocha.save({ v = 0 / 0, w = tocha.tensor(1.5) }, path)
    assert.is_true(tocha.load(path).v ~= tocha.load(path).v)
  end)

  it("saves a tensor by itself, and two of one name", function()
    tocha.save(tocha.ones(3), path)
    assert.are.same({ 1.0, 1.0, 1.0 }, tocha.load(path):totable())
    tocha.save({ ["a.b"] = tocha.tensor(1), a = { b = tocha.tensor(2) }, n = 0 }, path)
    local t <const> = tocha.load(path)
    assert.are.same({ 1, 2 }, { t["a.b"]:item(), t.a.b:item() })
  end)

  it("says what cannot be saved", function()
    assert.error_matches(function() tocha.save({ a = { f = print } }, path) end,
      "'a.f': a function cannot")
    assert.error_matches(function() tocha.save({ net = tocha.nn.ReLU() }, path) end, "state_dict")
    local loop <const> = {}
    loop.loop = loop
    assert.error_matches(function() tocha.save(loop, path) end, "nested that deep")
    assert.error_matches(function() tocha.save(path, {}) end, "expected a path")
  end)
end)

describe("json", function()
  it("reads what the standard allows", function()
    assert.are.same({ a = { 1, -2.5, 1e3, true, false, "x\ny\u{1F600}/" } },
      json.decode ' { "a" : [1, -2.5, 1e3, true, false, "x\\ny\\uD83D\\uDE00\\/"] } ')
    assert.are.equal("integer", math.type(json.decode "12"))
    assert.are.equal(json.null, json.decode "null")
  end)

  it("tells of paths by their own names", function()
    assert.error_matches(function() tocha.save({ x = tocha.ones(1) }, "/nowhere/x.st") end,
      "/nowhere/x.st: No such file or directory")
    assert.error_matches(function() tocha.load "/" end, "/ is a folder")
  end)

  it("refuses what it does not", function()
    for _, text in ipairs { "", "[1,]", "{,}", '{"a" 1}', "01", "1.", ".5", "+1", "nan", "'a'",
      '"\\x"', '"a', '"\\ud800"',
      '"a\nb"', "[1 2]", "tru", '{"a":1,"a":2}', "[", "1 1", "-" } do
      local value <const>, problem <const> = json.decode(text)
      assert.is_nil(value, text)
      assert.is_string(problem)
    end
  end)
end)

describe("what is no regular file", function()
  -- By a link, so that a library that replaces what it should write to harms the link alone.
  local function link_to(device)
    os.remove(path)
    assert(os.execute(("ln -s %s %s"):format(device, path)))
  end

  local function kind() return (require "tocha.core".file_kind(path)) end

  it("is written to, never replaced", function()
    link_to "/dev/null"
    tocha.save({ x = tocha.ones(2) }, path)
    assert.are.equal("other", kind())
    link_to "/dev/full"
    if kind() == "other" then
      assert.error_matches(function() tocha.save({ x = tocha.ones(2) }, path) end, "No space")
      assert.are.equal("other", kind())
    end
    os.remove(path)
  end)
end)
