-- tocha.vision.io, the rest: WebP, animations, EXIF's orientations, reduced JPEGs, PPM of two bytes
-- (golden/pictures.txt has Pillow's pixels), dtypes, and mutated files of every format.

local tocha = require "tocha"
local fuzz = require "spec.fuzz_support"
local support = require "spec.image_support"
local fails_with <const> = require "spec.support".fails_with
local images = tocha.vision.io

for _, codec in ipairs { "png", "jpeg", "gif", "webp" } do
  if not pcall(require, "tocha." .. codec) then
    it("pictures", function() pending("this build is without tocha." .. codec) end)
    return
  end
end

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/vision_io_spec.lua$"
local cases <const> = support.cases(root .. "spec/golden/pictures.txt")

local function case_named(name)
  for _, case in ipairs(cases) do
    if case.name == name then return case end
  end
end

local function options_of(case)
  return { depth = case.depth, at_least = math.tointeger(case.name:match "-at%-(%d+)$") }
end

-- The frames of an animation as one (T * C, H, W), black where they are clear.
local function frames_of(case)
  local x <const>, delays <const> = images.decode_frames(case.bytes)
  local seen <const> = x * x:narrow(2, 4, 1):ne(0):byte()
  return seen:flatten(1, 2), delays
end

describe("pictures", function()
  for _, case in ipairs(cases) do
    it("are Pillow's: " .. case.name, function()
      local is_animation <const> = case.name:find "^frames"
      local x <const> = is_animation and frames_of(case)
        or images.decode(case.bytes, options_of(case))
      assert.same(case.pixels.shape, x.shape)
      assert.is_true(x:is_contiguous())
      local tolerance <const> = case.name:find "^jpeg" and 2 or 0
      assert.is_true(support.difference(x, case.pixels) <= tolerance)
    end)
  end

  it("of an animation say how long they stand", function()
    for name, wanted in pairs { ["frames-gif-2-4"] = { 0.05, 0.12, 0.03, 0.4 },
      ["frames-webp-4"] = { 0.05, 0.12, 0.03, 0.4 } } do
      local _, delays <const> = frames_of(case_named(name))
      for k, seconds in ipairs(wanted) do assert.near(seconds, delays[k], 1e-9) end
    end
  end)

  it("of an animation: decode gives the first, decode_frames one of a still picture", function()
    for _, name in ipairs { "frames-gif-1-4", "frames-webp-4" } do
      local case <const> = case_named(name)
      local all <const> = images.decode_frames(case.bytes, { mode = "rgb" })
      assert.same({ 4, 3, 16, 20 }, all.shape)
      assert.is_true(all[1]:equal(images.decode(case.bytes, { mode = "rgb" })))
    end
    local still <const> = case_named "webp-lossless"
    local frames <const>, delays <const> = images.decode_frames(still.bytes, { mode = "rgb" })
    assert.is_true(frames:squeeze(1):equal(still.pixels))
    assert.same({ 0 }, delays)
    local turned <const> = case_named "png-orientation-6"
    assert.is_true(images.decode_frames(turned.bytes)[1]:equal(turned.pixels))
  end)

  it("count the pixels of all frames", function()
    for _, name in ipairs { "frames-gif-1-4", "frames-webp-4" } do
      local bytes <const> = case_named(name).bytes
      assert.is_true((pcall(images.decode_frames, bytes, { max_pixels = 4 * 320 })))
      assert.error_matches(function() images.decode_frames(bytes, { max_pixels = 3 * 320 }) end,
        "more than the limit of 960")
    end
  end)

  it("stay as the camera was held where that is asked for", function()
    local turned <const> = case_named "png-orientation-6"
    local x <const> = images.decode(turned.bytes, { apply_exif_orientation = false })
    assert.is_true(x:equal(case_named("png-orientation-1").pixels))
  end)

  it("come as floats", function()
    local case <const> = case_named "webp-lossless"
    local x <const> = images.decode(case.bytes, { dtype = "float32" })
    assert.equal("float32", x.dtype)
    assert.is_true(x:equal(case.pixels:float() / 255))
    local deep <const> = case_named "ppm-16"
    local y <const> = images.decode(deep.bytes, { dtype = "float64", depth = 16, mode = "gray" })
    assert.same({ 1, 5, 6 }, y.shape)
    assert.is_true(y:max():item() <= 1 and y:max():item() > 0.5)
    assert.equal("int64", images.decode(case.bytes, { dtype = "int64" }).dtype)
  end)

  it("go to WebP and PPM of two bytes and back", function()
    tocha.manual_seed(2)
    for _, channels in ipairs { 3, 4 } do
      local x <const> = tocha.randint(0, 255, { channels, 13, 8 }):byte()
      if channels == 4 then x[4][1][1] = 7 end  -- libwebp leaves out an opacity that is all 255
      assert.is_true(images.decode(images.encode(x, "webp", { lossless = true })):equal(x))
    end
    local smooth <const> = case_named("jpeg-reduced-1-at-22").pixels
    local off, size = 256, 0
    for _, quality in ipairs { 5, 50, 95 } do
      local bytes <const> = images.encode(smooth, "webp", { quality = quality })
      local error_ <const> = (images.decode(bytes):float() - smooth:float()):abs():mean():item()
      assert.is_true(error_ < off and #bytes > size)
      off, size = error_, #bytes
    end
    local deep <const> = tocha.randint(0, 65535, { 3, 4, 5 }):int()
    local bytes <const> = images.encode(deep, "ppm", { depth = 16 })
    assert.is_true(images.decode(bytes, { depth = 16 }):equal(deep))
    assert.error_matches(function() images.encode(deep[{ { 1 } }]:byte(), "webp") end, "C 3 or 4")
    assert.error_matches(function() images.encode(smooth, "webp", { quality = 101 }) end, "0..100")
  end)

  it("go to animated GIFs and back", function()
    tocha.manual_seed(3)
    local few <const> = tocha.randint(0, 5, { 4, 3, 12, 9 }):mul(40):byte()
    few[3][1][2][2] = 255
    few[4] = few[3]
    local path <const> = fuzz.path() .. ".gif"
    images.write_frames(few, path, { delays = { 0.1, 0.2, 0.05, 1 } })
    local x <const>, delays <const> = images.read_frames(path, { mode = "rgb" })
    os.remove(path)
    assert.is_true(x:equal(few[{ { 1, 3 } }]))  -- the last two are one
    for k, seconds in ipairs { 0.1, 0.2, 1.05 } do assert.near(seconds, delays[k], 1e-9) end
    local gray <const> = few[{ { 1, 2 }, { 1 } }]
    local y <const>, each <const> = images.decode_frames(images.encode_frames(gray, { fps = 25 }))
    assert.is_true(y[{ {}, { 2 } }]:equal(gray))
    assert.near(0.04, each[2], 1e-9)
    assert.is_true(images.decode(images.encode(few[1], "gif")):equal(few[1]))
    fails_with("written without opacity", images.encode, few[{ {}, 1 }], "gif")
    fails_with("ends in .gif, got a.webp", images.write_frames, few, "a.webp")
    fails_with("got (3, 12, 9)", images.encode_frames, few[1])
    fails_with("expected 4 numbers of seconds", images.encode_frames, few, { delays = { 1 } })
    fails_with("0.01 to 100 a second", images.encode_frames, few, { fps = 0 })
  end)

  it("are told from wrong arguments", function()
    local bytes <const> = case_named("ppm-16").bytes
    assert.error_matches(function() images.decode(bytes, { at_least = 0 }) end,
      "'at_least': expected a number of pixels, got 0")
    assert.error_matches(function() images.decode(bytes, { max_pixels = "many" }) end, "max_pixels")
    assert.error_matches(function() images.decode_frames(7) end, "expected a string, got number")
    assert.error_matches(function() images.read_frames "/nowhere/a.gif" end, "/nowhere/a.gif")
  end)
end)

describe("damaged pictures", function()
  it("that end early are errors, wherever they end", function()
    for _, case in ipairs(cases) do
      for k = 0, 39 do
        local short <const> = case.bytes:sub(1, #case.bytes * k // 40)
        local ok <const>, x = pcall(images.decode_frames, short, options_of(case))
        -- WebP has EXIF behind the pixels; of an animation the first frames may be whole
        local may_do <const> = case.name:find "^frames" or case.name:find "^webp%-orientation"
        assert.is_true(not ok or may_do and tocha.is_tensor(x), case.name .. " at " .. k)
      end
    end
  end)

  it("of every format, mutated, are errors or pictures", function()
    local refused <const> = {}
    for _, file in ipairs { "images.txt", "pictures.txt" } do
      for _, case in ipairs(support.cases(root .. "spec/golden/" .. file)) do
        local kind <const> = case.name:match "^frames" or case.name:match "^%a+"
        local read <const> = kind == "frames" and images.read_frames or images.read
        local function limited(path)
          read(path, { depth = case.depth, max_pixels = 1 << 20 })
        end
        refused[kind] = (refused[kind] or 0) + fuzz.read(case.bytes, limited, { count = 60 })
      end
    end
    local kinds = 0
    for kind, n in pairs(refused) do
      kinds = kinds + 1
      assert.is_true(n > 20, kind .. " " .. n)
    end
    assert.equal(8, kinds)  -- bmp, frames, gif, jpeg, pgm, png, ppm, webp
  end)

  it("with wild EXIF are upright pictures", function()
    local upright <const> = case_named "jpeg-orientation-little-8"
    local at <const> = upright.bytes:find("Exif", 1, true) + 6
    math.randomseed(4)
    for _ = 1, 500 do
      local k <const> = at + math.random(0, 33)
      local bytes <const> = upright.bytes:sub(1, k - 1) .. string.char(math.random(0, 255))
        .. upright.bytes:sub(k + 1)
      local x <const> = images.decode(bytes)
      assert.equal(14 * 9 * 3, x:numel())
    end
  end)
end)
