-- Tensors as values of Lua: making them, reading and writing parts, numbers of both kinds.

local tocha = require "tocha"

local function grid() return tocha.tensor { { 1, 2, 3 }, { 4, 5, 6 } } end

describe("tocha.tensor", function()
  it("keeps Lua's kinds of numbers", function()
    assert.equal("int64", tocha.tensor({ 1, 2 }).dtype)
    assert.equal("float32", tocha.tensor({ 1, 2.5 }).dtype)
    assert.equal("bool", tocha.tensor({ true, false }).dtype)
    assert.equal("integer", math.type(tocha.tensor({ 1, 2 }):totable()[1]))
    assert.equal("integer", math.type(tocha.tensor(9007199254740993):item()))
    assert.equal(9007199254740993, tocha.tensor(9007199254740993):item())
    assert.equal("float", math.type(tocha.tensor(2.0):item()))
    for _, size in ipairs(tocha.zeros(3, 4).shape) do assert.equal("integer", math.type(size)) end
  end)

  it("takes any dtype and 0 to 8 dimensions, empty ones too", function()
    for dtype, value in pairs { uint8 = 200, int8 = -5, int16 = -300, int32 = 70000, float16 = 0.5,
      bfloat16 = 0.5, float64 = 0.1 } do
      local x = tocha.tensor({ value }, { dtype = dtype })
      assert.equal(dtype, x.dtype)
      assert.equal(value, x[1]:item())
    end
    assert.same({}, tocha.tensor(5).shape)
    assert.same({ 0 }, tocha.tensor({}).shape)
    assert.same({ 2, 0 }, tocha.tensor({ {}, {} }).shape)
    local deep = tocha.ones(1, 2, 1, 2, 1, 2, 1, 2)
    assert.equal(8, deep:dim())
    assert.error_matches(function() tocha.ones(1, 1, 1, 1, 1, 1, 1, 1, 1) end, "at most 8")
  end)

  it("refuses ragged tables and strange elements", function()
    assert.error_matches(function() tocha.tensor { { 1, 2 }, { 3 } } end, "ragged")
    assert.error_matches(function() tocha.tensor { { 1 }, 2 } end, "ragged")
    assert.error_matches(function()
      tocha.tensor { "a" }
    end, "expected numbers or booleans, got string")
    assert.error_matches(function() tocha.tensor({ 1 }, { dtype = "float33" }) end, "unknown dtype")
  end)

  it("goes through bytes and back", function()
    local x = tocha.tensor({ { 1.5, -2 }, { 3, 4 } }, { dtype = "float16" })
    assert.same(x:totable(), tocha.from_bytes(x:to_bytes(), { 2, 2 }, "float16"):totable())
    assert.equal(string.pack("<i4i4", 2, 4), grid():to "int32":select(2, 2)[{ { 1, 1 } }]:to_bytes()
      .. string.pack("<i4", 4))
    assert.error_matches(function()
      tocha.from_bytes("12345", { 2 }, "int32")
    end, "5 bytes do not make")
    assert.error_matches(function() tocha.from_bytes("1234", { -1 }, "int32") end, "do not make")
  end)
end)

describe("reading", function()
  it("selects, slices, and mixes both", function()
    local x = grid()
    assert.same({ 4, 5, 6 }, x[2]:totable())
    assert.same({ 4, 5, 6 }, x[-1]:totable())
    assert.equal(6, x[2][3]:item())
    assert.equal(5, x[{ 2, 2 }]:item())
    assert.same({ 2, 3 }, x[{ 1, { 2, 3 } }]:totable())
    assert.same({ 2, 5 }, x[{ {}, 2 }]:totable())
    assert.same({ 3, 6 }, x[{ "...", -1 }]:totable())
    assert.same({ { 1, 3 }, { 4, 6 } }, x[{ {}, { 1, -1, 2 } }]:totable())
    assert.same({ { 2 }, { 5 } }, x[{ {}, { 2 } }]:totable())
    assert.equal(2, #x)
  end)

  it("is a view", function()
    local x = grid()
    x[2][1] = 40
    x[{ 1, { 2, 3 } }]:zero_()
    assert.same({ { 1, 0, 0 }, { 40, 5, 6 } }, x:totable())
  end)

  it("picks by masks and by index tensors", function()
    local x = grid()
    assert.same({ 4, 5, 6 }, x[x:gt(3)]:totable())
    assert.same({ { 4, 5, 6 }, { 1, 2, 3 }, { 4, 5, 6 } }, x[tocha.tensor { 2, 1, -1 }]:totable())
    assert.same({ 3, 4 }, x[{ tocha.tensor { 1, 2 }, tocha.tensor { 3, 1 } }]:totable())
    assert.same({ { 3, 1 }, { 6, 4 } }, x[{ {}, tocha.tensor { 3, 1 } }]:totable())
    assert.same({ { 4, 5, 6 } }, x[tocha.tensor { false, true }]:totable())
  end)

  it("says what is out of range", function()
    local x = grid()
    assert.error_matches(function()
      return x[3]
    end, "index 3 is out of range for dimension 1 of a %(2, 3%)")
    assert.error_matches(function() return x[0] end, "index 0")
    assert.error_matches(function() return x[{ 1, 1, 1 }] end, "3 indices for 2 dimensions")
    assert.error_matches(function() return x[{ 1, { 2, 7 } }] end, "index 7")
    assert.error_matches(function() return x[tocha.tensor { 3 }] end, "3")
    assert.error_matches(function() return x[tocha.tensor { true, false, true }] end, "mask")
    assert.error_matches(function() return tocha.tensor(1)[1] end, "out of range")
    assert.is_nil(x.nonsense)
    assert.error_matches(function() x.nonsense = 1 end, "no field 'nonsense'")
  end)
end)

describe("assignment", function()
  it("writes numbers, tables, tensors, by every kind of index", function()
    local x = tocha.zeros(3, 4)
    x[1] = 1
    x[{ 2, { 2, 3 } }] = { 5, 6 }
    x[{ {}, 4 }] = tocha.tensor { 7, 8, 9 }
    assert.same({ { 1, 1, 1, 7 }, { 0, 5, 6, 8 }, { 0, 0, 0, 9 } }, x:totable())
    x[x:eq(0)] = -1
    assert.same({ { 1, 1, 1, 7 }, { -1, 5, 6, 8 }, { -1, -1, -1, 9 } }, x:totable())
    x[tocha.tensor { 3, 1 }] = 0
    assert.same({ { 0, 0, 0, 0 }, { -1, 5, 6, 8 }, { 0, 0, 0, 0 } }, x:totable())
    x[{ tocha.tensor { 1, 3 }, tocha.tensor { 2, 4 } }] = tocha.tensor { 10.0, 20.0 }
    assert.same({ { 0, 10, 0, 0 }, { -1, 5, 6, 8 }, { 0, 0, 0, 20 } }, x:totable())
    x[x:gt(7)] = tocha.tensor { 1.0, 2.0, 3.0 }
    assert.same({ { 0, 1, 0, 0 }, { -1, 5, 6, 2 }, { 0, 0, 0, 3 } }, x:totable())
  end)

  it("refuses what does not fit", function()
    local x = tocha.zeros(2, 3)
    assert.error_matches(function() x[1] = { 1, 2 } end, "do not broadcast")
    assert.error_matches(function() x[1] = "a" end, "cannot be stored")
  end)
end)

describe("properties", function()
  it("T and mT are views", function()
    local x = tocha.arange(1, 6):view(1, 2, 3)
    assert.same({ 3, 2, 1 }, x.T.shape)
    assert.same({ 1, 3, 2 }, x.mT.shape)
    x.mT[{ 1, 3, 2 }] = 60
    assert.equal(60, x[{ 1, 2, 3 }]:item())
  end)

  it("an empty options table is none", function()
    assert.same({ 2, 3 }, tocha.zeros(2, 3, {}).shape)
    assert.same({}, tocha.zeros({}).shape)
  end)
end)

describe("operators", function()
  it("work with numbers on both sides", function()
    local x = tocha.tensor { 1.0, 2.0 }
    local y = tocha.tensor { 4.0, 8.0 }
    assert.same({ 0.5, 1.0 }, (0.5 * x):totable())
    assert.same({ 0.5, 1.0 }, (x * 0.5):totable())
    assert.same({ 9.0, 8.0 }, (10 - x):totable())
    assert.same({ -9.0, -8.0 }, (x - 10):totable())
    assert.same({ 2.0, 1.0 }, (2 / x):totable())
    assert.same({ 4.0, 4.0 }, (y / x):totable())
    assert.same({ 2.0, 4.0 }, (2 ^ x):totable())
    assert.same({ 1.0, 4.0 }, (x ^ 2):totable())
    assert.same({ 1.0, 0.0 }, (x % 2):totable())
    assert.same({ 0.0, 1.0 }, (5 % tocha.tensor { 5.0, 2.0 }):totable())
    assert.same({ 2.0, 4.0 }, (y // 2):totable())
    assert.same({ 2.0, 1.0 }, (9 // y):totable())
    assert.same({ -1.0, -2.0 }, (-x):totable())
    local i = tocha.tensor { 6, 3 }
    assert.same({ 2, 3 }, (i & 3):totable())
    assert.same({ 7, 3 }, (1 | i):totable())
    assert.same({ 5, 0 }, (i ~ 3):totable())
    assert.same({ 12, 6 }, (i << 1):totable())
    assert.same({ -7, -4 }, (~i):totable())
  end)

  it("keep integers integers, divide to floats", function()
    local i = tocha.tensor { 7, -7 }
    assert.equal("int64", (i + 1).dtype)
    assert.equal("int64", (i // 2).dtype)
    assert.same({ 3, -4 }, (i // 2):totable())
    assert.same({ 1, 1 }, (i % 2):totable())
    assert.equal("float32", (i / 2).dtype)
    assert.equal("float32", (i + 0.5).dtype)
    assert.error_matches(function() return i // 0 end, "division by zero")
    assert.error_matches(function() return i + {} end, "expected a tensor or a number, got table")
  end)
end)

describe("memory", function()
  local function resident()
    for line in io.lines "/proc/self/status" do
      local kb = line:match "VmRSS:%s+(%d+)"
      if kb then return tonumber(kb) / 1024 end
    end
  end

  it("#slow 100 GB of garbage in all stays under 1 GB", function()
    local x = tocha.ones(1 << 20)
    for _ = 1, 25000 do local _ = tocha.empty_like(x) end
    for _ = 1, 400 do local _ = x + x end
    assert.is_true(resident() < 1000, ("%.0f MB resident"):format(resident()))
  end)

  it("a tensor that is closed is given back at once", function()
    for _ = 1, 2 do collectgarbage() end  -- what the first one finalises goes with the second
    local before = tocha.memory().in_use
    do
      local x <close> = tocha.empty(1 << 20)
      assert.is_true(tocha.memory().in_use >= before + (4 << 20))
      assert.equal(1 << 20, x:numel())
    end
    assert.equal(before, tocha.memory().in_use)
  end)

  it("sizes that no memory can hold are errors", function()
    assert.error_matches(function() tocha.empty(1 << 40, 1 << 20) end, "%[empty%]")
    assert.error_matches(function() tocha.empty(1 << 44) end, "not enough memory")
    assert.error_matches(function() tocha.empty(1 << 62, 1 << 62) end, "%[empty%]")
    assert.error_matches(function() tocha.zeros(-1) end, "negative")
  end)
end)
