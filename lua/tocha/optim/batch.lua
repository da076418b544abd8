-- What one call of a kernel takes: the parameters of a group that have a gradient and are equally
-- far, with their gradients and states.
--
--     batch.params, batch.grads    lists of tensors
--     batch.states                 the state tables of these parameters
--     batch.stage                  what they have in common, by optimiser:stage(state)

local core = require "tocha.core"
local Object = require "tocha.class"

local Batch <const> = Object:extend "Batch"

function Batch:new(stage)
  self.stage, self.params, self.grads, self.states = stage, {}, {}, {}
end

--- Batch.collect(optimiser, group): the batches of a group, a list.
function Batch.collect(optimiser, group)
  local batches <const>, at <const>, states <const> = {}, {}, optimiser.state
  for _, p in ipairs(group.params) do
    local g <const> = p.grad
    if g then
      local state = states[p]
      if not state then
        state = {}
        states[p] = state
      end
      local stage <const> = optimiser:stage(state)
      local batch = at[stage]
      if not batch then
        batch = Batch(stage)
        at[stage], batches[#batches + 1] = batch, batch
      end
      local n <const> = #batch.params + 1
      batch.params[n], batch.grads[n], batch.states[n] = p, g, state
    end
  end
  return batches
end

--- batch:tensors(name, value = 0): the state `name` of each parameter, a list. What is not there
--- yet is made, of the parameter's shape and filled with `value`.
function Batch:tensors(name, value)
  local list <const> = {}
  for k, state in ipairs(self.states) do
    local x = state[name]
    if not x then
      x = core.empty(self.params[k]):fill_(value or 0)
      state[name] = x
    end
    list[k] = x
  end
  return list
end

--- batch:set(name, value): the number `name` of each state.
function Batch:set(name, value)
  for _, state in ipairs(self.states) do state[name] = value end
  return value
end

--- batch:count(): one more step for each; returns which one it is, from 1.
function Batch:count() return self:set("step", (self.states[1].step or 0) + 1) end

return Batch
