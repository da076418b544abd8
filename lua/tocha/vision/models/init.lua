-- tocha.vision.models: networks for pictures, as torchvision has them: `models.resnet50()`,
-- `models.resnet18 { num_classes = 10 }`; with published weights, `models.resnet18 { weights =
-- "default" }` (see tocha.hub). Weights by torchvision's names also load with net:load(file).

local core = require "tocha.core"
local hub = require "tocha.hub"

local places <const> = {}

-- Constructors (lower case) take weights, classes (upper case) are as they are.
local function take_weights(make, name)
  return name:find "^%l" and hub.constructor(name, make) or make
end

local function family(file, names)
  for name in names:gmatch "%S+" do
    places[name] = { "tocha.vision.models." .. file, name, take_weights }
  end
end

family("alexnet", "AlexNet alexnet")
family("vgg", "VGG vgg11 vgg13 vgg16 vgg19 vgg11_bn vgg13_bn vgg16_bn vgg19_bn")
family("googlenet", "GoogLeNet googlenet GoogLeNetPaper googlenet_paper")
family("unet", "UNet unet")
family("inception", "Inception3 inception_v3")
family("resnet_cifar", [[
  CifarResNet resnet20 resnet32 resnet44 resnet56 resnet110 preact_resnet20 preact_resnet32
  preact_resnet44 preact_resnet56 preact_resnet110
]])
family("lenet", "LeNet5 lenet5")
family("tiny_darknet", "TinyDarknet tiny_darknet")
family("squeezenet", "SqueezeNet squeezenet1_0 squeezenet1_1")
family("densenet", "DenseNet densenet121 densenet161 densenet169 densenet201")
family("mobilenet", [[
  MobileNetV2 mobilenet_v2 MobileNetV3 mobilenet_v3_large mobilenet_v3_small
]])
family("shufflenet", [[
  ShuffleNetV2 shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5 shufflenet_v2_x2_0
]])
family("efficientnet", [[
  EfficientNet efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3 efficientnet_b4
  efficientnet_b5 efficientnet_b6 efficientnet_b7 efficientnet_v2_s efficientnet_v2_m
  efficientnet_v2_l
]])
family("convnext", "ConvNeXt convnext_tiny convnext_small convnext_base convnext_large")
family("vision_transformer", "VisionTransformer vit_b_16 vit_b_32 vit_l_16 vit_l_32 vit_h_14")
family("swin", "SwinTransformer swin_t swin_s swin_b swin_v2_t swin_v2_s swin_v2_b")
family("autoencoder", "Autoencoder autoencoder ConvAutoencoder conv_autoencoder")
family("vae", "VAE vae")
family("dcgan", "DCGANGenerator DCGANDiscriminator")
family("diffusion_unet", "DiffusionUNet ddpm_cifar10")
family("diffusion", "GaussianDiffusion")
family("darknet", "Darknet")
family("yolo", "yolov2_tiny yolov3_tiny")
family("resnet", [[
  ResNet resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d
  resnext101_64x4d wide_resnet50_2 wide_resnet101_2
]])

local models <const> = {}

--- models.list_models(pattern = nil): the names of all constructors, sorted, or of those with the
--- Lua pattern in it.
function models.list_models(pattern)
  local list <const> = {}
  for name in pairs(places) do
    if name:find "^%l" and (not pattern or name:find(pattern)) then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

--- models.get_model(name, options): models.NAME(options), by its name as a text.
function models.get_model(name, options)
  if not places[name] or not name:find "^%l" then
    core.fail("get_model", 1, "there is no '%s'; models.list_models() has the names",
      tostring(name))
  end
  return models[name](options)
end

return require "tocha.lazy" (models, places)
