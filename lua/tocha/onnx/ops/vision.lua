-- Regions, boxes, grids and pictures.

local op = require "tocha.onnx.registry".op
local registry = require "tocha.op"
local window = require "tocha.window"

local ops <const> = registry.ops

local function vision() return require "tocha.vision.ops" end

-- ---- RoiAlign -----------------------------------------------------------------------------------

-- The two elements that a place (from 0) lies between, and the weight of the second; nil outside.
local function neighbours(at, size)
  if at < -1 or at > size then return nil end
  at = math.max(at, 0.0)
  local low <const> = math.floor(at)
  if low >= size - 1 then return size - 1, size - 1, 0.0 end
  return low, low + 1, at - low
end

-- Along one side of a region: for each of bins * samples places { low, high, weight of high } or
-- false.
local function samples_of(first, last, bins, samples, size)
  local length <const> = (last - first) / bins
  local count <const> = samples > 0 and samples or math.max(math.ceil(length), 0)
  local list <const> = {}
  for k = 0, bins * count - 1 do
    local at <const> = first + (k // count) * length + (k % count + 0.5) * length / count
    local low <const>, high <const>, weight <const> = neighbours(at, size)
    list[k + 1] = low and { low, high, weight } or false
  end
  return list
end

-- For ops.resample: the elements on one side of each sample alone, by their weights.
local function side_table(places, side, x)
  local index <const>, weight <const> = {}, {}
  for k, place in ipairs(places) do
    local w <const> = place and place[3]
    index[k] = (place and place[side] or 0) + 1
    weight[k] = place and (side == 1 and 1 - w or w) or 0.0
  end
  return window.tensors({ index, weight }, #places, x)
end

-- The largest of the four weighted neighbours of all samples of a bin: what the reference takes.
local function largest(x, rows, columns, a)
  local best
  for side = 0, 3 do
    local index, weight = side_table(rows, 1 + side // 2, x)
    local part = ops.resample(x, index, weight, 2)
    index, weight = side_table(columns, 1 + side % 2, x)
    part = ops.resample(part, index, weight, 3)
    best = best and ops.maximum(best, part) or part
  end
  local by_bin <const> = best:reshape(x:size(1), a.output_height, #rows // a.output_height,
    a.output_width, #columns // a.output_width)
  return ops.amax(by_bin, { 3, 5 })
end

local function zeros(x, ...) return ops.zeros({ ... }, { dtype = x.dtype, device = x.device }) end

-- x is (C, H, W)
local function largest_of_region(x, roi, a, half)
  local corner <const> = {}
  for k, v in ipairs(roi) do corner[k] = v * a.spatial_scale - (half and 0.5 or 0.0) end
  if not half then
    for k = 3, 4 do corner[k] = math.max(corner[k], corner[k - 2] + 1.0) end
  end
  local rows <const> = samples_of(corner[2], corner[4], a.output_height, a.sampling_ratio,
    x:size(2))
  local columns <const> = samples_of(corner[1], corner[3], a.output_width, a.sampling_ratio,
    x:size(3))
  if #rows > 0 and #columns > 0 then return largest(x, rows, columns, a) end
  return zeros(x, x:size(1), a.output_height, a.output_width)
end

local function largest_of_regions(a, x, rois, pictures, half)
  local parts <const>, of <const> = {}, op.list(pictures)
  for k, roi in ipairs(rois:cpu():totable()) do
    if of[k] < 0 or of[k] >= x:size(1) then
      op.fail("region %d lies in picture %d of %d", k - 1, of[k], x:size(1))
    end
    parts[k] = largest_of_region(x:select(1, of[k] + 1), roi, a, half)
  end
  if #parts > 0 then return ops.stack(parts, 1) end
  return zeros(x, 0, x:size(2), a.output_height, a.output_width)
end

-- Before version 16 regions were not moved by half a pixel.
local function roi_align(a, x, rois, pictures)
  local half <const> = a.opset >= 16 and a.coordinate_transformation_mode == "half_pixel"
  if a.mode == "max" then return largest_of_regions(a, x, rois, pictures, half) end
  local numbered <const> = ops.cat({ pictures:to(rois.dtype):unsqueeze(2) + 1, rois }, 2)
  return vision().roi_align(x, numbered, { a.output_height, a.output_width },
    { spatial_scale = a.spatial_scale, sampling_ratio = a.sampling_ratio, aligned = half })
end

op "RoiAlign" {
  since = 10, inputs = "X, rois, batch_indices",
  attributes = { coordinate_transformation_mode = "half_pixel", mode = "avg", output_height = 1,
    output_width = 1, sampling_ratio = 0, spatial_scale = 1.0 },
  doc = "Bins of regions, sampled between elements (He et al., \"Mask R-CNN\", 2017).",
  run = roi_align,
}

-- ---- NonMaxSuppression --------------------------------------------------------------------------

-- Boxes (..., 4) in either form as left, top, right, bottom.
local function corners(boxes, centred)
  if centred then return vision().box_convert(boxes, "cxcywh", "xyxy") end
  local y1 <const>, x1 <const>, y2 <const>, x2 <const> = table.unpack(boxes:unbind(-1))
  return ops.stack({ ops.minimum(x1, x2), ops.minimum(y1, y2), ops.maximum(x1, x2),
    ops.maximum(y1, y2) }, -1)
end

-- Places (K,), from 1, of one class's boxes, best first.
local function kept_boxes(boxes, scores, most, limit, threshold)
  local there = ops.arange(1, scores:size(1), 1, { device = scores.device })
  if threshold then there = there:masked_select(scores:gt(threshold)) end
  local best <const> = vision().nms(boxes:index_select(1, there), scores:index_select(1, there),
    limit)
  return there:index_select(1, best:narrow(1, 1, math.min(most, best:size(1))))
end

local function suppressed(a, boxes, scores, most, limit, threshold)
  local found <const>, all <const> = {}, corners(boxes, a.center_point_box == 1)
  most, limit, threshold = op.number(most) or 0, op.number(limit) or 0.0, op.number(threshold)
  for picture = 1, most > 0 and scores:size(1) or 0 do
    for class = 1, scores:size(2) do
      local kept <const> = kept_boxes(all:select(1, picture), scores[picture][class], most, limit,
        threshold)
      local place <const> = kept:unsqueeze(2) - 1
      found[#found + 1] = ops.cat({ ops.full_like(place, picture - 1),
        ops.full_like(place, class - 1), place }, 2)
    end
  end
  if #found > 0 then return ops.cat(found, 1) end
  return ops.zeros({ 0, 3 }, { dtype = "int64", device = boxes.device })
end

op "NonMaxSuppression" {
  since = 10, fold = false,
  inputs = "boxes, scores, max_output_boxes_per_class?: cpu, iou_threshold?: cpu, "
    .. "score_threshold?: cpu",
  attributes = { center_point_box = 0 },
  doc = "Boxes (picture, class, place) in falling order of their scores, without those that "
    .. "overlap one before them by more than iou_threshold.",
  run = suppressed,
}

-- ---- grids --------------------------------------------------------------------------------------

local MODES <const> = { linear = "bilinear", bilinear = "bilinear", cubic = "bicubic",
  bicubic = "bicubic", nearest = "nearest" }

op "GridSample" {
  since = 16, inputs = "X, grid",
  attributes = { align_corners = 0, mode = "linear", padding_mode = "zeros" },
  doc = "(N, C, ...) sampled at the points of a grid in [-1, 1] (Jaderberg et al., \"Spatial "
    .. "transformer networks\", 2015).",
  run = function(a, x, grid)
    local mode <const> = MODES[a.mode] or op.fail("there is no mode '%s'", a.mode)
    return ops.grid_sample(x, grid, mode, a.padding_mode, a.align_corners == 1)
  end,
}

op "AffineGrid" {
  since = 20, inputs = "theta, size: cpu", attributes = { align_corners = 0 }, fold = false,
  doc = "The grid for GridSample that maps by affine matrices.",
  run = function(a, theta, size)
    return ops.affine_grid(theta, op.list(size), a.align_corners == 1)
  end,
}

-- ---- pictures -----------------------------------------------------------------------------------

op "ImageDecoder" {
  since = 20, inputs = "encoded_stream: cpu", attributes = { pixel_format = "RGB" }, fold = false,
  doc = "The picture in a file's bytes, (H, W, channels) of uint8.",
  run = function(a, bytes)
    local decode <const> = require "tocha.vision.io".decode
    local mode <const> = a.pixel_format == "Grayscale" and "gray" or "rgb"
    local picture <const> = decode(bytes:to_bytes(), { mode = mode })
    return ops.permute(a.pixel_format == "BGR" and ops.flip(picture, 1) or picture, { 2, 3, 1 })
  end,
}
