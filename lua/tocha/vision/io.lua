-- tocha.vision.io: pictures in files and strings, to tensors (C, H, W) of uint8 and back.
--
--     local x = vision.io.read "cat.jpg"              -- (3, H, W) uint8
--     vision.io.write(x, "cat.png")
--
-- PNG needs libpng, JPEG libjpeg, GIF (reading, its first picture) giflib; BMP, PPM and PGM are
-- read and written here. What a file is, its first bytes say. Damaged files are errors, and
-- pictures of more pixels than `max_pixels` are refused before their memory is taken. Colour
-- profiles and the orientation in EXIF are not looked at.

local core = require "tocha.core"
local file = require "tocha.io.file"
local netpbm = require "tocha.vision.netpbm"
local bmp = require "tocha.vision.bmp"
local registry = require "tocha.op"

local ops <const> = registry.ops
local io_ <const> = {}

local MOST <const> = 100000000

-- ---- formats ------------------------------------------------------------------------------------
-- A format has decode(bytes, options) -> (H, W, C) and encode(pixels (H, W, C), options) -> bytes,
-- which raise plain messages.

local PACKAGES <const> = {
  png = { "libpng", "libpng-dev" }, jpeg = { "libjpeg", "libjpeg-dev" },
  gif = { "giflib", "libgif-dev" },
}

local function codec(name)
  local ok <const>, found <const> = pcall(require, "tocha." .. name)
  if ok then return found end
  local library <const>, package <const> = table.unpack(PACKAGES[name])
  error(("%s needs %s, which this build of Tocha is without (Debian: %s, then `make build`)")
    :format(name:upper(), library, package), 0)
end

-- A GIF that is opaque has three channels.
local function decode_gif(bytes, options)
  local pixels <const> = codec("gif").decode(bytes, options.max_pixels)
  local opaque <const> = pixels:select(3, 4):eq(255):all():item()
  return opaque and pixels:narrow(3, 1, 3) or pixels
end

local FORMATS <const> = {
  png = {
    decode = function(bytes, options)
      return codec("png").decode(bytes, options.depth, options.max_pixels)
    end,
    encode = function(pixels, options)
      return codec("png").encode(pixels, options.depth, options.compression_level)
    end,
  },
  jpeg = {
    decode = function(bytes, options) return codec("jpeg").decode(bytes, options.max_pixels) end,
    encode = function(pixels, options) return codec("jpeg").encode(pixels, options.quality) end,
  },
  gif = { decode = decode_gif },
  bmp = bmp, ppm = netpbm, pgm = netpbm,
}
FORMATS.jpg = FORMATS.jpeg

local SIGNATURES <const> = {
  { "\x89PNG\r\n\x1a\n", "png" }, { "\xff\xd8\xff", "jpeg" }, { "GIF8", "gif" }, { "BM", "bmp" },
  { "P5", "pgm" }, { "P6", "ppm" }, { "P2", "pgm" }, { "P3", "ppm" },
}

local function format_of(bytes)
  for _, signature in ipairs(SIGNATURES) do
    if bytes:sub(1, #signature[1]) == signature[1] then return signature[2] end
  end
end

-- C modules put the place of their caller before a message, which is here.
local function without_place(message) return (tostring(message):gsub("^%S+:%d+: ", "")) end

-- ---- channels -----------------------------------------------------------------------------------

-- ITU-R 601's weights in 16 bits, as Pillow has them.
local function luma(x)
  local wide <const> = x:long()
  local sum <const> = wide:select(1, 1) * 19595 + wide:select(1, 2) * 38470
    + wide:select(1, 3) * 7471 + 32768
  return (sum >> 16):unsqueeze(1):to(x.dtype)
end

local function opaque_like(x, depth)
  return ops.full({ 1, x:size(2), x:size(3) }, depth == 16 and 65535 or 255, { dtype = x.dtype })
end

local function colors(x)
  if x:size(1) >= 3 then return x:narrow(1, 1, 3) end
  return x:narrow(1, 1, 1):expand(3, x:size(2), x:size(3))
end

local function opacity(x, depth)
  if x:size(1) % 2 == 0 then return x:narrow(1, x:size(1), 1) end
  return opaque_like(x, depth)
end

local function gray(x)
  return x:size(1) >= 3 and luma(x) or x:narrow(1, 1, 1)
end

local MODES <const> = {
  unchanged = function(x) return x end,
  gray = gray,
  gray_alpha = function(x, depth) return ops.cat({ gray(x), opacity(x, depth) }, 1) end,
  rgb = colors,
  rgb_alpha = function(x, depth) return ops.cat({ colors(x), opacity(x, depth) }, 1) end,
}

-- ---- reading ------------------------------------------------------------------------------------

local function check_options(who, options, known)
  for name in pairs(options) do
    if not known[name] then core.fail(who, nil, "unknown option '%s'", tostring(name)) end
  end
end

local DECODING <const> = { mode = true, depth = true, max_pixels = true }

local function read_options(who, given)
  local options <const> = { mode = "unchanged", depth = 8, max_pixels = MOST }
  check_options(who, given or {}, DECODING)
  for name, value in pairs(given or {}) do options[name] = value end
  if not MODES[options.mode] then
    core.fail(who, "mode", "expected unchanged, gray, gray_alpha, rgb or rgb_alpha, got %s",
      tostring(options.mode))
  end
  if options.depth ~= 8 and options.depth ~= 16 then
    core.fail(who, "depth", "expected 8 or 16, got %s", tostring(options.depth))
  end
  return options
end

local function decode(who, bytes, given, what)
  local options <const> = read_options(who, given)
  local name <const> = format_of(bytes)
  if not name then core.fail(who, 1, "%sthis is no PNG, JPEG, GIF, BMP, PPM or PGM", what) end
  if options.depth == 16 and name ~= "png" then
    core.fail(who, "depth", "%sonly PNG has 16 bits", what)
  end
  local ok <const>, pixels <const> = pcall(FORMATS[name].decode, bytes, options)
  if not ok then core.fail(who, 1, "%s%s", what, without_place(pixels)) end
  return MODES[options.mode](pixels:permute(3, 1, 2), options.depth):contiguous()
end

--- vision.io.decode(bytes, {mode = "unchanged", depth = 8, max_pixels = 1e8}): the picture in a
--- string as a tensor (C, H, W) of uint8: C is 1 for grey, 2 with opacity, 3 for colours, 4 with
--- opacity. `mode` "gray", "gray_alpha", "rgb" or "rgb_alpha" turns it into that (opacity is
--- dropped or added, grey by ITU-R 601). With depth = 16 a PNG gives int32 of 0..65535.
function io_.decode(bytes, options)
  if type(bytes) ~= "string" then
    core.fail("decode", 1, "expected a string, got %s", type(bytes))
  end
  return decode("decode", bytes, options, "")
end

--- vision.io.read(path, options): the picture in a file; options as decode has.
function io_.read(path, options)
  return decode("read", file.read("read", path), options, tostring(path) .. ": ")
end

-- ---- writing ------------------------------------------------------------------------------------

local ENCODING <const> = { quality = true, compression_level = true, depth = true }

-- A picture (C, H, W), or (H, W) for one channel, as contiguous (H, W, C).
local function pixels_of(who, x, depth)
  if not core.is_tensor(x) then core.fail(who, 1, "expected a tensor, got %s", type(x)) end
  local dtype <const> = depth == 16 and "int32" or "uint8"
  if x.dtype ~= dtype then
    core.fail(who, 1, "expected %s, got %s%s", dtype, x.dtype, x:is_floating_point()
      and " (for 0..1: (x * 255):round():clamp(0, 255):byte())" or "")
  end
  if x.ndim == 2 then x = x:unsqueeze(1) end
  if x.ndim ~= 3 or x:size(1) < 1 or x:size(1) > 4 or x:numel() == 0 then
    core.fail(who, 1, "expected (C, H, W) with 1 to 4 channels, got %s",
      registry.rule.text(x.shape))
  end
  return x:detach():permute(2, 3, 1):contiguous()
end

local function encode(who, x, name, options)
  options = options or {}
  check_options(who, options, ENCODING)
  local format <const> = FORMATS[name]
  if not (format and format.encode) then
    core.fail(who, 2, "'%s' is no format to write (there are: png, jpg, bmp, ppm, pgm)", name)
  end
  local pixels <const> = pixels_of(who, x, name == "png" and options.depth)
  local ok <const>, bytes <const> = pcall(format.encode, pixels, options)
  if not ok then core.fail(who, 1, "%s", without_place(bytes)) end
  return bytes
end

--- vision.io.encode(x, format, {quality = 75, compression_level = 6, depth = 8}): the bytes of a
--- picture (C, H, W) of uint8 in "png", "jpeg" (quality 1 to 100), "bmp", "ppm" (colours) or "pgm"
--- (grey). With depth = 16 a PNG is made of int32 in 0..65535.
function io_.encode(x, format, options)
  if type(format) ~= "string" then
    core.fail("encode", 2, "expected the name of a format, got %s", type(format))
  end
  return encode("encode", x, format:lower(), options)
end

--- vision.io.write(x, path, options): a picture to a file; its name's end says the format. Options
--- as encode has.
function io_.write(x, path, options)
  if type(path) ~= "string" then core.fail("write", 2, "expected a path, got %s", type(path)) end
  local bytes <const> = encode("write", x, (path:match "%.(%w+)$" or ""):lower(), options)
  file.replace("write", path, function(handle) assert(handle:write(bytes)) end)
end

return io_
