-- tocha.io.mat: files that scipy wrote (golden/mat.py), one of the other byte order, mutated ones.

local tocha = require "tocha"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"
local fails_with <const>, read_bytes <const> = support.fails_with, support.read_bytes
local mat = tocha.io.mat

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/io_mat_spec.lua$"
local has_zlib <const> = pcall(require, "tocha.zlib")

local function golden(name) return root .. "spec/golden/" .. name end

local function with(bytes, f, ...)
  local path <const> = fuzz.write(bytes)
  local ok <const>, result <const> = pcall(f, path, ...)
  os.remove(path)
  if not ok then error(result, 0) end
  return result
end

local NUMBERS <const> = { i1 = "int8", u1 = "uint8", i2 = "int16", u2 = "int32", i4 = "int32",
  u4 = "int64", i8 = "int64", u8 = "int64", f4 = "float32", f8 = "float64" }

local function check(v)
  for name, dtype in pairs(NUMBERS) do
    assert.equal(dtype, v[name].dtype)
    assert.same({ { 0, 1, 2 }, { 3, 4, 5 } }, v[name]:long():totable())
  end
  assert.is_true(v.cube:equal(tocha.arange(0, 23, { dtype = "float64" }):reshape(2, 3, 4)))
  assert.same({ { 65535, 32768 } }, v.largest_u2:totable())
  assert.same({ { 4294967295, 2147483648 } }, v.largest_u4:totable())
  assert.same({ { math.mininteger } }, v.least_i8:totable())
  assert.equal("bool", v.logical.dtype)
  assert.same({ { true, false }, { false, false }, { true, true } }, v.logical:totable())
  assert.same({ { 1, 3 } }, v.complex.real:totable())
  assert.same({ { 2, -4 } }, v.complex.imag:totable())
  assert.same({ 0, 3 }, v.empty.shape)
  assert.same({ { 2.5 } }, v.number:totable())
end

local function check_others(v)
  assert.equal("photo of a cat", v.text)
  assert.equal("Café ünter 日本", v.unicode)
  assert.equal("a 😀", v.emoji)
  assert.same({ "one", "two", "six" }, v.lines)
  assert.equal("", v.blank)
  assert.same({ 2, 2 }, v.cell.shape)
  assert.same({ { 0, 1, 2 } }, v.cell[1]:totable())
  assert.equal("word", v.cell[3])
  assert.equal("x", v.cell[4][1])
  assert.same({ { 7 } }, v.cell[4][2]:totable())
  assert.equal("eight", v.record.name)
  assert.same({ { 3, 4 } }, v.record.size:totable())
  assert.same({ { 1 } }, v.record.inner.deep:totable())
  assert.equal("second", v.records[2].label)
  assert.same({ { 2 } }, v.records[2].id:totable())
  assert.same({ { 0, 1.5, 0, 0 }, { 2, 0, 0, 3 }, { 0, 4, 0, 0 } }, v.sparse:totable())
  assert.same({ { 0, 0 }, { 0, 0 }, { 0, 0 } }, v.sparse_empty:totable())
  assert.same({ 3, 0 }, v.sparse_none.shape)
end

describe("MATLAB's files", function()
  for _, name in ipairs { "matlab.mat", "matlab_compressed.mat" } do
    it("as scipy writes them: " .. name, function()
      if name:find "compressed" and not has_zlib then pending "no zlib" return end
      local v <const> = mat.load(golden(name))
      check(v)
      check_others(v)
    end)
  end

  it("of the other byte order, with numbers stored in fewer bits, and what is not read", function()
    local path <const> = golden "matlab_big.mat"
    local v <const> = mat.load(path, { only = function(name) return name ~= "f" end })
    assert.equal("float64", v.x.dtype)
    assert.same({ { 0, 1, 2 }, { -3, 4, 5 } }, v.x:totable())
    assert.equal("añb", v.words)
    assert.equal("😀", v.high)
    assert.same({ { 4294967294 } }, v.u4:totable())
    fails_with("'f' is a function handle, which is not read", mat.load, path)
  end)

  it("with text that is none have marks in it", function()
    local bytes <const> = read_bytes(golden "matlab_big.mat")
    local at <const> = bytes:find("\0a\0\xf1", 1, true)  -- "añ", stored as 16-bit units
    local function with_units(units) return bytes:sub(1, at - 1) .. units .. bytes:sub(at + 4) end
    local function words(path)
      return mat.load(path, { only = function(name) return name == "words" end })
    end
    assert.equal("\u{fffd}ñb", with(with_units "\xd8\0\0\xf1", words).words)
    local kind <const> = bytes:sub(1, at - 1):gsub("\0\0\0\4(\0\0\0\6)$", "\0\0\0\3%1")
    assert.equal("\u{fffd}ñb", with(kind .. "\xff\xff" .. bytes:sub(at + 2), words).words)
  end)

  it("of other kinds are told", function()
    fails_with("no MATLAB file of version 5 to 7", with, ("x"):rep(200), mat.load)
    fails_with("no MATLAB file of version 5 to 7", with, "", mat.load)
    fails_with("version 7.3 is HDF5", with, "MATLAB 7.3 MAT-file" .. (" "):rep(200), mat.load)
    fails_with("No such file", mat.load, "/nowhere.mat")
    fails_with("unknown option 'x'", mat.load, "/nowhere.mat", { x = 1 })
  end)

  it("that would grow are refused", function()
    if not has_zlib then pending "no zlib" return end
    fails_with("max_bytes is 64", mat.load, golden "matlab_compressed.mat", { max_bytes = 64 })
    local zlib <const> = require "tocha.zlib"
    local data <const> = zlib.compress(("\0"):rep(1 << 24), "zlib")
    local bytes <const> = read_bytes(golden "matlab.mat"):sub(1, 128)
      .. string.pack("<I4I4", 15, #data) .. data
    fails_with("is not where it should be", with, bytes, mat.load)
    fails_with("max_bytes is 65536", with, bytes, mat.load, { max_bytes = 65536 })
  end)

  it("cut or mutated are errors or values", function()
    local bytes <const> = read_bytes(golden "matlab.mat")
    for k = 1, 100 do
      local ok <const>, v = pcall(with, bytes:sub(1, #bytes * k // 101), mat.load)
      assert.is_true(ok and v.sparse_empty == nil or not ok and v:find "early" ~= nil
        or not ok and v:find "no MATLAB" ~= nil, tostring(v))
    end
    local refused = 0
    for _, name in ipairs { "matlab.mat", "matlab_big.mat", "matlab_compressed.mat" } do
      refused = refused + fuzz.read(read_bytes(golden(name)), mat.load,
        { count = 1500, memory = 1 << 28 })
    end
    assert.is_true(refused > 1500)
  end)
end)
