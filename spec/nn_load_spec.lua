-- module:load: weights of files into modules, with a report.

local tocha = require "tocha"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"

local nn <const> = tocha.nn
local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/nn_load_spec.lua$"

local function net_of(out)
  return nn.Sequential(nn.Linear(2, out or 3), nn.BatchNorm1d(out or 3))
end

local function saved(object)
  local path <const> = fuzz.path()
  tocha.save(object, path)
  return path
end

describe("module:load", function()
  it("finds the state dict within a PyTorch checkpoint", function()
    for _, name in ipairs { "pytorch.pt", "pytorch_old.pt" } do
      local net <const> = net_of()
      local report <const> = net:load(root .. "spec/golden/" .. name, { strict = false })
      assert.equal("net", report.path)
      assert.equal(7, #report.matched)
      assert.same({ 1, 2, 3 }, net[1].bias:totable())
    end
  end)

  it("leaves out a first part that all names share", function()
    local source <const>, dict <const> = net_of(), {}
    for name, x in pairs(source:state_dict()) do dict["module." .. name] = x end
    local path <const>, net <const> = saved { epoch = 3, state = { model = dict } }, net_of()
    local report <const> = net:load(path)
    os.remove(path)
    assert.equal("state.model", report.path)
    assert.equal("module.", report.prefix)
    assert.is_true(net[1].weight:equal(source[1].weight))
    assert.matches("Sequential: 7 of 7 tensors from .*'state.model', names without 'module.'",
      tostring(report))
  end)

  it("says what was missing, too many and of another shape", function()
    local dict <const> = net_of(4):state_dict()
    dict["1.running_mean"], dict.extra = nil, tocha.ones(1)
    dict["0.bias"] = tocha.ones(3)
    local net <const> = net_of()
    local before <const> = net[1].weight:clone()
    support.fails_with("running_mean", function() net:load(dict) end)
    assert.not_same({ 1, 1, 1 }, net[1].bias:totable())
    local report <const> = net:load(dict, { strict = false })
    assert.same({ "0.bias", "1.num_batches_tracked" }, report.matched)
    assert.same({ "1.running_mean" }, report.missing)
    assert.same({ "extra" }, report.unexpected)
    assert.equal(4, #report.shapes)
    assert.same({ 1, 1, 1 }, net[1].bias:totable())
    assert.is_true(before:equal(net[1].weight))
    assert.matches("of another shape %(4%).*0.weight: %(4, 2%)", tostring(report))
  end)

  it("refuses a file in which nothing fits, strict or not", function()
    local path <const> = saved { other = tocha.ones(2) }
    support.fails_with("0 of 7", function() net_of():load(path, { strict = false }) end)
    os.remove(path)
  end)

  it("the ResNets that others trained", function()
    local models <const> = root .. "../shared/data/models/"
    local published <const> = { resnet20 = "resnet20-12fca82f.th",
      resnet32 = "resnet32-d509ac18.th" }
    for name, file in pairs(published) do
      local handle <close> = io.open(models .. file, "rb")
      if not handle then pending(models .. " is not there") end
      local net <const> = tocha.vision.models[name]()
      local report <const> = net:load(models .. file)
      assert.equal("module.", report.prefix)
      assert.equal(0, #report.shapes + #report.unexpected)
      for _, each in ipairs(report.missing) do assert.matches("num_batches_tracked$", each) end
    end
  end)

  it("takes a first part that is given, and tables that hold each other", function()
    local dict <const> = { note = "tensors of two networks" }
    local a <const>, b <const> = net_of(), net_of()
    for name, x in pairs(a:state_dict()) do dict["a." .. name] = x end
    for name, x in pairs(b:state_dict()) do dict["b." .. name] = x end
    dict.itself = dict
    local net <const> = net_of()
    net:load({ dict = dict }, { prefix = "b." })
    assert.is_true(net[1].weight:equal(b[1].weight))
  end)

  it("sizes lazy layers by the weights", function()
    local net <const> = nn.Sequential(nn.Linear(nil, 3), nn.BatchNorm1d(3))
    net:load(net_of():state_dict())
    assert.same({ 3, 2 }, net[1].weight.shape)
  end)

  it("refuses options that nobody knows", function()
    local net <const> = net_of()
    local dict <const> = net:state_dict()
    support.fails_with("unknown option 'stric'", net.load, net, dict, { stric = false })
    support.fails_with("'strict': expected true or false", net.load, net, dict, { strict = 5 })
    support.fails_with("'prefix': expected a text", net.load, net, dict, { prefix = 5 })
  end)
end)
