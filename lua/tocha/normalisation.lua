-- What the normalisations share: checks, and their definition in simple operations.

local core = require "tocha.core"
local registry = require "tocha.op"
local rule, ops = registry.rule, registry.ops

local normal <const> = {}

--- An empty tensor, where x is, stands for a gradient that is not wanted.
function normal.like_or_none(t, x) return core.empty(t and t.shape or { 0 }, t and t.dtype, x) end

--- An error unless t is a vector of n elements.
function normal.check_size(name, argument, t, n, what)
  if t and (t.ndim ~= 1 or t:size(1) ~= n) then
    core.fail(name, argument, "expected %d elements, one for each %s, got a %s tensor", n, what,
      rule.text(t.shape))
  end
end

--- N, C and the elements of a channel of (N, C, ...).
function normal.check_channels(name, x)
  if x.ndim < 2 then
    core.fail(name, 1, "expected (N, C, ...), got a %s tensor", rule.text(x.shape))
  end
  return x:size(1), x:size(2), rule.product(x.shape, 3)
end

--- How batch statistics see pictures that lie channels last, by N, C and size: as (N size, C, 1),
--- which is how they are in memory. Gives the three numbers and a function to see tensors so.
function normal.as_it_lies(x, N, C, size)
  if not core.is_channels_last(x) then return N, C, size, function(t) return t end end
  local dims <const> = { 1 }
  for d = 3, x.ndim do dims[d - 1] = d end
  dims[x.ndim] = 2
  return N * size, C, 1, function(t) return ops.permute(t, dims) end
end

--- A vector over channels, shaped to broadcast against (N, C, ...).
function normal.by_channel(t, x)
  if not t then return nil end
  local shape <const> = { -1 }
  for d = 2, x.ndim - 1 do shape[d] = 1 end
  return ops.reshape(t, shape)
end

--- All dimensions but the channels.
function normal.other_dims(x) return rule.other_dims(x.ndim, 2) end

--- y weight + bias, where there are any.
function normal.scaled(y, weight, bias)
  if weight then y = y * weight end
  return bias and y + bias or y
end

--- (x - mean) / std over dims, from the definition; not centred: x / root mean square.
function normal.standardised(x, dims, eps, centred)
  local d = centred and x - ops.mean(x, dims, true) or x
  return d * ops.rsqrt(ops.mean(d * d, dims, true) + eps)
end

--- The same gradient from the definition: g reaches xhat through weight, x through both its parts.
function normal.standardised_grad(g, x, dims, eps, centred)
  local d = centred and x - ops.mean(x, dims, true) or x
  local rstd = ops.rsqrt(ops.mean(d * d, dims, true) + eps)
  local hat = d * rstd
  local rest = g - hat * ops.mean(g * hat, dims, true)
  if centred then rest = rest - ops.mean(g, dims, true) end
  return rest * rstd, hat
end

return normal
