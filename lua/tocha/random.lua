-- The generator: a seed and a place in its sequence. Numbers come from Philox, block by block, so a
-- seed gives the same numbers whatever the number of threads.

local core = require "tocha.core"

local random <const> = {}
local seed, offset = 67280421310721, 0

--- core.random(n): claims n blocks of four 32-bit words; returns the seed and the first block.
function core.random(n)
  local first <const> = offset
  offset = offset + n
  return seed, first
end

-- A recorded step draws from where the generator stands when it runs.
local function move_to(new_seed, new_offset, who)
  if core.recording() then
    core.fail(who, nil, "starts the generator anew inside of a recorded step (tocha.graph): do it "
      .. "before the call")
  end
  seed, offset = new_seed, new_offset
end

--- tocha.manual_seed(seed): starts the sequence of this seed.
function random.manual_seed(value)
  if math.type(value) ~= "integer" then
    core.fail("manual_seed", 1, "expected an integer, got %s", tostring(value))
  end
  move_to(value, 0, "manual_seed")
end

--- tocha.seed(): a new sequence from the clock and the address of a table; returns its seed.
function random.seed()
  local entropy <const> = tonumber((tostring {}):match "0x(%x+)" or "0", 16) or 0
  random.manual_seed(os.time() * 1000003 ~ entropy)
  return seed
end

--- tocha.initial_seed(): the seed in use.
function random.initial_seed() return seed end

--- tocha.get_rng_state(), tocha.set_rng_state(state): to come back to a place in the sequence.
function random.get_rng_state() return { seed = seed, offset = offset } end

function random.set_rng_state(state)
  if type(state) ~= "table" or math.type(state.seed) ~= "integer"
    or math.type(state.offset) ~= "integer" then
    core.fail("set_rng_state", 1, "expected what get_rng_state returned")
  end
  move_to(state.seed, state.offset, "set_rng_state")
end

return random
