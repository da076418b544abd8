-- Recurrent layers: RNN, GRU and LSTM, in either direction or both, with any activations.
--
-- What the kernels of ops/rnn.lua compute goes there; the rest (peepholes, clipping, other
-- activations, a reset gate ahead of the product, sequences of several lengths) is composed step
-- by step. x is (T, B, in), or (B, T, in) with layout 1.

local op = require "tocha.onnx.registry".op
local registry = require "tocha.op"

local ops <const> = registry.ops

-- ---- activations --------------------------------------------------------------------------------

-- name -> f(x, alpha, beta), and the defaults of alpha and beta.
local ACTIVATIONS <const> = {
  relu = { ops.relu }, tanh = { ops.tanh }, sigmoid = { ops.sigmoid }, softsign = { ops.softsign },
  softplus = { function(x) return ops.softplus(x) end },
  affine = { function(x, alpha, beta) return x * alpha + beta end, 1.0, 0.0 },
  leakyrelu = { ops.leaky_relu, 0.01 }, elu = { ops.elu, 1.0 },
  thresholdedrelu = { function(x, alpha) return ops.threshold(x, alpha, 0) end, 1.0 },
  scaledtanh = { function(x, alpha, beta) return ops.tanh(x * beta) * alpha end, 1.0, 1.0 },
  hardsigmoid = { function(x, alpha, beta) return ops.clamp(x * alpha + beta, 0, 1) end, 0.2, 0.5 },
}

-- The next number of a list that only the activations with such a number take from.
local function taker(list)
  local k = 0
  return function(default)
    if default == nil then return nil end
    k = k + 1
    return list and list[k] or default
  end
end

-- All activations of a node, direction after direction.
local function activations(a, defaults, directions)
  local list <const>, alpha <const>, beta <const> = {}, taker(a.activation_alpha),
    taker(a.activation_beta)
  for k = 1, #defaults * directions do
    local name <const> = a.activations and a.activations[k] or defaults[(k - 1) % #defaults + 1]
    local found <const> = ACTIVATIONS[name:lower()]
      or op.fail("there is no activation '%s'", name)
    local p <const>, q <const> = alpha(found[2]), beta(found[3])
    list[k] = function(x)
      if p == nil then return found[1](x) end
      if q == nil then return found[1](x, p) end
      return found[1](x, p, q)
    end
  end
  return list
end

local function are_default(a, defaults)
  for k, name in ipairs(a.activations or {}) do
    if name:lower() ~= defaults[(k - 1) % #defaults + 1]:lower() then return false end
  end
  return true
end

-- ---- weights ------------------------------------------------------------------------------------

-- Blocks of gates in another order: ONNX has LSTM's as input, output, forget, cell and GRU's as
-- update, reset, new; PyTorch's are input, forget, cell, output and reset, update, new.
local ORDERS <const> = { LSTM = { 1, 3, 4, 2 }, GRU = { 2, 1, 3 }, RNN = { 1 } }
local BACK <const> = { LSTM = { 1, 4, 2, 3 }, GRU = { 2, 1, 3 }, RNN = { 1 } }

local function reordered(kind, t, orders)
  if kind == "RNN" or not t then return t end
  local order <const>, blocks <const> = (orders or ORDERS)[kind], {}
  local parts <const> = ops.chunk(t, #order, 1)
  for k, from in ipairs(order) do blocks[k] = parts[from] end
  return ops.cat(blocks, 1)
end

local function zeros_like(x, ...)
  return ops.zeros({ ... }, { dtype = x.dtype, device = x.device })
end

-- ---- a direction, by the kernels ----------------------------------------------------------------

local KERNELS <const> = {
  RNN = function(x, p, reverse)
    return ops.rnn_layer(x, p.h, p.w, p.r, p.wb, p.rb, nil, reverse, p.relu)
  end,
  GRU = function(x, p, reverse)
    return ops.gru_layer(x, p.h, p.w, p.r, p.wb, p.rb, nil, reverse)
  end,
  LSTM = function(x, p, reverse)
    return ops.lstm_layer(x, p.h, p.c, p.w, p.r, p.wb, p.rb, nil, nil, reverse)
  end,
}

local function by_kernel(kind, x, p, reverse)
  for _, name in ipairs { "w", "r", "wb", "rb" } do p[name] = reordered(kind, p[name]) end
  local T <const>, B <const> = x:size(1), x:size(2)
  local y <const>, h <const>, c <const> = KERNELS[kind](x:reshape(T * B, x:size(3)), p, reverse)
  return y:reshape(T, B, -1), h, kind == "LSTM" and c or nil
end

-- ---- a direction, step by step ------------------------------------------------------------------

local function clipped(p, x) return p.clip and ops.clamp(x, -p.clip, p.clip) or x end

local function plus(x, bias) return bias and x + bias or x end

-- cell(p, W x + Wb, h, c) -> the new states
local CELLS <const> = {}

function CELLS.RNN(p, gates, h)
  return p.f[1](clipped(p, plus(gates + ops.linear(h, p.r), p.rb)))
end

function CELLS.GRU(p, gates, h)
  local H <const> = h:size(2)
  local function part(t, first, n) return t and t:narrow(1, first * H + 1, n * H) end
  local from_h <const> = plus(ops.linear(h, part(p.r, 0, 2)), part(p.rb, 0, 2))
  local both <const> = clipped(p, gates:narrow(2, 1, 2 * H) + from_h)
  local z <const>, r <const> = p.f[1](both:narrow(2, 1, H)), p.f[1](both:narrow(2, H + 1, H))
  local weight <const>, bias <const> = part(p.r, 2, 1), part(p.rb, 2, 1)
  local past <const> = p.linear_before_reset and r * plus(ops.linear(h, weight), bias)
    or plus(ops.linear(r * h, weight), bias)
  local new <const> = p.f[2](clipped(p, gates:narrow(2, 2 * H + 1, H) + past))
  return (1 - z) * new + z * h
end

-- Gates with peepholes (Gers and Schmidhuber, 2000) also see the cell: the input's and the
-- forget's the old one, the output's the new one.
function CELLS.LSTM(p, gates, h, c)
  local i, o, f, new = table.unpack(ops.chunk(plus(gates + ops.linear(h, p.r), p.rb), 4, 2))
  local peep <const> = p.peep and ops.chunk(p.peep, 3, 1)
  local sigma <const> = p.f[1]
  i = sigma(clipped(p, peep and i + peep[1] * c or i))
  f = p.input_forget and 1 - i or sigma(clipped(p, peep and f + peep[3] * c or f))
  c = f * c + i * p.f[2](clipped(p, new))
  o = sigma(clipped(p, peep and o + peep[2] * c or o))
  return o * p.f[3](c), c
end

-- Steps beyond a sequence's end leave its state as it is, and give zeros.
local function masked_step(t, lens, new, old)
  if not lens then return new, new end
  local runs <const> = lens:gt(t - 1):unsqueeze(2)
  return ops.where(runs, new, old), ops.where(runs, new, ops.zeros_like(new))
end

local function by_steps(kind, x, p, lens)
  local h, c, out = p.h, p.c, {}
  local inputs <const> = plus(ops.matmul(x, p.w:t()), p.wb)
  for t = 1, x:size(1) do
    local new_h <const>, new_c <const> = CELLS[kind](p, inputs:select(1, t), h, c)
    h, out[t] = masked_step(t, lens, new_h, h)
    if c then c = masked_step(t, lens, new_c, c) end
  end
  if #out == 0 then return zeros_like(x, 0, x:size(2), h:size(2)), h, c end
  return ops.stack(out, 1), h, c
end

-- Each sequence backwards within its length; the rest stays where it is.
local function reversed(x, lens)
  if not lens then return ops.flip(x, 1) end
  local options <const> = { dtype = "int64", device = x.device }
  local t <const> = ops.arange(0, x:size(1) - 1, 1, options):unsqueeze(2)
  local ends <const> = lens:unsqueeze(1)
  local from <const> = ops.where(t:lt(ends), ends - 1 - t, t)
  return ops.gather(x, 1, (from + 1):unsqueeze(3):expand(x.shape))
end

local function composed(kind, x, p, reverse, lens)
  if not reverse then return by_steps(kind, x, p, lens) end
  local y <const>, h <const>, c <const> = by_steps(kind, reversed(x, lens), p, lens)
  return reversed(y, lens), h, c
end

-- ---- a node -------------------------------------------------------------------------------------

local DEFAULTS <const> = {
  RNN = { "Tanh" }, GRU = { "Sigmoid", "Tanh" }, LSTM = { "Sigmoid", "Tanh", "Tanh" },
}

-- What the kernels do not know.
local function is_special(kind, a, io)
  local relu <const> = kind == "RNN" and a.activations and are_default(a, { "Relu" })
  return a.clip or a.input_forget == 1 or io.peep or io.lens
    or not (relu or are_default(a, DEFAULTS[kind]))
    or kind == "GRU" and a.linear_before_reset == 0
end

local function half(bias, k)
  if not bias then return nil end
  local n <const> = bias:size(1) // 2
  return bias:narrow(1, (k - 1) * n + 1, n)
end

-- The parameters and states of direction d.
local function part(kind, a, x, io, d, f)
  local zeros <const> = zeros_like(x, x:size(2), io.r:size(3))
  local function state(t) return t and t:select(1, d) or zeros end
  local bias <const> = io.b and io.b:select(1, d)
  local n <const> = #DEFAULTS[kind]
  return {
    w = io.w:select(1, d), r = io.r:select(1, d), wb = half(bias, 1), rb = half(bias, 2),
    h = state(io.h), c = kind == "LSTM" and state(io.c) or nil,
    peep = io.peep and io.peep:select(1, d), clip = a.clip, input_forget = a.input_forget == 1,
    linear_before_reset = a.linear_before_reset == 1,
    relu = a.activations and a.activations[1]:lower() == "relu" or false,
    f = { table.unpack(f, (d - 1) * n + 1, d * n) },
  }
end

local function transposed(t) return t and t:transpose(1, 2) end

-- io: w (D, G H, in), r, b, lens, h (D, B, H), c, peep. Gives y (T, D, B, H), h and c.
local function run(kind, a, x, io)
  local batch_first <const> = a.layout == 1
  if batch_first then x, io.h, io.c = x:transpose(1, 2), transposed(io.h), transposed(io.c) end
  local directions <const> = a.direction == "bidirectional" and 2 or 1
  local special <const> = is_special(kind, a, io)
  local f <const> = activations(a, DEFAULTS[kind], directions)
  local ys <const>, hs <const>, cs <const> = {}, {}, {}
  for d = 1, directions do
    local p <const> = part(kind, a, x, io, d, f)
    local reverse <const> = a.direction == "reverse" or d == 2
    if special then ys[d], hs[d], cs[d] = composed(kind, x, p, reverse, io.lens)
    else ys[d], hs[d], cs[d] = by_kernel(kind, x, p, reverse) end
  end
  local y, h, c = ops.stack(ys, 2), ops.stack(hs, 1), #cs > 0 and ops.stack(cs, 1) or nil
  if batch_first then y, h, c = y:permute(3, 1, 2, 4), transposed(h), transposed(c) end
  return y, h, c
end

-- ---- declarations -------------------------------------------------------------------------------

local function attributes(more)
  local list <const> = { activation_alpha = op.floats, activation_beta = op.floats,
    activations = op.strings, clip = op.float, direction = "forward", hidden_size = op.int,
    layout = 0, output_sequence = 0 }
  for name, default in pairs(more) do list[name] = default end
  return list
end

op "RNN" {
  since = 1, inputs = "X, W, R, B?, sequence_lens?, initial_h?", attributes = attributes {},
  doc = "Simple recurrent units (Elman, 1990): the states of all steps, and the last.",
  run = function(a, x, w, r, b, lens, h)
    return run("RNN", a, x, { w = w, r = r, b = b, lens = lens, h = h })
  end,
}

op "GRU" {
  since = 1, inputs = "X, W, R, B?, sequence_lens?, initial_h?",
  attributes = attributes { linear_before_reset = 0 },
  doc = "Gated recurrent units (Cho et al., 2014): the states of all steps, and the last.",
  run = function(a, x, w, r, b, lens, h)
    return run("GRU", a, x, { w = w, r = r, b = b, lens = lens, h = h })
  end,
}

op "LSTM" {
  since = 1, inputs = "X, W, R, B?, sequence_lens?, initial_h?, initial_c?, P?",
  attributes = attributes { input_forget = 0 },
  doc = "Long short-term memory (Hochreiter and Schmidhuber, 1997): the states of all steps, the "
    .. "last, and the last cell.",
  run = function(a, x, w, r, b, lens, h, c, peep)
    return run("LSTM", a, x, { w = w, r = r, b = b, lens = lens, h = h, c = c, peep = peep })
  end,
}

--- rnn.to_onnx(kind, weight): blocks of gates in PyTorch's order, in ONNX's. For export.
return { to_onnx = function(kind, t) return reordered(kind, t, BACK) end }
