-- Channels last outside, channels first inside.
--
-- A tensor between Keras layers has Keras's shape, (N, H, W, C). What a convolution, pooling or
-- normalisation gives lies in memory as (N, C, H, W), which its kernel made and the next one wants,
-- and is a permuted view: the two changes of order between them cost no copy. Elements are moved
-- where an image in Keras's order comes in, and where Flatten or another reshape needs Keras's
-- order.

local layout <const> = {}

-- rank -> the order of dimensions
local function orders(make)
  return setmetatable({}, { __index = function(self, ndim)
    self[ndim] = make(ndim)
    return self[ndim]
  end })
end

local FIRST <const> = orders(function(ndim)
  local order <const> = { 1, ndim }
  for d = 2, ndim - 1 do order[d + 1] = d end
  return order
end)

local LAST <const> = orders(function(ndim)
  local order <const> = { 1 }
  for d = 3, ndim do order[d - 1] = d end
  order[ndim] = 2
  return order
end)

local function permuted(x) return x:permute(FIRST[x.ndim]) end

--- layout.first(x): (N, ..., C) as (N, C, ...). The CPU's kernels want the channels first in memory
--- as well: what they would move at every layer is moved once here.
function layout.first(x)
  if x.ndim <= 2 then return x end
  local y <const> = permuted(x)
  return x.device == "cpu" and y:contiguous() or y
end

--- layout.last(x): (N, C, ...) as (N, ..., C)
function layout.last(x) return x.ndim > 2 and x:permute(LAST[x.ndim]) or x end

--- layout.is_first(x): does x, which has Keras's shape, lie in memory with channels first?
function layout.is_first(x)
  return x.ndim > 2 and not x:is_contiguous() and permuted(x):is_contiguous()
end

--- layout.elementwise(f, x): f(x) for an elementwise f, in the order in which x lies.
function layout.elementwise(f, x)
  if not layout.is_first(x) then return f(x) end
  return layout.last(f(layout.first(x)))
end

return layout
