-- %time and %timeit.

local core = require "tocha.core"
local run = require "tocha.repl.run"

-- The function that the text compiles to.
local function compiled(session, text)
  if text == "" then error(run.quiet "what is to be timed?") end
  local chunk <const>, message <const> = session:compile(text)
  if not chunk then error(run.quiet(message)) end
  return chunk
end

local UNITS <const> = { { 1, "s" }, { 1e-3, "ms" }, { 1e-6, "us" }, { 1e-9, "ns" } }

local function duration(seconds)
  for _, unit in ipairs(UNITS) do
    if seconds >= unit[1] then return ("%.3g %s"):format(seconds / unit[1], unit[2]) end
  end
  return ("%.3g ns"):format(seconds * 1e9)
end

local function time(session, text)
  local chunk <const> = compiled(session, text)
  local wall <const>, cpu <const> = core.clock(), os.clock()
  local values <const> = table.pack(chunk.run())
  local took <const>, worked <const> = core.clock() - wall, os.clock() - cpu
  session:keep(values[1])
  if not chunk.quiet then session:show(values) end
  print(("wall %s, processor %s"):format(duration(took), duration(worked)))
end

-- ---- %timeit ------------------------------------------------------------------------------------

local ROUNDS <const>, ENOUGH <const> = 7, 0.2  -- seconds that a round lasts at least

local function seconds_of(f, n)
  local start <const> = core.clock()
  for _ = 1, n do f() end
  return core.clock() - start
end

-- 1, 2, 5, 10, 20, ... calls: the first number that takes long enough.
local function number_of_calls(f)
  local n = 1
  while true do
    for _, factor in ipairs { 1, 2, 5 } do
      if seconds_of(f, n * factor) >= ENOUGH then return n * factor end
    end
    n = n * 10
  end
end

local function mean_and_deviation(list)
  local sum, squares = 0, 0
  for _, v in ipairs(list) do sum = sum + v end
  local mean <const> = sum / #list
  for _, v in ipairs(list) do squares = squares + (v - mean) ^ 2 end
  return mean, math.sqrt(squares / #list)
end

-- "-n 100 -r 3 f(x)": the statement, and what the options say.
local function options_of(text)
  local given <const> = {}
  while true do
    local letter <const>, value <const>, rest <const> = text:match "^%-([nr])%s*(%d+)%s+(.*)$"
    if not letter then return text, given end
    given[letter], text = math.max(1, math.tointeger(tonumber(value))), rest
  end
end

local function timeit(session, text)
  local body <const>, given <const> = options_of(text)
  local f <const> = compiled(session, body).run
  collectgarbage()
  local n <const>, rounds <const> = given.n or number_of_calls(f), {}
  for k = 1, given.r or ROUNDS do rounds[k] = seconds_of(f, n) / n end
  local mean <const>, deviation <const> = mean_and_deviation(rounds)
  print(("%s +- %s a call (mean and deviation of %d rounds of %d calls)"):format(
    duration(mean), duration(deviation), #rounds, n))
end

return {
  { name = "time", args = "statement", doc = "runs it once, shows its values and how long it took",
    run = time },
  { name = "timeit", args = "[-n calls] [-r rounds] statement",
    doc = "runs it often and shows the mean time of a call", run = timeit },
}
