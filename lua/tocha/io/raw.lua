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

--- raw.strides(shape): of a contiguous tensor.
function raw.strides(shape)
  local list <const>, step = {}, 1
  for d = #shape, 1, -1 do list[d], step = step, step * shape[d] end
  return list
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

-- ---- views of a storage -------------------------------------------------------------------------

local REPEATED_MOST <const> = 1 << 28  -- elements of a view that shows its row over and over

--- raw.is_natural(v)
function raw.is_natural(v) return math.type(v) == "integer" and v >= 0 end

-- Does the view stay within a row of `count` elements? Without overflow.
local function fits(size, stride, offset, count)
  local last = offset
  if last >= count then return false end
  for d, n in ipairs(size) do
    if n > 1 and stride[d] > 0 then
      if stride[d] > (count - 1 - last) // (n - 1) then return false end
      last = last + (n - 1) * stride[d]
    end
  end
  return true
end

--- raw.view(row, offset, size, stride): the tensor of natural sizes and strides in a contiguous
--- row, or nil and what is wrong with it.
function raw.view(row, offset, size, stride)
  local count <const> = row:numel()
  local elements <const> = raw.count(size, 1, math.max(count, REPEATED_MOST))
  if not elements then return nil, "larger than its storage" end
  if elements == 0 then return core.empty(size, row.dtype) end
  if not fits(size, stride, offset, count) then return nil, "that reaches beyond its storage" end
  return row:as_strided(size, stride, offset)
end

return raw
