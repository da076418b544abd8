-- Protocol buffers by a schema: round trips, both forms of lists, what others wrote, damage.

local protobuf = require "tocha.io.protobuf"

local schemas <const> = {}
for name, fields in pairs {
  Point = "1 x float; 2 y double; 3 n int; 4 name bytes; 5 next Point; 6 ns int*; 7 xs float*; "
    .. "8 names bytes*; 9 all Point*; 10 blob slice",
} do schemas[name] = protobuf.schema(fields, schemas) end

local function decode(bytes) return protobuf.decode(schemas.Point, bytes) end

describe("protobuf by a schema", function()
  it("reads what it wrote", function()
    local point <const> = { x = 0.5, y = -1.25, n = -3, name = "a\0b", ns = { 1, 300, -1 },
      xs = { 0.25, 4.0 }, names = { "", "c" }, all = { { n = 1 }, { n = 1 << 40 } },
      next = { name = "inner" } }
    local read <const> = decode(protobuf.encode(schemas.Point, point))
    for _, key in ipairs { "x", "y", "n", "name", "ns", "xs", "names" } do
      assert.same(point[key], read[key])
    end
    assert.equal("inner", read.next.name)
    assert.equal(1 << 40, read.all[2].n)
    assert.is_nil(read.all[1].x)
    assert.same({}, read.next.ns)
  end)

  it("reads lists in either form, fields in any order, and passes unknown ones over", function()
    local read <const> = assert(decode(protobuf.message {
      { 99, "bytes", "?" }, { 6, "int", 7 }, { 3, "int", 1 }, { 6, "ints", { 8, 9 } },
      { 98, "double", 1.0 }, { 97, "float", 1.0 }, { 3, "int", 2 }, { 7, "float", 1.5 } }))
    assert.same({ 7, 8, 9 }, read.ns)
    assert.equal(2, read.n)  -- the last one counts
    assert.same({ 1.5 }, read.xs)
  end)

  it("leaves slices where they are", function()
    local bytes <const> = protobuf.message { { 3, "int", 1 }, { 10, "bytes", "xyz" } }
    local blob <const> = decode(bytes).blob
    assert.equal("xyz", blob.source:sub(blob.first, blob.last))
    assert.is_true(rawequal(blob.source, bytes))
  end)

  it("says what is wrong", function()
    local deep = protobuf.message { { 3, "int", 1 } }
    for _ = 1, 200 do deep = protobuf.message { { 5, "bytes", deep } } end
    for bytes, what in pairs {
      ["\42\5a"] = "longer than the message", ["\24"] = "ends early", ["\24\255"] = "ends early",
      ["\24" .. ("\255"):rep(11)] = "more than ten bytes", ["\9abc"] = "ends early",
      ["\8\1"] = "'x' is of another kind", ["\10\1a"] = "'x' is of another kind",
      ["\11"] = "fields of the kind 3", [deep] = "too deep",
      ["\58\3abc"] = "ends early", ["\40\1"] = "'next' is of another kind",
    } do
      local read <const>, problem <const> = decode(bytes)
      assert.is_nil(read)
      assert.is_truthy(problem:find(what, 1, true), problem)
    end
  end)
end)
