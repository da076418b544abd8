-- Where the time of a workload goes: bin/tocha bench/profile.lua NAME [TRACE.json], or
-- make bench W=profile:NAME. Our side only, after a warm-up; the trace is for ui.perfetto.dev.
-- TOCHA_SECONDS: how long (0.5); TOCHA_THREADS (2).

local root <const> = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = ("%s/bench/?.lua;%s/bench/ours/?.lua;"):format(root, root) .. package.path

local tocha = require "tocha"
local workloads = require "init"

local name <const>, path <const> = arg[1], arg[2]
local seconds <const> = tonumber(os.getenv "TOCHA_SECONDS" or 0.5)
tocha.set_num_threads(math.tointeger(tonumber(os.getenv "TOCHA_THREADS" or 2)))

local function run_for(unit)
  local start <const>, calls = tocha.clock(), 0
  repeat
    unit()
    calls = calls + 1
  until tocha.clock() - start > seconds
  return calls
end

local make <const> = workloads[name] or error(("there is no workload '%s'"):format(name), 0)
local work <const> = make()
run_for(work.unit)
local calls
local prof <const> = tocha.profiler.profile(function() calls = run_for(work.unit) end,
  { record_shapes = true })
print(("# %s: %d times %d units\n\n%s\n\n## By the shapes of the inputs\n\n%s"):format(name, calls,
  work.inner or 1, prof, prof:table { group_by_input_shape = true, row_limit = 20 }))
if path then prof:export_chrome_trace(path) end
