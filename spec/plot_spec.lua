-- Figures as what is drawn: the page, lines, bars and histograms.

local tocha = require "tocha"
local layout = require "tocha.plot.layout"
local plot = tocha.plot
local common = require "spec.plot_support"

local items_of <const> = common.items_of
local plain <const> = common.plain
local ticks_of <const> = common.ticks_of
local near <const> = common.near
local line_through <const> = common.line_through

describe("the page", function()
  it("has points where the ticks say", function()
    local fig = plot.figure { xlim = { 0, 10 }, ylim = { -1, 1 } }
    fig:scatter({ 2, 5 }, { -0.5, 0.25 })
    local x, y = ticks_of(fig)
    local fx, fy = line_through(x, "2", "8"), line_through(y, "0.0", "1.0")
    local m = items_of(fig, "markers")[1]
    for k, at in ipairs { { 2, -0.5 }, { 5, 0.25 } } do
      near(fx(at[1]), m.xs[k])
      near(fy(at[2]), m.ys[k])
    end
  end)

  it("has points where the ticks say on logarithmic axes", function()
    local fig = plot.figure { xscale = "log", yscale = "log" }
    fig:plot({ 1, 10, 100, 1000 }, { 1e-3, 1e-1, 1, 20 })
    local x, y = ticks_of(fig)
    local p = items_of(fig, "path", plain)[1].paths[1]
    near(x["10³"], p[7])
    near(x["10⁰"], p[1])
    near(y["10⁻³"], p[2])
    near(y["10⁻¹"], p[4])
    near(y["10⁰"] + math.log(20, 10) * (y["10¹"] - y["10⁰"]), p[8])
  end)

  it("has the limits at its ends", function()
    for _, scale in ipairs { "linear", "log" } do
      local fig = plot.figure { xlim = { 1, 1000 }, ylim = { 20, 2 }, xscale = scale,
        yscale = scale }
      local m = items_of(fig:scatter({ 1, 1000 }, { 20, 2 }), "markers")[1]
      local _, plans = layout.draw(fig, 1)
      local b = plans[1].box
      near(b.x, m.xs[1])
      near(b.x + b.w, m.xs[2])
      near(b.y + b.h, m.ys[1])
      near(b.y, m.ys[2])
    end
  end)

  it("runs from the first limit to the second, also downwards", function()
    local fig = plot.figure { xlim = { 3, 1 }, ylim = { 0, 4 } }:scatter({ 1, 3 }, { 0, 4 })
    local m = items_of(fig, "markers")[1]
    assert.is_true(m.xs[1] > m.xs[2] and m.ys[1] > m.ys[2])
  end)

  it("takes lists, lists in lists, tensors of any dtype, with gradients too", function()
    local expected
    for _, y in ipairs { { 1, 3, 2 }, { { 1 }, { 3, 2 } }, tocha.tensor { 1, 3, 2 },
      tocha.tensor { 1.0, 3.0, 2.0 }, tocha.tensor({ 1, 3, 2 }, { dtype = "int16" }),
      tocha.tensor({ 1.0, 3.0, 2.0 }, { dtype = "bfloat16" }),
      tocha.tensor({ 1.0, 3.0, 2.0 }, { requires_grad = true }) * 1 } do
      local path = items_of(plot.figure():plot(y), "path", plain)[1].paths[1]
      assert.same(expected or path, path)
      expected = expected or path
    end
    assert.same(expected, items_of(plot.figure():plot({ 1, 2, 3 }, { 1, 3, 2 }), "path",
      plain)[1].paths[1])
  end)

  it("leaves five hundredths at each side, none where bars stand or images end", function()
    local function limits(fig)
      local _, plans = layout.draw(fig, 1)
      return plans[1].found
    end
    local found = limits(plot.figure():plot({ 0, 10 }, { 0, 20 }))
    assert.same({ -0.5, 10.5 }, found.xlim)
    assert.same({ -1.0, 21.0 }, found.ylim)
    found = limits(plot.figure():bar({ 1, 2 }, { 10, 20 }))
    assert.same({ 0, 20.5 }, { found.ylim[1], found.ylim[2] - 0.5 })
    found = limits(plot.figure():imshow(tocha.zeros(4, 6)))
    assert.same({ { 0.5, 6.5 }, { 4.5, 0.5 } }, { found.xlim, found.ylim })
  end)

  it("shows one point, no point, and what is no number, without harm", function()
    local function marks(fig)
      local n = 0
      for _, m in ipairs(items_of(fig, "markers")) do n = n + #m.xs end
      return n
    end
    assert.equal(1, marks(plot.figure():plot({ 5 }, { 7 })))
    assert.equal(0, marks(plot.figure():plot({}, {})))
    assert.equal(0, marks(plot.figure():scatter({ 0 / 0 }, { 1 })))
    assert.equal(2, marks(plot.figure():scatter({ 1, math.huge, 3 }, { 1, 2, 3 })))
    assert.equal(2, marks(plot.figure { yscale = "log" }:scatter({ 1, 2, 3, 4 }, { 1, -1, 0, 3 })))
    for _, y in ipairs { { 1e308, -1e308 }, { 5e-324, 0 }, { 1, 1 + 2 ^ -52 }, { 7, 7 } } do
      local svg = plot.figure():plot(y):svg()
      assert.is_nil(svg:find '="[^"]*nan')
      assert.is_nil(svg:find '="[^"]*inf')
    end
  end)

  it("has equal units where asked for", function()
    local fig = plot.figure { axis = "equal", xlim = { 0, 10 }, ylim = { 0, 5 } }
    local _, plans = layout.draw(fig:plot { 1 }, 1)
    near(2, plans[1].box.w / plans[1].box.h)
  end)
end)

describe("lines", function()
  it("have gaps at NaN, and a mark for a point alone", function()
    local nan = 0 / 0
    local fig = plot.figure():plot { 1, 2, nan, 4, nan, 6, 7, 8 }
    assert.equal(2, #items_of(fig, "path", plain)[1].paths)
    local m = items_of(fig, "markers")[1]
    assert.equal(1, #m.xs)
  end)

  it("end at the frame", function()
    local fig = plot.figure { xlim = { 0, 1 }, ylim = { 0, 1 } }:plot({ -1, 2 }, { -1, 2 })
    local _, plans = layout.draw(fig, 1)
    local b, p = plans[1].box, items_of(fig, "path", plain)[1].paths[1]
    near(b.x, p[1])
    near(b.y + b.h, p[2])
    near(b.x + b.w, p[3])
    near(b.y, p[4])
    assert.equal(0, #items_of(plot.figure { xlim = { 0, 1 } }:plot({ 5, 6 }, { 1, 2 }), "path",
      plain))
  end)

  it("come back where they left", function()
    local fig = plot.figure { ylim = { 0, 1 } }:plot({ 1, 2, 3, 4, 5 }, { 0.5, 3, 0.5, -3, 0.5 })
    local paths = items_of(fig, "path", plain)[1].paths
    local _, plans = layout.draw(fig, 1)
    local b = plans[1].box
    assert.equal(3, #paths)
    near(b.y, paths[1][4])
    near(b.y, paths[2][2])
    near(b.y + b.h, paths[2][#paths[2]])
    near(b.y + b.h, paths[3][2])
    for _, p in ipairs(paths) do
      for k = 2, #p, 2 do assert.is_true(p[k] >= b.y - 1e-6 and p[k] <= b.y + b.h + 1e-6) end
    end
  end)

  it("of a million points keep every column's extremes", function()
    local n = 200000
    local y = tocha.arange(1, n):mul(0.37):sin()
    y[12345], y[150001] = 5, -7
    local fig = plot.figure():plot(y)
    local p = items_of(fig, "path", plain)[1].paths[1]
    assert.is_true(#p // 2 < 8000)
    local x_ticks, y_ticks = ticks_of(fig)
    local fx, fy = line_through(x_ticks, "0", "100000"), line_through(y_ticks, "0", "4")
    local top, bottom = { 0, math.huge }, { 0, -math.huge }
    for k = 1, #p, 2 do
      if p[k + 1] < top[2] then top = { p[k], p[k + 1] } end
      if p[k + 1] > bottom[2] then bottom = { p[k], p[k + 1] } end
    end
    near(fx(12345), top[1], 0.01)
    near(fy(5), top[2], 0.01)
    near(fx(150001), bottom[1], 0.01)
    near(fy(-7), bottom[2], 0.01)
  end)

  it("read matplotlib's formats", function()
    local function style(format)
      local fig = plot.figure():plot({ 1, 2, 3 }, format)
      local path, mark = items_of(fig, "path", plain)[1], items_of(fig, "markers")[1]
      return path and (path.dash and "dashed" or "solid"), mark and mark.shape,
        (path and path.stroke or mark.colors)
    end
    local line, mark, c = style "r--"
    assert.same({ "dashed", { 255, 0, 0, 1 } }, { line, c })
    assert.is_nil(mark)
    line, mark = style "go"
    assert.is_nil(line)
    assert.equal("o", mark)
    line, mark = style "^-k"
    assert.same({ "solid", "^" }, { line, mark })
    assert.same({ 213, 94, 0, 1 }, (select(3, style "C2")))
    assert.error_matches(function() style "%%" end, "is no format such as \"r%-%-\"")
  end)

  it("take the next colour each; columns of a matrix are lines", function()
    local fig = plot.figure():plot(tocha.rand(5, 3), { label = { "a", "b", "c" } })
    local seen = {}
    for _, item in ipairs(items_of(fig, "path", plain)) do
      seen[table.concat(item.stroke, " ")] = true
    end
    local n = 0
    for _ in pairs(seen) do n = n + 1 end
    assert.equal(3, n)
  end)

  it("step, and stand with error bars", function()
    local p = items_of(plot.figure():step({ 1, 2, 3 }, { 1, 5, 2 }), "path", plain)[1].paths[1]
    assert.equal(10, #p)
    assert.equal(p[2], p[4])  -- along first
    assert.equal(p[3], p[5])  -- then up
    local bars = items_of(plot.figure():errorbar({ 1, 2 }, { 3, 4 }, 1, { capsize = 0 }), "path",
      plain)
    assert.equal(2, #bars[1].paths)
    near(bars[1].paths[1][2] - bars[1].paths[1][4], bars[1].paths[2][2] - bars[1].paths[2][4])
    local _, plans = layout.draw(plot.figure():errorbar({ 1, 2 }, { 3, 4 }, { 1, 6 }), 1)
    near(-2 - 0.6, plans[1].found.ylim[1])
    near(10 + 0.6, plans[1].found.ylim[2])
  end)
end)

describe("bars and histograms", function()
  it("stand on zero, as wide and high as said", function()
    local fig = plot.figure():bar({ 1, 3 }, { 2, -1 }, { width = 1 })
    local x, y = ticks_of(fig)
    local fx, fy = line_through(x, "1.0", "3.0"), line_through(y, "0.0", "1.0")
    local a, b = table.unpack(items_of(fig, "rect", function(r) return r.fill and r.w < 400 end))
    near(fx(0.5), a.x)
    near(fx(1.5), a.x + a.w)
    near(fy(2), a.y)
    near(fy(0), a.y + a.h)
    near(fy(0), b.y)
    near(fy(-1), b.y + b.h)
  end)

  it("lie, stack and carry names", function()
    local fig = plot.figure():barh({ "ant", "bee" }, { 3, 4 })
    local _, y = ticks_of(fig)
    assert.is_true(y.ant > y.bee)
    fig = plot.figure():bar({ 1 }, { 2 }):bar({ 1 }, { 3 }, { bottom = 2 })
    local a, b = table.unpack(items_of(fig, "rect", function(r) return r.fill[1] ~= 255 end))
    near(a.y, b.y + b.h)
  end)

  it("count as NumPy: edges to the right, the last one closed", function()
    local histogram = require "tocha.plot.histogram"
    local counts, edges = histogram({ 0, 1, 1, 2, 3, 4, 0 / 0, math.huge }, { bins = 4 }, "hist")
    assert.same({ 1, 2, 1, 2 }, counts)
    assert.same({ 0.0, 1.0, 2.0, 3.0, 4 }, edges)
    counts = histogram({ 1, 2, 2, 9 }, { bins = { 0, 2, 3, 10 } }, "hist")
    assert.same({ 1, 2, 1 }, counts)
    counts, edges = histogram(tocha.rand(1000), { bins = 20, density = true }, "hist")
    local area = 0
    for k, h in ipairs(counts) do area = area + h * (edges[k + 1] - edges[k]) end
    near(1, area)
    counts = histogram({ 1, 2, 3, 4 }, { bins = 4, cumulative = true }, "hist")
    assert.same({ 1, 2, 3, 4 }, counts)
    counts = histogram({ 1, 2, 3, 4 }, { bins = 2, range = { 0, 2 } }, "hist")
    assert.same({ 0, 2 }, counts)
    assert.same({ 0 }, (histogram({}, {}, "hist")))
    assert.equal(8, #histogram(tocha.ones(100):cumsum(1), {}, "hist"))  -- Sturges
  end)

  it("fill between curves", function()
    local fig = plot.figure { xlim = { 0, 2 }, ylim = { 0, 4 } }
    fig:fill_between({ 0, 1, 2 }, { 1, 2, 3 }, 0.5)
    local item = items_of(fig, "path", function(p) return p.fill ~= nil and p.closed end)[1]
    local p, sum = item.paths[1], 0  -- shoelace
    for k = 1, #p, 2 do
      local j = k == 1 and #p - 1 or k - 2
      sum = sum + p[j] * p[k + 1] - p[k] * p[j + 1]
    end
    local _, plans = layout.draw(fig, 1)
    local b = plans[1].box
    near(3 / 8, math.abs(sum) / 2 / (b.w * b.h))  -- 3 of 2 x 4
    near(0.25, item.fill[4])
  end)

  it("fill as far as the frame", function()
    local fig = plot.figure { xlim = { 0, 2 }, ylim = { 0, 1 } }:fill_between({ -5, 9 }, { -1, 40 },
      -7)
    local _, plans = layout.draw(fig, 1)
    local b = plans[1].box
    local p = items_of(fig, "path", function(i) return i.fill ~= nil and i.closed end)[1].paths[1]
    local low, high = math.huge, -math.huge
    for k = 1, #p, 2 do
      assert.is_true(p[k] >= b.x - 1e-6 and p[k] <= b.x + b.w + 1e-6)
      low, high = math.min(low, p[k + 1]), math.max(high, p[k + 1])
    end
    near(b.y, low)
    near(b.y + b.h, high)
  end)
end)
