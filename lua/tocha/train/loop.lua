-- The plain loop, in pieces that `fit` is built from and that loops of one's own may use.
--
--     for epoch = 1, 10 do
--       local loss = train.epoch(model, criterion, optimizer, loader)
--       print(epoch, loss)
--     end

local autograd = require "tocha.autograd"
local core = require "tocha.core"

local loop <const> = {}

--- loop.is_list(value): several tensors, or a plain table of anything.
function loop.is_list(value) return type(value) == "table" and getmetatable(value) == nil end

--- loop.map(value, f): the tensors in a tensor, a list or a nested list, each through f.
function loop.map(value, f)
  if core.is_tensor(value) then return f(value) end
  if not loop.is_list(value) then return value end
  local list <const> = {}
  for key, each in pairs(value) do list[key] = loop.map(each, f) end
  return list
end

--- loop.beside(model, values...): a batch where the model's parameters are.
function loop.beside(model, ...)
  local first <const> = model:parameters()[1]
  local device <const> = first and first.device or "cpu"
  if device == "cpu" then return ... end
  local function there(x) return x:to(device) end
  local values <const> = table.pack(...)
  for k = 1, values.n do values[k] = loop.map(values[k], there) end
  return table.unpack(values, 1, values.n)
end

--- loop.call(model, x): the model's output; a list x goes in as several arguments, several outputs
--- come as a list.
function loop.call(model, x)
  local list <const> = loop.is_list(x) and #x > 0
  local outputs <const> = table.pack(model(table.unpack(list and x or { x })))
  return outputs.n > 1 and outputs or outputs[1]
end

-- Gradients as they are after backward: clipped where asked for.
local function clip(model, options)
  local utils <const> = require "tocha.nn.utils"
  if options.clip_value then utils.clip_grad_value_(model:parameters(), options.clip_value) end
  if options.clip_norm then utils.clip_grad_norm_(model:parameters(), options.clip_norm) end
end

--- train.update(model, optimizer, {clip_norm, clip_value}): the step that gradients which have been
--- added up are for.
function loop.update(model, optimizer, options)
  clip(model, options)
  optimizer:step()
end

--- train.step(model, criterion, optimizer, x, y, options): one step of gradient descent on one
--- batch; returns the loss (a scalar tensor) and the output. criterion(output, y) is the loss.
---
--- Options: clip_norm, clip_value: of the gradients (nn.utils). part, parts: this batch is the
--- `part`-th of `parts` whose gradients are added up (divided by `parts`) before the one step.
function loop.step(model, criterion, optimizer, x, y, options)
  options = options or {}
  local part <const>, parts <const> = options.part or 1, options.parts or 1
  local first_loss, first_output  -- an optimiser may ask more than once
  local function closure()
    if part == 1 then optimizer:zero_grad() end
    local output <const> = loop.call(model, x)
    local loss <const> = criterion(output, y)
    local share <const> = parts > 1 and loss / parts or loss
    share:backward()
    if part == parts then clip(model, options) end
    first_loss, first_output = first_loss or loss:detach(), first_output or output
    return loss
  end
  if part == parts then optimizer:step(closure) else closure() end
  return first_loss, first_output
end

--- loop.size(x): the number of examples in x: a tensor, or a list of them.
function loop.size(x)
  if core.is_tensor(x) then return x.ndim > 0 and x:size(1) or 1 end
  local _, first <const> = next(x)
  return loop.size(first)
end

--- train.epoch(model, criterion, optimizer, loader, options): one pass; the mean loss of its
--- examples as they came. Options as train.step has them.
function loop.epoch(model, criterion, optimizer, loader, options)
  model:train()
  local total, seen = 0.0, 0
  for x, y in loader:batches() do
    x, y = loop.beside(model, x, y)
    local n <const> = loop.size(x)
    local loss <const> = loop.step(model, criterion, optimizer, x, y, options)
    total, seen = total + loss:item() * n, seen + n
  end
  return total / seen
end

-- The modules of a model and the modes that they are in.
local function modes_of(model)
  local modes <const> = {}
  for k, m in ipairs(model:modules()) do modes[k] = { m, m.is_training } end
  return modes
end

local Kept <const> = { __close = function(self)
  for _, pair in ipairs(self) do rawset(pair[1], "is_training", pair[2]) end
end }

--- train.mode(model, training): puts the model into a mode until the end of the block:
---   local _ <close> = train.mode(model, false)
--- Modules that were in another mode go back to that.
function loop.mode(model, training)
  local kept <const> = setmetatable(modes_of(model), Kept)
  model:train(training)
  return kept
end

--- loop.predict(model, x): the output for one batch in evaluation mode, off the tape.
function loop.predict(model, x)
  local _ <close> = loop.mode(model, false)
  local _ <close> = autograd.no_grad()
  return loop.call(model, loop.beside(model, x))
end

return loop
