---@meta tocha.nn.utils.parametrize
-- Written by `make annotations`; do not edit.

---nn.utils.parametrize: a parameter that is a function of others. After
---
---    parametrize.register_parametrization(layer, "weight", Symmetric())
---
---layer.weight is Symmetric's forward of layer.parametrizations.weight.original, computed whenever
---it is asked for; the names in state dicts are PyTorch's. What is assigned to layer.weight goes
---through right_inverse, where there is one. Several parametrizations follow each other.
---@class tocha.nn.utils.parametrize
local parametrize = {}

do
---@class tocha.nn.utils.parametrize.ParametrizationList: tocha.nn.Module
---@field first any
---@field original any
---@field persistent any
---@overload fun(...: any): any
---@field [string] any
---@field [integer] any
local object = {}

---accept(self, value)
---list.as_module(self, value): a module, or a function as a layer.
---@return any ...
function object:accept(value) end

---list:append(thing, name): puts it at the end; returns the list.
---@return any ...
function object:append(value, name) end

---list:clear(): empties it.
---@return any ...
function object:clear() end

---Module:extend(name, args): a new class; `args` is the signature of its constructor
---(signature.lua).
---@return any ...
function object:extend(...) end

---module:forward(x): as module(x), and keeps `output` for module:backward(x, gradOutput).
---@return any ...
function object:forward() end

---list:insert(place, thing, name): puts it there, before what was there.
---@return any ...
function object:insert(place, value, name) end

---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:pop(place) end

---remove(self, place)
---list:pop(place = -1), also remove: takes a thing out and returns it.
---@return any ...
function object:remove(place) end

---chain:right_inverse(x): sets the originals so that they give x.
---@return any ...
function object:right_inverse(x) end

---list:slice(first = 1, last = -1): a new list of the same kind with these; they are shared.
---@return any ...
function object:slice(first, last) end

---list:values(): for place, thing in ... do; ipairs(list) does the same.
---@return any ...
function object:values() end

end

---parametrize.ParametrizationList(...)
---nn.utils.parametrize: a parameter that is a function of others. After
---
---    parametrize.register_parametrization(layer, "weight", Symmetric())
---
---layer.weight is Symmetric's forward of layer.parametrizations.weight.original, computed whenever
---it is asked for; the names in state dicts are PyTorch's. What is assigned to layer.weight goes
---through right_inverse, where there is one. Several parametrizations follow each other.
---@class tocha.nn.utils.parametrize.ParametrizationList.class: tocha.Class
---@overload fun(first?: any, original?: any, persistent?: any): tocha.nn.utils.parametrize.ParametrizationList
---@overload fun(options: {first?: any, original?: any, persistent?: any}): tocha.nn.utils.parametrize.ParametrizationList
parametrize.ParametrizationList = {}

---parametrize.cached(): until the scope closes each parametrized tensor is computed once: `local
---_ <close> = parametrize.cached()`, or parametrize.cached(f, ...).
---@return any ...
function parametrize.cached(f, ...) end

---parametrize.is_parametrized(module, name): is that tensor (or any) of the module parametrized?
---@return boolean
function parametrize.is_parametrized(module, name) end

---parametrize.register_parametrization(module, name, parametrization, {unsafe = false}): makes
---module[name] parametrization(original). A module with right_inverse(x) says which original gives
---x; without one x itself is the original. right_inverse may return several originals, which are
---original0, original1, ... and all go into the parametrization. Shape and dtype must stay, unless
---`unsafe`. Returns the module.
---@return any ...
function parametrize.register_parametrization(module, name, parametrization, options) end

---parametrize.remove_parametrizations(module, name, leave_parametrized = true): a plain tensor
---again, with the value that the parametrization gives, or that of the original. Returns the
---module.
---@return any ...
function parametrize.remove_parametrizations(module, name, leave) end

---parametrize.type_before_parametrizations(module): the class that it had.
---@return any ...
function parametrize.type_before_parametrizations(module) end

return parametrize
