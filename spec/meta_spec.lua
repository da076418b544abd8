-- The device "meta": every operation gives there what it gives on the CPU, but for the values.

local tocha = require "tocha"
local support = require "spec.support"

local core = require "tocha.core"
local NO_VALUES <const> = "on 'meta' has no values"

local function to_meta(value)
  if core.is_tensor(value) then return value:to "meta" end
  if type(value) ~= "table" or getmetatable(value) then return value end
  local list <const> = {}
  for key, each in pairs(value) do list[key] = to_meta(each) end
  return list
end

-- What results look like: shapes and dtypes of tensors, of lists too.
local function look(value)
  if core.is_tensor(value) then
    return ("%s %s"):format(value.dtype, table.concat(value.shape, ","))
  end
  if type(value) ~= "table" then return type(value) end
  local list <const> = {}
  for k = 1, value.n or #value do list[k] = look(value[k]) end
  return list
end

-- Whose results have a shape that values decide, or that are no tensors, cannot run there.
describe("on meta", function()
  local ran, refused = 0, 0
  support.each_sample(function(d) return not d.random end, function(decl, sample, k)
    it(support.title(decl, k), function()
      local args <const> = support.make(sample)
      local want <const> = look(support.call(decl, args))
      local ok <const>, got <const> = pcall(support.call, decl, to_meta(args))
      if not ok then
        refused = refused + 1
        return assert.matches(NO_VALUES, got, 1, true)
      end
      ran = ran + 1
      assert.same(want, look(got))
    end)
  end, true)

  it("nearly all run", function()
    assert.is_true(ran > 20 * refused, ("%d ran, %d need values"):format(ran, refused))
  end)
end)

describe("a tensor on meta", function()
  it("takes no memory", function()
    local before <const> = core.memory().in_use
    local x <const> = tocha.zeros(1 << 20, 1 << 12, { device = "meta" })
    local y <const> = (x * 2 + 1):sum(1)
    assert.same({ 1 << 12 }, y.shape)
    assert.equal("meta", y.device)
    assert.is_true(core.memory().in_use - before < 1 << 16)
  end)

  it("has no values to look at, to move or to copy", function()
    local x <const> = tocha.ones(2, 3, { device = "meta" })
    for _, look_at in ipairs { function() return x:sum():item() end, function() x:to "cpu" end,
      function() return x:totable() end, function() tocha.zeros(2, 3):copy_(x) end } do
      assert.error_matches(look_at, NO_VALUES)
    end
    assert.equal("[float32 tensor of size 2x3 on meta]", tostring(x))
  end)

  it("learns its gradient's shape", function()
    local w <const> = tocha.randn(4, 3, { device = "meta" }):requires_grad_()
    tocha.cross_entropy(tocha.randn(5, 3, { device = "meta" }):matmul(w:t()),
      tocha.ones(5, { dtype = "int64", device = "meta" })):backward()
    assert.same({ 4, 3 }, w.grad.shape)
    assert.equal("meta", w.grad.device)
  end)

  it("mixes with no other device", function()
    assert.error_matches(function()
      return tocha.ones(2, { device = "meta" }) + tocha.ones(2)
    end, "one device")
  end)
end)
