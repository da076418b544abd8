-- tocha.vision.models: networks for pictures, as torchvision has them: `models.resnet50()`,
-- `models.resnet18 { num_classes = 10 }`. Weights by torchvision's names load with load_state_dict.

local places <const> = {}

local function family(file, names)
  for name in names:gmatch "%S+" do places[name] = { "tocha.vision.models." .. file, name } end
end

family("resnet", [[
  ResNet resnet18 resnet34 resnet50 resnet101 resnet152 resnext50_32x4d resnext101_32x8d
  resnext101_64x4d wide_resnet50_2 wide_resnet101_2
]])

return require "tocha.lazy" ({}, places)
