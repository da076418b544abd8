---@meta tocha.vision.io
-- Written by `make annotations`; do not edit.

---tocha.vision.io: pictures in files and strings, to tensors (C, H, W) of uint8 and back.
---
---    local x = vision.io.read "cat.jpg"              -- (3, H, W) uint8
---    vision.io.write(x, "cat.png")
---
---PNG needs libpng, JPEG libjpeg, GIF (reading, its first picture) giflib; BMP, PPM and PGM are
---read and written here. What a file is, its first bytes say. Damaged files are errors, and
---pictures of more pixels than `max_pixels` are refused before their memory is taken. Colour
---profiles and the orientation in EXIF are not looked at.
---@class tocha.vision.io
local io = {}

---vision.io.decode(bytes, {mode = "unchanged", depth = 8, max_pixels = 1e8}): the picture in a
---string as a tensor (C, H, W) of uint8: C is 1 for grey, 2 with opacity, 3 for colours, 4 with
---opacity. `mode` "gray", "gray_alpha", "rgb" or "rgb_alpha" turns it into that (opacity is
---dropped or added, grey by ITU-R 601). With depth = 16 a PNG gives int32 of 0..65535.
---@return any ...
function io.decode(bytes, options) end

---vision.io.encode(x, format, {quality = 75, compression_level = 6, depth = 8}): the bytes of a
---picture (C, H, W) of uint8 in "png", "jpeg" (quality 1 to 100), "bmp", "ppm" (colours) or "pgm"
---(grey). With depth = 16 a PNG is made of int32 in 0..65535.
---@return any ...
function io.encode(x, format, options) end

---vision.io.read(path, options): the picture in a file; options as decode has.
---@return any ...
function io.read(path, options) end

---vision.io.write(x, path, options): a picture to a file; its name's end says the format. Options
---as encode has.
---@return any ...
function io.write(x, path, options) end

return io
