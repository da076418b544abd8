---@meta tocha.nn.utils.prune
-- Written by `make annotations`; do not edit.

---nn.utils.prune: parts of parameters set to zero and kept there. A pruned weight is weight_orig,
---the parameter, times weight_mask, a buffer of zeros and ones; a hook multiplies before each call.
---Pruning again prunes what is left.
---
---    prune.l1_unstructured(layer, "weight", 0.3)     -- three tenths; an integer is a number
---    prune.remove(layer, "weight")                   -- a plain parameter again, zeros and all
---@class tocha.nn.utils.prune
local prune = {}

do
---@class tocha.nn.utils.prune.BasePruningMethod: tocha.Object
local object = {}

---Class:apply(module, name, ...): prunes by a new object of the class, made from `...`.
---@return any ...
function object:apply(module, name, ...) end

end

---prune.BasePruningMethod(...)
---nn.utils.prune: parts of parameters set to zero and kept there. A pruned weight is weight_orig,
---the parameter, times weight_mask, a buffer of zeros and ones; a hook multiplies before each call.
---Pruning again prunes what is left.
---
---    prune.l1_unstructured(layer, "weight", 0.3)     -- three tenths; an integer is a number
---    prune.remove(layer, "weight")                   -- a plain parameter again, zeros and all
---@class tocha.nn.utils.prune.BasePruningMethod.class: tocha.Class
---@overload fun(): tocha.nn.utils.prune.BasePruningMethod
prune.BasePruningMethod = {}

do
---@class tocha.nn.utils.prune.CustomFromMask: tocha.nn.utils.prune.BasePruningMethod
---@field mask any
local object = {}

---compute_mask(self, _, mask)
---prune.BasePruningMethod: what methods extend. compute_mask(t, mask) gives the new mask for the
---importances t, both of one shape; PRUNING_TYPE is "unstructured" (t is what is left, in a row),
---"structured" (t is what is left along self.dim) or "global" (t is everything).
---@return any ...
function object:compute_mask(_, mask) end

end

---prune.CustomFromMask(...)
---nn.utils.prune: parts of parameters set to zero and kept there. A pruned weight is weight_orig,
---the parameter, times weight_mask, a buffer of zeros and ones; a hook multiplies before each call.
---Pruning again prunes what is left.
---
---    prune.l1_unstructured(layer, "weight", 0.3)     -- three tenths; an integer is a number
---    prune.remove(layer, "weight")                   -- a plain parameter again, zeros and all
---@class tocha.nn.utils.prune.CustomFromMask.class: tocha.Class
---@overload fun(mask?: any): tocha.nn.utils.prune.CustomFromMask
---@overload fun(options: {mask?: any}): tocha.nn.utils.prune.CustomFromMask
prune.CustomFromMask = {}

do
---@class tocha.nn.utils.prune.Identity: tocha.nn.utils.prune.BasePruningMethod
local object = {}

---compute_mask(_, _, mask)
---prune.BasePruningMethod: what methods extend. compute_mask(t, mask) gives the new mask for the
---importances t, both of one shape; PRUNING_TYPE is "unstructured" (t is what is left, in a row),
---"structured" (t is what is left along self.dim) or "global" (t is everything).
---@return any ...
function object.compute_mask(_, _, mask) end

end

---prune.Identity(...)
---nn.utils.prune: parts of parameters set to zero and kept there. A pruned weight is weight_orig,
---the parameter, times weight_mask, a buffer of zeros and ones; a hook multiplies before each call.
---Pruning again prunes what is left.
---
---    prune.l1_unstructured(layer, "weight", 0.3)     -- three tenths; an integer is a number
---    prune.remove(layer, "weight")                   -- a plain parameter again, zeros and all
---@class tocha.nn.utils.prune.Identity.class: tocha.Class
---@overload fun(): tocha.nn.utils.prune.Identity
prune.Identity = {}

do
---@class tocha.nn.utils.prune.L1Unstructured: tocha.nn.utils.prune.BasePruningMethod
---@field amount any
local object = {}

---compute_mask(self, t, mask)
---prune.BasePruningMethod: what methods extend. compute_mask(t, mask) gives the new mask for the
---importances t, both of one shape; PRUNING_TYPE is "unstructured" (t is what is left, in a row),
---"structured" (t is what is left along self.dim) or "global" (t is everything).
---@return any ...
function object:compute_mask(t, mask) end

end

---prune.L1Unstructured(...)
---nn.utils.prune: parts of parameters set to zero and kept there. A pruned weight is weight_orig,
---the parameter, times weight_mask, a buffer of zeros and ones; a hook multiplies before each call.
---Pruning again prunes what is left.
---
---    prune.l1_unstructured(layer, "weight", 0.3)     -- three tenths; an integer is a number
---    prune.remove(layer, "weight")                   -- a plain parameter again, zeros and all
---@class tocha.nn.utils.prune.L1Unstructured.class: tocha.Class
---@overload fun(amount?: any): tocha.nn.utils.prune.L1Unstructured
---@overload fun(options: {amount?: any}): tocha.nn.utils.prune.L1Unstructured
prune.L1Unstructured = {}

do
---@class tocha.nn.utils.prune.LnStructured: tocha.nn.utils.prune.BasePruningMethod
---@field amount any
---@field n integer
---@field dim any
local object = {}

---compute_mask(self, t, mask)
---prune.BasePruningMethod: what methods extend. compute_mask(t, mask) gives the new mask for the
---importances t, both of one shape; PRUNING_TYPE is "unstructured" (t is what is left, in a row),
---"structured" (t is what is left along self.dim) or "global" (t is everything).
---@return any ...
function object:compute_mask(t, mask) end

end

---prune.LnStructured(...)
---nn.utils.prune: parts of parameters set to zero and kept there. A pruned weight is weight_orig,
---the parameter, times weight_mask, a buffer of zeros and ones; a hook multiplies before each call.
---Pruning again prunes what is left.
---
---    prune.l1_unstructured(layer, "weight", 0.3)     -- three tenths; an integer is a number
---    prune.remove(layer, "weight")                   -- a plain parameter again, zeros and all
---@class tocha.nn.utils.prune.LnStructured.class: tocha.Class
---@overload fun(amount?: any, n?: integer, dim?: any): tocha.nn.utils.prune.LnStructured
---@overload fun(options: {amount?: any, n?: integer, dim?: any}): tocha.nn.utils.prune.LnStructured
prune.LnStructured = {}

do
---@class tocha.nn.utils.prune.RandomStructured: tocha.nn.utils.prune.BasePruningMethod
---@field amount any
---@field dim any
local object = {}

---compute_mask(self, t, mask)
---prune.BasePruningMethod: what methods extend. compute_mask(t, mask) gives the new mask for the
---importances t, both of one shape; PRUNING_TYPE is "unstructured" (t is what is left, in a row),
---"structured" (t is what is left along self.dim) or "global" (t is everything).
---@return any ...
function object:compute_mask(t, mask) end

end

---prune.RandomStructured(...)
---nn.utils.prune: parts of parameters set to zero and kept there. A pruned weight is weight_orig,
---the parameter, times weight_mask, a buffer of zeros and ones; a hook multiplies before each call.
---Pruning again prunes what is left.
---
---    prune.l1_unstructured(layer, "weight", 0.3)     -- three tenths; an integer is a number
---    prune.remove(layer, "weight")                   -- a plain parameter again, zeros and all
---@class tocha.nn.utils.prune.RandomStructured.class: tocha.Class
---@overload fun(amount?: any, dim?: any): tocha.nn.utils.prune.RandomStructured
---@overload fun(options: {amount?: any, dim?: any}): tocha.nn.utils.prune.RandomStructured
prune.RandomStructured = {}

do
---@class tocha.nn.utils.prune.RandomUnstructured: tocha.nn.utils.prune.BasePruningMethod
---@field amount any
local object = {}

---compute_mask(self, t, mask)
---prune.BasePruningMethod: what methods extend. compute_mask(t, mask) gives the new mask for the
---importances t, both of one shape; PRUNING_TYPE is "unstructured" (t is what is left, in a row),
---"structured" (t is what is left along self.dim) or "global" (t is everything).
---@return any ...
function object:compute_mask(t, mask) end

end

---prune.RandomUnstructured(...)
---nn.utils.prune: parts of parameters set to zero and kept there. A pruned weight is weight_orig,
---the parameter, times weight_mask, a buffer of zeros and ones; a hook multiplies before each call.
---Pruning again prunes what is left.
---
---    prune.l1_unstructured(layer, "weight", 0.3)     -- three tenths; an integer is a number
---    prune.remove(layer, "weight")                   -- a plain parameter again, zeros and all
---@class tocha.nn.utils.prune.RandomUnstructured.class: tocha.Class
---@overload fun(amount?: any): tocha.nn.utils.prune.RandomUnstructured
---@overload fun(options: {amount?: any}): tocha.nn.utils.prune.RandomUnstructured
prune.RandomUnstructured = {}

---prune.custom_from_mask(module, name, mask): what is zero in the mask.
---@return any ...
function prune.custom_from_mask(module, name, mask) end

---prune.global_unstructured(parameters, pruning_method, {amount =, importance_scores =}): the
---least important elements of all parameters together; `parameters` is a list of {module, name},
---`pruning_method` a class such as prune.L1Unstructured, `importance_scores` a list of tensors.
---@return any ...
function prune.global_unstructured(parameters, pruning_method, options) end

---prune.identity(module, name): prunes nothing, but leaves weight_orig and weight_mask.
---@return any ...
function prune.identity(module, name) end

---prune.is_pruned(module): is anything in it pruned?
---@return boolean
function prune.is_pruned(module) end

---prune.l1_unstructured(module, name, amount, importance_scores): those of least absolute value.
---@return any ...
function prune.l1_unstructured(module, name, amount, importance_scores) end

---prune.ln_structured(module, name, amount, n, dim, importance_scores): the channels along `dim`
---with the least n-norm.
---@return any ...
function prune.ln_structured(module, name, amount, n, dim, importance_scores) end

---prune.random_structured(module, name, amount, dim): whole channels along `dim`.
---@return any ...
function prune.random_structured(module, name, amount, dim) end

---prune.random_unstructured(module, name, amount): any elements.
---@return any ...
function prune.random_unstructured(module, name, amount) end

---prune.remove(module, name): makes the pruning final: a plain parameter, with its zeros. Returns
---the module.
---@return any ...
function prune.remove(module, name) end

return prune
