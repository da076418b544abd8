-- What `compile` makes of a loss: a name, {name, option = ...}, a criterion of tocha.nn or a
-- function.
--
--     local loss <const> = Loss("fit", "mse")
--     loss:mean(y, t)          -- a scalar
--     loss:weighted(y, t, w)   -- each example's loss times its weight, over the number of examples
--
-- Targets are brought to the form that the loss takes: a column (B, 1) where the output is (B), ids
-- in a column, whole numbers where the output has fractions. Other shapes that differ are an error;
-- they would otherwise be stretched to each other and train nothing.

local core = require "tocha.core"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local Object = require "tocha.class"
local formulas = require "tocha.train.formulas"
local names = require "tocha.train.names"

local ops <const> = registry.ops
local Loss <const> = Object:extend "Loss"

-- ---- the names ----------------------------------------------------------------------------------

-- How targets are matched to outputs: "same" shape, class "ids" or rows of the same shape, "rows"
-- (one-hot), "places" (ids only); none: as they are. `logits`: 0 and not 0.5 parts yes from no.
local OPERATIONS <const> = {
  { "mse mean_squared_error", "mse_loss", "same" },
  { "mae l1 mean_absolute_error", "l1_loss", "same" },
  { "smooth_l1", "smooth_l1_loss", "same" },
  { "huber", "huber_loss", "same" },
  { "cross_entropy", "cross_entropy", "ids" },
  { "nll", "nll_loss", "ids" },
  { "bce", "binary_cross_entropy", "same" },
  { "bce_with_logits binary_cross_entropy_with_logits", "binary_cross_entropy_with_logits", "same",
    logits = true },
  { "kl_div", "kl_div", "same" },
  { "poisson_nll", "poisson_nll_loss", "same" },
  { "soft_margin", "soft_margin_loss", "same" },
  { "multi_margin", "multi_margin_loss", "ids" },
  { "multilabel_soft_margin", "multilabel_soft_margin_loss", "same", logits = true },
}

local FORMULAS <const> = {
  { "categorical_crossentropy", "categorical_crossentropy", "rows" },
  { "sparse_categorical_crossentropy", "sparse_categorical_crossentropy", "places" },
  { "binary_crossentropy", "binary_crossentropy", "same" },
  { "binary_focal_crossentropy focal", "binary_focal_crossentropy", "same" },
  { "kl_divergence kld kullback_leibler_divergence", "kl_divergence", "same" },
  { "mape mean_absolute_percentage_error", "mean_absolute_percentage_error", "same" },
  { "msle mean_squared_logarithmic_error", "mean_squared_logarithmic_error", "same" },
  { "log_cosh", "log_cosh", "same" },
  { "poisson", "poisson", "same" },
  { "cosine_similarity", "cosine_similarity", "same" },
  { "hinge", "hinge", "same" },
  { "squared_hinge", "squared_hinge", "same" },
  { "categorical_hinge", "categorical_hinge", "same" },
  { "dice", "dice", "same" },
}

-- f(y, t, reduction), from an operation that knows reductions.
local function by_operation(op, options)
  return function(y, t, reduction)
    options.reduction = reduction
    return ops[op](y, t, options)
  end
end

local function by_formula(f, options)
  return function(y, t, reduction)
    local each <const> = f(y, t, options)
    return reduction == "mean" and each:mean() or each
  end
end

local known <const> = names.table "loss"
local of_operation <const> = {}  -- operation -> its row
for _, row in ipairs(OPERATIONS) do
  of_operation[row[2]] = row
  known:add(row[1], { match = row[3], logits = row.logits,
    make = function(options) return by_operation(row[2], options) end })
end
for _, row in ipairs(FORMULAS) do
  known:add(row[1], { match = row[3],
    make = function(options) return by_formula(formulas[row[2]], options) end })
end

Loss.names = known

-- ---- making one ---------------------------------------------------------------------------------

-- A criterion that is asked for another reduction than its own becomes a copy with that one.
local function by_module(module)
  local forms <const> = { [module.reduction or "mean"] = module }
  return function(y, t, reduction)
    if not forms[reduction] then
      forms[reduction] = module:clone()
      forms[reduction].reduction = reduction
    end
    return forms[reduction](y, t)
  end
end

local function from_module(self, module)
  local row <const> = of_operation[module.op] or {}
  self.name, self.match, self.logits = getmetatable(module).__name, row[3], row.logits
  self.can_weigh = module.reduction ~= nil
  self.f = module.reduction == "sum" and module or by_module(module)
end

local function from_name(self, who, name, options)
  local entry <const>, plain <const> = known:find(who, name)
  self.name, self.match = plain, entry.match
  self.logits = entry.logits or options.from_logits
  self.can_weigh = true
  self.f = entry.make(options)
end

--- Loss(who, spec): `who` is named in errors.
function Loss:new(who, spec)
  self.who = who
  local name <const>, options <const> = names.spec(spec)
  if name then return from_name(self, who, name, options) end
  if type(spec) == "table" and rawget(spec, "__index") then
    core.fail(who, "loss", "%s is a class: write %s(...)", tostring(spec), tostring(spec))
  end
  if type(spec) == "table" and spec.is_module then return from_module(self, spec) end
  local meta <const> = getmetatable(spec)
  if type(spec) == "function" or meta and meta.__call then
    self.name, self.f, self.can_weigh = "loss", spec, true
    return
  end
  core.fail(who, "loss", "expected a name, {name, option = ...}, a criterion or a function, got %s",
    type(spec))
end

-- ---- targets ------------------------------------------------------------------------------------

local function unfit(self, y, t, wanted)
  core.fail(self.who, "y", "loss '%s': the model's output is %s, the target %s; expected %s",
    self.name, rule.text(y.shape), rule.text(t.shape), wanted)
end

local function is_id(t) return not t:is_floating_point() end

-- (B, 1) where (B) is expected
local function without_column(t) return t.ndim > 1 and t:size(-1) == 1 and t:squeeze(-1) or t end

local MATCH <const> = {}

function MATCH.same(self, y, t)
  if not t:is_same_size(y) then
    if not without_column(y):is_same_size(without_column(t)) then
      unfit(self, y, t, "the same shape")
    end
    t = t:reshape(y.shape)
  end
  return t.dtype == y.dtype and t or t:to(y.dtype)
end

function MATCH.ids(_, y, t)
  if t:is_same_size(y) and y.ndim > 1 then return is_id(t) and t:to(y.dtype) or t end
  return t.ndim == y.ndim and without_column(t) or t
end

function MATCH.rows(self, y, t)
  if not t:is_same_size(y) then
    unfit(self, y, t, "a row of the output's size for each example (for class ids there is "
      .. "'sparse_categorical_crossentropy')")
  end
  return is_id(t) and t:to(y.dtype) or t
end

function MATCH.places(self, y, t)
  if t.ndim == y.ndim then t = without_column(t) end
  if t.ndim ~= y.ndim - 1 or not is_id(t) then
    unfit(self, y, t, "a class id (an integer from 1) for each example (for rows there is "
      .. "'categorical_crossentropy')")
  end
  return t:to "int64"
end

--- loss:target(y, t): the target as this loss takes it.
function Loss:target(y, t)
  if not (self.match and core.is_tensor(y) and core.is_tensor(t)) then return t end
  return MATCH[self.match](self, y, t)
end

-- ---- values -------------------------------------------------------------------------------------

--- loss:mean(y, t): a scalar.
function Loss:mean(y, t)
  local value <const> = self.f(y, self:target(y, t), "mean")
  return value.ndim == 0 and value or value:mean()
end

-- The mean over the dimensions after the first n.
local function reduced_to(x, n)
  return x.ndim > n and x:flatten(n + 1):mean(-1) or x
end

--- loss:each(y, t, ndim = 1): one loss for every example, (B), or for each of the first `ndim`
--- dimensions; nil where the loss gives one number for a whole batch.
function Loss:each(y, t, ndim)
  local each <const> = self.can_weigh and self.f(y, self:target(y, t), "none")
  if not each or each.ndim == 0 then return nil end
  return reduced_to(each, ndim or 1)
end

--- loss:weighted(y, t, w): the sum of the examples' losses (B) times w, over B; w may also be
--- (B, T), for each step of a sequence.
function Loss:weighted(y, t, w)
  local each <const> = self:each(y, t, w.ndim)
  if not each then
    core.fail(self.who, "sample_weight", "loss '%s' gives one number for a whole batch, weights "
      .. "need one for each example (a tensor)", self.name)
  end
  if not each:is_same_size(w) then
    core.fail(self.who, "sample_weight", "the weights are %s, the losses %s", rule.text(w.shape),
      rule.text(each.shape))
  end
  return (each * w:to(each.dtype)):mean()
end

return Loss
