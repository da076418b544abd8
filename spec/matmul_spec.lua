-- Products: against sums written out, whatever the size, layout, dtype and number of threads.

local tocha = require "tocha"
local support = require "spec.support"

local alike <const> = support.assert_alike

-- By elementwise products and sums alone.
local function by_sums(a, b) return (a:unsqueeze(-1) * b:unsqueeze(-3)):sum(-2) end

local function both(m, k, n, dtype)
  dtype = dtype or "float32"
  tocha.manual_seed(m * 10007 + k * 101 + n)
  return tocha.randn(m, k, { dtype = dtype }), tocha.randn(k, n, { dtype = dtype })
end

-- Each way a product can take: own loops, dot products, sums of rows, panels packed or where
-- they lie, or OpenBLAS; blocks, panels and tiles, whole ones and rests.
local SIZES <const> = {
  { 1, 1, 1 }, { 3, 4, 5 }, { 10, 8, 8 }, { 17, 9, 33 }, { 5, 200, 3 }, { 1, 300, 700 },
  { 700, 300, 1 }, { 1, 5, 1 }, { 1, 16, 16 }, { 1, 13, 9 }, { 2, 7, 1 }, { 40, 50, 60 },
  { 130, 128, 129 }, { 300, 70, 333 }, { 49, 257, 65 }, { 193, 40, 17 }, { 200, 20, 1030 },
  { 24, 512, 64 }, { 9, 100, 300 }, { 70, 1024, 5 }, { 65, 800, 1024 },
}

describe("mm", function()
  for _, size in ipairs(SIZES) do
    local m <const>, k <const>, n <const> = table.unpack(size)
    for dtype, tolerance in pairs { float32 = 1e-4, float64 = 1e-12 } do
      it(("of %d x %d by %d x %d, %s, in every layout"):format(m, k, k, n, dtype), function()
        local a, b = both(m, k, n, dtype)
        local want = by_sums(a, b)
        local at, bt = a:t():contiguous():t(), b:t():contiguous():t()
        for _, x in ipairs { a, at } do
          for _, y in ipairs { b, bt } do alike(x:mm(y), want, tolerance, tolerance) end
        end
      end)
    end
  end

  it("takes operands of any strides", function()
    local a, b = both(6, 8, 10, "float64")
    local x, y = a:slice(2, 1, -1, 2), b:slice(1, 1, -1, 2):slice(2, 1, -1, 3)
    alike(x:mm(y), by_sums(x, y), 1e-12, 1e-12)
    local row, col = a:narrow(1, 1, 1):expand(5, 8), a:narrow(2, 2, 1):expand(6, 8)
    alike(row:mm(b), by_sums(row, b), 1e-12, 1e-12)
    alike(col:mm(b), by_sums(col, b), 1e-12, 1e-12)
    alike(b:t():mm(col:t()), by_sums(b:t(), col:t()), 1e-12, 1e-12)
  end)

  it("of bfloat16 rounds an exact sum once, in every layout", function()
    for _, size in ipairs(SIZES) do
      local a, b = both(size[1], size[2], size[3], "bfloat16")
      local want, row = a:double():mm(b:double()), tocha.randn(size[3]):bfloat16()
      local at, bt = a:t():contiguous():t(), b:t():contiguous():t()
      for _, x in ipairs { a, at } do
        for _, y in ipairs { b, bt } do
          local product = x:mm(y)
          assert.equal("bfloat16", product.dtype)
          alike(product:double(), want, 2 ^ -8, 1e-3)
          alike(tocha.addmm(row, x, y):double(), want + row:double(), 2 ^ -8, 1e-3)
        end
      end
    end
  end)

  it("of integers is exact", function()
    for _, size in ipairs(SIZES) do
      local a = tocha.randint(-1000, 1000, { size[1], size[2] }, { dtype = "int64" })
      local b = tocha.randint(-1000, 1000, { size[2], size[3] }, { dtype = "int64" })
      assert.equal("int64", a:mm(b).dtype)
      alike(a:mm(b), by_sums(a, b))
      alike(a:mm(b:t():contiguous():t()), by_sums(a, b))
    end
    local big = tocha.tensor({ { 2 ^ 62 // 1 | 0, 1 } }, { dtype = "int64" })
    alike(big:mm(tocha.tensor({ { 1 }, { 1 } }, { dtype = "int64" })):item(), (1 << 62) + 1)
  end)

  it("with nothing to sum gives zeros, and nothing for no rows", function()
    alike(tocha.zeros(2, 0):mm(tocha.zeros(0, 3)), tocha.zeros(2, 3))
    assert.same({ 0, 3 }, tocha.zeros(0, 2):mm(tocha.zeros(2, 3)).shape)
  end)

  it("lets NaN and infinity through", function()
    local a = tocha.tensor { { 0 / 0, 1.0 }, { math.huge, 1.0 }, { 1.0, 1.0 } }
    local y = a:mm(tocha.ones(2, 40)):totable()
    assert.is_true(y[1][1] ~= y[1][1])
    assert.equal(math.huge, y[2][40])
    assert.equal(2.0, y[3][1])
  end)

  it("says which shapes do not fit", function()
    local ok, message = pcall(tocha.mm, tocha.ones(2, 3), tocha.ones(4, 5))
    assert.is_false(ok)
    assert.truthy(message:find("[mm]", 1, true))
    assert.truthy(message:find("(2, 3) and (4, 5)", 1, true), message)
  end)
end)

describe("the number of threads changes no bit of", function()
  local was
  before_each(function() was = tocha.get_num_threads() end)
  after_each(function() tocha.set_num_threads(was) end)

  local function same_bits(f)
    tocha.set_num_threads(1)
    local want = f()
    for _, threads in ipairs { 2, 3, 5 } do
      tocha.set_num_threads(threads)
      assert.is_true(f():eq(want):all():item(), threads .. " threads")
    end
  end

  local LARGE <const> = {
    { 128, 128, 128 }, { 512, 512, 512 }, { 256, 2304, 196 }, { 513, 517, 515 }, { 64, 576, 1000 },
    { 33, 400, 1000 }, { 1000, 51, 37 }, { 300, 333, 70 }, { 2000, 255, 129 }, { 1, 1536, 3000 },
  }
  for _, size in ipairs(LARGE) do
    it(("%d x %d by %d"):format(size[1], size[2], size[3]), function()
      for _, dtype in ipairs { "float32", "float64", "bfloat16" } do
        local a, b = both(size[1], size[2], size[3], dtype)
        local at, bt = a:t():contiguous():t(), b:t():contiguous():t()
        same_bits(function() return a:mm(b) end)
        same_bits(function() return at:mm(b) end)
        same_bits(function() return a:mm(bt) end)
      end
    end)
  end

  it("batches", function()
    local a, b = tocha.randn(40, 30, 50), tocha.randn(40, 50, 20)
    same_bits(function() return a:bmm(b) end)
  end)
end)

describe("addmm", function()
  it("adds a row or a whole matrix, whichever way the product goes", function()
    for _, size in ipairs(SIZES) do
      local a, b = both(table.unpack(size))
      local row, whole = tocha.randn(size[3]), tocha.randn(size[1], size[3])
      for _, y in ipairs { b, b:t():contiguous():t() } do
        local product = a:mm(y)
        alike(tocha.addmm(row, a, y, 0.5, 2), product * 2 + row * 0.5, 1e-3, 1e-3)
        alike(tocha.addmm(whole, a, y), product + whole, 1e-3, 1e-3)
      end
    end
  end)

  it("with beta 0 ignores NaN in what is added", function()
    local a, b = both(3, 4, 5)
    local nan = tocha.full({ 3, 5 }, 0 / 0)
    alike(tocha.addmm(nan, a, b, { beta = 0 }), a:mm(b))
    assert.is_true(tocha.isnan(tocha.addmm(nan, a, b)):all():item())
  end)

  it("refuses what does not broadcast to the product", function()
    local ok, message = pcall(tocha.addmm, tocha.ones(2, 5), tocha.ones(3, 4), tocha.ones(4, 5))
    assert.is_false(ok)
    assert.truthy(message:find("(2, 5) does not broadcast", 1, true), message)
  end)
end)

describe("matmul", function()
  it("of a large batch agrees with its products one by one", function()
    local a, b = tocha.randn(6, 1, 40, 30), tocha.randn(5, 30, 20)
    local y = a:matmul(b)
    assert.same({ 6, 5, 40, 20 }, y.shape)
    alike(y[4][2], a[4][1]:mm(b[2]), 1e-5, 1e-5)
  end)

  it("of halves gives halves", function()
    local y = tocha.ones(2, 3, { dtype = "bfloat16" }):matmul(tocha.ones(3, 4,
      { dtype = "bfloat16" }))
    assert.equal("bfloat16", y.dtype)
    alike(y:to "float32", tocha.full({ 2, 4 }, 3.0))
  end)
end)

describe("einsum", function()
  local function fails(pattern, ...)
    local ok, message = pcall(tocha.einsum, ...)
    assert.is_false(ok)
    assert.truthy(message:find(pattern, 1, true), message)
  end

  it("says what is wrong with an equation", function()
    local x = tocha.ones(2, 3)
    fails("2 terms for 1 operands", "ij,jk->ik", x)
    fails("names 3 of its dimensions", "ijk->i", x)
    fails("has the sizes 3 and 2", "ij,kj->ik", x, tocha.ones(3, 2))
    fails("no operand has the result's dimension 'z'", "ij->z", x)
    fails("names the dimension 'i' twice", "ij->ii", x)
    fails("'1' is no dimension's name", "1j->j", x)
  end)

  it("takes its operands as a list, too", function()
    local a, b = both(3, 4, 5)
    alike(tocha.einsum("ij,jk->ik", { a, b }), a:mm(b), 1e-6, 1e-6)
  end)
end)
