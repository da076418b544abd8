-- keras.optimizers.schedules: learning rates by the number of steps done, as objects that
-- optimisers take in the place of a number.

local signature = require "tocha.signature"

local schedules <const> = {}

local Schedule <const> = { __name = "schedule", is_schedule = true }
Schedule.__index = Schedule

--- schedule(step): the rate after so many steps; 0 before the first.
function Schedule:__call(step) return self.rate(self.config, step) end

function Schedule:get_config()
  local config <const> = {}
  for name, value in pairs(self.config) do config[name] = value end
  return config
end

local function define(name, args, rate)
  schedules[name] = function(...)
    local config <const> = {}
    signature.read(args, name, config, ...)
    return setmetatable({ class_name = name, config = config, rate = rate }, Schedule)
  end
end

local function fraction(c, step)
  local done <const> = step / c.decay_steps
  return c.staircase and math.floor(done) or done
end

define("ExponentialDecay",
  "initial_learning_rate, decay_steps, decay_rate, staircase = false",
  function(c, step) return c.initial_learning_rate * c.decay_rate ^ fraction(c, step) end)

define("InverseTimeDecay", "initial_learning_rate, decay_steps, decay_rate, staircase = false",
  function(c, step) return c.initial_learning_rate / (1 + c.decay_rate * fraction(c, step)) end)

define("PiecewiseConstantDecay", "boundaries, values", function(c, step)
  for k, boundary in ipairs(c.boundaries) do
    if step <= boundary then return c.values[k] end
  end
  return c.values[#c.boundaries + 1]
end)

define("PolynomialDecay", "initial_learning_rate, decay_steps, end_learning_rate = 1e-4, "
  .. "power = 1, cycle = false", function(c, step)
  local steps = c.decay_steps
  if c.cycle then steps = steps * math.max(1, math.ceil(step / steps))
  else step = math.min(step, steps) end
  return (c.initial_learning_rate - c.end_learning_rate) * (1 - step / steps) ^ c.power
    + c.end_learning_rate
end)

-- From 1 to alpha, along half a wave.
local function cosine(done, alpha)
  return (1 - alpha) * 0.5 * (1 + math.cos(math.pi * done)) + alpha
end

define("CosineDecay", "initial_learning_rate, decay_steps, alpha = 0, warmup_target = nil, "
  .. "warmup_steps = 0", function(c, step)
  local from <const> = c.warmup_target or c.initial_learning_rate
  local warm <const> = c.warmup_target and c.warmup_steps or 0
  if step < warm then
    return c.initial_learning_rate + (from - c.initial_learning_rate) * step / warm
  end
  return from * cosine(math.min(step - warm, c.decay_steps) / c.decay_steps, c.alpha)
end)

define("CosineDecayRestarts", "initial_learning_rate, first_decay_steps, t_mul = 2, m_mul = 1, "
  .. "alpha = 0", function(c, step)
  local length, height, left = c.first_decay_steps, 1, step
  while left >= length do
    left, length, height = left - length, length * c.t_mul, height * c.m_mul
  end
  local wave <const> = 0.5 * height * (1 + math.cos(math.pi * left / length))
  return c.initial_learning_rate * ((1 - c.alpha) * wave + c.alpha)
end)

return schedules
