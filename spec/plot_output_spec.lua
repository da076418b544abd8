-- Plots as files: SVG is well-formed and agrees with PNG, pixels are where data are, animations,
-- and what happens without a library.

local tocha = require "tocha"
local support = require "spec.support"
local read_bytes <const> = support.read_bytes
local plot = tocha.plot

local function has(name) return (pcall(require, "tocha." .. name)) end

local folder
setup(function()
  folder = os.tmpname()
  os.remove(folder)
  os.execute("mkdir -p " .. folder)
end)
teardown(function() os.execute("rm -rf " .. folder) end)

-- Runs f with a module of C that is not there.
local function without(name, f)
  local module = "tocha." .. name
  local loaded, preload = package.loaded[module], package.preload[module]
  package.loaded[module] = nil
  package.preload[module] = function() error "not built" end
  local ok, message = pcall(f)
  package.loaded[module], package.preload[module] = loaded, preload
  if not ok then error(message, 0) end
end

-- The elements of an XML text as { name, attributes, text }; an error when it is not well-formed.
local function elements_of(xml)
  local list, open, at = {}, {}, 1
  while true do
    local first, last, close, name, rest, empty = xml:find("<(/?)([%w]+)([^<>]-)(/?)>", at)
    local between = xml:sub(at, (first or 0) - 1)
    assert(not between:find "[<>]", "a bracket in the text: " .. between)
    assert(not between:gsub("&%a+;", ""):find "&", "an ampersand in the text: " .. between)
    if #open > 0 then open[#open].text = open[#open].text .. between end
    if not first then break end
    if close == "/" then
      assert(#open > 0 and open[#open].name == name, "</" .. name .. "> closes nothing")
      table.remove(open)
    else
      local element = { name = name, text = "" }
      local left = rest:gsub('%s+([%w:%-]+)="([^"]*)"', function(key, value)
        element[key] = value
        return ""
      end)
      assert(not left:find "%S", "attributes of <" .. name .. ">: " .. left)
      list[#list + 1] = element
      if empty == "" then open[#open + 1] = element end
    end
    at = last + 1
  end
  assert(#open == 0, "an element is not closed")
  return list
end

local function everything()
  local fig, ax = plot.subplots(2, 3, { suptitle = "a < b & \"c\"" })
  local g = tocha.linspace(-1, 1, 20)
  local z = g:unsqueeze(1) * g:unsqueeze(2)
  ax[1][1]:plot({ 1, 2, 3 }, { label = "x > y", marker = "^" }):axhline(2, { linestyle = ":" })
  ax[1][2]:imshow(tocha.rand(3, 4), { colorbar = true }):text(2, 2, "here", { halo = "white" })
  ax[1][3]:contourf(g, g, z):contour(g, g, z, { labels = true })
  ax[2][1]:bar({ "p", "q" }, { 1, 2 }):errorbar({ 1, 2 }, { 1, 2 }, 0.2)
  ax[2][2]:scatter(tocha.rand(50), tocha.rand(50), { c = tocha.rand(50), marker = "x" })
  ax[2][3]:fill_between({ 1, 2, 3 }, { 1, 2, 1 })
  ax[2][3]:annotate("n", { xy = { 2, 1 }, xytext = { 3, 2 } })
  return fig
end

describe("SVG", function()
  it("is well-formed, words escaped", function()
    local svg = everything():svg()
    local words = {}
    for _, e in ipairs(elements_of(svg)) do
      if e.name == "text" then words[e.text] = true end
    end
    assert.is_true(words["a &lt; b &amp; \"c\""] or words["a &lt; b &amp; &quot;c&quot;"])
    assert.is_true(words["x &gt; y"])
  end)

  it("is well-formed whatever the words are", function()
    local odd = "\0\1\27[31m \xff\xc3 é <svg> ]]> \u{1F525}"
    local svg = plot.figure { title = odd }:plot({ 1, 2 }, { label = odd }):svg()
    elements_of(svg)
    assert.is_nil(svg:find "[%z\1-\8\11-\31]")
    assert.truthy(utf8.len(svg))
  end)

  it("has each point of a curve", function()
    local fig = plot.figure { xlim = { 0, 4 }, ylim = { 0, 4 } }
    fig:plot({ 0, 1, 4 }, { 0, 3, 4 }, { color = "#123456" })
    for _, e in ipairs(elements_of(fig:svg())) do
      if e.stroke == "#123456" then
        local n = {}
        for v in e.d:gmatch "[%d.]+" do n[#n + 1] = tonumber(v) end
        local w, h = n[5] - n[1], n[2] - n[6]
        assert.is_true(math.abs(n[3] - n[1] - w / 4) < 0.02 and w > 300)
        assert.is_true(math.abs(n[2] - n[4] - h * 3 / 4) < 0.02 and h > 200)
        return
      end
    end
    error "the curve is not there"
  end)

  it("has images as PNG, or as rectangles without libpng", function()
    local x = tocha.tensor { { 0, 0, 1 }, { 1, 1, 1 } }
    local fig = plot.figure():imshow(x, { cmap = "gray" })
    local rects
    without("png", function() rects = fig:svg() end)
    local dark, light, places = 0, 0, {}
    for _, e in ipairs(elements_of(rects)) do
      if e.name == "rect" and not e.stroke then places[e.x .. " " .. e.y] = true end
      if e.fill == "#000000" and e.name == "rect" then dark = dark + 1 end
      if e.fill == "#ffffff" and e.name == "rect" then light = light + 1 end
    end
    assert.same({ 1, 3 }, { dark, light })  -- a run a row; the page itself is white
    local n = 0
    for _ in pairs(places) do n = n + 1 end
    assert.equal(4, n)
    if not has "png" then pending "libpng is not here" return end
    local text = fig:svg():match "data:image/png;base64,([%w+/=]+)"
    assert.truthy(text)
    assert.is_true(#text % 4 == 0)
  end)

  it("is the same each time", function()
    tocha.manual_seed(3)
    local fig = everything()
    assert.equal(fig:svg(), fig:svg())
  end)
end)

describe("base64", function()
  local base64 = require "tocha.plot.base64"
  it("is RFC 4648's", function()
    for plain, coded in pairs { [""] = "", f = "Zg==", fo = "Zm8=", foo = "Zm9v", foob = "Zm9vYg==",
      fooba = "Zm9vYmE=", foobar = "Zm9vYmFy", ["\xff\xfe\xfd\xfc"] = "//79/A==" } do
      assert.equal(coded, base64(plain))
    end
  end)
end)

describe("pixels", function()
  if not (has "cairo" and has "png") then
    pending "libcairo or libpng is not here"
    return
  end

  local function color_at(pixels, x, y)
    return table.concat(pixels[{ math.floor(y) + 1, math.floor(x) + 1, { 1, 3 } }]:totable(), " ")
  end

  local function box_of(fig)
    local _, plans = require("tocha.plot.layout").draw(fig, 1)
    return plans[1].box
  end

  it("are coloured where bars, areas and images are", function()
    local fig = plot.figure { xlim = { 0, 4 }, ylim = { 0, 4 }, grid = false }
    fig:bar({ 1 }, { 3 }, { width = 1, color = "red" })
    local p, b = fig:pixels(), box_of(fig)
    assert.same({ 420, 640, 4 }, p.shape)
    local function at(x, y) return color_at(p, b.x + b.w * x / 4, b.y + b.h * (1 - y / 4)) end
    assert.equal("255 0 0", at(1, 1.5))
    assert.equal("255 0 0", at(0.55, 2.9))
    assert.equal("255 0 0", at(1.45, 0.1))
    assert.equal("255 255 255", at(0.45, 1))
    assert.equal("255 255 255", at(1, 3.1))
    fig = plot.figure():imshow(tocha.tensor { { { 255, 0, 0 }, { 0, 255, 0 } },
      { { 0, 0, 255 }, { 0, 0, 0 } } }:byte())
    p, b = fig:pixels(), box_of(fig)
    assert.equal("255 0 0", color_at(p, b.x + b.w * 0.25, b.y + b.h * 0.25))
    assert.equal("255 0 0", color_at(p, b.x + b.w * 0.48, b.y + b.h * 0.48))
    assert.equal("0 255 0", color_at(p, b.x + b.w * 0.52, b.y + b.h * 0.48))
    assert.equal("0 0 255", color_at(p, b.x + b.w * 0.25, b.y + b.h * 0.75))
  end)

  it("show a line where it runs", function()
    local fig = plot.figure { xlim = { 0, 1 }, ylim = { 0, 1 }, grid = false }
    fig:plot({ 0, 1 }, { 0, 1 }, { color = "blue", linewidth = 3 })
    local p, b = fig:pixels(), box_of(fig)
    for _, t in ipairs { 0.1, 0.5, 0.9 } do
      assert.equal("0 0 255", color_at(p, b.x + b.w * t, b.y + b.h * (1 - t)))
      assert.equal("255 255 255", color_at(p, b.x + b.w * t, b.y + b.h * (1 - t) + 8))
    end
  end)

  it("have words in them", function()
    local function ink(fig) return fig:pixels():select(3, 1):lt(128):sum():item() end
    local bare, titled = plot.figure { axis = "off" }, plot.figure { axis = "off", title = "Title" }
    assert.equal(0, ink(bare))
    assert.is_true(ink(titled) > 50)
  end)

  it("have marks of their size, and words to the side that was said", function()
    local fig = plot.figure { grid = false }:scatter({ 1 }, { 1 }, { s = 900, color = "red",
      edgecolor = "none" })
    local red = fig:pixels():select(3, 2):lt(128) & fig:pixels():select(3, 1):gt(200)
    assert.is_true(math.abs(red:sum():item() - math.pi * 15 ^ 2) < 40)
    local Display, raster = require "tocha.plot.display", require "tocha.plot.raster"
    local function ink_of(halign)
      local list = Display(200, 40)
      list:rect { x = 0, y = 0, w = 200, h = 40, fill = { 255, 255, 255, 1 } }
      list:text { x = 100, y = 20, text = "mmm", size = 12, color = { 0, 0, 0, 1 },
        halign = halign }
      local dark = raster.pixels(list, 1, "test"):select(3, 1):lt(128)
      return dark:narrow(2, 1, 100):sum():item(), dark:narrow(2, 101, 100):sum():item()
    end
    local left, right = ink_of "left"
    assert.is_true(left == 0 and right > 20)
    left, right = ink_of "right"
    assert.is_true(left > 20 and right == 0)
    left, right = ink_of "center"
    assert.is_true(left > 10 and right > 10)
  end)

  it("are as many as the scale says, and clear where the page is", function()
    local fig = plot.figure { width = 100, height = 80, facecolor = "none", axis = "off" }
    local p = fig:pixels { scale = 2 }
    assert.same({ 160, 200, 4 }, p.shape)
    assert.equal(0, p:select(3, 4):max():item())
    assert.error_matches(function() fig:pixels { scale = 0 } end, "'scale': expected a number")
    assert.error_matches(function() fig:pixels { scale = 1e6 } end, "below 32768 pixels")
  end)

  it("are what is saved", function()
    local fig = everything()
    local path = folder .. "/all.png"
    fig:save(path)
    local again = tocha.vision.io.read(path)
    assert.is_true(again:permute(2, 3, 1):equal(fig:pixels()))
    assert.equal(fig:svg(), read_bytes((fig:save(folder .. "/all.svg") and folder .. "/all.svg")))
  end)

  it("are refused from what are none", function()
    local canvas = require("tocha.cairo").canvas(10, 10, 1)
    assert.error_matches(function() canvas:image(tocha.zeros(2, 2, 4), 0, 0, 1, 1) end, "uint8")
    assert.error_matches(function() canvas:path({ 1, "x" }) end, "list of numbers")
    assert.error_matches(function() canvas:unclip() end, "no clip")
    assert.error_matches(function() require("tocha.cairo").canvas(0, 10) end, "1 to 32767")
    canvas:close()
    assert.error_matches(function() canvas:pixels() end, "closed")
  end)
end)

describe("saving", function()
  it("says what is missing, and that SVG works", function()
    local fig = plot.figure():plot { 1, 2 }
    without("cairo", function()
      assert.error_matches(function() fig:save(folder .. "/a.png") end,
        pcall(require, "tocha.png") and "libcairo2%-dev.*%.svg works" or "libpng%-dev.*.svg works")
      fig:save(folder .. "/a.svg")
    end)
    without("gif", function()
      assert.error_matches(function()
        plot.animate(2, function() return fig end, { path = folder .. "/a.gif" })
      end, "libgif%-dev.*%.svg works")
    end)
    assert.error_matches(function() fig:save(folder .. "/a.pdf") end, "ends in .svg or .png")
    assert.error_matches(function() fig:save(7) end, "expected a path, got number")
    assert.error_matches(function() fig:save "/nowhere/a.svg" end, "/nowhere/a.svg")
  end)
end)

describe("an animation", function()
  local function frame(k)
    local fig = plot.figure { width = 200, height = 150, xlim = { 0, 4 }, ylim = { 0, 1 },
      axis = "off" }
    return fig:bar({ math.min(k, 3) }, { 1 }, { width = 0.5, color = "red" })
  end

  it("as GIF has every frame, of which only changes are kept", function()
    if not (has "gif" and has "cairo") then pending "giflib or libcairo is not here" return end
    local path = folder .. "/bars.gif"
    plot.animate(4, frame, { path = path, fps = 20, hold = 0 })
    local bytes = read_bytes(path)
    assert.equal("GIF89a", bytes:sub(1, 6))
    assert.truthy(bytes:find("NETSCAPE2.0", 1, true))
    local delays = {}
    for delay in bytes:gmatch "\x21\xf9\x04.(..).\0" do
      delays[#delays + 1] = (string.unpack("<I2", delay))
    end
    assert.same({ 5, 5, 10 }, delays)  -- the fourth equals the third
    local first = tocha.vision.io.read(path)
    assert.is_true(first:permute(2, 3, 1):equal(frame(1):pixels():narrow(3, 1, 3)))
  end)

  it("as GIF gives each figure again, drawn over those before", function()
    if not (has "gif" and has "cairo") then pending "giflib or libcairo is not here" return end
    local gif, frames = require "tocha.gif", nil
    local encode = gif.encode
    gif.encode = function(w, h, list)
      frames = list
      return encode(w, h, list)
    end
    local ok, problem = pcall(plot.animate, 3, frame, { path = folder .. "/again.gif" })
    gif.encode = encode
    assert(ok, problem)
    local page
    for k, f in ipairs(frames) do
      local colors = tocha.from_bytes(f.palette, { #f.palette // 3, 3 }, "uint8")
      local h, w = f.pixels:size(1), f.pixels:size(2)
      local new = colors:index_select(1, f.pixels:long():flatten() + 1):reshape(h, w, 3)
      page = page or new:clone()
      local place = { { f.y + 1, f.y + h }, { f.x + 1, f.x + w }, {} }
      local keep = f.transparent and f.pixels:eq(f.transparent):unsqueeze(3)
      page[place] = keep and tocha.where(keep, page[place], new) or new
      assert.is_true(page:equal(frame(k):pixels():narrow(3, 1, 3)), "frame " .. k)
      assert.is_true(k == 1 or h * w < 200 * 150 / 2)
    end
  end)

  it("as SVG shows one frame at a time, and what they share once", function()
    local path = folder .. "/bars.svg"
    plot.animate(4, frame, { path = path, fps = 10, hold = 0.6 })
    assert.error_matches(function() plot.animate(2, function() return 3 end, { path = path }) end,
      "argument 2: the function must return a figure, got number")
    local groups, timed, pages = 0, {}, 0
    for _, e in ipairs(elements_of(read_bytes(path))) do
      if e.name == "g" and e.visibility then groups = groups + 1 end
      if e.name == "animate" then timed[#timed + 1] = e.keyTimes end
      if e.name == "rect" and e.width == "200" then pages = pages + 1 end
    end
    assert.equal(4, groups)
    assert.same({ "0;0.10000", "0;0.10000;0.20000", "0;0.20000;0.30000", "0;0.30000" }, timed)
    assert.equal(1, pages)
  end)

  it("needs figures, a path and a rate", function()
    local function says(text, n, options)
      assert.error_matches(function() plot.animate(n, frame, options) end, text)
    end
    says("above 0, got 0", 0, { path = "a.svg" })
    says(".gif or .svg", 2, { path = "a.mp4" })
    says("'fps'", 2, { path = "a.svg", fps = 0 })
    says("'pth'", 2, { pth = "a.svg" })
  end)
end)

describe("the palette of a picture", function()
  local palette = require "tocha.plot.palette"

  local function rebuilt(colors, numbers)
    return tocha.tensor(colors, { dtype = "uint8" }):index_select(1, numbers:flatten())
      :reshape(numbers:size(1), numbers:size(2), 3)
  end

  it("is exact where there are few colours", function()
    local x = (tocha.randint(0, 5, { 20, 30, 3 }) * 50):byte()
    local colors, numbers = palette.of(x, 256)
    assert.is_true(#colors <= 216)
    assert.is_true(rebuilt(colors, numbers):equal(x))
  end)

  it("is near where there are many", function()
    local y, x = tocha.arange(0, 199):unsqueeze(2), tocha.arange(0, 199):unsqueeze(1)
    local smooth = tocha.stack({ y + x * 0, x + y * 0, (x + y) / 2 }, 3):byte()
    local colors, numbers = palette.of(smooth, 255)
    assert.equal(255, #colors)
    local off = (rebuilt(colors, numbers):float() - smooth:float()):abs()
    assert.is_true(off:mean():item() < 4 and off:max():item() < 30)
    assert.is_true(numbers:min():item() >= 1 and numbers:max():item() <= 255)
  end)

  it("keeps the colour that most pixels have", function()
    local x = (tocha.rand(100, 100, 3) * 255):byte()
    x[{ { 1, 60 }, {}, {} }] = 254
    local colors, numbers = palette.of(x, 16)
    assert.same({ 254, 254, 254 }, colors[numbers[{ 10, 10 }]:item()])
    local light = tocha.randint(201, 240, { 100, 100, 1 }):expand(100, 100, 3):contiguous()
    light[{ { 1, 60 }, {}, {} }] = 200
    assert.same({ { 200, 200, 200 } }, (palette.of(light:byte(), 1)))
  end)

  it("keeps a few pixels that are far from all others", function()
    local x = tocha.randint(0, 255, { 100, 100, 1 }):expand(100, 100, 3):contiguous():byte()
    x[{ 1, { 1, 20 }, {} }] = tocha.tensor({ 255, 0, 0 }, { dtype = "uint8" })
    local colors, numbers = palette.of(x, 32)
    local c = colors[numbers[{ 1, 5 }]:item()]
    assert.is_true(c[1] > 215 and c[2] < 40 and c[3] < 40)
  end)
end)
