-- Families of operations are read when one of their names is asked for, and no other then.

local function run(code)
  local pipe <const> = assert(io.popen(("bin/tocha -e '%s' 2>&1"):format(code)))
  local text <const> = pipe:read "a"
  pipe:close()
  return text
end

local LOADED <const> = [[
local n = {}
for name in pairs(package.loaded) do
  for _, f in ipairs { "cross_entropy", "conv", "rnn", "sort", "einsum" } do
    if name == "tocha.ops." .. f then n[#n + 1] = f end
  end
end
table.sort(n)
print(table.concat(n, " "))]]

describe("an operation of a family that is not loaded", function()
  it("is there by its name, as a function, a method and in place", function()
    assert.equal("cross_entropy\n", run("local _ = tocha.cross_entropy " .. LOADED))
    assert.equal("sort\n", run("local _ = tocha.ones(3):sort() " .. LOADED))
    assert.equal("einsum\n", run("local _ = tocha.einsum " .. LOADED))
  end)

  it("brings all where no text declares it", function()
    assert.equal("conv cross_entropy einsum rnn sort\n", run("local _ = tocha.nothing " .. LOADED))
    assert.equal("conv cross_entropy einsum rnn sort\n", run("local _ = #tocha.ops " .. LOADED))
  end)

  it("is declared once, whatever came first", function()
    assert.equal("true\n", run([[local _ = tocha.cross_entropy, tocha.conv2d, tocha.ones(2).sort
      local seen = {}
      local list = require "tocha.op".list
      for _, d in ipairs(list) do assert(not seen[d.name], d.name) seen[d.name] = true end
      print(seen.lstm ~= nil or seen.rnn ~= nil or #list > 400)]]))
  end)
end)
