-- What the declarations of shapes share.

local core = require "tocha.core"

local shape <const> = {}

--- The sizes of x as a list to be changed.
function shape.sizes(x) return { table.unpack(x.shape) } end

--- Where dimension `dim` of the result, which has one more than n, is to be put in.
function shape.new_dim(name, n, dim)
  local d <const> = dim < 0 and dim + n + 2 or dim
  if d < 1 or d > n + 1 then
    core.fail(name, 2, "%d is out of range: the result has %d dimensions", dim, n + 1)
  end
  return d
end

--- The list of f(x) for each of a list.
function shape.mapped(list, f)
  local result <const> = {}
  for k, x in ipairs(list) do result[k] = f(x) end
  return result
end

return shape
