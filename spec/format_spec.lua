-- What tensors look like: the text as it is printed, to the letter.

local tocha = require "tocha"

local inf <const>, nan <const> = math.huge, 0 / 0

local function counted(n)
  local list <const> = {}
  for k = 1, n do list[k] = k end
  return tocha.tensor(list)
end

local function shows(expected, x) assert.equal(expected, tostring(x)) end

describe("a tensor prints", function()
  it("as a number when it has no dimensions", function()
    shows("0.1", tocha.tensor(0.1))
    shows("0.1", tocha.tensor(0.1, { dtype = "float64" }))
    shows("0.1", tocha.tensor(0.1, { dtype = "float16" }))
    shows("3.0", tocha.tensor(3.0))
    shows("3", tocha.tensor(3))
    shows("true", tocha.tensor(true))
    shows("nan", tocha.tensor(nan))
    shows("-inf", tocha.tensor(-inf))
    shows("2.5", tocha.tensor(2.5):requires_grad_())
  end)

  it("in aligned columns of one format", function()
    shows("  1.0000  -2.0000\n  3.0000   4.5000\n[float32 tensor of size 2x2 on cpu]",
      tocha.tensor { { 1, -2 }, { 3, 4.5 } })
  end)

  it("whole numbers without a point", function()
    shows("   1  -10\n 100    2\n[int64 tensor of size 2x2 on cpu]",
      tocha.tensor { { 1, -10 }, { 100, 2 } })
    shows(" 1  2\n[float32 tensor of size 2 on cpu]", tocha.tensor { 1.0, 2.0 })
  end)

  it("scientific only where a fixed point would hide digits", function()
    shows(" 1.0000e-07  2.0000e+00\n[float32 tensor of size 2 on cpu]", tocha.tensor { 1e-7, 2 })
    shows(" 0.0001  2.0000\n[float64 tensor of size 2 on cpu]",
      tocha.tensor({ 1e-4, 2 }, { dtype = "float64" }))
  end)

  it("NaN, infinities and booleans in the same columns", function()
    shows(" 1.5000     nan     inf    -inf\n[float32 tensor of size 4 on cpu]",
      tocha.tensor { 1.5, nan, inf, -inf })
    shows("  true  false\n[bool tensor of size 2 on cpu]", tocha.tensor { true, false })
  end)

  it("blocks by their index", function()
    shows("(1,.,.) =\n 1  2\n 3  4\n\n(2,.,.) =\n 5  6\n 7  8\n[int64 tensor of size 2x2x2 on cpu]",
      counted(8):view(2, 2, 2))
  end)

  it("without elements as its last line", function()
    shows("[float32 tensor of size 0x3 on cpu]", tocha.empty(0, 3))
  end)

  it("a note that it wants a gradient", function()
    shows(" 1.5000\n[float32 tensor of size 1 on cpu, requires_grad]",
      tocha.tensor { 1.5 }:requires_grad_())
  end)

  it("its edges when it is large", function()
    shows("    1     2     3  ...  1998  1999  2000\n[int64 tensor of size 2000 on cpu]",
      counted(2000))
    local matrix <const> = tostring(counted(2000):view(50, 40))
    assert.matches("\n +%.%.%.\n", matrix)
    assert.equal(8, select(2, matrix:gsub("\n", "")) + 1)
  end)

  it("wide matrices in runs of columns, vectors in lines", function()
    local text <const> = tostring(counted(60):view(2, 30))
    assert.matches("^Columns 1 to 19\n", text)
    assert.matches("\nColumns 20 to 30\n", text)
    for line in tostring(counted(100)):gmatch "[^\n]+" do assert(#line <= 80) end
  end)

  it("a transposed view in its own order", function()
    shows(" 1  3\n 2  4\n[int64 tensor of size 2x2 on cpu]", counted(4):view(2, 2):t())
  end)
end)

describe("set_printoptions", function()
  after_each(function() tocha.set_printoptions "default" end)

  it("changes precision and threshold, and gives them back", function()
    tocha.set_printoptions { precision = 2, threshold = 5, edgeitems = 1 }
    shows(" 1.25  ...  9.25\n[float32 tensor of size 9 on cpu]", counted(9):to "float32" + 0.25)
    assert.equal(2, tocha.set_printoptions().precision)
    tocha.set_printoptions "default"
    shows(" 1.2500\n[float32 tensor of size 1 on cpu]", tocha.tensor { 1.25 })
  end)

  it("refuses what it does not know", function()
    assert.has_error(function() tocha.set_printoptions { digits = 3 } end)
    assert.has_error(function() tocha.set_printoptions { precision = "many" } end)
  end)
end)
