-- Our side as a process. Reads requests from standard input, a line each, answers each with a line;
-- bench/process.lua tells what they are, bench/peer/__main__.py is the other side.

local here <const> = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = here .. "/?.lua;" .. package.path

local tocha = require "tocha"
local workloads = require(os.getenv "TOCHA_BENCH" or "init")
local stopwatch = require "stopwatch"

local works <const>, requests <const> = {}, {}
local idle

local function status(field)
  local file <close> = assert(io.open "/proc/self/status")
  return tonumber(file:read "a":match(field .. ":%s*(%d+)")) << 10
end

local function trim()
  collectgarbage()
  tocha.empty_cache()
end

local function reset_peak()
  trim()
  local file <close> = io.open("/proc/self/clear_refs", "w")
  if file then file:write "5" end
end

-- One way to do the work: ours has no modes.
function requests.modes() return "default" end

function requests.build(name, mode)
  works[mode] = workloads[name]()
  return works[mode].inner or 1
end

function requests.check(mode)
  local texts <const> = {}
  for k, v in ipairs(works[mode].check()) do texts[k] = ("%.9g"):format(v) end
  return table.concat(texts, " ")
end

-- The peak of some units, in bytes above the idle level.
function requests.memory(mode)
  if works[mode].peak then return works[mode].peak(works[mode].unit) end
  reset_peak()
  for _ = 1, 2 do works[mode].unit() end
  return status "VmHWM" - idle
end

-- The median of a unit's seconds.
function requests.measure(mode, threads, seconds)
  local work <const> = works[mode]
  tocha.set_num_threads(math.tointeger(tonumber(threads)))
  return ("%.9g"):format(stopwatch.measure(work.unit, tonumber(seconds)) / (work.inner or 1))
end

local function answer(line)
  local words <const> = {}
  for word in line:gmatch "%S+" do words[#words + 1] = word end
  local ok <const>, result <const> = pcall(requests[words[1]], table.unpack(words, 2))
  if ok then return "ok " .. result end
  return "error " .. tostring(result):gsub("%s+", " "):sub(1, 200)
end

-- What the libraries load at first use is not a workload's.
workloads.lenet5(true).unit()
trim()
idle = status "VmRSS"
for line in io.lines() do
  io.write(answer(line), "\n")
  io.flush()
end
