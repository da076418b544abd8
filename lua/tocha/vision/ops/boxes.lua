-- Boxes: their formats, areas and overlaps. (..., 4) tensors; of integers float32 is made first.

local core = require "tocha.core"
local tocha = require "tocha"

local boxes <const> = {}

local function check(name, k, x)
  if not core.is_tensor(x) then core.fail(name, k, "expected a tensor, got %s", type(x)) end
  if x.ndim < 1 or x:size(-1) ~= 4 then
    core.fail(name, k, "expected boxes (..., 4), got a (%s) tensor", table.concat(x.shape, ", "))
  end
  return x:is_floating_point() and x or x:float()
end

--- boxes.check(name, k, x): argument k as floating boxes, or an error.
boxes.check = check

--- boxes.columns(x): the four numbers of each box, as four tensors.
local function columns(x)
  return x:select(-1, 1), x:select(-1, 2), x:select(-1, 3), x:select(-1, 4)
end
boxes.columns = columns

-- ---- formats ------------------------------------------------------------------------------------

local function same(...) return ... end

-- To x1, y1, x2, y2 and back.
local TO <const> = {
  xyxy = same,
  xywh = function(x, y, w, h) return x, y, x + w, y + h end,
  cxcywh = function(x, y, w, h) return x - w / 2, y - h / 2, x + w / 2, y + h / 2 end,
}
local FROM <const> = {
  xyxy = same,
  xywh = function(x1, y1, x2, y2) return x1, y1, x2 - x1, y2 - y1 end,
  cxcywh = function(x1, y1, x2, y2) return (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1 end,
}

local function known(name, k, list, format)
  return list[format] or core.fail(name, k, "expected 'xyxy', 'xywh' or 'cxcywh', got '%s'",
    tostring(format))
end

--- ops.box_convert(boxes, in_fmt, out_fmt): (..., 4) in another format: 'xyxy' (corners), 'xywh'
--- (corner and size) or 'cxcywh' (centre and size).
function boxes.box_convert(x, in_format, out_format)
  x = check("box_convert", 1, x)
  local to <const> = known("box_convert", 2, TO, in_format)
  local from <const> = known("box_convert", 3, FROM, out_format)
  if in_format == out_format then return x:clone() end
  return tocha.stack({ from(to(columns(x))) }, -1)
end

local function as_corners(name, k, x, format)
  x = check(name, k, x)
  if format == nil or format == "xyxy" then return x end
  return tocha.stack({ known(name, 3, TO, format)(columns(x)) }, -1)
end

-- ---- overlap ------------------------------------------------------------------------------------
-- a and b broadcast; measures have their shape without the last dimension.

local function area(x)
  local x1 <const>, y1 <const>, x2 <const>, y2 <const> = columns(x)
  return (x2 - x1) * (y2 - y1)
end

local function overlap(a, b)
  local ax1 <const>, ay1 <const>, ax2 <const>, ay2 <const> = columns(a)
  local bx1 <const>, by1 <const>, bx2 <const>, by2 <const> = columns(b)
  local w <const> = ax2:minimum(bx2) - ax1:maximum(bx1)
  local h <const> = ay2:minimum(by2) - ay1:maximum(by1)
  local inter <const> = w:relu() * h:relu()
  return inter, area(a) + area(b) - inter
end

-- Width and height of the smallest box around both.
local function hull(a, b)
  local ax1 <const>, ay1 <const>, ax2 <const>, ay2 <const> = columns(a)
  local bx1 <const>, by1 <const>, bx2 <const>, by2 <const> = columns(b)
  return ax2:maximum(bx2) - ax1:minimum(bx1), ay2:maximum(by2) - ay1:minimum(by1)
end

--- measure.iou(a, b, iou_eps), measure.generalized, .distance, .complete(a, b, iou_eps, eps): box
--- by box; the epsilons keep quotients finite.
local measure <const> = {}
boxes.measure = measure

function measure.iou(a, b, iou_eps)
  local inter <const>, union <const> = overlap(a, b)
  return inter / (union + iou_eps)
end

-- Rezatofighi et al., "Generalized Intersection over Union" (2019)
function measure.generalized(a, b, iou_eps, eps)
  local inter <const>, union <const> = overlap(a, b)
  local w <const>, h <const> = hull(a, b)
  local whole <const> = w * h
  return inter / (union + iou_eps) - (whole - union) / (whole + eps)
end

-- Zheng et al., "Distance-IoU Loss" (2020)
function measure.distance(a, b, iou_eps, eps)
  local iou <const> = measure.iou(a, b, iou_eps)
  local ax1 <const>, ay1 <const>, ax2 <const>, ay2 <const> = columns(a)
  local bx1 <const>, by1 <const>, bx2 <const>, by2 <const> = columns(b)
  local dx <const> = (ax1 + ax2) / 2 - (bx1 + bx2) / 2
  local dy <const> = (ay1 + ay2) / 2 - (by1 + by2) / 2
  local w <const>, h <const> = hull(a, b)
  return iou - (dx * dx + dy * dy) / (w * w + h * h + eps), iou
end

local function angle(x)
  local x1 <const>, y1 <const>, x2 <const>, y2 <const> = columns(x)
  return ((x2 - x1) / (y2 - y1)):atan()
end

function measure.complete(a, b, iou_eps, eps)
  local distance <const>, iou <const> = measure.distance(a, b, iou_eps, eps)
  local difference <const> = angle(a) - angle(b)
  local v <const> = difference * difference * (4 / math.pi ^ 2)
  return distance - (v / (1 - iou + v + eps)):detach() * v
end

local function pairwise(name, f, a, b, format, eps)
  a, b = as_corners(name, 1, a, format), as_corners(name, 2, b, format)
  if a.ndim < 2 or b.ndim < 2 then
    core.fail(name, a.ndim < 2 and 1 or 2, "expected boxes (..., N, 4), got one box")
  end
  return (f(a:unsqueeze(-2), b:unsqueeze(-3), 0, eps))
end

--- ops.box_iou(boxes1, boxes2, fmt = 'xyxy'): intersection over union of each of (..., N, 4) with
--- each of (..., M, 4): (..., N, M).
function boxes.box_iou(a, b, format) return pairwise("box_iou", measure.iou, a, b, format) end

--- ops.generalized_box_iou(boxes1, boxes2): IoU less the part of the hull that neither box covers;
--- in -1 .. 1. Shapes as box_iou. Rezatofighi et al. (2019).
function boxes.generalized_box_iou(a, b)
  return pairwise("generalized_box_iou", measure.generalized, a, b, nil, 0)
end

--- ops.distance_box_iou(boxes1, boxes2, eps = 1e-7): IoU less the squared distance of the centres
--- over the hull's squared diagonal. Shapes as box_iou. Zheng et al. (2020).
function boxes.distance_box_iou(a, b, eps)
  return pairwise("distance_box_iou", measure.distance, a, b, nil, eps or 1e-7)
end

--- ops.complete_box_iou(boxes1, boxes2, eps = 1e-7): as distance_box_iou, less a term for unequal
--- proportions. Zheng et al. (2020).
function boxes.complete_box_iou(a, b, eps)
  return pairwise("complete_box_iou", measure.complete, a, b, nil, eps or 1e-7)
end

-- ---- one box at a time --------------------------------------------------------------------------

--- ops.box_area(boxes, fmt = 'xyxy'): width times height of (..., 4) boxes, (...,).
function boxes.box_area(x, format) return area(as_corners("box_area", 1, x, format)) end

--- ops.clip_boxes_to_image(boxes, {height, width}): corners moved into the picture.
function boxes.clip_boxes_to_image(x, size)
  x = check("clip_boxes_to_image", 1, x)
  if type(size) ~= "table" or #size ~= 2 then
    core.fail("clip_boxes_to_image", 2, "expected {height, width}")
  end
  local x1 <const>, y1 <const>, x2 <const>, y2 <const> = columns(x)
  local h <const>, w <const> = size[1], size[2]
  return tocha.stack({ x1:clamp(0, w), y1:clamp(0, h), x2:clamp(0, w), y2:clamp(0, h) }, -1)
end

--- ops.remove_small_boxes(boxes, min_size): indices, from 1, of the (N, 4) boxes whose sides both
--- have at least min_size.
function boxes.remove_small_boxes(x, min_size)
  local x1 <const>, y1 <const>, x2 <const>, y2 <const> = columns(check("remove_small_boxes", 1, x))
  return (x2 - x1):ge(min_size):logical_and((y2 - y1):ge(min_size)):nonzero():select(2, 1)
end

-- Of (N, H, W) along dimension `dim`: the first and the last place with a true, from 0.
local function ends(mask, dim)
  local seen <const> = mask:any(5 - dim):float()  -- (N, size of dim)
  local size <const> = seen:size(2)
  return seen:argmax(2) - 1, size - seen:flip { 2 }:argmax(2)
end

--- ops.masks_to_boxes(masks): (N, H, W) masks, zero outside, to (N, 4): columns and rows of the
--- first and the last pixel, from 0 as torchvision counts them; zeros for an empty mask.
function boxes.masks_to_boxes(masks)
  if not core.is_tensor(masks) or masks.ndim ~= 3 then
    core.fail("masks_to_boxes", 1, "expected masks (N, H, W)")
  end
  if masks:numel() == 0 then return tocha.zeros(masks:size(1), 4, { device = masks.device }) end
  local on <const> = masks:ne(0)
  local x1 <const>, x2 <const> = ends(on, 3)
  local y1 <const>, y2 <const> = ends(on, 2)
  local some <const> = on:flatten(2):any(2):float():unsqueeze(2)
  return tocha.stack({ x1, y1, x2, y2 }, 2):float() * some
end

return boxes
