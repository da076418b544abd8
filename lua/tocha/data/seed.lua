-- Seeds of epochs and batches, and work done under a seed of its own.
--
-- Promises that what runs under a seed draws the same numbers wherever it runs, and that both
-- generators, Tocha's and math.random's, go on afterwards as if it had not run.

local core = require "tocha.core"
local random = require "tocha.random"

local seeds <const> = {}

--- mix(seed, k, ...): another seed for each list of integers (the finaliser of SplitMix64).
function seeds.mix(seed, ...)
  for _, k in ipairs { ... } do
    seed = seed + (k + 1) * 0x9E3779B97F4A7C15
    seed = (seed ~ seed >> 30) * 0xBF58476D1CE4E5B9
    seed = (seed ~ seed >> 27) * 0x94D049BB133111EB
    seed = seed ~ seed >> 31
  end
  return seed
end

--- fresh(): a seed drawn from Tocha's generator.
function seeds.fresh() return seeds.mix(core.random(1)) end

--- A place in both generators; `enter` goes on from it, and what it returns comes back when closed.
local Stream <const> = {}
Stream.__index = Stream

function seeds.stream(seed) return setmetatable({ seed = seed }, Stream) end

local function start(seed)
  random.manual_seed(seed)
  math.randomseed(seed)
end

local Visit <const> = {}
local entered  -- the innermost visit that is on

function Visit.__close(visit)
  local stream <const> = visit.stream
  entered = visit.outer
  stream.state, stream.math = random.get_rng_state(), core.math_state()
  random.set_rng_state(visit.state)
  core.math_state(visit.math)
end

--- `local _ <close> = stream:enter()`: until then the numbers are the stream's.
function Stream:enter()
  local visit <const> = setmetatable(
    { stream = self, state = random.get_rng_state(), math = core.math_state(), outer = entered },
    Visit)
  entered = visit
  if self.state then
    random.set_rng_state(self.state)
    core.math_state(self.math)
  else
    start(self.seed)
  end
  return visit
end

--- entered(): the seed of the innermost stream whose numbers are drawn now, such as a batch's in a
--- loader; nil outside of any.
function seeds.entered() return entered and entered.stream.seed end

--- run(seed, f, ...): f(...) under this seed; without one, as it comes. The numbers are not those
--- of manual_seed(seed): data made under a seed would be split by what they are made of.
function seeds.run(seed, f, ...)
  if not seed then return f(...) end
  local _ <close> = seeds.stream(seeds.mix(seed, 0)):enter()
  return f(...)
end

return seeds
