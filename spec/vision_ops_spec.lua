-- tocha.vision.ops against torchvision.ops (golden/vision_ops.py), and what it refuses.

local tocha = require "tocha"
local ops <const> = tocha.vision.ops
local support = require "spec.support"

local golden <const> = tocha.io.safetensors.load "spec/golden/vision_ops.safetensors"

local function get(case, what)
  return golden[case .. "/" .. what] or error("no golden value " .. case .. "/" .. what)
end

-- As the golden gradients were made: of the sum of y times sin(0, 1, 2, ...).
local function backward(y)
  local weights <const> = tocha.arange(0, y:numel() - 1):float():sin():reshape(y.shape)
  ;(y * weights):sum():backward()
end

local function near(want, got, tolerance)
  support.assert_alike(got, want, tolerance or 1e-5, tolerance or 1e-6)
end

describe("suppression", function()
  for _, case in ipairs { "nms", "ties" } do
    for _, threshold in ipairs { "0.0", "0.25", "0.5", "1.0" } do
      it(case .. " at " .. threshold, function()
        local boxes <const>, scores <const> = get(case, "boxes"), get(case, "scores")
        local t <const> = tonumber(threshold)
        assert.same((get(case .. "/" .. threshold, "keep") + 1):totable(),
          ops.nms(boxes, scores, t):totable())
        assert.same((get(case .. "/" .. threshold, "batched") + 1):totable(),
          ops.batched_nms(boxes, scores, get(case, "groups"), t):totable())
      end)
    end
  end

  it("takes columns of a larger tensor, doubles, whole numbers and nothing", function()
    local wide <const> = tocha.cat({ get("nms", "boxes"), get("nms", "scores"):unsqueeze(2) }, 2)
    local want <const> = (get("nms/0.5", "keep") + 1):totable()
    assert.same(want, ops.nms(wide:narrow(2, 1, 4), wide:select(2, 5), 0.5):totable())
    assert.same(want, ops.nms(wide:narrow(2, 1, 4):double(), wide:select(2, 5), 0.5):totable())
    assert.same((get("ties/0.5", "keep") + 1):totable(),
      ops.nms(get("ties", "boxes"):long(), get("ties", "scores"), 0.5):totable())
    assert.same({ 0 }, ops.nms(tocha.zeros(0, 4), tocha.zeros(0), 0.5).shape)
    assert.same({ 0 }, ops.batched_nms(tocha.zeros(0, 4), tocha.zeros(0), tocha.zeros(0), 0.5)
      .shape)
  end)

  it("keeps boxes that have no area or are not numbers", function()
    local nan <const> = 0 / 0
    local boxes <const> = tocha.tensor { { 1, 1, 1, 1 }, { 1, 1, 1, 1 }, { nan, 0, 1, 1 },
      { 0, 0, 2, 2 } }
    assert.same({ 1, 2, 3, 4 }, ops.nms(boxes, tocha.tensor { 4, 3, 2, 1 }, 0.5):totable())
  end)

  it("suppresses where the ratio is above the threshold, not at it", function()
    local boxes <const> = tocha.tensor { { 0, 0, 3, 1 }, { 1, 0, 4, 1 } }  -- 2 of 4
    local scores <const> = tocha.tensor { 0.5, 0.9 }
    assert.same({ 2, 1 }, ops.nms(boxes, scores, 0.5):totable())
    assert.same({ 2 }, ops.nms(boxes, scores, 0.4999999):totable())
    local fifth <const> = tocha.tensor { { 0, 0, 3, 1 }, { 2, 0, 5, 1 } }  -- 1 of 5, as a float
    assert.same({ 2, 1 }, ops.nms(fifth:double(), scores, 0.2):totable())
  end)

  it("says what it needs", function()
    assert.error_matches(function() ops.nms(tocha.zeros(3, 5), tocha.zeros(3), 0.5) end,
      "expected boxes %(..., 4%)")
    assert.error_matches(function() ops.nms(tocha.zeros(3, 4), tocha.zeros(2), 0.5) end,
      "a score for each of 3 boxes")
    assert.error_matches(function()
      ops.batched_nms(tocha.zeros(3, 4), tocha.zeros(3), tocha.zeros(1), 0.5)
    end, "a group for each of 3 boxes")
  end)
end)

describe("boxes", function()
  local a <const>, b <const> = get("pairs", "a"), get("pairs", "b")

  it("overlap as torchvision's", function()
    near(get("pairs", "iou"), ops.box_iou(a, b))
    near(get("pairs", "generalized"), ops.generalized_box_iou(a, b))
    near(get("pairs", "distance"), ops.distance_box_iou(a, b))
    near(get("pairs", "complete"), ops.complete_box_iou(a, b))
    near(get("pairs", "area"), ops.box_area(a))
  end)

  it("change their format", function()
    for _, format in ipairs { "xywh", "cxcywh" } do
      near(get("pairs", format), ops.box_convert(a, "xyxy", format))
      near(get("pairs", "back_" .. format), ops.box_convert(a, format, "xyxy"))
      near(get("pairs", "iou_" .. format), ops.box_iou(a, b, format))
      near(a, ops.box_convert(ops.box_convert(a, "xyxy", format), format, "xyxy"))
    end
    assert.same({ { 1.5, 2.5, 3, 5 } },
      ops.box_convert(tocha.tensor({ { 0, 0, 3, 5 } }, { dtype = "int64" }), "xyxy", "cxcywh")
        :totable())
    assert.error_matches(function() ops.box_convert(a, "xyxy", "xyz") end,
      "expected 'xyxy', 'xywh' or 'cxcywh', got 'xyz'")
  end)

  it("overlap in batches, and give gradients", function()
    local stacked <const> = tocha.stack({ a, a + 3 }, 1)
    local iou <const> = ops.box_iou(stacked, b)
    assert.same({ 2, 7, 5 }, iou.shape)
    near(get("pairs", "iou"), iou:select(1, 1))
    local x <const> = a:double():requires_grad_()
    assert.is_true(tocha.gradcheck(function(v)
      return ops.distance_box_iou(v, b:narrow(1, 2, 4):double())
    end, { x }))
  end)

  it("are clipped, sorted out and drawn around masks", function()
    near(get("pairs", "clipped"), ops.clip_boxes_to_image(a * 2 - 50, { 60, 70 }))
    assert.same((get("pairs", "small") + 1):totable(), ops.remove_small_boxes(a, 12):totable())
    near(get("masks", "boxes"), ops.masks_to_boxes(get("masks", "masks")))
    assert.same({ 0, 4 }, ops.masks_to_boxes(tocha.zeros(0, 3, 3)).shape)
  end)

  for _, name in ipairs { "generalized", "distance", "complete" } do
    it("have a loss: " .. name, function()
      local loss <const> = ops[name .. "_box_iou_loss"]
      local x <const> = a:narrow(1, 1, 5):clone():requires_grad_()
      local y <const> = loss(x, b)
      near(get("losses", name), y)
      y:sum():backward()
      near(get("losses", name .. "_grad"), x.grad)
      near(y:mean(), loss(x, b, "mean"))
      assert.equal(0, loss(tocha.zeros(0, 4), tocha.zeros(0, 4), "mean"):item())
    end)
  end
end)

describe("regions", function()
  local SETTINGS <const> = {
    { { 4, 3 }, 0.25, 2, false }, { { 2, 5 }, 0.25, -1, false }, { 3, 0.3, -1, true },
    { { 1, 1 }, 0.2, 3, true },
  }

  local function rois()
    local from_one <const> = get("roi", "rois"):clone()
    from_one:select(2, 1):add_(1)
    return from_one
  end

  for k, s in ipairs(SETTINGS) do
    it("are aligned as torchvision's, " .. k, function()
      local x <const> = get("roi", "x"):clone():requires_grad_()
      local y <const> = ops.roi_align(x, rois(), s[1], { spatial_scale = s[2],
        sampling_ratio = s[3], aligned = s[4] })
      near(get("roi/align" .. k, "y"), y)
      backward(y)
      near(get("roi/align" .. k, "grad"), x.grad)
    end)

    it("are pooled as torchvision's, " .. k, function()
      local x <const> = get("roi", "x"):clone():requires_grad_()
      local y <const> = ops.roi_pool(x, rois(), s[1], s[2])
      near(get("roi/pool" .. k, "y"), y)
      backward(y)
      near(get("roi/pool" .. k, "grad"), x.grad)
    end)
  end

  it("come as a list for each picture, or not at all", function()
    local x <const>, all <const> = get("roi", "x"), rois()
    local corners <const> = all:narrow(2, 2, 4)
    local lists <const> = { corners:narrow(1, 1, 2), corners:narrow(1, 3, 3) }
    local layer <const> = ops.RoIAlign({ 4, 3 }, 0.25, 2)
    near(get("roi/align1", "y"):narrow(1, 1, 5), layer(x, lists))
    assert.same({ 0, 3, 2, 2 }, ops.roi_align(x, { tocha.zeros(0, 4), tocha.zeros(0, 4) }, 2).shape)
    assert.same({ 0, 3, 2, 2 }, ops.roi_pool(x, tocha.zeros(0, 5), 2).shape)
    assert.error_matches(function() ops.roi_align(x, tocha.tensor { { 3, 0, 0, 1, 1 } }, 2) end,
      "a box in picture 3, and there are 2")
    for _, far in ipairs { 0 / 0, 1 / 0, 1e30 } do
      assert.error_matches(function() ops.roi_align(x, tocha.tensor { { 1, 0, 0, far, 1 } }, 2) end,
        "is it finite, and in pixels")
    end
  end)

  it("come from the level that fits their size", function()
    local maps <const> = { get("levels", "map1"), get("levels", "map2"), get("levels", "map3") }
    local pool <const> = ops.MultiScaleRoIAlign(3, 2, { canonical_scale = 64, canonical_level = 3 })
    near(get("levels", "y"), pool(maps, { get("levels", "boxes1"), get("levels", "boxes2") },
      { { 128, 96 }, { 128, 96 } }))
  end)
end)

describe("deformable convolution", function()
  local OPTIONS <const> = { { padding = 1 },
    { stride = { 2, 1 }, padding = { 0, 1 }, dilation = { 1, 2 } }, { padding = { 0, 1 } } }
  for k, options in ipairs(OPTIONS) do
    it("is torchvision's, " .. k, function()
      local case <const>, leaves <const> = "deform" .. k, {}
      for j, name in ipairs { "x", "offset", "weight", "mask" } do
        leaves[j] = get(case, name):clone():requires_grad_()
      end
      local x <const>, offset <const>, weight <const>, mask <const> = table.unpack(leaves)
      near(get(case, "unmasked"), ops.deform_conv2d(x, offset, weight, nil, options), 1e-4)
      options.mask = mask
      local y <const> = ops.deform_conv2d(x, offset, weight, get(case, "bias"), options)
      near(get(case, "y"), y, 1e-4)
      backward(y)
      for j, leaf in ipairs(leaves) do near(get(case, "grad" .. j), leaf.grad, 1e-4) end
    end)
  end

  it("without offsets is convolution, as a layer too", function()
    local layer <const> = ops.DeformConv2d(4, 6, 3, { padding = 1, groups = 2 })
    local x <const> = tocha.randn(2, 4, 5, 6)
    near(tocha.conv2d(x, layer.weight, layer.bias, 1, 1, 1, 2),
      layer(x, tocha.zeros(2, 18, 5, 6)), 1e-4)
    assert.error_matches(function() layer(x, tocha.zeros(2, 18, 4, 6)) end,
      "expected %(2, 18, 5, 6%), got %(2, 18, 4, 6%)")
  end)
end)

describe("layers", function()
  it("of a pyramid of features are torchvision's, by name", function()
    local net <const> = ops.FeaturePyramidNetwork({ 2, 4, 3 }, 3, { last_pool = true })
    local state <const> = {}
    for name, x in pairs(golden) do
      local found <const> = name:match "^pyramid/state/(.+)$"
      if found then state[found] = x end
    end
    net:load_state_dict(state)
    local maps <const> = {}
    for k = 1, 3 do maps[k] = get("pyramid", "map" .. k) end
    for k, y in ipairs(net(maps)) do near(get("pyramid", "y" .. k), y) end
  end)

  it("frozen batch norm has buffers alone", function()
    local layer <const> = ops.FrozenBatchNorm2d(3)
    local state <const> = {}
    for name in pairs(layer:state_dict()) do state[name] = get("frozen", name) end
    layer:load_state_dict(state)
    near(get("frozen", "y"), layer(get("frozen", "x")))
    assert.same({}, layer:parameters())
    assert.same({ "bias", "running_mean", "running_var", "weight" }, (function()
      local names <const> = {}
      for name in pairs(state) do names[#names + 1] = name end
      table.sort(names)
      return names
    end)())
  end)

  it("drop blocks as often as they are told", function()
    tocha.manual_seed(2)
    local x <const> = tocha.ones(64, 4, 16, 16)
    local y <const> = ops.drop_block2d(x, 0.2, 3)
    local dropped <const> = y:eq(0):float():mean():item()
    assert.is_true(dropped > 0.13 and dropped < 0.22, tostring(dropped))
    assert.is_true(math.abs(y:mean():item() - 1) < 1e-4)  -- what is left is scaled up
    local block <const> = ops.DropBlock3d(0.1, 2):eval()
    local cubes <const> = tocha.ones(1, 2, 4, 4, 4)
    assert.equal(cubes, block(cubes))
    assert.same({ 2, 1, 4, 4, 4 }, block:train()(tocha.ones(2, 1, 4, 4, 4)).shape)
  end)

  it("make blocks with torchvision's options", function()
    local block <const> = ops.Conv2dNormActivation(3, 8, { stride = 2 })
    assert.same({ 1, 8, 4, 5 }, block(tocha.randn(1, 3, 8, 9)).shape)
    assert.equal(3, #block)
    assert.equal(2, #ops.Conv2dNormActivation(3, 8, 1, { activation_layer = false }))
    assert.same({ 1, 3, 4, 4 }, ops.SqueezeExcitation(3, 2)(tocha.randn(1, 3, 4, 4)).shape)
    assert.same({ 5, 2 }, ops.MLP(4, { 7, 2 })(tocha.randn(5, 4)).shape)
    assert.same({ 3, 2 }, ops.Permute { 2, 1 }(tocha.randn(2, 3)).shape)
  end)
end)
