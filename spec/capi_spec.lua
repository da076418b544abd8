-- include/tocha_lua.h, used by a C module that is compiled here as a stranger would compile it.

local tocha = require "tocha"

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/capi_spec.lua$"

local function build()
  local folder = os.tmpname()
  os.remove(folder)
  local ok = os.execute(("mkdir -p '%s' && cc -shared -fPIC -o '%s/blob.so' '%sspec/c/blob.c' "
    .. "-I'%sinclude' $(pkg-config --cflags lua5.4)"):format(folder, folder, root, root))
  assert(ok, "the C module did not compile")
  return assert(package.loadlib(folder .. "/blob.so", "luaopen_blob"))()
end

describe("other C modules", function()
  local blob
  setup(function() blob = build() end)

  it("make tensors of their own memory, given back with the last tensor", function()
    local before = blob.released()
    local x = blob.ramp(1000)
    assert.same({ 1000 }, x.shape)
    assert.equal(499500.0, x:sum():item())
    local part = x:narrow(1, 11, 2)
    x = nil  -- luacheck: ignore 311
    collectgarbage()
    assert.same({ 10.0, 11.0 }, part:totable())
    assert.equal(before, blob.released())
    part = nil  -- luacheck: ignore 311
    collectgarbage()
    collectgarbage()
    assert.equal(before + 1, blob.released())
  end)

  it("give strides", function()
    assert.same({ { 0, 2, 4 }, { 1, 3, 5 } }, blob.columns(2, 3):totable())
  end)

  it("read and write a tensor; the tape notices", function()
    local x = tocha.tensor { 1.0, 2.0 }
    blob.scale(x, 3)
    assert.same({ 3.0, 6.0 }, x:totable())
    local w = tocha.tensor({ 1.0, 2.0 }, { requires_grad = true })
    local y = (w * x):sum()
    blob.scale(x, 2)
    assert.error_matches(function() y:backward() end, "changed in place by blob.scale at")
  end)

  it("make new tensors", function()
    assert.same({ 0, 1, 4, 9 }, blob.squares(4):totable())
  end)

  it("get Lua errors for what cannot be", function()
    assert.error_matches(function() blob.bad "float33" end, "unknown dtype 'float33'")
    assert.error_matches(function() blob.scale(3, 1) end, "a tensor was expected")
  end)
end)
