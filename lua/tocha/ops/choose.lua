-- Reductions that choose elements by their place: max and min with indices, argmax, median, mode;
-- and counting: histc, bincount. Indices count from 1.

local registry = require "tocha.op"
local op, S, ops = registry.op, registry.samples, registry.ops
local core = require "tocha.core"
local reduction = require "tocha.reduction"
local K <const> = core.kernel

-- Values and indices along one dimension.
local function pick(name, kernel, x, dim, keepdim, ...)
  reduction.need_elements(name, x, { dim })
  local shape <const> = reduction.shape(x, { dim }, keepdim)
  local y, index = core.empty(shape, x.dtype, x), core.empty(shape, "int64", x)
  local outer, n, inner = reduction.split(x, dim)
  kernel(y, index, x, outer, n, inner, ...)
  return y, index
end

-- The gradient goes to the place each value came from; y is { values, indices }.
local function to_places(g, y, x, dim, keepdim)
  local index = y[2]
  if x.ndim == 0 then return ops.reshape(g, {}) end
  if not keepdim then g, index = ops.unsqueeze(g, dim), ops.unsqueeze(index, dim) end
  return ops.scatter(ops.zeros_like(x), dim, index, g)
end

local function choosing(name, doc, kernel, ...)
  local extra <const> = table.pack(...)
  op(name .. "_dim") {
    doc = doc .. " along `dim`, and the indices.",
    args = "input: tensor, dim: dim = -1, keepdim: bool = false",
    outputs = 2, method = false,
    run = function(x, dim, keepdim)
      return pick(name, kernel, x, dim, keepdim, table.unpack(extra, 1, extra.n))
    end,
    saves = "y",
    grad = { input = to_places },
    sample = { { { 3, 4 }, 1 }, { { 3, 4 }, -1, true }, { { 2, 3, 4 }, 2 }, { {}, 1 } },
  }
end

choosing("max", "Largest values", K.max_dim)
choosing("min", "Smallest values", K.min_dim)
choosing("median", "Medians (the lower of two middle values; NaN where there is one)", K.median,
  false)
choosing("nanmedian", "Medians of what is not NaN", K.median, true)
choosing("mode", "Most frequent values (the smallest of equally frequent ones)", K.mode, false)

-- ---- forms --------------------------------------------------------------------------------------

local ALL <const> = { max = "amax", min = "amin" }
local PAIR <const> = { max = "maximum", min = "minimum" }

for _, name in ipairs { "max", "min" } do
  op(name) {
    doc = ("x:%s() is the %s value; x:%s(dim, keepdim) values and indices along `dim`; %s(x, y) "
      .. "compares two tensors."):format(name, name == "max" and "largest" or "smallest", name,
      name),
    args = "input: tensor, dim: any?, keepdim: bool = false",
    ref = function(x, dim, keepdim)
      if dim == nil then return ops[ALL[name]](x) end
      if core.is_tensor(dim) then return ops[PAIR[name]](x, dim) end
      return ops[name .. "_dim"](x, dim, keepdim)
    end,
    sample = { { { 3, 4 } }, { { 3, 4 }, 2 }, { { 3, 4 }, { 3, 4 } }, { { 3, 4 }, 1, true } },
  }
end

for _, name in ipairs { "median", "nanmedian" } do
  op(name .. "_all") {
    doc = "The " .. name .. " of all elements. Equal ones share the gradient.",
    args = "input: tensor", method = false,
    run = function(x)
      if x:numel() == 0 then return ops.full({}, 0 / 0, { dtype = x.dtype, device = x.device }) end
      local y = pick(name, K.median, ops.reshape(x, { -1 }), 1, false, name == "nanmedian")
      return y
    end,
    saves = "y input",
    grad = { input = function(g, y, x)
      local mask <const> = ops.logical_or(ops.eq(x, y), ops.logical_and(ops.isnan(y), ops.isnan(x)))
      return g / ops.to(ops.sum(mask), g.dtype) * mask
    end },
    sample = { { { 3, 5 } }, { {} } },
  }
  op(name) {
    doc = ("x:%s() of all elements; x:%s(dim, keepdim) values and indices along `dim`.")
      :format(name, name),
    args = "input: tensor, dim: any?, keepdim: bool = false",
    ref = function(x, dim, keepdim)
      if dim == nil then return ops[name .. "_all"](x) end
      return ops[name .. "_dim"](x, dim, keepdim)
    end,
    sample = { { { 3, 5 } }, { { 3, 4 }, 2 }, { { 3, 4 }, 1, true } },
  }
end

op "mode" {
  doc = "Most frequent values along `dim` (the smallest of equally frequent ones) and their last "
    .. "indices.",
  args = "input: tensor, dim: dim = -1, keepdim: bool = false",
  ref = function(...) return ops.mode_dim(...) end,
  nograd_sample = { { S.value { { 1.0, 2.0, 2.0 }, { 3.0, 3.0, 1.0 } } } },
  sample = { { { 3, 4 } }, { { 3, 4 }, 1, true } },
}

for _, name in ipairs { "max", "min" } do
  op("arg" .. name) {
    doc = ("Where the %s value stands, along `dim` or (nil) among all elements in row order; the "
      .. "first of equal ones."):format(name == "max" and "largest" or "smallest"),
    args = "input: tensor, dim: dim?, keepdim: bool = false",
    run = function(x, dim, keepdim)
      if dim then return (select(2, pick("arg" .. name, K[name .. "_dim"], x, dim, keepdim))) end
      reduction.need_elements("arg" .. name, x)
      local _, index = pick("arg" .. name, K[name .. "_dim"], ops.reshape(x, { -1 }), 1, false)
      return keepdim and ops.reshape(index, reduction.shape(x, nil, true)) or index
    end,
    grad = false,
    sample = { { { 3, 4 } }, { { 3, 4 }, 2 }, { { 2, 3, 4 }, 2, true }, { {} } },
  }
end

-- ---- counting -----------------------------------------------------------------------------------

local function ends_of(x, low, high)
  if low > high then core.fail("histc", "max", "%g is less than 'min' %g", high, low) end
  if low == high and x:numel() > 0 then low, high = ops.amin(x):item(), ops.amax(x):item() end
  if low == high then low, high = low - 1, high + 1 end
  if low ~= low or high ~= high or high - low == math.huge then
    core.fail("histc", 1, "the range [%g, %g] is not finite", low, high)
  end
  return low, high
end

op "histc" {
  doc = "How many elements fall into each of `bins` equal parts of `min` .. `max` (both 0: of the "
    .. "data).",
  args = "input: float, bins: int = 100, min: number = 0, max: number = 0",
  run = function(x, bins, low, high)
    if bins < 1 then core.fail("histc", 2, "expected at least one bin, got %d", bins) end
    low, high = ends_of(x, low, high)
    local y = core.empty({ bins }, x.dtype, x)
    K.histc(y, x, low, high)
    return y
  end,
  grad = false,
  sample = { { { 20 }, 4, -1, 1 }, { { 3, 4 }, 5 } },
}

local function bins_of(ids, minlength)
  if ids.ndim ~= 1 then
    core.fail("bincount", 1, "expected one dimension, got a %s tensor",
      registry.rule.text(ids.shape))
  end
  if minlength < 0 then
    core.fail("bincount", 3, "expected no negative number, got %d", minlength)
  end
  return ids:numel() == 0 and minlength or math.max(minlength, ops.amax(ids):item())
end

op "bincount" {
  doc = "How often each of the numbers 1, 2, ... occurs in `input`: element k counts (or adds the "
    .. "weights of) k.",
  args = "input: index, weights: tensor?, minlength: int = 0",
  run = function(ids, weights, minlength)
    local bins <const> = math.max(bins_of(ids, minlength), 0)
    if not weights then
      local y = core.empty({ bins }, "int64", ids)
      K.bincount(y, ids)
      return y
    end
    if not weights:is_same_size(ids) then
      core.fail("bincount", 2, "expected the shape %s of 'input', got %s",
        registry.rule.text(ids.shape),
        registry.rule.text(weights.shape))
    end
    local y = core.empty({ bins }, weights.dtype == "float32" and "float32" or "float64", ids)
    K.bincount_weighted(y, ids, ops.to(weights, y.dtype))
    return y
  end,
  grad = false,
  sample = { { S.ids(4, { 10 }) }, { S.ids(4, { 10 }), { 10 } }, { S.ids(3, { 5 }), nil, 6 } },
}
