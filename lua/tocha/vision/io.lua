-- tocha.vision.io: pictures in files and strings, to tensors (C, H, W) and back.
--
--     local x = vision.io.read "cat.jpg"              -- (3, H, W) uint8
--     vision.io.write(x, "cat.png")
--
-- PNG needs libpng, JPEG libjpeg, WebP libwebp, GIF giflib; BMP, PPM and PGM are read and
-- written here. What a file is, its first bytes say. Damaged files are errors, and pictures of more
-- pixels than `max_pixels` are refused before their memory is taken. Colour profiles are not looked
-- at.

local core = require "tocha.core"
local file = require "tocha.io.file"
local netpbm = require "tocha.vision.netpbm"
local bmp = require "tocha.vision.bmp"
local exif = require "tocha.vision.exif"
local registry = require "tocha.op"
local signature = require "tocha.signature"

local ops <const> = registry.ops
local io_ <const> = {}

-- ---- formats ------------------------------------------------------------------------------------
-- A format has decode(bytes, options) -> pixels (C, H, W) of any strides, perhaps frames(bytes,
-- options) -> a list of pixels and one of seconds, and encode(pixels (H, W, C), options) -> bytes;
-- they raise plain messages. `deep`: it may have 16 bits.

local PACKAGES <const> = {
  png = { "libpng", "libpng-dev" }, jpeg = { "libjpeg", "libjpeg-dev" },
  gif = { "giflib", "libgif-dev" }, webp = { "libwebp", "libwebp-dev" },
}

local function codec(name)
  local ok <const>, found <const> = pcall(require, "tocha." .. name)
  if ok then return found end
  local library <const>, package <const> = table.unpack(PACKAGES[name])
  error(("%s needs %s, which this build of Tocha is without (Debian: %s, then `make build`)")
    :format(name:upper(), library, package), 0)
end

local function planes(pixels) return pixels:permute(3, 1, 2) end

-- Pictures (H, W, 1 or 3), which stand for so many seconds each.
local function to_gif(list, delays)
  if list[1]:size(3) % 2 == 0 then error("GIF is written without opacity", 0) end
  local function pixels_of(k) return list[k]:expand(list[k]:size(1), list[k]:size(2), 3) end
  local function delay_of(k) return math.max(0, math.floor(delays[k] * 100 + 0.5)) end
  return require "tocha.plot.gif".encode(codec "gif", "encode", #list, pixels_of, delay_of)
end

-- A GIF that is opaque has three channels.
local function without_opacity(x)
  return x[4]:eq(255):all():item() and x:narrow(1, 1, 3) or x
end

-- `unit`: of a delay, in seconds.
local function frames_by(name, unit)
  return function(bytes, options)
    local list <const>, delays <const> = codec(name).frames(bytes, options.max_pixels), {}
    for k, frame in ipairs(list) do
      list[k], delays[k] = planes(frame.pixels), frame.delay * unit
    end
    return list, delays
  end
end

local function by_planes(format)
  return {
    decode = function(bytes, options) return planes(format.decode(bytes, options)) end,
    encode = format.encode,
  }
end

local FORMATS <const> = {
  png = {
    deep = true,
    decode = function(bytes, options)
      return planes(codec("png").decode(bytes, options.depth, options.max_pixels))
    end,
    encode = function(pixels, options)
      return codec("png").encode(pixels, options.depth, options.compression_level)
    end,
  },
  jpeg = {
    decode = function(bytes, options)
      return codec("jpeg").decode(bytes, options.max_pixels, options.at_least)
    end,
    encode = function(pixels, options) return codec("jpeg").encode(pixels, options.quality) end,
  },
  webp = {
    decode = function(bytes, options)
      return planes(codec("webp").decode(bytes, options.max_pixels))
    end,
    encode = function(pixels, options)
      return codec("webp").encode(pixels, options.quality, options.lossless)
    end,
    frames = frames_by("webp", 0.001),
  },
  gif = {
    decode = function(bytes, options)
      return without_opacity(planes(codec("gif").decode(bytes, options.max_pixels)))
    end,
    encode = function(pixels) return to_gif({ pixels }, { 0 }) end,
    frames = frames_by("gif", 0.01),
  },
  bmp = by_planes(bmp),
}
FORMATS.ppm = by_planes(netpbm)
FORMATS.ppm.deep = true
FORMATS.pgm, FORMATS.jpg = FORMATS.ppm, FORMATS.jpeg

local SIGNATURES <const> = {
  { "^\x89PNG\r\n\x1a\n", "png" }, { "^\xff\xd8\xff", "jpeg" }, { "^GIF8", "gif" },
  { "^RIFF....WEBP", "webp" }, { "^BM", "bmp" }, { "^P[25]", "pgm" }, { "^P[36]", "ppm" },
}

local function format_of(bytes)
  for _, signature_ in ipairs(SIGNATURES) do
    if bytes:find(signature_[1]) then return signature_[2] end
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

local DECODING <const> = "mode = 'unchanged', dtype = nil, depth = 8, at_least = nil, "
  .. "apply_exif_orientation = true, max_pixels = 100000000"

local function check_integer(who, options, name)
  local v <const> = options[name]
  if math.type(v) ~= "integer" or v < 1 then
    core.fail(who, name, "expected a number of pixels, got %s", tostring(v))
  end
end

local function read_options(who, given)
  local o <const> = {}
  signature.read(DECODING, who, o, given or {})
  if o.dtype ~= nil and not core.dtypes()[o.dtype] then
    core.fail(who, "dtype", "there is no dtype %s", signature.text(o.dtype))
  end
  if type(o.mode) == "string" then o.mode = o.mode:lower() end
  if not MODES[o.mode] then
    core.fail(who, "mode", "expected unchanged, gray, gray_alpha, rgb or rgb_alpha, got %s",
      tostring(o.mode))
  end
  if o.depth ~= 8 and o.depth ~= 16 then
    core.fail(who, "depth", "expected 8 or 16, got %s", tostring(o.depth))
  end
  check_integer(who, o, "max_pixels")
  if o.at_least ~= nil then check_integer(who, o, "at_least") end
  return o
end

-- The numbers of a picture as they were asked for: floats are 0 to 1.
local function as_dtype(x, o)
  local own <const> = o.depth == 16 and "int32" or "uint8"
  if o.dtype == nil or o.dtype == own then return x:contiguous() end
  local converted <const> = x:to(o.dtype)
  if not converted:is_floating_point() then return converted:contiguous() end
  return converted / (o.depth == 16 and 65535 or 255)
end

local function finish(x, orientation, o)
  return as_dtype(exif.upright(MODES[o.mode](x, o.depth), orientation), o)
end

local function orientation_of(bytes, name, o)
  return o.apply_exif_orientation and exif.orientation(bytes, name) or 1
end

local NAMES <const> = "PNG, JPEG, WebP, GIF, BMP, PPM or PGM"

-- Calls a format's `part`; gives what it gives, and the name of the format.
local function decoded(who, bytes, o, what, part)
  local name <const> = format_of(bytes)
  if not name then core.fail(who, 1, "%sthis is no %s", what, NAMES) end
  local format <const> = FORMATS[name]
  if o.depth == 16 and not format.deep then
    core.fail(who, "depth", "%sonly PNG, PPM and PGM have 16 bits", what)
  end
  local ok <const>, first <const>, second <const> = pcall(format[part] or format.decode, bytes, o)
  if not ok then core.fail(who, 1, "%s%s", what, without_place(first)) end
  return name, first, second
end

local function decode(who, bytes, given, what)
  local o <const> = read_options(who, given)
  local name <const>, x <const> = decoded(who, bytes, o, what, "decode")
  return finish(x, orientation_of(bytes, name, o), o)
end

local function check_bytes(who, bytes)
  if type(bytes) ~= "string" then core.fail(who, 1, "expected a string, got %s", type(bytes)) end
end

--- vision.io.decode(bytes, options): the picture in a string as a tensor (C, H, W) of uint8: C is 1
--- for grey, 2 with opacity, 3 for colours, 4 with opacity. Options: `mode` "gray", "gray_alpha",
--- "rgb" or "rgb_alpha" turns it into that (opacity is dropped or added, grey by ITU-R 601);
--- `dtype` "float32" gives 0 to 1; `depth` = 16 gives int32 of 0..65535 of a PNG, PPM or PGM;
--- apply_exif_orientation = false leaves a picture as the camera was held; `at_least` = 256: of a
--- JPEG, which can be decoded at a half, a quarter or an eighth in much less time, the smallest
--- whose sides are both at least so many pixels; `max_pixels` = 1e8: what has more is an error.
function io_.decode(bytes, options)
  check_bytes("decode", bytes)
  return decode("decode", bytes, options, "")
end

--- vision.io.read(path, options): the picture in a file; options as decode has.
function io_.read(path, options)
  return decode("read", file.read("read", path), options, tostring(path) .. ": ")
end

local function decode_frames(who, bytes, given, what)
  local o <const> = read_options(who, given)
  local name <const>, list, delays = decoded(who, bytes, o, what, "frames")
  if not delays then list, delays = { list }, { 0 } end
  local orientation <const> = orientation_of(bytes, name, o)
  for k, x in ipairs(list) do list[k] = finish(x, orientation, o) end
  return ops.stack(list), delays
end

--- vision.io.decode_frames(bytes, options): the pictures of an animated GIF or WebP as one tensor
--- (T, C, H, W), each as one sees it, and a list of how many seconds it stands. Of other formats T
--- is 1. `max_pixels` counts those of all. Options as decode has.
function io_.decode_frames(bytes, options)
  check_bytes("decode_frames", bytes)
  return decode_frames("decode_frames", bytes, options, "")
end

--- vision.io.read_frames(path, options): decode_frames of a file.
function io_.read_frames(path, options)
  return decode_frames("read_frames", file.read("read_frames", path), options,
    tostring(path) .. ": ")
end

-- ---- writing ------------------------------------------------------------------------------------

local ENCODING <const> = "quality = 75, compression_level = 6, lossless = false, depth = 8"

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
  return x:detach():to("cpu"):permute(2, 3, 1):contiguous()
end

-- What an encoder says of its first argument is about the picture, of others about the options.
local function refuse(who, x, name, message)
  local place <const>, text <const> = message:match "^bad argument #(%d) to '%w+' %((.*)%)$"
  if not place then core.fail(who, 1, "%s", message) end
  if place ~= "1" then core.fail(who, 3, "%s", text) end
  core.fail(who, 1, "%s does not hold a picture %s: %s", name:upper(),
    registry.rule.text(x.shape), text)
end

local function encode(who, x, name, given)
  local o <const> = {}
  signature.read(ENCODING, who, o, given or {})
  local format <const> = FORMATS[name]
  if not (format and format.encode) then
    core.fail(who, 2, "'%s' is no format to write (there are: png, jpg, webp, gif, bmp, ppm, pgm)",
      name)
  end
  local pixels <const> = pixels_of(who, x, format.deep and o.depth)
  local ok <const>, bytes <const> = pcall(format.encode, pixels, o)
  if not ok then refuse(who, x, name, without_place(bytes)) end
  return bytes
end

--- vision.io.encode(x, format, {quality = 75, lossless = false, compression_level = 6, depth = 8}):
--- the bytes of a picture (C, H, W) of uint8 in "png", "jpeg" (quality 1 to 100), "webp" (quality 0
--- to 100; `lossless` keeps every pixel, and a higher quality then takes longer for fewer bytes),
--- "gif" (the nearest of 255 colours where there are more), "bmp", "ppm" (colours) or "pgm" (grey).
--- With depth = 16 a PNG, PPM or PGM is made of int32 in 0..65535.
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

-- ---- writing animations -------------------------------------------------------------------------

-- Seconds of each of n frames.
local function delays_of(who, o, n)
  if o.delays == nil then
    if type(o.fps) ~= "number" or not (o.fps >= 0.01 and o.fps <= 100) then
      core.fail(who, "fps", "expected 0.01 to 100 a second, got %s", tostring(o.fps))
    end
    local list <const> = {}
    for k = 1, n do list[k] = 1 / o.fps end
    return list
  end
  for k = 1, n do
    local v <const> = type(o.delays) == "table" and o.delays[k]
    if type(v) ~= "number" or not (v >= 0 and v <= 655) then
      core.fail(who, "delays", "expected %d numbers of seconds", n)
    end
  end
  return o.delays
end

local function encode_frames(who, x, options)
  local o <const>, list <const> = {}, {}
  signature.read("fps = 10, delays = nil", who, o, options or {})
  if not core.is_tensor(x) or x.ndim ~= 4 or x:size(1) == 0 then
    core.fail(who, 1, "expected pictures (T, C, H, W), got %s",
      core.is_tensor(x) and registry.rule.text(x.shape) or type(x))
  end
  for k = 1, x:size(1) do list[k] = pixels_of(who, x[k], 8) end
  local ok <const>, bytes <const> = pcall(to_gif, list, delays_of(who, o, #list))
  if not ok then core.fail(who, 1, "%s", without_place(bytes)) end
  return bytes
end

--- vision.io.encode_frames(x, {fps = 10, delays = nil}): the bytes of an animated GIF of pictures
--- (T, C, H, W) of uint8, C 1 or 3, which repeats for ever; `delays` is a list of how many seconds
--- each stands. Equal ones in a row become one that stands longer.
function io_.encode_frames(x, options) return encode_frames("encode_frames", x, options) end

--- vision.io.write_frames(x, path, {fps = 10, delays = nil}): encode_frames to a file.
function io_.write_frames(x, path, options)
  if type(path) ~= "string" or not path:lower():find "%.gif$" then
    core.fail("write_frames", 2, "expected a name that ends in .gif, got %s", tostring(path))
  end
  local bytes <const> = encode_frames("write_frames", x, options)
  file.replace("write_frames", path, function(handle) assert(handle:write(bytes)) end)
end

return io_
