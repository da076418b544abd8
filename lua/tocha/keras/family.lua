-- Families of small configurable things with names: initialisers, regularisers, constraints.
--
--     local initializers <const> = family "initializer"
--     initializers:define("Constant", "value = 0", function(self, shape) ... end)
--     initializers.Constant(3)                     -- a member, which is called; also `constant`
--     initializers.get "constant"                  -- by name, in any spelling of train.names
--
-- `get` takes a name, {"name", option = ...}, { class_name =, config = }, a member, or any
-- function, which then is called instead.

local core = require "tocha.core"
local signature = require "tocha.signature"
local names = require "tocha.train.names"

-- "GlorotUniform" -> "glorot_uniform", as Keras writes it.
local function snake(name)
  local text <const> = name:gsub("(.)(%u[%l%d]+)", "%1_%2"):gsub("(%l)(%u)", "%1_%2")
  return text:lower()
end

local Member <const> = { __name = "keras object" }
Member.__index = Member

function Member:__call(...) return self.compute(self.config, ...) end

function Member:__tostring()
  return ("%s(%s)"):format(self.class_name, signature.show(self.args, self.config, self.config))
end

--- member:get_config(): its options, as a table.
function Member:get_config()
  local config <const> = {}
  for name, value in pairs(self.config) do config[name] = value end
  return config
end

local function make(class_name, args, compute)
  return function(...)
    local config <const> = {}
    signature.read(args, class_name, config, ...)
    return setmetatable({ class_name = class_name, args = args, config = config,
      compute = compute }, Member)
  end
end

local Family <const> = {}
Family.__index = Family

--- family:define(name, args, compute, other names): compute(config, ...) is what a member does.
function Family:define(name, args, compute, others)
  local maker <const>, short <const> = make(name, args, compute), snake(name)
  self[name], self[short] = maker, maker
  local words = short
  for other in (others or ""):gmatch "%S+" do
    self[other] = maker
    words = words .. " " .. other
  end
  self.names:add(words, maker)
end

local function find(family, who, spec)
  if type(spec) == "table" and spec.class_name and not getmetatable(spec) then
    return family.names:find(who, spec.class_name)(spec.config)
  end
  local name <const>, options <const> = names.spec(spec)
  if name then return family.names:find(who, name)(options) end
  local meta <const> = getmetatable(spec)
  if type(spec) == "function" or meta and meta.__call then return spec end
  core.fail(who, nil, "expected the name of a %s, an object or a function, got %s", family.kind,
    type(spec))
end

--- The config of a member, or an error for a function, which no file can hold.
local function serialize(family, who, member)
  if member == nil then return nil end
  if getmetatable(member) == Member then
    return { class_name = member.class_name, config = member:get_config() }
  end
  core.fail(who, nil, "a function as %s cannot be saved", family.kind)
end

local function family(kind)
  local self <const> = setmetatable({ kind = kind, names = names.table(kind) }, Family)
  self.get = function(spec, who) return spec ~= nil and find(self, who or kind, spec) or nil end
  self.serialize = function(member, who) return serialize(self, who or kind, member) end
  return self
end

return { new = family, snake = snake, get_config = Member.get_config }
