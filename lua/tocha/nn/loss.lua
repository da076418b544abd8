-- Losses: each calls the operation of its name with the options it was made with.
--
-- criterion(y, target), or Torch's criterion:forward(y, target) and criterion:backward(y, target),
-- which returns the gradient with respect to y. Class labels count from 1.

local registry = require "tocha.op"
local call = require "tocha.nn.call"
local Module = require "tocha.nn.module"

local ops <const> = registry.ops

local Loss <const> = Module:extend "Loss"

--- criterion:backward(y, target): after criterion:forward(y, target).
function Loss:backward(y) return call.backward(self, y) end

-- Tensors among the options are buffers: they move with the module.
function Loss:build(args)
  for name in pairs(self.tensors or {}) do
    if args[name] then self:register_buffer(name, args[name]) end
  end
end

-- The criterion's options from the k-th on, in the order of the operation's arguments.
local function options_from(self, names, k)
  if k > #names then return end
  return self[names[k]], options_from(self, names, k + 1)
end

local function option_names(op, inputs)
  local names <const> = {}
  for k, param in ipairs(registry.decl[op].params) do
    if k > inputs then names[k - inputs] = param.name end
  end
  return names
end

-- By the number of tensors that go in.
local FORWARD <const> = {
  [2] = function(op, names)
    return function(self, x, y) return ops[op](x, y, options_from(self, names, 1)) end
  end,
  [3] = function(op, names)
    return function(self, x, y, z) return ops[op](x, y, z, options_from(self, names, 1)) end
  end,
  [4] = function(op, names)
    return function(self, x, y, z, w) return ops[op](x, y, z, w, options_from(self, names, 1)) end
  end,
}

-- The operation's arguments are looked up when a loss is first computed: its family loads then.
local function at_first_call(class, op, inputs)
  return function(...)
    class.forward = FORWARD[inputs](op, option_names(op, inputs))
    return class.forward(...)
  end
end

local R <const> = "reduction = 'mean'"

local LOSSES <const> = {
  -- class, operation, arguments, tensors that go in
  { "MSELoss", "mse_loss", R },
  { "L1Loss", "l1_loss", R },
  { "SmoothL1Loss", "smooth_l1_loss", R .. ", beta = 1.0" },
  { "HuberLoss", "huber_loss", R .. ", delta = 1.0" },
  { "CrossEntropyLoss", "cross_entropy", "weight = nil, ignore_index = -100, " .. R
    .. ", label_smoothing = 0.0, inplace = false" },
  { "NLLLoss", "nll_loss", "weight = nil, ignore_index = -100, " .. R },
  { "BCELoss", "binary_cross_entropy", "weight = nil, " .. R },
  { "BCEWithLogitsLoss", "binary_cross_entropy_with_logits", "weight = nil, " .. R
    .. ", pos_weight = nil" },
  { "KLDivLoss", "kl_div", R .. ", log_target = false" },
  { "PoissonNLLLoss", "poisson_nll_loss", "log_input = true, full = false, eps = 1e-8, " .. R },
  { "GaussianNLLLoss", "gaussian_nll_loss", "full = false, eps = 1e-6, " .. R, 3 },
  { "HingeEmbeddingLoss", "hinge_embedding_loss", "margin = 1.0, " .. R },
  { "SoftMarginLoss", "soft_margin_loss", R },
  { "MultiMarginLoss", "multi_margin_loss", "p = 1, margin = 1.0, weight = nil, " .. R },
  { "MultiLabelMarginLoss", "multilabel_margin_loss", R },
  { "MultiLabelSoftMarginLoss", "multilabel_soft_margin_loss", "weight = nil, " .. R },
  { "MarginRankingLoss", "margin_ranking_loss", "margin = 0.0, " .. R, 3 },
  { "CosineEmbeddingLoss", "cosine_embedding_loss", "margin = 0.0, " .. R, 3 },
  { "TripletMarginLoss", "triplet_margin_loss",
    "margin = 1.0, p = 2.0, eps = 1e-6, swap = false, " .. R, 3 },
  { "TripletMarginWithDistanceLoss", "triplet_margin_with_distance_loss",
    "distance_function = nil, margin = 1.0, swap = false, " .. R, 3 },
  { "FocalLoss", "sigmoid_focal_loss", "alpha = 0.25, gamma = 2.0, " .. R },
  { "SoftmaxFocalLoss", "softmax_focal_loss", "gamma = 2.0, weight = nil, ignore_index = -100, "
    .. R },
  { "DiceLoss", "dice_loss", "smooth = 1e-5, " .. R },
  { "TverskyLoss", "tversky_loss", "alpha = 0.5, beta = 0.5, smooth = 1e-5, " .. R },
  { "CTCLoss", "ctc_loss", "blank = 1, " .. R .. ", zero_infinity = false", 4 },
}

local classes <const> = { Loss = Loss }
for _, row in ipairs(LOSSES) do
  local name <const>, op <const>, args <const>, inputs <const> = row[1], row[2], row[3], row[4] or 2
  local class <const> = Loss:extend(name, args)
  class.op = op
  class.owns = { weight = true, pos_weight = true }
  class.tensors = class.owns
  class.forward = at_first_call(class, op, inputs)
  classes[name] = class
end

return classes
