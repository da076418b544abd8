-- tocha.profiler: where the time of a program goes, operation by operation.
--
--     local prof = tocha.profiler.profile(function() for _ = 1, 10 do step() end end)
--     print(prof)                             -- a table, the most expensive first
--     prof:export_chrome_trace "step.json"    -- for ui.perfetto.dev
--
-- An event is an operation, a node of a backward pass ("tanh backward"), a kernel that no operation
-- calls (an optimiser's), a module's call or a scope of one's own. Events nest: self time leaves
-- out what is inside. One profile records at a time, and only the thread it was made in; a profile
-- that does not record costs nothing.

local core = require "tocha.core"
local Object = require "tocha.class"
local signature = require "tocha.signature"
local columns = require "tocha.columns"
local averages = require "tocha.profiler.averages"
local recording = require "tocha.profiler.recording"
local show = require "tocha.profiler.show"
local trace = require "tocha.profiler.trace"

local profiler <const> = { schedule = require "tocha.profiler.schedule" }

--- What profile() returns.
local Profile <const> = Object:extend "Profile"
profiler.Profile = Profile
local OPTIONS <const> = "schedule = nil, on_trace_ready = nil, record_shapes = false, "
  .. "with_modules = true"
local ROWS <const> = 20  -- that print shows

function Profile:new(options)
  self.steps, self.action, self.list, self.seconds, self.peak_memory = 0, "none", {}, 0, 0
  signature.read(OPTIONS, "profile", self, options)
end

-- ---- recording ---------------------------------------------------------------------------------

local function begin(self)
  recording.start(self)
  self.began = core.clock()
  if self.schedule then
    self.step_scope = core.profile_enter("ProfilerStep#" .. self.steps)
  end
end

local function finish(self)
  self.seconds = core.clock() - self.began
  local events <const>, peak <const> = recording.stop()
  self.list, self.peak_memory = averages.complete(events), peak
end

local function next_action(self)
  return self.schedule and self.schedule(self.steps) or not self.schedule and "record" or "none"
end

--- prof:start(): records, or goes by the schedule.
function Profile:start()
  local action <const> = next_action(self)
  if action ~= "none" then begin(self) end
  self.action = action
  return self
end

--- prof:stop(): what was recorded can be looked at. Closing the profile stops it too.
function Profile:stop()
  if self.action == "none" then return self end
  finish(self)
  local wanted <const> = self.action ~= "warmup"
  self.action = "none"
  if wanted and self.on_trace_ready then self.on_trace_ready(self) end
  return self
end
Profile.__close = Profile.stop

-- From one step to the next while both are recorded: warm-up is thrown away.
local function go_on(self, action)
  core.profile_leave(self.step_scope)
  if self.action == "warmup" and action ~= "warmup" then
    recording.stop()
    begin(self)
  else
    self.step_scope = core.profile_enter("ProfilerStep#" .. self.steps)
  end
  self.action = action
end

--- prof:step(): a step is done; for schedules.
function Profile:step()
  if not self.schedule then return end
  self.steps = self.steps + 1
  local action <const> = next_action(self)
  if self.action == "save" or action == "none" then self:stop() end
  if action == "none" then return end
  if self.action ~= "none" then return go_on(self, action) end
  begin(self)
  self.action = action
end

-- ---- what was recorded -------------------------------------------------------------------------

--- prof:events(): the events in the order in which they began, each { name, kind ("op",
--- "backward", "kernel", "scope", "module"), parent (its place, or 0), start, duration, self_time
--- (seconds), allocated, self_allocated (bytes), module, shapes and results (of the
--- tensors that went in and came out, as texts, with record_shapes) }.
function Profile:events() return self.list end

--- prof:key_averages{group_by_input_shape = false, group_by_module = false}: a list of { name,
--- kind, calls, self_time, total_time, allocated, self_allocated, shapes, module }. `allocated`
--- counts memory from the allocator; small tensors lie in Lua's.
function Profile:key_averages(options)
  local by <const> = {}
  signature.read("group_by_input_shape = false, group_by_module = false", "key_averages", by,
    options)
  return averages.rows(self.list, { shape = by.group_by_input_shape, module = by.group_by_module })
end

-- Seconds in operations: the rest of the time is Lua's.
local function in_operations(self)
  local sum = 0
  for _, event in ipairs(self.list) do
    if event.kind ~= "module" and event.kind ~= "scope" then sum = sum + event.self_time end
  end
  return sum
end

local TABLE <const> = "sort_by = 'self_time', row_limit = nil, group_by_input_shape = false, "
  .. "group_by_module = false"

--- prof:table{sort_by = "self_time", row_limit = nil, group_by_input_shape = false,
--- group_by_module = false}: text. sort_by: self_time, total_time, calls, allocated or name.
function Profile:table(options)
  local a <const> = {}
  signature.read(TABLE, "table", a, options)
  local by <const> = { shape = a.group_by_input_shape, module = a.group_by_module,
    limit = a.row_limit }
  local rows <const> = show.sorted(averages.rows(self.list, by), a.sort_by)
  return ("%s\n%s recorded, %s of it in operations; at most %s in use"):format(
    show.table(rows, self.seconds, by), show.time(self.seconds), show.time(in_operations(self)),
    columns.bytes(self.peak_memory))
end

function Profile:__tostring() return self:table { row_limit = ROWS } end

--- prof:export_chrome_trace(path): a file for Perfetto (ui.perfetto.dev) or chrome://tracing.
function Profile:export_chrome_trace(path)
  local ok <const>, why <const> = trace.write(self.list, path)
  if not ok then core.fail("export_chrome_trace", 1, "%s", why) end
end

-- ---- what users call ---------------------------------------------------------------------------

local function run(f, options)
  local prof <close> = Profile(options):start()
  f(prof)
  return prof
end

--- profiler.profile(f, options): runs f(prof) and returns its profile. profiler.profile(options): a
--- profile that records until it is closed or stopped: `local prof <close> = ...`. options:
--- record_shapes = false, with_modules = true (which module an operation belongs to), schedule,
--- on_trace_ready = function(prof), called when a record is complete.
function profiler.profile(f, options)
  if type(f) == "function" then return run(f, options) end
  return Profile(f):start()
end

--- profiler.active(): the profile that is recording, or nil.
function profiler.active() return recording.active end

--- profiler.record_function(name): a scope that is an event of its own: `local _ <close> =
--- tocha.profiler.record_function "loss"`. record_function(name, f, ...): f(...) in one.
function profiler.record_function(name, f, ...)
  if type(name) ~= "string" then
    core.fail("record_function", 1, "expected a string, got %s", type(name))
  end
  local scope <const> = recording.scope(name)
  if not f then return scope end
  local _ <close> = scope
  return f(...)
end

return profiler
