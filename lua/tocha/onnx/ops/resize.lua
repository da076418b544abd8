-- Resize and Upsample: a table of weights along each dimension (tocha.window), as ONNX defines
-- coordinates, filters and borders.

local core = require "tocha.core"
local op = require "tocha.onnx.registry".op
local registry = require "tocha.op"
local window = require "tocha.window"

local ops <const> = registry.ops

-- ---- where a result comes from ------------------------------------------------------------------

-- mode -> place in the input (from 0) of result o (from 0). `s` is { inputs, outputs, scale, wide
-- (scale * inputs), first, last (of the region, for tf_crop_and_resize) }.
local COORDINATES <const> = {
  half_pixel = function(o, s) return (o + 0.5) / s.scale - 0.5 end,
  asymmetric = function(o, s) return o / s.scale end,
  tf_half_pixel_for_nn = function(o, s) return (o + 0.5) / s.scale end,
}

function COORDINATES.pytorch_half_pixel(o, s)
  return s.wide == 1 and -0.5 or COORDINATES.half_pixel(o, s)
end

function COORDINATES.align_corners(o, s)
  return s.wide == 1 and 0.0 or o * (s.inputs - 1) / (s.wide - 1)
end

-- The middle of the input stays in the middle, where the size was rounded.
function COORDINATES.half_pixel_symmetric(o, s)
  return s.inputs / 2 * (1 - s.outputs / s.wide) + COORDINATES.half_pixel(o, s)
end

function COORDINATES.tf_crop_and_resize(o, s)
  local span <const> = (s.last - s.first) * (s.inputs - 1)
  return s.first * (s.inputs - 1) + (s.wide == 1 and span / 2 or o * span / (s.wide - 1))
end

-- ---- nearest ------------------------------------------------------------------------------------

local ROUND <const> = {
  floor = math.floor, ceil = math.ceil,
  round_prefer_floor = function(at) return math.ceil(at - 0.5) end,
  round_prefer_ceil = function(at) return math.floor(at + 0.5) end,
}

local function nearest(x, dim, places, s, mode)
  local index <const>, round <const> = {}, ROUND[mode] or op.fail("unknown mode '%s'", mode)
  for o, at in ipairs(places) do
    index[o] = math.max(0, math.min(round(at), s.inputs - 1)) + 1
  end
  return ops.index_select(x, dim, core.from_table(index, "int64"):to(x.device))
end

-- ---- filters ------------------------------------------------------------------------------------

-- Taps around each place: the filter reaches `reach`, or (antialias) as far in the result. Taps
-- beyond the border see the border, or count nothing.
local function filtered(x, dim, places, s, f, reach, a)
  local wide <const> = a.antialias == 1 and math.max(1 / s.scale, 1.0) or 1.0
  local from <const> = math.floor(-reach * wide) + 1
  local index <const>, weight <const> = {}, {}
  for _, at in ipairs(places) do
    local base <const>, sum = math.ceil(at) - 1, 0.0
    local first <const> = #index
    for j = from, 1 - from do
      local k <const> = base + j
      local inside <const> = k >= 0 and k < s.inputs
      local w <const> = (inside or a.exclude_outside ~= 1) and f((k - at) / wide) or 0.0
      index[#index + 1], weight[#weight + 1] = math.max(0, math.min(k, s.inputs - 1)) + 1, w
      sum = sum + w
    end
    if a.antialias == 1 or a.exclude_outside == 1 then
      for k = first + 1, #weight do weight[k] = weight[k] / (sum ~= 0 and sum or 1.0) end
    end
  end
  local indices <const>, weights <const> = window.tensors({ index, weight }, #places, x)
  return ops.resample(x, indices, weights, dim)
end

local function along(x, dim, s, a)
  local coordinate <const> = a.coordinate_transformation_mode
  local place <const> = COORDINATES[coordinate]
    or op.fail("there is no coordinate transformation '%s'", tostring(coordinate))
  local places <const>, outside <const>, any = {}, {}, false
  for o = 1, s.outputs do
    places[o] = place(o - 1, s)
    outside[o] = coordinate == "tf_crop_and_resize"
      and (places[o] < 0 or places[o] > s.inputs - 1)
    any = any or outside[o]
  end
  local y
  if a.mode == "nearest" then y = nearest(x, dim, places, s, a.nearest_mode)
  elseif a.mode == "linear" then y = filtered(x, dim, places, s, window.hat, 1, a)
  else
    y = filtered(x, dim, places, s, function(t) return window.cubic(t, a.cubic_coeff_a) end, 2, a)
  end
  if not any then return y end
  local shape <const> = {}
  for d = 1, x.ndim do shape[d] = d == dim and -1 or 1 end
  local mask <const> = core.from_table(outside, "bool"):to(x.device):reshape(shape)
  return ops.masked_fill(y, mask:expand(y.shape), a.extrapolation_value)
end

-- ---- sizes --------------------------------------------------------------------------------------

local function axes_of(a, x)
  if a.axes then return op.axes(a.axes, x.ndim) end
  local axes <const> = {}
  for d = 1, x.ndim do axes[d] = d end
  return axes
end

-- The one factor that keeps the proportions.
local function common_scale(x, axes, sizes, policy)
  local choose <const> = policy == "not_larger" and math.min or math.max
  local scale = sizes[1] / x:size(axes[1])
  for k, d in ipairs(axes) do scale = choose(scale, sizes[k] / x:size(d)) end
  return scale
end

-- dimension -> { inputs, outputs, scale, wide, first, last }
local function steps_of(a, x, axes, roi, scales, sizes)
  local policy <const>, steps <const> = a.keep_aspect_ratio_policy, {}
  local common <const> = sizes and policy ~= "stretch" and common_scale(x, axes, sizes, policy)
  for k, d in ipairs(axes) do
    local inputs <const> = x:size(d)
    local scale <const> = scales and scales[k] or common or sizes[k] / inputs
    local outputs <const> = scales and math.floor(scale * inputs)
      or common and math.floor(common * inputs + 0.5) or sizes[k]
    steps[d] = { inputs = inputs, outputs = outputs, scale = scale, wide = scale * inputs,
      first = roi and roi[k] or 0.0, last = roi and roi[#axes + k] or 1.0 }
  end
  return steps
end

local function is_identity(s)
  return s.outputs == s.inputs and math.abs(s.scale - 1) < 1e-9 and s.first == 0 and s.last == 1
end

local RANGES <const> = { uint8 = { 0, 255 }, int8 = { -128, 127 }, int16 = { -32768, 32767 } }

-- Integers are filtered as float32 and cut to their range.
local function as_float(x, mode, f)
  if mode == "nearest" or x:is_floating_point() then return f(x) end
  local y, range <const> = f(x:to "float32"), RANGES[x.dtype]
  if range then y = ops.clamp(y, range[1], range[2]) end
  return y:to(x.dtype)
end

local ATTRIBUTES <const> = {
  axes = op.ints, mode = "nearest", coordinate_transformation_mode = "half_pixel",
  cubic_coeff_a = -0.75, nearest_mode = "round_prefer_floor", extrapolation_value = 0.0,
  exclude_outside = 0, keep_aspect_ratio_policy = "stretch", antialias = 0,
}

-- What Upsample and the first Resize did.
local OLD <const> = { coordinate_transformation_mode = "asymmetric", nearest_mode = "floor",
  exclude_outside = 0, antialias = 0, keep_aspect_ratio_policy = "stretch" }

local MODES <const> = { nearest = true, linear = true, cubic = true }

-- The attributes, with some set from here.
local function options_of(a, changes)
  local options <const> = {}
  for name, value in pairs(a) do options[name] = value end
  for name, value in pairs(changes or {}) do options[name] = value end
  if options.mode == "bilinear" then options.mode = "linear" end
  if not MODES[options.mode] then op.fail("there is no mode '%s'", options.mode) end
  return options
end

local function list_of(t) return t and t:numel() > 0 and op.list(t) or nil end

local function resized(a, x, roi, scales, sizes)
  if (scales == nil) == (sizes == nil) then
    op.fail("give either scales or sizes")
  end
  local axes <const> = axes_of(a, x)
  local steps <const> = steps_of(a, x, axes, roi, scales, sizes)
  local out <const> = x.shape
  for d, s in pairs(steps) do out[d] = s.outputs end
  window.check_room(x, 1, out)
  return as_float(x, a.mode, function(y)
    for _, d in ipairs(axes) do
      if not is_identity(steps[d]) then y = along(y, d, steps[d], a) end
    end
    return y
  end)
end

op "Resize" {
  since = 10, inputs = "X, roi?: cpu, scales?: cpu, sizes?: cpu", attributes = ATTRIBUTES,
  doc = "Resized by scales or to sizes: nearest, linear or cubic, with a choice of coordinates, "
    .. "borders and antialiasing.",
  run = function(a, x, roi, scales, sizes)
    if a.opset < 11 then return resized(options_of(a, OLD), x, nil, list_of(roi)) end
    return resized(options_of(a), x, list_of(roi), list_of(scales), list_of(sizes))
  end,
}

op "Upsample" {
  since = 1, inputs = "X, scales?: cpu",
  attributes = { mode = "nearest", scales = op.floats, height_scale = 1.0, width_scale = 1.0 },
  doc = "Resize as it was before version 10: nearest or linear by whole or broken factors.",
  run = function(a, x, scales)
    local factors <const> = list_of(scales) or a.scales
      or { 1.0, 1.0, a.height_scale, a.width_scale }
    return resized(options_of(a, OLD), x, nil, factors)
  end,
}
