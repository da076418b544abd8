-- library/ and docs/ops.md are what `make annotations docs` writes now, and are valid Lua.

local core = require "tocha.core"

local COMMAND <const> = ("TOCHA_BUILD='%s' bin/tocha"):format(os.getenv "TOCHA_BUILD" or "build")

local function read(path)
  local file <const> = io.open(path, "rb")
  local text <const> = file and file:read "a"
  if file then file:close() end
  return text
end

local function lua_files(folder)
  local names <const> = {}
  for _, name in ipairs(assert(core.list_folder(folder))) do
    if name:find "%.lua$" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

-- A folder that is gone after the test.
local function scratch_folder()
  local path <const> = os.tmpname()
  os.remove(path)
  finally(function() os.execute("rm -rf " .. path) end)
  return path
end

-- The first line in which they differ; nil where they are the same.
local function difference(old, new, path)
  if old == new then return nil end
  local next_old <const> = ((old or "") .. "\n"):gmatch "(.-)\n"
  local n = 0
  for line in (new .. "\n"):gmatch "(.-)\n" do
    n = n + 1
    local was <const> = next_old()
    if was ~= line then
      return ("%s:%d: %q, now %q; run `make annotations docs`, commit what it writes"):format(
        path, n, tostring(was), line)
    end
  end
  return path .. " is longer than it should be; run `make annotations docs`"
end

describe("library/", function()
  it("is what the registry and the comments say", function()
    local folder <const> = scratch_folder()
    assert.is_true(os.execute(COMMAND .. " dev/annotations.lua " .. folder .. " >/dev/null"))
    assert.are.same(lua_files(folder), lua_files "library")
    for _, name in ipairs(lua_files(folder)) do
      local path <const> = "library/" .. name
      assert.is_nil(difference(read(path), read(folder .. "/" .. name), path))
    end
  end)

  it("is Lua, and meta files", function()
    for _, name in ipairs(lua_files "library") do
      local text <const> = read("library/" .. name)
      assert.is_truthy(load(text, "@" .. name))
      assert.is_truthy(text:find "^%-%-%-@meta tocha")
    end
  end)

  it("knows operations, methods, classes and options", function()
    for path, part in pairs {
      ["library/tocha.lua"] = "function tocha.softmax(input, dim, dtype) end",
      ["library/tensor.lua"] = "function Tensor:softmax(dim, dtype) end",
      ["library/nn.lua"] = "---@class tocha.nn.Linear: tocha.nn.Module",
      ["library/optim.lua"] = "options: {lr?: number, ",
    } do assert.is_truthy(read(path):find(part, 1, true), path) end
  end)
end)

describe("docs/ops.md", function()
  it("is what the registry says", function()
    local path <const> = os.tmpname()
    finally(function() os.remove(path) end)
    assert.is_true(os.execute(COMMAND .. " dev/docs.lua " .. path .. " >/dev/null"))
    assert.is_nil(difference(read "docs/ops.md", read(path), "docs/ops.md"))
  end)
end)
