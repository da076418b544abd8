-- Figures as what is drawn: images, colour maps, contours, colours of points.

local tocha = require "tocha"
local plot = tocha.plot
local common = require "spec.plot_support"

local items_of <const> = common.items_of
local plain <const> = common.plain
local ticks_of <const> = common.ticks_of
local near <const> = common.near
local line_through <const> = common.line_through

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
