-- keras.initializers: starting values of weights, by Keras's names and defaults. A member is called
-- with the shape of the weight in Keras's layout (..., inputs, outputs), and a dtype.
--
-- {seed = n} gives the same values each time; without it they come from tocha's generator.

local core = require "tocha.core"
local init = require "tocha.nn.initialize"
local random = require "tocha.random"
local family = require "tocha.keras.family"

local initializers <const> = family.new "initializer"

local function filled(shape, dtype, fill)
  return fill(core.empty(shape, dtype or "float32"))
end

-- With a seed, the generator goes on afterwards where it was.
local function drawn(config, shape, dtype, fill)
  if not config.seed then return filled(shape, dtype, fill) end
  local state <const> = random.get_rng_state()
  random.manual_seed(config.seed)
  local x <const> = filled(shape, dtype, fill)
  random.set_rng_state(state)
  return x
end

-- Connections into and out of a weight: (..., inputs, outputs).
local function fans(shape)
  local n <const> = #shape
  if n < 2 then return shape[1] or 1, shape[1] or 1 end
  local field = 1
  for d = 1, n - 2 do field = field * shape[d] end
  return field * shape[n - 1], field * shape[n]
end

local MODES <const> = {
  fan_in = function(fan_in) return fan_in end,
  fan_out = function(_, fan_out) return fan_out end,
  fan_avg = function(fan_in, fan_out) return (fan_in + fan_out) / 2 end,
}

local function truncated(x, mean, std)
  return init.trunc_normal_(x, mean, std, mean - 2 * std, mean + 2 * std)
end

-- The spread of a normal distribution that is cut off at two standard deviations.
local CUT <const> = 0.87962566103423978

local DISTRIBUTIONS <const> = {
  uniform = function(x, scale)
    local limit <const> = math.sqrt(3 * scale)
    return x:uniform_(-limit, limit)
  end,
  truncated_normal = function(x, scale) return truncated(x, 0, math.sqrt(scale) / CUT) end,
  untruncated_normal = function(x, scale) return x:normal_(0, math.sqrt(scale)) end,
}

local function choose(what, list, name)
  return list[name] or core.fail("VarianceScaling", nil, "unknown %s '%s'", what, tostring(name))
end

local function scaled(config, shape, dtype)
  local fan <const> = choose("mode", MODES, config.mode)(fans(shape))
  local draw <const> = choose("distribution", DISTRIBUTIONS, config.distribution)
  return drawn(config, shape, dtype, function(x)
    return draw(x, config.scale / math.max(1, fan))
  end)
end

initializers:define("VarianceScaling",
  "scale = 1, mode = 'fan_in', distribution = 'truncated_normal', seed = nil", scaled)

local SCALINGS <const> = {
  { "GlorotUniform", 1, "fan_avg", "uniform" },
  { "GlorotNormal", 1, "fan_avg", "truncated_normal" },
  { "HeUniform", 2, "fan_in", "uniform" }, { "HeNormal", 2, "fan_in", "truncated_normal" },
  { "LecunUniform", 1, "fan_in", "uniform" }, { "LecunNormal", 1, "fan_in", "truncated_normal" },
}
for _, row in ipairs(SCALINGS) do
  initializers:define(row[1], "seed = nil", function(config, shape, dtype)
    return scaled({ scale = row[2], mode = row[3], distribution = row[4], seed = config.seed },
      shape, dtype)
  end)
end

-- ---- plain --------------------------------------------------------------------------------------

initializers:define("Zeros", "", function(_, shape, dtype)
  return filled(shape, dtype, function(x) return x:zero_() end)
end, "zero")

initializers:define("Ones", "", function(_, shape, dtype)
  return filled(shape, dtype, function(x) return x:fill_(1) end)
end, "one")

initializers:define("Constant", "value = 0", function(config, shape, dtype)
  return filled(shape, dtype, function(x) return x:fill_(config.value) end)
end)

initializers:define("RandomUniform", "minval = -0.05, maxval = 0.05, seed = nil",
  function(config, shape, dtype)
    return drawn(config, shape, dtype,
      function(x) return x:uniform_(config.minval, config.maxval) end)
  end, "uniform")

initializers:define("RandomNormal", "mean = 0, stddev = 0.05, seed = nil",
  function(config, shape, dtype)
    return drawn(config, shape, dtype,
      function(x) return x:normal_(config.mean, config.stddev) end)
  end, "normal")

initializers:define("TruncatedNormal", "mean = 0, stddev = 0.05, seed = nil",
  function(config, shape, dtype)
    return drawn(config, shape, dtype,
      function(x) return truncated(x, config.mean, config.stddev) end)
  end)

-- All dimensions but the last are the rows.
initializers:define("Orthogonal", "gain = 1, seed = nil", function(config, shape, dtype)
  return drawn(config, shape, dtype, function(x)
    local matrix <const> = x:view { -1, shape[#shape] }
    init.orthogonal_(matrix, config.gain)
    return x
  end)
end)

initializers:define("Identity", "gain = 1", function(config, shape, dtype)
  return filled(shape, dtype, init.eye_) * config.gain
end)

return initializers
