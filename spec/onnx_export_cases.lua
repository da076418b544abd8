-- What spec/onnx_export_spec.lua exports: { name, f or module, inputs... }. Inputs are shapes with
-- the batch first, of values in (0.1, 0.9); `ids(n, shape)` are integers 1 .. n.

local tocha = require "tocha"
local nn = tocha.nn
local ops = require "tocha.op".ops

local cases <const> = { operations = {}, layers = {} }

local function ids(n, shape)
  return function(batch)
    return tocha.randint(1, n, { batch, table.unpack(shape) }, { dtype = "int64" })
  end
end

local function operation(name, f, ...) table.insert(cases.operations, { name, f, ... }) end
local function layer(name, module, ...) table.insert(cases.layers, { name, module, ... }) end

local function constant(...) return tocha.randn(...) end

-- ---- elementwise --------------------------------------------------------------------------------

local UNARY <const> = [[abs neg sign reciprocal sqrt exp log sin cos tan asin acos atan sinh cosh
  tanh asinh atanh erf floor ceil round sigmoid relu softsign selu hardswish mish leaky_relu elu
  celu hardsigmoid softshrink hardshrink square rsqrt exp2 expm1 log1p log2 log10 erfc
  deg2rad rad2deg relu6 hardtanh isnan isinf isposinf isneginf isfinite silu gelu_erf gelu_tanh
  softplus logsigmoid tanhshrink logical_not trunc frac nan_to_num]]
for name in UNARY:gmatch "%S+" do
  operation(name, function(x)
    if name == "sign" or name == "floor" or name:find "shrink" or name == "trunc" then
      x = x * 4 - 2
    end
    return ops[name](x)
  end, { 3, 4 })
end
operation("acosh", function(x) return ops.acosh(x + 1) end, { 5 })
operation("threshold", function(x) return ops.threshold(x, 0.5, -1) end, { 5 })
operation("softplus beta", function(x) return ops.softplus(x, 2) end, { 5 })

local BINARY <const> = [[add sub rsub mul true_divide pow maximum minimum eq ne lt le gt ge
  logical_and logical_or logical_xor trunc_divide floor_divide remainder fmod]]
for name in BINARY:gmatch "%S+" do
  operation(name, function(x, y) return ops[name](x * 3 - 1, y) end, { 3, 4 }, { 1, 4 })
  operation(name .. " number", function(x) return ops[name](x * 7, 2) end, { 3, 4 })
end
local INTEGER <const> = "floor_divide remainder trunc_divide bitwise_and bitwise_or bitwise_xor eq"
for name in INTEGER:gmatch "%S+" do
  operation(name .. " integer", function(x) return ops[name](x - 5, 3) end, ids(9, { 6 }))
end
operation("logit", function(x) return ops.logit(x), ops.logit(x, 0.3) end, { 5 })
operation("hypot", function(x, y) return ops.hypot(x, y), ops.logaddexp(x * 9, y) end, { 5 }, { 5 })
operation("alpha", function(x, y) return x:add(y, 2) - x:sub(y, 0.5) end, { 3 }, { 3 })
operation("promotion", function(x) return (x + 1) * 0.5 + x:gt(2) end, ids(5, { 3 }))
operation("bitwise_not", function(x) return x:bitwise_not(), x:gt(2):bitwise_not() end, ids(5,
  { 3 }))
operation("addcmul", function(x, y) return ops.addcmul(x, y, y, 0.5) end, { 3 }, { 3 })
operation("addcdiv", function(x, y) return ops.addcdiv(x, y, y + 1, 0.5) end, { 3 }, { 3 })
operation("lerp", function(x, y) return ops.lerp(x, y, 0.3) end, { 3 }, { 3 })
operation("clamp", function(x) return x:clamp(0.3, 0.6), x:clamp_min(0.5), x:clamp_max(0.5) end,
  { 7 })
operation("clamp tensors", function(x, y)
  return ops.clamp_low(x, y), ops.clamp_high(x, y), ops.clamp_both(x, y - 0.2, y)
end, { 7 }, { 7 })
operation("where", function(x, y) return ops.where(x:gt(y), x, y), ops.where(x:gt(y), x, 0) end,
  { 7 }, { 7 })
operation("masked_fill", function(x, y) return x:masked_fill(x:gt(y), -1) end, { 7 }, { 7 })
operation("in place", function(x) return (x * 2):relu_():add_(1):mul_(x) end, { 7 })
operation("copy", function(x)
  local y <const> = tocha.zeros(x:size(1), 7)
  return y:copy_(x)
end, { 1 })

operation("parts in place", function(x)
  local y <const> = tocha.zeros(x:size(1), 4, 3)
  for t = 1, 4 do y[{ {}, t }] = x:select(2, t) * t end
  y[{ {}, { 2, 3 }, -1 }] = 7
  y:narrow(2, 1, 2):mul_(2)
  return y, x
end, { 4, 3 })
operation("other shapes in place", function(x)
  local y <const> = x * 2 - 1
  y:view(-1):relu_()
  y:transpose(2, 3):select(2, 1):add_(1)
  y:permute(3, 1, 2)[2]:mul_(3)
  y:unsqueeze(1):squeeze(1):add_(0.5)
  return y
end, { 4, 3 })
operation("a row of the batch", function(x)
  local y <const> = x * 1
  y[1] = x[2] + 1
  y[x:size(1)]:add_(5)
  y:slice(2, 2, -1):relu_()
  return y
end, { 3 })

-- ---- shapes -------------------------------------------------------------------------------------

operation("view", function(x) return x:view(x:size(1), -1), x:reshape(x:size(1) * 3, 4) end, { 3,
  4 })
operation("views twice", function(x) return x:reshape(x:size(1), 2, x:size(1) * 0 + 6) end, { 3,
  4 })
operation("batch twice", function(x)
  return x:unsqueeze(2):expand(x:size(1), x:size(1), 3):reshape(x:size(1) * x:size(1), 3)
end, { 3 })
operation("expand", function(x) return x:expand(x:size(1), 4, 3), x:broadcast_to(2, x:size(1), 4,
  3) end,
  { 1, 3 })
operation("transpose", function(x) return x:transpose(2, 3), x:permute(3, 1, 2), x:movedim(1,
  -1) end,
  { 3, 4 })
operation("squeeze", function(x) return x:squeeze(3), x:squeeze(), x:unsqueeze(2),
  x:unsqueeze(-1) end,
  { 3, 1, 4 })
operation("identities", function(x) return x:clone(), x:contiguous(), x:transpose(1,
  2):contiguous() end,
  { 3 })
operation("lay_out", function(x) return ops.lay_out(x, true) end, { 3, 4, 5 })
operation("to", function(x) return x:to "int64", x:to "float64", x:double():float(),
  x:gt(0.5):to "int32" end,
  { 3 })
operation("to_device", function(x) return ops.to_device(x, "cpu") * 1 end, { 3 })
operation("select", function(x) return x:select(2, 2), x[{ {}, -1 }], x:select(1, x:size(1)) end,
  { 3, 4 })
operation("narrow", function(x)
  return x:narrow(2, 2, 2), x[{ {}, { 1, 3 } }], x:slice(3, 1, -1, 2), x:slice(3, -3, -2),
    x:narrow(1, 2, x:size(1) - 1)
end, { 3, 4 })
operation("flip", function(x) return x:flip(2), x:flip { 2, 3 }, x:roll(1, 2) end, { 3, 4 })
operation("cat", function(x, y)
  return ops.cat({ x, y }, 2), ops.cat({ x, x:to "int64" }, -1), ops.stack({ x, x }, 2)
end, { 3, 2 }, { 4, 2 })
operation("parts", function(x) return table.unpack(x:chunk(2, 2)) end, { 4, 2 })
operation("repeat", function(x)
  return x:tile(1, 2, 1), ops.repeat_dims(x, { 1, 2, 1 }), x:repeat_interleave(2, 2)
end, { 3, 2 })
operation("constant_pad_nd", function(x) return ops.pad(x, { 1, 2 }), ops.pad(x, { -1, 0, 1, 0 },
  "constant", 3) end,
  { 3, 4 })
operation("pad", function(x)
  return ops.pad(x, { 1, 2 }, "reflect"), ops.pad(x, { 1, 2 }, "replicate"), ops.pad(x, { 1, 2 },
    "circular")
end, { 3, 4 })
operation("index_select", function(x) return x:index_select(2, tocha.tensor { 3, 1 }) end, { 3, 4 })
operation("gather", function(x, index) return x:gather(2, index) end, { 5 }, ids(5, { 3 }))
operation("one_hot", function(index) return ops.one_hot(index, 5):float() end, ids(5, { 3 }))
operation("like", function(x)
  return ops.cat({ ops.zeros_like(x), ops.ones_like(x, "float32"), ops.full_like(x, 7) }, 2)
end, { 3 })
operation("unfold", function(x) return x:unfold(2, 3, 2), x:unfold(3, 2, 1) end, { 8, 4 })
operation("alias", function(x) return ops.alias(x) * 2 end, { 3 })
operation("scatter", function(x, index, y) return x:scatter(2, index, y) end, { 5 }, function(batch)
  return tocha.tensor { 2, 5, 1 }:unsqueeze(1):expand(batch, 3):contiguous()
end, { 3 })
operation("scatter_add", function(x, index, y) return x:scatter_add(2, index, y) end, { 5 },
  ids(5, { 3 }), { 3 })
operation("tril", function(x) return x:tril(), x:triu(1) end, { 4, 5 })
operation("masks from sizes", function(x)
  return x:masked_fill(tocha.ones(4, 4, { dtype = "bool" }):tril():logical_not(), -1)
end, { 4, 4 })

-- ---- reductions ---------------------------------------------------------------------------------

for name in ("sum mean prod amax amin logsumexp"):gmatch "%S+" do
  operation(name, function(x) return ops[name](x, 2), ops[name](x, { 2, 3 }, true), ops[name](x,
    -1) end,
    { 3, 4 })
end
operation("sum of all", function(x) return x:sum(), x:mean(), x:gt(0.5):sum(2) end, { 3, 4 })
operation("any", function(x) return x:gt(0.8):any(2), x:gt(0.2):all(-1, true) end, { 3, 4 })
operation("norm", function(x)
  return x:norm(2, 2), x:norm(1, 3, true), x:norm(3, 2), x:norm(math.huge, 2), x:norm(-math.huge, 2)
end, { 3, 4 })
operation("var", function(x) return x:var(2), x:std { 2, 3 } end, { 3, 4 })
operation("argmax", function(x) return x:argmax(2), x:argmin(-1, true), x[1]:argmax() end, { 3, 4 })
operation("max", function(x)
  local a <const>, b <const> = x:max(2)
  local c <const>, d <const> = x:min(-1, true)
  return a, b, c, d
end, { 3, 4 })
operation("cumsum", function(x) return x:cumsum(2) end, { 3, 4 })
operation("topk", function(x)
  local a <const>, b <const> = x:topk(2)
  local c <const>, d <const> = x:topk(3, 2, false)
  return a, b, c, d
end, { 4, 4 })
operation("sort", function(x)
  local a <const>, b <const> = x:sort()
  return a, b, (x:sort(2, true))
end, { 4, 4 })
operation("softmax", function(x) return x:softmax(-1), x:log_softmax(2), ops.softmin(x, 2) end,
  { 3, 4 })

-- ---- products and layers as operations ----------------------------------------------------------

operation("matmul", function(x, y) return x:matmul(y), ops.bmm(x, y), x:matmul(constant(4)) end,
  { 3, 4 }, { 4, 2 })
operation("mm", function(x) return ops.mm(x, constant(4, 2)), ops.mv(x, constant(4)),
  x[1]:dot(x[1]) end, { 4 })
operation("einsum", function(x, y) return tocha.einsum("bij,bjk->bik", { x, y }) end, { 3, 4 },
  { 4, 2 })
operation("linear", function(x) return ops.linear(x, constant(5, 4)) end, { 3, 4 })
operation("addmm", function(x) return ops.addmm(constant(1, 2), x, constant(4, 2), 0.5, 2) end,
  { 4 })
operation("conv_fused", function(x)
  local w <const>, b <const> = constant(4, 3, 3, 3), constant(4)
  local y <const> = ops.conv_fused(x, w, b, nil, 1, 1, 1, 1, 0)
  return y, ops.conv_fused(x, w, b, y, 1, 1), ops.conv_fused(x, w, b, y, 1, 1, 1, 1, 0, 6)
end, { 3, 5, 6 })
operation("conv forms", function(x)
  return ops.conv2d(x, constant(4, 3, 3, 2), nil, 2, "same"), ops.conv2d(x, constant(4, 3, 3, 2),
    nil, 1, { 0, 1, 2, 1 }),
    ops.conv2d(x, constant(6, 1, 3, 3), constant(6), 1, "valid", { 1, 2 }, 3), ops.conv2d(x[1],
      constant(2, 3, 1, 1))
end, { 3, 6, 7 })
operation("max_pool_with_indices", function(x)
  local y <const>, index <const> = ops.max_pool2d(x, 3, 2, 1, 1, true, true)
  return y, index
end, { 2, 6, 7 })
operation("interpolate", function(x)
  return ops.interpolate(x, { 7, 5 }), ops.interpolate(x, nil, 2, "bilinear"), ops.interpolate(x,
    { 7, 3 }, nil, "bilinear", true),
    ops.interpolate(x, nil, { 1.5, 2 }, "bicubic"), ops.interpolate(x, { 2, 3 }, nil, "area"),
    ops.interpolate(x, { 9, 8 }, nil, "nearest-exact")
end, { 2, 4, 5 })
operation("interpolate antialias", function(x)
  return ops.interpolate(x, { 4, 5 }, nil, "bilinear", false, nil, true), ops.interpolate(x, { 4,
    5 }, nil, "bicubic", false, nil, true)
end, { 2, 9, 8 })
operation("grid_sample", function(x, grid)
  local g <const> = grid * 2 - 1
  return ops.grid_sample(x, g), ops.grid_sample(x, g, "nearest", "border", true),
    ops.grid_sample(x, g, "bilinear", "reflection"),
    ops.grid_sample(x, g, "bicubic")
end, { 2, 4, 5 }, { 3, 3, 2 })
operation("affine_grid", function(theta) return ops.affine_grid(theta, { theta:size(1), 1, 3,
  4 }) end, { 2, 3 })
operation("group_norm", function(x) return ops.group_norm(x, 2), ops.rms_norm(x, 5),
  ops.layer_norm(x, { 4, 5 }) end,
  { 4, 4, 5 })
operation("attention", function(q, k)
  return ops.scaled_dot_product_attention(q, k, k), ops.scaled_dot_product_attention(q, q, q, nil,
    0, true),
    ops.scaled_dot_product_attention(q, k, k, constant(3, 5):gt(-1)),
      ops.scaled_dot_product_attention(q, k, k, constant(3, 5))
end, { 2, 3, 4 }, { 2, 5, 4 })
operation("rotary", function(x) return ops.rotary(x, constant(3, 2), constant(3, 2)) end, { 2, 3,
  4 })
operation("a bias for each head", function(q)
  return ops.scaled_dot_product_attention(q, q, q, tocha.arange(1, 18):float():reshape(2, 3, 3))
end, { 2, 3, 4 })
operation("places", function(x)
  return x + tocha.arange(1, 3):unsqueeze(1):expand(x:size(1), 3):contiguous() * 2
end, { 3 })
operation("made inside", function(x)
  return ops.cat({ x, tocha.zeros(x:size(1), 2), tocha.full({ 1, 2 }, 7):expand(x:size(1), 2) }, 2)
end, { 3 })

-- ---- layers -------------------------------------------------------------------------------------

for d, shape in ipairs { { 4, 9 }, { 4, 7, 8 }, { 4, 5, 6, 5 } } do
  layer("Conv" .. d, nn["Conv" .. d .. "d"](4, 6, 3, { stride = 2, padding = 1, groups = 2 }),
    shape)
  layer("ConvTranspose" .. d, nn["ConvTranspose" .. d .. "d"](4, 6, 3, { stride = 2, padding = 1,
    output_padding = 1 }), shape)
  layer("MaxPool" .. d, nn["MaxPool" .. d .. "d"](3, 2, { padding = 1, ceil_mode = true }), shape)
  layer("AvgPool" .. d, nn["AvgPool" .. d .. "d"](3, 2, { padding = 1, ceil_mode = true,
    count_include_pad = false }), shape)
  layer("LPPool" .. d, nn["LPPool" .. d .. "d"](2, 2), shape)
  layer("AdaptiveAvgPool" .. d, nn["AdaptiveAvgPool" .. d .. "d"](2), shape)
  layer("AdaptiveMaxPool" .. d, nn["AdaptiveMaxPool" .. d .. "d"](2), shape)
  layer("GlobalAvgPool" .. d, nn["GlobalAvgPool" .. d .. "d"](), shape)
  layer("BatchNorm" .. d, nn["BatchNorm" .. d .. "d"](4), shape)
  layer("InstanceNorm" .. d, nn["InstanceNorm" .. d .. "d"](4, { affine = true }), shape)
  layer("ReflectionPad" .. d, nn["ReflectionPad" .. d .. "d"](2), shape)
  layer("ReplicationPad" .. d, nn["ReplicationPad" .. d .. "d"](1), shape)
  layer("ZeroPad" .. d, nn["ZeroPad" .. d .. "d"](1), shape)
  layer("CircularPad" .. d, nn["CircularPad" .. d .. "d"](1), shape)
end

for name in ([[CELU ELU GELU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid Mish
  PReLU ReLU ReLU6 SELU SiLU Sigmoid Softplus Softshrink Softsign Tanh Tanhshrink GLU GEGLU ReGLU
  SwiGLU]]):gmatch "%S+" do
  layer(name, nn[name](), { 3, 4 })
end

layer("Softmax", nn.Sequential(nn.Softmax(2), nn.LogSoftmax(-1), nn.Softmin(2)), { 3, 4 })
layer("Threshold", nn.Threshold(0.5, 2), { 3, 4 })
layer("Linear", nn.Sequential(nn.Linear(4, 5), nn.Flatten(), nn.Linear(15, 2, false)), { 3, 4 })
layer("Bilinear", nn.Bilinear(3, 4, 2), { 3 }, { 4 })
layer("Embedding", nn.Embedding(7, 3), ids(7, { 4 }))
layer("shapes", nn.Sequential(nn.Unflatten(2, { 2, 6 }), nn.Transpose(2, 3), nn.Flatten()), { 12 })
layer("PixelShuffle", nn.Sequential(nn.PixelShuffle(2), nn.PixelUnshuffle(2),
  nn.ChannelShuffle(2)), { 8, 3, 4 })
layer("Upsample", nn.Sequential(nn.Upsample { scale_factor = 2 },
  nn.UpsamplingBilinear2d { scale_factor = 2 }), { 2, 3, 4 })
layer("GroupNorm", nn.GroupNorm(2, 4), { 4, 3, 5 })
layer("LayerNorm", nn.LayerNorm(5), { 3, 5 })
layer("RMSNorm", nn.RMSNorm(5, { eps = 1e-6 }), { 3, 5 })
layer("LocalResponseNorm", nn.LocalResponseNorm(3), { 6, 4, 4 })
layer("Dropout", nn.Sequential(nn.Dropout(), nn.Linear(4, 4), nn.AlphaDropout(), nn.RReLU()), { 4 })
layer("branches", nn.Sequential(nn.Residual(nn.Linear(4, 4)), nn.Concat(2, nn.Linear(4, 2),
  nn.Linear(4, 3))), { 4 })
layer("CosineSimilarity", nn.CosineSimilarity(2), { 4 }, { 4 })
layer("Fold", nn.Sequential(nn.Unfold(2, 1, 1), nn.Fold({ 4, 5 }, 2, 1, 1)), { 2, 4, 5 })
layer("MaxUnpool", nn.MaxUnpool2d(2), { 1, 2, 2 }, function(batch)
  return tocha.tensor { 1, 3, 14, 16 }:reshape(1, 1, 2, 2):expand(batch, 1, 2, 2):contiguous()
end)
layer("Unfold", nn.Unfold(2), { 2, 4, 5 })

for name in ("RNN GRU LSTM"):gmatch "%S+" do
  layer(name, nn[name](3, 4, { batch_first = true }), { 5, 3 })
  layer(name .. " both ways", nn[name](3, 4, 2, { batch_first = true, bidirectional = true }),
    { 5, 3 })
  layer(name .. " of one", nn[name](3, 4), { 3 })
  layer(name .. "Cell", nn[name .. "Cell"](3, 4), { 3 })
end
layer("RNN relu", nn.RNN(3, 4, 1, "relu", { bias = false, batch_first = true }), { 5, 3 })
layer("Embedding, LSTM", nn.Sequential(nn.Embedding(9, 3), nn.LSTM(3, 4, { batch_first = true })),
  ids(9, { 5 }))
layer("MultiheadAttention", nn.MultiheadAttention(8, 2, { batch_first = true }), { 3, 8 }, { 5,
  8 }, { 5, 8 })
layer("TransformerEncoder", nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16,
  { batch_first = true }), 2), { 3, 8 })
layer("TransformerDecoder", nn.TransformerDecoderLayer(8, 2, 16, { batch_first = true }), { 3,
  8 }, { 5, 8 })
layer("PositionalEncoding", nn.PositionalEncoding(8, { batch_first = true }), { 3, 8 })

return cases
