-- safetensors in several files with an index: read whole, in part, and refused.

local tocha = require "tocha"
local core = require "tocha.core"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"

describe("safetensors in several files", function()
  local folder <const> = fuzz.path()
  local index <const> = folder .. "/model.safetensors.index.json"

  local function write_index(text)
    local file <close> = assert(io.open(index, "wb"))
    file:write(text)
  end

  setup(function()
    assert(core.make_folder(folder))
    local one <const> = { a = tocha.ones(2), b = tocha.ones(3) }
    tocha.io.safetensors.save(folder .. "/one.safetensors", one)
    tocha.io.safetensors.save(folder .. "/two.safetensors", { c = tocha.zeros(4) })
  end)

  teardown(function()
    for _, name in ipairs(core.list_folder(folder)) do os.remove(folder .. "/" .. name) end
    os.remove(folder)
  end)

  it("come as one table, by the index or by the folder", function()
    write_index('{"metadata":{"total_size":36},"weight_map":{"a":"one.safetensors","b":'
      .. '"one.safetensors","c":"two.safetensors"}}')
    for _, path in ipairs { index, folder, folder .. "/" } do
      local tensors <const>, metadata <const> = tocha.load(path)
      assert.same({ 2 }, tensors.a.shape)
      assert.same({ 3 }, tensors.b.shape)
      assert.same({ 0, 0, 0, 0 }, tensors.c:totable())
      assert.equal(36, metadata.total_size)
    end
  end)

  it("only what is asked for is read, from the files that hold it", function()
    write_index('{"weight_map":{"a":"one.safetensors","b":"one.safetensors",'
      .. '"c":"gone.safetensors"}}')
    local read <const> = tocha.load(index, { only = function(name) return name == "b" end })
    assert.is_nil(read.a)
    assert.same({ 1, 1, 1 }, read.b:totable())
    assert.same({ "a", "b", "c" }, tocha.io.sharded.names(index))
    support.fails_with("gone.safetensors", tocha.load, index)
  end)

  it("no file but of its folder is read", function()
    write_index '{"weight_map":{"a":"../one.safetensors"}}'
    support.fails_with("not in its folder", tocha.load, index)
  end)

  for what, map in pairs {
    ["a name that its file has not"] = '{"c":"one.safetensors"}',
    ["a list"] = '["one.safetensors"]',
    ["null"] = "null",
    ["a file that is a number"] = '{"a":1}', ["the index itself"] =
      '{"a":"model.safetensors.index.json"}',
  } do
    it("refuses " .. what, function()
      write_index('{"weight_map":' .. map .. "}")
      local ok <const>, problem <const> = pcall(tocha.load, index)
      assert.is_false(ok)
      assert.matches("^.*%[.*load%]", problem)
    end)
  end
end)
