-- Modules that hold modules or parameters: Sequential, ModuleList, ModuleDict, ParameterList,
-- ParameterDict; and Lambda, a function as a layer.
--
-- net[1] is the first child of a Sequential or ModuleList. In state dicts it is "0", as PyTorch has
-- it, unless it was given a name.

local core = require "tocha.core"
local rule = require "tocha.rule"
local Module = require "tocha.nn.module"
local tensors = require "tocha.nn.tensors"
local list = require "tocha.nn.list"
local chain <const> = require "tocha.nn.call".chain
local dict = require "tocha.nn.dict"

-- ---- of modules ---------------------------------------------------------------------------------

local Sequential <const> = list.equip(Module:extend "Sequential", list.as_module)
local ModuleList <const> = list.equip(Module:extend "ModuleList", list.as_module)
Sequential.new, ModuleList.new = list.fill, list.fill

--- net:add(layer, name): Torch's way to build one; returns net. `name` takes the place of the
--- number.
Sequential.add = Sequential.append

--- nn.Sequential(layer, ...), nn.Sequential{layer, ...}, nn.Sequential{{"name", layer}, ...}: one
--- after the other; functions are layers too.
function Sequential:forward(x, ...)
  if select("#", ...) == 0 then return chain(self, 1, x) end
  if #self == 0 then return x, ... end
  return chain(self, 2, (self[1](x, ...)))
end

--- nn.ModuleDict{{"name", module}, ...} or nn.ModuleDict{name = module, ...} (then sorted by name).
local ModuleDict <const> = dict.equip(Module:extend "ModuleDict", list.as_module)

-- ---- of parameters ------------------------------------------------------------------------------

-- A tensor becomes a parameter; anything else is only kept.
local function as_parameter(_, value)
  if core.is_tensor(value) and not tensors.is_parameter(value) then
    return tensors.Parameter(value)
  end
  return value
end

local function describe(iterator)
  local parts <const> = {}
  for name, value in iterator do
    local text <const> = core.is_tensor(value) and rule.text(value.shape) or type(value)
    parts[#parts + 1] = type(name) == "string" and name .. " = " .. text or text
  end
  return table.concat(parts, ", ")
end

--- nn.ParameterList{tensor, ...}: parameters in a list; tensors that are none yet become one.
local ParameterList <const> = list.equip(Module:extend "ParameterList", as_parameter)
ParameterList.new = list.fill

function ParameterList:extra_repr()
  local k = 0
  return describe(function()
    k = k + 1
    if self[k] ~= nil then return k, self[k] end
  end)
end

--- nn.ParameterDict{{"name", tensor}, ...} or nn.ParameterDict{name = tensor, ...}
local ParameterDict <const> = dict.equip(Module:extend "ParameterDict", as_parameter)

function ParameterDict:extra_repr() return describe(self:items()) end

--- nn.ParameterDict.fromkeys(names, default): the same value by every name.
function ParameterDict.fromkeys(names, default)
  local result <const> = ParameterDict()
  for _, name in ipairs(names) do result:set(name, default) end
  return result
end

return {
  Sequential = Sequential, ModuleList = ModuleList, ModuleDict = ModuleDict,
  ParameterList = ParameterList, ParameterDict = ParameterDict, Lambda = list.Lambda,
}
