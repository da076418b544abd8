---@meta tocha.vision.ops
-- Written by `make annotations`; do not edit.

---tocha.vision.ops: boxes, regions and the layers that detectors are made of, by torchvision.ops'
---names. Boxes are tensors (..., 4) of pixels, (x1, y1, x2, y2) unless a format says otherwise:
---positions in the plane, so the picture's corner is (0, 0). Results of nms are indices, from 1.
---@class tocha.vision.ops
---@field StochasticDepth tocha.nn.StochasticDepth.class
local ops = {}

---ops.Conv2dNormActivation(in_channels, out_channels, kernel_size = 3, {stride = 1, groups = 1,
---dilation = 1, norm_layer = nn.BatchNorm2d, activation_layer = nn.ReLU}): the size kept but for
---the stride; false for a layer that shall not be there.
---@return any ...
function ops.Conv2dNormActivation(cin, cout, kernel_size, options) end

do
---@class tocha.vision.ops.DeformConv2d: tocha.nn.Module
---@field in_channels integer
---@field out_channels integer
---@field kernel_size integer|integer[]
---@field stride integer|integer[]
---@field padding integer|integer[]|string
---@field dilation integer|integer[]
---@field groups number
---@field bias boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x, offset, mask) end

end

---ops.DeformConv2d(in_channels, out_channels, kernel_size, {stride = 1, padding = 0, dilation = 1,
---groups = 1, bias = true}): called with a picture, offsets and, if there is one, a mask.
---@class tocha.vision.ops.DeformConv2d.class: tocha.Class
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean): tocha.vision.ops.DeformConv2d
---@overload fun(in_channels: integer, out_channels: integer, kernel_size: integer|integer[], options: {stride?: integer|integer[], padding?: integer|integer[]|string, dilation?: integer|integer[], groups?: number, bias?: boolean}): tocha.vision.ops.DeformConv2d
ops.DeformConv2d = {}

do
---@class tocha.vision.ops.DropBlock2d: tocha.nn.Module
---@field p any
---@field block_size integer|integer[]
---@field eps number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---ops.DropBlock2d(p, block_size, eps = 1e-6): drop_block2d as a layer; it drops in training.
---@class tocha.vision.ops.DropBlock2d.class: tocha.Class
---@overload fun(p: any, block_size: integer|integer[], eps?: number): tocha.vision.ops.DropBlock2d
---@overload fun(p: any, block_size: integer|integer[], options: {eps?: number}): tocha.vision.ops.DropBlock2d
ops.DropBlock2d = {}

do
---@class tocha.vision.ops.DropBlock3d: tocha.nn.Module
---@field p any
---@field block_size integer|integer[]
---@field eps number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---ops.DropBlock3d(p, block_size, eps = 1e-6): drop_block3d as a layer; it drops in training.
---@class tocha.vision.ops.DropBlock3d.class: tocha.Class
---@overload fun(p: any, block_size: integer|integer[], eps?: number): tocha.vision.ops.DropBlock3d
---@overload fun(p: any, block_size: integer|integer[], options: {eps?: number}): tocha.vision.ops.DropBlock3d
ops.DropBlock3d = {}

do
---@class tocha.vision.ops.FeaturePyramidNetwork: tocha.nn.Module
---@field channels any
---@field out_channels integer
---@field options table
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(maps) end

end

---ops.FeaturePyramidNetwork({channels...}, out_channels, {norm_layer, last_pool = false}): maps of
---all levels, the finest first, become as many of out_channels, each with what the coarser ones
---know; last_pool adds one of half the size. Lin et al. (2017).
---@class tocha.vision.ops.FeaturePyramidNetwork.class: tocha.Class
---@overload fun(channels?: any, out_channels?: integer, options?: table): tocha.vision.ops.FeaturePyramidNetwork
---@overload fun(options: {channels?: any, out_channels?: integer, options?: table}): tocha.vision.ops.FeaturePyramidNetwork
ops.FeaturePyramidNetwork = {}

do
---@class tocha.vision.ops.FrozenBatchNorm2d: tocha.nn.Module
---@field num_features integer
---@field eps number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---ops.FrozenBatchNorm2d(num_features, eps = 1e-5): batch norm whose statistics, factors and terms
---are fixed: buffers, which no training changes.
---@class tocha.vision.ops.FrozenBatchNorm2d.class: tocha.Class
---@overload fun(num_features: integer, eps?: number): tocha.vision.ops.FrozenBatchNorm2d
---@overload fun(num_features: integer, options: {eps?: number}): tocha.vision.ops.FrozenBatchNorm2d
ops.FrozenBatchNorm2d = {}

---ops.MLP(in_channels, {widths...}, {norm_layer, activation_layer = nn.ReLU, bias = true, dropout
---= 0}): linear layers with a norm and an activation between them, dropout after each.
---@return any ...
function ops.MLP(cin, widths, options) end

do
---@class tocha.vision.ops.MultiScaleRoIAlign: tocha.nn.Module
---@field output_size integer|integer[]
---@field sampling_ratio any
---@field canonical_scale number
---@field canonical_level number
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(maps, regions, sizes) end

end

---ops.MultiScaleRoIAlign(output_size, sampling_ratio, {canonical_scale = 224, canonical_level =
---4}): each region from the level of a pyramid that fits its size. Called with a list of maps, the
---finest first, a list of boxes for each picture and the pictures' {height, width}. Lin et al.,
---"Feature Pyramid Networks for Object Detection" (2017), equation 1.
---@class tocha.vision.ops.MultiScaleRoIAlign.class: tocha.Class
---@overload fun(output_size: integer|integer[], sampling_ratio: any, canonical_scale?: number, canonical_level?: number): tocha.vision.ops.MultiScaleRoIAlign
---@overload fun(output_size: integer|integer[], sampling_ratio: any, options: {canonical_scale?: number, canonical_level?: number}): tocha.vision.ops.MultiScaleRoIAlign
ops.MultiScaleRoIAlign = {}

do
---@class tocha.vision.ops.Permute: tocha.nn.Module
---@field dims any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x) end

end

---ops.Permute { dims... }: x:permute(dims), from 1.
---@class tocha.vision.ops.Permute.class: tocha.Class
---@overload fun(dims?: any): tocha.vision.ops.Permute
---@overload fun(options: {dims?: any}): tocha.vision.ops.Permute
ops.Permute = {}

do
---@class tocha.vision.ops.RoIAlign: tocha.nn.Module
---@field output_size integer|integer[]
---@field spatial_scale any
---@field sampling_ratio any
---@field aligned boolean
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x, regions) end

end

---ops.RoIAlign(output_size, spatial_scale, sampling_ratio, aligned = false): roi_align as a
---module, called with a map and boxes.
---@class tocha.vision.ops.RoIAlign.class: tocha.Class
---@overload fun(output_size: integer|integer[], spatial_scale: any, sampling_ratio: any, aligned?: boolean): tocha.vision.ops.RoIAlign
---@overload fun(output_size: integer|integer[], spatial_scale: any, sampling_ratio: any, options: {aligned?: boolean}): tocha.vision.ops.RoIAlign
ops.RoIAlign = {}

do
---@class tocha.vision.ops.RoIPool: tocha.nn.Module
---@field output_size integer|integer[]
---@field spatial_scale any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---@return any ...
function object:forward(x, regions) end

end

---ops.RoIPool(output_size, spatial_scale): roi_pool as a module.
---@class tocha.vision.ops.RoIPool.class: tocha.Class
---@overload fun(output_size: integer|integer[], spatial_scale: any): tocha.vision.ops.RoIPool
ops.RoIPool = {}

---ops.SqueezeExcitation(input_channels, squeeze_channels, activation = nn.ReLU, scale_activation =
---nn.Sigmoid): each of the (B, C, H, W) maps times a factor that two 1 x 1 convolutions make of
---the means of all. Hu et al., "Squeeze-and-Excitation Networks" (2018).
---@return any ...
function ops.SqueezeExcitation(channels, squeezed, activation, scale_activation) end

---ops.batched_nms(boxes, scores, idxs, iou_threshold): the same within each group of equal `idxs`
---(N,), such as classes, and of all groups together.
---@return any ...
function ops.batched_nms(x, scores, idxs, threshold) end

---ops.box_area(boxes, fmt = 'xyxy'): width times height of (..., 4) boxes, (...,).
---@return any ...
function ops.box_area(x, format) end

---ops.box_convert(boxes, in_fmt, out_fmt): (..., 4) in another format: 'xyxy' (corners), 'xywh'
---(corner and size) or 'cxcywh' (centre and size).
---@return any ...
function ops.box_convert(x, in_format, out_format) end

---ops.box_iou(boxes1, boxes2, fmt = 'xyxy'): intersection over union of each of (..., N, 4) with
---each of (..., M, 4): (..., N, M).
---@return any ...
function ops.box_iou(a, b, format) end

---ops.clip_boxes_to_image(boxes, {height, width}): corners moved into the picture.
---@return any ...
function ops.clip_boxes_to_image(x, size) end

---ops.complete_box_iou(boxes1, boxes2, eps = 1e-7): as distance_box_iou, less a term for unequal
---proportions. Zheng et al. (2020).
---@return any ...
function ops.complete_box_iou(a, b, eps) end

---ops.complete_box_iou_loss(boxes1, boxes2, {reduction = "none", eps = 1e-7}): 1 - CIoU of
---(..., 4) boxes, one by one. Zheng et al. (2020).
---@return any ...
function ops.complete_box_iou_loss(a, b, ...) end

---ops.deform_conv2d(input, offset, weight, bias, {stride = 1, padding = 0, dilation = 1, mask}):
---input (B, C, H, W), weight (O, C / groups, kh, kw), offset (B, 2 parts kh kw, h, w): for each
---part of the channels and each tap how far to look down and to the right; mask (B, parts kh kw,
---h, w) weighs them. Gives (B, O, h, w). Without a bias, nil.
---@return any ...
function ops.deform_conv2d(x, offset, weight, bias, options) end

---ops.distance_box_iou(boxes1, boxes2, eps = 1e-7): IoU less the squared distance of the centres
---over the hull's squared diagonal. Shapes as box_iou. Zheng et al. (2020).
---@return any ...
function ops.distance_box_iou(a, b, eps) end

---ops.distance_box_iou_loss(boxes1, boxes2, {reduction = "none", eps = 1e-7}): 1 - DIoU of
---(..., 4) boxes, one by one. Zheng et al. (2020).
---@return any ...
function ops.distance_box_iou_loss(a, b, ...) end

---ops.drop_block2d(input, p, block_size, training = true, eps = 1e-6): zeros in squares of (B, C,
---H, W) maps, about a share p of all, the rest scaled up. Ghiasi et al., "DropBlock" (2018).
---@return any ...
function ops.drop_block2d(x, p, block_size, training, eps) end

---ops.drop_block3d(input, p, block_size, training = true, eps = 1e-6): zeros in cubes of (B, C, D,
---H, W) maps, about a share p of all, the rest scaled up.
---@return any ...
function ops.drop_block3d(x, p, block_size, training, eps) end

---ops.generalized_box_iou(boxes1, boxes2): IoU less the part of the hull that neither box covers;
---in -1 .. 1. Shapes as box_iou. Rezatofighi et al. (2019).
---@return any ...
function ops.generalized_box_iou(a, b) end

---ops.generalized_box_iou_loss(boxes1, boxes2, {reduction = "none", eps = 1e-7}): 1 - GIoU of
---(..., 4) boxes, one by one. Rezatofighi et al. (2019).
---@return any ...
function ops.generalized_box_iou_loss(a, b, ...) end

---ops.masks_to_boxes(masks): (N, H, W) masks, zero outside, to (N, 4): columns and rows of the
---first and the last pixel, from 0 as torchvision counts them; zeros for an empty mask.
---@return any ...
function ops.masks_to_boxes(masks) end

---ops.nms(boxes, scores, iou_threshold): from the best score down, keeps each of the (N, 4) boxes
---that overlaps none that was kept by more than the threshold. Returns their indices, from 1, best
---first; equal scores in their order.
---@return any ...
function ops.nms(x, scores, threshold) end

---ops.remove_small_boxes(boxes, min_size): indices, from 1, of the (N, 4) boxes whose sides both
---have at least min_size.
---@return any ...
function ops.remove_small_boxes(x, min_size) end

---ops.roi_align(input, boxes, output_size, {spatial_scale = 1, sampling_ratio = -1, aligned =
---false}): each region of a map (B, C, H, W) as (h, w) means: (K, C, h, w). boxes: a list of (K,
---4) tensors, one for each picture, or a (K, 5) tensor that begins with the picture's number, from
---1. sampling_ratio: points a bin in each direction, or -1 for as many as pixels; aligned: half a
---pixel less, which is right. No gradient for boxes.
---@return any ...
function ops.roi_align(x, regions, size, options) end

---ops.roi_pool(input, boxes, output_size, spatial_scale = 1): the greatest value in each of (h, w)
---bins of each region: (K, C, h, w). Boxes as for roi_align; bins are of whole pixels, and 0 where
---they hold none.
---@return any ...
function ops.roi_pool(x, regions, size, spatial_scale) end

---Focal loss of logits and targets in [0, 1]: alpha_t (1 - p_t)^gamma times the binary cross entropy, with p = sigmoid(input); alpha weighs the positives, 1 - alpha the negatives, a negative alpha neither. Lin et al., "Focal loss for dense object detection" (2017).
---@param input tocha.Tensor
---@param target tocha.Tensor
---@param alpha? number 0.25 by default
---@param gamma? number 2 by default
---@param reduction? string "none" by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, options: {alpha?: number, gamma?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, alpha: number, options: {gamma?: number, reduction?: string}): tocha.Tensor
---@overload fun(input: tocha.Tensor, target: tocha.Tensor, alpha: number, gamma: number, options: {reduction?: string}): tocha.Tensor
function ops.sigmoid_focal_loss(input, target, alpha, gamma, reduction) end

---Sets whole examples ("row") or the whole batch ("batch") to 0 with probability `p`, and divides the others by 1 - p if `scale`. Huang et al., "Deep networks with stochastic depth" (2016).
---@param input tocha.Tensor
---@param p number
---@param mode? string "row" by default
---@param training? boolean true by default
---@param scale? boolean true by default
---@return tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, options: {mode?: string, training?: boolean, scale?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, mode: string, options: {training?: boolean, scale?: boolean}): tocha.Tensor
---@overload fun(input: tocha.Tensor, p: number, mode: string, training: boolean, options: {scale?: boolean}): tocha.Tensor
function ops.stochastic_depth(input, p, mode, training, scale) end

return ops
