-- Copies of nested plain tables: options, states, what will be saved.
--
--     deepcopy(value)          tables anew, all else (tensors, objects, functions) as it is
--     deepcopy(value, leaf)    leaf(v) in place of each v that is no plain table
--
-- A table that holds itself has no end here.

local function deepcopy(value, leaf)
  if type(value) ~= "table" or getmetatable(value) then
    if leaf then return leaf(value) end
    return value
  end
  local twin <const> = {}
  for key, each in pairs(value) do twin[key] = deepcopy(each, leaf) end
  return twin
end

return deepcopy
