-- Darknet's networks and YOLO: decoding by numbers worked out by hand, the loss against Darknet's
-- deltas, weights by their numbers, a short training.

local tocha = require "tocha"
local fuzz = require "spec.fuzz_support"
local support = require "spec.support"
local models <const>, ops <const> = tocha.vision.models, tocha.vision.ops

local function near(want, got, tolerance)
  support.assert_alike(got, tocha.is_tensor(want) and want or tocha.tensor(want),
    tolerance or 1e-5, tolerance or 1e-6)
end

local function conv(filters, more)
  return ("[convolutional]\nfilters=%d\nsize=1\nactivation=linear\n%s"):format(filters, more or "")
end

local function cfg(height, width, ...)
  return ("[net]\nheight=%d\nwidth=%d\nchannels=3\n"):format(height, width)
    .. table.concat({ ... }, "\n")
end

-- ---- the networks -------------------------------------------------------------------------------

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
    local file <close> = assert(io.open(path, "wb"))
    file:write(table.concat(parts))
    file:close()
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
    for k, map in ipairs(net(x)) do near(map, fused[k], 1e-3) end
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

-- ---- what a map means ---------------------------------------------------------------------------

local LN2 <const>, LN3 <const> = math.log(2), math.log(3)

-- A net whose convolution passes its input on: the map is what goes in.
local function passing(head, channels, height, width)
  local net <const> = models.Darknet(("[net]\nheight=%d\nwidth=%d\nchannels=%d\n"):format(height,
    width, channels) .. "[dropout]\n" .. head)
  return net:eval()
end

describe("a head", function()
  -- Two cells of 32 x 32 side by side; the second says something.
  local map <const> = tocha.zeros(1, 7, 1, 2)
  for k, v in ipairs { 0, 0, LN2, 0, 0, 0, LN3 } do map[1][k][1][2] = v end

  it("of yolo has anchors in pixels and classes one by one", function()
    local net <const> = passing("[yolo]\nanchors=99,99, 10,20\nmask=1\nclasses=2", 7, 32, 64)
    local boxes <const>, object <const>, classes <const> = net:heads()[1]:decode(map, 32, 64)
    near({ { { 11, 6, 21, 26 }, { 38, 6, 58, 26 } } }, boxes)
    near({ { 0.5, 0.5 } }, object)
    near({ { { 0.5, 0.5 }, { 0.5, 0.75 } } }, classes)
  end)

  it("of region has anchors in cells and classes that exclude each other", function()
    local net <const> = passing("[region]\nanchors=0.5,0.25\nclasses=2", 7, 32, 64)
    local boxes <const>, _, classes <const> = net:heads()[1]:decode(map, 32, 64)
    near({ { { 8, 12, 24, 20 }, { 32, 12, 64, 20 } } }, boxes)
    near({ { { 0.5, 0.5 }, { 0.25, 0.75 } } }, classes)
  end)

  it("stretches cells by scale_x_y", function()
    local net <const> = passing("[yolo]\nanchors=10,20\nclasses=2\nscale_x_y=2", 7, 32, 64)
    local shifted <const> = map:clone()
    shifted[1][1][1][1] = LN3  -- 0.75, at scale 2: 1
    local boxes <const> = net:heads()[1]:decode(shifted, 32, 64)
    near({ 27, 6, 37, 26 }, boxes[1][1])
  end)
end)

-- ---- the loss -----------------------------------------------------------------------------------

local function sigmoid(v) return 1 / (1 + math.exp(-v)) end

local function iou_of(a, b)
  return ops.box_iou(tocha.tensor { a }, tocha.tensor { b }):item()
end

-- Darknet's deltas by its loops, for one picture: -delta is the gradient of the sum.
local function deltas(net, map, targets, H, W, rules)
  local head <const> = net:heads()[1]
  local A <const>, C <const> = #rules.anchors, rules.classes
  local h <const>, w <const> = map:size(3), map:size(4)
  local found <const> = head:decode(map, H, W)[1]:totable()
  local t <const>, d <const> = map[1]:totable(), tocha.zeros(1, A * (5 + C), h, w)
  local function entry(a, k) return (a - 1) * (5 + C) + k end
  local function slope(v) return rules.squares and sigmoid(v) * (1 - sigmoid(v)) or 1 end
  for a = 1, A do
    for j = 1, h do
      for i = 1, w do
        local best, v = 0, t[entry(a, 5)][j][i]
        for _, box in ipairs(targets.boxes:totable()) do
          best = math.max(best, iou_of(found[((a - 1) * h + j - 1) * w + i], box))
        end
        d[1][entry(a, 5)][j][i] = best > rules.ignore and 0 or -sigmoid(v) * slope(v)
      end
    end
  end
  for k, box in ipairs(targets.boxes:totable()) do
    local bw <const>, bh <const> = box[3] - box[1], box[4] - box[2]
    local x <const>, y <const> = (box[1] + box[3]) / 2 * w / W, (box[2] + box[4]) / 2 * h / H
    local i <const>, j <const> = math.floor(x) + 1, math.floor(y) + 1
    local a, best = 1, 0
    for n, anchor in ipairs(rules.anchors) do
      local fit <const> = iou_of({ 0, 0, bw, bh }, { 0, 0, anchor[1], anchor[2] })
      if fit > best then a, best = n, fit end
    end
    local function at(n) return t[entry(a, n)][j][i] end
    local function put(n, value) d[1][entry(a, n)][j][i] = value end
    local scale <const> = 2 - bw * bh / (W * H)
    put(1, scale * (x - i + 1 - sigmoid(at(1))) * slope(at(1)))
    put(2, scale * (y - j + 1 - sigmoid(at(2))) * slope(at(2)))
    put(3, scale * (math.log(bw / rules.anchors[a][1]) - at(3)))
    put(4, scale * (math.log(bh / rules.anchors[a][2]) - at(4)))
    local want <const> = rules.squares and iou_of(found[((a - 1) * h + j - 1) * w + i], box) or 1
    put(5, rules.object * (want - sigmoid(at(5))) * slope(at(5)))
    local sum = 0
    for c = 1, C do sum = sum + math.exp(at(5 + c)) end
    for c = 1, C do
      local p <const> = rules.squares and math.exp(at(5 + c)) / sum or sigmoid(at(5 + c))
      put(5 + c, (c == targets.labels[k]:item() and 1 or 0) - p)
    end
  end
  return d
end

describe("the loss has Darknet's deltas:", function()
  local targets <const> = { boxes = tocha.tensor { { 3, 5, 25, 31 }, { 40, 10, 52, 22 },
    { 0, 33, 60, 63 } }, labels = tocha.tensor { 2, 1, 3 } }
  local HEADS <const> = {
    yolo = { "[yolo]\nanchors=12,12, 30,30\nclasses=3\nignore_thresh=0.3",
      { anchors = { { 12, 12 }, { 30, 30 } }, classes = 3, ignore = 0.3, object = 1 } },
    region = { "[region]\nanchors=0.75,0.75, 1.875,1.875\nclasses=3\nthresh=0.3\nrescore=1\n"
      .. "object_scale=5", { anchors = { { 12, 12 }, { 30, 30 } }, classes = 3, ignore = 0.3,
      object = 5, squares = true } },
  }
  for name, head in pairs(HEADS) do
    it(name, function()
      tocha.manual_seed(4)
      local net <const> = passing(head[1], 16, 64, 64)
      local map <const> = tocha.randn(1, 16, 4, 4):requires_grad_()
      local loss <const> = net:loss({ map }, { targets })
      loss:backward()
      near(-deltas(net, map:detach(), targets, 64, 64, head[2]), map.grad, 1e-4)
    end)
  end

  it("without objects only the background counts", function()
    local net <const> = passing(HEADS.yolo[1], 16, 64, 64)
    local none <const> = { boxes = tocha.zeros(0, 4), labels = tocha.zeros(0) }
    local map <const> = tocha.zeros(2, 16, 4, 4):requires_grad_()
    local loss <const>, parts <const> = net:loss({ map }, { none, none })
    assert.is_true(math.abs(loss:item() - 32 * LN2) < 1e-4)
    assert.equal(0, parts.box:item() + parts.class:item())
    loss:backward()
    near(tocha.full({ 4, 4 }, 0.25), map.grad[1][5])
  end)

  it("says what it needs", function()
    local net <const> = passing(HEADS.yolo[1], 16, 64, 64)
    local map <const> = tocha.zeros(1, 16, 4, 4)
    assert.error_matches(function() net:loss({ map }, {}) end, "targets for 1 pictures, got 0")
    local wrong <const> = { boxes = tocha.tensor { { 0, 0, 9, 9 } }, labels = tocha.tensor { 4 } }
    assert.error_matches(function() net:loss({ map }, { wrong }) end,
      "a label 4, and there are 3 classes")
  end)
end)

-- ---- pictures -----------------------------------------------------------------------------------

describe("detection", function()
  it("fits a picture into the network's, and boxes back", function()
    local net <const> = passing("[yolo]\nanchors=16,16\nclasses=1", 6, 64, 64)
    local page <const>, place <const> = net:letterbox(tocha.ones(6, 20, 40))
    assert.same({ 1, 6, 64, 64 }, page.shape)
    assert.same({ 0, 16, 20, 40 }, { place.left, place.top, place.height, place.width })
    near(tocha.full({ 16, 64 }, 0.5), page[1][1]:narrow(1, 1, 16))
    near(tocha.ones(32, 64), page[1][1]:narrow(1, 17, 32))
    local bytes <const> = tocha.full({ 6, 40, 20 }, 255, { dtype = "uint8" })
    near(tocha.ones(64, 32), net:letterbox(bytes)[1][1]:narrow(2, 17, 32))
  end)

  it("finds what a map says, in pixels of the picture", function()
    -- the map is the picture itself: 2 x 2 cells of 1 x 1 pixel
    local net <const> = passing("[yolo]\nanchors=1,1\nclasses=2", 7, 2, 2)
    local picture <const> = tocha.full({ 7, 2, 2 }, -9.0)
    for k, v in ipairs { 0, 0, 0, LN2, 9, 9, -9 } do picture[k][2][1] = v end
    local boxes <const>, scores <const>, labels <const> = net:detect(picture)
    near({ { 0, 0.5, 1, 2 } }, boxes)
    assert.is_true(math.abs(scores:item() - sigmoid(9) ^ 2) < 1e-6)
    assert.same({ 1 }, labels:totable())
    assert.same({ 0, 4 }, net:detect(tocha.full({ 7, 2, 2 }, -9.0)).shape)
  end)

  it("keeps the best of boxes of one class, and all classes", function()
    local net <const> = passing("[yolo]\nanchors=20,20, 22,22\nclasses=2", 14, 32, 32)
    local map <const> = tocha.full({ 1, 14, 1, 1 }, -9.0)
    for a, object in ipairs { 2, 3 } do
      for k, v in ipairs { 0, 0, 0, 0, object, 9, a == 1 and 9 or -9 } do
        map[1][(a - 1) * 7 + k][1][1] = v
      end
    end
    local found <const> = net:postprocess({ map }, 32, 32)[1]
    assert.same({ 1, 2 }, found.labels:totable())
    near({ { 5, 5, 27, 27 }, { 6, 6, 26, 26 } }, found.boxes)
    assert.equal(3, net:postprocess({ map }, 32, 32, { iou = 0.9 })[1].labels:size(1))
  end)

  it("says what it needs", function()
    local net <const> = models.Darknet "[net]\nchannels=3\n[maxpool]\nsize=2\nstride=2"
    assert.error_matches(function() net:detect(tocha.zeros(3, 8, 8)) end, "no %[yolo%]")
    local yolo <const> = models.yolov3_tiny()
    assert.error_matches(function() yolo:detect(tocha.zeros(8, 8)) end, "a picture %(C, H, W%)")
  end)
end)

describe("a small detector", function()
  local SIDE <const> = 48

  -- Rectangles of three colours on black.
  local function batch(n)
    local x <const>, targets <const> = tocha.rand(n, 3, SIDE, SIDE) * 0.2, {}
    for b = 1, n do
      local w <const>, h <const> = math.random(10, 24), math.random(10, 24)
      local left <const>, top <const> = math.random(0, SIDE - w), math.random(0, SIDE - h)
      local class <const> = math.random(3)
      x[b][class]:narrow(1, top + 1, h):narrow(2, left + 1, w):fill_(1)
      targets[b] = { boxes = tocha.tensor { { left, top, left + w, top + h } },
        labels = tocha.tensor { class } }
    end
    return x, targets
  end

  it("learns to find rectangles", function()
    tocha.manual_seed(1)
    math.randomseed(3)
    local half <const> = "[maxpool]\nsize=2\nstride=2"
    local function block(n)
      return ("[convolutional]\nbatch_normalize=1\nfilters=%d\nsize=3\npad=1\nactivation=leaky")
        :format(n)
    end
    local net <const> = models.Darknet(cfg(SIDE, SIDE, block(8), half, block(16), half, block(32),
      half, block(32), conv(8), "[yolo]\nanchors=16,16\nclasses=3"))
    local optimizer <const> = tocha.optim.Adam(net:parameters(), { lr = 0.01 })
    local first, last
    for _ = 1, 120 do
      local x <const>, targets <const> = batch(8)
      optimizer:zero_grad()
      last = net:loss(net(x), targets)
      last:backward()
      optimizer:step()
      first = first or last:item()
    end
    assert.is_true(last:item() < first / 5, ("%g, then %g"):format(first, last:item()))
    local x <const>, targets <const> = batch(32)
    local precision <const> = tocha.train.metrics.MeanAveragePrecision()
    precision:update(net:eval():postprocess(net(x), SIDE, SIDE, { threshold = 0.1 }), targets)
    assert.is_true(precision:compute() > 0.8, tostring(precision))
    local boxes <const>, _, labels <const> = net:detect(x[1], { threshold = 0.3 })
    assert.equal(targets[1].labels:item(), labels[1]:item())
    assert.is_true(ops.box_iou(boxes:narrow(1, 1, 1), targets[1].boxes):item() > 0.5)
  end)
end)
