-- tocha.vision.models: networks for pictures, as torchvision has them: `models.resnet50()`,
-- `models.resnet18 { num_classes = 10 }`. Weights by torchvision's names load with load_state_dict.

local places <const> = {}

local function family(file, names)
  for name in names:gmatch "%S+" do places[name] = { "tocha.vision.models." .. file, name } end
end

family("alexnet", "AlexNet alexnet")
family("vgg", "VGG vgg11 vgg13 vgg16 vgg19 vgg11_bn vgg13_bn vgg16_bn vgg19_bn")
family("googlenet", "GoogLeNet googlenet")
family("inception", "Inception3 inception_v3")
family("resnet", [[
  ResNet resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d
  resnext101_64x4d wide_resnet50_2 wide_resnet101_2
]])

return require "tocha.lazy" ({}, places)
