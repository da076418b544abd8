-- Adafactor: Adam's second moment kept as a row and a column, for little memory.

local core = require "tocha.core"
local registry = require "tocha.op"
local Optimizer = require "tocha.optim.optimizer"

local ops <const> = registry.ops

--- optim.Adafactor(params, {lr = 0.01, beta2_decay = -0.8, eps = {false, 1e-3}, d = 1, weight_decay
--- = 0, maximize = false}): of an (..., m, n) parameter the state is m + n numbers, of a vector as
--- many as it has. The step is at most lr or 1 / sqrt(step), times the parameter's root mean
--- square; d limits its own. eps[1] false is the dtype's epsilon. Shazeer and Stern, "Adafactor:
--- Adaptive Learning Rates with Sublinear Memory Cost" (2018), in PyTorch's form.
local Adafactor <const> = Optimizer:extend("Adafactor", "lr = 0.01, beta2_decay = -0.8, "
  .. "eps = {false, 1e-3}, d = 1.0, weight_decay = 0.0, maximize = false")

local EPSILON <const> = {
  float64 = 2 ^ -52, float32 = 2 ^ -23, float16 = 2 ^ -10, bfloat16 = 2 ^ -7,
}

function Adafactor:check(group)
  Optimizer.check(self, group)
  self:need(group, "beta2_decay", -math.huge, 2 ^ -1074)
  self:need(group, "d", 1)
  if type(group.eps) ~= "table" then
    self:fail("eps must be a list of two numbers, got %s", tostring(group.eps))
  end
  if group.eps[1] then self:need(group.eps, 1, 0, nil, "eps") end
  self:need(group.eps, 2, 0, nil, "eps")
end

local function rms(x) return ops.norm(x):item() / math.max(1, x:numel()) ^ 0.5 end

-- A state of zeros of the gradient's shape, but for one dimension of size 1.
local function factor(state, name, g, dim)
  if not state[name] then
    local shape <const> = g.shape
    shape[#shape + 1 + dim] = 1
    state[name] = core.empty(shape, g.dtype, g):zero_()
  end
  return state[name]
end

-- The mean of the squares along a dimension.
local function mean_square(g, dim)
  return ops.norm(g, 2, dim, true):square_():div_(math.max(1, g:size(dim)))
end

-- The running second moment of g: whole for a vector, from its factors otherwise.
local function variance(state, g, weight, eps)
  if g.ndim < 2 then
    if not state.variance then state.variance = core.empty(g):zero_() end
    return state.variance:lerp_(g * g, weight):clone()
  end
  local row <const> = factor(state, "row_var", g, -1):lerp_(mean_square(g, -1), weight)
  local col <const> = factor(state, "col_var", g, -2):lerp_(mean_square(g, -2), weight)
  return ops.matmul(row, col):div_(ops.mean(row, -2, true):clamp_min_(eps))
end

local function update_one(p, g, state, group, step)
  local eps <const> = group.eps[1] or EPSILON[p.dtype]
  local rate <const> = math.max(group.eps[2], rms(p)) * math.min(group.lr, step ^ -0.5)
  if group.maximize then g = -g end
  if group.weight_decay ~= 0 then p:mul_(1 - group.lr * group.weight_decay) end
  local spread <const> = variance(state, g, step ^ group.beta2_decay, eps)
  local move <const> = spread:clamp_min_(eps * eps):rsqrt_():mul_(g)
  p:add_(move, -rate / math.max(1, rms(move) / group.d))
end

function Adafactor:update(batch, group)  -- luacheck: ignore self
  local step <const> = batch:count()
  for k, p in ipairs(batch.params) do
    update_one(p, batch.grads[k], batch.states[k], group, step)
  end
end

return { Adafactor = Adafactor }
