-- How cost grows: bin/tocha bench/growth.lua, or make bench W=growth. Our side only.
--   time per element from 10^4 to 10^8 elements; time per step by batch and by depth; what the
--   second thread gives where arithmetic rules. TOCHA_SECONDS: a measurement (0.3)

local root <const> = arg[0]:match "^(.*)/bench/[^/]*$" or "."
package.path = ("%s/bench/?.lua;%s/bench/ours/?.lua;"):format(root, root) .. package.path

local tocha = require "tocha"
local stopwatch = require "stopwatch"
local report = require "report"
local rows = require "rows"
local workloads = require "init"

local nn <const> = tocha.nn
local seconds <const> = tonumber(os.getenv "TOCHA_SECONDS" or 0.3)

local function put(...) print(string.format(...)) end

local function head(title, columns)
  put("\n## %s\n\n| %s |\n|%s", title, table.concat(columns, " | "), ("---|"):rep(#columns))
end

-- One line: a name, then a number for each size, then the largest over the smallest.
local function line(name, list, form)
  local texts <const> = {}
  for k, v in ipairs(list) do texts[k] = form:format(v) end
  put("| %s | %s | %.2f |", name, table.concat(texts, " | "),
    math.max(table.unpack(list)) / math.min(table.unpack(list)))
end

-- ---- elements ----------------------------------------------------------------------------------

local function per_element(f)
  local list <const> = {}
  for power = 4, 8 do
    local n <const> = math.tointeger(10 ^ power)
    local x <const> = tocha.full({ n }, 0.5)
    list[#list + 1] = 1e9 * stopwatch.measure(function() f(x) end, seconds) / n
    collectgarbage()
  end
  return list
end

local function elements()
  head("Nanoseconds per element", { "elements", "10^4", "10^5", "10^6", "10^7", "10^8",
    "largest / smallest" })
  line("exp", per_element(tocha.exp), "%.3f")
  line("a + a", per_element(function(x) return x + x end), "%.3f")
  line("sum", per_element(tocha.sum), "%.3f")
end

-- ---- steps -------------------------------------------------------------------------------------

local function layers(depth, width)
  local net <const> = nn.Sequential()
  for _ = 1, depth do net:add(nn.Linear(width, width)):add(nn.ReLU()) end
  return net
end

local function step_seconds(depth, batch)
  local net <const> = layers(depth, 512)
  local optimizer <const> = tocha.optim.SGD(net:parameters(), { lr = 1e-4 })
  local x <const>, criterion <const> = tocha.rand(batch, 512), nn.MSELoss()
  return stopwatch.measure(function()
    optimizer:zero_grad()
    criterion(net(x), x):backward()
    optimizer:step()
  end, seconds)
end

local function steps()
  head("Microseconds of a training step, layers of 512", { "", "32", "64", "128", "256", "512",
    "largest / smallest" })
  local list = {}
  for k = 5, 9 do list[#list + 1] = 1e6 * step_seconds(3, 1 << k) / (1 << k) end
  line("per example, by batch, 3 layers", list, "%.2f")
  head("The same by depth, batch 64", { "", "2", "4", "8", "16", "32", "largest / smallest" })
  list = {}
  for k = 1, 5 do list[#list + 1] = 1e6 * step_seconds(1 << k, 64) / (1 << k) end
  line("per layer", list, "%.1f")
end

-- ---- threads -----------------------------------------------------------------------------------

local function with_threads(work, threads)
  tocha.set_num_threads(threads)
  return stopwatch.measure(work.unit, seconds) / (work.inner or 1)
end

local function second_thread()
  head("The second thread", { "workload", "1 thread", "2 threads", "gain" })
  for _, row in ipairs(rows) do
    if row.flop then
      local work <const> = workloads[row.name]()
      local one <const>, two <const> = with_threads(work, 1), with_threads(work, 2)
      put("| %s | %s | %s | %.2f |", row.name, report.time(one), report.time(two), one / two)
    end
    collectgarbage()
  end
end

elements()
steps()
second_thread()
