-- Order: ties, NaN, every dtype and every size of line (short, middle, long lines are sorted
-- differently).

local tocha = require "tocha"

local function close(expected, x) assert.same(expected, x:totable()) end

local SIZES <const> = { 1, 2, 31, 33, 100, 300, 2000 }

local function is_ordered(x, descending)
  local n <const> = x:numel()
  if n < 2 then return true end
  local a, b = x:narrow(1, 1, n - 1), x:narrow(1, 2, n - 1)
  return (descending and a:ge(b) or a:le(b)):all():item()
end

-- Equal neighbours come from places in order.
local function is_stable(values, places)
  local n <const> = values:numel()
  if n < 2 then return true end
  local same = values:narrow(1, 1, n - 1):eq(values:narrow(1, 2, n - 1))
  local rising = places:narrow(1, 1, n - 1):lt(places:narrow(1, 2, n - 1))
  return same:logical_not():logical_or(rising):all():item()
end

describe("sort", function()
  for _, dtype in ipairs { "float32", "float64", "int64", "uint8", "bfloat16" } do
    it("orders " .. dtype .. " lines of all sizes, stably, both ways", function()
      for _, n in ipairs(SIZES) do
        local x = tocha.randint(0, 50, { n }):to(dtype)
        if dtype ~= "uint8" then x = x - 25 end
        for _, descending in ipairs { false, true } do
          local values, places = x:sort(1, descending)
          assert.equal(dtype, values.dtype)
          assert.is_true(is_ordered(values, descending))
          assert.is_true(is_stable(values, places))
          assert.is_true(x:index_select(1, places):eq(values):all():item())
        end
      end
    end)
  end

  it("puts NaN last, infinities at the ends, and keeps both zeros", function()
    local x = tocha.tensor { tocha.nan, 1.0, -tocha.inf, 0.0, -0.0, tocha.inf }
    local values, places = x:sort()
    close({ 3, 4, 5, 2, 6, 1 }, places)
    assert.equal(-math.huge, 1 / values[3]:item())
    close({ 1, 6, 2, 4, 5, 3 }, x:argsort(1, true))
  end)

  it("orders integers at the ends of their range", function()
    close({ math.mininteger, -1, 0, math.maxinteger },
      (tocha.tensor { 0, math.maxinteger, -1, math.mininteger }:sort()))
  end)

  it("sorts along any dimension", function()
    close({ { 1, 2 }, { 3, 4 } }, (tocha.tensor { { 3, 2 }, { 1, 4 } }:sort(1)))
    close({ { 2, 3 }, { 1, 4 } }, (tocha.tensor { { 3, 2 }, { 1, 4 } }:sort(2)))
    assert.same({ 0, 3 }, tocha.zeros(0, 3):sort(1).shape)
    assert.equal(5, tocha.tensor(5):sort():item())
  end)
end)

describe("topk and kthvalue", function()
  it("agree with sort, for few and for many", function()
    for _, n in ipairs { 5, 40, 3000 } do
      local x = tocha.randint(1, 500, { n }):to "float32"
      local ordered = x:sort(1, true)
      for _, k in ipairs { 1, 3, n // 2, n } do
        local values, places = x:topk(k)
        assert.is_true(values:eq(ordered:narrow(1, 1, k)):all():item())
        assert.is_true(x:index_select(1, places):eq(values):all():item())
        local bottom = x:topk(k, 1, false)
        assert.is_true(bottom:eq(x:sort():narrow(1, 1, k)):all():item())
        assert.equal(x:sort()[k]:item(), (x:kthvalue(k)):item())
        assert.is_true(x:topk(k, 1, true, false):sort(1, true):eq(values):all():item())
      end
    end
  end)

  it("take the first of equals, for few and for many", function()
    local places = select(2, tocha.tensor { 1, 5, 5, 0, 5 }:topk(2))
    close({ 2, 3 }, places)
    local many = select(2, tocha.zeros(100):topk(20))
    assert.is_true(many:eq(tocha.arange(20)):all():item())
    assert.equal(2, (select(2, tocha.tensor { 3, 1, 1 }:kthvalue(1))):item())
  end)

  it("check k", function()
    assert.error_matches(function() tocha.zeros(3):topk(4) end,
      "%[topk%] argument 2.*4 is out of range")
    assert.error_matches(function() tocha.zeros(3):kthvalue(0) end, "%[kthvalue%] argument 2")
    assert.equal(0, tocha.zeros(3):topk(0):numel())
  end)
end)

describe("unique", function()
  it("gives values, inverse and counts", function()
    local values, inverse, counts = tocha.tensor { 5, 1, 5, 9, 1 }:unique(true, true, true)
    close({ 1, 5, 9 }, values)
    close({ 2, 1, 2, 3, 1 }, inverse)
    close({ 2, 2, 1 }, counts)
    local _, only_counts = tocha.tensor { 5, 5, 1 }:unique { return_counts = true }
    close({ 1, 2 }, only_counts)
  end)

  it("restores the tensor by its inverse", function()
    local x = tocha.randint(1, 40, { 30, 20 })
    local values, inverse = x:unique { return_inverse = true }
    assert.is_true(values:take(inverse):eq(x):all():item())
  end)

  it("finds distinct rows and columns", function()
    local x = tocha.tensor { { 2, 1 }, { 0, 9 }, { 2, 1 }, { 2, 0 } }
    local rows, inverse, counts = x:unique(true, true, true, 1)
    close({ { 0, 9 }, { 2, 0 }, { 2, 1 } }, rows)
    close({ 3, 1, 3, 2 }, inverse)
    close({ 1, 1, 2 }, counts)
    assert.same({ 4, 2 }, x:unique { dim = 2 }.shape)
  end)

  it("holds no NaN equal to another", function()
    assert.equal(3, tocha.tensor { tocha.nan, 1.0, tocha.nan }:unique():numel())
    assert.equal(0, tocha.zeros(0):unique():numel())
  end)

  it("takes neighbours only, when told", function()
    local values, counts = tocha.tensor { 1, 1, 2, 1 }:unique_consecutive { return_counts = true }
    close({ 1, 2, 1 }, values)
    close({ 2, 1, 1 }, counts)
  end)
end)

describe("searchsorted", function()
  it("counts places from 1, left or right of equals", function()
    local x = tocha.tensor { 1.0, 3.0, 3.0, 7.0 }
    close({ 2, 1, 5 }, tocha.searchsorted(x, tocha.tensor { 3.0, 0.0, 9.0 }))
    close({ 4, 1, 5 }, tocha.searchsorted(x, tocha.tensor { 3.0, 0.0, 9.0 }, { side = "right" }))
    assert.equal(5, tocha.searchsorted(x, tocha.nan):item())
    assert.equal("int32", tocha.searchsorted(x, 3, { out_int32 = true }).dtype)
    close({ 1, 2 }, tocha.bucketize(tocha.tensor { 1.0, 2.0 }, tocha.tensor { 1.0, 3.0 }))
    assert.error_matches(function() tocha.searchsorted(x, 3, { side = "up" }) end,
      "%[searchsorted%]")
    assert.error_matches(function() tocha.searchsorted(tocha.zeros(2, 3), tocha.zeros(3, 3)) end,
      "%[searchsorted%]")
  end)

  it("finds where NaN are among the values", function()
    close({ 2, 3 }, tocha.searchsorted(tocha.tensor { 1.0, 2.0, tocha.nan },
      tocha.tensor { 2.0, 5.0 }))
  end)
end)
