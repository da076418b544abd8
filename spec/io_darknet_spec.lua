-- Darknet: weights by the layers of a .cfg, damaged files, mutated ones.

local tocha = require "tocha"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"
local darknet = tocha.io.darknet

local CFG <const> = [[
[net]
# the input
height = 8
width=6
channels=2

[convolutional]
batch_normalize=1
filters=3
size=3
stride=1
pad=1
activation=leaky

[maxpool]
size=2
stride=2

[convolutional]
filters=4
size=1
groups=1

[route]
layers=-1,1

[connected]
output=2
]]

-- The layers give 3 x 8 x 6, 3 x 4 x 3, 4 x 4 x 3, 7 x 4 x 3, 2.
local COUNT <const> = 4 * 3 + 3 * 2 * 9 + 4 + 4 * 3 + 2 + 2 * 84

local function weights_of(count, head)
  local parts <const> = { head or string.pack("<i4i4i4i8", 0, 2, 0, 64) }
  for k = 1, count or COUNT do parts[k + 1] = string.pack("<f", k) end
  return table.concat(parts)
end

local function read(bytes, cfg)
  local path <const>, plan <const> = fuzz.write(bytes), fuzz.write(cfg or CFG)
  local ok <const>, weights <const>, sections <const> = pcall(tocha.load, path, { cfg = plan })
  os.remove(path)
  os.remove(plan)
  if not ok then error(weights, 0) end
  return weights, sections
end

describe("Darknet's weights", function()
  it("by the layers of the .cfg", function()
    local weights <const>, sections <const> = read(weights_of())
    assert.same({ 1, 2, 3 }, weights["0.bn.bias"]:totable())
    assert.same({ 4, 5, 6 }, weights["0.bn.weight"]:totable())
    assert.same({ 7, 8, 9 }, weights["0.bn.running_mean"]:totable())
    assert.same({ 10, 11, 12 }, weights["0.bn.running_var"]:totable())
    assert.same({ 3, 2, 3, 3 }, weights["0.conv.weight"].shape)
    assert.equal(13, weights["0.conv.weight"][1][1][1][1]:item())
    assert.same({ 67, 68, 69, 70 }, weights["2.conv.bias"]:totable())
    assert.same({ 4, 3, 1, 1 }, weights["2.conv.weight"].shape)
    assert.same({ 2, 84 }, weights["4.linear.weight"].shape)
    assert.equal(COUNT, weights["4.linear.weight"][2][84]:item())
    assert.equal("route", sections[5].kind)
  end)

  it("with the head of before 0.2, and stopped after a layer", function()
    local weights <const> = read(weights_of(66, string.pack("<i4i4i4i4", 0, 1, 0, 64)))
    assert.equal(66, weights["0.conv.weight"]:flatten()[54]:item())
    assert.is_nil(weights["2.conv.bias"])
  end)

  it("find the .cfg beside, or ask for it", function()
    local path <const> = fuzz.path()
    for name, bytes in pairs { [path .. ".weights"] = weights_of(), [path .. ".cfg"] = CFG } do
      local file <close> = assert(io.open(name, "wb"))
      file:write(bytes)
    end
    assert.same({ 2 }, tocha.load(path .. ".weights")["4.linear.bias"].shape)
    os.remove(path .. ".cfg")
    support.fails_with("need their .cfg", tocha.load, path .. ".weights")
    os.remove(path .. ".weights")
  end)

  for what, case in pairs {
    ["a cut file"] = { weights_of(COUNT - 1) }, ["too many bytes"] = { weights_of(COUNT + 1) },
    ["a layer that is not known"] = { weights_of(), CFG .. "[gru]\n" },
    ["a layer without a size"] = { weights_of(), (CFG:gsub("filters=4", "filters=x")) },
    ["a negative size"] = { weights_of(), (CFG:gsub("filters=4", "filters=-4")) },
    ["a huge size"] = { weights_of(), (CFG:gsub("filters=4", "filters=9223372036854775807")) },
    ["a large size"] = { weights_of(), (CFG:gsub("filters=4", "filters=16777216")) },
    ["a stride of 0"] = { weights_of(), (CFG:gsub("stride=1", "stride=0")) },
    ["a route from itself"] = { weights_of(), (CFG:gsub("%-1,1", "3")) },
    ["a route from before"] = { weights_of(), (CFG:gsub("%-1,1", "-9")) },
    ["no sections"] = { weights_of(), "filters=3\n" }, ["an empty .cfg"] = { weights_of(), "" },
    ["no input"] = { weights_of(), (CFG:gsub("channels=2", "channels=0")) },
  } do
    it("refuses " .. what, function()
      support.fails_with("[load] argument 1", read, table.unpack(case))
    end)
  end

  it("mutated, and with a mutated .cfg", function()
    local whole <const> = weights_of()
    local function with_cfg(path)
      local file <close> = assert(io.open(path, "rb"))
      return read(whole, file:read "a")
    end
    assert.is_true(fuzz.read(CFG, with_cfg) > 500)
    local plan <const> = fuzz.write(CFG)
    local options <const> = { cfg = plan }
    local function with_weights(path) return darknet.load(path, options) end
    assert.is_true(fuzz.read(whole, with_weights) > 500)
    os.remove(plan)
  end)
end)
