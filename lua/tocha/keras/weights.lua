-- The weights of Keras's layers: their layouts, get_weights and set_weights, what their
-- regularisers add to the loss, what their constraints bring them to.
--
-- `class.weights` lists those of a class in Keras's order, { Keras's name, field, layout }. The
-- fields hold PyTorch's layout.

local autograd = require "tocha.autograd"
local core = require "tocha.core"
local summary = require "tocha.nn.summary"
local tensors = require "tocha.nn.tensors"

local weights <const> = {}
local methods <const> = {}  -- of layers and models
weights.methods = methods

-- ---- the layouts of weights ---------------------------------------------------------------------

local function same(x) return x end

local function permuted(order_of)
  return function(x) return x:permute(order_of(x.ndim)) end
end

-- (O, I, k...) and (k..., I, O); a matrix is the case without k.
local function kernel_order(ndim)
  local order <const> = {}
  for d = 3, ndim do order[d - 2] = d end
  order[ndim - 1], order[ndim] = 2, 1
  return order
end

local function weight_order(ndim)
  local order <const> = { ndim, ndim - 1 }
  for d = 1, ndim - 2 do order[d + 2] = d end
  return order
end

-- (I * M, 1, k...) and (k..., I, M)
local function depthwise_kernel(w, self)
  local sizes <const> = { self._channels, -1 }
  table.move(w.shape, 3, w.ndim, 3, sizes)
  local order <const> = {}
  for d = 3, w.ndim do order[d - 2] = d end
  order[w.ndim - 1], order[w.ndim] = 1, 2
  return w:reshape(sizes):permute(order)
end

local function depthwise_weight(k)
  local n <const> = k.ndim
  local order <const> = { n - 1, n }
  for d = 1, n - 2 do order[d + 2] = d end
  local sizes <const> = { -1, 1 }
  table.move(k.shape, 1, n - 2, 3, sizes)
  return k:permute(order):reshape(sizes)
end

weights.PLAIN = { to_keras = same, from_keras = same }
weights.KERNEL = { to_keras = permuted(kernel_order), from_keras = permuted(weight_order) }
weights.DEPTHWISE = { to_keras = depthwise_kernel, from_keras = depthwise_weight }

-- ---- weights ------------------------------------------------------------------------------------

-- Those of its own that are there: { name, tensor, layout }.
local function own_weights(self)
  local list <const> = {}
  for _, row in ipairs(getmetatable(self).weights or {}) do
    local x <const> = self[row[2]]
    if core.is_tensor(x) then
      list[#list + 1] = { name = row[1], tensor = x, layout = row[3] or weights.PLAIN }
    end
  end
  return list
end

-- Visits all weights of a layer and what it holds, in Keras's order.
local function each_weight(self, visit)
  if not self.is_keras then
    for name, p in self:named_parameters() do visit(self, name, p, weights.PLAIN) end
    return
  end
  for _, w in ipairs(own_weights(self)) do visit(self, w.name, w.tensor, w.layout) end
  for _, child in ipairs(self:children()) do each_weight(child, visit) end
end

-- Fills the weights from their initialisers; nn calls it when sizes are known.
function methods:reset_parameters()
  local _ <close> = autograd.no_grad()
  for _, w in ipairs(own_weights(self)) do
    local start <const> = self._members[w.name .. "_initializer"]
    if start then
      local x <const> = w.tensor:detach()
      x:copy_(w.layout.from_keras(start(w.layout.to_keras(x, self).shape, x.dtype)))
    end
  end
end

--- weights.named(module): { name, tensor } of all weights in Keras's order and layout; the names
--- within the layer ("kernel", "forward_layer/kernel").
function weights.named(module)
  local list <const>, seen <const> = {}, {}
  local _ <close> = autograd.no_grad()
  each_weight(module, function(owner, name, x, how)
    local path <const> = owner == module and name or (owner.name or "layer") .. "/" .. name
    seen[path] = (seen[path] or 0) + 1
    list[#list + 1] = { name = seen[path] > 1 and ("%s_%d"):format(path, seen[path] - 1) or path,
      tensor = how.to_keras(x:detach(), owner) }
  end)
  return list
end

--- layer:get_weights(): copies, in Keras's order and layout: kernels as (..., inputs, outputs).
function methods:get_weights()
  local list <const> = {}
  local _ <close> = autograd.no_grad()
  each_weight(self, function(owner, _, x, how)
    list[#list + 1] = how.to_keras(x:detach(), owner):clone()
  end)
  return list
end

local function check_weight(name, x, given)
  if core.is_tensor(given) and given:is_same_size(x) then return end
  core.fail("set_weights", 1, "weight '%s' has the shape (%s), got %s", name,
    table.concat(x.shape, ", "),
    core.is_tensor(given) and "(" .. table.concat(given.shape, ", ") .. ")" or type(given))
end

--- layer:set_weights(list): the other way. Nothing is changed when one does not fit.
function methods:set_weights(list)
  local _ <close> = autograd.no_grad()
  local plan <const> = {}
  each_weight(self, function(owner, name, x, how)
    local given <const> = list[#plan + 1]
    check_weight(name, how.to_keras(x:detach(), owner), given)
    plan[#plan + 1] = { x:detach(), how.from_keras(given) }
  end)
  if #plan ~= #list then
    core.fail("set_weights", 1, "it has %d weights, got %d", #plan, #list)
  end
  for _, pair in ipairs(plan) do pair[1]:copy_(pair[2]) end
end

--- layer:count_params(): how many numbers its weights hold, those that are not trained too.
function methods:count_params()
  for _, m in ipairs(self:modules()) do
    local missing <const> = tensors.unsized(m)
    if missing then
      core.fail("count_params", nil, "'%s' is not built yet: give an input_shape, or call the "
        .. "model on data", m.name or getmetatable(m).__name)
    end
  end
  return summary.weigh(self, true).total
end

-- ---- penalties and constraints ------------------------------------------------------------------

-- The tape records the penalties: they are part of the loss.
local function penalties(self, add)
  for _, w in ipairs(own_weights(self)) do
    local rule <const> = self._members[w.name .. "_regularizer"]
    if rule and w.tensor.requires_grad then add(rule(w.layout.to_keras(w.tensor, self))) end
  end
  for _, x in ipairs(rawget(self, "_losses") or {}) do add(x) end
end

--- layer:add_loss(x): a scalar that is added to the loss of this call of the model.
function methods:add_loss(x)
  local list <const> = rawget(self, "_losses") or {}
  list[#list + 1] = x
  rawset(self, "_losses", list)
end

--- weights.clear_losses(module): forgets what add_loss added in earlier calls.
function weights.clear_losses(module)
  for _, m in ipairs(module:modules()) do rawset(m, "_losses", nil) end
end

--- weights.extra_loss(module): the sum of what regularisers and add_loss add to the loss, or nil.
function weights.extra_loss(module)
  local sum
  for _, m in ipairs(module:modules()) do
    if m.is_keras then penalties(m, function(x) sum = sum and sum + x or x end) end
  end
  return sum
end

--- weights.has_extra_loss(module): may there be any?
function weights.has_extra_loss(module)
  for _, m in ipairs(module:modules()) do
    for name in pairs(m.is_keras and rawget(m, "_members") or {}) do
      if name:find "_regularizer$" then return true end
    end
    if m.adds_loss or rawget(m, "_losses") then return true end
  end
  return false
end

local function constrained(self)
  local list <const> = {}
  for _, w in ipairs(own_weights(self)) do
    local rule <const> = self._members[w.name .. "_constraint"]
    if rule then list[#list + 1] = { rule = rule, weight = w, owner = self } end
  end
  return list
end

--- weights.constraints(module): a function that brings all weights to their constraints, or nil.
function weights.constraints(module)
  local all <const> = {}
  for _, m in ipairs(module:modules()) do
    for _, each in ipairs(m.is_keras and constrained(m) or {}) do all[#all + 1] = each end
  end
  if #all == 0 then return nil end
  return function()
    local _ <close> = autograd.no_grad()
    for _, each in ipairs(all) do
      local w <const>, x <const> = each.weight, each.weight.tensor:detach()
      x:copy_(w.layout.from_keras(each.rule(w.layout.to_keras(x, each.owner))))
    end
  end
end

return weights
