---@meta tocha.vision.io
-- Written by `make annotations`; do not edit.

---tocha.vision.io: pictures in files and strings, to tensors (C, H, W) and back.
---
---    local x = vision.io.read "cat.jpg"              -- (3, H, W) uint8
---    vision.io.write(x, "cat.png")
---
---PNG needs libpng, JPEG libjpeg, WebP libwebp, GIF giflib; BMP, PPM and PGM are read and
---written here. What a file is, its first bytes say. Damaged files are errors, and pictures of more
---pixels than `max_pixels` are refused before their memory is taken. Colour profiles are not looked
---at.
---@class tocha.vision.io
local io = {}

---vision.io.decode(bytes, options): the picture in a string as a tensor (C, H, W) of uint8: C is 1
---for grey, 2 with opacity, 3 for colours, 4 with opacity. Options: `mode` "gray", "gray_alpha",
---"rgb" or "rgb_alpha" turns it into that (opacity is dropped or added, grey by ITU-R 601);
---`dtype` "float32" gives 0 to 1; `depth` = 16 gives int32 of 0..65535 of a PNG, PPM or PGM;
---apply_exif_orientation = false leaves a picture as the camera was held; `at_least` = 256: of a
---JPEG, which can be decoded at a half, a quarter or an eighth in much less time, the smallest
---whose sides are both at least so many pixels; `max_pixels` = 1e8: what has more is an error.
---@return any ...
function io.decode(bytes, options) end

---vision.io.decode_frames(bytes, options): the pictures of an animated GIF or WebP as one tensor
---(T, C, H, W), each as one sees it, and a list of how many seconds it stands. Of other formats T
---is 1. `max_pixels` counts those of all. Options as decode has.
---@return any ...
function io.decode_frames(bytes, options) end

---vision.io.encode(x, format, {quality = 75, lossless = false, compression_level = 6, depth = 8}):
---the bytes of a picture (C, H, W) of uint8 in "png", "jpeg" (quality 1 to 100), "webp" (quality 0
---to 100; `lossless` keeps every pixel, and a higher quality then takes longer for fewer bytes),
---"gif" (the nearest of 255 colours where there are more), "bmp", "ppm" (colours) or "pgm" (grey).
---With depth = 16 a PNG, PPM or PGM is made of int32 in 0..65535.
---@return any ...
function io.encode(x, format, options) end

---vision.io.encode_frames(x, {fps = 10, delays = nil}): the bytes of an animated GIF of pictures
---(T, C, H, W) of uint8, C 1 or 3, which repeats for ever; `delays` is a list of how many seconds
---each stands. Equal ones in a row become one that stands longer.
---@return any ...
function io.encode_frames(x, options) end

---vision.io.read(path, options): the picture in a file; options as decode has.
---@return any ...
function io.read(path, options) end

---vision.io.read_frames(path, options): decode_frames of a file.
---@return any ...
function io.read_frames(path, options) end

---vision.io.write(x, path, options): a picture to a file; its name's end says the format. Options
---as encode has.
---@return any ...
function io.write(x, path, options) end

---vision.io.write_frames(x, path, {fps = 10, delays = nil}): encode_frames to a file.
---@return any ...
function io.write_frames(x, path, options) end

return io
