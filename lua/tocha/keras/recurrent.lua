-- keras.layers: SimpleRNN, LSTM, GRU on sequences (N, T, features), with Keras's weights, masks and
-- starting values.
--
-- With Keras's own activations the whole of time is one operation (ops/rnn.lua); other activations,
-- masks and recurrent dropout are walked step by step. A masked step leaves state and output as
-- they were.

local core = require "tocha.core"
local ops = require "tocha.op".ops
local Module = require "tocha.nn.module"
local activations = require "tocha.keras.activations"
local layer = require "tocha.keras.layer"
local weights = require "tocha.keras.weights"

-- ---- the three kinds ----------------------------------------------------------------------------

local function chunks(x, n) return table.unpack(x:chunk(n, 2)) end

-- Those of the inputs' product and of the state's: a GRU has both, in one weight (2, 3 units).
local function biases(self)
  local b <const> = self.bias
  if b and b.ndim == 2 then return b:select(1, 1), b:select(1, 2) end
  return b
end

-- gates: blocks of rows in a weight; cell(self, xt, h, c): one step from the inputs' product.
local KINDS <const> = {}

KINDS.SimpleRNN = { gates = 1, states = 1,
  run = function(self, rows, h)
    return ops.rnn_layer(rows, h, self.weight_ih, self.weight_hh, self.bias)
  end,
  cell = function(self, xt, h)
    return self._activation(xt + ops.linear(h, self.weight_hh))
  end,
}

KINDS.LSTM = { gates = 4, states = 2,
  run = function(self, rows, h, c)
    return ops.lstm_layer(rows, h, c, self.weight_ih, self.weight_hh, self.bias)
  end,
  cell = function(self, xt, h, c)
    local f <const>, gate <const> = self._activation, self._gate
    local i, forget, new, o = chunks(xt + ops.linear(h, self.weight_hh), 4)
    c = gate(forget) * c + gate(i) * f(new)
    return gate(o) * f(c), c
  end,
}

-- The reset gate acts on the product with the state, or, as in the paper, on the state itself.
local function gru_cell(self, xt, h)
  local f <const>, gate <const> = self._activation, self._gate
  local xr, xz, xn = chunks(xt, 3)
  if self.reset_after then
    local _, bias <const> = biases(self)
    local hr, hz, hn = chunks(ops.linear(h, self.weight_hh, bias), 3)
    local z <const> = gate(xz + hz)
    return (1 - z) * f(xn + gate(xr + hr) * hn) + z * h
  end
  local wr, wz, wn = table.unpack(self.weight_hh:chunk(3, 1))
  local z <const> = gate(xz + ops.linear(h, wz))
  local reset <const> = gate(xr + ops.linear(h, wr)) * h
  return (1 - z) * f(xn + ops.linear(reset, wn)) + z * h
end

KINDS.GRU = { gates = 3, states = 1, cell = gru_cell,
  run = function(self, rows, h)
    return ops.gru_layer(rows, h, self.weight_ih, self.weight_hh, biases(self))
  end,
}

-- Can the operation do it? Its gates are sigmoids, the rest is tanh.
local function is_usual(self)
  return self._activation == activations.tanh
    and (not self._gate or self._gate == activations.sigmoid)
    and (self.reset_after == nil or self.reset_after)
end

-- ---- all steps ----------------------------------------------------------------------------------

-- x is (N, T, F)
local function run_fused(self, x, states)
  local n <const>, steps <const> = x:size(1), x:size(2)
  local rows <const> = x:transpose(1, 2):reshape { steps * n, x:size(3) }
  local y, h, c = self._kind.run(self, rows, table.unpack(states))
  return y:view(steps, n, self.units):transpose(1, 2), { h, self._kind.states == 2 and c or nil }
end

-- Where the mask (N, 1) is false, what was there before.
local function kept(mask, new, old)
  if not mask then return new end
  return ops.where(mask, new, old)
end

local function run_steps(self, x, states, mask)
  local product <const>, outputs <const> = ops.linear(x, self.weight_ih, (biases(self))), {}
  local drop <const> = self.is_training and self.recurrent_dropout > 0
    and ops.dropout(ops.ones_like(states[1]), self.recurrent_dropout, true)
  local y = states[1] * 0
  for t = 1, x:size(2) do
    local now <const> = mask and mask:select(2, t):unsqueeze(2)
    local h <const> = drop and states[1] * drop or states[1]
    local new <const> = { self._kind.cell(self, product:select(2, t), h, states[2]) }
    y = kept(now, new[1], y)
    for k in ipairs(new) do states[k] = kept(now, new[k], states[k]) end
    outputs[t] = y
  end
  if #outputs == 0 then return x:narrow(3, 1, 0):expand { x:size(1), 0, self.units }, states end
  return ops.stack(outputs, 2), states
end

-- ---- states -------------------------------------------------------------------------------------

local function initial_states(self, x, given)
  local states <const> = {}
  local old <const> = given or self.stateful and rawget(self, "_states") or nil
  if core.is_tensor(old) then return { old } end
  for k = 1, self._kind.states do
    states[k] = old and old[k]
      or ops.zeros({ x:size(1), self.units }, { dtype = x.dtype, device = x.device })
  end
  return states
end

local function keep_states(self, states)
  if not self.stateful then return end
  local kept_states <const> = {}
  for k, state in ipairs(states) do kept_states[k] = state:detach() end
  rawset(self, "_states", kept_states)
end

-- Inputs are dropped together for all steps of a sequence.
local function dropped(self, x)
  if not self.is_training or self.dropout == 0 then return x end
  local ones <const> = ops.ones({ x:size(1), 1, x:size(3) }, { dtype = x.dtype })
  return x * ops.dropout(ones, self.dropout, true)
end

local function check_input(self, x)
  if x.ndim ~= 3 then
    core.fail(getmetatable(self).__name, 1, "expected (N, T, features), got (%s)",
      table.concat(x.shape, ", "))
  end
end

--- lstm(x, initial_state): x is (N, T, features), the state a tensor or, for LSTM, a list of two.
--- Returns the last output (N, units), or with return_sequences all of them (N, T, units); with
--- return_state the states as well.
local function forward(self, x, given)
  check_input(self, x)
  if not self._inputs then self:infer(x) end
  local mask = layer.mask(x)
  if self.go_backwards then x, mask = x:flip(2), mask and mask:flip(2) end
  x = dropped(self, x)
  local states <const> = initial_states(self, x, given)
  local step_by_step <const> = mask or not self._usual
    or self.is_training and self.recurrent_dropout > 0
  local run <const> = step_by_step and run_steps or run_fused
  local y <const>, last <const> = run(self, x, states, mask)
  keep_states(self, last)
  local result <const> = self.return_sequences and y or last[1]
  if mask and self.return_sequences then layer.set_mask(result, mask) end
  if self.return_state then return result, table.unpack(last) end
  return result
end

-- ---- classes ------------------------------------------------------------------------------------

local COMMON <const> = "use_bias = true, " .. layer.options("kernel", "glorot_uniform") .. ", "
  .. layer.options("recurrent", "orthogonal") .. ", " .. layer.options("bias", "zeros")
  .. ", activity_regularizer = nil, dropout = 0.0, recurrent_dropout = 0.0, "
  .. "return_sequences = false, return_state = false, go_backwards = false, stateful = false, "
  .. "unroll = false, seed = nil"

local ARGUMENTS <const> = {
  SimpleRNN = "units, activation = 'tanh', " .. COMMON,
  LSTM = "units, activation = 'tanh', recurrent_activation = 'sigmoid', " .. COMMON
    .. ", unit_forget_bias = true",
  GRU = "units, activation = 'tanh', recurrent_activation = 'sigmoid', " .. COMMON
    .. ", reset_after = true",
}

-- The blocks of a GRU: update, reset, new in Keras, reset, update, new in PyTorch.
local function swap_blocks(x, dim)
  local first, second, third = table.unpack(x:chunk(3, dim))
  return ops.cat({ second, first, third }, dim)
end

local GRU_KERNEL <const> = {
  to_keras = function(w) return swap_blocks(w, 1):transpose(1, 2) end,
  from_keras = function(k) return swap_blocks(k, 2):transpose(1, 2) end,
}

local GRU_BIAS <const> = {
  to_keras = function(b) return swap_blocks(b, b.ndim) end,
  from_keras = function(b) return swap_blocks(b, b.ndim) end,
}

local function shapes(self, args)
  local rows <const> = self._kind.gates * self.units
  return { { "weight_ih", { rows, self._inputs } }, { "weight_hh", { rows, self.units } },
    args.use_bias and { "bias", self.reset_after and { 2, rows } or { rows } } }
end

local function setup(self, args)
  local who <const> = getmetatable(self).__name
  rawset(self, "_kind", KINDS[who])
  rawset(self, "_activation", activations.get(args.activation, who))
  if args.recurrent_activation ~= nil then
    rawset(self, "_gate", activations.get(args.recurrent_activation, who))
  end
  rawset(self, "_usual", is_usual(self))
end

--- layer:reset_states(): a stateful layer begins anew.
local function reset_states(self) rawset(self, "_states", nil) end

for kind, args in pairs(ARGUMENTS) do
  local class <const> = layer.define(kind, Module, args, {
    { "kernel", "weight_ih", kind == "GRU" and GRU_KERNEL or layer.KERNEL },
    { "recurrent", "weight_hh", kind == "GRU" and GRU_KERNEL or layer.KERNEL },
    { "bias", "bias", kind == "GRU" and GRU_BIAS or weights.PLAIN },
  })
  class.setup, class.shapes, class.forward = setup, shapes, forward
  class.reset_states = reset_states
  class.lazy = { field = "_inputs", key = "weight_ih",
    of_input = function(_, x) return x:size(-1) end,
    of_weight = function(_, shape) return shape[2] end }
end

-- The forget gate starts open.
local reset_parameters <const> = layer.classes.LSTM.reset_parameters
function layer.classes.LSTM:reset_parameters()
  reset_parameters(self)
  if self.unit_forget_bias and self.bias then
    self.bias:detach():narrow(1, self.units + 1, self.units):fill_(1)
  end
end
