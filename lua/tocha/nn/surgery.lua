-- Modules exchanged inside a network.

local core = require "tocha.core"
local walk = require "tocha.nn.walk"

local surgery <const> = {}

local function expect_module(name, place, value)
  local class <const> = getmetatable(value)
  if type(class) == "table" and class.is_module then return value end
  core.fail(name, place, "expected a module, got %s", type(value))
end

--- module:set_submodule("layer1.0.conv1", new): puts a module where the name leads.
function surgery.set_submodule(self, path, new)
  expect_module("set_submodule", 2, new)
  local at <const>, key <const> = walk.locate(self, path)
  if not at then core.fail("set_submodule", 1, "nothing holds a module '%s'", tostring(path)) end
  at[key] = new
  return self
end

-- For each old module its replacement, made once; false where it stays.
local function choose(self, test, make)
  local chosen <const> = {}
  for name, module in self:named_modules() do
    local new = false
    if test(name, module) then new = make(module, name) or false end
    if new and not rawequal(new, module) then
      chosen[module] = expect_module("replace", 2, new)
    end
  end
  return chosen
end

-- The dotted names of what is replaced, the outermost first; what is inside it stays.
local function places(self, chosen)
  local list <const> = {}
  local function enter(module, prefix, above)
    if above[module] then return end
    above[module] = true
    for name, child in module:named_children() do
      local path <const> = prefix == "" and name or prefix .. "." .. name
      if chosen[child] then list[#list + 1] = { path, chosen[child] }
      else enter(child, path, above) end
    end
    above[module] = nil
  end
  enter(self, "", {})
  return list
end

--- module:replace(what, new): puts `new` in the place of every module that matches; `what` is a
--- class, a module, a Lua pattern of names, a predicate (name, module) or a list of these, and
--- `new` a module or a function of (old, name) that makes one (nil: the old one stays). One that is
--- used twice is replaced by one. Torch's module:replace(f) calls f for every module. Returns the
--- module (its replacement, where it matched itself) and how many places changed.
---
---     net:replace(nn.ReLU, function() return nn.GELU() end)
function surgery.replace(self, what, new)
  if new == nil then what, new = nil, what end
  local make <const> = type(new) == "function" and new or function() return new end
  local chosen <const> = choose(self, walk.matcher(what), make)
  if chosen[self] then return chosen[self], 1 end
  local list <const> = places(self, chosen)
  for _, place in ipairs(list) do surgery.set_submodule(self, place[1], place[2]) end
  return self, #list
end

return surgery
