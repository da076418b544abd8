-- Interpolation, padding and grids: what the derived specs cannot see. Values by hand, error texts.

local tocha = require "tocha"
local support = require "spec.support"

local function line(list) return tocha.tensor({ { list } }, { dtype = "float64" }) end
local function values(y) return y:reshape(-1):totable() end

local function fails(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert.is_false(ok)
  assert.truthy(message:find(pattern, 1, true), message)
end

describe("interpolate", function()
  it("repeats the nearest element", function()
    assert.same({ 1, 1, 2, 2 }, values(tocha.interpolate(line { 1, 2 }, 4)))
    assert.same({ 1, 1, 2 }, values(tocha.interpolate(line { 1, 2 }, 3)))
    assert.same({ 2, 4 }, values(tocha.interpolate(line { 1, 2, 3, 4 }, 2, nil, "nearest-exact")))
  end)

  it("draws lines between centres, or between corners", function()
    assert.same({ 0, 1, 3, 4 }, values(tocha.interpolate(line { 0, 4 }, 4, nil, "linear")))
    assert.same({ 0, 2, 4 }, values(tocha.interpolate(line { 0, 4 }, 3, nil, "linear", true)))
  end)

  it("reproduces a straight line with cubics", function()
    local x = tocha.arange(1, 36):to "float64":reshape(1, 1, 6, 6)
    local y = tocha.interpolate(x, { 11, 6 }, nil, "bicubic", true)
    support.assert_alike(y[1][1][5][1]:item(), 13, 1e-12)
  end)

  it("averages when antialiased or by area", function()
    local x = tocha.ones(1, 1, 8, 8, { dtype = "float64" })
    for _, mode in ipairs { "bilinear", "bicubic" } do
      support.assert_alike(tocha.interpolate(x, { 3, 5 }, nil, mode, false, nil, true),
        tocha.ones(1, 1, 3, 5, { dtype = "float64" }), 1e-12)
    end
    assert.same({ 1.5, 3.5 }, values(tocha.interpolate(line { 1, 2, 3, 4 }, 2, nil, "area")))
  end)

  it("names what does not fit", function()
    local x = tocha.zeros(1, 1, 4, 4)
    fails("give either size or scale_factor", tocha.interpolate, x)
    fails("there is no mode 'cubic'", tocha.interpolate, x, 2, nil, "cubic")
    fails("linear is for 1 spatial dimensions", tocha.interpolate, x, 2, nil, "linear")
    fails("only for bilinear and bicubic", tocha.interpolate, x, 2, nil, "nearest", nil, nil, true)
    fails("sizes must be at least 1", tocha.interpolate, x, nil, 0.1)
  end)
end)

describe("pad", function()
  local function padded(...) return values(tocha.pad(line { 1, 2, 3 }, ...)) end

  it("has PyTorch's modes", function()
    assert.same({ 9, 1, 2, 3, 9, 9 }, padded({ 1, 2 }, "constant", 9))
    assert.same({ 3, 2, 1, 2, 3, 2 }, padded({ 2, 1 }, "reflect"))
    assert.same({ 1, 1, 1, 2, 3, 3 }, padded({ 2, 1 }, "replicate"))
    assert.same({ 2, 3, 1, 2, 3, 1 }, padded({ 2, 1 }, "circular"))
  end)

  it("crops with negative pads", function()
    assert.same({ 2, 3, 0 }, padded { -1, 1 })
    assert.same({ 2, 3, 2 }, padded({ -1, 1 }, "circular"))
  end)

  it("keeps the dtype", function()
    local x = tocha.pad(tocha.tensor { true, true }, { 0, 1 })
    assert.equal("bool", x.dtype)
    assert.same({ 1, 2, 1 }, tocha.pad(tocha.tensor { 1, 2 }, { 0, 1 }, "reflect"):totable())
  end)

  it("names what does not fit", function()
    local x = tocha.zeros(1, 3)
    fails("reflect can add at most 2 to dimension 2 of input (1, 3)", tocha.pad, x, { 3, 0 },
      "reflect")
    fails("takes more from dimension 2 than its 3 elements", tocha.pad, x, { -2, -2 })
    fails("expected pairs", tocha.pad, x, { 1, 2, 3 })
    fails("got 'mirror'", tocha.pad, x, { 1, 1 }, "mirror")
  end)
end)

describe("grid_sample", function()
  it("gives the image back on its own grid", function()
    local x = tocha.randn(2, 3, 4, 5, { dtype = "float64" })
    local theta = tocha.tensor({ { 1, 0, 0 }, { 0, 1, 0 } },
      { dtype = "float64" }):unsqueeze(1):expand(2, 2, 3)
    for _, align in ipairs { true, false } do
      local grid = tocha.affine_grid(theta, { 2, 3, 4, 5 }, align)
      support.assert_alike(tocha.grid_sample(x, grid, "bilinear", "zeros", align), x, 1e-12, 1e-12)
    end
  end)

  -- torch.nn.functional.grid_sample(x, grid, "bicubic", padding_mode, align_corners), PyTorch 2.15
  local BICUBIC <const> = {
    { "zeros", false, { 0.0076766462, 27.6013950657, -2.8973102962, 0.0000000000 } },
    { "zeros", true, { -0.3116275081, 23.5227227150, 16.7719101269, -1.5805044389 } },
    { "border", false, { 0.7806137069, 25.6313709407, 43.5654337821, 33.2480746508 } },
    { "border", true, { 0.0556593198, 22.6556530324, 41.2142373789, 33.4498293956 } },
    { "reflection", false, { 0.3588203438, 25.6313709407, 43.8103526478, 3.1164046310 } },
    { "reflection", true, { 2.0293158400, 23.0850295022, 39.2712553733, 4.9360359713 } },
  }

  it("samples cubics with every border as PyTorch does", function()
    local x <const> = (tocha.arange(1, 12):to "float64" ^ 1.5):reshape(1, 1, 3, 4)
    local grid <const> = tocha.tensor({ -0.9, -1.3, 0.3, 0.2, 1.4, 0.95, -0.1, 2.7 },
      { dtype = "float64" }):reshape(1, 1, 4, 2)
    for _, case in ipairs(BICUBIC) do
      local y <const> = tocha.grid_sample(x, grid, "bicubic", case[1], case[2])
      support.assert_alike(y:reshape(-1), tocha.tensor(case[3], { dtype = "float64" }), 1e-9, 1e-9)
    end
  end)
end)

describe("pixel_shuffle", function()
  it("is undone by pixel_unshuffle", function()
    local x = tocha.randn(2, 8, 3, 2)
    support.assert_alike(tocha.pixel_unshuffle(tocha.pixel_shuffle(x, 2), 2), x)
    assert.same({ 2, 2, 6, 4 }, tocha.pixel_shuffle(x, 2).shape)
  end)
end)

describe("sizes beyond memory", function()
  it("are refused at once, before the tables of windows are made", function()
    local started <const> = os.clock()
    local x <const> = tocha.ones(1, 1, 4, 4)
    for _, name in ipairs { "interpolate", "adaptive_avg_pool2d", "adaptive_max_pool2d" } do
      fails("bytes", tocha[name], x, 4000000000)
    end
    fails("bytes", tocha.interpolate, x, nil, 1e7, "bilinear")
    assert.is_true(os.clock() - started < 1)
  end)
end)

describe("a grid with NaN", function()
  it("gives what PyTorch gives", function()
    local x <const> = tocha.arange(1, 16):to("float32"):reshape(1, 1, 4, 4)
    local grid <const> = tocha.full({ 1, 1, 1, 2 }, 0 / 0)
    local hole <const> = tocha.grid_sample(x, grid):item()
    assert.is_true(hole ~= hole)
    assert.equal(0, tocha.grid_sample(x, grid, "nearest"):item())
    for _, mode in ipairs { "bilinear", "nearest" } do
      assert.equal(1, tocha.grid_sample(x, grid, mode, "border"):item())
      assert.equal(1, tocha.grid_sample(x, grid, mode, "reflection"):item())
    end
  end)
end)
