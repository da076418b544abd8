-- BMP: uncompressed, of 8 (with a palette), 24 and 32 bits; written with 24.

local registry = require "tocha.op"
local tensor = require "tocha.tensor"

local ops <const> = registry.ops
local bmp <const> = {}

local HEADER <const> = "<I4I4I4 I4i4i4 I2I2I4I4 I4I4I4I4"  -- from the third byte on
local TOO_SHORT <const> = "the data end too early"

-- Bytes a row, padded to four.
local function stride_of(width, bits) return (width * bits + 31) // 32 * 4 end

local function read_header(bytes, most)
  if #bytes < 54 then error(TOO_SHORT, 0) end
  local _, _, start <const>, size <const>, w <const>, height <const>, _, bits <const>,
    compression <const>, _, _, _, used <const> = HEADER:unpack(bytes, 3)
  local h <const> = math.abs(height)
  if w < 1 or h < 1 then error("the picture is empty", 0) end
  if w * h > most then error("there are more pixels than max_pixels", 0) end
  local plain <const> = compression == 0 or compression == 3 and bits == 32
  if not plain or bits ~= 8 and bits ~= 24 and bits ~= 32 then
    error("only uncompressed pictures of 8, 24 and 32 bits are read", 0)
  end
  return { start = start, palette = 14 + size, w = w, h = h, bits = bits, used = used,
    downwards = height < 0 }
end

-- (n, 3): red, green, blue; missing entries are black.
local function palette_of(bytes, head)
  local n <const> = head.used > 0 and head.used or 256
  if n > 256 or head.palette + 4 * n > #bytes then error(TOO_SHORT, 0) end
  local entries <const> = tensor.from_bytes(bytes:sub(head.palette + 1, head.palette + 4 * n),
    { n, 4 }, "uint8"):narrow(2, 1, 3):flip(2)
  return ops.cat({ entries, ops.zeros({ 256 - n, 3 }, { dtype = "uint8" }) }, 1)
end

--- bmp.decode(bytes, {max_pixels}): (H, W, 3) uint8
function bmp.decode(bytes, options)
  local head <const> = read_header(bytes, options.max_pixels)
  local w <const>, h <const>, stride <const> = head.w, head.h, stride_of(head.w, head.bits)
  if head.start + stride * h > #bytes then error(TOO_SHORT, 0) end
  local rows = tensor.from_bytes(bytes:sub(head.start + 1, head.start + stride * h), { h, stride },
    "uint8")
  if not head.downwards then rows = rows:flip(1) end
  local depth <const> = head.bits // 8
  local samples <const> = rows:narrow(2, 1, w * depth)
  if depth == 1 then
    local ids <const> = samples:long():flatten() + 1
    return palette_of(bytes, head):index_select(1, ids):reshape(h, w, 3)
  end
  return samples:reshape(h, w, depth):narrow(3, 1, 3):flip(3)
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
