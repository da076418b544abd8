-- Tensors from nothing or from sizes: constants, ranges, triangles, random numbers, windows.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local random = require "tocha.random"
local op = require "tocha.onnx.registry".op
local types = require "tocha.onnx.types"

-- Floating results are made where the graph runs; integers, shapes most often, on the host.
local function options(a, dtype)
  local on_host <const> = dtype:find "int" ~= nil
  return { dtype = dtype, device = not on_host and a.run.device or nil }
end

-- ---- constants ----------------------------------------------------------------------------------

local FROM <const> = {
  value = function(x) return ops.alias(x), x end, sparse_value = function(x) return x, x end,
  value_float = function(v) return core.from_table(v, "float32") end,
  value_int = function(v) return core.from_table(v, "int64") end,
  value_floats = function(list) return core.from_table(list, "float32") end,
  value_ints = function(list) return core.from_table(list, "int64") end,
  value_string = function(word) return types.strings({ word }, {}) end,
  value_strings = function(list) return types.strings(list) end,
}

op "Constant" {
  since = 1, types = "own", doc = "A constant",
  attributes = { value = op.tensor, sparse_value = op.sparse_tensor, value_float = op.float,
    value_int = op.int, value_floats = op.floats, value_ints = op.ints, value_string = op.string,
    value_strings = op.strings },
  run = function(a)
    for name, make in pairs(FROM) do
      if a[name] ~= nil then
        local x <const>, like <const> = make(a[name])
        return like and types.mark(x, types.of(like)) or x
      end
    end
    op.fail "it has no value"
  end,
}

op "ConstantOfShape" {
  since = 9, inputs = "input: cpu", attributes = { value = op.tensor }, types = "own", fold = false,
  doc = "The sizes `input`, filled with `value` (0.0)",
  run = function(a, shape)
    local value <const> = a.value or core.from_table(0.0, "float32")
    local x <const> = ops.full(op.list(shape), value:item(), options(a, value.dtype))
    return types.mark(x, types.of(value))
  end,
}

op "EyeLike" {
  since = 9, inputs = "input", attributes = { dtype = op.int, k = 0 }, types = "own", fold = false,
  doc = "Ones on the k-th diagonal of a matrix of the same sizes",
  run = function(a, x)
    local type_ <const> = a.dtype and op.dtype(a.dtype) or types.of(x)
    local row <const> = ops.arange(0, x:size(1) - 1):reshape { -1, 1 }
    local column <const> = ops.arange(0, x:size(2) - 1):reshape { 1, -1 }
    return types.mark((column - row):eq(a.k):to(x.device):to(type_.dtype), type_)
  end,
}

-- start, start + delta, ... below limit; halves are computed in float32.
op "Range" {
  since = 11, inputs = "start: cpu, limit: cpu, delta: cpu", attributes = { stash_type = 1 },
  fold = false, doc = "start, start + delta, ... up to limit",
  run = function(a, start, limit, delta)
    local from <const>, to <const>, step <const> = start:item(), limit:item(), delta:item()
    if step == 0 then op.fail "a step of 0" end
    local count <const> = math.max(math.ceil((to - from) / step), 0)
    local dtype <const> = start.dtype
    local wide <const> = dtype:find "float16" and "float32" or dtype
    local k <const> = ops.arange(0, count - 1):to(wide)
    return (k * step + from):to(dtype):to(options(a, dtype).device or "cpu")
  end,
}

op "Trilu" {
  since = 14, inputs = "input, k?: cpu", attributes = { upper = 1 },
  doc = "The upper or lower triangle from the k-th diagonal of matrices, the rest 0",
  run = function(a, x, k)
    return (a.upper ~= 0 and ops.triu or ops.tril)(x, op.number(k) or 0)
  end,
}

-- ---- random numbers -----------------------------------------------------------------------------

-- With a seed, the numbers of that seed, and the generator stays where it was.
local function seeded(a, make)
  if not a.seed then return make() end
  local state <const> = random.get_rng_state()
  random.manual_seed(math.floor(a.seed))
  local x <const> = make()
  random.set_rng_state(state)
  return x
end

local function uniform(a, shape, dtype)
  local x <const> = seeded(a, function() return ops.rand(shape, options(a, dtype)) end)
  return x * (a.high - a.low) + a.low
end

local function normal(a, shape, dtype)
  local x <const> = seeded(a, function() return ops.randn(shape, options(a, dtype)) end)
  return x * a.scale + a.mean
end

local function with(attributes, more)
  for name, default in pairs(more) do attributes[name] = default end
  return attributes
end

for _, row in ipairs {
  { "RandomUniform", "Uniform in [low, high)", uniform, { low = 0.0, high = 1.0 } },
  { "RandomNormal", "Normal with `mean` and deviation `scale`", normal,
    { mean = 0.0, scale = 1.0 } },
} do
  local name <const>, doc <const>, f <const> = table.unpack(row, 1, 3)
  op(name) { since = 1, fold = false, doc = doc .. ", of the sizes `shape`",
    attributes = with({ dtype = 1, seed = op.float, shape = op.need.ints }, row[4]),
    run = function(a) return f(a, a.shape, op.dtype(a.dtype).dtype) end }
  op(name .. "Like") { since = 1, inputs = "input", fold = false,
    doc = doc .. ", sized as the input",
    attributes = with({ dtype = op.int, seed = op.float }, row[4]),
    run = function(a, x)
      return f(a, x.shape, (a.dtype and op.dtype(a.dtype) or types.of(x)).dtype)
    end }
end

op "Bernoulli" {
  since = 15, inputs = "input", attributes = { dtype = op.int, seed = op.float }, fold = false,
  doc = "1 with the probability given at each place, else 0",
  run = function(a, x)
    local type_ <const> = a.dtype and op.dtype(a.dtype) or types.of(x)
    return seeded(a, function() return ops.rand_like(x):lt(x):to(type_.dtype) end)
  end,
}

op "Multinomial" {
  since = 7, inputs = "input", fold = false,
  attributes = { dtype = 6, sample_size = 1, seed = op.float },
  doc = "Classes drawn by the logarithms of their chances, (batch, sample_size)",
  run = function(a, x)
    local chances <const> = x:softmax(-1)
    return seeded(a, function()
      return (chances:multinomial(a.sample_size, true) - 1):to(op.dtype(a.dtype).dtype)
    end)
  end,
}
