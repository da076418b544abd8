-- Running what the user wrote: Ctrl-C interrupts it, an error is reported with its traceback.

local core = require "tocha.core"

local run <const> = {}

local QUIET <const> = {}  -- metatable of errors that need no traceback

--- run.quiet(message): an error whose report is the message alone.
function run.quiet(message) return setmetatable({ message = message, frames = {} }, QUIET) end

-- Loaded when something fails: most runs need none of it.
local function trace() return require "tocha.repl.trace" end

local function capture(message)
  if getmetatable(message) == QUIET then return message end
  return trace().capture(message)
end

--- run.call(f, ...): true and the results, or false and what went wrong, for run.report.
function run.call(f, ...)
  if package.loaded["tocha.repl.trace"] then trace().forget() end
  return core.interruptible(capture, f, ...)
end

local function as_problem(problem)
  if type(problem) == "table" and problem.frames then return problem end
  return { message = tostring(problem), frames = {} }  -- the handler itself failed
end

local function was_interrupted(problem)
  return core.interrupted() and problem.message:find("interrupted!", 1, true) ~= nil
end

local function place_of(message)
  return message:match "^(.*:%d+): interrupted!"
end

--- run.report(problem, label): tells what went wrong, on standard error; true when it was Ctrl-C.
function run.report(problem, label)
  problem = as_problem(problem)
  io.stdout:flush()
  if was_interrupted(problem) then
    local where <const> = place_of(problem.message)
    io.stderr:write("\n", label, "interrupted", where and " at " .. where or "", "\n")
    return true
  end
  local paint <const> = require "tocha.repl.paint"(2)
  io.stderr:write(trace().text(problem, paint, label))
  return false
end

--- run.listen(patience): Ctrl-C interrupts what run.call calls. After `patience` of them with no
--- answer the process ends.
function run.listen(patience)
  core.catch_interrupts(patience)
  if core.hooks.caught then return end
  core.follow_coroutines()
  core.hooks.caught = function(message) trace().note(message) end
end

return run
