---@meta tocha.train.names
-- Written by `make annotations`; do not edit.

---Names that stand for things: losses, metrics, optimisers, activations.
---
---    local losses <const> = names.table "loss"
---    losses:add("mse mean_squared_error", value)
---    losses:find("compile", "MSE")                 -- value, "mse"
---
---Capitals, underscores and a last "loss" do not matter: "MeanSquaredError", "mean_squared_error"
---and "MSELoss" are found. A name that is not there is an error that lists those that are.
---@class tocha.train.names
local names = {}

---names.activation(who, spec): a function of a tensor, from a name, a function or a module.
---Softmax and glu go along the last dimension.
---@return any ...
function names.activation(who, spec) end

---names.optimizer(who, spec, params): the optimiser that `spec` stands for, over `params`: an
---optimiser itself, its class, "adam", {"adam", lr = 0.01}, or a function of the parameters.
---@return any ...
function names.optimizer(who, spec, params) end

---names.spec(value): "name", options of "name", {"name", option = ...}; nil for anything else.
---@return any ...
function names.spec(value) end

do
---@class tocha.train.names.table: tocha.Object
---@field kind any
local object = {}

---table:add("name other_name ...", value): the first name is the one that is listed.
---@return any ...
function object:add(words, value) end

---table:find(who, name): the value and the first of its names; an error of `who` where there is
---none.
---@return any ...
function object:find(who, name) end

---table:has(name)
---@return any ...
function object:has(name) end

end

---names.table(...)
---Names that stand for things: losses, metrics, optimisers, activations.
---
---    local losses <const> = names.table "loss"
---    losses:add("mse mean_squared_error", value)
---    losses:find("compile", "MSE")                 -- value, "mse"
---
---Capitals, underscores and a last "loss" do not matter: "MeanSquaredError", "mean_squared_error"
---and "MSELoss" are found. A name that is not there is an error that lists those that are.
---@class tocha.train.names.table.class: tocha.Class
---@overload fun(kind?: any): tocha.train.names.table
---@overload fun(options: {kind?: any}): tocha.train.names.table
names.table = {}

return names
