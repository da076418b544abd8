-- Losses with a layer of their own: the projection onto the classes is part of them.
-- AdaptiveLogSoftmaxWithLoss, LinearCrossEntropyLoss.

local core = require "tocha.core"
local registry = require "tocha.op"
local rule = require "tocha.rule"
local Module = require "tocha.nn.module"
local container = require "tocha.nn.container"
local Linear = require "tocha.nn.linear".Linear

local ops <const> = registry.ops

-- ---- adaptive softmax ---------------------------------------------------------------------------

local Adaptive <const> = Module:extend("AdaptiveLogSoftmaxWithLoss",
  "in_features, n_classes, cutoffs, div_value = 4.0, head_bias = false, device = nil, dtype = nil")
Adaptive.owns = { cutoffs = true, head_bias = true, device = true, dtype = true }

local function check_cutoffs(cutoffs, n_classes)
  local last = 0
  for k, c in ipairs(cutoffs) do
    if math.type(c) ~= "integer" or c <= last or c > n_classes - 1 then
      core.fail("AdaptiveLogSoftmaxWithLoss", 3, "cutoffs are integers that grow, between 1 and "
        .. "n_classes - 1 = %d; number %d is %s", n_classes - 1, k, tostring(c))
    end
    last = c
  end
  if last == 0 then core.fail("AdaptiveLogSoftmaxWithLoss", 3, "expected a list of cutoffs") end
end

-- The head knows the frequent classes and one number for each cluster of rarer ones; a cluster's
-- projection goes through fewer features the rarer it is.
function Adaptive:build(args)
  local cutoffs <const> = table.move(args.cutoffs, 1, #args.cutoffs, 1, {})
  check_cutoffs(cutoffs, self.n_classes)
  cutoffs[#cutoffs + 1] = self.n_classes
  self.cutoffs, self.shortlist_size = cutoffs, cutoffs[1]
  self.n_clusters = #cutoffs - 1
  self.head_size = self.shortlist_size + self.n_clusters
  local where <const> = { bias = args.head_bias, device = args.device, dtype = args.dtype }
  self.head = Linear(self.in_features, self.head_size, where)
  where.bias = false
  self.tail = container.ModuleList()
  for k = 1, self.n_clusters do
    local narrow <const> = math.floor(self.in_features // self.div_value ^ k)
    self.tail:append(container.Sequential(Linear(self.in_features, narrow, where),
      Linear(narrow, cutoffs[k + 1] - cutoffs[k], where)))
  end
end

local function check_input(self, x, target)
  if x.ndim < 1 or x.ndim > 2 or x:size(-1) ~= self.in_features then
    core.fail("AdaptiveLogSoftmaxWithLoss", 1, "expected (%d) or (N, %d), got %s",
      self.in_features, self.in_features, rule.text(x.shape))
  end
  local shape <const> = table.move(x.shape, 1, x.ndim - 1, 1, {})
  if not target then return end
  if rule.text(target.shape) ~= rule.text(shape) then
    core.fail("AdaptiveLogSoftmaxWithLoss", 2, "expected the shape %s, got %s", rule.text(shape),
      rule.text(target.shape))
  end
  for _, id in ipairs { ops.amin(target):item(), ops.amax(target):item() } do
    if id < 1 or id > self.n_classes then
      core.fail("AdaptiveLogSoftmaxWithLoss", 2, "class id %d is out of range 1..%d", id,
        self.n_classes)
    end
  end
end

-- The rows of ids that lie in the k-th cluster (0: the frequent classes), or nil.
local function rows_of(self, target, k)
  local low <const> = k == 0 and 0 or self.cutoffs[k]
  local inside <const> = ops.logical_and(ops.gt(target, low), ops.le(target, self.cutoffs[k + 1]))
  local rows <const> = ops.nonzero(inside):reshape { -1 }
  return rows:numel() > 0 and rows or nil, low
end

--- loss(x, target): x is (N, in_features) or (in_features), target (N) or a single class id from 1.
--- Returns the log-probabilities of the targets, (N), and their negative mean. Classes are ordered
--- from the most frequent to the rarest. Grave et al., "Efficient softmax approximation for GPUs"
--- (2017).
function Adaptive:forward(x, target)
  check_input(self, x, target)
  if x.ndim == 1 then
    local output <const>, loss <const> = self:forward(x:unsqueeze(1), target:reshape { 1 })
    return output:squeeze(1), loss
  end
  local in_head, output = ops.clone(target), ops.zeros({ x:size(1) }, { dtype = x.dtype,
    device = x.device })
  for k = 1, self.n_clusters do
    local rows <const>, low <const> = rows_of(self, target, k)
    if rows then
      local logp <const> = ops.log_softmax(self.tail[k](ops.index_select(x, 1, rows)), 2)
      local own <const> = (ops.index_select(target, 1, rows) - low):unsqueeze(2)
      output = ops.index_copy(output, 1, rows, ops.gather(logp, 2, own):squeeze(2))
      in_head = ops.index_fill(in_head, 1, rows, self.shortlist_size + k)
    end
  end
  local head <const> = ops.log_softmax(self.head(x), 2)
  output = output + ops.gather(head, 2, in_head:unsqueeze(2)):squeeze(2)
  return output, -ops.mean(output)
end

--- loss:log_prob(x): the log-probabilities of all classes, (N, n_classes).
function Adaptive:log_prob(x)
  check_input(self, x)
  local head <const> = ops.log_softmax(self.head(x), -1)
  local parts <const> = { ops.narrow(head, -1, 1, self.shortlist_size) }
  for k = 1, self.n_clusters do
    local cluster <const> = ops.narrow(head, -1, self.shortlist_size + k, 1)
    parts[k + 1] = ops.log_softmax(self.tail[k](x), -1) + cluster
  end
  return ops.cat(parts, -1)
end

--- loss:predict(x): the most probable classes, (N).
function Adaptive:predict(x) return ops.argmax(self:log_prob(x), -1) end

-- ---- cross entropy of a projection --------------------------------------------------------------

local LinearCrossEntropy <const> = Module:extend("LinearCrossEntropyLoss",
  "in_features, num_classes, out_features = {}, bias = false, weight = nil, reduction = 'mean', "
  .. "ignore_index = -100, label_smoothing = 0.0, device = nil, dtype = nil")
LinearCrossEntropy.owns = { bias = true, weight = true, device = true, dtype = true }

function LinearCrossEntropy:build(args)
  self.linear = Linear(self.in_features, self.num_classes * rule.product(self.out_features),
    { bias = args.bias, device = args.device, dtype = args.dtype })
  if args.weight then self:register_buffer("weight", args.weight) end
end

--- nn.LinearCrossEntropyLoss(in_features, num_classes, {out_features = {}, bias = false, ...}):
--- loss(x, target) is the cross entropy of linear(x), with x (N, in_features) and target (N,
--- out_features...) of ids from 1, or of probabilities (N, C, out_features...).
function LinearCrossEntropy:forward(x, target)
  local logits <const> = self.linear(x)
  local shape <const> = table.move(x.shape, 1, x.ndim - 1, 1, {})
  shape[#shape + 1] = self.num_classes
  table.move(self.out_features, 1, #self.out_features, #shape + 1, shape)
  return ops.cross_entropy(logits:reshape(shape), target, self.weight, self.ignore_index,
    self.reduction, self.label_smoothing, true)  -- nobody else sees these logits
end

return { AdaptiveLogSoftmaxWithLoss = Adaptive, LinearCrossEntropyLoss = LinearCrossEntropy }
