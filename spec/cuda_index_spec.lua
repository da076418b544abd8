-- Selection, scattering and embeddings on CUDA against the CPU: what the registry's samples do not
-- have. Sizes that are no multiple of a block, all item sizes, repeated indices, indices that name
-- nothing.

local tocha = require "tocha"
local ops = require("tocha.op").ops
local device = require "spec.cuda_support"

local describe_cuda <const> = device.suite(describe, pending)
local agrees <const> = device.assert_agrees

local DTYPES <const> = {
  "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64",
}
local SIZES <const> = { 0, 1, 33, 1025, 5000 }
local FEWER <const> = { 0, 1, 33, 1025 }

-- Small numbers in no order, the same each time.
local function numbers(sizes, dtype)
  tocha.manual_seed(3)
  return tocha.randint(-9, 9, sizes):to(dtype or "float32")
end

-- `n` indices of `size` places, some of them from the end, many of them twice.
local function indices(n, size)
  tocha.manual_seed(5)
  local id <const> = tocha.randint(1, size, { n })
  return tocha.where(tocha.rand(n):lt(0.3), id - (size + 1), id)
end

local function mask_of(sizes)
  tocha.manual_seed(6)
  return tocha.rand(sizes):lt(0.4)
end

local function each_dtype(f)
  for _, dtype in ipairs(DTYPES) do
    for _, n in ipairs(FEWER) do f(dtype, n, ("%s, %d elements"):format(dtype, n)) end
  end
end

-- ---- what moves elements ------------------------------------------------------------------------

describe_cuda("on CUDA, in any dtype and size,", function()
  it("tensors are joined along the last and the first dimension", function()
    each_dtype(function(dtype, n, where)
      local a <const>, b <const> = numbers({ 3, n }, dtype), numbers({ 3, 7 }, dtype)
      agrees(function(x, y) return ops.cat({ x, y, x }, 2), ops.cat({ x, x }, 1) end, { a, b }, 0,
        0, where)
    end)
  end)

  it("more tensors are joined than one launch takes, and empty ones", function()
    local list <const> = {}
    for k = 1, 30 do list[k] = numbers({ 2, k % 4, 3 }, "int16") end
    agrees(function(...) return ops.cat({ ... }, 2) end, list, 0, 0)
    agrees(function(x) return ops.stack({ x, x, x }, 2) end, { numbers({ 5, 3 }, "int8") }, 0, 0)
  end)

  it("slices and elements are selected, and put back", function()
    each_dtype(function(dtype, n, where)
      local x <const>, id <const> = numbers({ 9, 5 }, dtype), indices(n, 9)
      agrees(function(v, k) return ops.index_select(v, 1, k) end, { x, id }, 0, 0, where)
      agrees(function(v, k) return ops.index_select(v, 2, k) end, { x, indices(n, 5) }, 0, 0, where)
      agrees(function(v, k, s) return ops.index_copy(v, 1, k, s) end,
        { x, id, numbers({ n, 5 }, dtype) }, 0, 0, where)
    end)
  end)

  it("slices of 16 bytes and of odd addresses are selected", function()
    local x <const> = numbers({ 40, 8 }, "float32")
    agrees(function(v, k) return ops.index_select(v, 1, k) end, { x, indices(100, 40) }, 0, 0)
    agrees(function(v, k) return ops.index_select(v:view { -1 }:narrow(1, 2, 300):view { 75, 4 }, 1,
      k) end, { x, indices(100, 75) }, 0, 0)
  end)

  it("elements are gathered and scattered, the last of equals wins", function()
    each_dtype(function(dtype, n, where)
      local x <const>, id <const> = numbers({ 4, 9 }, dtype), indices(n, 9):view { 1, n }
      local rows <const>, source <const> = ops.expand(id, { 4, n }), numbers({ 4, n }, dtype)
      agrees(function(v, k) return ops.gather(v, 2, k) end, { x, rows:clone() }, 0, 0, where)
      agrees(function(v, k, s) return ops.scatter(v, 2, k, s) end, { x, rows:clone(), source }, 0,
        0, where)
      local column <const> = indices(n, 4):view { n, 1 }
      agrees(function(v, k, s) return ops.scatter(v, 1, k, s) end,
        { x, column, numbers({ n, 1 }, dtype) }, 0, 0, where)
    end)
  end)

  it("one index a line, as one-hot vectors have, is scattered", function()
    agrees(function(v, k) return ops.scatter(v, 2, k, 1) end,
      { tocha.zeros(300, 11), indices(300, 11):view { 300, 1 } }, 0, 0)
  end)

  it("an index that is smaller than the tensor walks beside it", function()
    local x <const> = numbers { 3, 5, 4 }
    for dim = 1, 3 do
      local id <const> = indices(12, x:size(dim)):view { 2, 3, 2 }
      agrees(function(v, k) return ops.gather(v, dim, k) end, { x, id }, 0, 0)
      agrees(function(v, k, s) return ops.scatter(v, dim, k, s) end,
        { x, id, numbers { 2, 3, 2 } }, 0, 0)
    end
  end)

  it("masks select, fill in and are counted out", function()
    each_dtype(function(dtype, n, where)
      local x <const>, mask <const> = numbers({ n }, dtype), mask_of { n }
      agrees(ops.masked_select, { x, mask }, 0, 0, where)
      agrees(function(v, m, s) return ops.masked_scatter(v, m, s) end,
        { x, mask, numbers({ n }, dtype) }, 0, 0, where)
    end)
    for _, n in ipairs(SIZES) do
      agrees(function(m) return ops.nonzero(m) end, { mask_of { n } }, 0, 0)
      agrees(function(m) return ops.nonzero(m) end, { mask_of { 3, n, 2 } }, 0, 0)
    end
  end)

  it("dimensions are flipped, triangles taken", function()
    each_dtype(function(dtype, n, where)
      local x <const> = numbers({ 2, n, 4 }, dtype)
      for _, dims in ipairs { { 1 }, { 2 }, { 3 }, { 1, 2 }, { 1, 3 }, { 1, 2, 3 } } do
        agrees(function(v) return ops.flip(v, dims) end, { x }, 0, 0, where)
      end
    end)
    for _, dtype in ipairs(DTYPES) do
      for diagonal = -3, 3 do
        agrees(function(v) return ops.tril(v, diagonal), ops.triu(v, diagonal) end,
          { numbers({ 2, 33, 35 }, dtype) }, 0, 0, dtype)
      end
    end
  end)
end)

-- ---- what adds at repeated indices --------------------------------------------------------------

-- Integers add up exactly, in whatever order and dtype they fit.
local NUMBERS <const> = { "int64", "float16", "bfloat16", "float32", "float64" }
local ROUNDING <const> = { float16 = 2e-3, bfloat16 = 1e-2 }

-- Numbers whose sums round.
local function fractions(sizes, dtype)
  if dtype == "int64" then return numbers(sizes, dtype) end
  tocha.manual_seed(4)
  return tocha.rand(sizes, { dtype = "float64" }):to(dtype)
end

local function each_number(f)
  for _, dtype in ipairs(NUMBERS) do
    for _, n in ipairs(SIZES) do
      f(dtype, n, ROUNDING[dtype] or 1e-5, ("%s, %d indices"):format(dtype, n))
    end
  end
end

describe_cuda("on CUDA, where indices repeat,", function()
  it("slices are added in order", function()
    each_number(function(dtype, n, rtol, where)
      for _, size in ipairs { 1, 7, 3000 } do
        agrees(function(v, k, s) return ops.index_add(v, 2, k, s, { alpha = 2 }) end,
          { fractions({ 2, size, 3 }, dtype), indices(n, size), fractions({ 2, n, 3 }, dtype) },
          rtol, rtol, where)
      end
    end)
  end)

  it("values are joined by sum, product, largest and smallest", function()
    each_number(function(dtype, n, rtol, where)
      local x <const>, id <const> = fractions({ 3, 40 }, dtype), indices(3 * n, 40):view { 3, n }
      for _, how in ipairs { "sum", "prod", "mean", "amax", "amin" } do
        for _, with_self in ipairs { true, false } do
          agrees(function(v, k, s)
            return ops.scatter_reduce(v, 2, k, s, how, with_self)
          end, { x, id, fractions({ 3, n }, dtype) }, 20 * rtol, rtol, where .. ", " .. how)
        end
      end
    end)
  end)

  it("NaN is the largest and the smallest", function()
    local source <const> = fractions({ 500 }, "float32")
    source[{ 77 }] = 0 / 0
    for _, how in ipairs { "amax", "amin" } do
      agrees(function(v, k, s) return ops.scatter_reduce(v, 1, k, s, how) end,
        { fractions({ 9 }, "float32"), indices(500, 9), source }, 0, 0)
    end
  end)

  it("rows of an embedding get their gradients, without padding, scaled by frequency", function()
    each_number(function(dtype, n, rtol, where)
      if dtype == "int64" then return end
      for _, options in ipairs { {}, { padding_idx = 2 }, { scale_grad_by_freq = true } } do
        agrees(function(w, k)
          w = w:detach():requires_grad_()
          local y <const> = ops.embedding(k, w, options)
          y:backward(ops.arange(1, y:numel(), { device = y.device }):view(y.shape):to(dtype):sin())
          return y, w.grad
        end, { fractions({ 30, 5 }, dtype), indices(n, 30) }, 5 * rtol, 5 * rtol, where)
      end
    end)
  end)

  it("bags of an embedding are summed, averaged and searched for the largest", function()
    local offsets <const> = tocha.tensor({ 1, 1, 40, 41, 600 }, { dtype = "int64" })
    for _, dtype in ipairs { "float16", "float32", "float64" } do
      for _, mode in ipairs { "sum", "mean", "max" } do
        agrees(function(k, w, o)
          w = w:detach():requires_grad_()
          local y <const> = ops.embedding_bag(k, w, o, { mode = mode, padding_idx = 3 })
          y:sum():backward()
          return y, w.grad
        end, { indices(1025, 30):abs():clamp(1, 30), fractions({ 30, 5 }, dtype), offsets },
          5 * (ROUNDING[dtype] or 1e-5), 1e-4, dtype .. ", " .. mode)
      end
    end
  end)
end)

-- ---- copies between layouts ---------------------------------------------------------------------

describe_cuda("on CUDA, copies", function()
  it("of transposed tensors come out in order, in any dtype", function()
    for _, dtype in ipairs(DTYPES) do
      for _, sizes in ipairs { { 16, 16 }, { 33, 70 }, { 15, 100 }, { 1, 40 }, { 64, 1025 } } do
        agrees(function(x) return x:t():clone(), x:t():contiguous() end, { numbers(sizes, dtype) },
          0, 0, dtype)
      end
    end
  end)

  it("of permuted tensors do, and of pieces of them", function()
    local x <const> = numbers { 3, 20, 2, 35 }
    for _, order in ipairs { { 1, 4, 3, 2 }, { 4, 2, 3, 1 }, { 4, 3, 2, 1 }, { 2, 4, 1, 3 } } do
      agrees(function(v) return v:permute(order):contiguous() end, { x }, 0, 0)
    end
    agrees(function(v) return v:narrow(2, 2, 18):transpose(2, 4):contiguous() end, { x }, 0, 0)
    agrees(function(v) return v:narrow(4, 3, 31):transpose(2, 4):contiguous() end, { x }, 0, 0)
  end)

  it("go into transposed tensors, and from one number everywhere", function()
    agrees(function(y, v)
      y:t():copy_(v)
      return y
    end, { numbers { 40, 33 }, numbers { 33, 40 } + 1 }, 0, 0)
    agrees(function(v) return ops.expand(v, { 50, 60 }):clone() end, { numbers { 50, 1 } }, 0, 0)
    agrees(function(v) return ops.expand(v, { 60, 50, 20 }):permute { 3, 1, 2 }:clone() end,
      { numbers { 50, 20 } }, 0, 0)
  end)

  it("keep their bits at any address and length", function()
    for _, dtype in ipairs(DTYPES) do
      for _, n in ipairs { 0, 1, 7, 33, 1025 } do
        agrees(function(x) return x:narrow(1, 3, n):clone() end, { numbers({ n + 5 }, dtype) }, 0,
          0, dtype)
      end
    end
  end)
end)

-- ---- what names nothing -------------------------------------------------------------------------

describe_cuda("on CUDA, an index that names nothing", function()
  local function fails(f)
    local ok <const>, message <const> = pcall(function()
      f()
      tocha.cuda.synchronize()
    end)
    assert.is_false(ok)
    assert.matches("out of range", tostring(message))
  end
  local x <const> = device.here and numbers({ 4, 5 }):to "cuda"
  local function id(...) return tocha.tensor({ ... }, { dtype = "int64" }):to "cuda" end

  it("is an error at the next call that waits", function()
    for _, bad in ipairs { 0, 5, -5 } do
      fails(function() return ops.index_select(x, 1, id(1, bad)) end)
      fails(function() return ops.index_copy(x, 1, id(bad), x:narrow(1, 1, 1)) end)
      fails(function() return ops.index_add(x, 1, id(bad), x:narrow(1, 1, 1)) end)
      fails(function() return ops.gather(x, 1, id(bad):view { 1, 1 }) end)
      fails(function() return ops.scatter(x, 1, id(1, bad):view { 2, 1 }, x:narrow(1, 1, 2)) end)
      fails(function() return ops.embedding(id(bad), x) end)
    end
  end)

  it("leaves no error behind, and memory around untouched", function()
    fails(function() return ops.index_select(x, 1, id(99)) end)
    tocha.cuda.synchronize()
    device.assert_alike(ops.index_select(x, 1, id(4, 1)), ops.index_select(x:to "cpu", 1,
      tocha.tensor({ 4, 1 }, { dtype = "int64" })), 0, 0)
  end)
end)
