-- The rooms: a file for each table of Tocha's that is reached by names from `tocha`.

local core = require "tocha.core"
local doc = require "tocha.doc"
local fields = require "tocha.repl.fields"
local registry = require "tocha.op"
local classes = require "annotations.classes"
local operations = require "annotations.operations"
local page = require "annotations.page"
local types = require "annotations.types"

local put <const> = page.put
local rooms <const> = {}

local function names_of(room)
  local names <const> = fields.names({ value = room }, false, "")
  table.sort(names)
  return names
end

-- Is the value a room: a table that a module of Tocha is?
local function module_of(value)
  for name, loaded in pairs(package.loaded) do
    if name:find "^tocha%." and rawequal(loaded, value) then return name end
  end
end

local function is_room(value)
  return type(value) == "table" and not doc.is_class(value) and module_of(value) ~= nil
end

--- rooms.find(tocha): list of { path = "nn.utils", room } in order of their paths, "" first; names
--- all classes on the way, each by the first place that has its own name, else the first.
function rooms.find(tocha)
  local list, seen, others = {}, {}, {}
  local function visit(room, path)
    seen[room] = true
    list[#list + 1] = { path = path, room = room }
    local later <const> = {}
    for _, name in ipairs(names_of(room)) do
      local value <const>, place <const> = room[name], path == "" and name or path .. "." .. name
      if doc.is_class(value) then
        local own <const> = rawget(value, "__name") == name and classes.type_of or others
        own[value] = own[value] or "tocha." .. place
      elseif is_room(value) and not seen[value] then
        later[#later + 1] = { value, place }
      end
    end
    for _, each in ipairs(later) do
      if not seen[each[1]] then visit(each[1], each[2]) end
    end
  end
  visit(tocha, "")
  for class, place in pairs(others) do classes.type_of[class] = classes.type_of[class] or place end
  table.sort(list, function(a, b) return a.path < b.path end)
  return list
end

-- ---- members ------------------------------------------------------------------------------------

local function put_function(f, place)
  local found <const> = doc.of(f, place)
  page.comment(found.told and found.lines or {})
  local names <const> = doc.parameters(f)
  put("---@return %s", types.of_result(place:match "[%w_]+$"))
  put("function %s(%s) end\n", place, names)
end

local function put_member(room_type, place, name, value)
  local decl <const> = type(value) == "function" and registry.of[value]
  if decl and decl.name == name then
    operations.put(decl, "function " .. place, 1, operations.returns(decl))
  elseif doc.is_class(value) and classes.type_of[value] == room_type .. "." .. name then
    classes.put(value, place)
  elseif type(value) == "function" and types.safe(name) == name then
    put_function(value, place)
  end
end

-- The type of what is a field and no function or class of this room.
local function field_type(value, room_type, name)
  if value == registry.ops then return "tocha" end
  if doc.is_class(value) then
    local kind <const> = classes.type_of[value]
    return kind ~= room_type .. "." .. name and kind .. ".class" or nil
  end
  if is_room(value) then return value == require "tocha" and "tocha" or rooms.type_of[value] end
  if type(value) == "function" then return types.safe(name) ~= name and "function" or nil end
  return core.is_tensor(value) and types.TENSOR or type(value)
end

local function put_fields(room, room_type)
  for _, name in ipairs(names_of(room)) do
    local kind <const> = field_type(room[name], room_type, name)
    if kind then put("---@field %s %s", types.key(name), kind) end
  end
end

local BASE <const> = [[
---@class tocha.Object
local Object = {}

---Is it of this class, or of one that extends it?
---@return boolean
function Object:is(class) end

---@class tocha.Class
---@field super any
local Class = {}

---A new class; `args` is the signature of its constructor.
---@param name string
---@param args? string
---@return any
function Class:extend(name, args) end
]]

local function type_of(path) return path == "" and "tocha" or "tocha." .. path end

local function write_room(folder, each)
  local path <const>, room <const> = each.path, each.room
  local room_type <const> = type_of(path)
  local name_here <const> = room_type:match "[^.]*$"
  page.begin(room_type)
  if path == "" then put(BASE) end
  page.comment(doc.of(room, room_type).lines)
  put("---@class %s", room_type)
  put_fields(room, room_type)
  put("local %s = {}\n", name_here)
  for _, name in ipairs(names_of(room)) do
    put_member(room_type, name_here .. "." .. name, name, room[name])
  end
  put("return %s", name_here)
  page.write(("%s/%s.lua"):format(folder, path == "" and "tocha" or path:gsub("%.", "_")))
end

--- rooms.write(folder, tocha): a file for each; returns how many.
function rooms.write(folder, tocha)
  local list <const> = rooms.find(tocha)
  rooms.type_of = {}
  for _, each in ipairs(list) do rooms.type_of[each.room] = type_of(each.path) end
  for _, each in ipairs(list) do write_room(folder, each) end
  return #list
end

return rooms
