-- Products and attention on the CUDA device, by own kernels, against the CPU: sizes around tiles
-- and beyond, batches of every layout, masks, shared heads, empty dimensions.

local tocha = require "tocha"
local ops = require "tocha.op".ops
local device = require "spec.cuda_support"

local describe_cuda <const> = device.suite(describe, pending)

local TOLERANCE <const> = {
  float64 = { 1e-10, 1e-12 }, float32 = { 2e-5, 5e-5 }, float16 = { 4e-3, 4e-3 },
  bfloat16 = { 2e-2, 2e-2 },
}

local function pack_results(...) return { ... } end

-- f of the same arguments on both devices. Arguments are made by `make(dtype)`.
local function alike(dtype, f, make)
  local args <const> = make(dtype)
  local want <const> = pack_results(f(table.unpack(args)))
  local got <const> = pack_results(f(table.unpack(device.moved(args))))
  for k = 1, #want do device.assert_alike(got[k], want[k], table.unpack(TOLERANCE[dtype])) end
end

local function each_dtype(f)
  for _, dtype in ipairs { "float32", "float64", "float16", "bfloat16" } do f(dtype) end
end

-- ---- products -----------------------------------------------------------------------------------

describe_cuda("on CUDA, products", function()
  before_each(function() tocha.manual_seed(3) end)

  local SIZES <const> = { { 1, 1, 1 }, { 63, 65, 17 }, { 64, 64, 64 }, { 130, 3, 33 },
    { 2, 200, 15 } }
  for _, s in ipairs(SIZES) do
    it(("of %d x %d by %d terms are the CPU's"):format(s[1], s[2], s[3]), function()
      each_dtype(function(dtype)
        alike(dtype, tocha.matmul, function(d)
          return { tocha.randn(s[1], s[3]):to(d), tocha.randn(s[3], s[2]):to(d) }
        end)
      end)
    end)
  end

  it("take operands of any strides, and batches that do not lie evenly", function()
    alike("float64", function(a, b)
      return tocha.matmul(a:permute(4, 3, 1, 2), b:permute(2, 3, 1):narrow(2, 1, 40):unsqueeze(2))
    end, function(d) return { tocha.randn(5, 40, 6, 2):to(d), tocha.randn(7, 2, 80):to(d) } end)
    alike("float32", function(a, b)  -- every second element of both
      return tocha.matmul(a:select(3, 1), b:select(3, 2))
    end, function(d) return { tocha.randn(9, 20, 2):to(d), tocha.randn(20, 9, 2):to(d) } end)
    alike("float32", function(a, b)  -- transposed, rows apart
      return tocha.matmul(a:t():narrow(1, 2, 7), b:narrow(2, 3, 5))
    end, function(d) return { tocha.randn(20, 9):to(d), tocha.randn(20, 9):to(d) } end)
    alike("float32", tocha.matmul, function(d)  -- one row for all batches
      return { tocha.randn(4, 1, 8):to(d), tocha.randn(8, 3):to(d) }
    end)
  end)

  it("add a row or a matrix, scaled", function()
    for _, shape in ipairs { { 9 }, { 7, 9 } } do
      alike("float32", function(c, a, b) return tocha.addmm(c, a, b, { beta = 0.5, alpha = 2 }) end,
        function(d)
          return { tocha.randn(shape):to(d), tocha.randn(7, 5):to(d), tocha.randn(5, 9):to(d) }
        end)
    end
  end)

  it("of integers are exact, of no terms zero, of no rows empty", function()
    local a <const> = tocha.randint(-(1 << 40), 1 << 40, { 5, 70 })
    local got <const> = tocha.matmul(a:to "cuda", a:t():to "cuda"):to "cpu"
    assert.is_true(tocha.equal(got, tocha.matmul(a, a:t())))
    alike("float32", tocha.matmul, function(d)
      return { tocha.zeros(3, 0):to(d), tocha.zeros(0, 4):to(d) }
    end)
    alike("float32", tocha.matmul, function(d)
      return { tocha.zeros(0, 3):to(d), tocha.zeros(3, 4):to(d) }
    end)
  end)

  it("pass on NaN and infinity", function()
    alike("float32", tocha.matmul, function()
      return { tocha.tensor { { 1, 0 / 0 }, { math.huge, 2 } }, tocha.ones(2, 2) }
    end)
  end)
end)

-- ---- attention ----------------------------------------------------------------------------------

local function attention_grads(mask, causal)
  return function(q, k, v)
    local y <const>, lse <const> = ops.attention(q, k, v, mask and mask:to(q.device), causal, 0.3)
    local pattern <const> = tocha.arange(1, y:numel()):sin():view(y.shape):to(y.dtype):to(q.device)
    y:backward(pattern)
    return y:detach(), lse:detach(), q.grad, k.grad, v.grad
  end
end

local function check_attention(dtype, s, mask, causal)
  alike(dtype, attention_grads(mask, causal), function(d)
    local function rand(...) return tocha.randn(...):to(d):requires_grad_() end
    return { rand(s.heads * s.groups, s.rows, s.width), rand(s.heads, s.keys, s.width),
      rand(s.heads, s.keys, s.out) }
  end)
end

describe_cuda("on CUDA, attention and its gradients are the CPU's:", function()
  local SIZES <const> = {
    { heads = 2, groups = 1, rows = 5, keys = 7, width = 3, out = 4 },
    { heads = 1, groups = 2, rows = 70, keys = 130, width = 17, out = 150 },
    { heads = 2, groups = 2, rows = 64, keys = 64, width = 64, out = 64 },
    { heads = 1, groups = 1, rows = 33, keys = 1, width = 90, out = 1 },
  }
  before_each(function() tocha.manual_seed(5) end)

  for k, s in ipairs(SIZES) do
    for _, causal in ipairs { false, true } do
      it(("size %d%s"):format(k, causal and ", causal" or ""), function()
        check_attention("float32", s, nil, causal)
        check_attention("float64", s, nil, causal)
      end)
    end
  end

  it("masks, with rows that see nothing", function()
    local s <const> = SIZES[2]
    local allowed <const> = tocha.rand(1, s.rows, s.keys):gt(0.4)
    allowed[{ {}, 3 }] = false
    check_attention("float64", s, allowed, false)
    check_attention("float64", s, tocha.randn(2, s.rows, s.keys):to "float64", true)
    check_attention("float32", s, tocha.randn(1, 1, s.keys), false)
  end)

  it("halves", function()
    check_attention("bfloat16", SIZES[1], nil, true)
    check_attention("float16", SIZES[1], nil, false)
  end)

  it("no keys, no width", function()
    local function forward(q, k, v) return ops.attention(q, k, v, nil, false, 1.0) end
    for _, s in ipairs { { 3, 0, 4, 4 }, { 3, 5, 0, 4 }, { 3, 5, 4, 0 }, { 0, 5, 4, 4 } } do
      alike("float32", forward, function(d)
        return { tocha.randn(2, s[1], s[3]):to(d), tocha.randn(2, s[2], s[3]):to(d),
          tocha.randn(2, s[2], s[4]):to(d) }
      end)
    end
  end)

  it("keys of a cache, whose heads lie apart", function()
    alike("float32", function(q, room)
      local used <const> = room:narrow(3, 1, 20)
      return ops.attention(q, used[1], used[2], nil, false, 0.5)
    end, function(d) return { tocha.randn(2, 1, 8):to(d), tocha.randn(2, 2, 50, 8):to(d) } end)
  end)
end)
