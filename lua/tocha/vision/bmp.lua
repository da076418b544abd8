-- BMP, uncompressed: 1, 4 and 8 bits with a palette, 16, 24 and 32 bits, also with masks of one's
-- own for the colours; written with 24. (BITMAPINFOHEADER and what follows it; Microsoft, "Bitmap
-- Storage".)

local registry = require "tocha.op"
local raw = require "tocha.io.raw"
local tensor = require "tocha.tensor"

local ops <const> = registry.ops
local bmp <const> = {}

local HEADER <const> = "<I4I4I4 I4i4i4 I2I2I4I4 I4I4I4I4"  -- from the third byte on
local TOO_SHORT <const> = "the data end too early"
local PLAIN <const>, MASKS <const> = 0, 3  -- forms of compression
local DEPTHS <const> = { [1] = true, [4] = true, [8] = true, [16] = true, [24] = true,
  [32] = true }
local FIVE_BITS <const>, BYTES <const> = { 0x7c00, 0x3e0, 0x1f }, { 0xff0000, 0xff00, 0xff }

-- Bytes a row, padded to four.
local function stride_of(width, bits) return (width * bits + 31) // 32 * 4 end

-- Red, green and blue in a pixel of 16 or 32 bits.
local function masks_of(bytes, bits, compression)
  if compression == PLAIN then return bits == 16 and FIVE_BITS or BYTES end
  if #bytes < 66 then error(TOO_SHORT, 0) end
  local masks <const> = { ("<I4I4I4"):unpack(bytes, 55) }
  for k = 1, 3 do
    local shifted = masks[k]
    while shifted ~= 0 and shifted & 1 == 0 do shifted = shifted >> 1 end
    if shifted == 0 or shifted & (shifted + 1) ~= 0 then error("a mask is damaged", 0) end
  end
  return masks
end

local function read_header(bytes, most)
  if #bytes < 54 then error(TOO_SHORT, 0) end
  local _, _, start <const>, size <const>, w <const>, height <const>, _, bits <const>,
    compression <const>, _, _, _, used <const> = HEADER:unpack(bytes, 3)
  local h <const> = math.abs(height)
  if w < 1 or h < 1 then error("the picture is empty", 0) end
  if w * h > most then error("there are more pixels than max_pixels", 0) end
  local has_masks <const> = compression == MASKS and (bits == 16 or bits == 32)
  if not DEPTHS[bits] or compression ~= PLAIN and not has_masks then
    error("only uncompressed pictures of 1, 4, 8, 16, 24 and 32 bits are read", 0)
  end
  return { start = start, palette = 14 + size, w = w, h = h, bits = bits, used = used,
    downwards = height < 0, masks = masks_of(bytes, bits, compression) }
end

-- ---- pixels -------------------------------------------------------------------------------------
-- Each of rows (h, stride) uint8 makes (h, w, 3) uint8.

-- (n, 3): red, green, blue; missing entries are black.
local function palette_of(bytes, head)
  local room <const> = 1 << head.bits
  local n <const> = head.used > 0 and head.used or room
  if n > room or head.palette + 4 * n > #bytes then error(TOO_SHORT, 0) end
  local entries <const> = tensor.from_bytes(bytes:sub(head.palette + 1, head.palette + 4 * n),
    { n, 4 }, "uint8"):narrow(2, 1, 3):flip(2)
  return ops.cat({ entries, ops.zeros({ room - n, 3 }, { dtype = "uint8" }) }, 1)
end

-- The first pixel of a byte is in its highest bits.
local function by_palette(rows, head, bytes)
  local ids, per <const> = rows:long(), 8 // head.bits
  if per > 1 then
    local shifts <const> = ops.arange(per - 1, 0, -1) * head.bits
    ids = ((ids:unsqueeze(3) >> shifts) & ((1 << head.bits) - 1)):flatten(2)
  end
  ids = ids:narrow(2, 1, head.w):flatten() + 1
  return palette_of(bytes, head):index_select(1, ids):reshape(head.h, head.w, 3)
end

local function by_bytes(rows, head)
  local depth <const> = head.bits // 8
  return rows:narrow(2, 1, head.w * depth):reshape(head.h, head.w, depth):narrow(3, 1, 3):flip(3)
end

-- A field of some bits, from 0 to 255, rounded down as Pillow does.
local function channel(pixels, mask)
  local low <const> = mask & -mask
  return (pixels & mask) // low * 255 // (mask // low)
end

local function by_masks(rows, head)
  local item <const> = head.bits // 8
  local samples <const> = rows:narrow(2, 1, head.w * item):contiguous():to_bytes()
  local pixels <const> = raw.unsigned(samples, { head.h, head.w }, item):long()
  local planes <const> = {}
  for k = 1, 3 do planes[k] = channel(pixels, head.masks[k]) end
  return ops.stack(planes, 3):byte()
end

local function pixels_of(rows, head, bytes)
  if head.bits <= 8 then return by_palette(rows, head, bytes) end
  if head.bits == 24 or head.masks == BYTES then return by_bytes(rows, head) end
  return by_masks(rows, head)
end

--- bmp.decode(bytes, {max_pixels}): (H, W, 3) uint8
function bmp.decode(bytes, options)
  local head <const> = read_header(bytes, options.max_pixels)
  local h <const>, stride <const> = head.h, stride_of(head.w, head.bits)
  if head.start + stride * h > #bytes then error(TOO_SHORT, 0) end
  local rows <const> = tensor.from_bytes(bytes:sub(head.start + 1, head.start + stride * h),
    { h, stride }, "uint8")
  return pixels_of(head.downwards and rows or rows:flip(1), head, bytes)
end

--- bmp.encode(pixels (H, W, 1 or 3) uint8)
function bmp.encode(pixels)
  local h <const>, w <const>, c <const> = pixels:size(1), pixels:size(2), pixels:size(3)
  if c ~= 1 and c ~= 3 then error("BMP is written without opacity", 0) end
  local rows <const> = pixels:expand(h, w, 3):flip(3):flip(1):reshape(h, w * 3)
  local stride <const> = stride_of(w, 24)
  local padded <const> = ops.cat({ rows, ops.zeros({ h, stride - w * 3 }, { dtype = "uint8" }) }, 2)
  local header <const> = "BM" .. HEADER:pack(54 + stride * h, 0, 54, 40, w, h, 1, 24, 0, stride * h,
    2835, 2835, 0, 0)
  return header .. padded:contiguous():to_bytes()
end

return bmp
