-- Losses that Keras has and PyTorch has not, or has in another form: of probabilities where PyTorch
-- takes logits, and a few more. Each is f(y, t, options) -> one loss for every example, (B, ...).
--
-- y is what the model gives, t the target of the same shape; probabilities and classes lie along
-- the last dimension. Numbers are clipped to 1e-7 before a logarithm, as in Keras.

local core = require "tocha.core"
local registry = require "tocha.op"

local ops <const> = registry.ops

local formulas <const> = {}
local TINY <const> = 1e-7

local function mean_last(x) return x.ndim > 1 and x:mean(-1) or x end

-- Logits where probabilities are meant would train to nonsense without a word.
local function probabilities(p)
  if p:numel() > 0 and p:detach():amin():item() < 0 then
    core.fail("fit", "y", "the loss takes probabilities, and the model's output has negative "
      .. "numbers: end the model in a softmax or sigmoid, or give {loss, from_logits = true}")
  end
  return p
end

local function clipped(p) return p:clamp(TINY, 1 - TINY) end

-- ---- classification -----------------------------------------------------------------------------

-- Rows of classes: t moves by `label_smoothing` towards all classes alike.
local function smoothed(t, amount, classes)
  if not amount or amount == 0 then return t end
  return t * (1 - amount) + amount / classes
end

local function log_probabilities(y, options)
  if options.from_logits then return y:log_softmax(-1) end
  return clipped(probabilities(y) / y:sum(-1, { keepdim = true })):log()
end

function formulas.categorical_crossentropy(y, t, options)
  t = smoothed(t, options.label_smoothing, y:size(-1))
  return -(t * log_probabilities(y, options)):sum(-1)
end

-- t has one dimension less and holds class ids, from 1
function formulas.sparse_categorical_crossentropy(y, t, options)
  return -log_probabilities(y, options):gather(-1, t:unsqueeze(-1)):squeeze(-1)
end

-- Element by element: -log of the probability given to what is true.
local function binary_terms(y, t, options)
  if options.from_logits then
    return ops.binary_cross_entropy_with_logits(y, t, { reduction = "none" })
  end
  return ops.binary_cross_entropy(clipped(probabilities(y)), t, { reduction = "none" })
end

function formulas.binary_crossentropy(y, t, options)
  return mean_last(binary_terms(y, smoothed(t, options.label_smoothing, 2), options))
end

-- Focal loss (https://arxiv.org/abs/1708.02002): what is nearly right counts less.
function formulas.binary_focal_crossentropy(y, t, options)
  local p <const> = options.from_logits and y:sigmoid() or y
  local right <const> = p * t + (1 - p) * (1 - t)
  local terms = (1 - right):pow(options.gamma or 2) * binary_terms(y, t, options)
  if options.alpha then terms = terms * (t * options.alpha + (1 - t) * (1 - options.alpha)) end
  return mean_last(terms)
end

function formulas.kl_divergence(y, t)
  local p <const> = t:clamp(TINY, 1)
  return (p * (p / y:clamp(TINY, 1)):log()):sum(-1)
end

-- ---- regression ---------------------------------------------------------------------------------

function formulas.mean_absolute_percentage_error(y, t)
  return mean_last(((t - y) / t:abs():clamp_min(TINY)):abs()) * 100
end

local function log1p_of(x) return (x:clamp_min(TINY) + 1):log() end

function formulas.mean_squared_logarithmic_error(y, t)
  return mean_last((log1p_of(t) - log1p_of(y)):square())
end

-- log(cosh(d)), in a form that does not overflow.
function formulas.log_cosh(y, t)
  local d <const> = y - t
  return mean_last(d + ops.softplus(d * -2) - math.log(2))
end

function formulas.poisson(y, t) return mean_last(y - t * (y + TINY):log()) end

--- Minus the cosine of the angle between the rows.
function formulas.cosine_similarity(y, t)
  local function unit(x) return ops.normalize(x, 2, -1, TINY) end
  return -(unit(y) * unit(t)):sum(-1)
end

-- ---- margins ------------------------------------------------------------------------------------
-- Targets are -1 and 1; where they are 0 and 1, 0 becomes -1.

local function signs(t) return t:lt(0):any():item() and t or t * 2 - 1 end

function formulas.hinge(y, t) return mean_last((1 - signs(t) * y):relu()) end

function formulas.squared_hinge(y, t) return mean_last((1 - signs(t) * y):relu():square()) end

function formulas.categorical_hinge(y, t)
  local right <const>, wrong <const> = (t * y):sum(-1), ((1 - t) * y):amax(-1)
  return (wrong - right + 1):relu()
end

-- Dice (https://arxiv.org/abs/1606.04797): one minus twice the overlap over both sizes, of each
-- example.
function formulas.dice(y, t)
  local a <const>, b <const> = y:flatten(2), t:flatten(2)
  return 1 - ((a * b):sum(2) * 2 + TINY) / (a:sum(2) + b:sum(2) + TINY)
end

return formulas
