-- Joining and parting: lists of tensors, which the derived specs do not differentiate, and errors.

local tocha = require "tocha"

local function close(expected, x) assert.same(expected, x:totable()) end

local function leaf(...) return tocha.randn(..., { dtype = "float64", requires_grad = true }) end

describe("cat and stack", function()
  it("promote dtypes", function()
    local y = tocha.cat { tocha.tensor { 1, 2 }, tocha.tensor { 0.5 } }
    assert.equal("float32", y.dtype)
    close({ 1, 2, 0.5 }, y)
  end)

  it("join more tensors than fit one call of the kernel", function()
    local list, expected = {}, {}
    for k = 1, 40 do
      list[k] = tocha.full({ 2, k % 3 }, k)
      for _ = 1, k % 3 do expected[#expected + 1] = k end
    end
    close({ expected, expected }, tocha.cat(list, 2))
    local rows = tocha.stack { list[1], list[4], list[7] }
    assert.same({ 3, 2, 1 }, rows.shape)
  end)

  it("join large tensors as small ones", function()
    local a, b = tocha.randn(400, 300), tocha.randn(400, 200)
    local y = tocha.cat({ a, b }, 2)
    assert.is_true(y:narrow(2, 1, 300):eq(a):all():item())
    assert.is_true(y:narrow(2, 301, 200):eq(b):all():item())
    local z = tocha.stack({ a, a:neg() }, -1)
    assert.is_true(z:select(3, 2):eq(-a):all():item())
  end)

  it("have gradients for every tensor of the list", function()
    local a, b = leaf { 2, 3 }, leaf { 2, 1 }
    assert.is_true(tocha.gradcheck(function(p, q) return tocha.cat({ p, q, p }, 2) end, { a, b }))
    assert.is_true(tocha.gradcheck(function(p, q) return tocha.stack({ p, q:expand(2, 3) }, 2) end,
      { a, b }))
    assert.is_true(tocha.gradgradcheck(function(p, q) return tocha.cat({ p * p, q }, 2) end,
      { a, b }))
  end)

  it("say what does not fit", function()
    assert.error_matches(function() tocha.cat { tocha.zeros(2, 3), tocha.zeros(2, 2) } end,
      "%[cat%].*tensor 2 is %(2, 2%)")
    assert.error_matches(function() tocha.cat {} end, "%[cat%].*at least one")
    assert.error_matches(function() tocha.cat { tocha.zeros({}) } end, "%[cat%].*stack")
    assert.error_matches(function() tocha.stack { tocha.zeros(2), tocha.zeros(3) } end,
      "%[stack%].*tensor 2")
    assert.error_matches(function() tocha.stack({ tocha.zeros(2) }, 3) end,
      "%[stack%].*out of range")
  end)
end)

describe("views", function()
  it("of nothing take any strides", function()
    local x <const> = tocha.zeros(0, 4, 3):slice(2, 1, 4, 2)
    assert.same({ 0, 6 }, x:view(0, 6).shape)
    assert.same({ 0, 2, 3 }, x:alias().shape)
  end)
end)

describe("split, chunk, unbind", function()
  it("return lists of views", function()
    local x = tocha.arange(7)
    local parts = x:split(3)
    assert.equal(3, #parts)
    parts[3]:fill_(0)
    close({ 1, 2, 3, 4, 5, 6, 0 }, x)
    assert.equal(3, #x:chunk(3))
    assert.equal(4, #x:chunk(5))
    assert.equal(7, #x:unbind())
  end)

  it("have gradients", function()
    local x = leaf { 3, 4 }
    assert.is_true(tocha.gradcheck(function(p)
      local a, b = table.unpack(p:chunk(2, 2))
      return a * b
    end, { x }))
    assert.is_true(tocha.gradcheck(function(p)
      local a, b, c = table.unpack(p:unbind(1))
      return a * b + c
    end, { x }))
  end)

  it("check sizes", function()
    assert.error_matches(function() tocha.arange(7):split { 1, 2 } end, "%[split%].*sum to 3")
    assert.error_matches(function() tocha.arange(7):split(0) end, "%[split%]")
    assert.error_matches(function() tocha.arange(7):chunk(0) end, "%[chunk%]")
    assert.error_matches(function() tocha.zeros({}):unbind() end, "%[unbind%]")
  end)
end)

describe("repeating and turning", function()
  it("reaches repeat by its name in quotes, and by another", function()
    local x = tocha.tensor { 1, 2 }
    close({ { 1, 2, 1, 2 }, { 1, 2, 1, 2 } }, x["repeat"](x, 2, 2))
    close({ 1, 2, 1, 2 }, x:repeat_dims(2))
    close({ 1, 2, 1, 2 }, x:tile(2))
  end)

  it("repeats even tensors of many dimensions", function()
    local x = tocha.arange(64):reshape(2, 2, 2, 2, 2, 2, 1, 1)
    assert.same({ 2, 2, 2, 2, 4, 2, 3, 1 }, x:tile(2, 1, 3, 1).shape)
  end)

  it("interleaves by counts", function()
    close({ 1, 1, 2, 2 }, tocha.tensor { 1, 2 }:repeat_interleave(2))
    close({ 1, 3, 3 }, tocha.tensor { 1, 2, 3 }:repeat_interleave(tocha.tensor { 1, 0, 2 }))
  end)

  it("rolls and flips any dtype", function()
    close({ true, false, false }, tocha.tensor { false, false, true }:roll(1))
    close({ 3, 2, 1 }, tocha.arange(3):to "uint8":flip(1))
    close({ { 3, 4 }, { 1, 2 } }, tocha.tensor { { 1, 2 }, { 3, 4 } }:flipud())
  end)

  it("cuts triangles at their diagonal", function()
    local x = tocha.ones(2, 3):to "int64"
    close({ { 1, 0, 0 }, { 1, 1, 0 } }, x:tril())
    close({ { 1, 1, 1 }, { 0, 1, 1 } }, x:triu())
    close({ { 0, 0, 1 }, { 0, 0, 0 } }, x:triu(2))
  end)

  it("keeps NaN out of the other triangle", function()
    local x = tocha.full({ 2, 2 }, tocha.nan)
    assert.equal(0, x:tril()[{ 1, 2 }]:item())
    assert.equal(0, x:triu()[{ 2, 1 }]:item())
  end)
end)

describe("grids", function()
  it("mesh in both ways", function()
    local a, b = table.unpack(tocha.meshgrid { tocha.arange(2), tocha.arange(3) })
    close({ { 1, 1, 1 }, { 2, 2, 2 } }, a)
    close({ { 1, 2, 3 }, { 1, 2, 3 } }, b)
    assert.same({ 3, 2 }, tocha.meshgrid({ tocha.arange(2), tocha.arange(3) }, "xy")[1].shape)
    assert.error_matches(function() tocha.meshgrid({ tocha.arange(2) }, "yx") end, "%[meshgrid%]")
  end)
end)

describe("a view of no elements", function()
  it("may have any shape, whatever the strides", function()
    local x <const> = tocha.randn(3, 4, 3):transpose(2, 3):narrow(2, 1, 0)
    assert.same({ 3, 0, 4 }, x:view(3, 0, 4).shape)
    assert.same({ 0, 7 }, x:view(0, 7).shape)
    assert.same({ 3, 0, 4 }, tocha.nn.functional.alias(x).shape)
  end)
end)
