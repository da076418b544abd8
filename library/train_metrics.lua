---@meta tocha.train.metrics
-- Written by `make annotations`; do not edit.

---train.metrics: what a model's answers are worth. A file per family; the table of contents and the
---names that `compile` takes.
---@class tocha.train.metrics
---@field names table
local metrics = {}

do
---@class tocha.train.metrics.AUC: tocha.train.metrics.Metric
---@field curve string
---@field average string
---@field name string
local object = {}

---auc:compute(): nan where only one of two classes occurs; means leave such classes out.
---@return any ...
function object:compute() end

end

---metrics.AUC{curve = "ROC", average = "macro", name = "auc"}: binary scores (B) or (B, 1) with 0
---and 1; scores (B, C) with ids: the mean over the classes of one against the rest; with targets
---(B, C): of the columns. curve = "PR" is the average precision. average: "macro", "weighted" by
---how often a class occurs, or "none", a list.
---@class tocha.train.metrics.AUC.class: tocha.Class
---@overload fun(curve?: string, average?: string, name?: string): tocha.train.metrics.AUC
---@overload fun(options: {curve?: string, average?: string, name?: string}): tocha.train.metrics.AUC
metrics.AUC = {}

do
---@class tocha.train.metrics.Accuracy: tocha.train.metrics.Mean
---@field threshold number
---@field name string
local object = {}

end

---metrics.Accuracy{threshold = 0.5, name = "accuracy"}: of scores with ids or one-hot rows the
---share whose largest score is right; of single scores those on the right side of the threshold.
---@class tocha.train.metrics.Accuracy.class: tocha.Class
---@overload fun(threshold?: number, name?: string): tocha.train.metrics.Accuracy
---@overload fun(options: {threshold?: number, name?: string}): tocha.train.metrics.Accuracy
metrics.Accuracy = {}

do
---@class tocha.train.metrics.BinaryAccuracy: tocha.train.metrics.Mean
---@field threshold number
---@field name string
local object = {}

end

---metrics.BinaryAccuracy{threshold = 0.5, name = "binary_accuracy"}: the share of single answers,
---all elements of y, that are on the right side.
---@class tocha.train.metrics.BinaryAccuracy.class: tocha.Class
---@overload fun(threshold?: number, name?: string): tocha.train.metrics.BinaryAccuracy
---@overload fun(options: {threshold?: number, name?: string}): tocha.train.metrics.BinaryAccuracy
metrics.BinaryAccuracy = {}

do
---@class tocha.train.metrics.ConfusionMatrix: tocha.train.metrics.Metric
---@field num_classes integer
---@field labels any
---@field threshold number
---@field name string
local object = {}

---confusion:compute(normalize): float64, (C, C); a row or column without examples is 0.
---@return any ...
function object:compute(normalize) end

end

---metrics.ConfusionMatrix{num_classes = nil, labels = nil, threshold = 0.5}: compute(normalize)
---gives the counts (C, C), or shares of each row ("true"), each column ("pred") or of all ("all").
---@class tocha.train.metrics.ConfusionMatrix.class: tocha.Class
---@overload fun(num_classes?: integer, labels?: any, threshold?: number, name?: string): tocha.train.metrics.ConfusionMatrix
---@overload fun(options: {num_classes?: integer, labels?: any, threshold?: number, name?: string}): tocha.train.metrics.ConfusionMatrix
metrics.ConfusionMatrix = {}

do
---@class tocha.train.metrics.F1: tocha.train.metrics.Metric
---@field average any
---@field threshold number
---@field multilabel boolean
---@field name string
local object = {}

---metric:compute(average): by another average than the metric's own, if given.
---@return any ...
function object:compute(average) end

---ratio(right, predicted, actual)
---metrics.F1(): the harmonic mean of both.
---@return any ...
function object.ratio(right, predicted, actual) end

end

---metrics.F1(): the harmonic mean of both.
---@class tocha.train.metrics.F1.class: tocha.Class
---@overload fun(average?: any, threshold?: number, multilabel?: boolean, name?: string): tocha.train.metrics.F1
---@overload fun(options: {average?: any, threshold?: number, multilabel?: boolean, name?: string}): tocha.train.metrics.F1
metrics.F1 = {}

do
---@class tocha.train.metrics.MAE: tocha.train.metrics.MeanLoss
---@field name string
local object = {}

end

---metrics.MAE(name = 'mae')
---metrics.MSE(), metrics.MAE(): the mean squared and the mean absolute error.
---@class tocha.train.metrics.MAE.class: tocha.Class
---@overload fun(name?: string): tocha.train.metrics.MAE
---@overload fun(options: {name?: string}): tocha.train.metrics.MAE
metrics.MAE = {}

do
---@class tocha.train.metrics.MSE: tocha.train.metrics.MeanLoss
---@field name string
local object = {}

end

---metrics.MSE(), metrics.MAE(): the mean squared and the mean absolute error.
---@class tocha.train.metrics.MSE.class: tocha.Class
---@overload fun(name?: string): tocha.train.metrics.MSE
---@overload fun(options: {name?: string}): tocha.train.metrics.MSE
metrics.MSE = {}

do
---@class tocha.train.metrics.Mean: tocha.train.metrics.Metric
---@field name string
local object = {}

---compute(self)
---metrics.ConfusionMatrix{num_classes = nil, labels = nil, threshold = 0.5}: compute(normalize)
---gives the counts (C, C), or shares of each row ("true"), each column ("pred") or of all ("all").
---@return any ...
function object:compute() end

end

---metrics.Mean{name = "mean"}: update(value, w): the mean of numbers, or of all elements of
---tensors. A weight is a number or a tensor of the value's shape.
---@class tocha.train.metrics.Mean.class: tocha.Class
---@overload fun(name?: string): tocha.train.metrics.Mean
---@overload fun(options: {name?: string}): tocha.train.metrics.Mean
metrics.Mean = {}

do
---@class tocha.train.metrics.MeanAveragePrecision: tocha.train.metrics.Metric
---@field iou number
---@field points any
---@field most number
---@field name string
local object = {}

---metric:by_class(): class -> average precision, for the classes that occur in targets.
---@return any ...
function object:by_class() end

---compute(self)
---metrics.ConfusionMatrix{num_classes = nil, labels = nil, threshold = 0.5}: compute(normalize)
---gives the counts (C, C), or shares of each row ("true"), each column ("pred") or of all ("all").
---@return any ...
function object:compute() end

end

---train.metrics.MeanAveragePrecision{iou = 0.5, points = 0, most = 100, name = "map"}:
---update(found, targets) takes for each picture { boxes = (N, 4), scores = (N), labels = (N) }, as
---net:detect and net:postprocess give them, and { boxes = (n, 4), labels = (n) }. iou: a
---threshold, a list of them to average over, or "coco" (0.5, 0.55 ... 0.95). points: 0 takes the
---whole area under the curve, as VOC since 2010; 11 as VOC before; 101 as COCO, which "coco" means
---unless told. most: detections that count of each picture.
---
---compute() is the mean over the classes that occur in targets; nan without any.
---@class tocha.train.metrics.MeanAveragePrecision.class: tocha.Class
---@overload fun(iou?: number, points?: any, most?: number, name?: string): tocha.train.metrics.MeanAveragePrecision
---@overload fun(options: {iou?: number, points?: any, most?: number, name?: string}): tocha.train.metrics.MeanAveragePrecision
metrics.MeanAveragePrecision = {}

do
---@class tocha.train.metrics.MeanLoss: tocha.train.metrics.Mean
---@field loss any
---@field name string
local object = {}

end

---metrics.MeanLoss{loss = "mse", name = loss}: the mean of a loss over the examples.
---@class tocha.train.metrics.MeanLoss.class: tocha.Class
---@overload fun(loss: any, name?: string): tocha.train.metrics.MeanLoss
---@overload fun(loss: any, options: {name?: string}): tocha.train.metrics.MeanLoss
metrics.MeanLoss = {}

do
---@class tocha.train.metrics.MeanOf: tocha.train.metrics.Mean
---@field f function
---@field name string
local object = {}

end

---metrics.MeanOf{f = function(y, t) ... end, name = "metric"}: the mean of what f returns: a
---number or scalar for a batch, or one for each example.
---@class tocha.train.metrics.MeanOf.class: tocha.Class
---@overload fun(f: function, name?: string): tocha.train.metrics.MeanOf
---@overload fun(f: function, options: {name?: string}): tocha.train.metrics.MeanOf
metrics.MeanOf = {}

do
---@class tocha.train.metrics.Metric: tocha.Object
local object = {}

---Metric:extend(name, args): `args` is the signature of the constructor; one of them is `name`.
---@return any ...
function object:extend(name, args) end

---metric:fail(format, ...): an error of this metric.
---@return any ...
function object:fail(format, ...) end

---metric:reset(): forgets all examples.
---@return any ...
function object:reset() end

---Metric.spread(w, x): weights (B) as a tensor of the shape of x, (B, ...).
---@return any ...
function object.spread(w, x) end

---metric:update(y, t, w): takes a batch: the model's output, the targets and, where examples do
---not count alike, their weights (B).
---@return any ...
function object:update(y, t, w) end

end

---metrics.Metric(...)
---What a metric is: numbers gathered batch by batch, and a value computed from them.
---
---    local accuracy = train.metrics.Accuracy()
---    for x, y in loader:batches() do accuracy:update(net(x), y) end
---    print(accuracy:compute())                 -- over all examples since reset()
---
---A class says what it keeps and how it starts:
---
---    local Mean = Metric:extend("Mean", "name = 'mean'")
---    Mean.start = { total = 0.0, weight = 0.0 }
---    function Mean:add(y, t, w) ... end        -- y and t are off the tape
---    Mean.takes_anything = true                -- of this class alone; else y and t are tensors
---    function Mean:compute() ... end
---
---What is kept is the metric's state_dict, so that a run may be resumed within an epoch.
---@class tocha.train.metrics.Metric.class: tocha.Class
---@overload fun(...: any): tocha.train.metrics.Metric
metrics.Metric = {}

do
---@class tocha.train.metrics.Perplexity: tocha.train.metrics.Mean
---@field ignore_index any
---@field name string
local object = {}

---compute(self)
---metrics.ConfusionMatrix{num_classes = nil, labels = nil, threshold = 0.5}: compute(normalize)
---gives the counts (C, C), or shares of each row ("true"), each column ("pred") or of all ("all").
---@return any ...
function object:compute() end

end

---metrics.Perplexity{ignore_index = nil, name = "perplexity"}: e to the mean cross-entropy of
---logits (B, C, ...) with ids (B, ...), over the places whose id is not `ignore_index`.
---@class tocha.train.metrics.Perplexity.class: tocha.Class
---@overload fun(ignore_index?: any, name?: string): tocha.train.metrics.Perplexity
---@overload fun(options: {ignore_index?: any, name?: string}): tocha.train.metrics.Perplexity
metrics.Perplexity = {}

do
---@class tocha.train.metrics.Precision: tocha.train.metrics.Metric
---@field average any
---@field threshold number
---@field multilabel boolean
---@field name string
local object = {}

---metric:compute(average): by another average than the metric's own, if given.
---@return any ...
function object:compute(average) end

---ratio(right, predicted)
---metrics.Precision(): of what was called a class, the share that is of it.
---@return any ...
function object.ratio(right, predicted) end

end

---metrics.Precision(): of what was called a class, the share that is of it.
---@class tocha.train.metrics.Precision.class: tocha.Class
---@overload fun(average?: any, threshold?: number, multilabel?: boolean, name?: string): tocha.train.metrics.Precision
---@overload fun(options: {average?: any, threshold?: number, multilabel?: boolean, name?: string}): tocha.train.metrics.Precision
metrics.Precision = {}

do
---@class tocha.train.metrics.R2: tocha.train.metrics.Metric
---@field name string
local object = {}

---compute(self)
---metrics.ConfusionMatrix{num_classes = nil, labels = nil, threshold = 0.5}: compute(normalize)
---gives the counts (C, C), or shares of each row ("true"), each column ("pred") or of all ("all").
---@return any ...
function object:compute() end

end

---metrics.R2{name = "r2"}: 1 minus the squared error over the squared distance of the targets from
---their mean; of several columns the mean. 1 is perfect, 0 no better than the mean; where the
---targets do not vary, 1 without error and else 0.
---@class tocha.train.metrics.R2.class: tocha.Class
---@overload fun(name?: string): tocha.train.metrics.R2
---@overload fun(options: {name?: string}): tocha.train.metrics.R2
metrics.R2 = {}

do
---@class tocha.train.metrics.RMSE: tocha.train.metrics.MeanLoss
---@field name string
local object = {}

---compute(self)
---metrics.ConfusionMatrix{num_classes = nil, labels = nil, threshold = 0.5}: compute(normalize)
---gives the counts (C, C), or shares of each row ("true"), each column ("pred") or of all ("all").
---@return any ...
function object:compute() end

end

---metrics.RMSE(): the root of the mean squared error.
---@class tocha.train.metrics.RMSE.class: tocha.Class
---@overload fun(name?: string): tocha.train.metrics.RMSE
---@overload fun(options: {name?: string}): tocha.train.metrics.RMSE
metrics.RMSE = {}

do
---@class tocha.train.metrics.Recall: tocha.train.metrics.Metric
---@field average any
---@field threshold number
---@field multilabel boolean
---@field name string
local object = {}

---metric:compute(average): by another average than the metric's own, if given.
---@return any ...
function object:compute(average) end

---ratio(right, _, actual)
---metrics.Recall(): of what is of a class, the share that was called it.
---@return any ...
function object.ratio(right, _, actual) end

end

---metrics.Recall(): of what is of a class, the share that was called it.
---@class tocha.train.metrics.Recall.class: tocha.Class
---@overload fun(average?: any, threshold?: number, multilabel?: boolean, name?: string): tocha.train.metrics.Recall
---@overload fun(options: {average?: any, threshold?: number, multilabel?: boolean, name?: string}): tocha.train.metrics.Recall
metrics.Recall = {}

do
---@class tocha.train.metrics.TopK: tocha.train.metrics.Mean
---@field k number
---@field name string
local object = {}

end

---metrics.TopK{k = 5, name = "top_k"}: the share of scores (B, C, ...) whose k largest have the
---right one among them.
---@class tocha.train.metrics.TopK.class: tocha.Class
---@overload fun(k?: number, name?: string): tocha.train.metrics.TopK
---@overload fun(options: {k?: number, name?: string}): tocha.train.metrics.TopK
metrics.TopK = {}

---metrics.of(who, spec, logits): a metric from its name, {name, option = ...}, {name, function}, a
---metric, its class or a function. `logits`: the outputs are logits, so 0 parts yes from no.
---@return any ...
function metrics.of(who, spec, logits) end

return metrics
