-- tocha.vision.io: pixels as Pillow's (golden/images.txt), files both ways, and damaged files,
-- which must end in an error, never in a crash, a leak or memory taken for nothing.

local tocha = require "tocha"
local images = tocha.vision.io

for _, codec in ipairs { "png", "jpeg", "gif" } do
  if not pcall(require, "tocha." .. codec) then
    it("pictures", function() pending("this build is without tocha." .. codec) end)
    return
  end
end

local root <const> = debug.getinfo(1, "S").source:match "^@(.-)spec/image_io_spec.lua$"
local shared <const> = root .. "../shared/data/images/"

local support <const> = require "spec.image_support"
local exists <const>, difference <const> = support.exists, support.difference
local cases <const>, shared_cases <const> = support.cases(root .. "spec/golden/images.txt")

local function case_named(name)
  for _, case in ipairs(cases) do
    if case.name == name then return case end
  end
end

describe("reading pictures", function()
  for _, case in ipairs(cases) do
    it("gives Pillow's pixels: " .. case.name, function()
      local x = images.decode(case.bytes, { depth = case.depth })
      assert.same(case.pixels.shape, x.shape)
      assert.equal(case.depth == 16 and "int32" or "uint8", x.dtype)
      assert.is_true(x:is_contiguous())
      -- decoders of JPEG may round differently by one, twice
      local tolerance = case.name:find "^jpeg" and 2 or 0
      assert.is_true(difference(x, case.pixels) <= tolerance)
    end)
  end

  for _, case in ipairs(shared_cases) do
    it("gives Pillow's pixels of the photograph " .. case.name, function()
      if not exists(shared .. case.name) then pending "../shared/data is not here" return end
      local x = images.read(shared .. case.name)
      assert.equal(table.concat(case.shape, " "), table.concat(x.shape, " "))
      assert.equal(tonumber(case.crc), require("tocha.zlib").crc32(x:to_bytes()))
    end)
  end

  it("gives nearly the same of a photograph's JPEG and PNG", function()
    if not exists(shared .. "grace_hopper_512.jpg") then
      pending "../shared/data is not here" return
    end
    local a = images.read(shared .. "grace_hopper_512.jpg"):float()
    local b = images.read(shared .. "grace_hopper_512.png"):float()
    assert.is_true((a - b):abs():mean():item() < 1.5)
  end)

  it("turns channels into those asked for", function()
    local rgb, gray = case_named "png-rgb", case_named "png-gray"
    local function shape(case, mode) return images.decode(case.bytes, { mode = mode }).shape[1] end
    for mode, n in pairs { gray = 1, gray_alpha = 2, rgb = 3, rgb_alpha = 4, unchanged = 3 } do
      assert.equal(n, shape(rgb, mode))
    end
    assert.same({ 1, 3, 4 }, { shape(gray, "unchanged"), shape(gray, "rgb"),
      shape(gray, "rgb_alpha") })
    local x = images.decode(rgb.bytes, { mode = "rgb_alpha" })
    assert.is_true(x:narrow(1, 1, 3):equal(rgb.pixels) and x[4]:eq(255):all():item())
    local clear = images.decode(case_named("png-noise-rgba").bytes, { mode = "gray_alpha" })
    assert.is_true(clear[2]:equal(case_named("png-noise-rgba").pixels[4]))
    -- ITU-R 601 as Pillow rounds it: Image.new("RGB", (4, 1)) with these pixels, convert("L")
    local ppm = "P3 4 1 255 255 0 0  0 255 0  0 0 255  101 0 143"
    assert.same({ { { 76, 150, 29, 47 } } }, images.decode(ppm, { mode = "gray" }):totable())
    local many = tocha.arange(0, 255):reshape(1, 1, 256):expand(3, 1, 256):byte()
    local same = images.decode(images.encode(many, "ppm"), { mode = "gray" })
    assert.is_true(same:equal(many[{ { 1 } }]))
  end)

  it("reads PPM of any depth up to 255, rounded", function()
    assert.same({ { { 3, 128, 255 } } }, images.decode("P2 3 1 100 1 50 100"):totable())
    local bytes = case_named("ppm").bytes
    assert.error_matches(function() images.decode(bytes:sub(1, -2)) end, "end too early")
    assert.is_true((pcall(images.decode, bytes .. "more")))
    assert.error_matches(function() images.decode "P5 1 1 65535 a" end, "end too early")
    assert.error_matches(function() images.decode "P5 1 1 65536 ab" end, "1 to 65535")
  end)
end)

describe("writing pictures", function()
  local path
  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  local function there_and_back(x, format, options, reading)
    return images.decode(images.encode(x, format, options), reading)
  end

  it("keeps every pixel but in JPEG", function()
    tocha.manual_seed(1)
    for channels, formats in pairs { { "png", "bmp", "pgm" }, { "png" }, { "png", "bmp", "ppm" },
      { "png" } } do
      local x = tocha.randint(0, 255, { channels, 7, 9 }):byte()
      for _, format in ipairs(formats) do
        local y = there_and_back(x, format)
        assert.is_true(y:equal(format == "bmp" and x:expand(3, 7, 9) or x), format .. channels)
      end
    end
    local deep = tocha.randint(0, 65535, { 3, 4, 5 }):int()
    assert.is_true(there_and_back(deep, "png", { depth = 16 }, { depth = 16 }):equal(deep))
    local flat = tocha.randint(0, 255, { 6, 8 }):byte()
    assert.is_true(there_and_back(flat, "png"):equal(flat:unsqueeze(1)))
  end)

  it("takes any strides", function()
    local x = tocha.randint(0, 255, { 9, 7, 3 }):byte()
    local turned = x:permute(3, 1, 2):flip(3)
    assert.is_true(there_and_back(turned, "png"):equal(turned:contiguous()))
  end)

  it("makes better and larger JPEGs of a higher quality", function()
    local x = case_named("jpeg-444").pixels
    local size, off = 0, math.huge
    for _, quality in ipairs { 10, 50, 95 } do
      local bytes = images.encode(x, "jpeg", { quality = quality })
      local error_ = (images.decode(bytes):float() - x:float()):abs():mean():item()
      assert.is_true(#bytes > size and error_ < off)
      size, off = #bytes, error_
    end
  end)

  it("goes to files by their names' ends", function()
    local x = case_named("png-rgb").pixels
    for _, ending in ipairs { "png", "bmp", "ppm", "JPG" } do
      local name = path .. "." .. ending
      images.write(x, name)
      assert.same(x.shape, images.read(name).shape)
      os.remove(name)
    end
  end)

  it("says what cannot be written", function()
    local x = tocha.zeros(3, 4, 4):byte()
    assert.error_matches(function() images.write(x, path .. ".xyz") end, "'xyz' is no format")
    assert.error_matches(function() images.encode(x, "tiff") end, "'tiff' is no format to write")
    assert.error_matches(function() images.encode(x:float(), "png") end,
      "expected uint8, got float32 %(for 0..1")
    assert.error_matches(function() images.encode(tocha.zeros(5, 4, 4):byte(), "png") end,
      "1 to 4 channels, got %(5, 4, 4%)")
    assert.error_matches(function() images.encode(tocha.zeros(4, 4, 4):byte(), "jpeg") end,
      "C 1 or 3")
    assert.error_matches(function() images.encode(x, "jpeg", { quality = 101 }) end, "quality")
    assert.error_matches(function() images.encode(x, "png", { qualty = 1 }) end, "option 'qualty'")
    assert.error_matches(function() images.write(x, "/nowhere/a.png") end, "/nowhere/a.png")
  end)
end)

describe("damaged pictures", function()
  it("that end early are errors, wherever they end", function()
    for _, case in ipairs(cases) do
      for k = 0, 49 do
        local short = case.bytes:sub(1, #case.bytes * k // 50)
        local ok, x = pcall(images.decode, short, { depth = case.depth })
        -- a GIF's first picture may be whole, numbers in text may lack a digit
        local may_do = case.name:find "^gif" or case.name:find "text"
        assert.is_true(not ok or may_do and x:is_same_size(case.pixels), case.name .. " at " .. k)
      end
    end
  end)

  it("with wrong bytes are errors or pictures", function()
    math.randomseed(7)
    local errors = 0
    for _, case in ipairs(cases) do
      for _ = 1, 150 do
        local at = math.random(#case.bytes)
        local bad = case.bytes:sub(1, at - 1) .. string.char(math.random(0, 255))
          .. case.bytes:sub(at + 1)
        local ok, x = pcall(images.decode, bad, { depth = case.depth, max_pixels = 1000000 })
        if ok then assert.is_true(tocha.is_tensor(x))
        else
          errors = errors + 1
          assert.equal("string", type(x))
        end
      end
    end
    assert.is_true(errors > 100)
  end)

  local function header(w, h, depth, kind)
    local ihdr = "IHDR" .. string.pack(">I4I4BBBBB", w, h, depth, kind, 0, 0, 0)
    local crc = require("tocha.zlib").crc32
    local function chunk(body) return string.pack(">I4", #body - 4) .. body
      .. string.pack(">I4", crc(body)) end
    return "\x89PNG\r\n\x1a\n" .. chunk(ihdr) .. chunk("IDAT\x78\x9c\x03\x00\x00\x00\x00\x01")
      .. chunk "IEND"
  end

  it("that claim to be huge are refused before memory is taken", function()
    tocha.reset_peak_memory()
    local before = tocha.memory().peak
    assert.error_matches(function() images.decode(header(60000, 60000, 8, 2)) end,
      "60000 x 60000 pixels are more than the limit of 100000000")
    assert.error_matches(function() images.decode(header(0x7fffffff, 0x7fffffff, 16, 6)) end,
      "more than the limit")
    assert.error_matches(function() images.decode(header(9000, 9000, 8, 2)) end, "end too early")
    assert.error_matches(function() images.decode("P6 100000 100000 255\n") end, "max_pixels")
    assert.error_matches(function() images.decode("P6 9000 9000 255\n") end, "end too early")
    local gif = "GIF89a" .. string.pack("<I2I2BBB", 60000, 60000, 0x80, 0, 0) .. ("\0"):rep(6)
      .. "," .. string.pack("<I2I2I2I2B", 0, 0, 60000, 60000, 0) .. "\2\0;"
    assert.error_matches(function() images.decode(gif) end, "more than the limit")
    local jpeg = case_named("jpeg-444").bytes
    local at = jpeg:find("\xff\xc0", 1, true)
    local wide = jpeg:sub(1, at + 4) .. string.pack(">I2I2", 9000, 9000) .. jpeg:sub(at + 9)
    assert.error_matches(function() images.decode(wide) end, "jpeg: the data end too early")
    assert.is_true(tocha.memory().peak - before < 1000000)
    local x = case_named "jpeg-444"
    assert.error_matches(function() images.decode(x.bytes, { max_pixels = 100 }) end,
      "45 x 37 pixels are more than the limit of 100")
  end)

  it("give their memory back", function()
    if os.getenv "TOCHA_DEBUG" then pending "the sanitizer keeps what is freed" return end
    local function resident()
      local file = io.open "/proc/self/statm"
      if not file then return 0 end
      local pages = file:read "a":match "%d+ (%d+)"
      file:close()
      return tonumber(pages) * 4096
    end
    local noise = tocha.randint(0, 255, { 3, 200, 200 }):byte()
    local halves = {}
    local formats = { "png", "jpeg", "gif" }
    if pcall(require, "tocha.webp") then formats[4] = "webp" end
    for k, format in ipairs(formats) do
      local bytes = images.encode(noise, format)
      halves[k] = bytes:sub(1, #bytes // 2)
    end
    local function grows()
      local before = resident()
      for _ = 1, 150 do
        for _, half in ipairs(halves) do
          assert.is_false(pcall(images.decode, half))
          assert.is_false(pcall(images.decode_frames, half))
        end
      end
      collectgarbage()
      return resident() - before >= 8000000
    end
    grows()  -- the allocator keeps some for the next
    assert.is_false(grows() and grows() and grows())  -- would be 36 MB of pixels each time
  end)

  it("say which file and why", function()
    local name = os.tmpname()
    local file = io.open(name, "wb")
    file:write("GIF, but not really")
    file:close()
    assert.error_matches(function() images.read(name) end, name .. ": this is no PNG, JPEG")
    assert.error_matches(function() images.read "/nowhere/at/all.png" end, "/nowhere/at/all.png")
    assert.error_matches(function() images.decode(case_named("png-rgb").bytes:sub(1, 60)) end,
      "^%[decode%] argument 1: png: the data end too early$")
    os.remove(name)
  end)

  it("are told from wrong arguments", function()
    assert.error_matches(function() images.decode(7) end, "expected a string, got number")
    assert.error_matches(function() images.read(7) end, "expected a path, got number")
    assert.error_matches(function() images.decode("x", { mode = "cmyk" }) end, "'mode': expected")
    assert.error_matches(function() images.decode("x", { dept = 8 }) end, "unknown option 'dept'")
    assert.error_matches(function()
      images.decode(case_named("jpeg-444").bytes, { depth = 16 })
    end, "only PNG, PPM and PGM have 16 bits")
  end)
end)

