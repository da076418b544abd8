-- Shape rules that several operations share. A rule gets the operation's arguments and returns what
-- the result is like (a tensor) or its sizes (a list), and its dtype where that differs.

local rule <const> = {}

--- Like the first argument.
function rule.same(x) return x end

--- The sizes that two shapes broadcast to, or nil and the sizes that do not fit.
function rule.broadcast_shapes(a, b)
  local n <const> = math.max(#a, #b)
  local shape <const> = {}
  for k = 1, n do
    local s, t = a[#a - n + k] or 1, b[#b - n + k] or 1
    if s ~= t and s ~= 1 and t ~= 1 then return nil, s, t end
    shape[k] = s == 1 and t or s
  end
  return shape
end

--- Two tensors broadcast against each other.
function rule.broadcast(x, y)
  local shape, s, t = rule.broadcast_shapes(x.shape, y.shape)
  if shape then return shape end
  require "tocha.core".fail(nil, nil, "shapes %s and %s do not broadcast: sizes %d and %d",
    rule.text(x.shape), rule.text(y.shape), s, t)
end

--- "(2, 3)"
function rule.text(shape)
  return "(" .. table.concat(shape, ", ") .. (#shape == 1 and ",)" or ")")
end

--- A list of n from an integer or a list of n (or of one); nil gives `default`.
function rule.list(value, n, default)
  if value == nil then value = default end
  if type(value) ~= "table" then
    local list <const> = {}
    for k = 1, n do list[k] = value end
    return list
  end
  if #value == 1 then return rule.list(value[1], n) end
  return value
end

--- The dimensions 1 .. n but `dim`.
function rule.other_dims(n, dim)
  local dims <const> = {}
  for d = 1, n do
    if d ~= dim then dims[#dims + 1] = d end
  end
  return dims
end

--- The product of a list's integers from first to last.
function rule.product(list, first, last)
  local p = 1
  for k = first or 1, last or #list do p = p * list[k] end
  return p
end

return rule
