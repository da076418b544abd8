-- Selection: indexing with t[...], in-place forms, duplicates, errors, whole-tensor equalities.

local tocha = require "tocha"

local function close(expected, x) assert.same(expected, x:totable()) end
local function leaf(...) return tocha.randn(..., { dtype = "float64", requires_grad = true }) end

local x
before_each(function() x = tocha.arange(12):reshape(3, 4) end)

describe("indexing", function()
  it("with one index tensor, along any dimension", function()
    close({ { 9, 10, 11, 12 }, { 1, 2, 3, 4 } }, x[tocha.tensor { -1, 1 }])
    close({ { 4, 1 }, { 8, 5 }, { 12, 9 } }, x[{ {}, tocha.tensor { 4, 1 } }])
    assert.same({ 2, 2, 4 }, x[tocha.tensor { { 1, 2 }, { 3, 1 } }].shape)
  end)

  it("with several, which go together", function()
    close({ 2, 12 }, x[{ tocha.tensor { 1, 3 }, tocha.tensor { 2, -1 } }])
    close({ { 2, 4 }, { 10, 12 } }, x[{ tocha.tensor { { 1 }, { 3 } }, tocha.tensor { 2, 4 } }])
  end)

  it("puts the result in front where a range lies between", function()
    local y = tocha.zeros(2, 3, 4)
    assert.same({ 5, 3 }, y[{ tocha.ones(5):to "int64", {}, tocha.ones(5):to "int64" }].shape)
    assert.same({ 2, 5 }, y[{ {}, tocha.ones(5):to "int64", tocha.ones(5):to "int64" }].shape)
  end)

  it("with masks", function()
    close({ 7, 8, 9, 10, 11, 12 }, x[x:gt(6)])
    close({ { 5, 6, 7, 8 } }, x[tocha.tensor { false, true, false }])
    close({ 2, 3 }, tocha.index(x, { tocha.tensor { { false, true, true, false },
      { false, false, false, false },
      { false, false, false, false } } }))
  end)

  it("names what is out of range", function()
    assert.error_matches(function() return x[tocha.tensor { 4 }] end,
      "index 4 is out of range for dimension 1 of size 3")
    assert.error_matches(function() return x[{ {}, tocha.tensor { 0 } }] end,
      "index 0 in dimension 2.*count from 1")
    assert.error_matches(function() return x[{ tocha.tensor { 1 }, tocha.tensor { -5 } }] end,
      "index %-5 is out of range for dimension 2 of size 4")
    assert.error_matches(function() return x[{ tocha.tensor { 1, 2 },
      tocha.tensor { 1, 2, 3 } }] end, "broadcast")
  end)
end)

describe("assignment", function()
  it("writes through index tensors, masks and views", function()
    x[tocha.tensor { 1, 3 }] = 0
    close({ { 0, 0, 0, 0 }, { 5, 6, 7, 8 }, { 0, 0, 0, 0 } }, x)
    x[{ tocha.tensor { 2, 2 }, tocha.tensor { 1, 4 } }] = tocha.tensor { -1, -2 }
    close({ -1, 6, 7, -2 }, x[2])
    x[x:lt(0)] = 9
    close({ 9, 6, 7, 9 }, x[2])
    local t = x:t()
    t[{ tocha.tensor { 1 }, tocha.tensor { 1 } }] = 5
    assert.equal(5, x[{ 1, 1 }]:item())
  end)

  it("lets the last of equal places win, or adds", function()
    local z = tocha.zeros(3)
    z[tocha.tensor { 2, 2, 2 }] = tocha.tensor { 1.0, 2.0, 3.0 }
    close({ 0, 3, 0 }, z)
    z:index_put_({ tocha.tensor { 2, 2 } }, tocha.tensor { 1.0, 2.0 }, true)
    close({ 0, 6, 0 }, z)
  end)

  it("is on the tape", function()
    local a, v = leaf { 4, 3 }, leaf { 2, 3 }
    assert.is_true(tocha.gradcheck(function(p, q)
      local y = p * 2
      y[tocha.tensor { 4, 1 }] = q
      return y * y
    end, { a, v }))
    assert.is_true(tocha.gradcheck(function(p, q)
      local y = p * 1
      y:index_add_(1, tocha.tensor { 1, 1 }, q)
      y:scatter_(2, tocha.tensor { { 1 }, { 2 } }, q:narrow(2, 1, 1))
      return y * y
    end, { a, v }))
  end)

  it("writes into the tensor itself, with no copy of it", function()
    local big = tocha.zeros(1 << 20)
    local ids, ones = tocha.tensor { 3, 3 }, tocha.ones(2)
    collectgarbage()
    tocha.reset_peak_memory()
    local before = tocha.memory().in_use
    big:index_add_(1, ids, ones)
    big:index_copy_(1, tocha.tensor { 1 }, tocha.tensor { 8.0 })
    big:index_fill_(1, tocha.tensor { -1 }, 4)
    big:scatter_(1, tocha.tensor { 5 }, 7)
    big:scatter_add_(1, tocha.tensor { 5 }, tocha.ones(1))
    big[tocha.tensor { 2 }] = 6
    close({ 8, 6, 2, 0, 8 }, big:narrow(1, 1, 5))
    assert.equal(4, big[-1]:item())
    assert.is_true(tocha.memory().peak - before < 1 << 20)
  end)

  it("leaves the tensor as it was when an index is wrong", function()
    assert.error_matches(function() x:scatter_(1, tocha.tensor { { 1, 9 } }, 0) end, "index 9")
    assert.error_matches(function() x:index_add_(1, tocha.tensor { 7 },
      tocha.ones(1, 4):to "int64") end, "index 7")
    close({ 1, 2, 3, 4 }, x[1])
    x:scatter_(2, tocha.tensor { { 1 } }, 50)  -- and the next write works
    assert.equal(50, x[{ 1, 1 }]:item())
  end)

  it("refuses memory that several elements share", function()
    assert.error_matches(function() tocha.zeros(1, 3):expand(2, 3):scatter_(1,
      tocha.tensor { { 1 } }, 1) end, "clone")
  end)
end)

describe("gather and scatter", function()
  it("work on every dtype", function()
    for _, dtype in ipairs { "bool", "uint8", "int16", "int32", "int64", "float16", "bfloat16",
      "float64" } do
      local y = x:remainder(2):to(dtype)
      local ids = tocha.tensor { { 1, 1, 3, 3 } }
      local got = y:gather(1, ids)
      assert.equal(dtype, got.dtype)
      assert.same({ { 1, 0, 1, 0 } }, got:to "int64":totable())
      assert.same(y:totable(), y:scatter(1, ids, got):totable())
    end
  end)

  it("combine as told", function()
    local ids, src = tocha.tensor { 1, 1, 2 }, tocha.tensor { 5.0, 7.0, 2.0 }
    local base = tocha.tensor { 1.0, 3.0, 9.0 }
    close({ 13, 5, 9 }, base:scatter_reduce(1, ids, src, "sum"))
    close({ 12, 2, 9 }, base:scatter_reduce(1, ids, src, "sum", false))
    close({ 35, 6, 9 }, base:scatter_reduce(1, ids, src, "prod"))
    close({ 6, 2, 9 }, base:scatter_reduce(1, ids, src, "mean", false))
    close({ 7, 3, 9 }, base:scatter_reduce(1, ids, src, "amax"))
    close({ 5, 2, 9 }, base:scatter_reduce(1, ids, src, "amin", false))
  end)

  it("pass NaN on in extremes", function()
    local y = tocha.zeros(1):scatter_reduce(1, tocha.tensor { 1, 1 },
      tocha.tensor { tocha.nan, 5.0 }, "amax")
    assert.is_true(tocha.isnan(y):item())
  end)

  it("give the gradient of products with zeros among them", function()
    local src = tocha.tensor({ 0.0, 2.0, 3.0, 0.0, 0.0 },
      { dtype = "float64", requires_grad = true })
    local ids = tocha.tensor { 1, 1, 2, 3, 3 }
    local base = tocha.ones(3, { dtype = "float64" })
    base:scatter_reduce(1, ids, src, "prod"):sum():backward()
    assert.same({ 2, 0, 1, 0, 0 }, src.grad:totable())
  end)

  it("add in the same order on any number of threads", function()
    local ids, src = tocha.randint(50, { 20000 }), tocha.randn(20000, 8)
    local threads <const> = tocha.get_num_threads()
    tocha.set_num_threads(1)
    local one = tocha.zeros(50, 8):index_add(1, ids, src)
    local two = tocha.zeros(50, 8):scatter_add(1, ids:unsqueeze(2):expand(20000, 8), src)
    tocha.set_num_threads(3)
    assert.is_true(tocha.zeros(50, 8):index_add(1, ids, src):eq(one):all():item())
    assert.is_true(tocha.zeros(50, 8):scatter_add(1, ids:unsqueeze(2):expand(20000, 8),
      src):eq(two):all():item())
    tocha.set_num_threads(threads)
  end)
end)

describe("masks", function()
  it("select and fill in order", function()
    close({ 2, 4, 6, 8, 10, 12 }, x:masked_select(x:remainder(2):eq(0)))
    close({ { -1, 2 }, { 3, -2 } }, tocha.tensor { { 1, 2 }, { 3, 4 } }
      :masked_scatter(tocha.tensor { { true, false }, { false, true } },
        tocha.tensor { -1, -2, -3 }))
    assert.error_matches(function() x:masked_scatter(x:gt(0), tocha.tensor { 1 }) end,
      "12 true elements.*only 1")
  end)

  it("name places from 1", function()
    close({ { 1, 2 }, { 2, 1 } }, tocha.tensor { { 0, 5 }, { 7, 0 } }:nonzero())
    assert.same({ 0, 1 }, tocha.zeros(3):nonzero().shape)
    assert.equal(2, #tocha.tensor { { 0, 5 }, { 7, 0 } }:nonzero(true))
  end)
end)

describe("embeddings", function()
  local ids = tocha.tensor { { 1, 3 }, { 3, 2 } }

  it("leave the padding row without a gradient", function()
    local w = leaf { 3, 2 }
    tocha.embedding(ids, w, 3):sum():backward()
    close({ { 1, 1 }, { 1, 1 }, { 0, 0 } }, w.grad)
    w = leaf { 3, 2 }
    tocha.embedding(ids, w, { scale_grad_by_freq = true }):sum():backward()
    close({ { 1, 1 }, { 1, 1 }, { 1, 1 } }, w.grad)
  end)

  it("shorten long rows", function()
    local w = tocha.tensor { { 3.0, 4.0 }, { 0.3, 0.4 }, { 6.0, 8.0 } }
    tocha.embedding(tocha.tensor { 1, 2 }, w, { max_norm = 1 })
    assert.is_true(math.abs(w[1]:norm():item() - 1) < 1e-5)
    close({ 6, 8 }, w[3])
  end)

  it("bag rows", function()
    local w = tocha.tensor { { 1.0, 20.0 }, { 2.0, 10.0 }, { 4.0, 0.0 } }
    close({ { 2.5, 10 }, { 3, 5 } }, tocha.embedding_bag(ids, w))
    close({ { 5, 20 }, { 0, 0 }, { 6, 10 } },
      tocha.embedding_bag(ids:flatten(), w, tocha.tensor { 1, 3, 3 }, { mode = "sum" }))
    close({ { 4, 20 }, { 4, 10 } }, tocha.embedding_bag(ids, w, { mode = "max" }))
    assert.error_matches(function() tocha.embedding_bag(ids:flatten(), w) end,
      "%[embedding_bag%] argument 3")
    assert.error_matches(function() tocha.embedding_bag(ids:flatten(), w,
      tocha.tensor { 1, 9 }) end, "offset 9 of bag 2")
  end)

  it("check ids", function()
    assert.error_matches(function() tocha.embedding(tocha.tensor { 4 }, leaf { 3, 2 }) end,
      "%[embedding%] index 4 is out of range")
    close({ { 1, 0 }, { 0, 1 } }, tocha.one_hot(tocha.tensor { 1, 2 }))
    assert.error_matches(function() tocha.one_hot(tocha.tensor { 5 }, 3) end, "%[one_hot%]")
  end)
end)
