---@meta tocha.profiler
-- Written by `make annotations`; do not edit.

---tocha.profiler: where the time of a program goes, operation by operation.
---
---    local prof = tocha.profiler.profile(function() for _ = 1, 10 do step() end end)
---    print(prof)                             -- a table, the most expensive first
---    prof:export_chrome_trace "step.json"    -- for ui.perfetto.dev
---
---An event is an operation, a node of a backward pass ("tanh backward"), a kernel that no operation
---calls (an optimiser's), a module's call or a scope of one's own. Events nest: self time leaves
---out what is inside. One profile records at a time, and only the thread it was made in; a profile
---that does not record costs nothing.
---@class tocha.profiler
local profiler = {}

do
---@class tocha.profiler.Profile: tocha.Object
---@field options table
local object = {}

---prof:events(): the events in the order in which they began, each { name, kind ("op",
---"backward", "kernel", "scope", "module"), parent (its place, or 0), start, duration, self_time
---(seconds), allocated, self_allocated (bytes), module, shapes and results (of the
---tensors that went in and came out, as texts, with record_shapes) }.
---@return any ...
function object:events() end

---prof:export_chrome_trace(path): a file for Perfetto (ui.perfetto.dev) or chrome://tracing.
---@return any ...
function object:export_chrome_trace(path) end

---prof:key_averages{group_by_input_shape = false, group_by_module = false}: a list of { name,
---kind, calls, self_time, total_time, allocated, self_allocated, shapes, module }. `allocated`
---counts memory from the allocator; small tensors lie in Lua's.
---@return any ...
function object:key_averages(options) end

---prof:start(): records, or goes by the schedule.
---@return any ...
function object:start() end

---prof:step(): a step is done; for schedules.
---@return any ...
function object:step() end

---prof:stop(): what was recorded can be looked at. Closing the profile stops it too.
---@return any ...
function object:stop() end

---prof:table{sort_by = "self_time", row_limit = nil, group_by_input_shape = false,
---group_by_module = false}: text. sort_by: self_time, total_time, calls, allocated or name.
---@return any ...
function object:table(options) end

end

---profiler.Profile(...)
---What profile() returns.
---@class tocha.profiler.Profile.class: tocha.Class
---@overload fun(options?: table): tocha.profiler.Profile
---@overload fun(options: {options?: table}): tocha.profiler.Profile
profiler.Profile = {}

---profiler.active(): the profile that is recording, or nil.
---@return any ...
function profiler.active() end

---profiler.profile(f, options): runs f(prof) and returns its profile. profiler.profile(options): a
---profile that records until it is closed or stopped: `local prof <close> = ...`. options:
---record_shapes = false, with_modules = true (which module an operation belongs to), schedule,
---on_trace_ready = function(prof), called when a record is complete.
---@return any ...
function profiler.profile(f, options) end

---profiler.record_function(name): a scope that is an event of its own: `local _ <close> =
---tocha.profiler.record_function "loss"`. record_function(name, f, ...): f(...) in one.
---@return any ...
function profiler.record_function(name, f, ...) end

---profiler.schedule{wait = 0, warmup = 0, active = 1, times = 0, skip_first = 0}: a function from
---the number of steps done to "none", "warmup" (recorded and thrown away), "record", or "save",
---for the last step of a record. After `skip_first` steps come `times` rounds (0: without end) of
---`wait`, `warmup` and `active` steps.
---@return any ...
function profiler.schedule(options) end

return profiler
