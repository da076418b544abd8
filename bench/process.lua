-- A side of the benchmark as a process that answers requests, a line each:
--
--   modes NAME                     the ways in which it can do the workload, parted by spaces
--   build NAME MODE                makes it; units of work in a call
--   check MODE                     numbers that both sides must agree on
--   memory MODE                    peak bytes above the idle level
--   drop                           forgets what was built (the peer's side)
--   measure MODE THREADS SECONDS   median seconds of a unit
--
-- The answer is "ok RESULT" or "error TEXT". Lua's pipes go one way, so the answers come through a
-- named one. What a side says besides goes to the file TOCHA_BENCH_LOG, where that is set.

local LOG <const> = os.getenv "TOCHA_BENCH_LOG" or "/dev/null"
local Process <const> = {}
Process.__index = Process

--- Process.start(command): an object to ask, to be closed.
function Process.start(command)
  local pipe <const> = os.tmpname()
  os.remove(pipe)
  assert(os.execute(("mkfifo '%s'"):format(pipe)))
  local self <const> = setmetatable({}, Process)
  self.requests = assert(io.popen(("%s > '%s' 2>>'%s'"):format(command, pipe, LOG), "w"))
  self.answers = assert(io.open(pipe))
  os.remove(pipe)
  return self
end

--- process:ask(words...): the result, or nil and what went wrong.
function Process:ask(...)
  self.requests:write(table.concat({ ... }, " "), "\n")
  self.requests:flush()
  local line <const> = self.answers:read "l"
  if not line then return nil, "the process ended" end
  local status, result = line:match "^(%S+) ?(.*)$"
  if status ~= "ok" then return nil, result end
  return result
end

function Process:__close()
  self.requests:close()
  self.answers:close()
end
Process.close = Process.__close

return Process
