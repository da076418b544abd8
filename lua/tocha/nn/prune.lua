-- nn.utils.prune: parts of parameters set to zero and kept there. A pruned weight is weight_orig,
-- the parameter, times weight_mask, a buffer of zeros and ones; a hook multiplies before each call.
-- Pruning again prunes what is left.
--
--     prune.l1_unstructured(layer, "weight", 0.3)     -- three tenths; an integer is a number
--     prune.remove(layer, "weight")                   -- a plain parameter again, zeros and all

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local Object = require "tocha.class"
local hooks = require "tocha.nn.hooks"
local tensors = require "tocha.nn.tensors"

local ops <const> = registry.ops
local prune <const> = {}

-- ---- how much -----------------------------------------------------------------------------------

local function check_amount(who, amount)
  local good = math.type(amount) == "integer" and amount >= 0
    or math.type(amount) == "float" and amount >= 0 and amount <= 1
  if good then return end
  core.fail(who, "amount", "expected a share between 0.0 and 1.0 or a number of at least 0, got %s",
    tostring(amount))
end

-- Halves to the even side, as Python rounds.
local function rounded(x)
  local low <const> = x // 1 | 0
  local rest <const> = x - low
  if rest == 0.5 then return low + low % 2 end
  return rest > 0.5 and low + 1 or low
end

-- How many of `size` things a share or a number means.
local function how_many(who, amount, size)
  local n <const> = math.type(amount) == "integer" and amount or rounded(amount * size)
  if n > size then
    core.fail(who, "amount", "%d to prune, but there are only %d", n, size)
  end
  return n
end

-- ---- methods: which ones ------------------------------------------------------------------------

--- prune.BasePruningMethod: what methods extend. compute_mask(t, mask) gives the new mask for the
--- importances t, both of one shape; PRUNING_TYPE is "unstructured" (t is what is left, in a row),
--- "structured" (t is what is left along self.dim) or "global" (t is everything).
local Method <const> = Object:extend "BasePruningMethod"
Method.PRUNING_TYPE = "unstructured"
prune.BasePruningMethod = Method

local function define(name, kind)
  local class <const> = Method:extend(name)
  class.PRUNING_TYPE = kind
  prune[name] = class
  return class
end

-- Zeros in the mask at these places of its flat form.
local function without(mask, places)
  local flat <const> = mask:clone():reshape { -1 }
  return flat:index_fill_(1, places, 0):reshape(mask.shape)
end

local Identity <const> = define("Identity", "unstructured")
function Identity.compute_mask(_, _, mask) return mask end

local RandomUnstructured <const> = define("RandomUnstructured", "unstructured")
local L1Unstructured <const> = define("L1Unstructured", "unstructured")

for _, class in ipairs { RandomUnstructured, L1Unstructured } do
  function class:new(amount)
    check_amount(class.__name, amount)
    self.amount = amount
  end
end

function RandomUnstructured:compute_mask(t, mask)
  local n <const> = how_many("random_unstructured", self.amount, t:numel())
  if n == 0 then return mask end
  return without(mask, ops.randperm(t:numel()):narrow(1, 1, n))
end

function L1Unstructured:compute_mask(t, mask)
  local n <const> = how_many("l1_unstructured", self.amount, t:numel())
  if n == 0 then return mask end
  local _, places = ops.topk(ops.abs(t):reshape { -1 }, n, 1, false)
  return without(mask, places)
end

local RandomStructured <const> = define("RandomStructured", "structured")
local LnStructured <const> = define("LnStructured", "structured")

function RandomStructured:new(amount, dim)
  check_amount("RandomStructured", amount)
  self.amount, self.dim = amount, dim or -1
end

function LnStructured:new(amount, n, dim)
  check_amount("LnStructured", amount)
  self.amount, self.n, self.dim = amount, n, dim or -1
end

-- The dimension of channels as 1 .. ndim.
local function channel_dim(who, t, dim)
  local d <const> = dim < 0 and dim + t.ndim + 1 or dim
  if t.ndim < 2 or d < 1 or d > t.ndim then
    core.fail(who, "dim", "%d does not part a %s tensor into channels", dim, rule.text(t.shape))
  end
  return d
end

function RandomStructured:compute_mask(t, mask)
  local dim <const> = channel_dim("random_structured", t, self.dim)
  local n <const> = how_many("random_structured", self.amount, t:size(dim))
  if n == 0 then return mask end
  return mask:clone():index_fill_(dim, ops.randperm(t:size(dim)):narrow(1, 1, n), 0)
end

function LnStructured:compute_mask(t, mask)
  local dim <const> = channel_dim("ln_structured", t, self.dim)
  local n <const> = how_many("ln_structured", self.amount, t:size(dim))
  if n == 0 then return mask end
  local _, places = ops.topk(ops.norm(t, self.n, rule.other_dims(t.ndim, dim)), n, 1, false)
  return mask:clone():index_fill_(dim, places, 0)
end

local CustomFromMask <const> = define("CustomFromMask", "global")
function CustomFromMask:new(mask) self.mask = mask end
function CustomFromMask:compute_mask(_, mask) return mask * self.mask:to(mask.dtype) end

-- ---- what is left of a tensor that was pruned before --------------------------------------------

local COMBINE <const> = {
  unstructured = function(method, t, mask)
    local places <const> = ops.nonzero(mask:reshape { -1 }):reshape { -1 }
    local left <const> = ops.index_select(t:reshape { -1 }, 1, places)
    local found <const> = method:compute_mask(left, ops.ones_like(left))
    return ops.index_copy(mask:reshape { -1 }, 1, places, found:to(mask.dtype)):reshape(mask.shape)
  end,
  structured = function(method, t, mask)
    local dim <const> = channel_dim(getmetatable(method).__name, t, method.dim)
    local places <const> = ops.nonzero(mask:sum(rule.other_dims(mask.ndim, dim))):reshape { -1 }
    local found <const> = method:compute_mask(ops.index_select(t, dim, places),
      ops.index_select(mask, dim, places))
    return ops.index_copy(mask, dim, places, found:to(mask.dtype))
  end,
  global = function(method, t, mask) return method:compute_mask(t, mask) end,
}

local function new_mask(method, t, mask)
  local combine <const> = COMBINE[method.PRUNING_TYPE]
  if not combine then
    core.fail(getmetatable(method).__name, nil, "PRUNING_TYPE is 'unstructured', 'structured' or "
      .. "'global', not '%s'", tostring(method.PRUNING_TYPE))
  end
  local _ <close> = autograd.no_grad()
  return combine(method, t:detach(), mask:detach())
end

-- ---- modules ------------------------------------------------------------------------------------

local function masked(self, name) return self[name .. "_orig"] * self[name .. "_mask"] end

local function multiply(self)
  for name in pairs(self._pruned) do rawset(self, name, masked(self, name)) end
end

local function is_pruned_here(module, name)
  local pruned <const> = rawget(module, "_pruned")
  return pruned ~= nil and pruned[name] ~= nil
end

local function parameter(module, name)
  local x <const> = rawget(module, name)
  if core.is_tensor(x) and tensors.is_parameter(x) then return x end
  core.fail("prune", 2, "the module has no parameter '%s'", tostring(name))
end

-- weight becomes weight_orig and weight_mask.
local function start(module, name, weight, mask)
  module:forget(name)
  module:register_parameter(name .. "_orig", weight)
  module:register_buffer(name .. "_mask", mask)
  if not rawget(module, "_pruned") then
    rawset(module, "_pruned", {})
    module:register_forward_pre_hook(multiply)
  end
  module._pruned[name] = true
end

local function check_scores(scores, x)
  if scores == nil then return x end
  if core.is_tensor(scores) and scores:is_same_size(x) then return scores end
  core.fail("prune", "importance_scores", "expected a %s tensor", rule.text(x.shape))
end

-- Prunes by a method object; importance is the parameter itself unless given.
local function apply(module, name, method, scores)
  if is_pruned_here(module, name) then
    local mask <const> = module[name .. "_mask"]
    mask:copy_(new_mask(method, check_scores(scores, masked(module, name)), mask))
  else
    local weight <const> = parameter(module, name)
    local ones <const> = ops.ones_like(weight:detach())
    start(module, name, weight, new_mask(method, check_scores(scores, weight), ones):clone())
  end
  rawset(module, name, masked(module, name))
  return module
end

--- Class:apply(module, name, ...): prunes by a new object of the class, made from `...`.
function Method:apply(module, name, ...)
  return apply(module, name, self(...))
end

--- prune.identity(module, name): prunes nothing, but leaves weight_orig and weight_mask.
function prune.identity(module, name) return apply(module, name, Identity()) end

--- prune.random_unstructured(module, name, amount): any elements.
function prune.random_unstructured(module, name, amount)
  return apply(module, name, RandomUnstructured(amount))
end

--- prune.l1_unstructured(module, name, amount, importance_scores): those of least absolute value.
function prune.l1_unstructured(module, name, amount, importance_scores)
  return apply(module, name, L1Unstructured(amount), importance_scores)
end

--- prune.random_structured(module, name, amount, dim): whole channels along `dim`.
function prune.random_structured(module, name, amount, dim)
  return apply(module, name, RandomStructured(amount, dim))
end

--- prune.ln_structured(module, name, amount, n, dim, importance_scores): the channels along `dim`
--- with the least n-norm.
function prune.ln_structured(module, name, amount, n, dim, importance_scores)
  return apply(module, name, LnStructured(amount, n, dim), importance_scores)
end

--- prune.custom_from_mask(module, name, mask): what is zero in the mask.
function prune.custom_from_mask(module, name, mask)
  return apply(module, name, CustomFromMask(mask))
end

-- ---- many parameters at once --------------------------------------------------------------------

local function in_a_row(list)
  local flat <const> = {}
  for k, x in ipairs(list) do flat[k] = x:detach():reshape { -1 } end
  return ops.cat(flat)
end

-- The importances and masks of all parameters.
local function gather(parameters, scores)
  local importances <const>, masks <const> = {}, {}
  for k, pair in ipairs(parameters) do
    local module <const>, name <const> = pair[1], pair[2]
    local x <const> = rawget(module, name)
    if not core.is_tensor(x) then
      core.fail("global_unstructured", 1, "pair %d: the module has no parameter '%s'", k,
        tostring(name))
    end
    importances[k] = scores and scores[k] or x
    masks[k] = rawget(module, name .. "_mask") or ops.ones_like(x:detach())
  end
  return in_a_row(importances), in_a_row(masks)
end

--- prune.global_unstructured(parameters, pruning_method, {amount =, importance_scores =}): the
--- least important elements of all parameters together; `parameters` is a list of {module, name},
--- `pruning_method` a class such as prune.L1Unstructured, `importance_scores` a list of tensors.
function prune.global_unstructured(parameters, pruning_method, options)
  if #parameters == 0 then core.fail("global_unstructured", 1, "expected pairs {module, name}") end
  local method <const> = pruning_method(options.amount)
  if method.PRUNING_TYPE ~= "unstructured" then
    core.fail("global_unstructured", 2, "expected an unstructured method, not a %s one",
      method.PRUNING_TYPE)
  end
  local t <const>, masks <const> = gather(parameters, options.importance_scores)
  local mask <const>, first = new_mask(method, t, masks), 1
  for _, pair in ipairs(parameters) do
    local x <const> = rawget(pair[1], pair[2])
    prune.custom_from_mask(pair[1], pair[2], mask:narrow(1, first, x:numel()):reshape(x.shape))
    first = first + x:numel()
  end
end

-- ---- and back -----------------------------------------------------------------------------------

--- prune.remove(module, name): makes the pruning final: a plain parameter, with its zeros. Returns
--- the module.
function prune.remove(module, name)
  if not is_pruned_here(module, name) then
    core.fail("prune.remove", 2, "the module has no pruned parameter '%s'", tostring(name))
  end
  local original <const> = module[name .. "_orig"]
  do
    local _ <close> = autograd.no_grad()
    core.set_data(original, masked(module, name):detach())
  end
  module:forget(name .. "_orig")
  module:forget(name .. "_mask")
  module:forget(name)
  module:register_parameter(name, original)
  module._pruned[name] = nil
  if next(module._pruned) == nil then
    rawset(module, "_pruned", nil)
    hooks.drop(module, "pre", multiply)
  end
  return module
end

--- prune.is_pruned(module): is anything in it pruned?
function prune.is_pruned(module)
  for _, m in ipairs(module:modules()) do
    if rawget(m, "_pruned") then return true end
  end
  return false
end

return prune
