-- Losses over classes, which ONNX counts from 0.

local op = require "tocha.onnx.registry".op
local registry = require "tocha.op"

local ops <const> = registry.ops

-- Ids count from 1 here; what is to be ignored may have any id, also one that no class has.
local function place(target, ignore)
  local ids <const> = target:to "int64"
  if not ignore then return ids + 1 end
  return ops.masked_fill(ids + 1, ids:eq(ignore), -1)
end

local function nll(a, log_prob, target, weight)
  return ops.nll_loss(log_prob, place(target, a.ignore_index), weight, a.ignore_index and -1 or nil,
    a.reduction)
end

local ATTRIBUTES <const> = { ignore_index = op.int, reduction = "mean" }

op "NegativeLogLikelihoodLoss" {
  since = 12, inputs = "input, target, weight?", attributes = ATTRIBUTES,
  doc = "Minus the logarithms of probabilities (N, C, ...) at the targets (N, ...).",
  run = nll,
}

op "SoftmaxCrossEntropyLoss" {
  since = 12, inputs = "scores, labels, weights?", attributes = ATTRIBUTES,
  doc = "The same of softmax's probabilities, whose logarithms are the second output.",
  run = function(a, x, target, weight)
    local log_prob <const> = ops.log_softmax(x, 2)
    return nll(a, log_prob, target, weight), log_prob
  end,
}
