-- What one call of a kernel takes: the parameters of a group that have a gradient and are equally
-- far, with their gradients and states.
--
--     batch.params, batch.grads    lists of tensors
--     batch.states                 the state tables of these parameters
--     batch.stage                  what they have in common, by optimiser:stage(state)
--     batch.lists                  where lists of states are kept, in a step that is recorded

local core = require "tocha.core"
local Object = require "tocha.class"

local Batch <const> = Object:extend "Batch"

-- Gradients are not kept from one step to the next: what zero_grad drops is garbage at once.
local WEAK <const> = { __mode = "v" }

function Batch:new(stage)
  self.stage, self.params, self.grads, self.states = stage, {}, {}, {}
end

function Batch:add(p, g, state)
  local n <const> = #self.params + 1
  self.params[n], self.grads[n], self.states[n] = p, g, state
end

local function state_of(optimiser, p)
  local states <const> = optimiser.state
  if not states[p] then states[p] = {} end
  return states[p]
end

-- A class whose update only passes the gradients on to a kernel says so in a field of its own,
-- `in_passing`: they can then be given back the moment they are dropped.
local function shown(p) return p.grad end

local function reader(optimiser)
  local in_passing <const> = rawget(getmetatable(optimiser), "in_passing")
  return in_passing and not core.recording() and core.grad or shown
end

local function sort_out(optimiser, group)
  local batches <const>, at <const>, grad <const> = {}, {}, reader(optimiser)
  for _, p in ipairs(group.params) do
    local g <const> = grad(p)
    if g then
      local state <const> = state_of(optimiser, p)
      local stage <const> = optimiser:stage(state)
      local batch = at[stage]
      if not batch then
        batch = Batch(stage)
        at[stage], batches[#batches + 1] = batch, batch
      end
      batch:add(p, g, state)
    end
  end
  return batches
end

-- The batch of the last step again, with the gradients of now: false where it is not the same any
-- more, because a parameter has no gradient, or another state, or is ahead of the others.
local function renew(batch, optimiser, group)
  local states <const>, params <const>, grads = optimiser.state, group.params, batch.grads
  local n <const>, grad <const>, stage = #params, reader(optimiser), nil
  if n ~= #batch.params then return false end
  for k = 1, n do
    local p <const> = params[k]
    local g <const>, state <const> = grad(p), batch.states[k]
    if not g or batch.params[k] ~= p or states[p] ~= state then return false end
    local its <const> = optimiser:stage(state)
    if k > 1 and its ~= stage then return false end
    stage, grads[k] = its, g
  end
  batch.stage = stage
  return n > 0
end

local last <const> = setmetatable({}, { __mode = "k" })  -- group -> the batches of its last step

--- Batch.collect(optimiser, group): the batches of a group, a list. A step that is being recorded
--- (tocha.graph) keeps its own.
function Batch.collect(optimiser, group)
  if core.recording() then return sort_out(optimiser, group) end
  local batches = last[group]
  if batches and renew(batches[1], optimiser, group) then return batches end
  batches = sort_out(optimiser, group)
  last[group] = nil
  if #batches == 1 then
    setmetatable(batches[1].grads, WEAK)
    last[group] = batches
  end
  return batches
end

--- batch:tensors(name, value = 0): the state `name` of each parameter, a list. What is not there
--- yet is made, of the parameter's shape and filled with `value`.
function Batch:tensors(name, value)
  local lists <const> = self.lists
  if lists and lists[name] then return lists[name] end
  local list <const> = {}
  for k, state in ipairs(self.states) do
    local x = state[name]
    if not x then
      x = core.empty(self.params[k]):fill_(value or 0)
      state[name] = x
    end
    list[k] = x
  end
  if lists then lists[name] = list end
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
