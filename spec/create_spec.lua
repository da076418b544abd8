-- Creation: values, dtypes and options that the derived specs cannot see.

local tocha = require "tocha"

local function values(x) return x:totable() end

describe("creation", function()
  it("counts ranges with both ends", function()
    assert.same({ 1, 2, 3, 4, 5 }, values(tocha.arange(5)))
    assert.same({ 2, 5, 8 }, values(tocha.arange(2, 10, 3)))
    assert.same({ 5, 4, 3 }, values(tocha.arange(5, 3, -1)))
    assert.same({}, values(tocha.arange(3, 1)))
    assert.equal(11, tocha.arange(0, 1, 0.1):numel())
    assert.equal(4, tocha.arange(0, 0.3, 0.1):numel())
  end)

  it("gives int64 for integers, float32 for numbers", function()
    assert.equal("int64", tocha.arange(3).dtype)
    assert.equal("float32", tocha.arange(1, 3, 0.5).dtype)
    assert.equal("int64", tocha.full({ 2 }, 7).dtype)
    assert.equal("float32", tocha.full({ 2 }, 7.0).dtype)
    assert.equal("bool", tocha.full({ 2 }, true).dtype)
    assert.equal("float32", tocha.zeros(2).dtype)
  end)

  it("keeps large integers exact", function()
    local large <const> = (1 << 53) + 1
    assert.same({ large, large + 2 }, values(tocha.arange(large, large + 3, 2)))
  end)

  it("takes dtype and requires_grad in a trailing table", function()
    local x = tocha.ones(2, 3, { dtype = "float64", requires_grad = true })
    assert.equal("float64", x.dtype)
    assert.is_true(x.requires_grad)
    assert.is_true(x:is_leaf())
    assert.is_false(tocha.ones(2).requires_grad)
    assert.equal("float16", tocha.zeros_like(x, { dtype = "float16" }).dtype)
  end)

  it("makes tensors with no dimension and with no element", function()
    assert.same({}, tocha.zeros({}).shape)
    assert.same({ 2, 0, 3 }, tocha.ones(2, 0, 3).shape)
    assert.same({ 0, 0 }, tocha.eye(0).shape)
  end)

  it("ends linspace exactly at its end", function()
    local x = values(tocha.linspace(0, 0.7, 8, { dtype = "float64" }))
    assert.equal(0.7, x[8])
    assert.same({ 0, 3, 6, 10 }, values(tocha.linspace(0, 10, 4, { dtype = "int64" })))
    assert.same({ 0.5, 1, 2 }, values(tocha.logspace(-1, 1, 3, 2)))
  end)

  it("counts triangle indices from 1", function()
    assert.same({ { 1, 2, 2 }, { 1, 1, 2 } }, values(tocha.tril_indices(2, 2)))
    assert.same({ { 1, 1, 2 }, { 1, 2, 2 } }, values(tocha.triu_indices(2, 2)))
  end)

  it("refuses what is no size, step or value", function()
    assert.error_matches(function() tocha.zeros(2, -1) end, "%[zeros%]")
    assert.error_matches(function() tocha.arange(1, 5, 0) end, "%[arange%] argument 3.*step is 0")
    assert.error_matches(function() tocha.arange(1, math.huge) end, "%[arange%]")
    assert.error_matches(function() tocha.full({ 2 }, "x") end, "%[full%] argument 2")
    assert.error_matches(function() tocha.zeros(2, { dtypo = "int64" }) end,
      "unknown option 'dtypo'")
    assert.error_matches(function() tocha.zeros(2, { dtype = "int65" }) end, "int65")
  end)
end)
