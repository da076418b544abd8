-- net:freeze{int8 = true}: how near it is, what it takes, its report, and published networks.

local tocha = require "tocha"
local core = require "tocha.core"
local quantize = require "tocha.freeze.quantize"
local support = require "spec.support"

local nn <const>, models <const> = tocha.nn, tocha.vision.models
local fails_with <const> = support.fails_with

local here <const> = debug.getinfo(1, "S").source:match "^@(.*)spec/[^/]*$"
local shared <const> = here .. "../shared/data/"

local function small()
  local net <const> = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Conv2d(16, 16, 3, { groups = 4 }), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 16, 40),
    nn.BatchNorm1d(40), nn.ReLU(), nn.Linear(40, 10))
  for _, k in ipairs { 2, 8 } do
    net[k].running_mean:normal_(0, 0.2)
    net[k].running_var:uniform_(0.5, 2)
  end
  return net
end

describe("int8 weights", function()
  it("are within half a step of each row, whose largest is 127 steps", function()
    local w <const> = tocha.randn(5, 3, 2, 2)
    w[2]:fill_(0)
    w[3]:mul_(1e-30)
    local values <const>, scale <const> = quantize.rows(w)
    assert.equal("int8", values.dtype)
    local back <const> = values * scale:view(5, 1, 1, 1)
    assert.is_true((back - w):abs():le(scale:view(5, 1, 1, 1) * 0.5001):all():item())
    assert.same({ 127, 0, 127, 127, 127 }, values:flatten(2):to("int32"):abs():amax(2):totable())
    assert.same({ 0, 3 }, (quantize.rows(tocha.zeros(0, 3))).shape)
    fails_with("not finite", quantize.rows, tocha.tensor { { 0 / 0, 1 } })
  end)

  it("take a quarter of the memory, and are near the network", function()
    local net <const>, x <const> = small(), tocha.randn(4, 3, 8, 8)
    local float <const>, frozen <const> = net:freeze(x), net:freeze(x, { int8 = true })
    local want <const>, got <const> = float(x), frozen(x)
    local off <const> = ((got - want):abs():max() / want:abs():max()):item()
    assert.is_true(off > 0 and off < 0.03, off)
    assert.is_true(frozen:memory().weights < 0.3 * float:memory().weights)
    assert.truthy(tostring(frozen):find("(int8)", 1, true))
    local one <const> = frozen(x:narrow(1, 1, 1):clone())  -- another shape: the same weights
    assert.is_true(((one - got:narrow(1, 1, 1)):abs():max()):item() < 1e-5)
  end)

  it("leave nothing behind either", function()
    local frozen <const>, x <const> = small():freeze(3, 8, 8, { int8 = true }),
      tocha.randn(1, 3, 8, 8)
    frozen(x)
    local before <const> = tocha.memory()
    for _ = 1, 100 do frozen(x) end
    assert.equal(before.in_use, tocha.memory().in_use)
  end)

  it("are written into files as they are", function()
    local frozen <const>, x <const> = small():freeze(3, 8, 8, { int8 = true }),
      tocha.randn(1, 3, 8, 8)
    local path <const> = os.tmpname() .. ".lua"
    frozen:write(path)
    local _, bytes <const> = core.file_kind(path)
    local got <const> = tocha.tensor(dofile(path)(x:flatten():totable()))
    os.remove(path)
    assert.is_true(bytes < 4 / 3 * frozen:memory().weights + 12000)
    local want <const> = frozen(x):flatten()
    assert.is_true(((got - want):abs():max() / want:abs():max()):item() < 1e-5)
  end)

  it("go on without the network", function()
    local frozen <const>, x <const> = small():freeze(3, 8, 8, { int8 = true }),
      tocha.randn(1, 3, 8, 8)
    local want <const>, text <const> = frozen(x):clone(), tostring(frozen)
    local weights <const> = frozen:memory().weights
    frozen:seal()
    collectgarbage()
    support.assert_alike(frozen(x), want)
    assert.equal(text, tostring(frozen))
    assert.equal(weights, frozen:memory().weights)
    fails_with("sealed", function() frozen(tocha.randn(2, 3, 9, 9)) end)
  end)
end)

describe("frozen:report", function()
  it("counts over a batch, and over a loader the same", function()
    local net <const>, x <const> = small(), tocha.randn(10, 3, 8, 8)
    local labels <const> = net:freeze()(x):argmax(2)
    labels[1] = labels[1]:item() % 10 + 1  -- one that the network has wrong
    local frozen <const> = net:freeze { int8 = true }
    local report <const> = frozen:report(x, labels)
    assert.equal(10, report.examples)
    assert.equal(90, report.net_accuracy)
    assert.is_true(report.largest > 0 and report.largest < 0.05 * report.values)
    assert.truthy(tostring(report):find("right: ", 1, true))
    local loader <const> = tocha.data.DataLoader(tocha.data.TensorDataset(x, labels),
      { batch_size = 4 })
    local other <const> = frozen:report(loader)
    assert.equal(report.same, other.same)
    assert.equal(report.accuracy, other.accuracy)
    assert.is_nil(net:freeze():report(x).accuracy)
    fails_with("[report] argument 1: expected a tensor or a loader", frozen.report, frozen)
  end)
end)

describe("a report", function()
  it("needs the network, and examples", function()
    local frozen <const> = nn.Linear(2, 3):freeze(2)
    fails_with("[report] argument 1: expected a tensor or a loader", frozen.report, frozen)
    fails_with("sealed", frozen:seal().report, frozen, tocha.randn(1, 2))
  end)
end)

describe("published networks with int8 weights", function()
  it("lose less than a point: ResNet-20 on CIFAR-10", function()
    if not core.file_kind(shared .. "cifar10") then return pending "../shared/data is not here" end
    local net <const> = models.resnet20()
    net:load(shared .. "models/resnet20-12fca82f.th")
    local x, labels = tocha.data.cifar(shared .. "cifar10/test_batch.bin.gz")
    local mean <const>, std <const> = tocha.tensor { .485, .456, .406 },
      tocha.tensor { .229, .224, .225 }
    x = (x - mean:view(1, 3, 1, 1)) / std:view(1, 3, 1, 1)
    local report <const> = net:freeze { int8 = true }:report(x, labels)
    assert.is_true(report.net_accuracy > 75, report.net_accuracy)
    assert.is_true(report.accuracy > report.net_accuracy - 1, tostring(report))
    assert.is_true(report.same > 0.97 * report.examples, tostring(report))
  end)

  -- Sixteen photos of sixteen classes.
  local function photos(net, folder)
    local archive <const> = shared .. "imagenet/samples60.tar"
    os.execute(("mkdir -p %s && tar -xf %s -C %s"):format(folder, archive, folder))
    local list <const> = {}
    for line in io.lines(folder .. "/samples60/labels.csv") do
      local file <const> = line:match "^([^,]*%.JPEG),"
      if file and #list < 16 then
        list[#list + 1] = net.preprocess(tocha.vision.io.read(folder .. "/samples60/" .. file,
          { mode = "rgb" }))
      end
    end
    os.execute("rm -r " .. folder)
    return tocha.stack(list)
  end

  it("name the same classes: Tiny Darknet", function()
    if not core.file_kind(shared .. "imagenet") then return pending "../shared/data is not here" end
    local net <const> = models.tiny_darknet { weights = shared .. "models/darknettiny" }
    local report <const> = net:freeze { int8 = true }:report(photos(net, os.tmpname() .. ".d"))
    assert.equal(16, report.examples)
    assert.is_true(report.same >= 15, tostring(report))
    assert.is_true(report.largest > 0 and report.largest < 0.25 * report.values, tostring(report))
  end)
end)
