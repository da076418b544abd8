-- A class as two types: its objects, tocha.nn.Linear, and itself, tocha.nn.Linear.class, which is
-- called to make one.

local doc = require "tocha.doc"
local signature = require "tocha.signature"
local page = require "annotations.page"
local types = require "annotations.types"

local put <const> = page.put
local classes <const> = { type_of = {} }  -- class -> the name of its objects' type

-- Those of `new`, where its `...` stands for what the text of the signature says.
local function add_parameters(list, class, has_signature)
  for name in doc.parameters(class.new):gmatch "[%w_.]+" do
    if name ~= "self" and not (has_signature and name == "...") then
      list[#list + 1] = { name = name, optional = not has_signature, kind = types.of_name(name) }
    end
  end
end

-- { name, type, optional } for the arguments of the constructor.
local function arguments_of(class)
  local list <const>, has_signature <const> = {}, type(class.args) == "string"
  if type(class.new) == "function" then add_parameters(list, class, has_signature) end
  if not has_signature then return list end
  local sig <const> = signature.parse(class.args)
  for k, name in ipairs(sig.names) do
    list[#list + 1] = { name = name, optional = not sig.required[k],
      kind = types.of_default(name, sig.defaults[k]) }
  end
  return list
end

local LONGEST <const> = 8  -- arguments by place; nobody gives more so

local function parameter_text(args)
  local parts <const> = {}
  for k, a in ipairs(args) do
    if k > LONGEST then
      parts[k] = "...: any"
      break
    end
    local mark <const> = a.optional and a.name ~= "..." and "?" or ""
    parts[k] = ("%s%s: %s"):format(types.safe(a.name), mark, a.kind)
  end
  return table.concat(parts, ", ")
end

-- What is required by place, the rest in one table.
local function options_text(args)
  local by_place <const>, options <const> = {}, {}
  for _, a in ipairs(args) do
    if not a.optional then by_place[#by_place + 1] = a
    elseif a.name ~= "..." then
      options[#options + 1] = ("%s?: %s"):format(types.key(a.name), a.kind)
    end
  end
  if #options == 0 then return nil end
  local before <const> = #by_place > 0 and parameter_text(by_place) .. ", " or ""
  return before .. "options: {" .. table.concat(options, ", ") .. "}"
end

-- What has no comment is a class's own affair, but for a few names.
local PUBLIC <const> = { forward = true, step = true, parameters = true, buffers = true,
  modules = true, named_parameters = true, named_buffers = true, named_modules = true }

local function put_method(owner, name, f)
  local block <const> = doc.of(f, name)
  if not (block.told or PUBLIC[name]) then return end
  local names <const> = doc.parameters(f)
  local is_method <const> = names:find "^self%f[^%w_]" ~= nil
  page.comment(block.told and block.lines or {})
  put("---@return %s", types.of_result(name))
  put("function %s%s%s(%s) end\n", owner, is_method and ":" or ".", name,
    (names:gsub("^self,?%s*", "")))
end

local function add_methods(names, class)
  for name, f in next, class do
    if type(f) == "function" and type(name) == "string" and name:find "^%a[%w_]*$"
      and name ~= "new" and types.safe(name) == name then
      names[name] = true
    end
  end
end

-- The nearest class above that has a name of its own; the others give their methods to `names`.
local function parent_of(class, names)
  local super <const> = rawget(class, "super")
  if not super then return "tocha.Object" end
  if classes.type_of[super] then return classes.type_of[super] end
  if rawget(super, "super") then add_methods(names, super) end
  return parent_of(super, names)
end

local function methods_of(class)
  local names <const>, list <const> = {}, {}
  add_methods(names, class)
  local parent <const> = parent_of(class, names)
  for name in pairs(names) do list[#list + 1] = name end
  table.sort(list)
  return list, parent
end

-- Modules are called, and hold whatever the user puts into them.
local MODULE <const> = { "---@overload fun(...: any): any", "---@field [string] any",
  "---@field [integer] any" }

local function put_objects(class, kind, args)
  local methods <const>, parent <const> = methods_of(class)
  put("---@class %s: %s", kind, parent)
  for _, a in ipairs(args) do
    if a.name ~= "..." then put("---@field %s %s", a.name, a.kind) end
  end
  for _, line in ipairs(class.is_module and MODULE or {}) do put(line) end
  put "local object = {}\n"
  for _, name in ipairs(methods) do put_method("object", name, class[name]) end
end

local function put_constructor(args, kind)
  put("---@overload fun(%s): %s", parameter_text(args), kind)
  local options <const> = options_text(args)
  if options then put("---@overload fun(%s): %s", options, kind) end
end

--- classes.put(class, place): the class that is found at `place`, "nn.Linear".
function classes.put(class, place)
  local kind <const>, args <const> = classes.type_of[class], arguments_of(class)
  put "do"
  put_objects(class, kind, args)
  put "end\n"
  page.comment(doc.of(class, place).lines)
  put("---@class %s.class: tocha.Class", kind)
  put_constructor(args, kind)
  if type(class.short) == "number" then
    put_constructor(table.move(args, 2, #args, 1, {}), kind)  -- the first comes from the input
  end
  put("%s = {}\n", place)
end

return classes
