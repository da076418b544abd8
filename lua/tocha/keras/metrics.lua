-- keras.metrics: tocha.train's, by Keras's names. A member is made without the model and goes into
-- compile{metrics = ...}; alone it counts with update_state(y_true, y_pred), result(),
-- reset_state().

local registry = require "tocha.train.metrics"
local family = require "tocha.keras.family"

local metrics <const> = {}

-- Keras's class -> tocha.train's, and its name in logs.
local CLASSES <const> = {
  Accuracy = "Accuracy", BinaryAccuracy = "BinaryAccuracy", CategoricalAccuracy = "Accuracy",
  SparseCategoricalAccuracy = "Accuracy", TopKCategoricalAccuracy = "TopK",
  SparseTopKCategoricalAccuracy = "TopK", Precision = "Precision", Recall = "Recall",
  F1Score = "F1", AUC = "AUC", MeanSquaredError = "MSE", RootMeanSquaredError = "RMSE",
  MeanAbsoluteError = "MAE", R2Score = "R2",
}

-- Keras's way to use one by hand.
local function with_states(metric)
  metric.update_state = function(self, t, y, w) return self:update(y, t, w) end
  metric.reset_state = function(self) return self:reset() end
  metric.result = function(self) return self:compute() end
  return metric
end

for name, class in pairs(CLASSES) do
  metrics[name] = function(options)
    local given <const> = { name = family.snake(name) }
    for key, value in pairs(options or {}) do given[key] = value end
    return with_states(registry[class](given))
  end
end

-- The losses as metrics, by their functions: (y_true, y_pred) -> one number for each example.
for _, name in ipairs { "BinaryCrossentropy", "CategoricalCrossentropy", "CosineSimilarity",
  "SparseCategoricalCrossentropy", "KLDivergence", "Poisson", "Hinge", "SquaredHinge",
  "CategoricalHinge", "MeanSquaredLogarithmicError", "MeanAbsolutePercentageError" } do
  metrics[name] = function(options)
    local loss <const> = require "tocha.keras.losses"[name](options)
    local metric <const> = registry.MeanOf { name = family.snake(name),
      f = function(y, t) return loss:compute(y, t, "none") end }
    return with_states(metric)
  end
end

return metrics
