-- The fused attention against softmax(q k') v written out: blocks of queries and keys, masks,
-- shared heads, gradients.

local tocha = require "tocha"
local support = require "spec.support"

local alike <const> = support.assert_alike
local attend <const> = tocha.scaled_dot_product_attention

local function random(...) return tocha.randn({ ... }, { dtype = "float64" }) end

-- `mask` is added.
local function written_out(q, k, v, mask)
  local s = q:matmul(k:transpose(-2, -1)) / math.sqrt(q:size(-1))
  return tocha.softmax(mask and s + mask or s, -1):matmul(v)
end

local function causal(rows, keys)
  local seen = tocha.ones(rows, keys):tril():gt(0)
  return tocha.where(seen, tocha.zeros({}, { dtype = "float64" }), tocha.full({}, -math.huge))
end

-- Outputs and all gradients of two ways to compute the same.
local function compare(f, g, ...)
  local function run(h, ...)
    local inputs = {}
    for k, x in ipairs { ... } do inputs[k] = x:detach():clone():requires_grad_() end
    local y = h(table.unpack(inputs))
    local w = (tocha.arange(1, y:numel(), { dtype = "float64" }) * 0.7):sin():view(y.shape)
    local results = { y }
    for _, each in ipairs(tocha.autograd.grad((y * w):sum(),
      inputs)) do results[#results + 1] = each end
    return results
  end
  alike(run(f, ...), run(g, ...), 1e-9, 1e-10)
end

-- rows, keys: within a block, whole blocks, parts of blocks
local SIZES <const> = { { 1, 1 }, { 5, 9 }, { 15, 40 }, { 17, 40 }, { 64, 128 }, { 65, 129 },
  { 128, 128 }, { 129, 257 }, { 150, 300 }, { 300, 70 }, { 1, 500 } }

describe("attention", function()
  before_each(function() tocha.manual_seed(5) end)

  for _, size in ipairs(SIZES) do
    local rows <const>, keys <const> = size[1], size[2]
    it(("of %d rows over %d keys"):format(rows, keys), function()
      compare(attend, written_out, random(2, rows, 8), random(2, keys, 8), random(2, keys, 6))
    end)

    it(("of %d rows over %d keys, causal"):format(rows, keys), function()
      compare(function(q, k, v) return attend(q, k, v, { is_causal = true }) end,
        function(q, k, v) return written_out(q, k, v, causal(rows, keys)) end,
        random(2, rows, 8), random(2, keys, 8), random(2, keys, 6))
    end)
  end

  it("of keys and values whose heads lie apart, as in a cache", function()
    local q <const>, k <const>, v <const> = random(3, 4, 8), random(3, 90, 8), random(3, 90, 6)
    local k1, v1 = k:narrow(2, 1, 70), v:narrow(2, 5, 70)
    alike(attend(q, k1, v1), attend(q, k1:contiguous(), v1:contiguous()))
    local ops <const> = tocha.nn.functional
    alike(ops.attention(q, k1, v1, nil, false, 0.5),
      ops.attention(q, k1:contiguous(), v1:contiguous(), nil, false, 0.5))
    local k2 <const>, v2 <const> = k:narrow(3, 2, 6), v:transpose(2, 3):contiguous():transpose(2, 3)
    alike(ops.attention(q:narrow(3, 1, 6), k2, v2, nil, true, 0.5),
      ops.attention(q:narrow(3, 1, 6), k2:contiguous(), v2:contiguous(), nil, true, 0.5))
  end)

  for name, shape in pairs { full = { 2, 3, 70, 140 }, rows = { 70, 1 }, keys = { 2, 1, 1,
    140 } } do
    it("with a mask that is added and broadcasts: " .. name, function()
      local mask = random(table.unpack(shape))
      local q, k, v = random(2, 3, 70, 4), random(2, 3, 140, 4), random(2, 3, 140, 4)
      compare(function(...)
        local a, b, c = ...
        return attend(a, b, c, mask)
      end, function(a, b, c) return written_out(a, b, c, mask) end, q, k, v)
    end)
  end

  it("with a mask of booleans; a row that sees nothing is zero and passes no gradient", function()
    local seen = random(70, 140):gt(0)
    seen[3] = false
    local q, k, v = random(70, 8), random(140, 8), random(140, 8)
    local y = attend(q:requires_grad_(), k, v, seen)
    assert.equal(0.0, y[3]:abs():sum():item())
    y:sum():backward()
    assert.equal(0.0, q.grad[3]:abs():sum():item())
    assert.is_true(tocha.isfinite(q.grad):all():item())
    local want = written_out(q, k, v, tocha.where(seen, tocha.zeros {}, tocha.full({}, -math.huge)))
    alike(y[4], want[4], 1e-10, 1e-10)
  end)

  it("lets query heads share key heads", function()
    compare(function(q, k, v) return attend(q, k, v, { enable_gqa = true }) end,
      function(q, k, v)
        return written_out(q, k:repeat_interleave(3, -3), v:repeat_interleave(3, -3))
      end, random(2, 6, 70, 4), random(2, 2, 140, 4), random(2, 2, 140, 5))
  end)

  it("drops weights, not outputs, and scales the rest", function()
    local n <const> = 200
    local y = attend(tocha.zeros(n, 4), tocha.zeros(n, 4), tocha.ones(n, 1), { dropout_p = 0.5 })
    assert.is_true(math.abs(y:mean():item() - 1) < 0.05)
    assert.is_true(y:std():item() > 0.01)
  end)

  it("gives NaN for NaN", function()
    local q = random(4, 8)
    q[2] = 0 / 0
    local y = attend(q, random(5, 8), random(5, 8))
    assert.is_true(tocha.isnan(y[2]):all():item())
    assert.is_false(tocha.isnan(y[1]):any():item())
  end)

  it("gives the same bits on any number of threads", function()
    local was <const> = tocha.get_num_threads()
    local q, k, v = tocha.randn(3, 150, 16), tocha.randn(3, 200, 16), tocha.randn(3, 200, 16)
    tocha.set_num_threads(1)
    local want = attend(q, k, v)
    tocha.set_num_threads(3)
    local same = attend(q, k, v):eq(want):all():item()
    tocha.set_num_threads(was)
    assert.is_true(same)
  end)

  it("says what does not fit", function()
    local x = tocha.ones(2, 3, 4)
    local function fails(pattern, ...)
      local ok, message = pcall(attend, ...)
      assert.is_false(ok)
      assert.truthy(message:find(pattern, 1, true), message)
    end
    fails("different widths", x, tocha.ones(2, 3, 5), x)
    fails("different numbers of rows", x, x, tocha.ones(2, 4, 4))
    fails("(3, 5) does not broadcast to the scores' shape (2, 3, 3)", x, x, x, tocha.ones(3, 5))
    fails("either attn_mask or is_causal", x, x, x, { attn_mask = tocha.ones(3, 3),
      is_causal = true })
    fails("3 query heads cannot share 2 key", tocha.ones(3, 2, 4), tocha.ones(2, 2, 4),
      tocha.ones(2, 2, 4),
      { enable_gqa = true })
  end)
end)
