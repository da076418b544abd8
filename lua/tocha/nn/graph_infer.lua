-- Shapes that a module gives, found by running it on next to nothing: in evaluation mode, off the
-- tape, on a batch of no examples. Running statistics and the random state stay as they were; sizes
-- that layers learn from their first input are learned here.
--
-- A size that comes out as 0 is the batch's. Where no examples are too few, batches of 2 and of 3
-- are run, and what differs is the batch's. Sizes that are not known are tried as 128 and as 160.

local core = require "tocha.core"
local autograd = require "tocha.autograd"
local random = require "tocha.random"
local registry = require "tocha.op"
local tensors = require "tocha.nn.tensors"

local infer <const> = {}

local UNKNOWN <const> = { 128, 160 }
local FEW <const>, MORE <const> = 2, 3

--- infer.probes(shape): the sizes to try for a shape, as lists; false is not known, 0 the batch.
function infer.probes(shape)
  local probes <const> = { {} }
  for d, size in ipairs(shape) do
    if not size then probes[2] = probes[2] or table.move(probes[1], 1, d - 1, 1, {}) end
    for p, sizes in ipairs(probes) do sizes[d] = size or UNKNOWN[p] end
  end
  return probes
end

--- infer.shape(probes): the other way; false where probes differ, and for the batch.
function infer.shape(probes)
  local shape <const> = {}
  for d, size in ipairs(probes[1]) do
    local other <const> = (probes[2] or probes[1])[d]
    shape[d] = size ~= 0 and size == other and size
  end
  return shape
end

--- infer.zeros(probe, batch, dtype, device): what to run on. Integers are ones: ids count from 1.
function infer.zeros(probe, batch, dtype, device)
  local sizes <const> = {}
  for d, size in ipairs(probe) do sizes[d] = size == 0 and batch or size end
  local x <const> = core.empty(sizes, dtype, device)
  return x:fill_(registry.kind_of(dtype) == "int" and 1 or 0)
end

-- ---- without a trace ----------------------------------------------------------------------------

local function unsized_of(modules)
  local list <const> = {}
  for _, m in ipairs(modules) do
    if tensors.unsized(m) then list[#list + 1] = m end
  end
  return list
end

local function set_modes(modules, modes)
  for k, m in ipairs(modules) do rawset(m, "is_training", modes[k]) end
end

local function modes_of(modules)
  local modes <const> = {}
  for k, m in ipairs(modules) do modes[k] = m.is_training end
  return modes
end

--- infer.quietly(module, f): what f() returns, called with the module in evaluation mode, off the
--- tape. Afterwards modes and random state are what they were (but for what layers drew that
--- learned their size).
function infer.quietly(module, f)
  local modules <const>, state <const> = module:modules(), random.get_rng_state()
  local modes <const>, learns <const> = modes_of(modules), #unsized_of(modules) > 0
  local _ <close> = autograd.no_grad()
  module:eval()
  local results <const> = table.pack(pcall(f))
  set_modes(modules, modes)
  if not learns then random.set_rng_state(state) end
  if not results[1] then error(results[2], 0) end
  return table.unpack(results, 2, results.n)
end

-- ---- probing ------------------------------------------------------------------------------------

-- Lists of sizes from two batches become one, with 0 for what differs.
local function merged(few, more)
  for k, sizes in ipairs(few) do
    for d, size in ipairs(sizes) do
      if size ~= more[k][d] then sizes[d] = 0 end
    end
  end
  return few
end

-- What an empty batch gives, or two small ones. Layers that learned their size in a run that
-- failed learn it again: their parameters may not have been filled.
local function probe(module, run, p)
  local unsized <const> = unsized_of(module:modules())
  local ok, list = pcall(run, p, 0)
  if ok then return list end
  for _, m in ipairs(unsized) do rawset(m, m.lazy.field, nil) end
  return merged(run(p, FEW), run(p, MORE))
end

--- infer.sizes(module, run, count): run(probe, batch) calls the module and gives a list of sizes;
--- returns for each of them what the probes 1 ... count give, as infer.probes does.
function infer.sizes(module, run, count)
  local found <const> = {}
  for p = 1, count do
    local list <const> = probe(module, run, p)
    for k, sizes in ipairs(list) do
      found[k] = found[k] or {}
      found[k][p] = sizes
    end
  end
  return found
end

return infer
