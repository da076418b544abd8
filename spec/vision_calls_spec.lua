-- Wrong calls of tocha.vision, as people make them: each is an error that names the argument; and
-- the names by which users of torchvision look for things.

local tocha = require "tocha"
local support = require "spec.support"

local vision <const> = tocha.vision
local models <const>, ops <const>, T <const> = vision.models, vision.ops, vision.transforms
local picture <const> = tocha.zeros(3, 20, 30):byte()
local boxes <const> = tocha.tensor { { 0, 0, 10, 10 }, { 1, 1, 10, 10 }, { 20, 20, 30, 30 } }
local scores <const> = tocha.tensor { 0.8, 0.9, 0.5 }

local function refused(cases)
  for _, case in ipairs(cases) do
    it(case[1], function() support.fails_with(case[1], table.unpack(case, 2)) end)
  end
end

describe("pictures", function()
  local draw <const>, io_ <const> = vision.draw, vision.io
  refused {
    { "[encode] argument 3: expected a quality in 1..100", io_.encode, picture, "jpg",
      { quality = 500 } },
    { "[encode] argument 3: expected a level in 0..9", io_.encode, picture, "png",
      { compression_level = 99 } },
    { "JPG does not hold a picture (4, 5, 5)", io_.encode, tocha.zeros(4, 5, 5):byte(), "jpg" },
    { "[decode] argument 'dtype': there is no dtype", io_.decode, io_.encode(picture, "ppm"),
      { dtype = "float" } },
    { "'halign': expected left, center or right, got middle", draw.text, picture, "a", { 1, 2 },
      { halign = "middle" } },
    { "[text] argument 3: the place is not (x, y)", draw.text, picture, "a", 5 },
    { "'value_range': expected {least, greatest}", draw.make_grid, tocha.rand(2, 3, 4, 4),
      { normalize = true, value_range = { 1, 0 } } },
  }

  it("are read in a mode by torchvision's name", function()
    assert.equal(1, io_.decode(io_.encode(picture, "ppm"), { mode = "GRAY" }):size(1))
  end)
end)

describe("boxes", function()
  refused {
    { "[nms] argument 3: 'iou_threshold': expected a number, got nil", ops.nms, boxes, scores },
    { "[nms] argument 2: expected a tensor, got nil", ops.nms, boxes },
    { "[batched_nms] argument 4", ops.batched_nms, boxes, scores, tocha.tensor { 1, 1, 2 } },
    { "'output_size': expected an integer above 0", ops.roi_pool, tocha.rand(1, 1, 4, 4),
      { boxes }, 0 },
    { "unknown option 'reductio'", ops.generalized_box_iou_loss, boxes, boxes,
      { reductio = "sum" } },
  }

  it("have losses with options by place or by name", function()
    local shifted <const> = boxes + 1
    local by_place <const> = ops.distance_box_iou_loss(boxes, shifted, "sum"):item()
    assert.equal(by_place, ops.distance_box_iou_loss(boxes, shifted, { reduction = "sum" }):item())
    assert.is_true(by_place > 0)
  end)
end)

describe("networks", function()
  local net <const> = models.yolov3_tiny { num_classes = 2, size = 32 }
  refused {
    { "[detect] argument 1: expected a picture", net.detect, net },
    { "[detect] unknown option 'treshold'", net.detect, net, picture, { treshold = 0.5 } },
    { "[loss] argument 1: expected the list of maps", net.loss, net, 5 },
    { "'size': expected a multiple of 32, got 97", models.yolov3_tiny, { size = 97 } },
    { "[Darknet] argument 1: expected the path of a .cfg", models.Darknet },
    { "[net]: width=-3", models.Darknet, "[net]\nwidth=-3\n" },
    { "'steps': expected an integer above 0", models.GaussianDiffusion, { steps = 0 } },
    { "there is no 'resnet19'", models.get_model, "resnet19" },
    { "in down.0.0 (Conv2d) of UNet", models.unet { width = 4 }, tocha.rand(1, 3, 64, 64) },
  }

  it("are found by a text", function()
    assert.equal("ResNet", getmetatable(models.get_model("resnet18", { num_classes = 2 })).__name)
    assert.same({ "vgg11", "vgg11_bn" }, models.list_models "^vgg11")
    for _, name in ipairs(models.list_models()) do assert.equal("function", type(models[name])) end
  end)
end)

describe("transforms", function()
  refused {
    { "'p': expected a probability, 0 to 1, got x", T.RandomHorizontalFlip, "x" },
    { "expected integers, classes from 1, got float32", T.MixUp { num_classes = 3 },
      tocha.rand(2, 3, 4, 4), tocha.tensor { 1.5, 2 } },
  }

  it("go by torchvision's first names, also in one pass", function()
    local x <const> = tocha.randint(0, 255, { 3, 5, 6 }):byte()
    local scaled <const> = T.ToDtype("float32", { scale = true })(x)
    assert.is_true(T.ToTensor()(x):equal(scaled))
    assert.is_true(T.ConvertImageDtype()(x):equal(scaled))
    assert.is_true(T.ConvertImageDtype("uint8")(scaled):equal(x))
    local normalize <const> = T.Normalize({ 0.5 }, { 0.25 })
    support.assert_alike(T.Compose { T.ToTensor(), normalize }(x), normalize(scaled), 1e-6, 1e-6)
  end)
end)

describe("data sets", function()
  it("print how many examples and which classes they have", function()
    local set <const> = require "tocha.vision.datasets.pictures".Pictures(tocha.zeros(4, 1, 2, 2),
      tocha.tensor { 1, 2, 1, 2 }, { classes = { "cat", "dog" }, transform = T.CenterCrop(1) })
    assert.equal("Pictures: 4 examples, 2 classes (cat, dog)\n  transform: CenterCrop(1)",
      tostring(set))
    assert.equal("Subset: 2 examples", tostring(set:first(2)))
  end)
end)
