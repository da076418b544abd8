-- Darknet's networks: sizes of the published ones, .cfg and .weights, layers, what is refused. What
-- they find is in vision_detect_spec.

local tocha = require "tocha"
local darknet = require "spec.darknet_support"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"

local models <const> = tocha.vision.models
local conv <const>, cfg <const> = darknet.conv, darknet.cfg

describe("Tiny YOLO", function()
  -- Numbers in Darknet's files: (bytes - head) / 4 of yolov2-tiny-voc.weights (63,471,556) and
  -- yolov3-tiny.weights (35,434,956); work as Darknet prints it, in billions of FLOPs.
  local PUBLISHED <const> = {
    yolov2_tiny = { floats = 15867885, trained = 15861773, billions = 6.97 },
    yolov3_tiny = { floats = 8858734, trained = 8852366, billions = 5.56 },
  }
  for name, want in pairs(PUBLISHED) do
    it(name .. " is as large as published", function()
      local net <const> = models[name]()
      local floats = net:num_parameters()
      assert.equal(want.trained, floats)
      for _, b in ipairs(net:buffers()) do
        if b:is_floating_point() then floats = floats + b:numel() end
      end
      assert.equal(want.floats, floats)
      local work <const> = net:summary(3, 416, 416, { print = false }).multiply_adds
      assert.is_true(math.abs(2 * work / 1e9 - want.billions) < 0.01)
    end)
  end

  it("gives a map of each head, and takes other sizes and classes", function()
    local maps <const> = models.yolov3_tiny { num_classes = 2 }:eval()(tocha.zeros(1, 3, 64, 96))
    assert.same({ 1, 21, 2, 3 }, maps[1].shape)
    assert.same({ 1, 21, 4, 6 }, maps[2].shape)
    assert.same({ 1, 35, 3, 2 }, models.yolov2_tiny { num_classes = 2 }:eval()(
      tocha.zeros(1, 3, 96, 64))[1].shape)
  end)

  it("loads the .weights of its .cfg", function()
    local text <const> = cfg(32, 32, conv(4, "batch_normalize=1\n"), "[maxpool]\nsize=2\nstride=2",
      conv(7), "[yolo]\nanchors=4,4\nclasses=2")
    local parts <const> = { string.pack("<i4i4i4i8", 0, 2, 0, 64) }
    for k = 1, 4 * 4 + 12 + 7 + 28 do parts[k + 1] = string.pack("<f", k) end
    local path <const> = fuzz.path() .. ".weights"
    support.write_bytes(path, table.concat(parts))
    local net <const> = models.Darknet(text)
    local report <const> = net:load(path)
    os.remove(path)
    assert.same({ "0.bn.num_batches_tracked" }, report.missing)
    assert.same({}, report.unexpected)
    assert.same({ 1, 2, 3, 4 }, net[1].bn.bias:totable())
    assert.same({ 13, 14, 15, 16 }, net[1].bn.running_var:totable())
    assert.same({ 17, 18, 19 }, net[1].conv.weight:flatten():narrow(1, 1, 3):totable())
    assert.same({ 29, 30, 31, 32, 33, 34, 35 }, net[3].conv.bias:totable())
  end)

  it("fused gives the same maps", function()
    tocha.manual_seed(1)
    local net <const> = models.yolov3_tiny { num_classes = 1, size = 32 }
    net:train()(tocha.rand(2, 3, 32, 32))  -- running statistics
    net:eval()
    local x <const> = tocha.rand(1, 3, 32, 32)
    local fused <const> = tocha.nn.fuse(net, 3, 32, 32)(x)
    for k, map in ipairs(net(x)) do support.assert_alike(fused[k], map, 1e-3, 1e-3) end
  end)

  it("says what is wrong with a .cfg", function()
    local function refused(pattern, ...)
      local text <const> = cfg(32, 32, ...)
      assert.error_matches(function() models.Darknet(text) end, pattern)
    end
    refused("layer 0 %[gru%]: this kind is not read", "[gru]\noutput=3")
    refused("layer 1 %[yolo%]: expected 7 channels", conv(8), "[yolo]\nanchors=4,4\nclasses=2")
    refused("layer 1 %[route%]: there is no layer 5", conv(8), "[route]\nlayers=5")
    refused("layer 0 %[convolutional%]: size=big", "[convolutional]\nsize=big")
    refused("the activation 'odd'", "[convolutional]\nactivation=odd")
    refused("size=%-3", "[convolutional]\nsize=-3")
    refused("filters=1e9", "[convolutional]\nfilters=1e9")
    refused("1048576 filters of 3 x 1000 x 1000", "[convolutional]\nfilters=1048576\nsize=1000")
    refused("2 groups of 3 channels", "[convolutional]\nfilters=2\ngroups=2")
    refused("an anchor of 0", conv(6), "[yolo]\nanchors=0,4\nclasses=1")
    refused("group 2 of 2", conv(6), "[route]\nlayers=0\ngroups=2\ngroup_id=2")
    refused("a sum of maps of two sizes", conv(8), conv(4), "[shortcut]\nfrom=-2")
    assert.error_matches(function() models.Darknet "[maxpool]\nsize=2" end, "begins with %[net%]")
  end)
end)

describe("a mutated .cfg", function()
  it("is a network or an error", function()
    local text <const> = cfg(32, 32, conv(8, "batch_normalize=1\n"), "[maxpool]\nsize=2\nstride=2",
      conv(8), "[shortcut]\nfrom=-2", "[reorg]\nstride=2", "[route]\nlayers=-1,-2\ngroups=2",
      "[upsample]\nstride=2", conv(14), "[yolo]\nmask=0,1\nanchors=4,4, 9,9\nclasses=2")
    models.Darknet(text)
    assert.is_true(fuzz.read(text, models.Darknet, { count = 300, memory = 1 << 28 }) > 30)
  end)
end)

describe("Darknet's layers", function()
  local function output(x, ...)
    local net <const> = models.Darknet(("[net]\nchannels=%d\n"):format(x:size(2))
      .. table.concat({ ... }, "\n"))
    return net:eval()(x)
  end
  local x <const> = tocha.arange(0, 8 * 4 * 6 - 1):float():reshape(1, 8, 4, 6)

  -- reorg_cpu's loop: out[in_index] = x[out_index]
  it("reorder as Darknet's loop does", function()
    local values <const>, want <const> = x:flatten():totable(), {}
    for k = 0, 7 do
      for j = 0, 3 do
        for i = 0, 5 do
          local c2 <const>, offset <const> = k % 2, k // 2
          local from <const> = i * 2 + offset % 2 + 12 * (j * 2 + offset // 2 + 8 * c2)
          want[i + 6 * (j + 4 * k) + 1] = values[from + 1]
        end
      end
    end
    local y <const> = output(x, "[reorg]\nstride=2")
    assert.same({ 1, 32, 2, 3 }, y.shape)
    assert.same(want, y:flatten():totable())
  end)

  it("pool odd maps, and keep the size where the stride is 1", function()
    local odd <const> = (x:narrow(3, 1, 3):narrow(4, 1, 5) - 1000):contiguous()
    local halved <const> = output(odd, "[maxpool]\nsize=2\nstride=2")
    assert.same({ 1, 8, 2, 3 }, halved.shape)
    assert.equal(odd[1][1][3][5]:item(), halved[1][1][2][3]:item())
    local same <const> = output(odd, "[maxpool]\nsize=2\nstride=1")
    assert.same(odd.shape, same.shape)
    assert.equal(odd[1][1][2][2]:item(), same[1][1][1][1]:item())
    assert.same({ 1, 8, 4, 6 }, output(x, "[maxpool]\nsize=5\nstride=1").shape)
    assert.equal(x[1][1][3][3]:item(), output(x, "[maxpool]\nsize=5\nstride=1")[1][1][1][1]:item())
  end)

  it("route, add and enlarge", function()
    local doubled <const> = output(x, "[dropout]", "[route]\nlayers=-1,0")
    assert.same({ 1, 16, 4, 6 }, doubled.shape)
    assert.same(x:totable(), doubled:narrow(2, 9, 8):totable())
    assert.same(x:narrow(2, 5, 4):totable(),
      output(x, "[dropout]", "[route]\nlayers=0\ngroups=2\ngroup_id=1"):totable())
    assert.same((x * 2):totable(),
      output(x, "[dropout]", "[dropout]", "[shortcut]\nfrom=-2"):totable())
    local large <const> = output(x, "[upsample]\nstride=2")
    assert.same({ 1, 8, 8, 12 }, large.shape)
    assert.equal(x[1][3][2][4]:item(), large[1][3][4][7]:item())
    assert.same({ 1, 5 }, output(x, "[connected]\noutput=5").shape)
    assert.same({ 1, 8, 1, 1 }, output(x, "[avgpool]").shape)
  end)
end)
