---@meta tocha.vision.models
-- Written by `make annotations`; do not edit.

---tocha.vision.models: networks for pictures, as torchvision has them: `models.resnet50()`,
---`models.resnet18 { num_classes = 10 }`. Weights by torchvision's names load with load_state_dict.
---@class tocha.vision.models
local models = {}

do
---@class tocha.vision.models.AlexNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.AlexNet(num_classes = 1000, dropout = 0.5)
---@class tocha.vision.models.AlexNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.AlexNet
models.AlexNet = {}

do
---@class tocha.vision.models.CifarResNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.CifarResNet(depth, {num_classes = 10, pre_activation = false}): depth is 6 n + 2.
---@class tocha.vision.models.CifarResNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.CifarResNet
models.CifarResNet = {}

do
---@class tocha.vision.models.ConvNeXt: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.ConvNeXt(widths, depths, {num_classes = 1000, stochastic_depth_prob = 0, layer_scale =
---1e-6}): channels and blocks of each stage.
---@class tocha.vision.models.ConvNeXt.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.ConvNeXt
models.ConvNeXt = {}

do
---@class tocha.vision.models.DenseNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.DenseNet(growth_rate = 32, {block_config = {6, 12, 24, 16}, num_init_features = 64,
---bn_size = 4, drop_rate = 0, num_classes = 1000}): each layer adds growth_rate channels ("k" of
---the paper), through a bottleneck of bn_size times as many.
---@class tocha.vision.models.DenseNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.DenseNet
models.DenseNet = {}

do
---@class tocha.vision.models.EfficientNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.EfficientNet(stages, stem, {num_classes = 1000, width_mult = 1, depth_mult = 1,
---last_channel = 4 times those of the last stage, dropout = 0.2, stochastic_depth_prob = 0.2,
---eps = 1e-5, momentum = 0.1}): of each stage { "mb" or "fused", expansion, kernel, stride,
---channels, blocks }; `stem` channels leave the first convolution.
---@class tocha.vision.models.EfficientNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.EfficientNet
models.EfficientNet = {}

do
---@class tocha.vision.models.GoogLeNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.GoogLeNet(num_classes = 1000, {aux_logits = true, transform_input = false, dropout = 0.2,
---dropout_aux = 0.7}). transform_input: takes pictures normalised by ImageNet's mean and
---deviation, and makes of them the -1 to 1 that its published weights expect.
---@class tocha.vision.models.GoogLeNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.GoogLeNet
models.GoogLeNet = {}

do
---@class tocha.vision.models.GoogLeNetPaper: tocha.vision.models.GoogLeNet
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

end

---models.GoogLeNetPaper(num_classes = 1000, {aux_logits = true, dropout = 0.4, dropout_aux =
---0.7}). Starts as Caffe's copy of it does, of which the paper says nothing.
---@class tocha.vision.models.GoogLeNetPaper.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.GoogLeNetPaper
models.GoogLeNetPaper = {}

do
---@class tocha.vision.models.Inception3: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.Inception3(num_classes = 1000, {aux_logits = true, transform_input = false, dropout =
---0.5}). transform_input: as of GoogLeNet.
---@class tocha.vision.models.Inception3.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.Inception3
models.Inception3 = {}

do
---@class tocha.vision.models.LeNet5: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.LeNet5(num_classes = 10)
---@class tocha.vision.models.LeNet5.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.LeNet5
models.LeNet5 = {}

do
---@class tocha.vision.models.MobileNetV2: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.MobileNetV2(num_classes = 1000, {width_mult = 1, round_nearest = 8, dropout = 0.2})
---@class tocha.vision.models.MobileNetV2.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.MobileNetV2
models.MobileNetV2 = {}

do
---@class tocha.vision.models.MobileNetV3: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.MobileNetV3(size, {num_classes = 1000, width_mult = 1, reduced_tail = false, dilated =
---false, dropout = 0.2}): `size` is "large" or "small". dilated: the last stage keeps the size of
---its maps, for segmentation.
---@class tocha.vision.models.MobileNetV3.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.MobileNetV3
models.MobileNetV3 = {}

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
---width_per_group = 64, stride_in_1x1 = false}): `block` is "basic" or "bottleneck", `layers` how
---many of each of the four stages. zero_init_residual: each block begins as the identity (Goyal et
---al., 2017).
---@class tocha.vision.models.ResNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.ResNet
models.ResNet = {}

do
---@class tocha.vision.models.ShuffleNetV2: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.ShuffleNetV2(widths, {repeats = {4, 8, 4}, num_classes = 1000}): `widths` are the
---channels after the first convolution, the three stages and the last convolution.
---@class tocha.vision.models.ShuffleNetV2.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.ShuffleNetV2
models.ShuffleNetV2 = {}

do
---@class tocha.vision.models.SqueezeNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.SqueezeNet(version = "1_0", {num_classes = 1000, dropout = 0.5}): "1_0" or "1_1".
---@class tocha.vision.models.SqueezeNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.SqueezeNet
models.SqueezeNet = {}

do
---@class tocha.vision.models.SwinTransformer: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.SwinTransformer(embed_dim, depths, num_heads, window_size, {version = 1, patch_size = 4,
---mlp_ratio = 4, dropout = 0, attention_dropout = 0, stochastic_depth_prob = 0.1, num_classes =
---1000}): blocks and heads of each stage; `embed_dim` channels in the first, twice as many in each
---that follows.
---@class tocha.vision.models.SwinTransformer.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.SwinTransformer
models.SwinTransformer = {}

do
---@class tocha.vision.models.UNet: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.UNet(in_channels = 1, num_classes = 2, {width = 64, depth = 4, padding = false}): `width`
---channels at full size, twice as many after each of the `depth` halvings.
---@class tocha.vision.models.UNet.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.UNet
models.UNet = {}

do
---@class tocha.vision.models.VGG: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.VGG(counts, {batch_norm = false, num_classes = 1000, dropout = 0.5}): `counts` says how
---many convolutions each of the five stages has.
---@class tocha.vision.models.VGG.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.VGG
models.VGG = {}

do
---@class tocha.vision.models.VisionTransformer: tocha.nn.Module
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---models.VisionTransformer(image_size, patch_size, num_layers, num_heads, hidden_dim, mlp_dim,
---{dropout = 0, attention_dropout = 0, num_classes = 1000, representation_size = nil}); the last
---is the width of a layer before the classifier.
---@class tocha.vision.models.VisionTransformer.class: tocha.Class
---@overload fun(...: any): tocha.vision.models.VisionTransformer
models.VisionTransformer = {}

---@return any ...
function models.alexnet(given) end

---@return any ...
function models.convnext_base(given) end

---@return any ...
function models.convnext_large(given) end

---@return any ...
function models.convnext_small(given) end

---@return any ...
function models.convnext_tiny(given) end

---@return any ...
function models.densenet121(given) end

---@return any ...
function models.densenet161(given) end

---@return any ...
function models.densenet169(given) end

---@return any ...
function models.densenet201(given) end

---@return any ...
function models.efficientnet_b0(given) end

---@return any ...
function models.efficientnet_b1(given) end

---@return any ...
function models.efficientnet_b2(given) end

---@return any ...
function models.efficientnet_b3(given) end

---@return any ...
function models.efficientnet_b4(given) end

---@return any ...
function models.efficientnet_b5(given) end

---@return any ...
function models.efficientnet_b6(given) end

---@return any ...
function models.efficientnet_b7(given) end

---@return any ...
function models.efficientnet_v2_l(given) end

---@return any ...
function models.efficientnet_v2_m(given) end

---@return any ...
function models.efficientnet_v2_s(given) end

---@return any ...
function models.googlenet(given) end

---@return any ...
function models.googlenet_paper(given) end

---@return any ...
function models.inception_v3(given) end

---@return any ...
function models.lenet5(given) end

---@return any ...
function models.mobilenet_v2(given) end

---@return any ...
function models.mobilenet_v3_large(given) end

---@return any ...
function models.mobilenet_v3_small(given) end

---@return any ...
function models.preact_resnet110(given) end

---@return any ...
function models.preact_resnet20(given) end

---@return any ...
function models.preact_resnet32(given) end

---@return any ...
function models.preact_resnet44(given) end

---@return any ...
function models.preact_resnet56(given) end

---@return any ...
function models.resnet101(options) end

---@return any ...
function models.resnet110(given) end

---@return any ...
function models.resnet152(options) end

---@return any ...
function models.resnet18(options) end

---@return any ...
function models.resnet20(given) end

---@return any ...
function models.resnet32(given) end

---@return any ...
function models.resnet34(options) end

---@return any ...
function models.resnet44(given) end

---@return any ...
function models.resnet50(options) end

---@return any ...
function models.resnet56(given) end

---@return any ...
function models.resnext101_32x8d(options) end

---@return any ...
function models.resnext101_64x4d(options) end

---@return any ...
function models.resnext50_32x4d(options) end

---@return any ...
function models.shufflenet_v2_x0_5(given) end

---@return any ...
function models.shufflenet_v2_x1_0(given) end

---@return any ...
function models.shufflenet_v2_x1_5(given) end

---@return any ...
function models.shufflenet_v2_x2_0(given) end

---@return any ...
function models.squeezenet1_0(given) end

---@return any ...
function models.squeezenet1_1(given) end

---@return any ...
function models.swin_b(given) end

---@return any ...
function models.swin_s(given) end

---@return any ...
function models.swin_t(given) end

---@return any ...
function models.swin_v2_b(given) end

---@return any ...
function models.swin_v2_s(given) end

---@return any ...
function models.swin_v2_t(given) end

---@return any ...
function models.unet(given) end

---@return any ...
function models.vgg11(given) end

---@return any ...
function models.vgg11_bn(given) end

---@return any ...
function models.vgg13(given) end

---@return any ...
function models.vgg13_bn(given) end

---@return any ...
function models.vgg16(given) end

---@return any ...
function models.vgg16_bn(given) end

---@return any ...
function models.vgg19(given) end

---@return any ...
function models.vgg19_bn(given) end

---@return any ...
function models.vit_b_16(given) end

---@return any ...
function models.vit_b_32(given) end

---@return any ...
function models.vit_h_14(given) end

---@return any ...
function models.vit_l_16(given) end

---@return any ...
function models.vit_l_32(given) end

---@return any ...
function models.wide_resnet101_2(options) end

---@return any ...
function models.wide_resnet50_2(options) end

return models
