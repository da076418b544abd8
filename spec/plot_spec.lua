-- Plots: where data land on the page. The display list is read back through the axes' own ticks.

local tocha = require "tocha"
local layout = require "tocha.plot.layout"
local plot = tocha.plot

local function items_of(fig, kind, filter)
  local found = {}
  for _, item in ipairs((layout.draw(fig, 1))) do
    if item.kind == kind and (not filter or filter(item)) then found[#found + 1] = item end
  end
  return found
end

local function plain(item) return item.role == nil end

-- Labels of ticks -> their places on the page.
local function ticks_of(fig)
  local x, y = {}, {}
  for _, item in ipairs(items_of(fig, "text", function(t) return t.role == "tick" end)) do
    if item.valign == "top" then x[item.text] = item.x else y[item.text] = item.y end
  end
  return x, y
end

local function near(expected, got, tolerance)
  local off <const> = math.abs(expected - got)
  if off ~= off or off > (tolerance or 1e-6) then
    error(("expected %s, got %s"):format(expected, got), 2)
  end
end

-- The function from data to the page that two ticks tell; `f` is the scale.
local function line_through(ticks, a, b, f)
  f = f or tonumber
  local pa, pb = ticks[a], ticks[b]
  return function(v) return pa + (f(v) - f(a)) / (f(b) - f(a)) * (pb - pa) end
end

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

describe("images", function()
  local function image_of(fig) return items_of(fig, "image")[1] end

  it("have the first row on top, colours by their map", function()
    local fig = plot.figure():imshow(tocha.tensor { { 0, 1, 2 }, { 3, 4, 5 } }, { cmap = "gray" })
    local image = image_of(fig)
    assert.same({ { 0, 51, 102 }, { 153, 204, 255 } }, image.pixels:select(3, 1):totable())
    local x, y = ticks_of(fig)
    near(x["1"], image.x + image.w / 6)
    near(y["1"], image.y + image.h / 4)
    near(y["2"], image.y + image.h * 3 / 4)
    assert.is_true(y["1"] < y["2"])
  end)

  it("take channels first or last, bytes or 0..1", function()
    local x = tocha.rand(3, 5, 7)
    local first = image_of(plot.figure():imshow(x)).pixels
    assert.same({ 5, 7, 4 }, first.shape)
    assert.is_true(first:equal(image_of(plot.figure():imshow(x:permute(2, 3, 1))).pixels))
    local bytes = (x * 255 + 0.5):floor():byte()
    assert.is_true(first:equal(image_of(plot.figure():imshow(bytes)).pixels))
    assert.is_true(first:select(3, 2):equal(bytes[2]))
    local clear = image_of(plot.figure():imshow(tocha.rand(4, 5, 7))).pixels
    assert.is_true(clear:select(3, 4):min():item() < 255)
    assert.error_matches(function() plot.figure():imshow(tocha.rand(2, 5, 7)) end,
      "with 1, 3 or 4 channels, got %(2, 5, 7%)")
    assert.error_matches(function() plot.figure():imshow(tocha.rand(5)) end, "%(H, W%)")
  end)

  it("use vmin and vmax, and leave NaN open", function()
    local x = tocha.tensor { { -1, 0, 0.5 }, { 1, 7, 0 / 0 } }
    local p = image_of(plot.figure():imshow(x, { cmap = "gray", vmin = 0, vmax = 1 })).pixels
    assert.same({ { 0, 0, 128 }, { 255, 255, 255 } }, p:select(3, 1):totable())
    assert.equal(0, p[{ 2, 3, 4 }]:item())
  end)

  it("turn round with their axes", function()
    local x = tocha.tensor { { 0, 1 }, { 2, 3 } }
    local function reds(options)
      options.cmap = "gray"
      local fig = plot.figure { xlim = options.xlim, ylim = options.ylim }
      options.xlim, options.ylim = nil, nil
      return image_of(fig:imshow(x, options)).pixels:select(3, 1):totable()
    end
    assert.same({ { 0, 85 }, { 170, 255 } }, reds {})
    assert.same({ { 85, 0 }, { 255, 170 } }, reds { xlim = { 2.5, 0.5 } })
    assert.same({ { 170, 255 }, { 0, 85 } }, reds { ylim = { 0.5, 2.5 } })
    assert.same({ { 170, 255 }, { 0, 85 } }, reds { origin = "lower" })
  end)

  it("of a heat map carry numbers that can be read", function()
    local fig = plot.figure():heatmap({ { 0, 10 }, { 0.123, 5 } }, { annot = true, cmap = "gray",
      xticklabels = { "a", "b" } })
    local texts = {}
    local function no_bar(t) return t.x < 500 end
    for _, t in ipairs(items_of(fig, "text", no_bar)) do texts[t.text] = t end
    assert.equal(255, texts["0"].color[1])   -- white on black
    assert.is_true(texts["10"].color[1] < 100)
    assert.truthy(texts["0.12"])
    near(texts.b.x, texts["10"].x)
  end)

  it("of a confusion matrix name classes; rows may be shares", function()
    local fig = plot.figure():confusion({ { 3, 1 }, { 0, 0 } }, { "cat", "dog" },
      { normalize = true })
    local texts = {}
    for _, t in ipairs(items_of(fig, "text")) do texts[t.text] = t end
    assert.truthy(texts["0.75"] and texts["0.25"] and texts.predicted and texts["true"])
    assert.error_matches(function() plot.figure():confusion({ { 1, 2 } }) end, "square")
    assert.error_matches(function() plot.figure():confusion({ { 1 } }, { "a", "b" }) end,
      "has 2 names, the matrix 1 classes")
  end)

  it("lie in a grid with their labels", function()
    local x = tocha.zeros(5, 1, 4, 4)
    for k = 1, 5 do x[k] = k end
    local fig = plot.grid(x, { nrow = 3, padding = 1, labels = { 1, 2, 3, 4, 5 } })
    local image = image_of(fig)
    local scale = image.w / image.pixels:size(2)
    for k, t in ipairs(items_of(fig, "text")) do
      local col = (t.x - image.x) // scale | 0
      local row = (t.y + 3 * scale - image.y) // scale | 0
      assert.equal(tostring(k), t.text)
      near((k - 1) * 255 / 4, image.pixels[{ row + 1, col + 1, 1 }]:item(), 1)
    end
    assert.equal(0, image.pixels[{ 1, 1, 4 }]:item())  -- between pictures nothing is drawn
    assert.error_matches(function() plot.grid(tocha.zeros(3, 2, 4, 4)) end, "1 or 3 channels")
  end)
end)

describe("colour maps", function()
  local colormap = require "tocha.plot.colormap"

  it("have the published colours", function()
    -- viridis, magma, coolwarm at 0, 1/4, 1/2, 3/4, 1, from matplotlib
    local published = {
      viridis = { "440154", "3b528b", "21918c", "5ec962", "fde725" },
      magma = { "000004", "51127c", "b73779", "fc8961", "fcfdbf" },
      coolwarm = { "3b4cc0", "8db0fe", "dddcdc", "f49a7b", "b40426" },
      RdBu = { "67001f", "e58368", "f6f7f7", "68abd0", "053061" },
      gray = { "000000", "404040", "808080", "bfbfbf", "ffffff" },
    }
    for name, list in pairs(published) do
      for k, hex in ipairs(list) do
        local c = colormap.color(name, (k - 1) / 4)
        for j = 1, 3 do near(tonumber(hex:sub(2 * j - 1, 2 * j), 16), c[j], 6) end
      end
    end
  end)

  it("turn round by _r, and are made of colours", function()
    assert.same(colormap.color("viridis", 0), colormap.color("viridis_r", 1))
    near(colormap.color("viridis", 0.2)[2], colormap.color("viridis_r", 0.8)[2], 2)
    local c = colormap.color({ "red", "blue" }, 0.5)
    near(127.5, c[1], 1)
    near(127.5, c[3], 1)
    assert.error_matches(function() colormap.color("virdis", 0) end, "unknown map 'virdis'")
  end)

  it("give tensors the same colours as numbers", function()
    local x = tocha.tensor { { 0, 0.3, 0.999 }, { 1, -5, 9 } }
    local p = colormap.apply(x, "magma", 0, 1):totable()
    for i, row in ipairs(x:totable()) do
      for j, v in ipairs(row) do
        local c = colormap.color("magma", v)
        for k = 1, 3 do near(c[k], p[i][j][k], 0.51) end
      end
    end
  end)
end)

describe("contours", function()
  local function bowl(n)
    local g = tocha.linspace(-2, 2, n)
    return g, g:unsqueeze(1) ^ 2 + g:unsqueeze(2) ^ 2
  end

  it("of a bowl are circles of the right radius, each one closed line", function()
    local isolines = require "tocha.plot.isolines"
    local g, z = bowl(81)
    for _, level in ipairs { 0.25, 1, 2.25 } do
      local lines = isolines({ xs = g:totable(), ys = g:totable(), z = z:double() }, level)
      assert.equal(1, #lines)
      local p = lines[1]
      assert.same({ p[1], p[2] }, { p[#p - 1], p[#p] })
      for k = 1, #p, 2 do near(math.sqrt(level), math.sqrt(p[k] ^ 2 + p[k + 1] ^ 2), 1e-3) end
    end
  end)

  it("end at the border and at what is no number", function()
    local isolines = require "tocha.plot.isolines"
    local z = tocha.tensor({ { 0, 1, 0 / 0, 1 }, { 0, 1, 0, 1 } }, { dtype = "float64" })
    local lines = isolines({ xs = { 1, 2, 3, 4 }, ys = { 1, 2 }, z = z }, 0.5)
    assert.same({ { 1.5, 1.0, 1.5, 2.0 } }, lines)
  end)

  it("tell the two ways of a saddle apart", function()
    local isolines = require "tocha.plot.isolines"
    local function ends(a, b, c, d)
      local z = tocha.tensor({ { a, b }, { d, c } }, { dtype = "float64" })
      local lines = isolines({ xs = { 0, 1 }, ys = { 0, 1 }, z = z }, 0)
      assert.equal(2, #lines)
      local touching = {}
      for _, p in ipairs(lines) do  -- a line cuts off the corner nearest to its middle
        local x, y = (p[1] + p[3]) / 2 > 0.5 and 1 or 0, (p[2] + p[4]) / 2 > 0.5 and 1 or 0
        touching[#touching + 1] = x .. y
      end
      table.sort(touching)
      return table.concat(touching, " ")
    end
    assert.equal("01 10", ends(3, -1, 3, -1))  -- the middle is above: the low corners are cut off
    assert.equal("00 11", ends(1, -3, 1, -3))
  end)

  it("lie on the page where the surface has the height, also between uneven columns", function()
    local xs, ys = { 0, 1, 4, 10 }, { 0, 2, 3 }
    local z = tocha.tensor(xs):unsqueeze(1):expand(3, 4)
    local fig = plot.figure():contour(xs, ys, z, { levels = { 2.5 } })
    local p = items_of(fig, "path", plain)[1].paths[1]
    local x = ticks_of(fig)
    near(line_through(x, "0", "10")(2.5), p[1])
    near(p[1], p[3])
  end)

  it("are filled with the band's colour", function()
    local g, z = bowl(41)
    local fig = plot.figure():contourf(g, g, z, { levels = { 1, 2 }, colors = { "red", "lime",
      "blue" } })
    local image = items_of(fig, "image")[1]
    local h, w = image.pixels:size(1), image.pixels:size(2)
    local function at(x, y)
      local row, col = math.ceil((2 - y) / 4 * h), math.ceil((x + 2) / 4 * w)
      return table.concat(image.pixels[{ math.max(1, row), math.max(1, col), { 1, 3 } }]:totable(),
        " ")
    end
    assert.equal("255 0 0", at(0.9, 0))
    assert.equal("0 255 0", at(0, 1.2))
    assert.equal("0 0 255", at(-1.6, -1.6))
    assert.equal("255 0 0", at(0, -0.97))
    assert.equal("0 255 0", at(0, -1.03))
  end)

  it("say what is wrong with the grid", function()
    local fig = plot.figure()
    assert.error_matches(function() fig:contour({ 1, 2 }, { 1, 2 }, tocha.zeros(2, 3)) end,
      "has 2 values, the grid 3 columns")
    assert.error_matches(function() fig:contour({ 1, 1, 2 }, { 1, 2 }, tocha.zeros(2, 3)) end,
      "values must grow")
    assert.error_matches(function() fig:contourf(tocha.zeros(1, 3)) end, "two rows and columns")
  end)
end)

describe("classes and values of a scatter", function()
  it("have colours of their own, with names in the legend", function()
    local fig = plot.figure():scatter({ 1, 2, 3, 4 }, { 1, 2, 3, 4 },
      { c = tocha.tensor { 2, 1, 2, 1 }, label = { "one", "two" } })
    local m = items_of(fig, "markers")
    assert.equal(2, #m[1].xs)
    assert.same({ 0, 114, 178, 1 }, m[1].colors)  -- class 1 has the first colour
    assert.is_true(m[1].xs[1] > m[2].xs[1])
    assert.are_not.same(m[1].colors, m[2].colors)
    local names = {}
    for _, t in ipairs(items_of(fig, "text", function(t) return t.role == "legend" end)) do
      names[#names + 1] = t.text
    end
    assert.same({ "one", "two" }, names)
  end)

  it("go through the colour map", function()
    local fig = plot.figure():scatter({ 1, 2, 3 }, { 1, 2, 3 }, { c = { 0.5, 1.5, 2.5 },
      cmap = "gray" })
    local m = items_of(fig, "markers")[1]
    assert.same({ 0.0, 255.0 }, { m.colors[1][1], m.colors[3][1] })
    near(128, m.colors[2][1], 1)
    assert.equal(1, #items_of(fig, "image"))  -- the colour bar
    assert.error_matches(function() plot.figure():scatter({ 1, 2 }, { 1, 2 }, { c = { 1 } }) end,
      "argument 'c': has 1 values, x has 2")
  end)

  it("of many points keep one for each place", function()
    local n = 100000
    local fig = plot.figure { xlim = { 0, 1 }, ylim = { 0, 1 } }
    fig:scatter(tocha.rand(n) * 0.01 + 0.5, tocha.rand(n) * 0.01 + 0.5)
    local m = items_of(fig, "markers")[1]
    assert.is_true(#m.xs < 400 and #m.xs > 20)
  end)
end)

describe("what stands around", function()
  it("are nice ticks", function()
    local scale = require "tocha.plot.scale"
    local function ticks(...) return table.concat(select(2, scale.linear.ticks(...)), " ") end
    assert.equal("0 2 4 6 8 10", ticks(0, 10, 5))
    assert.equal("−1.0 −0.5 0.0 0.5 1.0", ticks(-1, 1, 4))
    assert.equal("0 250 500 750 1000", ticks(0, 1000, 3))
    assert.equal("0 2e6 4e6 6e6 8e6", ticks(0, 8e6, 4))
    assert.equal("0 1e-5 2e-5 3e-5", ticks(0, 3e-5, 3))
    assert.equal("1 2 3", ticks(1, 3, 9, true))
    local _, labels, minor = scale.log.ticks(1, 1000, 5)
    assert.equal("10⁰ 10¹ 10² 10³", table.concat(labels, " "))
    assert.equal(24, #minor)
    _, labels = scale.log.ticks(2, 60, 5)
    assert.equal("2 5 10 20 50", table.concat(labels, " "))
    assert.is_true(#(scale.log.ticks(1e-300, 1e300, 8)) <= 10)
  end)

  it("do not overlap, and stay on the page", function()
    for _, size in ipairs { { 640, 420 }, { 200, 150 }, { 1200, 300 } } do
      local fig = plot.figure { width = size[1], height = size[2], xlabel = "x", ylabel = "y" }
      fig:plot({ 123456.5, 123458.25 }, { -1e-3, 1e-3 })
      local list = layout.draw(fig, 1)
      local right = -math.huge
      for _, t in ipairs(list) do
        if t.kind == "text" then
          local w = list.text_width(t.text, t.size)
          assert.is_true(t.x > 0 and t.x < size[1] and t.y > 0 and t.y <= size[2])
          if t.role == "tick" and t.valign == "top" then
            assert.is_true(t.x - w / 2 > right)
            right = t.x + w / 2
          end
        end
      end
    end
  end)

  it("has fewer ticks where labels are long", function()
    local fig = plot.figure { width = 200, height = 150, xlim = { 1000000.25, 1000000.5 } }
    local list = layout.draw(fig, 1)
    local right = -math.huge
    for _, t in ipairs(list) do
      if t.kind == "text" and t.role == "tick" and t.valign == "top" then
        local w = list.text_width(t.text, t.size)
        assert.is_true(t.x - w / 2 > right)
        right = t.x + w / 2
      end
    end
    assert.is_true(right > 0)
  end)

  it("keeps the legend off the data", function()
    local function place(y)
      local fig = plot.figure():plot(y, { label = "y" })
      local box = items_of(fig, "rect", function(r) return r.role == "legend" end)[1]
      local _, plans = layout.draw(fig, 1)
      local b = plans[1].box
      return (box.y + box.h / 2 < b.y + b.h / 2 and "upper " or "lower ")
        .. (box.x + box.w / 2 > b.x + b.w / 2 and "right" or "left")
    end
    assert.equal("upper left", place { 1, 2, 3, 4, 5 })
    assert.equal("upper right", place { 5, 4, 3, 2, 1 })
    local fig = plot.figure { legend = "lower left" }:plot({ 5, 1 }, { label = "y" })
    local box = items_of(fig, "rect", function(r) return r.role == "legend" end)[1]
    assert.is_true(box.y > 200 and box.x < 200)
    fig:legend(false)
    assert.equal(0, #items_of(fig, "rect", function(r) return r.role == "legend" end))
    fig:legend "nowhere"
    assert.error_matches(function() fig:svg() end, "unknown place 'nowhere'")
  end)

  it("gives plots of one column the same width, and sizes their sum", function()
    local fig, axes = plot.subplots(2, 3, { suptitle = "six" })
    axes[1][1]:plot { 1e6, 2e6 }
    axes[2][1]:plot { 1, 2 }
    local list, plans = layout.draw(fig, 1)
    assert.equal(plans[1].box.x, plans[4].box.x)
    assert.equal(plans[1].box.w, plans[6].box.w)
    for _, plan in ipairs(plans) do
      assert.is_true(plan.box.x > 0 and plan.box.x + plan.box.w < list.width)
    end
    assert.equal(6, #fig.axes)
    local _, row = plot.subplots(1, 3)
    assert.equal(3, #row)
    local _, one = plot.subplots()
    assert.truthy(one.plot)
  end)

  it("has room for its labels beside the neighbour's box", function()
    local fig, axes = plot.subplots(1, 2)
    axes[1]:plot { 1, 2 }
    axes[2]:plot({ 100000.25, 100000.5 }):set_ylabel "a label"
    local list, plans = layout.draw(fig, 1)
    local b = plans[1].box
    for _, t in ipairs(list) do
      if t.kind == "text" and t.role == "tick" and t.halign == "right" and t.x > b.x + b.w then
        assert.is_true(t.x - list.text_width(t.text, t.size) > b.x + b.w)
      end
    end
  end)

  it("is set by matplotlib's names", function()
    local fig = plot.figure():plot { 1, 2 }
    fig:set_title "T":set_xlabel "X":set_ylabel "Y":set_xlim(0, 3)
    fig:set_xticks({ 1, 2 }, { "a", "b" })
    local texts = {}
    for _, t in ipairs(items_of(fig, "text")) do texts[t.text] = true end
    for _, name in ipairs { "T", "X", "Y", "a", "b" } do assert.is_true(texts[name]) end
    fig:axis "off"
    assert.equal(1, #items_of(fig, "text"))
  end)

  it("draws words and arrows", function()
    local fig = plot.figure { xlim = { 0, 1 }, ylim = { 0, 1 } }
    fig:text(0.5, 0.5, "two\nlines"):annotate("look", { xy = { 0.2, 0.2 }, xytext = { 0.6, 0.8 } })
    local words = items_of(fig, "text", plain)
    assert.same({ "two", "lines", "look" }, { words[1].text, words[2].text, words[3].text })
    local head = items_of(fig, "path", function(p) return p.closed and p.fill ~= nil end)[1]
    local x, y = ticks_of(fig)
    near(line_through(x, "0.0", "1.0")(0.2), head.paths[1][1])
    near(line_through(y, "0.0", "1.0")(0.2), head.paths[1][2])
  end)
end)

describe("a history", function()
  local lists = { loss = { 3, 2, 1 }, val_loss = { 4, 3, 2 }, accuracy = { 0.1, 0.5, 0.7 } }

  it("has a plot for each quantity, the loss first", function()
    for _, history in ipairs { lists, { history = lists, epoch = { 1, 2, 3 } } } do
      local fig = plot.history(history)
      assert.equal(2, #fig.axes)
      assert.equal("loss", fig.axes[1].props.title)
      assert.equal(2, #fig.axes[1].artists)
      assert.equal("accuracy", fig.axes[2].props.title)
    end
    assert.equal(1, #plot.history(lists, { metrics = { "accuracy" } }).axes)
    assert.error_matches(function() plot.history(lists, { metrics = { "mae" } }) end, "no 'mae'")
    assert.error_matches(function() plot.history {} end, "nothing in it")
  end)
end)

describe("errors", function()
  local fig
  before_each(function() fig = plot.figure() end)

  local function says(f, text) assert.error_matches(f, text, 1, true) end

  it("name the option, the argument and the remedy", function()
    says(function() plot.figure { titel = "x" } end, "unknown option 'titel'")
    says(function() plot.figure { width = 0 } end, "'width': expected 20 to 20000 points, got 0")
    says(function() plot.figure { xscale = "cubic" } end, "\"linear\" or \"log\", got cubic")
    says(function() fig:plot({ 1, 2 }, { 1, 2, 3 }) end, "[plot] argument 2: has 3 values, x has 2")
    says(function() fig:plot({ 1, 2 }, { colour = "red" }) end, "unknown option 'colour'")
    says(function() fig:plot({ 1, 2 }, { color = "redd" }) end, "\"redd\" is no color")
    says(function() fig:plot({ 1, 2 }, { linestyle = "~" }) end, "unknown linestyle '~'")
    says(function() fig:plot({ 1, 2 }, { linewidth = "thick" }) end,
      "'linewidth': expected a number")
    says(function() fig:plot({ 1, 2 }, { marker = "q" }) end, "unknown marker 'q'")
    says(function() fig:plot("abc") end, "expected a tensor or a list of numbers, got string")
    says(function() fig:plot({ a = 1 }) end, "expected a tensor or a list of numbers")
    says(function() fig:hist({ 1, 2 }, { bins = 0 }) end, "argument 'bins': expected a number")
    says(function() fig:hist({ 1, 2 }, { bins = { 1, 1 } }) end, "edges must grow")
    says(function() fig:axhline "x" end, "expected a number, got string")
    says(function() fig:set_xlim(0, 0 / 0) end, "expected finite numbers")
    says(function() fig:imshow(tocha.zeros(2, 2), { cmap = "jett" }) end, "unknown map 'jett'")
    says(function() fig:colorbar() end, "nothing here has a color map")
    says(function() plot.subplots(0, 1) end, "expected a number from 1 to 100, got 0")
    says(function() plot.figure { yscale = "log", ylim = { 0, 1 } }:plot { 1 }:svg() end,
      "a logarithmic axis has limits above 0")
  end)

  it("leave the figure as it was", function()
    pcall(fig.plot, fig, { 1, 2 }, { color = "redd" })
    assert.equal(0, #fig.axes[1].artists)
  end)
end)
