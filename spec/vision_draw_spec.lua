-- tocha.vision.draw: boxes, masks and grids equal torchvision's (golden/draw.py); lines and text
-- are where they should be; the terminal; mistakes.

local tocha = require "tocha"
local core = require "tocha.core"
local fails_with <const> = require "spec.support".fails_with
local draw, vision = tocha.vision.draw, tocha.vision

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/vision_draw_spec.lua$"
local golden <const> = tocha.load(root .. "spec/golden/draw.safetensors")
local has_cairo <const> = pcall(require, "tocha.cairo")

-- torchvision's tuples are 0..255
local COLORS <const> = { "red", { 0, 128 / 255, 1 }, "#a0522d", "lime" }

local function difference(a, b)
  assert.same(a.shape, b.shape)
  assert.equal(a.dtype, b.dtype)
  return (a:double() - b:double()):abs():max():item()
end

local function assert_near(a, b, tolerance)
  assert.is_true(difference(a, b) <= (tolerance or 0), "differ by " .. difference(a, b))
end

-- Is the pixel at x, y from 0 of this colour?
local function pixel(x, px, py)
  local v <const> = x:select(2, py + 1):select(2, px + 1)
  return { v[1]:item(), v[2]:item(), v[3]:item() }
end

describe("boxes", function()
  for width = 1, 3, 2 do
    for _, fill in ipairs { false, true } do
      it(("are torchvision's, %d wide, %s"):format(width, fill and "filled" or "empty"), function()
        local before <const> = golden.picture:clone()
        local x <const> = draw.bounding_boxes(golden.picture, golden.boxes,
          { colors = COLORS, width = width, fill = fill })
        assert_near(golden[("boxes_%d_%s"):format(width, fill and "True" or "False")], x)
        assert.is_true(golden.picture:equal(before))
      end)
    end
  end

  it("without an inside are torchvision's", function()
    assert_near(golden.thin_drawn, draw.bounding_boxes(golden.picture, golden.thin,
      { colors = COLORS }))
    local wide <const> = draw.bounding_boxes(golden.picture, golden.thin[{ { 1 } }], { width = 5 })
    assert.same(pixel(golden.picture, 4, 10), pixel(wide, 4, 10))
  end)

  it("on grey pictures, of lists, none at all, outside", function()
    local gray <const> = golden.picture[{ { 1 } }]
    assert_near(golden.boxes_gray, draw.bounding_boxes(gray, golden.boxes, { colors = "yellow" }))
    assert_near(golden.boxes_gray, draw.bounding_boxes(gray[1], golden.boxes:totable(),
      { colors = "yellow" }))
    local three <const> = gray:expand(3, 24, 31)
    for _, none in ipairs { tocha.zeros(0, 4), {}, { { -9, -9, -1, -1 } },
      { { 50, 50, 1e300, 90 } } } do
      assert.is_true(draw.bounding_boxes(gray, none):equal(three))
    end
    local floats <const> = draw.bounding_boxes(golden.floats, golden.boxes, { colors = COLORS })
    assert.equal("float32", floats.dtype)
    assert.same({ 1, 0, 0 }, pixel(floats, 2, 3))
    assert.same(pixel(golden.floats, 3, 21), pixel(floats, 3, 21))
  end)

  it("have labels", function()
    if not has_cairo then pending "no libcairo" return end
    local black <const> = tocha.zeros(3, 60, 120):byte()
    local function write(labels, options)
      options = options or {}
      options.labels = labels
      return draw.bounding_boxes(black, { { 5, 5, 100, 50 } }, options)
    end
    local plain <const> = draw.bounding_boxes(black, { { 5, 5, 100, 50 } })
    local cat <const> = write { "cat" }
    local changed <const> = cat:ne(plain):any(1):nonzero()
    assert.is_true(changed:size(1) > 20)
    assert.is_true(changed:min():item() >= 6 and changed[{ {}, 2 }]:max():item() < 40)
    assert.is_true(write({ "cat dog" }):ne(plain):sum():item() > cat:ne(plain):sum():item())
    assert.is_true(write({ false }):equal(plain))
    local filled <const> = write({ "cat" }, { fill_labels = true, colors = "red",
      label_background_colors = "blue" })
    assert.same({ 0, 0, 255 }, pixel(filled, 7, 7))
  end)

  it("are told from mistakes", function()
    local x <const> = golden.picture
    fails_with("expected a picture (C, H, W), got nil", draw.bounding_boxes)
    fails_with("got (1, 3, 24, 31)", draw.bounding_boxes, x:unsqueeze(1), golden.boxes)
    fails_with("expected uint8, or floats of 0 to 1, got int64", draw.bounding_boxes, x:long(), {})
    fails_with("box 1 is not (xmin, ymin, xmax, ymax): 5 5 1 1", draw.bounding_boxes, x,
      { { 5, 5, 1, 1 } })
    fails_with("box 2 is not four numbers", draw.bounding_boxes, x,
      { { 1, 1, 2, 2 }, { 1, 0 / 0 } })
    fails_with("expected boxes (N, 4), got (4,)", draw.bounding_boxes, x, tocha.ones(4))
    fails_with("1 labels for 4 boxes", draw.bounding_boxes, x, golden.boxes, { labels = { "a" } })
    fails_with("a list of at least 4, got 2", draw.bounding_boxes, x, golden.boxes,
      { colors = { "red", "blue" } })
    fails_with('"rot" is no color', draw.bounding_boxes, x, golden.boxes,
      { colors = { "rot", "r", "g", "b" } })
    fails_with("unknown option 'colour'", draw.bounding_boxes, x, golden.boxes, { colour = "r" })
  end)
end)

describe("masks", function()
  it("are torchvision's", function()
    -- it rounds bytes down, here they are rounded to the nearest
    assert_near(golden.masks_drawn, draw.segmentation_masks(golden.picture, golden.masks,
      { alpha = 0.7, colors = COLORS }), 1)
    assert_near(golden.masks_floats, draw.segmentation_masks(golden.floats, golden.masks,
      { alpha = 0.3, colors = "red" }), 1e-6)
    assert_near(golden.mask_one, draw.segmentation_masks(golden.picture, golden.masks[1],
      { colors = "blue" }), 1)
  end)

  it("of a map of classes are those of its masks", function()
    local map <const> = tocha.arange(0, 24 * 31 - 1):reshape(24, 31) % 4
    local each <const> = {}
    for k = 1, 3 do each[k] = map:eq(k) end
    assert_near(draw.segmentation_masks(golden.picture, tocha.stack(each)),
      draw.segmentation_masks(golden.picture, map))
    local none <const> = draw.segmentation_masks(golden.picture, map * 0)
    assert.is_true(none:equal(golden.picture))
  end)

  it("are told from mistakes", function()
    local x <const> = golden.picture
    fails_with("24 x 31 pixels, got (2, 3)", draw.segmentation_masks, x, tocha.ones(2, 3):bool())
    fails_with("expected bool", draw.segmentation_masks, x, golden.floats)
    fails_with("expected 0 to 1, got 2", draw.segmentation_masks, x, golden.masks, { alpha = 2 })
  end)
end)

describe("heat maps", function()
  it("lie over the picture, enlarged, clear where there is no number", function()
    local map <const> = tocha.tensor { { 0, 1 }, { 0 / 0, 3 } }
    local x <const> = tocha.zeros(3, 2, 2)
    local seen <const> = draw.heat_map(x, map, { alpha = 1, cmap = "gray" })
    assert_near(tocha.tensor { { 0, 85 / 255 }, { 0, 1 } }, seen[1], 1 / 255)
    local half <const> = draw.heat_map(tocha.ones(1, 2, 2), map, { alpha = 0.5, cmap = "gray" })
    assert.same({ 1, 1, 1 }, pixel(half, 0, 1))
    assert.near(0.5, half[1][1][1]:item(), 0.01)
    local photo <const> = golden.picture
    local heat <const> = draw.heat_map(photo, tocha.rand(1, 1, 7, 7))
    assert.same(photo.shape, heat.shape)
    assert.equal("uint8", heat.dtype)
    assert.is_true(draw.heat_map(photo, tocha.rand(7, 7), { alpha = 0 }):equal(photo))
    local low <const> = draw.heat_map(x, map, { alpha = 1, cmap = "gray", vmin = 1, vmax = 2 })
    assert.same({ 0, 0, 0, 1 }, low[1]:flatten():totable())
    assert.same({ 3, 2, 2 }, draw.heat_map(x, map * (0 / 0)).shape)
    fails_with("expected a map (h, w), got (2, 3, 4)", draw.heat_map, x, tocha.ones(2, 3, 4))
  end)
end)

describe("grids", function()
  it("are torchvision's", function()
    local batch <const> = golden.batch
    assert_near(golden.grid, draw.make_grid(batch, { nrow = 3 }))
    assert_near(golden.grid_options, draw.make_grid(batch,
      { nrow = 4, padding = 1, normalize = true, pad_value = 0.5 }), 1e-6)
    assert_near(golden.grid_each, draw.make_grid(batch, { normalize = true, scale_each = true }),
      1e-6)
    assert_near(golden.grid_range, draw.make_grid(batch[{ {}, { 1 } }],
      { normalize = true, value_range = { -1, 1 }, padding = 0 }), 1e-6)
    assert_near(golden.grid_one, draw.make_grid(batch[{ { 1 }, { 1 } }]))
    assert_near(golden.grid_bytes, draw.make_grid({ golden.picture, golden.picture:flip(3) },
      { pad_value = 255 }))
    assert.same({ 3, 5, 4 }, draw.make_grid(batch[1][1]).shape)
  end)

  it("go to files", function()
    local path <const> = os.tmpname() .. ".png"
    draw.save_image(golden.batch, path, { nrow = 3, normalize = true })
    local wanted <const> = draw.make_grid(golden.batch, { nrow = 3, normalize = true })
    assert_near((wanted * 255):round():byte(), vision.io.read(path))
    draw.save_image(golden.picture, path)
    assert_near(golden.picture, vision.io.read(path))
    draw.save_image(tocha.tensor { { -1, 0.5, 2, 0 / 0 } }, path)
    assert.same({ { 0, 128, 255, 0 } }, vision.io.read(path)[1]:totable())
    os.remove(path)
    fails_with("nrow", draw.make_grid, golden.batch, { nrow = 0 })
    fails_with("expected pictures (N, C, H, W)", draw.make_grid, 7)
    fails_with("expected pictures (N, C, H, W), got (0, 3, 5, 4)", draw.make_grid,
      golden.batch[{ { 1, 0 } }])
  end)
end)

describe("optical flow", function()
  it("is torchvision's", function()
    -- both round down what float32 leaves a little below a whole number
    assert_near(golden.flow_drawn, draw.flow_to_image(golden.flow), 1)
    local one <const> = draw.flow_to_image(golden.flow[1] * 3)
    assert.same({ 3, 9, 7 }, one.shape)
    assert.same({ 255, 255, 255 }, pixel(one, 0, 0))
    assert.is_true(draw.flow_to_image(tocha.zeros(2, 3, 4)):eq(255):all():item())
    fails_with("got (3, 4, 4)", draw.flow_to_image, tocha.ones(3, 4, 4))
  end)
end)

describe("shapes", function()
  if not has_cairo then
    it("of libcairo", function() pending "no libcairo" end)
    return
  end
  local black <const> = tocha.zeros(3, 40, 50):byte()

  local function touched(x)
    local at <const> = x:ne(black):any(1):nonzero() - 1
    if at:numel() == 0 then return nil end
    local low <const>, high <const> = at:amin(1), at:amax(1)
    return { low[2]:item(), low[1]:item(), high[2]:item(), high[1]:item() }
  end

  it("keypoints are disks around their pixels, joined, where they are seen", function()
    local points <const> = tocha.tensor { { { 10, 12 }, { 30, 12 }, { 30, 30 } } }
    local x <const> = draw.keypoints(black, points, { colors = "red", radius = 3 })
    for _, at in ipairs { { 10, 12 }, { 30, 12 }, { 33, 30 }, { 30, 27 } } do
      assert.is_true(pixel(x, at[1], at[2])[1] > 240)
    end
    assert.same({ 7, 9, 33, 33 }, touched(x))
    assert.same({ 0, 0, 0 }, pixel(x, 20, 12))
    local joined <const> = draw.keypoints(black, points, { colors = "red",
      connectivity = { { 1, 2 }, { 2, 3 } }, width = 3 })
    for _, at in ipairs { { 20, 12 }, { 20, 11 }, { 20, 13 }, { 30, 20 } } do
      assert.same({ 255, 0, 0 }, pixel(joined, at[1], at[2]))
    end
    assert.same({ 0, 0, 0 }, pixel(joined, 20, 14))
    local hidden <const> = draw.keypoints(black, points, { colors = "red", radius = 1,
      connectivity = { { 1, 2 }, { 2, 3 } }, visibility = tocha.tensor { { 1, 1, 0 } } })
    assert.same({ 9, 11, 31, 13 }, touched(hidden))
    assert.is_true(draw.keypoints(black, tocha.zeros(0, 17, 2)):equal(black))
    fails_with("expected keypoints (N, K, 2), got (3, 2)", draw.keypoints, black, points[1])
    fails_with("there is no keypoint 4", draw.keypoints, black, points,
      { connectivity = { { 1, 4 } } })
    fails_with("expected a tensor (1, 3), got (2,)", draw.keypoints, black, points,
      { visibility = tocha.ones(2) })
  end)

  it("lines and polygons", function()
    local line <const> = draw.lines(black, tocha.tensor { { 5, 8 }, { 25, 8 } },
      { colors = "white", width = 1 })
    assert.same({ 255, 255, 255 }, pixel(line, 15, 8))
    assert.same({ 5, 8, 25, 8 }, touched(line))
    local square <const> = { { 10, 10 }, { 30, 10 }, { 30, 30 }, { 10, 30 } }
    local x <const> = draw.polygons(black, { square }, { colors = "red", width = 0, fill = 0.5 })
    assert.same({ 128, 0, 0 }, pixel(x, 20, 20))
    assert.same({ 0, 0, 0 }, pixel(x, 32, 20))
    local framed <const> = draw.polygons(black, { square, tocha.tensor(square) + 5 },
      { colors = { "red", "blue" }, width = 1 })
    assert.same({ 255, 0, 0 }, pixel(framed, 10, 20))
    assert.same({ 0, 0, 255 }, pixel(framed, 35, 20))
    assert.same({ 0, 0, 0 }, pixel(framed, 20, 20))
    assert.is_true(draw.lines(black, {}):equal(black))
    assert.is_true(draw.lines(black, { { { -1e300, 0 }, { 1e300, 0 } } }):ne(black):any():item())
    fails_with("point 2 of 1 is not (x, y)", draw.lines, black, { { { 1, 2 }, { 3 } } })
    fails_with("an opacity of 0 to 1", draw.polygons, black, { square }, { fill = true })
  end)

  it("leave other pixels of floats as they are", function()
    local x <const> = tocha.rand(3, 40, 50, { dtype = "float64" })
    local y <const> = draw.lines(x, { { { 5, 8 }, { 25, 8 } } }, { width = 1 })
    assert.equal("float64", y.dtype)
    local same <const> = (y:narrow(2, 20, 20) - x:narrow(2, 20, 20)):abs():max():item()
    assert.is_true(same < 1e-6)
  end)

  it("text, with a rim that can be read on any ground", function()
    local x <const> = draw.text(black, "Tocha", { 4, 4 }, { color = "white", size = 14 })
    local box <const> = touched(x)
    assert.is_true(box[1] >= 3 and box[2] >= 3 and box[3] < 50 and box[4] < 24)
    local middle <const> = touched(draw.text(black, "o", { 25, 20 },
      { halign = "center", valign = "middle", halo = false }))
    assert.is_true(math.abs((middle[1] + middle[3]) / 2 - 25) <= 2)
    assert.is_true(math.abs((middle[2] + middle[4]) / 2 - 20) <= 2)
    local white <const> = black + 255
    local on_white <const> = draw.text(white, "Tocha", { 4, 4 })
    assert.is_true(on_white:min():item() < 100)
    assert.is_true(draw.text(white, "Tocha", { 4, 4 }, { halo = false }):equal(white))
    fails_with("the place is not (x, y)", draw.text, black, "a", 3)
  end)
end)

describe("show", function()
  local function shown(x, options)
    local path <const> = os.tmpname()
    local before <const> = io.output()
    io.output(path)
    local ok <const>, problem <const> = pcall(draw.show, x, options)
    io.output():close()
    io.output(before)
    local file <close> = io.open(path)
    os.remove(path)
    if not ok then error(problem, 0) end
    return file:read "a"
  end

  it("half blocks of the picture's pixels", function()
    local x <const> = tocha.tensor { { { 1.0, 0 }, { 0, 0 } }, { { 0, 1 }, { 0, 0 } },
      { { 0, 0 }, { 1, 0 } } }
    local text <const> = shown(x, { graphics = "none", colors = 1 << 24, ascii = false })
    assert.equal("\27[38;2;255;0;0;48;2;0;0;255m▀\27[38;2;0;255;0;48;2;0;0;0m▀\27[0m\n", text)
    local wide <const> = shown(tocha.rand(3, 300, 400),
      { graphics = "none", width = 40, colors = 0 })
    local lines <const> = select(2, wide:gsub("\n", ""))
    assert.equal(15, lines)
    assert.truthy(shown(tocha.rand(6, 1, 9, 9), { graphics = "none", colors = 0 }):find "\n")
  end)

  it("pictures in the terminal's own way", function()
    if not pcall(require, "tocha.png") then pending "no libpng" return end
    local x <const> = golden.picture
    local kitty <const> = shown(x, { graphics = "kitty", scale = 2 })
    assert.truthy(kitty:find("\27_Gf=100,a=T", 1, true))
    assert.truthy(shown(x, { graphics = "sixel", scale = 1 }):find('\27Pq"1;1;31;24', 1, true))
    assert.truthy(shown(x[{ {}, {}, { 1, 5 } }], { graphics = "sixel" })
      :find('\27Pq"1;1;30;144', 1, true))
    fails_with("unknown way 'wrong'", shown, x, { graphics = "wrong" })
    fails_with("from 1 to 64, got 0", shown, x, { scale = 0 })
  end)
end)

it("drawing says what is missing without libcairo", function()
  local kept <const>, loaded <const> = package.preload["tocha.cairo"], package.loaded["tocha.cairo"]
  package.loaded["tocha.cairo"] = nil
  package.preload["tocha.cairo"] = function() error "none" end
  local ok <const>, message <const> = pcall(draw.lines, golden.picture, { { { 1, 2 }, { 3, 4 } } })
  package.preload["tocha.cairo"], package.loaded["tocha.cairo"] = kept, loaded
  assert.is_false(ok)
  assert.truthy(message:find "%[lines%] drawing pixels needs libcairo")
  assert.is_true(core.is_tensor(draw.bounding_boxes(golden.picture, golden.boxes)))
end)
