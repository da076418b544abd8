-- The register of published weights, networks that are made with them, wrong calls; how weights are
-- downloaded is in download_spec.

local tocha = require "tocha"
local core = require "tocha.core"
local download = require "tocha.io.download"
local support = require "spec.support"

local hub <const> = tocha.hub
local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/hub_spec.lua$"
local shared <const> = root .. "../shared/data/models"

describe("the register of weights", function()
  it("has torchvision's", function()
    local entry <const> = hub.find("resnet50", "IMAGENET1K_V2")
    assert.equal("https://download.pytorch.org/models/resnet50-11ad3fa6.pth", entry.files[1].url)
    assert.equal("sha256:11ad3fa6", entry.files[1].sum)
    assert.equal(math.floor(97.79 * 2 ^ 20 + 0.5), entry.files[1].size)
    assert.same({ top1 = 80.858, top5 = 95.434, data = "ImageNet-1K" }, entry.accuracy)
    assert.same({ resize = 232, crop = 224, interpolation = "bilinear",
      mean = { 0.485, 0.456, 0.406 }, std = { 0.229, 0.224, 0.225 } }, entry.preprocess)
    assert.equal(entry, hub.find "resnet50")
    assert.equal("imagenet1k_v1", hub.find("resnet50.imagenet1k_v1").weights)
    assert.equal(entry, hub.find("resnet50.IMAGENET1K_V2"))
    assert.same({ 0.5, 0.5, 0.5 }, hub.find("efficientnet_v2_l").preprocess.mean)
    assert.truthy(hub.find("vit_h_14").licence:find "CC%-BY%-NC")
  end)

  it("names a thousand classes", function()
    local names <const> = hub.find("alexnet").classes
    assert.equal(1000, #names)
    assert.equal("tench", names[1])
    assert.equal("toilet paper", names[1000])
    local darknet <const> = hub.find("tiny_darknet").classes
    assert.equal(1000, #darknet)
    local seen <const> = {}
    for _, name in ipairs(darknet) do seen[name] = true end
    for _, name in ipairs(names) do assert.is_true(seen[name], name) end
  end)

  it("is whole: each has an address, a checksum, a licence; each model one default", function()
    local defaults <const> = {}
    local list <const> = hub.list "%.[ic][mi]"  -- without those that this spec adds
    assert.is_true(#list > 100)
    for _, name in ipairs(list) do
      local entry <const> = hub.find(name)
      assert.truthy(entry.licence, name)
      if entry.default then defaults[entry.model] = (defaults[entry.model] or 0) + 1 end
      for _, file in ipairs(entry.files) do
        assert.truthy(file.url:find "^https?://", name)
        assert.truthy(file.sum:find "^sha256:%x%x%x%x%x%x%x%x", name)
      end
    end
    for _, name in ipairs(list) do
      local model <const> = hub.find(name).model
      assert.equal(1, defaults[model], model)
    end
  end)

  it("reaches every model of the zoo that torchvision has weights for", function()
    for _, model in ipairs { "alexnet", "vgg11", "googlenet", "inception_v3", "squeezenet1_1",
      "densenet121", "mobilenet_v2", "shufflenet_v2_x0_5", "efficientnet_b0", "convnext_tiny",
      "vit_b_16", "swin_v2_t", "resnet110" } do
      assert.is_function(tocha.vision.models[model], model)
      assert.truthy(hub.find(model), model)
    end
  end)

  it("says what there is", function()
    support.fails_with("no weights of 'resnet51' are known", hub.find, "resnet51")
    support.fails_with("resnet50 has no weights 'v3'; there are: imagenet1k_v1, imagenet1k_v2",
      hub.find, "resnet50", "v3")
    support.fails_with("the weights resnet18.imagenet1k_v1 have 1000 classes, not 10",
      tocha.vision.models.resnet18, { weights = "default", num_classes = 10 })
    support.fails_with("resnet18-f37072fd.pth  from https://download.pytorch.org", hub.fetch,
      "resnet18", { root = "/nowhere", download = false })
    assert.truthy(tostring(hub.find "resnet18"):find("44.7 MB, top-1 69.758 % (ImageNet-1K)", 1,
      true))
  end)

  it("heads that only training needs go, as torchvision does it", function()
    local models <const> = tocha.vision.models
    local file <const> = os.tmpname()
    tocha.save(models.GoogLeNet { transform_input = true }:state_dict(), file)
    local entry <const> = hub.find "googlenet"
    local name <const> = file:match "[^/]*$"
    hub.add { model = "googlenet", weights = "spec", classes = "imagenet", heads = entry.heads,
      options = entry.options, keep_heads = entry.keep_heads,
      files = { { name = name, url = "file://" .. file } } }
    local function make(more)
      local options <const> = { weights = "spec", root = file:match "^(.*)/" }
      for key, value in pairs(more or {}) do options[key] = value end
      return models.googlenet(options)
    end
    local net <const> = make()
    assert.is_nil(net.aux1)
    assert.is_true(net.transform_input)
    assert.is_nil(net:state_dict()["aux1.fc1.weight"])
    assert.is_not_nil(make({ aux_logits = true }).aux1)
    os.remove(file)
  end)

  it("the published weights of ../shared/data", function()
    if not core.file_kind(shared) then
      pending "../shared/data is not here"
      return
    end
    local net <const> = tocha.vision.models.resnet20 { weights = "cifar10", root = shared }
    assert.equal("truck", net.classes[10])
    local x <const> = net.preprocess(tocha.zeros(3, 32, 32):to "uint8")
    assert.same({ 3, 32, 32 }, x.shape)
    assert.near(-0.485 / 0.229, x[1]:mean():item(), 1e-5)
    assert.is_nil(download.check("spec", shared .. "/resnet20-12fca82f.th",
      hub.find("resnet20").files[1].sum))
    local tiny <const> = hub.load("tiny_darknet", { root = shared, download = false })
    assert.is_not_nil(next(tiny))
    for _, weights in ipairs { "imagenet1k", shared .. "/darknettiny" } do
      local darknet <const> = tocha.vision.models.tiny_darknet { weights = weights, root = shared }
      assert.equal(1000, #darknet.classes)
      assert.equal(0.001, darknet[1].bn.eps)
      local y <const> = darknet.preprocess(tocha.full({ 3, 300, 400 }, 255):to "uint8")
      assert.same({ 3, 224, 224 }, y.shape)
      assert.equal(1, y:mean():item())
    end
    for _, file in ipairs(hub.find("tiny_darknet").files) do
      assert.is_nil(download.check("spec", shared .. "/" .. file.name, file.sum))
    end
  end)
end)

describe("wrong calls", function()
  local models <const> = tocha.vision.models

  it("of constructors name the model and what it takes", function()
    support.fails_with("[resnet18] argument 1: expected a table of options", models.resnet18, 10)
    support.fails_with("argument 'weights': expected a name", models.resnet18, { weights = true })
    support.fails_with("is called weights", models.resnet18, { pretrained = true })
  end)

  it("of the hub name the argument", function()
    support.fails_with("'weights' is missing", tocha.hub.add, { model = "x" })
    support.fails_with("no pattern of Lua", tocha.hub.list, "(")
    support.fails_with("expected an address, got nil", tocha.hub.load_state_dict_from_url)
    support.fails_with("[hub.download_url_to_file] argument 2: expected a path, got nil",
      tocha.hub.download_url_to_file, "http://127.0.0.1/x")
  end)
end)
