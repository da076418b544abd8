-- Boxes, regions, detectors and networks that make pictures on a CUDA device against the CPU.

local tocha = require "tocha"
local cuda = require "spec.cuda_support"
local support = require "spec.support"
local models <const>, ops <const> = tocha.vision.models, tocha.vision.ops

local function near(want, got) support.assert_alike(got:to "cpu", want, 1e-3, 1e-4) end

cuda.suite(describe, pending)("on CUDA", function()
  local golden <const> = tocha.io.safetensors.load "spec/golden/vision_ops.safetensors"
  local function get(name) return golden[name] end
  local function there(x) return x:to "cuda" end

  it("suppression keeps the same boxes", function()
    local boxes <const>, scores <const> = there(get "ties/boxes"), there(get "ties/scores")
    assert.same((get "ties/0.5/keep" + 1):totable(), ops.nms(boxes, scores, 0.5):totable())
    assert.same((get "ties/0.5/batched" + 1):totable(),
      ops.batched_nms(boxes, scores, there(get "ties/groups"), 0.5):totable())
  end)

  it("boxes overlap as much, and regions are the same", function()
    near(get "pairs/complete", ops.complete_box_iou(there(get "pairs/a"), there(get "pairs/b")))
    near(get "masks/boxes", ops.masks_to_boxes(there(get "masks/masks")))
    local rois <const> = get "roi/rois":clone()
    rois:select(2, 1):add_(1)
    local x <const> = there(get "roi/x"):requires_grad_()
    near(get "roi/align2/y", ops.roi_align(x, there(rois), { 2, 5 }, { spatial_scale = 0.25 }))
    near(get "roi/pool2/y", ops.roi_pool(x, there(rois), { 2, 5 }, 0.25))
    near(get "deform1/y", ops.deform_conv2d(there(get "deform1/x"), there(get "deform1/offset"),
      there(get "deform1/weight"), there(get "deform1/bias"), { padding = 1,
        mask = there(get "deform1/mask") }))
  end)

  it("a detector has the same loss and finds the same", function()
    tocha.manual_seed(1)
    local net <const> = models.Darknet [[
[net]
height=32
width=32
[convolutional]
batch_normalize=1
filters=8
size=3
stride=2
pad=1
activation=leaky
[convolutional]
filters=14
size=1
activation=linear
[yolo]
anchors=6,6, 12,12
classes=2
]]
    local x <const> = tocha.rand(2, 3, 32, 32)
    local targets <const> = { { boxes = tocha.tensor { { 2.0, 3, 9, 9 } },
      labels = tocha.tensor { 2 } }, { boxes = tocha.zeros(0, 4), labels = tocha.zeros(0) } }
    local want <const> = net:eval():loss(net(x), targets)
    want:backward()
    local gradient <const> = net[1].conv.weight.grad
    local boxes <const>, scores <const> = net:detect(x[1], { threshold = 0.3 })
    net:zero_grad()
    net:to "cuda"
    local got <const> = net:loss(net(there(x)), targets)
    got:backward()
    near(want, got)
    near(gradient, net[1].conv.weight.grad)
    local found <const>, sure <const> = net:detect(x[1], { threshold = 0.3 })
    assert.equal(boxes:size(1), found:size(1))
    near(scores, sure)
  end)

  it("networks that make pictures make the same", function()
    tocha.manual_seed(1)
    local net <const> = models.DiffusionUNet { channels = 1, width = 8, multipliers = { 1, 2 },
      blocks = 1, groups = 4 }
    local process <const> = models.GaussianDiffusion { steps = 20 }
    local noise <const> = tocha.randn(2, 1, 8, 8)
    local want <const> = process:sample(net, nil, { steps = 3, noise = noise })
    near(want, process:to "cuda":sample(net:to "cuda", nil, { steps = 3, noise = there(noise) }))
    assert.equal("cuda:0", process:sample(net, { 1, 1, 8, 8 }, { steps = 2 }).device)
    local vae <const> = models.VAE { inputs = 64, hidden = 16, latent = 4 }:eval()
    local x <const> = tocha.rand(3, 64)
    local loss <const> = vae:loss(x)
    near(loss, (vae:to "cuda":loss(there(x))))
    local g <const> = models.DCGANGenerator { latent = 4, width = 4, channels = 1, size = 8 }
    local z <const> = tocha.randn(3, 4)
    local made <const> = g:eval()(z)
    near(made, g:to "cuda"(there(z)))
  end)
end)
