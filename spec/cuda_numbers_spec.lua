-- Reductions, scans, softmax, normalisation, dropout on the CUDA device against the CPU:
-- sizes around a warp, a block, a pack and what registers hold, lines that several blocks share,
-- columns, nothing at all, NaN and infinities, and the same bits each time.

local tocha = require "tocha"
local device = require "spec.cuda_support"
local numbers = require "spec.cuda_numbers_support"

local describe_cuda <const> = device.suite(describe, pending)
local ops <const> = require "tocha.op".ops
local NAN <const>, INF <const> = 0 / 0, math.huge
local SIZES <const>, TOLERANCE <const> = numbers.SIZES, numbers.TOLERANCE
local random <const>, same <const> = numbers.random, numbers.same

-- Shapes of (outer, n, inner), `n` of SIZES.
local function each_shape(f)
  for _, n in ipairs(SIZES) do
    f { n < 2000 and 5 or 1, n, 1 }
    f { n < 2000 and 2 or 1, n, 3 }
    if n < 500 then f { 1, n, 64 } end
  end
  f { 1, 1000, 33 }  -- columns that blocks share
  f { 700, 5, 1 }
  f { 100, 3, 33 }
end

local function over_dim_two(op, ...)
  local more <const> = table.pack(...)
  return function(x) return op(x, 2, table.unpack(more, 1, more.n)) end
end

local function along(op, ...)
  local more <const> = table.pack(...)
  return function(x) return op(x, table.unpack(more, 1, more.n)) end
end

-- ---- reductions ---------------------------------------------------------------------------------

local PLAIN <const> = {
  sum = over_dim_two(ops.sum), mean = over_dim_two(ops.mean), nansum = over_dim_two(ops.nansum),
  amax = over_dim_two(ops.amax), amin = over_dim_two(ops.amin),
  max = over_dim_two(ops.max), min = over_dim_two(ops.min),
  logsumexp = over_dim_two(ops.logsumexp),
}
for _, p in ipairs { 0, 1, 2, 3, INF, -INF } do
  PLAIN["norm " .. p] = function(x) return ops.norm(x, p, 2) end
end

describe_cuda("reductions on CUDA, as on the CPU:", function()
  for name, f in pairs(PLAIN) do
    it(name, function()
      each_shape(function(shape) same(f, { random(shape) }, 1e-10) end)
      for _, dtype in ipairs { "float32", "float16", "bfloat16" } do
        same(f, { random({ 3, 1025, 1 }, dtype) }, TOLERANCE[dtype])
        same(f, { random({ 3, 70, 5 }, dtype) }, TOLERANCE[dtype], TOLERANCE[dtype])
      end
    end)
  end

  it("products and integers", function()
    each_shape(function(shape)
      same(over_dim_two(ops.prod), { random(shape) * 0.01 + 1 }, 1e-10)
      local whole <const> = (random(shape) * 1000):to "int64"
      for _, op in ipairs { ops.sum, ops.amax, ops.amin, ops.max, ops.min } do
        same(over_dim_two(op), { whole }, 0)
      end
    end)
    same(over_dim_two(ops.prod), { tocha.full({ 2, 70, 1 }, 3, { dtype = "int64" }) }, 0)
  end)

  it("variance and mean, far from zero too", function()
    each_shape(function(shape)
      same(over_dim_two(ops.var), { random(shape) }, 1e-10)
      same(function(x) return ops.std(x + 1000, 2) end, { random(shape, "float32") }, 1e-3)
    end)
  end)

  it("bools", function()
    each_shape(function(shape)
      for _, bar in ipairs { -5, 0, 3.5, 5 } do
        local x <const> = random(shape):gt(bar)
        same(over_dim_two(ops.any), { x }, 0)
        same(over_dim_two(ops.all), { x }, 0)
        same(over_dim_two(ops.count_nonzero), { x }, 0)
      end
    end)
  end)

  it("all of a tensor, views of it, nothing", function()
    local x <const> = random { 37, 41, 5 }
    for _, op in ipairs { ops.sum, ops.mean, ops.amax, ops.var, ops.norm } do
      same(along(op), { x:transpose(1, 2) }, 1e-10)
      same(over_dim_two(op), { x:transpose(1, 3) }, 1e-10)
      same(over_dim_two(op), { x[3]:expand(4, 41, 5) }, 1e-10)
      same(over_dim_two(op), { x:narrow(2, 3, 33):transpose(2, 3) }, 1e-10)
    end
    for _, op in ipairs { ops.sum, ops.mean, ops.prod, ops.nansum, ops.logsumexp } do
      same(over_dim_two(op), { tocha.zeros(3, 0, 2) }, 0)
      same(over_dim_two(op), { tocha.zeros(3, 0, 1) }, 0)
      same(over_dim_two(op), { tocha.zeros(0, 4, 2) }, 0)
      same(over_dim_two(op), { tocha.zeros(2, 4, 0) }, 0)
    end
  end)

  it("NaN, infinities and ties", function()
    for _, inner in ipairs { 1, 3 } do
      local x <const> = random({ 6, 700, inner }):mul(4):round()
      x[1][13], x[1][600] = NAN, NAN
      x[2][77] = INF
      x[3][500] = -INF
      x[4][5], x[4][6] = INF, -INF
      x[5]:fill_(-INF)
      x[6]:fill_(2)
      for _, f in pairs(PLAIN) do
        same(f, { x }, 1e-10)
      end
      same(over_dim_two(ops.var), { x }, 1e-10)
      same(over_dim_two(ops.prod), { x }, 1e-10)
    end
  end)

  it("what does not fit into float16 is infinite; what only its sum does not is a mean", function()
    local x <const> = tocha.full({ 2, 300 }, 60000, { dtype = "float16" })
    same(over_dim_two(ops.sum), { x }, 0)
    same(over_dim_two(ops.mean), { x }, 1e-3)
    same(function(v) return ops.norm(v, 2, 2) end, { x }, 1e-3)
  end)
end)

-- ---- scans --------------------------------------------------------------------------------------

describe_cuda("running results on CUDA, as on the CPU:", function()
  for _, name in ipairs { "cumsum", "logcumsumexp", "cummax", "cummin" } do
    it(name, function()
      local f <const> = over_dim_two(ops[name])
      each_shape(function(shape) same(f, { random(shape) }, 1e-9, 1e-9) end)
      same(f, { random({ 3, 700, 1 }, "float32") }, 1e-4, 1e-4)
      same(f, { random({ 3, 70, 5 }, "bfloat16") }, 3e-2, 3e-2)
      same(f, { random({ 40, 30, 3 }):transpose(2, 3) }, 1e-9, 1e-9)
      same(f, { tocha.zeros(2, 0, 3) }, 0)
    end)
  end

  it("cumprod, integers, and gradients, which run backwards", function()
    each_shape(function(shape)
      same(over_dim_two(ops.cumprod), { random(shape) * 0.01 + 1 }, 1e-9)
      same(over_dim_two(ops.cumsum), { (random(shape) * 1000):to "int64" }, 0)
      same(over_dim_two(ops.cumsum), { random(shape):requires_grad_() }, 1e-9, 1e-9)
      same(over_dim_two(ops.logcumsumexp), { random(shape):requires_grad_() }, 1e-8, 1e-8)
    end)
  end)

  it("NaN, infinities and ties", function()
    for _, inner in ipairs { 1, 3 } do
      local x <const> = random({ 5, 300, inner }):mul(2):round()
      x[1][13], x[1][200] = NAN, NAN
      x[2][77], x[2][78] = INF, INF
      x[3]:narrow(1, 1, 5):fill_(-INF)
      x[4][5], x[4][6] = INF, -INF
      for _, name in ipairs { "cumsum", "cumprod", "logcumsumexp", "cummax", "cummin" } do
        same(over_dim_two(ops[name]), { x }, 1e-9, 1e-9)
      end
      same(over_dim_two(ops.logcumsumexp), { x[3]:requires_grad_() }, 1e-9, 1e-9)
    end
  end)
end)

-- ---- softmax ------------------------------------------------------------------------------------

describe_cuda("softmax on CUDA, as on the CPU, with its gradient:", function()
  for _, name in ipairs { "softmax", "log_softmax" } do
    local f <const> = over_dim_two(ops[name])
    it(name, function()
      each_shape(function(shape) same(f, { random(shape):requires_grad_() }, 1e-9, 1e-10) end)
      for _, dtype in ipairs { "float32", "float16", "bfloat16" } do
        for _, n in ipairs { 7, 64, 1000, 4104 } do
          same(f, { random({ 3, n, 1 }, dtype):requires_grad_() }, TOLERANCE[dtype],
            TOLERANCE[dtype])
        end
      end
      same(f, { random({ 40, 30, 3 }):transpose(2, 3):requires_grad_() }, 1e-9, 1e-10)
      same(f, { tocha.zeros(2, 0, 3) }, 0)
      same(f, { tocha.zeros(0, 4) }, 0)
    end)
    it(name .. " of infinities and NaN", function()
      for _, shape in ipairs { { 6, 50, 1 }, { 6, 50, 3 }, { 6, 5000, 1 } } do
        local x <const> = random(shape)
        x[1][13], x[2][50], x[3][1] = NAN, INF, -INF
        x[4][5], x[4][6] = INF, -INF
        x[5]:fill_(-INF)
        x[6]:narrow(1, 1, 49):fill_(-INF)
        same(f, { x }, 1e-9, 1e-10)
        same(over_dim_two(ops.logsumexp), { x }, 1e-9)
      end
    end)
  end
end)

-- ---- normalisation ------------------------------------------------------------------------------

describe_cuda("normalisation on CUDA, as on the CPU, with its gradients:", function()
  local function wanting(...) return random({ ... }):requires_grad_() end

  it("layer_norm and rms_norm", function()
    for _, n in ipairs { 1, 5, 8, 33, 256, 1023, 4096, 4100 } do
      for _, rows in ipairs { 1, n < 300 and 300 or 3 } do
        local w <const>, b <const> = wanting(n), wanting(n)
        local x <const> = wanting(rows, n)
        same(function(v, p, q) return ops.layer_norm(v, { n }, p, q) end, { x, w, b }, 1e-7, 1e-7)
        same(function(v) return ops.layer_norm(v, { n }) end, { x }, 1e-7, 1e-7)
        same(function(v, p) return ops.rms_norm(v, { n }, p) end, { x, w }, 1e-7, 1e-7)
      end
    end
    same(function(v, p) return ops.layer_norm(v, { 5 }, p, p) end,
      { tocha.zeros(0, 5):requires_grad_(), wanting(5):float():detach():requires_grad_() }, 0)
  end)

  it("layer_norm of halves", function()
    for _, dtype in ipairs { "float32", "float16", "bfloat16" } do
      for _, n in ipairs { 24, 768, 4104 } do
        local function of(...) return random({ ... }, dtype):requires_grad_() end
        same(function(v, p, q) return ops.layer_norm(v, { n }, p, q) end,
          { of(5, n), of(n), of(n) }, TOLERANCE[dtype] * 3, TOLERANCE[dtype] * 3)
      end
    end
  end)

  it("group_norm", function()
    for _, s in ipairs { { 2, 6, 1 }, { 3, 6, 35 }, { 1, 4, 5000 } } do
      local x <const>, w <const>, b <const> = wanting(table.unpack(s)), wanting(s[2]), wanting(s[2])
      same(function(v, p, q) return ops.group_norm(v, 2, p, q) end, { x, w, b }, 1e-7, 1e-7)
      same(function(v) return ops.group_norm(v, s[2]) end, { x }, 1e-6, 1e-6)
    end
  end)

  it("batch_norm", function()
    for _, s in ipairs { { 300, 5 }, { 3, 70 }, { 2, 5, 33 }, { 4, 3, 2, 7 }, { 1, 2, 9000 } } do
      local C <const> = s[2]
      local x <const>, w <const>, b <const> = wanting(table.unpack(s)), wanting(C), wanting(C)
      local function normal(v, p, q)
        local mean <const> = tocha.zeros({ C }, { dtype = "float64", device = v.device })
        local var <const> = tocha.ones({ C }, { dtype = "float64", device = v.device })
        local y <const> = ops.batch_norm(v, mean, var, p, q, true, 0.1)
        return y, ops.batch_norm(v, mean, var, p, q, false), mean, var
      end
      same(normal, { x, w, b }, 1e-7, 1e-7)
    end
  end)
end)

-- ---- many long rows: a block reads a row twice --------------------------------------------------

describe_cuda("64 rows of 4101 on CUDA, as on the CPU, with their gradients:", function()
  local function of(...) return random({ ... }, "float32"):requires_grad_() end

  it("softmax", function()
    same(over_dim_two(ops.softmax), { of(64, 4101):detach() }, 3e-5, 1e-6)
    same(over_dim_two(ops.log_softmax), { of(64, 4101) }, 3e-5, 1e-5)
  end)

  it("layer_norm", function()
    same(function(x, w, b) return ops.layer_norm(x, { 4101 }, w, b) end,
      { of(64, 4101), of(4101), of(4101) }, 1e-4, 1e-4)
  end)

  it("cross_entropy", function()
    local target <const> = tocha.arange(1, 64):to "int64" * 64
    same(function(x, id) return ops.cross_entropy(x, id) end, { of(64, 4101), target }, 3e-5, 1e-7)
  end)
end)

-- ---- the rest -----------------------------------------------------------------------------------

describe_cuda("dropout and norms of lists on CUDA", function()
  it("drop what the CPU drops", function()
    for _, n in ipairs { 1, 3, 1025, 4096 } do
      for _, dtype in ipairs { "float64", "float32", "float16", "bfloat16" } do
        for _, p in ipairs { 0, 0.3, 1 } do
          same(function(x)
            tocha.manual_seed(5)
            return ops.dropout(x, p, true)
          end, { random({ n }, dtype):requires_grad_() }, 0, 0)
        end
      end
    end
  end)

  it("have the norms of all tensors of a long list", function()
    local kernel <const> = require "tocha.core".kernel
    for _, p in ipairs { 0, 1, 2, 3, INF, -INF } do
      local list <const> = {}
      for k = 1, 150 do list[k] = random({ k % 40 == 7 and 70000 or k * k % 300 }, "float64") end
      list[9][3], list[10][4] = NAN, INF
      list[11], list[12] = random({ 50 }, "float32"), random({ 33 }, "float16")
      local function norms(...)
        local to <const> = tocha.zeros({ #list }, { dtype = "float64", device = (...).device })
        kernel.foreach_norm(to, { ... }, p)
        return to
      end
      same(norms, list, 1e-6)
    end
  end)
end)
