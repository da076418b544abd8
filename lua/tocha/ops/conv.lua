-- Convolution and its transpose in one to three dimensions.
--
-- Three kernels serve all: forward, gradient of the input, gradient of the weight. Each is linear
-- in either tensor and the others are its adjoints, so that gradients of any order are these
-- three again.

local registry = require "tocha.op"
local op, rule, S, ops = registry.op, registry.rule, registry.samples, registry.ops
local core = require "tocha.core"
local window = require "tocha.window"

local kernel <const>, text <const> = core.kernel, rule.text
local INF <const> = math.huge

-- ---- the definition -----------------------------------------------------------------------------

-- A sum over the taps of the window of products over the channels. x is (N, C, ...) or (C, ...),
-- weight (O, C / groups, ...), size the shape of the result.
local function by_taps(x, weight, size, stride, pads, dilation, groups)
  local n <const> = #stride
  local out <const>, taps <const> = window.spatial(size, n), window.spatial(weight.shape, n)
  if x.ndim == n + 1 then x = ops.unsqueeze(x, 1) end
  x = window.padded(x, out, taps, stride, pads, dilation)
  local batch <const>, channels <const>, outputs <const> = x:size(1), x:size(2), weight:size(1)
  local pixels <const> = rule.product(out)
  local flat <const> = weight:reshape { groups, outputs // groups, channels // groups,
    rule.product(taps) }
  local sum
  window.each_tap(taps, function(k, at)
    local part = window.under_tap(x, at, out, stride, dilation)
      :reshape { batch, groups, channels // groups, pixels }
    local product = ops.matmul(flat:select(4, k), part)
    sum = sum and sum + product or product
  end)
  return sum:reshape(size)
end

local function with_bias(y, bias, n)
  if not bias then return y end
  local shape <const> = { -1 }
  for d = 1, n do shape[d + 1] = 1 end
  return y + bias:reshape(shape)
end

-- ---- the three operations behind the public ones ------------------------------------------------

-- Does one convolution have an input, a weight and an output of these shapes? The kernels rely
-- on it.
local function check_shapes(name, x, weight, y, stride, pads, dilation, groups)
  local n <const> = #weight - 2
  window.trust(name, { { stride, n, 1 }, { pads, 2 * n, math.mininteger }, { dilation, n, 1 } })
  local c <const> = #x - n
  local fits = n >= 1 and n <= 3 and (c == 1 or c == 2) and #y == #x and groups >= 1
    and x[c] == weight[2] * groups and y[c] == weight[1] and weight[1] % groups == 0
    and (c == 1 or x[1] == y[1])
  if not fits then
    core.fail(name, nil, "input %s, weight %s and output %s do not belong to one convolution "
      .. "(%d groups)", text(x), text(weight), text(y), groups)
  end
end

local PARAMS <const> = "size: ints, stride: ints, padding: ints, dilation: ints, groups: int"

op "conv_forward" {
  method = false,
  doc = "Convolution with a result of shape `size`; padding as pairs (before, after). What conv1d "
    .. "to conv3d do.",
  args = "input: float, weight: float, " .. PARAMS,
  saves = "input weight",
  run = function(x, w, size, stride, pads, dilation, groups)
    check_shapes("conv_forward", x.shape, w.shape, size, stride, pads, dilation, groups)
    local y = core.picture(size, x, w)
    kernel.conv(y, x, w, nil, nil, stride, pads, dilation, groups, -INF, INF)
    return y
  end,
  ref = by_taps,
  grad = {
    input = function(g, _, x, w, _, ...) return ops.conv_input_grad(g, w, x.shape, ...) end,
    weight = function(g, _, x, w, _, ...) return ops.conv_weight_grad(x, g, w.shape, ...) end,
  },
  sample = {
    { { 2, 3, 5 }, { 4, 3, 3 }, S.list { 2, 4, 3 }, S.list { 2 }, S.list { 1, 1 },
      S.list { 1 }, 1 },
  },
}

op "conv_input_grad" {
  method = false,
  doc = "The gradient of a convolution with respect to its input of shape `size`.",
  args = "grad: float, weight: float, " .. PARAMS,
  saves = "grad weight",
  run = function(g, w, size, stride, pads, dilation, groups)
    check_shapes("conv_input_grad", size, w.shape, g.shape, stride, pads, dilation, groups)
    local x = core.picture(size, g, w)
    kernel.conv_input_grad(x, g, w, nil, stride, pads, dilation, groups)
    return x
  end,
  ref = function(g, w, size, ...)
    local rest <const> = table.pack(...)
    return window.adjoint(function(x)
      return by_taps(x, w:detach(), g.shape, table.unpack(rest))
    end, size, g)
  end,
  grad = {
    grad = function(gg, _, g, w, _, ...) return ops.conv_forward(gg, w, g.shape, ...) end,
    weight = function(gg, _, g, w, _, ...) return ops.conv_weight_grad(gg, g, w.shape, ...) end,
  },
  sample = {
    { { 2, 4, 3 }, { 4, 3, 3 }, S.list { 2, 3, 5 }, S.list { 2 }, S.list { 1, 1 },
      S.list { 1 }, 1 },
    { { 2, 4, 4, 5 }, { 4, 1, 3, 2 }, S.list { 2, 2, 5, 5 }, S.list { 1, 1 }, S.list { 0, 1, 1, 0 },
      S.list { 1, 1 }, 2 },
  },
}

op "conv_weight_grad" {
  method = false,
  doc = "The gradient of a convolution with respect to its weight of shape `size`.",
  args = "input: float, grad: float, " .. PARAMS,
  saves = "input grad",
  run = function(x, g, size, stride, pads, dilation, groups)
    check_shapes("conv_weight_grad", x.shape, size, g.shape, stride, pads, dilation, groups)
    local w = core.picture(size, x, g)
    kernel.conv_weight_grad(w, x, g, stride, pads, dilation, groups)
    return w
  end,
  ref = function(x, g, size, ...)
    local rest <const> = table.pack(...)
    return window.adjoint(function(w)
      return by_taps(x:detach(), w, g.shape, table.unpack(rest))
    end, size, g)
  end,
  grad = {
    input = function(gw, _, x, g, _, ...) return ops.conv_input_grad(g, gw, x.shape, ...) end,
    grad = function(gw, _, x, g, _, ...) return ops.conv_forward(x, gw, g.shape, ...) end,
  },
  sample = {
    { { 2, 3, 5 }, { 2, 4, 3 }, S.list { 4, 3, 3 }, S.list { 2 }, S.list { 1, 1 },
      S.list { 1 }, 1 },
    { { 2, 4, 5 }, { 2, 4, 4 }, S.list { 4, 1, 2 }, S.list { 1 }, S.list { 0, 0 },
      S.list { 1 }, 4 },
  },
}

-- ---- arguments ----------------------------------------------------------------------------------

local function same_padding(shape, c, taps, stride, dilation)
  local pads <const> = {}
  for d, k in ipairs(taps) do
    pads[2 * d - 1], pads[2 * d] = window.same_pads(shape[c + d], k, stride[d], dilation[d])
  end
  return pads
end

local function padding_list(name, arg, padding, n)
  if math.type(padding) == "integer" then padding = { padding } end
  if type(padding) ~= "table" or #padding == 0 then
    core.fail(name, arg, 'expected an integer, a list of %d or of %d integers, "same" or "valid"',
      n, 2 * n)
  end
  for _, p in ipairs(padding) do
    if math.type(p) ~= "integer" or p < 0 then
      core.fail(name, arg, "must be integers of at least 0, got %s", tostring(p))
    end
  end
  if #padding == 2 * n and n > 0 then return padding end
  return window.pairs_of(window.list(name, arg, padding, n, 0))
end

-- Checks what convolution and its transpose have in common; gives the channel dimension.
-- `inputs` and `outputs` are the channels by the weight.
local function check_tensors(name, n, x, weight, bias, inputs, outputs)
  local c <const> = window.channel(name, x, n)
  if x:size(c) ~= inputs then
    core.fail(name, 2, "expected %d input channels, got %d (weight is %s, input is %s)", x:size(c),
      inputs, text(weight.shape), text(x.shape))
  end
  if bias and (bias.ndim ~= 1 or bias:size(1) ~= outputs) then
    core.fail(name, 3, "expected (%d,), one for each output channel, got %s", outputs,
      text(bias.shape))
  end
  return c
end

local function check_weight(name, n, weight, groups, arg)
  if weight.ndim ~= n + 2 then
    core.fail(name, 2, "expected %d dimensions, got %s", n + 2, text(weight.shape))
  end
  if groups < 1 then core.fail(name, arg, "must be at least 1, got %d", groups) end
  if weight:size(1) % groups ~= 0 then
    core.fail(name, arg, "%d groups do not divide %d channels (weight is %s)", groups,
      weight:size(1), text(weight.shape))
  end
end

-- The shape of the result with `count(d)` elements along spatial dimension d.
local function result_shape(x, c, channels, n, count)
  local size <const> = { x:size(1) }
  size[c] = channels
  for d = 1, n do size[c + d] = count(d) end
  return size
end

-- The arguments of convNd in the kernels' form: size of the result, stride, pads, dilation.
local function conv_geometry(name, n, x, weight, bias, stride, padding, dilation, groups)
  check_weight(name, n, weight, groups, 7)
  local c <const> = check_tensors(name, n, x, weight, bias, weight:size(2) * groups, weight:size(1))
  local shape <const>, taps <const> = x.shape, window.spatial(weight.shape, n)
  stride = window.list(name, 4, stride, n, 1)
  dilation = window.list(name, 6, dilation, n, 1)
  if padding == "valid" then padding = 0 end
  local pads = padding == "same" and same_padding(shape, c, taps, stride, dilation)
    or padding_list(name, 5, padding, n)
  local size <const> = result_shape(x, c, weight:size(1), n, function(d)
    local before, after = pads[2 * d - 1], pads[2 * d]
    return window.count(shape[c + d], taps[d], stride[d], before, after, dilation[d])
      or core.fail(name, 2, "the kernel covers %d elements, the padded input has %d (weight is %s, "
        .. "input is %s)",
        dilation[d] * (taps[d] - 1) + 1, shape[c + d] + before + after, text(weight.shape),
        text(shape))
  end)
  return size, stride, pads, dilation
end

-- The same for conv_transposeNd; here the result is what a convolution would have as its input.
local function transpose_geometry(name, n, x, weight, bias, stride, padding, output_padding, groups,
  dilation)
  check_weight(name, n, weight, groups, 7)
  local outputs <const> = weight:size(2) * groups
  local c <const> = check_tensors(name, n, x, weight, bias, weight:size(1), outputs)
  local shape <const>, taps <const> = x.shape, window.spatial(weight.shape, n)
  stride = window.list(name, 4, stride, n, 1)
  dilation = window.list(name, 8, dilation, n, 1)
  local pads <const> = padding_list(name, 5, padding, n)
  local more <const> = window.list(name, 6, output_padding, n, 0)
  local size <const> = result_shape(x, c, outputs, n, function(d)
    if more[d] >= stride[d] and more[d] >= dilation[d] then
      core.fail(name, 6, "%d must be smaller than stride (%d) or dilation (%d)", more[d], stride[d],
        dilation[d])
    end
    local count <const> = (shape[c + d] - 1) * stride[d] - pads[2 * d - 1] - pads[2 * d]
      + dilation[d] * (taps[d] - 1) + more[d] + 1
    if count < 1 then
      core.fail(name, 5, "leaves a result of size %d (input is %s)", count, text(shape))
    end
    return count
  end)
  return size, stride, pads, dilation
end

-- Summed over everything but the channels.
local function bias_grad(g, n)
  return ops.sum(g, rule.other_dims(g.ndim, g.ndim - n))
end

-- ---- the public ones ----------------------------------------------------------------------------

local function conv_op(n, sample)
  local name <const> = "conv" .. n .. "d"
  op(name) {
    doc = ("Convolution (cross-correlation) over %d spatial dimension%s. `padding`: an integer, "
      .. "one a dimension, a pair (before, after) a dimension, "
      .. '"valid", or "same" (ceil(size / stride) results).')
      :format(n, n > 1 and "s" or ""),
    args = "input: float, weight: float, bias: float?, stride: ints = 1, padding: any = 0, "
      .. "dilation: ints = 1, groups: int = 1",
    saves = "input weight",
    run = function(x, w, bias, stride, padding, dilation, groups)
      local size, pads
      size, stride, pads, dilation = conv_geometry(name, n, x, w, bias, stride, padding, dilation,
        groups)
      local y = core.picture(size, x, w)
      kernel.conv(y, x, w, bias, nil, stride, pads, dilation, groups, -INF, INF)
      return y
    end,
    ref = function(x, w, bias, stride, padding, dilation, groups)
      local size, pads
      size, stride, pads, dilation = conv_geometry(name, n, x, w, bias, stride, padding, dilation,
        groups)
      return with_bias(by_taps(x, w, size, stride, pads, dilation, groups), bias, n)
    end,
    grad = {
      input = function(g, _, x, w, bias, stride, padding, dilation, groups)
        local _, s, p, d = conv_geometry(name, n, x, w, bias, stride, padding, dilation, groups)
        return ops.conv_input_grad(g, w, x.shape, s, p, d, groups)
      end,
      weight = function(g, _, x, w, bias, stride, padding, dilation, groups)
        local _, s, p, d = conv_geometry(name, n, x, w, bias, stride, padding, dilation, groups)
        return ops.conv_weight_grad(x, g, w.shape, s, p, d, groups)
      end,
      bias = function(g) return bias_grad(g, n) end,
    },
    sample = sample,
  }
end

conv_op(1, {
  { { 2, 3, 7 }, { 4, 3, 3 } }, { { 3, 7 }, { 4, 3, 3 }, { 4 }, 2, 1 },
  { { 2, 4, 6 }, { 6, 2, 2 }, { 6 }, 1, "same", 2, 2 },
  { { 1, 2, 9 }, { 2, 2, 3 }, nil, 2, S.list { 0, 3 } },
})
conv_op(2, {
  { { 2, 3, 5, 6 }, { 4, 3, 3, 2 }, { 4 } }, { { 2, 3, 6, 5 }, { 2, 3, 3, 3 }, { 2 }, 2, "same" },
  { { 2, 4, 5, 5 }, { 4, 1, 3, 3 }, nil, 1, 1, 1, 4 }, { { 2, 3, 3, 4 }, { 5, 3, 1, 1 }, { 5 } },
  { { 1, 2, 4, 5 }, { 3, 2, 2, 3 }, nil, 1, S.list { 1, 0, 2, 1 } },
  { { 2, 7, 7 }, { 3, 2, 2, 2 }, nil, S.list { 2, 1 }, S.list { 1, 0 }, S.list { 2, 3 } },
  { { 1, 9, 4, 4 }, { 3, 9, 3, 3 }, { 3 }, 1, 1 },
})
conv_op(3, {
  { { 1, 2, 3, 4, 3 }, { 3, 2, 2, 2, 2 }, { 3 } },
  { { 2, 2, 3, 3, 4 }, { 2, 1, 1, 2, 3 }, nil, S.list { 1, 2, 1 }, 1, 1, 2 },
})

-- ---- with what follows in a network -------------------------------------------------------------

local function check_residual(residual, size)
  if text(residual.shape) ~= text(size) then
    core.fail("conv_fused", 4, "expected %s, the shape of the result, got %s", text(size),
      text(residual.shape))
  end
end

op "conv_fused" {
  method = false,
  doc = "clamp(conv(input) + residual, low, high) in one pass: convNd by the dimensions of "
    .. "`weight`, with a ReLU where `low` is 0. What nn.fuse makes of a network.",
  args = "input: float, weight: float, bias: float?, residual: float?, stride: ints = 1, "
    .. "padding: any = 0, dilation: ints = 1, groups: int = 1, low: number = -1/0, "
    .. "high: number = 1/0",
  run = function(x, w, bias, residual, stride, padding, dilation, groups, low, high)
    local size, pads
    size, stride, pads, dilation = conv_geometry("conv_fused", w.ndim - 2, x, w, bias, stride,
      padding, dilation, groups)
    if residual then check_residual(residual, size) end
    local y = core.picture(size, x, w)
    kernel.conv(y, x, w, bias, residual, stride, pads, dilation, groups, low, high)
    return y
  end,
  ref = function(x, w, bias, residual, stride, padding, dilation, groups, low, high)
    local y = ops["conv" .. w.ndim - 2 .. "d"](x, w, bias, stride, padding, dilation, groups)
    if residual then y = y + residual end
    if low == -INF and high == INF then return y end
    return ops.clamp(y, low, high)
  end,
  sample = {
    { { 2, 3, 7 }, { 4, 3, 3 } }, { { 1, 3, 5, 4 }, { 16, 3, 1, 1 }, { 16 }, { 1, 16, 5, 4 } },
    { { 2, 4, 5, 5 }, { 4, 1, 3, 3 }, { 4 }, nil, 1, 1, 1, 4, -0.5, 0.5 },
    { { 1, 2, 6, 5 }, { 17, 2, 3, 3 }, { 17 }, { 1, 17, 3, 3 }, 2, 1, 1, 1, 0 },
  },
}

local function transpose_op(n, sample)
  local name <const> = "conv_transpose" .. n .. "d"
  op(name) {
    doc = ("Transposed convolution over %d spatial dimension%s: the gradient of conv%dd as an "
      .. "operation. weight is (C, O / groups, ...)."):format(n, n > 1 and "s" or "", n),
    args = "input: float, weight: float, bias: float?, stride: ints = 1, padding: any = 0, "
      .. "output_padding: ints = 0, groups: int = 1, dilation: ints = 1",
    saves = "input weight",
    run = function(x, w, bias, stride, padding, more, groups, dilation)
      local size, s, p, d = transpose_geometry(name, n, x, w, bias, stride, padding, more, groups,
        dilation)
      local y = core.picture(size, x, w)
      kernel.conv_input_grad(y, x, w, bias, s, p, d, groups)
      return y
    end,
    ref = function(x, w, bias, stride, padding, more, groups, dilation)
      local size, s, p, d = transpose_geometry(name, n, x, w, bias, stride, padding, more, groups,
        dilation)
      return with_bias(registry.decl.conv_input_grad.ref(x, w, size, s, p, d, groups), bias, n)
    end,
    grad = {
      input = function(g, _, x, w, bias, stride, padding, more, groups, dilation)
        local _, s, p, d = transpose_geometry(name, n, x, w, bias, stride, padding, more, groups,
          dilation)
        return ops.conv_forward(g, w, x.shape, s, p, d, groups)
      end,
      weight = function(g, _, x, w, bias, stride, padding, more, groups, dilation)
        local _, s, p, d = transpose_geometry(name, n, x, w, bias, stride, padding, more, groups,
          dilation)
        return ops.conv_weight_grad(g, x, w.shape, s, p, d, groups)
      end,
      bias = function(g) return bias_grad(g, n) end,
    },
    sample = sample,
  }
end

transpose_op(1, {
  { { 2, 3, 5 }, { 3, 4, 3 }, { 4 } }, { { 4, 5 }, { 4, 2, 2 }, nil, 3, 1, 2, 2 },
})
transpose_op(2, {
  { { 2, 3, 4, 3 }, { 3, 2, 3, 3 }, { 2 }, 2, 1, 1 },
  { { 1, 4, 3, 3 }, { 4, 1, 2, 2 }, { 4 }, 2, 0, 0, 4 },
  { { 2, 2, 3, 4 }, { 2, 3, 2, 2 }, nil, 1, 0, 0, 1, 2 },
})
transpose_op(3, {
  { { 1, 2, 2, 3, 2 }, { 2, 2, 2, 2, 2 }, { 2 }, S.list { 1, 2, 1 } },
})
