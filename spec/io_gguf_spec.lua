-- GGUF: files put together by its description, damaged ones, mutated ones.

local tocha = require "tocha"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"
local gguf = tocha.io.gguf

local function text(s) return string.pack("<s8", s) end
local function pair(key, kind, bytes) return text(key) .. string.pack("<I4", kind) .. bytes end

local function entry(name, sizes, kind, offset)
  local parts <const> = { text(name), string.pack("<I4", #sizes) }
  for _, size in ipairs(sizes) do parts[#parts + 1] = string.pack("<i8", size) end
  parts[#parts + 1] = string.pack("<I4i8", kind, offset)
  return table.concat(parts)
end

local METADATA <const> = { pair("general.architecture", 8, text "llama"), pair("n", 4, "\7\0\0\0"),
  pair("eps", 6, string.pack("<f", 0.5)), pair("yes", 7, "\1"), pair("large", 11, ("\255"):rep(8)),
  pair("words", 9, string.pack("<I4i8", 8, 2) .. text "a" .. text "b") }

local function file_of(entries, data, metadata, version)
  metadata = metadata or METADATA
  local head <const> = "GGUF" .. string.pack("<I4i8i8", version or 3, #entries, #metadata)
    .. table.concat(metadata) .. table.concat(entries)
  return head .. ("\0"):rep(-#head % 32) .. data
end

local DATA <const> = string.pack("<ffffff", 1, 2, 3, 4, 5, 6) .. ("\0"):rep(8) .. "\0\x3c\0\xc0"
local ENTRIES <const> = { entry("w", { 3, 2 }, 0, 0), entry("h", { 2 }, 1, 32) }

local function with(bytes, f, ...)
  local path <const> = fuzz.write(bytes)
  local results <const> = table.pack(pcall(f, path, ...))
  os.remove(path)
  if not results[1] then error(results[2], 0) end
  return table.unpack(results, 2, results.n)
end

describe("GGUF", function()
  it("tensors by name, their sizes as in PyTorch, and the metadata", function()
    local tensors <const>, metadata <const> = with(file_of(ENTRIES, DATA), tocha.load)
    assert.same({ { 1, 2, 3 }, { 4, 5, 6 } }, tensors.w:totable())
    assert.same({ 1, -2 }, tensors.h:totable())
    assert.equal("float16", tensors.h.dtype)
    assert.same({ ["general.architecture"] = "llama", n = 7, eps = 0.5, yes = true, large = -1,
      words = { "a", "b" } }, metadata)
  end)

  it("an alignment of its own", function()
    local metadata <const> = { pair("general.alignment", 4, "\64\0\0\0") }
    local head <const> = file_of({ entry("w", { 1 }, 0, 0) }, "", metadata)
    local bytes <const> = head .. ("\0"):rep(-#head % 64) .. string.pack("<f", 9)
    assert.same({ 9 }, with(bytes, tocha.load).w:totable())
  end)

  it("tensors of unknown types are named, and may be left out", function()
    local bytes <const> = file_of({ ENTRIES[1], entry("q", { 256 }, 16, 32) }, DATA)
    support.fails_with("'q' is of ggml's type 16", with, bytes, gguf.load)
    local only <const> = { only = function(name) return name == "w" end }
    assert.same({ 2, 3 }, with(bytes, gguf.load, only).w.shape)
    assert.equal(2, #(with(bytes, gguf.header)))
  end)

  for what, bytes in pairs {
    ["an old version"] = file_of(ENTRIES, DATA, nil, 1),
    ["a cut file"] = file_of(ENTRIES, DATA:sub(1, -2)),
    ["sizes that overflow"] = file_of({ entry("w", { 1 << 32, 1 << 32 }, 0, 0) }, DATA),
    ["a negative size"] = file_of({ entry("w", { -1 }, 0, 0) }, DATA),
    ["an offset beyond"] = file_of({ entry("w", { 1 }, 0, 1 << 40) }, DATA),
    ["a negative offset"] = file_of({ entry("w", { 1 }, 0, -4) }, DATA),
    ["five dimensions"] = file_of({ entry("w", { 1, 1, 1, 1, 1 }, 0, 0) }, DATA),
    ["a name twice"] = file_of({ ENTRIES[1], ENTRIES[1] }, DATA),
    ["tensors that lie on each other"] = file_of({ ENTRIES[1], entry("v", { 6 }, 0, 0) }, DATA),
    ["many tensors"] = "GGUF" .. string.pack("<I4i8i8", 3, 1 << 60, 0),
    ["many pairs"] = "GGUF" .. string.pack("<I4i8i8", 3, 0, 1 << 60),
    ["a list of 2^60"] = file_of({}, "", { pair("l", 9, string.pack("<I4i8", 4, 1 << 60)) }),
    ["a list of lists"] = file_of({}, "", { pair("l", 9, string.pack("<I4i8", 9, 1)) }),
    ["a string of 2^60"] = file_of({}, "", { pair("s", 8, string.pack("<i8", 1 << 60)) }),
    ["an unknown kind"] = file_of({}, "", { pair("s", 77, "") }),
    ["an alignment of 0"] = file_of({}, "", { pair("general.alignment", 4, "\0\0\0\0") }),
  } do
    it("refuses " .. what, function()
      support.fails_with("[load] argument 1", with, bytes, tocha.load)
    end)
  end

  it("mutated", function()
    assert.is_true(fuzz.read(file_of(ENTRIES, DATA), gguf.load) > 500)
  end)

  local golden <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/io_gguf_spec.lua$"
    .. "spec/golden/"

  local function same(x, y)
    return x:eq(y):bitwise_or(x:isnan():bitwise_and(y:isnan())):all():item()
  end

  it("quantised blocks are what gguf-py makes of them, to the bit", function()
    local got <const>, metadata <const> = tocha.load(golden .. "gguf_quants.gguf")
    local n = 0
    for name, want in pairs(tocha.io.npz.load(golden .. "gguf_quants.npz")) do
      n = n + 1
      assert.same({ 2, 256 }, got[name].shape)
      assert.is_true(same(want, got[name]), name)
    end
    assert.equal(12, n)
    assert.equal(42, metadata.answer)
    local halves <const> = tocha.load(golden .. "gguf_quants.gguf", { dtype = "float16" })
    assert.equal("float16", halves.Q4_K.dtype)
    local listed <const> = gguf.header(golden .. "gguf_quants.gguf")
    assert.equal("Q4_0", listed[1].dtype)
    assert.equal(2 * 8 * 18, listed[1].bytes)
  end)

  it("blocks with a float32 scale, and those with a sum", function()
    local q <const> = {}
    for k = 1, 256 do q[k] = string.pack("b", k % 256 - 128) end
    local k8 <const> = string.pack("<f", 0.5) .. table.concat(q) .. ("\0"):rep(32)
    local x = with(file_of({ entry("q", { 256 }, 15, 0) }, k8), gguf.load).q
    assert.same({ -63.5, -63 }, x:narrow(1, 1, 2):totable())
    assert.equal(63.5, x[255]:item())
    local k81 <const> = "\0\x40" .. "\0\0" .. table.concat(q, "", 1, 32)  -- a scale of 2
    x = with(file_of({ entry("q", { 32 }, 9, 0) }, k81), gguf.load).q
    assert.same({ -254, -252 }, x:narrow(1, 1, 2):totable())
  end)

  it("more blocks than are done at once", function()
    local block <const> = "\0\x3c" .. ("\1"):rep(32)
    local n <const> = 10000
    local x <const> = with(file_of({ entry("q", { 32, n }, 8, 0) }, block:rep(n)), gguf.load).q
    assert.same({ n, 32 }, x.shape)
    assert.equal(32.0 * n, x:sum():item())
  end)

  it("rows that are no whole blocks, blocks that are not there", function()
    support.fails_with("no whole blocks of Q4_0", with,
      file_of({ entry("q", { 33 }, 2, 0) }, ("\0"):rep(64)), gguf.load)
    support.fails_with("lies outside the file", with,
      file_of({ entry("q", { 64 }, 2, 0) }, ("\0"):rep(35)), gguf.load)
    support.fails_with("lies outside the file", with,
      file_of({ entry("q", { 32, 1 << 40 }, 2, 0) }, ("\0"):rep(64)), gguf.load)
    assert.same({ 0, 32 }, with(file_of({ entry("q", { 32, 0 }, 2, 0) }, ""), gguf.load).q.shape)
  end)

  it("mutated quantised files", function()
    local bytes <const> = support.read_bytes(golden .. "gguf_quants.gguf")
    assert.is_true(fuzz.read(bytes, gguf.load, { count = 500 }) > 20)
  end)

  -- ---- writing ----------------------------------------------------------------------------------

  local function written(tensors, options)
    local path <const> = fuzz.path()
    gguf.save(path, tensors, options)
    local results <const> = table.pack(pcall(gguf.load, path))
    os.remove(path)
    assert(results[1], results[2])
    return results[2], results[3]
  end

  it("writes tensors and metadata", function()
    local tensors <const> = { w = tocha.arange(0, 5):float():view(2, 3), e = tocha.zeros(0, 3),
      s = tocha.tensor(2.5), t = tocha.arange(0, 5):view(2, 3):t() }
    for _, dtype in ipairs { "float16", "bfloat16", "float64", "int8", "int16", "int32",
      "int64" } do
      tensors[dtype] = tocha.tensor({ 1, 2 }):to(dtype)
    end
    local metadata <const> = { ["general.architecture"] = "llama", n = 7, negative = -3, f = 0.5,
      yes = true, no = false, words = { "a", "b" }, ints = { 1, 2 }, mixed = { 1, -2 },
      large = 1 << 40, none = {} }
    local got <const>, meta <const> = written(tensors, { metadata = metadata })
    for name, x in pairs(tensors) do
      assert.equal(x.dtype, got[name].dtype, name)
      assert.same(x.ndim > 0 and x.shape or { 1 }, got[name].shape)
      support.assert_alike(got[name]:double():flatten(), x:double():flatten(), 0, 0, name)
    end
    assert.same(metadata, meta)
    local wide <const> = written { b = tocha.tensor({ 1, 0 }):to "bool",
      u = tocha.tensor({ 200 }):to "uint8" }
    assert.equal("int8", wide.b.dtype)
    assert.same({ 200 }, wide.u:totable())
  end)

  it("quantises as gguf-py does", function()
    local want <const> = tocha.io.npz.load(golden .. "gguf_q8.npz")
    local bytes <const> = require "tocha.io.gguf_quants".q8_0(want.x)
    assert.equal(want.blocks:to_bytes(), bytes)
    local got <const> = written({ w = want.x, norm = tocha.ones(64), odd = tocha.ones(2, 33),
      ids = tocha.arange(1, 64):view(2, 32) }, { dtype = "q8_0" })
    assert.is_true((got.w - want.x):abs():max():item() < 127 / 254 + 0.01)
    assert.equal("int64", got.ids.dtype)
    assert.is_true(got.odd:equal(tocha.ones(2, 33)))
    local many <const> = tocha.randn(9000, 32)
    local again <const> = written({ many = many }, { dtype = "q8_0" }).many
    assert.is_true((again - many):abs():max():item() < 0.03)
  end)

  it("refuses what GGUF has not", function()
    local function fails(what, ...) support.fails_with(what, gguf.save, "/tmp/x.gguf", ...) end
    fails("GGUF has at most 4", { w = tocha.ones(1, 1, 1, 1, 1) })
    fails("'w' is no tensor", { w = 1 })
    fails("expected dtype q8_0", { w = tocha.ones(1) }, { dtype = "q4_0" })
    fails("a list of several types", {}, { metadata = { l = { 1, "a" } } })
    fails("a function cannot be written", {}, { metadata = { l = print } })
  end)
end)
