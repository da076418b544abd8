-- Regions of a feature map, brought to one size: RoIAlign (He et al., "Mask R-CNN", 2017) and
-- RoIPool (Girshick, "Fast R-CNN", 2015).
--
-- RoIAlign is the mean of points between pixels, and the weight of a pixel is that of its row times
-- that of its column: so it is two products of matrices, rows x picture x columns.

local core = require "tocha.core"
local tocha = require "tocha"
local nn = require "tocha.nn"
local boxes = require "tocha.vision.ops.boxes"

local roi <const> = {}

local function zeros(x, sizes) return tocha.zeros(sizes, { dtype = x.dtype, device = x.device }) end

-- ---- arguments ----------------------------------------------------------------------------------

local function pair(name, k, size)
  if type(size) ~= "table" then size = { size, size } end
  for d = 1, 2 do
    if math.type(size[d]) ~= "integer" or size[d] < 1 or #size ~= 2 then
      core.fail(name, k, "'output_size': expected an integer above 0 or {height, width}")
    end
  end
  return size[1], size[2]
end

-- A list of (K, 4) boxes, one for each picture, or (K, 5) with the picture's number, from 1, in
-- front: the numbers as a list, and (K, 4).
local function read_boxes(name, x, regions)
  if type(regions) == "table" and not core.is_tensor(regions) then
    local numbers <const> = {}
    for b, each in ipairs(regions) do
      for _ = 1, each:size(1) do numbers[#numbers + 1] = b end
    end
    if #regions == 0 then return numbers, tocha.zeros(0, 4, { device = x.device }) end
    return numbers, boxes.check(name, 2, tocha.cat(regions, 1))
  end
  if not core.is_tensor(regions) or regions.ndim ~= 2 or regions:size(2) ~= 5 then
    core.fail(name, 2, "expected a list of boxes (K, 4), or a (K, 5) tensor")
  end
  return regions:select(2, 1):long():totable(), regions:narrow(2, 2, 4)
end

local function check(name, x, regions)
  if not core.is_tensor(x) or x.ndim ~= 4 then
    core.fail(name, 1, "expected a map (B, C, H, W)")
  end
  local numbers <const>, corners <const> = read_boxes(name, x, regions)
  for _, b in ipairs(numbers) do
    if b < 1 or b > x:size(1) then
      core.fail(name, 2, "a box in picture %d, and there are %d", b, x:size(1))
    end
  end
  return numbers, corners:detach():to(x.dtype)
end

-- ---- RoIAlign -----------------------------------------------------------------------------------

local MOST_POINTS <const> = 4096  -- in a bin: that of any box that lies anywhere near its picture

local function largest(points)
  local most <const> = points:max():item()
  if most <= MOST_POINTS then return math.max(1, math.tointeger(most)) end
  core.fail("roi_align", 2,
    "a box with %g points in a bin (at most %d): is it finite, and in pixels?", most, MOST_POINTS)
end

-- The weight of each of `size` pixels of a line for each of `bins`, (K, bins, size); regions reach
-- from `first` to `last` (K,). Points at most one pixel outside take the edge's value.
local function line_weights(first, last, bins, size, sampling, aligned)
  local length = last - first
  if not aligned then length = length:clamp(1) end
  local step <const> = length / bins
  local points <const> = sampling > 0 and step * 0 + sampling or step:ceil():clamp(0)  -- (K,)
  local most <const> = largest(points)
  local options <const> = { dtype = first.dtype, device = first.device }
  local function column(v) return v:reshape { -1, 1, 1 } end
  local bin <const> = tocha.arange(0, bins - 1, 1, options):reshape { 1, bins, 1 }
  local point <const> = tocha.arange(0, most - 1, 1, options):reshape { 1, 1, most }
  local at <const> = column(first) + bin * column(step)
    + (point + 0.5) * column(step / points:clamp(1))                              -- (K, bins, most)
  local counts <const> = at:ge(-1):logical_and(at:le(size)):logical_and(point:lt(column(points)))
  local pixel <const> = tocha.arange(0, size - 1, 1, options)
  local near <const> = (1 - (at:clamp(0, size - 1):unsqueeze(-1) - pixel):abs()):relu()
  return (near * counts:unsqueeze(-1):to(first.dtype)):sum(3) / column(points:clamp(1))
end

local MOST <const> = 1 << 24  -- elements of what is held at once

-- map is (C, H, W); rows (K, h, H) and columns (K, w, W): (K, C, h, w)
local function weigh(map, rows, columns)
  local C <const>, H <const>, W <const> = map:size(1), map:size(2), map:size(3)
  local K <const>, h <const> = rows:size(1), rows:size(2)
  local flat <const> = map:permute(2, 1, 3):reshape(H, C * W)
  local lines <const> = rows:reshape(K * h, H):matmul(flat):reshape { K, h, C, W }
  return lines:reshape(K, h * C, W):matmul(columns:transpose(2, 3))
    :reshape { K, h, C, columns:size(2) }:permute(1, 3, 2, 4)
end

-- The regions from..to, all in one picture, a few at a time.
local function align_picture(parts, map, rows, columns, from, to)
  local each <const> = map:size(1) * map:size(3) * rows:size(2)
  local few <const> = math.max(1, MOST // math.max(1, each))
  for k = from, to, few do
    local n <const> = math.min(few, to - k + 1)
    parts[#parts + 1] = weigh(map, rows:narrow(1, k, n), columns:narrow(1, k, n))
  end
end

--- ops.roi_align(input, boxes, output_size, {spatial_scale = 1, sampling_ratio = -1, aligned =
--- false}): each region of a map (B, C, H, W) as (h, w) means: (K, C, h, w). boxes: a list of (K,
--- 4) tensors, one for each picture, or a (K, 5) tensor that begins with the picture's number, from
--- 1. sampling_ratio: points a bin in each direction, or -1 for as many as pixels; aligned: half a
--- pixel less, which is right. No gradient for boxes.
function roi.roi_align(x, regions, size, options)
  local o <const> = options or {}
  local h <const>, w <const> = pair("roi_align", 3, size)
  local numbers <const>, corners <const> = check("roi_align", x, regions)
  if #numbers == 0 then return zeros(x, { 0, x:size(2), h, w }) end
  local shift <const> = o.aligned and 0.5 or 0
  local x1 <const>, y1 <const>, x2 <const>, y2 <const> =
    boxes.columns(corners * (o.spatial_scale or 1) - shift)
  local sampling <const>, aligned <const> = o.sampling_ratio or -1, o.aligned or false
  local rows <const> = line_weights(y1, y2, h, x:size(3), sampling, aligned)
  local columns <const> = line_weights(x1, x2, w, x:size(4), sampling, aligned)
  local parts <const>, from = {}, 1
  for k = 1, #numbers do
    if numbers[k + 1] ~= numbers[k] then
      align_picture(parts, x:select(1, numbers[k]), rows, columns, from, k)
      from = k + 1
    end
  end
  return tocha.cat(parts, 1)
end

-- ---- RoIPool ------------------------------------------------------------------------------------

-- Round half away from zero, as C does.
local function round(v) return v < 0 and math.ceil(v - 0.5) or math.floor(v + 0.5) end

-- The pixels, from 1, of bin k of `bins`; nothing where the second is less.
local function bin_of(first, length, k, bins, size)
  local from <const> = math.floor((k - 1) * length / bins) + first
  local to <const> = math.ceil(k * length / bins) + first
  return math.max(0, math.min(from, size)) + 1, math.max(0, math.min(to, size))
end

local function pool_bin(map, top, bottom, left, right)
  if bottom < top or right < left then return zeros(map, { map:size(1) }) end
  return (map:narrow(2, top, bottom - top + 1):narrow(3, left, right - left + 1):flatten(2):max(2))
end

-- map is (C, H, W): (C, h, w)
local function pool_region(map, box, h, w)
  local x1 <const>, y1 <const> = round(box[1]), round(box[2])
  local wide <const> = math.max(round(box[3]) - x1 + 1, 1)
  local high <const> = math.max(round(box[4]) - y1 + 1, 1)
  local values <const> = {}
  for i = 1, h do
    local top <const>, bottom <const> = bin_of(y1, high, i, h, map:size(2))
    for j = 1, w do
      local left <const>, right <const> = bin_of(x1, wide, j, w, map:size(3))
      values[#values + 1] = pool_bin(map, top, bottom, left, right)
    end
  end
  return tocha.stack(values, 2):reshape { map:size(1), h, w }
end

--- ops.roi_pool(input, boxes, output_size, spatial_scale = 1): the greatest value in each of (h, w)
--- bins of each region: (K, C, h, w). Boxes as for roi_align; bins are of whole pixels, and 0 where
--- they hold none.
function roi.roi_pool(x, regions, size, spatial_scale)
  local h <const>, w <const> = pair("roi_pool", 3, size)
  local numbers <const>, corners <const> = check("roi_pool", x, regions)
  if #numbers == 0 then return zeros(x, { 0, x:size(2), h, w }) end
  local pooled <const> = {}
  for k, box in ipairs((corners * (spatial_scale or 1)):totable()) do
    pooled[k] = pool_region(x:select(1, numbers[k]), box, h, w)
  end
  return tocha.stack(pooled, 1)
end

-- ---- layers -------------------------------------------------------------------------------------

--- ops.RoIAlign(output_size, spatial_scale, sampling_ratio, aligned = false): roi_align as a
--- module, called with a map and boxes.
local RoIAlign <const> = nn.Module:extend("RoIAlign",
  "output_size, spatial_scale, sampling_ratio, aligned = false")
roi.RoIAlign = RoIAlign

function RoIAlign:forward(x, regions) return roi.roi_align(x, regions, self.output_size, self) end

--- ops.RoIPool(output_size, spatial_scale): roi_pool as a module.
local RoIPool <const> = nn.Module:extend("RoIPool", "output_size, spatial_scale")
roi.RoIPool = RoIPool

function RoIPool:forward(x, regions)
  return roi.roi_pool(x, regions, self.output_size, self.spatial_scale)
end

--- ops.MultiScaleRoIAlign(output_size, sampling_ratio, {canonical_scale = 224, canonical_level =
--- 4}): each region from the level of a pyramid that fits its size. Called with a list of maps, the
--- finest first, a list of boxes for each picture and the pictures' {height, width}. Lin et al.,
--- "Feature Pyramid Networks for Object Detection" (2017), equation 1.
local MultiScaleRoIAlign <const> = nn.Module:extend("MultiScaleRoIAlign",
  "output_size, sampling_ratio, canonical_scale = 224, canonical_level = 4")
roi.MultiScaleRoIAlign = MultiScaleRoIAlign

-- Scales are powers of 2: what a map is to the largest picture.
local function scale_of(map, sizes)
  local height = 0
  for _, size in ipairs(sizes) do height = math.max(height, size[1]) end
  return 2.0 ^ round(math.log(map:size(3) / height, 2))
end

function MultiScaleRoIAlign:levels_of(corners, first, last)
  local side <const> = boxes.box_area(corners):sqrt()
  local level <const> = (side / self.canonical_scale):log2() + self.canonical_level + 1e-6
  return level:floor():clamp(first, last)
end

function MultiScaleRoIAlign:forward(maps, regions, sizes)
  local numbers <const>, corners <const> = check("MultiScaleRoIAlign", maps[1], regions)
  local h <const>, w <const> = pair("MultiScaleRoIAlign", 1, self.output_size)
  local y <const> = zeros(maps[1], { #numbers, maps[1]:size(2), h, w })
  if #numbers == 0 then return y end
  local first <const> = -math.log(scale_of(maps[1], sizes), 2)
  local last <const> = -math.log(scale_of(maps[#maps], sizes), 2)
  local level <const> = self:levels_of(corners, first, last)
  local places <const>, parts <const> = {}, {}
  local numbered <const> = tocha.cat({ tocha.tensor(numbers, { dtype = corners.dtype,
    device = corners.device }):unsqueeze(2), corners }, 2)
  for k, map in ipairs(maps) do
    local here <const> = level:eq(first + k - 1):nonzero():select(2, 1)
    places[k] = here
    parts[k] = roi.roi_align(map, numbered:index_select(1, here), { h, w },
      { spatial_scale = scale_of(map, sizes), sampling_ratio = self.sampling_ratio })
  end
  return y:index_copy(1, tocha.cat(places, 1), tocha.cat(parts, 1))
end

return roi
