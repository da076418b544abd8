-- Tensors from the bytes of a file in either byte order, and the sizes of what a header promises.

local core = require "tocha.core"

local raw <const> = {}

-- Bytes of one element.
local function item_size(dtype) return core.empty({ 0 }, dtype):element_size() end
raw.item_size = item_size

--- raw.count(shape, item, most): elements x item, or nil where that is above `most`.
function raw.count(shape, item, most)
  for _, size in ipairs(shape) do
    if size == 0 then return 0 end
  end
  local bytes = item
  for _, size in ipairs(shape) do
    if size > most // bytes then return nil end
    bytes = bytes * size
  end
  return bytes
end

-- Each element's bytes turned round.
local function swapped(bytes, item)
  local x <const> = core.from_bytes(bytes, { #bytes // item, item }, "uint8")
  return x:flip { 2 }:contiguous():to_bytes()
end

--- raw.tensor(bytes, shape, dtype, big_endian): the bytes must be as many as the shape needs.
function raw.tensor(bytes, shape, dtype, big_endian)
  local item <const> = item_size(dtype)
  if big_endian and item > 1 and #bytes > 0 then bytes = swapped(bytes, item) end
  return core.from_bytes(bytes, shape, dtype)
end

return raw
