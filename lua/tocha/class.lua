-- Classes: single inheritance, `Class(...)` constructs, metamethods are inherited.
--
--     local Account = Object:extend "Account"
--     function Account:new(balance) self.balance = balance end
--     local a = Account(100)
--     local Savings = Account:extend "Savings"
--     function Savings:new(balance) Savings.super.new(self, balance) end
--
-- A class is the metatable of its objects. What `new` returns, if anything, is the object instead.

local Object <const> = { __name = "Object" }
Object.__index = Object

function Object:new() end  -- luacheck: ignore

local function construct(class, ...)
  local object <const> = setmetatable({}, class)
  return class.new(object, ...) or object
end

local function class_name(class) return rawget(class, "__name") end

-- Lua looks metamethods up in the metatable alone: each class gets its parent's.
local function inherit_metamethods(class, parent)
  for key, value in pairs(parent) do
    if type(key) == "string" and key:find "^__" then class[key] = value end
  end
end

--- Object:extend(name): a new class.
function Object:extend(name)
  local class <const> = { super = self }
  inherit_metamethods(class, self)
  class.__index, class.__name = class, name
  return setmetatable(class, { __index = self, __call = construct, __tostring = class_name })
end

--- object:is(Class): is it of this class, or of one that extends it?
function Object:is(class)
  local mine = getmetatable(self)
  while mine do
    if mine == class then return true end
    mine = mine.super
  end
  return false
end

function Object:__tostring() return getmetatable(self).__name end

return Object
