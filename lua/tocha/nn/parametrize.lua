-- nn.utils.parametrize: a parameter that is a function of others. After
--
--     parametrize.register_parametrization(layer, "weight", Symmetric())
--
-- layer.weight is Symmetric's forward of layer.parametrizations.weight.original, computed whenever
-- it is asked for; the names in state dicts are PyTorch's. What is assigned to layer.weight goes
-- through right_inverse, where there is one. Several parametrizations follow each other.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local rule = require "tocha.rule"
local scopes = require "tocha.autograd.scope"
local Module = require "tocha.nn.module"
local container = require "tocha.nn.container"
local list = require "tocha.nn.list"
local tensors = require "tocha.nn.tensors"

local parametrize <const> = {}
local is_tensor <const> = core.is_tensor

-- ---- what is computed, kept while a cached() scope is open --------------------------------------

local kept <const> = { depth = 0, values = {} }

--- parametrize.cached(): until the scope closes each parametrized tensor is computed once: `local
--- _ <close> = parametrize.cached()`, or parametrize.cached(f, ...).
function parametrize.cached(f, ...)
  local opened <const> = scopes.open(function() kept.depth = kept.depth + 1 end, function()
    kept.depth = kept.depth - 1
    if kept.depth == 0 then kept.values = {} end
  end)
  if f == nil then return opened end
  local _ <close> = opened
  return f(...)
end

local function value_of(chain)
  if kept.depth == 0 then return chain() end
  kept.values[chain] = kept.values[chain] or chain()
  return kept.values[chain]
end

-- ---- the chain of parametrizations of one tensor ------------------------------------------------

local Chain <const> = list.equip(Module:extend "ParametrizationList", list.as_module)
parametrize.ParametrizationList = Chain

-- Back through all right inverses: the list of what the originals are to be.
local function inverse(self, x, must)
  local found = { x }
  for k = #self, 1, -1 do
    local f <const> = self[k].right_inverse
    if f then
      found = { f(self[k], x) }
    elseif must then
      core.fail("right_inverse", nil, "%s has none: its value cannot be assigned",
        getmetatable(self[k]).__name)
    end
    if k > 1 and #found > 1 then
      core.fail("register_parametrization", 3, "only the first parametrization may have several "
        .. "originals")
    end
    x = found[1]
  end
  return found
end

local function fit(who, name, y, x)
  if is_tensor(y) and y:is_same_size(x) and y.dtype == x.dtype then return end
  core.fail(who, name, "expected a %s tensor of %s, the parametrization gives %s", x.dtype,
    rule.text(x.shape), is_tensor(y) and y.dtype .. " " .. rule.text(y.shape) or type(y))
end

-- original: the parameter that was there; it stays the parameter that optimisers hold, unless
-- there are several.
function Chain:new(first, original, persistent)
  self:append(first)
  local _ <close> = autograd.no_grad()
  local found <const> = inverse(self, original)
  for k, x in ipairs(found) do
    local p = original
    if #found > 1 then
      p = tensors.is_parameter(original) and tensors.Parameter(x:clone(), original.requires_grad)
        or x:clone()
    elseif not rawequal(x, original) then
      core.set_data(original, x:detach())
    end
    local name <const> = #found > 1 and "original" .. k - 1 or "original"
    if tensors.is_parameter(original) then self:register_parameter(name, p)
    else self:register_buffer(name, p, persistent) end
  end
  rawset(self, "_count", #found > 1 and #found or nil)
end

function Chain:originals()
  if not self._count then return { self.original } end
  local found <const> = {}
  for k = 1, self._count do found[k] = self["original" .. k - 1] end
  return found
end

function Chain:forward()
  local x = self[1](table.unpack(self:originals()))
  for k = 2, #self do x = self[k](x) end
  return x
end

--- chain:right_inverse(x): sets the originals so that they give x.
function Chain:right_inverse(x)
  local _ <close> = autograd.no_grad()
  local originals <const> = self:originals()
  for k, y in ipairs(inverse(self, x, true)) do core.set_data(originals[k], y:detach():clone()) end
end

-- ---- classes of modules with parametrized tensors -----------------------------------------------

local function chains_of(self)
  local dict <const> = rawget(self, "parametrizations")
  return dict and rawget(dict, "_things")
end

local classes <const> = setmetatable({}, { __mode = "k" })

local function look(base, self, key)
  if type(base) == "function" then return base(self, key) end
  return base[key]
end

-- The class that computes what is parametrized and is `class` in everything else.
local function parametrized(class)
  if classes[class] then return classes[class] end
  local derived <const> = setmetatable({ super = class }, { __index = class })
  for key, value in next, class do
    if type(key) == "string" and key:find "^__" then derived[key] = value end
  end
  derived.__name, derived.plain = "Parametrized" .. class.__name, class
  function derived.__index(self, key)
    local chains <const> = chains_of(self)
    if chains and chains[key] then return value_of(chains[key]) end
    return look(class.__index, self, key)
  end
  function derived.__newindex(self, key, value)
    local chains <const> = chains_of(self)
    if chains and chains[key] and is_tensor(value) then return chains[key]:right_inverse(value) end
    class.__newindex(self, key, value)
  end
  classes[class] = derived
  return derived
end

-- ---- what users call ----------------------------------------------------------------------------

--- parametrize.is_parametrized(module, name): is that tensor (or any) of the module parametrized?
function parametrize.is_parametrized(module, name)
  local chains <const> = chains_of(module)
  if not chains then return false end
  if name == nil then return next(chains) ~= nil end
  return chains[name] ~= nil
end

local function check_size(module, name)
  local field <const> = tensors.unsized(module)
  if field then
    core.fail("register_parametrization", 1, "%s of the module is not known before the first call",
      field)
  end
  local x <const> = rawget(module, name)
  if not is_tensor(x) then
    core.fail("register_parametrization", 2, "the module has no parameter or buffer '%s'",
      tostring(name))
  end
  return x
end

local function first(module, name, parametrization, unsafe)
  local x <const> = check_size(module, name)
  local was <const> = { shape = x.shape, dtype = x.dtype, like = core.empty(x) }
  local kind <const> = (rawget(module, "_kinds") or {})[name]
  local chain <const> = Chain(parametrization, x, kind ~= "temporary")
  if not unsafe then
    local _ <close> = autograd.no_grad()
    fit("register_parametrization", name, chain(), was.like)
  end
  module:forget(name)
  if not rawget(module, "parametrizations") then
    module.parametrizations = container.ModuleDict()
    setmetatable(module, parametrized(getmetatable(module)))
  end
  module.parametrizations:set(name, chain)
end

local function another(module, name, parametrization, unsafe)
  local chain <const> = module.parametrizations[name]
  if not unsafe then
    local _ <close> = autograd.no_grad()
    local x <const> = value_of(chain)
    fit("register_parametrization", name, parametrization(x), x)
  end
  chain:append(parametrization)
end

--- parametrize.register_parametrization(module, name, parametrization, {unsafe = false}): makes
--- module[name] parametrization(original). A module with right_inverse(x) says which original gives
--- x; without one x itself is the original. right_inverse may return several originals, which are
--- original0, original1, ... and all go into the parametrization. Shape and dtype must stay, unless
--- `unsafe`. Returns the module.
function parametrize.register_parametrization(module, name, parametrization, options)
  if not Module.is_instance(parametrization) then
    core.fail("register_parametrization", 3, "expected a module, got %s", type(parametrization))
  end
  parametrization:train(module.is_training)
  local unsafe <const> = options and options.unsafe or false
  local add <const> = parametrize.is_parametrized(module, name) and another or first
  add(module, name, parametrization, unsafe)
  return module
end

-- The tensor that takes the place of a chain.
local function plain_tensor(chain, value, leave)
  if chain._count then
    if not leave then
      core.fail("remove_parametrizations", 3, "with several originals only leave_parametrized = "
        .. "true is possible")
    end
    return tensors.Parameter(value, chain.original0.requires_grad)
  end
  if leave then core.set_data(chain.original, value) end
  return chain.original
end

--- parametrize.remove_parametrizations(module, name, leave_parametrized = true): a plain tensor
--- again, with the value that the parametrization gives, or that of the original. Returns the
--- module.
function parametrize.remove_parametrizations(module, name, leave)
  if not parametrize.is_parametrized(module, name) or name == nil then
    core.fail("remove_parametrizations", 2, "the module has no parametrization of '%s'",
      tostring(name))
  end
  local chain <const> = module.parametrizations[name]
  local x
  do
    local _ <close> = autograd.no_grad()
    x = plain_tensor(chain, chain():detach():clone(), leave ~= false)
  end
  module.parametrizations:pop(name)
  if not parametrize.is_parametrized(module) then
    module:forget "parametrizations"
    setmetatable(module, getmetatable(module).plain)
  end
  if tensors.is_parameter(x) then module:register_parameter(name, x)
  else module:register_buffer(name, x) end
  return module
end

--- parametrize.type_before_parametrizations(module): the class that it had.
function parametrize.type_before_parametrizations(module)
  return getmetatable(module).plain or getmetatable(module)
end

return parametrize
