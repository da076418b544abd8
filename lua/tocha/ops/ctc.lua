-- ctc_loss: log_probs is (T, N, C) or (T, C); targets (N, S), one after the other in one dimension,
-- or (S). Labels and `blank` count from 1. The gradient is that of the loss as a function of
-- log_probs (PyTorch's differs by what log_softmax takes away again).

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local loss = require "tocha.lossutil"
local K <const> = core.kernel

-- ---- the definition, in simple operations -------------------------------------------------------

local FAR <const> = -1e30  -- stands for log(0): its differences stay finite

-- The labels with a blank before, between and after: (N, 2 S + 1), and where a path may skip a
-- state.
local function extended(targets, blank)
  local N <const>, S2 <const> = targets:size(1), 2 * targets:size(2) + 1
  local labels = ops.full({ N, S2 }, blank, { dtype = "int64", device = targets.device })
  ops.slice(labels, 2, 2, -1, 2):copy_(targets)
  local skips = ops.zeros({ N, S2 }, { dtype = "bool", device = targets.device })
  if S2 > 3 then
    ops.slice(skips, 2, 4, -1, 2):copy_(ops.ne(ops.slice(targets, 2, 2),
      ops.slice(targets, 2, 1, -2)))
  end
  return labels, skips
end

local function shifted(alpha, by)
  local size <const> = alpha:size(2)
  local far = ops.full({ alpha:size(1), by }, FAR, { dtype = alpha.dtype, device = alpha.device })
  return ops.narrow(ops.cat({ far, alpha }, 2), 2, 1, size)
end

local function step(alpha, lp, skips)
  local one = shifted(alpha, 1)
  local two = ops.where(skips, shifted(alpha, 2), FAR)
  return ops.logsumexp(ops.stack({ alpha, one, two }, 1), 1) + lp
end

-- The loss of each sample: every alpha, then the one at the end of its frames and of its labels.
local function losses_of(log_probs, targets, frames, lengths, blank)
  if targets:size(2) == 0 then
    targets = ops.full({ targets:size(1), 1 }, blank, { dtype = "int64", device = targets.device })
  end
  local labels, skips = extended(targets, blank)
  local T <const>, N <const> = log_probs:size(1), log_probs:size(2)
  local function at(t) return ops.gather(ops.select(log_probs, 1, t), 2, labels) end
  local places = ops.arange(1, labels:size(2), { device = labels.device })
  places = ops.expand(ops.reshape(places, { 1, -1 }), labels.shape)
  local last = ops.reshape(lengths, { N, 1 }) * 2 + 1
  local alpha = ops.where(ops.le(places, 2), at(1), FAR)
  local rows = { alpha }
  for t = 2, T do
    alpha = step(alpha, at(t), skips)
    rows[t] = alpha
  end
  local final = ops.stack(rows, 1)
  local pick = ops.expand(ops.reshape(frames, { 1, N, 1 }), { 1, N, labels:size(2) })
  final = ops.squeeze(ops.gather(final, 1, pick), 1)
  local ends = ops.where(ops.logical_or(ops.eq(places, last), ops.eq(places, last - 1)), final, FAR)
  return -ops.logsumexp(ends, 2)
end

-- ---- the kernels --------------------------------------------------------------------------------

local ARGS <const> = "log_probs: float, targets: index, input_lengths: index, target_lengths: "
  .. "index, blank: int"

local SAMPLE <const> = { { 4, 2, 3 }, S.value { { 2, 3 }, { 3, 3 } }, S.value { 4, 3 },
  S.value { 2, 2 }, 1 }

op "ctc_losses" {
  doc = "The loss of `ctc_loss` for each sample.",
  args = ARGS, method = false,
  run = function(log_probs, ...)
    local losses = core.empty({ log_probs:size(2) }, log_probs.dtype, log_probs)
    K.ctc_loss(losses, log_probs, ...)
    return losses
  end,
  ref = losses_of,
  grad = { log_probs = function(g, _, ...) return ops.ctc_losses_backward(g, ...) end },
  saves = "log_probs targets input_lengths target_lengths",
  sample = { SAMPLE },
}

op "ctc_losses_backward" {
  doc = "The gradient of `ctc_losses` for log_probs.",
  args = "grad: float, " .. ARGS, method = false,
  run = function(g, log_probs, ...)
    local gx = core.empty(log_probs)
    K.ctc_loss_backward(gx, g, log_probs, ...)
    return gx
  end,
  ref = function(g, log_probs, ...)
    local autograd <const> = require "tocha.autograd"
    local _ <close> = autograd.enable_grad()
    local x = log_probs.requires_grad and log_probs or log_probs:detach():requires_grad_()
    return autograd.grad(losses_of(x, ...), x, { grad_outputs = g, create_graph = true })
  end,
  sample = { { { 2 }, table.unpack(SAMPLE) } },
}

-- ---- arguments ----------------------------------------------------------------------------------

local function id_list(name, value, argument)
  if math.type(value) == "integer" then value = { value } end
  if type(value) == "table" then value = core.from_table(value, "int64") end
  if not core.is_tensor(value) then
    core.fail(name, argument, "expected a tensor or a list of integers, got a %s", type(value))
  end
  return ops.reshape(ops.to(value, "int64"), { -1 })
end

-- Targets one after the other become rows, filled up with blanks.
local function as_rows(targets, lengths, blank)
  local widest, at, rows <const> = 0, 0, {}
  local flat <const> = targets:totable()
  for n, length in ipairs(lengths) do
    rows[n] = table.move(flat, at + 1, at + length, 1, {})
    widest, at = math.max(widest, length), at + length
  end
  if at ~= #flat then
    core.fail("ctc_loss", 2, "the target lengths add up to %d, the targets have %d labels", at,
      #flat)
  end
  for _, row in ipairs(rows) do
    for k = #row + 1, widest do row[k] = blank end
  end
  if widest == 0 then return core.empty({ #rows, 0 }, "int64") end
  return core.from_table(rows, "int64")
end

local function check(log_probs, frames, lengths, blank)
  local N <const>, C <const> = log_probs:size(2), log_probs:size(3)
  if frames:numel() ~= N or lengths:numel() ~= N then
    core.fail("ctc_loss", nil, "expected %d input lengths and %d target lengths for the log_probs "
      .. "%s, got %d and %d",
      N, N, rule.text(log_probs.shape), frames:numel(), lengths:numel())
  end
  if blank < 1 or blank > C then
    core.fail("ctc_loss", "blank", "%d is out of range 1..%d", blank, C)
  end
end

op "ctc_loss" {
  doc = "Loss of sequences of labels against frames of log-probabilities of which nobody knows "
    .. "which belongs to which. `blank` is the class of no label.",
  args = "log_probs: float, targets: index, input_lengths: any, target_lengths: any, blank: int"
    .. " = 1, reduction: string = \"mean\", zero_infinity: bool = false",
  method = false,
  ref = function(log_probs, targets, frames, lengths, blank, how, zero_infinity)
    local single <const> = log_probs.ndim == 2
    if single then log_probs = ops.unsqueeze(log_probs, 2) end
    if log_probs.ndim ~= 3 then
      core.fail("ctc_loss", 1, "expected (T, N, C) or (T, C), got %s", rule.text(log_probs.shape))
    end
    frames, lengths = id_list("ctc_loss", frames, 3), id_list("ctc_loss", lengths, 4)
    check(log_probs, frames, lengths, blank)
    if targets.ndim == 1 then targets = as_rows(targets, lengths:totable(), blank) end
    local device <const> = log_probs.device
    lengths = lengths:to(device)
    local losses = ops.ctc_losses(log_probs, targets:to(device), frames:to(device), lengths, blank)
    if zero_infinity then losses = ops.where(ops.isinf(losses), 0, losses) end
    if how == "mean" then losses = losses / ops.clamp_min(lengths, 1) end
    if single and how == "none" then losses = ops.squeeze(losses, 1) end
    return loss.reduced("ctc_loss", losses, how)
  end,
  sample = { { { 4, 2, 3 }, S.value { { 2, 3 }, { 3, 1 } }, S.list { 4, 3 }, S.list { 2, 1 } },
    { { 3, 3 }, S.value { 2 }, 3, 1, 1, "none" } },
}
