-- Losses of boxes against boxes, row by row: 1 - a measure of overlap (boxes.lua), and the focal
-- loss of their classes.

local tocha = require "tocha"
local boxes = require "tocha.vision.ops.boxes"
local lossutil = require "tocha.lossutil"
local signature = require "tocha.signature"

local losses <const> = { sigmoid_focal_loss = tocha.sigmoid_focal_loss }

-- The mean of nothing is 0, as torchvision has it: a batch may lack objects.
local function reduced(name, all, reduction)
  if reduction == "mean" and all:numel() == 0 then reduction = "sum" end
  return lossutil.reduced(name, all, reduction)
end

local function loss_of(name, measure)
  return function(a, b, ...)
    local o <const> = {}
    signature.read("reduction = 'none', eps = 1e-7", name, o, ...)
    a, b = boxes.check(name, 1, a), boxes.check(name, 2, b)
    lossutil.need_same(name, 2, a, b)
    return reduced(name, 1 - measure(a, b, o.eps, o.eps), o.reduction)
  end
end

--- ops.generalized_box_iou_loss(boxes1, boxes2, {reduction = "none", eps = 1e-7}): 1 - GIoU of
--- (..., 4) boxes, one by one. Rezatofighi et al. (2019).
losses.generalized_box_iou_loss = loss_of("generalized_box_iou_loss", boxes.measure.generalized)

--- ops.distance_box_iou_loss(boxes1, boxes2, {reduction = "none", eps = 1e-7}): 1 - DIoU of
--- (..., 4) boxes, one by one. Zheng et al. (2020).
losses.distance_box_iou_loss = loss_of("distance_box_iou_loss", boxes.measure.distance)

--- ops.complete_box_iou_loss(boxes1, boxes2, {reduction = "none", eps = 1e-7}): 1 - CIoU of
--- (..., 4) boxes, one by one. Zheng et al. (2020).
losses.complete_box_iou_loss = loss_of("complete_box_iou_loss", boxes.measure.complete)

return losses
