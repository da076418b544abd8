-- YOLO: decoding by numbers worked out by hand, the loss against Darknet's deltas, detection, a
-- short training. The networks themselves are in darknet_spec.

local tocha = require "tocha"
local darknet = require "spec.darknet_support"
local support = require "spec.support"

local models <const>, ops <const> = tocha.vision.models, tocha.vision.ops
local conv <const>, cfg <const> = darknet.conv, darknet.cfg

local function near(want, got, tolerance)
  support.assert_alike(got, tocha.is_tensor(want) and want or tocha.tensor(want),
    tolerance or 1e-5, tolerance or 1e-6)
end

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

-- Darknet's deltas by its loops, for one picture: -delta is the gradient of the sum. What the loops
-- go over: the map's numbers `t`, the deltas `d`, the boxes `found`, and the rules.
local function state_of(net, map, H, W, rules)
  local A <const>, C <const> = #rules.anchors, rules.classes
  local h <const>, w <const> = map:size(3), map:size(4)
  return { A = A, C = C, h = h, w = w, H = H, W = W, rules = rules, t = map[1]:totable(),
    d = tocha.zeros(1, A * (5 + C), h, w), found = net:heads()[1]:decode(map, H, W)[1]:totable(),
    entry = function(a, k) return (a - 1) * (5 + C) + k end,
    box = function(s, a, j, i) return s.found[((a - 1) * h + j - 1) * w + i] end,
    slope = function(v) return rules.squares and sigmoid(v) * (1 - sigmoid(v)) or 1 end }
end

-- The background: cells whose box overlaps no object enough.
local function background(s, boxes)
  for a = 1, s.A do
    for j = 1, s.h do
      for i = 1, s.w do
        local best, v <const> = 0, s.t[s.entry(a, 5)][j][i]
        for _, box in ipairs(boxes) do best = math.max(best, iou_of(s:box(a, j, i), box)) end
        s.d[1][s.entry(a, 5)][j][i] = best > s.rules.ignore and 0 or -sigmoid(v) * s.slope(v)
      end
    end
  end
end

local function best_anchor(anchors, bw, bh)
  local a, best = 1, 0
  for n, anchor in ipairs(anchors) do
    local fit <const> = iou_of({ 0, 0, bw, bh }, { 0, 0, anchor[1], anchor[2] })
    if fit > best then a, best = n, fit end
  end
  return a
end

-- One object, in the cell of its middle.
local function one_object(s, box, label)
  local rules <const>, bw <const>, bh <const> = s.rules, box[3] - box[1], box[4] - box[2]
  local x <const>, y <const> = (box[1] + box[3]) / 2 * s.w / s.W, (box[2] + box[4]) / 2 * s.h / s.H
  local i <const>, j <const> = math.floor(x) + 1, math.floor(y) + 1
  local a <const> = best_anchor(rules.anchors, bw, bh)
  local function at(n) return s.t[s.entry(a, n)][j][i] end
  local function put(n, value) s.d[1][s.entry(a, n)][j][i] = value end
  local scale <const> = 2 - bw * bh / (s.W * s.H)
  put(1, scale * (x - i + 1 - sigmoid(at(1))) * s.slope(at(1)))
  put(2, scale * (y - j + 1 - sigmoid(at(2))) * s.slope(at(2)))
  put(3, scale * (math.log(bw / rules.anchors[a][1]) - at(3)))
  put(4, scale * (math.log(bh / rules.anchors[a][2]) - at(4)))
  local want <const> = rules.squares and iou_of(s:box(a, j, i), box) or 1
  put(5, rules.object * (want - sigmoid(at(5))) * s.slope(at(5)))
  local sum = 0
  for c = 1, s.C do sum = sum + math.exp(at(5 + c)) end
  for c = 1, s.C do
    local p <const> = rules.squares and math.exp(at(5 + c)) / sum or sigmoid(at(5 + c))
    put(5 + c, (c == label and 1 or 0) - p)
  end
end

local function deltas(net, map, targets, H, W, rules)
  local s <const>, boxes <const> = state_of(net, map, H, W, rules), targets.boxes:totable()
  background(s, boxes)
  for k, box in ipairs(boxes) do one_object(s, box, targets.labels[k]:item()) end
  return s.d
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
