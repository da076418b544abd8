-- The networks of tocha.vision.models that follow a paper, not torchvision: sizes that the papers
-- tell, published weights where they lie in ../shared/data/models.

local tocha = require "tocha"
local models <const> = tocha.vision.models

local function count(module) return module:num_parameters() end

-- Does the loss fall to half within these steps?
local function assert_learns(net, x, y, lr, steps)
  local optimizer <const> = tocha.optim.Adam(net:parameters(), { lr = lr })
  local first, last
  for _ = 1, steps do
    optimizer:zero_grad()
    last = tocha.cross_entropy(net(x), y)
    last:backward()
    optimizer:step()
    first = first or last:item()
  end
  assert.is_true(last:item() < 0.5 * first, first .. " to " .. last:item())
end

describe("LeNet-5", function()
  it("has the numbers of parameters that the paper tells layer by layer", function()
    local net <const> = models.lenet5()
    local told <const> = { c1 = 156, s2 = 12, c3 = 1516, s4 = 32, c5 = 48120, f6 = 10164 }
    for name, n in pairs(told) do assert.equal(n, count(net[name]), name) end
    assert.equal(60000 + 850, count(net))
    assert.equal("c1.weight", (net:named_parameters()()))  -- in the order of the paper
  end)

  it("connects the maps of C3 by the paper's table", function()
    local c3 <const> = models.lenet5().c3
    c3.bias:detach():zero_()
    c3.weight:detach():fill_(1)
    for map, seen in ipairs { { 1, 5, 6, 7, 10, 11, 12, 13, 15, 16 },  -- column 0, rows of ones
      { 1, 2, 6, 7, 8, 11, 12, 13, 14, 16 } } do
      local x <const> = tocha.zeros(1, 6, 5, 5)
      x:select(2, map):fill_(1)
      local hit <const> = c3(x):reshape { 16 }:nonzero():reshape { -1 }:tolist()
      assert.same(seen, hit)
    end
  end)

  it("learns", function()
    tocha.manual_seed(2)
    assert_learns(models.lenet5(), tocha.randn(8, 1, 32, 32), tocha.arange(1, 8):to "int64", 0.002,
      20)
  end)
end)

describe("the residual networks for CIFAR", function()
  -- 0.27, 0.46, 0.66, 0.85 and 1.7 million in the paper's table 6
  local COUNTS <const> = {
    resnet20 = 269722, resnet32 = 464154, resnet44 = 658586, resnet56 = 853018,
    resnet110 = 1727962, preact_resnet110 = 1727962,
  }
  for name, n in pairs(COUNTS) do
    it(name .. " has the published number of parameters", function()
      assert.equal(n, count(models[name]()))
    end)
  end

  it("pass every second place on, with channels of zeros at both ends", function()
    local net <const> = models.resnet20():eval()
    local block <const> = net.layer2[1]
    block.bn2.weight:detach():zero_()
    local x <const> = tocha.rand(2, 16, 5, 6)
    local y <const> = block(x)
    assert.same({ 2, 32, 3, 3 }, y.shape)
    assert.equal(x[1][4][3][5]:item(), y[1][12][2][3]:item())
    assert.equal(x[2][16][5][1]:item(), y[2][24][3][1]:item())
    assert.equal(0, y:narrow(2, 1, 8):abs():sum():item() + y:narrow(2, 25, 8):abs():sum():item())
  end)

  it("of pre-activation hand the input on as it is", function()
    local block <const> = models.preact_resnet20().layer1[1]
    block.conv2.weight:detach():zero_()
    local x <const> = tocha.randn(2, 16, 5, 6)
    assert.is_true(block(x):equal(x))
  end)

  it("take the published weights by name", function()
    local path <const> = "../shared/data/models/resnet20-12fca82f.th"
    local file <const> = io.open(path, "rb")
    if not file then return pending(path .. " is not here") end
    file:close()
    local net <const> = models.resnet20()
    local result <const> = net:load_state_dict(tocha.load(path).state_dict,
      { prefix = "module.", strict = false })
    assert.same({}, result.unexpected)
    for _, name in ipairs(result.missing) do assert.matches("num_batches_tracked$", name) end
  end)

  it("refuse depths that they do not have", function()
    assert.error_matches(function() models.CifarResNet(21) end, "depth.*6 n %+ 2")
  end)
end)

describe("the paper's ResNet", function()
  it("halves in the first 1 x 1", function()
    local net <const> = models.resnet50 { stride_in_1x1 = true }
    assert.equal(25557032, count(net))
    local block <const> = net.layer3[1]
    assert.same({ 1, 256, 3, 4 }, block.conv1(tocha.zeros(1, 512, 6, 7)).shape)
    assert.same({ 1, 256, 3, 4 }, block.conv2(tocha.zeros(1, 256, 3, 4)).shape)
  end)
end)

-- What load_state_dict makes of a state whose names are changed.
local function load_renamed(net, pattern, replacement)
  local old <const>, changed = {}, 0
  for name, value in pairs(net:state_dict()) do
    local other <const>, n = name:gsub(pattern, replacement)
    old[other], changed = value + 1, changed + n
  end
  assert.is_true(changed > 0)
  return net:load_state_dict(old)
end

describe("older files", function()
  it("of DenseNet write norm.1 for norm1", function()
    local net <const> = models.DenseNet(4, { block_config = { 2, 1 }, num_init_features = 8 })
    load_renamed(net, "(denselayer%d+%.%a+)([12]%.)", "%1.%2")
    assert.equal(2, net.features[5][1].norm1.weight:max():item())
  end)

  it("of ViT write linear_1 and linear_2 for 0 and 3", function()
    local net <const> = models.VisionTransformer(8, 4, 1, 2, 8, 16)
    local names <const> = { ["0"] = "linear_1", ["3"] = "linear_2" }
    load_renamed(net, "mlp%.(%d)", function(k) return "mlp." .. names[k] end)
    assert.equal(1, net.heads[1].bias:max():item())
  end)
end)

describe("ViT", function()
  it("refuses pictures of another size", function()
    local net <const> = models.VisionTransformer(8, 4, 1, 2, 8, 16)
    assert.error_matches(function() net(tocha.zeros(1, 3, 8, 12)) end,
      "expected a picture of 8 x 8, got 8 x 12")
    assert.error_matches(function() models.VisionTransformer(9, 4, 1, 2, 8, 16) end,
      "'patch_size': 4 does not divide image_size 9")
  end)
end)

describe("starting values", function()
  local function std(x) return x:detach():std():item() end

  it("are torchvision's", function()
    tocha.manual_seed(3)
    local net = models.mobilenet_v3_small()
    assert.near(0.01, std(net.classifier[1].weight), 2e-4)
    assert.near(math.sqrt(2 / 576), std(net.features[-1][1].weight), 2e-3)
    net = models.efficientnet_b0()
    assert.near(1 / math.sqrt(3000), std(net.classifier[-1].weight), 2e-4)
    net = models.SwinTransformer(32, { 1, 1 }, { 1, 2 }, 7)
    assert.near(0.02, std(net.features[2][1].mlp[1].weight), 1e-3)
    assert.equal(0, net.features[2][1].mlp[1].bias:abs():sum():item())
    net = models.VisionTransformer(16, 4, 1, 2, 64, 128)
    assert.near(math.sqrt(2 / 192), std(net.encoder.layers[1].mlp[1].weight), 3e-3)
    assert.equal(0, net.heads[1].weight:abs():sum():item())
    net = models.ConvNeXt({ 48, 64 }, { 1, 1 })
    assert.near(1e-6, net.features[2][1].layer_scale:mean():item(), 1e-9)
    assert.near(0.02, std(net.features[2][1].block[4].weight), 1e-3)
  end)
end)

describe("the paper's GoogLeNet", function()
  -- Table 1 of the paper, in units of 1024; later rows there are not what their widths give.
  local TOLD <const> = { inception3a = 159, inception3b = 380, inception4a = 364 }
  local net <const> = models.googlenet_paper()

  it("has the numbers of parameters that the paper tells", function()
    for name, n in pairs(TOLD) do assert.near(n, count(net[name]) / 1024, 4, name) end
    -- and Caffe's copy, without its auxiliary heads
    assert.equal(6998552, count(models.googlenet_paper { aux_logits = false }))
  end)

  it("has three heads in training, one after", function()
    local x <const> = tocha.randn(1, 3, 224, 224)
    local y <const>, aux2 <const>, aux1 <const> = net:train()(x)
    assert.same({ { 1, 1000 }, { 1, 1000 }, { 1, 1000 } }, { y.shape, aux2.shape, aux1.shape })
    assert.equal(1, select("#", net:eval()(x)))
    assert.same({ 1, 192, 28, 28 }, net:stem(x).shape)
  end)
end)

describe("U-Net", function()
  it("makes 388 x 388 of 572 x 572", function()
    local _ <close> = tocha.no_grad()
    local net <const> = models.unet { width = 2 }
    assert.same({ 1, 2, 388, 388 }, net(tocha.randn(1, 1, 572, 572)).shape)
  end)

  it("has the paper's 23 convolutions", function()
    local convolutions, net = 0, models.unet { width = 4 }
    for _, m in net:named_modules() do
      if m:is(tocha.nn.Conv2d) or m:is(tocha.nn.ConvTranspose2d) then
        convolutions = convolutions + 1
      end
    end
    assert.equal(23, convolutions)
    assert.same({ 64, 32, 3, 3 }, net.down[5][1].weight.shape)
    assert.same({ 32, 64, 3, 3 }, net.expand[1][1].weight.shape)
  end)

  it("crops the middle: mirrored kernels see a mirrored picture mirrored", function()
    local _ <close> = tocha.no_grad()
    tocha.manual_seed(5)
    local net <const> = models.UNet(1, 2, { width = 3, depth = 2 })
    for _, p in ipairs(net:parameters()) do
      if p.ndim == 4 then p:copy_(p + p:flip { 3 } + p:flip { 4 } + p:flip { 3, 4 }) end
    end
    local x <const> = tocha.randn(1, 1, 44, 48)
    local y <const> = net(x)
    assert.is_true(net(x:flip { 3 }):allclose(y:flip { 3 }, 1e-3, 1e-3 * y:std():item()))
    assert.is_true(net(x:flip { 4 }):allclose(y:flip { 4 }, 1e-3, 1e-3 * y:std():item()))
  end)

  it("keeps the size where it pads, and learns", function()
    tocha.manual_seed(4)
    local net <const> = models.UNet(3, 2, { width = 8, depth = 2, padding = true })
    local x <const> = tocha.randn(2, 3, 12, 16)
    local y <const> = x:select(2, 1):gt(0):to "int64" + 1  -- is the red one positive?
    assert.same({ 2, 2, 12, 16 }, net(x).shape)
    assert_learns(net, x, y, 0.01, 40)
  end)
end)
