-- Sizes and the order of elements: Reshape, Transpose, Concat, Split, Pad, Slice and their like.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local rule = require "tocha.rule"
local op = require "tocha.onnx.registry".op
local types = require "tocha.onnx.types"

local product <const> = rule.product

-- ---- sizes --------------------------------------------------------------------------------------

local function of_list(list)
  if #list == 0 then return core.empty({ 0 }, "int64") end
  return core.from_table(list, "int64")
end

op "Shape" {
  since = 1, inputs = "data", attributes = { start = 0, ["end"] = op.int }, types = "none",
  doc = "The sizes from dimension `start` up to `end`",
  run = function(a, x)
    local n <const>, sizes <const> = x.ndim, {}
    local function within(axis) return math.max(0, math.min(axis < 0 and axis + n or axis, n)) end
    local first <const>, last <const> = within(a.start), within(a["end"] or n)
    for d = first + 1, last do sizes[#sizes + 1] = x:size(d) end
    return of_list(sizes)
  end,
}

op "Size" {
  since = 1, inputs = "data", types = "none", doc = "The number of elements",
  run = function(_, x) return core.from_table(x:numel(), "int64") end,
}

op "Reshape" {
  since = 1, inputs = "data, shape?: cpu", doc = "Other sizes; 0 keeps one, -1 takes the rest",
  attributes = { allowzero = 0, shape = op.ints, consumed_inputs = op.ints },
  run = function(a, x, shape)
    local sizes <const> = op.list(shape or a.shape or {})
    for d, size in ipairs(sizes) do
      if size == 0 and a.allowzero == 0 then sizes[d] = x:size(d) end
    end
    return x:reshape(sizes)
  end,
}

op "Flatten" {
  since = 1, inputs = "input", attributes = { axis = 1 },
  doc = "A matrix: the dimensions before `axis`, and the others",
  run = function(a, x)
    local axis <const> = a.axis < 0 and a.axis + x.ndim or a.axis
    local shape <const> = x.shape
    return x:reshape { product(shape, 1, axis), product(shape, axis + 1) }
  end,
}

op "Squeeze" {
  since = 1, inputs = "data, axes?: cpu", attributes = { axes = op.ints },
  doc = "Without dimensions of size 1 (`axes`, or all)",
  run = function(a, x, axes)
    axes = axes and op.list(axes) or a.axes
    if not axes then return x:squeeze() end
    local gone <const>, shape <const> = {}, {}
    for _, d in ipairs(op.axes(axes, x.ndim)) do
      if x:size(d) ~= 1 then op.fail("axis %d is of size %d, not 1", d - 1, x:size(d)) end
      gone[d] = true
    end
    for d, size in ipairs(x.shape) do
      if not gone[d] then shape[#shape + 1] = size end
    end
    return x:reshape(shape)
  end,
}

op "Unsqueeze" {
  since = 1, inputs = "data, axes?: cpu", attributes = { axes = op.ints },
  doc = "With new dimensions of size 1 at `axes` of the result",
  run = function(a, x, axes)
    axes = op.list(axes or a.axes or op.fail "it has no axes")
    local n <const>, is_new <const>, shape <const> = x.ndim + #axes, {}, {}
    for _, d in ipairs(op.axes(axes, n)) do is_new[d] = true end
    local sizes <const>, at = x.shape, 0
    for d = 1, n do
      if not is_new[d] then at = at + 1 end
      shape[d] = is_new[d] and 1 or sizes[at]
    end
    return x:reshape(shape)
  end,
}

op "Expand" {
  since = 8, inputs = "input, shape: cpu", doc = "Broadcast against the sizes `shape`",
  fold = false,
  run = function(_, x, shape)
    local wanted <const> = op.list(shape)
    local sizes <const>, s <const>, t <const> = rule.broadcast_shapes(x.shape, wanted)
    if not sizes then op.fail("sizes %d and %d do not broadcast", s, t) end
    return x:expand(sizes)
  end,
}

op "Tile" {
  since = 1, inputs = "input, repeats: cpu, axis?: cpu", fold = false,
  doc = "Repeated along each dimension (before version 6: `repeats` times along `axis`)",
  run = function(_, x, repeats, axis)
    local times = op.list(repeats)
    if axis then
      local list <const> = {}
      for d = 1, x.ndim do list[d] = 1 end
      list[op.axis(op.number(axis), x.ndim)], times = times[1], list
    end
    return #times == 0 and ops.alias(x) or x:tile(times)
  end,
}

-- ---- order --------------------------------------------------------------------------------------

local function reversed_dims(n)
  local dims <const> = {}
  for d = 1, n do dims[d] = n + 1 - d end
  return dims
end

op "Transpose" {
  since = 1, inputs = "data", attributes = { perm = op.ints },
  doc = "Dimensions in the order `perm`, or turned round",
  run = function(a, x)
    local dims <const> = a.perm and op.axes(a.perm, x.ndim) or reversed_dims(x.ndim)
    return x.ndim == 0 and ops.alias(x) or x:permute(dims)
  end,
}

-- Spatial dimensions after N and C are split or joined by b: how the parts stand in the channels.
local ORDERS <const> = {
  DCR = { split = { "b1", "b2", "c" }, at = { c = 4, b1 = 2, b2 = 3 } },
  CRD = { split = { "c", "b1", "b2" }, at = { c = 2, b1 = 3, b2 = 4 } },
}

local function order_of(a)
  return ORDERS[a.mode] or op.fail("mode is DCR or CRD, not '%s'", a.mode)
end

op "DepthToSpace" {
  since = 1, inputs = "input", attributes = { blocksize = op.need.int, mode = "DCR" },
  doc = "Blocks of pixels from the channels",
  run = function(a, x)
    local order <const>, b <const> = order_of(a), a.blocksize
    local n <const>, c <const>, h <const>, w <const> = table.unpack(x.shape)
    local size <const> = { b1 = b, b2 = b, c = c // (b * b) }
    local at <const>, split <const> = order.at, order.split
    local parts <const> = { n, size[split[1]], size[split[2]], size[split[3]], h, w }
    return x:reshape(parts):permute { 1, at.c, 5, at.b1, 6, at.b2 }
      :reshape { n, size.c, h * b, w * b }
  end,
}

op "SpaceToDepth" {
  since = 1, inputs = "input", attributes = { blocksize = op.need.int, mode = "DCR" },
  doc = "Blocks of pixels into the channels",
  run = function(a, x)
    local order <const>, b <const> = order_of(a), a.blocksize
    local n <const>, c <const>, h <const>, w <const> = table.unpack(x.shape)
    local from <const> = { c = 2, b1 = 4, b2 = 6 }
    local s <const> = order.split
    return x:reshape { n, c, h // b, b, w // b, b }
      :permute { 1, from[s[1]], from[s[2]], from[s[3]], 3, 5 }
      :reshape { n, c * b * b, h // b, w // b }
  end,
}

-- ---- parts --------------------------------------------------------------------------------------

op "Concat" {
  since = 1, inputs = "inputs...", attributes = { axis = op.int },
  doc = "Joined along `axis` (1 where it is not given, before version 4)",
  run = function(a, ...)
    local list <const> = { ... }
    return ops.cat(list, op.axis(a.axis or 1, list[1].ndim))
  end,
}

local function equal_sizes(total, n)
  local sizes <const>, each <const> = {}, (total + n - 1) // n
  for k = 1, n do sizes[k] = math.max(0, math.min(each, total - (k - 1) * each)) end
  return sizes
end

local function split(x, sizes, dim)
  local parts <const>, at = {}, 1
  for k, size in ipairs(sizes) do
    parts[k], at = x:narrow(dim, at, size), at + size
  end
  if at ~= x:size(dim) + 1 then
    op.fail("parts of %d in all of a dimension of size %d", at - 1, x:size(dim))
  end
  return parts
end

op "Split" {
  since = 1, inputs = "input, split?: cpu", types = "all",
  attributes = { axis = 0, split = op.ints, num_outputs = op.int },
  doc = "Parts along `axis`, of the sizes `split` or equal ones",
  run = function(a, x, sizes)
    local dim <const> = op.axis(a.axis, x.ndim)
    sizes = sizes and op.list(sizes) or a.split
    sizes = sizes or equal_sizes(x:size(dim), a.num_outputs or a.outputs)
    return table.unpack(split(x, sizes, dim))
  end,
}

-- One axis of a slice: the first element and how many. As in Python, but that a start before the
-- beginning is the beginning for negative steps too.
local function span(size, first, last, step)
  if step == 0 then op.fail "a step of 0" end
  if size == 0 then return 0, 0 end
  local function from_end(k) return k < 0 and k + size or k end
  local high <const>, before <const> = step > 0 and size or size - 1, step > 0 and 0 or -1
  local from <const> = math.max(0, math.min(from_end(first), high))
  local to <const> = math.max(before, math.min(from_end(last), high))
  local count <const> = step > 0 and (to - from + step - 1) // step
    or (from - to - step - 1) // -step
  return from, math.max(count, 0)
end

local function slice(x, dim, first, last, step)
  local from <const>, count <const> = span(x:size(dim), first, last, step)
  if count == 0 then return x:narrow(dim, 1, 0) end
  local to <const> = from + (count - 1) * step
  if step > 0 then return x:slice(dim, from + 1, to + 1, step) end
  return x:slice(dim, to + 1, from + 1, -step):flip { dim }
end

op "Slice" {
  since = 1, inputs = "data, starts?: cpu, ends?: cpu, axes?: cpu, steps?: cpu",
  attributes = { starts = op.ints, ends = op.ints, axes = op.ints },
  doc = "From `starts` up to `ends` by `steps`, as in Python",
  run = function(a, x, starts, ends, axes, steps)
    starts, ends = op.list(starts or a.starts), op.list(ends or a.ends)
    axes, steps = axes and op.list(axes) or a.axes, steps and op.list(steps) or {}
    for k, first in ipairs(starts) do
      local dim <const> = op.axis(axes and axes[k] or k - 1, x.ndim)
      x = slice(x, dim, first, ends[k], steps[k] or 1)
    end
    return ops.alias(x)
  end,
}

-- ---- borders ------------------------------------------------------------------------------------

-- Where element k (from 0, also outside) of a border comes from among n.
local BORDERS <const> = {
  edge = function(k, n) return math.max(0, math.min(k, n - 1)) end,
  wrap = function(k, n) return k % n end,
  reflect = function(k, n)
    local period <const> = math.max(2 * (n - 1), 1)
    local at <const> = k % period
    return at < n and at or period - at
  end,
}

local function extend(x, dim, before, after, source)
  local n <const>, places <const> = x:size(dim), {}
  if n == 0 and before + after > 0 then op.fail "a dimension without elements has no border" end
  for k = -before, n - 1 + after do places[#places + 1] = source(k, n) + 1 end
  return x:index_select(dim, of_list(places):to(x.device))
end

-- pads by dimension: { before, after }
local function pad_pairs(pads, axes, ndim)
  local pairs_ <const>, n <const> = {}, axes and #axes or ndim
  for k = 1, n do
    pairs_[op.axis(axes and axes[k] or k - 1, ndim)] = { pads[k] or 0, pads[k + n] or 0 }
  end
  return pairs_
end

local function pad_constant(x, pairs_, value)
  local flat <const> = {}
  for d = x.ndim, 1, -1 do
    local pair <const> = pairs_[d] or { 0, 0 }
    flat[#flat + 1], flat[#flat + 2] = pair[1], pair[2]
  end
  if x.dtype == "bool" then
    return x:to "uint8":constant_pad_nd(flat, value and 1 or 0):to "bool"
  end
  return x:constant_pad_nd(flat, value)
end

local function fill_value(x, value)
  if value == nil then return types.of(x).name == "string" and types.intern "" or 0 end
  return core.is_tensor(value) and op.number(value) or value
end

op "Pad" {
  since = 1, inputs = "data, pads?: cpu, constant_value?: cpu, axes?: cpu", fold = false,
  attributes = { mode = "constant", pads = op.ints, paddings = op.ints, value = 0.0 },
  doc = "Borders: constant, reflect, edge or wrap; negative ones cut off",
  run = function(a, x, pads, value, axes)
    local pairs_ <const> = pad_pairs(op.list(pads or a.pads or a.paddings),
      axes and op.list(axes), x.ndim)
    if a.mode == "constant" then
      if x.ndim == 0 then return ops.alias(x) end
      return pad_constant(x, pairs_, fill_value(x, value or pads == nil and a.value or nil))
    end
    local source <const> = BORDERS[a.mode] or op.fail("unknown mode '%s'", a.mode)
    for d, pair in pairs(pairs_) do
      if pair[1] ~= 0 or pair[2] ~= 0 then x = extend(x, d, pair[1], pair[2], source) end
    end
    return ops.alias(x)
  end,
}

op "CenterCropPad" {
  since = 18, inputs = "input_data, shape: cpu", attributes = { axes = op.ints }, fold = false,
  doc = "Cut off or filled up with zeros on both sides, to the sizes `shape`",
  run = function(a, x, shape)
    local pairs_ <const> = {}
    for k, size in ipairs(op.list(shape)) do
      local dim <const> = op.axis(a.axes and a.axes[k] or k - 1, x.ndim)
      local more <const> = size - x:size(dim)
      local before <const> = more >= 0 and more // 2 or -(-more // 2)
      pairs_[dim] = { before, more - before }
    end
    return pad_constant(x, pairs_, fill_value(x))
  end,
}

-- ---- patches ------------------------------------------------------------------------------------

-- Places (from 1) along one dimension where the blocks' elements go: (k, L) flat.
local function axis_places(size, k, stride, dilation, pad)
  local count <const> = (size + pad[1] + pad[2] - dilation * (k - 1) - 1) // stride + 1
  local block <const> = ops.arange(0, k - 1):reshape { k, 1 } * dilation
  return block + ops.arange(0, count - 1):reshape { 1, count } * stride, count
end

op "Col2Im" {
  since = 18, inputs = "input, image_shape: cpu, block_shape: cpu",
  attributes = { dilations = op.ints, pads = op.ints, strides = op.ints },
  doc = "The sum of blocks (N, C x block, L) at their places in an image",
  run = function(a, x, image_shape, block_shape)
    local image <const>, block <const> = op.list(image_shape), op.list(block_shape)
    local n <const>, padded <const>, rows <const> = #image, {}, {}
    local place, columns = ops.zeros({ 1, 1 }, { dtype = "int64" }), 1
    for d = 1, n do
      local pad <const> = { a.pads and a.pads[d] or 0, a.pads and a.pads[d + n] or 0 }
      padded[d], rows[d] = image[d] + pad[1] + pad[2], pad
      local at <const>, count <const> = axis_places(image[d], block[d],
        a.strides and a.strides[d] or 1, a.dilations and a.dilations[d] or 1, pad)
      local k <const>, size <const> = block[d], place.shape
      place = (place:reshape { size[1], 1, size[2], 1 } * padded[d]
        + at:reshape { 1, k, 1, count }):reshape { size[1] * k, size[2] * count }
      columns = columns * count
    end
    local channels <const> = x:size(2) // product(block)
    local flat <const> = x:reshape { x:size(1) * channels, -1 }
    local like <const> = { dtype = x.dtype, device = x.device }
    local sums = ops.zeros({ flat:size(1), product(padded) }, like)
    sums = sums:index_add(2, (place:reshape { -1 } + 1):to(x.device), flat)
    local y = sums:reshape { x:size(1), channels, table.unpack(padded) }
    for d = 1, n do y = y:narrow(d + 2, rows[d][1] + 1, image[d]) end
    return y
  end,
}
