-- Pools: threads that wait for jobs.
--
-- Promises: neither side waits for room in a queue, so that none waits for the other; a thread that
-- dies is noticed; a pool that is closed, collected, or left when the program ends stops its
-- threads after the job they are at.

local core = require "tocha.core"
local Object = require "tocha.class"
local pack = require "tocha.threads.pack"
local threads = require "tocha.threads"
local trace = require "tocha.threads.trace"

local pools <const> = {}

-- ---- in the thread ------------------------------------------------------------------------------

local ANSWER <const> = { op = "result", labels = setmetatable({}, {
  __index = function(_, k) return "value " .. k - 3 end,
}) }

-- Calls handle for each job; answers with (ticket, thread, whether all went well, values...).
local function serve(id, jobs, results, handle)
  local function answer(ticket, ok, ...)
    local sent <const>, problem <const> = pcall(threads.send, ANSWER, results, ticket, id, ok, ...)
    if not sent then results:send(ticket, id, false, problem) end
  end
  local function run(ticket, ...) answer(ticket, xpcall(handle, trace, ...)) end
  local function go_on(ok, ...)
    if ok then run(...) end
    return ok
  end
  while go_on(jobs:receive()) do end  -- luacheck: ignore 542
end

local function set_up(id, bytes, list)
  local function call(setup, ...) return setup(id, ...) end
  return call(pack.unpack(bytes, list))
end

--- What a thread of a pool runs.
function pools.run(id, jobs, results, bytes, list)
  function threads.stopping() return results:is_closed() end
  local ready <const>, handle <const> = xpcall(set_up, trace, id, bytes, list)
  if ready then serve(id, jobs, results, handle) else results:send(false, id, false, handle) end
end

-- ---- the pool -----------------------------------------------------------------------------------

--- threads.Pool(n, setup, ...): n threads. Each calls setup(id, ...) once, which returns the
--- function that does its jobs: `pool:post(ticket, values...)` calls it with the values, and
--- `pool:take()` returns the ticket and what it returned.
local Pool <const> = Object:extend "Pool"
pools.Pool = Pool
Pool.op = "Pool"  -- whose errors they are

-- It is collected before the channels, which are older; without it the threads would wait for ever.
local function guard(self)
  local queues <const>, results <const> = self.queues, self.results
  return setmetatable({}, { __gc = function()
    for _, queue in ipairs(queues) do queue:close(true) end
    results:close(true)
  end })
end

-- How errors call what cannot be sent.
Pool.labels = setmetatable({ "setup" }, {
  __index = function(_, k) return "setup's argument " .. k end,
})

function Pool:new(n, setup, ...)
  if math.type(n) ~= "integer" or n < 1 then
    core.fail(self.op, 1, "expected a positive number of threads, got %s", tostring(n))
  end
  local job <const> = { op = self.op, labels = self.labels, fresh = true }
  local bytes <const>, list <const> = pack.pack(job, setup, ...)
  self.n, self.queues, self.waiting, self.threads = n, {}, {}, {}
  self.results = threads.channel()
  for id = 1, n do self.queues[id], self.waiting[id] = threads.channel(), 0 end
  self.guard = guard(self)
  for id = 1, n do
    self.threads[id] = threads.start({}, pools.run, id, self.queues[id], self.results, bytes, list)
  end
end

local function least_busy(self)
  local best = 1
  for id = 2, self.n do
    if self.waiting[id] < self.waiting[best] then best = id end
  end
  return best
end

--- pool:post_to(id, ticket, ...): a job for this thread; pool:post(ticket, ...): for the least
--- busy. A ticket is anything but nil and false.
function Pool:post_to(id, ticket, ...)
  if self.closed then core.fail(self.op, nil, "the pool is closed") end
  self.waiting[id] = self.waiting[id] + 1
  self.queues[id]:send(ticket, ...)
end

function Pool:post(ticket, ...) self:post_to(least_busy(self), ticket, ...) end

--- pool:jobs(): how many were posted and not taken.
function Pool:jobs()
  local sum = 0
  for _, n in ipairs(self.waiting) do sum = sum + n end
  return sum
end

-- A thread that could not tell its error: there was no memory, or no module of Tocha's.
local function check_alive(self)
  for _, thread in ipairs(self.threads) do
    if thread:wait(0) and #self.results == 0 then
      self:stop()
      thread:join()
      core.fail(self.op, nil, "a thread has ended before its time")
    end
  end
end

local function taken(self, ticket, id, ok, ...)
  if ticket == false then
    self:stop()
    core.fail(self.op, nil, "thread %d could not be set up: %s", id, (...))
  end
  self.waiting[id] = self.waiting[id] - 1
  return ticket, ok, ...
end

--- pool:take(seconds): ticket, true, values... of a job that is done; ticket, false and the error,
--- with the thread's traceback, of one that failed; nothing when none was ready in time. First
--- done, first taken.
function Pool:take(seconds)
  if self.closed then core.fail(self.op, nil, "the pool is closed") end
  local till <const> = seconds and core.clock() + seconds or math.huge
  while true do
    local left <const> = till - core.clock()
    local message <const> = table.pack(self.results:receive(math.min(threads.SLICE, left)))
    if message[1] then return taken(self, table.unpack(message, 2, message.n)) end
    if left <= threads.SLICE then return nil end
    check_alive(self)
  end
end

--- pool:stop(): no job is begun any more. pool:close(): and all threads have ended.
function Pool:stop()
  self.closed = true
  for _, queue in ipairs(self.queues) do queue:close(true) end
  self.results:close(true)
end

function Pool:close()
  self:stop()
  for _, thread in ipairs(self.threads) do pcall(thread.join, thread) end
  self.threads = {}
end

Pool.__close = Pool.close

-- ---- Torch7's form ------------------------------------------------------------------------------

local function call(f, ...) return f(...) end

local function begin(id, init)
  if init then init(id) end
  return call
end

--- threads.Threads(n, init): Torch7's threads. init(id) runs in each when it starts.
local Threads <const> = Pool:extend "Threads"
pools.Threads = Threads
Threads.op = "Threads"

function Threads:new(n, init)
  Threads.super.new(self, n, begin, init)
  self.endings, self.count = {}, 0
end

--- pool:addjob(f, ending, ...): f(...) in a thread; then, in `dojob` or `synchronize`,
--- ending(results).
function Threads:addjob(f, ending, ...)
  self.count = self.count + 1
  self.endings[self.count] = ending or false
  self:post(self.count, f, ...)
end

local function end_job(self, ticket, ok, ...)
  local ending <const> = self.endings[ticket]
  self.endings[ticket] = nil
  if not ok then core.fail("Threads", nil, "job %d: %s", ticket, (...)) end
  if ending then ending(...) end
end

--- pool:hasjob(); pool:dojob(): waits for one job and calls its ending; pool:synchronize(): all
--- jobs. An error in a job is raised here.
function Threads:hasjob() return self:jobs() > 0 end

function Threads:dojob()
  if self:hasjob() then end_job(self, self:take()) end
end

function Threads:synchronize()
  while self:hasjob() do self:dojob() end
end

--- pool:terminate(): after the jobs that were added.
function Threads:terminate()
  self:synchronize()
  self:close()
end

return pools
