-- Interpolation: a sparse linear map along each spatial dimension, with weights made here.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local window = require "tocha.window"
local filter = require "tocha.filter"

local kernel <const>, text <const> = core.kernel, rule.text

-- ---- the linear map -----------------------------------------------------------------------------

local function check_table(name, index, weight)
  if index.ndim ~= 2 or text(index.shape) ~= text(weight.shape) then
    core.fail(name, 2, "expected index and weight of one shape (outputs, taps), got %s and %s",
      text(index.shape), text(weight.shape))
  end
end

-- Weights of tap t, shaped to multiply dimension dim of x.
local function weights_along(x, weight, dim, t)
  local size <const> = {}
  for d = 1, x.ndim do size[d] = d == dim and -1 or 1 end
  return weight:select(2, t):reshape(size)
end

op "resample" {
  method = false,
  doc = "y[..., o, ...] = sum over t of weight[o, t] * x[..., index[o, t], ...] along `dim`. "
    .. "The weights get no gradient.",
  args = "input: float, index: index, weight: float, dim: dim",
  saves = "index weight",
  run = function(x, index, weight, dim)
    check_table("resample", index, weight)
    local size <const> = x.shape
    size[dim] = index:size(1)
    local y = core.empty(size, x.dtype, x)
    kernel.resample(y, x, index, weight, dim)
    return y
  end,
  ref = function(x, index, weight, dim)
    local sum = 0
    for t = 1, index:size(2) do
      local part <const> = ops.index_select(x, dim, index:select(2, t):contiguous())
      sum = part * weights_along(x, weight, dim, t) + sum
    end
    return sum
  end,
  grad = {
    input = function(g, _, x, index, weight, dim)
      return ops.resample_adjoint(g, index, weight, dim, x:size(dim))
    end,
  },
  sample = {},
  nograd_sample = {
    { { 2, 3, 4 }, S.value { { 1, 2 }, { 4, 4 }, { 3, 1 } },
      S.value { { 0.5, 0.5 }, { 1.5, 0.0 }, { -1.0, 2.0 } }, 3 },
    { { 3, 4 }, S.value { { 1 }, { 3 } }, S.value { { 0.5 }, { 2.0 } }, 1 },
  },
}

op "resample_adjoint" {
  method = false,
  doc = "The adjoint of resample, for an input of `size` elements along `dim`. "
    .. "The weights get no gradient.",
  args = "grad: float, index: index, weight: float, dim: dim, size: int",
  saves = "index weight",
  run = function(g, index, weight, dim, size)
    check_table("resample_adjoint", index, weight)
    local shape <const> = g.shape
    if shape[dim] ~= index:size(1) then
      core.fail("resample_adjoint", 1, "expected %d elements along dimension %d, got %s",
        index:size(1), dim,
        text(shape))
    end
    shape[dim] = size
    local x = core.empty(shape, g.dtype, g)
    kernel.resample_adjoint(x, g, index, weight, dim)
    return x
  end,
  ref = function(g, index, weight, dim, size)
    local shape <const> = g.shape
    shape[dim] = size
    return window.adjoint(function(x)
      return registry.decl.resample.ref(x, index, weight, dim)
    end, shape, g)
  end,
  grad = {
    grad = function(gg, _, _, index, weight, dim) return ops.resample(gg, index, weight, dim) end,
  },
  sample = {},
  nograd_sample = {
    { { 2, 3, 3 }, S.value { { 1, 2 }, { 4, 4 }, { 3, 1 } },
      S.value { { 0.5, 0.5 }, { 1.5, 0.0 }, { -1.0, 2.0 } }, 3,
      4 },
    { { 2, 4 }, S.value { { 1 }, { 3 } }, S.value { { 0.5 }, { 2.0 } }, 1, 3 },
  },
}

-- ---- weights ------------------------------------------------------------------------------------

local function single(v) return (string.unpack("f", string.pack("f", v))) end

local cubic <const>, hat <const> = window.cubic, window.hat

-- How far apart in the input neighbours in the output are.
local function step_of(inputs, outputs, align, scale)
  if align then return outputs > 1 and (inputs - 1) / (outputs - 1) or 0.0 end
  return scale and 1 / scale or inputs / outputs
end

-- Nearest: PyTorch computes these indices in single precision, and so do we.
local function nearest(inputs, outputs, scale, shift)
  local step <const> = single(scale and 1 / scale or inputs / outputs)
  return window.table_of(outputs, 1, function(o)
    local at = math.floor(single(single(o - 1 + shift) * step))
    return math.min(at, inputs - 1) + 1, 1, function() return 1.0 end
  end)
end

-- Without antialiasing, linear (reach 1) and cubic (reach 2): taps around the source position,
-- clamped to the border.
local function smooth(inputs, outputs, align, scale, reach)
  local step <const> = step_of(inputs, outputs, align, scale)
  local index <const>, weight <const> = {}, {}
  for o = 0, outputs - 1 do
    local at = align and step * o or step * (o + 0.5) - 0.5
    if reach == 1 then at = math.max(at, 0.0) end
    local base = math.floor(at)
    for j = 1 - reach, reach do
      index[#index + 1] = math.max(0, math.min(base + j, inputs - 1)) + 1
      weight[#weight + 1] = reach == 1 and hat(at - base - j) or cubic(at - base - j, -0.75)
    end
  end
  return { index, weight }
end

-- mode -> number of spatial dimensions (nil: any), reach
local MODES <const> = {
  nearest = { shift = 0.0 }, ["nearest-exact"] = { shift = 0.5 }, area = {},
  linear = { n = 1, reach = 1 }, bilinear = { n = 2, reach = 1, antialias = true },
  trilinear = { n = 3, reach = 1 }, bicubic = { n = 2, reach = 2, antialias = true },
}

local function make_table(x, mode, inputs, outputs, align, scale, antialias)
  local m <const> = MODES[mode]
  if antialias then
    return filter.table(mode, inputs, outputs, step_of(inputs, outputs, align, scale), x)
  end
  local lists <const> = m.shift and nearest(inputs, outputs, scale, m.shift)
    or smooth(inputs, outputs, align, scale, m.reach)
  return window.tensors(lists, outputs, x)
end

-- The last few tables, as tensors: a network asks for the same ones at each step.
local kept, kept_count = {}, 0

local function table_for(x, ...)
  local key <const> = table.concat({ x.dtype, x.device, ... }, " ")
  if not kept[key] then
    if kept_count == 32 then kept, kept_count = {}, 0 end
    local mode, inputs, outputs, align, scale, antialias = ...
    kept[key] = { make_table(x, mode, inputs, outputs, align == "true", tonumber(scale),
      antialias == "true") }
    kept_count = kept_count + 1
  end
  return kept[key][1], kept[key][2]
end

-- ---- interpolate --------------------------------------------------------------------------------

local function check_mode(x, mode, align, antialias)
  local m <const>, n <const> = MODES[mode], x.ndim - 2
  if not m then
    core.fail("interpolate", 4, "there is no mode '%s' (nearest, nearest-exact, linear, bilinear, "
      .. "trilinear, "
      .. "bicubic, area)", mode)
  end
  if n < 1 or n > 3 then
    core.fail("interpolate", 1, "expected (N, C, ...) with one to three spatial dimensions, got %s",
      text(x.shape))
  end
  if m.n and m.n ~= n then
    core.fail("interpolate", 4, "%s is for %d spatial dimensions, input is %s", mode, m.n,
      text(x.shape))
  end
  if align ~= nil and not m.reach then
    core.fail("interpolate", 5, "only for linear, bilinear, trilinear and bicubic, not for %s",
      mode)
  end
  if antialias and not m.antialias then
    core.fail("interpolate", 7, "only for bilinear and bicubic, not for %s", mode)
  end
  return n
end

local function check_sizes(x, out)
  for d, v in ipairs(out) do
    if v < 1 or x:size(d + 2) < 1 then
      core.fail("interpolate", 2, "sizes must be at least 1: input is %s, output (%s)",
        text(x.shape),
        table.concat(out, ", "))
    end
  end
  return out
end

-- Sizes of the result, and the factors where they are the user's.
local function target(x, n, size, factor, recompute)
  if (size == nil) == (factor == nil) then
    core.fail("interpolate", 2, "give either size or scale_factor")
  end
  if size then return check_sizes(x, window.list("interpolate", 2, size, n, 1)), {} end
  local factors <const>, out <const> = rule.list(factor, n), {}
  if #factors ~= n then
    core.fail("interpolate", 3, "expected a number or %d of them, got %d", n, #factors)
  end
  for d, f in ipairs(factors) do
    if type(f) ~= "number" or f <= 0 or f ~= f then
      core.fail("interpolate", 3, "must be above 0")
    end
    out[d] = math.floor(x:size(d + 2) * f)
  end
  return check_sizes(x, out), recompute and {} or factors
end

op "interpolate" {
  doc = "(N, C, ...) resized to `size` or by `scale_factor`. Modes: nearest, nearest-exact, "
    .. "linear, bilinear, "
    .. "trilinear, bicubic, area; `antialias` for bilinear and bicubic.",
  args = 'input: float, size: ints?, scale_factor: any?, mode: string = "nearest", '
    .. 'align_corners: bool?, '
    .. "recompute_scale_factor: bool?, antialias: bool = false",
  ref = function(x, size, factor, mode, align, recompute, antialias)
    local n <const> = check_mode(x, mode, align, antialias)
    local out, factors = target(x, n, size, factor, recompute)
    window.check_room(x, 3, out)
    if mode == "area" then return ops["adaptive_avg_pool" .. n .. "d"](x, out) end
    for d = n, 1, -1 do
      local inputs <const> = x:size(d + 2)
      if inputs ~= out[d] or factors[d] and factors[d] ~= 1 then
        local index, weight = table_for(x, mode, inputs, out[d], tostring(align or false),
          ("%.17g"):format(factors[d] or 0 / 0), tostring(antialias))
        x = ops.resample(x, index, weight, d + 2)
      end
    end
    return x
  end,
  sample = {
    { { 1, 2, 4, 3 }, S.list { 7, 5 } }, { { 1, 2, 4, 3 }, nil, 2, "bilinear" },
    { { 1, 2, 4, 5 }, S.list { 3, 7 }, nil, "bicubic", true }, { { 1, 2, 6 }, 4, nil, "linear" },
    { { 1, 2, 6, 5 }, S.list { 3, 4 }, nil, "bilinear", false, nil, true },
    { { 1, 1, 5, 4 }, S.list { 2, 3 }, nil, "area" },
    { { 1, 1, 2, 3, 2 }, nil, 2, "trilinear", true },
  },
}
