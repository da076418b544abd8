-- Pooling.

local op = require "tocha.onnx.registry".op
local registry = require "tocha.op"
local window = require "tocha.window"
local windows = require "tocha.onnx.ops.windows"

local ops <const>, rule <const> = registry.ops, registry.rule

local function with_sizes(x, out) return { x:size(1), x:size(2), table.unpack(out) } end

local function geometry(a, x)
  local at <const> = windows.of(a, x)
  local out <const> = windows.counts(at, a.ceil_mode == 1)
  window.check_room(x, 3, out)
  return at, with_sizes(x, out)
end

-- Integers are pooled as float32, which holds those of 8 bits.
local function as_float(x, f)
  if x:is_floating_point() then return f(x) end
  local y <const>, index <const> = f(x:to "float32")
  return y:to(x.dtype), index
end

-- ---- largest ------------------------------------------------------------------------------------

-- Places in each plane, from 1 and by rows, as ONNX counts: over the whole tensor, from 0;
-- storage_order 1 counts down the first spatial dimension first.
local function whole_indices(index, x, by_columns)
  local N <const>, C <const>, plane <const> = x:size(1), x:size(2), rule.product(x.shape, 3)
  local place = index - 1
  if by_columns then
    local rest, stride, sum = place, 1, 0
    local steps <const> = {}
    for d = 3, x.ndim do
      steps[d] = stride
      stride = stride * x:size(d)
    end
    for d = x.ndim, 3, -1 do
      sum = sum + ops.remainder(rest, x:size(d)) * steps[d]
      rest = ops.floor_divide(rest, x:size(d))
    end
    place = sum
  end
  local shape <const> = { N, C }
  for d = 3, x.ndim do shape[d] = 1 end
  return place + (ops.arange(0, N * C - 1, 1, { dtype = "int64", device = x.device }) * plane)
    :reshape(shape)
end

local function max_pool(a, x)
  local at <const>, size <const> = geometry(a, x)
  local wants_indices <const> = a.outputs > 1
  local f <const> = wants_indices and ops.max_pool_with_indices or ops.max_pool
  local y <const>, index <const> = as_float(x, function(v)
    return f(v, size, at.kernel, at.stride, at.pads, at.dilation)
  end)
  return y, index and whole_indices(index, x, a.storage_order == 1)
end

op "MaxPool" {
  since = 1, inputs = "X",
  attributes = windows.attributes { ceil_mode = 0, storage_order = 0 },
  doc = "The largest elements of windows, and where they are in the whole tensor.",
  run = max_pool,
}

-- Indices are those of a MaxPool whose input had the shape that the attributes imply.
local function max_unpool(a, x, indices, output_shape)
  local at <const> = windows.of(a, x)
  local inner <const>, room <const> = with_sizes(x, {}), {}
  for d = 1, at.n do
    inner[d + 2] = (at.sizes[d] - 1) * at.stride[d] - at.pads[2 * d - 1] - at.pads[2 * d]
      + at.kernel[d]
  end
  local flat <const> = ops.zeros({ rule.product(inner) }, { dtype = x.dtype, device = x.device })
  local y <const> = ops.put(flat, indices:to "int64" + 1, x):reshape(inner)
  if not output_shape then return y end
  for d, size in ipairs(op.list(output_shape)) do
    room[2 * d - 1], room[2 * d] = 0, size - inner[d]
  end
  return ops.constant_pad_nd(y, windows.backwards(room))
end

op "MaxUnpool" {
  since = 9, inputs = "X, I, output_shape?: cpu", fold = false,
  attributes = { kernel_shape = op.ints, pads = op.ints, strides = op.ints },
  doc = "What MaxPool took, back in its places; zeros elsewhere.",
  run = max_unpool,
}

-- ---- means and norms ----------------------------------------------------------------------------

local function all_ones(list)
  for _, v in ipairs(list) do
    if v ~= 1 then return false end
  end
  return true
end

-- The sums of windows that are spread out: a convolution with ones. `outside` is what the padding
-- holds; beyond the padding there are zeros.
local function spread_sums(x, at, size, outside)
  local planes = x:reshape { x:size(1) * x:size(2), 1, table.unpack(x.shape, 3) }
  local pads <const>, out <const> = windows.backwards(at.pads), { table.unpack(size, 3) }
  planes = ops.constant_pad_nd(planes, pads, outside)
  local none <const> = window.pairs_of(rule.list(0, at.n))
  planes = window.padded(planes, out, at.kernel, at.stride, none, at.dilation)
  local ones <const> = ops.ones({ 1, 1, table.unpack(at.kernel) },
    { dtype = x.dtype, device = x.device })
  return ops["conv" .. at.n .. "d"](planes, ones, nil, at.stride, 0, at.dilation):reshape(size)
end

local function sums(x, at, size)
  if not all_ones(at.dilation) then return spread_sums(x, at, size, 0) end
  return ops.avg_pool(x, size, at.kernel, at.stride, at.pads, true, 1)
end

local function average_pool(a, x)
  local at <const>, size <const> = geometry(a, x)
  local with_pads <const> = a.count_include_pad == 1
  if all_ones(at.dilation) then
    return ops.avg_pool(x, size, at.kernel, at.stride, at.pads, with_pads, 0)
  end
  local one <const> = ops.ones({ 1, 1, table.unpack(at.sizes) },
    { dtype = x.dtype, device = x.device })
  local counts <const> = spread_sums(one, at, { 1, 1, table.unpack(size, 3) }, with_pads and 1 or 0)
  return spread_sums(x, at, size, 0) / counts
end

op "AveragePool" {
  since = 1, inputs = "X",
  attributes = windows.attributes { ceil_mode = 0, count_include_pad = 0 },
  doc = "The means of windows; padding counts where count_include_pad is 1.",
  run = average_pool,
}

op "LpPool" {
  since = 1, inputs = "X", attributes = windows.attributes { ceil_mode = 0, p = 2.0 },
  doc = "The p-norms of windows.",
  run = function(a, x)
    local at <const>, size <const> = geometry(a, x)
    return ops.pow(sums(ops.pow(ops.abs(x), a.p), at, size), 1 / a.p)
  end,
}

-- ---- whole planes -------------------------------------------------------------------------------

local function spatial_dims(x)
  local dims <const> = {}
  for d = 3, x.ndim do dims[#dims + 1] = d end
  return dims
end

op "GlobalAveragePool" {
  since = 1, inputs = "X", doc = "The mean of each channel's plane.",
  run = function(_, x) return ops.mean(x, spatial_dims(x), true) end,
}

op "GlobalMaxPool" {
  since = 1, inputs = "X", doc = "The largest element of each channel's plane.",
  run = function(_, x) return ops.amax(x, spatial_dims(x), true) end,
}

op "GlobalLpPool" {
  since = 1, inputs = "X", attributes = { p = 2.0 }, doc = "The p-norm of each channel's plane.",
  run = function(a, x)
    return ops.pow(ops.sum(ops.pow(ops.abs(x), a.p), spatial_dims(x), true), 1 / a.p)
  end,
}

-- ---- regions ------------------------------------------------------------------------------------

-- Pictures are counted from 0.
local function max_roi_pool(a, x, rois)
  local numbered <const> = ops.cat({ rois:narrow(2, 1, 1) + 1, rois:narrow(2, 2, 4) }, 2)
  return require "tocha.vision.ops".roi_pool(x, numbered, a.pooled_shape, a.spatial_scale)
end

op "MaxRoiPool" {
  since = 1, inputs = "X, rois", attributes = { pooled_shape = op.ints, spatial_scale = 1.0 },
  doc = "The largest elements of the bins of each region; rois are (R, 5), the picture and the "
    .. "corners (Girshick, \"Fast R-CNN\", 2015).",
  run = max_roi_pool,
}
