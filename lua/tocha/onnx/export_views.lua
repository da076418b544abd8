-- Writing into a part of a tensor, y[{ {}, t }] = h: for a graph, a new y that is the old one
-- before and after the part. Views know what they are parts of; a write goes up from the part to
-- the whole. Other views of that memory would show what was written: using one afterwards is an
-- error.

local core = require "tocha.core"

local views <const> = {}

-- The views that a graph can write through, and the forms that put a part back
-- (export_shape.lua).
local PUT <const> = { select = "put_select", narrow = "put_narrow", slice = "put_slice",
  view = "put_view", unsqueeze = "put_view", squeeze_dims = "put_view",
  transpose = "put_transpose", permute = "put_permute" }

--- views.new(): what a trace knows of them.
function views.new()
  return { links = setmetatable({}, { __mode = "k" }), written = {}, kept = {} }
end

--- views.note(known, name, args, y): y is view `name` of args[1].
function views.note(known, name, args, y)
  if PUT[name] and not (name == "slice" and args[5] ~= 1) then
    known.links[y] = { parent = args[1], put = PUT[name], args = args }
  elseif not rawequal(y, args[1]) then
    known.links[y] = { parent = args[1] }
  end
end

--- views.is_stale(known, x): has its memory been written through another view?
function views.is_stale(known, x) return known.written[core.storage(x)] == true end

--- views.above(known, y, of): what y is a part of, from the nearest on, as it is before a write: a
--- list of { child, parent, old, put, args }, or nil where a graph cannot write through.
function views.above(known, y, of)
  local list <const> = {}
  while known.links[y] do
    local link <const> = known.links[y]
    if not link.put then return nil end
    list[#list + 1] = { child = y, parent = link.parent, put = link.put, args = link.args,
      old = of[link.parent] or link.parent:clone() }
    y = link.parent
  end
  return list
end

--- views.mark(known, y, list, of): y, below the list, is written: other views forget their values.
function views.mark(known, y, list, of)
  local storage <const> = core.storage(y)
  local fresh <const> = { [y] = true }
  for _, link in ipairs(list) do fresh[link.parent] = true end
  for x in pairs(of) do
    if not fresh[x] and core.storage(x) == storage then of[x] = nil end
  end
  known.written[storage] = true
  known.kept[#known.kept + 1] = y  -- the memory stays, so that its address means nothing else
end

return views
