-- The Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), with the uniform numbers that
-- RandomState of NumPy makes of it: the reference of ONNX draws what has a `seed` so.

local core = require "tocha.core"

local mersenne <const> = {}

local N <const>, M <const>, MASK <const> = 624, 397, 0xffffffff

local function seeded(seed)
  local state <const> = { [0] = seed & MASK }
  for k = 1, N - 1 do
    local last <const> = state[k - 1]
    state[k] = (1812433253 * (last ~ last >> 30) + k) & MASK
  end
  return state
end

local function twist(state)
  for k = 0, N - 1 do
    local y <const> = (state[k] & 0x80000000) | (state[(k + 1) % N] & 0x7fffffff)
    state[k] = state[(k + M) % N] ~ y >> 1 ~ (y & 1) * 0x9908b0df
  end
end

local function tempered(y)
  y = y ~ y >> 11
  y = y ~ (y << 7 & 0x9d2c5680)
  y = y ~ (y << 15 & 0xefc60000)
  return y ~ y >> 18
end

local function generator(seed)
  local state <const>, at = seeded(seed), N
  return function()
    if at == N then
      twist(state)
      at = 0
    end
    at = at + 1
    return tempered(state[at - 1])
  end
end

--- mersenne.uniform(seed, shape): float64 numbers in [0, 1) of 53 bits.
function mersenne.uniform(seed, shape)
  local draw <const>, list <const>, count = generator(seed), {}, 1
  for _, size in ipairs(shape) do count = count * size end
  for k = 1, count do
    local high <const>, low <const> = draw() >> 5, draw() >> 6
    list[k] = (high * 67108864.0 + low) / 9007199254740992.0
  end
  if count == 0 then return core.empty(shape, "float64") end
  return core.from_table(list, "float64"):reshape(shape)
end

return mersenne
