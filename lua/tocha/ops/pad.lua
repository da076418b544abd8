-- Padding, and cropping: a negative pad takes away.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"

local text <const> = rule.text

-- `pads` is { before, after } of the last dimension, then of the one before it, and so on. Gives
-- the shape of the result and what each dimension gets ahead of it.
local function geometry(name, x, pads)
  if math.type(pads) == "integer" then pads = { pads, pads } end
  if #pads % 2 ~= 0 or #pads > 2 * x.ndim then
    core.fail(name, 2, "expected pairs (before, after) for at most %d dimensions, last one first; "
      .. "got %d integers",
      x.ndim, #pads)
  end
  local size <const>, before <const> = x.shape, {}
  for k = 1, #pads // 2 do
    local d <const> = x.ndim + 1 - k
    before[d] = pads[2 * k - 1]
    size[d] = size[d] + pads[2 * k - 1] + pads[2 * k]
    if size[d] < 0 then
      core.fail(name, 2, "takes more from dimension %d than its %d elements (input is %s)", d,
        x:size(d), text(x.shape))
    end
  end
  return size, before
end

-- The part that x and the result have in common: a view of each.
local function common(x, y, before)
  for d, shift in pairs(before) do
    local from, to = math.max(0, -shift), math.max(0, shift)
    local n = math.max(0, math.min(x:size(d) - from, y:size(d) - to))
    x, y = ops.narrow(x, d, n > 0 and from + 1 or 1, n), ops.narrow(y, d, n > 0 and to + 1 or 1, n)
  end
  return x, y
end

local function block(x, d, n, value)
  local size <const> = x.shape
  size[d] = n
  return ops.full(size, value, { dtype = x.dtype, device = x.device })
end

op "constant_pad_nd" {
  doc = "`input` with `value` around it; `pad` holds (before, after) of the last dimension, then "
    .. "of the one before.",
  args = "input: tensor, pad: ints, value: number = 0",
  saves = "",
  run = function(x, pads, value)
    local size, before = geometry("constant_pad_nd", x, pads)
    local y = core.empty(size, x.dtype, x):fill_(value)
    local from, to = common(x, y, before)
    to:copy_(from)
    return y
  end,
  ref = function(x, pads, value)
    local size, before = geometry("constant_pad_nd", x, pads)
    for d, shift in pairs(before) do
      local after <const> = size[d] - x:size(d) - shift
      local from, to = math.max(0, -shift), math.max(0, -after)
      local kept = math.max(0, x:size(d) - from - to)
      local middle = ops.narrow(x, d, kept > 0 and from + 1 or 1, kept)
      local ahead = math.min(math.max(0, shift), size[d])
      x = ops.cat({ block(x, d, ahead, value), middle, block(x, d, size[d] - kept - ahead, value) },
        d)
    end
    return x
  end,
  grad = {
    input = function(g, _, _, pads)
      local back <const> = {}
      if math.type(pads) == "integer" then pads = { pads, pads } end
      for k, p in ipairs(pads) do back[k] = -p end
      return ops.constant_pad_nd(g, back, 0)
    end,
  },
  sample = {
    { { 2, 3 }, S.list { 1, 2 } }, { { 2, 3, 4 }, S.list { -1, 2, 1, -1 }, 0.5 },
    { { 3, 4 }, S.list { 0, 0, 2, 0 } },
  },
}

-- Which element of n a place outside 1..n takes.
local SOURCE <const> = {
  reflect = function(p, n) return p < 1 and 2 - p or p > n and 2 * n - p or p end,
  replicate = function(p, n) return math.max(1, math.min(p, n)) end,
  circular = function(p, n) return (p - 1) % n + 1 end,
}

local REACH <const> = {
  reflect = function(n) return n - 1 end,
  replicate = function(n) return n > 0 and math.maxinteger or 0 end,
  circular = function(n) return n end,
}

local function pad_by_index(x, pads, mode)
  local size, before = geometry("pad", x, pads)
  for d, shift in pairs(before) do
    local n <const>, reach <const> = x:size(d), REACH[mode](x:size(d))
    if shift > reach or size[d] - n - shift > reach then
      core.fail("pad", 2, "%s can add at most %d to dimension %d of input %s", mode, reach, d,
        text(x.shape))
    end
    if size[d] ~= n or shift ~= 0 then
      local index <const> = {}
      -- what is cropped does not come round again
      local cut <const> = mode == "circular" and math.max(-shift, 0) or 0
      local left <const> = mode == "circular" and n - cut - math.max(n + shift - size[d], 0) or n
      for k = 1, size[d] do index[k] = cut + SOURCE[mode](k - shift - cut, left) end
      x = ops.index_select(x, d, core.from_table(index, "int64"):to(x.device))
    end
  end
  return x
end

op "pad" {
  doc = "`input` padded; `pad` holds (before, after) of the last dimension, then of the one "
    .. "before, and so on; "
    .. "negative ones crop. Modes: constant, reflect, replicate, circular.",
  args = 'input: tensor, pad: ints, mode: string = "constant", value: number = 0',
  ref = function(x, pads, mode, value)
    if mode == "constant" then return ops.constant_pad_nd(x, pads, value) end
    if not SOURCE[mode] then
      core.fail("pad", 3, "expected constant, reflect, replicate or circular, got '%s'", mode)
    end
    return pad_by_index(x, pads, mode)
  end,
  sample = {
    { { 2, 3 }, S.list { 1, 1, 0, 2 } }, { { 1, 4, 5 }, S.list { 2, 1, 3, 0 }, "reflect" },
    { { 1, 2, 3 }, S.list { 2, 4 }, "replicate" }, { { 3, 4 }, S.list { 1, 2, -1, 2 }, "circular" },
    { { 3 }, S.list { -1, 2 }, "constant", 7 },
  },
}
