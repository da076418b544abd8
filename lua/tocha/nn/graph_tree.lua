-- Nested lists and tables whose leaves are tensors, or symbolic ones: what layers take and return.
--
-- A table with a metatable is no list: it is a leaf, or a value that is passed on as it is. Entries
-- are visited by number, then by name, so that two walks of one structure agree.

local tree <const> = {}

local function is_plain(value) return type(value) == "table" and getmetatable(value) == nil end
tree.is_plain = is_plain

local function before(a, b)
  if type(a) == type(b) then return a < b end
  return type(a) == "number"
end

local function keys_of(t)
  local keys <const> = {}
  for key in pairs(t) do keys[#keys + 1] = key end
  table.sort(keys, before)
  return keys
end

--- tree.map(value, is_leaf, f): the same structure with f(leaf) in the place of each leaf.
function tree.map(value, is_leaf, f)
  if is_leaf(value) then return f(value) end
  if not is_plain(value) then return value end
  local copy <const> = {}
  for _, key in ipairs(keys_of(value)) do copy[key] = tree.map(value[key], is_leaf, f) end
  return copy
end

--- tree.leaves(value, is_leaf): all leaves, in order.
function tree.leaves(value, is_leaf)
  local list <const> = {}
  tree.map(value, is_leaf, function(leaf) list[#list + 1] = leaf end)
  return list
end

return tree
