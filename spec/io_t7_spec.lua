-- Torch7's files: byte for byte as Torch7 writes them, round trips, networks, mutated files.

local tocha = require "tocha"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"
local t7 = tocha.io.t7

local function with(bytes, f)
  local path <const> = fuzz.write(bytes)
  local results <const> = table.pack(pcall(f, path))
  os.remove(path)
  if not results[1] then error(results[2], 0) end
  return results[2]
end

local function saved(object, options)
  local path <const> = fuzz.path()
  t7.save(path, object, options)
  local file <close> = assert(io.open(path, "rb"))
  local bytes <const> = file:read "a"
  os.remove(path)
  return bytes
end

-- torch.save("x.t7", {x = torch.FloatTensor{{1, 2}, {3, 4}}:t()}, "ascii"), by Torch7's File.lua
-- and THDiskFile.c.
local ASCII <const> = "3\n1\n1\n2\n1\nx\n4\n2\n3\nV 1\n17\ntorch.FloatTensor\n2\n2 2\n1 2\n1\n"
  .. "4\n3\n3\nV 1\n18\ntorch.FloatStorage\n4\n1 2 3 4\n"

-- The same in binary.
local function int(v) return string.pack("<i4", v) end
local function long(...) return string.pack("<" .. ("i8"):rep(select("#", ...)), ...) end
local function text(s) return int(#s) .. s end
local BINARY <const> = int(3) .. int(1) .. int(1) .. int(2) .. text "x" .. int(4) .. int(2)
  .. text "V 1" .. text "torch.FloatTensor" .. int(2) .. long(2, 2, 1, 2, 1) .. int(4) .. int(3)
  .. text "V 1" .. text "torch.FloatStorage" .. long(4) .. string.pack("<ffff", 1, 2, 3, 4)

describe("Torch7's files", function()
  it("ASCII and binary", function()
    for _, bytes in ipairs { ASCII, BINARY } do
      local object <const> = with(bytes, tocha.load)
      assert.equal("float32", object.x.dtype)
      assert.same({ { 1, 3 }, { 2, 4 } }, object.x:totable())
    end
  end)

  it("are written as Torch7 writes them", function()
    local object <const> = { x = tocha.tensor { { 1.0, 2.0 }, { 3.0, 4.0 } } }
    assert.equal(ASCII:gsub("1 2\n1\n4", "2 1\n1\n4", 1), saved(object, { ascii = true }))
    local at <const> = BINARY:find(long(2, 2, 1, 2, 1), 1, true)
    assert.equal(BINARY:sub(1, at - 1) .. long(2, 2, 2, 1, 1) .. BINARY:sub(at + 40), saved(object))
  end)

  for _, ascii in ipairs { false, true } do
    it(ascii and "round trip in ASCII" or "round trip in binary", function()
      local shared <const> = { 1 }
      local object <const> = { 1, 2.5, "two\nlines", flag = true, off = false, [0.5] = "half",
        a = shared, b = shared, large = 1 << 40, tiny = 1e-300, inf = math.huge, empty = "",
        odd = { torch_typename = "nn.Odd", size = 3 } }
      object.itself = object
      local back <const> = with(saved(object, { ascii = ascii }), tocha.load)
      assert.equal(back, back.itself)
      assert.equal(back.a, back.b)
      object.itself, back.itself = nil, nil
      assert.same(object, back)
    end)

    it(ascii and "every dtype in ASCII" or "every dtype in binary", function()
      local tensors <const> = { empty = tocha.empty(0), cut = tocha.arange(1, 6):reshape(2, 3):t() }
      for _, dtype in ipairs { "uint8", "int8", "int16", "int32", "int64", "float16", "float32",
        "float64" } do
        tensors[dtype] = tocha.tensor({ { 1, 0, 100 } }, { dtype = dtype })
      end
      tensors.third = tocha.tensor({ 1 / 3 }, { dtype = "float64" })
      local back <const> = with(saved(tensors, { ascii = ascii }), tocha.load)
      for name, x in pairs(tensors) do
        assert.equal(x.dtype, back[name].dtype)
        assert.same(x:totable(), back[name]:totable(), name)
      end
    end)
  end

  it("a function is passed over, never loaded", function()
    local upvalues <const> = int(3) .. int(3) .. int(0)
    local bytes <const> = int(3) .. int(1) .. int(2) .. int(2) .. text "f" .. int(8) .. int(2)
      .. text "\27Lua!" .. upvalues .. int(2) .. text "n" .. int(1) .. string.pack("<d", 7)
    assert.same({ n = 7 }, with(bytes, tocha.load))
  end)

  it("a network's weights fit the same network here", function()
    local nn <const> = tocha.nn
    local net <const> = nn.Sequential(nn.Conv2d(2, 3, { 1, 2 }), nn.ReLU(), nn.Linear(4, 5))
    local conv <const>, linear <const> = tocha.randn(3, 4), tocha.randn(5, 4)
    local old <const> = { torch_typename = "nn.Sequential", modules = {
      { torch_typename = "nn.SpatialConvolutionMM", weight = conv, bias = tocha.ones(3),
        nInputPlane = 2, kW = 2, kH = 1 },
      { torch_typename = "nn.ReLU" },
      { torch_typename = "nn.Linear", weight = linear, bias = tocha.zeros(5) } } }
    local report <const> = with(saved(old), function(path) return net:load(path) end)
    assert.equal(4, #report.matched)
    assert.is_true(net[1].weight:equal(conv:reshape(3, 2, 1, 2)))
    assert.is_true(net[3].weight:equal(linear))
  end)

  local head <const> = int(4) .. int(1) .. text "V 1"
  local storage <const> = int(4) .. int(2) .. text "V 1" .. text "torch.FloatStorage"
  local function tensor(dims, ...)
    return head .. text "torch.FloatTensor" .. int(dims) .. long(...)
  end
  local function nested(n)
    local parts <const> = {}
    for k = 1, n do parts[k] = int(3) .. int(k) .. int(1) end
    return table.concat(parts)
  end
  local row <const> = storage .. long(2) .. string.pack("<ff", 1, 2)
  for what, bytes in pairs {
    ["a cut file"] = BINARY:sub(1, -2), ["a size beyond"] = tensor(1, 3, 1, 1) .. row,
    ["an offset beyond"] = tensor(1, 1, 1, 3) .. row,
    ["an offset of 0"] = tensor(1, 1, 1, 0) .. row,
    ["sizes that overflow"] = tensor(2, 1 << 32, 1 << 32, 0, 0, 1) .. row,
    ["a negative stride"] = tensor(1, 2, -1, 2) .. row, ["nine dimensions"] = tensor(9, 1),
    ["a huge storage"] = tensor(1, 1, 1, 1) .. storage .. long(1 << 61) .. "1234",
    ["a negative storage"] = tensor(1, 1, 1, 1) .. storage .. long(-1),
    ["a size without a storage"] = tensor(1, 1 << 40, 1, 1) .. int(0),
    ["a table as storage"] = tensor(1, 1, 1, 1) .. int(3) .. int(2) .. int(0),
    ["a nil key"] = int(3) .. int(1) .. int(1) .. int(0) .. int(0),
    ["an unknown kind"] = int(3) .. int(1) .. int(1) .. int(99),
    ["an object without fields"] = head .. text "nn.Odd" .. int(0),
    ["a negative string"] = int(2) .. int(-5),
    ["deep nesting"] = nested(5000),
  } do
    it("refuses " .. what, function()
      support.fails_with("[load] argument 1", with, bytes, t7.load)
    end)
  end

  it("a function, a module or a number beyond 2^53 cannot be saved", function()
    for _, value in ipairs { print, tocha.nn.ReLU(), (1 << 53) + 1 } do
      support.fails_with("[t7.save]", t7.save, fuzz.path(), { value })
    end
  end)

  it("mutated", function()
    assert.is_true(fuzz.read(BINARY, t7.load) > 500)
    assert.is_true(fuzz.read(ASCII, t7.load) > 500)
  end)
end)
