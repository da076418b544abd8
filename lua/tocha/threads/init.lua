-- tocha.threads: threads, each with a Lua state of its own, and channels between them.
--
--     local thread = threads.spawn(function(x) return x:exp():sum():item() end, tocha.ones(1000))
--     print(thread:join())
--
--     local jobs = threads.channel()
--     jobs:send(1, "text", tensor)
--     local ok, number, text, same_tensor = jobs:receive()
--
-- States share nothing but the memory of tensors and channels: whatever is sent, functions with
-- their upvalues included, is copied (pack.lua says how, and what cannot be). A tensor and the one
-- that arrives see the same memory, small ones too, except where views of a small one exist: who
-- writes while the other reads gets what he deserves. An operation in a thread uses one core.
--
-- Pool and Threads (Torch7's form) are built of these two, and so is data.DataLoader.

local core = require "tocha.core"
local Object = require "tocha.class"
local names = require "tocha.threads.names"
local pack = require "tocha.threads.pack"

local threads <const> = {}

-- Whoever waits looks up ten times a second: an interrupt, or a time limit, must get through.
local SLICE <const> = 0.1
threads.SLICE = SLICE

--- wait(seconds, try): calls try(seconds of a slice) until it returns something but nil, or the
--- seconds are over (nil: they never are), and returns that.
function threads.wait(seconds, try)
  local till <const> = seconds and core.clock() + seconds or math.huge
  while true do
    local left <const> = till - core.clock()
    local result <const> = try(math.max(0, math.min(SLICE, left)))
    if result ~= nil or left <= SLICE then return result end
  end
end

-- ---- threads ------------------------------------------------------------------------------------

--- A thread that was spawned. It goes on when nobody holds it any more.
local Thread <const> = Object:extend "Thread"

--- thread:wait(seconds): whether it has ended by then; without a number, waits until it has.
function Thread:wait(seconds)
  if not self.handle then return true end
  return threads.wait(seconds, function(slice)
    return core.thread.wait(self.handle, slice) or nil
  end) or false
end

local function finish(self, ok, bytes, list)
  self.handle = nil
  if ok then return pack.unpack(bytes, list) end
  local readable <const>, message = pcall(pack.unpack, bytes, list)
  if not readable then message = bytes end  -- the thread did not come to its first line
  if type(message) ~= "string" then error(message, 0) end
  core.fail("thread", nil, "%s", message)
end

--- thread:join(): waits for the end and returns what the function returned. An error that it raised
--- is raised here, with the thread's traceback. Once.
function Thread:join()
  if not self.handle then core.fail("join", nil, "this thread was joined before") end
  self:wait()
  return finish(self, core.thread.result(self.handle))
end

--- start(job, f, ...): as spawn; `job` is pack's.
function threads.start(job, f, ...)
  local bytes <const>, list <const> = pack.pack(job, names.globals(), f, ...)
  local thread <const> = Thread()
  thread.handle = core.thread.spawn(bytes, list, package.path, package.cpath)
  return thread
end

-- The globals that go along come first.
local LABELS <const> = setmetatable({}, {
  __index = function(_, k) return "argument " .. k - 1 end,
})

--- threads.spawn(f, ...): calls f(...) in a new thread.
function threads.spawn(f, ...)
  if type(f) ~= "function" then core.fail("spawn", 1, "expected a function, got %s", type(f)) end
  return threads.start({ op = "spawn", labels = LABELS, fresh = true }, f, ...)
end

--- threads.stopping(): in a thread of a pool: is the pool closed? For long jobs, which may end
--- then.
function threads.stopping() return false end

-- ---- channels -----------------------------------------------------------------------------------

local Channel <const> = {}
core.channel.metatable.__index = Channel

--- threads.channel(capacity): a queue of messages for any number of senders and receivers, in
--- order. With a capacity, who sends to a full one waits.
threads.channel = core.channel.new

--- threads.is_channel(value): is it one?
threads.is_channel = core.channel.is

--- send(job, channel, ...): as channel:send; `job` is pack's.
function threads.send(job, channel, ...)
  local bytes <const>, list <const> = pack.pack(job, ...)
  return threads.wait(nil, function(slice)
    local sent <const>, why <const> = core.channel.send(channel, slice, bytes, list)
    if sent or why == "closed" then return sent end
  end)
end

local SEND <const> = { op = "send" }

--- channel:send(...): one message of these values; false when the channel is closed.
function Channel:send(...) return threads.send(SEND, self, ...) end

--- channel:receive(seconds): true and the values of the next message; false and "closed" when there
--- will be none, or false and "timeout" when none came in time.
function Channel:receive(seconds)
  local bytes, list
  local ok <const> = threads.wait(seconds, function(slice)
    local got
    got, bytes, list = core.channel.receive(self, slice)
    if got or bytes == "closed" then return got end
  end)
  if ok then return true, pack.unpack(bytes, list) end
  return false, bytes
end

--- `for a, b in channel:messages() do`: until it is closed and empty. The first value of a message
--- must not be nil.
function Channel:messages()
  local function values(ok, ...)
    if ok then return ... end
  end
  return function() return values(self:receive()) end
end

--- channel:close(discard): nothing is sent any more; what waits may be received, unless `discard`.
function Channel:close(discard) core.channel.close(self, discard) end

--- channel:is_closed(), #channel: the messages that wait.
function Channel:is_closed()
  local _, closed <const> = core.channel.state(self)
  return closed
end

function core.channel.metatable.__len(self) return (core.channel.state(self)) end

-- ---- what is built of them ----------------------------------------------------------------------

return require "tocha.lazy" (threads, {
  Pool = { "tocha.threads.pool", "Pool" }, Threads = { "tocha.threads.pool", "Threads" },
})
