-- ONNX nodes of products, convolutions, pooling, normalisation, look-up and recurrence: name ->
-- f(g, call, arguments...), see export_pointwise.lua.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local rnn = require "tocha.onnx.ops.rnn"
local sizes = require "tocha.onnx.export_sizes"
local window = require "tocha.window"

local forms <const> = {}

local function dtype_of(c) return c.results[1].dtype end

-- ---- products -----------------------------------------------------------------------------------

local function product(g, c, a, b)
  return g:node("MatMul", { g:operand(a, dtype_of(c)), g:operand(b, dtype_of(c)) })
end

for _, name in ipairs { "matmul", "mm", "bmm", "mv", "dot" } do forms[name] = product end

function forms.linear(g, c, x, weight, bias)
  local dtype <const> = dtype_of(c)
  local a <const>, w <const> = g:operand(x, dtype), g:operand(weight, dtype)
  if #x.sizes == 2 then
    return g:node("Gemm", { a, w, bias and g:operand(bias, dtype) }, { transB = 1 })
  end
  local y <const> = g:node("MatMul", { a, g:transpose(w, { 2, 1 }) })
  return bias and g:node("Add", { y, g:operand(bias, dtype) }) or y
end

function forms.softmax(g, c, x, dim)
  return g:node("Softmax", { g:operand(x, dtype_of(c)) }, { axis = dim < 0 and dim or dim - 1 })
end

function forms.log_softmax(g, c, x, dim)
  return g:node("LogSoftmax", { g:operand(x, dtype_of(c)) }, { axis = dim < 0 and dim or dim - 1 })
end

forms.embedding = {
  when = function(_, _, _, max_norm) return not max_norm end,
  form = function(g, _, ids, weight) return g:node("Gather", { weight, g:from_zero(ids) }) end,
}

-- ---- windows ------------------------------------------------------------------------------------

-- Pairs of a dimension as ONNX's {begins, ends}.
local function onnx_pads(pairs_)
  local list <const>, n <const> = {}, #pairs_ // 2
  for d = 1, n do list[d], list[n + d] = pairs_[2 * d - 1], pairs_[2 * d] end
  return list
end

-- What conv takes as padding, as pairs.
local function pads_of(padding, x, taps, stride, dilation)
  local n <const> = #taps
  if padding == "valid" then padding = 0 end
  if padding == "same" then
    local list <const> = {}
    for d, k in ipairs(taps) do
      list[2 * d - 1], list[2 * d] = window.same_pads(x.sizes[#x.sizes - n + d], k, stride[d],
        dilation[d])
    end
    return list
  end
  if type(padding) == "table" and #padding == 2 * n then return padding end
  return window.pairs_of(window.list("onnx.export", nil, padding, n, 0))
end

-- f(name) on x as a batch: a single example becomes a batch of one, and its result one again.
local function batched(g, x, n, f, ...)
  local name <const> = g:of(x)
  if #x.sizes == n + 2 then return f(name, ...) end
  return g:node("Squeeze", { f(g:node("Unsqueeze", { name, g:ints { 0 } }), ...), g:ints { 0 } })
end

local function integers(value, n) return window.list("onnx.export", nil, value, n, 0) end

local function convolution(g, x, weight, bias, stride, padding, dilation, groups)
  local taps <const> = table.move(weight.sizes or weight.shape, 3, #(weight.sizes or weight.shape),
    1, {})
  local n <const> = #taps
  stride, dilation = integers(stride, n), integers(dilation, n)
  local pads <const> = onnx_pads(pads_of(padding, x, taps, stride, dilation))
  return batched(g, x, n, function(name)
    return g:node("Conv", { name, weight, bias }, { kernel_shape = taps, strides = stride,
      dilations = dilation, pads = pads, group = groups })
  end)
end

local function transposed(g, x, weight, bias, stride, padding, more, groups, dilation)
  local shape <const> = weight.sizes or weight.shape
  local taps <const> = table.move(shape, 3, #shape, 1, {})
  local n <const> = #taps
  local pads <const> = onnx_pads(pads_of(padding, x, taps, stride, dilation))
  return batched(g, x, n, function(name)
    return g:node("ConvTranspose", { name, weight, bias }, { kernel_shape = taps,
      strides = integers(stride, n), dilations = integers(dilation, n), pads = pads,
      output_padding = integers(more, n), group = groups })
  end)
end

for n = 1, 3 do
  forms[("conv%dd"):format(n)] = function(g, _, ...) return convolution(g, ...) end
  forms[("conv_transpose%dd"):format(n)] = function(g, _, ...) return transposed(g, ...) end
end

function forms.conv_fused(g, c, x, weight, bias, residual, stride, padding, dilation, groups, low,
  high)
  local y = convolution(g, x, weight, bias, stride, padding, dilation, groups)
  if residual then y = g:node("Add", { y, residual }) end
  if low == 0 and high == math.huge then return g:node("Relu", { y }) end
  if low == -math.huge and high == math.huge then return y end
  local dtype <const> = dtype_of(c)
  return g:node("Clip", { y, low > -math.huge and g:number(low, dtype) or "",
    high < math.huge and g:number(high, dtype) or nil })
end

-- Columns (N, C * taps, L), or those of one image.
function forms.fold(g, _, x, size, kernel, dilation, padding, stride)
  local pads <const> = integers(padding, 2)
  return batched(g, x, 1, function(name)
    return g:node("Col2Im", { name, g:ints(integers(size, 2)), g:ints(integers(kernel, 2)) },
      { dilations = integers(dilation, 2), strides = integers(stride, 2),
        pads = { pads[1], pads[2], pads[1], pads[2] } })
  end)
end

-- ---- pooling ------------------------------------------------------------------------------------

-- Pads so that windows as often as the result has them need no rounding.
local function reaching(x, size, kernel, stride, pads, dilation)
  local list <const>, n <const> = {}, #kernel
  for d = 1, n do
    local need <const> = (size[#size - n + d] - 1) * stride[d] + dilation[d] * (kernel[d] - 1) + 1
    list[2 * d - 1] = pads[2 * d - 1]
    list[2 * d] = math.max(pads[2 * d], need - x.sizes[#x.sizes - n + d] - pads[2 * d - 1])
  end
  return list
end

local function max_pool(g, x, size, kernel, stride, pads, dilation, outputs)
  local attributes <const> = { kernel_shape = kernel, strides = stride, dilations = dilation,
    pads = onnx_pads(reaching(x, size, kernel, stride, pads, dilation)) }
  return batched(g, x, #kernel, function(name)
    return g:node("MaxPool", { name }, attributes, outputs)
  end)
end

function forms.max_pool(g, _, ...) return max_pool(g, ...) end

-- ONNX's places count over the whole tensor, ours over each plane.
function forms.max_pool_with_indices(g, _, x, size, kernel, stride, pads, dilation)
  local plane = 1
  for d = #x.sizes - #kernel + 1, #x.sizes do plane = plane * x.sizes[d] end
  local y <const>, places <const> = g:node("MaxPool", { x }, { kernel_shape = kernel,
    strides = stride, dilations = dilation,
    pads = onnx_pads(reaching(x, size, kernel, stride, pads, dilation)) }, 2)
  return y, g:from_one(g:node("Mod", { places, g:number(plane, "int64") }))
end

local function ceils(x, size, kernel, stride, pads)
  local n <const> = #kernel
  for d = 1, n do
    local whole <const> = x.sizes[#x.sizes - n + d] + pads[2 * d - 1] + pads[2 * d]
    if (whole - kernel[d]) // stride[d] + 1 < size[#size - n + d] then return 1 end
  end
  return 0
end

forms.avg_pool = {
  when = function(_, _, _, _, _, _, divisor) return divisor == 0 end,
  form = function(g, _, x, size, kernel, stride, pads, include_pad)
    return batched(g, x, #kernel, function(name)
      return g:node("AveragePool", { name }, { kernel_shape = kernel, strides = stride,
        pads = onnx_pads(pads), count_include_pad = include_pad and 1 or 0,
        ceil_mode = ceils(x, size, kernel, stride, pads) })
    end)
  end,
}

-- ---- resizing -----------------------------------------------------------------------------------

local LINEAR <const> = { linear = "linear", bilinear = "linear", trilinear = "linear",
  bicubic = "cubic" }

local function coordinates(mode, align)
  if mode == "nearest" then return "asymmetric" end
  return align and "align_corners" or mode == "nearest-exact" and "half_pixel"
    or "pytorch_half_pixel"
end

-- ONNX's antialiasing goes on beyond the border unless it excludes what is outside.
local function resize_attributes(x, mode, align, antialias)
  local list <const> = {}
  for d = 3, #x.sizes do list[#list + 1] = d - 1 end
  local attributes <const> = { axes = list, mode = LINEAR[mode] or "nearest",
    coordinate_transformation_mode = coordinates(mode, align) }
  if not LINEAR[mode] then
    attributes.nearest_mode = mode == "nearest" and "floor" or "round_prefer_ceil"
  end
  if mode == "bicubic" then attributes.cubic_coeff_a = antialias and -0.5 or -0.75 end
  if antialias then attributes.antialias, attributes.exclude_outside = 1, 1 end
  return attributes
end

local function factor_list(factor, n)
  local list <const> = {}
  local factors <const> = type(factor) == "table" and factor or { factor }
  for d = 1, n do list[d] = (factors[d] or factors[1]) + 0.0 end
  return list
end

forms.interpolate = {
  when = function(_, _, _, mode) return mode ~= "area" end,
  form = function(g, c, x, _, factor, mode, align, recompute, antialias)
    local attributes <const> = resize_attributes(x, mode, align, antialias)
    if not factor or recompute then
      local out <const> = table.move(c.results[1].sizes, 3, #x.sizes, 1, {})
      return g:node("Resize", { x, "", "", g:sizes(out) }, attributes)
    end
    local scales <const> = core.from_table(factor_list(factor, #x.sizes - 2), "float32")
    return g:node("Resize", { x, "", g:constant(scales) }, attributes)
  end,
}

local GRID_MODES <const> = { bilinear = "linear", bicubic = "cubic", nearest = "nearest" }

forms.grid_sample = {
  when = function(_, _, mode, padding) return mode ~= "bicubic" or padding == "zeros" end,
  form = function(g, _, x, grid, mode, padding, align)
    return g:node("GridSample", { x, grid }, { padding_mode = padding,
      mode = g.opset >= 20 and GRID_MODES[mode] or mode, align_corners = align and 1 or 0 })
  end,
}

-- ---- normalisation ------------------------------------------------------------------------------

-- One number for each channel, where a layer has none.
local function each(g, t, like, value)
  return g:of(t or core.empty(like.shape, like.dtype):fill_(value))
end

function forms.batch_norm_eval(g, _, x, weight, bias, mean, var, eps)
  return g:node("BatchNormalization", { x, each(g, weight, mean, 1), each(g, bias, mean, 0), mean,
    var }, { epsilon = eps + 0.0 })
end

function forms.layer_norm(g, c, x, shape, weight, bias, eps)
  shape = type(shape) == "table" and shape or { shape }
  local scale <const> = weight or core.empty(shape, dtype_of(c)):fill_(1)
  return g:node("LayerNormalization", { x, scale, bias }, { axis = -#shape, epsilon = eps + 0.0 })
end

forms.group_norm = {
  since = 21,
  form = function(g, c, x, groups, weight, bias, eps)
    local like <const> = core.empty({ x.sizes[2] }, dtype_of(c))
    return g:node("GroupNormalization", { x, each(g, weight, like, 1), each(g, bias, like, 0) },
      { num_groups = groups, epsilon = eps + 0.0 })
  end,
}

forms.rms_norm = {
  since = 23, when = function(_, _, _, eps) return eps ~= nil end,
  form = function(g, c, x, shape, weight, eps)
    shape = type(shape) == "table" and shape or { shape }
    local scale <const> = weight or core.empty(shape, dtype_of(c)):fill_(1)
    return g:node("RMSNormalization", { x, scale }, { axis = -#shape, epsilon = eps + 0.0 })
  end,
}

-- ---- recurrence ---------------------------------------------------------------------------------
-- Rows of all steps, (T * B, ...), one step after the other.

local function is_zero(x)
  if sizes.is_fill(x) then return x.value == 0 end
  return core.is_tensor(x) and x:eq(0):all():item()
end

-- How many steps: the rows over the sequences, either of which may grow with the batch.
local function steps(rows, batch)
  if not sizes.is_size(batch) then return sizes.divided(rows, batch) end
  return sizes.is_size(rows) and rows.per // batch.per or 0
end

-- Weights in ONNX's order of gates, one direction: (1, gates, ...).
local function gates(g, kind, weight, name)
  if not core.is_tensor(weight) then
    core.fail("onnx.export", nil, "the weights of %s depend on the input", kind)
  end
  return g:constant(rnn.to_onnx(kind, weight):unsqueeze(1), name)
end

local function bias_of(g, kind, a, b, name)
  if not (a or b) then return "" end
  local parts <const> = {}
  for k, part in ipairs { a or ops.zeros_like(b), b or ops.zeros_like(a) } do
    parts[k] = rnn.to_onnx(kind, part)
  end
  return g:constant(ops.cat(parts, 1):unsqueeze(1), name)
end

local function state(g, h) return is_zero(h) and "" or g:node("Unsqueeze", { h, g:ints { 0 } }) end

-- y (T * B, H), h (B, H) and, of LSTM, c.
local function recurrent(g, kind, x, states, weights, reverse, attributes)
  local batch <const> = (states[1].sizes or states[1].shape)[1]
  local input <const> = g:reshape(g:of(x), { steps(x.sizes[1], batch), batch, x.sizes[2] })
  local base <const> = g.weight_names[weights[1]] or g.layer .. "/" .. kind
  local inputs <const> = { input, gates(g, kind, weights[1], base .. "/W"),
    gates(g, kind, weights[2], base .. "/R"),
    bias_of(g, kind, weights[3], weights[4], base .. "/B"), "", state(g, states[1]),
    states[2] and state(g, states[2]) }
  while inputs[#inputs] == "" do inputs[#inputs] = nil end
  attributes.hidden_size = weights[2].shape[2]
  if reverse then attributes.direction = "reverse" end
  local y <const>, h <const>, cell <const> = g:node(kind, inputs, attributes, 1 + #states)
  local rows <const> = g:node("Squeeze", { y, g:ints { 1 } })
  local function last(name) return name and g:node("Squeeze", { name, g:ints { 0 } }) end
  return g:reshape(rows, { x.sizes[1], attributes.hidden_size }), last(h), last(cell)
end

forms.rnn_layer = {
  when = function(_, _, _, _, _, _, batch_sizes) return not batch_sizes end,
  form = function(g, _, x, h, w, r, wb, rb, _, reverse, relu)
    return recurrent(g, "RNN", x, { h }, { w, r, wb, rb }, reverse,
      { activations = relu and { "Relu" } or { "Tanh" } })
  end,
}

forms.gru_layer = {
  when = forms.rnn_layer.when,
  form = function(g, _, x, h, w, r, wb, rb, _, reverse)
    return recurrent(g, "GRU", x, { h }, { w, r, wb, rb }, reverse, { linear_before_reset = 1 })
  end,
}

forms.lstm_layer = {
  when = function(_, _, _, _, _, _, _, projection, batch_sizes)
    return not (projection or batch_sizes)
  end,
  form = function(g, _, x, h, c, w, r, wb, rb, _, _, reverse)
    return recurrent(g, "LSTM", x, { h, c }, { w, r, wb, rb }, reverse, {})
  end,
}

return forms
