-- Names that stand for things: losses, metrics, optimisers, activations.
--
--     local losses <const> = names.table "loss"
--     losses:add("mse mean_squared_error", value)
--     losses:find("compile", "MSE")                 -- value, "mse"
--
-- Capitals, underscores and a last "loss" do not matter: "MeanSquaredError", "mean_squared_error"
-- and "MSELoss" are found. A name that is not there is an error that lists those that are.

local core = require "tocha.core"
local registry = require "tocha.op"
local Object = require "tocha.class"

local names <const> = {}
local Names <const> = Object:extend "Names"

local function key(name)
  local plain <const> = name:lower():gsub("[_%-%s]", "")
  return plain:match "^(.+)loss$" or plain
end

--- names.table(kind): an empty table of names; `kind` says in errors what they are names of.
function Names:new(kind) self.kind, self.values, self.list = kind, {}, {} end
names.table = Names

--- table:add("name other_name ...", value): the first name is the one that is listed.
function Names:add(words, value)
  local first <const> = words:match "%S+"
  self.list[#self.list + 1] = first
  for word in words:gmatch "%S+" do
    assert(self.values[key(word)] == nil, word)
    self.values[key(word)] = { value, first }
  end
end

--- table:has(name)
function Names:has(name) return self.values[key(name)] ~= nil end

--- table:find(who, name): the value and the first of its names; an error of `who` where there is
--- none.
function Names:find(who, name)
  local found <const> = self.values[key(name)]
  if found then return found[1], found[2] end
  table.sort(self.list)
  core.fail(who, nil, "unknown %s '%s' (there are: %s)", self.kind, name,
    table.concat(self.list, ", "))
end

--- names.spec(value): "name", options of "name", {"name", option = ...}; nil for anything else.
function names.spec(value)
  if type(value) == "string" then return value, {} end
  if type(value) ~= "table" or getmetatable(value) or type(value[1]) ~= "string" then return nil end
  local options <const> = {}
  for k, v in pairs(value) do
    if k ~= 1 then options[k] = v end
  end
  return value[1], options
end

-- ---- optimisers ---------------------------------------------------------------------------------

local function extends(class, base)
  while type(class) == "table" and class ~= base do class = rawget(class, "super") end
  return class == base
end

local function optimizers(Optimizer)
  local list <const> = names.table "optimizer"
  for name, class in pairs(require "tocha.optim") do
    if class ~= Optimizer and extends(class, Optimizer) then list:add(name:lower(), class) end
  end
  return list
end

local function check_owner(who, optimizer, params)
  if #params == 0 or not optimizer.owner then return end
  for _, p in ipairs(params) do
    if optimizer.owner[p] then return end
  end
  core.fail(who, "optimizer", "the optimiser holds none of this model's parameters")
end

--- names.optimizer(who, spec, params): the optimiser that `spec` stands for, over `params`: an
--- optimiser itself, its class, "adam", {"adam", lr = 0.01}, or a function of the parameters.
function names.optimizer(who, spec, params)
  local Optimizer <const> = require "tocha.optim.optimizer"
  if type(spec) == "table" and spec.param_groups then
    check_owner(who, spec, params)
    return spec
  end
  if type(spec) == "function" or extends(spec, Optimizer) then return spec(params) end
  local name <const>, options <const> = names.spec(spec)
  if name then return optimizers(Optimizer):find(who, name)(params, options) end
  core.fail(who, "optimizer", "expected an optimiser, its name, {name, lr = ...} or a function, "
    .. "got %s", type(spec))
end

-- ---- activations --------------------------------------------------------------------------------

local activations

-- The operations of this name, and Keras's names for some of them.
local ACTIVATIONS <const> = {
  linear = "linear identity none", relu = "relu", relu6 = "relu6", leaky_relu = "leaky_relu",
  elu = "elu", selu = "selu", celu = "celu", gelu = "gelu", silu = "silu swish", mish = "mish",
  sigmoid = "sigmoid", tanh = "tanh", softplus = "softplus", softsign = "softsign",
  softmax = "softmax", log_softmax = "log_softmax", logsigmoid = "log_sigmoid",
  exp = "exponential exp", hardsigmoid = "hard_sigmoid", hardswish = "hard_swish hard_silu",
  hardtanh = "hard_tanh", hardshrink = "hard_shrink", softshrink = "soft_shrink",
  tanhshrink = "tanh_shrink", glu = "glu", square = "square", sin = "sin", erf = "erf",
}

local function load_activations()
  activations = names.table "activation"
  for op, words in pairs(ACTIVATIONS) do
    activations:add(words, op == "linear" and function(x) return x end or registry.ops[op])
  end
end

--- names.activation(who, spec): a function of a tensor, from a name, a function or a module.
--- Softmax and glu go along the last dimension.
function names.activation(who, spec)
  if spec == nil then spec = "linear" end
  if type(spec) ~= "string" then
    local meta <const> = getmetatable(spec)
    if type(spec) == "function" or meta and meta.__call then return spec end
    core.fail(who, "activation", "expected a name or a function, got %s", type(spec))
  end
  if not activations then load_activations() end
  return (activations:find(who, spec))
end

return names
