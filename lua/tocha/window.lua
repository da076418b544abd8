-- What convolution and pooling share: arguments a spatial dimension, sizes of results, error texts.
--
-- In the kernels' form a list has one entry a spatial dimension, and padding is a pair (before,
-- after) a dimension.

local core = require "tocha.core"
local registry = require "tocha.op"

local ops <const>, rule <const> = registry.ops, registry.rule
local window <const> = {}

local LAYOUT <const> = {
  "(N, C, L) or (C, L)", "(N, C, H, W) or (C, H, W)", "(N, C, D, H, W) or (C, D, H, W)",
}

--- A list of n integers from one, or a list of them; each at least `least`. `arg` is the argument's
--- place in the operation's list.
function window.list(op, arg, value, n, least)
  local list <const> = rule.list(value, n)
  if #list ~= n then
    core.fail(op, arg, "expected an integer or a list of %d, got a list of %d", n, #list)
  end
  for _, v in ipairs(list) do
    if v < least then core.fail(op, arg, "must be at least %d, got %d", least, v) end
  end
  return list
end

--- The channel dimension of x, which is batched or not.
function window.channel(op, x, n)
  local ndim <const> = x.ndim
  if ndim ~= n + 1 and ndim ~= n + 2 then
    core.fail(op, 1, "expected %s, got %s", LAYOUT[n], rule.text(x.shape))
  end
  return ndim - n
end

--- A result of sizes `out` from dimension `first` of x on must fit into memory: told before the
--- tables of its windows are made, which would take as long as it is large.
function window.check_room(x, first, out)
  local sizes <const> = table.move(out, 1, #out, first, x.shape)
  local _ <close> = core.empty(sizes, x.dtype, x)
end

--- "over 2 dimensions"
function window.over(n) return ("over %d dimension%s"):format(n, n > 1 and "s" or "") end

--- How many outputs a window has; nil when it is larger than what it slides over.
function window.count(size, kernel, stride, before, after, dilation, ceil)
  local free <const> = size + before + after - dilation * (kernel - 1) - 1
  if not ceil then return free >= 0 and free // stride + 1 or nil end
  local count <const> = -(-free // stride) + 1
  if count < 1 then return nil end
  -- the last window must begin inside the input or the padding ahead of it
  return (count - 1) * stride >= size + before and count - 1 or count
end

--- What "same" pads before and after: ceil(size / stride) results, more at the end where the sum is
--- odd, as Keras and ONNX have it.
function window.same_pads(size, kernel, stride, dilation)
  local out <const> = -(-size // stride)
  local total <const> = math.max((out - 1) * stride + dilation * (kernel - 1) + 1 - size, 0)
  return total // 2, total - total // 2
end

--- Pairs from a list of paddings that are the same on both sides.
function window.pairs_of(padding)
  local both <const> = {}
  for d, p in ipairs(padding) do both[2 * d - 1], both[2 * d] = p, p end
  return both
end

--- For operations that take the kernels' form from other operations: a shape that could not have
--- come from there is an error. Each list is { list, how many, least value }.
function window.trust(op, lists)
  for _, each in ipairs(lists) do
    local list <const>, n <const>, least <const> = each[1], each[2], each[3]
    if type(list) ~= "table" or #list ~= n then
      core.fail(op, nil, "expected lists in the form that the public operations make")
    end
    for _, v in ipairs(list) do
      if v < least then
        core.fail(op, nil, "a list holds %d; the least possible is %d", v, least)
      end
    end
  end
end

-- ---- filters ------------------------------------------------------------------------------------

--- Keys' cubic filter (1981) at a distance t of at most 1, and of 1 to 2; numbers or tensors.
function window.cubic_near(t, a) return (t * (a + 2) - (a + 3)) * t * t + 1 end
function window.cubic_far(t, a) return ((t - 5) * t + 8) * t * a - 4 * a end

--- The same at any distance, a number.
function window.cubic(t, a)
  t = math.abs(t)
  return t <= 1 and window.cubic_near(t, a) or t < 2 and window.cubic_far(t, a) or 0.0
end

--- The triangle of linear interpolation at a distance t.
function window.hat(t) return math.max(0.0, 1 - math.abs(t)) end

-- ---- tables of weights, for ops.resample --------------------------------------------------------

--- Lists of count * most indices and weights. `row(o)` gives the first index of result o, how many
--- there are, and a function from the place among them (from 0) to the weight.
function window.table_of(count, most, row)
  local index <const>, weight <const> = {}, {}
  for o = 1, count do
    local first, n, f = row(o)
    for j = 0, most - 1 do
      index[#index + 1] = first + (j < n and j or 0)
      weight[#weight + 1] = j < n and f(j) or 0.0
    end
  end
  return { index, weight }
end

--- The same as tensors (count, most) that fit x.
function window.tensors(lists, count, x)
  local index <const>, weight <const> = lists[1], lists[2]
  local dtype <const> = x.dtype == "float64" and "float64" or "float32"
  local function tensor(list, kind)
    return core.from_table(list, kind):to(x.device):reshape { count, -1 }
  end
  return tensor(index, "int64"), tensor(weight, dtype)
end

-- ---- for definitions ----------------------------------------------------------------------------
-- What kernels compute, in simpler operations.

--- The elements of padded x under tap `at` (from 0), one for every output.
function window.under_tap(x, at, out, stride, dilation)
  for d = 1, #out do
    local first = at[d] * dilation[d] + 1
    x = ops.slice(x, d + 2, first, first + (out[d] - 1) * stride[d], stride[d])
  end
  return x
end

--- Zeros around x, or what is too much cut off, so that the window fits `out` times.
function window.padded(x, out, kernel_size, stride, pads, dilation)
  local list <const> = {}
  for d = #out, 1, -1 do
    local need = (out[d] - 1) * stride[d] + (kernel_size[d] - 1) * dilation[d] + 1
    list[#list + 1] = pads[2 * d - 1]
    list[#list + 1] = need - x:size(d + 2) - pads[2 * d - 1]
  end
  return ops.pad(x, list)
end

--- f(k, at) for every tap: its number from 1, its place in each dimension from 0.
function window.each_tap(sizes, f)
  for k = 0, rule.product(sizes) - 1 do
    local at, rest = {}, k
    for d = #sizes, 1, -1 do at[d], rest = rest % sizes[d], rest // sizes[d] end
    f(k + 1, at)
  end
end

--- The spatial part of a shape.
function window.spatial(shape, n) return table.move(shape, #shape - n + 1, #shape, 1, {}) end

--- The adjoint of a linear f at g, for an argument of the given sizes.
function window.adjoint(f, size, g)
  local autograd <const> = require "tocha.autograd"
  local _ <close> = autograd.enable_grad()
  local x = ops.zeros(size, { dtype = g.dtype, device = g.device }):requires_grad_()
  return autograd.grad({ f(x) }, { x }, { grad_outputs = { g:detach() } })[1]
end

return window
