-- Random numbers, all from one counter-based generator: the same seed gives the same numbers
-- whatever
-- the number of threads. Integers come from ranges that include both ends, as math.random's do.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local create = require "tocha.ops.create"

local OPTIONS <const>, made <const> = create.OPTIONS, create.made
local methods <const> = registry.methods

-- Random bits of a number in [0, 1): as many as the dtype can hold without rounding up to 1.
local BITS <const> = { float16 = 11, bfloat16 = 8, float32 = 24, float64 = 53 }

-- seed and first block for n numbers; those of float64 and integers take two words each.
local function claim(n, dtype)
  local per <const> = (BITS[dtype] or 64) > 32 and 2 or 4
  return core.random((n + per - 1) // per)
end

local function check_floating(name, y)
  if not BITS[y.dtype] then core.fail(name, nil, "expected a floating dtype, got %s", y.dtype) end
end

local function fill_uniform(y, from, to, name)
  check_floating(name or "uniform", y)
  local seed, offset = claim(y:numel(), y.dtype)
  core.kernel.uniform(y, seed, offset, BITS[y.dtype], from or 0, to or 1)
  return y
end

local function fill_normal(y, mean, std, name)
  check_floating(name or "normal", y)
  local seed, offset = claim(y:numel(), y.dtype)
  core.kernel.normal(y, seed, offset, mean or 0, std or 1)
  return y
end

local FAMILIES <const> = {
  rand = { fill = fill_uniform, doc = "Uniform random numbers in [0, 1)." },
  randn = { fill = fill_normal, doc = "Random numbers from the standard normal distribution." },
}
for name, family in pairs(FAMILIES) do
  local function fill(y) return family.fill(y, nil, nil, name) end
  op(name) {
    doc = family.doc,
    args = "size: shape, " .. OPTIONS, method = false, random = true,
    run = function(size, dtype, device, requires_grad)
      return made(fill, size, dtype or "float32", device, requires_grad)
    end,
    sample = { { S.list { 2, 3 } }, { S.list { 5 }, { dtype = "float64" } }, { S.list { 0 } } },
  }
  op(name .. "_like") {
    doc = family.doc .. " Sizes, dtype and device are those of `input`.",
    args = "input: tensor, " .. OPTIONS, method = false, random = true, grad = false,
    run = function(x, dtype, device, requires_grad)
      return made(fill, x, dtype, device, requires_grad)
    end,
    sample = { { { 2, 3 } } },
  }
end

-- ---- integers -----------------------------------------------------------------------------------

local function fill_integers(y, low, high)
  if high < low then core.fail("randint", nil, "no integer lies between %d and %d", low, high) end
  local whole <const> = y.dtype == "int64" and y:is_contiguous() and y or core.empty(y, "int64", y)
  local seed, offset = claim(y:numel(), "int64")
  core.kernel.randint(whole, seed, offset, low, high - low + 1)
  return rawequal(whole, y) and y or y:copy_(whole)
end

-- (low, high, size), or (high, size) with low = 1
local function integer_range(name, low, high, size)
  if type(high) == "table" then low, high, size = 1, low, high end
  if math.type(high) ~= "integer" then
    core.fail(name, 2, "expected an integer, got %s", tostring(high))
  end
  if type(size) ~= "table" then
    core.fail(name, 3, "expected a list of sizes, got %s", tostring(size))
  end
  return low, high, size
end

op "randint" {
  doc = "Random integers from `low` to `high`, both included: `randint(1, 6, {10})`; `randint(6, "
    .. "{10})` starts at 1. (PyTorch's randint leaves `high` out.)",
  args = "low: int, high: any, size: any?, " .. OPTIONS, method = false, random = true,
  run = function(low, high, size, dtype, device, requires_grad)
    low, high, size = integer_range("randint", low, high, size)
    return made(function(y) fill_integers(y, low, high) end, size, dtype or "int64", device,
      requires_grad)
  end,
  sample = { { 1, 6, S.list { 2, 3 } }, { 4, S.list { 5 } },
    { -3, 3, S.list { 4 }, { dtype = "float32" } } },
}

op "randint_like" {
  doc = "Random integers from `low` to `high`, both included, with the sizes, dtype and device of "
    .. "`input`.",
  args = "input: tensor, low: int, high: int?, " .. OPTIONS, method = false, random = true,
    grad = false,
  run = function(x, low, high, dtype, device, requires_grad)
    if not high then low, high = 1, low end
    return made(function(y) fill_integers(y, low, high) end, x, dtype, device, requires_grad)
  end,
  sample = { { { 2, 3 }, 1, 6 } },
}

op "randperm" {
  doc = "The numbers 1 to n in random order.",
  args = "n: int, dtype: dtype = \"int64\", device: string?, requires_grad: bool = false",
  method = false, random = true,
  run = function(n, dtype, device, requires_grad)
    local y <const> = core.empty({ n }, "int64", device)
    local seed, offset = claim(n, "int64")
    core.kernel.randperm(y, seed, offset)
    if dtype == "int64" then return y end
    return made(function(z) z:copy_(y) end, { n }, dtype, device, requires_grad)
  end,
  sample = { { 5 }, { 0 }, { 3, { dtype = "int32" } } },
}

-- ---- draws by given probabilities ---------------------------------------------------------------

-- What is drawn does not follow its argument continuously: the gradient is zero, as in PyTorch.
local function no_gradient(g) return ops.zeros_like(g) end

local function draw_bernoulli(x, p)
  local tensor_p <const> = p == nil and x or core.is_tensor(p) and ops.expand(p, x.shape) or nil
  local dtype <const> = registry.float_of(x.dtype)
  local y <const> = core.empty(x, dtype, x)
  local seed, offset = claim(x:numel(), dtype)
  core.kernel.bernoulli(y, tensor_p and ops.to(tensor_p, dtype), seed, offset, tensor_p and 0 or p)
  return ops.to(y, x.dtype)
end

op "bernoulli" {
  doc = "1 with the probability that each element of `input` gives (or `p`, a number or a tensor), "
    .. "else 0. In place, `x:bernoulli_(p = 0.5)`, the values of x do not matter.",
  args = "input: tensor, p: operand?", random = true, saves = "",
  run = draw_bernoulli,
  grad = { input = no_gradient },
  sample = { { S.prob { 3, 4 } }, { { 3, 4 }, 0.3 } },
}

function methods.bernoulli_(x, p) return x:copy_(ops.bernoulli(x, p or 0.5)) end

local function check_multinomial(x, count, replacement)
  if x.ndim < 1 or x.ndim > 2 then
    core.fail("multinomial", 1, "expected a vector or a matrix of weights, got a %s tensor",
      rule.text(x.shape))
  end
  if count < 1 then core.fail("multinomial", 2, "expected at least one sample, got %d", count) end
  if not replacement and count > x:size(-1) then
    core.fail("multinomial", 2, "%d samples without replacement from %d categories", count,
      x:size(-1))
  end
end

-- Without replacement: the largest of weight / exponential, one draw each ("exponential race").
local function race(x, count)
  if not (ops.isfinite(x):all():item() and ops.ge(x, 0):all():item())
    or ops.amin(ops.count_nonzero(x, -1)):item() < count then
    core.fail("multinomial", 1, "expected finite weights, none negative, and at least %d above "
      .. "zero in a row",
      count)
  end
  local _, places = ops.topk(x / ops.exponential(x), count, -1)
  return places
end

op "multinomial" {
  doc = "`num_samples` indices (from 1) in each row, drawn with the probabilities that the weights "
    .. "of the row are in proportion to.",
  args = "input: float, num_samples: int, replacement: bool = false", random = true, grad = false,
  run = function(x, count, replacement)
    check_multinomial(x, count, replacement)
    x = x:detach()
    if not replacement and count > 1 then return race(x, count) end
    local rows <const> = x.ndim == 2 and x or x:unsqueeze(1)
    local y <const> = core.empty({ rows:size(1), count }, "int64", x)
    core.kernel.multinomial(y, rows, claim(y:numel(), "int64"))
    return x.ndim == 2 and y or y:select(1, 1)
  end,
  sample = { { S.positive { 5 }, 3 }, { S.positive { 2, 4 }, 6, true } },
}

op "poisson" {
  doc = "Counts from Poisson distributions with the rates `input`.",
  args = "input: float", random = true, saves = "",
  run = function(x)
    local y <const> = core.empty(x, x.dtype, x)
    local seed, offset = core.random(x:numel())
    core.kernel.poisson(y, x, seed, offset)
    return y
  end,
  grad = { input = no_gradient },
  sample = { { S.positive { 3, 4 } } },
}

-- ---- distributions ------------------------------------------------------------------------------

local function normal_shape(mean, std, size)
  if size then return size end
  if core.is_tensor(mean) and core.is_tensor(std) then return rule.broadcast(mean, std) end
  return core.is_tensor(mean) and mean.shape or core.is_tensor(std) and std.shape or {}
end

op "normal" {
  doc = "Random numbers from normal distributions: `normal(mean, std, size)` with numbers, or with "
    .. "tensors of means or deviations. In place: `x:normal_(mean = 0, std = 1)`.",
  args = "mean: operand = 0, std: operand = 1, size: ints?, " .. OPTIONS, method = false,
    random = true,
  grad = false,
  run = function(mean, std, size, dtype, device, requires_grad)
    local like <const> = core.is_tensor(mean) and mean or core.is_tensor(std) and std
    if like then dtype, device = dtype or registry.float_of(like.dtype), device or like.device end
    return made(function(y)
      if not like then return fill_normal(y, mean, std) end
      fill_normal(y):mul_(core.is_tensor(std) and std:detach() or std)
      y:add_(core.is_tensor(mean) and mean:detach() or mean)
    end, normal_shape(mean, std, type(size) == "number" and { size } or size), dtype or "float32",
      device,
      requires_grad)
  end,
  sample = { { 0, 1, S.list { 2, 3 } }, { { 3, 4 }, S.positive { 4 } }, { { 3 }, 0.1 } },
}

-- Uniform numbers in (0, 1] in the shape of x, to be transformed.
local function unit(x)
  local y <const> = fill_uniform(core.empty(x, registry.float_of(x.dtype), x))
  return y:neg_():add_(1)
end

local TINY <const> = 2.0 ^ -126

local LARGEST <const> = {
  bool = 1, uint8 = 255, int8 = 127, int16 = 32767, int32 = 0x7fffffff, int64 = math.maxinteger - 1,
  float16 = 1 << 11, bfloat16 = 1 << 8, float32 = 1 << 24, float64 = 1 << 53,
}

-- Each draws from x only its sizes and dtype.
local DISTRIBUTIONS <const> = {
  uniform = {
    doc = "Uniform random numbers in [from, to)", args = "from: number = 0, to: number = 1",
    draw = function(x, from, to)
      if from > to or from ~= from or to ~= to then
        core.fail("uniform", 2, "there is no range from %g to %g", from, to)
      end
      return fill_uniform(core.empty(x), from, to)
    end,
    sample = { { { 3, 4 } }, { { 5 }, -1, 1 } },
  },
  exponential = {
    doc = "Random numbers from the exponential distribution with rate `lambd`",
    args = "lambd: number = 1",
    draw = function(x, lambd) return unit(x):log_():mul_(-1 / lambd):clamp_min_(TINY) end,
    sample = { { { 3, 4 } }, { { 5 }, 2 } },
  },
  cauchy = {
    doc = "Random numbers from the Cauchy distribution",
    args = "median: number = 0, sigma: number = 1",
    draw = function(x, median, sigma)
      return unit(x):add_(-0.5):mul_(math.pi):tan_():mul_(sigma):add_(median)
    end,
    sample = { { { 3, 4 } } },
  },
  log_normal = {
    doc = "Random numbers whose logarithm is normal", args = "mean: number = 1, std: number = 2",
    draw = function(x, mean, std) return fill_normal(core.empty(x), mean, std):exp_() end,
    sample = { { { 3, 4 } } },
  },
  geometric = {
    doc = "How many trials of probability `p` it takes to succeed", args = "p: number",
    draw = function(x, p)
      if not (p > 0 and p < 1) then core.fail("geometric", 2, "expected 0 < p < 1, got %g", p) end
      return ops.to(unit(x):log_():mul_(1 / math.log(1 - p)):ceil_():clamp_min_(1), x.dtype)
    end,
    sample = { { { 3, 4 }, 0.3 } },
  },
  random = {
    doc = "Random integers from `from` to `to`, both included (`random_(n)`: 1 to n; without "
      .. "arguments: from 0 to the largest that the dtype holds exactly)",
    args = "from: int?, to: int?",
    draw = function(x, from, to)
      if not from then from, to = 0, LARGEST[x.dtype] end
      if not to then from, to = 1, from end
      return fill_integers(core.empty(x), from, to)
    end,
    sample = { { { 3, 4 }, 1, 6 }, { { 5 } } },
  },
}

for name, d in pairs(DISTRIBUTIONS) do
  op(name) {
    doc = d.doc .. ", in the shape and dtype of `input`, whose values do not matter. In place: `"
      .. name .. "_`.",
    args = "input: tensor, " .. d.args, inplace = true, func = false, random = true, saves = "",
    run = d.draw,
    grad = { input = no_gradient },
    sample = d.sample,
  }
end

--- x:normal_(mean, std)
function methods.normal_(x, mean, std)
  return x:copy_(fill_normal(core.empty(x), mean, std))
end
