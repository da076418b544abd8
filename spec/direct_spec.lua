-- Operations that are one kernel call run without Lua where their line `direct` says so, and by
-- their `run` where it does not. What they compute is in the specs derived from the registry.

local tocha = require "tocha"
local registry = require "tocha.op"

-- The functions of the library's Lua that f calls.
local function lua_calls(f)
  local n = 0
  f()
  debug.sethook(function()
    local info <const> = debug.getinfo(2, "S")
    if info.what == "Lua" and info.source:find "/tocha/" then n = n + 1 end
  end, "c")
  f()
  debug.sethook()
  return n
end

local function with_defaults(decl, args)
  for k, value in pairs(registry.defaults[decl.name]) do
    if args[k] == nil then args[k] = value end
  end
  return args
end

describe("a direct operation", function()
  local x, w, b = tocha.randn(3, 4), tocha.randn(5, 4), tocha.randn(5)
  local y <const>, z <const> = tocha.randn(3, 4), tocha.randn(4, 3)

  it("runs no Lua in its usual case", function()
    assert.equal(0, lua_calls(function() tocha.linear(x, w, b) end))
    assert.equal(0, lua_calls(function() tocha.linear(x, w) end))
    assert.equal(0, lua_calls(function() tocha.matmul(x, z) end))
    assert.equal(0, lua_calls(function() tocha.mse_loss(x, y) end))
    assert.equal(0, lua_calls(function() x:sum() end))
  end)

  it("runs its Lua in any other case", function()
    assert.is_true(lua_calls(function() tocha.linear(x, w, tocha.randn(1)) end) > 0)
    assert.is_true(lua_calls(function() tocha.linear(x:double(), w, b) end) > 0)
    assert.is_true(lua_calls(function() tocha.mse_loss(x, y, "sum") end) > 0)
    assert.is_true(lua_calls(function() tocha.mse_loss(x, y[1]) end) > 0)
    assert.is_true(lua_calls(function() x:sum(1) end) > 0)
    assert.is_true(lua_calls(function() tocha.ones(3, { dtype = "int32" }):sum() end) > 0)
  end)

  it("says what does not fit", function()
    assert.error_matches(function() tocha.linear(x, tocha.randn(5, 3)) end, "weight .* takes 3")
    assert.error_matches(function() tocha.matmul(x, x) end, "%[matmul%]")
    assert.error_matches(function() tocha.linear_weight_grad(x, tocha.randn(2, 4)) end, "rows")
  end)

  it("gives the same as its definition, for every sample", function()
    for _, decl in ipairs(registry.list) do
      if decl.direct and decl.ref then
        for _, sample in ipairs(decl.sample) do
          local args <const> = with_defaults(decl, registry.samples.make(sample))
          local got <const> = registry.ops[decl.name](table.unpack(args, 1, decl.nargs))
          local want <const> = decl.ref(table.unpack(args, 1, decl.nargs))
          assert.is_true(tocha.allclose(got, want, 1e-4, 1e-5), decl.name)
        end
      end
    end
  end)

  it("makes tensors fit that do not, without Lua", function()
    local function same(a, weight, tolerance)
      local got
      assert.equal(0, lua_calls(function() got = tocha.linear(a, weight) end))
      local want <const> = tocha.linear(a:float():contiguous(), weight:float():contiguous())
      assert.equal(a.dtype, got.dtype)
      assert.is_true(tocha.allclose(got:float(), want, tolerance, tolerance))
    end
    same(z:t(), w, 0)
    same(tocha.randn(6, 4):slice(1, 1, -1, 2), w, 0)
    same(x:narrow(2, 1, 3), w:narrow(2, 2, 3), 1e-6)
    same(x:half(), w:half(), 1e-2)
    same(x:bfloat16(), w:bfloat16(), 5e-2)
  end)

  it("refuses a tensor that was closed", function()
    local gone <const> = tocha.randn(4, 4)
    do local _ <close> = gone end
    assert.error_matches(function() tocha.linear(x, gone) end, "no values")
  end)
end)

describe("a line that cannot be read", function()
  local core <const> = require "tocha.core"
  local function declare(line)
    return core.op({ name = "odd", kind = "function", direct = line,
      params = { { name = "x", code = "T" } } }, print, {})
  end

  it("is an error that shows where", function()
    for _, line in ipairs { "nothing {} (x)", "sum {x[1] (x, 1, 1, 1)", "sum {} (x)",
      "sum {} (x, 1, 1, 1) if z = 1", "sum {} (x, 1, 1, 1) if x", "sum {} (x, 1, 1, 1) more" } do
      assert.error_matches(function() declare(line) end, "odd: cannot read")
    end
  end)
end)
