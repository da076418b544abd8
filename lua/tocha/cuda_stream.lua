-- Streams and events of CUDA devices, with PyTorch's names.
--
--     local side = cuda.Stream()
--     do
--       local _ <close> = cuda.stream(side)
--       y = f(x)                       -- runs beside what the current stream does
--     end
--     cuda.current_stream():wait_stream(side)
--
-- A tensor that is used on a stream other than the one it was made on: x:record_stream(stream).

local core = require "tocha.core"

local raw <const> = core.cuda

local Stream <const>, Event <const> = raw.Stream, raw.Event

--- event:record(stream): marks the place to which the stream (the current one) has got.
local record <const> = Event.record
function Event:record(stream) record(self, stream or raw.current_stream()) end

--- event:wait(stream): what the stream (the current one) gets from now on comes after the event.
local wait <const> = Event.wait
function Event:wait(stream) wait(self, stream or raw.current_stream()) end

--- stream:record_event(event): event, or a new one, recorded there.
function Stream:record_event(event)
  event = event or raw.event(false)
  event:record(self)
  return event
end

--- stream:wait_event(event)
function Stream:wait_event(event) event:wait(self) end

--- stream:wait_stream(other): what it gets from now on comes after what the other has got.
function Stream:wait_stream(other) self:wait_event(other:record_event()) end

local Scope <const> = {}
Scope.__index = Scope
function Scope:__close() raw.use_stream(self.before) end

-- number_of(device): "cuda:1", 1 or nil as a number; it loads the back end.
return function(number_of)
  local streams <const> = {}

  --- cuda.Stream(device): a stream beside the others; methods synchronize(), query(),
  --- wait_stream(other), wait_event(event), record_event(event).
  function streams.Stream(device) return raw.stream(number_of(device)) end

  --- cuda.current_stream(device): on which this thread works there.
  function streams.current_stream(device) return raw.current_stream(number_of(device)) end

  --- local _ <close> = cuda.stream(s): this thread works on s, on the device of s.
  function streams.stream(stream)
    local before <const> = raw.current_stream(stream:device_index())
    raw.use_stream(stream)
    return setmetatable({ before = before }, Scope)
  end

  --- cuda.Event{enable_timing = true}: methods record(stream), wait(stream), synchronize(),
  --- query(), elapsed_time(later): milliseconds between two that have a time.
  function streams.Event(options) return raw.event(options ~= nil and options.enable_timing) end

  return streams
end
