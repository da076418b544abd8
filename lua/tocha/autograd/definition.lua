-- The gradient of an operation whose declaration gives none: its definition (`ref`) is run again,
-- recorded, and swept. Edges say which arguments are wanted.

local core = require "tocha.core"
local registry = require "tocha.op"
local tape = require "tocha.autograd.tape"

local ops <const> = registry.ops
local OP <const>, ARGS <const> = tape.OP, tape.ARGS
local unpack <const> = table.unpack

-- The gradient of an operation that gives none: that of its definition.
local function grads_by_ref(node, g, create)
  local autograd <const> = require "tocha.autograd"
  local op <const> = node[OP]
  local args, inputs, places = {}, {}, {}
  local function fresh(x) return create and ops.alias(x) or x:detach():requires_grad_() end
  local function wrap(value, edge)
    if not edge then return value end
    local x = fresh(value)
    inputs[#inputs + 1] = x
    return x
  end
  local _ <close> = autograd.enable_grad()
  for k = 1, op.nargs do
    local value, edge = node[ARGS + k - 1], node[ARGS + op.nargs + k - 1]
    if edge and edge.n then
      args[k], places[k] = {}, #inputs + 1
      for j = 1, edge.n do args[k][j] = wrap(value[j], edge[j]) end
    else
      if edge then places[k] = #inputs + 1 end
      args[k] = wrap(value, edge)
    end
  end
  local outputs <const> = table.pack(op.ref(unpack(args, 1, op.nargs)))
  local roots, seeds = {}, {}
  local given <const> = core.is_tensor(g) and { g } or g
  for k = 1, op.differentiable or 1 do
    if given[k] and outputs[k].requires_grad then  -- else it depends on nothing that is wanted
      roots[#roots + 1], seeds[#seeds + 1] = outputs[k], given[k]
    end
  end
  local found = autograd.grad(roots, inputs,
    { grad_outputs = seeds, create_graph = create, allow_unused = true })
  local result = {}
  for k = 1, op.nargs do
    local edge = node[ARGS + op.nargs + k - 1]
    local at = places[k]
    if edge and edge.n then
      result[k] = {}
      for j = 1, edge.n do
        if edge[j] then result[k][j], at = found[at] or false, at + 1 end
      end
    elseif edge then
      result[k] = found[at]
    end
  end
  return result
end

return grads_by_ref
