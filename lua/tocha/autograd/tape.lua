-- The tape: how a node is laid out, its edges, and the operations that only the tape has.
--
-- A node reads as the list { op, versions, output, args..., edges... } (csrc/lua/tape.h). An
-- operation with a function `sweep` passes its gradient on by that.

local core = require "tocha.core"
local registry = require "tocha.op"

local tape <const> = {}
local ops <const> = registry.ops

tape.OP, tape.VERSIONS, tape.OUT, tape.ARGS = 1, 2, 3, 4
local OP <const>, ARGS <const> = tape.OP, tape.ARGS

tape.accumulate = { name = "accumulate", nargs = 1, leaf = true }  -- the end of the way
tape.pick = { name = "pick", nargs = 1 }                -- one of several results of a node
tape.copy_slices = { name = "copy_slices", nargs = 2 }  -- a tensor that a view of it wrote into

--- node(op, output, args..., edges...): a node that no call made.
tape.node = core.node

--- storage -> who wrote into it last, where the tape watches it
tape.writers = {}

--- Calls f(target, argument index, element index) for every edge of a node.
function tape.each_edge(node, f)
  local n <const> = node[OP].nargs
  for k = 1, n do
    local edge = node[ARGS + n + k - 1]
    if edge and edge.n then
      for j = 1, edge.n do
        if edge[j] then f(edge[j], k, j) end
      end
    elseif edge then
      f(edge, k)
    end
  end
end

-- A gradient that becomes x.grad must not share memory with anything else: take_grad says no then.
function tape.accumulate.sweep(sweep, node, g)
  if sweep.capture then return end
  local x <const> = node[ARGS]
  local have <const> = x.grad
  if sweep.create then core.set_grad(x, have and have + g or g)
  elseif have then have:add_(g)
  elseif not core.take_grad(x, g) then core.take_grad(x, g:clone()) end
end

function tape.pick.sweep(sweep, node, g)
  local main <const> = node[ARGS + 1]
  local list <const> = sweep:gathered(main) or {}
  list[node[ARGS]] = g
  sweep:gathered(main, list)
  sweep:arrive(main)
end

function tape.copy_slices.sweep(sweep, node, g)
  local view <const> = node[ARGS]
  local rest = ops.lay_out(g, view.channels_last)
  local part = ops.as_strided(rest, view.size, view.stride, view.offset)
  local mine = part:clone()
  part:zero_()
  local n <const> = tape.copy_slices.nargs
  local base <const>, written <const> = node[ARGS + n], node[ARGS + n + 1]
  if base then sweep:arrive(base, rest) end
  if written then sweep:arrive(written, mine) end
end

return tape
