-- Tensors from the bytes of a file in either byte order, and the sizes of what a header promises.

local core = require "tocha.core"

local raw <const> = {}

--- raw.item_size(dtype): bytes of one element.
function raw.item_size(dtype) return core.empty({ 0 }, dtype):element_size() end

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

--- raw.swapped(bytes, item): each element's bytes turned round.
function raw.swapped(bytes, item)
  if item == 1 or #bytes == 0 then return bytes end
  local x <const> = core.from_bytes(bytes, { #bytes // item, item }, "uint8")
  return x:flip { 2 }:contiguous():to_bytes()
end

--- raw.tensor(bytes, shape, dtype, big_endian): the bytes must be as many as the shape needs.
function raw.tensor(bytes, shape, dtype, big_endian)
  if big_endian then bytes = raw.swapped(bytes, raw.item_size(dtype)) end
  return core.from_bytes(bytes, shape, dtype)
end

--- raw.unsigned(bytes, shape, item, big_endian): unsigned elements of two or four bytes, as int32
--- and int64, which hold their values.
function raw.unsigned(bytes, shape, item, big_endian)
  local x <const> = raw.tensor(bytes, shape, item == 2 and "int16" or "int32", big_endian)
  return x:to(item == 2 and "int32" or "int64"):bitwise_and((1 << (8 * item)) - 1)
end

return raw
