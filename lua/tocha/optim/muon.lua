-- Muon: momentum whose steps are made orthogonal, for the matrices inside a network.

local registry = require "tocha.op"
local signature = require "tocha.signature"
local Optimizer = require "tocha.optim.optimizer"

local ops <const> = registry.ops

--- optim.Muon(params, {lr = 0.001, weight_decay = 0.1, momentum = 0.95, nesterov = true,
--- ns_coefficients = {3.4445, -4.775, 2.0315}, eps = 1e-7, ns_steps = 5, adjust_lr_fn = nil}): for
--- parameters of two dimensions; biases, embeddings and the last layer go to another optimiser.
--- adjust_lr_fn says how the rate of an (a, b) matrix follows its shape: "original" (the default),
--- sqrt(max(1, a / b)); "match_rms_adamw", 0.2 sqrt(max(a, b)), with which Adam's rates serve;
--- "spectral_unclamped", sqrt(a / b). The iteration runs in bfloat16. Jordan et al., "Muon: An
--- optimizer for hidden layers in neural networks" (2024), in PyTorch's form.
local Muon <const> = Optimizer:extend("Muon", "lr = 0.001, weight_decay = 0.1, momentum = 0.95, "
  .. "nesterov = true, ns_coefficients = {3.4445, -4.775, 2.0315}, eps = 1e-7, ns_steps = 5, "
  .. "adjust_lr_fn = nil")

local ADJUST <const> = {
  original = function(a, b) return math.max(1, a / b) ^ 0.5 end,
  match_rms_adamw = function(a, b) return 0.2 * math.max(a, b) ^ 0.5 end,
  spectral_unclamped = function(a, b) return (a / b) ^ 0.5 end,
}

function Muon:check(group)
  Optimizer.check(self, group)
  self:need(group, "momentum", 0)
  self:need(group, "eps", 0)
  self:need_integer(group, "ns_steps", 0)
  if group.ns_steps >= 100 then self:fail("ns_steps must be below 100, got %d", group.ns_steps) end
  if type(group.ns_coefficients) ~= "table" or #group.ns_coefficients ~= 3 then
    self:fail("ns_coefficients must be a list of three numbers")
  end
  for k = 1, 3 do self:need(group.ns_coefficients, k, -math.huge, nil, "ns_coefficients") end
  if group.adjust_lr_fn ~= nil and not ADJUST[group.adjust_lr_fn] then
    self:fail("adjust_lr_fn must be original, match_rms_adamw or spectral_unclamped, got %s",
      signature.text(group.adjust_lr_fn))
  end
end

function Muon:check_parameter(p)
  if p.ndim ~= 2 then
    self:fail("takes parameters of two dimensions, got a (%s) tensor", table.concat(p.shape, ", "))
  end
end

-- Newton and Schulz's iteration towards the nearest orthogonal matrix; singular values end near 1.
local function orthogonal(g, group)
  local a <const>, b <const>, c <const> = table.unpack(group.ns_coefficients)
  local x = g:to "bfloat16"
  local tall <const> = g:size(1) > g:size(2)
  if tall then x = x:t() end
  x = x:div(ops.norm(x):clamp_min_(group.eps))
  for _ = 1, group.ns_steps do
    local gram <const> = ops.matmul(x, x:t())
    local polynomial <const> = ops.addmm(gram, gram, gram, { beta = b, alpha = c })
    x = ops.addmm(x, polynomial, x, { beta = a })
  end
  return tall and x:t() or x
end

local function update_one(p, g, buf, group)
  local momentum <const> = group.momentum
  buf:lerp_(g, 1 - momentum)
  local move <const> = orthogonal(group.nesterov and ops.lerp(g, buf, momentum) or buf, group)
  local adjust <const> = ADJUST[group.adjust_lr_fn or "original"]
  p:mul_(1 - group.lr * group.weight_decay)
  p:add_(move, -group.lr * adjust(p:size(1), p:size(2)))
end

function Muon:update(batch, group)  -- luacheck: ignore self
  local bufs <const> = batch:tensors "momentum_buffer"
  for k, p in ipairs(batch.params) do update_one(p, batch.grads[k], bufs[k], group) end
end

return { Muon = Muon }
