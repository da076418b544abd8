-- What training graphs are made of: Dropout, and a step of an optimiser over several tensors.

local mersenne = require "tocha.onnx.mersenne"
local op = require "tocha.onnx.registry".op
local registry = require "tocha.op"

local ops <const> = registry.ops

-- ---- dropout ------------------------------------------------------------------------------------

-- True where an element is kept; with a seed, where the reference keeps it.
local function kept(x, p, seed)
  local drawn <const> = seed and mersenne.uniform(seed, x.shape):to(x.device)
    or ops.rand(x.shape, { device = x.device })
  return drawn:ge(p)
end

local function dropout(a, x, ratio, training_mode)
  local p <const> = op.number(ratio) or a.ratio
  local trains <const> = op.number(training_mode) or a.opset < 7 and a.is_test == 0
  if not (trains or a.run.training) or p == 0 then return x, ops.ones_like(x, "bool") end
  local mask <const> = kept(x, p, a.seed)
  return x * mask:to(x.dtype) * (p < 1 and 1 / (1 - p) or 0), mask
end

op "Dropout" {
  since = 1, inputs = "data, ratio?: cpu, training_mode?: cpu", fold = false,
  attributes = { ratio = 0.5, seed = op.int, is_test = 0, consumed_inputs = op.ints },
  doc = "The input, and a mask that is true where it was kept; in training mode, and when "
    .. "the module trains, elements are dropped, and the rest grows.",
  run = dropout,
}

-- ---- optimisers ---------------------------------------------------------------------------------
-- https://onnx.ai/onnx/operators/#ai-onnx-preview-training

-- f(x, g, states...) -> new x, new states, for each of the tensors, which come as all x, then all
-- g, then each state of all. Outputs are ordered likewise, without the gradients.
local function for_each_tensor(states, f, ...)
  local inputs <const>, outputs <const> = table.pack(...), {}
  local count <const> = inputs.n // (2 + states)
  if count * (2 + states) ~= inputs.n then
    op.fail("%d tensors are no groups of %d", inputs.n, 2 + states)
  end
  for k = 1, count do
    local group <const> = {}
    for j = 0, 1 + states do group[j + 1] = inputs[k + j * count] end
    for j, t in ipairs { f(table.unpack(group)) } do outputs[k + (j - 1) * count] = t end
  end
  return table.unpack(outputs)
end

local function regularised(a, x, g) return x * a.norm_coefficient + g end

local function adagrad(a, rate, count, ...)
  local r <const> = rate:item() / (1 + count:item() * a.decay_factor)
  return for_each_tensor(1, function(x, g, h)
    g = regularised(a, x, g)
    h = h + g * g
    return x - g * r / (ops.sqrt(h) + a.epsilon), h
  end, ...)
end

local function adam(a, rate, count, ...)
  local alpha <const>, beta <const>, t <const> = a.alpha, a.beta, count:item()
  local r = rate:item()
  if t > 0 then r = r * math.sqrt(1 - beta ^ t) / (1 - alpha ^ t) end
  return for_each_tensor(2, function(x, g, v, h)
    g = regularised(a, x, g)
    v = v * alpha + g * (1 - alpha)
    h = h * beta + g * g * (1 - beta)
    x = x - v * r / (ops.sqrt(h) + a.epsilon)
    return x * (1 - a.norm_coefficient_post), v, h
  end, ...)
end

local function momentum(a, rate, count, ...)
  local r <const> = rate:item()
  local beta <const> = count:item() > 0 and a.beta or 1.0
  return for_each_tensor(1, function(x, g, v)
    g = regularised(a, x, g)
    v = v * a.alpha + g * beta
    return x - (a.mode == "nesterov" and g + v * a.alpha or v) * r, v
  end, ...)
end

local INPUTS <const>, DOMAIN <const> = "R: cpu, T: cpu, inputs...", "ai.onnx.preview.training."

op(DOMAIN .. "Adagrad") {
  since = 1, inputs = INPUTS, run = adagrad,
  attributes = { decay_factor = 0.0, epsilon = 1e-6, norm_coefficient = 0.0 },
  doc = "A step of Adagrad (Duchi et al., 2011).",
}

op(DOMAIN .. "Adam") {
  since = 1, inputs = INPUTS, run = adam,
  attributes = { alpha = 0.9, beta = 0.999, epsilon = 1e-6, norm_coefficient = 0.0,
    norm_coefficient_post = 0.0 },
  doc = "A step of Adam (Kingma and Ba, 2014).",
}

op(DOMAIN .. "Momentum") {
  since = 1, inputs = INPUTS, run = momentum,
  attributes = { alpha = op.need.float, beta = op.need.float, mode = op.need.string,
    norm_coefficient = op.need.float },
  doc = "A step of gradient descent with momentum, or Nesterov's.",
}
