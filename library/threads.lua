---@meta tocha.threads
-- Written by `make annotations`; do not edit.

---tocha.threads: threads, each with a Lua state of its own, and channels between them.
---
---    local thread = threads.spawn(function(x) return x:exp():sum():item() end, tocha.ones(1000))
---    print(thread:join())
---
---    local jobs = threads.channel()
---    jobs:send(1, "text", tensor)
---    local ok, number, text, same_tensor = jobs:receive()
---
---States share nothing but the memory of tensors and channels: whatever is sent, functions with
---their upvalues included, is copied (pack.lua says how, and what cannot be). A tensor and the one
---that arrives see the same memory, small ones too, except where views of a small one exist: who
---writes while the other reads gets what he deserves. An operation in a thread uses one core.
---
---Pool and Threads (Torch7's form) are built of these two, and so is data.DataLoader.
---@class tocha.threads
---@field SLICE number
local threads = {}

do
---@class tocha.threads.Pool: tocha.Object
---@field n integer
---@field setup any
local object = {}

---close(self)
---pool:stop(): no job is begun any more. pool:close(): and all threads have ended.
---@return any ...
function object:close() end

---pool:jobs(): how many were posted and not taken.
---@return any ...
function object:jobs() end

---post(self, ticket, ...)
---pool:post_to(id, ticket, ...): a job for this thread; pool:post(ticket, ...): for the least
---busy. A ticket is anything but nil and false.
---@return any ...
function object:post(ticket, ...) end

---pool:post_to(id, ticket, ...): a job for this thread; pool:post(ticket, ...): for the least
---busy. A ticket is anything but nil and false.
---@return any ...
function object:post_to(id, ticket, ...) end

---pool:stop(): no job is begun any more. pool:close(): and all threads have ended.
---@return any ...
function object:stop() end

---pool:take(seconds): ticket, true, values... of a job that is done; ticket, false and the error,
---with the thread's traceback, of one that failed; nothing when none was ready in time. First
---done, first taken.
---@return any ...
function object:take(seconds) end

end

---threads.Pool(n, setup, ...): n threads. Each calls setup(id, ...) once, which returns the
---function that does its jobs: `pool:post(ticket, values...)` calls it with the values, and
---`pool:take()` returns the ticket and what it returned.
---@class tocha.threads.Pool.class: tocha.Class
---@overload fun(n?: integer, setup?: any, ...: any): tocha.threads.Pool
---@overload fun(options: {n?: integer, setup?: any}): tocha.threads.Pool
threads.Pool = {}

do
---@class tocha.threads.Threads: tocha.threads.Pool
---@field n integer
---@field init any
local object = {}

---pool:addjob(f, ending, ...): f(...) in a thread; then, in `dojob` or `synchronize`,
---ending(results).
---@return any ...
function object:addjob(f, ending, ...) end

---dojob(self)
---pool:hasjob(); pool:dojob(): waits for one job and calls its ending; pool:synchronize(): all
---jobs. An error in a job is raised here.
---@return any ...
function object:dojob() end

---pool:hasjob(); pool:dojob(): waits for one job and calls its ending; pool:synchronize(): all
---jobs. An error in a job is raised here.
---@return any ...
function object:hasjob() end

---synchronize(self)
---pool:hasjob(); pool:dojob(): waits for one job and calls its ending; pool:synchronize(): all
---jobs. An error in a job is raised here.
---@return any ...
function object:synchronize() end

---pool:terminate(): after the jobs that were added.
---@return any ...
function object:terminate() end

end

---threads.Threads(n, init): Torch7's threads. init(id) runs in each when it starts.
---@class tocha.threads.Threads.class: tocha.Class
---@overload fun(n?: integer, init?: any): tocha.threads.Threads
---@overload fun(options: {n?: integer, init?: any}): tocha.threads.Threads
threads.Threads = {}

---threads.channel(capacity): a queue of messages for any number of senders and receivers, in
---order. With a capacity, who sends to a full one waits.
---@return any ...
function threads.channel(...) end

---threads.is_channel(value): is it one?
---@return boolean
function threads.is_channel(...) end

---send(job, channel, ...): as channel:send; `job` is pack's.
---@return any ...
function threads.send(job, channel, ...) end

---threads.spawn(f, ...): calls f(...) in a new thread.
---@return any ...
function threads.spawn(f, ...) end

---start(job, f, ...): as spawn; `job` is pack's.
---@return any ...
function threads.start(job, f, ...) end

---threads.stopping(): in a thread of a pool: is the pool closed? For long jobs, which may end
---then.
---@return any ...
function threads.stopping() end

---wait(seconds, try): calls try(seconds of a slice) until it returns something but nil, or the
---seconds are over (nil: they never are), and returns that.
---@return any ...
function threads.wait(seconds, try) end

return threads
