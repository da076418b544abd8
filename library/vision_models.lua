---@meta tocha.vision.models
-- Written by `make annotations`; do not edit.

---tocha.vision.models: networks for pictures, as torchvision has them: `models.resnet50()`,
---`models.resnet18 { num_classes = 10 }`. Weights by torchvision's names load with load_state_dict.
---@class tocha.vision.models
local models = {}

do
---@class tocha.vision.models.ResNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.ResNet(block, layers, {num_classes = 1000, zero_init_residual = false, groups = 1,
---width_per_group = 64}): `block` is "basic" or "bottleneck", `layers` how many of each of the
---four stages. zero_init_residual: each block begins as the identity (Goyal et al., 2017).
---@class tocha.vision.models.ResNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.ResNet
models.ResNet = {}

---@return any ...
function models.resnet101(options) end

---@return any ...
function models.resnet152(options) end

---@return any ...
function models.resnet18(options) end

---@return any ...
function models.resnet34(options) end

---@return any ...
function models.resnet50(options) end

---@return any ...
function models.resnext101_32x8d(options) end

---@return any ...
function models.resnext101_64x4d(options) end

---@return any ...
function models.resnext50_32x4d(options) end

---@return any ...
function models.wide_resnet101_2(options) end

---@return any ...
function models.wide_resnet50_2(options) end

return models
