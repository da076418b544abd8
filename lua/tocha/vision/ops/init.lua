-- tocha.vision.ops: boxes, regions and the layers that detectors are made of, by torchvision.ops'
-- names. Boxes are tensors (..., 4) of pixels, (x1, y1, x2, y2) unless a format says otherwise:
-- positions in the plane, so the picture's corner is (0, 0). Results of nms are indices, from 1.

local places <const> = {}

local function family(file, names)
  for name in names:gmatch "%S+" do places[name] = { "tocha.vision.ops." .. file, name } end
end

family("boxes", [[
  box_area box_convert box_iou generalized_box_iou distance_box_iou complete_box_iou
  clip_boxes_to_image remove_small_boxes masks_to_boxes
]])
family("box_losses", [[
  generalized_box_iou_loss distance_box_iou_loss complete_box_iou_loss sigmoid_focal_loss
]])
family("nms", "nms batched_nms")
family("roi", "roi_align roi_pool RoIAlign RoIPool MultiScaleRoIAlign")
family("deform_conv", "deform_conv2d DeformConv2d")
family("layers", [[
  Conv2dNormActivation SqueezeExcitation MLP Permute FrozenBatchNorm2d StochasticDepth
  stochastic_depth drop_block2d drop_block3d DropBlock2d DropBlock3d FeaturePyramidNetwork
]])

return require "tocha.lazy" ({}, places)
