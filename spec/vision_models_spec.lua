-- Networks for pictures: their size and their parameters' names are torchvision's.

local tocha = require "tocha"
local models <const> = tocha.vision.models

-- Numbers of parameters, from torchvision's documentation.
local COUNTS <const> = {
  resnet18 = 11689512, resnet34 = 21797672, resnet50 = 25557032, resnext50_32x4d = 25028904,
  wide_resnet50_2 = 68883240,
}

describe("the residual networks", function()
  for name, count in pairs(COUNTS) do
    it(name .. " has torchvision's number of parameters", function()
      assert.equal(count, models[name]():num_parameters())
    end)
  end

  it("name their state as torchvision does", function()
    local state <const> = models.resnet50():state_dict()
    local shapes <const> = {
      ["conv1.weight"] = { 64, 3, 7, 7 }, ["bn1.running_mean"] = { 64 },
      ["bn1.num_batches_tracked"] = {}, ["layer1.0.downsample.0.weight"] = { 256, 64, 1, 1 },
      ["layer1.0.downsample.1.bias"] = { 256 }, ["layer3.5.conv2.weight"] = { 256, 256, 3, 3 },
      ["layer4.2.bn3.running_var"] = { 2048 }, ["fc.weight"] = { 1000, 2048 },
    }
    for name, shape in pairs(shapes) do assert.same(shape, state[name].shape, name) end
    assert.is_nil(state["layer1.1.downsample.0.weight"])
  end)

  it("halve the picture five times and learn", function()
    tocha.manual_seed(1)
    local net <const> = models.resnet18 { num_classes = 3 }
    local x <const>, y <const> = tocha.randn(4, 3, 33, 47), tocha.tensor { 1, 2, 3, 1 }
    local optimizer <const> = tocha.optim.SGD(net:parameters(), { lr = 0.005 })
    local first, last
    for _ = 1, 4 do
      optimizer:zero_grad()
      last = tocha.cross_entropy(net(x), y)
      last:backward()
      optimizer:step()
      first = first or last:item()
    end
    assert.is_true(last:item() < first)
    assert.same({ 4, 512, 2, 2 }, net.layer4(net.layer3(net.layer2(net.layer1(net.maxpool(
      net.conv1(x)))))).shape)
  end)

  it("begin as the identity where they are asked to", function()
    local net <const> = models.resnet18 { zero_init_residual = true }
    assert.equal(0, net.layer1[1].bn2.weight:abs():sum():item())
    assert.equal(1, net.layer1[1].bn1.weight:max():item())
  end)
end)
