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

  it("quantised tensors are named, and may be left out", function()
    local bytes <const> = file_of({ ENTRIES[1], entry("q", { 32 }, 2, 32) }, DATA)
    support.fails_with("'q' is quantised (ggml type 2)", with, bytes, gguf.load)
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
end)
