-- Anomaly mode: every node remembers its line, and a gradient that becomes NaN is an error.

local core = require "tocha.core"
local registry = require "tocha.op"
local tape = require "tocha.autograd.tape"
local sweeping = require "tocha.autograd.sweep"
local scopes = require "tocha.autograd.scope"

local ops <const> = registry.ops

local function has_nan(g)
  return core.is_tensor(g) and g:is_floating_point() and ops.isnan(g):any():item()
end

local function find_nan(node, result)
  for k, g in pairs(result) do
    if has_nan(g) then
      core.fail(node[tape.OP].name, nil, "its gradient for argument %d became NaN; "
        .. "the call was at %s", k, node.trace or "a line recorded before anomaly mode was on")
    end
  end
end

--- A scope in which every node remembers its line, and backward stops at the first gradient that is
--- NaN with an error naming it.
local function detect_anomaly()
  return scopes.open(function()
    sweeping.anomaly = find_nan
    return core.tracing(core.where)
  end, function(was)
    core.tracing(was)
    if not was then sweeping.anomaly = nil end
  end)
end

return detect_anomaly
