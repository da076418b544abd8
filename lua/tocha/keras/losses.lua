-- keras.losses: by Keras's names and in its order, (y_true, y_pred).
--
--     keras.losses.mean_squared_error(y_true, y_pred)              -- one number for each example
--     keras.losses.CategoricalCrossentropy{ label_smoothing = 0.1 }(y_true, y_pred)   -- a scalar
--
-- The formulas are tocha.train's. Where y_pred is the softmax (or sigmoid) of something,
-- crossentropies are computed from that. Ids of classes count from 1.

local core = require "tocha.core"
local Loss = require "tocha.train.loss"
local names = require "tocha.train.names"
local activations = require "tocha.keras.activations"
local family = require "tocha.keras.family"

local losses <const> = {}

-- Keras's class, other names of the function, what y_pred may be made of.
local CLASSES <const> = {
  { "MeanSquaredError", "mse MSE" }, { "MeanAbsoluteError", "mae MAE" },
  { "MeanAbsolutePercentageError", "mape MAPE" }, { "MeanSquaredLogarithmicError", "msle MSLE" },
  { "CategoricalCrossentropy", "", "softmax" },
  { "SparseCategoricalCrossentropy", "", "softmax" },
  { "BinaryCrossentropy", "bce BCE", "sigmoid" },
  { "BinaryFocalCrossentropy", "", "sigmoid" },
  { "KLDivergence", "kl_divergence kld KLD" }, { "Huber", "" }, { "LogCosh", "logcosh" },
  { "Poisson", "" }, { "CosineSimilarity", "" }, { "Hinge", "" }, { "SquaredHinge", "" },
  { "CategoricalHinge", "" }, { "Dice", "" },
}

local Member <const> = { __name = "keras loss", is_keras_loss = true }
Member.__index = Member

-- With every option of the formula, and another that takes what the probabilities are made of.
local function pair_of(class_name, options, source)
  local spec <const>, from_logits <const> = { class_name }, { class_name, from_logits = true }
  for name, value in pairs(options) do spec[name], from_logits[name] = value, value end
  from_logits.from_logits = true
  return Loss("loss", spec), source and Loss("loss", from_logits)
end

local function member(row, options)
  local plain <const>, exact <const> = pair_of(row[1], options or {}, row[3])
  return setmetatable({ class_name = row[1], config = options or {}, plain = plain, exact = exact,
    source = row[3] }, Member)
end

-- The ids of files from Python count from 0.
local function check_ids(t)
  if t:numel() > 0 and t:amin():item() < 1 then
    core.fail("sparse_categorical_crossentropy", "y_true", "class ids count from 1, got %d (add 1 "
      .. "to ids that count from 0)", t:amin():item())
  end
end

--- loss:compute(y_pred, y_true, reduction): "mean" or "none", in tocha.train's order.
function Member:compute(y, t, reduction)
  local loss <const> = self.plain
  if self.class_name == "SparseCategoricalCrossentropy" then check_ids(t) end
  local logits <const> = self.source and not self.config.from_logits
    and activations.logits(self.source, y)
  if logits then return self.exact.f(logits, self.exact:target(logits, t), reduction) end
  return loss.f(y, loss:target(y, t), reduction)
end

--- loss(y_true, y_pred): the mean.
function Member:__call(t, y)
  local value <const> = self:compute(y, t, "mean")
  return value.ndim == 0 and value or value:mean()
end

Member.get_config = family.get_config

function Member:__tostring() return self.class_name end

-- For each example: what a formula gives element by element, averaged over the last dimension.
local function each_example(loss, t, y)
  local value <const> = loss:compute(y, t, "none")
  return value.ndim == y.ndim and y.ndim > 1 and value:mean(-1) or value
end

local known <const> = names.table "loss"

for _, row in ipairs(CLASSES) do
  local function make(options) return member(row, options) end
  local words = family.snake(row[1])
  if row[1] == "KLDivergence" then words = "kl_divergence" end
  losses[row[1]] = make
  local function f(t, y, options) return each_example(make(options), t, y) end
  losses[words] = f
  for other in row[2]:gmatch "%S+" do losses[other] = f end
  known:add(row[1], make)
  for other in row[2]:gmatch "%S+" do
    if not known:has(other) then known:add(other, make) end
  end
end

--- losses.get(spec): a member from its name, {name, option = ...} or { class_name =, config = };
--- members and functions as they are.
function losses.get(spec)
  if type(spec) == "table" and spec.class_name and not getmetatable(spec) then
    return known:find("loss", spec.class_name)(spec.config)
  end
  local name <const>, options <const> = names.spec(spec)
  if name then return known:find("loss", name)(options) end
  return spec
end

-- One loss as tocha.train takes it: f(y_pred, y_true, reduction).
local function for_training(spec)
  local loss <const> = losses.get(spec)
  if type(loss) == "table" and loss.is_module then return loss end
  if getmetatable(loss) == Member then
    return function(y, t, reduction) return loss:compute(y, t, reduction) end
  end
  local meta <const> = getmetatable(loss)
  if type(loss) == "function" or meta and meta.__call then
    return function(y, t) return loss(t, y) end
  end
  core.fail("compile", "loss", "expected a name, a loss or a function of (y_true, y_pred), got %s",
    type(spec))
end

-- {"huber", delta = 2} is one, {"mse", "mae"} and {size = "mse"} are several.
local function is_several(spec)
  return type(spec) == "table" and getmetatable(spec) == nil and not spec.class_name
    and (#spec > 1 or type(spec[1]) ~= "string")
end

--- losses.for_training(spec, n): of one output, or a list or table by name of them. A model with n
--- outputs takes the one for each.
function losses.for_training(spec, n)
  if not is_several(spec) then
    local one <const>, same <const> = for_training(spec), {}
    for k = 1, n do same[k] = one end
    return n > 1 and same or one
  end
  local several <const> = {}
  for key, each in pairs(spec) do several[key] = for_training(each) end
  return several
end

--- losses.serialize(spec): the name or config that a file can hold.
function losses.serialize(spec)
  if is_several(spec) then
    local several <const> = {}
    for key, each in pairs(spec) do several[key] = losses.serialize(each) end
    return several
  end
  local loss <const> = losses.get(spec)
  if getmetatable(loss) == Member then
    return { class_name = loss.class_name, config = loss:get_config() }
  end
  return nil
end

return losses
