-- Regions, boxes, grids and pictures.

local core = require "tocha.core"
local op = require "tocha.onnx.registry".op
local registry = require "tocha.op"
local window = require "tocha.window"

local ops <const> = registry.ops

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
-- false, and how many samples a bin has.
local function samples_of(first, last, bins, samples, size)
  local length <const> = (last - first) / bins
  local count <const> = samples > 0 and samples or math.max(math.ceil(length), 0)
  local list <const> = {}
  for k = 0, bins * count - 1 do
    local at <const> = first + (k // count) * length + (k % count + 0.5) * length / count
    local low <const>, high <const>, weight <const> = neighbours(at, size)
    list[k + 1] = low and { low, high, weight } or false
  end
  return list, count
end

-- The table of weights for the means of bins, for ops.resample: two taps a sample.
local function mean_table(places, count, bins, x)
  local index <const>, weight <const> = {}, {}
  for _, place in ipairs(places) do
    local low <const>, high <const>, w <const> = table.unpack(place or { 0, 0, 0.0 })
    local share <const> = place and 1 / count or 0.0
    index[#index + 1], weight[#weight + 1] = low + 1, (1 - w) * share
    index[#index + 1], weight[#weight + 1] = high + 1, w * share
  end
  return window.tensors({ index, weight }, bins, x)
end

-- The same for the elements on one side of each sample alone: one tap.
local function side_table(places, side, x)
  local index <const>, weight <const> = {}, {}
  for k, place in ipairs(places) do
    local w <const> = place and place[3]
    index[k] = (place and place[side] or 0) + 1
    weight[k] = place and (side == 1 and 1 - w or w) or 0.0
  end
  return window.tensors({ index, weight }, #places, x)
end

local function resampled(x, rows, columns)
  local y <const> = ops.resample(x, rows[1], rows[2], 2)
  return ops.resample(y, columns[1], columns[2], 3)
end

-- The largest of the four weighted neighbours of all samples of a bin: what the reference takes.
local function largest(x, rows, columns, a)
  local best
  for side = 0, 3 do
    local part <const> = resampled(x, { side_table(rows, 1 + side // 2, x) },
      { side_table(columns, 1 + side % 2, x) })
    best = best and ops.maximum(best, part) or part
  end
  local by_bin <const> = best:reshape(x:size(1), a.output_height, #rows // a.output_height,
    a.output_width, #columns // a.output_width)
  return ops.amax(by_bin, { 3, 5 })
end

local function aligned(x, roi, a)
  local half <const> = a.opset >= 16 and a.coordinate_transformation_mode == "half_pixel"
  local corner <const> = {}
  for k, v in ipairs(roi) do corner[k] = v * a.spatial_scale - (half and 0.5 or 0.0) end
  if not half then
    for k = 3, 4 do corner[k] = math.max(corner[k], corner[k - 2] + 1.0) end
  end
  local rows <const>, row_count <const> = samples_of(corner[2], corner[4], a.output_height,
    a.sampling_ratio, x:size(2))
  local columns <const>, column_count <const> = samples_of(corner[1], corner[3], a.output_width,
    a.sampling_ratio, x:size(3))
  if #rows == 0 or #columns == 0 then
    return ops.zeros({ x:size(1), a.output_height, a.output_width },
      { dtype = x.dtype, device = x.device })
  end
  if a.mode == "max" then return largest(x, rows, columns, a) end
  return resampled(x, { mean_table(rows, row_count, a.output_height, x) },
    { mean_table(columns, column_count, a.output_width, x) })
end

local function roi_align(a, x, rois, pictures)
  local parts <const>, of <const> = {}, op.list(pictures)
  for k, roi in ipairs(rois:cpu():totable()) do
    if of[k] < 0 or of[k] >= x:size(1) then
      op.fail("region %d lies in picture %d of %d", k - 1, of[k], x:size(1))
    end
    parts[k] = aligned(x:select(1, of[k] + 1), roi, a)
  end
  if #parts > 0 then return ops.stack(parts, 1) end
  return ops.zeros({ 0, x:size(2), a.output_height, a.output_width },
    { dtype = x.dtype, device = x.device })
end

op "RoiAlign" {
  since = 10, inputs = "X, rois, batch_indices",
  attributes = { coordinate_transformation_mode = "half_pixel", mode = "avg", output_height = 1,
    output_width = 1, sampling_ratio = 0, spatial_scale = 1.0 },
  doc = "Bins of regions, sampled between elements (He et al., \"Mask R-CNN\", 2017).",
  run = roi_align,
}

-- ---- NonMaxSuppression --------------------------------------------------------------------------

-- { left, top, right, bottom, area } of a box in either form.
local function corners(box, centred)
  local x1, y1, x2, y2
  if centred then
    x1, y1 = box[1] - box[3] / 2, box[2] - box[4] / 2
    x2, y2 = box[1] + box[3] / 2, box[2] + box[4] / 2
  else
    y1, x1, y2, x2 = math.min(box[1], box[3]), math.min(box[2], box[4]), math.max(box[1], box[3]),
      math.max(box[2], box[4])
  end
  return { x1, y1, x2, y2, (x2 - x1) * (y2 - y1) }
end

local function overlap(p, q)
  local width <const> = math.min(p[3], q[3]) - math.max(p[1], q[1])
  local height <const> = math.min(p[4], q[4]) - math.max(p[2], q[2])
  if width <= 0 or height <= 0 then return 0.0 end
  return width * height / (p[5] + q[5] - width * height)
end

-- The places of boxes by falling score, those above the threshold.
local function ranked(scores, threshold)
  local order <const> = {}
  for k, score in ipairs(scores) do
    if not threshold or score > threshold then order[#order + 1] = k end
  end
  table.sort(order, function(p, q)
    if scores[p] ~= scores[q] then return scores[p] > scores[q] end
    return p < q
  end)
  return order
end

local function kept_boxes(boxes, scores, most, limit, threshold)
  local kept <const> = {}
  for _, k in ipairs(ranked(scores, threshold)) do
    if #kept >= most then break end
    local clear = true
    for _, other in ipairs(kept) do
      if overlap(boxes[k], boxes[other]) > limit then
        clear = false
        break
      end
    end
    if clear then kept[#kept + 1] = k end
  end
  return kept
end

local function suppressed(a, boxes, scores, most, limit, threshold)
  local found <const>, all_scores <const> = {}, scores:cpu():totable()
  most, limit, threshold = op.number(most) or 0, op.number(limit) or 0.0, op.number(threshold)
  for picture, list in ipairs(boxes:cpu():totable()) do
    for k, box in ipairs(list) do list[k] = corners(box, a.center_point_box == 1) end
    for class, of_class in ipairs(all_scores[picture]) do
      for _, k in ipairs(kept_boxes(list, of_class, most, limit, threshold)) do
        found[#found + 1] = { picture - 1, class - 1, k - 1 }
      end
    end
  end
  if #found == 0 then return ops.zeros({ 0, 3 }, { dtype = "int64", device = boxes.device }) end
  return core.from_table(found, "int64"):to(boxes.device)
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

-- Points beyond the border, brought back: folded at -1 and 1, or cut at the outermost elements.
local function brought_back(grid, x, a)
  if a.padding_mode == "reflection" then
    local away <const> = ops.remainder(grid - 1, 4)
    return ops.abs(away - 2) - 1
  end
  local parts <const>, n <const> = {}, x.ndim - 2
  for k = 1, n do
    local edge <const> = a.align_corners == 1 and 1.0 or 1.0 - 1 / x:size(x.ndim + 1 - k)
    parts[k] = ops.clamp(grid:select(-1, k), -edge, edge)
  end
  return ops.stack(parts, -1)
end

op "GridSample" {
  since = 16, inputs = "X, grid",
  attributes = { align_corners = 0, mode = "linear", padding_mode = "zeros" },
  doc = "(N, C, ...) sampled at the points of a grid in [-1, 1] (Jaderberg et al., \"Spatial "
    .. "transformer networks\", 2015).",
  run = function(a, x, grid)
    local mode <const> = MODES[a.mode] or op.fail("there is no mode '%s'", a.mode)
    if mode == "bicubic" and a.padding_mode ~= "zeros" then grid = brought_back(grid, x, a) end
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
