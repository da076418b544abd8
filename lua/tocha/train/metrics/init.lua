-- train.metrics: what a model's answers are worth. A file per family; the table of contents and the
-- names that `compile` takes.

local Loss = require "tocha.train.loss"
local names = require "tocha.train.names"

local metrics <const> = { Metric = require "tocha.train.metrics.metric" }

local FAMILIES <const> = { "mean", "accuracy", "counts", "confusion", "ranking", "regression",
  "detection" }

for _, family in ipairs(FAMILIES) do
  for name, class in pairs(require("tocha.train.metrics." .. family)) do metrics[name] = class end
end

local NAMES <const> = {
  Accuracy = "accuracy acc categorical_accuracy sparse_categorical_accuracy",
  BinaryAccuracy = "binary_accuracy", TopK = "top_k top_k_accuracy top_k_categorical_accuracy "
    .. "sparse_top_k_categorical_accuracy",
  Precision = "precision", Recall = "recall", F1 = "f1 f1_score", AUC = "auc",
  ConfusionMatrix = "confusion_matrix", R2 = "r2 r2_score", MSE = "mse mean_squared_error",
  MAE = "mae mean_absolute_error", RMSE = "rmse root_mean_squared_error",
  Perplexity = "perplexity", MeanAveragePrecision = "map mean_average_precision",
}

local known <const> = names.table "metric"
for class, words in pairs(NAMES) do known:add(words, metrics[class]) end
metrics.names = known

local THRESHOLD <const> = { Accuracy = true, BinaryAccuracy = true, Precision = true, Recall = true,
  F1 = true, ConfusionMatrix = true }

-- A metric by its name, called by the name it was given; a loss may be one too.
local function by_name(who, name, options, logits)
  if not known:has(name) and Loss.names:has(name) then
    local loss <const> = { name }
    for k, v in pairs(options) do loss[k] = v end
    return metrics.MeanLoss { loss = loss, name = name }
  end
  local class <const> = known:find(who, name)
  options.name = options.name or name
  if logits and options.threshold == nil and THRESHOLD[class.__name] then options.threshold = 0 end
  return class(options)
end

--- metrics.of(who, spec, logits): a metric from its name, {name, option = ...}, {name, function}, a
--- metric, its class or a function. `logits`: the outputs are logits, so 0 parts yes from no.
function metrics.of(who, spec, logits)
  local name <const>, options <const> = names.spec(spec)
  if name and type(options[2]) == "function" then
    return metrics.MeanOf { f = options[2], name = name }
  end
  if name then return by_name(who, name, options, logits) end
  if type(spec) == "function" then return metrics.MeanOf { f = spec } end
  if type(spec) == "table" and rawget(spec, "__index") and spec.args then return spec() end
  if type(spec) == "table" and spec.update and spec.compute then return spec end
  require("tocha.core").fail(who, "metrics",
    "expected a name, {name, option = ...}, a metric or a function, got %s", type(spec))
end

return metrics
