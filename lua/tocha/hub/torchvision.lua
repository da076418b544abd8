-- The weights that torchvision publishes for ImageNet's 1,000 classes, as its weights' tables have
-- them: address, size, accuracy and what is done to a picture.
--
-- A line: model, weights (imagenet1k_ left out; * is the default), the file's name on
-- download.pytorch.org without .pth (only the hash where the rest is the model's name), MB,
-- top-1 and top-5 accuracy in percent, resized to / cropped to, interpolation (/0.5:
-- with mean and deviation 0.5). The hash begins the file's SHA-256.

local TABLE <const> = [[
alexnet v1* alexnet-owt-7be5be79 233.087 56.522 79.066 256/224 bilinear
convnext_base v1* 6075fbad 338.064 84.062 96.870 232/224 bilinear
convnext_large v1* ea097f82 754.537 84.414 96.976 232/224 bilinear
convnext_small v1* 0c510722 191.703 83.616 96.650 230/224 bilinear
convnext_tiny v1* 983f1562 109.119 82.520 96.146 236/224 bilinear
densenet121 v1* a639ec97 30.845 74.434 91.972 256/224 bilinear
densenet161 v1* 8d451a50 110.369 77.138 93.560 256/224 bilinear
densenet169 v1* b2777c0a 54.708 75.600 92.806 256/224 bilinear
densenet201 v1* c1103571 77.373 76.896 93.370 256/224 bilinear
efficientnet_b0 v1* efficientnet_b0_rwightman-7f5810bc 20.451 77.692 93.532 256/224 bicubic
efficientnet_b1 v1 efficientnet_b1_rwightman-bac287d4 30.134 78.642 94.186 256/240 bicubic
efficientnet_b1 v2* c27df63c 30.136 79.838 94.934 255/240 bilinear
efficientnet_b2 v1* efficientnet_b2_rwightman-c35c1473 35.174 80.608 95.310 288/288 bicubic
efficientnet_b3 v1* efficientnet_b3_rwightman-b3899882 47.184 82.008 96.054 320/300 bicubic
efficientnet_b4 v1* efficientnet_b4_rwightman-23ab8bcd 74.489 83.384 96.594 384/380 bicubic
efficientnet_b5 v1* efficientnet_b5_lukemelas-1a07897c 116.864 83.444 96.628 456/456 bicubic
efficientnet_b6 v1* efficientnet_b6_lukemelas-24a108a5 165.362 84.008 96.916 528/528 bicubic
efficientnet_b7 v1* efficientnet_b7_lukemelas-c5b4e57e 254.675 84.122 96.908 600/600 bicubic
efficientnet_v2_l v1* 59c71312 454.573 85.808 97.788 480/480 bicubic/0.5
efficientnet_v2_m v1* dc08266a 208.010 85.112 97.156 480/480 bilinear
efficientnet_v2_s v1* dd5fe13b 82.704 84.228 96.878 384/384 bilinear
googlenet v1* 1378be20 49.731 69.778 89.530 256/224 bilinear
inception_v3 v1* inception_v3_google-0cc3c7bd 103.903 77.294 93.450 342/299 bilinear
maxvit_t v1* bc5ab103 118.769 83.700 96.722 224/224 bicubic
mnasnet0_5 v1* mnasnet0.5_top1_67.823-3ffadce67e 8.591 67.734 87.490 256/224 bilinear
mnasnet0_75 v1* 7090bc5f 12.303 71.180 90.496 232/224 bilinear
mnasnet1_0 v1* mnasnet1.0_top1_73.512-f206786ef8 16.915 73.456 91.510 256/224 bilinear
mnasnet1_3 v1* a4c69d6f 24.246 76.506 93.522 232/224 bilinear
mobilenet_v2 v1 b0353104 13.555 71.878 90.286 256/224 bilinear
mobilenet_v2 v2* 7ebf99e0 13.598 72.154 90.822 232/224 bilinear
mobilenet_v3_large v1 8738ca79 21.114 74.042 91.340 256/224 bilinear
mobilenet_v3_large v2* 5c1a4163 21.107 75.274 92.566 232/224 bilinear
mobilenet_v3_small v1* 047dcff4 9.829 67.668 87.402 256/224 bilinear
regnet_x_16gf v1 2007eb11 207.627 80.058 94.944 256/224 bilinear
regnet_x_16gf v2* ba3796d7 207.627 82.716 96.196 232/224 bilinear
regnet_x_1_6gf v1 e3633e7f 35.339 77.040 93.440 256/224 bilinear
regnet_x_1_6gf v2* a12f2b72 35.339 79.668 94.922 232/224 bilinear
regnet_x_32gf v1 9d47f8d0 412.039 80.622 95.248 256/224 bilinear
regnet_x_32gf v2* 6eb8fdc6 412.039 83.014 96.288 232/224 bilinear
regnet_x_3_2gf v1 f342aeae 58.756 78.364 93.992 256/224 bilinear
regnet_x_3_2gf v2* 7071aa85 58.756 81.196 95.430 232/224 bilinear
regnet_x_400mf v1 adf1edd5 21.258 72.834 90.950 256/224 bilinear
regnet_x_400mf v2* 62229a5f 21.257 74.864 92.322 232/224 bilinear
regnet_x_800mf v1 ad17e45c 27.945 75.212 92.348 256/224 bilinear
regnet_x_800mf v2* 94a99ebd 27.945 77.522 93.826 232/224 bilinear
regnet_x_8gf v1 03ceed89 151.456 79.344 94.686 256/224 bilinear
regnet_x_8gf v2* 2b70d774 151.456 81.682 95.678 232/224 bilinear
regnet_y_128gf swag_e2e_v1* regnet_y_128gf_swag-c8ce3e52 2461.564 88.228 98.682 384/384 bicubic
regnet_y_128gf swag_linear_v1 regnet_y_128gf_lc_swag-cbe8ce12 2461.564 86.068 97.844 224/224 bicubic
regnet_y_16gf v1 9e6ed7dd 319.490 80.424 95.240 256/224 bilinear
regnet_y_16gf v2* 3e4a00f9 319.490 82.886 96.328 232/224 bilinear
regnet_y_16gf swag_e2e_v1 regnet_y_16gf_swag-43afe44d 319.490 86.012 98.054 384/384 bicubic
regnet_y_16gf swag_linear_v1 regnet_y_16gf_lc_swag-f3ec0043 319.490 83.976 97.244 224/224 bicubic
regnet_y_1_6gf v1 b11a554e 43.152 77.950 93.966 256/224 bilinear
regnet_y_1_6gf v2* 0d7bc02a 43.152 80.876 95.444 232/224 bilinear
regnet_y_32gf v1 4dee3f7a 554.076 80.878 95.340 256/224 bilinear
regnet_y_32gf v2* 8db6d4b5 554.076 83.368 96.498 232/224 bilinear
regnet_y_32gf swag_e2e_v1 regnet_y_32gf_swag-04fdfa75 554.076 86.838 98.362 384/384 bicubic
regnet_y_32gf swag_linear_v1 regnet_y_32gf_lc_swag-e1583746 554.076 84.622 97.480 224/224 bicubic
regnet_y_3_2gf v1 b5a9779c 74.567 78.948 94.576 256/224 bilinear
regnet_y_3_2gf v2* 9180c971 74.567 81.982 95.972 232/224 bilinear
regnet_y_400mf v1 c65dace8 16.806 74.046 91.716 256/224 bilinear
regnet_y_400mf v2* e6988f5f 16.806 75.804 92.742 232/224 bilinear
regnet_y_800mf v1 1b27b58c 24.774 76.420 93.136 256/224 bilinear
regnet_y_800mf v2* 58fc7688 24.774 78.828 94.502 232/224 bilinear
regnet_y_8gf v1 d0d0e4a8 150.701 80.032 95.048 256/224 bilinear
regnet_y_8gf v2* dc2b1b54 150.701 82.828 96.330 232/224 bilinear
resnet101 v1 63fe2227 170.511 77.374 93.546 256/224 bilinear
resnet101 v2* cd907fc2 170.530 81.886 95.780 232/224 bilinear
resnet152 v1 394f9c45 230.434 78.312 94.046 256/224 bilinear
resnet152 v2* f82ba261 230.474 82.284 96.002 232/224 bilinear
resnet18 v1* f37072fd 44.661 69.758 89.078 256/224 bilinear
resnet34 v1* b627a593 83.275 73.314 91.420 256/224 bilinear
resnet50 v1 0676ba61 97.781 76.130 92.862 256/224 bilinear
resnet50 v2* 11ad3fa6 97.790 80.858 95.434 232/224 bilinear
resnext101_32x8d v1 8ba56ff5 339.586 79.312 94.526 256/224 bilinear
resnext101_32x8d v2* 110c445d 339.673 82.834 96.228 232/224 bilinear
resnext101_64x4d v1* 173b62eb 319.318 83.246 96.454 232/224 bilinear
resnext50_32x4d v1 7cdf4587 95.789 77.618 93.698 256/224 bilinear
resnext50_32x4d v2* 1a0047aa 95.833 81.198 95.340 232/224 bilinear
shufflenet_v2_x0_5 v1* shufflenetv2_x0.5-f707e7126e 5.282 60.552 81.746 256/224 bilinear
shufflenet_v2_x1_0 v1* shufflenetv2_x1-5666bf0f80 8.791 69.362 88.316 256/224 bilinear
shufflenet_v2_x1_5 v1* shufflenetv2_x1_5-3c479a10 13.557 72.996 91.086 232/224 bilinear
shufflenet_v2_x2_0 v1* shufflenetv2_x2_0-8be3c8ee 28.433 76.230 93.006 232/224 bilinear
squeezenet1_0 v1* b66bff10 4.778 58.092 80.420 256/224 bilinear
squeezenet1_1 v1* b8a52dc0 4.729 58.178 80.624 256/224 bilinear
swin_b v1* 68c6b09e 335.364 83.582 96.640 238/224 bicubic
swin_s v1* 5e29d889 189.786 83.196 96.360 246/224 bicubic
swin_t v1* 704ceda3 108.190 81.474 95.776 232/224 bicubic
swin_v2_b v1* 781e5279 336.372 84.112 96.864 272/256 bicubic
swin_v2_s v1* 637d8ceb 190.675 83.712 96.816 260/256 bicubic
swin_v2_t v1* b137f0e2 108.626 82.072 96.132 260/256 bicubic
vgg11 v1* 8a719046 506.840 69.020 88.628 256/224 bilinear
vgg11_bn v1* 6002323d 506.881 70.370 89.810 256/224 bilinear
vgg13 v1* 19584684 507.545 69.928 89.246 256/224 bilinear
vgg13_bn v1* abd245e5 507.590 71.586 90.374 256/224 bilinear
vgg16 v1* 397923af 527.796 71.592 90.382 256/224 bilinear
vgg16_bn v1* 6c64b313 527.866 73.360 91.516 256/224 bilinear
vgg19 v1* dcbb9e9d 548.051 72.376 90.876 256/224 bilinear
vgg19_bn v1* c79401a0 548.143 74.218 91.842 256/224 bilinear
vit_b_16 v1* c867db91 330.285 81.072 95.318 256/224 bilinear
vit_b_16 swag_e2e_v1 vit_b_16_swag-9ac1b537 331.398 85.304 97.650 384/384 bicubic
vit_b_16 swag_linear_v1 vit_b_16_lc_swag-4e70ced5 330.285 81.886 96.180 224/224 bicubic
vit_b_32 v1* d86f8d99 336.604 75.912 92.466 256/224 bilinear
vit_h_14 swag_e2e_v1* vit_h_14_swag-80465313 2416.643 88.552 98.694 518/518 bicubic
vit_h_14 swag_linear_v1 vit_h_14_lc_swag-c1eb923e 2411.209 85.708 97.730 224/224 bicubic
vit_l_16 v1* 852ce7e3 1161.023 79.662 94.638 242/224 bilinear
vit_l_16 swag_e2e_v1 vit_l_16_swag-4f3808c9 1164.258 88.064 98.512 512/512 bicubic
vit_l_16 swag_linear_v1 vit_l_16_lc_swag-4d563306 1161.023 85.146 97.422 224/224 bicubic
vit_l_32 v1* c7638314 1169.449 76.972 93.070 256/224 bilinear
wide_resnet101_2 v1 32ee1156 242.896 78.848 94.284 256/224 bilinear
wide_resnet101_2 v2* d733dc28 484.747 82.510 96.020 232/224 bilinear
wide_resnet50_2 v1 95faca4d 131.820 78.468 94.086 256/224 bilinear
wide_resnet50_2 v2* 9ba9bcbe 263.124 81.602 95.758 232/224 bilinear
]]

local BASE <const> = "https://download.pytorch.org/models/"
local LINE <const> = "(%S+) +(%S+) +(%S+) +(%S+) +(%S+) +(%S+) +(%d+)/(%d+) +(%a+)(%S*)\n"
local LICENCE <const> = "BSD-3-Clause (torchvision), trained on ImageNet"
local SWAG <const> = "CC-BY-NC-4.0 (SWAG, https://github.com/facebookresearch/SWAG)"
-- What the files of these were made with, and the heads in them that only training needs.
local OPTIONS <const> = { transform_input = true, aux_logits = true }
local MORE <const> = {
  googlenet = { options = OPTIONS, heads = { "aux1", "aux2" }, keep_heads = false },
  inception_v3 = { options = OPTIONS, heads = { "AuxLogits" }, keep_heads = true },
}
local MB <const> = 1 << 20

local function file_of(model, text, size)
  local name <const> = (text:find "%-" and text or model .. "-" .. text) .. ".pth"
  return { name = name, url = BASE .. name, size = math.floor(size * MB + 0.5),
    sum = "sha256:" .. name:match "%-(%x+)%.pth$" }
end

local function preprocessing(resize, crop, interpolation, half)
  return { resize = math.tointeger(resize), crop = math.tointeger(crop),
    interpolation = interpolation,
    mean = half and { 0.5, 0.5, 0.5 } or { 0.485, 0.456, 0.406 },
    std = half and { 0.5, 0.5, 0.5 } or { 0.229, 0.224, 0.225 } }
end

local entries <const> = {}
for model, weights, file, size, top1, top5, resize, crop, interpolation, other in
  TABLE:gmatch(LINE) do
  local more <const> = MORE[model] or {}
  entries[#entries + 1] = {
    model = model, weights = "imagenet1k_" .. weights:gsub("%*", ""),
    default = weights:find "%*" ~= nil, files = { file_of(model, file, tonumber(size)) },
    options = more.options, heads = more.heads, keep_heads = more.keep_heads,
    accuracy = { top1 = tonumber(top1), top5 = tonumber(top5), data = "ImageNet-1K" },
    preprocess = preprocessing(resize, crop, interpolation, other ~= ""),
    licence = weights:find "swag" and SWAG or LICENCE, classes = "imagenet",
  }
end
return entries
